"""Verdicts under many settings: what a rule finds is computed once for all that it depends on.

A set of settings differs from the next one in what few rules find. So each rule is judged alone
under each set of values of the settings that it depends on, and verdicts are put together from
that. `tests` hold that they are those of `rules.evaluate`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from sheets import rules
from sheets.compare import agreement
from sheets.compare.people import LINE
from sheets.marks import split
from sheets.rules.model import DUPLICATE, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.compare.agreement import Tally
    from sheets.rules.model import Findings, Profile, Rule, Table

_RELATIVE = "CON-REL-05"
_GUARDIANS = frozenset({"CON-REL-01", "CON-REL-02", "CON-REL-03", _RELATIVE, "CON-REL-06"})
"""Rules that depend on each other: who is a relative is not hidden for being no guardian."""

_OF_GUARDIANS = ("guardian_source", "guardian_by", "guardian_types")
_OF_ACCOUNTS = ("account_required", "expired_is_inactive", "home_page_reading")
_ACCOUNT = frozenset({"username", "home_page", "account_enabled", "account_expires"})
"""What tells that a rule looks at the account."""

_HIDES, _UNKNOWN = 2, 1
_VERDICT = {0: agreement.YES, _UNKNOWN: agreement.UNKNOWN, _HIDES: agreement.NO}

Key = tuple[str, Hashable]


@dataclass(slots=True)
class Bench:
    """Judges the same tables under one profile after the other.

    Attributes:
        tables: All tables of the run.
        units: What is compared, see `agreement.units`.
    """

    tables: Sequence[Table]
    units: pl.DataFrame
    _found: dict[Key, pl.Series] = field(default_factory=dict)
    _groups: pl.Series | None = None

    def tally(self, profile: Profile) -> Tally:
        """How far the verdicts of a profile agree with the answer."""
        judged = agreement.best(self.units, self.ranks(profile))
        return sum(agreement.tally(judged).values(), agreement.Tally())

    def same(self, one: Profile, other: Profile) -> bool:
        """Whether two profiles can only give the same verdicts, on whatever tables."""
        once = [DUPLICATE in each.severities for each in (one, other)]
        return once[0] == once[1] and _keys(one) == _keys(other)

    def ranks(self, profile: Profile) -> pl.Series:
        """The verdict of each line, as a number; see `agreement.RANK`."""
        keys = _keys(profile)
        missing = {rule for rule, key in keys.items() if key not in self._found}
        if missing:
            self._judge(profile, missing, keys)
        columns = {rule: self._found[key] for rule, key in keys.items()}
        worst = (
            pl.DataFrame(columns).select(pl.max_horizontal(pl.all())).to_series()
            if columns
            else pl.zeros(self.units.height, pl.UInt8, eager=True)
        )
        ranks = worst.replace_strict(_VERDICT, return_dtype=pl.UInt8)
        return self._once(ranks) if DUPLICATE in profile.severities else ranks

    def _judge(self, profile: Profile, missing: set[str], keys: dict[str, Key]) -> None:
        """Let some rules find what they find, all of them as if they hid."""
        wanted = dict.fromkeys(missing, Severity.HIDES)
        if missing & _GUARDIANS and _RELATIVE in profile.severities:
            wanted[_RELATIVE] = Severity.HIDES
        found = rules.evaluate(self.tables, dataclasses.replace(profile, severities=wanted))
        for rule in missing:
            weighed = [_weighed(one, profile.rules[rule]) for one in found]
            self._found[keys[rule]] = pl.concat(weighed)

    def _once(self, ranks: pl.Series) -> pl.Series:
        """A contact that is listed once more for a student has the best of its verdicts."""
        if self._groups is None:
            self._groups = self._listed_once_more()
        return (
            pl.DataFrame({"rank": ranks, "group": self._groups})
            .select(pl.col("rank").max().over("group"))
            .to_series()
        )

    def _listed_once_more(self) -> pl.Series:
        """For each line the line of the same pair that stands first."""
        every = rules.profile(changed=dict.fromkeys(rules.catalog(), "off"))
        only = dataclasses.replace(every, severities={DUPLICATE: Severity.CHECK})
        parts, first = [], 0
        for one in rules.evaluate(self.tables, only):
            rows = one.frame.select("_row").with_row_index(LINE, offset=first)
            first += rows.height
            if DUPLICATE not in one.frame.columns:
                parts.append(rows[LINE])
                continue
            at = one.frame[DUPLICATE].str.extract(r":(\d+)$").cast(pl.UInt32)
            told = rows.with_columns(at.alias("at"))
            heads = rows.select(
                pl.col("_row").cast(pl.UInt32).alias("at"), pl.col(LINE).alias("head")
            )
            parts.append(
                told.join(heads, on="at", how="left", maintain_order="left")
                .select(pl.coalesce("head", LINE))
                .to_series()
            )
        return pl.concat([part.cast(pl.UInt32) for part in parts])


def _keys(profile: Profile) -> dict[str, Key]:
    """The rules that hide, each with all that changes what it finds."""
    return {
        rule: _key(profile, rule)
        for rule, severity in profile.severities.items()
        if severity is Severity.HIDES and rule != DUPLICATE
    }


def _key(profile: Profile, rule_id: str) -> Key:
    """A rule with all that changes what it finds."""
    rule = profile.rules[rule_id]
    names = set(rule.settings)
    if _ACCOUNT & {*rule.reads, rule.field}:
        names |= {*_OF_ACCOUNTS}
    more: tuple[Hashable, ...] = ()
    if rule_id in _GUARDIANS:
        names |= {*_OF_GUARDIANS}
        if _RELATIVE in profile.severities:
            names |= {"grade_book_sync"}
            more = ("relatives",)
    values = tuple(getattr(profile.settings, name) for name in sorted(names))
    return rule_id, (*map(_hashable, values), *more)


def _hashable(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def _weighed(found: Findings, rule: Rule) -> pl.Series:
    """What a rule's findings mean for each row: it hides, cannot tell, or neither."""
    frame = found.frame
    if rule.id not in frame.columns:
        return pl.zeros(frame.height, pl.UInt8, eager=True)
    return (
        frame[rule.id]
        .replace_strict(
            dict(_weights(frame[rule.id].drop_nulls().unique().to_list(), rule)),
            default=0,
            return_dtype=pl.UInt8,
        )
        .fill_null(0)
    )


def _weights(texts: Sequence[str], rule: Rule) -> Iterator[tuple[str, int]]:
    for text in texts:
        variant, _ = split(text)
        if variant in rule.unknown:
            yield text, _UNKNOWN
        else:
            yield text, 0 if variant in rule.softer else _HIDES

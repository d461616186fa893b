"""What changed since an earlier run: what is fixed, what is new, what is still hidden."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets import marks, rollup, rules
from sheets.report.identity import Known
from sheets.report.matching import Now, Then, matched
from sheets.rules.model import BARS, DUPLICATE, REVEALED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from sheets.flow import Outcome
    from sheets.report import earlier
    from sheets.rules.model import Findings, Profile


@dataclass(frozen=True, slots=True)
class CauseChange:
    """What changed about one rule that hides, or that an input is lacking for, in rows."""

    rule: str
    fixed: int
    new: int
    still: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since an earlier run, in rows that are hidden or cannot be told.

    Attributes:
        as_of: The day of the earlier run.
        salt: What the keys of both runs are salted with.
        fixed: Hidden then, revealed now.
        new: Hidden now, and not so then.
        added: How many of the new ones were not in the sheets then.
        still: Hidden then and now.
        gone: Hidden then, and not in the sheets any more.
        unknown: How many of the new and the still hidden ones cannot be told.
        not_compared: Rows that are not in any of these numbers: nothing tells who it is, or
            several tell the same and only some of them are hidden.
        not_compared_then: The same of the earlier run.
        other_rules: The names of what is not as it was then about the rules and their settings;
            nothing if they are the same.
        causes: Each cause that was there then or is now, the most helpful first.
        notes: What people should know to read these numbers.
    """

    as_of: str
    salt: str
    fixed: int
    new: int
    added: int
    still: int
    gone: int
    unknown: int
    not_compared: int
    not_compared_then: int
    other_rules: Sequence[str]
    causes: Sequence[CauseChange]
    notes: Sequence[str] = ()

    @property
    def sentence(self) -> str:
        """All in one line.

        Example:
            >>> Changes("2026-11-01", "", 37, 4, 0, 12, 0, 0, 0, 0, [], []).sentence
            '37 fixed, 4 new, 12 still hidden since 2026-11-01.'
        """
        told = f"{self.fixed:,} fixed, {self.new:,} new, {self.still:,} still hidden"
        end = ", but the rules are not the same" if self.other_rules else ""
        return f"{told} since {self.as_of}{end}."


def compare(outcome: Outcome, before: earlier.Earlier) -> Changes:
    """Find the rows of an earlier run again and say what became of them.

    Args:
        outcome: What was found now.
        before: What was found then.
    """
    then, now = list(_then(before)), list(_now(outcome, before.salt))
    same, alike_then, alike_now = matched(then, now)
    met = set(same.values())
    found = [(then[same[at]] if at in same else None, row) for at, row in enumerate(now)]
    keyless = {at for at, row in enumerate(now) if at not in same and not row.known.tells(row.at)}
    apart = keyless | alike_now
    told = [pair for at, pair in enumerate(found) if at not in apart]
    barred = [(old, row) for old, row in told if row.barred]
    still = sum(old is not None and old.barred for old, _ in barred)
    lost = [row for at, row in enumerate(then) if at not in met and at not in alike_then]
    changes = Changes(
        as_of=before.profile.as_of.isoformat(),
        salt=before.salt,
        fixed=sum(old is not None and old.barred and not row.barred for old, row in told),
        new=len(barred) - still,
        added=sum(old is None for old, _ in barred),
        still=still,
        gone=sum(row.barred for row in lost if row.keys),
        unknown=sum(row.verdict == Verdict.UNKNOWN for _, row in barred),
        not_compared=len(apart),
        not_compared_then=len(alike_then) + sum(not row.keys for row in lost),
        other_rules=tuple(_other_rules(before.profile, outcome.profile)),
        causes=_causes(told),
    )
    strangers = bool(then and now and not same)
    later = before.profile.as_of > outcome.profile.as_of
    return dataclasses.replace(
        changes,
        notes=tuple(_notes(changes, before.profile, strangers=strangers, later=later)),
    )


def _then(before: earlier.Earlier) -> Iterator[Then]:
    """The rows of the earlier run that were counted."""
    bars = frozenset(BARS)
    for sheet in before.sheets:
        for row in sheet.rows:
            if row.revealed and all(one.rule != DUPLICATE for one in row.findings):
                causes = frozenset(one.rule for one in row.findings if one.severity in bars)
                yield Then(row.revealed, causes, row.keys)


def _now(outcome: Outcome, salt: str) -> Iterator[Now]:
    """The rows of this run that are counted."""
    for one in outcome.judged:
        for findings in one.findings:
            yield from _of(findings, outcome.profile, salt)


def _of(findings: Findings, profile: Profile, salt: str) -> Iterator[Now]:
    frame = findings.frame
    bars = {name: _barring(frame[name], profile) for name in frame.columns if name in profile.rules}
    known = Known(findings.table, salt)
    again = rollup.duplicates(frame)
    for at, (values, twice) in enumerate(zip(frame.iter_rows(named=True), again, strict=True)):
        if not twice:
            causes = frozenset(name for name, details in bars.items() if values[name] in details)
            yield Now(values[REVEALED], causes, known, at)


def _barring(details: pl.Series, profile: Profile) -> frozenset[str]:
    """Those of a rule's details that hide, or for which an input is lacking."""
    return frozenset(
        detail
        for detail in details.drop_nulls().unique().to_list()
        if rules.severity(profile, details.name, marks.split(detail)[0]) in BARS
    )


def _causes(pairs: Iterable[tuple[Then | None, Now]]) -> list[CauseChange]:
    """What changed, cause by cause, of the rows that are in the sheets now."""
    counted: dict[str, list[int]] = {}
    for old, row in pairs:
        before = old.causes if old else frozenset[str]()
        for at, told in enumerate((before - row.causes, row.causes - before, before & row.causes)):
            for rule in told:
                counted.setdefault(rule, [0, 0, 0])[at] += 1
    changes = [CauseChange(rule, *numbers) for rule, numbers in counted.items()]
    return sorted(changes, key=lambda one: (-one.fixed, -one.new, -one.still, one.rule))


def _other_rules(then: earlier.Profile, now: Profile) -> Iterator[str]:
    """The names of what is not as it was: of parts of the profile, and of settings."""
    differs = {
        "profile": then.id != now.id,
        "version": then.id == now.id and then.version != now.version,
        "packs": set(then.packs) != set(now.packs),
        "changed": then.changed != dict(now.changed),
        "own_rules": set(then.own_rules) != set(rules.added(now)),
    }
    yield from (name for name, other in differs.items() if other)
    settings = json.loads(json.dumps(dataclasses.asdict(now.settings), default=str))
    for name, value in settings.items():
        if name in then.settings and then.settings[name] != value:
            yield name


def _notes(
    changes: Changes, then: earlier.Profile, *, strangers: bool, later: bool
) -> Iterator[str]:
    """What people should know to read the numbers, what matters most first."""
    if changes.other_rules:
        yield (
            f"A change of rules is no fix. The earlier check went by {then.id}, version "
            f"{then.version}; not the same: {', '.join(changes.other_rules)}."
        )
    if later:
        yield "The earlier check is of a later day than this one. Were the two mixed up?"
    if strangers:
        yield (
            "No row of the earlier check was found again. Are these other sheets, or have their "
            "ids changed?"
        )
    if changes.unknown:
        yield f"{changes.unknown:,} of the new and still hidden ones cannot be told."
    if changes.added:
        yield f"{changes.added:,} of the new ones {_were(changes.added)} not in the sheets then."
    if changes.gone:
        yield (
            f"{changes.gone:,} more {_were(changes.gone)} hidden then and "
            f"{'is' if changes.gone == 1 else 'are'} not in the sheets any more."
        )
    if changes.not_compared or changes.not_compared_then:
        yield (
            f"Not compared: {_rows(changes.not_compared)} now, {changes.not_compared_then:,} then. "
            "Nothing tells who it is, or several rows tell the same."
        )


def _were(rows: int) -> str:
    return "was" if rows == 1 else "were"


def _rows(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"

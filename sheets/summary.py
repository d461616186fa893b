"""What a run found, in numbers: how many are revealed, what hides the rest, who can fix it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from sheets import marks, rollup, rules, schools
from sheets.rules.model import BARS, REVEALED, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.rollup import RollUp
    from sheets.rules.model import Findings, Profile, Rule, Table

KINDS = ("student", "staff", "contact")
OFFICE, ADMINISTRATOR, BOTH = "office", "Campus administrator", "both"

TIMES = "_times"
"""The column that says how many rows a line of counts stands for."""

_SCHOOL, _VALUE = "school", "value"
_VERDICTS = (Verdict.YES, Verdict.NO, Verdict.UNKNOWN)
_WEIGHT = {Severity.HIDES: 0, Severity.UNKNOWN: 1, Severity.CHECK: 2, Severity.INFO: 3}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of one kind of people have which verdict."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All rows of the kind."""
        return self.yes + self.no + self.unknown

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.yes + other.yes, self.no + other.no, self.unknown + other.unknown)


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule that found something.

    Attributes:
        rule: Its id.
        severity: What it means for the verdict.
        rows: How many rows it concerns.
        alone: How many rows would be revealed if this alone were fixed: nothing else hides them,
            and nothing else is lacking. What is lacking is taken to turn out well.
        who_fixes: ``office`` or ``Campus administrator``.
        message: The sentence that most of those rows read, ``(or the like)`` if some read another.
            It holds no cell's value and no row's number.
        schools: School -> how many of the rows; empty where no school is known.
    """

    rule: str
    severity: Severity
    rows: int
    alone: int
    who_fixes: str
    message: str
    schools: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a run.

    Attributes:
        counts: Kind (``student``, ``staff``, ``contact``) -> counts.
        causes: Worst first: what hides, then what is lacking to tell, then what to check; within
            each, the one first that frees the most rows alone.
        schools: School, as the sheets name it -> kind -> counts; the school with the most hidden
            rows first, and last, under the empty text, the rows whose school is not known. Empty
            if there is no column of schools. A contact without a school of its own is of the
            school of its student.
        fixers: ``office``, ``Campus administrator``, ``both`` -> how many hidden rows only they
            can free.
        roll_up: Who has a revealed guardian; None where there are no students or no contacts.
        duplicates: How many rows list the same contact of the same student once more. They are
            judged once, and counted nowhere else.
        row_schools: For each set of findings of the run, in their order: the school of each row,
            the empty text where it is not known; None where nothing could tell it of any.
    """

    counts: Mapping[str, Counts]
    causes: Sequence[Cause]
    schools: Mapping[str, Mapping[str, Counts]] = field(default_factory=dict)
    fixers: Mapping[str, int] = field(default_factory=dict)
    roll_up: RollUp | None = None
    duplicates: int = 0
    row_schools: Sequence[pl.Series | None] = ()

    @property
    def total(self) -> Counts:
        """All kinds together."""
        return sum(self.counts.values(), Counts())


def summarise(
    judged: Iterable[tuple[Found, Findings]], profile: Profile, links: Sequence[Table] = ()
) -> Summary:
    """Count the verdicts and rank the causes of all tables of a run.

    Args:
        judged: All findings, each with the place of its table.
        profile: The rules.
        links: The tables that say whose contacts are whose, as OneRoster has them.
    """
    pairs = list(judged)
    every = [findings for _, findings in pairs]
    linked = rollup.linked(every, links)
    of_rows = schools.of_rows(every, linked)
    parts = [
        (found, one.table.kind, _Rows(one.frame, _severities(one.frame, profile), school))
        for (found, one), school in zip(pairs, of_rows, strict=True)
    ]
    return replace(
        _summary(parts, profile, by_school=any(one is not None for one in of_rows)),
        roll_up=rollup.roll_up(every, linked, profile),
        row_schools=of_rows,
    )


def summarise_counted(
    counted: Iterable[tuple[Found, str, pl.DataFrame]], profile: Profile
) -> Summary:
    """The same from counts, for tables that are too large to be held; without schools and roll-up.

    Args:
        counted: Place and kind of each table, and a frame with ``revealed``, the text of each rule
            and `TIMES`: how many rows that stands for.
        profile: The rules.
    """
    parts = [
        (found, kind, _Rows(frame, _severities(frame, profile), None, frame[TIMES]))
        for found, kind, frame in counted
    ]
    return _summary(parts, profile, by_school=False)


def _summary(
    parts: Sequence[tuple[Found, str, _Rows]], profile: Profile, *, by_school: bool
) -> Summary:
    """All that is counted row by row."""
    counts = dict.fromkeys(KINDS, Counts())
    of_schools: dict[str, dict[str, Counts]] = {}
    fixers = dict.fromkeys((OFFICE, ADMINISTRATOR, BOTH), 0)
    tallies: dict[tuple[str, Severity], _Tally] = {}
    for found, kind, rows in parts:
        for name, part in rows.counts(by_school=by_school).items():
            kinds = of_schools.setdefault(name, dict.fromkeys(KINDS, Counts()))
            kinds[kind] += part
            counts[kind] += part
        for name, hidden in rows.fixers(profile).items():
            fixers[name] += hidden
        for key, tally in _tally(found, rows, profile).items():
            tallies[key] = tallies.get(key, _Tally()) + tally
    causes = [
        _cause(profile.rules[rule], severity, tally) for (rule, severity), tally in tallies.items()
    ]
    causes.sort(key=lambda cause: (_WEIGHT[cause.severity], -cause.alone, -cause.rows, cause.rule))
    return Summary(
        counts,
        causes,
        schools=_most_hidden_first(of_schools) if by_school else {},
        fixers=fixers,
        duplicates=sum(rows.number(rollup.duplicates(rows.frame)) for _, _, rows in parts),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """Rows and rows-alone of one rule and severity; (variant, sentence, rows) of what is said."""

    rows: int = 0
    alone: int = 0
    said: tuple[tuple[str, str, int], ...] = ()
    schools: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(
            self.rows + other.rows,
            self.alone + other.alone,
            self.said + other.said,
            self.schools + other.schools,
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """One set of findings with the school of each row, if any table knows schools.

    `times` says how many rows each line stands for; one if not given.
    """

    frame: pl.DataFrame
    severities: pl.DataFrame
    school: pl.Series | None
    times: pl.Series | None = None

    def number(self, which: pl.Series) -> int:
        """How many rows a mask is true for."""
        return int((which if self.times is None else self.times.filter(which)).sum())

    def tallied(self, values: pl.Series, which: pl.Series) -> Iterator[tuple[str, int]]:
        """The different values where a mask is true, and how many rows have each."""
        if self.times is None:
            yield from values.filter(which).value_counts().iter_rows()
            return
        frame = pl.DataFrame([values.alias(_VALUE), self.times.alias(TIMES)]).filter(which)
        yield from frame.group_by(_VALUE).agg(pl.col(TIMES).sum()).iter_rows()

    def counts(self, *, by_school: bool) -> Mapping[str, Counts]:
        """School -> verdicts; all under the empty text unless schools are told apart."""
        once = ~rollup.duplicates(self.frame)
        school = self.school if by_school else None
        frame = self.frame.select(
            REVEALED,
            pl.lit("").alias(_SCHOOL) if school is None else school.alias(_SCHOOL),
            pl.lit(1).alias(TIMES) if self.times is None else self.times.alias(TIMES),
        ).filter(once)
        result: dict[str, dict[str, int]] = {}
        counted = frame.group_by(_SCHOOL, REVEALED).agg(pl.col(TIMES).sum())
        for name, verdict, rows in counted.iter_rows():
            result.setdefault(name, {})[verdict] = rows
        return {
            name: Counts(*(told.get(verdict, 0) for verdict in _VERDICTS))
            for name, told in result.items()
        }

    def fixers(self, profile: Profile) -> Mapping[str, int]:
        """Who alone can free how many of the hidden rows."""
        hides = {
            fixer: [
                pl.col(name) == Severity.HIDES
                for name in self.severities.columns
                if (profile.rules[name].who_fixes == ADMINISTRATOR) == (fixer == ADMINISTRATOR)
            ]
            for fixer in (OFFICE, ADMINISTRATOR)
        }
        never = pl.lit(value=False)
        hidden = (self.frame[REVEALED] == Verdict.NO) & ~rollup.duplicates(self.frame)
        told = pl.DataFrame([hidden.alias(_VALUE), *self.severities.get_columns()]).with_columns(
            pl.any_horizontal(never, *tests).alias(fixer) for fixer, tests in hides.items()
        )
        freed = {one: self.number(told[one] & hidden) for one in (OFFICE, ADMINISTRATOR)}
        both = self.number(told[OFFICE] & told[ADMINISTRATOR] & hidden)
        return {**{one: rows - both for one, rows in freed.items()}, BOTH: both}


def _most_hidden_first(
    counted: Mapping[str, Mapping[str, Counts]],
) -> Mapping[str, Mapping[str, Counts]]:
    hidden = {name: sum(kinds.values(), Counts()).no for name, kinds in counted.items()}
    return {
        name: counted[name]
        for name in sorted(counted, key=lambda one: (not one, -hidden[one], one))
    }


def _cause(rule: Rule, severity: Severity, tally: _Tally) -> Cause:
    said: dict[str, tuple[int, str]] = {}
    for variant, text, rows in tally.said:
        before, plainest = said.get(text, (0, variant))
        said[text] = (before - rows, min(plainest, variant))
    # Of sentences that are said equally often the plainest comes first: "blank" is one.
    most = min(said, key=lambda text: (said[text], text))
    message = f"{most} (or the like)" if len(said) > 1 else most
    by_school: dict[str, int] = {}
    for name, rows in tally.schools:
        by_school[name] = by_school.get(name, 0) + rows
    return Cause(rule.id, severity, tally.rows, tally.alone, rule.who_fixes, message, by_school)


def _tally(found: Found, rows: _Rows, profile: Profile) -> Mapping[tuple[str, Severity], _Tally]:
    """Rule and severity -> tally, for one set of findings."""
    severities = rows.severities
    bars = [pl.col(name).is_in(BARS) for name in severities.columns]
    only = severities.select(pl.sum_horizontal(pl.lit(0), *bars) == 1).to_series()
    only &= ~rollup.duplicates(rows.frame)
    result: dict[tuple[str, Severity], _Tally] = {}
    for rule_id in severities.columns:
        rule = profile.rules[rule_id]
        details = rows.frame[rule_id]
        for severity in map(Severity, severities[rule_id].drop_nulls().unique()):
            here = severities[rule_id] == severity
            result[rule_id, severity] = _Tally(
                rows.number(here),
                rows.number(here & only) if severity in BARS else 0,
                tuple(
                    (*_said(found, rule, detail), count)
                    for detail, count in rows.tallied(details, here)
                ),
                () if rows.school is None else tuple(rows.tallied(rows.school, here)),
            )
    return result


def _said(found: Found, rule: Rule, detail: str) -> tuple[str, str]:
    """Variant and sentence of a finding, as it is said of many rows."""
    variant, _ = marks.split(detail)
    of_many = f"{variant}:..." if variant == marks.OF_ONE_ROW else detail
    return variant, marks.sentence(found, rule, of_many, masked=True)


def _severities(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The findings with each detail replaced by its severity."""
    known = [name for name in frame.columns if name in profile.rules]
    return frame.select(
        pl.col(name).replace_strict(
            {
                detail: str(rules.severity(profile, name, marks.split(detail)[0]))
                for detail in frame[name].drop_nulls().unique().to_list()
            },
            default=None,
            return_dtype=pl.String,
        )
        for name in known
    )

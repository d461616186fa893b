"""The rows that somebody has to look at, worst first, as little of each as the page needs.

Of a row the page holds where it stands, its school, its verdict and its sentences: no name, no
phone number, no address. Sentences are said thousands of times, so each is held once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets import marks, rollup, rules
from sheets.rules.model import REVEALED, ROW, Severity, Verdict
from sheets.summary import ADMINISTRATOR, BOTH, KINDS, OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.flow import Judged, Outcome
    from sheets.rules.model import Findings, Profile

MOST = 50_000
"""How many rows a page holds: about 2 MB, which a browser still filters while one types."""

HIDDEN, UNKNOWN, CHECK, AGAIN = range(4)
"""What a row is, worst first. `AGAIN`: it lists a contact of a student once more, and is counted
with none of the others."""

_WORST = (Severity.HIDES, Severity.UNKNOWN, Severity.CHECK)
_SET, _STATE, _SCHOOL, _TABLE, _KIND = "set", "state", "school", "table", "kind"


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows stand: file, sheet, and on a wide sheet the group, such as ``Guardian 1``."""

    file: str
    sheet: str
    group: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about a row: its rule, what it means for the verdict, who can fix it, words."""

    rule: str
    severity: Severity
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row to fix; all but `row` are numbers of places in `ToFix`."""

    table: int
    row: int
    kind: int
    school: int
    state: int
    findings: int


@dataclass(frozen=True, slots=True)
class ToFix:
    """All rows to fix of a run.

    Attributes:
        places: The tables, as `Row.table` counts them.
        schools: The schools, the empty text for one that is not known; none if no list tells.
        said: The sentences.
        sets: Who can fix it, and the sentences (by their numbers) of a row.
        rows: Worst first, then as they stand in the files; not more than `MOST`.
        total: How many there are.
    """

    places: Sequence[Place]
    schools: Sequence[str]
    said: Sequence[Said]
    sets: Sequence[tuple[str, Sequence[int]]]
    rows: Sequence[Row]
    total: int


def to_fix(outcome: Outcome, most: int = MOST) -> ToFix:
    """Collect the rows that are hidden, cannot be told, or are to be checked."""
    said: dict[Said, int] = {}
    schools = {name: at for at, name in enumerate(outcome.summary.schools)}
    parts = []
    places = [Place(one.book.name, one.found.grid.title, one.found.group) for one in outcome.judged]
    per_row = iter(outcome.summary.row_schools)
    for at, one in enumerate(outcome.judged):
        for findings in one.findings:
            school = next(per_row)
            named = pl.lit("") if school is None else school.alias(_SCHOOL)
            parts.append(
                _sets(one, findings, outcome.profile, said).select(
                    pl.lit(at, pl.UInt32).alias(_TABLE),
                    pl.col(ROW).cast(pl.UInt32),
                    pl.lit(KINDS.index(findings.table.kind), pl.UInt8).alias(_KIND),
                    named.replace_strict(schools, default=0, return_dtype=pl.UInt32).alias(_SCHOOL),
                    _STATE,
                    _SET,
                )
            )
    every = pl.concat(parts).filter(pl.col(_SET) != "") if parts else pl.DataFrame()
    return _numbered(every, places, list(schools), list(said), most)


def _sets(one: Judged, findings: Findings, profile: Profile, said: dict[Said, int]) -> pl.DataFrame:
    """The findings of a table with, for each row, its state and the numbers of its sentences."""
    frame = findings.frame
    texts = []
    for name in (column for column in frame.columns if column in profile.rules):
        numbers = {
            detail: str(said.setdefault(sentence, len(said)))
            for detail, sentence in _sentences(one, name, frame[name], profile)
        }
        texts.append(
            pl.col(name).replace_strict(numbers, default=None, return_dtype=pl.String)
            if numbers
            else pl.lit(None, pl.String)
        )
    words = pl.concat_str(texts, separator=" ", ignore_nulls=True) if texts else pl.lit("")
    state = pl.col(REVEALED).replace_strict(
        {Verdict.NO: HIDDEN, Verdict.UNKNOWN: UNKNOWN, Verdict.YES: CHECK}, return_dtype=pl.UInt8
    )
    again = rollup.duplicates(frame)
    return frame.with_columns(
        pl.when(again).then(pl.lit(AGAIN, pl.UInt8)).otherwise(state).alias(_STATE),
        words.alias(_SET),
    )


def _sentences(
    one: Judged, name: str, details: pl.Series, profile: Profile
) -> Iterator[tuple[str, Said]]:
    """What a rule says on a table: detail and sentence, those for information left out."""
    rule = profile.rules[name]
    for detail in sorted(details.drop_nulls().unique().to_list()):
        severity = rules.severity(profile, name, marks.split(detail)[0])
        if severity is not Severity.INFO:
            # A district's own rule may name others: what is no administrator's is the office's.
            who = ADMINISTRATOR if rule.who_fixes == ADMINISTRATOR else OFFICE
            yield detail, Said(name, severity, who, marks.sentence(one.found, rule, detail))


def _numbered(
    every: pl.DataFrame,
    places: Sequence[Place],
    schools: Sequence[str],
    said: Sequence[Said],
    most: int,
) -> ToFix:
    if not every.height:
        return ToFix(places, schools, said, [], [], 0)
    rows = every.sort(_STATE, _TABLE, ROW, maintain_order=True).head(most)
    sets = {text: at for at, text in enumerate(rows[_SET].unique(maintain_order=True).to_list())}
    numbers = [[int(number) for number in text.split(" ")] for text in sets]
    return ToFix(
        places,
        schools,
        said,
        [(_fixer([said[number] for number in one]), one) for one in numbers],
        [
            Row(table, row, kind, school, state, sets[text])
            for table, row, kind, school, state, text in rows.iter_rows()
        ],
        every.height,
    )


def _fixer(sentences: Sequence[Said]) -> str:
    """Who can free a row: of what hides it, else of what is lacking, else of what is to check."""
    worst = min(_WORST.index(one.severity) for one in sentences)
    who = {one.who for one in sentences if one.severity is _WORST[worst]}
    return BOTH if len(who) > 1 else who.pop()

"""The real answer of the API beside the verdicts: what agrees, what does not, and why."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets import rules
from sheets.compare import agreement, matching, pairs, people, search
from sheets.compare.bench import Bench
from sheets.compare.matching import IN, OUT, STATE
from sheets.compare.people import KIND, LINE, PERSON, PUPIL, TABLE
from sheets.errors import NotUnderstood
from sheets.rules.model import ROW, Severity
from sheets.rules.published import OFF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.compare.agreement import Agreement
    from sheets.compare.answer import Answer
    from sheets.compare.matching import Matched
    from sheets.compare.people import People
    from sheets.compare.search import Ranking
    from sheets.rules.model import Profile, Table

_FEW = 3
"""So many rows of a school must be lacking before it is said that the whole school is."""

_PHONES = ("other_phone", "home_phone", "cell_phone", "work_phone")


@dataclass(frozen=True, slots=True)
class Schools:
    """Which schools the answer has somebody of.

    Attributes:
        present: Those of which somebody is in it, as the sheets name them.
        absent: Those of which nobody is, of some people each.
        lines: The rows of people of the absent ones.
    """

    present: Sequence[str] = ()
    absent: Sequence[str] = ()
    lines: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing the sheets with an answer.

    Attributes:
        profile: The rules.
        answer: The answer of the API.
        people: The people of the sheets; `place` says where a line stands.
        matched: Kind -> how its people were found.
        as_pairs: How many rows of contacts were compared as pairs with their student.
        dangling: How many contacts the answer names for a student without having them.
        elsewhere: Rows of people who are in the answer only in another role.
        agreement: How far the verdicts of `profile` agree.
        schools: Whether whole schools are lacking.
        ranking: Which settings agree best; None if it was not asked for.
    """

    profile: Profile
    answer: Answer
    people: People
    matched: Mapping[str, Matched]
    as_pairs: int
    dangling: int
    elsewhere: Sequence[int]
    agreement: Agreement
    schools: Schools
    ranking: Ranking | None = None

    def places(self, lines: Sequence[int]) -> list[tuple[Found, list[int]]]:
        """Where some lines stand: table and rows, in the order of the tables."""
        chosen = self.people.lines.filter(pl.col(LINE).is_in(list(lines)))
        return [
            (self.people.found[int(table[TABLE][0])], table[ROW].sort().to_list())
            for table in chosen.sort(TABLE).partition_by(TABLE, maintain_order=True)
        ]

    def state_lines(self, state: str) -> list[int]:
        """The rows that were left out of the comparison for one reason."""
        parts = [one.states for kind, one in self.matched.items() if kind != PUPIL]
        return pl.concat(parts).filter(pl.col(STATE) == state)[LINE].to_list()


def widened(profile: Profile) -> Profile:
    """The same profile with every other rule of the catalogue informing."""
    every = dict.fromkeys(profile.rules, Severity.INFO)
    return dataclasses.replace(profile, severities={**every, **profile.severities})


def compare(
    tables: Sequence[tuple[Found, Table]],
    profile: Profile,
    answer: Answer,
    *,
    everybody: bool = False,
    try_settings: bool = True,
) -> Comparison:
    """Lay an answer of the API beside the verdicts.

    Args:
        tables: All tables that belong together, with where they stand; read with the fields that
            `widened` needs.
        profile: The rules.
        answer: The answer.
        everybody: Whether a kind of people that the answer has nobody of counts as not revealed.
        try_settings: Whether to look for the settings that agree best.

    Raises:
        NotUnderstood: Nobody of the sheets is in the answer, so that it may be somebody else's.
    """
    judged = [table for _, table in tables]
    of_sheets = people.gather(tables)
    matched = matching.match(of_sheets, answer, everybody=everybody)
    _require_somebody(matched)
    as_pairs = pairs.judge(of_sheets, matched, answer)
    states = pl.concat([one.states for kind, one in matched.items() if kind != PUPIL])
    units = agreement.units(of_sheets, states, as_pairs.states)
    found = agreement.agreement(
        of_sheets,
        units,
        rules.evaluate(judged, profile),
        rules.evaluate(judged, widened(profile)),
        profile,
    )
    schools = _schools(of_sheets, units)
    result = Comparison(
        profile,
        answer,
        of_sheets,
        matched,
        as_pairs.states.height,
        as_pairs.dangling,
        _elsewhere(of_sheets, units, matched),
        found,
        schools,
    )
    if not try_settings:
        return result
    bench = Bench(judged, units)
    return dataclasses.replace(result, ranking=_ranked(bench, result))


def _require_somebody(matched: Mapping[str, Matched]) -> None:
    if not any(one.found for kind, one in matched.items() if kind != PUPIL):
        raise NotUnderstood(
            "Nobody of the answer is on these sheets.",
            hint="No ID, username, or Email and Last Name fits. Bring sheets of the same district "
            "with Person ID, GUID, Student Number, Staff Number or Sourced ID.",
        )


def _elsewhere(of_sheets: People, units: pl.DataFrame, matched: Mapping[str, Matched]) -> list[int]:
    """Rows of people who are not in the answer, but found there in another role."""
    person = of_sheets.lines.select(LINE, KIND, PERSON).join(units.select(LINE, STATE), on=LINE)
    there = person.join(
        pl.concat([one.pairs.select(LINE) for kind, one in matched.items() if kind != PUPIL]),
        on=LINE,
        how="semi",
    )
    known = there.filter(pl.col(PERSON).str.starts_with("person_"))
    lacking = person.filter(pl.col(STATE) == OUT)
    both = lacking.join(known, on=PERSON, suffix="_there")
    return both.filter(pl.col(KIND) != pl.col(f"{KIND}_there"))[LINE].unique().sort().to_list()


def _schools(of_sheets: People, units: pl.DataFrame) -> Schools:
    """Whether there are schools of which nobody is in the answer."""
    known = (
        of_sheets.lines.select(LINE, pl.col("school").str.strip_chars())
        .join(units.filter(pl.col(STATE).is_in([IN, OUT])), on=LINE)
        .filter((pl.col("school") != "") & (pl.col(KIND) != "contact"))
    )
    counted = (
        known.group_by(pl.col("school").str.to_lowercase().alias("name"))
        .agg(
            pl.col("school").mode().sort().first(),
            (pl.col(STATE) == IN).sum().alias("there"),
            pl.len().alias("rows"),
            pl.col(LINE),
        )
        .sort("name")
    )
    present = counted.filter(pl.col("there") > 0)
    absent = counted.filter((pl.col("there") == 0) & (pl.col("rows") >= _FEW))
    if not present.height or not absent.height:
        return Schools()
    lines = absent[LINE].explode().sort().to_list()
    return Schools(present["school"].to_list(), absent["school"].to_list(), lines)


def _ranked(bench: Bench, result: Comparison) -> Ranking:
    """The settings that agree best, and then single rules on top of them."""
    profile, judged = result.profile, bench.tables
    more: dict[str, list[tuple[str, ...]]] = {"phones": _phones(judged)}
    if result.schools.absent:
        more[search.SCHOOLS] = [tuple(result.schools.present)]
    ranking = search.search(bench, profile, more)
    at_best = search.made(ranking.best.choice, profile)
    there = agreement.agreement(
        result.people,
        bench.units,
        rules.evaluate(judged, at_best),
        rules.evaluate(judged, widened(at_best)),
        at_best,
    )
    return search.harden(bench, profile, ranking, list(_switches(there)))


def _phones(judged: Sequence[Table]) -> list[tuple[str, ...]]:
    """The phone fields that could be the one that must hold data: each alone, and all."""
    there = [
        name
        for name in _PHONES
        if any(table.kind == "contact" and name in table.frame.columns for table in judged)
    ]
    single: list[tuple[str, ...]] = [(name,) for name in dict.fromkeys(("other_phone", *there))]
    return [*single, tuple(there)] if len(there) > 1 else single


def _switches(there: Agreement) -> Iterator[tuple[str, str]]:
    """Rules that the answer contradicts, to be off; and such as explain who is lacking, to hide."""
    yield from dict.fromkeys((one.rule, OFF) for one in there.hidden if one.revealed)
    yield from dict.fromkeys(
        (one.rule, str(Severity.HIDES)) for one in there.traits if one.absent > one.revealed
    )

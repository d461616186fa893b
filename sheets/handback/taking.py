"""Take back: merge what came back into the master, and say who became revealed by it.

An answer that a rule finds something in is not taken: the rules are asked before anything is
written, with the answers filled in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheets import marks, rules
from sheets.errors import HeldBack
from sheets.grid import Patch
from sheets.handback import fixable, merge
from sheets.handback.answers import Kind, Line, Why
from sheets.handback.master import Now, tables
from sheets.handback.merge import NEITHER, Merged, Place, Policy, Take
from sheets.handback.overlay import Reader
from sheets.rules.model import REVEALED, ROW, Severity, Verdict
from sheets.summary import OFFICE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    import polars as pl

    from sheets.flow import Outcome, Read
    from sheets.grid import Book
    from sheets.handback.answers import Came
    from sheets.rules.model import Findings, Profile, Rule
    from sheets.summary import Summary

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a merge is asked to do.

    Attributes:
        policy: What is done where it is not plain.
        doubtful: Whether answers are taken that a rule asks to check; those by which it hides
            somebody never are.
        batch: The batch that counts; the newest if empty.
    """

    policy: Policy = NEITHER
    doubtful: bool = False
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a merge would do, or has done. It holds no table, so that memory is free again.

    Attributes:
        profile: The rules.
        summary: The numbers of a check with the answers filled in.
        merged: What is decided.
        cells: Book (by `id`) -> what is to be written to it.
        revealed: Kind of people -> how many rows become revealed.
        done: The keys of the rows that came back in which an office has nothing left to fill in.
        values: How many values stand in the columns that answers go to.
    """

    profile: Profile
    summary: Summary
    merged: Merged
    cells: Mapping[int, Sequence[Patch]]
    revealed: Mapping[str, int]
    done: Collection[str]
    values: int

    @property
    def lines(self) -> list[Line]:
        """All that is said: what is taken, then all else."""
        return [*(take.line for take in self.merged.takes), *self.merged.lines]

    def patches(self, book: Book) -> Sequence[Patch]:
        """What is to be written to one book."""
        return self.cells.get(id(book), ())


@dataclass(frozen=True, slots=True)
class _List:
    """What is kept of a list of the master as it is, once it is judged.

    Attributes:
        book: Its book (by `id`).
        patch: What is written to its sheet, without any cell.
        columns: Field -> column.
        revealed: The rows that are revealed.
        values: Field -> how many values stand in its column, of those that answers go to.
    """

    book: int
    patch: Patch
    columns: Mapping[str, int]
    revealed: pl.Series
    values: Mapping[str, int]


def _lists(before: Outcome, takes: Sequence[Take]) -> list[_List]:
    """What is kept of all lists of the master."""
    asked: dict[int, set[str]] = defaultdict(set)
    for take_ in takes:
        asked[take_.place.table].add(take_.name)
    result = []
    for at, (one, findings) in enumerate(tables(before)):
        found = one.found
        columns = {name: place.column for name, place in found.fields.items()}
        names = sorted(asked[at])
        texts = fixable.texts(found, [columns[name] for name in names], found.rows)
        values = {
            name: len(told) - told.null_count() for name, told in zip(names, texts, strict=True)
        }
        patch = Patch(found.grid.title, found.header_row, found.last_row, columns=None)
        result.append(_List(id(one.book), patch, columns, _revealed(findings), values))
    return result


def _revealed(findings: Findings) -> pl.Series:
    """The rows that are revealed."""
    frame = findings.frame
    return frame.filter(frame[REVEALED] == Verdict.YES)[ROW]


def take(came: Sequence[Came], judge: Callable[[Read], Outcome], asked: Asked) -> Taken:
    """Decide what becomes of all that came back, and judge what comes of it. Nothing is written.

    Args:
        came: What came back.
        judge: Judges the master, given what reads its books.
        asked: What is done where it is not plain.

    Raises:
        RevealError: The master cannot be read or understood.
    """
    reader = Reader()
    outcome = judge(reader)
    batch = asked.batch or next(iter(merge.batches(came)), "")
    answers = [one for part in came for one in part.answers if one.head.batch.id == batch]
    merged = merge.merge(came, Now(outcome, answers), batch, asked.policy)
    lists = _lists(outcome, merged.takes)
    judged = not merged.takes
    # What is not taken leaves the master's value, which another answer may not go with.
    while not judged:
        reader.filled = {
            (book, patch.sheet): patch.cells
            for book, patches in _patches(lists, merged.takes).items()
            for patch in patches
        }
        del outcome  # the tables of a large district are never held twice
        outcome = judge(reader)
        bad = list(_bad(outcome, merged.takes, doubtful=asked.doubtful))
        refused = {id(one) for one, _ in bad}
        merged = replace(
            merged,
            takes=[one for one in merged.takes if id(one) not in refused],
            lines=[*merged.lines, *(line for _, line in bad)],
        )
        judged = not bad
    return Taken(
        outcome.profile,
        outcome.summary,
        merged,
        _patches(lists, merged.takes),
        _newly(lists, outcome),
        _done(outcome, merged),
        sum(lists[table].values[name] for table, name in _cells_of(merged.takes)),
    )


def _cells_of(takes: Iterable[Take]) -> set[tuple[int, str]]:
    """The lists and fields that answers go to."""
    return {(one.place.table, one.name) for one in takes}


def _newly(lists: Sequence[_List], after: Outcome) -> Mapping[str, int]:
    """Kind of people -> how many rows become revealed."""
    counted: Counter[str] = Counter()
    for then, (_, now) in zip(lists, tables(after), strict=True):
        revealed = _revealed(now)
        counted[now.table.kind] += int((~revealed.is_in(then.revealed.implode())).sum())
    return +counted


def _done(after: Outcome, merged: Merged) -> set[str]:
    """The keys of the rows in which an office has nothing left to fill in."""
    waiting = {
        Place(at, row)
        for at, one in enumerate(fixable.lists(after, OFFICE, fixable.SCHOOL))
        for row in one.findings.frame.filter(one.in_cells)[ROW]
    }
    return {key for key, place in merged.rows.items() if place not in waiting}


def _patches(lists: Sequence[_List], takes: Iterable[Take]) -> dict[int, list[Patch]]:
    """Book (by `id`) -> what is to be written to it: one patch for each sheet."""
    cells: dict[tuple[int, str], dict[tuple[int, int], str]] = defaultdict(dict)
    sheets: dict[tuple[int, str], Patch] = {}
    for one in takes:
        own = lists[one.place.table]
        key = own.book, own.patch.sheet
        sheets.setdefault(key, own.patch)
        cells[key][one.place.row, own.columns[one.name]] = one.text
    result: dict[int, list[Patch]] = defaultdict(list)
    for key, patch in sheets.items():
        result[key[0]].append(replace(patch, cells=cells[key]))
    return dict(result)


def _bad(after: Outcome, takes: Sequence[Take], *, doubtful: bool) -> Iterator[tuple[Take, Line]]:
    """Yield the answers that a rule finds something in, each with the line that says so."""
    profile, lists = after.profile, tables(after)
    mine: dict[int, list[Take]] = defaultdict(list)
    for one in takes:
        if one.line.kind is not Kind.EMPTIED:
            mine[one.place.table].append(one)
    for table, own in mine.items():
        judged, findings = lists[table]
        by_field = _details(findings, profile, {one.place.row for one in own})
        for one in own:
            for rule, details in by_field.get(one.name, ()):
                detail = details.get(one.place.row)
                if detail is None:
                    continue
                severity = rules.severity(profile, rule.id, marks.split(detail)[0])
                if severity is Severity.HIDES or (severity is Severity.CHECK and not doubtful):
                    said = marks.sentence(judged.found, rule, detail, masked=True)
                    why = f"The rule {rule.id} says of this answer: {said}. It is not taken."
                    yield one, replace(one.line, kind=Kind.REFUSED, why=Why.INVALID, message=why)
                    break


def _details(
    findings: Findings, profile: Profile, rows: Collection[int]
) -> Mapping[str, list[tuple[Rule, Mapping[int, str]]]]:
    """Field -> the rules that look at it, each with what it found in some rows."""
    result: dict[str, list[tuple[Rule, Mapping[int, str]]]] = defaultdict(list)
    own = findings.frame.filter(findings.frame[ROW].is_in(list(rows)))
    for name in (one for one in own.columns if one in profile.rules):
        rule = profile.rules[name]
        if rule.field:
            told = own.select(ROW, name).drop_nulls()
            result[rule.field].append((rule, dict(told.iter_rows())))
    return result


def require(taken: Taken, most: float) -> None:
    """Refuse to write where more of the master's values would be replaced than is allowed.

    Filling in what was empty replaces nothing.

    Args:
        taken: What is to be written.
        most: Percent of the values that stand in the columns that answers go to.

    Raises:
        HeldBack: The message says how many would be replaced. Nothing was written.
    """
    replaced = sum(one.line.kind is not Kind.FILLED for one in taken.merged.takes)
    held = taken.values
    if held and replaced * _PERCENT > most * held:
        raise HeldBack(
            f"{replaced:,} of {held:,} values would be replaced, which is more than {most:g} "
            "percent, so nothing was written.",
            hint="Look at the answers first. If all is well, run it once without --hold.",
        )

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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sheets.flow import Outcome, Read
    from sheets.grid import Book
    from sheets.handback.answers import Came
    from sheets.handback.overlay import Filled
    from sheets.rules.model import Findings

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
    """What a merge would do, or has done.

    Attributes:
        before: What a check finds in the master as it is.
        after: What it finds with the answers filled in.
        merged: What is decided.
    """

    before: Outcome
    after: Outcome
    merged: Merged

    @property
    def lines(self) -> list[Line]:
        """All that is said: what is taken, then all else."""
        return [*(take.line for take in self.merged.takes), *self.merged.lines]

    @property
    def filled(self) -> Mapping[tuple[int, str], Filled]:
        """Book (by `id`) and sheet -> the cells that are filled in."""
        return _filled(self.before, self.merged.takes)

    @property
    def revealed(self) -> Mapping[str, int]:
        """Kind of people -> how many rows become revealed."""
        counted: Counter[str] = Counter()
        for (_, then), (_, now) in zip(tables(self.before), tables(self.after), strict=True):
            yes = [
                set(one.frame.filter(one.frame[REVEALED] == Verdict.YES)[ROW])
                for one in (then, now)
            ]
            counted[now.table.kind] += len(yes[1] - yes[0])
        return +counted

    @property
    def done(self) -> set[str]:
        """The keys of the rows that came back in which an office has nothing left to fill in."""
        open_rows = {
            Place(at, row)
            for at, one in enumerate(fixable.lists(self.after, OFFICE, fixable.SCHOOL))
            for row in one.findings.frame.filter(one.in_cells)[ROW]
        }
        return {key for key, place in self.merged.rows.items() if place not in open_rows}

    def patches(self, book: Book) -> list[Patch]:
        """What is to be written to one book."""
        filled = self.filled
        found = {one.found.grid.title: one.found for one in self.before.judged if one.book is book}
        return [
            Patch(title, one.header_row, one.last_row, columns=None, cells=cells)
            for title, one in found.items()
            if (cells := filled.get((id(book), title)))
        ]


def _revealed(findings: Findings) -> set[int]:
    """The rows that are revealed."""
    frame = findings.frame
    return set(frame.filter(frame[REVEALED] == Verdict.YES)[ROW])


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
    before = judge(reader)
    batch = asked.batch or next(iter(merge.batches(came)), "")
    answers = [one for part in came for one in part.answers if one.head.batch.id == batch]
    merged = merge.merge(came, Now(before, answers), batch, asked.policy)
    after = _judged(judge, reader, before, merged.takes)
    # What is not taken leaves the master's value, which another answer may not go with.
    while bad := list(_bad(after, merged.takes, doubtful=asked.doubtful)):
        refused = {id(one) for one, _ in bad}
        merged = replace(
            merged,
            takes=[one for one in merged.takes if id(one) not in refused],
            lines=[*merged.lines, *(line for _, line in bad)],
        )
        after = _judged(judge, reader, before, merged.takes)
    return Taken(before, after, merged)


def _judged(
    judge: Callable[[Read], Outcome], reader: Reader, before: Outcome, takes: Sequence[Take]
) -> Outcome:
    """What a check finds with some cells filled in."""
    if not takes:
        return before
    reader.filled = _filled(before, takes)
    return judge(reader)


def _filled(outcome: Outcome, takes: Iterable[Take]) -> dict[tuple[int, str], Filled]:
    lists = tables(outcome)
    result: dict[tuple[int, str], dict[tuple[int, int], str]] = defaultdict(dict)
    for one in takes:
        judged, _ = lists[one.place.table]
        column = judged.found.fields[one.name].column
        cells = result[id(judged.book), judged.found.grid.title]
        cells[one.place.row, column] = one.text
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
        by_field: dict[str, list[str]] = defaultdict(list)
        for name in findings.frame.columns:
            if name in profile.rules and (field := profile.rules[name].field):
                by_field[field].append(name)
        rows = {one.place.row for one in own}
        told = findings.frame.filter(findings.frame[ROW].is_in(list(rows)))
        at = told.rows_by_key(ROW, named=True, unique=True)
        for one in own:
            for name in by_field.get(one.name, ()):
                detail = at.get(one.place.row, {}).get(name)
                if detail is None:
                    continue
                severity = rules.severity(profile, name, marks.split(detail)[0])
                if severity is Severity.HIDES or (severity is Severity.CHECK and not doubtful):
                    said = marks.sentence(judged.found, profile.rules[name], detail, masked=True)
                    why = f"The rule {name} says of this answer: {said}. It is not taken."
                    yield one, replace(one.line, kind=Kind.REFUSED, why=Why.INVALID, message=why)
                    break


def require(taken: Taken, most: float) -> None:
    """Refuse to write where more of the master's values would be replaced than is allowed.

    Filling in what was empty replaces nothing.

    Args:
        taken: What is to be written.
        most: Percent of the values that stand in the columns that answers go to.

    Raises:
        HeldBack: The message says how many would be replaced. Nothing was written.
    """
    lists = tables(taken.before)
    replaced = sum(one.line.kind is not Kind.FILLED for one in taken.merged.takes)
    held = 0
    for table, name in {(one.place.table, one.name) for one in taken.merged.takes}:
        found = lists[table][0].found
        [told] = fixable.texts(found, [found.fields[name].column], found.rows)
        held += len(told) - told.null_count()
    if held and replaced * _PERCENT > most * held:
        raise HeldBack(
            f"{replaced:,} of {held:,} values would be replaced, which is more than {most:g} "
            "percent, so nothing was written.",
            hint="Look at the answers first. If all is well, run it once without --hold.",
        )

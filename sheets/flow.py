"""The flow: read once, judge, write once.

A check may span several books: the roster in one file, contacts in another, accounts in a third.
All are read, judged together, and each is written back.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sheets import columns, holding, keyed, marks, place, rollup, rules, summarysheet
from sheets.columns import vocabulary
from sheets.errors import CannotWrite, ColumnsNotFound
from sheets.grid import SharedBook
from sheets.rules.model import REVEALED, ROW, Verdict
from sheets.summary import KINDS, Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import polars as pl

    from sheets.columns.model import Found
    from sheets.grid import Book, Grid, OwnSheet, Patch
    from sheets.rules.model import Findings, Profile

    Read = Callable[[Book], Sequence[Grid]]

Done = TypeVar("Done")

ROUNDS = 3
"""So often a shared book is read and written, if somebody edits it meanwhile."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What a check writes on request.

    Attributes:
        roll_up: A third own column beside students: how many of their guardians are revealed.
        summary_sheet: A sheet with the numbers of the run in every book that is written.
        strict: In books that others edit, verdicts are looked up by ids, so that none is ever seen
            beside another's row. Lists without ids are refused.
    """

    roll_up: bool = False
    summary_sheet: bool = False
    strict: bool = False


NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class Clearing:
    """What clears one book.

    Attributes:
        patches: What takes away own columns and marks.
        own: No own sheets, if there is one to be taken away; None leaves own sheets as they are.
    """

    patches: Sequence[Patch]
    own: Sequence[OwnSheet] | None

    def __bool__(self) -> bool:
        """Whether there is anything of Reveal's."""
        return bool(self.patches) or self.own is not None


@dataclass(frozen=True, slots=True)
class Judged:
    """One table of one book, with what was found in it.

    Attributes:
        book: The book it stands in.
        found: Where it stands, and which column is which field.
        findings: One for each kind of people in it; none for accounts, types and other sheets.
        patch: What is written beside it; None where nothing is. What is written for the groups
            of a table is in the patch of its first part.
        guardians: The guardians of its students if they were asked for, as in `rollup.RollUp.of`.
    """

    book: Book
    found: Found
    findings: Sequence[Findings]
    patch: Patch | None
    guardians: pl.DataFrame | None = None

    def not_revealed(self, profile: Profile) -> Iterator[tuple[int, str, Mapping[str, str]]]:
        """Yield row, verdict, and rule -> detail of each row that is not revealed."""
        for findings in self.findings:
            named = [name for name in findings.frame.columns if name in profile.rules]
            for values in findings.frame.iter_rows(named=True):
                if values[REVEALED] != Verdict.YES:
                    told = {name: values[name] for name in named if values[name] is not None}
                    yield values[ROW], values[REVEALED], told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found in all its books.

    Attributes:
        profile: The rules.
        judged: All tables, with what was found in them.
        summary: The numbers.
        own: The own sheets for every book that is written; none if no summary was asked for, and
            then one that an earlier run wrote goes: it would tell of another day.
    """

    profile: Profile
    judged: Sequence[Judged]
    summary: Summary
    own: Sequence[OwnSheet] = ()

    def patches(self, book: Book) -> Sequence[Patch]:
        """All that is to be written to one book; nothing is written to a book without."""
        return [one.patch for one in self.judged if one.book is book and one.patch is not None]


def check(
    books: Sequence[Book],
    profile: Profile | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    standing: Mapping[str, str] | None = None,
    sheets: Collection[str] = (),
    extras: Extras = NO_EXTRAS,
    write: bool = True,
    hold: float | None = None,
) -> Outcome:
    """Judge everybody in some books and write the verdicts back.

    Args:
        books: All that belongs together: roster, contacts, accounts, relationship types.
        profile: The rules; `rules.profile()` if not given.
        mapping: Header -> field, for columns that are not recognised by themselves.
        standing: The same for wherever such a header is.
        sheets: Only sheets with these names.
        extras: What is written on request.
        write: False stops before anything is written.
        hold: Percent of the verdicts of an earlier check; if more than that would change,
            nothing is written.

    Raises:
        NotUnderstood: A sheet or column is not clear. Nothing was written.
        CannotRead: A book cannot be read. Nothing was written.
        HeldBack: More verdicts would change than `hold` allows. Nothing was written.
        CannotWrite: A book cannot be written. That book is as it was; or somebody changed a
            shared one again and again, and the message says so.

    Example:
        >>> from sheets import MemoryBook
        >>> book = MemoryBook({"Staff": [["Staff Number", "Last Name", "Enabled"],
        ...                              ["12", "Byrne", "yes"]]})
        >>> check([book]).summary.total.yes
        1
    """
    by = profile or rules.profile()

    def once(read: Read) -> Outcome:
        outcome = judge(
            books,
            by,
            mapping=mapping or {},
            standing=standing,
            sheets=sheets,
            extras=extras,
            read=read,
        )
        if hold is not None:
            holding.require(outcome.judged, hold)
        if extras.strict:
            keyed.require(outcome.judged)
        if write:
            for book in books:
                if patches := outcome.patches(book):
                    book.write(patches, outcome.own)
                else:
                    _mend(book)
        return outcome

    return _until_settled(books, once)


def _until_settled(books: Sequence[Book], once: Callable[[Read], Done]) -> Done:
    """Read and write until all that was written has met what was read.

    Args:
        books: The books, of which shared ones may be edited meanwhile.
        once: Reads all of them by what it is given, and writes.

    Raises:
        CannotWrite: Somebody edits again and again.
    """
    known: dict[int, Sequence[Grid]] = {}

    def read(book: Book) -> Sequence[Grid]:
        # A shared book that is settled holds what it held, and what was written.
        if id(book) not in known or not (isinstance(book, SharedBook) and book.settled):
            known[id(book)] = book.read()
        return known[id(book)]

    with _mended(books):
        for _ in range(ROUNDS):
            done = once(read)
            if all(map(_is_settled, books)):
                return done
        raise CannotWrite(
            "Somebody changes the sheet again and again while Reveal writes.",
            hint="Run it again when nobody edits. Rows that changed have no verdict until then.",
            where=", ".join(book.name for book in books if not _is_settled(book)),
        )


@contextmanager
def _mended(books: Sequence[Book]) -> Iterator[None]:
    """Leave no shared book with cells that were hit by mistake, whatever goes wrong."""
    try:
        yield
    except BaseException:
        for book in books:
            _mend(book)
        raise


def _mend(book: Book) -> None:
    """Put back what an earlier round has hit by mistake."""
    if isinstance(book, SharedBook) and not book.settled:
        book.mend()


def _is_settled(book: Book) -> bool:
    return not isinstance(book, SharedBook) or book.settled


def judge(
    books: Sequence[Book],
    profile: Profile,
    *,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None = None,
    sheets: Collection[str] = (),
    extras: Extras = NO_EXTRAS,
    read: Read | None = None,
) -> Outcome:
    """Read, recognise and evaluate: everything of a check but the writing."""
    found = recognise(books, profile, mapping, standing, sheets, read=read)
    tables = [(one, table) for _, one in found for table in columns.tables(one)]
    findings = iter(rules.evaluate([table for _, table in tables], profile))
    of_table = [(one, next(findings)) for one, table in tables if table.kind in KINDS]
    place.require_apart([one for _, one in found if one.kind in vocabulary.PEOPLE])
    links = [table for _, table in tables if table.kind == "link"]
    summary = summarise(of_table, profile, links)
    guardians = summary.roll_up.of if extras.roll_up and summary.roll_up is not None else ()
    judged = [
        Judged(
            book,
            one,
            [result for owner, result in of_table if owner is one],
            None,
            _of(one, of_table, guardians),
        )
        for book, one in found
    ]
    own = [summarysheet.sheet(summary, profile)] if extras.summary_sheet else []
    patched = list(_patched(judged, profile, strict=extras.strict))
    return Outcome(profile, patched, summary, own)


def _of(
    found: Found,
    of_table: Sequence[tuple[Found, Findings]],
    guardians: Sequence[pl.DataFrame | None],
) -> pl.DataFrame | None:
    """The guardians of one table's students."""
    pairs = zip(of_table, guardians, strict=False)
    mine = (counted for (owner, _), counted in pairs if owner is found and counted is not None)
    return next(mine, None)


def _patched(judged: Sequence[Judged], profile: Profile, *, strict: bool) -> Iterator[Judged]:
    """Yield the same with their patches: one for each table, with the first of its parts."""
    for one in judged:
        parts = [
            (part.found, part.findings)
            for part in judged
            if part.findings and place.same_table(part.found, one.found)
        ]
        if parts and parts[0][0] is one.found:
            more: dict[str, Sequence[str | None]] = {}
            if one.guardians is not None:
                more[place.ROLL_UP_HEADER] = rollup.told(one.found.rows, one.guardians)
            yield replace(one, patch=marks.patch(parts, profile, more, strict=strict))
        else:
            yield one


def clear(
    books: Sequence[Book], *, sheets: Collection[str] = (), write: bool = True
) -> Sequence[Clearing]:
    """Take away exactly what Reveal wrote.

    Returns:
        For each book what clears it; false where nothing of Reveal's was found.

    Raises:
        CannotRead: A book cannot be read.
        SheetNotFound: A sheet was named that no book has.
        CannotWrite: A book cannot be written. That book is as it was.
    """
    found: list[Clearing] = []

    def once(read: Read) -> Sequence[Clearing]:
        grids = [read(book) for book in books]
        columns.require(sheets, [grid for own in grids for grid in own])
        clearings = [_clearing(own, sheets) for own in grids]
        if write:
            for book, mine in zip(books, clearings, strict=True):
                if mine:
                    book.write(mine.patches, mine.own)
                else:
                    _mend(book)
        # What the first round has taken away, the second does not find any more.
        earlier = found or clearings
        found[:] = [first or mine for first, mine in zip(earlier, clearings, strict=True)]
        return found

    return _until_settled(books, once)


def _clearing(grids: Sequence[Grid], sheets: Collection[str]) -> Clearing:
    """What clears one book."""
    chosen = [grid for grid in grids if not sheets or grid.title in sheets]
    patches = [patch for grid in chosen if not grid.is_own for patch in place.earlier(grid)]
    return Clearing(patches, () if any(grid.is_own for grid in chosen) else None)


def recognise(
    books: Sequence[Book],
    profile: Profile,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None,
    sheets: Collection[str],
    *,
    read: Read | None = None,
) -> list[tuple[Book, Found]]:
    """All tables of all books; at least one of them must hold people.

    Args:
        books: The books.
        profile: The rules, by which is decided which columns are needed.
        mapping: Header -> field, for columns that are not recognised by themselves.
        standing: The same for wherever such a header is.
        sheets: Only sheets with these names.
        read: What reads a book, if not the book itself.

    Raises:
        NotUnderstood: A sheet or column is not clear, or there are no people.
        CannotRead: A book cannot be read.
    """
    # Two books may have the same name (in two folders), so the grid itself tells whose it is.
    pairs = [
        (book, replace(grid, book=book.name)) for book in books for grid in (read or _read)(book)
    ]
    owners = {id(grid): book for book, grid in pairs}
    tables = understood([grid for _, grid in pairs], profile, mapping, standing, sheets)
    return [(owners[id(one.grid)], one) for one in tables]


def _read(book: Book) -> Sequence[Grid]:
    return book.read()


def understood(
    grids: Sequence[Grid],
    profile: Profile,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None,
    sheets: Collection[str],
) -> list[Found]:
    """All tables of sheets that belong together; at least one of them must hold people.

    Raises:
        NotUnderstood: A sheet or column is not clear, or there are no people.
    """
    tables = columns.recognise(
        grids,
        mapping,
        sheets,
        rules.needs(profile),
        standing=standing,
        own=profile.rules.values(),
    )
    _require_people(tables, grids)
    return tables


def _require_people(tables: Sequence[Found], grids: Sequence[Grid]) -> None:
    """Refuse sheets of which none lists anybody; the hint says what near misses there are."""
    if not any(one.kind in vocabulary.PEOPLE for one in tables):
        near = columns.closest(grids)
        raise ColumnsNotFound(
            "No sheet here looks like a list of students, staff or contacts.",
            hint="The header row should hold names such as Last Name, Email, Other Phone or "
            "Student Number."
            + (f" {'; '.join(near)}." if near else "")
            + " `reveal columns FILE` shows what was understood.",
        )

"""The flow: read once, judge, write once.

A check may span several books: the roster in one file, contacts in another, accounts in a third.
All are read, judged together, and each is written back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheets import columns, marks, place, rules
from sheets.errors import ColumnsNotFound
from sheets.summary import KINDS, Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.grid import Book, Patch
    from sheets.rules.model import Findings, Profile

JUDGED = (*KINDS, "mixed")
"""The kinds of sheets that get verdicts."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One table of one book, with what was found in it.

    Attributes:
        book: The book it stands in.
        found: Where it stands, and which column is which field.
        findings: One for each kind of people in it; none for accounts, types and other sheets.
        patch: What is written beside it; None where nothing is. What is written for the groups
            of a table is in the patch of its first part.
    """

    book: Book
    found: Found
    findings: Sequence[Findings]
    patch: Patch | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found in all its books."""

    profile: Profile
    judged: Sequence[Judged]
    summary: Summary

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
    write: bool = True,
) -> Outcome:
    """Judge everybody in some books and write the verdicts back.

    Args:
        books: All that belongs together: roster, contacts, accounts, relationship types.
        profile: The rules; `rules.profile()` if not given.
        mapping: Header -> field, for columns that are not recognised by themselves.
        standing: The same for wherever such a header is.
        sheets: Only sheets with these names.
        write: False stops before anything is written.

    Raises:
        NotUnderstood: A sheet or column is not clear. Nothing was written.
        CannotRead: A book cannot be read. Nothing was written.
        CannotWrite: A book cannot be written. That book is as it was.

    Example:
        >>> from sheets import MemoryBook
        >>> book = MemoryBook({"Staff": [["Staff Number", "Last Name", "Enabled"],
        ...                              ["12", "Byrne", "yes"]]})
        >>> check([book]).summary.total.yes
        1
    """
    profile = profile or rules.profile()
    outcome = judge(books, profile, mapping=mapping or {}, standing=standing, sheets=sheets)
    if write:
        for book in books:
            if patches := outcome.patches(book):
                book.write(patches)
    return outcome


def judge(
    books: Sequence[Book],
    profile: Profile,
    *,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None = None,
    sheets: Collection[str] = (),
) -> Outcome:
    """Read, recognise and evaluate: everything of a check but the writing."""
    found = recognise(books, profile, mapping, standing, sheets)
    tables = [(one, table) for _, one in found for table in columns.tables(one)]
    findings = iter(rules.evaluate([table for _, table in tables], profile))
    of_table = [(one, next(findings)) for one, table in tables if table.kind in KINDS]
    place.require_apart([one for _, one in found if one.kind in JUDGED])
    judged = [
        Judged(book, one, [result for owner, result in of_table if owner is one], None)
        for book, one in found
    ]
    links = [table for _, table in tables if table.kind == "link"]
    summary = summarise(of_table, profile, links)
    return Outcome(profile, list(_patched(judged, profile)), summary)


def _patched(judged: Sequence[Judged], profile: Profile) -> Iterator[Judged]:
    """Yield the same with their patches: one for each table, with the first of its parts."""
    for one in judged:
        parts = [
            (part.found, part.findings)
            for part in judged
            if part.findings and place.same_table(part.found, one.found)
        ]
        if parts and parts[0][0] is one.found:
            yield replace(one, patch=marks.patch(parts, profile))
        else:
            yield one


def clear(
    books: Sequence[Book], *, sheets: Collection[str] = (), write: bool = True
) -> Sequence[Sequence[Patch]]:
    """Take away exactly what Reveal wrote.

    Returns:
        For each book the patches that clear it; none where nothing of Reveal's was found.

    Raises:
        CannotRead: A book cannot be read.
        SheetNotFound: A sheet was named that no book has.
        CannotWrite: A book cannot be written. That book is as it was.
    """
    grids = [list(book.read()) for book in books]
    columns.require(sheets, [grid for own in grids for grid in own])
    patches = [
        [
            patch
            for grid in own
            if not sheets or grid.title in sheets
            for patch in place.earlier(grid)
        ]
        for own in grids
    ]
    if write:
        for book, mine in zip(books, patches, strict=True):
            if mine:
                book.write(mine)
    return patches


def recognise(
    books: Sequence[Book],
    profile: Profile,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None,
    sheets: Collection[str],
) -> list[tuple[Book, Found]]:
    """All tables of all books; at least one of them must hold people.

    Raises:
        NotUnderstood: A sheet or column is not clear, or there are no people.
        CannotRead: A book cannot be read.
    """
    # Two books may have the same name (in two folders), so the grid itself tells whose it is.
    pairs = [(book, replace(grid, book=book.name)) for book in books for grid in book.read()]
    owners = {id(grid): book for book, grid in pairs}
    tables = columns.recognise(
        [grid for _, grid in pairs],
        mapping,
        sheets,
        rules.needs(profile),
        standing=standing,
        own=profile.rules.values(),
    )
    found = [(owners[id(one.grid)], one) for one in tables]
    if not any(one.kind in JUDGED for _, one in found):
        near = columns.closest([grid for _, grid in pairs])
        raise ColumnsNotFound(
            "No sheet here looks like a list of students, staff or contacts.",
            hint="The header row should hold names such as Last Name, Email, Other Phone or "
            "Student Number."
            + (f" {'; '.join(near)}." if near else "")
            + " `reveal columns FILE` shows what was understood.",
        )
    return found

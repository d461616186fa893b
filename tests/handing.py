"""What tests do with packets: hand them out from a district, change them, and take them back."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from sheets import MemoryBook, flow, rules
from sheets.handback import identity, returned, split, taking
from sheets.handback.marking import SENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.flow import Outcome
    from sheets.grid import Book
    from sheets.handback.answers import Came
    from sheets.handback.model import Packet, Sheet
    from sheets.handback.taking import Taken

TODAY = dt.date(2026, 11, 27)
PROFILE = rules.profile(as_of=TODAY)
HEADERS = [
    "Student Number",
    "Contact Person ID",
    "First Name",
    "Last Name",
    "Other Phone",
    "Email",
    "Note",
]
MASTER = "master.xlsx"

Rows = list[list[str | None]]


def master(rows: Sequence[Sequence[str | None]], headers: Sequence[str] = HEADERS) -> MemoryBook:
    """A district's contacts."""
    return MemoryBook({"Contacts": [headers, *rows]}, name=MASTER)


def judge(books: Sequence[Book], read: flow.Read | None = None) -> Outcome:
    """Judge them as of `TODAY`."""
    return flow.judge(books, PROFILE, mapping={}, read=read)


def packets(*books: Book, by: str = "school", made: dt.date = TODAY) -> Sequence[Packet]:
    """Hand out what is to be fixed."""
    return split.packets(judge(books), identity.new_batch(made), by).packets


def rows(sheet: Sheet) -> Rows:
    """A sheet as a workbook has it: headings, then rows, the hidden column last."""
    head = [*(column.header for column in sheet.columns), SENT, sheet.head]
    return [head, *([*(text or None for text in row.cells), "|", row.mark] for row in sheet.rows)]


def returned_as(file: str, sheets: Mapping[str, Rows], **more: Mapping[str, object]) -> Came:
    """A file that came back."""
    return returned.read(file, partial(MemoryBook, sheets, name=file, **more))


def take(came: Sequence[Came], *books: Book, **asked: object) -> Taken:
    """Merge what came back. Nothing is written."""
    return taking.take(came, partial(judge, books), taking.Asked(**asked))


def apply(taken: Taken, *books: Book) -> None:
    """Write what was taken."""
    for book in books:
        book.write(taken.patches(book))

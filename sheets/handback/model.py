"""What is handed out: a packet for each school, and in it a sheet for each list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sheets.grid import Shade

SCHEMA = 1
"""The version of what stands in the hidden column; a file of a later one is refused."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One handing out.

    Attributes:
        id: A random word that names it.
        salt: What all its digests are salted with, as hexadecimal digits.
        made: The day on which it was made.
        due: The day on which the answers are due, if one was said.
        schema: The version of what stands in the hidden column.
    """

    id: str
    salt: str
    made: dt.date
    due: dt.date | None = None
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet that is handed out.

    Attributes:
        header: What it is called: as in the master, or `Revealed?` and `What to fix`.
        name: The field that it is, or the header of an own column; no two of a sheet have one name.
        type: The type of the field, as in fields.toml: ``id name email phone date flag text ...``.
        locked: Whether it only tells whose row it is and what is wrong; the others take answers.
        tells: Whether it tells whose row it is: a row in which such a cell was changed is nobody's.
        choices: The values that are allowed, if they are few: for a drop-down.
    """

    header: str
    name: str
    type: str
    locked: bool
    tells: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    """One input cell of a row in which something is to be fixed.

    Attributes:
        column: Its place in the sheet's columns, from 0.
        shade: Whether something is missing or to be checked.
        message: The sentence about it.
    """

    column: int
    shade: Shade
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is handed out.

    Attributes:
        mark: What the hidden column holds in it: its key and the fingerprints of its cells.
        cells: One text for each of the sheet's columns; the empty text is an empty cell.
        todo: The cells to be fixed, from left to right.
        row: The row of the master where it stood; it is not told to who gets the sheet.
    """

    mark: str
    cells: Sequence[str]
    todo: Sequence[Todo]
    row: int

    @property
    def key(self) -> str:
        """The digest by which the row is found again."""
        return self.mark.split(".", 1)[0].removeprefix("k")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows to fix of one list of the master.

    Attributes:
        title: A title that a workbook can have; no two of a packet have the same.
        kind: ``student``, ``staff`` or ``contact``.
        group: The group of contacts beside students that it is of; empty for whole rows.
        book, origin: The book and the sheet of the master that it is of.
        columns: From left to right.
        head: What the header of the hidden column says.
        rows: The worst first.
    """

    title: str
    kind: str
    group: str
    book: str
    origin: str
    columns: Sequence[Column]
    head: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Packet:
    """One workbook: all that one school is to fix.

    Attributes:
        to: To whom it goes: a school, another column's value, or who can fix it.
        mark: What the workbook's property (`identity.PROPERTY`) says.
        sheets: One for each list that has rows to fix; never none.
    """

    to: str
    mark: str
    sheets: Sequence[Sheet]

    @property
    def rows(self) -> int:
        """How many rows are to be fixed."""
        return sum(len(sheet.rows) for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows to fix that are not handed out, and why.

    Attributes:
        book, sheet: Where they stand in the master.
        group: The group of contacts beside students.
        why: The reason, one sentence without any cell's value.
        rows: Their numbers.
    """

    book: str
    sheet: str
    group: str
    why: str
    rows: Sequence[int]


@dataclass(frozen=True, slots=True)
class Split:
    """All that is handed out at one time.

    Attributes:
        batch: The handing out.
        packets: The one with the most rows first.
        left_out: What is not handed out although it is to be fixed.
    """

    batch: Batch
    packets: Sequence[Packet]
    left_out: Sequence[LeftOut] = ()

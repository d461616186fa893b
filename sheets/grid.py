"""The port: what is read from a spreadsheet (`Grid`), what is written (`Patch`), and who does both.

A `Book` reads all its sheets in one call and writes all its patches in one call. That is what makes
a Google Sheet cost one read and one write, and Excel a constant number of round trips. Everything
between the two calls is pure and knows no spreadsheet program.

Rows and columns are counted from 1, as the spreadsheet shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import polars as pl

HEAD_ROWS = 200
"""How many rows that hold something are given in `Grid.head`."""

_AREA = re.compile(r"^\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$")


def letters(column: int) -> str:
    """Return a column's letters.

    Example:
        >>> letters(1), letters(26), letters(27), letters(16384)
        ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(name: str) -> int:
    """Return a column's number from its letters.

    Example:
        >>> number("A"), number("AA"), number("XFD")
        (1, 27, 16384)
    """
    result = 0
    for letter in name:
        result = result * 26 + ord(letter) - 64
    return result


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both ends included.

    Example:
        >>> Area.parse("A4:F20").ref
        'A4:F20'
        >>> Area.parse("$B$2").last_column
        2
    """

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, ref: str) -> Area:
        """Read an A1 reference; raises ValueError for anything else."""
        match = _AREA.match(ref)
        if match is None:
            raise ValueError("not an A1 reference")
        left, top, right, bottom = match.groups()
        return cls(int(top), number(left), int(bottom or top), number(right or left))

    @property
    def ref(self) -> str:
        """The A1 reference, such as ``A4:F20``."""
        return f"{self.cell(self.first_row, self.first_column)}:" + self.cell(
            self.last_row, self.last_column
        )

    @staticmethod
    def cell(row: int, column: int) -> str:
        """The A1 name of one cell."""
        return f"{letters(column)}{row}"

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return (
            self.first_row <= row <= self.last_row
            and self.first_column <= column <= self.last_column
        )


@dataclass(frozen=True, slots=True)
class ListObject:
    """A table in the spreadsheet program's own sense (Excel: Insert > Table)."""

    name: str
    area: Area
    header_rows: int = 1
    totals_rows: int = 0


class OddKind(StrEnum):
    """What a cell may hold that is neither text nor blank."""

    ERROR = "error"
    NO_RESULT = "no_result"


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell with an error value (``#N/A``), or a formula that has no stored result."""

    kind: OddKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of some columns, all rows.

    Attributes:
        frame: Column ``_row`` (UInt32, ascending, the sheet's own row numbers; rows without any
            value in the asked columns may be absent) and one String column per asked column,
            named by its number: ``"1"``, ``"6"``. Null is an empty cell. Numbers are given as
            their digits (``5855551234``, with the zeros that a zero-padding format shows), dates
            as ISO 8601, booleans as ``TRUE`` and ``FALSE``. Text is as it is, not trimmed.
            A merged area gives its value in each of its rows and columns.
        odd: The cells of the asked columns that are null in the frame but not empty,
            by (row, column).
        last_row: The last row of the sheet that holds anything.
        last_column: The last column of the sheet that holds anything, in any row.
        hidden_rows: How many rows with content are hidden or filtered away (they are read like
            all others).
    """

    frame: pl.DataFrame
    odd: Mapping[tuple[int, int], Odd]
    last_row: int
    last_column: int
    hidden_rows: int = 0


def _no_formulas(_columns: Collection[int], /) -> Collection[tuple[int, int]]:
    """What a place tells that cannot hold a formula, or does not say."""
    return ()


@dataclass(frozen=True)
class Grid:
    """One worksheet as it was found.

    Attributes:
        title: The sheet's name.
        head: The first `HEAD_ROWS` rows that hold something: row -> column -> text. Merged areas
            are filled in as in `Cells`.
        load: Reads the asked columns of all rows.
        list_objects: The tables on the sheet.
        filter: The area of the sheet's AutoFilter.
        merged: Merged areas.
        state: ``visible``, ``hidden`` or ``very hidden``.
        protected: Whether the sheet is protected against changes.
        book: The name of the book it is in; the flow fills it in, for messages.
        formulas: Gives the cells of the asked columns that hold a formula, as (row, column),
            whatever its result; none if the place does not tell.
    """

    title: str
    head: Mapping[int, Mapping[int, str]]
    load: Callable[[Collection[int]], Cells]
    list_objects: Sequence[ListObject] = ()
    filter: Area | None = None
    merged: Sequence[Area] = ()
    state: str = "visible"
    protected: bool = False
    book: str = ""
    formulas: Callable[[Collection[int]], Collection[tuple[int, int]]] = _no_formulas

    @property
    def where(self) -> str:
        """The place to name in a message: ``contacts.xlsx, sheet "Contacts"``."""
        sheet = f'sheet "{self.title}"'
        return f"{self.book}, {sheet}" if self.book else sheet

    @property
    def is_own(self) -> bool:
        """Whether it is a sheet that an earlier run wrote as a whole, not one of the office's.

        Title and first cell tell, which outlive every program that saves the book. Under another
        title it is a copy that somebody wants to keep.
        """
        mark = _OWN_MARKS.get(self.title)
        return mark is not None and self.head.get(1, {}).get(1) == mark


class Shade(StrEnum):
    """The two kinds of highlight."""

    MISSING = "missing"
    CHECK = "check"


FILLS: Mapping[Shade, str] = {Shade.MISSING: "F4B183", Shade.CHECK: "BDD7EE"}
"""RGB fills; chosen so that they differ for colour-blind readers and in grey."""

TAG = "reveal:v1"
"""Every formula of a mark holds ``N("reveal:v1")=0``: that is how Reveal knows its own rules."""


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column that belongs to Reveal.

    Attributes:
        header: ``Revealed?`` or ``What to fix``.
        column: Where it stands.
        values: One for each of the patch's rows; None leaves the cell empty. Always text.
        width: In characters.
        wrap: Whether long text runs over several lines.
        keys: The columns of ids that tell whose row it is. If they are given, a book that others
            edit shows the values through a lookup by them, so that each stays with its person
            whatever is moved. All other books write the values as they are.
    """

    header: str
    column: int
    values: Sequence[str | None]
    width: float = 11
    wrap: bool = False
    keys: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A conditional format over one column of the table: a formula and a fill."""

    column: int
    shade: Shade
    formula: str


@dataclass(frozen=True, slots=True)
class Patch:
    """All that one run wants to change in one table of one sheet.

    Writing a patch first takes away whatever Reveal wrote there before, so the same patch twice
    is the same as once, and a patch without columns and marks clears.

    Attributes:
        sheet: The sheet's name.
        header_row: The row of the headers (the last one, if there are two).
        last_row: The last row of the table, totals not included.
        rows: The rows that `OwnColumn.values` speak of, ascending.
        columns: Reveal's own columns, left to right. None leaves columns and marks as they are.
        marks: The highlights, over ``header_row + 1`` to `last_row`.
        note: What the note (or input message) on the first own header says: profile, version, date.
        replaces: The columns that hold Reveal's earlier output, found by their headers.
        cells: Input cells to fill in, by (row, column): used by the merge of corrections only.
    """

    sheet: str
    header_row: int
    last_row: int
    rows: Sequence[int] = ()
    columns: Sequence[OwnColumn] | None = ()
    marks: Sequence[Mark] = ()
    note: str = ""
    replaces: Sequence[int] = ()
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)


OWN_SHEET = "Reveal summary"
"""The title of the sheet that is Reveal's as a whole."""

OWN_MARK = "Reveal summary (the next check replaces this sheet)"
"""What the first cell of an own sheet says: only a sheet that says so is ever replaced."""

VERDICTS_SHEET = "Reveal verdicts"
"""The title of the sheet where own columns with keys look up what they show."""

VERDICTS_MARK = "Key (kept by Reveal: the columns beside your people look up here)"
"""What the first cell of that sheet says."""

_OWN_MARKS = {OWN_SHEET: OWN_MARK, VERDICTS_SHEET: VERDICTS_MARK}


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet that is Reveal's as a whole.

    It comes behind all others, or takes the place of the one that an earlier run wrote.

    Attributes:
        rows: From the top: text, numbers, None for an empty cell. The first cell is `OWN_MARK`.
        title: Its name.
        widths: Of its columns, in characters; the others are as wide as the program likes.
        headings: The rows, counted from 1, that are headings.
        frozen: How many rows at the top stay in sight.
    """

    rows: Sequence[Sequence[str | int | None]]
    title: str = OWN_SHEET
    widths: Sequence[float] = ()
    headings: Collection[int] = ()
    frozen: int = 0


@runtime_checkable
class Book(Protocol):
    """A workbook, wherever it lives: read once, written once."""

    @property
    def name(self) -> str:
        """What people call it: the file's name, the spreadsheet's title."""
        ...

    def read(self) -> Sequence[Grid]:
        """Read all sheets, in their order.

        Raises:
            CannotRead: It cannot be opened, or is broken.
        """
        ...

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets, or none.

        A book of which nothing would change is not written.

        Args:
            patches: What changes on the sheets of the office.
            own: The own sheets that the book shall have: those of earlier runs are replaced or
                taken away. None leaves them as they are.

        Raises:
            PlaceTaken: A cell that is needed holds a formula or somebody else's content, or a
                sheet of somebody else has the title of an own one.
            CannotWrite: It cannot be saved. Nothing was changed.
        """
        ...


@runtime_checkable
class SharedBook(Book, Protocol):
    """A book that others may edit between our read and our write."""

    @property
    def settled(self) -> bool:
        """Whether the last write has met what was read, and nothing is left to be put back.

        If not, `read` gives what the book holds now, and people are to be judged again.
        """
        ...

    def mend(self) -> None:
        """Put back what the last write has hit by mistake, as far as that can be done.

        It raises nothing: it is called when something else has gone wrong already.
        """
        ...

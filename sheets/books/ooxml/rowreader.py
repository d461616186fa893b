"""The careful way through a sheet: every element by expat, however it is written.

It is used for the first rows of a sheet, for what stands before and after its rows, and for all
rows that are not written as plainly as `sheets.books.ooxml.plainrows` wants them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sheets.books.ooxml import blocks, tree
from sheets.books.ooxml.cellvalues import Stored
from sheets.errors import CannotRead
from sheets.grid import number

if TYPE_CHECKING:
    from collections.abc import Collection

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")
_PART, _ROW, _CELL_DEPTH, _VALUE = 2, 3, 4, 5  # how deep the elements stand


class Row(NamedTuple):
    """A row that holds something.

    Attributes:
        number: Counted from 1.
        cells: Column -> what the cell holds; of the wanted columns only.
        last_column: The last column with a value or a formula.
        hidden: Whether it is hidden.
    """

    number: int
    cells: dict[int, Stored]
    last_column: int
    hidden: bool


class RowReader:
    """Reads the XML of one sheet piece by piece.

    Args:
        file: The file's name, for messages.
        part: The sheet's part, for messages.
        where: The place to name in messages.
        wanted: The columns whose cells are given; all if None.

    Attributes:
        rows: The rows that hold something, since they were last taken away.
        last: The number of the row before.
        in_rows: Whether the start tag of the rows was seen, and not yet their end.
        ended: Whether the end of the rows was seen.
        prefix: The namespace prefix of the rows, with the colon.
        merged: The references of merged areas.
        filter: The reference of the sheet's AutoFilter.
        protected: Whether the sheet is protected.
    """

    def __init__(
        self, file: str, part: str, where: str, wanted: Collection[int] | None = None
    ) -> None:
        self.rows: list[Row] = []
        self.last = 0
        self.in_rows = self.ended = self.protected = False
        self.prefix = b""
        self.merged: list[str] = []
        self.filter = ""
        self._file, self._part, self._where = file, part, where
        self._wanted = wanted
        self._open: list[str] = []
        self._texts: list[str] | None = None
        self._since = 0
        self._begin_row(0, hidden=False)
        self._begin_cell("n", 0)
        self._parser = tree.parser(file, part, "utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    @property
    def between_rows(self) -> bool:
        """Whether a row ended, and the next has not begun."""
        return self.in_rows and len(self._open) == _PART

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            CannotRead: This is no XML, or no sheet as spreadsheet programs write them.
        """
        self._since += len(data)
        self._parse(data, final=False)
        if self.in_rows and not self.between_rows and self._since > blocks.LIMIT:
            raise blocks.too_large(self._where)

    def finish(self) -> None:
        """Check that the XML is complete.

        Raises:
            CannotRead: It is not.
        """
        self._parse(b"", final=True)

    def take(self) -> list[Row]:
        """Give the rows that were read, and forget them."""
        rows, self.rows = self.rows, []
        return rows

    def _parse(self, data: bytes, *, final: bool) -> None:
        tree.feed(self._parser, data, self._file, self._part, final=final)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tree.local(tag)
        self._open.append(name)
        depth = len(self._open)
        if self.in_rows:
            if depth == _CELL_DEPTH and name == "c" and self._open[_ROW - 1] == "row":
                self._start_cell(attributes)
            elif depth >= _VALUE and self._open[_CELL_DEPTH - 1] == "c":
                self._start_value(name, depth)
            elif depth == _ROW and name == "row":
                self._start_row(attributes)
        elif depth == _PART or (depth == _ROW and name == "mergeCell"):
            self._start_part(tag, name, attributes)

    def _start_part(self, tag: str, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData" and not self.ended:
            self.in_rows = True
            self.prefix = tag[: tag.rfind(":") + 1].encode()
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif name == "autoFilter":
            self.filter = attributes.get("ref", "")
        elif name == "sheetProtection":
            self.protected = attributes.get("sheet") in ("1", "true", "on")

    def _start_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r")
        row = self.last + 1
        if text is not None:
            row = int(text) if _NUMBER.fullmatch(text.strip()) else 0
        if not self.last < row <= LAST_ROW:
            raise not_understood(self._where)
        self.last = row
        self._since = 0
        self._begin_row(row, hidden=attributes.get("hidden") in ("1", "true", "on"))

    def _begin_row(self, row: int, *, hidden: bool) -> None:
        self._row, self._hidden = row, hidden
        self._cells: dict[int, Stored] = {}
        self._column = self._last_column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        name = attributes.get("r")
        column = self._column + 1
        if name is not None:
            match = _CELL.fullmatch(name.strip())
            if match is None or int(match[2]) != self._row:
                raise not_understood(self._where)
            column = number(match[1].upper())
        if column > LAST_COLUMN:
            raise not_understood(self._where)
        self._column = column
        style = attributes.get("s", "0")
        self._begin_cell(attributes.get("t", "n"), int(style) if _NUMBER.fullmatch(style) else 0)

    def _begin_cell(self, kind: str, style: int) -> None:
        self._kind, self._style = kind, style
        self._value: str | None = None
        self._inline: list[str] | None = None
        self._formula = False

    def _start_value(self, name: str, depth: int) -> None:
        if depth == _VALUE:
            if name == "v":
                self._texts = []
            elif name == "f":
                self._formula = True
            elif name == "is":
                self._inline = self._inline or []
        elif name == "t" and self._open[_VALUE - 1] == "is" and "rPh" not in self._open:
            self._texts = []

    def _characters(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _end(self, _: str) -> None:
        depth = len(self._open)
        name = self._open.pop()
        if not self.in_rows:
            return
        if depth >= _VALUE:
            self._end_value(name, depth)
        elif depth == _CELL_DEPTH and name == "c":
            self._end_cell()
        elif depth == _ROW and name == "row":
            self._end_row()
        elif depth == _PART:
            self.in_rows, self.ended = False, True

    def _end_value(self, name: str, depth: int) -> None:
        if self._texts is None or name not in ("v", "t"):
            return
        text = "".join(self._texts)
        if depth == _VALUE:
            self._value = text
        elif self._inline is not None:
            self._inline.append(text)
        self._texts = None

    def _end_cell(self) -> None:
        value = self._value
        if self._inline is not None and (self._kind == "inlineStr" or value is None):
            value, self._kind = "".join(self._inline), "inlineStr"
        if not (value or self._formula or self._inline is not None):
            return
        self._last_column = max(self._last_column, self._column)
        if self._wanted is None or self._column in self._wanted:
            self._cells[self._column] = Stored(self._kind, self._style, value, self._formula)

    def _end_row(self) -> None:
        if self._last_column:
            self.rows.append(Row(self._row, self._cells, self._last_column, self._hidden))


def not_understood(where: str) -> CannotRead:
    """The error for rows or cells whose place is not certain."""
    return CannotRead(
        "The rows of the sheet are not written as Excel writes them.",
        hint="Open the file in Excel and save it again.",
        where=where,
    )

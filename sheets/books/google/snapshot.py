"""What a spreadsheet held at one moment, with all its tabs.

Source of the names: the Sheets API v4, Spreadsheet and what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheets.books.google import owned
from sheets.books.google.cells import BLANK, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.google.cells import Cell
    from sheets.books.google.owned import Owned

RUN = "reveal.run"
"""The key of the metadata by which a write is known again."""

_GRID = (
    "startRow,startColumn,"
    "rowData(values(userEnteredValue,effectiveValue,formattedValue,note,chipRuns,textFormatRuns,"
    "userEnteredFormat(numberFormat),effectiveFormat(numberFormat))),"
    "rowMetadata(hiddenByUser,hiddenByFilter),"
    "columnMetadata(developerMetadata(metadataId,metadataKey,metadataValue))"
)
MASK = (
    "properties(title,locale),developerMetadata(metadataId,metadataKey),"
    "sheets(properties(sheetId,title,index,hidden,sheetType,"
    "gridProperties(rowCount,columnCount)),"
    "conditionalFormats,merges,basicFilter,"
    "tables(tableId,name,range,rowsProperties(footerColorStyle)),"
    "protectedRanges(range,description,warningOnly,requestingUserCanEdit,unprotectedRanges),"
    f"data({_GRID}))"
)
"""The fields of a Spreadsheet that are read, and told back by a write."""


@dataclass(frozen=True)
class Tab:
    """One tab with cells.

    Attributes:
        id: Its number, which stays when it is renamed or moved.
        title: Its name.
        height, width: How many rows and columns its grid has.
        cells: Row by row from the first on, trailing blanks left out.
        hidden_rows: The rows that are hidden or filtered away.
        formats: Its conditional formats, in their order.
        own: Column -> what says that it is Reveal's.
        stray: The ids of such metadata on columns that are the office's.
        raw: Everything else, as it came.
    """

    id: int
    title: str
    height: int
    width: int
    cells: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    formats: Sequence[Mapping[str, Any]] = ()
    own: Mapping[int, Owned] = field(default_factory=dict)
    stray: Sequence[int] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell:
        """One cell, counted from 1; `BLANK` where there is nothing."""
        if 0 < row <= len(self.cells) and 0 < column <= len(self.cells[row - 1]):
            return self.cells[row - 1][column - 1]
        return BLANK

    def row(self, row: int) -> Sequence[Cell]:
        """The cells of a row, trailing blanks left out."""
        return self.cells[row - 1] if row <= len(self.cells) else ()

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield row, column and cell of all cells that hold something."""
        for row, values in enumerate(self.cells, 1):
            for column, cell in enumerate(values, 1):
                if holds(cell):
                    yield row, column, cell

    @cached_property
    def extent(self) -> tuple[frozenset[int], int]:
        """The rows that hold something, and the last column that does."""
        rows, last = set(), 0
        for row, column, _ in self.filled():
            rows.add(row)
            last = max(last, column)
        return frozenset(rows), last


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A spreadsheet at one moment.

    Attributes:
        title: Its name.
        tabs: Those with cells, in their order.
        token: The id of the metadata `RUN`; None before the first write.
        titles: The names of all tabs, charts included.
    """

    title: str
    tabs: Sequence[Tab]
    token: int | None = None
    titles: Sequence[str] = ()

    def tab(self, id_: int) -> Tab | None:
        """The tab with an id; None if it is gone."""
        return next((tab for tab in self.tabs if tab.id == id_), None)


def of(answer: Mapping[str, Any]) -> Snapshot:
    """Read a Spreadsheet as it was asked for with `MASK`."""
    sheets = sorted(answer.get("sheets", ()), key=lambda one: one["properties"].get("index", 0))
    tokens = [
        one["metadataId"]
        for one in answer.get("developerMetadata", ())
        if one.get("metadataKey") == RUN
    ]
    return Snapshot(
        answer.get("properties", {}).get("title", ""),
        [_tab(one) for one in sheets if one["properties"].get("sheetType", "GRID") == "GRID"],
        max(tokens, default=None),
        [one["properties"]["title"] for one in sheets],
    )


def _tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    [data, *_] = sheet.get("data") or [{}]
    hidden = (
        row
        for row, told in enumerate(data.get("rowMetadata", ()), 1)
        if told.get("hiddenByUser") or told.get("hiddenByFilter")
    )
    rows = [row.get("values", ()) for row in data.get("rowData", ())]
    own, stray = owned.find(rows, data.get("columnMetadata", ()))
    return Tab(
        properties.get("sheetId", 0),
        properties["title"],
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        rows,
        frozenset(hidden),
        sheet.get("conditionalFormats", ()),
        own,
        stray,
        {key: value for key, value in sheet.items() if key not in {"data", "conditionalFormats"}},
    )

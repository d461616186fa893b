"""A batch of changes: what its single requests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.emulators.google import protection
from tests.emulators.google.errors import Json, Refused
from tests.emulators.google.model import MOST_CELLS, Area, Box, Dimension, Sheet, Spreadsheet

if TYPE_CHECKING:
    from tests.emulators.google.ids import Ids


@dataclass
class Batch:
    """The document as the batch leaves it, and who asks for the changes."""

    spreadsheet: Spreadsheet
    user: str
    ids: Ids

    def sheet(self, sheet_id: int | None) -> Sheet:
        found = self.spreadsheet.by_id(sheet_id or 0)
        if found is None:
            raise Refused(f"No grid with id: {sheet_id or 0}")
        return found

    def area(self, told: Json | None) -> tuple[Sheet, Box]:
        """The sheet and the cells of a GridRange."""
        told = told or {}
        sheet = self.sheet(told.get("sheetId"))
        for start, end, size in (
            ("startRowIndex", "endRowIndex", len(sheet.rows)),
            ("startColumnIndex", "endColumnIndex", len(sheet.columns)),
        ):
            first, last = told.get(start, 0), told.get(end, size)
            if first < 0 or last < first:
                raise Refused(f"{end}[{last}] must be after {start}[{first}]")
            if first > size:
                kind = "row" if "Row" in start else "column"
                raise Refused(f"GridRange.{start}[{first}] is after last {kind} in grid[{size}]")
        return sheet, Area.of(told).within(sheet)

    def guard(self, sheet: Sheet, box: Box) -> None:
        protection.guard(self.spreadsheet, sheet, box, self.user)

    def guarded(self, told: Json | None) -> tuple[Sheet, Box]:
        """The cells of a GridRange, that the user may change."""
        sheet, box = self.area(told)
        self.guard(sheet, box)
        return sheet, box

    def lines(self, told: Json) -> tuple[Sheet, Dimension, int, int]:
        """The rows or columns of a DimensionRange."""
        sheet = self.sheet(told.get("sheetId"))
        dimension: Dimension | None = told.get("dimension")
        if dimension not in ("ROWS", "COLUMNS"):
            raise Refused("No dimension specified.")
        start = told.get("startIndex", 0)
        end = told.get("endIndex", len(sheet.lines(dimension)))
        if not 0 <= start <= end:
            raise Refused(f"endIndex[{end}] must be after startIndex[{start}]")
        return sheet, dimension, start, end

    def band(self, sheet: Sheet, dimension: Dimension, start: int, end: int) -> Box:
        """All cells of some rows or columns."""
        span = (start, end)
        area = Area(rows=span) if dimension == "ROWS" else Area(columns=span)
        return area.within(sheet)

    def grown(self) -> None:
        """Refuse what makes the document too large."""
        cells = sum(len(each.rows) * len(each.columns) for each in self.spreadsheet.sheets)
        if cells > MOST_CELLS:
            raise Refused(
                "This action would increase the number of cells in the workbook above the limit "
                f"of {MOST_CELLS} cells."
            )


Kind = Callable[[Batch, Json], Json | None]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Enter a function as the one that carries out a kind of request."""

    def entered(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return entered

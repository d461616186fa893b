"""What somebody sees in Excel: where they are, where they are led, and the words at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.excel import attach, words
from sheets.errors import CannotRead
from sheets.grid import Area

if TYPE_CHECKING:
    from sheets.books.excel.book import ExcelBook
    from sheets.books.excel.com import Handle

LONGEST = 255
"""Characters that the status bar takes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the active workbook.

    Attributes:
        sheet: The name of the worksheet.
        row: Its row.
        column: Its column.
    """

    sheet: str
    row: int
    column: int


class Screen:
    """A window of Excel. It is to be let go after each click, so that Excel can close.

    Args:
        hwnd: The handle of the window.

    Raises:
        MissingExtra: xlwings is not installed.
        CannotRead: There is no such window, or Excel is busy.
    """

    def __init__(self, hwnd: int) -> None:
        with words.told(CannotRead, "Excel"):
            self._app: Handle = attach.application(hwnd)

    def book(self) -> ExcelBook:
        """Return the active workbook.

        Raises:
            CannotRead: There is none, or Excel is busy.
        """
        return attach.workbook(self._app)

    def say(self, text: str) -> None:
        """Show a text in the status bar, which Excel leaves there until `hush`."""
        with words.told(CannotRead, "Excel"):
            self._app.put("StatusBar", text[:LONGEST])

    def hush(self, text: str) -> None:
        """Give the status bar back to Excel if it still shows a text of `say`."""
        with words.told(CannotRead, "Excel"):
            if self._app.get("StatusBar") == text[:LONGEST]:
                self._app.put("StatusBar", value=False)

    def spot(self) -> Spot | None:
        """Return the active cell; None where there is none, as on a chart."""
        with words.told(CannotRead, "Excel"):
            cell = self._app.get("ActiveCell")
            if cell is None:
                return None
            sheet = self._app.get("ActiveSheet").get("Name")
            return Spot(str(sheet), int(cell.get("Row")), int(cell.get("Column")))

    def go(self, spot: Spot) -> None:
        """Lead to a cell: it becomes the active one, and is scrolled to if it is out of sight."""
        with words.told(CannotRead, "Excel"):
            sheet = self._app.get("ActiveWorkbook").get("Worksheets").call("Item", spot.sheet)
            cell = sheet.call("Range", Area.cell(spot.row, spot.column))
            self._app.call("Goto", cell, Scroll=False)

    def offer_undo(self, text: str, macro: str) -> None:
        """Have Ctrl+Z run a macro, until the next change in Excel.

        Args:
            text: What Excel shows for it in its list of what can be undone.
            macro: The name of the macro.
        """
        with words.told(CannotRead, "Excel"):
            self._app.call("OnUndo", text, macro)

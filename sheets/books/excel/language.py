"""Formulas in the language of the user's Excel, in which conditional formats take them.

Excel translates what stands in cells only. So a cell below everything is used for a moment, and
left as it was.

Source of the names: the object model of Excel (Application.International, Range.FormulaLocal).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.excel.com import Refused
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheets.books.excel.com import Handle
    from sheets.books.excel.snapshot import Sheet

_COUNTRY, _LIST_SEPARATOR = 1, 5  # XlApplicationInternational
_ENGLISH = 1
_R1C1 = -4150  # xlR1C1
_LAST_ROW = 1_048_576
_BELOW = 3
"""So far below the last row a table does not reach out for what is entered."""


def local(app: Handle, sheet: Handle, there: Sheet, formulas: Iterable[str]) -> Mapping[str, str]:
    """Translate formulas, each once.

    Args:
        app: Excel.
        sheet: The worksheet on which a cell may be used.
        there: What is on it.
        formulas: In English, with commas.
    """
    asked = dict.fromkeys(formulas)
    if not asked:
        return {}
    settings = app.get("International")
    told = "FormulaLocal"
    if app.get("ReferenceStyle") == _R1C1:
        told = "FormulaR1C1Local"
    elif int(settings[_COUNTRY - 1]) == _ENGLISH and settings[_LIST_SEPARATOR - 1] == ",":
        return {formula: formula for formula in asked}
    row = min(there.area.last_row + _BELOW, _LAST_ROW)
    cell = sheet.call("Range", Area.cell(row, there.area.first_column))
    before = cell.get("NumberFormat")
    cell.put("NumberFormat", "General")
    try:
        found = {}
        for formula in asked:
            cell.put("Formula", formula)
            found[formula] = str(cell.get(told))
        return found
    finally:
        try:
            _clean(cell, before)
        except Refused:
            _clean(cell, before)


def _clean(cell: Handle, number_format: object) -> None:
    cell.call("ClearContents")
    cell.put("NumberFormat", number_format)

"""The sheet and the cells that a range in A1 notation names."""

from __future__ import annotations

from tests.emulators.google import a1
from tests.emulators.google.errors import ApiError
from tests.emulators.google.model import Area, Box, Sheet, Spreadsheet

Place = tuple[Sheet, Box]


def unread(text: str) -> ApiError:
    return ApiError(400, f"Unable to parse range: {text}")


def place(spreadsheet: Spreadsheet, text: str) -> Place:
    """The cells of a range, cut to the size of the sheet."""
    whole = spreadsheet.find(text)
    named = a1.parse(text)
    if named is None or (named.name and named.title is None):
        by_name = _by_name(spreadsheet, named.name or "") if named else None
        if by_name:
            return by_name
        if whole:
            return whole, whole.whole()
        raise unread(text)
    sheet = spreadsheet.sheets[0] if named.title is None else spreadsheet.find(named.title)
    if named.name:
        by_name = _by_name(spreadsheet, named.name)
        if by_name is None or sheet is None:
            raise unread(text)
        return by_name
    if sheet is None:
        raise unread(text)
    return sheet, inside(sheet, Area(named.rows, named.columns), text)


def inside(sheet: Sheet, area: Area, text: str) -> Box:
    rows, columns = len(sheet.rows), len(sheet.columns)
    if (area.rows[0] or 0) >= rows or (area.columns[0] or 0) >= columns:
        raise ApiError(
            400,
            f"Range ({text}) exceeds grid limits. Max rows: {rows}, max columns: {columns}",
        )
    return area.within(sheet)


def _by_name(spreadsheet: Spreadsheet, name: str) -> Place | None:
    for each in spreadsheet.named:
        if each["name"].casefold() == name.casefold():
            sheet = spreadsheet.by_id(each["range"].get("sheetId", 0))
            return (sheet, Area.of(each["range"]).within(sheet)) if sheet else None
    return None


def range_text(sheet: Sheet, box: Box) -> str:
    return a1.text(sheet.title, (box.top, box.bottom), (box.left, box.right))

"""Protected ranges: who may change which cells."""

from __future__ import annotations

from tests.emulators.google.errors import Json, Refused
from tests.emulators.google.model import Area, Box, Dimension, Sheet, Spreadsheet

TEXT = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)


def may_edit(spreadsheet: Spreadsheet, protected: Json, user: str) -> bool:
    """Owners always may, and so does whoever made the range."""
    return user == spreadsheet.owner or user in protected.get("editors", {}).get("users", ())


def closed(spreadsheet: Spreadsheet, sheet: Sheet, user: str) -> list[Json]:
    """The protected ranges of a sheet that stop a user."""
    return [
        each
        for each in sheet.protected
        if not each.get("warningOnly") and not may_edit(spreadsheet, each, user)
    ]


def guard(spreadsheet: Spreadsheet, sheet: Sheet, box: Box, user: str) -> None:
    """Refuse a change of these cells if any of them is closed to the user."""
    for each in closed(spreadsheet, sheet, user):
        free = [Area.of(part).within(sheet) for part in each.get("unprotectedRanges", ())]
        if _box(spreadsheet, sheet, each).meets(box) and not any(part.holds(box) for part in free):
            raise Refused(TEXT)


def guard_insert(
    spreadsheet: Spreadsheet, sheet: Sheet, dimension: Dimension, at: int, user: str
) -> None:
    """Refuse new rows or columns in the midst of a range that is closed to the user."""
    for each in closed(spreadsheet, sheet, user):
        box = _box(spreadsheet, sheet, each)
        first, last = (box.top, box.bottom) if dimension == "ROWS" else (box.left, box.right)
        if first < at < last:
            raise Refused(TEXT)


def _box(spreadsheet: Spreadsheet, sheet: Sheet, protected: Json) -> Box:
    told = protected.get("range", {})
    for each in spreadsheet.named:
        if each["namedRangeId"] == protected.get("namedRangeId"):
            told = each["range"]
    return Area.of(told).within(sheet)

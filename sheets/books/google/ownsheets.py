"""Tabs that are Reveal's as a whole.

Source of the names: the Sheets API v4, AddSheetRequest, UpdateCellsRequest.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sheets.books.google import cells, grids, verdicts
from sheets.books.refusals import own_sheet_taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.google.snapshot import Snapshot, Tab
    from sheets.grid import OwnSheet

    Request = Mapping[str, Any]

_PIXELS = 7
"""The width of a character, about."""


def requests(now: Snapshot, own: Sequence[OwnSheet], name: str) -> list[Request]:
    """Make these the only own tabs; nothing if they are there already.

    Args:
        now: What the spreadsheet holds.
        own: The own tabs that it shall have.
        name: What it is called, for messages.

    Raises:
        PlaceTaken: A tab of somebody else has the title of an own one.
    """
    mine = {tab.title: tab for tab in now.tabs if grids.of(tab).is_own and tab.id != verdicts.ID}
    others = {title.casefold(): title for title in now.titles if title not in mine}
    made: list[Request] = []
    for sheet in own:
        if sheet.title.casefold() in others:
            raise own_sheet_taken(others[sheet.title.casefold()], name)
        if sheet.title not in mine:
            made += _new(sheet)
        elif not _same(mine[sheet.title], sheet):
            made += _filled(sheet, mine[sheet.title].id, mine[sheet.title])
    kept = {sheet.title for sheet in own}
    made += [
        {"deleteSheet": {"sheetId": tab.id}} for title, tab in mine.items() if title not in kept
    ]
    return made


def _new(sheet: OwnSheet) -> Iterator[Request]:
    # Before it is there, its number is ours to choose: what follows speaks of it.
    id_ = secrets.randbelow(2**31 - 1) + 1
    size = {
        "rowCount": max(len(sheet.rows), sheet.frozen + 1),
        "columnCount": max(_width(sheet), 1),
        "frozenRowCount": sheet.frozen,
    }
    yield {
        "addSheet": {"properties": {"sheetId": id_, "title": sheet.title, "gridProperties": size}}
    }
    for at, width in enumerate(sheet.widths):
        span = {"sheetId": id_, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        yield {
            "updateDimensionProperties": {
                "range": span,
                "properties": {"pixelSize": round(width * _PIXELS)},
                "fields": "pixelSize",
            }
        }
    yield from _filled(sheet, id_, None)


def _filled(sheet: OwnSheet, id_: int, before: Tab | None) -> Iterator[Request]:
    height = max(len(sheet.rows), len(before.cells) if before else 0)
    width = max(_width(sheet), *(map(len, before.cells) if before else ()), 1)
    if before and (more := height - before.height) > 0:
        yield {"appendDimension": {"sheetId": id_, "dimension": "ROWS", "length": more}}
    if before and (more := width - before.width) > 0:
        yield {"appendDimension": {"sheetId": id_, "dimension": "COLUMNS", "length": more}}
    rows = [
        {"values": [_cell(sheet, row, column) for column in range(width)]} for row in range(height)
    ]
    yield {
        "updateCells": {
            "start": {"sheetId": id_, "rowIndex": 0, "columnIndex": 0},
            "rows": rows,
            "fields": "userEnteredValue,userEnteredFormat(textFormat,wrapStrategy)",
        }
    }


def _cell(sheet: OwnSheet, row: int, column: int) -> Mapping[str, Any]:
    value = _value(sheet, row, column)
    look = {"wrapStrategy": "WRAP", "textFormat": {"bold": row + 1 in sheet.headings}}
    if value is None:
        return {}
    kind = "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}, "userEnteredFormat": look}


def _value(sheet: OwnSheet, row: int, column: int) -> str | int | None:
    if row < len(sheet.rows) and column < len(sheet.rows[row]):
        return sheet.rows[row][column]
    return None


def _same(tab: Tab, sheet: OwnSheet) -> bool:
    """Whether a tab holds what an own sheet says, and nothing else."""
    wanted = {
        (row, column): str(value)
        for row, values in enumerate(sheet.rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    return wanted == {(row, column): cells.text(cell) for row, column, cell in tab.filled()}


def _width(sheet: OwnSheet) -> int:
    return max(map(len, sheet.rows), default=0)

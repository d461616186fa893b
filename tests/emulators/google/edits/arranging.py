"""Requests that bring cells to other places: sorting, copying and cutting."""

from __future__ import annotations

from typing import Any

from tests.emulators.google.calc import Calc, Error, Value
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, NotEmulated, Refused
from tests.emulators.google.model import EMPTY, Box, Cell, Sheet
from tests.emulators.google.references import copied

PASTES = {
    "PASTE_NORMAL": None,
    "PASTE_VALUES": ("userEnteredValue", "textFormatRuns", "chipRuns"),
    "PASTE_FORMAT": ("userEnteredFormat",),
    "PASTE_DATA_VALIDATION": ("dataValidation",),
}


@kind("sortRange")
def sort_range(batch: Batch, asked: Json) -> None:
    sheet, box = batch.guarded(asked.get("range"))
    sort(batch, sheet, box, asked.get("sortSpecs", []))


def sort(batch: Batch, sheet: Sheet, box: Box, specs: list[Json]) -> None:
    """Sort the rows of a range. Cells change places; rows and what is tied to them stay."""
    if any(box.meets(each) and each.bottom - each.top > 1 for each in sheet.merges):
        raise Refused("You can't sort a range that contains a vertical merge.")
    calc = Calc(batch.spreadsheet)
    order = list(range(box.top, box.bottom))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        if not box.left <= column < box.right:
            raise Refused(f"Sort column {column} is outside of the range.")
        down = spec.get("sortOrder") == "DESCENDING"
        keys = {row: _key(calc.value(sheet, row, column)) for row in order}
        filled = [row for row in order if keys[row][0] >= 0]
        filled.sort(key=lambda row: keys[row], reverse=down)
        # Blank cells are last in both directions.
        order = filled + [row for row in order if keys[row][0] < 0]
    old = {row: dict(sheet.cells[row]) for row in order}
    for to, row in enumerate(order, box.top):
        for column in range(box.left, box.right):
            sheet.put(to, column, _brought(old[row].get(column, EMPTY), to - row, 0))


def _key(value: Value) -> tuple[int, Any]:
    if value is None or value == "":
        return -1, 0
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, Error):
        return 3, value.code
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


def _brought(cell: Cell, down: int, right: int) -> Cell:
    """A cell in another place: its relative references go along."""
    text = cell.get("userEnteredValue", {}).get("formulaValue")
    if not text or not (down or right):
        return cell
    return {**cell, "userEnteredValue": {"formulaValue": copied(text, down, right)}}


@kind("copyPaste")
def copy_paste(batch: Batch, asked: Json) -> None:
    if asked.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise NotEmulated("copyPaste with a transposed orientation")
    source, box = batch.area(asked.get("source"))
    sheet, to = batch.area(asked.get("destination"))
    height, width = box.bottom - box.top, box.right - box.left
    target = Box(
        to.top,
        min(len(sheet.rows), to.top + _times(to.bottom - to.top, height)),
        to.left,
        min(len(sheet.columns), to.left + _times(to.right - to.left, width)),
    )
    batch.guard(sheet, target)
    fields = _fields(asked)
    old = {at: source.cell(*at) for at in box.cells()}
    for row, column in target.cells():
        at = (box.top + (row - to.top) % height, box.left + (column - to.left) % width)
        cell = _brought(old[at], row - at[0], column - at[1])
        sheet.put(row, column, _pasted(sheet.cell(row, column), cell, fields))


def _times(there: int, count: int) -> int:
    """The source fills a larger target as often as it fits."""
    return max(1, there // count) * count


def _fields(asked: Json) -> tuple[str, ...] | None:
    paste = asked.get("pasteType", "PASTE_NORMAL")
    if paste not in PASTES:
        raise NotEmulated(f"the paste type {paste}")
    return PASTES[paste]


def _pasted(old: Cell, new: Cell, fields: tuple[str, ...] | None) -> Cell:
    if fields is None:
        return new
    kept = {name: each for name, each in old.items() if name not in fields}
    return kept | {name: new[name] for name in fields if name in new}


@kind("cutPaste")
def cut_paste(batch: Batch, asked: Json) -> None:
    """Formulas elsewhere keep naming the old place; the service would follow the cells."""
    source, box = batch.guarded(asked.get("source"))
    start = asked.get("destination", {})
    sheet = batch.sheet(start.get("sheetId"))
    down = start.get("rowIndex", 0) - box.top
    right = start.get("columnIndex", 0) - box.left
    target = Box(box.top + down, box.bottom + down, box.left + right, box.right + right)
    if not sheet.whole().holds(target):
        raise Refused("The destination is too small for the cut range.")
    batch.guard(sheet, target)
    fields = _fields(asked)
    old = {at: source.cell(*at) for at in box.cells()}
    for row, column in box.cells():
        source.put(row, column, _pasted(old[row, column], EMPTY, fields))
    for (row, column), cell in old.items():
        at = (row + down, column + right)
        sheet.put(*at, _pasted(sheet.cell(*at), cell, fields))

"""Requests that change what single cells hold, look like, or are merged to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.google.cells import update_mask, written
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, Refused
from tests.emulators.google.model import Box, Sheet

if TYPE_CHECKING:
    from tests.emulators.google.mask import Mask


@kind("updateCells")
def update_cells(batch: Batch, asked: Json) -> None:
    wanted = update_mask(asked.get("fields", ""), "CellData")
    rows = [row.get("values", []) for row in asked.get("rows", [])]
    if "start" in asked:
        sheet, box = _from(batch, asked["start"], rows)
    else:
        sheet, box = batch.area(asked.get("range"))
        _fits(rows, box)
    batch.guard(sheet, box)
    for row, column in box.cells():
        values = rows[row - box.top] if row - box.top < len(rows) else []
        told = column - box.left < len(values)
        if "start" in asked and not told:
            continue
        new = values[column - box.left] if told else {}
        sheet.put(row, column, written(sheet.cell(row, column), new, wanted))


def _from(batch: Batch, start: Json, rows: list[list[Json]]) -> tuple[Sheet, Box]:
    sheet = batch.sheet(start.get("sheetId"))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    for name, at, size in (
        ("row", top, len(sheet.rows)),
        ("column", left, len(sheet.columns)),
    ):
        if at >= size:
            raise Refused(f"GridCoordinate.{name}Index[{at}] is after last {name} in grid[{size}]")
    box = Box(top, len(sheet.rows), left, len(sheet.columns))
    _fits(rows, box)
    return sheet, Box(top, top + len(rows), left, left + max(map(len, rows), default=0))


def _fits(rows: list[list[Json]], box: Box) -> None:
    for name, count, first, end in (
        ("row", len(rows), box.top, box.bottom),
        ("column", max(map(len, rows), default=0), box.left, box.right),
    ):
        if first + count > end:
            raise Refused(
                f"Attempting to write {name}: {end}, beyond the last requested {name} of: {end - 1}"
            )


@kind("repeatCell")
def repeat_cell(batch: Batch, asked: Json) -> None:
    wanted = update_mask(asked.get("fields", ""), "CellData")
    sheet, box = batch.guarded(asked.get("range"))
    for row, column in box.cells():
        new = written(sheet.cell(row, column), asked.get("cell", {}), wanted)
        if new or sheet.cell(row, column):
            sheet.put(row, column, new)


@kind("setDataValidation")
def set_data_validation(batch: Batch, asked: Json) -> None:
    sheet, box = batch.guarded(asked.get("range"))
    wanted: Mask = {"dataValidation": {}}
    for row, column in box.cells():
        new = written(sheet.cell(row, column), {"dataValidation": asked.get("rule")}, wanted)
        sheet.put(row, column, new)


@kind("mergeCells")
def merge_cells(batch: Batch, asked: Json) -> None:
    sheet, box = batch.guarded(asked.get("range"))
    _whole_merges(sheet, box)
    sheet.merges = [each for each in sheet.merges if not box.holds(each)]
    for made in _merged(box, asked.get("mergeType", "MERGE_ALL")):
        if made.bottom - made.top > 1 or made.right - made.left > 1:
            sheet.merges.append(made)
        for row, column in made.cells():
            if (row, column) != (made.top, made.left):
                cell = sheet.cell(row, column)
                sheet.put(row, column, written(cell, {}, {"userEnteredValue": {}, "note": {}}))


def _merged(box: Box, how: str) -> list[Box]:
    if how == "MERGE_ROWS":
        return [Box(row, row + 1, box.left, box.right) for row in range(box.top, box.bottom)]
    if how == "MERGE_COLUMNS":
        return [Box(box.top, box.bottom, at, at + 1) for at in range(box.left, box.right)]
    return [box]


def _whole_merges(sheet: Sheet, box: Box) -> None:
    if any(box.meets(each) and not box.holds(each) for each in sheet.merges):
        raise Refused("You must select all cells in a merged range to merge or unmerge them.")


@kind("unmergeCells")
def unmerge_cells(batch: Batch, asked: Json) -> None:
    sheet, box = batch.guarded(asked.get("range"))
    _whole_merges(sheet, box)
    sheet.merges = [each for each in sheet.merges if not box.holds(each)]

"""Requests that change rows and columns."""

from __future__ import annotations

from dataclasses import replace

from tests.emulators.google import protection
from tests.emulators.google.cells import update_mask
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, NotEmulated, Refused
from tests.emulators.google.model import PIXELS, Dimension, Line, Sheet
from tests.emulators.google.moving import move
from tests.emulators.google.shift import Delete, Insert, Move

WORDS: dict[Dimension, str] = {"ROWS": "rows", "COLUMNS": "columns"}
CONTROLS = {"ROWS": "rowGroupControlAfter", "COLUMNS": "columnGroupControlAfter"}


def resize(sheet: Sheet, dimension: Dimension, count: int) -> None:
    """Add plain rows or columns at the end."""
    sheet.lines(dimension).extend([Line(PIXELS[dimension])] * count)
    if dimension == "ROWS":
        sheet.cells.extend({} for _ in range(count))


@kind("appendDimension")
def append_dimension(batch: Batch, asked: Json) -> None:
    sheet, dimension, _, _ = batch.lines(asked)
    count = asked.get("length", 0)
    if count < 1:
        raise Refused("length must be at least 1.")
    resize(sheet, dimension, count)
    batch.grown()


@kind("insertDimension")
def insert_dimension(batch: Batch, asked: Json) -> None:
    sheet, dimension, start, end = batch.lines(asked.get("range", {}))
    size = len(sheet.lines(dimension))
    like_before = asked.get("inheritFromBefore", False)
    if start > size or (start == size and not like_before):
        raise Refused(f"range.startIndex[{start}] must be less than the grid size ({size})")
    if like_before and start == 0:
        raise Refused("inheritFromBefore cannot be true at the first row or column.")
    protection.guard_insert(batch.spreadsheet, sheet, dimension, start, batch.user)
    move(batch.spreadsheet, sheet, dimension, Insert(start, end - start, like_before))
    batch.grown()


@kind("deleteDimension")
def delete_dimension(batch: Batch, asked: Json) -> None:
    sheet, dimension, start, end = batch.lines(asked.get("range", {}))
    size = len(sheet.lines(dimension))
    if end > size:
        raise Refused(f"range.endIndex[{end}] is after the last one in the grid[{size}]")
    if end - start >= size:
        raise Refused(f"You can't delete all the {WORDS[dimension]} on the sheet.")
    batch.guard(sheet, batch.band(sheet, dimension, start, end))
    move(batch.spreadsheet, sheet, dimension, Delete(start, end))


@kind("moveDimension")
def move_dimension(batch: Batch, asked: Json) -> None:
    sheet, dimension, start, end = batch.lines(asked.get("source", {}))
    to = asked.get("destinationIndex", 0)
    size = len(sheet.lines(dimension))
    if end > size or not 0 <= to <= size:
        raise Refused(f"Cannot move to index {to} of {size}.")
    if start <= to <= end:
        return
    band = batch.band(sheet, dimension, start, end)
    if any(band.meets(each) and not band.holds(each) for each in sheet.merges):
        raise Refused("You can't move a part of a merged range.")
    batch.guard(sheet, band)
    protection.guard_insert(batch.spreadsheet, sheet, dimension, to, batch.user)
    move(batch.spreadsheet, sheet, dimension, Move(start, end, to))


@kind("updateDimensionProperties")
def update_dimension_properties(batch: Batch, asked: Json) -> None:
    wanted = update_mask(asked.get("fields", ""), "DimensionProperties")
    names = set(wanted) or {"hiddenByUser", "pixelSize"}
    if not names <= {"hiddenByUser", "pixelSize"}:
        raise NotEmulated(f"updateDimensionProperties of {', '.join(sorted(names))}")
    sheet, dimension, start, end = batch.lines(asked.get("range", {}))
    told = asked.get("properties", {})
    lines = sheet.lines(dimension)
    for at in range(start, min(end, len(lines))):
        if "hiddenByUser" in names:
            lines[at] = replace(lines[at], hidden=told.get("hiddenByUser", False))
        if "pixelSize" in names:
            lines[at] = replace(lines[at], pixels=told.get("pixelSize", PIXELS[dimension]))


@kind("addDimensionGroup")
def add_dimension_group(batch: Batch, asked: Json) -> Json:
    sheet, dimension, start, end = batch.lines(asked.get("range", {}))
    span: Json = {"sheetId": sheet.id} if sheet.id else {}
    span |= {"dimension": dimension, "startIndex": start, "endIndex": end}
    if any(each["range"]["dimension"] == dimension for each in sheet.groups):
        raise NotEmulated("a second group of rows or of columns")
    sheet.groups.append({"range": span, "depth": 1})
    grid = sheet.properties.get("gridProperties", {})
    sheet.properties["gridProperties"] = grid | {CONTROLS[dimension]: True}
    return {"dimensionGroups": list(sheet.groups)}


@kind("deleteDimensionGroup")
def delete_dimension_group(batch: Batch, asked: Json) -> Json:
    sheet, dimension, start, end = batch.lines(asked.get("range", {}))
    found = [
        each
        for each in sheet.groups
        if (each["range"]["dimension"], each["range"]["startIndex"], each["range"]["endIndex"])
        == (dimension, start, end)
    ]
    if not found:
        raise Refused("There is no group with this range.")
    sheet.groups.remove(found[0])
    left = [each for each in sheet.groups if each["range"]["dimension"] == dimension]
    return {"dimensionGroups": left} if left else {}

"""The answers of spreadsheets.get: a document, its sheets, and what is in their cells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.emulators.google import cells, formats, mask
from tests.emulators.google.calc import Calc
from tests.emulators.google.model import Area
from tests.emulators.google.protection import may_edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.emulators.google.errors import Json
    from tests.emulators.google.mask import Mask
    from tests.emulators.google.model import Box, Dimension, Line, Sheet, Spreadsheet
    from tests.emulators.google.places import Place

URL = "https://docs.google.com/spreadsheets/d/{}/edit"


def spreadsheet(
    found: Spreadsheet,
    user: str,
    *,
    wanted: Mask | None,
    grid: bool = False,
    places: Sequence[Place] | None = None,
) -> Json:
    """A document as a user sees it; without places, the whole of it.

    What a mask does not want is not worked out; it is not all taken out here.
    """
    calc = Calc(found)
    shown = [(sheet, [sheet.whole()]) for sheet in found.sheets]
    if places:
        shown = [(sheet, [box for each, box in places if each is sheet]) for sheet in found.sheets]
        shown = [(sheet, boxes) for sheet, boxes in shown if boxes]
    data = mask.below(wanted, "sheets", "data") if wanted else ({} if grid else None)
    made: Json = {
        "spreadsheetId": found.id,
        "properties": found.properties,
        "sheets": [_sheet(calc, sheet, boxes, data, user) for sheet, boxes in shown],
        "namedRanges": found.named,
        "spreadsheetUrl": URL.format(found.id),
        "developerMetadata": list(found.metadata),
    }
    return {name: each for name, each in made.items() if each != []}


def properties(sheet: Sheet, index: int) -> Json:
    """The properties of a sheet, with its size."""
    grid = {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)}
    rest = {name: each for name, each in sheet.properties.items() if name != "gridProperties"}
    return {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": grid | sheet.properties.get("gridProperties", {}),
    } | rest


def _sheet(calc: Calc, sheet: Sheet, boxes: list[Box], data: Mask | None, user: str) -> Json:
    made: Json = {"properties": properties(sheet, calc.spreadsheet.sheets.index(sheet))}
    if data is not None:
        made["data"] = [_grid(calc, sheet, box, data) for box in boxes]
    groups = [("rowGroups", "ROWS"), ("columnGroups", "COLUMNS")]
    more: Json = {
        "merges": [box.area.json(sheet.id) for box in sheet.merges],
        "conditionalFormats": sheet.rules,
        "filterViews": sheet.filter_views,
        "protectedRanges": [_protected(calc.spreadsheet, each, user) for each in sheet.protected],
        "developerMetadata": list(sheet.metadata),
        "basicFilter": sheet.basic_filter,
        "tables": [table(calc, sheet, each) for each in sheet.tables],
    }
    for name, dimension in groups:
        more[name] = [each for each in sheet.groups if each["range"]["dimension"] == dimension]
    return made | {name: each for name, each in more.items() if each}


def table(calc: Calc, sheet: Sheet, found: Json) -> Json:
    """A table with its columns, which are named by the cells of its first row."""
    box = Area.of(found["range"]).within(sheet)
    names = [
        cells.formatted(calc.value(sheet, box.top, at), sheet.cell(box.top, at))
        for at in range(box.left, box.right)
    ]
    columns = [{"columnIndex": at, "columnName": name} for at, name in enumerate(names)]
    return found | {"columnProperties": columns}


def _protected(found: Spreadsheet, protected: Json, user: str) -> Json:
    made = dict(protected)
    if may_edit(found, protected, user):
        made["requestingUserCanEdit"] = True
    else:
        # Who may edit is told only to those who may.
        made.pop("editors", None)
    return made


def _grid(calc: Calc, sheet: Sheet, box: Box, wanted: Mask) -> Json:
    made: Json = {}
    if box.top:
        made["startRow"] = box.top
    if box.left:
        made["startColumn"] = box.left
    if not wanted or "rowData" in wanted:
        inner = mask.below(wanted, "rowData", "values")
        rows = [_row(calc, sheet, row, box, inner) for row in range(box.top, box.bottom)]
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            made["rowData"] = rows
    for name, dimension, span in (
        ("rowMetadata", "ROWS", slice(box.top, box.bottom)),
        ("columnMetadata", "COLUMNS", slice(box.left, box.right)),
    ):
        if not wanted or name in wanted:
            lines = sheet.rows if dimension == "ROWS" else sheet.columns
            made[name] = [
                line(each, sheet, dimension, span.start + at)  # type: ignore[arg-type]
                for at, each in enumerate(lines[span])
            ]
    return made


def _row(calc: Calc, sheet: Sheet, row: int, box: Box, wanted: Mask | None) -> Json:
    filled = [at for at in sheet.cells[row] if box.left <= at < box.right]
    if not filled or wanted is None:
        return {}
    # No rule changes how a number is told.
    numbers = (wanted.get("effectiveFormat") or {"": {}}).keys() <= {"numberFormat"}
    look = partial(formats.own if numbers else formats.effective, calc, sheet)
    values = [
        cells.told(calc, sheet, (row, column), wanted, look)
        for column in range(box.left, max(filled) + 1)
    ]
    while values and not values[-1]:
        values.pop()
    return {"values": values} if values else {}


def line(found: Line, sheet: Sheet, dimension: Dimension, at: int) -> Json:
    """The properties of a row or a column."""
    made: Json = {"pixelSize": found.pixels}
    if found.hidden:
        made["hiddenByUser"] = True
    if found.filtered:
        made["hiddenByFilter"] = True
    if found.metadata:
        made["developerMetadata"] = [located(each, sheet, dimension, at) for each in found.metadata]
    return made


def located(metadata: Json, sheet: Sheet, dimension: Dimension, at: int) -> Json:
    """Developer metadata with the place where it is now."""
    span: Json = {"sheetId": sheet.id} if sheet.id else {}
    span |= {"dimension": dimension, "startIndex": at, "endIndex": at + 1}
    kind = "ROW" if dimension == "ROWS" else "COLUMN"
    return metadata | {"location": {"locationType": kind, "dimensionRange": span}}

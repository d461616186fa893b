"""Requests that change whole sheets and the document."""

from __future__ import annotations

from tests.emulators.google import colours, mask, protection, reading, references
from tests.emulators.google.cells import update_mask
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.edits.lines import resize
from tests.emulators.google.errors import Json, NotEmulated, Refused
from tests.emulators.google.model import Dimension, Sheet
from tests.emulators.google.moving import Change, move, rewrite
from tests.emulators.google.shift import Delete

OWN = ("title", "index", "gridProperties", "sheetId", "sheetType")
COUNTS: dict[str, Dimension] = {"rowCount": "ROWS", "columnCount": "COLUMNS"}


@kind("addSheet")
def add_sheet(batch: Batch, asked: Json) -> Json:
    told = asked.get("properties", {})
    if told.get("sheetType", "GRID") != "GRID":
        raise NotEmulated(f"a sheet of type {told['sheetType']}")
    sheets = batch.spreadsheet.sheets
    sheet_id = told["sheetId"] if "sheetId" in told else batch.ids.number("sheet")
    if batch.spreadsheet.by_id(sheet_id):
        raise Refused(f"A sheet with the ID {sheet_id} already exists. Please use another ID.")
    title = told.get("title") or _fresh_title(batch)
    _free_title(batch, title)
    grid = told.get("gridProperties", {})
    made = Sheet.blank(sheet_id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    more = {name: each for name, each in told.items() if name not in OWN}
    rest = {name: each for name, each in grid.items() if name not in COUNTS}
    made.properties = colours.kept(more) | ({"gridProperties": rest} if rest else {})
    at = min(told.get("index", len(sheets)), len(sheets))
    sheets.insert(at, made)
    batch.grown()
    return {"properties": reading.properties(made, at)}


def _fresh_title(batch: Batch) -> str:
    number = len(batch.spreadsheet.sheets) + 1
    while batch.spreadsheet.find(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def _free_title(batch: Batch, title: str) -> None:
    if batch.spreadsheet.find(title):
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')


@kind("deleteSheet")
def delete_sheet(batch: Batch, asked: Json) -> None:
    found = batch.spreadsheet
    sheet = batch.sheet(asked.get("sheetId"))
    if len(found.sheets) == 1:
        raise Refused("You can't remove all the sheets in a document.")
    if protection.closed(found, sheet, batch.user):
        raise Refused(protection.TEXT)
    found.sheets.remove(sheet)
    if all(each.properties.get("hidden") for each in found.sheets):
        raise Refused("You can't remove all the visible sheets in a document.")
    found.named = [each for each in found.named if each["range"].get("sheetId", 0) != sheet.id]
    rewrite(found, _renaming(sheet.title, None))


def _renaming(old: str, new: str | None) -> Change:
    def change(text: str, home: Sheet, *, rule: bool) -> str:
        return references.renamed(text, old, new)

    return change


@kind("updateSheetProperties")
def update_sheet_properties(batch: Batch, asked: Json) -> None:
    told = asked.get("properties", {})
    wanted = update_mask(asked.get("fields", ""), "SheetProperties")
    wanted = wanted or {name: {} for name in told if name != "sheetId"}
    sheet = batch.sheet(told.get("sheetId"))
    if "title" in wanted:
        _retitle(batch, sheet, told.get("title", ""))
    if "index" in wanted:
        _reorder(batch, sheet, told.get("index", 0))
    if "gridProperties" in wanted:
        _regrid(batch, sheet, told.get("gridProperties", {}), wanted["gridProperties"])
    rest = {name: inner for name, inner in wanted.items() if name not in OWN}
    if rest:
        kept = colours.kept({name: each for name, each in told.items() if name in rest})
        sheet.properties = mask.updated(sheet.properties, kept, rest)
        sheet.properties = {name: each for name, each in sheet.properties.items() if each}
    if all(each.properties.get("hidden") for each in batch.spreadsheet.sheets):
        raise Refused("You can't hide all the sheets in a document.")


def _retitle(batch: Batch, sheet: Sheet, title: str) -> None:
    if not title:
        raise Refused("Sheet name cannot be empty.")
    if batch.spreadsheet.find(title) not in (None, sheet):
        _free_title(batch, title)
    old, sheet.title = sheet.title, title
    rewrite(batch.spreadsheet, _renaming(old, title))


def _reorder(batch: Batch, sheet: Sheet, index: int) -> None:
    """Told as things were before the move."""
    sheets = batch.spreadsheet.sheets
    at = sheets.index(sheet)
    if index in (at, at + 1):
        return
    sheets.remove(sheet)
    sheets.insert(index - 1 if index > at else index, sheet)


def _regrid(batch: Batch, sheet: Sheet, told: Json, inner: mask.Mask) -> None:
    inner = inner or {name: {} for name in told}
    for name, dimension in COUNTS.items():
        if name not in inner:
            continue
        size, now = told.get(name, 0), len(sheet.lines(dimension))
        if size < 1:
            raise Refused(f"You can't delete all the {dimension.lower()} on the sheet.")
        if size > now:
            resize(sheet, dimension, size - now)
        elif size < now:
            batch.guard(sheet, batch.band(sheet, dimension, size, now))
            move(batch.spreadsheet, sheet, dimension, Delete(size, now))
    rest = {name: each for name, each in inner.items() if name not in COUNTS}
    if rest:
        grid = mask.updated(sheet.properties.get("gridProperties", {}), told, rest)
        grid = {name: each for name, each in grid.items() if each and name not in COUNTS}
        sheet.properties.pop("gridProperties", None)
        if grid:
            sheet.properties["gridProperties"] = grid
    batch.grown()


@kind("updateSpreadsheetProperties")
def update_spreadsheet_properties(batch: Batch, asked: Json) -> None:
    wanted = update_mask(asked.get("fields", ""), "SpreadsheetProperties")
    told = asked.get("properties", {})
    found = batch.spreadsheet
    found.properties = mask.updated(found.properties, told, wanted or {name: {} for name in told})

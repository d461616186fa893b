"""Requests that change tables (Insert > Table): ranges whose first row names their columns."""

from __future__ import annotations

from tests.emulators.google import reading
from tests.emulators.google.calc import Calc
from tests.emulators.google.cells import update_mask, written
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, NotEmulated, Refused
from tests.emulators.google.model import Area, Box, Sheet

KEPT = ("name", "range", "rowsProperties")
CHANGED = ("name", "range")


@kind("addTable")
def add_table(batch: Batch, asked: Json) -> Json:
    told = asked.get("table", {})
    if set(told) - {*KEPT, "tableId"}:
        raise NotEmulated("a table with types of columns")
    sheet, box = batch.guarded(told.get("range"))
    number = told.get("tableId") or batch.ids.text("table")
    everywhere = [each for every in batch.spreadsheet.sheets for each in every.tables]
    if any(each["tableId"] == number for each in everywhere):
        raise Refused(f"A table with the ID {number} already exists.")
    _apart(sheet, box, number)
    made = {name: told[name] for name in KEPT if name in told}
    made |= {"tableId": number, "range": box.area.json(sheet.id)}
    made.setdefault("name", f"Table{len(everywhere) + 1}")
    sheet.tables.append(made)
    named(batch)
    return {"table": reading.table(Calc(batch.spreadsheet), sheet, made)}


@kind("updateTable")
def update_table(batch: Batch, asked: Json) -> None:
    told = asked.get("table", {})
    wanted = update_mask(asked.get("fields", ""), "Table")
    if not wanted or set(wanted) - {*CHANGED}:
        raise NotEmulated(f"updateTable of {', '.join(sorted(wanted)) or 'everything'}")
    sheet, at = _table(batch, told.get("tableId", ""))
    new = sheet.tables[at] | {name: told[name] for name in wanted}
    home, box = batch.guarded(new["range"])
    if home is not sheet:
        raise Refused("A table cannot be moved to another sheet.")
    _apart(sheet, box, new["tableId"])
    sheet.tables[at] = new | {"range": box.area.json(sheet.id)}


@kind("deleteTable")
def delete_table(batch: Batch, asked: Json) -> None:
    """The table goes, and all that is in it."""
    sheet, at = _table(batch, asked.get("tableId", ""))
    _, box = batch.guarded(sheet.tables.pop(at)["range"])
    for row, column in box.cells():
        blank = written(sheet.cell(row, column), {}, {"userEnteredValue": {}, "note": {}})
        sheet.put(row, column, blank)


def named(batch: Batch) -> None:
    """Give each column of a table a name whose heading is blank."""
    for sheet in batch.spreadsheet.sheets:
        for each in sheet.tables:
            box = Area.of(each["range"]).within(sheet)
            for number, at in enumerate(range(box.left, box.right), 1):
                cell = sheet.cell(box.top, at)
                if not cell.get("userEnteredValue"):
                    heading = {"userEnteredValue": {"stringValue": f"Column {number}"}}
                    sheet.put(box.top, at, written(cell, heading, {"userEnteredValue": {}}))


def _table(batch: Batch, number: str) -> tuple[Sheet, int]:
    for sheet in batch.spreadsheet.sheets:
        for at, each in enumerate(sheet.tables):
            if each["tableId"] == number:
                return sheet, at
    raise Refused(f"No table with id: {number}")


def _apart(sheet: Sheet, box: Box, number: str) -> None:
    for each in sheet.tables:
        if each["tableId"] != number and box.meets(Area.of(each["range"]).within(sheet)):
            raise Refused("A table cannot overlap another table.")

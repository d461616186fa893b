"""The methods of the Sheets API, one function each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.emulators.google import metadata, places, reading, values
from tests.emulators.google.calc import Calc
from tests.emulators.google.edits import tables
from tests.emulators.google.edits.batch import Batch
from tests.emulators.google.edits.kinds import KINDS
from tests.emulators.google.errors import ApiError, Json, NotEmulated, Refused
from tests.emulators.google.model import Area, Box, Sheet, Spreadsheet
from tests.emulators.google.world import Call, World

if TYPE_CHECKING:
    from tests.emulators.google.places import Place

Method = Callable[[World, Call], Json]
METHODS: dict[str, Method] = {}
# All other methods write, as far as the quota goes.
READS = (
    *("spreadsheets.get", "spreadsheets.getByDataFilter"),
    *("spreadsheets.values.get", "spreadsheets.values.batchGet"),
    "spreadsheets.values.batchGetByDataFilter",
    *("spreadsheets.developerMetadata.get", "spreadsheets.developerMetadata.search"),
)


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function as the one that answers a method."""

    def entered(function: Method) -> Method:
        METHODS[f"spreadsheets.{name}"] = function
        return function

    return entered


def _asked(found: Spreadsheet, ranges: list[str]) -> list[Place]:
    return [places.place(found, each) for each in ranges]


@method("get")
def get(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    return reading.spreadsheet(
        found,
        call.user,
        wanted=call.mask,
        grid=call.query.get("includeGridData", False),
        places=_asked(found, call.query.get("ranges", [])),
    )


@method("getByDataFilter")
def get_by_data_filter(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    asked = [each for told in call.body.get("dataFilters", []) for each in _filtered(found, told)]
    return reading.spreadsheet(
        found,
        call.user,
        wanted=call.mask,
        grid=call.body.get("includeGridData", False),
        places=asked,
    )


def _filtered(found: Spreadsheet, told: Json) -> list[Place]:
    if "a1Range" in told:
        return [places.place(found, told["a1Range"])]
    if "gridRange" in told:
        return [_grid(found, told["gridRange"])]
    made: list[Place] = []
    for each in metadata.matching(found, [told]):
        location = each["location"]
        span = location.get("dimensionRange", {})
        edges = (span.get("startIndex"), span.get("endIndex"))
        rows = span.get("dimension") == "ROWS"
        area = Area(rows=edges) if rows else Area(columns=edges)
        sheet_id = span.get("sheetId", location.get("sheetId", 0))
        made += [
            (sheet, area.within(sheet))
            for sheet in found.sheets
            if sheet.id == sheet_id or "spreadsheet" in location
        ]
    return made


def _grid(found: Spreadsheet, told: Json) -> Place:
    sheet = found.by_id(told.get("sheetId", 0))
    if sheet is None:
        raise ApiError(400, f"No grid with id: {told.get('sheetId', 0)}")
    return sheet, Area.of(told).within(sheet)


@method("create")
def create(world: World, call: Call) -> Json:
    told = call.body.get("properties", {})
    made = world.create(told.get("title") or "Untitled spreadsheet", call.user)
    made.properties |= told
    if call.body.get("sheets"):
        made.sheets.clear()
    batch = Batch(made, call.user, world.ids)
    for at, each in enumerate(call.body.get("sheets", [])):
        if set(each) - {"properties"}:
            raise NotEmulated("spreadsheets.create with more than the properties of sheets")
        properties = each.get("properties", {})
        KINDS["addSheet"](batch, {"properties": properties | {"index": at}})
    return reading.spreadsheet(made, call.user, wanted=call.mask)


@method("batchUpdate")
def batch_update(world: World, call: Call) -> Json:
    asked = call.body.get("requests", [])
    if not asked:
        raise ApiError(400, "Must specify at least one request.")
    draft = world.draft(call.path["spreadsheetId"], call.user)
    batch = Batch(draft, call.user, world.ids)
    replies = [_carried_out(batch, number, each) for number, each in enumerate(asked)]
    made: Json = {"spreadsheetId": draft.id, "replies": replies}
    told = call.mask is None or "updatedSpreadsheet" in call.mask
    if call.body.get("includeSpreadsheetInResponse") and told:
        inner = call.mask["updatedSpreadsheet"] if call.mask else None
        made["updatedSpreadsheet"] = reading.spreadsheet(
            draft,
            call.user,
            wanted=inner,
            grid=call.body.get("responseIncludeGridData", False),
            places=_asked(draft, call.body.get("responseRanges", [])),
        )
    world.commit(draft)
    return made


def _carried_out(batch: Batch, number: int, asked: Json) -> Json:
    if not asked:
        raise ApiError(400, f"Invalid requests[{number}]: No request set.")
    [(kind, told)] = asked.items()
    if kind not in KINDS:
        raise NotEmulated(f"the request {kind}")
    try:
        reply = KINDS[kind](batch, told)
    except Refused as refused:
        raise ApiError(400, f"Invalid requests[{number}].{kind}: {refused}") from None
    tables.named(batch)
    return {} if reply is None else {kind: reply}


@method("developerMetadata.get")
def metadata_get(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    for each in metadata.every(found):
        if str(each["metadataId"]) == call.path["metadataId"]:
            return each
    raise ApiError(404)


@method("developerMetadata.search")
def metadata_search(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    hits = metadata.matching(found, call.body.get("dataFilters", []))
    return (
        {"matchedDeveloperMetadata": [{"developerMetadata": each} for each in hits]} if hits else {}
    )


@method("values.get")
def values_get(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    sheet, box = places.place(found, call.path["range"])
    return values.read(Calc(found), sheet, box, values.Reading.of(call.query))


@method("values.batchGet")
def values_batch_get(world: World, call: Call) -> Json:
    found = world.read(call.path["spreadsheetId"], call.user)
    calc, how = Calc(found), values.Reading.of(call.query)
    asked = _asked(found, call.query.get("ranges", []))
    told = [values.read(calc, sheet, box, how) for sheet, box in asked]
    return {"spreadsheetId": found.id} | ({"valueRanges": told} if told else {})


@method("values.update")
def values_update(world: World, call: Call) -> Json:
    draft = world.draft(call.path["spreadsheetId"], call.user)
    writer = values.Writer.of(draft, call.user, call.query)
    made, sheet, box = writer.write(call.path["range"], call.body)
    made |= _written(call.query, draft, sheet, box)
    world.commit(draft)
    return made


def _written(asked: Json, draft: Spreadsheet, sheet: Sheet, box: Box) -> Json:
    if not asked.get("includeValuesInResponse"):
        return {}
    how = values.Reading.of(asked, "response")
    return {"updatedData": values.read(Calc(draft), sheet, box, how)}


@method("values.batchUpdate")
def values_batch_update(world: World, call: Call) -> Json:
    draft = world.draft(call.path["spreadsheetId"], call.user)
    writer = values.Writer.of(draft, call.user, call.body)
    responses = []
    rows: set[tuple[int, int]] = set()
    columns: set[tuple[int, int]] = set()
    for told in call.body.get("data", []):
        made, sheet, box = writer.write(told.get("range", ""), told)
        rows |= {(sheet.id, row) for row in range(box.top, box.bottom)}
        columns |= {(sheet.id, column) for column in range(box.left, box.right)}
        responses.append(made | _written(call.body, draft, sheet, box))
    world.commit(draft)
    return {
        "spreadsheetId": draft.id,
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(each.get("updatedCells", 0) for each in responses),
        "totalUpdatedSheets": len({sheet_id for sheet_id, _ in rows}),
        "responses": responses,
    }


@method("values.append")
def values_append(world: World, call: Call) -> Json:
    if call.query.get("insertDataOption") == "INSERT_ROWS":
        raise NotEmulated("values.append that inserts rows")
    draft = world.draft(call.path["spreadsheetId"], call.user)
    writer = values.Writer.of(draft, call.user, call.query)
    made, sheet, box = values.append(writer, call.path["range"], call.body)
    made["updates"] |= _written(call.query, draft, sheet, box)
    world.commit(draft)
    return made


@method("values.clear")
def values_clear(world: World, call: Call) -> Json:
    draft = world.draft(call.path["spreadsheetId"], call.user)
    cleared = values.clear(draft, call.user, call.path["range"])
    world.commit(draft)
    return {"spreadsheetId": draft.id, "clearedRange": cleared}


@method("values.batchClear")
def values_batch_clear(world: World, call: Call) -> Json:
    draft = world.draft(call.path["spreadsheetId"], call.user)
    cleared = [values.clear(draft, call.user, each) for each in call.body.get("ranges", [])]
    world.commit(draft)
    return {"spreadsheetId": draft.id, "clearedRanges": cleared}

"""Requests that change filters, and which rows they hide."""

from __future__ import annotations

from dataclasses import replace

from tests.emulators.google import mask
from tests.emulators.google.calc import Calc, Spot
from tests.emulators.google.cells import formatted, update_mask
from tests.emulators.google.edits.arranging import sort
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, NotEmulated, Refused
from tests.emulators.google.formats import fulfils
from tests.emulators.google.model import Area, Sheet


@kind("setBasicFilter")
def set_basic_filter(batch: Batch, asked: Json) -> None:
    told = asked.get("filter", {})
    sheet, box = batch.guarded(told.get("range"))
    sheet.basic_filter = told | {"range": box.area.json(sheet.id)}
    if told.get("sortSpecs"):
        body = replace(box, top=min(box.top + 1, box.bottom))
        sort(batch, sheet, body, told["sortSpecs"])
    _hide(batch, sheet)


@kind("clearBasicFilter")
def clear_basic_filter(batch: Batch, asked: Json) -> None:
    sheet = batch.sheet(asked.get("sheetId"))
    sheet.basic_filter = None
    sheet.rows = [replace(line, filtered=False) for line in sheet.rows]


def _hide(batch: Batch, sheet: Sheet) -> None:
    """Hide the rows below the header that the filter leaves out."""
    told = sheet.basic_filter or {}
    box = Area.of(told["range"]).within(sheet)
    criteria = {int(at): each for at, each in told.get("criteria", {}).items()}
    for spec in told.get("filterSpecs", ()):
        criteria[spec.get("columnIndex", 0)] = spec.get("filterCriteria", {})
    calc = Calc(batch.spreadsheet)
    for row in range(box.top + 1, box.bottom):
        out = any(_left_out(calc, Spot(sheet, row, at), each) for at, each in criteria.items())
        sheet.rows[row] = replace(sheet.rows[row], filtered=out)


def _left_out(calc: Calc, spot: Spot, criteria: Json) -> bool:
    if set(criteria) - {"hiddenValues", "condition"}:
        raise NotEmulated("a filter by colour")
    shown = formatted(
        calc.value(spot.sheet, spot.row, spot.column), spot.sheet.cell(spot.row, spot.column)
    )
    condition = criteria.get("condition")
    return shown in criteria.get("hiddenValues", ()) or bool(
        condition and not fulfils(calc, spot, condition)
    )


@kind("addFilterView")
def add_filter_view(batch: Batch, asked: Json) -> Json:
    told = asked.get("filter", {})
    sheet, box = batch.area(told.get("range"))
    number = told["filterViewId"] if "filterViewId" in told else batch.ids.number("filter")
    made = told | {"filterViewId": number, "range": box.area.json(sheet.id)}
    sheet.filter_views.append(made)
    return {"filter": made}


def _view(batch: Batch, number: int) -> tuple[Sheet, int]:
    for sheet in batch.spreadsheet.sheets:
        for at, each in enumerate(sheet.filter_views):
            if each["filterViewId"] == number:
                return sheet, at
    raise Refused(f"No filter view with id: {number}")


@kind("updateFilterView")
def update_filter_view(batch: Batch, asked: Json) -> None:
    told = asked.get("filter", {})
    wanted = update_mask(asked.get("fields", ""), "FilterView")
    sheet, at = _view(batch, told.get("filterViewId", 0))
    made = mask.updated(sheet.filter_views[at], told, wanted or {name: {} for name in told})
    _, box = batch.area(made.get("range"))
    sheet.filter_views[at] = made | {"range": box.area.json(sheet.id)}


@kind("deleteFilterView")
def delete_filter_view(batch: Batch, asked: Json) -> None:
    sheet, at = _view(batch, asked.get("filterId", 0))
    del sheet.filter_views[at]

"""Requests that change conditional formats: rules of a sheet, known by their place in its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.google import colours
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, Refused

if TYPE_CHECKING:
    from tests.emulators.google.model import Sheet


def _rule(batch: Batch, told: Json) -> tuple[Sheet, Json]:
    ranges = told.get("ranges", [])
    if not ranges:
        raise Refused("A conditional format rule must have at least one range.")
    if len({each.get("sheetId", 0) for each in ranges}) > 1:
        raise Refused("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in told) == ("gradientRule" in told):
        raise Refused("A conditional format rule must have a boolean or a gradient rule.")
    if "booleanRule" in told and not told["booleanRule"].get("condition", {}).get("type"):
        raise Refused("ConditionType must be specified.")
    boxes = [batch.area(each) for each in ranges]
    sheet = boxes[0][0]
    made: Json = colours.kept(told)
    return sheet, made | {"ranges": [box.area.json(sheet.id) for _, box in boxes]}


def _at(sheet: Sheet, index: int) -> int:
    if not 0 <= index < len(sheet.rules):
        raise Refused(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return index


@kind("addConditionalFormatRule")
def add_rule(batch: Batch, asked: Json) -> None:
    sheet, made = _rule(batch, asked.get("rule", {}))
    index = asked.get("index", 0)
    if not 0 <= index <= len(sheet.rules):
        raise Refused(f"No conditional format on sheet: {sheet.id} at index: {index}")
    sheet.rules.insert(index, made)


@kind("updateConditionalFormatRule")
def update_rule(batch: Batch, asked: Json) -> Json:
    index = asked.get("index", 0)
    if "rule" in asked:
        sheet, made = _rule(batch, asked["rule"])
        old = sheet.rules[_at(sheet, index)]
        sheet.rules[index] = made
        return {"oldRule": old, "oldIndex": index, "newRule": made, "newIndex": index}
    sheet = batch.sheet(asked.get("sheetId"))
    new = asked.get("newIndex", 0)
    made = sheet.rules.pop(_at(sheet, index))
    sheet.rules.insert(new, made)
    return {"newRule": made, "newIndex": new, "oldIndex": index}


@kind("deleteConditionalFormatRule")
def delete_rule(batch: Batch, asked: Json) -> Json:
    sheet = batch.sheet(asked.get("sheetId"))
    return {"rule": sheet.rules.pop(_at(sheet, asked.get("index", 0)))}

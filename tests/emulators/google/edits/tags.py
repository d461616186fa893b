"""Requests that change developer metadata."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.emulators.google import metadata
from tests.emulators.google.cells import update_mask
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, NotEmulated, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.model import Line

VISIBLE = ("DOCUMENT", "PROJECT")


@kind("createDeveloperMetadata")
def create(batch: Batch, asked: Json) -> Json:
    told = asked.get("developerMetadata", {})
    if not told.get("metadataKey"):
        raise Refused("Developer metadata must have a key.")
    if told.get("visibility") not in VISIBLE:
        raise Refused("Developer metadata must have a visibility.")
    number = told["metadataId"] if "metadataId" in told else batch.ids.number("metadata")
    if any(each["metadataId"] == number for each in metadata.every(batch.spreadsheet)):
        raise Refused(f"Developer metadata with id {number} already exists.")
    made = {
        "metadataId": number,
        "metadataKey": told["metadataKey"],
        "visibility": told["visibility"],
    }
    if told.get("metadataValue"):
        made["metadataValue"] = told["metadataValue"]
    _tie(batch, made, told.get("location", {}))
    [stored] = [each for each in metadata.every(batch.spreadsheet) if each["metadataId"] == number]
    return {"developerMetadata": stored}


def _tie(batch: Batch, made: Json, place: Json) -> None:
    if place.get("spreadsheet"):
        where = {"locationType": "SPREADSHEET", "spreadsheet": True}
        batch.spreadsheet.metadata += (made | {"location": where},)
    elif "sheetId" in place:
        sheet = batch.sheet(place["sheetId"])
        sheet.metadata += (
            made | {"location": {"locationType": "SHEET", "sheetId": place["sheetId"]}},
        )
    elif "dimensionRange" in place:
        sheet, dimension, start, end = batch.lines(place["dimensionRange"])
        lines = sheet.lines(dimension)
        if end - start != 1 or end > len(lines):
            raise Refused("Developer metadata must be tied to a single row or column.")
        lines[start] = replace(lines[start], metadata=(*lines[start].metadata, made))
    else:
        raise Refused("Developer metadata must have a location.")


def _changed(batch: Batch, change: Callable[[Json], Json | None]) -> None:
    """Change all metadata of the document; what becomes None is gone."""

    def kept(items: tuple[Json, ...]) -> tuple[Json, ...]:
        return tuple(new for each in items if (new := change(each)) is not None)

    found = batch.spreadsheet
    found.metadata = kept(found.metadata)
    for sheet in found.sheets:
        sheet.metadata = kept(sheet.metadata)
        for lines in (sheet.rows, sheet.columns):
            lines[:] = [_line(line, kept) for line in lines]


def _line(line: Line, kept: Callable[[tuple[Json, ...]], tuple[Json, ...]]) -> Line:
    return replace(line, metadata=kept(line.metadata)) if line.metadata else line


@kind("deleteDeveloperMetadata")
def delete(batch: Batch, asked: Json) -> Json:
    gone = metadata.matching(batch.spreadsheet, [asked.get("dataFilter", {})])
    numbers = {each["metadataId"] for each in gone}
    _changed(batch, lambda each: None if each["metadataId"] in numbers else each)
    return {"deletedDeveloperMetadata": gone} if gone else {}


@kind("updateDeveloperMetadata")
def update(batch: Batch, asked: Json) -> Json:
    wanted = update_mask(asked.get("fields", ""), "DeveloperMetadata")
    told = asked.get("developerMetadata", {})
    names = set(wanted) or (set(told) - {"metadataId"})
    if not names <= {"metadataKey", "metadataValue", "visibility"}:
        raise NotEmulated(f"updateDeveloperMetadata of {', '.join(sorted(names))}")
    found = metadata.matching(batch.spreadsheet, asked.get("dataFilters", []))
    numbers = {each["metadataId"] for each in found}
    new = {name: told[name] for name in names if told.get(name)}

    def change(each: Json) -> Json:
        if each["metadataId"] not in numbers:
            return each
        return {name: value for name, value in each.items() if name not in names} | new

    _changed(batch, change)
    changed = [each for each in metadata.every(batch.spreadsheet) if each["metadataId"] in numbers]
    return {"developerMetadata": changed}

"""Developer metadata: found wherever it is tied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulators.google.reading import located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulators.google.errors import Json
    from tests.emulators.google.model import Dimension, Spreadsheet

DIMENSIONS: tuple[Dimension, Dimension] = ("ROWS", "COLUMNS")
ASKED = ("metadataId", "metadataKey", "metadataValue", "visibility")


def every(found: Spreadsheet) -> Iterator[Json]:
    """All metadata of a document, each with its place."""
    yield from found.metadata
    for sheet in found.sheets:
        yield from sheet.metadata
        for dimension in DIMENSIONS:
            for at, line in enumerate(sheet.lines(dimension)):
                for each in line.metadata:
                    yield located(each, sheet, dimension, at)


def matching(found: Spreadsheet, filters: list[Json]) -> list[Json]:
    """The metadata that any of some filters asks for."""
    lookups = [each.get("developerMetadataLookup", {}) for each in filters]
    return [each for each in every(found) if any(_fits(each, lookup) for lookup in lookups)]


def _fits(metadata: Json, lookup: Json) -> bool:
    if not lookup:
        return False
    location = metadata["location"]
    wanted = lookup.get("metadataLocation")
    return (
        all(metadata.get(name) == lookup[name] for name in ASKED if name in lookup)
        and lookup.get("locationType", location["locationType"]) == location["locationType"]
        and (wanted is None or _within(location, wanted))
    )


def _within(location: Json, wanted: Json) -> bool:
    """The same place; a dimension range is the same with and without a sheet id of 0."""
    if "dimensionRange" in wanted:
        here, asked = location.get("dimensionRange", {}), wanted["dimensionRange"]
        return bool({"sheetId": 0, **here} == {"sheetId": 0, **asked})
    return all(location.get(name) == each for name, each in wanted.items())

"""A tab as a `Grid`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sheets.books.google import cells
from sheets.grid import HEAD_ROWS, Area, Cells, Grid, ListObject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.google.snapshot import Tab


def of(tab: Tab) -> Grid:
    """One tab as it was found; own columns that were renamed are under their own header again."""
    merged = [area(one, tab) for one in tab.raw.get("merges", ())]
    spread = _spread(tab, merged)
    head: dict[int, dict[int, str]] = {}
    for row, values in enumerate(tab.cells, 1):
        told = {at: text for at, cell in enumerate(values, 1) if (text := cells.text(cell))}
        if told:
            head[row] = told
        if len(head) == HEAD_ROWS:
            break
    for (row, column), text in spread.items():
        if row in head:
            head[row][column] = text
    for (row, column), header in _renamed(tab, head).items():
        head[row][column] = spread[row, column] = header
    properties = tab.raw.get("properties", {})
    return Grid(
        tab.title,
        {row: dict(sorted(told.items())) for row, told in head.items()},
        partial(_load, tab, spread),
        list_objects=[
            ListObject(
                one.get("name", ""),
                area(one["range"], tab),
                totals_rows=int("footerColorStyle" in one.get("rowsProperties", {})),
            )
            for one in tab.raw.get("tables", ())
            if "range" in one
        ],
        filter=area(tab.raw["basicFilter"]["range"], tab) if _filtered(tab) else None,
        merged=merged,
        state="hidden" if properties.get("hidden") else "visible",
        protected=is_protected(tab),
    )


def area(given: Mapping[str, Any], tab: Tab) -> Area:
    """A GridRange, of which open ends reach to the end of the grid."""
    return Area(
        given.get("startRowIndex", 0) + 1,
        given.get("startColumnIndex", 0) + 1,
        given.get("endRowIndex", tab.height),
        given.get("endColumnIndex", tab.width),
    )


def is_protected(tab: Tab) -> bool:
    """Whether the whole tab is protected against whoever is signed in."""
    return any(
        not {"startRowIndex", "startColumnIndex"} & one["range"].keys()
        and not one.get("unprotectedRanges")
        for one in _protections(tab)
    )


def closed(tab: Tab, cells: Collection[tuple[int, int]]) -> Area | None:
    """A protected area that keeps whoever is signed in from changing one of some cells."""
    # Columns at the edge may be about to be added.
    wide = replace(tab, width=max([tab.width, *(column for _, column in cells)]))
    for one in _protections(tab):
        held = area(one["range"], wide)
        free = [area(part, wide) for part in one.get("unprotectedRanges", ())]
        if any(held.holds(*at) and not any(part.holds(*at) for part in free) for at in cells):
            return held
    return None


def _protections(tab: Tab) -> Iterator[Mapping[str, Any]]:
    """What is protected against whoever is signed in."""
    for one in tab.raw.get("protectedRanges", ()):
        if "range" in one and not one.get("requestingUserCanEdit") and not one.get("warningOnly"):
            yield one


def _filtered(tab: Tab) -> bool:
    return "range" in tab.raw.get("basicFilter", {})


def _renamed(tab: Tab, head: Mapping[int, Mapping[int, str]]) -> dict[tuple[int, int], str]:
    """The headers of own columns, known by their metadata, where they are not to be seen."""
    return {
        (next(row for row, told in head.items() if column in told), column): one.header
        for column, one in tab.own.items()
        if any(column in told for told in head.values())
        and not any(told.get(column) == one.header for told in head.values())
    }


def _spread(tab: Tab, merged: Sequence[Area]) -> dict[tuple[int, int], str]:
    """The texts of merged areas in all their cells but the first."""
    return {
        (row, column): text
        for one in merged
        if (text := cells.text(tab.cell(one.first_row, one.first_column)))
        for row in range(one.first_row, one.last_row + 1)
        for column in range(one.first_column, one.last_column + 1)
        if (row, column) != (one.first_row, one.first_column)
    }


def _load(tab: Tab, instead: Mapping[tuple[int, int], str], columns: Collection[int]) -> Cells:
    """Read some columns; some cells are told by what stands for them."""
    import polars as pl

    asked = sorted({column for column in columns if column > 0})
    odd = {}
    texts: dict[int, list[str | None]] = {column: [] for column in asked}
    for row in range(1, len(tab.cells) + 1):
        for column in asked:
            cell = tab.cell(row, column)
            texts[column].append(instead.get((row, column)) or cells.text(cell))
            if (found := cells.odd(cell)) is not None:
                odd[row, column] = found
    frame = pl.DataFrame(
        {"_row": range(1, len(tab.cells) + 1)}
        | {str(column): values for column, values in texts.items()},
        schema={"_row": pl.UInt32} | {str(column): pl.String for column in asked},
    )
    rows, last_column = tab.extent
    return Cells(
        frame,
        odd,
        last_row=max(rows, default=0),
        last_column=last_column,
        hidden_rows=len(rows & tab.hidden_rows),
    )

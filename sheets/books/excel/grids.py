"""A worksheet as a `Grid`."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sheets.books.excel import values
from sheets.grid import HEAD_ROWS, Cells, Grid, ListObject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sheets.books.excel.snapshot import Sheet


def of(sheet: Sheet) -> Grid:
    """One worksheet as it was found."""
    spread = _spread(sheet)
    head = {row: dict(told) for row, told in islice(sheet.filled(), HEAD_ROWS)}
    for (row, column), text in spread.items():
        if row in head:
            head[row][column] = text
    return Grid(
        sheet.title,
        {row: dict(sorted(told.items())) for row, told in head.items()},
        partial(_load, sheet, spread),
        list_objects=[
            ListObject(one.name, one.area, int(one.header), int(one.totals)) for one in sheet.tables
        ],
        filter=sheet.filter,
        merged=sheet.merged,
        state=sheet.state,
        protected=sheet.protected,
        formulas=partial(_formulas, sheet),
    )


def _formulas(sheet: Sheet, columns: Collection[int]) -> Collection[tuple[int, int]]:
    return {
        (row, column)
        for row in range(sheet.area.first_row, sheet.area.last_row + 1)
        for column in columns
        if sheet.is_formula(row, column)
    }


def _spread(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The texts of merged areas in all their cells but the first."""
    return {
        (row, column): text
        for one in sheet.merged
        if (text := sheet.text(one.first_row, one.first_column))
        for row in range(one.first_row, one.last_row + 1)
        for column in range(one.first_column, one.last_column + 1)
        if (row, column) != (one.first_row, one.first_column)
    }


def _load(sheet: Sheet, spread: Mapping[tuple[int, int], str], columns: Collection[int]) -> Cells:
    import polars as pl

    asked = sorted({column for column in columns if column > 0})
    rows = range(sheet.area.first_row, sheet.area.last_row + 1)
    texts: dict[int, list[str | None]] = {}
    found = {}
    for column in asked:
        texts[column] = [spread.get((row, column)) or sheet.text(row, column) for row in rows]
        for row in rows:
            if (one := values.odd(sheet.value(row, column))) is not None:
                found[row, column] = one
    frame = pl.DataFrame(
        {"_row": rows} | {str(column): told for column, told in texts.items()},
        schema={"_row": pl.UInt32} | {str(column): pl.String for column in asked},
    )
    last_row, last_column = _extent(sheet)
    return Cells(frame, found, last_row, last_column, hidden_rows=len(sheet.hidden))


def _extent(sheet: Sheet) -> tuple[int, int]:
    """The last row and the last column that hold anything."""
    last_row = last_column = 0
    for row, told in enumerate(sheet.told, sheet.area.first_row):
        for column in range(sheet.area.last_column, sheet.area.first_column - 1, -1):
            value = told[column - sheet.area.first_column]
            if value not in (None, "") or sheet.is_formula(row, column):
                last_row, last_column = row, max(last_column, column)
                break
    return last_row, last_column

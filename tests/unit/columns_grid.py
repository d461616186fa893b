"""Sheets made of Python lists, for the tests of recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from sheets.grid import HEAD_ROWS, Area, Cells, Grid, ListObject, Odd

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Rows = "Sequence[Sequence[str | None]]"


def grid_of(
    rows: Sequence[Sequence[str | None]],
    title: str = "Sheet1",
    *,
    at: tuple[int, int] = (1, 1),
    merged: Sequence[str] = (),
    tables: Mapping[str, str] | None = None,
    totals: int = 0,
    odd: Mapping[tuple[int, int], Odd] | None = None,
    hidden_rows: int = 0,
    loads: list[Collection[int]] | None = None,
    **more: Any,
) -> Grid:
    """A sheet with these rows; None is an empty cell.

    Args:
        rows: The cells, row by row.
        title: The tab's name.
        at: Row and column of the first cell.
        merged: References of merged areas; they are filled in.
        tables: Name -> reference of tables in the program's own sense.
        totals: How many totals rows each of them has.
        odd: Cells with errors or formulas without a result.
        hidden_rows: As in `Cells`.
        loads: What is loaded is noted here.
        more: Anything else that a `Grid` has.
    """
    texts = {
        (at[0] + r, at[1] + c): text
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text is not None
    }
    areas = [Area.parse(ref) for ref in merged]
    for area in areas:
        anchor = texts.get((area.first_row, area.first_column))
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                if anchor is not None:
                    texts[row, column] = anchor
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in sorted(texts.items()):
        by_row.setdefault(row, {})[column] = text
    strange = dict(odd or {})
    places = [*texts, *strange, (0, 0)]

    def load(columns: Collection[int]) -> Cells:
        if loads is not None:
            loads.append(columns)
        wanted = sorted(set(columns))
        kept = [(row, cells) for row, cells in by_row.items() if cells.keys() & set(wanted)]
        frame = pl.DataFrame(
            {
                "_row": pl.Series([row for row, _ in kept], dtype=pl.UInt32),
                **{
                    str(c): pl.Series([cells.get(c) for _, cells in kept], dtype=pl.String)
                    for c in wanted
                },
            }
        )
        return Cells(
            frame,
            {place: one for place, one in strange.items() if place[1] in wanted},
            last_row=max(row for row, _ in places),
            last_column=max(column for _, column in places),
            hidden_rows=hidden_rows,
        )

    return Grid(
        title,
        head=dict(list(by_row.items())[:HEAD_ROWS]),
        load=load,
        list_objects=[
            ListObject(name, Area.parse(ref), totals_rows=totals)
            for name, ref in (tables or {}).items()
        ],
        merged=areas,
        **more,
    )

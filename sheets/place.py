"""Where Reveal's own columns go: after the last used column, or where they already are.

Never in the middle: inserting columns breaks people's drop-downs and formulas. Next to a table
or an AutoFilter they must touch it, because a verdict outside the sorted range would be torn from
its person by the first sort.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets.errors import PlaceTaken
from sheets.grid import Patch, letters
from sheets.rules.model import ROW, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.grid import Grid

OWN_HEADERS = ("Revealed?", "What to fix")
ROLL_UP_HEADER = "Revealed guardians"

_OWN = re.compile(r"(?:Revealed\?|What to fix)(?: \(.+\))?|Revealed guardians")


def is_own(text: str) -> bool:
    """Whether a header is one of Reveal's own columns.

    Example:
        >>> is_own("Revealed?"), is_own("What to fix (Guardian 2)"), is_own("Revealed")
        (True, True, False)
    """
    return _OWN.fullmatch(text) is not None


def own_columns(found: Found) -> Mapping[str, int]:
    """Return own header -> column for one table.

    Columns that an earlier run left are used again. The others come after the last used column.

    Raises:
        PlaceTaken: They would not touch the table or filter that they belong to.
    """
    columns = dict(found.own)
    missing = [header for header in OWN_HEADERS if header not in columns]
    if not missing or found.cells is None:
        return columns
    merged = [
        area.last_column
        for area in found.grid.merged
        if area.first_row <= found.last_row and area.last_row >= found.header_row
    ]
    start = max(found.cells.last_column, *columns.values(), *merged, 0) + 1
    _must_touch(found, start)
    for offset, header in enumerate(missing):
        columns[header] = start + offset
    return columns


def _must_touch(found: Found, start: int) -> None:
    """Refuse a place that is not right beside the table or filter which holds the header row."""
    grid, row = found.grid, found.header_row
    areas = [("table", item.area) for item in grid.list_objects]
    if grid.filter is not None:
        areas.append(("filter", grid.filter))
    fields = {place.column for place in found.fields.values()}
    for what, area in areas:
        claimed = any(area.holds(row, column) for column in fields)
        if claimed and area.last_column != start - 1:
            raise PlaceTaken(
                f"The {what} {area.ref} ends at column {letters(area.last_column)}, but column "
                f"{letters(start - 1)} is used too, so the result would stand apart from it and "
                "be torn from its people by the next sort.",
                hint=f"Extend the {what} to column {letters(start - 1)}, or move away what stands "
                f"right of it (or remove the {what}), and check again.",
                where=grid.where,
            )


def require_apart(found: Sequence[Found]) -> None:
    """Refuse two tables whose verdicts would stand in the same rows of one sheet.

    Raises:
        PlaceTaken: They stand side by side, so that nobody could tell whose verdict is whose.
    """
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            overlap = (
                one.grid is other.grid
                and one.header_row <= other.last_row
                and other.header_row <= one.last_row
            )
            if overlap:
                raise PlaceTaken(
                    "Two lists of people stand side by side, so their results would mix.",
                    hint="Move one of them to a sheet of its own, and check again.",
                    where=one.grid.where,
                )


def earlier(grid: Grid) -> Iterator[Patch]:
    """Yield a patch that clears each table in which an earlier run left its columns.

    They are known by their headers alone, so that clearing needs no column to be recognised.
    """
    columns = {
        column
        for row in grid.head.values()
        for column, text in row.items()
        if is_own(text.strip())
    }
    if not columns:
        return
    frame = grid.load(columns).frame
    tops = frame.filter(
        pl.any_horizontal(pl.col(str(column)).is_in(OWN_HEADERS) for column in columns)
    )
    starts = tops[ROW].to_list()
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        own = [
            c
            for c in sorted(columns)
            if tops.filter(pl.col(ROW) == start)[str(c)][0] in OWN_HEADERS
        ]
        rows = frame.filter(pl.col(ROW) > start)
        if end is not None:
            rows = rows.filter(pl.col(ROW) < end)
        judged = rows.filter(
            pl.any_horizontal(pl.col(str(column)).is_in(list(Verdict)) for column in own)
        )
        last = judged[ROW].max() if judged.height else start
        yield Patch(grid.title, header_row=start, last_row=int(str(last)), replaces=tuple(own))

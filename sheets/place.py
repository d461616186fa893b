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

_OWN = r"(?i)^(revealed\?|what to fix|revealed guardians)(?: (\(.+\)))?$"
_BLANKS = r"\s+"


def own_header(text: str) -> str:
    """Return the header of Reveal's own that a cell says, or an empty text.

    Example:
        >>> own_header("revealed?"), own_header("What to  fix (Guardian 2)"), own_header("Revealed")
        ('Revealed?', 'What to fix (Guardian 2)', '')
    """
    match = re.match(_OWN, " ".join(text.split()))
    if match is None:
        return ""
    known = {one.casefold(): one for one in (*OWN_HEADERS, ROLL_UP_HEADER)}
    return " ".join(filter(None, (known[match[1].casefold()], match[2])))


def is_own(text: str) -> bool:
    """Whether a header is one of Reveal's own columns.

    Example:
        >>> is_own("Revealed?"), is_own("What to fix (Guardian 2)"), is_own("Revealed")
        (True, True, False)
    """
    return bool(own_header(text))


def own_headers(group: str = "") -> tuple[str, str]:
    """Return the two headers of the rows' own people, or of a group of contacts.

    Example:
        >>> own_headers("Guardian 1")
        ('Revealed? (Guardian 1)', 'What to fix (Guardian 1)')
    """
    revealed, fix = (f"{header} ({group})" if group else header for header in OWN_HEADERS)
    return revealed, fix


def same_table(one: Found, other: Found) -> bool:
    """Whether two are of one table: its rows' own people, and groups of contacts beside them."""
    return one.grid is other.grid and one.header_row == other.header_row and one.area == other.area


def own_columns(parts: Sequence[Found], wanted: Sequence[str]) -> Mapping[str, int]:
    """Return own header -> column for one table.

    Columns that an earlier run left are used again. The others come after the last used column.

    Args:
        parts: The table, and the groups in it.
        wanted: The own headers, from left to right.

    Raises:
        PlaceTaken: They would not touch the table or filter that they belong to.
    """
    first = parts[0]
    columns = _used_again(first.own, wanted)
    missing = [header for header in wanted if header not in columns]
    if not missing or first.cells is None:
        return columns
    merged = [
        area.last_column
        for area in first.grid.merged
        if area.first_row <= first.last_row and area.last_row >= first.header_row
    ]
    start = max(first.cells.last_column, *columns.values(), *merged, 0) + 1
    _must_touch(parts, start)
    for offset, header in enumerate(missing):
        columns[header] = start + offset
    return columns


def _used_again(own: Mapping[str, int], wanted: Sequence[str]) -> dict[str, int]:
    """The columns of an earlier run that do for this one.

    Each keeps its place, unless some are not wanted any more: then the others close the ranks,
    so that no blank column is left among them.
    """
    there = {header.casefold(): column for header, column in own.items()}
    if there.keys() <= {header.casefold() for header in wanted}:
        return {header: there[header.casefold()] for header in wanted if header.casefold() in there}
    return dict(zip(wanted, sorted(own.values()), strict=False))


def _must_touch(parts: Sequence[Found], start: int) -> None:
    """Refuse a place that is not right beside the table or filter which holds the header row."""
    grid, row = parts[0].grid, parts[0].header_row
    areas = [("table", item.area) for item in grid.list_objects]
    if grid.filter is not None:
        areas.append(("filter", grid.filter))
    fields = {place.column for found in parts for place in found.fields.values()}
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
                and not same_table(one, other)
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
    columns = {column for row in grid.head.values() for column, text in row.items() if is_own(text)}
    if not columns:
        return
    frame = grid.load(columns).frame
    own_cells = frame.select(
        pl.col(ROW),
        *(
            pl.col(str(column))
            .str.replace_all(_BLANKS, " ")
            .str.strip_chars()
            .str.contains(_OWN)
            .fill_null(value=False)
            for column in sorted(columns)
        ),
    )
    tops = own_cells.filter(pl.any_horizontal(pl.exclude(ROW)))
    starts = tops[ROW].to_list()
    for at, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True)):
        own = [column for column in sorted(columns) if tops[str(column)][at]]
        rows = frame.filter(pl.col(ROW) > start)
        if end is not None:
            rows = rows.filter(pl.col(ROW) < end)
        said = [pl.col(str(column)).is_in(list(Verdict)) for column in own]
        if not any(_is_verdicts(frame, start, column) for column in own):
            # Somebody has deleted that column: of the sentences all that is there is Reveal's.
            said = [pl.col(str(column)).is_not_null() for column in own]
        judged = rows.filter(pl.any_horizontal(said))
        last = judged[ROW].max() if judged.height else start
        yield Patch(grid.title, header_row=start, last_row=int(str(last)), replaces=tuple(own))


def _is_verdicts(frame: pl.DataFrame, row: int, column: int) -> bool:
    """Whether the header of an own column says that it holds verdicts."""
    told = frame.filter(pl.col(ROW) == row)[str(column)][0]
    return own_header(str(told)).startswith(OWN_HEADERS[0])

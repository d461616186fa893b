"""Merged areas: the value of the first cell stands for the whole area, for reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets.errors import CannotRead
from sheets.grid import HEAD_ROWS, Area

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sheets.grid import Odd

MOST_ROWS, MOST_COLUMNS = 1_000, 1_024
"""How far an area is filled in where nothing else stands."""

_MOST_CELLS = 5_000_000


def area(ref: str) -> Area | None:
    """The area that a reference names, or None."""
    try:
        return Area.parse(ref.strip())
    except ValueError:
        return None


def areas(refs: Iterable[str]) -> list[Area]:
    """The areas of more than one cell that references name.

    Example:
        >>> [area.ref for area in areas(["A1:B2", "C3", "#REF!"])]
        ['A1:B2']
    """
    found = filter(None, map(area, refs))
    return [
        one for one in found if (one.first_row, one.first_column) != (one.last_row, one.last_column)
    ]


def fill_head(
    head: dict[int, dict[int, str]], merged: Iterable[Area], last_row: int, where: str
) -> None:
    """Give the first cell's text to all cells of each area.

    Args:
        head: Row -> column -> text; changed.
        merged: The areas.
        last_row: Where the head ends if the sheet goes on behind it, else 0.
        where: The place to name in messages.

    Raises:
        CannotRead: The areas lie over each other, many times.
    """
    width = max(MOST_COLUMNS, *(column for cells in head.values() for column in cells), 0)
    height = max(head, default=0)
    filled = 0
    for one in merged:
        text = head.get(one.first_row, {}).get(one.first_column)
        if text is None:
            continue
        bottom = min(last_row or max(height, one.first_row + HEAD_ROWS), one.last_row)
        columns = range(one.first_column, min(one.last_column, width) + 1)
        filled += (bottom - one.first_row + 1) * len(columns)
        if filled > _MOST_CELLS:
            raise _over_each_other(where)
        for row in range(one.first_row, bottom + 1):
            head.setdefault(row, {}).update(dict.fromkeys(columns, text))


def anchors(merged: Iterable[Area], columns: Collection[int]) -> set[int]:
    """The columns that hold the values for areas over some columns.

    Example:
        >>> anchors([Area.parse("A1:D1")], {3, 9})
        {1}
    """
    return {
        one.first_column
        for one in merged
        if any(one.first_column <= column <= one.last_column for column in columns)
    }


def fill(
    frame: pl.DataFrame,
    odd: dict[tuple[int, int], Odd],
    merged: Sequence[Area],
    columns: Sequence[int],
    where: str,
) -> pl.DataFrame:
    """Give the first cell's text, or what is odd about it, to all cells of each one.

    Args:
        frame: ``_row``, the columns and those of `anchors`.
        odd: What is null in the frame but not empty; changed.
        merged: The areas.
        columns: The columns to fill in.
        where: The place to name in messages.

    Returns:
        ``_row`` and the columns; rows may have come to it.

    Raises:
        CannotRead: The areas lie over each other, many times.
    """
    wanted = ["_row", *map(str, columns)]
    over = [one for one in merged if anchors([one], columns)]
    if not over:
        return frame.select(wanted)
    last_row = int(frame["_row"][-1]) if len(frame) else 0
    _require_few(over, columns, last_row, where)
    texts = _texts(frame, over)
    fills = []
    for column in columns:
        filled: dict[int, str] = {}
        for one in over:
            if not one.first_column <= column <= one.last_column:
                continue
            anchor = (one.first_row, one.first_column)
            for row in _rows(one, last_row):
                if anchor in texts:
                    filled[row] = texts[anchor]
                elif anchor in odd:
                    odd[row, column] = odd[anchor]
        schema = {"_row": pl.UInt32, "_filled": pl.String}
        fills.append(pl.DataFrame(list(filled.items()), schema=schema, orient="row"))
    return _joined(frame.select(wanted), dict(zip(columns, fills, strict=True)))


def _rows(one: Area, last_row: int) -> range:
    bottom = max(last_row, one.first_row + MOST_ROWS)
    return range(one.first_row, min(one.last_row, bottom) + 1)


def _require_few(merged: Iterable[Area], columns: Sequence[int], last_row: int, where: str) -> None:
    cells = sum(
        len(_rows(one, last_row))
        for one in merged
        for column in columns
        if one.first_column <= column <= one.last_column
    )
    if cells > max(_MOST_CELLS, 2 * last_row * len(columns)):
        raise _over_each_other(where)


def _over_each_other(where: str) -> CannotRead:
    return CannotRead(
        "Merged cells of the sheet lie over each other.",
        hint="Unmerge them (Home > Merge & Center) and save the file again.",
        where=where,
    )


def _texts(frame: pl.DataFrame, merged: Iterable[Area]) -> dict[tuple[int, int], str]:
    """The texts of the areas' first cells."""
    rows: dict[int, list[int]] = {}
    for one in merged:
        rows.setdefault(one.first_column, []).append(one.first_row)
    return {
        (row, column): text
        for column, wanted in rows.items()
        for row, text in frame.filter(pl.col("_row").is_in(wanted))
        .select("_row", str(column))
        .drop_nulls()
        .iter_rows()
    }


def _joined(frame: pl.DataFrame, fills: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    new = pl.concat([frame["_row"], *(fill["_row"] for fill in fills.values())]).unique().sort()
    if len(new) > len(frame):
        frame = new.to_frame().join(frame, on="_row", how="left", maintain_order="left")
    for column, filled in fills.items():
        if len(filled):
            name = str(column)
            frame = frame.join(filled, on="_row", how="left", maintain_order="left").with_columns(
                pl.coalesce("_filled", name).alias(name)
            )
            frame = frame.drop("_filled")
    return frame

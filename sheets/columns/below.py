"""Tables that begin below the head of a sheet, found in the loaded columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import headers, layout, vocabulary
from sheets.columns.region import same
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.columns.region import Region
    from sheets.columns.wishes import Wish
    from sheets.grid import Cells, Grid

_DIGITS = "[0-9@]"
_WITH_DIGITS = frozenset({"id", "phone", "email", "date"})
_COLUMNS = 3  # so many columns are looked through
_SUSPECTS = 2000  # and so many rows are looked at
_WIDTH = 256  # and so many columns of them


def regions_below(grid: Grid, cells: Cells, region: Region, wishes: Sequence[Wish]) -> list[Region]:
    """Find further header rows in a region, below the rows that the head shows.

    Returns:
        The region, ended above the first of them, and those found.
    """
    suspects = _suspects(grid, cells, region)
    rows = [row for row, texts in _texts(suspects) if _may_head(grid, region, row, texts, wishes)]
    found = [region]
    if rows:
        width = range(1, min(cells.last_column, _WIDTH) + 1)
        frame = grid.load(width).frame.filter(pl.col(ROW).is_in(rows))
        for row, texts in _texts(frame):
            below = layout.region_at(grid, row, texts, wishes)
            if below is None or any(same(one, below) for one in found):
                continue
            found[-1] = replace(found[-1], last=row - 1)
            found.append(replace(below, last=region.last))
    return found


def _suspects(grid: Grid, cells: Cells, region: Region) -> pl.DataFrame:
    """The rows whose ids, phones and addresses have no digit: few but headers are like that."""
    seen = max(grid.head, default=0)
    last = cells.last_row if region.last is None else region.last
    if seen >= last:
        return cells.frame.clear()
    frame = cells.frame.filter(pl.col(ROW).is_between(max(seen, region.header_row) + 1, last))
    names = [str(column) for column in _columns_with_digits(region)][:_COLUMNS]
    names = [name for name in names if name in frame.columns]
    if not names:
        return frame.filter(pl.col(ROW).diff().fill_null(1) > 1).head(_SUSPECTS)
    plain = [~pl.col(name).str.contains(_DIGITS) for name in names]
    return frame.filter(
        pl.any_horizontal(pl.col(name).is_not_null() for name in names)
        & pl.all_horizontal(one.fill_null(value=True) for one in plain)
    ).head(_SUSPECTS)


def _columns_with_digits(region: Region) -> Iterator[int]:
    """The columns of ids, phones, addresses and dates, from left to right."""
    for column, heading in sorted(region.headings.items()):
        types = {vocabulary.fields()[sense.field].type for sense in heading.meaning.senses}
        if types & _WITH_DIGITS:
            yield column


def _texts(frame: pl.DataFrame) -> Iterator[tuple[int, Mapping[int, str]]]:
    for values in frame.iter_rows(named=True):
        row = values.pop(ROW)
        yield row, {int(name): text for name, text in values.items() if text}


def _may_head(
    grid: Grid, region: Region, row: int, texts: Mapping[int, str], wishes: Sequence[Wish]
) -> bool:
    """Whether the loaded part of a row looks like a header, and not like this region's own."""
    own = {headers.shown(text) for line in region.lines for text in line.values()}
    if all(headers.shown(text) in own for text in texts.values()):
        return False
    return layout.region_at(grid, row, texts, wishes, least=2) is not None

"""The master as it would be: some cells read as other than they are, and nothing written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sheets.grid import Book, Cells, Grid

    Filled = Mapping[tuple[int, int], str]
    """Row and column -> what the cell is to hold."""

_NEW = "_new"


class Reader:
    """Reads books once, however often they are judged.

    Attributes:
        filled: Book (by `id`) and sheet -> cells that are read as other than they are.
    """

    def __init__(self) -> None:
        self.filled: Mapping[tuple[int, str], Filled] = {}
        self._known: dict[int, Sequence[Grid]] = {}

    def __call__(self, book: Book) -> Sequence[Grid]:
        """All sheets of a book."""
        if id(book) not in self._known:
            self._known[id(book)] = [_once(grid) for grid in book.read()]
        return [
            _with(grid, self.filled.get((id(book), grid.title), {}))
            for grid in self._known[id(book)]
        ]


def _once(grid: Grid) -> Grid:
    """The same sheet, which reads the same columns once only."""
    known: dict[frozenset[int], Cells] = {}

    def load(columns: Collection[int]) -> Cells:
        asked = frozenset(columns)
        if asked not in known:
            known[asked] = grid.load(columns)
        return known[asked]

    return replace(grid, load=load)


def _with(grid: Grid, filled: Filled) -> Grid:
    """The same sheet with other texts in some cells."""
    if not filled:
        return grid
    head = {row: dict(cells) for row, cells in grid.head.items()}
    for (row, column), text in filled.items():
        if row in head:
            head[row][column] = text
            if not text:
                del head[row][column]
    return replace(grid, head=head, load=_loading(grid.load, filled))


def _loading(load: Callable[[Collection[int]], Cells], filled: Filled) -> Callable[..., Cells]:
    """What loads columns, some cells of them filled in."""

    def loading(columns: Collection[int]) -> Cells:
        cells = load(columns)
        frame = cells.frame
        for column in sorted({at for _, at in filled} & set(columns)):
            mine = {row: text for (row, at), text in filled.items() if at == column}
            new = pl.DataFrame(
                {ROW: list(mine), _NEW: list(mine.values())}, {ROW: pl.UInt32, _NEW: pl.String}
            )
            name = str(column)
            told = pl.when(pl.col(_NEW).is_null()).then(pl.col(name)).otherwise(pl.col(_NEW))
            frame = (
                frame.join(new, on=ROW, how="full", coalesce=True)
                .sort(ROW)
                .with_columns(pl.when(told != "").then(told).alias(name))
                .drop(_NEW)
            )
        odd = {at: what for at, what in cells.odd.items() if at not in filled}
        return replace(cells, frame=frame, odd=odd)

    return loading

"""The cells of some columns of a sheet, all rows, streamed."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml.blocks import Blocks
from sheets.books.ooxml.plaincells import PlainCells
from sheets.books.ooxml.plainrows import MOST_COLUMNS, PlainRows, Rows
from sheets.books.ooxml.rowreader import RowReader, not_understood
from sheets.books.ooxml.sheethead import before_rows
from sheets.grid import Odd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.books.ooxml.cellvalues import Values
    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.rowreader import Row

_MOST_PASSES = 8  # for more columns than these can ask for, the careful way is faster
_THREADS = 2  # polars lets others work while it does, and one expression is one thread's work
_ROWS = 5_000  # of the careful way, kept as Python objects at one time


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is needed to read the cells of a sheet.

    Attributes:
        part: The sheet's part.
        where: The place to name in messages.
        values: What cells mean.
        shared: The shared strings.
    """

    part: str
    where: str
    values: Values
    shared: pl.Series

    def cells(self, prefix: bytes = b"", columns: Sequence[int] = ()) -> PlainCells:
        """What reads the cells of the sheet's rows."""
        return PlainCells(prefix, columns, self.values, self.shared, self.where)


def read_cells(package: Package, sheet: Sheet, columns: Sequence[int]) -> Iterator[Rows]:
    """Read the asked columns, block by block.

    Args:
        package: The package.
        sheet: The sheet.
        columns: The asked columns, ascending.

    Raises:
        CannotRead: The part is missing or damaged, or its rows make no sense.
    """
    file, part, where = package.path.name, sheet.part, sheet.where
    source = Blocks(package, part, where)
    reader = RowReader(file, part, where, frozenset(columns))
    before_rows(source, reader)
    mark, end = b"<%brow" % reader.prefix, b"</%bsheetData" % reader.prefix
    cells = sheet.cells(reader.prefix, columns)
    fast = PlainRows(reader.prefix, columns, cells, file=file, part=part, where=where)
    if len(columns) > _MOST_PASSES * MOST_COLUMNS:
        yield from _carefully(reader, source, columns, cells)
        return
    waiting: deque[tuple[bytes, Future[Rows | None]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        while reader.in_rows:
            while len(waiting) <= _THREADS and (block := source.take(mark, end)):
                waiting.append((block, pool.submit(fast.read, block)))
            if not waiting:
                return
            rows = waiting[0][1].result()
            if rows is None:
                break
            first, last = rows.numbers
            if first <= reader.last:
                raise not_understood(where)
            reader.last = last
            waiting.popleft()
            yield rows
    for block, _ in reversed(waiting):
        source.put_back(block)
    yield from _carefully(reader, source, columns, cells)


def _carefully(
    reader: RowReader, source: Blocks, columns: Sequence[int], cells: PlainCells
) -> Iterator[Rows]:
    """All rows that are left, by expat."""
    for piece in source.pieces():
        reader.feed(piece)
        if len(reader.rows) >= _ROWS:
            yield _as_rows(reader.take(), columns, cells)
        if reader.ended:
            break
    else:
        reader.finish()
    yield _as_rows(reader.take(), columns, cells)


def _as_rows(rows: Sequence[Row], columns: Sequence[int], cells: PlainCells) -> Rows:
    odd: dict[tuple[int, int], Odd] = {}
    texts: dict[str, list[str | None]] = {str(column): [] for column in columns}
    for row in rows:
        for column in columns:
            cell = row.cells.get(column)
            meant = None if cell is None else cells.of(cell)
            if isinstance(meant, Odd):
                odd[row.number, column] = meant
                meant = None
            texts[str(column)].append(meant)
    schema = {"_row": pl.UInt32} | dict.fromkeys(texts, pl.String)
    return Rows(
        pl.DataFrame({"_row": [row.number for row in rows], **texts}, schema=schema),
        odd,
        max((row.last_column for row in rows), default=0),
        sum(row.hidden for row in rows),
    )

"""The first rows of a sheet, and what the sheet says behind its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.ooxml import blocks, merging, plainrows
from sheets.books.ooxml.blocks import Blocks
from sheets.books.ooxml.rowreader import RowReader
from sheets.grid import HEAD_ROWS, Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.rowreader import Row

_BLOCK = 64 << 10
_MOST_CELLS = 500_000  # rows may be 16,384 cells wide


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What is known of a sheet before its columns are read.

    Attributes:
        rows: The first `HEAD_ROWS` rows that hold something; fewer if they are very wide.
        more: Whether rows follow behind them.
        merged: The merged areas.
        filter: The area of the AutoFilter.
        protected: Whether the sheet is protected.
    """

    rows: Sequence[Row]
    more: bool
    merged: Sequence[Area]
    filter: Area | None
    protected: bool


def read_head(package: Package, part: str, where: str) -> SheetHead:
    """Read the first rows of a sheet, and skip the others.

    Args:
        package: The package.
        part: The sheet's part.
        where: The place to name in messages.

    Raises:
        CannotRead: The part is missing or damaged, or its rows make no sense.
    """
    head = _read(package, part, where, skip=True)
    return head or _read(package, part, where, skip=False) or SheetHead((), False, (), None, False)


def before_rows(source: Blocks, reader: RowReader) -> None:
    """Read up to the first row, tag by tag: so the source stands exactly there."""
    for piece in source.pieces():
        at = 0
        while end := piece.find(b">", at) + 1:
            reader.feed(piece[at:end])
            at = end
            if reader.in_rows or reader.ended:
                source.put_back(piece[at:])
                return
        reader.feed(piece[at:])


def _read(package: Package, part: str, where: str, *, skip: bool) -> SheetHead | None:
    """Read a sheet; None if rows cannot be skipped, because a comment may hide their end."""
    source = Blocks(package, part, where)
    reader = RowReader(package.path.name, part, where)
    before_rows(source, reader)
    mark, end = b"<%brow" % reader.prefix, b"</%bsheetData" % reader.prefix
    rows: list[Row] = []
    size = _BLOCK
    while reader.in_rows and not _enough(rows) and (block := source.take(mark, end, size)):
        last = plainrows.last_row(block, reader.prefix) if reader.between_rows else 0
        if last > reader.last and not plainrows.holds_something(block, package.path.name, part):
            # Some sheets have a million rows with a format and no more.
            reader.last, size = last, blocks.BLOCK
            continue
        size = _BLOCK
        reader.feed(block)
        rows += reader.take()
    if skip and reader.between_rows and not _skipped(source, end):
        return None
    for piece in source.pieces():
        reader.feed(piece)
        if not _enough(rows):
            rows += reader.take()
        reader.take()
    reader.finish()
    return SheetHead(
        rows[:HEAD_ROWS],
        len(rows) >= HEAD_ROWS or _enough(rows),
        merging.areas(reader.merged),
        merging.area(reader.filter),
        reader.protected,
    )


def _enough(rows: Sequence[Row]) -> bool:
    return len(rows) >= HEAD_ROWS or sum(len(row.cells) for row in rows) >= _MOST_CELLS


def _skipped(source: Blocks, end: bytes) -> bool:
    """Go on to where the rows end; False if that is not certain."""
    window = b""
    for piece in source.pieces():
        window = window[-len(end) :] + piece
        at = window.find(end)
        if not blocks.plain(window if at < 0 else window[:at]):
            return False
        if at >= 0:
            source.put_back(window[at:])
            return True
    return True

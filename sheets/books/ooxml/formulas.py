"""Which cells of a sheet hold a formula, whatever its result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.books.ooxml.blocks import Blocks
from sheets.books.ooxml.rowreader import RowReader

if TYPE_CHECKING:
    from collections.abc import Collection

    from sheets.books.ooxml.package import Package

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_OVERLAP = 256  # longer than the beginning of any such tag


def cells(
    package: Package, part: str, where: str, columns: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Row and column of the cells of some columns that hold a formula.

    Args:
        package: The package.
        part: The sheet's part.
        where: The place to name in messages.
        columns: The columns.

    Raises:
        CannotRead: The part is missing or damaged.
    """
    if not _has_any(package, part, where):
        return frozenset()
    reader = RowReader(package.path.name, part, where, frozenset(columns))
    found: set[tuple[int, int]] = set()
    for piece in Blocks(package, part, where).pieces():
        reader.feed(piece)
        for row in reader.take():
            found.update((row.number, at) for at, cell in row.cells.items() if cell.formula)
        if reader.ended:
            break
    return frozenset(found)


def _has_any(package: Package, part: str, where: str) -> bool:
    """Whether there may be a formula at all: most sheets have none, and this is quick to see."""
    tail = b""
    for piece in Blocks(package, part, where).pieces():
        if _FORMULA.search(tail + piece):
            return True
        tail = piece[-_OVERLAP:]
    return False

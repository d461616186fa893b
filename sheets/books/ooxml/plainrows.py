"""The fast way through the rows of a sheet: many at once, for rows that are written plainly.

A row is plain if one regular expression accounts for all of its bytes: a start tag with ``r``, and
cells with ``r`` in front of other attributes. Nothing that differs slips through: a block with any
other row goes the careful way (`sheets.books.ooxml.rowreader`), so wrong is never the price of
fast.

The expression is written so that each byte decides alone how to go on. The engine below polars
then needs one step for each byte, whatever is captured; with alternatives that share a first
byte, or with more than 16 groups, it would need several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml import blocks
from sheets.books.ooxml.rowreader import LAST_ROW, not_understood
from sheets.grid import letters, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.ooxml.plaincells import PlainCells
    from sheets.grid import Odd

MOST_COLUMNS = 13
"""Columns for one pass: with the groups for row, row attributes and last cell there are 16."""

_SPACE = r"[ \n\r\t]*"
_ROW_TAG = re.compile(rb'row r="([0-9]{1,7})"')
_VALUE = r"<(?:[^<>\s/:]+:)?(?:v[^<>]*>[^<]|f[\s/>]|is[\s/>])"
_HIDDEN = r"""\shidden=["'](?:1|true|on)["']"""
_LETTERS = 3  # in the name of a column, at most


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that hold something.

    Attributes:
        frame: ``_row`` and the asked columns, as `sheets.grid.Cells` has them.
        odd: What is null in the frame but not empty.
        last_column: The last column that holds something, at least in these rows.
        hidden: How many of the rows are hidden.
        numbers: The first row in the frame, and the last row that was read, empty ones included.
    """

    frame: pl.DataFrame
    odd: dict[tuple[int, int], Odd]
    last_column: int = 0
    hidden: int = 0
    numbers: tuple[int, int] = (0, 0)


class PlainRows:
    """Reads blocks of plain rows.

    Args:
        prefix: The namespace prefix of the sheet's elements, with the colon.
        columns: The asked columns, ascending.
        cells: Reads what is in the cells.
        file: The file's name, for messages.
        part: The sheet's part, for messages.
        where: The place to name in messages.
    """

    def __init__(
        self,
        prefix: bytes,
        columns: Sequence[int],
        cells: PlainCells,
        *,
        file: str,
        part: str,
        where: str,
    ) -> None:
        name = prefix.decode()
        self._columns, self._cells = columns, cells
        self._file, self._part, self._where = file, part, where
        self._prefix, self._end_tag = prefix, b"</%brow>" % prefix
        self._valued_cell = rf'<{name}c r="([A-Z]+)[0-9]+"[^<>]*>\s*{_VALUE}'
        self._patterns = [
            _pattern(columns[at : at + MOST_COLUMNS], name)
            for at in range(0, len(columns) or 1, MOST_COLUMNS)
        ]
        self._widest = 0  # to save work only: another thread may set it back

    def read(self, block: bytes) -> Rows | None:
        """Read whole rows; several blocks may be read at the same time.

        Returns:
            The rows that hold something; None if the block is not plain.

        Raises:
            CannotRead: They are not in order, or point to a shared string that is not there.
        """
        end = last_row(block, self._prefix)
        if not end:
            return None
        raw = blocks.column(block.split(self._end_tag), self._file, self._part)
        raw = raw.filter(raw.str.contains(_VALUE))
        groups = self._groups(raw)
        if groups is None:
            return None
        found = groups["_row"]
        first = int(found[0]) if len(found) else end
        ordered = not len(found) or (found[-1] <= end and bool((found[1:] > found[:-1]).all()))
        if not ordered or end > LAST_ROW:
            raise not_understood(self._where)
        if not len(found):
            return Rows(self._empty(), {}, numbers=(first, end))
        cells = self._cells.read(groups)
        if cells is None:
            return None
        hidden = int(groups["_attributes"].str.contains(_HIDDEN).sum())
        last_column = self._last_column(groups["_last"], raw)
        self._widest = max(self._widest, last_column)
        return Rows(*cells, last_column, hidden, (first, end))

    def _groups(self, raw: pl.Series) -> pl.DataFrame | None:
        """The parts of each row; None if one is not plain."""
        passes = [raw.str.extract_groups(pattern).struct.unnest() for pattern in self._patterns]
        if any(one["_row"].null_count() for one in passes):
            return None
        common = passes[0].select(
            pl.col("_row").cast(pl.UInt32), "_attributes", "_last", pl.col("_row").alias("_digits")
        )
        cells = [one.drop("_row", "_attributes", "_last") for one in passes]
        return pl.concat([common, *cells], how="horizontal")

    def _empty(self) -> pl.DataFrame:
        texts = {str(column): pl.String for column in self._columns}
        return pl.DataFrame(schema={"_row": pl.UInt32, **texts})

    def _last_column(self, last: pl.Series, raw: pl.Series) -> int:
        """The last column that holds something, if it goes beyond what was found before.

        The last cell of a row tells it, unless that one has a style and no more.
        """
        names = last.str.slice(0, _LETTERS).str.strip_chars_end('0123456789"')
        valued = names.filter(last.str.contains(rf">\s*{_VALUE}"))
        widest = max(self._widest, *map(number, valued.unique()), 0)
        wider = [name for name in names.unique() if number(name) > widest]
        if wider:
            found = raw.filter(names.is_in(wider)).str.extract_all(self._valued_cell)
            names = found.explode().drop_nulls().str.extract(self._valued_cell).unique()
            widest = max(widest, *map(number, names), 0)
        return widest


def last_row(block: bytes, prefix: bytes) -> int:
    """The number of the last row in a block, whether it holds something or not; 0 if unclear."""
    tag = b"<%brow" % prefix
    at = block.rfind(tag)
    match = _ROW_TAG.match(block, at + len(tag) - len("row"))
    return int(match[1]) if at >= 0 and match is not None and blocks.plain(block) else 0


def holds_something(block: bytes, file: str, part: str) -> bool:
    """Whether there may be a value or a formula in a block without comments."""
    return bool(blocks.column([block], file, part).str.contains(_VALUE).any())


def _pattern(columns: Sequence[int], prefix: str) -> str:
    """The expression for a whole row without its end tag.

    Rows without cells (``<row .../>``) may stand in front: they end with no end tag of their own.
    """
    closing = rf"[^<]*<(?:[^/][^<]*<)*/{prefix}"
    inside = rf"{closing}(?:[^c]{closing})*c"
    other = rf'[0-9]+"[^<>/]*(?:/|>{inside})>'
    tree: dict[str, object] = {}
    for column in columns:
        node = tree
        for letter in letters(column):
            node = node.setdefault(letter, {})  # type: ignore[assignment]
        node["#"] = rf'(?P<c{column}>[0-9]+"[^<>/]*(?:/|>{inside}))>'
    cell = _cell(tree, other, start=True)
    row = r'row r="(?P<_row>[0-9]{1,7})"(?P<_attributes>[^<>]*)>'
    return rf'^{_SPACE}(?:<{prefix}(?:{row}|c r="(?P<_last>{cell})){_SPACE})*$'


def _cell(tree: dict[str, object], other: str, *, start: bool = False) -> str:
    """The rest of a cell, from where its column's name goes on."""
    following = [letter for letter in tree if letter != "#"]
    choices = [f"{letter}(?:{_cell(tree[letter], other)})" for letter in following]  # type: ignore[arg-type]
    if not start:
        choices.append(str(tree.get("#", other)))
    others = f"[A-Z&&[^{''.join(following)}]]" if following else "[A-Z]"
    choices.append(f"{others}[A-Z]*{other}")
    return "|".join(choices)

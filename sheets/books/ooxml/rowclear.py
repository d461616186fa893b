"""Taking Reveal's own cells out of the rows, so that the bytes are what they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.books.ooxml import celltext, rowparse
from sheets.books.ooxml.rowedit import RowEditor, key
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Collection

    from sheets.books.ooxml.markup import Edit
    from sheets.books.ooxml.rowparse import Cell, Row


class ClearRows(RowEditor):
    """Clears the own columns of one table.

    A cell that another program wrote anew is known by its column alone; it goes, too, and leaves
    its style behind if there were cells with a style only (`keep_styles`).

    Args:
        prefix: The sheet's namespace prefix with its colon.
        where: File and sheet, for messages.
        header_row: The row of the headers.
        last_row: The last row that is cleared.
        columns: The own columns.
        keep_styles: Whether some of the cells stood in the place of others.

    Raises:
        PlaceTaken: A cell of an own column holds a formula.
    """

    def __init__(
        self,
        prefix: bytes,
        where: str,
        header_row: int,
        last_row: int,
        columns: Collection[int],
        *,
        keep_styles: bool,
    ) -> None:
        super().__init__(prefix, where, header_row, last_row, columns)
        self._columns = frozenset(columns)
        self._keep_styles = keep_styles
        names = [letters(column).encode() for column in sorted(columns)]
        self._first_key = key(names[0])
        self._first_cell = self._name + names[0] + b'%d"'
        tags = {"p": re.escape(prefix), "names": b"|".join(names)}
        self._own = re.compile(
            rb'(?:<%(p)sc r="(?:%(names)s)\d+"(?: s="\d+")? t="inlineStr"><%(p)sis><%(p)st'
            rb'(?: xml:space="preserve")?>[^<]*</%(p)st></%(p)sis></%(p)sc>)+'
            % {key.encode(): value for key, value in tags.items()}
        )

    def _quick(self, row: int, segment: bytes, inner: int) -> bytes | None:
        if not self._first <= row <= self._last:
            return segment
        at = segment.rfind(self._first_cell % row)
        if at >= 0 and self._own.fullmatch(segment, at):
            return segment[:at]
        if at < 0 and self._is_left_of(self._first_key, segment, inner):
            return segment
        return self._by_own_cells(row, segment, inner, all_of_them=False)

    def _edit(self, row: Row, segment: bytes) -> tuple[list[Edit], bool]:
        if not self._first <= row.number <= self._last:
            return [], True
        edits: list[Edit] = []
        was = gone = 0
        for cell in row.cells:
            if cell.column in self._columns and not _is_blank(cell, segment):
                before, mark = self._before(row.number, cell, segment)
                edits.append((cell.start, cell.end, before))
                was = was or mark
                gone += 0 if before else cell.end - cell.start
        if was and len(edits) == len(row.cells) and gone == _inside(row, segment, self._end_tag):
            if was == celltext.ROW_WAS_ABSENT:
                return [(row.start, row.end, b"")], False
            return [(row.start, row.end, segment[row.start : row.inner - 1] + b"/>")], False
        return edits, True

    def _before(self, row: int, cell: Cell, segment: bytes) -> tuple[bytes, int]:
        """What was in the place of an own cell, and how its row was."""
        if cell.formula:
            raise self._taken(row, cell.column, "holds a formula")
        known = celltext.taken_away(segment[cell.start : cell.end])
        if known is not None:
            return known
        look = rowparse.style(segment[cell.start : cell.inner])
        if not self._keep_styles or look is None:
            return b"", 0
        name = rowparse.name(row, cell.column).encode()
        return b'<%bc r="%b" s="%d"/>' % (self._prefix, name, look), 0


def _is_blank(cell: Cell, segment: bytes) -> bool:
    """Whether a cell has a style only: Reveal leaves none of these."""
    return cell.closed or segment.startswith(b"</", cell.inner)


def _inside(row: Row, segment: bytes, end_tag: bytes) -> int:
    """How many bytes are in a row."""
    inside = row.end - row.inner
    return inside - len(end_tag) if row.ended and segment.endswith(end_tag, 0, row.end) else inside

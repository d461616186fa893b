"""Edits of a sheet's rows while they stream by: what all of them share.

The rows come as segments (see `rowparse.cut`): all bytes up to the end tag of a row, without it.
Nearly all are edited by a quick way that looks at the last cell only. What it does not understand
for sure is taken apart.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sheets.books.ooxml import markup, rowparse
from sheets.books.ooxml.rowparse import Cell, Row
from sheets.errors import PlaceTaken
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheets.books.ooxml.markup import Edit

_DIGITS = b"0123456789"
_SLASH = ord("/")

Key = tuple[int, bytes]
"""A column's letters so that they sort like columns: by length first."""


class RowEditor(ABC):
    """Edits some rows of a sheet; segments in, segments out.

    Args:
        prefix: The sheet's namespace prefix with its colon.
        where: File and sheet, for messages.
        first: The first row that may be changed.
        last: The last one.
        columns: The columns in which it may be changed.
    """

    def __init__(
        self, prefix: bytes, where: str, first: int, last: int, columns: Iterable[int] = ()
    ) -> None:
        self._prefix = prefix
        self._where = where
        self._first = first
        self._last = last
        self._end_tag = b"</%brow>" % prefix
        self._start = re.compile(rb'\s*<%brow r="(\d{1,7})"[^>]*(?<!/)>' % re.escape(prefix))
        self._name = b'<%bc r="' % prefix
        self._any_cell = b"<%bc" % prefix
        self._f = (b"<%bf>" % prefix, b"<%bf " % prefix)
        self._cell_ends = b"</%bc>" % prefix
        self._own_names = {
            column: self._name + letters(column).encode() + b'%d"' for column in sorted(columns)
        }
        self._carried = b""
        self._row = 0

    def feed(self, segments: list[bytes], *, plain: bool) -> list[bytes]:
        """Edit some segments.

        Args:
            segments: Each lacks the end tag of its last row.
            plain: Whether there is no comment, CDATA or processing instruction in them.
        """
        if not segments or (plain and not self._carried and self._are_outside(segments[-1])):
            return segments
        done: list[bytes] = []
        for segment in segments:
            match = self._start.match(segment) if plain else None
            if match is not None:
                row = int(match[1])
                edited = self._quick(row, segment, match.end())
                if edited is not None:
                    self._row = row
                    done.append(self._carried + edited if self._carried else edited)
                    self._carried = b""
                    continue
            text, ends = self._slow(segment)
            pieces = (self._carried + text).split(self._end_tag)
            self._carried = b"" if ends else pieces.pop()
            done += pieces
        return done

    def finish(self, rest: bytes) -> tuple[list[bytes], bytes]:
        """Edit what stands after the last end tag; give the rows that end, and the rest."""
        text, _ = self._slow(rest)
        *ended, rest = (self._carried + text + self._remaining()).split(self._end_tag)
        return ended, rest

    @abstractmethod
    def _quick(self, row: int, segment: bytes, inner: int) -> bytes | None:
        """Edit a segment of one row, whose start tag ends at `inner`; None for the slow way."""

    @abstractmethod
    def _edit(self, row: Row, segment: bytes) -> tuple[list[Edit], bool]:
        """The edits of one row, and whether it keeps its end tag."""

    def _remaining(self) -> bytes:
        """Rows that are still to come after the last one."""
        return b""

    def _is_pending(self) -> bool:
        """Whether there is a change left for a row that may be beyond the last one."""
        return False

    def _are_outside(self, segment: bytes) -> bool:
        match = self._start.match(segment)
        if match is None:
            return False
        row = int(match[1])
        outside = row < self._first or (self._row >= self._last and not self._is_pending())
        if outside:
            self._row = row
        return outside

    def _slow(self, segment: bytes) -> tuple[bytes, bool]:
        edits: list[Edit] = []
        ends = True
        for row in rowparse.rows(segment, self._prefix, self._row):
            self._row = row.number
            more, keeps = self._edit(row, segment)
            edits += more
            ends = keeps or row.ended
        return (markup.splice(segment, edits) if edits else segment), ends

    def _is_left_of(self, first: Key, segment: bytes, inner: int) -> bool:
        """Whether a plain row has no cell in a column or right of it, and nothing else."""
        at = segment.rfind(self._name)
        if at < 0:
            return inner == len(segment)
        at += len(self._name)
        quote = segment.find(b'"', at)
        name = segment[at:quote].rstrip(_DIGITS)
        if not name or (len(name), name) >= first or segment.find(self._any_cell, quote) >= 0:
            return False
        if segment.endswith(self._cell_ends):
            return True
        return segment.endswith(b"/>") and segment.find(b"<", quote) < 0

    def _by_own_cells(
        self, row: int, segment: bytes, inner: int, *, all_of_them: bool
    ) -> bytes | None:
        """Edit a plain row by its cells in the own columns; None for the slow way.

        Args:
            row: Its number.
            segment: Its bytes.
            inner: Where its start tag ends.
            all_of_them: Whether it must have a cell in each own column.
        """
        if segment.count(self._any_cell) != segment.count(self._name):
            return None  # a cell that does not tell its column
        cells = []
        for column, name in self._own_names.items():
            at = segment.find(name % row, inner)
            if at >= 0:
                cells.append(self._cell(column, at, segment))
            elif all_of_them:
                return None
        start = segment.find(b"<")
        found = Row(row, start, inner, len(segment), False, False, cells)
        edits, keeps = self._edit(found, segment)
        return markup.splice(segment, edits) if keeps else None

    def _cell(self, column: int, at: int, segment: bytes) -> Cell:
        inner = segment.find(b">", at) + 1
        if segment[inner - 2] == _SLASH:
            return Cell(column, at, inner, inner, closed=True)
        end = segment.find(self._cell_ends, inner) + len(self._cell_ends)
        formula = any(segment.find(tag, inner, end) >= 0 for tag in self._f)
        return Cell(column, at, inner, end, closed=False, formula=formula)

    def _taken(self, row: int, column: int, why: str) -> PlaceTaken:
        return PlaceTaken(
            f"A cell that Reveal needs {why}.",
            hint="Move it elsewhere, or select it and press Delete, and run again.",
            where=f"{self._where}, cell {rowparse.name(row, column)}",
        )


def key(letters: bytes) -> Key:
    """A column's letters so that they sort like columns.

    Example:
        >>> key(b"Z") < key(b"AA") < key(b"AB")
        True
    """
    return len(letters), letters

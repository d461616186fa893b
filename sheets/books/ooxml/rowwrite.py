"""Putting cells into the rows: Reveal's own columns, and input cells that are filled in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sheets.books.ooxml import celltext, rowparse
from sheets.books.ooxml.rowedit import RowEditor, key
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheets.books.ooxml.markup import Edit
    from sheets.books.ooxml.rowparse import Cell, Row
    from sheets.grid import Patch

_REMEMBERED = 4096
_END = 1 << 62


class WriteRows(RowEditor):
    """Writes the own columns of one table.

    Args:
        prefix: The sheet's namespace prefix with its colon.
        where: File and sheet, for messages.
        patch: What to write.
        last: The last row in which nothing else may stand in the own columns.
        styles: The style of the data cells, by own column.

    Attributes:
        adopted: Whether some cells came into the place of others that had a style only.

    Raises:
        PlaceTaken: Something else stands in an own column.
    """

    def __init__(
        self,
        prefix: bytes,
        where: str,
        patch: Patch,
        last: int,
        styles: Sequence[int | None],
    ) -> None:
        own = sorted(patch.columns or (), key=lambda one: one.column)
        self._columns = [one.column for one in own]
        last = max(last, patch.last_row)
        super().__init__(prefix, where, patch.header_row, last, self._columns)
        self.adopted = False
        self._header = patch.header_row
        self._names = [letters(column).encode() for column in self._columns]
        self._styles = styles
        self._first_key = key(self._names[0])
        self._due = _targets(patch)
        self._target, self._texts = next(self._due)
        self._made = [
            lru_cache(_REMEMBERED)(self._maker(name, style))
            for name, style in zip(self._names, styles, strict=True)
        ]

    def _maker(self, name: bytes, style: int | None) -> Callable[[str], bytes]:
        def make(text: str) -> bytes:
            inside = celltext.inline(text, self._prefix)
            return celltext.template(name, style, inside, self._prefix)

        return make

    def _is_pending(self) -> bool:
        return self._target < _END

    def _quick(self, row: int, segment: bytes, inner: int) -> bytes | None:
        if row < self._first:
            return segment
        if row > self._target or row == self._header:
            return None
        if row > self._last:
            return segment
        if not self._is_left_of(self._first_key, segment, inner):
            return self._by_own_cells(row, segment, inner, all_of_them=True)
        if row < self._target:
            return segment
        for make, text in zip(self._made, self._texts, strict=True):
            if text:
                segment += make(text) % row
        self._target, self._texts = next(self._due)
        return segment

    def _edit(self, row: Row, segment: bytes) -> tuple[list[Edit], bool]:
        edits: list[Edit] = []
        if created := self._created(row.number):
            edits.append((row.start, row.start, created))
        if row.number == self._target:
            edits += self._filled(row, segment)
            self._target, self._texts = next(self._due)
        elif self._first <= row.number <= self._last:
            for cell in row.cells:
                if cell.column in self._columns:
                    self._require_blank(row.number, cell, segment)
        return edits, True

    def _filled(self, row: Row, segment: bytes) -> list[Edit]:
        """Put the due texts into a row."""
        edits: list[Edit] = []
        was = celltext.ROW_WAS_EMPTY if row.closed else 0
        looks = self._looks(row, segment)
        for column, name, text, look in zip(
            self._columns, self._names, self._texts, looks, strict=True
        ):
            cell = row.at(column)
            if cell is not None:
                self._require_blank(row.number, cell, segment)
            if not text:
                continue
            if cell is None:
                at = row.place(column)
                made = celltext.new(
                    name + b"%d" % row.number,
                    look,
                    celltext.inline(text, self._prefix, was),
                    self._prefix,
                )
                edits.append((at, at, made))
            else:
                edits.append((cell.start, cell.end, self._adopt(row, cell, segment, text, was)))
            was = 0
        if edits and row.closed:
            return [_opened(row, segment, edits, self._end_tag)]
        return edits

    def _adopt(self, row: Row, cell: Cell, segment: bytes, text: str, was: int) -> bytes:
        tag = segment[cell.start : cell.inner]
        made = celltext.adopted(tag, text, self._prefix, was, closed=cell.closed)
        if made is None:
            raise self._taken(row.number, cell.column, "is not empty")
        self.adopted = True
        return made

    def _looks(self, row: Row, segment: bytes) -> Sequence[int | None]:
        """The styles for a row's new cells; headers look like the header left of them."""
        if row.number != self._header:
            return self._styles
        look = None
        for cell in row.cells:
            if cell.column < self._columns[0]:
                look = rowparse.style(segment[cell.start : cell.inner])
        return [look] * len(self._columns)

    def _require_blank(self, row: int, cell: Cell, segment: bytes) -> None:
        if cell.formula:
            raise self._taken(row, cell.column, "holds a formula")
        if cell.closed or segment.startswith(b"</", cell.inner):
            return
        raw = segment[cell.start : cell.end]
        if rowparse.text(raw, cell.inner - cell.start, lambda _: None) == "":
            raise self._taken(row, cell.column, "looks empty but holds an empty text")
        raise self._taken(row, cell.column, "is not empty")

    def _created(self, before: int) -> bytes:
        """The rows that are due before a row and do not exist."""
        made = []
        while self._target < before:
            row, was, cells = self._target, celltext.ROW_WAS_ABSENT, []
            looks = [None] * len(self._styles) if row == self._header else self._styles
            for name, text, look in zip(self._names, self._texts, looks, strict=True):
                if text:
                    inside = celltext.inline(text, self._prefix, was)
                    cells.append(celltext.new(name + b"%d" % row, look, inside, self._prefix))
                    was = 0
            if cells:
                made.append(_row(row, b"".join(cells), self._prefix))
            self._target, self._texts = next(self._due)
        return b"".join(made)

    def _remaining(self) -> bytes:
        return self._created(_END)


class FillRows(RowEditor):
    """Fills in input cells; their style stays.

    Args:
        prefix: The sheet's namespace prefix with its colon.
        where: File and sheet, for messages.
        cells: (row, column) -> text; the empty text empties a cell.
        shared: Gives a shared string by its number.

    Raises:
        PlaceTaken: One of the cells holds a formula.
    """

    def __init__(
        self,
        prefix: bytes,
        where: str,
        cells: Mapping[tuple[int, int], str],
        shared: Callable[[int], str | None],
    ) -> None:
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(cells.items()):
            by_row.setdefault(row, {})[column] = text
        super().__init__(prefix, where, min(by_row), max(by_row))
        self._inputs = by_row
        self._shared = shared

    def _is_pending(self) -> bool:
        return bool(self._inputs)

    def _quick(self, row: int, segment: bytes, inner: int) -> bytes | None:  # noqa: ARG002 - as the others
        return None if next(iter(self._inputs), _END) <= row else segment

    def _edit(self, row: Row, segment: bytes) -> tuple[list[Edit], bool]:
        edits: list[Edit] = []
        if created := self._created(row.number):
            edits.append((row.start, row.start, created))
        cells = []
        for column, text in self._inputs.pop(row.number, {}).items():
            cell = row.at(column)
            if cell is None:
                at = row.place(column)
                cells.append((at, at, self._new(row.number, column, text)))
            elif not self._says(cell, segment, text):
                if cell.formula:
                    raise self._taken(row.number, column, "holds a formula")
                cells.append(
                    (cell.start, cell.end, self._replaced(row.number, cell, segment, text))
                )
        if cells and row.closed:
            return [*edits, _opened(row, segment, cells, self._end_tag)], True
        return edits + cells, True

    def _says(self, cell: Cell, segment: bytes, text: str) -> bool:
        """Whether a cell says this already."""
        if cell.closed or segment.startswith(b"</", cell.inner):
            return not text
        raw = segment[cell.start : cell.end]
        return not cell.formula and text == rowparse.text(
            raw, cell.inner - cell.start, self._shared
        )

    def _new(self, row: int, column: int, text: str) -> bytes:
        if not text:
            return b""
        name = rowparse.name(row, column).encode()
        return celltext.new(name, None, celltext.inline(text, self._prefix), self._prefix)

    def _replaced(self, row: int, cell: Cell, segment: bytes, text: str) -> bytes:
        name = rowparse.name(row, cell.column).encode()
        style = rowparse.style(segment[cell.start : cell.inner])
        if text:
            return celltext.new(name, style, celltext.inline(text, self._prefix), self._prefix)
        # An empty cell stays, because cells without a name are counted.
        look = b"" if style is None else b' s="%d"' % style
        return b'<%bc r="%b"%b/>' % (self._prefix, name, look)

    def _created(self, before: int) -> bytes:
        made = []
        while (row := next(iter(self._inputs), _END)) < before:
            cells = [self._new(row, column, text) for column, text in self._inputs.pop(row).items()]
            if any(cells):
                made.append(_row(row, b"".join(cells), self._prefix))
        return b"".join(made)

    def _remaining(self) -> bytes:
        return self._created(_END)


def _targets(patch: Patch) -> Iterator[tuple[int, Sequence[str | None]]]:
    """The rows to write and their texts, ascending; never ends."""
    own = sorted(patch.columns or (), key=lambda one: one.column)
    yield patch.header_row, [one.header for one in own]
    for row, *texts in zip(patch.rows, *(one.values for one in own), strict=True):
        yield row, texts
    while True:
        yield _END, ()


def _row(number: int, cells: bytes, prefix: bytes) -> bytes:
    return b'<%brow r="%d">%b</%brow>' % (prefix, number, cells, prefix)


def _opened(row: Row, segment: bytes, cells: list[Edit], end_tag: bytes) -> Edit:
    """Turn ``<row/>`` into a row with these cells."""
    tag = segment[row.start : row.inner - 2] + b">"
    return row.start, row.end, tag + b"".join(new for _, _, new in cells) + end_tag

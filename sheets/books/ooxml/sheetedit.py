"""The edit of one worksheet: clear what Reveal wrote, then write anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding, frame, frameclear, framewrite, markup, rowparse
from sheets.books.ooxml.rowclear import ClearRows
from sheets.books.ooxml.rowwrite import FillRows, WriteRows
from sheets.books.ooxml.sheetstream import SheetStream
from sheets.books.ooxml.tables import Table
from sheets.books.ooxml.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheets.books.ooxml.names import FilterNames
    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.rowedit import RowEditor
    from sheets.books.ooxml.styles import Styles
    from sheets.books.ooxml.workbook import SheetPart
    from sheets.grid import Patch


class SheetEdit:
    """All patches of one worksheet.

    To be used in this order: `clear`, `ask`, `write`, and then `pieces` and `small_parts`.

    Args:
        package: The package.
        sheet: The worksheet.
        patches: Its patches.
        where: File and sheet, for messages.
        shared: Gives a shared string by its number.

    Attributes:
        remembered: What earlier runs remembered, for each patch.

    Raises:
        CannotRead: A part is damaged.
        CannotWrite: The sheet is protected, or has no rows.
    """

    def __init__(
        self,
        package: Package,
        sheet: SheetPart,
        patches: Sequence[Patch],
        where: str,
        shared: Callable[[int], str | None],
    ) -> None:
        self._sheet = sheet
        self._where = where
        self._patches = patches
        self._shared = shared
        self._stream = SheetStream.open(package, sheet.path)
        self._cleared = self._document = self._stream.head + self._stream.tail
        framewrite.require_unprotected(markup.parse(self._document, sheet.path), where)
        self._tables: dict[str, tuple[Table, encoding.Encoding]] = {}
        for name in sheet.tables:
            data, how = encoding.read(package.read(name), name)
            self._tables[name] = Table(data, name, where), how
        self._own = [self._own_columns(patch) for patch in patches]
        self._undos = [Undo() for _ in patches]
        self._styles: list[tuple[list[int], list[int | None]]] = []
        self.remembered: list[Undo | None] = [None for _ in patches]

    @property
    def is_marked(self) -> bool:
        """Whether something of Reveal's is left on the sheet after clearing."""
        return frame.MARK in self._cleared

    def clear(self, names: FilterNames) -> None:
        """Take away what Reveal wrote, except the cells."""
        for at, (patch, own) in enumerate(zip(self._patches, self._own, strict=True)):
            if patch.columns is None:
                continue
            self._cleared, undo = frameclear.cleared(self._cleared, self._sheet.path, patch, own)
            self.remembered[at] = undo
            kept = {one.column for one in patch.columns}
            for table, _ in self._tables.values():
                if table.belongs_to(patch):
                    table.shrink(own, kept)
            if undo is None or undo.filter_name:
                names.shrink(self._sheet.index, own)

    def ask(self, styles: Styles) -> None:
        """Ask for the styles that will be needed."""
        for patch in self._patches:
            marks = patch.marks if patch.columns is not None else ()
            fills = [styles.fill(mark.shade) for mark in marks]
            own = sorted(patch.columns or (), key=lambda one: one.column)
            looks = [styles.wrapped() if one.wrap else None for one in own]
            self._styles.append((fills, looks))

    def write(self, names: FilterNames, record: str) -> None:
        """Put in what is written, except the cells.

        Args:
            names: The hidden names of filters.
            record: What undoes the change of the styles.
        """
        for patch, undo in zip(self._patches, self._undos, strict=True):
            if patch.columns:
                undo.styles = record
                for table, _ in self._tables.values():
                    table.grow(patch)
        self._document = self._written(names)

    def small_parts(self) -> Mapping[str, bytes]:
        """The parts of the tables, as they are to be."""
        return {
            name: b"".join(how.encoded([table.data])) for name, (table, how) in self._tables.items()
        }

    def pieces(self, names: FilterNames) -> Iterator[bytes]:
        """The sheet's part, as it is to be."""
        return self._stream.encoding.encoded(self._pieces(names))

    def _pieces(self, names: FilterNames) -> Iterator[bytes]:
        writers = {at: self._writer(at) for at, patch in enumerate(self._patches) if patch.columns}
        head, tail = frame.halves(self._document)
        yield from self._stream.edited(
            head, [*self._fillers(), *self._clearers(), *writers.values()]
        )
        if any(writer.adopted for writer in writers.values()):
            # Known only now, and remembered behind the rows, so that half is made again.
            for at, writer in writers.items():
                self._undos[at].adopted = writer.adopted
            tail = frame.halves(self._written(names))[1]
        yield tail

    def _written(self, names: FilterNames) -> bytes:
        document = self._cleared
        for patch, undo, (fills, _) in zip(self._patches, self._undos, self._styles, strict=True):
            document = framewrite.written(
                document,
                self._sheet,
                patch,
                fills=fills,
                undo=undo,
                names=names,
                where=self._where,
            )
        return document

    def _fillers(self) -> Iterator[RowEditor]:
        for patch in self._patches:
            if patch.cells:
                yield FillRows(self._stream.prefix, self._where, patch.cells, self._shared)

    def _clearers(self) -> Iterator[RowEditor]:
        for patch, own, undo in zip(self._patches, self._own, self.remembered, strict=True):
            if own and patch.columns is not None:
                yield ClearRows(
                    self._stream.prefix,
                    self._where,
                    patch.header_row,
                    patch.last_row,
                    own,
                    keep_styles=undo is not None and undo.adopted,
                )

    def _writer(self, at: int) -> WriteRows:
        patch, looks = self._patches[at], self._styles[at][1]
        return WriteRows(self._stream.prefix, self._where, patch, self._guarded(patch), looks)

    def _guarded(self, patch: Patch) -> int:
        """The last row in which nothing else may stand in the own columns."""
        areas = [table.area for table, _ in self._tables.values()]
        areas.append(framewrite.filter_area(markup.parse(self._document, self._sheet.path)))
        columns = [one.column for one in patch.columns or ()]
        ends = [
            area.last_row
            for area in areas
            if area is not None and any(area.holds(patch.header_row, column) for column in columns)
        ]
        return max(ends, default=patch.last_row)

    def _own_columns(self, patch: Patch) -> frozenset[int]:
        """The columns that hold Reveal's earlier output: those named, and those recognised."""
        own = set(patch.replaces)
        asked = [one for one in patch.columns or () if one.column not in own]
        found = self._stream.rows({patch.header_row}).get(patch.header_row) if asked else None
        if found is not None:
            row, segment = found
            for one in asked:
                cell = row.at(one.column)
                if cell is not None:
                    raw = segment[cell.start : cell.end]
                    if rowparse.text(raw, cell.inner - cell.start, self._shared) == one.header:
                        own.add(one.column)
        return frozenset(own)

"""The edit of a workbook: which parts change, and into what."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding, frame, rowparse
from sheets.books.ooxml.names import FilterNames
from sheets.books.ooxml.ownsheets import OwnSheets
from sheets.books.ooxml.partlists import PartLists
from sheets.books.ooxml.sheetedit import SheetEdit
from sheets.books.ooxml.stylespart import StylesPart
from sheets.books.ooxml.workbook import relationships
from sheets.errors import CannotRead, CannotWrite, SheetNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.workbook import SheetPart, Workbook
    from sheets.grid import OwnSheet, Patch

    Content = bytes | Iterable[bytes] | None

_STRINGS_LIMIT = 1 << 30


class WorkbookEdit:
    """The edit of one workbook.

    Args:
        package: The package.
        workbook: Its parts.
        name: The file's name, for messages.
    """

    def __init__(self, package: Package, workbook: Workbook, name: str) -> None:
        self._package = package
        self._workbook = workbook
        self._name = name

    def changed_parts(
        self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None
    ) -> Mapping[str, Content]:
        """The parts that patches and own sheets change, with their new contents.

        Raises:
            SheetNotFound: A patch names a sheet that is not there.
            CannotRead: A part is damaged.
            CannotWrite: A sheet or the file cannot be changed without harm.
            PlaceTaken: Cells or a title that are needed belong to somebody else. What stands in
                the rows is found while the sheet's pieces are taken.
        """
        self._require_unsigned()
        path = self._workbook.path
        data, how = encoding.read(self._package.read(path), path)
        names = FilterNames(data, path)
        lists = PartLists(self._package, self._workbook, data)
        styles = StylesPart(self._package, self._workbook, strict=lists.strict)
        sheets = self._sheets(patches)
        own_sheets = OwnSheets(
            self._package, self._workbook, data, own, shared=self._shared, where=self._name
        )
        for sheet in sheets.values():
            sheet.clear(names)
        record = self._undo(styles, sheets, own_sheets)
        for sheet in sheets.values():
            sheet.ask(styles.styles)
        own_sheets.ask(styles.styles)
        record = styles.styles.result()[1] or record
        for sheet in sheets.values():
            sheet.write(names, record)
        workbook = own_sheets.workbook(names.result(), lists)
        small: dict[str, bytes | None] = {path: b"".join(how.encoded([workbook]))}
        small |= styles.parts(lists)
        small |= own_sheets.parts(record, data, strict=lists.strict)
        small |= lists.parts()
        for sheet in sheets.values():
            small |= sheet.small_parts()
        changed: dict[str, Content] = {
            name: content for name, content in small.items() if not self._is_same(name, content)
        }
        return changed | {name: sheet.pieces(names) for name, sheet in sheets.items()}

    def _undo(
        self, styles: StylesPart, sheets: Mapping[str, SheetEdit], own_sheets: OwnSheets
    ) -> str:
        """Take the styles back if nothing uses them any more; else give the record to keep."""
        remembered = [undo for sheet in sheets.values() for undo in sheet.remembered]
        records = [
            undo.styles
            for undo in (*remembered, *own_sheets.remembered)
            if undo is not None and undo.styles
        ]
        if not records:
            return ""
        edited = {*sheets, *own_sheets.paths}
        if any(sheet.is_marked for sheet in sheets.values()) or self._is_marked_elsewhere(edited):
            return records[0]
        styles.undo(records)
        return ""

    def _is_marked_elsewhere(self, edited: Collection[str]) -> bool:
        """Whether a sheet that is not edited holds something of Reveal's."""
        for sheet in self._workbook.sheets:
            if sheet.path not in edited:
                window = b""
                for piece in self._package.chunks(sheet.path):
                    window = window[-len(frame.MARK) :] + piece
                    if frame.MARK in window:
                        return True
        return False

    def _sheets(self, patches: Sequence[Patch]) -> Mapping[str, SheetEdit]:
        known = {sheet.title: sheet for sheet in self._workbook.sheets}
        by_sheet: dict[str, list[Patch]] = {}
        for patch in patches:
            if patch.sheet not in known:
                raise SheetNotFound(
                    f'There is no sheet "{patch.sheet}".',
                    hint="There are: " + ", ".join(known),
                    where=self._name,
                )
            by_sheet.setdefault(patch.sheet, []).append(patch)
        if len({known[title].path for title in by_sheet}) < len(by_sheet):
            raise CannotRead("Two sheets of the file are one and the same part.", where=self._name)
        return {
            known[title].path: self._sheet(known[title], own) for title, own in by_sheet.items()
        }

    def _sheet(self, sheet: SheetPart, patches: Sequence[Patch]) -> SheetEdit:
        where = f'{self._name}, sheet "{sheet.title}"'
        return SheetEdit(self._package, sheet, patches, where, self._shared)

    def _shared(self, number: int) -> str | None:
        known = self._shared_strings
        return known[number] if number < len(known) else None

    @cached_property
    def _shared_strings(self) -> Sequence[str]:
        path = self._workbook.shared_strings
        if path is None:
            return ()
        data, _ = encoding.read(self._package.read(path, limit=_STRINGS_LIMIT), path)
        return rowparse.shared_texts(data)

    def _is_same(self, name: str, content: bytes | None) -> bool:
        found = name in self._package.names
        return (self._package.read(name) if found else None) == content

    def _require_unsigned(self) -> None:
        if any(link.kind == "origin" for link in relationships(self._package, "")):
            raise CannotWrite(
                "The file is signed, and a changed file would carry a broken signature.",
                hint="Remove the signature (File > Info > View Signatures), or save a copy.",
                where=self._name,
            )

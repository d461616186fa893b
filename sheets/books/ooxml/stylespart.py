"""The styles part of a workbook while it is edited; one is added to a workbook that has none."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding, markup
from sheets.books.ooxml.styles import Styles, undone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.workbook import Workbook

_NAME = "styles.reveal.xml"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
_SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = {
    _RELATION: "http://purl.oclc.org/ooxml/officeDocument/relationships/styles",
    _SPACE: b"http://purl.oclc.org/ooxml/spreadsheetml/main",
}
_BLANK = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%b">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    b"</styleSheet>"
)


class StylesPart:
    """The styles of a workbook.

    Args:
        package: The package.
        workbook: Its parts.
        workbook_data: The workbook's own part.

    Attributes:
        styles: The styles as they are now; new ones are asked of it.

    Raises:
        CannotRead: The part is damaged.
    """

    def __init__(self, package: Package, workbook: Workbook, workbook_data: bytes) -> None:
        self._package = package
        self._workbook = workbook
        self._strict = _STRICT[_SPACE] in workbook_data
        self._blank = _BLANK % (_STRICT[_SPACE] if self._strict else _SPACE)
        self._is_new = workbook.styles is None
        folder = posixpath.dirname(workbook.path)
        self._name = workbook.styles or posixpath.join(folder, _NAME)
        data, self._encoding = (
            (self._blank, encoding.Encoding())
            if self._is_new
            else encoding.read(package.read(self._name), self._name)
        )
        self.styles = Styles(data, self._name)

    def undo(self, records: Collection[str]) -> None:
        """Take away what earlier runs appended, as far as nobody changed the part since."""
        left = set(records)
        while left:
            data = self.styles.result()[0]
            for record in sorted(left):
                before = undone(data, record, self._name)
                if before is not None:
                    self.styles = Styles(before, self._name)
                    left.remove(record)
                    break
            else:
                return

    def parts(self) -> Mapping[str, bytes | None]:
        """The parts that are to be written; None is to be left out."""
        data = self.styles.result()[0]
        if self._is_new:
            return {} if data == self._blank else {self._name: data, **self._announced()}
        if data == self._blank and posixpath.basename(self._name) == _NAME:
            return {self._name: None, **self._forgotten()}
        return {self._name: b"".join(self._encoding.encoded([data]))}

    def _announced(self) -> Mapping[str, bytes]:
        """The content types and relationships with the new part in them."""
        parts = {}
        for name, entry in self._entries().items():
            data = self._package.read(name)
            root = markup.parse(data, name)
            parts[name] = markup.splice(data, [(root.close, root.close, entry)])
        return parts

    def _forgotten(self) -> Mapping[str, bytes]:
        """The same without it."""
        return {
            name: self._package.read(name).replace(entry, b"")
            for name, entry in self._entries().items()
        }

    def _entries(self) -> Mapping[str, bytes]:
        """What tells of the part, by the part in which it is told."""
        folder, name = posixpath.split(self._workbook.path)
        links = self._package.find(posixpath.join(folder, "_rels", f"{name}.rels")) or ""
        relation = _STRICT[_RELATION] if self._strict else _RELATION
        link = f'<Relationship Id="rIdReveal" Type="{relation}" Target="{_NAME}"/>'
        kind = f'<Override PartName="/{self._name}" ContentType="{_KIND}"/>'
        return {self._workbook.content_types: kind.encode(), links: link.encode()}

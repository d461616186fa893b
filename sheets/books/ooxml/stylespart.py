"""The styles part of a workbook while it is edited; one is added to a workbook that has none."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding, markup
from sheets.books.ooxml.styles import PLAIN_LISTS, Styles, undone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.workbook import Workbook

_NAMES = ("styles.xml", "styles.reveal.xml")  # some programs look for the first name only
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
_SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships/styles"
_STRICT_SPACE = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_BLANK = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%b">'
    + PLAIN_LISTS
    + b"</styleSheet>"
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
        self._strict = _STRICT_SPACE in workbook_data
        self._blank = _BLANK % (_STRICT_SPACE if self._strict else _SPACE)
        self._is_new = workbook.styles is None
        folder = posixpath.dirname(workbook.path)
        names = (posixpath.join(folder, name) for name in _NAMES)
        self._name = workbook.styles or next(
            (name for name in names if not package.find(name)), posixpath.join(folder, _NAMES[1])
        )
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
        if data == self._blank and self._is_ours():
            return {self._name: None, **self._forgotten()}
        return {self._name: b"".join(self._encoding.encoded([data]))}

    def _is_ours(self) -> bool:
        """Whether an earlier run added the part."""
        name, link = self._link()
        return link[1:] in self._package.read(name)

    def _announced(self) -> Mapping[str, bytes]:
        """The content types and relationships with the new part in them."""
        return dict([self._with(*self._link()), self._with(*self._kind())])

    def _with(self, name: str, entry: bytes) -> tuple[str, bytes]:
        data = self._package.read(name)
        root = markup.parse(data, name)
        told = any((other.get("PartName") or "")[1:] == self._name for other in root.children)
        new = b"" if told else b"<" + root.prefix + entry[1:]
        return name, markup.splice(data, [(root.close, root.close, new)])

    def _forgotten(self) -> Mapping[str, bytes]:
        """The same without it."""
        return {
            name: re.sub(b"<[^<>:]*:?" + re.escape(entry[1:]), b"", self._package.read(name))
            for name, entry in (self._link(), self._kind())
        }

    def _link(self) -> tuple[str, bytes]:
        """The relationship with the part, and where it is told."""
        folder, name = posixpath.split(self._workbook.path)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        relation = _STRICT_RELATION if self._strict else _RELATION
        target = posixpath.basename(self._name)
        link = f'<Relationship Id="rIdReveal" Type="{relation}" Target="{target}"/>'
        return self._package.find(links) or links, link.encode()

    def _kind(self) -> tuple[str, bytes]:
        """The content type of the part, and where it is told.

        Others write the name first, so that this one is known as Reveal's.
        """
        kind = f'<Override ContentType="{_KIND}" PartName="/{self._name}"/>'
        return self._workbook.content_types, kind.encode()

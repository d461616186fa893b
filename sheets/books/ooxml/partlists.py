"""What a package tells of its parts: the workbook's relationships and the content types."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding, markup
from sheets.books.ooxml.workbook import relationships

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheets.books.ooxml.markup import Element
    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.workbook import Workbook

SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SPACE = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
OWN_LINK = "rIdReveal"
"""How the ids of the relationships with parts begin that Reveal added."""

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"


class PartLists:
    """Both lists while parts of the workbook come and go.

    Args:
        package: The package.
        workbook: Its parts.
        workbook_data: The workbook's own part.

    Attributes:
        strict: Whether the workbook is written in the strict names of the standard.
    """

    def __init__(self, package: Package, workbook: Workbook, workbook_data: bytes) -> None:
        self.strict = STRICT_SPACE in workbook_data
        self._package = package
        self._folder, own = posixpath.split(workbook.path)
        told_in = posixpath.join(self._folder, "_rels", f"{own}.rels")
        self._links = package.find(told_in) or told_in
        self._kinds = workbook.content_types
        links = relationships(package, workbook.path)
        self._known = {link.target: link.id for link in links if link.target}
        self._data: dict[str, tuple[bytes, encoding.Encoding]] = {}

    def id_of(self, name: str) -> str | None:
        """The relationship with a part that the package has."""
        return self._known.get(name)

    def free_id(self, wanted: str) -> str:
        """An id for a new relationship."""
        while wanted in self._known.values():
            wanted += "x"
        return wanted

    def add(self, name: str, kind: str, link: str) -> None:
        """Tell of a new part.

        Args:
            name: The part.
            kind: The last word of its type, such as ``worksheet``.
            link: The id of its relationship.
        """
        relation = (_STRICT_RELATIONS if self.strict else _RELATIONS) + kind
        target = posixpath.relpath(name, self._folder or ".")
        self._append(self._links, f'Relationship Id="{link}" Type="{relation}" Target="{target}"/>')
        data, _ = self._read(self._kinds)
        told = markup.parse(data, self._kinds).children
        if not any((one.get("PartName") or "")[1:] == name for one in told):
            # Others write the name first.
            content = _KIND.format(kind)
            self._append(self._kinds, f'Override ContentType="{content}" PartName="/{name}"/>')

    def remove(self, name: str) -> None:
        """Tell of a part no more."""
        link = self._known.get(name)
        self._take_out(self._links, lambda one: one.get("Id") == link)
        # A content type that was told before the part came stays; a program that saved the
        # workbook since has told all of them anew.
        ours = b"Override ContentType" if link and link.startswith(OWN_LINK) else b""
        self._take_out(
            self._kinds,
            lambda one: one.get("PartName") == f"/{name}" and ours in one.raw,
        )

    def parts(self) -> Mapping[str, bytes]:
        """The lists as they are to be, as far as something came or went."""
        return {name: b"".join(how.encoded([data])) for name, (data, how) in self._data.items()}

    def _read(self, name: str) -> tuple[bytes, encoding.Encoding]:
        return self._data.get(name) or encoding.read(self._package.read(name), name)

    def _append(self, name: str, entry: str) -> None:
        data, how = self._read(name)
        root = markup.parse(data, name)
        new = b"<" + root.prefix + entry.encode()
        self._data[name] = markup.splice(data, [(root.close, root.close, new)]), how

    def _take_out(self, name: str, which: Callable[[Element], bool]) -> None:
        data, how = self._read(name)
        entries = filter(which, markup.parse(data, name).children)
        edits = [(one.start, one.end, b"") for one in entries]
        self._data[name] = markup.splice(data, edits), how

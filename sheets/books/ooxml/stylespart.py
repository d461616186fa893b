"""The styles part of a workbook while it is edited; one is added to a workbook that has none."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sheets.books.ooxml import encoding
from sheets.books.ooxml.partlists import OWN_LINK, SPACE, STRICT_SPACE
from sheets.books.ooxml.styles import PLAIN_LISTS, Styles, undone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.partlists import PartLists
    from sheets.books.ooxml.workbook import Workbook

_NAMES = ("styles.xml", "styles.reveal.xml")  # some programs look for the first name only
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
        strict: Whether it is written in the strict names of the standard.

    Attributes:
        styles: The styles as they are now; new ones are asked of it.

    Raises:
        CannotRead: The part is damaged.
    """

    def __init__(self, package: Package, workbook: Workbook, *, strict: bool) -> None:
        self._blank = _BLANK % (STRICT_SPACE if strict else SPACE)
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

    def parts(self, lists: PartLists) -> Mapping[str, bytes | None]:
        """The part that is to be written; None is to be left out.

        Args:
            lists: The lists of parts; a part that comes or goes is told there.
        """
        data = self.styles.result()[0]
        if self._is_new:
            if data == self._blank:
                return {}
            lists.add(self._name, "styles", OWN_LINK)
        elif data == self._blank and lists.id_of(self._name) == OWN_LINK:
            lists.remove(self._name)
            return {self._name: None}
        return {self._name: b"".join(self._encoding.encoded([data]))}

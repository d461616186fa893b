"""The workbook's own part: hidden names of filters, which must follow these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.ooxml import markup, refs

if TYPE_CHECKING:
    from collections.abc import Collection

    from sheets.books.ooxml.markup import Edit, Element

_FILTER = "_xlnm._FilterDatabase"


class FilterNames:
    """The hidden names of filters in a workbook's part.

    Args:
        data: The part, in UTF-8.
        part: Its name, for messages.

    Raises:
        CannotRead: The part is damaged.
    """

    def __init__(self, data: bytes, part: str) -> None:
        self._part = part
        self._data = data
        self._root = markup.parse(data, part)
        self._edits: dict[int, Edit] = {}

    def shrink(self, sheet: int, own: Collection[int]) -> None:
        """Take the own columns off the end of a sheet's filter."""
        element = self._name(sheet)
        end = refs.ends_at(_text(element)) if element is not None else None
        if element is None or end is None or end not in own:
            return
        self._data = markup.splice(self._data, [_ending_at(element, refs.without_last(end, own))])
        self._root = markup.parse(self._data, self._part)

    def grow(self, sheet: int, before: int, after: int) -> bool:
        """Let a sheet's filter end at another column, and say whether it did not yet."""
        element = self._name(sheet)
        if element is None or refs.ends_at(_text(element)) != before:
            return False
        self._edits[sheet] = _ending_at(element, after)
        return True

    def result(self) -> bytes:
        """The part with all changes."""
        return markup.splice(self._data, self._edits.values())

    def _name(self, sheet: int) -> Element | None:
        parent = self._root.child("definedNames")
        for element in parent.children if parent is not None else ():
            if element.get("name") == _FILTER and element.number("localSheetId") == sheet:
                return element
        return None


def _text(element: Element) -> str:
    return markup.unescape(element.source[element.inner : element.close])


def _ending_at(element: Element, column: int) -> Edit:
    # The sheet's name may hold references such as &amp;, so its bytes are changed, not its text.
    raw = element.source[element.inner : element.close].decode()
    return element.inner, element.close, refs.ending_at(raw, column).encode()

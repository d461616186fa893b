"""In which line each key and value of a TOML text stands. `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The keys that lead to a value, and the numbers (from 0) of items of lists among them."""

_GAP = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_NAME = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_CLOSED = re.compile(r"[ \t]*\]{1,2}")
_PLAIN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'  # two quotation marks may stand before the closing three
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[^,\]}#\n]+',
    re.DOTALL,
)


def lines(text: str) -> Mapping[Path, int]:
    r"""Return the line of each table, key, and item of a list.

    Args:
        text: What `tomllib.loads` understands; what it does not is not understood here either.

    Example:
        >>> lines("a = 1\n[b]\nc = [\n  2,\n]\n")
        {('a',): 1, ('b',): 2, ('b', 'c'): 3, ('b', 'c', 0): 4}
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


class _Scanner:
    """Walks over a text that is known to be TOML, so that it need not look for mistakes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._line, self._counted = 1, 0
        self._items: dict[Path, int] = {}

    def document(self) -> None:
        """All tables, one after the other."""
        table: Path = ()
        self._skip(_GAP)
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._item_of_list()
            elif self.text[self.at] == "[":
                table = self._table()
            else:
                self._pair(table)
            self._skip(_GAP)

    def _table(self) -> Path:
        line = self._now()
        self.at += 1
        table = self._inside(self._key())
        self._skip(_CLOSED)
        self._note(table, line)
        return table

    def _item_of_list(self) -> Path:
        line = self._now()
        self.at += 2
        *above, name = self._key()
        self._skip(_CLOSED)
        whole = (*self._inside(tuple(above)), name)
        self._items[whole] = self._items.get(whole, -1) + 1
        item = (*whole, self._items[whole])
        self.found.setdefault(whole, line)
        self._note(item, line)
        return item

    def _inside(self, names: Path) -> Path:
        """The path of a table; one in a list is in the list's last item."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._items:
                path = (*path, self._items[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self._now()
        path = (*table, *self._key())
        self._note(path, line)
        self._skip(_EQUALS)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening not in "[{":
            self._skip(_PLAIN)
            return
        closing, number = "]" if opening == "[" else "}", 0
        self.at += 1
        self._skip(_GAP)
        while self.text[self.at] != closing:
            if opening == "{":
                self._pair(path)
            else:
                self._note((*path, number), self._now())
                self._value((*path, number))
            number += 1
            self._skip(_GAP)
        self.at += 1

    def _key(self) -> Path:
        names = []
        while match := _NAME.match(self.text, self._skip_blanks()):
            self.at = match.end()
            written = match[0]
            quoted = written[0] in "\"'"
            names.append(str(tomllib.loads(f"k = {written}")["k"]) if quoted else written)
            if not self._skip(_DOT):
                break
        return tuple(names)

    def _skip_blanks(self) -> int:
        while self.text[self.at] in " \t":
            self.at += 1
        return self.at

    def _skip(self, what: re.Pattern[str]) -> bool:
        match = what.match(self.text, self.at)
        if match:
            self.at = match.end()
        return bool(match)

    def _now(self) -> int:
        """The number of the line, counted on from where it was asked for the last time."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _note(self, path: Path, line: int) -> None:
        """A path stands in a line; what it is inside of does too, if it has no line of its own."""
        for end in range(1, len(path)):
            self.found.setdefault(path[:end], line)
        self.found[path] = line

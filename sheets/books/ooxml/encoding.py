"""Parts that are not in UTF-8: made so for editing, and given back as they were."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_ALLOWED = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a part is written.

    Attributes:
        name: Python's name of the encoding; empty for UTF-8.
        mark: The bytes before the text that tell the encoding.
    """

    name: str = ""
    mark: bytes = b""

    @classmethod
    def of(cls, start: bytes, part: str) -> Encoding:
        """Tell the encoding from the first bytes of a part.

        Raises:
            CannotRead: It is one that no workbook uses.
        """
        for mark, name in _MARKS:
            if start.startswith(mark):
                return cls(name, mark)
        for first, name in _UNMARKED:
            if start.startswith(first):
                return cls(name)
        match = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
        if match is None:
            return cls()
        try:
            name = codecs.lookup(match[1].decode()).name
        except LookupError:
            name = "?"
        if name == "utf-8":
            return cls()
        if name in _ALLOWED:
            return cls(name)
        raise CannotRead(
            f"A part of the file is written in an encoding that Excel does not use: {part}.",
            hint="Open the file in Excel and save it again.",
        )

    def decoded(self, pieces: Iterable[bytes], part: str) -> Iterator[bytes]:
        """The pieces in UTF-8, without the mark of another encoding."""
        if not self.name:
            yield from pieces
            return
        reader = codecs.getincrementaldecoder(self.name)()
        skip = len(self.mark)
        try:
            for piece in pieces:
                yield reader.decode(piece[skip:]).encode()
                skip = 0
            yield reader.decode(b"", final=True).encode()
        except UnicodeError as problem:
            raise CannotRead(f"A part of the file is damaged: {part}.") from problem

    def encoded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces as the part was written; what its encoding lacks becomes a reference."""
        if not self.name:
            yield from pieces
            return
        reader = codecs.getincrementaldecoder("utf-8")()
        yield self.mark
        for piece in pieces:
            yield reader.decode(piece).encode(self.name, "xmlcharrefreplace")


def read(data: bytes, part: str) -> tuple[bytes, Encoding]:
    """A whole part in UTF-8, and how it was written.

    Example:
        >>> data, how = read("<a/>".encode("utf-16"), "a.xml")
        >>> data, how.name
        (b'<a/>', 'utf-16-le')
        >>> b"".join(how.encoded([data])) == "<a/>".encode("utf-16")
        True
    """
    how = Encoding.of(data[:200], part)
    return b"".join(how.decoded([data], part)), how

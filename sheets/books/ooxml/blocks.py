"""A large part in blocks of whole elements, so that memory does not grow with the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml import tree
from sheets.books.ooxml.encoding import Encoding
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.books.ooxml.package import Package

BLOCK = 8 << 20
"""Bytes that are worked on at once: enough for speed, little for memory."""

LIMIT = 32 << 20
"""Bytes that one row or one text may have."""


class Blocks:
    """A part in UTF-8 whatever it is written in, read once from its start to its end.

    Args:
        package: The package.
        part: The part's name.
        where: The place to name in messages.

    Raises:
        CannotRead: The part is missing or damaged.
    """

    def __init__(self, package: Package, part: str, where: str) -> None:
        self._where = where
        pieces = package.chunks(part)
        first = next(pieces, b"")
        self._pieces = Encoding.of(first[:200], part).decoded(_chain(first, pieces), part)
        self._kept: list[bytes] = []

    def put_back(self, data: bytes) -> None:
        """Give these bytes again before all others."""
        self._kept.insert(0, data)

    def pieces(self) -> Iterator[bytes]:
        """All that is left, in pieces of any length."""
        while self._kept:
            yield self._kept.pop(0)
        for piece in self._pieces:
            yield piece
            while self._kept:
                yield self._kept.pop(0)

    def take(self, mark: bytes, end: bytes, size: int = BLOCK) -> bytes:
        """The next block: up to `end`, or at least `size` bytes cut before the last `mark` in them.

        Nothing if `end` comes next, or if nothing is left.

        Raises:
            CannotRead: There is no mark in the next 32 MB.
        """
        taken, length = [], 0
        for piece in self.pieces():
            taken.append(piece)
            length += len(piece)
            if length < size:
                continue
            data = b"".join(taken)
            cut = data.find(end)
            if cut < 0:
                cut = data.rfind(mark)
            if cut > 0 or data.startswith(end):
                self.put_back(data[cut:])
                return data[:cut]
            if length > LIMIT:
                raise too_large(self._where)
            taken, size = [data], length + BLOCK
        data = b"".join(taken)
        cut = data.find(end)
        if cut < 0:
            return data
        self.put_back(data[cut:])
        return data[:cut]


def _chain(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def plain(data: bytes) -> bool:
    """Whether there is no comment, CDATA or processing instruction in some bytes."""
    return not ((b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data))


def column(data: Sequence[bytes], where: str, part: str) -> pl.Series:
    """Bytes as a column of text.

    Raises:
        CannotRead: They are not UTF-8.
    """
    try:
        return pl.Series(data, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError as problem:
        raise tree.damaged(where, part) from problem


def too_large(where: str) -> CannotRead:
    """The error for a row or a text beyond `LIMIT`."""
    return CannotRead(
        f"The file holds a row or a text larger than {LIMIT >> 20} MB.",
        hint="A cell holds far too much text; shorten it.",
        where=where,
    )

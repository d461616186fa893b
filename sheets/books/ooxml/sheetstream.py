"""A worksheet's part as a stream: what stands before its rows, the rows, what stands after them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.ooxml import markup, rowparse
from sheets.books.ooxml.encoding import Encoding
from sheets.errors import CannotRead, CannotWrite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.rowedit import RowEditor

_SHEET_DATA = re.compile(rb"<((?:[^\s:<>/]+:)?)sheetData(?:\s[^>]*?)?(/?)>")
_FRAME_LIMIT = 64 << 20
_LONGEST_TAG = 1024


@dataclass(frozen=True, slots=True)
class SheetStream:
    """A worksheet's part; its rows are read anew each time.

    Attributes:
        package: The package.
        part: The part's name.
        encoding: How it is written.
        head: All bytes up to the rows.
        tail: All bytes behind the rows.
        prefix: The namespace prefix of its elements, with the colon.
        length: How many bytes the rows have.
    """

    package: Package
    part: str
    encoding: Encoding
    head: bytes
    tail: bytes
    prefix: bytes
    length: int

    @classmethod
    def open(cls, package: Package, part: str) -> SheetStream:
        """Find where the rows of a sheet begin and end.

        Raises:
            CannotRead: The part is damaged.
            CannotWrite: The sheet has no rows.
        """
        encoding = Encoding.of(next(package.chunks(part), b"")[:200], part)
        pieces = encoding.decoded(package.chunks(part), part)
        head, rest, prefix = _head(pieces, part)
        needle = b"</%bsheetData" % prefix
        length, window = 0, rest
        while (at := window.find(needle)) < 0:
            keep = min(len(window), len(needle) - 1)
            length += len(window) - keep
            piece = next(pieces, None)
            if piece is None:
                raise CannotRead(
                    f"A part of the file is damaged: {part}.",
                    hint="Open the file in Excel and save it again.",
                )
            window = window[len(window) - keep :] + piece
        tail = [window[at:]]
        for piece in pieces:
            tail.append(piece)
            _require_small(sum(map(len, tail)), part)
        return cls(package, part, encoding, head, b"".join(tail), prefix, length + at)

    @property
    def end_tag(self) -> bytes:
        """The end tag of a row."""
        return b"</%brow>" % self.prefix

    def rows(self, wanted: Collection[int]) -> Mapping[int, tuple[rowparse.Row, bytes]]:
        """Some rows near the top, each with the bytes that it stands in."""
        found: dict[int, tuple[rowparse.Row, bytes]] = {}
        last = 0
        for segments, _ in rowparse.cut(self._body(), self.end_tag):
            for segment in segments:
                for row in rowparse.rows(segment, self.prefix, last):
                    last = row.number
                    if last in wanted:
                        found[last] = row, segment
                if last >= max(wanted):
                    return found
        return found

    def edited(self, head: bytes, editors: Sequence[RowEditor]) -> Iterator[bytes]:
        """The head, and the rows after all editors, in UTF-8; the caller adds the tail."""
        yield head
        end_tag = self.end_tag
        pending: tuple[list[bytes], bool] | None = None
        for following in rowparse.cut(self._body(), end_tag):
            if pending is not None:
                segments, plain = pending
                for editor in editors:
                    segments = editor.feed(segments, plain=plain)
                yield end_tag.join((*segments, b"")) if segments else b""
            pending = following
        yield self._rest(pending[0][0] if pending else b"", editors)

    def _rest(self, rest: bytes, editors: Sequence[RowEditor]) -> bytes:
        """What stands after the last end tag of a row, edited."""
        ended: list[bytes] = []
        for editor in editors:
            if ended:
                ended = editor.feed(ended, plain=False)
            more, rest = editor.finish(rest)
            ended += more
        return self.end_tag.join((*ended, rest))

    def _body(self) -> Iterator[bytes]:
        """The bytes of the rows."""
        skip, left = len(self.head), self.length
        for piece in self.encoding.decoded(self.package.chunks(self.part), self.part):
            if skip >= len(piece):
                skip -= len(piece)
                continue
            body = piece[skip : skip + left]
            skip = 0
            left -= len(body)
            yield body
            if not left:
                return


def _head(pieces: Iterator[bytes], part: str) -> tuple[bytes, bytes, bytes]:
    """All up to the rows, what was read beyond it, and the namespace prefix."""
    read = b""
    for piece in pieces:
        searched = max(0, len(read) - _LONGEST_TAG)
        read += piece
        _require_small(len(read), part)
        match = _SHEET_DATA.search(read, searched)
        if match is not None and match[2]:
            raise _no_rows()
        if match is not None:
            return read[: match.end()], read[match.end() :], match[1]
    markup.require_well_formed(read, part)
    raise _no_rows()


def _no_rows() -> CannotWrite:
    return CannotWrite(
        "The sheet has no rows, so there is nothing to write beside.",
        hint="Check another sheet.",
    )


def _require_small(size: int, part: str) -> None:
    if size > _FRAME_LIMIT:
        raise CannotRead(f"A part of the file is larger than can be edited: {part}.")

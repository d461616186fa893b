"""The rows of a sheet as bytes: cut from a stream, and taken apart where the fast ways end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets.books.ooxml import markup
from sheets.errors import CannotRead
from sheets.grid import letters, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROW_LIMIT = 32 << 20

_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_ANY_ROW_NUMBER = re.compile(rb"\sr\s*=")
_CELL_NAME = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})\d{1,7}["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d{1,9})["']""")
_TEXTS = re.compile(rb"<(?:[^\s:<>]*:)?(?:t|v)(?:\s[^<>]*)?>([^<]*)<")
_PHONETIC = re.compile(rb"<(?:[^\s:<>]*:)?rPh\b.*?</(?:[^\s:<>]*:)?rPh>", re.DOTALL)
_SHARED = re.compile(
    rb"<(?:[^\s:<>/]*:)?si(?:\s[^<>]*?)?(?:/>|>(.*?)</(?:[^\s:<>]*:)?si>)", re.DOTALL
)
_KIND = re.compile(rb"""\st\s*=\s*["']([^"']*)["']""")
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_LAST_ROW = 1_048_576


@dataclass(slots=True)
class Cell:
    """A cell in the bytes of its row.

    Attributes:
        column: Counted from 1.
        start: Where it begins.
        inner: Where its start tag ends.
        end: Where it ends.
        closed: Whether it is written ``<c/>``.
        formula: Whether it holds a formula.
    """

    column: int
    start: int
    inner: int
    end: int
    closed: bool
    formula: bool = False


@dataclass(slots=True)
class Row:
    """A row in the bytes of its segment.

    Attributes:
        number: Counted from 1.
        start: Where it begins.
        inner: Where its start tag ends.
        end: Where it ends; for the last row of a segment the end tag is not in the bytes.
        closed: Whether it is written ``<row/>``.
        ended: Whether its end tag, if it has one, is in the bytes.
        cells: Its cells, in their order.
        rest: Where something begins that is no cell and comes after them, or -1.
    """

    number: int
    start: int
    inner: int
    end: int
    closed: bool
    ended: bool = True
    cells: list[Cell] = field(default_factory=list)
    rest: int = -1

    def at(self, column: int) -> Cell | None:
        """The cell of a column."""
        return next((cell for cell in self.cells if cell.column == column), None)

    def place(self, column: int) -> int:
        """Where the bytes of a new cell belong."""
        for cell in self.cells:
            if cell.column > column:
                return cell.start
        if self.cells:
            return self.cells[-1].end
        return self.inner


def unclear() -> CannotRead:
    """The error for bytes of rows that cannot be told apart for sure."""
    return CannotRead(
        "The rows of the sheet are not written as Excel writes them.",
        hint="Open the file in Excel and save it again.",
    )


def style(start_tag: bytes) -> int | None:
    """The style number in a start tag."""
    match = _STYLE.search(start_tag)
    return None if match is None else int(match[1])


def cut(pieces: Iterable[bytes], end_tag: bytes) -> Iterator[tuple[list[bytes], bool]]:
    """Cut a stream at the ends of its rows.

    Yields:
        Segments, each up to an end tag that is left out, and whether their bytes are plain: no
        comment, CDATA or processing instruction in them. The last list holds one segment, the
        rest of the stream.

    Raises:
        CannotRead: A row is larger than 32 MB.
    """
    pending = b""
    for piece in pieces:
        data = pending + piece
        segments = data.split(end_tag)
        pending = segments.pop()
        if len(pending) > ROW_LIMIT:
            raise CannotRead(
                f"A row of the sheet is larger than {ROW_LIMIT >> 20} MB.",
                hint="A cell of it holds far too much text; shorten it.",
            )
        if segments:
            yield segments, _is_plain(data)
    yield [pending], _is_plain(pending)


def _is_plain(data: bytes) -> bool:
    """Whether there is no comment, CDATA or processing instruction in some bytes."""
    return not ((b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data))


def rows(segment: bytes, prefix: bytes, last: int) -> list[Row]:
    """Take a segment apart.

    Args:
        segment: Whole rows, and at the end perhaps one without its end tag.
        prefix: The sheet's namespace prefix with its colon.
        last: The number of the row before.

    Raises:
        CannotRead: The bytes do not make sense.
    """
    found: list[Row] = []
    reader = _Reader(segment, prefix, last, found)
    at = 0
    for token in markup.TOKEN.finditer(segment):
        if b"<" in segment[at : token.start()]:
            raise unclear()
        at = token.end()
        if token["end"] is not None:
            reader.leave(at)
        elif token["start"] is not None:
            reader.enter(token)
    if b"<" in segment[at:] or reader.depth > 1:
        raise unclear()
    if reader.depth:
        found[-1].end, found[-1].ended = len(segment), False
    return found


class _Reader:
    """Follows the tags of a segment: rows, their cells, and what is in these."""

    def __init__(self, segment: bytes, prefix: bytes, last: int, found: list[Row]) -> None:
        self.depth = 0
        self._segment = segment
        self._row, self._cell, self._formula = prefix + b"row", prefix + b"c", prefix + b"f"
        self._last = last
        self._found = found

    def enter(self, token: re.Match[bytes]) -> None:
        """Take in a start tag."""
        name, closed = token["start"], bool(token["empty"])
        start, end = token.span()
        if self.depth == 0:
            if name != self._row:
                raise unclear()
            self._found.append(Row(self._number(token[0]), start, end, end, closed))
        elif self.depth == 1:
            row = self._found[-1]
            if name == self._cell:
                row.cells.append(Cell(self._column(token[0], row), start, end, end, closed))
            elif row.rest < 0:
                row.rest = start
        elif name == self._formula and self._found[-1].cells:
            self._found[-1].cells[-1].formula = True
        self.depth += not closed

    def leave(self, end: int) -> None:
        """Take in an end tag."""
        self.depth -= 1
        if self.depth < 0:
            raise unclear()
        row = self._found[-1]
        if self.depth == 0:
            row.end = end
        elif self.depth == 1 and row.rest < 0:
            row.cells[-1].end = end

    def _number(self, tag: bytes) -> int:
        match = _ROW_NUMBER.search(tag)
        if match is None and _ANY_ROW_NUMBER.search(tag):
            raise unclear()
        self._last, before = int(match[1]) if match else self._last + 1, self._last
        if not before < self._last <= _LAST_ROW:
            raise unclear()
        return self._last

    def _column(self, tag: bytes, row: Row) -> int:
        before = row.cells[-1].column if row.cells else 0
        match = _CELL_NAME.search(tag)
        if match is None and _ANY_ROW_NUMBER.search(tag):
            raise unclear()
        column = number(match[1].decode().upper()) if match else before + 1
        if column <= before:
            raise unclear()
        return column


def name(row: int, column: int) -> str:
    """A cell's name for messages."""
    return f"{letters(column)}{row}"


def text(cell: bytes, inner: int, shared: Callable[[int], str | None]) -> str | None:
    """What a cell says, if it is text; None for all else.

    Args:
        cell: Its bytes.
        inner: Where its start tag ends.
        shared: Gives a shared string by its number.
    """
    kind = _KIND.search(cell, 0, inner)
    if kind is None or kind[1] not in (b"s", b"str", b"inlineStr"):
        return None
    said = _said(cell[inner:])
    if kind[1] == b"s":
        return shared(int(said)) if re.fullmatch(r"\s*[0-9]{1,9}\s*", said) else None
    return said


def shared_texts(data: bytes) -> list[str]:
    """The strings of a shared strings part, by their numbers.

    Example:
        >>> shared_texts(b"<si><t>a</t></si><si/><si><r><t>b</t></r><r><t>c</t></r></si>")
        ['a', '', 'bc']
    """
    return [_said(match[1] or b"") for match in _SHARED.finditer(data)]


def _said(inside: bytes) -> str:
    """The text in some bytes, reading aids left out."""
    if b"<!" in inside:
        inside = _ASIDE.sub(
            lambda match: markup.content((match[1] or b"").decode("utf-8", "replace")), inside
        )
    found = _TEXTS.finditer(_PHONETIC.sub(b"", inside))
    joined = "".join(markup.unescape(match[1]) for match in found)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), joined)

r"""Text with separators, taken apart without losing a byte.

Inside Reveal all text is UTF-8, whatever the file is written in. A record is its bytes without
the line end; a field is its bytes as they stand, quotes included. Quotes count only where a field
begins, as in Excel: ``5" pipe`` is plain text, ``"say ""yes"" now"`` is one quoted field.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS = (b",", b";", b"\t", b"|")
LINE_MARK = "\x01"
"""A character that no plain file holds: with it as separator a whole line is one field."""

_BLOCK = 1 << 20
_RECORD_LIMIT = 32 << 20
_SAMPLE_LINES = 500
_SAMPLE_RECORDS = 60
_SURE = 0.85
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENDS = (b"\r\n", b"\n", b"\r", b"")
_SEP = re.compile(rb'(?i)"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)')
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_QUOTED = re.compile(rb'"((?:[^"]|"")*+)"')


@dataclass(frozen=True, slots=True)
class Member:
    """A text that was taken out of an archive: what a path is to a file.

    Attributes:
        name: As messages name it.
        data: All of it.
    """

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return PurePosixPath(self.name).suffix

    def open(self, _mode: str) -> BinaryIO:
        """Open it for reading, as a path is opened."""
        return io.BytesIO(self.data)


Text: TypeAlias = Path | Member
"""Where a text with separators is."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes:
        encoding: Of the file.
        prefix: What stands before the first record: a byte order mark, a line such as ``sep=;``.
        delimiter: One character.
        plain: UTF-8 with ordinary line ends and nothing odd, so that a fast reader may be tried.
    """

    encoding: str
    prefix: bytes
    delimiter: bytes
    plain: bool = False

    @classmethod
    def of(cls, path: Text) -> Dialect:
        """Find out how a file is written.

        Raises:
            CannotRead: It is no text, or its encoding is unknown.
            OSError: It cannot be opened.
        """
        encoding, prefix, plain = _encoding(path)
        lines = list(islice(_lines(path, encoding, len(prefix)), _SAMPLE_LINES))
        told = _SEP.match(lines[0]) if lines else None
        if told:
            prefix += told[0].decode().encode(encoding)
            return cls(encoding, prefix, told[1])
        return cls(encoding, prefix, _delimiter(lines, path.suffix.lower()), plain)

    @cached_property
    def _fields(self) -> re.Pattern[bytes]:
        return re.compile(b"(?:^|%b)(%b)" % (re.escape(self.delimiter), self._field))

    @cached_property
    def _field(self) -> bytes:
        rest = b"[^%b]*+" % re.escape(self.delimiter)
        return b'(?:"[^"]*+(?:""[^"]*+)*+"%b|(?!")%b)' % (rest, rest)

    @cached_property
    def _whole(self) -> re.Pattern[bytes]:
        """Matches fields as long as they are closed."""
        return re.compile(b"%b(?:%b%b)*+" % (self._field, re.escape(self.delimiter), self._field))

    @cached_property
    def _closing(self) -> re.Pattern[bytes]:
        """Matches from inside a quoted field to its end, and more fields as long as they close."""
        delimiter = re.escape(self.delimiter)
        return re.compile(
            b'[^"]*+(?:""[^"]*+)*+"[^%b]*+(?:%b%b)*+' % (delimiter, delimiter, self._field)
        )

    def split(self, record: bytes) -> list[bytes]:
        r"""Return the fields of a record; joined by the delimiter they are the record again.

        Example:
            >>> Dialect("utf-8", b"", b",").split(b'1,"a,b",,5" pipe')
            [b'1', b'"a,b"', b'', b'5" pipe']
        """
        if b'"' not in record:
            return record.split(self.delimiter)
        return self._fields.findall(record)

    def exactly(self, count: int) -> re.Pattern[bytes]:
        """Return a pattern that a record of so many fields matches as a whole."""
        more = b"(?:%b%b){%d}" % (re.escape(self.delimiter), self._field, count - 1)
        return re.compile(self._field + more)

    def records(self, path: Text) -> Iterator[tuple[bytes, bytes]]:
        """Yield each record and its line end, as a spreadsheet numbers its rows.

        Raises:
            CannotRead: A quote is opened and never closed.
        """
        lines = _lines(path, self.encoding, len(self.prefix))
        for row, (record, closed) in enumerate(self.joined(lines), 1):
            if not closed:
                raise CannotRead(
                    f"A quotation mark in row {row} is opened and never closed, so it is not clear "
                    "where its cell ends.",
                    hint="Export the file again, or take the mark out in a text editor.",
                    where=path.name,
                )
            end = next(end for end in _ENDS if record.endswith(end))
            yield record.removesuffix(end), end

    def joined(self, lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
        """Join the lines of quoted fields that run over several; the last one may not be closed."""
        held: list[bytes] = []
        size = 0
        for line in lines:
            if not held:
                if b'"' not in line or self._is_end(self._whole, line):
                    yield line, True
                    continue
                held, size = [line], len(line)
                continue
            held.append(line)
            size += len(line)
            if b'"' in line and self._is_end(self._closing, line):
                yield b"".join(held), True
                held = []
            elif size > _RECORD_LIMIT:
                break
        if held:
            yield b"".join(held), False

    def _is_end(self, pattern: re.Pattern[bytes], line: bytes) -> bool:
        match = pattern.match(line)
        return match is not None and match.end() == len(line)

    def encode(self, record: bytes) -> bytes:
        """Return a record as the file is written."""
        return record if self.encoding == "utf-8" else record.decode().encode(self.encoding)


def text(field: bytes) -> str:
    r"""Return what a field says.

    Example:
        >>> text(b'"a ""b"" c"'), text(b" a "), text(b'"a"b')
        ('a "b" c', ' a ', 'ab')
    """
    if field.startswith(b'"'):
        match = _QUOTED.match(field)
        if match:
            field = match[1].replace(b'""', b'"') + field[match.end() :]
    return field.decode()


def quoted(value: str) -> bytes:
    """Return a field that says something, in quotes."""
    return b'"' + value.encode().replace(b'"', b'""') + b'"'


def _lines(path: Text, encoding: str, start: int) -> Iterator[bytes]:
    """Yield the lines with their ends (CR LF, LF or CR), in UTF-8."""
    with path.open("rb") as stream:
        stream.seek(start)
        if encoding == "utf-8":
            for line in stream:
                if line.count(b"\r") > line.endswith(b"\r\n"):
                    yield from _LINE.findall(line)
                else:
                    yield line
            return
        # Closing the wrapper closes the stream, which is closed by then or about to be.
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as decoded:
            for line_of_text in decoded:
                yield line_of_text.encode()


def _encoding(path: Text) -> tuple[str, bytes, bool]:
    """Return the encoding, the byte order mark, and whether a fast reader may be tried."""
    with path.open("rb") as stream:
        head = stream.read(4)
    bom, encoding = next(((b, e) for b, e in _BOMS if head.startswith(b)), (b"", "utf-8"))
    for candidate in (encoding,) if bom else ("utf-8", "cp1252"):
        try:
            plain = _decodes(path, candidate, len(bom))
        except UnicodeError:
            continue
        return candidate, bom, plain
    raise CannotRead(
        "The file's letters cannot be made out.",
        hint='Open it in Excel, choose Save As, "CSV UTF-8", and check that file.',
        where=path.name,
    )


def _decodes(path: Text, encoding: str, start: int) -> bool:
    """Read the whole file in an encoding; return whether nothing about it is odd.

    Raises:
        UnicodeError: It is not in this encoding.
        CannotRead: It holds zero characters, so it is no text.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    lone, odd, last = False, False, ""
    with path.open("rb") as stream:
        stream.seek(start)
        while True:
            block = stream.read(_BLOCK)
            piece = decoder.decode(block, final=not block)
            if "\0" in piece:
                raise CannotRead(
                    "The file is not text (it holds zero characters), so it is no CSV file.",
                    hint="Export it again, as CSV or as Excel workbook.",
                    where=path.name,
                )
            odd = odd or LINE_MARK in piece
            joint = last + piece
            lone = lone or joint.count("\r") - joint.endswith("\r") > joint.count("\r\n")
            last = "\r" if joint.endswith("\r") else ""
            if not block:
                return encoding == "utf-8" and not (lone or odd or last)


def _delimiter(lines: list[bytes], suffix: str) -> bytes:
    """Choose the separator that cuts most records into the same number of fields.

    A comma with a blank behind it is more often part of a name (``Byrne, Ann``) than a separator.
    """
    usual = b"\t" if suffix in (".tsv", ".tab") else b","
    best, chosen = (0.0, False, 0), usual
    for delimiter in (usual, *(other for other in DELIMITERS if other != usual)):
        dialect = Dialect("utf-8", b"", delimiter)
        joined = (record.strip(b" \r\n") for record, _ in dialect.joined(lines))
        records = [
            dialect.split(record) for record in islice(filter(None, joined), _SAMPLE_RECORDS)
        ]
        counts = [len(fields) for fields in records]
        width = max(sorted({n for n in counts if n > 1}), key=counts.count, default=0)
        if not width:
            continue
        agree = round(counts.count(width) / len(counts), 1)
        later = [field for fields in records for field in fields[1:]]
        tidy = sum(field.startswith(b" ") for field in later) * 2 <= len(later)
        if (agree, tidy, width) > best and (tidy or delimiter == usual or agree > _SURE):
            best, chosen = (agree, tidy, width), delimiter
    return chosen

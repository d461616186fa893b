"""The files of an answer of the API as texts: plain or packed, in whatever encoding."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from sheets.books import refusals
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".txt", ".gz", ".zip")
"""What is taken from a folder."""

_MOST = 2 << 30
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NUMBERS = re.compile(r"\d+")
_SAVE = "Save the answer of the API to a file again: JSON as it comes, or a CSV file of ids."


def read(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file, those in folders and archives included.

    One text at a time is in memory. Files come in the order of the numbers in their names.

    Raises:
        CannotRead: A file is not there, damaged, too large, or no text.
    """
    for path in paths:
        try:
            for file in _files(path):
                with file.open("rb") as stream:
                    yield from _texts(file.name, stream)
        except OSError as error:
            if isinstance(error, CannotRead):
                raise
            raise refusals.cannot_read(error, path) from error


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = [each for each in path.iterdir() if each.is_file() and _is_answer(each.name)]
    if not inside:
        raise CannotRead(
            "There is no answer of the API in this folder.",
            hint="It should hold JSON or CSV files.",
            where=str(path),
        )
    return sorted(inside, key=lambda each: _in_order(each.name))


def _is_answer(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last.lower().endswith(SUFFIXES) and not last.startswith((".", "~$", "__"))


def _in_order(name: str) -> tuple[str, list[int]]:
    """Page 2 comes before page 10."""
    return _NUMBERS.sub("", name), [int(digits[:18]) for digits in _NUMBERS.findall(name)]


def _texts(name: str, stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    head = stream.read(4)
    stream.seek(0)
    try:
        if head.startswith(_ZIP):
            yield from _zipped(name, stream)
        else:
            yield name, _decoded(name, _content(name, stream))
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise CannotRead("The file is damaged or locked.", hint=_SAVE, where=name) from error


def _zipped(name: str, stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            raise CannotRead(
                "This is a workbook, not an answer of the API.",
                hint='Save the sheet with the ids as "CSV UTF-8" and give that file.',
                where=name,
            )
        inside = sorted(filter(_is_answer, names), key=_in_order)
        if not inside:
            raise CannotRead(
                "There is no answer of the API in this archive.",
                hint="It should hold JSON or CSV files.",
                where=name,
            )
        for each in inside:
            with archive.open(each) as unpacked:
                # An archive in an archive is not opened: a bomb is made of such.
                yield each, _decoded(name, _content(name, unpacked))


def _content(name: str, stream: IO[bytes]) -> bytes:
    """All of a stream, unpacked if it is packed."""
    content = _limited(name, stream)
    if not content.startswith(_GZIP):
        return content
    with gzip.open(io.BytesIO(content)) as unpacked:
        return _limited(name, unpacked)


def _limited(name: str, stream: IO[bytes] | gzip.GzipFile) -> bytes:
    """All of a stream, unless it unpacks to more than any district has."""
    content = io.BytesIO()
    while piece := stream.read(1 << 20):
        content.write(piece)
        if content.tell() > _MOST:
            raise CannotRead(
                "The file is too large for an answer of the API.",
                hint="Give its pages as files of their own.",
                where=name,
            )
    return content.getvalue()


def _decoded(name: str, content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if b"\0" in content[:4]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
        return content.decode(encoding, errors="replace")
    if b"\0" in content or content.startswith(b"%PDF"):
        raise CannotRead("The file is no text.", hint=_SAVE, where=name)
    try:
        return content.decode()
    except UnicodeDecodeError:
        # Only names can hold such letters, and names never decide alone.
        return content.decode("cp1252", errors="replace")

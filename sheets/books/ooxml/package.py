"""A workbook's package: a zip whose parts are read one by one, and rewritten without loss.

`Package.rewrite` copies every part that is not replaced with its compressed bytes, its order, its
date and its extra fields. ``zipfile`` can do none of that.
"""

from __future__ import annotations

import shutil
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from isal import isal_zlib

from sheets.books.ooxml import packing
from sheets.books.ooxml.entries import (
    ASK_AGAIN,
    BROKEN,
    DEFLATED,
    LOCAL,
    LOCAL_MARK,
    contents,
)
from sheets.books.refusals import cannot_read
from sheets.errors import CannotRead, CannotWrite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from sheets.books.ooxml.entries import Entry

READ_LIMIT = 64 << 20
_PIECE = 256 << 10
_INFLATED = 16 << 10  # at most a thousand times that comes out, so memory is safe without a limit
_BAD_DATA = (zlib.error, EOFError, cast("type[Exception]", isal_zlib.error))


class Package:
    """A zip opened for reading; close it, or use it in a ``with`` statement.

    Attributes:
        path: The file.
        names: The parts, in the order of the file's table.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.path = path
        self._file = file
        self._entries = {entry.name: entry for entry in contents(file, path.name)}
        self._folded = {name.lower(): name for name in self._entries}
        self.names: Sequence[str] = tuple(self._entries)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a package.

        Raises:
            Encrypted: It opens only with a password.
            CannotRead: It is missing, no zip, damaged, or not to be trusted: parts of the same
                name or over each other, names that point outside, more than 20,000 parts,
                more than 8 GiB, or a part squeezed beyond belief.
        """
        try:
            file = path.open("rb")
        except OSError as error:
            raise cannot_read(error, path) from error
        try:
            return cls(file, path)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def find(self, name: str) -> str | None:
        """The name of a part as the package spells it, or None; case and a first slash are free."""
        return self._folded.get(name.lstrip("/").lower())

    def size(self, name: str) -> int:
        """How many bytes a part holds when inflated."""
        return self._entries[name].size

    def fingerprint(self, name: str) -> tuple[int, int, int]:
        """CRC-32, packed size and size of a part."""
        entry = self._entries[name]
        return entry.crc, entry.packed, entry.size

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Read a whole part.

        Raises:
            CannotRead: It is not there, damaged, or larger than `limit` bytes.
        """
        if name in self._entries and self._entries[name].size > limit:
            raise CannotRead(
                f"A part of the file is larger than {limit >> 20} MB: {name}.",
                where=self.path.name,
            )
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Read a part in pieces of some 100 kB.

        Raises:
            CannotRead: It is not there or damaged; known at the latest with the last piece.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise CannotRead(f"The file lacks a part: {name}.", where=self.path.name)
        with self._translated(name):
            yield from self._checked(entry)

    def rewrite(self, out: BinaryIO, parts: Mapping[str, bytes | Iterable[bytes] | None]) -> None:
        """Write the package anew with some parts replaced.

        Args:
            out: Where to; it must be seekable and stand at its start.
            parts: New contents by name. None leaves a part out; a name that the package does not
                have is added at the end.

        Raises:
            CannotRead: The package is damaged.
            CannotWrite: A part is too large for the way it was announced.
        """
        writer = packing.Writer(out)
        for name, entry in self._entries.items():
            if name not in parts:
                with self._translated(name):
                    writer.copy(entry, self._local_header(entry), self._packed(entry))
            elif (content := parts[name]) is not None:
                with self._translated(name):
                    header = self._local_header(entry)
                writer.replace(entry, header, content)
        for name, content in parts.items():
            if name not in self._entries and content is not None:
                writer.add(name, content)
        writer.finish()

    def replace(self, out: BinaryIO, parts: Mapping[str, bytes | Iterable[bytes] | None]) -> None:
        """Write the package anew with some parts replaced, and look at the result.

        If they hold what they held before, the result is the package's file, byte for byte.

        Args:
            out: A file of its own, open for writing; it must stand at its start.
            parts: As for `rewrite`.

        Raises:
            CannotRead: The package is damaged.
            CannotWrite: The result is not what it should be.
        """
        self.rewrite(out, parts)
        out.flush()
        with Package.open(Path(out.name)) as result:
            same = self._verified(result, parts.keys())
        if same:
            with self.path.open("rb") as original:
                out.seek(0)
                out.truncate()
                shutil.copyfileobj(original, out)

    def _verified(self, after: Package, changed: Collection[str]) -> bool:
        """Check that a result is whole and that nothing but the changed parts may differ.

        Returns:
            Whether these do not differ either.
        """
        kept = [name for name in self.names if name not in changed]
        if any(after.find(name) != name for name in kept) or any(
            self.fingerprint(name) != after.fingerprint(name) for name in kept
        ):
            raise CannotWrite(
                "The result differs from what it should be, so nothing was written.",
                hint="Please report this.",
                where=self.path.name,
            )
        for name in set(changed) & set(after.names):
            for _ in after.chunks(name):
                pass  # each piece is checked while it is unpacked
        return self.names == after.names and all(
            self.fingerprint(name)[::2] == after.fingerprint(name)[::2] for name in changed
        )

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        try:
            yield
        except _BAD_DATA as problem:
            raise self._broken(name) from problem

    def _broken(self, name: str) -> CannotRead:
        return CannotRead(f"{BROKEN} ({name})", hint=ASK_AGAIN, where=self.path.name)

    def _read_at(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        data = self._file.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _local_header(self, entry: Entry) -> bytes:
        """The header in front of a part's bytes, name and extra fields included."""
        fixed = self._read_at(entry.offset, LOCAL.size)
        mark, *_, name, extra = LOCAL.unpack(fixed)
        if mark != LOCAL_MARK:
            raise self._broken(entry.name)
        header = fixed + self._read_at(entry.offset + LOCAL.size, name + extra)
        if header[LOCAL.size :][:name] != packing.raw_name(entry):
            raise CannotRead("The file gives one part two names.", where=self.path.name)
        return header

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of a part as they are in the file."""
        at = entry.offset + len(self._local_header(entry))
        end = at + entry.packed
        while at < end:
            size = min(_PIECE, end - at)
            yield self._read_at(at, size)
            at += size

    def _checked(self, entry: Entry) -> Iterator[bytes]:
        """Inflate a part, and check its length and CRC on the way."""
        total, crc = 0, 0
        pieces = self._packed(entry)
        for piece in _inflated(pieces) if entry.method == DEFLATED else pieces:
            total += len(piece)
            crc = isal_zlib.crc32(piece, crc)
            if total > entry.size:
                raise self._broken(entry.name)
            yield piece
        if total != entry.size or crc != entry.crc:
            raise self._broken(entry.name)


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    codec = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    for data in packed:
        for at in range(0, len(data), _INFLATED):
            piece = codec.decompress(data[at : at + _INFLATED])
            if piece:
                yield piece
            if codec.eof:
                return
    if rest := codec.flush():
        yield rest
    if not codec.eof:
        raise EOFError

"""The table of contents of a zip file: which entries it has, where, and whether it can be trusted.

Read by hand rather than with `zipfile`, because a lossless writer must copy the records as they
are, and because a hostile file must be refused before anything is inflated.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sheets.errors import CannotRead, Encrypted

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ENTRIES = 20_000
MAX_TOTAL = 8 << 30
MAX_RATIO = 400
RATIO_FROM = 64 << 20
"""A part that claims to be larger than this may not be squeezed more than `MAX_RATIO` times."""

STORED, DEFLATED = 0, 8
ENCRYPTED_FLAG, DESCRIPTOR_FLAG, UTF8_FLAG = 0x1, 0x8, 0x800
CENTRAL = struct.Struct("<4s6H3I5H2I")
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL_MARK, LOCAL_MARK, DESCRIPTOR_MARK = b"PK\x01\x02", b"PK\x03\x04", b"PK\x07\x08"
ZIP64_EXTRA = 1
FULL32 = 0xFFFFFFFF

_END = struct.Struct("<4s4H2IH")
_END_MARK = b"PK\x05\x06"
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_FULL16 = 0xFFFF
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_OLE_SECTOR = 512

BROKEN = "The file is damaged or was not saved to its end."
ASK_AGAIN = "Open it in the program that made it, save it again, or ask for it again."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the table of contents describes it.

    Attributes:
        name: Its name.
        record: Its record in the table, all bytes, comment included.
        flags: General purpose flags.
        method: 0 stored, 8 deflated.
        crc: CRC-32 of what it holds.
        packed: Bytes in the file.
        size: Bytes when inflated.
        offset: Where its local header stands.
    """

    name: str
    record: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def contents(file: BinaryIO, where: str) -> list[Entry]:
    """Return a zip's entries in the order of its table.

    Raises:
        Encrypted: It opens only with a password.
        CannotRead: It is not a zip, or not one to be trusted.
    """
    try:
        start, size, count = _table(file, where)
        file.seek(start)
        table = file.read(size)
        entries = list(_entries(table, count))
    except (struct.error, ValueError, OSError) as problem:
        if isinstance(problem, CannotRead):
            raise
        raise CannotRead(BROKEN, hint=ASK_AGAIN, where=where) from problem
    _judge(entries, start, where)
    return entries


def _table(file: BinaryIO, where: str) -> tuple[int, int, int]:
    """Where the table of contents starts, its length and how many entries it has."""
    end = file.seek(0, 2)
    file.seek(0)
    first = file.read(8)
    if first[:4] != LOCAL_MARK:
        raise _not_a_zip(file, first, where)
    back = min(end, _END.size + _FULL16)
    file.seek(end - back)
    tail = file.read(back)
    at = tail.rfind(_END_MARK)
    if at < 0:
        raise CannotRead(BROKEN, hint=ASK_AGAIN, where=where)
    _, disk, _, _, count, size, start, _ = _END.unpack_from(tail, at)
    if _FULL16 in (disk, count) or FULL32 in (size, start):
        file.seek(end - back + at - _LOCATOR64.size)
        mark, _, where64, _ = _LOCATOR64.unpack(file.read(_LOCATOR64.size))
        if mark == b"PK\x06\x07":
            file.seek(where64)
            mark, *_, count, size, start = _END64.unpack(file.read(_END64.size))
            if mark != b"PK\x06\x06":
                raise CannotRead(BROKEN, hint=ASK_AGAIN, where=where)
    if start + size > end - back + at:
        raise CannotRead(BROKEN, hint=ASK_AGAIN, where=where)
    if count > MAX_ENTRIES or size > MAX_ENTRIES * 1024:
        raise CannotRead(f"The file has more than {MAX_ENTRIES} parts.", where=where)
    return start, size, count


def _entries(table: bytes, count: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        record = CENTRAL.unpack_from(table, at)
        mark, _, _, flags, method, _, _, crc, packed, size, name, extra, comment = record[:13]
        offset = record[16]
        end = at + CENTRAL.size + name + extra + comment
        if mark != CENTRAL_MARK or end > len(table):
            raise ValueError("broken record")
        raw = table[at + CENTRAL.size :][:name]
        # Some programs on Windows wrote "xl\\workbook.xml"; the record keeps the name as it is.
        text = raw.decode("utf-8" if flags & UTF8_FLAG else "cp437").replace("\\", "/")
        fields = table[at + CENTRAL.size + name :][:extra]
        size, packed, offset = _wide(fields, size, packed, offset)
        yield Entry(text, table[at:end], flags, method, crc, packed, size, offset)
        at = end


def _wide(fields: bytes, *values: int) -> Iterator[int]:
    """Replace the values that do not fit 32 bits by those of the zip64 field."""
    wide = b""
    for kind, _, body in extra_fields(fields):
        if kind == ZIP64_EXTRA:
            wide = body
    at = 0
    for value in values:
        if value == FULL32 and len(wide) >= at + 8:
            yield struct.unpack_from("<Q", wide, at)[0]
            at += 8
        else:
            yield value


def extra_fields(fields: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield kind, all bytes and body of each extra field; what does not parse is left out."""
    at = 0
    while at + 4 <= len(fields):
        kind, length = struct.unpack_from("<2H", fields, at)
        end = at + 4 + length
        if end > len(fields):
            return
        yield kind, fields[at:end], fields[at + 4 : end]
        at = end


def _judge(entries: list[Entry], table: int, where: str) -> None:
    """Refuse what is hostile, or what two readers could understand differently."""
    seen: set[str] = set()
    for entry in entries:
        folded = entry.name.lower()
        if folded in seen:
            raise CannotRead(
                "The file holds two parts of the same name.",
                hint="Open it in Excel and save it again.",
                where=where,
            )
        seen.add(folded)
        if not _plain(entry.name):
            raise CannotRead(
                "The file holds a part with a name that points outside of it.",
                hint="Open it in Excel and save it again.",
                where=where,
            )
        if entry.flags & ENCRYPTED_FLAG:
            raise Encrypted(
                "The file is protected by a password.",
                hint="Save it without a password (File > Info > Protect Workbook) and try again.",
                where=where,
            )
        if entry.method not in (STORED, DEFLATED):
            raise CannotRead("The file is packed in a way that Excel does not use.", where=where)
        if entry.size > RATIO_FROM and entry.size > entry.packed * MAX_RATIO:
            raise CannotRead("A part of the file is larger than can be believed.", where=where)
    if sum(entry.size for entry in entries) > MAX_TOTAL:
        raise CannotRead(f"The file holds more than {MAX_TOTAL >> 30} GB.", where=where)
    _must_not_overlap(entries, table, where)


def _plain(name: str) -> bool:
    return (
        bool(name)
        and not name.startswith("/")
        and not {":", "\0"} & set(name)
        and ".." not in name.split("/")
    )


def _must_not_overlap(entries: list[Entry], table: int, where: str) -> None:
    ends = 0
    for entry in sorted(entries, key=lambda one: one.offset):
        if entry.offset < ends:
            raise CannotRead("Two parts of the file lie over each other.", where=where)
        ends = entry.offset + LOCAL.size + entry.packed
    if ends > table:
        raise CannotRead(BROKEN, hint=ASK_AGAIN, where=where)


def _not_a_zip(file: BinaryIO, first: bytes, where: str) -> CannotRead:
    """Say what it is instead, in one sentence."""
    if not first:
        return CannotRead("The file is empty.", hint=ASK_AGAIN, where=where)
    if first == _OLE:
        return _ole(file, where)
    as_csv = "Give it the ending .csv, or open it in Excel and save it as .xlsx."
    if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return CannotRead(
            "The file is a web page or XML and no Excel workbook, whatever its name says.",
            hint="Open it in Excel and save it as .xlsx.",
            where=where,
        )
    if first.startswith(b"PK"):
        return CannotRead(BROKEN, hint=ASK_AGAIN, where=where)
    if all(byte >= ord(" ") or byte in b"\t\r\n" for byte in first):
        return CannotRead(
            "The file is plain text and no Excel workbook, whatever its name says.",
            hint=as_csv,
            where=where,
        )
    return CannotRead("The file is no Excel workbook.", hint=ASK_AGAIN, where=where)


def _ole(file: BinaryIO, where: str) -> CannotRead:
    """Tell a workbook behind a password from an old ``.xls``: both start alike."""
    file.seek(0)
    header = file.read(_OLE_SECTOR)
    if len(header) == _OLE_SECTOR:
        shift, directory = header[0x1E], int.from_bytes(header[0x30:0x34], "little")
        if shift in (9, 12):
            file.seek((directory + 1) << shift)
            if "EncryptedPackage".encode("utf-16-le") in file.read(1 << 12):
                return Encrypted(
                    "The file is protected by a password.",
                    hint="Open it in Excel, take the password away (File > Info > Protect "
                    "Workbook > Encrypt with Password) and save it.",
                    where=where,
                )
    return CannotRead(
        "The file is an old Excel file (.xls), whatever its name says.",
        hint="Open it in Excel and save it as .xlsx.",
        where=where,
    )

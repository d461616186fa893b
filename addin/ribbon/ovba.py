"""Writes a VBA project from source text ([MS-OVBA]), without any compiled code.

Office compiles the sources when it opens them: a project of the version 0xFFFF has no other way.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.ribbon.cfb import compound_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CHUNK = 4096
_SHORTEST = 3  # a copy is written in two bytes
_GUID = "{5B1D9C42-7E0F-4C7A-9C55-2A6E0D1F8B34}"
_CODE_PAGE = 1252
_REFERENCES = (
    (
        "stdole",
        (
            r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb"
            "#OLE Automation"
        ),
    ),
    (
        "Office",
        (
            r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files"
            r"\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
        ),
    ),
)
"""What the sources use beside VBA and Excel: the second has IRibbonControl. Office finds them by
their ids, wherever they lie."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module of a project.

    Attributes:
        name: As its ``Attribute VB_Name`` says.
        source: Its text, ASCII, as a file ``.bas`` or ``.cls`` of its own holds it.
        is_document: Whether it stands behind the workbook or a sheet.
    """

    name: str
    source: str
    is_document: bool = False

    @property
    def text(self) -> bytes:
        """The source as it is stored: each line ends with CR and LF."""
        return "\r\n".join(self.source.splitlines()).encode("ascii") + b"\r\n"


def project(name: str, modules: Sequence[Module]) -> bytes:
    """Return the ``vbaProject.bin`` of a workbook.

    Args:
        name: The project's name.
        modules: Those of the workbook and of each sheet among them.
    """
    return compound_file(
        {
            "PROJECT": _project_stream(name, modules),
            "PROJECTwm": b"".join(
                each.name.encode("ascii") + b"\0" + each.name.encode("utf-16-le") + b"\0\0"
                for each in modules
            )
            + b"\0\0",
            "VBA/_VBA_PROJECT": bytes.fromhex("CC61FFFF000100"),
            "VBA/dir": compress(_dir_stream(name, modules)),
            **{f"VBA/{each.name}": compress(each.text) for each in modules},
        }
    )


def compress(data: bytes) -> bytes:
    """Return data as [MS-OVBA] 2.4.1 has it compressed.

    Raises:
        ValueError: The end of the data can be told neither shorter nor in a whole chunk. Text of
            programs is never like that.
    """
    return b"\x01" + b"".join(
        _compressed_chunk(data[start : start + _CHUNK]) for start in range(0, len(data), _CHUNK)
    )


def _compressed_chunk(chunk: bytes) -> bytes:
    body = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(chunk):
                break
            length, offset = _match(chunk, at, seen)
            if length:
                flags |= 1 << bit
                bits = _offset_bits(at)
                tokens += struct.pack("<H", (offset - 1) << (16 - bits) | (length - _SHORTEST))
            else:
                length = 1
                tokens.append(chunk[at])
            for place in range(at, at + length):
                seen.setdefault(chunk[place : place + _SHORTEST], []).append(place)
            at += length
        body.append(flags)
        body += tokens
    if len(body) <= _CHUNK:
        return struct.pack("<H", 0xB000 | (len(body) - 1)) + body
    if len(chunk) == _CHUNK:
        return struct.pack("<H", 0x3000 | (_CHUNK - 1)) + chunk
    raise ValueError("This cannot be compressed.")


def _offset_bits(at: int) -> int:
    """How many bits of a copy's two bytes tell how far back it lies: as many as needed here."""
    return max(4, (at - 1).bit_length())


def _match(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest copy of what was before: its length and how far back; 0 if there is none."""
    longest = min(len(chunk) - at, (0xFFFF >> _offset_bits(at)) + _SHORTEST)
    best, offset = 0, 0
    for place in reversed(seen.get(chunk[at : at + _SHORTEST], ())):
        length = _SHORTEST
        while length < longest and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best:
            best, offset = length, at - place
        if best >= longest:
            break
    return min(best, longest) if longest >= _SHORTEST else 0, offset


def _project_stream(name: str, modules: Iterable[Module]) -> bytes:
    lines = [f'ID="{_GUID}"']
    lines += [
        f"Document={each.name}/&H00000000" if each.is_document else f"Module={each.name}"
        for each in modules
    ]
    lines += [
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_hidden(bytes(4))}"',  # not protected
        f'DPB="{_hidden(bytes(1))}"',  # no password
        f'GC="{_hidden(bytes([255]))}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
    ]
    return "\r\n".join([*lines, ""]).encode("ascii")


def _hidden(data: bytes, seed: int = 0) -> str:
    """Write data as [MS-OVBA] 2.4.3.2 hides it, with a seed that is always the same."""
    key = sum(_GUID.encode("ascii")) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    before = key
    for byte in (*bytes((seed & 6) // 2), *struct.pack("<I", len(data)), *data):
        out.append(byte ^ ((out[-2] + before) & 0xFF))
        before = byte
    return bytes(out).hex().upper()


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HI", kind, len(data)) + data


def _both(kind: int, wide: int, text: str) -> bytes:
    """A text twice: in the project's code page and in UTF-16."""
    return _record(kind, text.encode("ascii")) + _record(wide, text.encode("utf-16-le"))


def _dir_stream(name: str, modules: Sequence[Module]) -> bytes:
    """What the project consists of ([MS-OVBA] 2.3.4.2)."""
    parts = [
        _record(0x01, struct.pack("<I", 1)),  # Windows
        _record(0x02, struct.pack("<I", 0x409)),
        _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", _CODE_PAGE)),
        _record(0x04, name.encode("ascii")),
        _both(0x05, 0x40, ""),  # description
        _record(0x06, b"") + _record(0x3D, b""),  # help file
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 1, 0),  # version 1.0
        _both(0x0C, 0x3C, ""),  # constants
    ]
    for library, libid in _REFERENCES:
        where = libid.encode("ascii")
        parts += [
            _both(0x16, 0x3E, library),
            _record(0x0D, struct.pack("<I", len(where)) + where + bytes(6)),
        ]
    parts += [_record(0x0F, struct.pack("<H", len(modules))), _record(0x13, b"\xff\xff")]
    for each in modules:
        parts += [
            _both(0x19, 0x47, each.name),
            _both(0x1A, 0x32, each.name),
            _both(0x1C, 0x48, ""),
            _record(0x31, bytes(4)),  # the source starts at once: nothing compiled before it
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x22 if each.is_document else 0x21, b""),
            _record(0x2B, b""),
        ]
    return b"".join([*parts, _record(0x10, b"")])

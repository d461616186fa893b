"""Writes a compound file ([MS-CFB], version 3): the file system in a file that VBA projects are in.

The same content gives the same bytes: no time and no number of the day is written.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECTOR, _MINI_SECTOR, _MINI_LIMIT = 512, 64, 4096
_FREE, _END, _FAT_SECTOR, _NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_EMPTY, _STORAGE, _STREAM, _ROOT = 0, 1, 2, 5
_RED, _BLACK = 0, 1
_IN_HEADER = 109  # so many FAT sectors are listed in the header: enough for 6.8 MB
_NAME_SIZE = 64


@dataclass(slots=True)
class _Entry:
    """One entry of the directory, as it is written."""

    name: str
    kind: int
    color: int = _BLACK
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16xI16xIQ",
            name,
            len(name) + 2 if name else 0,
            self.kind,
            self.color,
            self.left,
            self.right,
            self.child,
            0,
            self.start,
            self.size,
        )


class _Sectors:
    """Sectors one after the other, and the table that says which sector follows which."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.data = bytearray()
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """Append a chain of sectors and return its first one."""
        count = -(-len(content) // self.size)
        if not count:
            return _END
        first = len(self.table)
        self.data += content.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), _END]
        return first


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file.

    Args:
        streams: Path -> content; a path is ``NAME`` or ``STORAGE/NAME``, in ASCII.

    Example:
        >>> compound_file({"PROJECT": b"", "VBA/dir": b"1"})[:8].hex()
        'd0cf11e0a1b11ae1'
    """
    mini, big = _Sectors(_MINI_SECTOR), _Sectors(_SECTOR)
    entries = _directory(streams)
    for path, entry in entries.items():
        if entry.kind == _STREAM:
            content = streams[path]
            entry.size = len(content)
            entry.start = (mini if len(content) < _MINI_LIMIT else big).add(content)
    root = entries[""]
    root.start, root.size = big.add(bytes(mini.data)), len(mini.data)
    mini_table = big.add(_padded(mini.table))
    mini_table_sectors = -(-len(mini.table) * 4 // _SECTOR)
    per_sector = _SECTOR // 128
    listed = [*entries.values()]
    listed += [_Entry("", _EMPTY) for _ in range(-len(listed) % per_sector)]
    directory = big.add(b"".join(entry.packed() for entry in listed))

    # The table has to hold the sectors that it lies in itself, too.
    first, count = len(big.table), 1
    while (first + count) * 4 > count * _SECTOR:
        count += 1
    if count > _IN_HEADER:
        raise ValueError("The streams are too long.")
    big.add(_padded([*big.table, *[_FAT_SECTOR] * count]))
    fat = range(first, first + count)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        0x3E,
        3,
        0xFFFE,
        9,  # 2**9 bytes a sector
        6,  # 2**6 bytes a mini sector
        0,
        count,
        directory,
        0,
        _MINI_LIMIT,
        mini_table,
        mini_table_sectors,
        _END,
        0,
        fat[0],
    )
    rest = [*fat[1:], *[_FREE] * (_IN_HEADER - count)]
    return header + struct.pack(f"<{len(rest)}I", *rest) + bytes(big.data)


def _padded(table: Sequence[int]) -> bytes:
    """A table as it is written, in whole sectors."""
    filled = [*table, *[_FREE] * (-len(table) % (_SECTOR // 4))]
    return struct.pack(f"<{len(filled)}I", *filled)


def _directory(streams: Mapping[str, bytes]) -> dict[str, _Entry]:
    """The entries by path, the root (``""``) first; each storage holds its own tree."""
    storages = sorted({path.partition("/")[0] for path in streams if "/" in path})
    entries = {"": _Entry("Root Entry", _ROOT)}
    entries |= {name: _Entry(name, _STORAGE) for name in storages}
    entries |= {path: _Entry(path.rpartition("/")[2], _STREAM) for path in streams}
    number = {path: index for index, path in enumerate(entries)}
    for parent in ("", *storages):
        below = [path for path in number if path and path.rpartition("/")[0] == parent]
        below.sort(key=lambda path: (len(entries[path].name), entries[path].name.upper()))
        tree = [(number[path], entries[path]) for path in below]
        entries[parent].child = _grow(tree, len(tree).bit_length() - 1)
        if len(tree) == 1:  # the only level is the top, and that is black
            tree[0][1].color = _BLACK
    return entries


def _grow(tree: Sequence[tuple[int, _Entry]], levels: int) -> int:
    """Tie sorted entries into a tree and return its top: black, but for the lowest level.

    Halves differ by at most one, so all levels but the lowest are full: with that one red, each
    way down meets as many black entries, as a red-black tree has it.
    """
    if not tree:
        return _NOBODY
    middle = len(tree) // 2
    index, entry = tree[middle]
    entry.left = _grow(tree[:middle], levels - 1)
    entry.right = _grow(tree[middle + 1 :], levels - 1)
    entry.color = _RED if levels == 0 else _BLACK
    return index

"""VBA as oletools read it, which know nothing of how Reveal writes it."""

from __future__ import annotations

import io
import warnings
import zipfile

import olefile

with warnings.catch_warnings():
    # They use an old name of a library of theirs.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

__all__ = ["VBA_Parser", "decompress_stream", "project_text", "sources", "unhidden"]


def sources(workbook: bytes) -> dict[str, str]:
    """The text of each module of a workbook, by its name, with the line ends of Python."""
    parser = VBA_Parser("reveal.xlsm", data=workbook)
    return {
        stream.rpartition("/")[2]: text.replace("\r\n", "\n")
        for _, stream, _, text in parser.extract_macros()
    }


def project_text(workbook: bytes) -> str:
    """The stream PROJECT of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        project = package.read("xl/vbaProject.bin")
    with olefile.OleFileIO(io.BytesIO(project)) as read:
        return read.openstream("PROJECT").read().decode("ascii")


def unhidden(text: str) -> tuple[int, bytes]:
    """The key and the data in what [MS-OVBA] 2.4.3.3 says how to read: CMG, DPB, GC."""
    coded = bytes.fromhex(text)
    seed, version, key = coded[0], coded[1] ^ coded[0], coded[2] ^ coded[0]
    assert version == 2
    plain = [key]
    for at in range(3, len(coded)):
        plain.append(coded[at] ^ ((coded[at - 2] + plain[-1]) & 0xFF))
    rest = bytes(plain[1 + (seed & 6) // 2 :])
    length = int.from_bytes(rest[:4], "little")
    assert length == len(rest) - 4
    return key, rest[4:]

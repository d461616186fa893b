"""What a file is, told from its first bytes: its name is often wrong."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from typing import TYPE_CHECKING

from sheets.books.refusals import SAVE_AS, encrypted
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_HEAD = 4096
_BLOCK = 1 << 20
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_XLS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_BINARY = "workbook.bin"
TEXTS = (".csv", ".tsv", ".tab")
"""The endings of the files in a zip that are sheets."""
_DOCUMENTS = frozenset({"word/document.xml", "ppt/presentation.xml"})
_MARKUP = re.compile(rb"(?i)<(?:!doctype html|html|head|body|table|meta|\?xml|!--)|mime-version:")
_XML = re.compile(rb"(?i)<\?xml")
_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
    b"SQLite format 3": "a database",
    b"PAR1": "a database file",
}


class Kind(StrEnum):
    """The kinds of files that Reveal reads."""

    XLSX = "xlsx"
    CONVERTED = "converted"
    DELIMITED = "delimited"
    ONEROSTER = "oneroster"


def kind(path: Path) -> Kind | None:
    """Return what a file is; None if it is nothing known.

    Raises:
        Encrypted: It opens only with a password.
        CannotRead: It is empty, damaged, or known to be something else.
        OSError: It cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if not head.strip(b"\0"):
            raise _refuse(path, "The file is empty.", "Save it again from where it came.")
        if head.startswith(_OLE2):
            return _ole2(stream, path)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(_OLD_XLS):
        return Kind.CONVERTED
    for mark, what in _FOREIGN.items():
        if head.startswith(mark):
            raise _refuse(path, f"This is {what}, not a workbook.", SAVE_AS)
    if head.startswith(_WIDE):
        return Kind.DELIMITED
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        what = "an XML file" if _XML.match(head.lstrip(b"\xef\xbb\xbf \r\n\t")) else "a web page"
        raise _refuse(path, f"This is {what} with the name of a sheet.", SAVE_AS)
    return None if b"\0" in head else Kind.DELIMITED


def _ole2(stream: BinaryIO, path: Path) -> Kind:
    """Tell an old workbook from an encrypted new one by the names in the container."""
    stream.seek(0)
    kept = b""
    while block := stream.read(_BLOCK):
        if _ENCRYPTED in kept + block:
            raise encrypted(path.name)
        kept = block[-len(_ENCRYPTED) :]
    return Kind.CONVERTED


def _zipped(path: Path) -> Kind:
    """Tell workbooks that are ZIP archives, and archives of CSV files, by what is in them."""
    try:
        with zipfile.ZipFile(path) as package:
            names = {name.lower().lstrip("/") for name in package.namelist()}
            mimetype = b""
            if "mimetype" in names:
                with package.open("mimetype") as part:
                    mimetype = part.read(len(_ODS))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refuse(
            path,
            "The workbook is damaged or was not saved to its end.",
            "Open it in Excel, let Excel repair it, save it, and check it again.",
        ) from error
    if mimetype == _ODS or any(name.rpartition("/")[2] == _BINARY for name in names):
        return Kind.CONVERTED
    if "[content_types].xml" in names and not names & _DOCUMENTS:
        return Kind.XLSX  # Its parts may have any name; its own reader looks further.
    if any(name.endswith(TEXTS) for name in names) and not names & _DOCUMENTS:
        return Kind.ONEROSTER
    raise _refuse(path, "This is an archive or a document, not a workbook.", SAVE_AS)


def _refuse(path: Path, message: str, hint: str) -> CannotRead:
    return CannotRead(message, hint=hint, where=path.name)

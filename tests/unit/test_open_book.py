"""What a file is, is told by its content; its name is often wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import sheets.books
from sheets.books import open_book, sniffing
from sheets.books.converted import ConvertedBook
from sheets.books.delimited import DelimitedBook
from sheets.books.sniffing import Kind
from sheets.errors import CannotRead, Encrypted, WrongUsage

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def file(folder, content, name="people.xlsx"):
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
        return path
    with zipfile.ZipFile(path, "w") as package:
        for part, held in content.items():
            package.writestr(part, held)
    return path


XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
XLSB = {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\0"}


@pytest.mark.parametrize("name", ["people.xlsx", "people.xls", "people.csv", "people"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (XLSX, Kind.XLSX),
        ({"[Content_Types].xml": b"<Types/>", "book/main.xml": b"<workbook/>"}, Kind.XLSX),
        (XLSB, Kind.CONVERTED),
        ({"[Content_Types].xml": b"<Types/>", "book/workbook.bin": b"\0"}, Kind.CONVERTED),
        ({"mimetype": ODS, "content.xml": b""}, Kind.CONVERTED),
        (OLE2 + bytes(1000), Kind.CONVERTED),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00", Kind.CONVERTED),
        (b"a,b\n1,2\n", Kind.DELIMITED),
        (b"\xef\xbb\xbfa\tb\n", Kind.DELIMITED),
        ("a\tb\n".encode("utf-16"), Kind.DELIMITED),
        (b"N\xfa\xf1ez;1\n", Kind.DELIMITED),
        (b"<none>,b\n", Kind.DELIMITED),
        (b"PKEY\0", None),
        (b"\x01\x02\0\x03", None),
    ],
)
def test_the_content_tells_the_kind(tmp_path, content, kind, name):
    path = file(tmp_path, content, name)

    if content == b"PKEY\0":
        with pytest.raises(CannotRead, match="damaged"):
            sniffing.kind(path)
    else:
        assert sniffing.kind(path) == kind


def test_each_kind_has_its_book(tmp_path):
    assert isinstance(open_book(file(tmp_path, b"a,b\n", "a.csv")), DelimitedBook)
    assert isinstance(open_book(str(file(tmp_path, XLSB, "a.xlsb"))), ConvertedBook)
    assert type(open_book(file(tmp_path, XLSX))).__name__ == "XlsxBook"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (bytes(5000), "is empty"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"<html><body><table></table></body></html>", "a web page"),
        (b"\xef\xbb\xbf\r\n  <!DOCTYPE HTML PUBLIC>", "a web page"),
        (b"<TABLE border=1>", "a web page"),
        (b"MIME-Version: 1.0\r\n", "a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "an XML file"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x1f\x8b\x08", "a compressed archive"),
        ({"a.png": b"a,b"}, "an archive or a document"),
        ({"[Content_Types].xml": b"", "word/document.xml": b""}, "an archive or a document"),
        (b"\x01\x02\0\x03", "not a workbook or a CSV file"),
    ],
)
def test_what_is_no_sheet_is_said_with_a_hint(tmp_path, content, words):
    with pytest.raises(CannotRead, match=words) as refused:
        open_book(file(tmp_path, content))

    assert refused.value.hint
    assert refused.value.where == "people.xlsx"


@pytest.mark.parametrize("before", [0, 512, (1 << 20) - 40, (1 << 20) - 8, 1 << 20])
def test_an_encrypted_workbook_is_told_wherever_its_container_says_so(tmp_path, before):
    name = "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(Encrypted, match="password"):
        open_book(file(tmp_path, OLE2 + bytes(before) + name + bytes(100)))


def test_missing_files_folders_and_odd_files_are_said(tmp_path):
    pipe = tmp_path / "pipe.xlsx"
    cases = [(tmp_path / "gone.xlsx", "no such file"), (tmp_path, "a folder, not a file")]
    if os.name == "posix":
        os.mkfifo(pipe)
        cases.append((pipe, "not a file"))
    for path, words in cases:
        with pytest.raises(CannotRead, match=words):
            open_book(path)


def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    path = file(tmp_path, b"a,b\n")
    monkeypatch.setattr(Path, "open", forbidden)

    with pytest.raises(CannotRead, match="no right to read"):
        open_book(path)


@pytest.mark.parametrize("name", ["~$people.xlsx", ".~lock.people.xlsx#", ".~reveal-1-2-3.tmp"])
def test_temporary_files_are_not_opened(tmp_path, name):
    with pytest.raises(CannotRead, match="temporary file"):
        open_book(file(tmp_path, XLSX, name))


def test_one_kind_is_not_written_under_the_name_of_another(tmp_path):
    text = file(tmp_path, b"a\tb\n", "export.xls")
    book = file(tmp_path, XLSX, "book.xls")

    with pytest.raises(WrongUsage, match="CSV"):
        open_book(text, tmp_path / "export.checked.xlsx")
    with pytest.raises(WrongUsage, match="Excel workbook"):
        open_book(book, tmp_path / "book.checked.csv")

    assert open_book(text, text).name == "export.xls"
    assert open_book(text, tmp_path / "export.csv").name == "export.xls"
    assert open_book(book, tmp_path / "book.checked.xlsx").name == "book.xls"


@pytest.mark.parametrize("where", ["https://example.org/a", "excel:/active", Path("https://x/y")])
def test_an_address_is_no_file(where):
    with pytest.raises(WrongUsage, match="Addresses") as refused:
        open_book(where)

    assert "Download" in refused.value.hint


def test_other_packages_may_add_endings_and_addresses(tmp_path, monkeypatch):
    points = metadata.EntryPoints(
        metadata.EntryPoint(name, "pathlib:PurePosixPath", sheets.books.ENTRY_POINTS)
        for name in (".parquet", "https")
    )
    monkeypatch.setattr(metadata, "entry_points", points.select)
    path = file(tmp_path, b"\x01\0", "people.parquet")

    assert open_book(path, Path("out")) == path / "out"
    assert str(open_book("https://example.org/a", Path("out"))) == "https:/example.org/a/out"


def test_opening_needs_no_heavy_library():
    program = (
        "import sheets.books, sys; print([m for m in ('polars', 'openpyxl') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"

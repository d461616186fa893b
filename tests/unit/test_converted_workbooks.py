"""Older workbooks are read through a program that may be lost, and come back as a new .xlsx."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sheets.books import conversion, converted, open_book, saving
from sheets.books.converted import ConvertedBook
from sheets.errors import CannotRead, CannotWrite, Encrypted, PlaceTaken, RevealError, WrongUsage
from sheets.grid import OwnColumn, Patch


def day(*parts):
    """A date as spreadsheets have it: without a zone."""
    return dt.datetime(*parts)  # noqa: DTZ001 - cells know no zones


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def ods(path, sheets, manifest=""):
    """A small OpenDocument spreadsheet; a cell is a text, a number, a date or None."""

    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if isinstance(value, dt.datetime):
            at = value.isoformat()
            return f'<table:table-cell office:value-type="date" office:date-value="{at}"/>'
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )

    tables = "".join(
        f'<table:table table:name="{title}">'
        + "".join(
            f"<table:table-row>{''.join(map(cell, row)) or cell(None)}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for title, rows in sheets.items()
    )
    content = (
        f"<office:document-content {NAMES}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", MIMETYPE)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


ROWS = [
    [None, None, None],
    [],
    ["Number", "Name", "Start"],
    ["000123", "Byrne", day(2026, 11, 23, 8, 30)],
    [5855551234.0, "=1+1", None],
    [1.5, "#N/A", None],
]


@pytest.fixture
def old(tmp_path):
    return ods(tmp_path / "people.ods", {"People": ROWS, "Other": [["x"]]})


def plain(old, folder):
    """The values as another program reads them from the plain copy."""
    target = folder / "plain.xlsx"
    assert conversion.main(old, target) == 0
    book = openpyxl.load_workbook(target)
    values = {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in book}
    states = [sheet.sheet_state for sheet in book]
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    book.close()
    return values, states, kinds


@pytest.fixture(autouse=True)
def _no_limits_here(monkeypatch):
    """The program limits its own process; here it runs within this one."""
    monkeypatch.setattr(conversion, "_limit_memory", lambda: None)
    monkeypatch.setattr(conversion.tempfile, "tempdir", None)


def test_values_keep_their_rows_columns_and_kinds(old, tmp_path):
    values, states, kinds = plain(old, tmp_path)

    assert values == {
        "People": [
            [None] * 3,
            [None] * 3,
            ["Number", "Name", "Start"],
            ["000123", "Byrne", day(2026, 11, 23, 8, 30)],
            [5855551234, "=1+1", None],
            [1.5, "#N/A", None],
        ],
        "Other": [["x"]],
    }
    assert states == ["visible", "visible"]
    assert "f" not in kinds
    assert "e" not in kinds


def test_dates_before_excel_began_and_odd_titles_come_along_as_text(tmp_path):
    old = ods(tmp_path / "a.ods", {"a/b": [[day(1850, 1, 2)]], "x" * 40: [["y"]]})

    values, _, _ = plain(old, tmp_path)

    assert list(values) == ["a_b", "x" * 31]
    assert values["a_b"][0][0].startswith("1850-01-02")


def grid_of(book, title):
    return next(grid for grid in book.read() if grid.title == title)


def test_it_is_read_like_any_other_workbook(old):
    book = ConvertedBook(old)

    grid = grid_of(book, "People")

    assert [grid.title for grid in book.read()] == ["People", "Other"]
    assert min(grid.head) == 3
    rows = grid.load([1, 2, 3]).frame.rows()
    assert (4, "000123", "Byrne", "2026-11-23T08:30:00") in rows
    assert (5, "5855551234", "=1+1", None) in rows


PATCH = Patch("People", 3, 6, (4, 5, 6), (OwnColumn("Revealed?", 4, ["Yes", "No", "No"]),))


def test_the_result_is_a_new_workbook_and_no_temporary_file_is_left(old):
    before = old.read_bytes()
    out = saving.checked_path(old)
    book = ConvertedBook(old, out)

    book.read()
    book.write([PATCH])
    del book

    assert old.read_bytes() == before
    assert sorted(item.name for item in old.parent.iterdir()) == [
        "people.checked.xlsx",
        "people.ods",
    ]
    written = openpyxl.load_workbook(out)
    assert [row[3].value for row in written["People"].iter_rows(min_row=3)] == [
        "Revealed?",
        "Yes",
        "No",
        "No",
    ]
    assert written["Other"]["A1"].value == "x"
    written.close()


def test_it_cannot_be_changed_in_place(old, tmp_path):
    for out in (old, tmp_path / "people.checked.ods"):
        with pytest.raises(WrongUsage, match=r"comes back as a new \.xlsx"):
            ConvertedBook(old, out)
    with pytest.raises(WrongUsage, match=r"comes back as a new \.xlsx"):
        ConvertedBook(old).write([])


def test_a_place_that_is_taken_is_named_by_the_file_that_people_know(old):
    book = ConvertedBook(old, saving.checked_path(old))
    own = (OwnColumn("Revealed?", 3, ["No"]),)

    with pytest.raises(PlaceTaken) as refused:
        book.write([Patch("People", 3, 4, (4,), own)])

    assert refused.value.where.startswith("people.ods")


def test_a_file_that_was_changed_meanwhile_gives_no_result(old):
    book = ConvertedBook(old, saving.checked_path(old))
    book.read()
    old.write_bytes(old.read_bytes() + b"x")

    with pytest.raises(CannotWrite, match="changed while"):
        book.write([PATCH])

    assert not saving.checked_path(old).exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (conversion.ENCRYPTED, "password"),
        (conversion.UNREADABLE, "damaged"),
        (conversion.NO_SHEET, "no worksheet"),
        (conversion.TOO_LARGE, "too large"),
        (conversion.FULL, "no room"),
        (101, "damaged"),
    ],
)
def test_each_end_of_the_program_is_one_sentence(old, monkeypatch, tmp_path, status, words):
    program = tmp_path / "program.py"
    program.write_text(f"raise SystemExit({status})")
    monkeypatch.setattr(conversion, "__file__", str(program))

    with pytest.raises(CannotRead, match=words) as refused:
        ConvertedBook(old).read()

    assert refused.value.hint
    assert refused.value.where == "people.ods"
    assert isinstance(refused.value, Encrypted) == (status == conversion.ENCRYPTED)
    assert sorted(item.name for item in old.parent.iterdir()) == ["people.ods", "program.py"]


def test_a_program_that_is_lost_or_never_ends_is_one_sentence(old, monkeypatch, tmp_path):
    program = tmp_path / "program.py"
    monkeypatch.setattr(conversion, "__file__", str(program))

    program.write_text("import os; os.abort()")
    with pytest.raises(CannotRead, match="damaged"):
        ConvertedBook(old).read()

    program.write_text("while True: pass")
    monkeypatch.setattr(converted, "_PATIENCE", 0.2)
    with pytest.raises(CannotRead, match="not read within"):
        ConvertedBook(old).read()


def test_a_cell_at_the_very_end_of_a_sheet_is_no_trap(tmp_path):
    # The reader asks for room for all cells before it, and gives up with its whole process.
    far = ods(tmp_path / "far.ods", {"People": [["x"]]})
    with zipfile.ZipFile(far) as package:
        content = package.read("content.xml").decode()
    nothing = (
        '<table:table-row table:number-rows-repeated="1048575">'
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
    )
    first = '<table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
    content = content.replace("<table:table-row>", nothing + first, 1)
    with zipfile.ZipFile(far, "w") as package:
        package.writestr("mimetype", MIMETYPE)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")

    with pytest.raises(CannotRead, match="damaged"):
        ConvertedBook(far).read()


@pytest.mark.skipif(sys.platform != "linux", reason="the limit behaves like this on Linux")
def test_the_program_gets_no_more_memory_than_it_may_have():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import conversion; "
        "conversion._limit_memory(); bytearray(conversion._MEMORY)"
    )
    folder = Path(conversion.__file__).parent

    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=False
    )

    assert "MemoryError" in done.stderr


def test_damaged_and_encrypted_files_are_told(tmp_path):
    damaged = tmp_path / "damaged.xls"
    damaged.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5000)
    with pytest.raises(CannotRead, match="damaged"):
        ConvertedBook(damaged).read()

    with pytest.raises(CannotRead, match="no such file"):
        ConvertedBook(tmp_path / "gone.xls").read()
    assert [item.name for item in tmp_path.iterdir()] == ["damaged.xls"]


def test_a_folder_that_takes_no_copy_is_said(old, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", forbidden)

    with pytest.raises(CannotRead, match="temporary copy"):
        ConvertedBook(old).read()


def test_the_copy_is_for_nobody_else_and_goes_with_the_book(old):
    book = ConvertedBook(old)
    grids = book.read()

    [folder] = [item for item in old.parent.iterdir() if item != old]
    assert folder.name.startswith(saving.TEMPORARY)
    assert folder.stat().st_mode & 0o077 == 0
    del book
    assert grids[0].load([2]).frame.height
    del grids
    assert list(old.parent.iterdir()) == [old]


@pytest.mark.slow
@pytest.mark.needs_program("soffice")
def test_what_libreoffice_saves_in_older_formats_is_read(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet["B5"] = "Number"
    sheet["B6"] = "000123"
    sheet["C6"] = "Byrne"
    sheet["D6"] = day(2026, 11, 23)
    sheet.merge_cells("B7:B8")
    sheet["B7"] = "merged"
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.save(tmp_path / "people.xlsx")
    for ending in ("xls", "ods"):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
             "--convert-to", ending, "--outdir", tmp_path / ending, tmp_path / "people.xlsx"],
            check=True,
            capture_output=True,
            timeout=120,
        )  # fmt: skip
        path = tmp_path / ending / f"people.{ending}"

        grids = ConvertedBook(path).read()

        assert [(grid.title, grid.state) for grid in grids] == [
            ("People", "visible"),
            ("Hidden", "hidden"),
        ]
        rows = grids[0].load([2, 3, 4]).frame.rows()
        assert rows[:2] == [(5, "Number", None, None), (6, "000123", "Byrne", "2026-11-23")]
        assert rows[2][:2] == (7, "merged")


def read_all(path):
    for grid in open_book(path, saving.checked_path(path)).read():
        grid.load(range(1, 30))


@pytest.mark.slow
def test_all_older_workbooks_of_a_corpus_are_read_or_refused(corpus, tmp_path):
    older = [path for path in corpus if path.suffix.lower() in (".xls", ".xlsb", ".ods")]
    refused = 0
    for number, path in enumerate(older):
        copy = Path(shutil.copy(path, tmp_path / f"{number}{path.suffix.lower()}"))
        try:
            read_all(copy)
        except RevealError:
            refused += 1
        copy.unlink()
    assert refused < len(older) / 10
    assert list(tmp_path.iterdir()) == []


def test_the_program_says_nothing(old, tmp_path):
    program = [sys.executable, "-P", conversion.__file__, old, tmp_path / "plain.xlsx"]

    done = subprocess.run(program, capture_output=True, check=True)

    assert done.stdout == done.stderr == b""

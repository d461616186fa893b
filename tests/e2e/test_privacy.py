"""No cell's value leaves the workbook, and no socket is opened: tried with canaries everywhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.canaries import CANARY, HEADERS, ROOT, TOUCHED_NETWORK, guarded, silent, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reveal(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess]:
    return guarded(tmp_path_factory.mktemp("guard"))


def test_the_guard_ends_a_process_that_opens_a_socket(reveal) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    assert reveal(code=code).returncode == TOUCHED_NETWORK


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--dry-run"),
        ("check", "--in-place"),
        ("columns",),
        ("columns", "--json"),
    ],
    ids=" ".join,
)
def test_no_cell_is_shown(reveal, tmp_path, arguments) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    done = reveal(*arguments, path)
    assert done.returncode in {0, 1}, done.stderr
    assert done.stdout
    silent(done)


def test_the_workbook_keeps_what_the_words_do_not_say(reveal, tmp_path) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    reveal("check", path, "--out", tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        assert any(CANARY.search(package.read(name)) for name in package.namelist())


def test_clearing_shows_no_cell(reveal, tmp_path) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    reveal("check", "--in-place", path)
    done = reveal("clear", path)
    assert done.returncode == 0
    silent(done)


def test_the_data_holds_what_the_contract_says_and_no_more(reveal, tmp_path) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    data = json.loads(reveal("check", "--json", path).stdout)
    assert set(data) == {"reveal", "profile", "summary", "causes", "salt", "sheets", "outputs"}
    assert set(data["profile"]) == {
        *("id", "version", "as_of", "settings", "packs", "changed", "own_rules", "settings_file"),
    }
    assert set(data["summary"]) == {
        *("student", "staff", "contact", "schools", "fixers", "roll_up", "duplicates"),
    }
    for cause in data["causes"]:
        assert set(cause) == {
            *("rule", "severity", "rows", "alone", "who_fixes", "message", "schools"),
        }
    for sheet in data["sheets"]:
        assert set(sheet) == {
            *("file", "sheet", "kind", "header_row", "columns", "unrecognised", "notes", "rows"),
        }
        for row in sheet["rows"]:
            assert set(row) - {"keys"} in ({"row"}, {"row", "revealed", "findings"})
            assert all(re.fullmatch("[0-9a-f]{16}", key) for key in row.get("keys", ()))
            for finding in row.get("findings", ()):
                assert set(finding) == {"rule", "severity", "field", "cell", "message"}


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["check", "dry run"])
def test_of_a_cell_the_data_holds_what_the_row_reads_and_no_more(reveal, tmp_path, options) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    done = reveal("check", "--json", *options, path)
    data = json.loads(done.stdout)
    # Random digits, in which any number may stand by chance.
    del data["salt"]
    for sheet in data["sheets"]:
        for row in sheet["rows"]:
            row.pop("keys", None)
            for finding in row.get("findings", ()):
                # The sentence that stands beside the row: it may name the relationship's type.
                del finding["message"]
    assert not CANARY.search(json.dumps(data).encode())
    assert not CANARY.search(done.stderr)


UNCLEAR = {
    "two columns claim one field": {"Contacts": ("Student Number", "Email", "Email", "Last Name")},
    "no header is known": {"Data": ("Alpha", "Beta", "Gamma", "Delta")},
    "the header row is missing": {"Contacts": ("Canary0", "canary0@example.org", "7390000000")},
    "no roster at all": {"Accounts": HEADERS["Accounts"]},
}


@pytest.mark.parametrize("headers", UNCLEAR.values(), ids=list(UNCLEAR))
@pytest.mark.parametrize("command", ["check", "columns"])
def test_a_sheet_that_is_not_understood_shows_no_cell(reveal, tmp_path, headers, command) -> None:
    silent(reveal("--debug", command, workbook(tmp_path / "contacts.xlsx", headers)))


def test_a_place_that_is_taken_shows_no_cell(reveal, tmp_path) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Contacts"]
    sheet.auto_filter.ref = "A1:I41"
    sheet["J3"] = '="Canary"&5'
    sheet["K4"] = "canary beside the filter"
    book.save(path)
    assert reveal("check", path).returncode == 4
    silent(reveal("--debug", "check", path))


def replaced(part: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """A workbook with something replaced in one of its parts."""

    def change(content: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as made:
            for name in source.namelist():
                data = source.read(name)
                if name == part:
                    assert re.search(old.encode("latin-1"), data)
                    data = re.sub(old.encode("latin-1"), new.encode("latin-1"), data, count=3)
                made.writestr(name, data)
        return out.getvalue()

    return change


SHEET = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut off in the middle": lambda content: content[: len(content) // 2],
    "text in a number": replaced(SHEET, r'(<c r="G\d+")[^>]*><v>[^<]*', r"\1><v>Canary7"),
    "text in a date": replaced(SHEET, r'(<c r="G\d+")[^>]*><v>', r'\1 t="d"><v>Canary7'),
    "a string that is not in the list": replaced(SHEET, r't="s"><v>\d+', 't="s"><v>4444440'),
    "a kind of cell that does not exist": replaced(SHEET, r't="s"', 't="Canary8"'),
    "a cell name that is none": replaced(SHEET, r'<c r="G3"', '<c r="Canary9"'),
    "a row number that is none": replaced(SHEET, r'<row r="3"', '<row r="x3"'),
    "an end that does not fit": replaced(SHEET, r"</row>", "<v>Canary1</row>"),
    "a list of strings that is cut off": replaced(STRINGS, r"(?s)</si>.*", "<si><t>Canary1"),
    "an entity": replaced(STRINGS, r"<t>Canary", "<t>&canary;Canary"),
    "a DOCTYPE": replaced(STRINGS, r"<sst", '<!DOCTYPE x [<!ENTITY canary "Canary">]><sst'),
    "not UTF-8": replaced(STRINGS, "Canary1<", "Canary\xff<"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_workbook_shows_no_cell(reveal, tmp_path, change) -> None:
    path = workbook(tmp_path / "contacts.xlsx")
    path.write_bytes(change(path.read_bytes()))
    silent(reveal("--debug", "check", path))
    done = reveal("check", path)
    silent(done)
    assert done.returncode in {1, 3}, done.stderr
    assert b"Traceback" not in done.stderr


HEADER = b"Student Number,Last Name,First Name,Other Phone,Email,Relationship\r\n"
ROW = b"7390000001,Canary1,canary,7390000002,canary@example.org,Canary5\r\n"
DELIMITED = {
    "in order": HEADER + ROW,
    "Latin-1": HEADER
    + ROW
    + "7390000003,Canary\N{LATIN SMALL LETTER E WITH ACUTE}".encode("cp1252"),
    "bytes that are no text": HEADER + ROW + b"\xff\xfe\x00Canary\x00\x81",
    "UTF-16 without a mark": (HEADER + ROW).decode().encode("utf-16-le"),
    "an open quote": HEADER + ROW + b'"Canary1,canary,\r\n' + ROW,
    "too many cells": HEADER + ROW + b"Canary," * 50 + b"\r\n",
    "a cell without end": HEADER + ROW + b'"' + b"Canary" * 50_000 + b'"\r\n',
    "zeros": HEADER + ROW + b"\x00Canary\x00\r\n",
}


@pytest.mark.parametrize("content", DELIMITED.values(), ids=list(DELIMITED))
def test_a_delimited_file_shows_no_cell(reveal, tmp_path, content) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    silent(reveal("--debug", "check", path))
    done = reveal("check", path)
    silent(done)
    assert done.returncode in {1, 3}, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.needs_program("unshare")
def test_a_check_works_without_any_network(tmp_path) -> None:
    alone = [shutil.which("unshare"), "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody leave its network")
    path = workbook(tmp_path / "contacts.xlsx")
    code = "import addin.cli as c, sys; sys.exit(c.main())"
    done = subprocess.run(
        [*alone, sys.executable, "-c", code, "check", path],
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "contacts.checked.xlsx").exists()

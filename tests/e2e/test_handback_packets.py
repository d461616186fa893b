"""A packet in LibreOffice: it counts what is left, marks go out, it prints whole, it comes back."""

from __future__ import annotations

import re
import subprocess

import lxml.html
import openpyxl
import pytest

from sheets.books import open_book
from sheets.grid import FILLS, Shade
from sheets.handback import returned, workbook
from sheets.handback.model import Batch
from tests import handing, packets

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("soffice", "/usr/bin/python3")]

MISSING, CHECK = (f"#{FILLS[shade]}" for shade in (Shade.MISSING, Shade.CHECK))
ROWS = [
    ["0011", "9001", "Ann", "Byrne", None, "ann@example.org", "a note"],
    ["0012", "9002", "Bo", "Castro", "N/A", "bo@example", None],
    ["0013", "9003", "Di", "Ng", "(585) 555-0103", "di ng@example.org", None],
]
PHONE, EMAIL = "Other Phone", "Email"
LEFT = "B4"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    [packet] = handing.packets(handing.master(ROWS))
    path = tmp_path_factory.mktemp("packet") / "packet.xlsx"
    batch = Batch("1a2b3c4d", "00" * 16, handing.TODAY, packets.BATCH.due)
    path.write_bytes(workbook.write(packet, batch, packets.english(), packets.ASK))
    return path


def cell(path, header, number):
    """The name of the cell of a student in a column, and its row."""
    sheet = openpyxl.load_workbook(path)["Contacts"]
    headers = [one.value for one in sheet[1]]
    numbers = [one.value for one in sheet["ABCDEFG"[headers.index("Student Number")]]]
    return f"{'ABCDEFGHI'[headers.index(header)]}{numbers.index(number) + 1}"


def colors(page):
    """Student -> header -> color, of the cells that have one of the marks."""
    tables = lxml.html.fromstring(page.read_bytes()).findall(".//table")
    lines = [line.findall("td") for line in tables[1].iterfind(".//tr")]
    headers = [one.text_content().strip() for one in lines[0]]
    told = {}
    for line in lines[1:]:
        texts = [one.text_content().strip() for one in line]
        told[texts[headers.index("Student Number")]] = {
            header: one.get("bgcolor").upper()
            for header, one in zip(headers, line, strict=False)
            if (one.get("bgcolor") or "").upper() in {MISSING, CHECK}
        }
    return told


def test_what_is_typed_in_counts_and_puts_its_mark_out(hands, made, tmp_path):
    before, after = tmp_path / "before.html", tmp_path / "after.html"
    typed = [
        {"do": "type", "sheet": "Contacts", "cell": cell(made, header, number), "text": text}
        for header, number, text in (
            (PHONE, "0011", "(585) 555-0101"),
            (EMAIL, "0013", "di.ng@example.org"),
        )
    ]
    last = {"do": "type", "sheet": "Contacts", "cell": cell(made, PHONE, "0012"), "text": "585"}
    shown = {"do": "shown", "sheet": "Start here", "cell": LEFT}
    done = hands(
        [
            *({"do": "open", "path": str(made)}, {"do": "html", "path": str(before)}, shown),
            *(*typed, {"do": "html", "path": str(after)}, shown, last, shown),
        ]
    )

    assert [told for told in done if isinstance(told, str)] == [
        "2 of 2 left to fill in",
        "1 of 2 left to fill in",
        "0 of 2 left to fill in",
    ]
    assert colors(before) == {
        "0011": {PHONE: MISSING},
        "0012": {PHONE: MISSING, EMAIL: CHECK},
        "0013": {EMAIL: CHECK},
    }
    assert colors(after) == {"0011": {}, "0012": {PHONE: MISSING, EMAIL: CHECK}, "0013": {}}


def test_what_it_saves_comes_back(hands, made, tmp_path):
    saved = tmp_path / "saved.xlsx"
    where = cell(made, PHONE, "0011")
    hands(
        [
            {"do": "open", "path": str(made)},
            {"do": "type", "sheet": "Contacts", "cell": where, "text": "(585) 555-0101"},
            {"do": "xlsx", "path": str(saved)},
        ]
    )

    came = returned.read("saved.xlsx", lambda: open_book(saved))

    assert came.lines == []
    assert len(came.answers) == len(ROWS)
    taken = handing.take([came], handing.master(ROWS))
    assert [line.came for line in taken.lines if line.came] == ["(585) 555-0101"]


@pytest.mark.needs_program("pdftotext")
def test_it_prints_whole_with_its_headers_on_every_page(hands, tmp_path):
    path, printed = tmp_path / "packet.xlsx", tmp_path / "packet.pdf"
    packet = packets.packet(packets.contacts(90))
    path.write_bytes(workbook.write(packet, packets.BATCH, packets.english(), packets.ASK))

    hands([{"do": "open", "path": str(path)}, {"do": "pdf", "path": str(printed)}])

    text = subprocess.run(
        ["pdftotext", "-raw", printed, "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    start, *pages = text.rstrip("\f").split("\f")
    assert "Please send this back by Friday, December 4, 2026." in start
    assert len(pages) == 3
    numbers = []
    for page in pages:
        words = re.sub(r"\s+", " ", page)
        for header in ("Student Number", "Contact Person ID", "Other Phone", "What to fix"):
            assert header in words
        numbers += re.findall(r"(?m)^(001\d{3}) ", page)
    assert numbers == [row.cells[0] for row in packet.sheets[0].rows]
    whole = re.sub(r"\s+", " ", " ".join(pages))
    for row in packet.sheets[0].rows:
        assert row.cells[-1] in whole

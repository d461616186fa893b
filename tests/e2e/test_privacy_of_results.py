"""No cell's value in comparisons, summaries and pages, but what is meant to stand there."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sheets.grid import OWN_SHEET
from tests import running
from tests.canaries import (
    CANARY,
    EVERYBODY,
    HILL,
    LAKE,
    LETTERS,
    exports,
    guarded,
    heard,
    silent,
    tables,
    workbook,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

DAY = ("--as-of", "2026-11-23")


@pytest.fixture(scope="module")
def reveal(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess]:
    return guarded(tmp_path_factory.mktemp("guard"))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in tables().items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path_factory.mktemp("district") / "district.xlsx"
    book.save(path)
    return path


def answer() -> list[dict[str, Any]]:
    """Everybody of one school, some of them against the rules, with canaries in every value."""
    users = []
    for kind, everybody in EVERYBODY.items():
        for at, one in enumerate(everybody):
            if one["school"] == LAKE and kind != "contact":
                continue
            if at % 8 == 1 and kind == "contact":
                continue
            users.append(
                {
                    "sourcedId": f"{LETTERS[kind]}{one['id']}",
                    "status": "active",
                    "username": one["username"],
                    "enabledUser": "true",
                    "givenName": one["first"],
                    "familyName": one["last"] if at % 6 else "Canary-renamed",
                    "identifier": one["number"],
                    "email": one["email"] or "",
                    "role": {"staff": "teacher", "contact": "guardian"}.get(kind, kind),
                    "orgs": [{"sourcedId": "canary-org", "href": "https://canary.example.org"}],
                    "userIds": [{"type": "SIS", "identifier": f"canary-{one['id']}"}],
                    "metadata": {"ncsis": f"canary {one['id']}"},
                    "agents": [],
                }
            )
    return users


@pytest.fixture
def api(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"users": answer()}))
    return path


class TestCompare:
    def test_the_words_show_no_cell(self, reveal, district: Path, api: Path) -> None:
        done = reveal("compare", district, "--api", api, "--details", "5", *DAY)

        assert done.returncode == 1, done.stderr
        for said in (b"hides", b"Revealed by the rules, not in the answer", b"schools is in the"):
            assert said in done.stdout
        silent(done)

    def test_the_data_show_schools_alone(self, reveal, district: Path, api: Path) -> None:
        done = reveal("compare", district, "--api", api, "--json", *DAY)

        data = json.loads(done.stdout)
        assert (data["schools"]["present"], data["schools"]["absent"]) == ([HILL], [LAKE])
        said = json.dumps(data).replace(HILL, "").replace(LAKE, "")
        assert not CANARY.search(said.encode())
        assert not CANARY.search(done.stderr)

    @pytest.mark.parametrize("header", [True, False], ids=["with headings", "without"])
    def test_a_list_of_ids_shows_no_cell(
        self, reveal, district: Path, tmp_path: Path, *, header: bool
    ) -> None:
        path = tmp_path / "ids.csv"
        lines = [
            "canary,canary-name",
            *(f"{one['username']},{one['id']}" for one in EVERYBODY["staff"]),
        ]
        path.write_text("\n".join(["username,id", *lines[1:]] if header else lines))

        done = reveal("compare", district, "--api", path, *DAY)

        assert b"are on the sheets" in done.stdout, done.stderr
        silent(done)


DAMAGED: dict[str, bytes] = {
    "cut off": json.dumps({"users": answer()}).encode()[:-400],
    "cut off in a name": b'{"users": [{"sourcedId": "s7390000001", "familyName": "Canary',
    "not about people": b'{"orgs": [{"sourcedId": "canary", "name": "Canary Hill"}]}',
    "the report of a failure": b'{"imsx_codeMajor": "failure", "imsx_description": "Canary 44440"}',
    "a key that is none": b'{"users": [{"sourcedId": "s1", canary: 1}]}',
    "a number that is none": b'{"users": [{"sourcedId": 7390000001canary}]}',
    "too deep": b'{"users": [' + b'{"canary": ' * 100_000,
    "nobody": b'{"users": [], "canary": "Canary"}',
    "nobody with an id": b'{"users": [{"givenName": "Canary"}]}',
    "somebody else": b'{"users": [{"sourcedId": "s7390099999", "familyName": "Canary"}]}',
    "strange types": b'{"users": [{"sourcedId": {"canary": ["Canary"]}, "role": ["canary"]}]}',
    "a page of the web": b"<html><body>Canary: please log in</body></html>",
    "a list without ids": b"canary,Canary\ncanary,Canary\n",
    "an open quote": b'id,"canary\n' + b"73900" * 60_000,
    "no text": b"\x00canary\x00\x01\x02",
    "not UTF-8": b'{"users": [{"sourcedId": "s7390099999", "familyName": "Canary\xff"}]}',
    "a packed one that is cut off": gzip.compress(b'{"users": [{"sourcedId": "canary"}]}')[:-9],
    "a ZIP that is none": b"PK\x03\x04canary",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=list(DAMAGED))
def test_an_answer_that_is_not_understood_shows_nothing(
    district: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(content)

    done = running.reveal("compare", district, "--api", path)

    assert done.returncode == 3
    assert done.stderr.startswith("Error: ")
    assert not CANARY.search(heard("compare", district, "--api", path).encode())


class TestSummarySheet:
    def test_it_holds_no_cell(self, reveal, tmp_path: Path) -> None:
        path = workbook(tmp_path / "contacts.xlsx")
        done = reveal("check", path, "--summary-sheet", "--roll-up", *DAY)
        silent(done)
        assert not CANARY.search("\n".join(own(tmp_path / "contacts.checked.xlsx")).encode())

    def test_it_holds_schools_alone(self, reveal, district: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.xlsx"
        silent(reveal("check", district, "--summary-sheet", "--out", out, *DAY))
        texts = own(out)
        assert {HILL, LAKE} < set(texts)
        said = "\n".join(text for text in texts if text not in {HILL, LAKE})
        assert "By this alone" in said
        assert not CANARY.search(said.encode())

    def test_beside_a_csv_it_holds_no_cell(self, tmp_path: Path) -> None:
        [path] = exports(tmp_path, "Contacts")
        running.reveal("check", path, "--summary-sheet", *DAY)
        said = (tmp_path / "contacts.checked.summary.csv").read_text("utf-8")
        assert "By this alone" in said
        assert not CANARY.search(said.encode())


def own(path: Path) -> list[str]:
    """All texts on the summary sheet."""
    sheet = openpyxl.load_workbook(path)[OWN_SHEET]
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]


class TestReport:
    def test_the_page_holds_schools_alone(self, reveal, district: Path, tmp_path: Path) -> None:
        page = tmp_path / "report.html"
        done = reveal("check", district, "--out", tmp_path / "out.xlsx", "--report", page, *DAY)
        silent(done)
        html = page.read_text("utf-8")
        assert HILL in html
        assert not heard_in(html.replace(HILL, "").replace(LAKE, ""))

    def test_the_page_of_a_strange_workbook_holds_no_cell(self, reveal, tmp_path: Path) -> None:
        path, page = workbook(tmp_path / "contacts.xlsx"), tmp_path / "report.html"
        silent(reveal("check", path, "--report", page, *DAY))
        assert not heard_in(page.read_text("utf-8"))

    def test_a_page_of_somebody_else_is_not_shown(self, district: Path, tmp_path: Path) -> None:
        page = tmp_path / "report.html"
        page.write_text("<html>Canary</html>")
        said = heard("check", district, "--out", tmp_path / "out.xlsx", "--report", page, *DAY)
        assert "report.html" in said
        assert not CANARY.search(said.encode())


def heard_in(html: str) -> list[bytes]:
    """The canaries in a page.

    The sentences beside the rows name the type of a relationship. Keys and salt are random digits.
    """
    untyped = re.sub(r'relationship (&#34;|\\").*?\1', "relationship", html)
    return CANARY.findall(re.sub(r"\b[0-9a-f]{16,}\b", "", untyped).encode())


@pytest.mark.parametrize(
    "text", ["", "{", '{"reveal": 1, "Canary": ["canary"', '["Canary"]', "Canary"]
)
def test_an_earlier_result_that_is_none_is_not_shown(
    district: Path, tmp_path: Path, text: str
) -> None:
    earlier = tmp_path / "earlier.json"
    earlier.write_text(text)
    said = heard("check", district, "--dry-run", "--since", earlier, *DAY)
    assert "earlier.json" in said
    assert not CANARY.search(said.encode())

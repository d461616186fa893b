"""A checked workbook in LibreOffice: marks stay with their person, and go out when mended."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import openpyxl
import pytest

import sheets
from addin import cli
from sheets.errors import RevealError
from sheets.grid import FILLS, Shade
from tests.corpus import PACKAGES, patch

SAMPLE = Path(__file__).parents[2] / "templates" / "samples" / "small-school.xlsx"
MISSING = f"#{FILLS[Shade.MISSING]}"
KEY = ("Student Number", "Contact Person ID")
OPENED = 100
SIZE_LIMIT = 400_000  # bytes; a large file takes LibreOffice a minute and shows nothing more

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("soffice", "/usr/bin/python3")]

Steps = Sequence[dict[str, object]]


@dataclass(frozen=True)
class Row:
    """One row of a sheet as LibreOffice shows it: header -> text, and what is marked as missing."""

    texts: dict[str, str]
    marked: frozenset[str]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.texts[header] for header in KEY)


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checked") / "small-school.xlsx"
    assert cli.main(["check", str(SAMPLE), "--out", str(path)]) == 1
    return path


def contacts(path: Path) -> list[Row]:
    """The rows of the sheet "Contacts" of an HTML export."""
    page = lxml.html.fromstring(path.read_bytes())
    titles = [title.text for title in page.iterfind(".//h1/em")]
    table = page.findall(".//table")[titles.index("Contacts")]
    lines = [line.findall("td") for line in table.iterfind(".//tr")]
    headers = [cell.text_content().strip() for cell in lines[0]]
    return [
        Row(
            {
                header: cell.text_content().strip()
                for header, cell in zip(headers, line, strict=False)
            },
            frozenset(
                header
                for header, cell in zip(headers, line, strict=False)
                if (cell.get("bgcolor") or "").upper() == MISSING
            ),
        )
        for line in lines[1:]
    ]


def named_as_blank(row: Row) -> frozenset[str]:
    """The headers that a row's own words call blank."""
    return frozenset(
        header for header in row.texts if f'"{header}" is blank' in row.texts["What to fix"]
    )


def test_exactly_the_cells_that_the_words_name_are_marked(hands, checked, tmp_path) -> None:
    shown = tmp_path / "shown.html"
    hands([{"do": "open", "path": str(checked)}, {"do": "html", "path": str(shown)}])
    rows = contacts(shown)
    assert any(row.marked for row in rows)
    for row in rows:
        assert row.marked == named_as_blank(row), row.key


def test_sorting_by_another_column_leaves_each_mark_on_its_person(hands, checked, tmp_path) -> None:
    before, after = tmp_path / "before.html", tmp_path / "after.html"
    hands(
        [
            {"do": "open", "path": str(checked)},
            {"do": "html", "path": str(before)},
            {
                "do": "sort",
                "sheet": "Contacts",
                "range": openpyxl.load_workbook(checked)["Contacts"].dimensions,
                "column": 4,
                "descending": True,
            },
            {"do": "html", "path": str(after)},
        ]
    )
    first, second = contacts(before), contacts(after)
    assert [row.key for row in first] != [row.key for row in second]
    assert {row.key: row for row in first} == {row.key: row for row in second}
    assert any(row.marked for row in second)


def test_filling_a_marked_cell_puts_its_mark_out_and_no_other(hands, checked, tmp_path) -> None:
    before, after = tmp_path / "before.html", tmp_path / "after.html"
    hands([{"do": "open", "path": str(checked)}, {"do": "html", "path": str(before)}])
    rows = contacts(before)
    index = next(at for at, row in enumerate(rows) if "Other Phone" in row.marked)
    phone = list(rows[index].texts).index("Other Phone")
    cell = f"{'ABCDEFGHIJKLMN'[phone]}{index + 2}"
    hands(
        [
            {"do": "open", "path": str(checked)},
            {"do": "type", "sheet": "Contacts", "cell": cell, "text": "(585) 555-0199"},
            {"do": "html", "path": str(after)},
        ]
    )
    mended = contacts(after)
    assert mended[index].marked == rows[index].marked - {"Other Phone"}
    rows.pop(index)
    mended.pop(index)
    assert [row.marked for row in rows] == [row.marked for row in mended]


def test_a_hundred_workbooks_of_many_programs_open_after_a_check(hands, corpus, tmp_path) -> None:
    candidates = [
        path
        for path in corpus
        if path.suffix.lower() in PACKAGES and path.stat().st_size < SIZE_LIMIT
    ]
    pairs: list[tuple[str, Path, Path]] = []
    for path in spread(candidates, 2 * OPENED):
        source = tmp_path / f"{len(pairs)}{path.suffix}"
        out = tmp_path / f"{len(pairs)}.checked{path.suffix}"
        shutil.copy(path, source)
        if write(source, out):
            pairs.append((path.name, source, out))
        if len(pairs) == OPENED:
            break
    assert len(pairs) == OPENED
    opened = hands([{"do": "open", "path": str(file)} for _, *both in pairs for file in both])
    spoilt = [
        name
        for (name, *_), source, out in zip(pairs, opened[::2], opened[1::2], strict=True)
        if source and not out
    ]
    assert not spoilt
    assert sum(opened[1::2]) > OPENED * 0.9


def spread(things: Sequence[Path], count: int) -> list[Path]:
    """So many of them, from all over."""
    return [things[at * len(things) // count] for at in range(min(count, len(things)))]


def write(source: Path, out: Path) -> bool:
    """Write something into the first sheet; False if the file is refused."""
    try:
        book = sheets.open_book(source, out)
        grids = [grid for grid in book.read() if grid.head]
        if grids:
            book.write([patch(next((grid for grid in grids if not grid.protected), grids[0]))])
    except RevealError:
        return False
    return out.exists()

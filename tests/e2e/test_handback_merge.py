"""Packets that other programs have opened, changed and saved come back whole."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from sheets.handback import identity
from tests.running import reveal

SAMPLE = Path(__file__).parents[2] / "templates" / "samples" / "small-school.xlsx"
PHONE, ID = "Other Phone", "Contact Person ID"


@pytest.fixture(scope="session")
def handed_out(tmp_path_factory):
    """The sample, and what is handed out from it."""
    folder = tmp_path_factory.mktemp("handback")
    shutil.copyfile(SAMPLE, folder / "master.xlsx")
    done = reveal("handback", "split", "master.xlsx", "--due", "2026-12-04", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return folder


@pytest.fixture
def folder(handed_out, tmp_path):
    """A copy of both."""
    shutil.copytree(handed_out, tmp_path, dirs_exist_ok=True)
    return tmp_path


def packet(folder):
    [path] = (folder / "handback").glob("*.xlsx")
    return path


def contacts(book):
    """The sheet of contacts of a packet, and where its columns are."""
    sheet = book["Contacts"]
    return sheet, {str(cell.value): cell.column for cell in sheet[1]}


def missing(path):
    """The contacts whose phone is missing in a packet, each with its row and an answer."""
    sheet, at = contacts(openpyxl.load_workbook(path))
    return {
        str(sheet.cell(row, at[ID]).value): (row, f"585-555-01{row:02}")
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, at[PHONE]).value is None
    }


def phones(path):
    """Contact -> the phones of its rows in the master."""
    sheet, at = contacts(openpyxl.load_workbook(path))
    found = {}
    for row in range(2, sheet.max_row + 1):
        found.setdefault(str(sheet.cell(row, at[ID]).value), set()).add(
            sheet.cell(row, at[PHONE]).value
        )
    return found


def merged(folder, *sources, apply=True):
    """Merge, and what was said of it."""
    named = [word for source in sources for word in ("--from", source)]
    more = ["--apply"] if apply else []
    done = reveal("handback", "merge", "master.xlsx", *named, *more, "--json", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def require_right(folder, answers, told, rows=None):
    """All answers are in the master, nothing else was said, and twice is the same as once."""
    assert {line["kind"] for line in told["lines"]} == {"filled"}
    assert len(told["lines"]) == (rows or len(answers))
    assert told["summary"]["contact"]["yes"] > 0
    now = phones(folder / "master.xlsx")
    assert all(answer in now[person] for person, (_, answer) in answers.items())
    again = merged(folder, "handback")
    assert again["outputs"] == []


def fill_in(path, answers):
    """Type the answers with openpyxl, sort the rows the other way round, and save."""
    book = openpyxl.load_workbook(path)
    sheet, at = contacts(book)
    for row, answer in answers.values():
        sheet.cell(row, at[PHONE], answer)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.title = "Renamed"
    book.save(path)


def as_csv(path, out):
    """The data sheet of a packet as text, with its columns the other way round."""
    book = openpyxl.load_workbook(path)
    [sheet] = [one for one in book if any(identity.is_head(str(c.value)) for c in one[1])]
    with out.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*reversed(row)] for row in sheet.iter_rows(values_only=True))


def test_openpyxl_may_sort_and_rename(folder):
    path = packet(folder)
    answers = missing(path)
    assert answers
    fill_in(path, answers)
    path.rename(path.with_name("answers of Ms. X.xlsx"))

    told = merged(folder, "handback")

    require_right(folder, answers, told)
    assert len(list(folder.glob("master.backup-*.xlsx"))) == 1


def test_csv_is_understood(folder):
    path = packet(folder)
    answers = missing(path)
    fill_in(path, answers)
    as_csv(path, folder / "handback" / "back.csv")
    path.unlink()

    require_right(folder, answers, merged(folder, "handback"))


def test_rows_may_come_back_in_several_files(folder):
    path = packet(folder)
    answers = missing(path)
    fill_in(path, answers)
    as_csv(path, folder / "back.csv")
    path.unlink()
    head, *rows = (folder / "back.csv").read_text("utf-8").splitlines(keepends=True)
    half = len(rows) // 2
    for name, part in (("one.csv", rows[:half]), ("two.csv", rows[half:])):
        (folder / "handback" / name).write_text(head + "".join(part), "utf-8")

    require_right(folder, answers, merged(folder, "handback"))


def test_without_apply_nothing_changes(folder):
    path = packet(folder)
    fill_in(path, missing(path))
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}

    told = merged(folder, "handback", apply=False)

    assert told["revealed"]
    assert told["outputs"] == []
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == before


def test_what_is_held_back_is_told_and_not_written(folder):
    path = packet(folder)
    book = openpyxl.load_workbook(path)
    sheet, at = contacts(book)
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, at[PHONE]).value:
            sheet.cell(row, at[PHONE]).value = f"585-555-01{row:02}"
    book.save(path)
    before = (folder / "master.xlsx").read_bytes()

    done = reveal(
        *("handback", "merge", "master.xlsx", "--from", "handback", "--apply", "--hold", "0"),
        cwd=folder,
    )

    assert done.returncode == 4
    assert "would be replaced" in done.stderr
    assert "changed" in done.stdout
    assert (folder / "master.xlsx").read_bytes() == before


def test_the_console_tells_no_value(folder):
    path = packet(folder)
    answers = missing(path)
    fill_in(path, {person: (row, f"canary{row}") for person, (row, _) in answers.items()})

    done = reveal("handback", "merge", "master.xlsx", "--from", "handback", cwd=folder)

    assert "Not taken" in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_the_status_knows_what_came_back(folder):
    path = packet(folder)
    fill_in(path, missing(path))

    merged(folder, "handback")

    with sqlite3.connect(folder / "handback" / "reveal-handback.sqlite") as record:
        assert record.execute("SELECT sum(done) FROM rows").fetchone()[0] > 0


def test_the_master_may_be_text(folder):
    book = openpyxl.load_workbook(SAMPLE)
    with (folder / "contacts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(book["Contacts"].iter_rows(values_only=True))
    text = (folder / "contacts.csv").read_bytes()
    done = reveal(
        *("handback", "split", "contacts.csv", "--by", "who-can-fix", "--out", "out"), cwd=folder
    )
    assert done.returncode in (0, 1), done.stderr
    [path] = (folder / "out").glob("*ffice*.xlsx")
    made = openpyxl.load_workbook(path)
    [sheet] = [one for one in made if any(identity.is_head(str(c.value)) for c in one[1])]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    blank = next(r for r in range(2, sheet.max_row + 1) if not sheet.cell(r, columns[PHONE]).value)
    sheet.cell(blank, columns[PHONE], "585-555-0177")
    made.save(path)

    done = reveal("handback", "merge", "contacts.csv", "--from", "out", "--apply", cwd=folder)

    assert done.returncode in (0, 1), done.stderr
    after = (folder / "contacts.csv").read_bytes()
    changed = [
        (one, other)
        for one, other in zip(text.splitlines(), after.splitlines(), strict=True)
        if one != other
    ]
    assert len(changed) == 1
    assert b"585-555-0177" in changed[0][1]


@pytest.mark.slow
@pytest.mark.needs_program("soffice", "/usr/bin/python3")
@pytest.mark.parametrize(
    ("ending", "form"),
    [("xlsx", "Calc MS Excel 2007 XML"), ("ods", "calc8"), ("xls", "MS Excel 97")],
)
def test_libreoffice_may_type_sort_and_save(folder, hands, ending, form):
    path = packet(folder)
    answers = missing(path)
    sheet, at = contacts(openpyxl.load_workbook(path))
    letter = openpyxl.utils.get_column_letter
    area = f"A1:{letter(sheet.max_column)}{sheet.max_row}"
    out = folder / "handback" / f"back.{ending}"
    steps = [
        {"do": "open", "path": str(path)},
        *(
            {"do": "type", "sheet": "Contacts", "cell": f"{letter(at[PHONE])}{row}", "text": answer}
            for row, answer in answers.values()
        ),
        {"do": "unprotect", "sheet": "Contacts"},
        {"do": "sort", "sheet": "Contacts", "range": area, "column": 1, "descending": True},
        {"do": "store", "path": str(out), "name": form},
    ]
    assert all(hands(steps))
    path.unlink()

    require_right(folder, answers, merged(folder, "handback"))

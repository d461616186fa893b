"""`reveal check --since`: what has changed, on the console, in the JSON and in the report."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.running import reveal

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"
THEN, NOW = ("--as-of", "2026-11-01"), ("--as-of", "2026-11-23")
FIRST_GUARDIAN, FIRST_PHONE = 4, 6
STAFF = "Staff Number,Last Name,First Name,Enabled\n"


def earlier(*paths, to):
    """Check and keep what the check tells a later one."""
    done = reveal("check", *paths, "--json", "--dry-run", *THEN)
    assert done.returncode in {0, 1}, done.stderr
    to.write_text(done.stdout, encoding="utf-8")
    return to


def since(*arguments):
    """The numbers of a check that looks back, and all that it printed."""
    done = reveal("check", *arguments, "--json", *NOW)
    assert done.returncode in {0, 1}, done.stderr
    data = json.loads(done.stdout)
    changes = data["since"]
    return [changes["fixed"], changes["new"], changes["still"]], data


@pytest.fixture
def staff(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text(STAFF + "1,Abel,Ann,yes\n2,Byrne,Bo,no\n3,Castro,Cy,no\n4,Dunn,Di,yes\n")
    return file


@pytest.fixture
def before(staff, tmp_path):
    told = earlier(staff, to=tmp_path / "before.json")
    staff.write_text(STAFF + "3,Castro,Cy,yes\n4,Dunn,Di,no\n1,Abel,Ann,yes\n2,Byrne,Bo,no\n")
    return told


def corrected(path, sheet, column, value):
    """Fill in the blank cells of a column, and turn the rows round."""
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    at = rows[0].index(column)
    filled = 0
    for row in rows[1:]:
        if row[at] is None:
            row[at] = value
            filled += 1
    for number, row in enumerate([rows[0], *reversed(rows[1:])], start=1):
        for place, content in enumerate(row, start=1):
            book[sheet].cell(number, place).value = content
    book.save(path)
    book.close()
    return filled


def test_the_console_says_it_below_the_first_line(staff, before):
    done = reveal("check", staff, "--since", before, *NOW)

    assert done.returncode == 1
    assert done.stdout.splitlines()[:3] == [
        "2 of 4 are revealed; 2 are hidden.",
        "1 fixed, 1 new, 1 still hidden since 2026-11-01.",
        "",
    ]
    assert (staff.parent / "staff.checked.csv").exists()


def test_the_data_has_the_same_in_numbers(staff, before):
    numbers, data = since(staff, "--since", before)

    assert numbers == [1, 1, 1]
    assert list(data) == [
        *("reveal", "profile", "summary", "causes", "since", "salt", "sheets", "outputs"),
    ]
    assert data["since"] == {
        "as_of": "2026-11-01",
        "fixed": 1,
        "new": 1,
        "added": 0,
        "still": 1,
        "gone": 0,
        "unknown": 0,
        "not_compared": 0,
        "not_compared_then": 0,
        "other_rules": [],
        "causes": [{"rule": "STF-ACCT-01", "fixed": 1, "new": 1, "still": 1}],
        "notes": [],
    }


def test_what_a_check_tells_is_what_the_next_one_looks_back_at(staff, before):
    done = reveal("check", staff, "--since", before, "--json", *NOW)
    (staff.parent / "now.json").write_text(done.stdout)
    staff.write_text(staff.read_text().replace(",no", ",yes"))

    assert since(staff, "--since", staff.parent / "now.json")[0] == [2, 0, 0]
    assert since(staff, "--since", before)[0] == [2, 0, 0]


def test_the_report_has_a_part_about_it_only_if_it_is_asked_for(staff, before):
    page = staff.parent / "page.html"

    reveal("check", staff, "--report", page, *NOW)
    without = page.read_text(encoding="utf-8")
    done = reveal("check", staff, "--report", page, "--since", before, "--json", *NOW)
    with_it = page.read_text(encoding="utf-8")

    assert json.loads(done.stdout)["report"] == str(page)
    assert 'id="since"' not in without
    assert 'id="since"' in with_it
    assert "1 fixed, 1 new, 1 still hidden since 2026-11-01." in with_it


def test_a_dry_run_looks_back_too(staff, before):
    there = sorted(staff.parent.iterdir())

    done = reveal("check", staff, "--since", before, "--dry-run", *NOW)

    assert "1 fixed, 1 new, 1 still hidden" in done.stdout
    assert sorted(staff.parent.iterdir()) == there


def test_a_workbook_that_was_corrected_and_sorted(tmp_path):
    school = Path(shutil.copy(SAMPLES / "small-school.xlsx", tmp_path))
    before = earlier(school, to=tmp_path / "before.json")
    then = json.loads(before.read_text())["summary"]["contact"]["no"]

    filled = corrected(school, "Contacts", "Other Phone", "555-555-0199")
    numbers, data = since(school, "--since", before)

    causes = {one["rule"]: one for one in data["since"]["causes"]}
    assert causes["CON-FLD-03"] == {"rule": "CON-FLD-03", "fixed": filled, "new": 0, "still": 0}
    assert numbers[0] == then - data["summary"]["contact"]["no"] > 0
    assert numbers[1] == 0
    assert numbers[2] == data["summary"]["contact"]["no"] + 6
    assert data["since"]["not_compared"] == 0


def test_contacts_beside_their_students(tmp_path):
    wide = Path(shutil.copy(SAMPLES / "wide-roster.xlsx", tmp_path))
    before = earlier(wide, to=tmp_path / "before.json")
    book = openpyxl.load_workbook(wide)
    sheet = book["Emergency Cards"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    blank = [row for row in rows if row[FIRST_GUARDIAN] and not row[FIRST_PHONE]]
    for row in blank:
        row[FIRST_PHONE] = "(585) 555-0199"
    for number, row in enumerate(reversed(rows), start=5):
        for place, content in enumerate(row, start=1):
            sheet.cell(number, place).value = content
    book.save(wide)
    book.close()

    numbers, data = since(wide, "--since", before)

    causes = {one["rule"]: one for one in data["since"]["causes"]}
    assert blank
    assert causes["CON-FLD-03"]["fixed"] == len(blank)
    assert numbers[0] > 0
    assert numbers[1] == 0


def test_a_oneroster_set_as_a_folder_and_as_an_archive(tmp_path):
    folder = Path(shutil.copytree(SAMPLES / "oneroster-1.1", tmp_path / "set"))
    before = earlier(folder, "--profile", "oneroster-1.1", to=tmp_path / "before.json")
    users = folder / "users.csv"
    with users.open(newline="", encoding="utf-8") as stream:
        header, *lines = csv.reader(stream)
    with users.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *reversed(lines)])
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as package:
        for path in folder.iterdir():
            package.write(path, path.name)

    for place in (folder, archive):
        numbers, data = since(place, "--since", before, "--profile", "oneroster-1.1")

        total = data["summary"]
        hidden = sum(total[kind]["no"] + total[kind]["unknown"] for kind in ("student", "contact"))
        assert numbers == [0, 0, hidden + total["staff"]["no"] + total["staff"]["unknown"]]
        assert hidden > 0


def test_files_in_another_order_and_under_another_name(tmp_path):
    district = Path(shutil.copytree(SAMPLES / "district", tmp_path / "district"))
    files = sorted(district.glob("*.*"))
    before = earlier(*files, to=tmp_path / "before.json")
    for path in files:
        path.rename(path.with_stem(f"new-{path.stem}"))

    numbers, data = since(*sorted(district.glob("new-*"), reverse=True), "--since", before)

    assert numbers[:2] == [0, 0]
    assert numbers[2] > 100
    assert not data["since"]["notes"]


def test_other_rules_are_said_on_the_console_and_in_the_data(staff, before):
    asked = ("--since", before, "--set", "guardian_by=portal")

    done = reveal("check", staff, *asked, *NOW)

    assert "since 2026-11-01, but the rules are not the same." in done.stdout
    assert "A change of rules is no fix." in done.stdout
    assert since(staff, *asked)[1]["since"]["other_rules"] == ["guardian_by"]


OTHER = {
    "gone": (None, "no such file"),
    "empty": ("", "The file is empty."),
    "no JSON": ("Staff Number,Last Name\n12,Byrne\n", "not JSON"),
    "cut off": ('{"reveal": 1, "profile": {"id"', "not all of it"),
    "deep": ("[" * 100_000, "not JSON"),
    "a list": ("[]", "not the result of a check"),
    "other JSON": ('{"a": 1}', "not the result of a check"),
    "a comparison": ('{"reveal_compare": 1}', "not the result of a check"),
    "true": ('{"reveal": true}', "not the result of a check"),
    "newer": ('{"reveal": 2}', "newer Reveal"),
    "no keys": ('{"reveal": 1, "sheets": [{"rows": []}]}', "older Reveal"),
    "older": ('{"reveal": 0, "salt": "00"}', "older Reveal"),
    "exports": ('{"reveal": 1, "sheets": [{"kind": "staff"}]}', "a check of exports"),
    "no rows": ('{"reveal": 1, "salt": "00", "sheets": 5}', "not the whole result"),
}


@pytest.mark.parametrize(("text", "words"), OTHER.values(), ids=list(OTHER))
def test_another_file_is_refused_and_nothing_is_written(tmp_path, text, words):
    (tmp_path / "staff.csv").write_text(STAFF + "12,Byrne,Ann,yes\n")
    if text is not None:
        (tmp_path / "other.json").write_text(text)
    there = sorted(tmp_path.iterdir())

    done = reveal(
        *("check", "staff.csv", "--since", "other.json", "--report", "page.html"), cwd=tmp_path
    )

    assert done.returncode == 3
    assert done.stdout == ""
    first, *hint = done.stderr.splitlines()
    assert first.startswith("Error: other.json: ")
    assert words in first
    assert len(hint) == 1
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'"salt": "[0-9a-f]+"', '"salt": "00"'),
        (r'"salt": "[0-9a-f]+"', '"salt": "' + "x" * 32 + '"'),
        (r'"as_of": "2026-11-01"', r'"as_of": "\\u001b[2J"'),
        (r'"id": "edutech"', r'"id": "edu\\u001btech"'),
        (r'"version": "\d+"', '"version": null'),
        (r'"rule": "STF-ACCT-01", "severity": "hides", "field"', '"rule": "<b>", "field"'),
    ],
)
def test_a_result_that_was_tampered_with_is_refused(staff, before, old, new):
    text, times = re.subn(old, new, before.read_text())
    before.write_text(text)

    done = reveal("check", staff, "--since", before, *NOW)

    assert times
    assert done.returncode == 3
    assert "not the whole result of a check" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_what_other_shells_save_is_read(staff, tmp_path, encoding):
    accented = staff.rename(tmp_path / "Zoë.csv")
    told = earlier(accented, to=tmp_path / "before.json")
    text = told.read_text(encoding="utf-8")
    assert "ë" in text
    told.write_text(text, encoding=encoding)

    assert since(accented, "--since", told)[0] == [0, 0, 2]


def test_exports_have_no_rows_to_compare(staff, before):
    done = reveal(*("check", staff, "--engine", "polars", "--out", staff.parent, "--since", before))

    assert done.returncode == 2
    assert "--since is for workbooks and CSV files" in done.stderr


def test_no_id_and_no_name_is_in_clear_in_what_a_check_tells(tmp_path):
    words = ("4711001", "4711002", "uillfeather", "ebulon", "raminta", "zq@", "aq@")
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Student Number,Contact Person ID,Last Name,First Name,Email,Guardian,Enabled\n"
        "4711001,4711002,Quillfeather,Zebulon,zq@example.org,yes,yes\n"
        "4711001,,Quillfeather,Araminta,aq@example.org,yes,yes\n"
    )

    text = earlier(file, to=tmp_path / "before.json").read_text()

    rows = json.loads(text)["sheets"][0]["rows"]
    assert [len(row["keys"]) for row in rows] == [1, 2]
    assert not [word for word in words if word in text]
    page = tmp_path / "page.html"
    reveal("check", file, "--since", tmp_path / "before.json", "--report", page, *NOW)
    assert not [word for word in words if word in page.read_text(encoding="utf-8")]

"""Contacts beside each student, `Guardian 1` and `Guardian 2`: in CSV and in an Excel table."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from openpyxl.utils import range_boundaries

from tests.running import reveal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.running import Done

DAY = ("--as-of", "2026-11-23")
GROUPS = ("Guardian 1", "Guardian 2")
HEADER = (
    *("Student Number", "Last Name", "First Name"),
    *(
        f"{group} {field}"
        for group in GROUPS
        for field in ("First Name", "Last Name", "Other Phone", "Email", "Relationship")
    ),
)
TOM = ("Tom", "Byrne", "(585) 555-0100", "tom@example.org", "Guardian")
EVE = ("Eve", "Byrne", None, "eve@example.org", "Guardian")
IDA = ("Ida", "Cruz", "(585) 555-0102", "ida@example.org", "Neighbor")
NOBODY = (None,) * 5
ROWS = (
    ("0071", "Byrne", "Ann", *TOM, *EVE),
    ("0072", "Cruz", "Bo", *IDA, *NOBODY),
    ("0073", "Diaz", "Cy", *NOBODY, *NOBODY),
)
ACCOUNTS = (
    ("Username", "Last Name", "Email", "Student Number", "Home Page", "Disabled"),
    ("tbyrne", "Byrne", "tom@example.org", None, "Campus Parent", "no"),
    ("ebyrne", "Byrne", "eve@example.org", None, "Campus Parent", "no"),
    ("icruz", "Cruz", "ida@example.org", None, "Campus Parent", "no"),
    ("abyrne", "Byrne", None, "0071", "Campus Student", "no"),
    ("bcruz", "Cruz", None, "0072", "Campus Student", "yes"),
    ("cdiaz", "Diaz", None, "0073", "Campus Student", "no"),
)
TYPES = (("Relationship Type", "Guardian"), ("Guardian", "yes"), ("Neighbor", "no"))
OWN = [
    *("Revealed?", "What to fix"),
    *(f"{own} ({group})" for group in GROUPS for own in ("Revealed?", "What to fix")),
]
SAID = [
    ["Yes", None, "Yes", None, "No", '"Guardian 2 Other Phone" is blank'],
    [
        *("No", "no active Campus account: it is disabled"),
        *("No", 'relationship "Neighbor" is not set as Guardian', None, None),
    ],
    ["Yes", None, None, None, None, None],
]
WIDTH, LAST = len(HEADER), len(HEADER) + len(OWN)


def said_by(rows: list[list[object]]) -> list[list[object]]:
    """What stands right of the office's own columns, empty cells as None."""
    return [[cell or None for cell in row[WIDTH:]] for row in rows]


def counted(done: Done) -> tuple[object, object]:
    summary = json.loads(done.stdout)["summary"]
    return summary["student"], summary["contact"]


NUMBERS = ({"yes": 2, "no": 1, "unknown": 0}, {"yes": 1, "no": 2, "unknown": 0})


class TestInCsv:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for name, rows in (
            ("roster", (HEADER, *ROWS)),
            ("accounts", ACCOUNTS),
            ("relationship types", TYPES),
        ):
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            (tmp_path / f"{name}.csv").write_bytes(text.getvalue().encode())
        return tmp_path

    def test_each_contact_has_its_pair_of_columns(self, folder: Path) -> None:
        done = reveal("check", folder, "--json", *DAY)

        assert done.returncode == 1, done.stderr
        assert counted(done) == NUMBERS
        with (folder / "roster.checked.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert said_by(rows) == [OWN, *SAID]
        assert [[cell or None for cell in row[:WIDTH]] for row in rows] == [
            list(row) for row in (HEADER, *ROWS)
        ]

    def test_the_roll_up_stands_behind_the_students_own_pair(self, folder: Path) -> None:
        reveal("check", folder, "--roll-up", *DAY)

        with (folder / "roster.checked.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [row[WIDTH : WIDTH + 4] for row in csv.reader(file)]
        assert [row[2:] for row in rows] == [
            ["Revealed guardians", "Revealed? (Guardian 1)"],
            ["1 of 2", "Yes"],
            ["no guardian listed", "No"],
            ["no guardian listed", ""],
        ]

    def test_a_second_check_gives_the_same_file_and_clear_the_first_one(self, folder: Path) -> None:
        roster = folder / "roster.csv"
        before = roster.read_bytes()
        others = sorted(path for path in folder.iterdir() if path != roster)

        reveal("check", roster, *others, "--in-place", *DAY)
        once = roster.read_bytes()
        reveal("check", roster, *others, "--in-place", *DAY)

        assert roster.read_bytes() == once != before
        assert reveal("clear", roster).returncode == 0
        assert roster.read_bytes() == before


@pytest.fixture(params=[False, True], ids=["plain", "with totals"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workbook with the roster as an Excel table, below a title and beside a gap."""
    path = tmp_path / "roster.xlsx"
    totals = request.param
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Students")
        sheet.write(0, 0, "Emergency cards")
        columns = [{"header": name} for name in HEADER]
        if totals:
            columns[0]["total_string"] = "Students"
        sheet.add_table(
            *(2, 0, 2 + len(ROWS) + totals, WIDTH - 1),
            {"name": "Roster", "columns": columns, "data": ROWS, "total_row": totals},
        )
        for title, rows in (("Accounts", ACCOUNTS), ("Relationship Types", TYPES)):
            other = book.add_worksheet(title)
            for at, row in enumerate(rows):
                other.write_row(at, 0, row)
    return path


class TestInAnExcelTable:
    """Below a title: the heading is in row 3, the students in rows 4 to 6."""

    def checked(self, table: Path, *options: str) -> Path:
        done = reveal("check", table, "--json", *options, *DAY)
        assert done.returncode == 1, done.stderr
        assert counted(done) == NUMBERS
        return table.with_name("roster.checked.xlsx")

    def test_the_table_reaches_over_every_pair(self, table: Path) -> None:
        before = openpyxl.load_workbook(table)["Students"].tables["Roster"]

        after = openpyxl.load_workbook(self.checked(table))["Students"].tables["Roster"]

        left, top, right, bottom = range_boundaries(before.ref)
        assert right == WIDTH
        assert range_boundaries(after.ref) == (left, top, LAST, bottom)
        filtered = range_boundaries(before.autoFilter.ref)
        assert range_boundaries(after.autoFilter.ref) == (left, top, LAST, filtered[3])
        assert [one.name for one in after.tableColumns] == [*HEADER, *OWN]
        assert len({one.id for one in after.tableColumns}) == LAST

    def test_openpyxl_and_calamine_read_what_was_written(self, table: Path) -> None:
        path = self.checked(table)

        sheet = openpyxl.load_workbook(path)["Students"]
        read = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=6)]
        assert said_by(read) == [OWN, *SAID]
        known = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("Students")
        assert said_by(known.to_python(skip_empty_area=False)[2:6]) == [OWN, *SAID]
        last = [cell.value for cell in sheet[7]]
        assert not any(last[WIDTH:])

    def test_marks_point_into_the_words_of_their_contact(self, table: Path) -> None:
        sheet = openpyxl.load_workbook(self.checked(table))["Students"]

        marks = {
            str(area.sqref): rule.formula[0]
            for area in sheet.conditional_formatting
            for rule in area.rules
        }
        at = openpyxl.utils.get_column_letter(HEADER.index("Guardian 2 Other Phone") + 1)
        fix = openpyxl.utils.get_column_letter(LAST)
        [formula] = [text for area, text in marks.items() if area.startswith(f"{at}4")]
        assert f"${fix}:${fix}" in formula

    def test_a_second_check_gives_the_same_file(self, table: Path) -> None:
        path = self.checked(table)
        once = path.read_bytes()

        reveal("check", path, "--in-place", *DAY)

        assert path.read_bytes() == once
        assert not list(path.parent.glob("*.backup-*"))

    @pytest.mark.parametrize("options", [(), ("--roll-up", "--summary-sheet")], ids=["", "all"])
    def test_clear_gives_every_part_back(self, table: Path, options: tuple[str, ...]) -> None:
        path = self.checked(table, *options)
        assert parts(path) != parts(table)

        assert reveal("clear", path).returncode == 0

        assert list(parts(path).items()) == list(parts(table).items())

    def test_a_roll_up_that_is_not_asked_for_again_goes_out_of_the_table(self, table: Path) -> None:
        path = self.checked(table)
        reveal("check", path, "--in-place", "--roll-up", *DAY)
        reveal("check", path, "--in-place", *DAY)

        after = openpyxl.load_workbook(path)["Students"].tables["Roster"]

        assert [one.name for one in after.tableColumns] == [*HEADER, *OWN]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}

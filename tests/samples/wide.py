"""A roster with the contacts beside each student: two header lines, a group for each contact."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from tests.samples.office import fill_sheet, fit_columns, save
from tests.samples.people import TYPES, Account, Pair, School, Student, make_school

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

WHEN = dt.datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001 - the file format knows no time zone

STUDENT = ("Student Number", "Last Name", "First Name", "Grade")
GUARDIAN = ("First Name", "Last Name", "Other Phone", "Email")
EMERGENCY = ("First Name", "Last Name", "Relationship", "Other Phone", "Email")
GROUPS = (("Guardian 1", GUARDIAN), ("Guardian 2", GUARDIAN), ("Emergency Contact", EMERGENCY))
CELLS: Mapping[str, Callable[[Pair], object]] = {
    "First Name": lambda pair: pair.contact.first,
    "Last Name": lambda pair: pair.contact.last,
    "Relationship": lambda pair: pair.relationship,
    "Other Phone": lambda pair: pair.contact.other_phone,
    "Email": lambda pair: pair.contact.email,
}
GUARDIANS = frozenset(name for name, guardian in TYPES if guardian)
ACCOUNTS = ("Username", "Last Name", "Email", "Student Number", "Home Page", "Enabled", "Created")
TYPE_LIST = ("Relationship Type", "Guardian")
TOP = 3
SEED = 31
FILLS = ("DDEBF7", "E2EFDA", "FFF2CC", "EDEDED")


def wide_roster(path: Path) -> None:
    """Students with their contacts beside them on one tab; accounts and types on others."""
    school = make_school(
        seed=SEED, students=26, staff=0, schools=("Lakeview School",), first_id=30_000
    )
    book = Workbook()
    sheet = book.active
    sheet.title = "Emergency Cards"
    sheet["A1"] = "Lakeview School: students and their contacts"
    sheet["A1"].font = Font(size=14, bold=True)
    _headers(sheet)
    for row, cells in enumerate(_rows(school), start=TOP + 2):
        for column, value in enumerate(cells, start=1):
            if value:
                sheet.cell(row, column, value)
    _dress(sheet, len(school.students))
    fill_sheet(book.create_sheet("Accounts"), ACCOUNTS, map(_account, school.accounts))
    types = ((name, "Y" if yes else "N") for name, yes in TYPES)
    fill_sheet(book.create_sheet("Relationship Types"), TYPE_LIST, types)
    save(book, path, WHEN)


def _headers(sheet: Worksheet) -> None:
    """The student's headings are each one cell over both lines; a contact's name spans a group."""
    for column, text in enumerate(STUDENT, start=1):
        _heading(sheet, TOP, column, text, FILLS[0])
        sheet.merge_cells(start_row=TOP, end_row=TOP + 1, start_column=column, end_column=column)
    at = len(STUDENT) + 1
    for (group, fields), fill in zip(GROUPS, FILLS[1:], strict=True):
        _heading(sheet, TOP, at, group, fill)
        end = at + len(fields) - 1
        sheet.merge_cells(start_row=TOP, end_row=TOP, start_column=at, end_column=end)
        for column, text in enumerate(fields, start=at):
            _heading(sheet, TOP + 1, column, text, fill)
        at = end + 1


def _heading(sheet: Worksheet, row: int, column: int, text: str, fill: str) -> None:
    cell = sheet.cell(row, column, text)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=fill)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(*(Side(style="thin", color="A6A6A6"),) * 4)


def _rows(school: School) -> Iterator[list[object]]:
    contacts = {
        number: list(pairs)
        for number, pairs in groupby(school.pairs, key=lambda pair: pair.student.number)
    }
    for student in school.students:
        yield [*_student(student), *_contacts(contacts.get(student.number, []))]


def _student(student: Student) -> Iterator[object]:
    yield from (student.number, student.last, student.first, student.grade)


def _contacts(pairs: list[Pair]) -> Iterator[object]:
    """Up to two guardians, and the first of the others."""
    guardians = [pair for pair in pairs if pair.relationship in GUARDIANS]
    others = [pair for pair in pairs if pair.relationship not in GUARDIANS]
    for one in (*guardians, None, None)[:2]:
        yield from _contact(one, GUARDIAN)
    yield from _contact(next(iter(others), None), EMERGENCY)


def _contact(pair: Pair | None, fields: tuple[str, ...]) -> Iterator[object]:
    for field in fields:
        yield CELLS[field](pair) if pair else None


def _dress(sheet: Worksheet, rows: int) -> None:
    width = len(STUDENT) + sum(len(fields) for _, fields in GROUPS)
    last = get_column_letter(width)
    fit_columns(sheet, range(width))
    sheet.column_dimensions["A"].width = 10
    sheet.auto_filter.ref = f"A{TOP + 1}:{last}{TOP + 1 + rows}"
    sheet.freeze_panes = sheet.cell(TOP + 2, len(STUDENT) + 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _account(account: Account) -> tuple[object, ...]:
    person = account.person
    student = isinstance(person, Student)
    return (
        account.username,
        person.last,
        None if student else person.email,
        person.number if student else None,
        account.home_page,
        "Yes" if account.enabled else "No",
        account.created,
    )

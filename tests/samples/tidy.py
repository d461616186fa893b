"""Sheets as a careful office keeps them: one workbook, and a district's set of files."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from tests.samples.office import BOLD_ON_GREY, fill_sheet, save
from tests.samples.people import TYPES, Account, Pair, School, make_school

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

WHEN = dt.datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001 - the file format knows no time zone

STUDENTS = (
    "Student Number",
    "Person ID",
    "Last Name",
    "First Name",
    "Grade",
    "School",
    "Homeroom",
    "Email",
    "Entry Date",
)
STAFF = ("Person ID", "Staff Number", "Last Name", "First Name", "Title", "School", "Email")
CONTACTS = (
    "Student Number",
    "Student Name",
    "Contact Person ID",
    "Last Name",
    "First Name",
    "Relationship",
    "Seq",
    "Other Phone",
    "Cell Phone",
    "Work Phone",
    "Email",
    "Mailing",
)
ACCOUNTS = ("Person ID", "Username", "Home Page", "Enabled", "Created", "Expires")
TYPE_LIST = ("Relationship Type", "Guardian")
CODES = {
    "Campus Parent Portal": "nav-wrapper/parent/portal/parent",
    "Campus Student Portal": "nav-wrapper/student/portal/student",
    "Campus Instruction": "nav-wrapper/TeacherApp/control-center/home",
    "Campus Application": "",
}
"""What an export of the account table holds instead of the names on the screen."""


def small_school(path: Path) -> None:
    """One workbook with all five lists on tabs."""
    school = make_school(seed=60, students=60, staff=14, schools=("Lakeview School",))
    book = Workbook()
    students, staff, contacts, accounts, types = (
        book.active,
        *map(book.create_sheet, ("Staff", "Contacts", "Accounts", "Relationship Types")),
    )
    students.title = "Students"
    last = _students(students, school)
    students.auto_filter.ref = f"A1:I{last}"
    _staff(staff, school)
    last = _contacts(contacts, school)
    _table(contacts, f"A1:L{last}")
    _drop_downs(contacts, last)
    fill_sheet(accounts, ACCOUNTS, map(_account, school.accounts))
    fill_sheet(types, TYPE_LIST, ((name, "Y" if yes else "N") for name, yes in TYPES))
    for sheet in book:
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation = "landscape"
        sheet.oddFooter.center.text = "Page &P of &N"
    save(book, path, WHEN)


def district(folder: Path) -> None:
    """A roster, contacts, accounts and relationship types, each in a file of its own."""
    schools = ("Lakeview Elementary School", "Hollis Creek Middle School")
    school = make_school(seed=140, students=140, staff=30, schools=schools, first_id=60_000)
    roster = Workbook()
    students = roster.active
    students.title = "Students"
    _students(students, school)
    _staff(roster.create_sheet("Staff"), school)
    contacts = Workbook()
    sheet = contacts.active
    sheet.title = "Census Contacts"
    _contacts(sheet, school)
    sheet.auto_filter.ref = sheet.dimensions
    for each in (*roster, *contacts):
        each.freeze_panes = "A2"
    save(roster, folder / "roster.xlsx", WHEN)
    save(contacts, folder / "contacts.xlsx", WHEN)
    _write_csv(
        folder / "accounts.csv",
        ("personID", "username", "homepage", "disable", "createdDate", "expiresDate"),
        [_account_row(one) for one in school.accounts],
    )
    _write_csv(
        folder / "relationship-types.csv",
        ("name", "guardian"),
        [(name, int(yes)) for name, yes in TYPES],
    )


def _students(sheet: Worksheet, school: School) -> int:
    rows = (
        (
            one.number,
            one.person_id,
            one.last,
            one.first,
            one.grade,
            one.school,
            one.homeroom,
            one.email,
            one.entry,
        )
        for one in school.students
    )
    return fill_sheet(sheet, STUDENTS, rows)


def _staff(sheet: Worksheet, school: School) -> int:
    rows = (
        (one.person_id, one.number, one.last, one.first, one.title, one.school, one.email)
        for one in school.staff
    )
    return fill_sheet(sheet, STAFF, rows)


def _contacts(sheet: Worksheet, school: School) -> int:
    return fill_sheet(sheet, CONTACTS, map(_pair, school.pairs), style=BOLD_ON_GREY)


def _pair(pair: Pair) -> tuple[object, ...]:
    student, contact = pair.student, pair.contact
    return (
        student.number,
        f"{student.last}, {student.first}",
        contact.person_id,
        contact.last,
        contact.first,
        pair.relationship,
        pair.seq,
        contact.other_phone,
        contact.cell_phone,
        contact.work_phone,
        contact.email,
        "N" if pair.relationship == "Emergency Contact" else "Y",
    )


def _account(account: Account) -> tuple[object, ...]:
    return (
        account.person.person_id,
        account.username,
        account.home_page,
        "Yes" if account.enabled else "No",
        account.created,
        account.expires,
    )


def _account_row(account: Account) -> tuple[object, ...]:
    return (
        account.person.person_id,
        account.username,
        CODES[account.home_page],
        0 if account.enabled else 1,
        f"{account.created:%m/%d/%Y}",
        f"{account.expires:%m/%d/%Y}" if account.expires else "",
    )


def _table(sheet: Worksheet, ref: str) -> None:
    table = Table(displayName="ContactList", ref=ref)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _drop_downs(sheet: Worksheet, last: int) -> None:
    """Lists to choose from, and a rule of the office's own that must survive."""
    kinds = DataValidation("list", formula1="='Relationship Types'!$A$2:$A$10", allow_blank=True)
    mail = DataValidation("list", formula1='"Y,N"', allow_blank=True)
    kinds.add(f"F2:F{last}")
    mail.add(f"L2:L{last}")
    sheet.add_data_validation(kinds)
    sheet.add_data_validation(mail)
    grey = FormulaRule(
        ['$L2="N"'], font=Font(italic=True, color="7F7F7F"), fill=PatternFill(bgColor="F2F2F2")
    )
    sheet.conditional_formatting.add(f"A2:L{last}", grey)


def _write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """As Excel saves 'CSV UTF-8': a byte order mark and Windows line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)

"""An export as it falls out of a report: titles, two-line headers, totals, blanks of all kinds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook

from tests.samples.office import fit_columns, save
from tests.samples.people import Dice, Pair, make_school

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

WHEN = dt.datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001 - the file format knows no time zone
NBSP = "\N{NO-BREAK SPACE}"

UPPER = (
    *("Student", "Student", "", "Contact", "Contact", "Relation"),
    *("Other", "Cell", "Work", "E-mail", "Account", "Notes"),
)
LOWER = (
    *("Number", "Name", "", "Last Name", "First Name", "Relation"),
    *("Phone", "Phone", "Phone", "Address", "Status", "Notes"),
)
UPPER_ROW = 5
HEADER_ROW = 6
HIDDEN_ROW = 7  # of every 30
ID_FORMAT = "0000000"
SPACER = 3
RELATION, NOTES = 6, 12

# What people type, or what an export leaves, where there is nothing to say.
NO_PHONE = ("N/A", "none", "000-000-0000", "-", NBSP, "#N/A", "", "unknown")
NO_EMAIL = ("no email", "n/a", "none@none.com", f" {NBSP}", "", "declined", "#N/A")
ODD_TYPES = ("Host Family", "Neighbor", "Court Appointed")


def messy_export(path: Path) -> None:
    """One tab of contacts under title rows, one that has nothing to do with it."""
    school = make_school(
        seed=45, students=45, staff=0, schools=("Hollis Creek School",), first_id=90_000
    )
    book = Workbook()
    sheet = book.active
    sheet.title = "Census Export"
    _titles(sheet)
    _headers(sheet, UPPER_ROW)
    last = _data(sheet, school.pairs, Dice(4545))
    sheet.cell(last + 2, 1, "Total contacts").font = Font(bold=True)
    sheet.cell(last + 2, 4, len(school.pairs)).font = Font(bold=True)
    fit_columns(sheet, UPPER)
    sheet.column_dimensions["A"].width = 12
    sheet.column_dimensions["C"].width = 2
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)
    _lunch(book.create_sheet("Lunch Menu"))
    save(book, path, WHEN)


def _titles(sheet: Worksheet) -> None:
    sheet["A1"] = "Hollis Creek School"
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:L1")
    sheet["A2"] = "Student Contacts, active students, all grades"
    sheet["A2"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A2:L2")
    sheet["A3"] = "Generated on 11/23/2026 07:58 AM    Page 1 of 3"
    sheet["A3"].font = Font(italic=True, color="7F7F7F")


def _headers(sheet: Worksheet, row: int) -> None:
    """A header of two lines; 'Relation' and 'Notes' are each one cell over both."""
    for column, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True), start=1):
        if column == SPACER:
            continue
        for line, text in ((row, upper), (row + 1, lower)):
            if line > row and column in {RELATION, NOTES}:
                continue
            cell = sheet.cell(line, column, text)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    for column in (RELATION, NOTES):
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)


def _data(sheet: Worksheet, pairs: list[Pair], dice: Dice) -> int:
    """The rows; a page break repeats the header and leaves a blank row before it."""
    row = HEADER_ROW
    for count, pair in enumerate(pairs):
        row += 1
        if count == len(pairs) // 2:
            _headers(sheet, row + 1)
            row += 3
        for column, value in enumerate(_cells(pair, dice), start=1):
            if value != "":
                sheet.cell(row, column, value)
        sheet.cell(row, 1).number_format = ID_FORMAT
        if count % 30 == HIDDEN_ROW:
            sheet.row_dimensions[row].hidden = True
    return row


def _cells(pair: Pair, dice: Dice) -> Iterator[object]:
    student, contact = pair.student, pair.contact
    yield int(student.number)
    yield f"{student.last}, {student.first}"
    yield ""
    yield contact.last + (NBSP if dice.one_in(10) else "")
    yield "" if dice.one_in(25) else (" " if dice.one_in(10) else "") + contact.first
    yield dice.pick(ODD_TYPES) if dice.one_in(14) else _relation(pair.relationship, dice)
    yield _phone(contact.other_phone, dice) or dice.pick(NO_PHONE)
    yield _phone(contact.cell_phone, dice)
    yield _phone(contact.work_phone, dice)
    yield contact.email or dice.pick(NO_EMAIL)
    yield dice.pick(("Active", "Active", "active", "ACTIVE ", "Active", "Inactive", ""))
    yield "call after 4 pm" if dice.one_in(15) else ""


def _relation(name: str, dice: Dice) -> str:
    """The same type, typed by several hands."""
    return dice.pick((name, name, name.upper(), f"{name} ", name.lower()))


def _phone(phone: str, dice: Dice) -> object:
    """Text, a whole number, a number with a fraction of nothing, or a country code."""
    if not phone:
        return ""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return dice.pick(
        (phone, phone, int(digits), float(digits), f"1-{digits[:3]}-{digits[3:6]}-{digits[6:]}")
    )


def _lunch(sheet: Worksheet) -> None:
    for row in (
        ("Week of 11/30/2026",),
        (),
        ("Day", "Main dish", "Side", "Price"),
        ("Monday", "Pasta", "Salad", 3.25),
        ("Tuesday", "Rice bowl", "Fruit", 3.25),
        ("Wednesday", "Soup", "Bread", 2.75),
        ("Thursday", "Tacos", "Corn", 3.25),
        ("Friday", "Pizza", "Carrots", 3.5),
    ):
        sheet.append(row)

"""Make one contact workbook for the benchmark: ``python workbook.py ROWS FILE``.

Twenty columns as a Campus export has them, about 8 % of the required cells blank, text as shared
strings like Excel's own files, with the accounts and relationship types on further tabs. Always
the same for the same number of rows.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.worksheet import Worksheet

HEADERS = (
    *("Student Number", "Student Name", "Grade", "School", "Contact Person ID"),
    *("Last Name", "First Name", "Middle Name", "Relationship", "Seq"),
    *("Other Phone", "Cell Phone", "Work Phone", "Email", "Secondary Email"),
    *("Address Line 1", "City", "Mailing", "Messenger", "Comments"),
)
ACCOUNTS = ("Person ID", "Username", "Home Page", "Enabled", "Created", "Expires")
TYPES = (("Mother", "Y"), ("Father", "Y"), ("Guardian", "Y"), ("Grandparent", "N"), ("Aunt", "N"))
FIRST = ("Amara", "Beatriz", "Chidi", "Dmitri", "Elena", "Fatima", "Grace", "Hana", "José", "Zoë")
LAST = ("Abara", "García", "Nguyen", "O'Brien", "Patel", "Smith-Jones", "Tran", "Ünal", "Wójcik")
STREETS = ("Maple Street", "Harbor Road", "Mill Lane", "Orchard Avenue")
CONTACTS_PER_ROW = 0.6  # siblings share their contacts
BLANK = 0.08


def make(rows: int, path: Path) -> None:
    """Write the workbook; needs about 2.5 kB of memory a row."""
    dice = random.Random(rows)
    people = max(1, int(rows * CONTACTS_PER_ROW))
    with xlsxwriter.Workbook(path) as book:
        _write(book.add_worksheet("Contacts"), HEADERS, _contacts(rows, people, dice))
        _write(book.add_worksheet("Accounts"), ACCOUNTS, _accounts(people, dice))
        _write(book.add_worksheet("Relationship Types"), ("Name", "Guardian"), iter(TYPES))


def _write(sheet: Worksheet, headers: Sequence[str], rows: Iterator[Sequence[str | int]]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headers)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(last, column, value)
            else:
                sheet.write_number(last, column, value)
    sheet.autofilter(0, 0, last, len(headers) - 1)


def _contacts(rows: int, people: int, dice: random.Random) -> Iterator[Sequence[str | int]]:
    def some(value: str, blank: float = BLANK) -> str:
        return "" if dice.random() < blank else value

    for row in range(rows):
        student, person = row // 2, int(dice.random() * people)
        own = random.Random(person)  # a contact looks the same in all of its rows
        first, last = own.choice(FIRST), own.choice(LAST)
        phone = f"({200 + person // 10000 % 700}) 555-01{person % 100:02}"
        yield (
            f"{student + 40_000:07}",
            f"{LAST[student % len(LAST)]}, {FIRST[student % len(FIRST)]}",
            f"{student % 12 + 1:02}",
            ("Lakeview School", "Hollis Creek School")[student % 2],
            person + 100_000,
            some(last, 0.01),
            some(first),
            some("Lee", 0.8),
            dice.choice(TYPES)[0],
            row % 2 + 1,
            some(phone),
            some(phone.replace("555-01", "555-010")[:14], 0.4),
            some("(585) 555-0100", 0.7),
            some(f"person{person}@example.org"),
            some(f"p{person}@home.example.org", 0.9),
            f"{student % 900 + 1} {STREETS[student % 4]}",
            "Lakeview",
            dice.choice("YN"),
            dice.choice("YN"),
            some("call after 4 pm", 0.95),
        )


def _accounts(people: int, dice: random.Random) -> Iterator[Sequence[str | int]]:
    for person in range(people):
        if dice.random() > BLANK:
            enabled = "No" if dice.random() < 0.03 else "Yes"
            day = f"{person % 12 + 1:02}/{person % 28 + 1:02}/{2016 + person % 10}"
            username = f"person{person}"
            yield person + 100_000, username, "Campus Parent Portal", enabled, day, ""


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))

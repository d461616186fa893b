"""Every rule of the profile `edutech` broken alone and in every pair, with the answer beside it.

The answers are written down here from the published rules, not taken from the program. They stand
in the column `Expected` as ``Yes``, ``Unknown`` or ``No: RULE, RULE``; rules that warn follow
after ``check``. The seven account cases are those that tell the three readings of the Home Page
sentence apart; the profile reads it as: any active account will do, the Home Page only selects.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from openpyxl.workbook import Workbook

from tests.samples.office import fill_sheet, save
from tests.samples.people import (
    FIRST_NAMES,
    LAST_NAMES,
    OFFICE,
    PARENT,
    STUDENT,
    TEACHER,
    TYPES,
    ascii_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

WHEN = dt.datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001 - the file format knows no time zone
STORE = "Public Store"
GIVEN = [name for name in FIRST_NAMES if name != "Na"]
FAMILY = [name for name in LAST_NAMES if name != "Null"]

# Home page, created, enabled, expires.
AccountRow = tuple[str, int | None, bool, dt.date | None]
GOOD: list[AccountRow] = [(PARENT, 2018, True, None)]
PAST = dt.date(2020, 6, 30)

BREAKS: dict[str, dict[str, Any]] = {
    "CON-ACCT-01": {"accounts": []},
    "CON-FLD-01": {"first": None},
    "CON-FLD-02": {"last": None},
    "CON-FLD-03": {"phone": None},
    "CON-FLD-04": {"email": None},
    "CON-REL-01": {"relationship": "Grandparent"},
}
"""What breaks one rule and no other."""

WARNS: dict[str, dict[str, Any]] = {
    "CON-ACCT-02": {"accounts": [(OFFICE, 2015, True, None)]},
    "EML-01": {"email": "not an address #"},
    "PHN-01": {"phone": "555-0100"},
    "EML-02": {"email": "family@example.org"},
    "DUP-02": {"first": "Robin", "last": "Sample"},
    "NAME-01": {"first": "Sue and Joe"},
    "CON-REL-04": {"ended": dt.date(2024, 6, 30)},
    "CON-STU-02": {"student": "3999999"},
}
"""What makes one rule warn, hides nobody and leaves the other rules alone."""

VECTORS: list[tuple[list[AccountRow], str]] = [
    ([(OFFICE, 2015, True, None), (PARENT, 2018, True, None)], "Yes"),
    ([(PARENT, 2018, False, None), (PARENT, 2020, True, None)], "Yes"),
    ([(OFFICE, 2015, True, None)], "Yes check CON-ACCT-02"),
    ([(PARENT, 2018, True, PAST)], "No: CON-ACCT-01"),
    ([(PARENT, None, True, None), (PARENT, None, True, None)], "Yes"),
    ([(STORE, 2017, True, None)], "Yes check CON-ACCT-02"),
    ([(PARENT, 2018, False, None)], "No: CON-ACCT-01"),
]

BLANKS: dict[str, dict[str, Any]] = {
    "the word N/A": {"phone": "N/A"},
    "zeros": {"phone": "000-000-0000"},
    "a no-break space": {"phone": "\N{NO-BREAK SPACE}"},
    "an error value": {"phone": "#N/A"},
}


@dataclass
class Case:
    """One contact: in order, unless said otherwise."""

    name: str
    expected: str
    first: str | None = ""
    last: str | None = ""
    phone: str | None = ""
    email: str | None = ""
    relationship: str | None = "Mother"
    accounts: list[AccountRow] = field(default_factory=lambda: GOOD)
    ended: dt.date | None = None
    student: str | None = None
    person: int | None = None
    private: str | None = None


TWICE = 33_900
"""The person id of the contact who is listed twice for one student."""


def cases() -> Iterator[Case]:
    """All contacts, the one in order first."""
    yield Case("in order", "Yes")
    rules = {**BREAKS, **WARNS}
    for rule, change in rules.items():
        yield Case(f"only {rule}", answer(rule), **change)
    for one, two in combinations(rules, 2):
        if not rules[one].keys() & rules[two].keys():  # one cell cannot break two of them
            yield Case(f"{one} and {two}", answer(one, two), **rules[one], **rules[two])
    for number, (accounts, expected) in enumerate(VECTORS, start=1):
        yield Case(f"accounts {number}", expected, accounts=accounts)
    for name, change in BLANKS.items():
        yield Case(f"blank: {name}", "No: CON-FLD-03", **change)
    yield Case("no relationship", "No: CON-REL-01", relationship=None)
    yield Case("a type that the list does not hold", "Unknown", relationship="Host Family")
    yield Case(
        "such a type, and no phone", "No: CON-FLD-03", relationship="Host Family", phone=None
    )
    # The better line of a pair is the one that is judged; the other points at it.
    yield Case(
        "by household, without a phone",
        "Yes check DUP-01",
        *("Kim", "Twice", None, "kim.twice@example.org"),
        student="3100001",
        person=TWICE,
        accounts=[],
    )
    yield Case(
        "by relationship",
        "Yes",
        *("Kim", "Twice", "", "kim.twice@example.org"),
        student="3100001",
        person=TWICE,
    )
    yield Case("a private phone", "Yes", private="Yes")
    yield Case(
        "all at once",
        answer(*BREAKS),
        **{key: value for change in BREAKS.values() for key, value in change.items()},
    )


def answer(*broken: str) -> str:
    """What must come of breaking these rules."""
    hides = [rule for rule in broken if rule in BREAKS]
    warns = [rule for rule in broken if rule in WARNS]
    verdict = f"No: {', '.join(hides)}" if hides else "Yes"
    return f"{verdict} check {', '.join(warns)}" if warns else verdict


def every_rule(path: Path) -> None:
    """One workbook: students, staff, contacts, accounts and relationship types."""
    book = Workbook()
    students, staff, contacts, accounts, types = (
        book.active,
        *map(book.create_sheet, ("Staff", "Contacts", "Accounts", "Relationship Types")),
    )
    students.title = "Students"
    account_rows: list[tuple[object, ...]] = []
    _people(students, account_rows, "Student", STUDENT, 31_000)
    _people(staff, account_rows, "Staff", TEACHER, 32_000)
    headers = (
        *("Student Number", "Contact Person ID", "Last Name", "First Name", "Relationship"),
        *("Other Phone", "Private Phone", "Email", "Relationship End", "Case", "Expected"),
    )
    fill_sheet(contacts, headers, _contacts(account_rows))
    fill_sheet(
        accounts,
        ("Person ID", "Username", "Home Page", "Enabled", "Created", "Expires"),
        account_rows,
    )
    fill_sheet(types, ("Relationship Type", "Guardian"), [(name, yes) for name, yes in TYPES])
    for sheet in book:
        sheet.freeze_panes = "A2"
    save(book, path, WHEN)


def _people(
    sheet: Worksheet, accounts: list[tuple[object, ...]], who: str, home_page: str, first_id: int
) -> None:
    """Students or staff: in order, without an account, with a disabled and an expired one."""
    rule = "STU-ACCT-01" if who == "Student" else "STF-ACCT-01"
    states: list[tuple[str, str, list[AccountRow]]] = [
        ("in order", "Yes", [(home_page, 2019, True, None)]),
        ("no account", f"No: {rule}", []),
        ("a disabled account", f"No: {rule}", [(home_page, 2019, False, None)]),
        ("an expired account", f"No: {rule}", [(home_page, 2019, True, PAST)]),
        (
            "a disabled and a good one",
            "Yes",
            [(home_page, 2018, False, None), (home_page, 2021, True, None)],
        ),
    ]
    rows: list[tuple[object, ...]] = []
    for index, (name, expected, mine) in enumerate(states):
        person, given, family = first_id + index, GIVEN[-1 - index], FAMILY[-1 - index]
        address = f"{ascii_name(given)}.{ascii_name(family)}@{who.lower()}.example.org"
        number = f"{first_id // 1000}{index:05}"
        rows.append((number, person, family, given, address, name, expected))
        accounts.extend(_account_rows(person, f"{who.lower()}{index}", mine))
    headers = (f"{who} Number", "Person ID", "Last Name", "First Name", "Email", "Case", "Expected")
    fill_sheet(sheet, headers, rows)


def _contacts(accounts: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """One row for each case; where nothing is said, names, phone and address of its own."""
    for index, case in enumerate(cases()):
        person = case.person or 33_000 + index
        first, last = GIVEN[index % len(GIVEN)], FAMILY[(index * 7) % len(FAMILY)]
        email = f"{ascii_name(first)}.{ascii_name(last)}{index}@example.org"
        accounts.extend(_account_rows(person, f"contact{index}", case.accounts))
        yield (
            case.student or f"31{index % 5:05}",
            person,
            last if case.last == "" else case.last,
            first if case.first == "" else case.first,
            case.relationship,
            f"(585) 555-01{index % 100:02}" if case.phone == "" else case.phone,
            case.private,
            email if case.email == "" else (case.email or "").replace("#", str(index)) or None,
            case.ended,
            case.name,
            case.expected,
        )


def _account_rows(
    person: int, username: str, accounts: list[AccountRow]
) -> Iterator[tuple[object, ...]]:
    for number, (home_page, year, enabled, expires) in enumerate(accounts):
        created = dt.date(year, 8, 15) if year else None
        name = username + "ab"[number]
        yield person, name, home_page, "Yes" if enabled else "No", created, expires

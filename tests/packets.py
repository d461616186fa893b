"""A packet as it is handed out, made by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sheets.grid import Shade
from sheets.handback import identity, words
from sheets.handback.model import Batch, Column, Packet, Row, Sheet, Todo

TEMPLATES = Path(__file__).parents[1] / "templates" / "handback"
BATCH = Batch("1a2b3c4d", "00" * 16, dt.date(2026, 11, 23), dt.date(2026, 12, 4))
ASK = "Pat Quill, 555-0123, pat.quill@example.org"
SCHOOL = "Adams Elementary School"
RELATIONSHIPS = ["Mother", "Father", "Guardian", *(f"Other relative {n}" for n in range(20))]
CONTACT = (
    Column("Student Number", "student_number", "id", locked=True, tells=True),
    Column("Contact Person ID", "person_id", "id", locked=True, tells=True),
    Column("Last Name", "last_name", "name", locked=True),
    Column("First Name", "first_name", "name", locked=False),
    Column("Relationship", "relationship", "label", locked=False, choices=RELATIONSHIPS),
    Column("Other Phone", "other_phone", "phone", locked=False),
    Column("Email", "email", "email", locked=False),
    Column("Revealed?", "Revealed?", "text", locked=True),
    Column("What to fix", "What to fix", "text", locked=True),
)
STUDENT = (
    Column("Student Number", "number", "id", locked=True, tells=True),
    Column("Last Name", "last_name", "name", locked=True),
    Column("Email", "email", "email", locked=False),
    Column("Revealed?", "Revealed?", "text", locked=True),
    Column("What to fix", "What to fix", "text", locked=True),
)
PHONE = '"Other Phone" is blank'
NO_REAL = '"Other Phone" holds only "N/A"'
EMAIL = '"Email" does not look like an e-mail address'
ACCOUNT = "no active Campus account"
LAST = ("Byrne-Castellanos", "O'Neill", "Ng", "van der Berg", "Castro")
FIRST = 4
PHONES, EMAILS = 5, 6


def english():
    return words.load(TEMPLATES, "en")


def head(kind, rank, columns):
    return identity.Head(
        batch=BATCH,
        to=SCHOOL,
        kind=kind,
        group="",
        ranks=[rank],
        locked={one.name: one.header for one in columns if one.locked},
        tells=[one.name for one in columns if one.tells],
        inputs={one.name: one.header for one in columns if not one.locked},
    ).text


def contacts(number=12, title="Contacts"):
    """Contacts: of each three the first has no phone, the second a phone and e-mail to fix."""
    rows = []
    for at in range(number):
        key = f"{at:016x}"
        todo, said, phone, email = [], [], "555-0100", f"ann.{at}@example.org"
        if at % 3 == 0:
            phone = ""
            todo = [Todo(PHONES, Shade.MISSING, PHONE)]
            said = [PHONE, ACCOUNT + ": the one found by name alone is disabled"]
        elif at % 3 == 1:
            phone, email = "N/A", "ann.byrne@example"
            todo = [Todo(PHONES, Shade.MISSING, NO_REAL), Todo(EMAILS, Shade.CHECK, EMAIL)]
            said = [NO_REAL, EMAIL]
        else:
            email = "bo castro@example.org"
            todo, said = [Todo(EMAILS, Shade.CHECK, EMAIL)], [EMAIL]
        verdict = "Yes" if at % 3 == 2 else "No"
        name = (LAST[at % 5], "Ann")
        cells = (f"00{1200 + at}", f"{9000 + at}", *name, "Mother", phone, email)
        cells = (*cells, verdict, "; ".join(said))
        rows.append(Row(identity.mark(key, ["abcdef"]), cells, todo, at + 2))
    said = head("contact", ("person_id", ""), CONTACT)
    return Sheet(title, "contact", "", "master.xlsx", "Contacts", CONTACT, said, rows)


def students(number=3):
    rows = [
        Row(
            identity.mark(f"{at + 500:016x}", ["abcdef"]),
            (f"00{1200 + at}", "Byrne", "", "No", '"Email" is blank'),
            [Todo(2, Shade.MISSING, '"Email" is blank')],
            at + 2,
        )
        for at in range(number)
    ]
    said = head("student", ("number", ""), STUDENT)
    return Sheet("Students", "student", "", "master.xlsx", "Students", STUDENT, said, rows)


def packet(*sheets, to=SCHOOL):
    return Packet(to, identity.property_of(BATCH, to), sheets or (contacts(),))

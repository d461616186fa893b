"""Contacts compared with each other: EML-02, PHN-02, DUP-01, DUP-02."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.property.oracle_cells import lower, name_of

if TYPE_CHECKING:
    from tests.rule_tables import District, Row

    Answer = str | None


def everybody(district: District) -> list[Row]:
    """All contacts of the district."""
    return [row for sheet in district.of("contact") for row in sheet.rows]


def shared(row: Row, district: District) -> bool:
    """EML-02: two different people have the e-mail address.

    They differ by their ids; where somebody with the address has none, by their names.
    """
    address = lower(row, "email")
    alike = [one for one in everybody(district) if address and lower(one, "email") == address]
    ids = {id_of(one) for one in alike}
    names = {name_of(one) for one in alike} - {None}
    return len(ids - {None}) > 1 or (None in ids and len(names) > 1)


def reach(row: Row, district: District) -> Answer:
    """PHN-02: there is a phone that takes texts, or an address of their own."""
    own = row.get("email") is not None and not shared(row, district)
    return None if own or row.get("cell_phone") is not None else "no_reach"


def same_name(row: Row, district: District) -> Answer:
    """DUP-02: no other person has the name; who has no id is nobody else for certain."""
    name = name_of(row)
    alike = [one for one in everybody(district) if name is not None and name_of(one) == name]
    ids = {id_of(one) for one in alike} - {None}
    return "same_name" if id_of(row) and len(ids) > 1 else None


def id_of(row: Row) -> str | None:
    """What tells a person from others."""
    return row.get("person_id") or lower(row, "person_guid")


def pair(row: Row) -> tuple[tuple[str, str], tuple[str, ...]] | None:
    """DUP-01: what a contact of one student goes by."""
    student, contact = student_of(row), contact_of(row)
    return (student, contact) if student and contact else None


def student_of(row: Row) -> tuple[str, str] | None:
    """What the student of a pair goes by; values of different fields never meet."""
    ways = {
        "id": row.get("student_person_id"),
        "guid": lower(row, "student_guid"),
        "number": row.get("student_number"),
        "name": name_of(row, "student_"),
        "sourced id": row.get("student_sourced_id"),
    }
    return next(((way, value) for way, value in ways.items() if value), None)


def contact_of(row: Row) -> tuple[str, ...] | None:
    """What the contact goes by: an id, else the name with the phone or the e-mail address."""
    if row.get("person_id"):
        return "id", str(row["person_id"])
    if row.get("person_guid"):
        return "guid", str(lower(row, "person_guid"))
    name, address = name_of(row), lower(row, "email")
    digits = re.sub("[^0-9]", "", row.get("other_phone") or "")
    if name and digits:
        return "phone", name, digits
    return ("email", name, address) if name and address else None

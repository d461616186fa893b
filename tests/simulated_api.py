"""An API as the rules would have it: the answer that reveals exactly those whose verdict is Yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets import columns, compare, flow, rules
from sheets.rules.model import REVEALED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.columns.model import Found
    from sheets.grid import Book
    from sheets.rules.model import Findings, Profile, Table

LETTERS = {"student": "s", "staff": "t", "contact": "p"}
ROLES = {"student": "student", "staff": "teacher", "contact": "guardian"}

Tables = list[tuple["Found", "Table"]]


def tables(books: Sequence[Book], profile: Profile) -> Tables:
    """All tables of some books, as `reveal compare` reads them."""
    found = flow.recognise(books, compare.widened(profile), {}, None, ())
    return [(one, table) for _, one in found for table in columns.tables(one)]


def users(of: Tables, truth: Profile, *, version: str = "1.1", agents: bool = True) -> list[Any]:
    """Everybody whom the API reveals if its rules are those of a profile.

    In version 1.1 there is a record for each role of a person, in 1.2 one for each person.
    """
    findings = rules.evaluate([table for _, table in of], truth)
    rows = [(found.table.kind, row) for found in findings for row in _rows(found)]
    numbers = {row["number"]: row["person_id"] for kind, row in rows if kind == "student"}
    made: dict[str, dict[str, Any]] = {}
    for kind, row in rows:
        if row[REVEALED] == "Yes":
            _add(made, kind, row, version)
    for kind, row in rows:
        if agents and kind == "contact" and row[REVEALED] == "Yes":
            student = numbers.get(row.get("student_number"))
            one = made.get(_id("student", str(student), version))
            if one and "student" in _roles(one):
                one["agents"].append({"sourcedId": _id("contact", row["person_id"], version)})
    return list(made.values())


def _rows(found: Findings) -> list[dict[str, Any]]:
    frame = found.table.frame.with_columns(found.frame[REVEALED])
    return list(frame.iter_rows(named=True))


def _id(kind: str, person: str, version: str) -> str:
    return f"{LETTERS[kind]}{person}" if version == "1.1" else person


def _roles(one: dict[str, Any]) -> list[str]:
    return [one["role"]] if "role" in one else [each["role"] for each in one["roles"]]


def _add(made: dict[str, dict[str, Any]], kind: str, row: dict[str, Any], version: str) -> None:
    key = _id(kind, row["person_id"], version)
    one = made.setdefault(
        key,
        {
            "sourcedId": key,
            "status": "active",
            "dateLastModified": "2026-11-20T08:00:00.000Z",
            "enabledUser": "true" if version == "1.1" else True,
            "givenName": row.get("first_name"),
            "familyName": row.get("last_name"),
            "identifier": row.get("number") or "",
            "email": row.get("email") or "",
            "agents": [],
        },
    )
    if version == "1.1":
        one["role"] = ROLES[kind]
        one["orgs"] = [{"href": "https://example.org/orgs/1", "sourcedId": "1", "type": "org"}]
    else:
        roles = one.setdefault("roles", [])
        if ROLES[kind] not in _roles(one):
            roles.append({"roleType": "primary", "role": ROLES[kind], "org": {"sourcedId": "1"}})
        one["metadata"] = {"legacySourcedId": f"{LETTERS[kind]}{row['person_id']}"}

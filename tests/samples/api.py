"""What an API with rules of its own returns of a sample: OneRoster 1.1, as people save it.

Here an expired account counts as active, and a contact needs an account of Campus Parent. So the
answer is not what the profile `edutech` expects, and comparing must find out why.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.samples.people import PARENT, TYPES, Person, School, make_school

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GUARDIANS = {name for name, is_guardian in TYPES if is_guardian}


def small_school(path: Path) -> None:
    """The answer about the people of `tidy.small_school`."""
    school = make_school(seed=60, students=60, staff=14, schools=("Lakeview School",))
    users = [
        *(
            _user("s", "student", one, one.number)
            for one in school.students
            if _active(school, one)
        ),
        *(_user("t", "teacher", one, one.number) for one in school.staff if _active(school, one)),
    ]
    by_id = {user["sourcedId"]: user for user in users}
    for pair in school.pairs:
        contact = pair.contact
        student = by_id.get(f"s{pair.student.person_id}")
        if pair.relationship not in GUARDIANS or not _reachable(school, contact):
            continue
        user = by_id.setdefault(f"p{contact.person_id}", _user("p", "guardian", contact, ""))
        if student:
            student["agents"].append(_ref(user))
            user["agents"].append(_ref(student))
    text = json.dumps({"users": list(by_id.values())}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _active(school: School, person: Person, home_pages: Sequence[str] = ()) -> bool:
    return any(
        one.enabled and (not home_pages or one.home_page in home_pages)
        for one in school.accounts
        if one.person is person
    )


def _reachable(school: School, contact: Person) -> bool:
    return bool(contact.email and contact.other_phone) and _active(school, contact, [PARENT])


def _user(letter: str, role: str, person: Person, number: str) -> dict[str, Any]:
    return {
        "sourcedId": f"{letter}{person.person_id}",
        "status": "active",
        "dateLastModified": "2026-11-20T08:00:00.000Z",
        "enabledUser": "true",
        "orgs": [{"href": "https://example.org/orgs/1", "sourcedId": "1", "type": "org"}],
        "role": role,
        "username": "",
        "userIds": [],
        "givenName": person.first,
        "familyName": person.last,
        "identifier": number,
        "email": person.email,
        "agents": [],
    }


def _ref(user: dict[str, Any]) -> dict[str, str]:
    address = f"https://example.org/users/{user['sourcedId']}"
    return {"href": address, "sourcedId": user["sourcedId"], "type": "user"}

"""OneRoster CSV sets of one invented district: 1.1 as a folder, 1.2 as a zip file.

The same people in both. Among them are a student whose enrollment has ended, a teacher who is a
parent, an aide who has left, a relative, a contact that no student names, and a
record that is marked for deletion.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.samples.people import Person, School, Staff, Student, make_school

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Row = Sequence[str]

SCHOOLS = {"Lakeview School": "org-1", "Hill Street School": "org-2"}
YEAR = ("2026-09-08", "2027-06-24")
WHEN = (2026, 11, 23, 8, 0, 0)

USERS_11 = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role"),
    *("username", "userIds", "givenName", "familyName", "middleName", "identifier", "email"),
    *("sms", "phone", "agentSourcedIds", "grades", "password"),
)
USERS_12 = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds"),
    *("givenName", "familyName", "middleName", "identifier", "email", "sms", "phone"),
    *("agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds"),
    *("preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId"),
    "pronouns",
)
RECORD = ("sourcedId", "status", "dateLastModified")
ROLES = (
    *RECORD,
    *("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"),
    "userProfileSourcedId",
)
ORGS = (*RECORD, "name", "type", "identifier", "parentSourcedId")
SESSIONS = (*RECORD, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear")
COURSES = (
    *RECORD,
    *("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects"),
    "subjectCodes",
)
CLASSES = (
    *RECORD,
    *("title", "grades", "courseSourcedId", "classCode", "classType", "location"),
    *("schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods"),
)
ENROLLMENTS = (
    *RECORD,
    *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate"),
    "endDate",
)


@dataclass
class User:
    """One line of users.csv, by heading, and what roles.csv says: role, begin and end."""

    cells: dict[str, str]
    roles: list[tuple[str, str, str]]


def version_11(folder: Path) -> None:
    """Write the files of a 1.1 set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _files("1.1").items():
        (folder / name).write_bytes(data)


def version_12(path: Path) -> None:
    """Write a 1.2 set as one zip file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files("1.2").items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def _files(version: str) -> Mapping[str, bytes]:
    """File name -> its bytes."""
    users = _users()
    files = {
        "orgs.csv": _table(ORGS, _orgs()),
        "academicSessions.csv": _table(SESSIONS, [_record("year", "2026-27", "schoolYear", *YEAR)]),
        "courses.csv": _table(
            COURSES, [_record("course-1", "year", "Homeroom", "HR", "", "org-1")]
        ),
        "classes.csv": _table(CLASSES, _classes()),
        "enrollments.csv": _table(ENROLLMENTS, _enrollments(users)),
    }
    if version == "1.1":
        heads = USERS_11
        for user in users:
            user.cells["role"] = user.roles[0][0]
    else:
        heads = USERS_12
        files["roles.csv"] = _table(ROLES, _roles(users))
    files["users.csv"] = _table(heads, [[u.cells.get(h, "") for h in heads] for u in users])
    return {"manifest.csv": _table(("propertyName", "value"), _manifest(version, files)), **files}


def _table(heads: Row, rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([*row, *[""] * (len(heads) - len(row))] for row in rows)
    return text.getvalue().encode()


def _record(sourced_id: str, *cells: str) -> Row:
    return (sourced_id, "", "", *cells)


def _manifest(version: str, files: Iterable[str]) -> list[Row]:
    there = [
        (f"file.{name.removesuffix('.csv')}", "bulk") for name in sorted({*files, "users.csv"})
    ]
    return [
        ("manifest.version", "1.0"),
        ("oneroster.version", version),
        *there,
        ("source.systemName", "Invented SIS"),
        ("source.systemCode", "sample"),
    ]


def _orgs() -> list[Row]:
    schools = [_record(code, name, "school", code, "org-0") for name, code in SCHOOLS.items()]
    return [_record("org-0", "Invented District", "district", "org-0"), *schools]


def _classes() -> list[Row]:
    return [
        _record(
            f"class-{code}", f"Homeroom {name}", "", "course-1", "", "homeroom", "", code, "year"
        )
        for name, code in SCHOOLS.items()
    ]


def _users() -> list[User]:
    """Everybody, students first."""
    school = make_school(seed=12, students=16, staff=5, schools=tuple(SCHOOLS))
    users = [_user(person, school) for person in (*school.students, *school.staff)]
    users += [_user(person, school) for person in school.contacts]
    ids = [user.cells["sourcedId"] for user in users]
    teacher = next(user for user in users if user.roles[0][0] == "teacher")
    teacher.roles.append(("guardian", "", ""))
    child = users[ids.index(f"u{school.students[0].person_id}")]
    child.cells["agentSourcedIds"] += "," + teacher.cells["sourcedId"]
    gone = _user(Person(999999, "Robin", "Moved", "robin.moved@example.org"), school)
    gone.cells["status"] = "tobedeleted"
    return [*users, gone]


def _user(person: Person, school: School) -> User:
    accounts = [account for account in school.accounts if account.person is person]
    pairs = [pair for pair in school.pairs if person in (pair.student, pair.contact)]
    org = SCHOOLS[person.school] if isinstance(person, (Student, Staff)) else ""
    orgs = org or ",".join(dict.fromkeys(SCHOOLS[pair.student.school] for pair in pairs))
    cells = {
        "sourcedId": f"u{person.person_id}",
        "enabledUser": "true" if any(account.enabled for account in accounts) else "false",
        "orgSourcedIds": orgs,
        "primaryOrgSourcedId": orgs.split(",")[0],
        "username": accounts[0].username if accounts else "",
        "givenName": person.first,
        "familyName": person.last,
        "identifier": getattr(person, "number", ""),
        "email": person.email,
        "sms": person.cell_phone,
        "phone": person.other_phone,
        "agentSourcedIds": "",
    }
    if isinstance(person, Student):
        cells["grades"] = person.grade
        cells["agentSourcedIds"] = ",".join(f"u{pair.contact.person_id}" for pair in pairs)
        return User(cells, [("student", "", "")])
    if isinstance(person, Staff):
        if "Teacher" in person.title:
            return User(cells, [("teacher", "2024-08-01", "")])
        return User(cells, [("aide", "2024-08-01", "2026-06-30")])
    named = {pair.relationship for pair in pairs}
    role = "guardian" if named & {"Mother", "Father", "Guardian", "Stepparent"} else "relative"
    return User(cells, [(role, "", "")])


def _roles(users: Iterable[User]) -> Iterable[Row]:
    for user in users:
        for nth, (role, begin, end) in enumerate(user.roles):
            own = user.cells["sourcedId"]
            first = "secondary" if nth else "primary"
            org = user.cells["primaryOrgSourcedId"] or "org-1"
            yield _record(f"{own}-{nth}", own, first, role, begin, end, org)


def _enrollments(users: Iterable[User]) -> Iterable[Row]:
    """Students and teachers of a homeroom; the last student has left."""
    students = [user for user in users if user.roles[0][0] == "student"]
    for user in users:
        role, own, org = user.roles[0][0], user.cells["sourcedId"], user.cells["orgSourcedIds"]
        if role in {"student", "teacher"}:
            dates = ("2025-09-04", "2026-06-25") if user is students[-1] else YEAR
            yield _record(f"e-{own}", f"class-{org}", org, own, role, "", *dates)

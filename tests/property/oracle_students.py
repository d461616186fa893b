"""The students of contacts: CON-STU-01, CON-STU-02, SCOPE-01, VND-RMD-01."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.property import oracle_enrollment, oracle_guardians, oracle_keys, oracle_people
from tests.property.oracle_cells import lower, small

if TYPE_CHECKING:
    from sheets.rules.model import Profile, Settings
    from tests.property.oracle_keys import Found
    from tests.rule_tables import District, Row, Sheet

KEYS = [
    ("student_person_id", "person_id"),
    ("student_guid", "person_guid"),
    ("student_number", "number"),
]
NAMES = [("student_name", "name")]
FOUND = ("found", "by_name")
SIX = 6


def students_of(row: Row, sheet: Sheet, district: District) -> tuple[str, Found]:
    """How a contact's students were found, and who they are.

    By a key if any list of students shares one, else by the links if there are any, else by name.
    """
    lists = district.of("student")
    if not lists:
        return "no_students", []
    keys = oracle_keys.shared(sheet, lists, KEYS)
    if not keys and district.of("link") and "sourced_id" in sheet.fields:
        return linked(row, district)
    by_name = not keys
    keys = keys or oracle_keys.shared(sheet, lists, NAMES)
    found = oracle_keys.find(row, lists, keys)
    if found is None:
        return "no_key", []
    if not found:
        return "not_found", []
    if not by_name:
        return "found", found
    return "by_name" if len(found) == 1 else "several", found


def linked(row: Row, district: District) -> tuple[str, Found]:
    """The students whose links lead to a contact: there may be several."""
    lists = [one for one in district.of("student") if "sourced_id" in one.fields]
    wanted = {
        each.get("student_sourced_id")
        for one in district.of("link")
        for each in one.rows
        if row.get("sourced_id") and each.get("sourced_id") == row["sourced_id"]
    } - {None}
    if not (lists and wanted):
        return "no_key", []
    found = [(each, one) for one in lists for each in one.rows if each.get("sourced_id") in wanted]
    return "found" if found else "not_found", found


def is_of(row: Row, sheet: Sheet, student: Row, district: District) -> bool:
    """A contact is one of a student."""
    how, found = students_of(row, sheet, district)
    return how in FOUND and any(one is student for one, _ in found)


def of_pair(row: Row, sheet: Sheet, district: District, profile: Profile) -> dict[str, str | None]:
    """CON-STU-01 and CON-STU-02: the student is enrolled, and is on the list at all."""
    how, found = students_of(row, sheet, district)
    on_the_list = None if how in {"found", "no_students"} else how
    if how in FOUND:
        enrolled = in_scope(found, district, profile)
    else:
        enrolled = "no_key" if how == "several" else how
    return {"CON-STU-01": enrolled, "CON-STU-02": on_the_list}


def in_scope(found: Found, district: District, profile: Profile) -> str | None:
    """Enrolled in the active year and no No Show: one row of the student will do."""
    surely_not = []
    for row, sheet in found:
        told = oracle_enrollment.of_student(row, sheet, district.of("enrollment"), profile)
        answers = {told["STU-ENR-01"], told["STU-ENR-02"]}
        if answers == {None}:
            return None
        surely_not.append("not_in_year" in answers or "no_show" in answers)
    return "not_enrolled" if all(surely_not) else "unclear"


def school(row: Row, sheet: Sheet, district: District, profile: Profile) -> str | None:
    """SCOPE-01: the school is one of the connection's; for a contact that of any student."""
    settings = profile.settings
    if not settings.schools:
        return None
    if "school" in sheet.fields:
        if row.get("school") is None:
            return "no_school"
        return None if at_school(row, settings) else "other_school"
    how, found = students_of(row, sheet, district) if sheet.kind == "contact" else ("", [])
    if how not in FOUND:
        return "no_column"
    if any(at_school(each, settings) for each, _ in found):
        return None
    known = all(each.get("school") is not None for each, _ in found)
    return "other_school" if known else "no_column"


def at_school(row: Row, settings: Settings) -> bool:
    """One of the schools in a cell is one of the connection's; a name may have commas of its own.

    The blanks around commas and names do not count.
    """
    parts = [part.strip() for part in (lower(row, "school") or "").split(",")]
    for one in settings.schools:
        name = [part.strip() for part in small(one).split(",")]
        if any(parts[at : at + len(name)] == name for at in range(len(parts))):
            return True
    return False


def guardians(row: Row, district: District, profile: Profile) -> str | None:
    """VND-RMD-01: fewer than six contacts are guardians of the student.

    Who stands twice for the student on one list is counted once, where DUP-01 is applied. A name
    that several students have says of none of them whose contact it is.
    """
    count = 0
    for sheet in district.of("contact"):
        pairs = [
            oracle_people.pair(each) if "DUP-01" in profile.severities else None
            for each in sheet.rows
            if is_of(each, sheet, row, district)
            and oracle_guardians.is_guardian(
                each, sheet, district.of("relationship_type"), profile.settings
            )
            == "yes"
        ]
        count += pairs.count(None) + len({*pairs} - {None})
    return "many" if count >= SIX else None

"""Which contacts are whose guardians, and how many of a student's are revealed."""

from __future__ import annotations

from sheets import rollup
from tests.rule_tables import Sheet, sheet


def pairs(contacts: Sheet, *students: Sheet) -> list[tuple[int, int, int]]:
    """Row of the contact, which table of students, row of the student."""
    return sorted(rollup.pairs(contacts.table(), [one.table() for one in students], []).rows())


def test_a_student_is_found_by_whatever_key_the_contact_goes_by() -> None:
    """As the rules about students find them: a student with an id is found by number, too."""
    contacts = sheet(
        "contact",
        {"student_person_id": "11", "student_number": None},
        {"student_person_id": None, "student_number": "0072"},
    )
    students = sheet(
        "student", {"person_id": "11", "number": "0071"}, {"person_id": "12", "number": "0072"}
    )

    assert pairs(contacts, students) == [(2, 0, 2), (3, 0, 3)]


def test_students_of_several_lists_are_found_by_the_keys_that_each_has() -> None:
    contacts = sheet("contact", {"student_person_id": "11"}, {"student_number": "0072"})
    by_id = sheet("student", {"person_id": "11"})
    by_number = sheet("student", {"number": "0072"})
    by_name = sheet("student", {"first_name": "Ana", "last_name": "Abara"})

    assert pairs(contacts, by_name, by_number, by_id) == [(2, 2, 2), (3, 1, 2)]


def test_a_name_that_two_students_have_finds_neither() -> None:
    contacts = sheet(
        "contact",
        {"student_first_name": "ANA", "student_last_name": "Abara"},
        {"student_first_name": "Bo", "student_last_name": "Byrne"},
    )
    students = sheet(
        "student",
        {"first_name": "Ana", "last_name": "Abara"},
        {"first_name": "Bo", "last_name": "Byrne"},
        {"first_name": "ana", "last_name": "ABARA"},
    )

    assert pairs(contacts, students) == [(3, 0, 3)]

"""Which contacts are whose guardians, and how many of a student's are revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from sheets import rollup
from tests.rule_tables import TYPES, Row, Sheet, sheet
from tests.summaries import applying, pair, summarised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rollup import RollUp
    from sheets.rules.model import Profile


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


def test_a_student_whose_key_two_lists_have_is_found_in_both() -> None:
    """Nobody can tell which record is the one that counts."""
    contacts = sheet("contact", {"student_number": "0071"})
    one, other = sheet("student", {"number": "0071"}), sheet("student", {"number": "0071"})

    assert pairs(contacts, one, other) == [(2, 0, 2), (2, 1, 2)]


def test_a_key_of_one_kind_is_never_taken_for_another() -> None:
    contacts = sheet("contact", {"student_person_id": "71", "student_number": None})
    students = sheet("student", {"person_id": "11", "number": "71"})

    assert pairs(contacts, students) == []


def test_names_are_looked_at_only_where_no_surer_key_is_shared() -> None:
    contacts = sheet(
        "contact",
        {"student_number": "0099", "student_first_name": "Ana", "student_last_name": "Abara"},
    )
    students = sheet("student", {"number": "0071", "first_name": "Ana", "last_name": "Abara"})

    assert pairs(contacts, students) == []


class TestLinks:
    """In OneRoster neither carries a key of the other: a list of links tells."""

    STUDENTS = sheet("student", {"sourced_id": "s1"}, {"sourced_id": "s2"})
    CONTACTS = sheet("contact", {"sourced_id": "c1"}, {"sourced_id": "c2"}, {"sourced_id": None})

    def pairs(self, *links: tuple[str | None, str], students: Sheet = STUDENTS) -> object:
        told = sheet("link", *({"student_sourced_id": s, "sourced_id": c} for s, c in links))
        found = rollup.pairs(self.CONTACTS.table(), [students.table()], [told.table()])
        return sorted(found.rows())

    def test_a_contact_may_have_several_students(self) -> None:
        assert self.pairs(("s1", "c1"), ("s2", "c1"), ("s2", "c2")) == [
            (2, 0, 2),
            (2, 0, 3),
            (3, 0, 3),
        ]

    def test_a_link_that_is_told_from_both_sides_is_one(self) -> None:
        assert self.pairs(("s1", "c1"), ("s1", "c1")) == [(2, 0, 2)]

    def test_a_link_to_nobody_finds_nobody(self) -> None:
        assert self.pairs(("s9", "c1"), (None, "c2"), ("s1", "c9")) == []

    def test_students_without_ids_are_not_found(self) -> None:
        assert self.pairs(("s1", "c1"), students=sheet("student", {"number": "1"})) == []


STUDENTS = sheet("student", *({"number": str(at), "account_enabled": "true"} for at in (1, 2, 3)))
PHONE, TYPE = "CON-FLD-03", "CON-REL-01"
BY = applying(PHONE, TYPE)


def of(student: str | None, **changes: str | None) -> Row:
    return pair(student_number=student, **changes)


def rolled(
    *rows: Row, students: Sequence[Sheet] = (STUDENTS,), by: Profile = BY
) -> tuple[RollUp, list[list[str | None]]]:
    """The numbers, and what `Revealed guardians` says in each list of students."""
    found = summarised(*students, sheet("contact", *rows), TYPES, by=by).roll_up
    assert found is not None
    told = [
        list(rollup.told(pl.Series(one.rows_at), counted))
        for one, counted in zip(students, found.of, strict=False)
        if counted is not None
    ]
    return found, told


def numbers(found: RollUp) -> dict[str, int]:
    return {
        name: getattr(found, name)
        for name in ("students", "guardians", "revealed", "without", "unlisted", "complete")
    }


def test_how_many_guardians_of_each_student_are_revealed() -> None:
    found, told = rolled(of("1"), of("1", other_phone=None), of("2"), of("2"), of("9"), of(None))

    assert told == [["1 of 2", "2 of 2", "no guardian listed"]]
    assert numbers(found) == {
        "students": 3,
        "guardians": 4,
        "revealed": 3,
        "without": 1,
        "unlisted": 1,
        "complete": 1,
    }


def test_a_student_of_whom_all_guardians_are_hidden_is_without_one() -> None:
    found, told = rolled(of("1", other_phone=None), of("2"), of("3"))

    assert told == [["0 of 1", "1 of 1", "1 of 1"]]
    assert (found.without, found.unlisted, found.complete) == (1, 0, 2)


def test_who_surely_is_no_guardian_is_not_listed_and_who_may_be_one_is() -> None:
    rows = (of("1", relationship="Grandparent"), of("1"), of("2", relationship="Host Family"))

    found, told = rolled(*rows)

    assert told == [["1 of 1", "0 of 1", "no guardian listed"]]
    assert (found.guardians, found.revealed) == (2, 1)


def test_a_relationship_that_is_blank_is_none_of_a_guardian() -> None:
    assert rolled(of("1", relationship=None))[1] == [["no guardian listed"] * 3]


def test_where_no_rule_about_guardians_hides_everybody_is_listed() -> None:
    by = applying(PHONE, check=(TYPE,))

    _, told = rolled(of("1", relationship="Grandparent"), of("1"), by=by)

    assert told[0][0] == "2 of 2"


@pytest.mark.parametrize(
    ("rule", "settings", "box"),
    [
        ("CON-REL-02", {"guardian_source": "box"}, "guardian_flag"),
        ("CON-REL-03", {"guardian_by": "portal"}, "portal_flag"),
    ],
)
def test_the_rule_that_the_district_has_set_tells(
    rule: str, settings: dict[str, str], box: str
) -> None:
    rows = [of("1", **{box: flag}) for flag in ("true", "false")]
    unclear = of("2", **{box: None, f"{box}__odd": "unclear:"})

    _, told = rolled(*rows, unclear, by=applying(PHONE, rule, **settings))

    assert told == [["1 of 1", "0 of 1", "no guardian listed"]]


def test_a_contact_that_is_listed_once_more_counts_once() -> None:
    by = applying(PHONE, TYPE, check=("DUP-01",))

    found, told = rolled(of("1", other_phone=None), of("1"), of("2"), by=by)

    assert told[0][:2] == ["1 of 1", "1 of 1"]
    assert found.guardians == 2


def test_a_contact_of_two_students_counts_for_each() -> None:
    found, told = rolled(of("1"), of("2"))

    assert told == [["1 of 1", "1 of 1", "no guardian listed"]]
    assert (found.guardians, found.revealed) == (2, 2)


def test_several_lists_of_students_and_of_contacts_are_taken_together() -> None:
    others = sheet("student", {"number": "7", "account_enabled": "true"})
    more = sheet("contact", of("1", other_phone=None), of("7"))
    staff = sheet("staff", {"number": "1", "account_enabled": "true"})

    found = summarised(STUDENTS, sheet("contact", of("1")), staff, others, more, TYPES, by=BY)

    assert found.roll_up is not None
    assert numbers(found.roll_up) == {
        "students": 4,
        "guardians": 3,
        "revealed": 2,
        "without": 2,
        "unlisted": 2,
        "complete": 1,
    }
    of_lists = [None if one is None else one.rows() for one in found.roll_up.of]
    assert of_lists == [[(2, 1, 2), (3, 0, 0), (4, 0, 0)], None, None, [(2, 1, 1)], None]


@pytest.mark.parametrize("missing", ["student", "contact"])
def test_without_students_or_contacts_there_is_none(missing: str) -> None:
    sheets = [one for one in (STUDENTS, sheet("contact", of("1"))) if one.kind != missing]

    assert summarised(*sheets, TYPES, by=BY).roll_up is None


def test_lists_that_have_no_key_in_common_list_nobody() -> None:
    rows = sheet("contact", {"person_id": "900", "other_phone": "555-0100"})

    found = summarised(STUDENTS, rows, TYPES, by=applying(PHONE)).roll_up

    assert found is not None
    assert (found.guardians, found.unlisted) == (0, 3)


def test_rows_that_are_no_students_say_nothing() -> None:
    counted = pl.DataFrame({"_row": [3], "revealed": [0], "listed": [2]})

    assert list(rollup.told(pl.Series([2, 3, 4]), counted)) == [None, "0 of 2", None]

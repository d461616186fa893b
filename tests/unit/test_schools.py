"""Whose school is whose: a row's own, or for a contact that of its student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.summary import Counts
from tests.rule_tables import Row, Sheet, sheet
from tests.summaries import applying, pair, summarised

if TYPE_CHECKING:
    from sheets.summary import Summary

PHONE = "CON-FLD-03"
BY = applying(PHONE, "STU-ACCT-01", "STF-ACCT-01")


def student(number: str, school: str | None, **more: str | None) -> Row:
    return {"number": number, "school": school, "account_enabled": "true", **more}


def schools(*sheets: Sheet) -> list[list[str] | None]:
    """The school of each row of each sheet of people."""
    told = summarised(*sheets, by=BY).row_schools
    return [None if one is None else one.to_list() for one in told]


def yes(item: Summary, kind: str) -> dict[str, int]:
    return {school: kinds[kind].yes for school, kinds in item.schools.items()}


STUDENTS = sheet("student", student("0071", "Hill"), student("0072", "Lake"), student("0073", None))


class TestOfAContact:
    def test_it_is_that_of_the_student(self) -> None:
        contacts = sheet("contact", pair(student_number="0072"), pair(student_number="0071"))

        assert schools(contacts, STUDENTS)[0] == ["Lake", "Hill"]

    def test_its_own_goes_first(self) -> None:
        contacts = sheet(
            "contact",
            pair(student_number="0072", school="Shore"),
            pair(student_number="0072", school=None),
        )

        assert schools(contacts, STUDENTS)[0] == ["Shore", "Lake"]

    def test_it_is_not_known_without_a_student_or_where_the_student_has_none(self) -> None:
        contacts = sheet(
            "contact",
            pair(student_number="0099"),
            pair(student_number=None),
            pair(student_number="0073"),
        )

        assert schools(contacts, STUDENTS)[0] == ["", "", ""]

    def test_of_two_records_of_the_student_the_first_that_has_one_tells(self) -> None:
        records = (student("0071", None), student("0071", "Lake"), student("0071", "Hill"))
        contacts = sheet("contact", pair(student_number="0071"))

        assert schools(contacts, sheet("student", *records))[0] == ["Lake"]

    def test_lists_of_students_tell_in_their_order(self) -> None:
        old, new = (sheet("student", student("0071", school)) for school in ("Hill", "Lake"))
        without = sheet("student", {"number": "0071", "account_enabled": "true"})
        contacts = sheet("contact", pair())

        assert schools(contacts, without, old, new)[0] == ["Hill"]
        assert schools(contacts, new, old)[0] == ["Lake"]

    def test_links_tell_the_student_as_in_oneroster(self) -> None:
        """Of many contacts with several students each: always the first on the list."""
        many = range(400)
        students = sheet(
            "student", *(student(str(at), f"School {at % 7}", sourced_id=f"s{at}") for at in many)
        )
        contacts = sheet(
            "contact",
            *({"sourced_id": f"c{at}", "other_phone": "555-0100"} for at in many),
        )
        links = sheet(
            "link",
            *(
                {"sourced_id": f"c{at}", "student_sourced_id": f"s{(at + more) % 400}"}
                for at in many
                for more in (3, 2, 1)
            ),
        )

        [found, _] = schools(contacts, students, links)

        first = [min((at + more) % 400 for more in (1, 2, 3)) for at in many]
        assert found == [f"School {at % 7}" for at in first]


def test_only_contacts_have_the_school_of_somebody_else() -> None:
    staff = sheet("staff", {"number": "0071", "school": None, "account_enabled": "true"})

    assert schools(staff, STUDENTS) == [[""], ["Hill", "Lake", ""]]


def test_without_any_column_of_schools_there_are_none() -> None:
    contacts = sheet("contact", pair())
    students = sheet("student", {"number": "0071", "account_enabled": "true"})

    assert schools(contacts, students) == [None, None]
    assert summarised(contacts, students, by=BY).schools == {}


def test_a_list_without_any_is_counted_under_the_unknown_school() -> None:
    staff = sheet("staff", {"number": "5", "account_enabled": "true"})

    found = summarised(staff, STUDENTS, by=BY)

    assert schools(staff, STUDENTS)[0] is None
    assert yes(found, "staff") == {"Hill": 0, "Lake": 0, "": 1}


def test_a_school_is_counted_under_the_name_it_is_called() -> None:
    rows = (
        student("1", "org-7,Hill Street School", school_name="Hill Street School"),
        student("2", "Hill Street School", school_name="Hill Street School"),
    )

    assert yes(summarised(sheet("student", *rows), by=BY), "student") == {"Hill Street School": 2}


def test_the_school_with_the_most_hidden_rows_is_first_and_the_unknown_one_last() -> None:
    contacts = sheet(
        "contact",
        *[pair(school="Hill", other_phone=None)] * 2,
        *[pair(school=None, other_phone=None)] * 9,
        *[pair(school="Shore", other_phone=None)] * 3,
        *[pair(school="Bay")] * 5,
        *[pair(school="Lake", other_phone=None)] * 2,
    )

    found = summarised(contacts, by=BY)

    assert list(found.schools) == ["Shore", "Hill", "Lake", "Bay", ""]
    assert found.schools["Shore"] == {
        "student": Counts(),
        "staff": Counts(),
        "contact": Counts(no=3),
    }
    [cause] = found.causes
    assert cause.schools == {"Shore": 3, "Hill": 2, "Lake": 2, "": 9}


def test_contacts_of_several_lists_are_counted_at_the_school_of_their_student() -> None:
    first = sheet("contact", pair(student_number="0071", other_phone=None))
    second = sheet("contact", pair(student_number="0071"), pair(student_number="0072"))

    found = summarised(first, second, STUDENTS, by=BY)

    assert {name: kinds["contact"] for name, kinds in found.schools.items()} == {
        "Hill": Counts(yes=1, no=1),
        "Lake": Counts(yes=1),
        "": Counts(),
    }


def test_a_row_that_lists_a_contact_once_more_is_at_no_school() -> None:
    by = applying(PHONE, check=("DUP-01",))
    contacts = sheet("contact", pair(school="Hill"), pair(school="Hill"))

    found = summarised(contacts, by=by)

    assert found.schools["Hill"]["contact"] == Counts(yes=1)

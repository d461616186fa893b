"""Wide sheets: every contact beside a student is a list of contacts of its own."""

from __future__ import annotations

import re

import pytest

from sheets.columns import groups, recognise, tables
from sheets.errors import ColumnsUnclear
from sheets.grid import Odd, OddKind
from tests.unit.columns_grid import grid_of

STUDENT = ["Student Number", "Last Name", "First Name"]
ANN = ["1", "Byrne", "Ann"]
BOB = ["2", "Cruz", "Bob"]
MOTHER = ["Mother First", "Mother Last", "Mother Email"]
EVE = ["Eve", "Byrne", "eve@example.org"]


def parts(rows, title="Students", mapping=None, **options):
    return recognise([grid_of(rows, title, **options)], mapping or {})


def columns(found):
    return {field: place.column for field, place in found.fields.items()}


def own(found, student):
    """The fields of a group that are not the student's."""
    return {
        field: place.header
        for field, place in found.fields.items()
        if place not in student.fields.values()
    }


def table(found):
    [result] = tables(found)
    return result.frame.to_dicts()


def read(*headings, title="Students"):
    """The groups of a sheet whose students have these headings beside them."""
    student, *beside = parts([[*STUDENT, *headings]], title)
    return {found.group: own(found, student) for found in beside}


def test_a_group_stands_in_the_same_rows_as_the_students():
    student, mother = parts([[*STUDENT, *MOTHER], [*ANN, *EVE], [*BOB]])

    assert (student.kind, student.group) == ("student", "")
    assert (mother.kind, mother.group) == ("contact", "Mother")
    assert mother.header_row == student.header_row == 1
    assert mother.rows.to_list() == student.rows.to_list() == [2, 3]
    assert mother.area == student.area
    assert student.unrecognised == []


def test_the_table_of_a_group_has_the_rows_with_somebody_and_the_keys_of_the_student():
    header = ["Person ID", "Person GUID", *STUDENT, "School", *MOTHER]
    _, mother = parts([header, ["91", "g", *ANN, "Lakeview", *EVE], ["92", "h", *BOB, "Lakeview"]])

    assert table(mother) == [
        {
            "_row": 2,
            "student_person_id": "91",
            "student_guid": "g",
            "student_number": "1",
            "student_last_name": "Byrne",
            "student_first_name": "Ann",
            "school": "Lakeview",
            "first_name": "Eve",
            "last_name": "Byrne",
            "email": "eve@example.org",
            "relationship": "Mother",
        }
    ]


@pytest.mark.parametrize("cells", [["N/A", "-", "none"], [" ", "\u00a0", None], ["#N/A"] * 3])
def test_words_for_nothing_are_nobody(cells):
    _, mother = parts([[*STUDENT, *MOTHER], [*ANN, *cells]])

    assert table(mother) == []


def test_a_look_up_that_found_nothing_is_nobody_and_one_without_a_result_may_be_somebody():
    odd = {(2, 4): Odd(OddKind.ERROR, "#N/A"), (3, 4): Odd(OddKind.NO_RESULT)}

    _, mother = parts([[*STUDENT, *MOTHER], ANN, BOB], odd=odd)

    assert [line["_row"] for line in table(mother)] == [3]


@pytest.mark.parametrize("cells", [["Eve"], [None, "Byrne"], [None, None, "eve@example.org"]])
def test_one_cell_that_says_who_it_is_is_somebody(cells):
    _, mother = parts([[*STUDENT, *MOTHER], [*ANN, *cells]])

    assert len(table(mother)) == 1


def test_a_relationship_that_a_form_has_filled_in_is_nobody():
    header = [*STUDENT, "Contact 1 Name", "Contact 1 Relationship"]

    _, contact = parts([header, [*ANN, "Eve Byrne", "Aunt"], [*BOB, None, "Mother"]])

    assert [line["relationship"] for line in table(contact)] == ["Aunt"]


@pytest.mark.parametrize(
    ("heading", "group"),
    [
        ("Guardian 1 First Name", "Guardian 1"),
        ("Guardian1FirstName", "Guardian 1"),
        ("guardian_1_first_name", "Guardian 1"),
        ("GUARDIAN1_FIRSTNAME", "Guardian 1"),
        ("guardian1.firstName", "Guardian 1"),
        ("student.guardian1FirstName", "Guardian 1"),
        ("Guardian #1 First Name", "Guardian 1"),
        ("Guardian (1) - First Name", "Guardian 1"),
        ("Guardian One First Name", "Guardian 1"),
        ("Guardian 1's First Name", "Guardian 1"),
        ("Guardian First Name 1", "Guardian 1"),
        ("First Name Guardian 1", "Guardian 1"),
        ("First Name (Guardian 1)", "Guardian 1"),
        ("First Name of Guardian 1", "Guardian 1"),
        ("Parent1FirstName", "Parent 1"),
        ("P1 First", "P1"),
        ("G2 First", "G2"),
        ("PG1_First", "PG1"),
        ("Parent/Guardian 2 First Name", "Parent/Guardian 2"),
        ("Contact 1 First Name", "Contact 1"),
        ("Emergency Contact 2 First Name", "Emergency Contact 2"),
        ("Emergency 2 First Name", "Emergency Contact 2"),
        ("Mother First", "Mother"),
        ("MOTHERFIRSTNAME", "Mother"),
        ("Mother's First Name", "Mother"),
        ("Mothers First Name", "Mother"),
        ("mother.firstName", "Mother"),
        ("Dad First Name", "Dad"),
        ("Step Mother First Name", "Step Mother"),
        ("Grandmother First Name", "Grandmother"),
        ("Secondary Guardian First Name", "Secondary Guardian"),
        ("2nd Parent First Name", "2nd Parent"),
    ],
)
def test_a_heading_says_whose_it_is_in_many_ways(heading, group):
    member = groups.members(heading)[0]

    assert member.group == group
    assert {sense.field for sense in member.meaning.senses} == {"first_name"}


@pytest.mark.parametrize(
    "heading",
    [
        *("First Name", "Student 1 First Name", "Sibling 1 First Name", "Teacher 1 Name"),
        *("Phone 1", "P1", "P 1 Teacher", "Period 1", "Doctor Name", "Motherland", "G"),
    ],
)
def test_other_headings_are_of_no_group(heading):
    assert not groups.says(heading)


def test_all_fields_of_a_contact_are_known_in_a_group():
    fields = {
        "Person ID": "person_id",
        "Name": "full_name",
        "Relationship": "relationship",
        "Relation to Student": "relationship",
        "Other Phone": "other_phone",
        "Home Phone": "home_phone",
        "Cell": "cell_phone",
        "Work Phone": "work_phone",
        "Day Phone": "work_phone",
        "Phone": "phone",
        "E-Mail": "email",
        "Secondary Email": "secondary_email",
        "Portal": "portal_flag",
        "Is Guardian": "guardian_flag",
        "Username": "username",
        "Home Page": "home_page",
        "Account Enabled": "account_enabled",
        "Private Phone": "private_phone",
        "Custody Alert": "custody_alert",
        "Contact ID": "contact_id",
    }
    for words, field in fields.items():
        [found] = read(*{"Contact 1 Name": 1, f"Contact 1 {words}": 2}).values()
        assert found.get(field) == f"Contact 1 {words}", words


@pytest.mark.parametrize(
    ("group", "relationship"),
    [
        ("Mother", "Mother"),
        ("Mom", "Mother"),
        ("Dad", "Father"),
        ("Grandmother", "Grandmother"),
        ("Guardian", "Guardian"),
        ("Guardian 2", "Guardian"),
        ("G1", "Guardian"),
        ("Primary Guardian", "Guardian"),
        ("Legal Guardian 1", "Legal Guardian"),
        ("Parent 1", None),
        ("P1", None),
        ("Contact 1", None),
        ("Emergency Contact 1", None),
        ("Parent/Guardian 1", None),
    ],
)
def test_a_groups_name_may_say_the_relationship(group, relationship):
    assert groups.relationship(group) == relationship


def test_a_relationship_that_is_taken_from_the_name_is_told():
    _, guardian = parts([[*STUDENT, "Guardian 1 Name", "Guardian 1 Email"]])
    _, contact = parts([[*STUDENT, "Contact 1 Name", "Contact 1 Email"]])

    assert guardian.notes == ('"Guardian 1" has no relationship column: Guardian is taken for it',)
    assert contact.notes == ()


def test_a_relationship_column_of_the_group_goes_before_its_name():
    header = [*STUDENT, "Guardian 1 Name", "Guardian 1 Relationship"]

    _, guardian = parts([header, [*ANN, "Eve Byrne", "Aunt"], [*BOB, "Tom Cruz", None]])

    assert [line["relationship"] for line in table(guardian)] == ["Aunt", None]
    assert guardian.notes == ()


def test_a_merged_heading_over_the_columns_of_each_contact():
    upper = [None, None, None, "Mother", None, None, "Father", None, None]
    lower = [*STUDENT, "First", "Last", "Phone", "First", "Last", "Phone"]
    row = [*ANN, "Eve", "Byrne", "555-0101", "Tom", "Byrne", "555-0102"]

    student, mother, father = parts([upper, lower, row], merged=["D1:F1", "G1:I1"])

    assert student.header_row == 2
    assert columns(student) == {"number": 1, "last_name": 2, "first_name": 3}
    assert own(mother, student) == {
        "first_name": "Mother First",
        "last_name": "Mother Last",
        "phone": "Mother Phone",
    }
    assert [columns(one)["first_name"] for one in (mother, father)] == [4, 7]


def test_an_upper_heading_reaches_to_the_next_without_being_merged():
    upper = ["Student", None, None, "Parent 1", None, "Parent 2", None]
    lower = ["ID", "Last Name", "First Name", "Name", "Email", "Name", "Email"]
    row = [*ANN, "Eve Byrne", "eve@example.org", "Tom Byrne", "tom@example.org"]

    student, one, two = parts([upper, lower, row], "Sheet1")

    assert columns(student) == {"number": 1, "last_name": 2, "first_name": 3}
    assert own(one, student) == {"full_name": "Parent 1 Name", "email": "Parent 1 Email"}
    assert own(two, student) == {"full_name": "Parent 2 Name", "email": "Parent 2 Email"}


def test_blank_columns_may_stand_between_the_groups():
    header = [*STUDENT, None, *MOTHER, None, "Father First", "Father Last"]
    row = [*ANN, None, *EVE, None, "Tom", "Byrne"]

    assert [found.group for found in parts([header, row])] == ["", "Mother", "Father"]


def test_columns_of_a_name_alone_are_groups_if_they_hold_names():
    header = [*STUDENT, "Mother", "Mother Cell", "Father", "Father Cell"]
    names = [*ANN, "Eve Byrne", "555-0101", "Tom Byrne", "555-0102"]
    ticks = [*ANN, "Y", "555-0101", "N", "555-0102"]

    assert [found.group for found in parts([header, names])] == ["", "Mother", "Father"]
    assert [found.group for found in parts([header, ticks])] == [""]


def test_a_column_of_somebody_without_a_name_is_no_group():
    assert read("Parent Email") == {}
    assert read("Mother Email", "Father Email") == {}
    assert read("Guardian 1 Email", "Guardian 1 Phone") == {}


def test_an_email_with_a_number_belongs_to_the_contact_with_that_name():
    assert read("Parent Name 1", "Parent Email 1", "Parent Name 2", "Parent Email 2") == {
        "Parent 1": {"full_name": "Parent Name 1", "email": "Parent Email 1"},
        "Parent 2": {"full_name": "Parent Name 2", "email": "Parent Email 2"},
    }
    assert read("Mother Name", "Mother Email", "Mother Email 2", "Father Name") == {
        "Mother": {
            "full_name": "Mother Name",
            "email": "Mother Email",
            "secondary_email": "Mother Email 2",
        },
        "Father": {"full_name": "Father Name"},
    }


@pytest.mark.parametrize("title", ["Students", "Contacts", "Parents", "Sheet1", "Emergency"])
def test_a_wide_sheet_lists_students_whatever_it_is_called(title):
    header = ["Student ID", "Student Name", *MOTHER, "Father First", "Father Last"]

    found = parts([header, ["1", "Byrne, Ann", *EVE]], title)

    assert [(one.kind, one.group) for one in found] == [
        ("student", ""),
        ("contact", "Mother"),
        ("contact", "Father"),
    ]


def test_a_list_of_pairs_has_no_groups():
    header = [
        *("Student Number", "Contact First Name", "Contact Last Name", "Relationship"),
        *("Email", "Mother Name", "Mother Email", "Emergency Contact 1 Name"),
    ]

    [found] = parts([header, ["1", "Eve", "Byrne", "Mother", *[None] * 4]], "Contacts")

    assert found.kind == "contact"
    assert found.unrecognised == ["Mother Name", "Mother Email", "Emergency Contact 1 Name"]


def test_a_list_of_staff_has_no_groups():
    header = ["Staff Number", "Last Name", "First Name", "Job Title"]

    [found] = parts([[*header, "Emergency Contact 1 Name", "Emergency Contact 1 Phone"]], "Staff")

    assert found.kind == "staff"
    assert found.unrecognised == ["Emergency Contact 1 Name", "Emergency Contact 1 Phone"]


def test_the_students_own_questions_are_asked_as_before():
    with pytest.raises(ColumnsUnclear, match=r'"Email" \(column D\) and "E-Mail"'):
        parts([[*STUDENT, "Email", "E-Mail", *MOTHER]])


def test_two_columns_of_one_contact_that_claim_one_field_are_asked_about():
    header = [*STUDENT, "Mother Name", "Mother Email", "Mother E-Mail Address"]

    with pytest.raises(ColumnsUnclear) as caught:
        parts([header])

    for heading, field in re.findall(r'--map "([^"]+)=([^"]+)"', caught.value.hint):
        student, mother = parts([header], mapping={heading: field})
        assert own(mother, student)["email"] == heading


def test_a_misspelt_heading_of_a_contact_is_asked_about():
    header = [*STUDENT, "Guardian 1 Name", "Guardian 1 Emial"]

    with pytest.raises(ColumnsUnclear, match="Guardian 1 Emial"):
        parts([header])
    student, guardian = parts([header], mapping={"Guardian 1 Emial": "Email"})
    assert own(guardian, student)["email"] == "Guardian 1 Emial"


def test_a_field_that_is_given_is_that_of_the_headings_contact():
    header = [*STUDENT, "Guardian 1 Name", "Guardian 1 Phone Number", "Guardian 2 Name"]

    student, one, two = parts([header], mapping={"Guardian 1 Phone Number": "Other Phone"})

    assert own(one, student)["other_phone"] == "Guardian 1 Phone Number"
    assert "other_phone" not in {**student.fields, **two.fields}


def test_a_heading_that_says_nothing_can_be_given_to_a_contact():
    header = [*STUDENT, "Mother Name", "Madre"]

    student, mother = parts([header], mapping={"Madre": "Mother Other Phone"})

    assert own(mother, student)["other_phone"] == "Madre"


def test_a_heading_of_a_contact_can_be_left_alone_or_given_to_the_student():
    header = [*STUDENT[1:], "Mother Name", "Mother Email", "Mother ID"]

    student, mother = parts(
        [header], mapping={"Mother Email": "ignore", "Mother ID": "Student Number"}
    )

    assert own(mother, student) == {"full_name": "Mother Name"}
    assert student.fields["number"].header == "Mother ID"
    assert student.unrecognised == ["Mother Email"]


def test_what_is_no_field_of_a_contact_is_told_with_the_contact():
    _, mother = parts([[*STUDENT, *MOTHER, "Mother Occupation", "Mother Address"]])

    assert mother.unrecognised == ["Mother Occupation", "Mother Address"]


def test_own_columns_of_every_group_are_known():
    header = [
        *(*STUDENT, *MOTHER, "Revealed?", "What to fix"),
        *("Revealed? (Mother)", "What to fix (mother)"),
    ]

    for found in parts([header, [*ANN, *EVE, "Yes", None, "No", "x"]]):
        assert found.own == {
            "Revealed?": 7,
            "What to fix": 8,
            "Revealed? (Mother)": 9,
            "What to fix (mother)": 10,
        }

"""What people say about their columns always wins, and what they are told to say settles it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sheets.columns import closest, label, recognise
from sheets.errors import ColumnsUnclear, WrongUsage
from tests.unit.columns_grid import grid_of

HEADER = ["Student Number", "Last Name", "First Name", "Relationship", "Home Phone", "Email"]
EVE = ["40001", "Byrne", "Eve", "Mother", "(585) 555-0101", "eve@example.org"]
ACCOUNTS = grid_of(
    [["Person ID", "Username", "Enabled"], ["77", "ebyrne", "Yes"]], "Accounts", book="a.csv"
)
UNCLEAR = [
    one
    for one in tomllib.loads(Path(__file__).with_name("headers.toml").read_text("utf-8"))["list"]
    if "asks" in one
]


def fields(rows, mapping=None, title="Contacts"):
    [found] = recognise([grid_of(rows, title)], mapping or {})
    return {field: place.header for field, place in found.fields.items()}


@pytest.mark.parametrize("field", ["other_phone", "Other Phone", "other phone", "otherPhone"])
def test_a_field_is_named_by_its_id_or_its_plain_name(field):
    found = fields([HEADER, EVE], {"Home Phone": field})

    assert found["other_phone"] == "Home Phone"
    assert "home_phone" not in found


@pytest.mark.parametrize("header", ["Home Phone", "home phone", " Home  Phone "])
def test_a_header_is_named_as_it_is_shown(header):
    assert fields([HEADER, EVE], {header: "Other Phone"})["other_phone"] == "Home Phone"


def test_a_mapping_frees_the_other_claimant():
    header = [*HEADER, "Email Address"]

    found = fields([header, [*EVE, "x@example.org"]], {"Email Address": "Email"})

    assert found["email"] == "Email Address"


def test_a_mapping_wins_over_a_heading_that_is_clear():
    header = [*HEADER, "Other Phone"]

    assert fields([header, EVE], {"Home Phone": "Other Phone"})["other_phone"] == "Home Phone"


def test_a_column_can_be_left_alone():
    found = fields([HEADER, EVE], {"Email": "ignore"})

    assert "email" not in found


def test_a_header_that_says_nothing_can_be_given_a_field():
    header = ["Schüler", "Nachname", "Vorname", "Beziehung", "Telefon", "Post"]
    mapping = {
        "Schüler": "Student Number",
        "Nachname": "Last Name",
        "Vorname": "First Name",
        "Beziehung": "Relationship",
        "Telefon": "Other Phone",
        "Post": "Email",
    }

    assert fields([["Liste"], header, EVE], mapping, "Blatt1") == {
        "student_number": "Schüler",
        "last_name": "Nachname",
        "first_name": "Vorname",
        "relationship": "Beziehung",
        "other_phone": "Telefon",
        "email": "Post",
    }


def test_one_mapping_is_enough_to_find_a_header_row():
    found = fields([["Liste"], ["x", "Nr", "y"], ["a", "7", "b"]], {"Nr": "Staff Number"}, "Staff")

    assert found == {"number": "Nr"}


def test_a_header_of_two_lines_is_mapped_by_its_joined_text():
    upper, lower = ["", "", "", "", "Night", ""], [*HEADER[:4], "Phone", "Email"]

    found = fields([upper, lower, EVE], {"Night Phone": "Other Phone"})

    assert found["other_phone"] == "Night Phone"


def test_a_mapping_of_a_header_that_is_nowhere_is_refused_with_the_closest():
    with pytest.raises(WrongUsage) as caught:
        fields([HEADER, EVE], {"Hom Phone": "Other Phone"})

    assert "Hom Phone" in caught.value.message
    assert "Home Phone" in caught.value.hint


def test_a_mapping_to_a_field_that_is_none_is_refused_with_the_closest():
    with pytest.raises(WrongUsage) as caught:
        fields([HEADER, EVE], {"Home Phone": "Other Fone"})

    assert "Other Fone" in caught.value.message
    assert "Other Phone" in caught.value.hint


@pytest.mark.parametrize("one", [pytest.param(one, id=one["name"]) for one in UNCLEAR])
def test_the_mapping_that_is_offered_settles_the_question(one):
    grid = grid_of([one["headers"], *one.get("rows", [])], one["title"])
    with pytest.raises(ColumnsUnclear) as caught:
        recognise([grid])

    for header, field in re.findall(r'--map "([^"]+)=([^"]+)"', caught.value.hint):
        [found] = recognise([grid], {header: field})
        used = {place.header for place in found.fields.values()}
        plain = re.sub(r" \(column .*", "", header)
        assert (plain in used) is (field != "ignore")


def test_one_of_two_equal_headers_is_chosen_by_its_column():
    header = [*HEADER, "Email"]

    [found] = recognise([grid_of([header, EVE], "Contacts")], {"Email (column G)": "Email"})

    assert found.fields["email"].column == 7


def test_several_questions_are_asked_at_once():
    header = ["Student Number", "Last Name", "Frist Name", "Relationship", "Othr Phone", "Email"]

    with pytest.raises(ColumnsUnclear) as caught:
        fields([header, EVE])

    assert "Frist Name" in caught.value.message
    assert "Othr Phone" in caught.value.message


def test_a_field_that_no_rule_needs_is_not_asked_about():
    header = [*HEADER, "Phone", "Telephone", "School", "School Name"]

    found = fields([header, EVE])

    assert not {"phone", "school"} & found.keys()


def test_a_doubtful_status_does_not_matter_where_an_account_list_tells():
    roster = grid_of(
        [["Student Number", "Last Name", "First Name", "Status"], ["1", "Byrne", "Ann", "Active"]],
        "Students",
        book="s.csv",
    )

    with pytest.raises(ColumnsUnclear, match="Status"):
        recognise([roster])
    students, _ = recognise([roster, ACCOUNTS])

    assert "account_enabled" not in students.fields


def test_an_expiry_beside_a_user_name_is_asked_about():
    header = ["Student Number", "Last Name", "First Name", "Username", "Enabled", "Expires"]

    with pytest.raises(ColumnsUnclear) as caught:
        fields([header, ["1", "Byrne", "Ann", "abyrne", "Y", "06/30/2027"]], title="Students")

    assert '--map "Expires=Account Expires"' in caught.value.hint


def test_a_contact_id_is_the_person_id_if_the_accounts_know_it():
    header = ["Student Number", "Contact ID", "Last Name", "First Name", "Relationship"]
    known = grid_of([header, ["1", "77", "Byrne", "Eve", "Mother"]], "Contacts")
    strange = grid_of([header, ["1", "5", "Byrne", "Eve", "Mother"]], "Contacts")

    assert recognise([known, ACCOUNTS])[0].fields["person_id"].header == "Contact ID"
    assert "person_id" not in recognise([strange, ACCOUNTS])[0].fields


def test_the_names_of_two_people_that_the_values_do_not_part_are_asked_about():
    header = ["Student Number", "Last Name", "First Name", "Contact Name", "Relationship"]
    rows = [["1", "Byrne", "Ann", "Ann Byrne", "Self"], ["2", "Cruz", "Bob", "Tom Cruz", "Father"]]

    with pytest.raises(ColumnsUnclear) as caught:
        fields([header, *rows])

    assert '--map "First Name=Contact First Name"' in caught.value.hint


def test_what_is_read_as_the_students_is_told():
    header = ["Student Number", "First Name", "Contact First Name", "Contact Last Name", "Relation"]

    [found] = recognise([grid_of([header], "Contacts")])

    assert found.notes == ("\"First Name\" is read as the student's, not the contact's",)


def test_no_message_holds_a_value():
    header = ["Student Number", "Last Name", "Frist Name", "Relationship", "Email", "E-Mail"]

    with pytest.raises(ColumnsUnclear) as caught:
        fields([header, ["canary1", "canary2", "canary3", "canary4", "canary5", "canary6"]])

    assert "canary" not in str(caught.value)


def test_the_closest_headings_are_told_where_nothing_is_known():
    grid = grid_of([["Frist Name", "Lst Name", "x"], ["Ann", "Byrne", "1"]], "Sheet1")

    assert closest([grid]) == [
        '"Frist Name" (Sheet1, column A) looks like First Name',
        '"Lst Name" (Sheet1, column B) looks like Last Name',
    ]


def test_every_field_has_a_plain_name():
    assert label("other_phone") == "Other Phone"
    assert label("number") == "Student or Staff Number"

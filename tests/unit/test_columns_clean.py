"""Cells reach the rules trimmed, in one form each, with a reason where they say nothing."""

from __future__ import annotations

import polars as pl
import pytest

from sheets.columns import recognise, tables
from sheets.columns.cells import clean
from sheets.grid import Odd, OddKind
from tests.unit.columns_grid import grid_of

HEADER = ["Student Number", "Last Name", "First Name", "Relationship", "Other Phone", "Email"]
EVE = ["0040001", "Byrne", "Eve", "Mother", "(585) 555-0101", "eve@example.org"]


def one(kind, text):
    """What becomes of a cell, and why it says nothing."""
    found = clean(kind, pl.Series([text, "x"], dtype=pl.String))
    return found.values[0], None if found.odd is None else found.odd[0]


def table(rows, title="Contacts", **options):
    [found] = recognise([grid_of(rows, title, **options)])
    [result] = tables(found)
    return result


@pytest.mark.parametrize("kind", ["id", "name", "text", "label", "email", "phone"])
@pytest.mark.parametrize(
    "blank", ["", " ", "\u00a0", "\u200b", "\ufeff", "\u202f", "\u2007", "\u3000\t\r\n", "\u2060"]
)
def test_white_space_of_any_kind_is_blank(kind, blank):
    assert one(kind, blank) == (None, None)
    assert one(kind, f"{blank}Byrne{blank}") == ("Byrne", None)


@pytest.mark.parametrize(
    "word",
    ["N/A", "n/a", "NA", "none", "NULL", "nil", "-", "--", ".", "Unknown", "TBD", "Declined"],
)
@pytest.mark.parametrize("kind", ["id", "phone", "email", "text"])
def test_words_for_nothing_are_nothing(kind, word):
    assert one(kind, f" {word} ") == (None, f"placeholder:{word}")


@pytest.mark.parametrize("name", ["Na", "Null", "None", "Nil", "Blank", "Declined", "Xu", "O"])
def test_a_name_may_be_a_word_for_nothing_elsewhere(name):
    assert one("name", name) == (name, None)


@pytest.mark.parametrize("word", ["N/A", "-", ".", "unknown", "TBD"])
def test_some_words_are_no_name(word):
    assert one("name", word) == (None, f"placeholder:{word}")


@pytest.mark.parametrize("word", ["Unknown", "None", "Other"])
def test_a_relationship_type_may_be_called_unknown(word):
    assert one("label", word) == (word, None)


@pytest.mark.parametrize(
    "phone",
    ["000-000-0000", "(000) 000-0000", "0000000000", "999-999-9999", "1".replace("1", "000-0000")],
)
def test_a_phone_of_one_digit_is_none(phone):
    assert one("phone", phone) == (None, f"placeholder:{phone}")


@pytest.mark.parametrize("phone", ["(585) 555-0100 x123", "5855550100", "900-000-0000", "911"])
def test_a_phone_is_kept_as_text(phone):
    assert one("phone", phone) == (phone, None)


@pytest.mark.parametrize("email", ["none@none.com", "NoEmail@example.org", "na@na.com"])
def test_an_address_of_nobody_is_none(email):
    assert one("email", email) == (None, f"placeholder:{email}")


@pytest.mark.parametrize("email", ["nonette@example.org", "na.li@example.org", "not an address"])
def test_any_other_address_is_kept(email):
    assert one("email", email) == (email, None)


@pytest.mark.parametrize("number", ["0040001", "40001", "S-17", "1.5"])
def test_an_id_is_kept_as_text(number):
    assert one("id", number) == (number, None)


@pytest.mark.parametrize("kind", ["id", "phone"])
def test_a_number_that_a_program_wrote_with_a_fraction_loses_it(kind):
    assert one(kind, "5855550100.0") == ("5855550100", None)


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!", "#SPILL!"])
@pytest.mark.parametrize("kind", ["name", "phone", "date", "flag", "id"])
def test_an_error_that_was_exported_as_text_is_an_error(kind, text):
    assert one(kind, text) == (None, f"error:{text}")


@pytest.mark.parametrize("word", ["1", "TRUE", "t", "Yes", "y", "X", "checked", "on", "✓"])
@pytest.mark.parametrize("kind", ["flag", "enabled", "disabled"])
def test_true_in_an_offices_words(kind, word):
    assert one(kind, word) == ("true", None)


@pytest.mark.parametrize("word", ["0", "FALSE", "f", "No", "n", "off"])
@pytest.mark.parametrize("kind", ["flag", "enabled", "disabled"])
def test_false_in_an_offices_words(kind, word):
    assert one(kind, word) == ("false", None)


@pytest.mark.parametrize(
    ("word", "enabled"),
    [
        ("Active", "true"),
        ("Enabled", "true"),
        ("Inactive", "false"),
        ("Disabled", "false"),
        ("Locked", "false"),
    ],
)
def test_active_and_disabled_mean_the_opposite_under_the_opposite_heading(word, enabled):
    opposite = {"true": "false", "false": "true"}[enabled]

    assert one("enabled", word) == (enabled, None)
    assert one("disabled", word) == (opposite, None)


def test_an_unknown_word_for_a_flag_is_unclear():
    assert one("flag", "perhaps") == (None, "unclear:")


@pytest.mark.parametrize("kind", ["flag", "enabled", "disabled", "date", "home_page"])
def test_a_blank_flag_or_date_is_neither(kind):
    assert one(kind, " ") == (None, None)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-09-01", "2020-09-01"),
        ("2020-09-01T00:00:00", "2020-09-01"),
        ("2020-09-01 13:05:30", "2020-09-01T13:05:30"),
        ("2020-09-01T13:05:30.250Z", "2020-09-01T13:05:30"),
        ("2020-09-01T13:05:30+00:00", "2020-09-01T13:05:30"),
        ("09/01/2020", "2020-09-01"),
        ("9/1/2020", "2020-09-01"),
        ("9/1/20", "2020-09-01"),
        ("9-1-2020", "2020-09-01"),
        ("1-Sep-2020", "2020-09-01"),
        ("01-SEP-20", "2020-09-01"),
        ("Sep 1, 2020", "2020-09-01"),
        ("September 1, 2020", "2020-09-01"),
        ("9/1/2020 1:05 PM", "2020-09-01T13:05:00"),
        ("9/1/2020 1:05:30 pm", "2020-09-01T13:05:30"),
        ("9/1/2020 12:00:00 AM", "2020-09-01"),
        ("20200901", "2020-09-01"),
        ("12/31/1999", "1999-12-31"),
        ("12/31/9999", "9999-12-31"),
    ],
)
def test_a_date_in_any_form_is_iso_8601(text, iso):
    assert one("date", text) == (iso, None)


@pytest.mark.parametrize("text", ["13/45/2020", "soon", "44075", "2020", "9/1", "31/12/2020"])
def test_what_is_no_date_is_unclear(text):
    assert one("date", text) == (None, "unclear:")


def test_never_is_a_word_for_no_date():
    assert one("date", "Never") == (None, "placeholder:Never")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Campus Parent Portal", "campus_parent"),
        ("Parent Portal", "campus_parent"),
        ("nav-wrapper/parent/portal/parent", "campus_parent"),
        ("Campus Student Portal", "campus_student"),
        ("nav-wrapper/student/portal/student", "campus_student"),
        ("Campus Instruction", "campus_instruction"),
        ("nav-wrapper/TeacherApp/control-center/home", "campus_instruction"),
        ("Campus Application", "campus_application"),
        ("Public Store", "public_store"),
        ("Bus Planner", "other"),
    ],
)
def test_a_home_page_is_a_code(text, code):
    assert one("home_page", text) == (code, None)


def test_a_table_has_its_rows_and_its_fields_and_nothing_else():
    found = table([HEADER, EVE, ["Total", "1"]])

    assert found.kind == "contact"
    assert found.frame.columns == [
        *("_row", "student_number", "last_name", "first_name"),
        *("relationship", "other_phone", "email"),
    ]
    assert found.frame.rows() == [(2, *EVE)]
    assert found.headers["other_phone"] == "Other Phone"
    assert found.frame["_row"].dtype == pl.UInt32


def test_a_reason_stands_only_where_a_cell_is_odd():
    found = table([HEADER, EVE, [*EVE[:4], "N/A", EVE[5]]])

    assert found.frame["other_phone"].to_list() == [EVE[4], None]
    assert found.frame["other_phone__odd"].to_list() == [None, "placeholder:N/A"]
    assert [name for name in found.frame.columns if name.endswith("__odd")] == ["other_phone__odd"]


def test_errors_and_formulas_without_a_result_are_told():
    odd = {(2, 5): Odd(OddKind.ERROR, "#REF!"), (3, 5): Odd(OddKind.NO_RESULT)}
    rows = [HEADER, [*EVE[:4], None, EVE[5]], [*EVE[:4], None, "none"]]

    found = table(rows, odd=odd)

    assert found.frame["other_phone__odd"].to_list() == ["error:#REF!", "no_result:"]
    assert found.frame["email__odd"].to_list() == [None, "placeholder:none"]


def test_a_row_of_formulas_without_a_result_is_in_the_table():
    odd = {(3, column): Odd(OddKind.NO_RESULT) for column in range(1, 7)}

    found = table([HEADER, EVE], odd=odd)

    assert found.frame["_row"].to_list() == [2, 3]
    assert found.frame["last_name__odd"].to_list() == [None, "no_result:"]


def test_hidden_and_shown_columns_of_an_account_are_kept_apart():
    header = ["Person ID", "Username", "Disabled", "Active"]

    found = table([header, ["77", "ebyrne", "No", "Yes"]], "Accounts")

    assert found.frame["account_disabled"].to_list() == ["false"]
    assert found.frame["account_enabled"].to_list() == ["true"]


def test_an_account_list_keeps_the_numbers_of_students_and_of_staff_apart():
    header = ["Username", "Student Number", "Staff Number", "Home Page"]
    rows = [["ab", "1", None, "Campus Student Portal"], ["kl", "n/a", "7", "Campus Instruction"]]

    found = table([header, *rows], "Accounts")

    assert found.frame["student_number"].to_list() == ["1", None]
    assert found.frame["staff_number"].to_list() == [None, "7"]
    assert "number" not in found.frame.columns


def test_a_mixed_list_is_one_table_for_each_kind_of_people():
    header = ["Role", "Student Number", "Staff Number", "Last Name", "First Name"]
    rows = [
        ["Student", "1", None, "Byrne", "Ann"],
        ["Teacher", None, "7", "Lund", "Kim"],
        ["parent", "1", None, "Byrne", "Eve"],
        ["visitor", None, None, "Reyes", "Pat"],
        [None, None, None, "Cruz", "Tom"],
    ]

    [found] = recognise([grid_of([header, *rows], "People")])
    student, staff, contact = tables(found)

    assert (student.kind, student.frame["number"].to_list()) == ("student", ["1"])
    assert (staff.kind, staff.frame["number"].to_list()) == ("staff", ["7"])
    assert (contact.kind, contact.frame["student_number"].to_list()) == ("contact", ["1"])
    assert [table.frame["_row"].to_list() for table in (student, staff, contact)] == [[2], [3], [4]]
    assert found.rows.to_list() == [2, 3, 4, 5, 6]


def test_a_mixed_list_may_begin_with_many_of_one_kind():
    header = ["Role", "Identifier", "Last Name", "First Name"]
    students = [["student", str(at), "Byrne", "Ann"] for at in range(3000)]

    [found] = recognise([grid_of([header, *students, ["teacher", "7", "Lund", "Kim"]], "users")])

    assert found.kind == "mixed"


def test_something_else_has_no_table():
    [found] = recognise([grid_of([["Day", "Dish"], ["Monday", "Pasta"]], "Menu")])

    assert tables(found) == []


def test_an_empty_table_has_no_rows():
    assert table([HEADER]).frame.height == 0

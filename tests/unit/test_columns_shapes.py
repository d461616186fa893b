"""Tables are found wherever they stand on a sheet, and only people are rows."""

from __future__ import annotations

import pytest

from sheets.columns import recognise
from sheets.errors import NotUnderstood, SheetNotFound
from sheets.grid import Odd, OddKind
from tests.unit.columns_grid import grid_of

HEADER = ["Student Number", "Last Name", "First Name", "Relationship", "Other Phone", "Email"]
EVE = ["40001", "Byrne", "Eve", "Mother", "(585) 555-0101", "eve@example.org"]
TOM = ["40001", "Byrne", "Tom", "Father", "(585) 555-0102", "tom@example.org"]
PAT = ["40002", "Cruz", "Pat", "Mother", "(585) 555-0103", "pat@example.org"]
STAFF = ["Staff Number", "Last Name", "First Name", "Job Title"]
KIM = ["7001", "Lund", "Kim", "Nurse"]
EXPECTED = {
    "student_number": 1,
    "last_name": 2,
    "first_name": 3,
    "relationship": 4,
    "other_phone": 5,
    "email": 6,
}


def only(grid, **options):
    [found] = recognise([grid], **options)
    return found


def columns(found):
    return {field: place.column for field, place in found.fields.items()}


def rows(found):
    return found.rows.to_list()


def test_a_plain_table_is_found():
    found = only(grid_of([HEADER, EVE, TOM, PAT], "Contacts"))

    assert found.kind == "contact"
    assert (found.header_row, found.last_row) == (1, 4)
    assert rows(found) == [2, 3, 4]
    assert columns(found) == EXPECTED
    assert found.area.ref == "A1:F4"
    assert not found.notes


def test_a_table_may_start_anywhere():
    found = only(grid_of([HEADER, EVE], "Contacts", at=(12, 3)))

    assert found.header_row == 12
    assert columns(found) == {field: column + 2 for field, column in EXPECTED.items()}
    assert found.area.ref == "C12:H13"


def test_title_rows_stand_above_the_header():
    titles = [["Lakeview School"], ["Generated on 11/23/2026", None, None, "Page 1"], []]

    found = only(grid_of([*titles, HEADER, EVE, TOM], "Contacts"))

    assert found.header_row == 4
    assert rows(found) == [5, 6]


def test_choices_of_a_report_above_the_header_are_no_header():
    choices = [["School:", "Lakeview", "Grade:", "05"], ["Status:", "Active"]]

    found = only(grid_of([*choices, HEADER, EVE], "Contacts"))

    assert found.header_row == 3
    assert columns(found) == EXPECTED


def test_a_title_merged_over_the_whole_table_is_no_part_of_the_header():
    found = only(grid_of([["Contact"], HEADER, EVE], "Contacts", merged=["A1:F1"]))

    assert found.header_row == 2
    assert found.fields["last_name"].header == "Last Name"
    assert found.area.ref == "A2:F3"


def test_a_header_of_two_lines_is_joined():
    upper = ["Student", "Contact", "Contact", "Relation", "Other", "E-mail"]
    lower = ["Number", "Last Name", "First Name", "Relation", "Phone", "Address"]

    found = only(grid_of([["Lakeview"], upper, lower, EVE], merged=["D2:D3"]))

    assert columns(found) == EXPECTED
    assert found.header_row == 3
    assert found.area.ref == "A2:F4"
    assert found.fields["other_phone"].header == "Other Phone"
    assert found.fields["relationship"].header == "Relation"


def test_a_merged_heading_stands_over_several_columns():
    upper = ["Student", None, None, "Contact", None, None, None]
    lower = ["ID", "First Name", "Last Name", "First Name", "Last Name", "Phone", "Email"]
    row = ["40001", "Ann", "Byrne", "Eve", "Byrne", "555-0101", "eve@example.org"]

    found = only(grid_of([upper, lower, row], "Contacts", merged=["A1:C1", "D1:G1"]))

    assert found.fields["student_first_name"].header == "Student First Name"
    assert columns(found) == {
        "student_number": 1,
        "student_first_name": 2,
        "student_last_name": 3,
        "first_name": 4,
        "last_name": 5,
        "phone": 6,
        "email": 7,
    }


def test_an_upper_heading_reaches_to_the_next_without_being_merged():
    upper = ["Student", None, "Contact", None, None]
    lower = ["Number", "Name", "Last", "First", "Other Phone"]
    row = ["40001", "Byrne, Ann", "Byrne", "Eve", "555-0101"]

    found = only(grid_of([upper, lower, row], "Sheet1"))

    assert columns(found) == {
        "student_number": 1,
        "student_name": 2,
        "last_name": 3,
        "first_name": 4,
        "other_phone": 5,
    }


def test_a_line_break_in_a_heading_is_a_blank():
    found = only(grid_of([[*HEADER[:4], "Other\nPhone", "E-\nmail"], EVE], "Contacts"))

    assert columns(found) == EXPECTED
    assert found.fields["other_phone"].header == "Other Phone"


def test_a_byte_order_mark_and_invisible_blanks_do_no_harm():
    header = ["\ufeffStudent Number", "Last\u00a0Name", "First Name\u200b", *HEADER[3:]]

    assert columns(only(grid_of([header, EVE], "Contacts"))) == EXPECTED


def test_blank_columns_may_stand_between():
    spaced = [[*row[:1], None, *row[1:4], None, *row[4:]] for row in (HEADER, EVE, TOM)]

    found = only(grid_of(spaced, "Contacts"))

    assert columns(found) == {
        "student_number": 1,
        "last_name": 3,
        "first_name": 4,
        "relationship": 5,
        "other_phone": 7,
        "email": 8,
    }


def test_blank_rows_may_stand_between():
    found = only(grid_of([HEADER, [], EVE, [], [" ", None, "\u00a0"], TOM], "Contacts"))

    assert rows(found) == [3, 6]


def test_a_heading_merged_over_two_columns_of_which_one_is_used_counts_once():
    header = ["Student Number", "Last Name", "First Name", "Email", None]
    row = ["40001", "Byrne", "Ann", "ann@example.org"]

    found = only(grid_of([header, row], "Students", merged=["D1:E1"]))

    assert columns(found)["email"] == 4


@pytest.mark.parametrize(
    "total",
    [
        ["Total", None, None, "3"],
        ["Total contacts", "3"],
        ["Count", "3"],
        ["Grand Total: 1,204 records"],
        [None, None, "Total:", "3"],
        ["Number of records", None, None, None, None, "3"],
        ["3 contacts"],
        ["Record Count: 3"],
    ],
)
def test_a_total_at_the_end_is_nobody(total):
    found = only(grid_of([HEADER, EVE, TOM, PAT, [], total], "Contacts"))

    assert rows(found) == [2, 3, 4]
    assert found.last_row == 4
    assert found.notes == ("1 total row is left out",)


def test_a_total_in_a_column_that_is_no_field_is_nobody():
    header = [*HEADER, "Remarks"]

    found = only(grid_of([header, EVE, TOM, [None, "2", *[None] * 4, "Total"]], "Contacts"))

    assert rows(found) == [2, 3]


def test_a_person_called_total_or_count_is_somebody():
    people = [["40003", "Total", "Ann", *PAT[3:]], ["40004", "Count", "Bob", *PAT[3:]]]

    assert rows(only(grid_of([HEADER, *people], "Contacts"))) == [2, 3]


@pytest.mark.parametrize(
    "note",
    [
        ["Page 1 of 1"],
        ["* emergency contacts only"],
        ["Printed 11/23/2026 by the office"],
        ["Note: ask before you call"],
        ["Confidential: do not leave this list where others can see or copy what is in it"],
    ],
)
def test_a_note_below_is_nobody(note):
    found = only(grid_of([HEADER, EVE, TOM, note], "Contacts"))

    assert rows(found) == [2, 3]
    assert found.notes == ("1 note is left out",)


def test_a_note_merged_over_the_table_is_nobody():
    found = only(grid_of([HEADER, EVE, ["Page 2 of 3"], TOM], "Contacts", merged=["A3:F3"]))

    assert rows(found) == [2, 4]


def test_headers_repeated_at_a_page_break_are_nobody():
    found = only(grid_of([HEADER, EVE, [], HEADER, TOM, HEADER, PAT], "Contacts"))

    assert rows(found) == [2, 5, 7]
    assert found.notes == ("2 repeated headers are left out",)


def test_titles_repeated_at_a_page_break_are_nobody():
    title = ["Lakeview School"]

    found = only(grid_of([title, HEADER, EVE, title, HEADER, TOM], "Contacts"))

    assert rows(found) == [3, 6]


def test_a_header_of_two_lines_is_repeated_too():
    upper = ["Student", "Contact", "Contact", None, "Other", None]
    lower = ["Number", "Last Name", "First Name", "Relationship", "Phone", "Email"]

    found = only(grid_of([upper, lower, EVE, [], upper, lower, TOM], "Contacts"))

    assert rows(found) == [3, 7]
    assert found.notes == ("1 repeated header is left out",)


def test_a_small_block_below_the_table_that_is_unlike_it_is_left_out():
    legend = [[], ["05", "12"], ["06", "14"]]

    found = only(grid_of([HEADER, EVE, TOM, PAT, *legend], "Contacts"))

    assert rows(found) == [2, 3, 4]
    assert found.notes == ("2 rows below the table are left out",)


def test_a_person_after_a_blank_row_who_has_a_number_is_somebody():
    found = only(grid_of([HEADER, EVE, TOM, PAT, [], ["40009", "Diaz"]], "Contacts"))

    assert rows(found) == [2, 3, 4, 6]


def test_a_person_with_nothing_but_a_last_name_is_somebody():
    found = only(grid_of([HEADER, EVE, [None, "Diaz"], TOM], "Contacts"))

    assert rows(found) == [2, 3, 4]


def test_a_table_of_the_program_is_taken_as_it_is():
    grid = grid_of(
        [["Lakeview"], HEADER, EVE, TOM, ["Total", "2"], [], ["remember to call"]],
        "Contacts",
        tables={"List": "A2:F5"},
        totals=1,
    )

    found = only(grid)

    assert rows(found) == [3, 4]
    assert found.area.ref == "A2:F4"
    assert not found.notes


def test_a_table_of_the_program_may_begin_far_below_the_first_rows():
    many = [[str(at), "x"] for at in range(300)]
    grid = grid_of([["Item", "Amount"], *many, [], HEADER, EVE], "Lists", tables={"T": "A303:F304"})

    [contacts] = [found for found in recognise([grid]) if found.kind != "other"]

    assert (contacts.kind, contacts.header_row, rows(contacts)) == ("contact", 303, [304])


def test_two_tables_of_the_program_stand_side_by_side_without_a_gap():
    grid = grid_of(
        [[*HEADER, *STAFF], [*EVE, *KIM], [*TOM]],
        "Lists",
        tables={"Contacts": "A1:F3", "Staff": "G1:J2"},
    )

    contacts, staff = recognise([grid])

    assert (contacts.kind, rows(contacts)) == ("contact", [2, 3])
    assert (staff.kind, rows(staff), staff.area.ref) == ("staff", [2], "G1:J2")


def test_a_blank_column_divides_two_tables_that_each_stand_alone():
    grid = grid_of([[*HEADER, None, *STAFF], [*EVE, None, *KIM], [*TOM]], "Lists")

    contacts, staff = recognise([grid])

    assert (contacts.kind, columns(contacts), rows(contacts)) == ("contact", EXPECTED, [2, 3])
    assert (staff.kind, rows(staff), staff.area.ref) == ("staff", [2], "H1:K2")


def test_tables_may_stand_below_each_other():
    grid = grid_of([["Contacts"], HEADER, EVE, TOM, [], ["Staff"], STAFF, KIM], "Lists")

    contacts, staff = recognise([grid])

    assert (contacts.kind, contacts.header_row, rows(contacts)) == ("contact", 2, [3, 4])
    assert (staff.kind, staff.header_row, rows(staff)) == ("staff", 7, [8])


def test_a_second_table_may_begin_far_below_the_first_rows():
    many = [
        [f"4{at:04}", "Byrne", "Eve", "Mother", "555-0101", "e@example.org"] for at in range(300)
    ]
    grid = grid_of([HEADER, *many, [], [None, *STAFF], [None, *KIM]], "Lists")

    contacts, staff = recognise([grid])

    assert rows(contacts) == list(range(2, 302))
    assert (staff.kind, staff.header_row, rows(staff)) == ("staff", 303, [304])
    assert columns(staff) == {"number": 2, "last_name": 3, "first_name": 4, "job_title": 5}


def test_a_header_repeated_far_below_is_nobody():
    many = [
        [f"4{at:04}", "Byrne", "Eve", "Mother", "555-0101", "e@example.org"] for at in range(300)
    ]

    found = only(grid_of([HEADER, *many, HEADER, EVE], "Contacts"))

    assert found.last_row == 303
    assert 302 not in rows(found)


def test_hidden_rows_are_judged_and_told():
    found = only(grid_of([HEADER, EVE, TOM], "Contacts", hidden_rows=3))

    assert rows(found) == [2, 3]
    assert found.notes == ("3 hidden rows are checked too",)


def test_a_sheet_hidden_by_a_program_is_left_alone_and_not_read():
    loads = []
    found = only(grid_of([HEADER, EVE], "Contacts", state="very hidden", loads=loads))

    assert found.kind == "other"
    assert loads == []


def test_a_hidden_sheet_is_read_and_told():
    found = only(grid_of([HEADER, EVE], "Contacts", state="hidden"))

    assert found.kind == "contact"
    assert found.notes == ("the sheet is hidden; it is checked too",)


def test_the_columns_of_an_earlier_run_are_known_and_not_unrecognised():
    header = [*HEADER, "Notes", "Revealed?", "What to fix"]

    found = only(grid_of([header, [*EVE, None, "Yes", None]], "Contacts"))

    assert found.own == {"Revealed?": 8, "What to fix": 9}
    assert found.unrecognised == ["Notes"]
    assert found.area.ref == "A1:I2"


def test_own_columns_right_of_a_table_of_the_program_belong_to_it():
    header = [*HEADER, None, "Revealed?", "What to fix"]
    grid = grid_of([header, [*EVE, None, "No", "x"]], "Contacts", tables={"List": "A1:F2"})

    assert only(grid).own == {"Revealed?": 8, "What to fix": 9}


def test_own_columns_of_tables_below_each_other_are_kept_apart():
    own = ["Revealed?", "What to fix"]
    grid = grid_of(
        [[*HEADER, *own], [*EVE, "Yes"], [], [*STAFF, None, None, *own], [*KIM, None, None, "No"]],
        "Lists",
    )

    contacts, staff = recognise([grid])

    assert contacts.own == staff.own == {"Revealed?": 7, "What to fix": 8}
    assert columns(contacts) == EXPECTED
    assert rows(staff) == [5]


def test_own_columns_of_tables_side_by_side_go_from_left_to_right():
    own = ["Revealed?", "What to fix"]
    grid = grid_of(
        [[*HEADER, None, *STAFF, *own, *own], [*EVE, None, *KIM, "Yes", None, "No", "x"]], "Lists"
    )

    contacts, staff = recognise([grid])

    assert contacts.own == {"Revealed?": 12, "What to fix": 13}
    assert staff.own == {"Revealed?": 14, "What to fix": 15}


def test_a_header_without_rows_is_a_table_without_people():
    found = only(grid_of([HEADER], "Contacts"))

    assert found.kind == "contact"
    assert rows(found) == []
    assert found.last_row == 1


def test_formulas_without_a_result_are_people_and_errors_alone_are_not():
    odd = {
        (3, 2): Odd(OddKind.NO_RESULT),
        (3, 3): Odd(OddKind.NO_RESULT),
        (4, 2): Odd(OddKind.ERROR, "#N/A"),
        (4, 3): Odd(OddKind.ERROR, "#N/A"),
    }

    found = only(grid_of([HEADER, EVE], "Contacts", odd=odd))

    assert rows(found) == [2, 3]
    assert found.notes == ("1 row with nothing but errors is left out",)


def test_an_empty_sheet_is_something_else():
    found = only(grid_of([], "Sheet1"))

    assert found.kind == "other"
    assert found.unrecognised == []


def test_each_sheet_is_read_once():
    loads = []

    only(grid_of([HEADER, EVE, TOM], "Contacts", loads=loads))

    assert len(loads) == 1


def test_columns_that_say_nothing_are_not_read():
    loads = []
    header = [*HEADER, "Shoe size", "Favourite colour"]

    only(grid_of([header, [*EVE, "7", "blue"]], "Contacts", loads=loads))

    assert set(loads[0]) == {1, 2, 3, 4, 5, 6}


def test_only_the_named_sheets_are_looked_at():
    grids = [grid_of([HEADER, EVE], "Contacts"), grid_of([STAFF, KIM], "Staff")]

    assert [found.kind for found in recognise(grids, sheets=["Staff"])] == ["staff"]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are():
    grids = [grid_of([HEADER, EVE], "Contacts"), grid_of([STAFF, KIM], "Staff")]

    with pytest.raises(SheetNotFound) as caught:
        recognise(grids, sheets=["Staf"])

    assert '"Contacts", "Staff"' in caught.value.hint


PEOPLE = [["First Name", "Last Name", "Email"], ["Ann", "Byrne", "ann@example.org"]]


def test_people_who_may_be_anybody_are_asked_about():
    with pytest.raises(NotUnderstood) as caught:
        recognise([grid_of(PEOPLE, "Sheet1")])

    assert caught.value.where == 'sheet "Sheet1"'
    assert "--sheet" in caught.value.hint


def test_beside_known_lists_they_are_left_alone_and_told():
    known, trip = recognise([grid_of([STAFF, KIM], "Staff"), grid_of(PEOPLE, "Field Trip")])

    assert known.kind == "staff"
    assert trip.kind == "other"
    assert "left alone" in trip.notes[0]


def test_in_a_file_of_their_own_they_are_asked_about_all_the_same():
    grids = [grid_of([STAFF, KIM], "Staff", book="a.xlsx"), grid_of(PEOPLE, "trip", book="b.csv")]

    with pytest.raises(NotUnderstood):
        recognise(grids)


def test_the_name_of_a_file_with_one_sheet_tells_who_they_are():
    assert only(grid_of(PEOPLE, "Sheet1", book="staff 2026.csv")).kind == "staff"

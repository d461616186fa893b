"""Where Reveal's own columns go."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from sheets import place
from sheets.columns.model import Found, Place
from sheets.errors import PlaceTaken
from sheets.grid import Area, Cells, Grid, ListObject


def own_columns(one, wanted=place.OWN_HEADERS):
    return place.own_columns([one], wanted)


def found(*, last_column=6, own=None, list_objects=(), filter_area=None, merged=()):
    """A contact table in A4:F20, with its headers in row 4."""
    frame = pl.DataFrame({"_row": pl.Series([5, 6], dtype=pl.UInt32)})
    cells = Cells(frame, {}, last_row=20, last_column=last_column)
    grid = Grid(
        "Contacts",
        {},
        lambda _columns: cells,
        list_objects=list_objects,
        filter=filter_area,
        merged=merged,
        book="contacts.xlsx",
    )
    fields = {"first_name": Place("First Name", 1), "other_phone": Place("Other Phone", 6)}
    area = Area(4, 1, 20, 6)
    return Found(grid, "contact", 4, 20, frame["_row"], area, fields, (), own or {}, cells)


def test_the_columns_come_after_the_last_used_column():
    assert own_columns(found()) == {"Revealed?": 7, "What to fix": 8}
    assert own_columns(found(last_column=30)) == {"Revealed?": 31, "What to fix": 32}


def test_the_columns_stay_out_of_merged_areas_beside_the_table_but_not_above_it():
    title, beside = Area.parse("A1:L1"), Area.parse("F9:H9")

    assert own_columns(found(merged=[title]))["Revealed?"] == 7
    assert own_columns(found(merged=[title, beside]))["Revealed?"] == 9


def test_a_second_run_uses_its_own_columns_again():
    own = {"Revealed?": 9, "What to fix": 10}

    assert own_columns(found(last_column=12, own=own)) == own


def test_a_column_that_was_deleted_comes_back_at_the_end():
    columns = own_columns(found(last_column=7, own={"Revealed?": 7}))

    assert columns == {"Revealed?": 7, "What to fix": 8}


def test_further_columns_come_after_those_that_are_there():
    wanted = [*place.OWN_HEADERS, place.ROLL_UP_HEADER, *place.own_headers("Guardian 1")]

    columns = own_columns(found(last_column=8, own={"Revealed?": 7, "What to fix": 8}), wanted)

    assert list(columns.items()) == [
        ("Revealed?", 7),
        ("What to fix", 8),
        ("Revealed guardians", 9),
        ("Revealed? (Guardian 1)", 10),
        ("What to fix (Guardian 1)", 11),
    ]


def test_columns_of_a_group_that_is_no_more_leave_no_gap():
    own = {
        header: column
        for column, header in enumerate(
            [*place.OWN_HEADERS, *place.own_headers("Mother"), *place.own_headers("Father")], 7
        )
    }

    columns = own_columns(
        found(last_column=12, own=own), [*place.OWN_HEADERS, *place.own_headers("Father")]
    )

    assert list(columns.values()) == [7, 8, 9, 10]


def test_columns_are_used_again_whatever_the_case_of_their_headers():
    own = {"Revealed? (GUARDIAN 1)": 7, "What to fix (GUARDIAN 1)": 8}

    columns = own_columns(found(last_column=8, own=own), place.own_headers("Guardian 1"))

    assert columns == {"Revealed? (Guardian 1)": 7, "What to fix (Guardian 1)": 8}


@pytest.mark.parametrize("what", ["table", "filter"])
def test_beside_a_table_or_filter_the_columns_must_touch_it(what):
    area = Area.parse("A4:F20")
    shape = (
        {"list_objects": [ListObject("Contacts", area)]}
        if what == "table"
        else {"filter_area": area}
    )

    assert own_columns(found(**shape)) == {"Revealed?": 7, "What to fix": 8}
    with pytest.raises(PlaceTaken, match=f"The {what} A4:F20 ends at column F, but column I"):
        own_columns(found(last_column=9, **shape))


def test_a_table_elsewhere_on_the_sheet_does_not_matter():
    elsewhere = ListObject("Legend", Area.parse("A1:B2"))

    assert own_columns(found(last_column=9, list_objects=[elsewhere]))["Revealed?"] == 10


def grid_of(rows):
    """A grid of text rows, counted from 1."""
    width = max(len(row) for row in rows)

    def load(columns):
        frame = pl.DataFrame(
            {
                "_row": pl.Series(range(1, len(rows) + 1), dtype=pl.UInt32),
                **{
                    str(column): pl.Series(
                        [row[column - 1] if column <= len(row) else None for row in rows],
                        dtype=pl.String,
                    )
                    for column in columns
                },
            }
        )
        return Cells(frame, {}, len(rows), width)

    head = {
        at: {column: text for column, text in enumerate(row, 1) if text is not None}
        for at, row in enumerate(rows, 1)
    }
    return Grid("Contacts", head, load)


def test_earlier_columns_are_found_by_their_headers_and_end_with_the_last_verdict():
    grid = grid_of(
        [
            ["Contacts of Lincoln School"],
            ["Last Name", "Revealed?", "What to fix"],
            ["Byrne", "Yes", None],
            ["Okoye", "No", '"Email" is blank'],
            [None, None, "a remark of the office"],
        ]
    )

    [patch] = place.earlier(grid)

    assert (patch.header_row, patch.last_row, patch.replaces) == (2, 4, (2, 3))
    assert patch.columns == ()


def test_columns_of_groups_are_cleared_with_the_rest_whatever_their_case_and_blanks():
    grid = grid_of(
        [
            [
                "Last Name",
                "REVEALED?",
                "What  to fix",
                "Revealed? (Mother)",
                "what to fix (Mother)",
            ],
            ["Byrne", "Yes", None, "No", '"Mother Email" is blank'],
            ["Okoye", "Yes", None, None, None],
        ]
    )

    [patch] = place.earlier(grid)

    assert (patch.header_row, patch.last_row, patch.replaces) == (1, 3, (2, 3, 4, 5))


def test_groups_of_one_table_do_not_stand_apart_and_lists_side_by_side_do():
    one = found()
    group = replace(one, group="Mother")
    other = replace(one, area=Area(4, 9, 20, 12))

    place.require_apart([one, group])
    with pytest.raises(PlaceTaken, match="side by side"):
        place.require_apart([one, group, other])


def test_stacked_tables_are_each_cleared():
    table = [["Last Name", "Revealed?", "What to fix"], ["Byrne", "Unknown", "x"]]
    grid = grid_of([*table, [None], *table])

    assert [(patch.header_row, patch.last_row) for patch in place.earlier(grid)] == [(1, 2), (4, 5)]


def test_a_sheet_without_earlier_columns_has_nothing_to_clear():
    assert list(place.earlier(grid_of([["Last Name"], ["Byrne"]]))) == []


def test_sentences_whose_verdicts_were_deleted_by_hand_are_cleared_to_the_last():
    rows = [["Last Name", "What to fix"], ["Byrne", None], ["Okoye", '"Email" is blank']]

    [patch] = place.earlier(grid_of(rows))

    assert (patch.header_row, patch.last_row, patch.replaces) == (1, 3, (2,))

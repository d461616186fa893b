"""Where Reveal's own columns go."""

from __future__ import annotations

import polars as pl
import pytest

from sheets import place
from sheets.columns.model import Found, Place
from sheets.errors import PlaceTaken
from sheets.grid import Area, Cells, Grid, ListObject


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
    assert place.own_columns(found()) == {"Revealed?": 7, "What to fix": 8}
    assert place.own_columns(found(last_column=30)) == {"Revealed?": 31, "What to fix": 32}


def test_the_columns_stay_out_of_merged_areas_beside_the_table_but_not_above_it():
    title, beside = Area.parse("A1:L1"), Area.parse("F9:H9")

    assert place.own_columns(found(merged=[title]))["Revealed?"] == 7
    assert place.own_columns(found(merged=[title, beside]))["Revealed?"] == 9


def test_a_second_run_uses_its_own_columns_again():
    own = {"Revealed?": 9, "What to fix": 10}

    assert place.own_columns(found(last_column=12, own=own)) == own


def test_a_column_that_was_deleted_comes_back_at_the_end():
    columns = place.own_columns(found(last_column=7, own={"Revealed?": 7}))

    assert columns == {"Revealed?": 7, "What to fix": 8}


@pytest.mark.parametrize("what", ["table", "filter"])
def test_beside_a_table_or_filter_the_columns_must_touch_it(what):
    area = Area.parse("A4:F20")
    shape = (
        {"list_objects": [ListObject("Contacts", area)]}
        if what == "table"
        else {"filter_area": area}
    )

    assert place.own_columns(found(**shape)) == {"Revealed?": 7, "What to fix": 8}
    with pytest.raises(PlaceTaken, match=f"The {what} A4:F20 ends at column F, but column I"):
        place.own_columns(found(last_column=9, **shape))


def test_a_table_elsewhere_on_the_sheet_does_not_matter():
    elsewhere = ListObject("Legend", Area.parse("A1:B2"))

    assert place.own_columns(found(last_column=9, list_objects=[elsewhere]))["Revealed?"] == 10


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


def test_stacked_tables_are_each_cleared():
    table = [["Last Name", "Revealed?", "What to fix"], ["Byrne", "Unknown", "x"]]
    grid = grid_of([*table, [None], *table])

    assert [(patch.header_row, patch.last_row) for patch in place.earlier(grid)] == [(1, 2), (4, 5)]


def test_a_sheet_without_earlier_columns_has_nothing_to_clear():
    assert list(place.earlier(grid_of([["Last Name"], ["Byrne"]]))) == []

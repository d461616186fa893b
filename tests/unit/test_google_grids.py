"""A tab of Google Sheets as a grid: what stands where, merged, hidden, renamed, protected."""

from __future__ import annotations

import pytest

from sheets.books.google import grids
from sheets.grid import HEAD_ROWS, Area, Odd, OddKind
from tests.unit.google_tabs import tab

ROWS = [["Name", "Phone"], ["Byrne", "555-0101"], ["Okoye", None]]


def area(top=None, bottom=None, left=None, right=None):
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    edges = zip(names, (top, bottom, left, right), strict=True)
    return {"sheetId": 7} | {name: each for name, each in edges if each is not None}


def loaded(grid, *columns):
    frame = grid.load(columns).frame
    return [list(row) for row in frame.drop("_row").iter_rows()]


def test_the_head_holds_the_first_rows_that_hold_something():
    rows = [[], ["Roster"], [], *([str(at), None, "x"] for at in range(HEAD_ROWS + 5))]

    head = grids.of(tab(rows)).head

    assert len(head) == HEAD_ROWS
    assert list(head)[:3] == [2, 4, 5]
    assert head[4] == {1: "0", 3: "x"}


def test_all_rows_of_the_asked_columns_are_loaded_and_blank_cells_are_null():
    grid = grids.of(tab([*ROWS, [], [None, None, "a remark"]]))

    cells = grid.load([2, 1, 9])

    assert cells.frame.columns == ["_row", "1", "2", "9"]
    assert cells.frame.rows()[:2] == [(1, "Name", "Phone", None), (2, "Byrne", "555-0101", None)]
    assert cells.frame["_row"].to_list() == [1, 2, 3, 4, 5]
    assert (cells.last_row, cells.last_column) == (5, 3)


def test_errors_are_told_by_their_place():
    error = {"effectiveValue": {"errorValue": {"type": "N_A"}}, "formattedValue": "#N/A"}

    cells = grids.of(tab([["Name", "Phone"], ["Byrne", error]])).load([2])

    assert cells.odd == {(2, 2): Odd(OddKind.ERROR, "#N/A")}
    assert cells.frame["2"].to_list() == ["Phone", None]


def test_a_merged_area_gives_its_value_in_all_its_cells():
    merged = [area(0, 1, 0, 2), area(1, 3, 1, 2)]

    grid = grids.of(tab([["Names", None], ["Byrne", "555"], ["Okoye", None]], merges=merged))

    assert grid.head == {
        1: {1: "Names", 2: "Names"},
        2: {1: "Byrne", 2: "555"},
        3: {1: "Okoye", 2: "555"},
    }
    assert loaded(grid, 1, 2) == [["Names", "Names"], ["Byrne", "555"], ["Okoye", "555"]]
    assert grid.merged == [Area(1, 1, 1, 2), Area(2, 2, 3, 2)]


def test_rows_that_are_hidden_are_read_and_counted():
    grid = grids.of(tab(ROWS, hidden=(2, 9)))

    assert (loaded(grid, 1), grid.load([1]).hidden_rows) == ([["Name"], ["Byrne"], ["Okoye"]], 1)


def test_an_own_column_that_was_renamed_is_under_its_own_header_again():
    rows = [["Name", "Seen?", "Why"], ["Byrne", "Yes", None]]

    grid = grids.of(tab(rows, columns={2: "Revealed?", 3: "What to fix"}))

    assert grid.head[1] == {1: "Name", 2: "Revealed?", 3: "What to fix"}
    assert loaded(grid, 2, 3) == [["Revealed?", "What to fix"], ["Yes", None]]


def test_an_own_column_under_its_header_is_left_as_it_is():
    rows = [["Title", None], ["Name", "Revealed?"], ["Byrne", "Yes"]]

    grid = grids.of(tab(rows, columns={2: "Revealed?"}))

    assert loaded(grid, 1, 2) == [["Title", None], ["Name", "Revealed?"], ["Byrne", "Yes"]]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"hidden": True}, "hidden"),
        ({}, "visible"),
    ],
)
def test_whether_a_tab_is_hidden(given, found):
    made = tab(ROWS)
    made.raw["properties"].update(given)

    assert grids.of(made).state == found


def test_a_range_without_an_end_goes_to_the_edge_of_the_grid():
    made = tab(ROWS, size=(10, 5))

    assert grids.area({}, made) == Area(1, 1, 10, 5)
    assert grids.area(area(1, None, 1, 2), made) == Area(2, 2, 10, 2)


def test_tables_and_the_filter_are_told():
    people = {"tableId": "t1", "name": "People", "range": area(0, 3, 0, 2)}
    footed = people | {"tableId": "t2", "rowsProperties": {"footerColorStyle": {}}}
    grid = grids.of(tab(ROWS, tables=[people, footed], basicFilter={"range": area(0, 3, 0, 1)}))

    assert [(one.name, one.area.ref, one.totals_rows) for one in grid.list_objects] == [
        ("People", "A1:B3", 0),
        ("People", "A1:B3", 1),
    ]
    assert grid.filter == Area(1, 1, 3, 1)
    assert grids.of(tab(ROWS)).filter is None


def guarded(given, **more):
    return tab(ROWS, protectedRanges=[{"range": given, **more}])


@pytest.mark.parametrize(
    ("made", "whole", "found"),
    [
        (guarded(area()), True, "A1:B3"),
        (guarded(area(left=1)), False, "B1:B3"),
        (guarded(area(1, 2, 0, 1)), False, None),
        (guarded(area(0, 2)), False, "A1:B2"),
        (guarded(area(), requestingUserCanEdit=True), False, None),
        (guarded(area(), warningOnly=True), False, None),
        (guarded(area(), unprotectedRanges=[area(left=1)]), False, None),
        (guarded(area(), unprotectedRanges=[area(1, 2)]), False, "A1:B3"),
        (tab(ROWS, protectedRanges=[{"namedRangeId": "x"}]), False, None),
    ],
)
def test_what_keeps_us_from_changing_some_cells(made, whole, found):
    closed = grids.closed(made, [(1, 2), (2, 2)])

    assert grids.is_protected(made) == grids.of(made).protected == whole
    assert (closed.ref if closed else None) == found


def test_a_column_that_is_about_to_be_added_is_in_a_sheet_that_is_protected():
    assert grids.closed(guarded(area()), [(1, 9)])
    assert grids.closed(guarded(area(0, 3, 0, 2)), [(1, 9)]) is None

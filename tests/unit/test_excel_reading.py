"""What is read of a workbook that is open in Excel."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sheets.errors import CannotRead
from sheets.grid import Area, Odd, OddKind
from sheets.testing import TITLE
from tests.emulators.excel.model import ERRORS, Cell
from tests.emulators.excel.samples import Room


def column(room, at=1):
    """The texts of a column, below its heading."""
    [grid] = room.book().read()
    return grid.load([at]).frame[str(at)].to_list()[1:]


def test_numbers_dates_and_truths_are_text():
    room = Room({TITLE: [["Value"], [5855551234.0], [1.5], [True], [46349.0], [46349.5], [0.25]]})
    for row, form in {5: "m/d/yyyy", 6: "yyyy-mm-dd h:mm", 7: "h:mm"}.items():
        room.sheet.formats[row, 1] = form

    assert column(room) == [
        "5855551234",
        "1.5",
        "TRUE",
        "2026-11-23",
        "2026-11-23T12:00:00",
        "06:00:00",
    ]


def test_an_amount_of_money_is_a_number():
    room = Room({TITLE: [["Value"], [1.0]]})
    room.sheet.cells[2, 1] = Cell(Decimal("12.5000"))

    assert column(room) == ["12.5"]


def test_a_format_with_zeros_is_honoured_wherever_it_is():
    room = Room({TITLE: [["Number"], *([float(row)] for row in range(2, 40))]})
    for row in range(2, 40):
        room.sheet.formats[row, 1] = "000000" if row % 10 else "General"

    told = column(room)

    assert told == [str(row).zfill(6 if row % 10 else 1) for row in range(2, 40)]


def test_a_format_of_all_cells_is_asked_once():
    room = Room({TITLE: [["Number"], [42.0], [43.0]]})
    room.sheet.formats |= dict.fromkeys([(1, 1), (2, 1), (3, 1)], "000-00-0000")

    assert column(room) == ["000-00-0042", "000-00-0043"]
    assert room.excel.trips["Range.NumberFormat"] == 1


def test_no_address_is_longer_than_excel_takes_it():
    wide = 150
    room = Room({TITLE: [["Number"] * wide, *([float(row)] * wide for row in range(2, 5))]})
    for row in range(2, 5):
        room.sheet.formats[row, wide - 1] = "000000"

    assert column(room, wide - 1) == ["000002", "000003", "000004"]
    assert column(room, wide) == ["2", "3", "4"]


def test_what_is_too_mixed_is_read_without_formats_and_asked_no_further():
    room = Room({TITLE: [["Number"], *([float(row)] for row in range(2, 1000))]})
    for row in range(2, 1000, 2):
        room.sheet.formats[row, 1] = "000000"

    assert len(column(room)) == 998
    assert room.excel.trips["Range.NumberFormat"] <= 81


def test_errors_and_formulas_are_known():
    room = Room({TITLE: [["A", "B"], ["x", "y"], ["x", "y"]]})
    room.sheet.enter((2, 1), "=NA()")
    room.sheet.enter((3, 1), "=1+1")
    room.sheet.enter((3, 2), "'=1+1")
    room.sheet.cells[2, 2] = Cell(-2146826288 + 43)

    [grid] = room.book().read()
    cells = grid.load([1, 2])

    assert cells.odd == {
        (2, 1): Odd(OddKind.ERROR, "#N/A"),
        (2, 2): Odd(OddKind.NO_RESULT, "#GETTING_DATA"),
    }
    assert cells.frame["1"].to_list() == ["A", None, "2"]
    assert cells.frame["2"].to_list() == ["B", None, "=1+1"]
    assert ERRORS["#N/A"] == -2146826288 + 42


def test_hidden_and_filtered_rows_are_counted_and_read_like_all_others():
    room = Room({TITLE: [["Name"], ["Byrne"], ["Abara"], [], ["Tran"]]})
    room.filter("A1:A5", f1="Tran")

    [grid] = room.book().read()
    cells = grid.load([1])

    assert cells.hidden_rows == 2
    assert cells.frame["1"].to_list() == ["Name", "Byrne", "Abara", None, "Tran"]
    assert grid.filter == Area.parse("A1:A5")


def test_tables_are_told_with_their_rows_of_headers_and_totals():
    room = Room()
    room.table("A1:C4", totals=True)

    [grid] = room.book().read()
    [table] = grid.list_objects

    assert (table.name, table.area, table.header_rows, table.totals_rows) == (
        "People",
        Area.parse("A1:C4"),
        1,
        1,
    )


def test_a_merged_area_tells_its_value_in_all_its_cells():
    room = Room({TITLE: [["Roster", None, None], ["A", "B", "C"], *(["1", "2", "3"],) * 40]})
    room.sheet.merged += [Area.parse("A1:C1"), Area.parse("B20:B21")]
    del room.sheet.cells[21, 2]

    [grid] = room.book().read()

    assert grid.head[1] == {1: "Roster", 2: "Roster", 3: "Roster"}
    assert grid.merged == [Area.parse("A1:C1"), Area.parse("B20:B21")]
    assert grid.load([2]).frame["2"][20] == "2"


def test_a_list_may_start_anywhere():
    room = Room({TITLE: [[], [], [None, None, "Name"], [None, None, "Byrne"]]})

    [grid] = room.book().read()
    cells = grid.load([3])

    assert grid.head == {3: {3: "Name"}, 4: {3: "Byrne"}}
    assert (cells.last_row, cells.last_column) == (4, 3)
    assert cells.frame.rows() == [(3, "Name"), (4, "Byrne")]


def test_an_empty_sheet_is_empty():
    [grid] = Room({TITLE: []}).book().read()

    assert (grid.head, grid.load([1]).last_row) == ({}, 0)


@pytest.mark.parametrize(("visible", "state"), [(-1, "visible"), (0, "hidden"), (2, "very hidden")])
def test_hidden_sheets_are_told(visible, state):
    room = Room({TITLE: [["Name"]]})
    room.sheet.visible = visible

    assert room.book().read()[0].state == state


def test_reading_changes_nothing():
    room = Room()
    room.theirs()
    before = room.state()

    room.book().read()

    assert (room.state(), room.workbook.revision) == (before, 0)


def test_a_date_that_is_no_day_does_not_hinder_the_others():
    room = Room({TITLE: [["Value"], [46349.0], [2e9]]})
    room.sheet.formats |= dict.fromkeys([(2, 1), (3, 1)], "m/d/yyyy")

    assert column(room) == ["2026-11-23", "2000000000"]


def test_formats_far_below_are_not_read():
    room = Room({TITLE: [["Name"], ["Byrne"]]})
    room.sheet.formats[1_048_576, 9] = "0.00"

    assert column(room) == ["Byrne"]


def test_a_cell_at_the_other_end_of_the_sheet_is_said():
    room = Room({TITLE: [["Name"], ["Byrne"]]})
    room.sheet.enter((1_048_576, 16_384), "x")

    with pytest.raises(CannotRead, match="XFD1048576"):
        room.book().read()


def test_the_filter_of_a_table_is_the_table_s():
    room = Room()
    room.table("A1:C4")
    room.filter("A1:C4")

    assert room.book().read()[0].filter is None

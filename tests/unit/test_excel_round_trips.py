"""How often Excel is asked: the same for any number of rows.

Every property that is got or set and every method that is called counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from sheets.grid import Mark
from sheets.testing import TITLE, cleared, verdicts
from tests.emulators.excel.samples import Room

PER_WRITE = 11
"""Excel itself, three of its settings read, set and set back, and whether it is read-only."""

BLOCKS = ("Range.Value", "Range.Formula", "Range.Value=")


def people(rows):
    """A list with numbers that a format pads, and blanks."""
    heads = ("Number", "Name", "Phone")
    cells = ((float(row), "Byrne", None if row % 3 else "555-0101") for row in range(rows))
    room = Room({TITLE: [heads, *cells]})
    room.sheet.formats |= {(row, 1): "000000" for row in range(2, rows + 2)}
    return room


def wanted(rows, marks=1):
    at = range(2, rows + 2)
    patch = verdicts()
    own = [replace(one, values=[one.values[1]] * rows) for one in patch.columns]
    few = tuple(
        Mark(column, patch.marks[0].shade, patch.marks[0].formula) for column in range(1, marks + 1)
    )
    return replace(patch, last_row=at[-1], rows=at, columns=own, marks=few)


def trips(room, do):
    """What was asked, and how often."""
    before = Counter(room.excel.trips)
    do()
    return room.excel.trips - before


def of_all(rows):
    """The round trips of reading, of a first check, of a second one, and of clearing."""
    room = people(rows)
    book = room.book()
    yield trips(room, book.read)
    yield trips(room, lambda: book.write([wanted(rows)]))
    yield trips(room, lambda: room.write(wanted(rows)))
    yield trips(room, lambda: room.write(cleared(wanted(rows))))


def test_they_are_the_same_for_any_number_of_rows():
    assert list(of_all(9)) == list(of_all(3000))


def test_cells_travel_in_whole_blocks():
    reading, writing, *_ = of_all(50)

    assert [reading[one] for one in BLOCKS] == [1, 1, 0]
    # Is it still what was judged? Then it is entered, and looked at.
    assert [writing[one] for one in BLOCKS] == [1, 1, 1]


@pytest.mark.parametrize("more", [1, 4])
def test_a_sheet_is_read_in_fifteen(more):
    def count(sheets):
        room = Room({f"{TITLE} {at}": [["Name"], ["Byrne"]] for at in range(sheets)})
        return trips(room, room.book().read).total()

    assert count(1 + more) - count(1) == more * 13
    assert count(1) <= 15


def test_formats_of_one_column_that_pads_are_two_more():
    reading, *_ = of_all(50)
    # One question about all cells has no one answer; the one about the numbers has.
    assert reading["Range.NumberFormat"] == 2
    assert reading.total() <= 18


def test_a_sheet_is_written_in_a_handful_and_five_for_each_highlight():
    def count(marks):
        room = people(20)
        book = room.book()
        book.read()
        return trips(room, lambda: book.write([wanted(20, marks)])).total()

    assert count(3) - count(1) == 2 * 5
    assert count(1) - 5 - PER_WRITE <= 25


def test_a_second_check_that_changes_nothing_sets_nothing():
    *_, second, _ = of_all(20)

    changes = [one for one in second if one.endswith(("=", "Add()", "Delete()", "AddComment()"))]
    assert {one.split(".")[0] for one in changes} == {"Application"}

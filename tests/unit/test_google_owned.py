"""Which columns of a tab are Reveal's, whatever becomes of their headers."""

from __future__ import annotations

import pytest

from sheets.books.google import cells, owned
from sheets.grid import TAG
from tests.unit.google_tabs import cell

WRITTEN = ["Revealed?", "Yes", None, "No"]
LOOKED_UP = {"userEnteredValue": {"formulaValue": f'=IF(N("{TAG}")=0,"Yes")'}}


def column(values):
    return list(map(cell, values))


def find(*columns, header="Revealed?", written=WRITTEN, times=1):
    """What is found of columns of which the last one was written by Reveal."""
    rows = [list(row) for row in zip(*map(column, columns), strict=True)]
    value = owned.Owned(0, header, owned.mark(column(written))).value
    tags = [
        {"metadataId": at, "metadataKey": owned.COLUMN, "metadataValue": value}
        for at in range(1, times + 1)
    ]
    lines = [{} for _ in columns[1:]]
    return owned.find(rows, [*lines, {"developerMetadata": tags}])


def test_a_column_under_its_header_is_reveals_whatever_it_holds():
    own, stray = find(["Name", "a", "b", "c"], ["Revealed?", "No", "Maybe", "x"])

    assert {at: one.header for at, one in own.items()} == {2: "Revealed?"}
    assert stray == []


@pytest.mark.parametrize(
    "held",
    [
        ["Seen?", "Yes", None, "No"],
        ["Seen?", "No", "Yes", None],
        [None, "Seen?", "No", "Yes"],
    ],
)
def test_a_column_that_was_renamed_is_reveals_as_long_as_it_holds_what_was_written(held):
    """Its rows may be sorted, and a title may have come above it."""
    own, stray = find(held)

    assert (list(own), stray) == ([1], [])


@pytest.mark.parametrize(
    "held",
    [
        ["Bus", "12", "7", None],
        ["Seen?", "Yes", "Yes", "No"],
        ["Seen?", "Yes", None, "no"],
        [None, None, None, None],
    ],
)
def test_a_column_that_is_used_for_something_else_is_not_reveals(held):
    assert find(held) == ({}, [1])


def test_cells_that_look_up_what_they_show_are_known_by_that():
    written = ["Revealed?", LOOKED_UP, LOOKED_UP, None]

    own, _ = find(["Seen?", LOOKED_UP, None, LOOKED_UP], written=written)
    assert list(own) == [1]
    assert find(["Seen?", "Yes", "No", None], written=written) == ({}, [1])


def test_a_second_tag_on_a_column_is_one_too_many():
    own, stray = find(WRITTEN, times=2)

    assert (own[1].id, stray) == (1, [2])


def test_other_metadata_say_nothing():
    tag = {"metadataId": 1, "metadataKey": "theirs", "metadataValue": "Revealed? x"}

    assert owned.find([[cells.of_text("Revealed?")]], [{"developerMetadata": [tag]}]) == ({}, [])


def test_the_mark_tells_no_word():
    assert owned.mark(column(["What to fix", "Ann Byrne"])).isalnum()
    assert len(owned.mark([])) == len(owned.mark(column(WRITTEN))) == 16

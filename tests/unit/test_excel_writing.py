"""What is written into a workbook that is open in Excel, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sheets.errors import CannotWrite, PlaceTaken
from sheets.grid import Area, Mark, Patch, Shade
from sheets.testing import ROWS, TITLE, cleared, own_sheet, verdicts
from tests.emulators.excel import tongue
from tests.emulators.excel.model import Note
from tests.emulators.excel.samples import THEIRS, Room


def test_the_rules_notes_and_widths_of_the_office_stay():
    room = Room()
    room.theirs()
    before = room.state()

    room.write(verdicts())
    assert [rule.kind for rule in room.sheet.rules] == [2, 3, 2]
    assert room.sheet.rules[0].formula == THEIRS
    assert room.sheet.rules[2].colour == 0x83B1F4
    assert room.sheet.notes[1, 1].text == "Ask the registrar"
    assert room.sheet.notes[1, 4].text == "Written by Reveal."
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_own_columns_are_as_wide_as_wished_and_give_it_back():
    room = Room()
    room.sheet.widths[5] = 3.5
    before = room.state()

    room.write(verdicts())
    assert (room.sheet.widths[4], room.sheet.widths[5]) == (11, 40)
    assert room.sheet.wrapped == {(2, 5), (3, 5), (4, 5)}
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_a_width_that_somebody_has_chosen_since_stays():
    room = Room()
    room.write(verdicts())
    room.sheet.widths[5] = 77

    room.write(replace(verdicts(), note="Written by Reveal. Another day.", replaces=(4, 5)))

    assert room.sheet.widths[5] == 77
    assert room.sheet.notes[1, 4].text == "Written by Reveal. Another day."


def test_somebody_s_note_on_the_own_header_stays():
    room = Room()
    room.sheet.notes[1, 4] = Note("Mine")
    before = room.state()

    room.write(verdicts())
    assert room.sheet.notes == {(1, 4): Note("Mine")}
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_a_table_takes_in_the_columns_and_lets_them_go():
    room = Room()
    room.table("A1:C4")
    before = room.state()

    room.write(verdicts())
    assert room.sheet.tables[0].area == Area.parse("A1:E4")
    room.write(verdicts())
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_a_table_with_a_column_of_the_same_name_is_refused():
    room = Room({TITLE: [("Number", "what to fix", "Phone"), *ROWS[1:]]})
    room.table("A1:C4")
    before = room.state()

    with pytest.raises(PlaceTaken):
        room.write(verdicts())

    assert room.state() == before


def test_a_table_that_a_query_fills_is_refused():
    room = Room()
    room.table("A1:C4", source=3)

    with pytest.raises(CannotWrite, match="query"):
        room.write(verdicts())

    assert room.workbook.revision == 0


def test_own_columns_in_the_middle_of_a_table_cannot_be_taken_away():
    room = Room(
        {TITLE: [(*ROWS[0], "Revealed?", "Bus"), *((*row, "Yes", "7") for row in ROWS[1:])]}
    )
    room.table("A1:E4")

    with pytest.raises(CannotWrite, match="middle"):
        room.write(Patch(TITLE, 1, 4, replaces=(4,)))


def test_a_filter_takes_in_the_columns_and_the_same_rows_stay_away():
    room = Room()
    room.filter("A1:C4", f2="Byrne")
    before = room.state()
    assert room.sheet.hidden == {3, 4}

    room.write(verdicts())
    assert room.sheet.filter.area == Area.parse("A1:E4")
    assert room.sheet.hidden == {3, 4}
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_a_filter_on_an_own_column_goes_with_it():
    room = Room()
    room.filter("A1:C4")
    before = room.state()
    room.write(verdicts())

    room.filter("A1:E4", f4="No")
    assert room.sheet.hidden == {2, 4}
    room.write(cleared(verdicts()))

    assert room.state() == before


def test_a_filter_by_colour_cannot_be_made_again_so_nothing_is_written():
    room = Room()
    room.filter("A1:C4")
    room.sheet.filter.criteria[2] = ("255", 8, None)
    before = room.state()

    with pytest.raises(CannotWrite, match="Data > Clear"):
        room.write(verdicts())

    assert room.state() == before


def test_a_filter_that_ends_elsewhere_is_refused():
    room = Room()
    room.filter("A1:B4")

    with pytest.raises(PlaceTaken, match="A1:B4"):
        room.write(verdicts())

    assert room.workbook.revision == 0


def test_text_that_is_lost_in_hidden_rows_is_noticed_and_all_is_taken_back():
    room = Room()
    room.sheet.hidden = {3}
    room.excel.swallows = True
    before = room.state()

    with pytest.raises(CannotWrite, match="taken back"):
        room.write(verdicts())

    assert room.state() == before


def test_a_merged_area_where_the_result_belongs_is_refused():
    room = Room()
    room.sheet.merged.append(Area.parse("D3:F3"))
    before = room.state()

    with pytest.raises(PlaceTaken, match="D3:F3"):
        room.write(verdicts(column=5))

    assert room.state() == before


def test_blank_rows_do_not_divide_a_block():
    room = Room({TITLE: [ROWS[0], *[row for one in ROWS[1:] for row in (one, ())]]})

    room.write(verdicts(rows=(2, 4, 6)))

    assert room.excel.trips["Range.Value="] == 1


def test_what_stands_below_in_the_same_column_is_not_touched():
    room = Room({TITLE: [*ROWS, (), (None, None, None, "mine"), ROWS[0], *ROWS[1:]]})
    before = room.state()
    both = [verdicts(), verdicts(rows=(8, 9, 10), head=7)]

    room.write(*both)
    assert [row[3] for row in room.texts()][5] == "mine"
    room.write(*map(cleared, both))

    assert room.state() == before


def test_what_stands_between_two_lists_of_different_width_is_not_touched():
    room = Room({TITLE: [*ROWS, ROWS[0], *ROWS[1:]]})
    room.sheet.enter((7, 5), "=1+1")
    one = replace(verdicts(rows=(6, 7, 8), head=5), columns=verdicts().columns[:1])

    room.write(verdicts(), one)

    assert room.sheet.cells[7, 5].formula == "=1+1"
    assert [row[3] for row in room.texts()] == ["Revealed?", "Yes", "No", "Yes"] * 2


def test_formulas_of_highlights_are_in_the_language_of_excel_without_a_trace():
    room = Room(german=True)
    room.sheet.of_columns[1] = "@"
    before = room.state()

    room.write(verdicts())

    [rule] = room.sheet.rules
    assert rule.formula == verdicts().marks[0].formula
    assert {*tongue.GERMAN.values()} & tongue.names(tongue.to_german(rule.formula))
    room.write(cleared(verdicts()))
    assert room.state() == before


def test_the_same_highlights_are_known_in_any_language():
    room = Room(german=True)
    room.write(verdicts())
    revision = room.workbook.revision

    room.write(verdicts())

    assert room.workbook.revision == revision


@pytest.mark.parametrize("german", [False, True])
def test_a_formula_that_is_too_long_is_divided(german):
    tests = [f'IFERROR(ISNUMBER(FIND("; {at:03}, (",INDEX($E:$E,ROW()))),FALSE)' for at in range(9)]
    long = f'=AND(N("reveal:v1")=0,OR({",".join(tests)}))'
    room = Room(german=german)
    room.excel.longest_rule = 255
    before = room.state()
    patch = replace(verdicts(), marks=(Mark(3, Shade.MISSING, long),))

    room.write(patch)
    assert [rule.formula for rule in room.sheet.rules] == [
        f'=AND(N("reveal:v1")=0,{test})' for test in tests
    ]
    room.write(cleared(patch))

    assert room.state() == before


def test_a_new_sheet_takes_nobody_s_sight():
    room = Room({TITLE: ROWS, "Other": [["x"]]})
    room.workbook.active = room.workbook.sheets[0]

    room.write(verdicts(), own=[own_sheet()])

    made = room.workbook.sheets[-1]
    assert room.workbook.active.title == TITLE
    assert [sheet.title for sheet in room.workbook.sheets] == [TITLE, "Other", made.title]
    assert (made.frozen, made.bold, made.widths) == (2, {1, 4}, {1: 40, 2: 10, 3: 10})
    assert room.excel.settings["DisplayAlerts"]


def test_nothing_is_drawn_and_no_macro_runs_while_cells_change():
    room = Room()
    names = ("ScreenUpdating", "EnableEvents", "DisplayAlerts")
    seen = set()
    room.excel.fails = lambda _, member: (
        seen.update((name, room.excel.settings[name]) for name in names)
        if member == "Range.Value="
        else None
    )

    room.write(verdicts())

    assert seen == {(name, False) for name in names}
    assert all(room.excel.settings[name] for name in names)


def test_a_text_that_looks_like_a_formula_may_be_corrected():
    room = Room({TITLE: [("Number", "Name"), ("1", "=1+1")]})

    room.write(Patch(TITLE, 1, 2, columns=None, cells={(2, 2): "Byrne"}))

    assert room.texts()[1][1] == "Byrne"


def test_columns_that_are_formatted_as_text_hold_text():
    room = Room()
    room.sheet.of_columns |= dict.fromkeys(range(1, 20), "@")
    before = room.state()

    room.write(verdicts())
    assert [row[3] for row in room.texts()] == ["Revealed?", "Yes", "No", "Yes"]
    room.write(cleared(verdicts()))

    assert room.state() == before


@pytest.mark.parametrize("german", [False, True])
def test_highlights_are_understood_where_columns_have_numbers(german):
    room = Room(german=german)
    room.excel.counts_columns = True
    before = room.state()

    room.write(verdicts())
    assert [rule.formula for rule in room.sheet.rules] == [verdicts().marks[0].formula]
    revision = room.workbook.revision
    room.write(verdicts())
    assert room.workbook.revision == revision
    room.write(cleared(verdicts()))

    assert room.state() == before

"""Random workbooks in Excel: a check twice is the same as once, and clearing gives all back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import flow
from sheets.books.memory import MemoryBook
from sheets.grid import Area, Mark, Patch, Shade, letters
from sheets.testing import TITLE, cleared, verdicts
from tests.emulators.excel.model import Note, Rule
from tests.emulators.excel.samples import Room

TEXTS = st.one_of(
    st.sampled_from(["=1+1", "'quoted", "000123", "+1 555", "@x", "TRUE", "2026-11-23", "#N/A"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=9),
)
CELLS = st.one_of(
    st.none(), TEXTS, st.booleans(), st.integers(0, 10**9).map(float), st.floats(0, 1e6)
)
FORMATS = st.sampled_from(["000000", "m/d/yyyy", "@", "000-00-0000"])
NUMBERS = st.integers(1, 12)


@st.composite
def rooms(draw):
    """A workbook with a list of people of three columns, and anything below and beside it."""
    height = draw(st.integers(1, 8))
    rows = [
        ["Number", "Name", "Phone"],
        *draw(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=height, max_size=height)),
    ]
    room = Room(
        {TITLE: rows, "Other": draw(st.lists(st.tuples(CELLS, CELLS), max_size=3))},
        german=draw(st.booleans()),
    )
    sheet = room.sheet
    for at in draw(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)):
        sheet.formats[at] = draw(FORMATS)
    for row, column in draw(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3)):
        below = height + 3 + row
        sheet.enter((below, column), draw(st.sampled_from(["=1+1", "'mine", 7.0])))
    for column, row in draw(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3)):
        sheet.rules.append(
            Rule([Area(row, column, row + 3, column)], 2, f"=LEN(${letters(column)}1)>3")
        )
        sheet.widths[column] = 3.0 + row
    for at in draw(st.lists(st.tuples(NUMBERS, st.integers(1, 3)), max_size=2)):
        sheet.notes[at] = Note("theirs")
    around = draw(st.sampled_from(["", "table", "filter"]))
    if around == "table":
        room.table(f"A1:C{height + 1}")
    elif around == "filter":
        room.filter(f"A1:C{height + 1}", **draw(st.sampled_from([{}, {"f2": "Byrne"}])))
    return room, height


@st.composite
def patches(draw, height):
    """What a check may want to write beside that list."""
    rows = draw(st.lists(st.integers(2, height + 1), unique=True).map(sorted))
    own = [
        replace(
            one,
            values=draw(
                st.lists(st.one_of(st.none(), TEXTS), min_size=len(rows), max_size=len(rows))
            ),
        )
        for one in verdicts().columns
    ]
    columns = draw(st.lists(st.integers(1, 3), max_size=3))
    marks = tuple(
        Mark(column, draw(st.sampled_from(Shade)), verdicts().marks[0].formula)
        for column in columns
    )
    return replace(verdicts(), last_row=height + 1, rows=rows, columns=own, marks=marks)


def others(room):
    """The cells that are nobody's but the office's."""
    return [
        {
            at: cell
            for at, cell in sheet.cells.items()
            if sheet is not room.sheet or at[1] not in (4, 5) or at[0] > 9
        }
        for sheet in room.workbook.sheets
    ]


@settings(max_examples=40)
@given(st.data())
def test_twice_is_once_and_clearing_gives_all_back(data):
    room, height = data.draw(rooms())
    before = room.state()
    first, second = data.draw(patches(height)), data.draw(patches(height))

    book = room.write(first)
    once, revision = room.state(), room.workbook.revision
    room.write(first)
    assert (room.state(), room.workbook.revision) == (once, revision)
    if book.last:
        again = room.book()
        again.undo(book.last)
        assert room.state() == before
        room.write(first)
    room.write(second)
    room.write(cleared(second))

    assert room.state() == before


@settings(max_examples=40)
@given(st.data())
def test_no_other_cell_ever_changes(data):
    room, height = data.draw(rooms())
    before = others(room)

    room.write(data.draw(patches(height)))

    assert others(room) == before


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([None, "Ann", "N/A", " "]),
        st.sampled_from(["Byrne", None]),
        st.sampled_from(["555-0101", 5555550102.0, None, "000-000-0000"]),
        st.sampled_from(["a@example.org", None, "none"]),
        st.sampled_from(["Mother", "Aunt"]),
        st.sampled_from(["yes", "no", None, True]),
    ),
    min_size=1,
    max_size=6,
)
HEADS = ("First Name", "Last Name", "Other Phone", "Email", "Relationship", "Account Enabled")


def said(value):
    if isinstance(value, bool):
        return str(value).upper()
    return str(int(value)) if isinstance(value, float) else value


@settings(max_examples=20)
@given(PEOPLE)
def test_the_result_is_the_same_as_in_any_other_book(people):
    room = Room({"Contacts": [HEADS, *people]})
    plain = MemoryBook({"Contacts": [HEADS, *([said(one) for one in row] for row in people)]})

    flow.check([room.book()])
    flow.check([plain])

    told = [row[6:] for row in room.texts("Contacts")]
    assert told == [[*row[6:], *[None] * (8 - len(row))] for row in plain.rows("Contacts")]


def test_a_patch_for_nobody_writes_nothing():
    room = Room()

    room.write(Patch(TITLE, 1, 4))

    assert room.workbook.revision == 0

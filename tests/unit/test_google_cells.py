"""One cell of Google Sheets: what is read in it, and how it is put back."""

from __future__ import annotations

import json

import pytest

from sheets.books.google import cells, compact
from sheets.grid import Odd, OddKind


def number(value, kind=None, pattern=None, where="effectiveFormat"):
    shown = {name: each for name, each in (("type", kind), ("pattern", pattern)) if each}
    made = {"effectiveValue": {"numberValue": value}}
    return made | ({where: {"numberFormat": shown}} if shown else {})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({}, None),
        ({"effectiveValue": {"stringValue": ""}}, None),
        ({"effectiveValue": {"stringValue": " a "}}, " a "),
        ({"effectiveValue": {"stringValue": "=1+1"}}, "=1+1"),
        ({"effectiveValue": {"boolValue": False}}, "FALSE"),
        ({"effectiveValue": {"boolValue": True}}, "TRUE"),
        ({"userEnteredFormat": {}, "note": "x"}, None),
        (number(0), "0"),
        (number(-5), "-5"),
        (number(5855550100.0), "5855550100"),
        (number(1.5), "1.5"),
        (number(1e15), "1000000000000000"),
        (number(1234567890123456.0), "1234567890123456"),
        (number(2**53), "9007199254740992"),
        (number(1e22), "1e+22"),
        (number(0.1 + 0.2), "0.30000000000000004"),
    ],
)
def test_what_a_cell_holds(cell, text):
    assert cells.text(cell) == text


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (123, "000000", "000123"),
        (123, "00", "123"),
        (0, "00", "00"),
        (123, "0", "123"),
        (123, "#,##0", "123"),
        (-123, "000000", "-123"),
        (1.5, "000", "1.5"),
    ],
)
def test_a_number_is_told_with_the_zeros_that_its_format_shows(value, pattern, text):
    assert cells.text(number(value, "NUMBER", pattern)) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (46349, "DATE", "2026-11-23"),
        (46349.5, "DATE", "2026-11-23T12:00:00"),
        (46349.5, "DATE_TIME", "2026-11-23T12:00:00"),
        (46349, "DATE_TIME", "2026-11-23"),
        (0.25, "TIME", "06:00:00"),
        (0, "TIME", "00:00:00"),
        (1.25, "TIME", "1899-12-31T06:00:00"),
        (-1, "DATE", "1899-12-29"),
        (1e12, "DATE", "1000000000000.0"),
        (46349, "PERCENT", "46349"),
    ],
)
def test_a_day_or_an_hour_is_told_as_iso_8601(value, kind, text):
    assert cells.text(number(value, kind)) == text


def test_a_date_that_a_formula_makes_is_a_date():
    """`=TODAY()`: nobody has entered a format, and Google shows a date all the same."""
    cell = number(46349, "DATE") | {"userEnteredValue": {"formulaValue": "=TODAY()"}}

    assert cells.text(cell) == "2026-11-23"
    assert cells.text(number(46349, "DATE", where="userEnteredFormat")) == "2026-11-23"


@pytest.mark.parametrize(
    ("kind", "shown", "found"),
    [
        ("N_A", "#N/A", Odd(OddKind.ERROR, "#N/A")),
        ("REF", "#REF!", Odd(OddKind.ERROR, "#REF!")),
        ("LOADING", "Loading...", Odd(OddKind.NO_RESULT, "Loading...")),
    ],
)
def test_an_error_is_no_text_and_what_is_still_asked_for_is_no_error(kind, shown, found):
    cell = {"effectiveValue": {"errorValue": {"type": kind}}, "formattedValue": shown}

    assert (cells.text(cell), cells.odd(cell)) == (None, found)


def test_other_cells_are_not_odd():
    assert [cells.odd(cell) for cell in ({}, number(1), cells.of_text("#N/A"))] == [None] * 3


PERSON = {"chip": {"personProperties": {"email": "ann@example.org"}}}
FILE = {"chip": {"richLinkProperties": {"uri": "https://drive.google.com/file/d/1"}}}


def chips(text, shown, *runs):
    return {
        "userEnteredValue": {"stringValue": text},
        "effectiveValue": {"stringValue": text},
        "formattedValue": shown,
        "chipRuns": list(runs),
    }


def test_of_a_smart_chip_the_text_counts_that_people_see():
    assert cells.text(chips("@", "Ann Byrne", PERSON)) == "Ann Byrne"


def test_a_smart_chip_of_a_person_is_put_back_with_the_runs_that_are_chips():
    cell = chips("@ and me", "Ann Byrne and me", PERSON, {"startIndex": 1, "chip": {}})

    assert cells.restored(cell) == (
        {"userEnteredValue": {"stringValue": "@ and me"}, "chipRuns": [PERSON]},
        True,
    )


@pytest.mark.parametrize(
    "cell",
    [
        chips("@", "plan.pdf", FILE),
        chips("@ @", "Ann plan.pdf", PERSON, {"startIndex": 2, **FILE}),
        chips("Ann Byrne", "Ann Byrne", PERSON),
    ],
)
def test_of_a_smart_chip_that_cannot_be_written_the_text_is_put_back_and_that_is_told(cell):
    """A chip of a file needs rights to Drive, which Reveal does not ask for."""
    made, whole = cells.restored(cell)

    assert not whole
    assert made == cells.of_text(cell["formattedValue"])


def test_rich_text_is_put_back_and_a_note_is_not_touched():
    runs = [{"startIndex": 3, "format": {"bold": True}}]
    cell = cells.of_text("Ann Byrne") | {"textFormatRuns": runs, "note": "x", "formattedValue": "y"}

    assert cells.restored(cell) == (
        {"userEnteredValue": {"stringValue": "Ann Byrne"}, "textFormatRuns": runs},
        True,
    )
    assert cells.restored({}) == ({}, True)


def test_a_cell_holds_something_if_it_has_a_value_or_a_formula_whatever_its_result():
    formula = {"userEnteredValue": {"formulaValue": '=""'}}
    spilled = {"effectiveValue": {"stringValue": "from an array"}}

    assert all(map(cells.holds, (formula, spilled, cells.of_text("x"))))
    assert not any(map(cells.holds, ({}, {"note": "x"}, {"userEnteredValue": {}})))
    assert [cells.is_formula(each) for each in (formula, spilled, {})] == [True, False, False]


@pytest.mark.parametrize("text", ["=1+1", "+1 555", "'x", "007", "1/2", "@x"])
def test_a_text_is_written_as_text_whatever_it_begins_with(text):
    assert cells.of_text(text)["userEnteredValue"] == {"stringValue": text}
    assert cells.of_text("") is cells.of_text(None) is cells.BLANK


# How an answer is read


def test_what_is_the_same_in_many_cells_is_kept_once():
    plain = {name: {"stringValue": "Yes"} for name in ("userEnteredValue", "effectiveValue")}
    rows = [[plain | {"formattedValue": "Yes", "effectiveFormat": {}}] * 2] * 3

    told = compact.parse(json.dumps(rows).encode())

    assert told == [[plain] * 2] * 3
    assert len({id(cell) for row in told for cell in row}) == 1


def test_what_a_cell_shows_is_kept_where_it_counts():
    error = {"effectiveValue": {"errorValue": {"type": "N_A"}}, "formattedValue": "#N/A"}
    dated = number(46349, "DATE") | {"formattedValue": "11/23/2026"}
    noted = cells.of_text("x") | {"note": "y"}
    chipped = chips("@", "Ann", PERSON)
    formula = {"userEnteredValue": {"formulaValue": "=A1"}, "effectiveValue": {"stringValue": "x"}}
    given = [error, dated, noted, chipped, formula, {}]

    told = compact.parse(json.dumps(given).encode())

    assert told == [error, number(46349, "DATE"), noted, chipped, formula, {}]

"""Whatever stands in a column, each cell is cleaned as if it stood alone; only people are rows."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sheets.columns import recognise, tables
from sheets.columns.cells import clean
from sheets.columns.headers import SPACES
from tests.unit.columns_grid import grid_of

TYPES = ("id", "name", "text", "label", "email", "phone", "flag", "enabled", "disabled", "date")
SEEN = (
    *(
        "Byrne",
        "N/A",
        "none",
        "-",
        "yes",
        "No",
        "Active",
        "disabled",
        "000-000-0000",
        "7.0",
        "#N/A",
    ),
    *("none@none.com", "ann@example.org", "9/1/2020", "2020-09-01T08:30:00", "Never", "Mother"),
)
blanks = st.text(st.sampled_from(SPACES), max_size=3)
texts = st.none() | st.builds(
    lambda before, text, after: before + text + after,
    blanks,
    st.sampled_from(SEEN) | st.text(max_size=12),
    blanks,
)


def cleaned(kind, values):
    found = clean(kind, pl.Series(values, dtype=pl.String))
    odd = found.odd if found.odd is not None else [None] * len(values)
    return list(zip(found.values, odd, strict=True))


@given(st.sampled_from((*TYPES, "home_page")), st.lists(texts, max_size=12))
def test_a_cell_is_cleaned_as_if_it_stood_alone(kind, values):
    assert cleaned(kind, values) == [cleaned(kind, [value])[0] for value in values]


@given(st.sampled_from(("id", "name", "text", "label", "email", "phone")), texts)
def test_text_is_only_ever_trimmed_or_nothing(kind, value):
    [(text, odd)] = cleaned(kind, [value])
    trimmed = (value or "").strip(SPACES)

    if not trimmed:
        assert (text, odd) == (None, None)
    elif odd is None:
        assert text in {trimmed, trimmed.removesuffix(".0")}
    else:
        assert text is None
        assert odd in {f"placeholder:{trimmed}", f"error:{trimmed}"}


@given(st.sampled_from(TYPES), st.lists(texts, max_size=6))
def test_what_is_clean_stays_as_it_is(kind, values):
    once = [text for text, _ in cleaned(kind, values)]

    assert [text for text, _ in cleaned(kind, once)] == once


HEADER = ["Student Number", "Last Name", "First Name", "Relationship", "Other Phone", "Email"]
NOBODY = ([], [" ", None, "\u00a0"], HEADER, ["Page 2 of 3"], ["Total", None, None, "7"], ["* new"])


@given(st.lists(st.one_of(st.integers(0, 999), st.sampled_from(NOBODY)), max_size=30))
def test_only_people_are_rows_whatever_stands_between_them(rows):
    filled = [
        [f"{one:05}", "Byrne", "Eve", "Mother", "555-0101", "e@example.org"]
        if isinstance(one, int)
        else one
        for one in rows
    ]
    people = [at for at, one in enumerate(rows, start=2) if isinstance(one, int)]

    [found] = recognise([grid_of([HEADER, *filled], "Contacts")])

    assert found.rows.to_list() == people
    assert found.last_row == (people[-1] if people else 1)
    assert tables(found)[0].frame["_row"].to_list() == people

"""Highlights: one conditional format for a column and shade, without any relative reference."""

from __future__ import annotations

import datetime as dt
import re

import pytest

import sheets
from sheets import MemoryBook, marks, rules
from sheets.grid import Shade

PROFILE = rules.profile(as_of=dt.date(2026, 11, 23))


def marked(phones, header="Other Phone", mapping=None):
    """The marks of a contact sheet with these phones."""
    rows = [
        ["Student Number", "Contact Person ID", "First Name", "Last Name", header, "Email", "Type"],
        *(
            ["1", str(at), "Ann", "Byrne", phone, f"a{at}@example.org", "Guardian"]
            for at, phone in enumerate(phones)
        ),
    ]
    book = MemoryBook({"Contacts": rows})
    sheets.check([book], PROFILE, mapping=mapping or {"Type": "relationship"})
    return book.marks.get(("Contacts", 1), ())


def test_nothing_missing_is_no_mark():
    assert marked(["(585)555-0100"]) == ()


def test_a_column_that_lacks_in_two_ways_still_has_one_mark():
    [mark] = marked(["(585)555-0100", None, "N/A", "none"])

    assert mark.shade is Shade.MISSING
    assert mark.formula.count("FIND(") == 2


def test_missing_and_doubtful_cells_of_one_column_have_a_mark_each():
    missing, check = marked([None, "12"])

    assert (missing.shade, check.shade) == (Shade.MISSING, Shade.CHECK)
    assert missing.column == check.column == 5


def test_no_formula_holds_a_relative_reference():
    for mark in marked([None, "N/A", "12"]):
        without_strings = re.sub(r'"[^"]*"', "", mark.formula)
        references = re.findall(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|[A-Z]{1,3}\d+", without_strings)
        assert references
        assert all(re.fullmatch(r"\$[A-Z]+:\$[A-Z]+", one) for one in references)


def test_a_quote_in_a_header_is_doubled_in_the_formula():
    [mark] = marked(
        [None], 'Phone "other"', {"Type": "relationship", 'Phone "other"': "other_phone"}
    )

    assert '"""Phone ""other"""" is blank"' in mark.formula


def test_no_string_of_a_formula_is_longer_than_excel_takes():
    header = "Other Phone " + "of the person to call " * 20

    [mark] = marked([None], header, {"Type": "relationship", header: "other_phone"})

    strings = re.findall(r'"((?:[^"]|"")*)"', mark.formula)
    assert max(map(len, strings)) <= 255
    assert "".join(strings).count("of the person to call") == 20


@pytest.mark.parametrize(
    ("detail", "parts"),
    [
        ("blank", ("blank", "")),
        ("placeholder:N/A", ("placeholder", "N/A")),
        ("error:#N/A", ("error", "#N/A")),
        ("not_guardian:Aunt: mother's side", ("not_guardian", "Aunt: mother's side")),
    ],
)
def test_a_detail_is_a_variant_and_what_was_seen(detail, parts):
    assert marks.split(detail) == parts

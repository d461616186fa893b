"""Names in one column give a key to match by, where it is certain."""

from __future__ import annotations

import polars as pl
import pytest

from sheets.columns import clean, names, recognise
from tests.unit.columns_grid import grid_of


@pytest.mark.parametrize(
    "name",
    [
        "Byrne, Ann",
        "BYRNE,ANN",
        "Byrne , Ann  Marie",
        "Byrne, Ann M.",
        "Byrne Jr., Ann",
        "Byrne, Jr., Ann",
        "Byrne, Ann, III",
        "Byrne, Mrs. Ann",
        "Byrne, Ann (Annie)",
        "Ann Byrne",
        "Ann M. Byrne",
        "Ann M B. Byrne",
        "Dr. Ann Byrne, PhD",
        'Ann "Annie" Byrne',
    ],
)
def test_first_and_last_name_are_found(name):
    assert names.key(pl.Series([name])).to_list() == ["ann byrne"]


@pytest.mark.parametrize("name", ["de la Cruz, Ana", "Ana de la Cruz", "Ana Maria de la Cruz Jr."])
def test_a_surname_may_begin_with_particles(name):
    assert names.key(pl.Series([name])).to_list() == ["ana de la cruz"]


@pytest.mark.parametrize(
    "name",
    [
        "Ann Marie Byrne",
        "Ann Reyes Cruz",
        "Byrne",
        "Byrne,",
        "A. Byrne",
        "Byrne, A.",
        "Mr. and Mrs. Byrne",
        "Sue & Joe Byrne",
        "Sue/Joe Byrne",
        "Byrne, Ann, Cruz, Bob",
        "Mrs. Byrne",
        "Byrne Jr.",
        "",
        None,
    ],
)
def test_what_is_not_certain_gives_no_key(name):
    assert names.key(pl.Series([name], dtype=pl.String)).to_list() == [None]


def tables(*rows, title="Sheet1"):
    [found] = recognise([grid_of(rows, title)])
    [table] = clean.tables(found)
    return table.frame


def test_a_list_with_full_names_gets_keys_to_match_by():
    frame = tables(
        ("Student Number", "Student Name", "Contact Name", "Relationship", "Other Phone"),
        ("1", "Byrne, Tim", "Ann Byrne", "Mother", "555-0101"),
    )

    assert frame["name_key"].to_list() == ["ann byrne"]
    assert frame["student_name_key"].to_list() == ["tim byrne"]


def test_a_list_with_first_and_last_names_gets_none():
    frame = tables(
        ("Student Number", "First Name", "Last Name", "Full Name", "Grade"),
        ("1", "Tim", "Byrne", "Byrne, Tim", "5"),
        title="Students",
    )

    assert "name_key" not in frame.columns

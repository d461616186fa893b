"""Header rows of every family are understood as what they are, or people are asked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sheets.columns import recognise
from sheets.errors import ColumnsUnclear
from tests.unit.columns_grid import grid_of

LISTS = tomllib.loads(Path(__file__).with_name("headers.toml").read_text("utf-8"))["list"]
UNDERSTOOD = [one for one in LISTS if "asks" not in one]
UNCLEAR = [one for one in LISTS if "asks" in one]


def named(entries):
    return [pytest.param(one, id=one["name"]) for one in entries]


def sheet(one):
    return grid_of([one["headers"], *one.get("rows", [])], one["title"])


def test_there_are_enough_of_them_and_each_has_its_own_name():
    assert len({tuple(one["headers"]) for one in LISTS}) >= 60
    assert len({one["name"] for one in LISTS}) == len(LISTS)


@pytest.mark.parametrize("one", named(UNDERSTOOD))
def test_each_heading_is_the_field_that_it_says(one):
    found, *groups = recognise([sheet(one)])

    assert found.kind == one["kind"]
    assert {field: place.header for field, place in found.fields.items()} == one["fields"]
    assert {
        group.group: {
            field: place.header
            for field, place in group.fields.items()
            if place not in found.fields.values()
        }
        for group in groups
    } == one.get("groups", {})


@pytest.mark.parametrize("one", named(UNDERSTOOD))
def test_every_heading_is_either_a_field_or_told_as_unrecognised(one):
    parts = recognise([sheet(one)])

    used = {place.column: place.header for part in parts for place in part.fields.values()}
    unused = [header for part in parts for header in part.unrecognised]
    assert sorted([*used.values(), *unused]) == sorted(one["headers"])


@pytest.mark.parametrize("one", named(UNCLEAR))
def test_what_is_not_clear_is_asked_about_with_the_answer_to_type(one):
    with pytest.raises(ColumnsUnclear) as caught:
        recognise([sheet(one)])

    assert f'sheet "{one["title"]}"' in caught.value.where
    for part in one["asks"]:
        assert part in f"{caught.value.message} {caught.value.hint}"


NO_SHOWS = grid_of(
    [["Student Number", "Last Name", "First Name", "No Show"], ["1", "Byrne", "Ann", "N"]],
    "Students",
)


def test_a_column_that_no_rule_looks_at_is_not_read():
    [found] = recognise([NO_SHOWS])
    [with_rule] = recognise([NO_SHOWS], needs=frozenset({"no_show"}))

    assert "4" not in found.cells.frame.columns
    assert "4" in with_rule.cells.frame.columns


def test_two_columns_for_a_field_are_asked_about_if_a_rule_looks_at_it():
    header = ["Student Number", "Last Name", "First Name", "No Show", "No Show Flag"]
    grid = grid_of([header, ["1", "Byrne", "Ann", "N", "N"]], "Students")

    [found] = recognise([grid])
    with pytest.raises(ColumnsUnclear, match="No Show Flag"):
        recognise([grid], needs=frozenset({"no_show"}))

    assert "no_show" not in found.fields

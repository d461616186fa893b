"""Where a column stands, what stands beside it and above it, does not change what it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.columns import recognise
from tests.unit.columns_grid import grid_of

LISTS = [
    one
    for one in tomllib.loads(
        (Path(__file__).parents[1] / "unit" / "headers.toml").read_text("utf-8")
    )["list"]
    if "asks" not in one and one["kind"] != "other"
]
JUNK = ("Shoe size", "Favourite colour", "Bus stop", "Allergies", "Parking spot", "T-shirt", "Zone")
TITLES = ("Lakeview School", "Generated on 11/23/2026 07:58 AM", "Page 1 of 3", "Fall term", "")


@st.composite
def rearranged(draw):
    """A header row of the data file with its rows, its columns in another order, and more."""
    one = draw(st.sampled_from(LISTS))
    rows = [one["headers"], *one.get("rows", [])]
    columns = [list(column) for column in zip(*rows, strict=True)]
    junk = draw(st.lists(st.sampled_from(JUNK), max_size=4, unique=True))
    columns += [[name, *["x"] * (len(rows) - 1)] for name in junk]
    columns = draw(st.permutations(columns))
    for _ in range(draw(st.integers(0, 2))):
        columns.insert(draw(st.integers(0, len(columns))), [None] * len(rows))
    titles = draw(st.lists(st.sampled_from(TITLES), max_size=3))
    table = [list(row) for row in zip(*columns, strict=True)]
    top = [[title or None] for title in titles]
    return one, grid_of([*top, *table], one["title"]), len(titles)


@given(rearranged())
@settings(max_examples=150)
def test_order_junk_spacers_and_titles_change_no_mapping(case):
    one, grid, above = case

    found, *groups = recognise([grid])

    assert found.kind == one["kind"]
    assert {field: place.header for field, place in found.fields.items()} == one["fields"]
    assert found.header_row == above + 1
    assert {group.group for group in groups} == one.get("groups", {}).keys()

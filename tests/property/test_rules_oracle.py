"""The rules on an engine say what the plain-Python oracle says, for any district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import rules
from sheets.rules.model import ROW, Table
from tests.property import oracle
from tests.property.rule_strategies import SETTINGS, District, districts
from tests.rule_tables import AS_OF, told

if TYPE_CHECKING:
    from sheets.rules.model import Findings, Profile


TOLD_BY_THE_ORACLE = frozenset(
    {
        *("STU-ACCT-01", "STF-ACCT-01", "CON-FLD-01", "CON-FLD-02", "CON-FLD-03", "CON-FLD-04"),
        *("CON-REL-01", "CON-ACCT-01", "CON-ACCT-02", "EML-01", "PHN-01"),
    }
)
"""The rules that the oracle has so far; the others are in tests/unit/test_rules_catalog.py."""


def profile(**chosen: Any) -> Profile:
    """The profile edutech with the rules of the oracle."""
    others = dict.fromkeys(set(rules.catalog()) - TOLD_BY_THE_ORACLE, "off")
    return rules.profile(as_of=AS_OF, settings=chosen, changed=others)


def expected(district: District, chosen: dict[str, Any]) -> list[list[tuple[str, dict[str, str]]]]:
    by = profile(**chosen)
    return [
        [oracle.judge(row, sheet, district.accounts, district.types, by) for row in sheet.rows]
        for sheet in district.people
    ]


def tables(district: District) -> list[Table]:
    return [sheet.table() for sheet in district.sheets]


@pytest.mark.slow
@settings(max_examples=300)
@given(district=districts(), chosen=SETTINGS)
def test_every_verdict_and_every_finding_is_that_of_the_oracle(
    district: District, chosen: dict[str, Any]
) -> None:
    found = rules.evaluate(tables(district), profile(**chosen))

    assert [told(one) for one in found] == expected(district, chosen)
    for sheet, one in zip(district.people, found, strict=True):
        assert one.frame[ROW].to_list() == sheet.rows_at


@pytest.mark.slow
@settings(max_examples=60)
@given(district=districts(), chosen=SETTINGS, seed=st.integers())
def test_neither_the_order_of_rows_nor_a_second_run_changes_anything(
    district: District, chosen: dict[str, Any], seed: int
) -> None:
    by = profile(**chosen)
    given_tables = tables(district)
    shuffled = [
        Table(one.kind, one.frame.sample(fraction=1, shuffle=True, seed=seed % 2**32), one.headers)
        for one in given_tables
    ]

    once = rules.evaluate(given_tables, by)
    again = rules.evaluate(given_tables, by)
    mixed = rules.evaluate(shuffled, by)

    assert same(once, again)
    assert same(once, mixed)


@pytest.mark.slow
@settings(max_examples=60)
@given(district=districts(), chosen=SETTINGS)
def test_duckdb_says_the_same(district: District, chosen: dict[str, Any]) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    by = profile(**chosen)
    with duckdb.connect() as connection:
        relations = [
            Table(one.kind, connection.from_arrow(one.frame.to_arrow()), one.headers)
            for one in tables(district)
        ]

        found = rules.evaluate(relations, by)

        assert same(found, rules.evaluate(tables(district), by))


def same(one: list[Findings], other: list[Findings]) -> bool:
    return all(
        mine.frame.equals(theirs.frame) and mine.frame.schema == theirs.frame.schema
        for mine, theirs in zip(one, other, strict=True)
    )

"""The rules on an engine say what the plain-Python oracle says, for any district.

Both are written from rules.md, in different ways: the engine asks about whole columns, the oracle
judges one row after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sheets import rules
from sheets.rules.model import ROW, Table, Verdict
from tests.property import oracle
from tests.property.rule_strategies import Case, cases, numbered
from tests.property.rule_values import FIELDS
from tests.rule_tables import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.rules.model import Findings


LARGE = [HealthCheck.large_base_example, HealthCheck.too_slow]
"""Districts are large; see `rule_strategies.cases`."""


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Any]:
    pytest.importorskip("pyarrow")
    with pytest.importorskip("duckdb").connect() as connection:
        yield connection


def agree(found: list[Findings], case: Case) -> None:
    """What was found is what the oracle says, in the order of rows and of rules."""
    by = case.profile
    expected = oracle.expected(case.district, by)
    assert [told(one) for one in found] == expected
    for sheet, one, rows in zip(case.district.people, found, expected, strict=True):
        assert one.frame[ROW].to_list() == sheet.rows_at
        all_told = {rule for _, texts in rows for rule in texts}
        assert one.frame.columns[2:] == [rule for rule in by.rules if rule in all_told]


# Making an example smaller takes minutes: the slow test does it.
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=LARGE,
)
@given(case=cases())
def test_a_few_districts_are_judged_as_the_oracle_does(case: Case) -> None:
    agree(rules.evaluate(case.district.tables(), case.profile), case)


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=LARGE)
@given(case=cases())
def test_a_thousand_districts_are_judged_as_the_oracle_does_on_polars_and_on_duckdb(
    case: Case, duckdb: Any
) -> None:
    tables = case.district.tables()
    relations = [
        Table(one.kind, duckdb.from_arrow(one.frame.to_arrow()), one.headers) for one in tables
    ]

    agree(rules.evaluate(tables, case.profile), case)
    agree(rules.evaluate(relations, case.profile), case)


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=LARGE)
@given(case=cases(), seed=st.integers(0, 2**32 - 1))
def test_neither_the_order_of_rows_nor_a_second_run_changes_anything(case: Case, seed: int) -> None:
    tables = case.district.tables()
    shuffled = [
        Table(one.kind, one.frame.sample(fraction=1, shuffle=True, seed=seed), one.headers)
        for one in tables
    ]

    once, again, mixed = (
        rules.evaluate(given, case.profile) for given in (tables, tables, shuffled)
    )

    assert same(once, again)
    assert same(once, mixed)


def same(one: list[Findings], other: list[Findings]) -> bool:
    return all(
        mine.frame.equals(theirs.frame) and mine.frame.schema == theirs.frame.schema
        for mine, theirs in zip(one, other, strict=True)
    )


# ---- What random districts reach ----------------------------------------------------------------


def test_random_sheets_have_every_field_that_a_rule_looks_at() -> None:
    asked = {
        name
        for rule in rules.catalog().values()
        for name in (rule.field, *rule.reads)
        if name is not None
    }

    assert asked <= {name for names in FIELDS.values() for name in names}


@pytest.mark.slow
def test_a_thousand_random_districts_come_by_every_variant_of_every_rule() -> None:
    reached: set[tuple[str, str]] = set()
    verdicts: set[str] = set()

    for case in map(numbered, range(1000)):
        for rows in oracle.expected(case.district, case.profile):
            for verdict, texts in rows:
                verdicts.add(verdict)
                reached.update((rule, text.partition(":")[0]) for rule, text in texts.items())

    every = {(rule.id, variant) for rule in rules.catalog().values() for variant in rule.sentences}
    assert every - reached == set()
    assert verdicts == set(Verdict)

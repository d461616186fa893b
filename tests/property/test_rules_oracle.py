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
from tests.property.rule_reducing import smallest
from tests.property.rule_strategies import Case, cases, numbered
from tests.property.rule_values import FIELDS
from tests.rule_tables import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from sheets.rules.model import Findings, Profile

    Engine = Callable[[pl.DataFrame], Any]


# Districts are large; and `smallest` makes them smaller, which Hypothesis takes long for.
districts = settings(
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.large_base_example, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    pytest.importorskip("pyarrow")
    with pytest.importorskip("duckdb").connect() as connection:
        yield lambda frame: connection.from_arrow(frame.to_arrow())


def polars(frame: pl.DataFrame) -> Any:
    return frame


def agree(case: Case, engine: Engine = polars) -> None:
    """What an engine finds is what the oracle says, in the order of rows and of rules."""
    if difference(case, engine):
        least = smallest(case, lambda one: bool(difference(one, engine)))
        pytest.fail(f"{least}\n{difference(least, engine)}", pytrace=False)


def difference(case: Case, engine: Engine) -> str:
    """What engine and oracle say, if it is not the same."""
    by, people = case.profile, case.district.people
    expected = oracle.expected(case.district, by)
    tables = [Table(one.kind, engine(one.frame), one.headers) for one in case.district.tables()]
    findings = rules.evaluate(tables, by)
    found = [told(one) for one in findings]
    rows_at = [one.frame[ROW].to_list() for one in findings]
    columns = [one.frame.columns[2:] for one in findings]
    if (
        found == expected
        and rows_at == [sheet.rows_at for sheet in people]
        and columns == [in_order(rows, by) for rows in expected]
    ):
        return ""
    return f"engine: {found} in rows {rows_at} and columns {columns}\noracle: {expected}"


def in_order(rows: list[oracle.Judgement], by: Profile) -> list[str]:
    """All rules that found something in some rows, in the order in which findings are told."""
    all_told = {rule for _, texts in rows for rule in texts}
    return [rule for rule in by.rules if rule in all_told]


@settings(districts, max_examples=25)
@given(case=cases())
def test_a_few_districts_are_judged_as_the_oracle_does(case: Case) -> None:
    agree(case)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_many_districts_are_judged_as_the_oracle_does(
    engine: str, request: pytest.FixtureRequest
) -> None:
    """A thousand with --soak; without it fewer on DuckDB, which takes five times as long."""
    judges: Engine = polars if engine == "polars" else request.getfixturevalue(engine)
    many = 1000 if request.config.getoption("--soak") else {"polars": 300, "duckdb": 60}[engine]

    for number in range(many):
        agree(numbered(number), judges)


@pytest.mark.slow
@settings(districts, max_examples=100)
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

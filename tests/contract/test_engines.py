"""Every engine finds the same in random districts."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sheets import rules
from sheets.exports import engines
from sheets.rules.model import ROW, Findings, Table
from tests import random_districts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sheets.exports.engines import Engine

DISTRICTS = {"polars": 60, "duckdb": 50, "spark": 50}
FEW = 4
TABLES = {"polars": 5, "duckdb": 5, "spark": 3}
AT_ONCE = {"polars": 1, "duckdb": 1, "spark": 3}
"""PySpark plans for seconds what it computes in no time: fewer tables, and several at once."""

PLANNED_FOR_FEW_ROWS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="module")
def engine(
    engine_name: str, master: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    work = tmp_path_factory.mktemp("work")
    with engines.start(engine_name, work, master) as started:
        if engine_name == "spark":
            for key, value in PLANNED_FOR_FEW_ROWS.items():
                started.session.conf.set(key, value)  # type: ignore[attr-defined]
        yield started


def on(engine: Engine, table: Table, path: Path) -> Table:
    """The same table as a lazy frame of an engine."""
    table.frame.with_columns(pl.col(ROW).cast(pl.Int64)).write_parquet(path)
    if session := getattr(engine, "session", None):
        # Without looking into the file first, which takes PySpark as long as a small question.
        types = ", ".join(
            f"{name} {'bigint' if name == ROW else 'string'}" for name in table.frame.columns
        )
        return Table(table.kind, session.read.schema(types).parquet(str(path)), table.headers)
    return Table(table.kind, engine.scan(path), table.headers)


def judged(
    engine: Engine, most: int, seed: int, folder: Path
) -> tuple[list[pl.DataFrame], list[Findings]]:
    """What an engine finds in a district, and what `rules.evaluate` finds."""
    dice = random.Random(seed)
    tables, by = random_districts.tables(dice, most), random_districts.profile(dice)
    lazy = [on(engine, one, folder / f"{seed}-{at}.parquet") for at, one in enumerate(tables)]
    found = [
        engine.collect(one.frame.to_native())
        .with_columns(pl.col(ROW).cast(pl.UInt32), pl.exclude(ROW).cast(pl.String))
        .sort(ROW)
        for one in rules.lazily(lazy, by)
    ]
    return found, rules.evaluate(tables, by)


def require_same(name: str, engine: Engine, seeds: range, folder: Path) -> list[pl.DataFrame]:
    """Compare each district, and return what was found in all of them."""
    with ThreadPoolExecutor(AT_ONCE[name]) as pool:
        districts = list(pool.map(lambda seed: judged(engine, TABLES[name], seed, folder), seeds))
    for seed, (found, reference) in zip(seeds, districts, strict=True):
        for mine, theirs in zip(found, reference, strict=True):
            told = [name for name in mine.columns if mine[name].null_count() < mine.height]
            columns = list(dict.fromkeys([ROW, "revealed", *told]))
            assert mine.select(columns).equals(theirs.frame), f"district {seed}"
    return [one.frame for _, reference in districts for one in reference]


def test_every_engine_finds_the_same_in_a_few_districts(
    engine_name: str, engine: Engine, tmp_path: Path
) -> None:
    if engine_name == "spark":
        pytest.skip("the many districts have these too")
    assert require_same(engine_name, engine, range(FEW), tmp_path)


@pytest.mark.slow
def test_every_engine_finds_the_same_in_many_districts(
    engine_name: str, engine: Engine, tmp_path: Path
) -> None:
    found = require_same(engine_name, engine, range(DISTRICTS[engine_name]), tmp_path)

    assert {verdict for one in found for verdict in one["revealed"]} == {"Yes", "No", "Unknown"}
    silent = rules.catalog().keys() - {rule for one in found for rule in one.columns}
    assert not silent, "no district has such a finding, so nothing was compared"

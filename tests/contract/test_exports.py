"""A whole check of exports: every engine writes the same, cell for cell, whatever it is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from sheets import exports, rules
from sheets.errors import CannotWrite, NotUnderstood
from sheets.exports.words import HEADERS
from tests.bench import district
from tests.bench.district import ACCOUNTS, CONTACTS, RELATIONSHIP_TYPES, STUDENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AS_OF = dt.date(2026, 11, 23)
ROWS, MANY = 10_000, 100_000
STAFF = {"number": "Staff Number", "person_id": "Person ID", "email": "Email"}
LISTS = "Contacts 100%25 + ä [1].parquet"
FOLDER = "district=1 {2026} & Söhne+"


def written(frame: pl.LazyFrame, names: Mapping[str, str], path: Path, **types: Any) -> Path:
    """A table of the invented district as an export, some of its columns of other types."""
    typed = [pl.col(name).cast(kind) for name, kind in types.items()]
    table = district.headed(frame.with_columns(typed), names)
    if path.suffix == ".csv":
        table.sink_csv(path)
    else:
        table.sink_parquet(path)
    return path


def whole(folder: Path, rows: int) -> list[Path]:
    """Contacts in two parts, students, accounts with types, relationship types."""
    inside = folder / FOLDER
    (inside / LISTS).mkdir(parents=True)
    for number, (start, stop) in enumerate([(0, rows // 3), (rows // 3, rows)]):
        part = inside / LISTS / f"part {number} é%20+[x].parquet"
        written(district.contacts(rows, start, stop), CONTACTS, part, person_id=pl.Float64)
    enabled = {"true": True, "false": False}
    accounts = district.accounts(rows).with_columns(
        pl.col("account_enabled").replace_strict(enabled, return_dtype=pl.Boolean),
        pl.col("account_created", "account_expires").str.to_date(),
    )
    return [
        inside / LISTS,
        written(district.students(rows), STUDENTS, inside / "students é 1+1.csv"),
        written(
            accounts,
            ACCOUNTS,
            inside / "user accounts.parquet",
            person_id=pl.UInt32,
            account_expires=pl.Datetime("ns"),
        ),
        written(district.types(), RELATIONSHIP_TYPES, inside / "relationship types.csv"),
    ]


def odd(folder: Path) -> list[Path]:
    """Small lists: none in it, columns of all types, names that are alike but for case."""
    staff = district.students(60).with_columns(note=pl.lit("note"), again=pl.lit("again"))
    kinds = district.contacts(30).with_columns(
        flag=pl.lit(value=True),
        small=pl.lit(1, pl.Int8),
        large=pl.lit(2**63, pl.UInt64),
        price=pl.lit("1.50").cast(pl.Decimal(10, 2)),
        real=pl.lit(float("nan")),
        day=pl.lit(dt.date(1500, 1, 1)),
        moment=pl.datetime(2020, 1, 1, 8, time_unit="ns"),
        zoned=pl.datetime(2020, 1, 1, 8, time_zone="UTC"),
        time=pl.lit(dt.time(8)),
        parts=pl.concat_list(pl.lit(1), pl.lit(2)),
        data=pl.lit(b"\xff"),
        word=pl.lit("x").cast(pl.Categorical),
    )
    names = [name for name in kinds.collect_schema().names() if name != "_row"]
    columns = {name: CONTACTS.get(name, f"`{name}.1`") for name in names}
    alike = {**STAFF, "note": "Note", "again": "NOTE", "last_name": "_metadata"}
    return [
        written(staff.head(0), STAFF, folder / "empty staff.parquet"),
        written(kinds, columns, folder / "typed contacts.parquet"),
        written(staff, alike, folder / "alike staff.parquet"),
    ]


@dataclass
class Ran:
    """What one engine made of all exports."""

    outcome: exports.Outcome
    frames: dict[str, pl.DataFrame]
    tasks: dict[str, int] = field(default_factory=dict)


def read(path: Path) -> pl.DataFrame:
    """A result, which is one file or a folder of them."""
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    return pl.scan_parquet(parts, glob=False, hive_partitioning=False).collect()


def run(paths: list[Path], out: Path, engine: str, master: str | None = None) -> Ran:
    outcome = exports.check(paths, out, rules.profile(as_of=AS_OF), engine=engine, master=master)
    results = [one.result for one in outcome.checked if one.result]
    return Ran(outcome, {result.name: read(result) for result in results})


@pytest.fixture(scope="module")
def given(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("given")
    return [*whole(folder, MANY if engine_name == "spark" else ROWS), *odd(folder)]


@pytest.fixture(scope="module")
def reference(given: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(given, tmp_path_factory.mktemp("out") / "[1] results", "polars")


@pytest.fixture(scope="module")
def ran(
    engine_name: str,
    master: str | None,
    given: list[Path],
    reference: Ran,
    tmp_path_factory: pytest.TempPathFactory,
) -> Ran:
    out = tmp_path_factory.mktemp("out") / "[1] results"
    if engine_name == "polars":
        return reference
    if engine_name == "duckdb":
        return run(given, out, engine_name)
    from sheets.exports import on_spark

    tasks: dict[str, int] = {}

    class Watched(on_spark.Spark):
        def __exit__(self, *error: object) -> None:
            store = self.session.sparkContext._jsc.sc().statusStore()
            told = store.executorList(True)
            for number in range(told.size()):
                one = told.apply(number)
                tasks[one.id()] = one.completedTasks()
            super().__exit__(*error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_spark, "Spark", Watched)
        done = run(given, out, engine_name, master)
    done.tasks = tasks
    return done


def require_same(ran: Ran, reference: Ran) -> None:
    assert ran.outcome.summary == reference.outcome.summary
    assert ran.frames.keys() == reference.frames.keys()
    for name, theirs in reference.frames.items():
        mine = ran.frames[name]
        assert mine.columns == theirs.columns, name
        for column in theirs.columns:
            # An engine has other names for some types: a whole number of another width, a text.
            same = mine[column].cast(theirs[column].dtype)
            assert same.equals(theirs[column]), f"{name}: {column}"


def test_what_is_written_is_what_the_rules_find(tmp_path: Path) -> None:
    frames = {
        "contact": district.contacts(ROWS),
        "student": district.students(ROWS),
        "account": district.accounts(ROWS),
        "relationship_type": district.types(),
    }
    tables = [rules.Table(kind, frame.collect(), {}) for kind, frame in frames.items()]

    mine = run(whole(tmp_path, ROWS), tmp_path / "out", "polars").frames[LISTS]

    found, _ = rules.evaluate(tables, rules.profile(as_of=AS_OF))
    assert mine["Revealed?"].equals(found.frame["revealed"])
    told = [name for name in found.frame.columns if "-" in name]
    assert len(told) > 12
    ids = [pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in told]
    listed = found.frame.select(pl.concat_str(ids, separator=", ", ignore_nulls=True))
    assert mine["rules"].fill_null("").equals(listed.to_series())


def test_every_engine_writes_the_same(ran: Ran, reference: Ran) -> None:
    assert len(ran.frames) == 5
    require_same(ran, reference)


@pytest.mark.slow
def test_duckdb_writes_the_same_of_many_rows(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    many = whole(tmp_path, MANY)

    ran, reference = (run(many, tmp_path / name, name) for name in ("duckdb", "polars"))

    require_same(ran, reference)


def test_the_columns_of_an_export_come_back_as_they_were(given: list[Path], ran: Ran) -> None:
    for path in given:
        if path.suffix != ".parquet" or path.name == "user accounts.parquet":
            continue
        own, result = read(path), ran.frames[path.name]
        assert result.columns == [*own.columns, *HEADERS]
        assert result.height == own.height
        for column in own.columns:
            assert result[column].cast(own[column].dtype).equals(own[column]), column
    assert ran.frames["empty staff.parquet"].is_empty()


def test_spark_works_on_two_computers(engine_name: str, ran: Ran) -> None:
    if engine_name != "spark":
        pytest.skip("only PySpark has workers")
    workers = {name: tasks for name, tasks in ran.tasks.items() if name != "driver"}
    assert len(workers) == 2
    assert min(workers.values()) > 0
    assert ran.tasks["driver"] == 0


@pytest.mark.parametrize("name", ["Revealed?", "what to fix", "rules"])
def test_a_column_is_never_replaced(tmp_path: Path, name: str) -> None:
    path = written(
        district.contacts(3).with_columns(own=pl.lit("mine")),
        {"own": name, **CONTACTS},
        tmp_path / "contacts.parquet",
    )

    with pytest.raises(NotUnderstood, match="second column"):
        run([path], tmp_path / "out", "polars")

    assert not list((tmp_path / "out").iterdir())


def test_a_result_can_be_judged_again(engine_name: str, tmp_path: Path) -> None:
    if engine_name == "spark":
        pytest.skip("takes long, and the columns are left out before it starts")
    contacts = written(district.contacts(50), CONTACTS, tmp_path / "contacts.parquet")
    first = run([contacts], tmp_path / "first", engine_name)

    again = run([tmp_path / "first" / "contacts.parquet"], tmp_path / "again", engine_name)

    assert again.frames["contacts.parquet"].equals(first.frames["contacts.parquet"])


def test_a_result_that_is_there_stays(engine_name: str, tmp_path: Path) -> None:
    contacts = written(district.contacts(50), CONTACTS, tmp_path / "contacts.parquet")
    result = tmp_path / "out" / "contacts.parquet"
    result.parent.mkdir()
    result.write_bytes(b"mine")

    with pytest.raises(CannotWrite, match="there already"):
        run([contacts], tmp_path / "out", engine_name)

    assert result.read_bytes() == b"mine"

"""`reveal check exports/*.parquet --engine ...`: the same as of the workbook, as Parquet."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.running import reveal

SCHOOL = Path(__file__).parents[2] / "templates" / "samples" / "small-school.xlsx"
DAY = ("--as-of", "2026-11-23")


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The sheets of a workbook, row by row."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def exports(tmp_path: Path) -> list[Path]:
    """The sheets of the sample, each as a Parquet file."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for title, (header, *rows) in tables(SCHOOL).items():
        columns = {str(name): [row[at] for row in rows] for at, name in enumerate(header) if name}
        typed = {
            name: values
            if all(isinstance(one, int | None) for one in values)
            or all(isinstance(one, dt.datetime | None) for one in values)
            else [None if one is None else str(one) for one in values]
            for name, values in columns.items()
        }
        pl.DataFrame(typed).write_parquet(folder / f"{title.lower()}.parquet")
    return sorted(folder.glob("*.parquet"))


def told(folder: Path, name: str) -> list[tuple[str | None, str | None]]:
    """Verdict and sentences of each row of a result."""
    path = folder / f"{name}.parquet"
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    return pl.concat(map(pl.read_parquet, parts)).select("Revealed?", "What to fix").rows()


def without_schools(result: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The numbers that are told of exports as of sheets."""
    apart = {"schools", "roll_up"}
    numbers = {key: value for key, value in result["summary"].items() if key not in apart}
    causes = [
        {key: value for key, value in cause.items() if key not in apart}
        for cause in result["causes"]
    ]
    return numbers, causes


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="polars"),
        pytest.param(["--engine", "duckdb"], id="duckdb"),
        pytest.param(
            ["--engine", "spark", "--master", "local-cluster[2,1,1024]"],
            marks=[pytest.mark.slow, pytest.mark.needs_program("java")],
            id="spark",
        ),
    ],
)
def test_exports_are_judged_as_the_workbook_is(
    tmp_path: Path, exports: list[Path], options: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    if options:
        pytest.importorskip({"duckdb": "duckdb", "spark": "pyspark"}[options[1]])
        pytest.importorskip("pyarrow")
    as_sheets = reveal("check", SCHOOL, "--out", tmp_path / "checked.xlsx", "--json", *DAY)

    results = tmp_path / "my results"
    done = reveal("check", *exports, *options, "--out", results, "--json", *DAY)

    assert done.returncode == as_sheets.returncode == 1, done.stderr
    assert done.stderr == ""
    assert capfd.readouterr() == ("", "")  # nor does a program that it starts say anything
    mine, theirs = json.loads(done.stdout), json.loads(as_sheets.stdout)
    assert without_schools(mine) == without_schools(theirs)
    written = [f"{name}.parquet" for name in ("contacts", "staff", "students")]
    assert sorted(mine["outputs"]) == [str(results / name) for name in written]
    assert sorted(path.name for path in results.iterdir()) == written
    sheets = tables(tmp_path / "checked.xlsx")
    for name in ("Contacts", "Staff", "Students"):
        header, *rows = sheets[name]
        at = header.index("Revealed?")
        assert told(results, name.lower()) == [(row[at], row[at + 1]) for row in rows], name


def test_the_first_line_says_how_many(tmp_path: Path, exports: list[Path]) -> None:
    done = reveal("check", *exports, "--out", "results", *DAY, cwd=tmp_path)

    assert " are revealed; " in done.stdout.splitlines()[0]
    assert f"Result: {Path('results', 'contacts.parquet')}" in done.stdout

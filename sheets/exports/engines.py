"""The engines that can judge an export: polars, DuckDB, PySpark.

Each reads and writes Parquet, and gives its own lazy frames to the rules, which are the same for
all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sheets.errors import MissingExtra, WrongUsage

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    import polars as pl

    from sheets.exports.cleaning import Cleaning
    from sheets.exports.source import Export

ENGINES = ("polars", "duckdb", "spark")


class Engine(Protocol):
    """What an engine must be able to do."""

    def clean(self, export: Export, cleaning: Cleaning, target: Path) -> None:
        """Write the cleaned rows of an export to a folder of Parquet files."""
        ...

    def scan(self, path: Path) -> Any:
        """A lazy frame of what `clean` or `write` has written."""
        ...

    def write(self, frame: Any, target: Path) -> None:
        """Compute a lazy frame and write it; the order of the rows does not matter."""
        ...

    def collect(self, frame: Any) -> pl.DataFrame:
        """Compute a lazy frame of few rows."""
        ...

    def result(self, export: Export, words: Any, target: Path) -> None:
        """Write an export with the columns of `sheets.exports.words` beside its own, in its order.

        Args:
            export: Its rows are kept as they are.
            words: ``_row`` and the new columns.
            target: A Parquet file, or for an engine of several computers a folder of them.
        """
        ...


def start(name: str, work: Path, master: str | None) -> AbstractContextManager[Engine]:
    """Start an engine.

    Args:
        name: One of `ENGINES`.
        work: A folder for what it must put aside.
        master: For PySpark: where it runs; on this computer if not given.

    Raises:
        WrongUsage: There is no such engine, or it has no master.
        MissingExtra: It is not installed.
    """
    if master is not None and name != "spark":
        raise WrongUsage("--master is for PySpark.", hint="Add --engine spark.")
    if name == "polars":
        from sheets.exports.on_polars import Polars

        return Polars()
    if name == "duckdb":
        try:
            from sheets.exports.on_duckdb import DuckDB
        except ImportError as error:
            raise _missing("DuckDB", "duckdb") from error
        return DuckDB(work)
    if name == "spark":
        try:
            from sheets.exports.on_spark import Spark
        except ImportError as error:
            raise _missing("PySpark", "spark") from error
        return Spark(work, master)
    raise WrongUsage(f"There is no engine {name}.", hint=f"There is {', '.join(ENGINES)}.")


def _missing(name: str, extra: str) -> MissingExtra:
    return MissingExtra(
        f"{name} is not installed.", hint=f'Install it: pip install "reveal-sheets[{extra}]"'
    )

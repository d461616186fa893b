"""Exports judged by DuckDB, which puts aside on disk what does not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import duckdb

from sheets.exports import on_polars
from sheets.exports.source import FIRST_ROW
from sheets.exports.words import HEADERS
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from sheets.exports.cleaning import Cleaning
    from sheets.exports.source import Export

_MEMORY = "3GB"
_BESIDE = "beside.parquet"


class DuckDB:
    """The engine of one computer whose memory is short.

    Args:
        work: The folder for what it puts aside.
    """

    def __init__(self, work: Path) -> None:
        self._connection = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(work / "duckdb"),
                "autoinstall_known_extensions": False,
                "TimeZone": "UTC",
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def clean(self, export: Export, cleaning: Cleaning, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        on_polars.clean(export, cleaning, target)

    def scan(self, path: Path) -> duckdb.DuckDBPyRelation:
        """See `sheets.exports.engines.Engine`."""
        return self._connection.read_parquet([str(part) for part in on_polars.parts(path)])

    def write(self, frame: duckdb.DuckDBPyRelation, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        frame.write_parquet(str(target), compression="zstd")

    def collect(self, frame: duckdb.DuckDBPyRelation) -> pl.DataFrame:
        """See `sheets.exports.engines.Engine`."""
        found: pl.DataFrame = frame.pl()
        return found

    def result(self, export: Export, words: duckdb.DuckDBPyRelation, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        first, behind = FIRST_ROW, FIRST_ROW + export.count()
        every = self._connection.table_function("range", [first, behind]).project(f"range AS {ROW}")
        ordered = every.join(words, ROW, how="left").order(ROW)
        self.write(
            ordered.project(", ".join(map(_quoted, HEADERS))), beside := target.with_name(_BESIDE)
        )
        on_polars.put_beside(export, beside, target)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

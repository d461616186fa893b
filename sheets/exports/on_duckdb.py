"""Exports judged by DuckDB, which puts aside on disk what does not fit into memory."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Self

import duckdb
import polars as pl

from sheets.exports import on_polars
from sheets.exports.source import NUMBER
from sheets.exports.words import HEADERS
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from pathlib import Path

    from sheets.exports.cleaning import Cleaning
    from sheets.exports.source import Export

_MEMORY = "3GB"
_ROW_IN_FILE = "file_row_number"


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
        if len({name.casefold() for name in export.names}) < len(export.names):
            # DuckDB takes names that differ by case alone for one, and would change them.
            self.write(words, beside := target.with_name("words.parquet"))
            on_polars.result(export, pl.scan_parquet(beside, glob=False), target)
            return
        number = _quoted(NUMBER)
        new = ", ".join([f"{_quoted(ROW)} AS {number}", *map(_quoted, HEADERS)])
        joined = self._numbered(export).join(words.project(new), NUMBER, how="left")
        ordered = joined.order(number).project(f"* EXCLUDE ({number})")
        ordered.write_parquet(str(target), compression="zstd")

    def _numbered(self, export: Export) -> duckdb.DuckDBPyRelation:
        """All rows of an export, numbered."""
        own = ", ".join(map(_quoted, export.names))
        parts = [
            self._connection.read_parquet(str(part), file_row_number=True).project(
                f"{own}, {_ROW_IN_FILE} + {first} AS {_quoted(NUMBER)}"
            )
            for part, first in export.numbered()
        ]
        return reduce(lambda above, below: above.union(below), parts)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

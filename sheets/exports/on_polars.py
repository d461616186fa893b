"""Exports judged by polars, in a stream from file to file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import polars as pl

from sheets.exports.source import NUMBER
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from pathlib import Path

    from sheets.exports.cleaning import Cleaning
    from sheets.exports.source import Export

_BATCH = 250_000


class Polars:
    """The engine of one computer, and the fastest there as long as the keys fit into memory."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open."""

    def clean(self, export: Export, cleaning: Cleaning, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        clean(export, cleaning, target)

    def scan(self, path: Path) -> pl.LazyFrame:
        """See `sheets.exports.engines.Engine`."""
        return pl.scan_parquet(parts(path), glob=False)

    def write(self, frame: pl.LazyFrame, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        frame.sink_parquet(target, maintain_order=False)

    def collect(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """See `sheets.exports.engines.Engine`."""
        return frame.collect(engine="streaming")

    def result(self, export: Export, words: pl.LazyFrame, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        result(export, words, target)


def parts(path: Path) -> list[Path]:
    """What was written to a file, or to the files of a folder, whatever signs their names have."""
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def result(export: Export, words: pl.LazyFrame, target: Path) -> None:
    """Write an export with the columns of a result beside its own."""
    joined = export.scan().join(
        words, left_on=NUMBER, right_on=ROW, how="left", maintain_order="left"
    )
    joined.drop(NUMBER).sink_parquet(target)


def put_beside(export: Export, words: Path, target: Path) -> None:
    """Write an export with the columns of a result, which are in a file row by row as its own."""
    beside = pl.scan_parquet(words, glob=False)
    pl.concat([export.scan().drop(NUMBER), beside], how="horizontal").sink_parquet(target)


def clean(export: Export, cleaning: Cleaning, target: Path) -> None:
    """Clean an export batch by batch on this computer."""
    target.mkdir()
    rows = export.scan().select(pl.col(NUMBER).alias(ROW), *cleaning.names.values())
    batches = rows.collect_batches(chunk_size=_BATCH, engine="streaming")
    # Without rows there is no batch, but what reads the folder must know the columns.
    pl.DataFrame(schema=cleaning.schema).write_parquet(target / "000000.parquet")
    for number, batch in enumerate(batches, 1):
        cleaning.clean(batch).write_parquet(target / f"{number:06}.parquet")

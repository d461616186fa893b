"""Exports as they are given: Parquet, one file or a folder of parts, and CSV.

CSV is put into Parquet first, so that there is one reader of it whatever the engine is. An export
has its headings in the first row; the first row of data is row 2, as a spreadsheet would show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from sheets.books import delimited
from sheets.books.records import Dialect, text
from sheets.errors import CannotRead, NotUnderstood
from sheets.exports.texts import shown
from sheets.exports.words import HEADERS
from sheets.grid import Cells, Grid
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

NUMBER = "_reveal_row"
"""The column that numbers the rows of an export while it is worked on."""

FIRST_ROW = 2

_PARQUET = ".parquet"
_FROM_CSV = "csv-"
_SAMPLE = 50_000  # so many rows are looked at to decide what a column is
_HEAD = 200
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Export:
    """One table of an export.

    Attributes:
        path: What was given.
        parts: Its Parquet files, in the order of their rows.
        names: The names of its columns, without those of an earlier result.
    """

    path: Path
    parts: Sequence[Path]
    names: Sequence[str]

    def scan(self) -> pl.LazyFrame:
        """`NUMBER` and the columns of `names`, all rows."""
        rows = pl.scan_parquet(
            list(self.parts),
            row_index_name=NUMBER,
            row_index_offset=FIRST_ROW,
            glob=False,
            hive_partitioning=False,
        )
        return rows.select(pl.col(NUMBER).cast(pl.Int64), *map(pl.col, self.names))

    def count(self) -> int:
        """The number of its rows."""
        return _count(list(self.parts))

    def numbered(self) -> Iterator[tuple[Path, int]]:
        """Each part with the number of its first row."""
        first = FIRST_ROW
        for part in self.parts:
            yield part, first
            first += _count([part])

    def grid(self) -> Grid:
        """Its headings and first rows as a sheet, from which recognition tells what is what."""
        sample = self.scan().drop(NUMBER).head(_SAMPLE).collect()
        columns = {str(at): shown(sample[name]) for at, name in enumerate(self.names, 1)}
        numbers = pl.int_range(FIRST_ROW, sample.height + FIRST_ROW, dtype=pl.UInt32, eager=True)
        frame = pl.DataFrame({ROW: numbers, **columns})
        head = {1: dict(enumerate(self.names, 1))} | {
            row[0]: {at: value for at, value in enumerate(row[1:], 1) if value}
            for row in frame.head(_HEAD).iter_rows()
        }

        def load(asked: Collection[int]) -> Cells:
            known = [str(at) for at in sorted(asked) if str(at) in frame.columns]
            return Cells(frame.select(ROW, *known), {}, sample.height + 1, len(self.names))

        return Grid(self.path.stem, head, load, book=self.path.name)


def is_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, or the folder of one in parts."""
    return path.suffix.lower() == _PARQUET


def result(path: Path, out: Path) -> Path:
    """Where the result of an export goes.

    Example:
        >>> from pathlib import Path
        >>> result(Path("exports/contacts.csv"), Path("results")).as_posix()
        'results/contacts.parquet'
    """
    return out / f"{path.stem}{_PARQUET}"


def open_export(path: Path, work: Path) -> Export:
    """Find the parts of an export and the names of its columns.

    Args:
        path: A Parquet file, a folder of them, or a CSV file.
        work: A folder for what is made of a CSV file.

    Raises:
        CannotRead: It is none of these, or broken.
        NotUnderstood: It has a column with the name of one that is added to it.
    """
    if not is_parquet(path):
        parts: Sequence[Path] = _converted(path, work)
    else:
        parts = _parts(path) if path.is_dir() else [path]
    try:
        names = pl.scan_parquet(list(parts), glob=False, hive_partitioning=False).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CannotRead(
            "It is no Parquet file, or it is broken.", hint="Export it again.", where=path.name
        ) from error
    return Export(path, parts, _own(names.names(), path))


def _own(names: list[str], path: Path) -> Sequence[str]:
    """The columns of an export; those of an earlier result, at its end, are none of them."""
    own = names[: -len(HEADERS)] if tuple(names[-len(HEADERS) :]) == HEADERS else names
    added = {header.casefold() for header in HEADERS}
    twice = [name for name in own if name.casefold() in added]
    if twice:
        raise NotUnderstood(
            f'The result would have a second column "{twice[0]}".',
            hint="Give that column another name.",
            where=path.name,
        )
    return own


def _parts(folder: Path) -> list[Path]:
    return sorted(one for one in folder.glob(f"*{_PARQUET}") if one.is_file())


def _converted(path: Path, work: Path) -> list[Path]:
    """The Parquet form of a CSV file: all its columns as text, empty cells blank."""
    try:
        dialect = Dialect.of(path)
        width = delimited.plain_width(path, dialect)
        if width is None:
            return _careful(path, dialect, work)
    except OSError as error:
        raise delimited.readable(error, path) from error
    target = work / f"{_FROM_CSV}{path.name}{_PARQUET}"
    names = _names(_headings(path, dialect), width)
    told = [
        pl.when(pl.col(str(at)) != "").then(pl.col(str(at))).alias(name)
        for at, name in enumerate(names, 1)
    ]
    try:
        delimited.scan(path, dialect, width).slice(1).select(told).sink_parquet(target)
    except pl.exceptions.PolarsError:
        # A record has more fields than there are headings: polars takes the first for the widest.
        return _careful(path, dialect, work)
    return [target]


def _careful(path: Path, dialect: Dialect, work: Path) -> list[Path]:
    """The same for a file that must be read record by record."""
    width = max((len(dialect.split(record)) for record, _ in dialect.records(path)), default=0)
    schema = dict.fromkeys(_names(_headings(path, dialect), width), pl.String)
    records = islice(dialect.records(path), 1, None)
    parts: list[Path] = []
    while (chunk := list(islice(records, _CHUNK))) or not parts:
        rows = [
            [text(field) or None for field in fields] + [None] * (width - len(fields))
            for record, _ in chunk
            for fields in (dialect.split(record),)
        ]
        parts.append(work / f"{_FROM_CSV}{path.name}-{len(parts):06}{_PARQUET}")
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(parts[-1])
    return parts


def _headings(path: Path, dialect: Dialect) -> list[str]:
    first, _ = next(dialect.records(path), (b"", b""))
    return [text(field) for field in dialect.split(first)]


def _names(headings: Sequence[str], width: int) -> list[str]:
    """Names for columns: a heading that is blank, or there already, gets its column's number."""
    taken: set[str] = set()
    names = []
    for at in range(1, width + 1):
        heading = headings[at - 1].strip() if at <= len(headings) else ""
        name = heading or f"column_{at}"
        while name.casefold() in taken:
            name += f"_{at}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _count(parts: list[Path]) -> int:
    """The number of rows of some files."""
    rows = pl.scan_parquet(parts, glob=False, hive_partitioning=False)
    return int(rows.select(pl.len()).collect().item())

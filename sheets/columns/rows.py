"""Which rows of a table are somebody: totals, repeated headers, notes and blank rows are not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import headers, vocabulary
from sheets.columns.region import within
from sheets.grid import OddKind
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sheets.columns.region import Region
    from sheets.grid import Cells, Grid

_FILLED = "filled"
_SOMEBODY = "somebody"
_NOT_BLANK = f"[^{headers.SPACES}]"
_FEW = 3  # a total or note fills at most so many cells of a row, or a third of them
_TAIL = 50  # a block of more rows than that is not left out
_HALF = 0.5  # nor one that fills half as many cells as the others
_LONG = 60  # a text alone in its row, and longer than this, is a note
_ALIKE = 0.35  # an id may differ in length by this much and still be one

NAMES: Mapping[str, tuple[str, str]] = {
    "total": ("total row is", "total rows are"),
    "header": ("repeated header is", "repeated headers are"),
    "note": ("note is", "notes are"),
    "error": ("row with nothing but errors is", "rows with nothing but errors are"),
    "below": ("row below the table is", "rows below the table are"),
}


@dataclass(slots=True)
class Sifted:
    """The rows of a table.

    Attributes:
        rows: The rows that are somebody, ascending.
        left_out: Why -> how many rows are not.
    """

    rows: pl.Series
    left_out: dict[str, int] = field(default_factory=dict)

    def notes(self) -> list[str]:
        """What was left out, in words."""
        return [
            f"{count:,} {NAMES[why][count > 1]} left out"
            for why, count in self.left_out.items()
            if count
        ]


def sift(
    grid: Grid, cells: Cells, region: Region, identity: Collection[int], keys: Collection[int]
) -> Sifted:
    """Tell the rows that are somebody from those that are not.

    Args:
        grid: The sheet; its head shows also the columns that were not loaded.
        cells: The loaded columns.
        region: The table.
        identity: The columns of which a person has at least one filled.
        keys: The columns that hold ids and addresses.
    """
    columns = [name for name in cells.frame.columns if name != ROW]
    frame = _measured(cells, region, columns, identity)
    left_out: dict[str, int] = {}
    frame = _drop(frame, "header", _repeated(frame, region, columns), left_out)
    if left_out:
        left_out["header"] = -(-left_out["header"] // len(region.lines))
    few = pl.col(_FILLED) <= max(_FEW, len(columns) // _FEW)
    merged = pl.col(ROW).is_in(_merged_rows(grid, region))
    suspects = frame.filter(few | merged)
    if suspects.height:
        frame = _drop_suspects(frame, suspects, grid, region, left_out)
    people = frame.lazy().filter(pl.col(_SOMEBODY)).select(ROW, _FILLED).collect()
    people = _without_errors(people, cells, identity, left_out)
    people = _without_tail(people, frame, keys, left_out)
    return Sifted(people[ROW], left_out)


def _measured(
    cells: Cells, region: Region, columns: Sequence[str], identity: Collection[int]
) -> pl.DataFrame:
    """The rows of the region with how many cells each fills, and whether it is somebody."""
    frame = within(_with_odd_rows(cells, columns), region)
    filled = {
        name: pl.col(name).str.contains(_NOT_BLANK).fill_null(value=False) for name in columns
    }
    somebody = [filled[str(column)] for column in identity if str(column) in filled]
    odd = [row for row, column in cells.odd if column in identity]
    return frame.with_columns(
        pl.sum_horizontal(*filled.values()).alias(_FILLED),
        pl.any_horizontal(*somebody, pl.col(ROW).is_in(odd)).alias(_SOMEBODY),
    )


def _with_odd_rows(cells: Cells, columns: Sequence[str]) -> pl.DataFrame:
    """The frame, with the rows of which all loaded cells are odd."""
    rows = pl.Series(ROW, sorted({row for row, _ in cells.odd}), dtype=pl.UInt32)
    more = rows.filter(~rows.is_in(cells.frame[ROW].implode()))
    if not len(more):
        return cells.frame
    extra = pl.DataFrame({ROW: more}).with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in columns
    )
    return pl.concat([cells.frame, extra.select(cells.frame.columns)]).sort(ROW)


def _drop(
    frame: pl.DataFrame, why: str, rows: Collection[int] | pl.Series, left_out: dict[str, int]
) -> pl.DataFrame:
    if not len(rows):
        return frame
    kept = frame.filter(~pl.col(ROW).is_in(list(rows)))
    left_out[why] = left_out.get(why, 0) + frame.height - kept.height
    return kept


def _repeated(frame: pl.DataFrame, region: Region, columns: Sequence[str]) -> list[int]:
    """The rows in which a line of the header stands again."""
    found: set[int] = set()
    for line in region.lines:
        texts = {str(column): text for column, text in line.items() if str(column) in columns}
        if not texts:
            continue
        equal = pl.sum_horizontal(
            *((pl.col(name) == text).fill_null(value=False) for name, text in texts.items())
        )
        least = min(2, len(texts))
        again = frame.filter((equal >= least) & (equal >= _HALF * pl.col(_FILLED)))
        found.update(again[ROW])
    return sorted(found)


def _merged_rows(grid: Grid, region: Region) -> list[int]:
    """The rows below the header in which one merged cell spans several columns."""
    return [
        row
        for one in grid.merged
        if one.last_column - one.first_column + 1 >= _FEW and one.last_row > region.header_row
        for row in range(one.first_row, min(one.last_row, one.first_row + _TAIL) + 1)
    ]


def _drop_suspects(
    frame: pl.DataFrame,
    suspects: pl.DataFrame,
    grid: Grid,
    region: Region,
    left_out: dict[str, int],
) -> pl.DataFrame:
    """Leave out totals and notes, judged by the few cells that their rows fill."""
    names = [name for name in suspects.columns if name not in {ROW, _FILLED, _SOMEBODY}]
    trimmed = suspects.select(
        ROW, _FILLED, pl.col(names).str.strip_chars(headers.SPACES).replace("", None)
    )
    first = pl.coalesce(pl.col(names))
    alone = (pl.col(_FILLED) == 1) | pl.all_horizontal(
        (pl.col(name) == first) | pl.col(name).is_null() for name in names
    )
    titles = list(region.titles)
    note = alone & (
        first.str.contains(_any("notes")) | first.is_in(titles) | (first.str.len_chars() > _LONG)
    )
    total = pl.any_horizontal(pl.col(names).str.contains(_any("totals")))
    judged = trimmed.select(ROW, note.alias("note"), total.alias("total"))
    totals = set(judged.filter(pl.col("total"))[ROW]) | _totals_in_head(grid, region)
    notes = set(judged.filter(pl.col("note"))[ROW]) - totals
    frame = _drop(frame, "total", totals, left_out)
    return _drop(frame, "note", notes, left_out)


def _totals_in_head(grid: Grid, region: Region) -> set[int]:
    """Totals whose word stands in a column that was not loaded."""
    pattern = re.compile(_any("totals"))
    few = max(_FEW, len(region.headings) // _FEW)
    span = region.columns()
    found = set()
    for row, cells in grid.head.items():
        texts = [
            headers.shown(text) for column, text in cells.items() if span[0] <= column <= span[-1]
        ]
        if row > region.header_row and len(texts) <= few and any(map(pattern.match, texts)):
            found.add(row)
    return found


def _any(name: str) -> str:
    """One pattern for a list of patterns of `fields.toml`."""
    return "(?i)^(?:" + "|".join(vocabulary.data()["rows"][name]) + ")$"


def _without_errors(
    people: pl.DataFrame, cells: Cells, identity: Collection[int], left_out: dict[str, int]
) -> pl.DataFrame:
    """Leave out rows of which every cell is an error: formulas filled down too far."""
    if not cells.odd:
        return people
    unread = {
        row
        for (row, column), odd in cells.odd.items()
        if odd.kind is OddKind.NO_RESULT and column in identity
    }
    empty = people.filter(pl.col(_FILLED) == 0)[ROW]
    return _drop(people, "error", [row for row in empty if row not in unread], left_out)


def _without_tail(
    people: pl.DataFrame, frame: pl.DataFrame, keys: Collection[int], left_out: dict[str, int]
) -> pl.DataFrame:
    """Leave out what stands below the table after a blank row and does not look like its rows."""
    typical = people[_FILLED].median() if people.height else None
    while people.height and isinstance(typical, float):
        block = _last_block(people, frame)
        if not 0 < block.height < min(_TAIL, people.height):
            break
        above = people.head(people.height - block.height)
        if (block[_FILLED] >= _HALF * typical).any() or _has_keys(frame, block, keys):
            break
        left_out["below"] = left_out.get("below", 0) + block.height
        people = above
    return people


def _last_block(people: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows after the last blank row; nothing if there is none near the end."""
    rows = people[ROW].tail(_TAIL + 1).to_list()
    present = set(frame.filter(pl.col(_FILLED) > 0)[ROW].tail(_TAIL * 2 + 1))
    for at in range(len(rows) - 1, 0, -1):
        if any(row not in present for row in range(rows[at - 1] + 1, rows[at])):
            return people.tail(len(rows) - at)
    return people.clear()


def _has_keys(frame: pl.DataFrame, block: pl.DataFrame, keys: Collection[int]) -> bool:
    """Whether a block holds ids or addresses like those above it."""
    below = frame[ROW].is_in(block[ROW].to_list())
    for name in map(str, keys):
        lengths = frame[name].str.len_chars()
        middle = lengths.filter(~below).drop_nulls().median()
        if not isinstance(middle, float):
            continue
        off = (lengths.filter(below).cast(pl.Int64) - middle).abs()
        if (off <= max(1.0, _ALIKE * middle)).any():
            return True
    return False

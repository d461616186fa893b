"""The cells of an export, cleaned batch by batch with the code that cleans a sheet.

A batch is cleaned by `sheets.columns.tables` as if it were a sheet of its own, so a cell means the
same in a spreadsheet and in an export. That is possible because no cell is cleaned by what stands
in another row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from sheets import columns
from sheets.columns import headers, vocabulary
from sheets.exports import texts
from sheets.grid import Cells, Grid
from sheets.rules.model import ODD, ROW, Table
from sheets.summary import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from sheets.columns.model import Found

KIND = "_kind"
"""The column of a cleaned batch that says which kind of people a row is of; null: not known."""

NOBODY = "nobody"
"""The kind of a row that is blank."""

_BLANK = "_blank"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """How one table of an export is cleaned. It can be sent to other computers.

    Attributes:
        found: The table, without cells.
        names: Column number -> the name of the column in the export.
        kinds: Kind -> the fields of its table, and their headings.
    """

    found: Found
    names: Mapping[int, str]
    kinds: Mapping[str, tuple[Sequence[str], Mapping[str, str]]]

    @classmethod
    def of(cls, found: Found, names: Sequence[str]) -> Cleaning:
        """Plan the cleaning of a table that was recognised from a sample.

        Args:
            found: The table.
            names: The names of the export's columns.
        """
        bare = replace(
            found,
            grid=Grid(found.grid.title, {}, _nothing, book=found.grid.book),
            rows=found.rows.clear(),
            cells=None,
            notes=(),
        )
        read = set(found.cells.frame.columns) if found.cells else set()
        numbers = {place.column for place in found.fields.values() if str(place.column) in read}
        kinds = {
            table.kind: ([one for one in table.frame.columns if one != ROW], table.headers)
            for table in columns.tables(_with(bare, _one_of_each(found, numbers)))
        }
        return cls(bare, {number: names[number - 1] for number in sorted(numbers)}, kinds)

    @property
    def schema(self) -> dict[str, Any]:
        """The columns of a cleaned batch."""
        fields = dict.fromkeys(field for fields, _ in self.kinds.values() for field in fields)
        odd = [field + ODD for field in fields]
        return {KIND: pl.String, ROW: pl.Int64} | dict.fromkeys([*fields, *odd], pl.String)

    @property
    def odd(self) -> list[str]:
        """The companions (`ODD`) that a cleaned batch has."""
        return [name for name in self.schema if name.endswith(ODD)]

    def clean(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Clean some rows.

        Args:
            batch: `ROW` and the columns of `names`, of any type.

        Returns:
            One line per row, in the same order, with the columns of `schema`.
        """
        frame = batch.select(
            pl.col(ROW).cast(pl.UInt32),
            *(texts.shown(batch[name]).alias(str(number)) for number, name in self.names.items()),
        )
        parts = [
            table.frame.select(
                pl.lit(table.kind).alias(KIND), pl.col(ROW).cast(pl.Int64), pl.exclude(ROW)
            )
            for table in columns.tables(_with(self.found, frame))
        ]
        named = pl.concat([pl.DataFrame(schema=self.schema), *parts], how="diagonal")
        rows = pl.DataFrame({ROW: batch[ROW].cast(pl.Int64), _BLANK: self._blank(frame)})
        kind = pl.when(_BLANK).then(pl.lit(NOBODY)).otherwise(KIND).alias(KIND)
        joined = rows.join(named, on=ROW, how="left", maintain_order="left")
        return joined.with_columns(kind).select(*self.schema)

    def _blank(self, frame: pl.DataFrame) -> pl.Series:
        """Which rows have nothing in any column that tells who somebody is."""
        columns = [
            str(self.found.fields[name].column)
            for name in vocabulary.kinds()[self.found.kind].identity
            if name in self.found.fields and self.found.fields[name].column in self.names
        ]
        empty = (
            pl.col(name).str.strip_chars(headers.SPACES).fill_null("") == "" for name in columns
        )
        return frame.select(pl.all_horizontal(*empty)).to_series()

    def tables(self, cleaned: Any, odd: Collection[str]) -> list[Table]:
        """The tables of a cleaned export, on the engine that has it.

        Args:
            cleaned: All cleaned rows, as the engine has them.
            odd: The companions that hold something; the others are left out.
        """
        import narwhals.stable.v2 as nw

        frame: nw.LazyFrame[Any] = nw.from_native(cleaned).lazy()
        tables = []
        for kind, (fields, shown) in self.kinds.items():
            told = [field + ODD for field in fields if field + ODD in odd]
            mine = frame.filter(nw.col(KIND) == kind).select(ROW, *fields, *told)
            tables.append(Table(kind, mine.to_native(), shown))
        return tables


def _with(found: Found, frame: pl.DataFrame) -> Found:
    """A table with these rows alone."""
    cells = Cells(frame, {}, frame.height + 1, max(map(int, frame.columns[1:]), default=1))
    return replace(found, rows=frame[ROW], cells=cells)


def _one_of_each(found: Found, numbers: Collection[int]) -> pl.DataFrame:
    """Rows of nobody: one for each kind that a mixed list may have, else one."""
    words = [""]
    if found.kind == vocabulary.MIXED:
        words = [vocabulary.data()["roles"][kind][0] for kind in KINDS]
    role = found.fields["role"].column if found.kind == vocabulary.MIXED else None
    blank = [None] * len(words)
    return pl.DataFrame(
        {
            ROW: pl.Series(range(2, len(words) + 2), dtype=pl.UInt32),
            **{
                str(number): pl.Series(words if number == role else blank, dtype=pl.String)
                for number in sorted(numbers)
            },
        }
    )


def _nothing(_: Collection[int]) -> Cells:
    return Cells(pl.DataFrame({ROW: pl.Series([], dtype=pl.UInt32)}), {}, 1, 1)

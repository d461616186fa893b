"""What is in the cells of plain rows: a column at a time, and each different cell once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml import numberformats, strings
from sheets.books.ooxml.rowreader import RowReader
from sheets.errors import CannotRead
from sheets.grid import Odd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.books.ooxml.cellvalues import Stored, Values

_ATTRIBUTES = re.compile(r'(?: (?:(?:cm|vm|ph)="[0-9]+"|s="([0-9]{1,7})"|t="([A-Za-z]+)"))* ?')
_SHARED, _NUMBER = "s", "number"


class PlainCells:
    """Reads the cells of plain rows.

    Args:
        prefix: The namespace prefix of the sheet's elements, with the colon.
        columns: The asked columns.
        values: What cells mean.
        shared: The shared strings.
        where: The place to name in messages.
    """

    def __init__(
        self,
        prefix: bytes,
        columns: Sequence[int],
        values: Values,
        shared: pl.Series,
        where: str,
    ) -> None:
        self._columns = columns
        self._values, self._shared, self._where = values, shared, where
        self._prefix = name = prefix.decode()
        self._kinds: dict[str, str] = {}
        self._formula = rf"^<{name}f(?: [^<>]*)?(?:/>|>[^<]*</{name}f>)"
        value = rf'^(?:<{name}f/>)?<{name}v(?: xml:space="preserve")?>({{}})</{name}v></{name}c$'
        text = rf'<{name}t(?: xml:space="preserve")?>([^<]*)</{name}t>'
        self._contents = {
            _NUMBER: value.format("0|-?[1-9][0-9]*"),
            "str": value.format("[^<]+"),
            "inlineStr": rf"^<{name}is *>{text}</{name}is *></{name}c$",
        }

    def read(self, groups: pl.DataFrame) -> tuple[pl.DataFrame, dict[tuple[int, int], Odd]] | None:
        """Read the cells of some rows.

        Args:
            groups: ``_row``; ``_digits``, the same as text; and ``c1``, ``c6`` ... for the asked
                columns: their cells from the row's number to the last ``>``.

        Returns:
            The frame and what is odd, as `sheets.grid.Cells` has them; None if a cell names
            another row than its own.

        Raises:
            CannotRead: A cell points to a shared string that is not there.
        """
        names = [f"c{column}" for column in self._columns]
        own = pl.concat_str("_digits", pl.lit('"')).alias("own")
        parts = groups.select(own, *(pl.col(name).str.splitn(">", 2) for name in names))
        fits = [
            pl.col(name).struct[0].str.starts_with(pl.col("own")).all().alias(name)
            for name in names
        ]
        if not all(parts.select(fits).row(0) if fits else ()):
            return None
        texts = [groups["_row"]]
        odd: dict[tuple[int, int], Odd] = {}
        for column, name in zip(self._columns, names, strict=True):
            head = pl.col(name).struct[0].str.strip_prefix(pl.col("own")).alias("head")
            cells = parts.select(head, pl.col(name).struct[1].alias("body"))
            text, strange = self._column(cells["head"], cells["body"])
            texts.append(text.rename(str(column)))
            odd |= {(groups["_row"][at], column): what for at, what in strange.items()}
        return pl.DataFrame(texts), odd

    def _column(self, heads: pl.Series, bodies: pl.Series) -> tuple[pl.Series, Mapping[int, Odd]]:
        """The texts of one column, and the places of what is odd."""
        kinds = self._kinds_of(heads)
        value = bodies.set(~_among(heads, kinds.get(_SHARED, [])), None)
        value = value.str.strip_prefix(f"<{self._prefix}v>")
        value = value.str.strip_suffix(f"</{self._prefix}v></{self._prefix}c")
        index = value.cast(pl.UInt32, strict=False)
        self._require_known(index.max())
        texts = self._shared.gather(index)
        left = (bodies.is_not_null() & index.is_null()).arg_true()
        if not len(left):
            return texts, {}
        found, odd = self._others(heads.gather(left), bodies.gather(left), kinds)
        return texts.scatter(left, found), {left[at]: what for at, what in odd.items()}

    def _others(
        self, heads: pl.Series, bodies: pl.Series, kinds: Mapping[str, Sequence[str]]
    ) -> tuple[pl.Series, Mapping[int, Odd]]:
        """The texts of cells that are no shared strings: by pattern, and the rest one by one."""
        bodies = bodies.str.replace(self._formula, f"<{self._prefix}f/>")
        texts = pl.Series([None], dtype=pl.String).new_from_index(0, len(bodies))
        for kind, pattern in self._contents.items():
            if kind in kinds:
                some = bodies.set(~_among(heads, kinds[kind]), None).str.extract(pattern)
                texts = texts.zip_with(texts.is_not_null(), strings.decoded(some))
        left = (texts.is_null() | (texts == "")).arg_true()
        if not len(left):
            return texts, {}
        keys = pl.select(pl.concat_str(heads.gather(left), pl.lit(">"), bodies.gather(left)))
        return self._one_by_one(texts, left, keys.to_series())

    def _one_by_one(
        self, texts: pl.Series, left: pl.Series, keys: pl.Series
    ) -> tuple[pl.Series, Mapping[int, Odd]]:
        """Read each different cell once, the careful way."""
        known = keys.unique()
        meant = self._meant(known)
        shown = [what if isinstance(what, str) else None for what in meant]
        texts = texts.scatter(left, keys.replace_strict(known, pl.Series(shown, dtype=pl.String)))
        odd = {key: what for key, what in zip(known, meant, strict=True) if isinstance(what, Odd)}
        places = _among(keys, list(odd)).arg_true()
        return texts, {left[at]: odd[keys[at]] for at in places}

    def _meant(self, cells: pl.Series) -> list[str | Odd | None]:
        name = self._prefix
        reader = RowReader(self._where, self._where, self._where)
        reader.feed(b"<worksheet><sheetData>")
        for at, cell in enumerate(cells, 1):
            reader.feed(f'<row r="{at}"><{name}c r="A{at}"{cell}></row>'.encode())
        meant: list[str | Odd | None] = [None] * len(cells)
        for row in reader.take():
            meant[row.number - 1] = self.of(row.cells[1])
        return meant

    def of(self, cell: Stored) -> str | Odd | None:
        """What one cell means, a shared string included.

        Raises:
            CannotRead: It points to a shared string that is not there.
        """
        meant = self._values.of(cell)
        if cell.kind != _SHARED or not isinstance(meant, str):
            return meant
        index = int(meant) if meant.strip().isdecimal() else -1
        self._require_known(index)
        text: str | None = self._shared[index]
        return text

    def _require_known(self, index: object) -> None:
        if index is not None and not 0 <= int(str(index)) < len(self._shared):
            raise CannotRead(
                "The sheet points to texts that the file does not hold.",
                hint="Open the file in Excel, let Excel repair it, and save it.",
                where=self._where,
            )

    def _kinds_of(self, heads: pl.Series) -> Mapping[str, list[str]]:
        """The different attributes of cells, by what kind of content they announce."""
        kinds: dict[str, list[str]] = {}
        for head in heads.unique().drop_nulls():
            if head not in self._kinds:
                self._kinds[head] = self._kind(head)
            kinds.setdefault(self._kinds[head], []).append(head)
        return kinds

    def _kind(self, head: str) -> str:
        match = _ATTRIBUTES.fullmatch(head)
        if match is None:
            return ""
        if match[2] in (None, "n"):
            plain = self._values.format(int(match[1] or 0)) == numberformats.GENERAL
            return _NUMBER if plain else ""
        return match[2]


def _among(texts: pl.Series, some: Sequence[str]) -> pl.Series:
    return texts.is_in(some).fill_null(value=False)

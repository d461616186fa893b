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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.books.ooxml.cellvalues import Stored, Values

_ATTRIBUTES = re.compile(r'(?: (?:(?:cm|vm|ph)="[0-9]+"|s="([0-9]{1,7})"|t="([A-Za-z]+)"))* ?')
_SHARED, _NUMBER = "s", "n"
_RAW = ("str", "inlineStr")  # the kinds whose text is that of the XML


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
        if not self._columns:
            return groups.select("_row"), {}
        cells = self._taken_apart(groups)
        if not all(cells.select(pl.col("^fits.*$").all()).row(0)):
            return None
        cells = self._read(self._without_formulas(cells))
        rows = groups["_row"]
        odd: dict[tuple[int, int], Odd] = {}
        texts = [rows]
        flags = cells.select(pl.col("^(left|unclean).*$").any()).row(0, named=True)
        for column in self._columns:
            text = cells[f"text{column}"]
            if flags.get(f"unclean{column}"):
                raw = cells[f"raw{column}"]
                text = text.zip_with(raw.is_null(), strings.decoded(raw))
            if flags[f"left{column}"]:
                left = cells[f"left{column}"].arg_true()
                keys = cells.select(
                    pl.concat_str(f"head{column}", pl.lit(">"), f"body{column}").gather(left)
                )
                text, strange = self._one_by_one(text, left, keys.to_series())
                odd |= {(rows[at], column): what for at, what in strange.items()}
            texts.append(text.rename(str(column)))
        return pl.DataFrame(texts), odd

    def _taken_apart(self, groups: pl.DataFrame) -> pl.DataFrame:
        """The attributes and the content of each cell, and whether it stands in its row."""
        parts = groups.select(
            pl.concat_str("_digits", pl.lit('"')).alias("own"),
            *(pl.col(f"c{column}").str.splitn(">", 2) for column in self._columns),
        )
        expressions = []
        for column in self._columns:
            head, body = pl.col(f"c{column}").struct[0], pl.col(f"c{column}").struct[1]
            expressions += [
                head.str.starts_with(pl.col("own")).alias(f"fits{column}"),
                head.str.strip_prefix(pl.col("own")).alias(f"head{column}"),
                body.alias(f"body{column}"),
            ]
        return parts.select(expressions)

    def _without_formulas(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Make all formulas the same: only their results are read."""
        start = f"<{self._prefix}f"
        has = cells.select(pl.col("^body.*$").str.starts_with(start).any()).row(0, named=True)
        some = [name for name, yes in has.items() if yes]
        return cells.with_columns(pl.col(some).str.replace(self._formula, f"{start}/>"))

    def _read(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Read what patterns can tell.

        Returns:
            For each column its ``text``; the part of it that is ``raw`` XML, and whether it is
            ``unclean``; and whether a cell is ``left``.
        """
        heads = cells.select(pl.col("^head.*$").unique().implode()).row(0)
        parts: list[pl.Expr] = []
        whole: list[pl.Expr] = []
        for column, found in zip(self._columns, heads, strict=True):
            kinds = self._kinds_of(found)
            known = [kind for kind in (_SHARED, *self._contents) if kind in kinds]
            for kind in known:
                among = pl.col(f"head{column}").is_in(kinds[kind])
                body = pl.when(among).then(pl.col(f"body{column}"))
                parts.append(self._part(kind, body).alias(f"{kind}{column}"))
            whole += self._whole(column, known)
        cells = cells.with_columns(parts)
        try:
            return cells.with_columns(whole)
        except pl.exceptions.OutOfBoundsError as problem:
            raise self._lost() from problem

    def _part(self, kind: str, body: pl.Expr) -> pl.Expr:
        """What the cells of one kind hold."""
        if kind != _SHARED:
            return body.str.extract(self._contents[kind])
        value = body.str.strip_prefix(f"<{self._prefix}v>")
        value = value.str.strip_suffix(f"</{self._prefix}v></{self._prefix}c")
        return value.cast(pl.UInt32, strict=False)

    def _whole(self, column: int, kinds: Sequence[str]) -> Iterator[pl.Expr]:
        """A column put together from its cells of several kinds."""
        parts = {kind: pl.col(f"{kind}{column}") for kind in kinds}
        left = pl.col(f"body{column}").is_not_null()
        for kind, part in parts.items():
            left &= part.is_null() | (part == "" if kind in _RAW else False)
        yield left.alias(f"left{column}")
        raw = [part for kind, part in parts.items() if kind in _RAW]
        if raw:
            yield pl.coalesce(raw).alias(f"raw{column}")
            yield pl.coalesce(raw).str.contains(strings.UNCLEAN).alias(f"unclean{column}")
        if _SHARED in parts:
            parts[_SHARED] = pl.lit(self._shared).gather(parts[_SHARED])
        nothing = pl.lit(None, dtype=pl.String)
        yield pl.coalesce(*parts.values(), nothing).alias(f"text{column}")

    def _one_by_one(
        self, texts: pl.Series, left: pl.Series, keys: pl.Series
    ) -> tuple[pl.Series, Mapping[int, Odd]]:
        """Read each different cell once, the careful way."""
        known = keys.unique()
        meant = self._meant(known)
        shown = [what if isinstance(what, str) else None for what in meant]
        texts = texts.scatter(left, keys.replace_strict(known, pl.Series(shown, dtype=pl.String)))
        odd = {key: what for key, what in zip(known, meant, strict=True) if isinstance(what, Odd)}
        places = keys.is_in(list(odd)).arg_true()
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
        if not 0 <= index < len(self._shared):
            raise self._lost()
        text: str | None = self._shared[index]
        return text

    def _lost(self) -> CannotRead:
        return CannotRead(
            "The sheet points to texts that the file does not hold.",
            hint="Open the file in Excel, let Excel repair it, and save it.",
            where=self._where,
        )

    def _kinds_of(self, heads: Iterable[str | None]) -> Mapping[str, list[str]]:
        """The different attributes of cells, by what kind of content they announce."""
        kinds: dict[str, list[str]] = {}
        for head in heads:
            if head is None:
                continue
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

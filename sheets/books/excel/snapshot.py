"""A worksheet as it was read: plain values, nothing of Excel's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheets.books.excel import values
from sheets.books.ooxml import numberformats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.books.excel.values import Rows
    from sheets.books.ooxml.numberformats import Format
    from sheets.grid import Area


@dataclass(frozen=True, slots=True)
class Table:
    """A table (ListObject).

    Attributes:
        name: Its name.
        area: All of it, with headers and totals.
        header: Whether it shows a row of headers.
        totals: Whether it shows a row of totals.
        query: Whether a query fills it.
    """

    name: str
    area: Area
    header: bool
    totals: bool
    query: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet.

    Attributes:
        title: Its name.
        state: ``visible``, ``hidden`` or ``very hidden``.
        protected: Whether its cells are protected against changes.
        area: The used range.
        told: The values of the used range.
        formulas: What was entered there.
        formats: Number formats that change how numbers read, each with where it is.
        merged: Merged areas.
        tables: The tables on it.
        filter: The area of its AutoFilter.
        hidden: The rows with content that are hidden or filtered away.
    """

    title: str
    state: str
    protected: bool
    area: Area
    told: Rows
    formulas: Rows
    formats: Sequence[tuple[Area, Format]]
    merged: Sequence[Area]
    tables: Sequence[Table]
    filter: Area | None
    hidden: frozenset[int]

    def value(self, row: int, column: int) -> Any:
        """The value of a cell."""
        return self._at(self.told, row, column)

    def formula(self, row: int, column: int) -> Any:
        """What was entered into a cell, as Excel tells it."""
        return self._at(self.formulas, row, column)

    def entered(self, row: int, column: int) -> object:
        """What is to be entered into a cell so that it holds the same again."""
        return values.entered(self.value(row, column), self.formula(row, column))

    def text(self, row: int, column: int) -> str | None:
        """What a cell holds as text."""
        value = self.value(row, column)
        return values.text(value, self._format(row, column) if values.is_whole(value) else ())

    def is_formula(self, row: int, column: int) -> bool:
        """Whether a cell holds a formula."""
        return values.is_formula(self.value(row, column), self.formula(row, column))

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell holds anything: a value, or a formula whatever its result."""
        return self.value(row, column) not in (None, "") or self.is_formula(row, column)

    def filled(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield the rows that hold text, from the top: column -> text."""
        top, left = self.area.first_row, self.area.first_column
        for row, told in enumerate(self.told, top):
            found = {
                column: said
                for column, value in enumerate(told, left)
                if value is not None and (said := self.text(row, column))
            }
            if found:
                yield row, found

    def _format(self, row: int, column: int) -> Format:
        for area, form in self.formats:
            if area.holds(row, column):
                return form
        return numberformats.GENERAL

    def _at(self, rows: Rows, row: int, column: int) -> Any:
        if not self.area.holds(row, column):
            return None
        return rows[row - self.area.first_row][column - self.area.first_column]

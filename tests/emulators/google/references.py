"""References in formulas: found, and written anew when what they name has moved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.emulators.google import a1

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.shift import Shift

LOST = "#REF!"
SHEET = r"(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!"
CELL = r"\$?[A-Za-z]{1,3}\$?\d+"
RANGE = (
    rf"{CELL}:{CELL}|{CELL}:\$?[A-Za-z]{{1,3}}|{CELL}:\$?\d+|{CELL}"
    r"|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+"
)
# A name that goes on (``LOG10(``) is no reference.
WHOLE = rf"(?<![\w.$])(?P<range>{RANGE})(?![\w(!.])"
# Text in quotes is skipped.
REFERENCE = re.compile(rf'"(?:[^"]|"")*"|(?P<sheet>{SHEET})?{WHOLE}')
EDGE = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?")


@dataclass(frozen=True)
class Edge:
    """One corner of a reference: its row and column, and which of them are absolute."""

    row: int | None
    column: int | None
    fixed_row: bool
    fixed_column: bool

    def text(self) -> str:
        column = "" if self.column is None else "$" * self.fixed_column + a1.letters(self.column)
        return column + ("" if self.row is None else "$" * self.fixed_row + str(self.row + 1))


@dataclass(frozen=True)
class Reference:
    """A cell or a range as a formula names it."""

    title: str | None
    first: Edge
    last: Edge

    @property
    def rows(self) -> a1.Span:
        return self._span(self.first.row, self.last.row)

    @property
    def columns(self) -> a1.Span:
        return self._span(self.first.column, self.last.column)

    @staticmethod
    def _span(start: int | None, end: int | None) -> a1.Span:
        return (0 if start is None else start), None if end is None else end + 1


def edge(text: str) -> Edge:
    found = EDGE.fullmatch(text)
    if not found:
        raise ValueError(text)
    dollar, letters, second, digits = found.groups()
    fixed_row = second == "$" if letters else dollar == "$" or second == "$"
    return Edge(
        int(digits) - 1 if digits else None,
        a1.number(letters) if letters else None,
        fixed_row,
        dollar == "$" and bool(letters),
    )


def title_of(prefix: str | None) -> str | None:
    if not prefix:
        return None
    name = prefix[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def reference(prefix: str | None, text: str) -> Reference:
    first, _, last = text.partition(":")
    return Reference(title_of(prefix), edge(first), edge(last or first))


def _each(formula: str, change: Callable[[Reference, str, str], str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        if found["range"] is None:
            return found[0]
        return change(reference(found["sheet"], found["range"]), found["sheet"] or "", found[0])

    return REFERENCE.sub(replaced, formula) if formula.startswith("=") else formula


def _written(prefix: str, first: Edge, last: Edge, *, ranged: bool) -> str:
    return prefix + first.text() + (f":{last.text()}" if ranged else "")


def shifted(
    formula: str,
    home: str,
    changed: str,
    rows: Shift | None,
    columns: Shift | None,
    *,
    lost: bool = True,
) -> str:
    """A formula of the sheet ``home`` after rows or columns of the sheet ``changed`` moved.

    The formula of a rule is told for its first cell: when that one is gone, its references
    name what stands there now. They are never ``lost``.
    """

    def change(found: Reference, prefix: str, text: str) -> str:
        if (found.title or home).casefold() != changed.casefold():
            return text
        row_span = _moved(rows, found.first.row, found.last.row, lost=lost)
        column_span = _moved(columns, found.first.column, found.last.column, lost=lost)
        if row_span is None or column_span is None:
            return LOST
        first = Edge(row_span[0], column_span[0], found.first.fixed_row, found.first.fixed_column)
        last = Edge(row_span[1], column_span[1], found.last.fixed_row, found.last.fixed_column)
        return _written(prefix, first, last, ranged=":" in text[len(prefix) :])

    return _each(formula, change)


def _moved(
    shift: Shift | None, start: int | None, end: int | None, *, lost: bool
) -> tuple[int | None, int | None] | None:
    if shift is None or (start is None and end is None):
        return start, end
    span = shift.span((start, None if end is None else end + 1))
    if span is None:
        return None if lost else (start, end)
    return (span[0], None if span[1] is None else span[1] - 1)


def copied(formula: str, down: int, right: int) -> str:
    """A formula as it reads when its cell is copied: relative references go along."""

    def change(found: Reference, prefix: str, text: str) -> str:
        first, last = _along(found.first, down, right), _along(found.last, down, right)
        if any((each.row or 0) < 0 or (each.column or 0) < 0 for each in (first, last)):
            return LOST
        return _written(prefix, first, last, ranged=":" in text[len(prefix) :])

    return _each(formula, change)


def _along(edge: Edge, down: int, right: int) -> Edge:
    row = edge.row if edge.row is None or edge.fixed_row else edge.row + down
    column = edge.column if edge.column is None or edge.fixed_column else edge.column + right
    return Edge(row, column, edge.fixed_row, edge.fixed_column)


def renamed(formula: str, old: str, new: str | None) -> str:
    """A formula after a sheet has got another title, or is gone."""

    def change(found: Reference, prefix: str, text: str) -> str:
        if not prefix or (found.title or "").casefold() != old.casefold():
            return text
        return LOST if new is None else f"{a1.quoted(new)}!{text[len(prefix) :]}"

    return _each(formula, change)

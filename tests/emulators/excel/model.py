"""What a workbook holds, and what Excel makes of what is entered into its cells."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from sheets.books.ooxml import numberformats
from sheets.grid import Area

NOT_DONE = -2146827284  # 0x800A03EC, what Excel says for nearly everything
ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#REF!": -2146826265,
    "#GETTING_DATA": -2146826245,
}
DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001
STANDARD = 8.43

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotDone(Exception):
    """Excel does not do it."""


@dataclass
class Cell:
    """A cell that is not blank.

    Attributes:
        value: Text, float, bool, or the number of an error.
        formula: What stands there, if it is a formula.
        quoted: Whether a leading ' makes it a text.
    """

    value: Any
    formula: str = ""
    quoted: bool = False


@dataclass
class Table:
    name: str
    area: Area
    header: bool = True
    totals: bool = False
    source: int = 1


@dataclass
class Rule:
    """A conditional format; `formula` is in English."""

    areas: list[Area]
    kind: int
    formula: str
    colour: int = 0
    stops: bool = True


@dataclass
class Note:
    text: str
    alternative: str = ""


@dataclass
class Filter:
    area: Area
    criteria: dict[int, tuple[Any, int, Any]] = field(default_factory=dict)


@dataclass
class Sheet:
    title: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    of_columns: dict[int, str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    wrapped: set[tuple[int, int]] = field(default_factory=set)
    bold: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    tables: list[Table] = field(default_factory=list)
    filter: Filter | None = None
    rules: list[Rule] = field(default_factory=list)
    notes: dict[tuple[int, int], Note] = field(default_factory=dict)
    visible: int = -1
    protected: bool = False
    frozen: int = 0

    @property
    def used(self) -> Area:
        merged = [at for one in self.merged for at in corners(one)]
        ats = [*self.cells, *self.formats, *merged] or [(1, 1)]
        rows, columns = zip(*ats, strict=True)
        return Area(min(rows), min(columns), max(rows), max(columns))

    def format(self, at: tuple[int, int]) -> str:
        return self.formats.get(at, self.of_columns.get(at[1], "General"))

    def told(self, at: tuple[int, int]) -> Any:
        """The value of a cell: a number in a cell with a date's format is a moment."""
        cell = self.cells.get(at)
        if cell is None:
            return None
        if isinstance(cell.value, float) and self.is_date(at):
            return DAY_ZERO + dt.timedelta(days=cell.value)
        return cell.value

    def is_date(self, at: tuple[int, int]) -> bool:
        return any(part.date for part in numberformats.parse(self.format(at)))

    def entered(self, at: tuple[int, int]) -> str:
        """What Range.Formula tells."""
        cell = self.cells.get(at)
        if cell is None:
            return ""
        if cell.formula:
            return cell.formula
        if isinstance(cell.value, bool):
            return str(cell.value).upper()
        if isinstance(cell.value, float):
            return numberformats.shown(repr(cell.value), ())
        names = {number: text for text, number in ERRORS.items()}
        return names[cell.value] if isinstance(cell.value, int) else str(cell.value)

    def enter(self, at: tuple[int, int], given: Any) -> None:
        """Enter something into a cell, as Excel understands it."""
        anchor = next((one for one in self.merged if one.holds(*at)), None)
        if anchor and at != (anchor.first_row, anchor.first_column):
            return
        if given in (None, ""):
            self.cells.pop(at, None)
        elif isinstance(given, bool) or not isinstance(given, (str, int, float)):
            self.cells[at] = Cell(given)
        elif isinstance(given, (int, float)):
            self.cells[at] = Cell(float(given))
        else:
            self.cells[at] = self._typed(at, given)
        self._name_columns(at)

    def _typed(self, at: tuple[int, int], text: str) -> Cell:
        if text.startswith("'"):
            return Cell(text[1:], quoted=True)
        if self.format(at) == "@":
            return Cell(text)
        if text.startswith("="):
            return Cell(calculated(text), formula=text)
        if _DAY.fullmatch(text):
            self.formats.setdefault(at, "m/d/yyyy")
        value = understood(text)
        if value == text and text.startswith(("+", "-", "@")):
            raise NotDone
        return Cell(value)

    def _name_columns(self, at: tuple[int, int]) -> None:
        """A header of a table is never blank."""
        for table in self.tables:
            if table.header and at[0] == table.area.first_row and table.area.holds(*at):
                self.name_headers(table)

    def name_headers(self, table: Table) -> None:
        row = table.area.first_row
        for column in range(table.area.first_column, table.area.last_column + 1):
            if (row, column) not in self.cells:
                self.cells[row, column] = Cell(f"Column{column - table.area.first_column + 1}")

    def refilter(self) -> None:
        """Hide the rows that the filter does not want, and no others."""
        if self.filter is None:
            return
        area = self.filter.area
        for row in range(area.first_row + 1, area.last_row + 1):
            wanted = all(
                _wants(self.cells.get((row, area.first_column + at - 1)), *criterion)
                for at, criterion in self.filter.criteria.items()
            )
            (self.hidden.discard if wanted else self.hidden.add)(row)


@dataclass
class Workbook:
    name: str
    sheets: list[Sheet]
    read_only: bool = False
    structure: bool = False
    active: Sheet | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        self.active = self.active or self.sheets[0]


def corners(area: Area) -> list[tuple[int, int]]:
    return [(area.first_row, area.first_column), (area.last_row, area.last_column)]


def understood(text: str) -> Any:
    """What Excel takes a text for that somebody types."""
    if text in ERRORS:
        return ERRORS[text]
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        return float((dt.datetime.fromisoformat(text) - DAY_ZERO).days)
    return text


def calculated(formula: str) -> Any:
    """The result of the few formulas that tests enter."""
    text = re.fullmatch(r'="((?:[^"]|"")*)"', formula)
    if text:
        return text[1].replace('""', '"')
    total = re.fullmatch(r"=(\d+)\+(\d+)", formula)
    if total:
        return float(total[1]) + float(total[2])
    if formula == "=NA()":
        return ERRORS["#N/A"]
    # The tests need no result of others, but one that is not the formula.
    return 0.0


def _wants(cell: Cell | None, first: Any, operator: int, second: Any) -> bool:
    said = "" if cell is None else str(cell.value)
    if isinstance(first, tuple):
        return f"={said}" in first or said in first
    wants = [_one(said, one) for one in (first, second) if one is not None]
    return any(wants) if operator == 2 else all(wants)


def _one(said: str, criterion: str) -> bool:
    if criterion.startswith("<>"):
        return said != criterion[2:]
    return said == criterion.removeprefix("=")

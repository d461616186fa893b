"""What a spreadsheet is made of. Cells, lines and rules are never changed in place, only replaced.

So a copy of a spreadsheet is cheap, and a batch that fails half-way leaves nothing behind.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tests.emulators.google.a1 import Span
    from tests.emulators.google.errors import Json

# CellData without what the service works out; "result" is what a test says a formula shows.
Cell = Mapping[str, Any]
Dimension = Literal["ROWS", "COLUMNS"]

EMPTY: Cell = {}
MOST_CELLS = 10_000_000
PIXELS = {"ROWS": 21, "COLUMNS": 100}


@dataclass(frozen=True)
class Line:
    """A row or a column."""

    pixels: int
    hidden: bool = False
    filtered: bool = False
    metadata: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Area:
    """A rectangle of cells; a side that is None goes on to the edge of the sheet."""

    rows: Span = (None, None)
    columns: Span = (None, None)

    @classmethod
    def of(cls, told: Json) -> Area:
        return cls(
            (told.get("startRowIndex"), told.get("endRowIndex")),
            (told.get("startColumnIndex"), told.get("endColumnIndex")),
        )

    def json(self, sheet_id: int) -> Json:
        """As a GridRange: the service leaves out a sheet id of 0 there."""
        told = {
            "sheetId": sheet_id or None,
            "startRowIndex": self.rows[0],
            "endRowIndex": self.rows[1],
            "startColumnIndex": self.columns[0],
            "endColumnIndex": self.columns[1],
        }
        return {name: each for name, each in told.items() if each is not None}

    def within(self, sheet: Sheet) -> Box:
        rows, columns = len(sheet.rows), len(sheet.columns)
        return Box(
            min(self.rows[0] or 0, rows),
            min(rows if self.rows[1] is None else self.rows[1], rows),
            min(self.columns[0] or 0, columns),
            min(columns if self.columns[1] is None else self.columns[1], columns),
        )


@dataclass(frozen=True)
class Box:
    """A rectangle of cells with its four sides."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> Area:
        return Area((self.top, self.bottom), (self.left, self.right))

    def cells(self) -> Iterator[tuple[int, int]]:
        for row in range(self.top, self.bottom):
            for column in range(self.left, self.right):
                yield row, column

    def meets(self, other: Box) -> bool:
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    def holds(self, other: Box) -> bool:
        return (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )


@dataclass
class Sheet:
    """One tab."""

    id: int
    title: str
    rows: list[Line]
    columns: list[Line]
    cells: list[Mapping[int, Cell]]
    properties: Json = field(default_factory=dict)
    rules: list[Json] = field(default_factory=list)
    merges: list[Box] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    filter_views: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    metadata: tuple[Json, ...] = ()

    @classmethod
    def blank(cls, sheet_id: int, title: str, rows: int = 1000, columns: int = 26) -> Sheet:
        return cls(
            sheet_id,
            title,
            [Line(PIXELS["ROWS"])] * rows,
            [Line(PIXELS["COLUMNS"])] * columns,
            [{} for _ in range(rows)],
        )

    def copy(self) -> Sheet:
        made = copy.copy(self)
        for name in (
            *("rows", "columns", "cells", "properties", "rules", "merges", "protected"),
            *("filter_views", "tables", "groups"),
        ):
            setattr(made, name, copy.copy(getattr(self, name)))
        return made

    def cell(self, row: int, column: int) -> Cell:
        return self.cells[row].get(column, EMPTY) if row < len(self.cells) else EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        made = dict(self.cells[row])
        if cell:
            made[column] = cell
        else:
            made.pop(column, None)
        self.cells[row] = made

    def lines(self, dimension: Dimension) -> list[Line]:
        return self.rows if dimension == "ROWS" else self.columns

    def whole(self) -> Box:
        return Area().within(self)


@dataclass
class Spreadsheet:
    """A whole document, who may see it, and when it was changed."""

    id: str
    properties: Json
    sheets: list[Sheet]
    owner: str
    readers: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()
    named: list[Json] = field(default_factory=list)
    metadata: tuple[Json, ...] = ()
    version: int = 1
    created: str = ""
    modified: str = ""

    def copy(self) -> Spreadsheet:
        made = copy.copy(self)
        made.properties = dict(self.properties)
        made.sheets = [sheet.copy() for sheet in self.sheets]
        made.named = list(self.named)
        return made

    def find(self, title: str) -> Sheet | None:
        wanted = title.casefold()
        return next((each for each in self.sheets if each.title.casefold() == wanted), None)

    def by_id(self, sheet_id: int) -> Sheet | None:
        return next((each for each in self.sheets if each.id == sheet_id), None)

    def may_read(self, user: str) -> bool:
        return self.may_write(user) or user in self.readers

    def may_write(self, user: str) -> bool:
        return user == self.owner or user in self.writers

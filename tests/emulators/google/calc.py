"""What cells show: formulas worked out, each once for a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from tests.emulators.google import formula
from tests.emulators.google.model import Area, Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulators.google.errors import Json
    from tests.emulators.google.model import Sheet, Spreadsheet
    from tests.emulators.google.references import Reference

# The code that is shown, and the name that the API gives it.
ERRORS = {
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
CODES = {name: code for code, name in ERRORS.items()}


class Fault(Exception):
    """A formula whose result is an error such as ``#N/A``."""


@dataclass(frozen=True)
class Error:
    """The error that a cell shows."""

    code: str


@dataclass(frozen=True)
class Cells:
    """A range within a formula, read only as far as it is needed."""

    calc: Calc
    sheet: Sheet
    box: Box

    @property
    def size(self) -> tuple[int, int]:
        return self.box.bottom - self.box.top, self.box.right - self.box.left

    def at(self, row: int, column: int) -> Value:
        return self.calc.value(self.sheet, self.box.top + row, self.box.left + column)

    def flat(self) -> Iterator[Value]:
        for row, column in self.box.cells():
            yield self.calc.value(self.sheet, row, column)


Value = Union[float, str, bool, None, Error]  # noqa: UP007 - a name for a type
Result = Union[Value, Cells]  # noqa: UP007


@dataclass(frozen=True)
class Spot:
    """The cell that a formula is worked out for, and how far it is from where it was written."""

    sheet: Sheet
    row: int
    column: int
    down: int = 0
    right: int = 0


def plain(told: Json | None) -> Value:
    """The value of an ExtendedValue that is no formula."""
    if not told:
        return None
    if "errorValue" in told:
        return Error(CODES.get(told["errorValue"].get("type", ""), "#ERROR!"))
    value: Value = next(iter(told.values()))
    return value


def extended(value: Value) -> Json | None:
    """A value as the API tells it."""
    if value is None:
        return None
    if isinstance(value, Error):
        return {"errorValue": {"type": ERRORS[value.code]}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": number(value)}


def number(value: float) -> float:
    """A number without a needless ``.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Calc:
    """The values of a spreadsheet, as long as nobody changes it."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self.spreadsheet = spreadsheet
        self.known: dict[tuple[int, int, int], Value] = {}
        self.found: dict[tuple[int, Box], dict[Any, int]] = {}
        self.busy: set[tuple[int, int, int]] = set()

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        cell = sheet.cell(row, column)
        entered = cell.get("userEnteredValue")
        if not entered or "formulaValue" not in entered:
            return plain(entered)
        if "result" in cell:
            return plain(cell["result"])
        key = (sheet.id, row, column)
        if key in self.busy:
            return Error("#REF!")
        if key not in self.known:
            self.busy.add(key)
            spot = Spot(sheet, row, column)
            self.known[key] = self.shown(entered["formulaValue"], spot)
            self.busy.discard(key)
        return self.known[key]

    def shown(self, text: str, spot: Spot) -> Value:
        """What a formula shows in a cell."""
        try:
            return self.single(self.result(formula.parse(text), spot), spot)
        except formula.BadFormula:
            return Error("#ERROR!")
        except Fault as fault:
            return Error(str(fault))

    def result(self, tree: formula.Tree, spot: Spot) -> Result:
        from tests.emulators.google import functions

        match tree:
            case formula.Constant(value):
                return value
            case formula.Failure(code):
                raise Fault(code)
            case formula.Place(at):
                return self.place(at.title, self.moved(at, spot), spot)
            case formula.Name(text):
                return self.named(text)
            case formula.Call(name, given):
                return functions.called(self, name, given, spot)

    @staticmethod
    def moved(at: Reference, spot: Spot) -> Area:
        def along(edge: int | None, far: int, *, fixed: bool) -> int | None:
            return edge if edge is None or fixed else edge + far

        first, last = at.first, at.last
        top = along(first.row, spot.down, fixed=first.fixed_row)
        left = along(first.column, spot.right, fixed=first.fixed_column)
        bottom = along(last.row, spot.down, fixed=last.fixed_row)
        right = along(last.column, spot.right, fixed=last.fixed_column)
        return Area(
            (top or 0, None if bottom is None else bottom + 1),
            (left or 0, None if right is None else right + 1),
        )

    def place(self, title: str | None, area: Area, spot: Spot) -> Cells:
        sheet = spot.sheet if title is None else self.spreadsheet.find(title)
        if sheet is None or (area.rows[0] or 0) < 0 or (area.columns[0] or 0) < 0:
            raise Fault("#REF!")
        return Cells(self, sheet, area.within(sheet))

    def named(self, name: str) -> Cells:
        for each in self.spreadsheet.named:
            if each["name"].casefold() == name.casefold():
                sheet = self.spreadsheet.by_id(each["range"].get("sheetId", 0))
                if sheet:
                    return Cells(self, sheet, Area.of(each["range"]).within(sheet))
        raise Fault("#NAME?")

    def single(self, result: Result, spot: Spot) -> Value:
        """One value: of a range, the one cell that stands in the same row or column."""
        if not isinstance(result, Cells):
            return result
        box = result.box
        if result.size == (1, 1):
            return result.at(0, 0)
        if box.right - box.left == 1 and box.top <= spot.row < box.bottom:
            return result.at(spot.row - box.top, 0)
        if box.bottom - box.top == 1 and box.left <= spot.column < box.right:
            return result.at(0, spot.column - box.left)
        return None if 0 in result.size else Error("#VALUE!")

    def positions(self, cells: Cells) -> dict[Any, int]:
        """For each value of a range of one row or column, where it stands first."""
        key = (cells.sheet.id, cells.box)
        if key not in self.found:
            made: dict[Any, int] = {}
            for at, value in enumerate(cells.flat()):
                made.setdefault(folded(value), at)
            self.found[key] = made
        return self.found[key]


def folded(value: Value) -> tuple[str, Any]:
    """A value for comparing: upper and lower case are the same, a number is not its text."""
    if isinstance(value, str):
        return "text", value.casefold()
    return type(value).__name__.replace("int", "float"), value

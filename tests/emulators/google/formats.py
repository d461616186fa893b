"""How cells look: the document's format, the cell's own, and the rules on top of them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from tests.emulators.google.calc import Calc, Error, Spot, Value
from tests.emulators.google.cells import formatted
from tests.emulators.google.errors import Json, NotEmulated
from tests.emulators.google.model import Area, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS: dict[str, Callable[[Any, Any], bool]] = {
    "NUMBER_GREATER": operator.gt,
    "NUMBER_GREATER_THAN_EQ": operator.ge,
    "NUMBER_LESS": operator.lt,
    "NUMBER_LESS_THAN_EQ": operator.le,
    "NUMBER_EQ": operator.eq,
    "NUMBER_NOT_EQ": operator.ne,
}
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_EQ": operator.eq,
    "TEXT_CONTAINS": lambda shown, wanted: wanted in shown,
    "TEXT_NOT_CONTAINS": lambda shown, wanted: wanted not in shown,
    "TEXT_STARTS_WITH": lambda shown, wanted: shown.startswith(wanted),
    "TEXT_ENDS_WITH": lambda shown, wanted: shown.endswith(wanted),
}


def effective(calc: Calc, sheet: Sheet, row: int, column: int) -> Json:
    """The format that is seen."""
    made = dict(calc.spreadsheet.properties.get("defaultFormat", {}))
    merge(made, own(calc, sheet, row, column))
    for rule in reversed(matching(calc, sheet, row, column)):
        merge(made, rule["booleanRule"].get("format", {}))
    return made


def own(_: Calc, sheet: Sheet, row: int, column: int) -> Json:
    """The format of the cell itself: what its formula makes of it, and what was entered."""
    cell = sheet.cell(row, column)
    return {**cell.get("resultFormat", {}), **cell.get("userEnteredFormat", {})}


def merge(made: Json, over: Json) -> None:
    for name, each in over.items():
        if isinstance(each, dict) and isinstance(made.get(name), dict) and "olor" not in name:
            made[name] = dict(made[name])
            merge(made[name], each)
        else:
            made[name] = each


def matching(calc: Calc, sheet: Sheet, row: int, column: int) -> list[Json]:
    """The rules that a cell fulfils, the first one foremost; colour scales are left out."""
    return [
        rule
        for rule in sheet.rules
        if "booleanRule" in rule
        and any(_covers(each, sheet, row, column) for each in rule["ranges"])
        and fulfils(calc, _spot(rule, sheet, row, column), rule["booleanRule"]["condition"])
    ]


def _covers(told: Json, sheet: Sheet, row: int, column: int) -> bool:
    box = Area.of(told).within(sheet)
    return box.top <= row < box.bottom and box.left <= column < box.right


def _spot(rule: Json, sheet: Sheet, row: int, column: int) -> Spot:
    """A cell, told from the first one of a rule, that its formula is written for."""
    box = Area.of(rule["ranges"][0]).within(sheet)
    return Spot(sheet, row, column, row - box.top, column - box.left)


def fulfils(calc: Calc, spot: Spot, condition: Json) -> bool:
    """Whether a cell fulfils a condition."""
    kind: str = condition.get("type", "")
    given = [_given(calc, each, spot) for each in condition.get("values", ())]
    value = calc.value(spot.sheet, spot.row, spot.column)
    if kind == "CUSTOM_FORMULA":
        return isinstance(given[0], int | float) and bool(given[0])
    if kind in ("BLANK", "NOT_BLANK"):
        return (value in (None, "")) == (kind == "BLANK")
    if kind in TEXTS:
        shown = formatted(value, spot.sheet.cell(spot.row, spot.column)).casefold()
        return TEXTS[kind](shown, str(given[0] or "").casefold())
    if kind in NUMBERS:
        wanted = given[0]
        numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
        return numbers and NUMBERS[kind](value, wanted)
    raise NotEmulated(f"the condition {kind}")


def _given(calc: Calc, told: Json, spot: Spot) -> Value | Error:
    text = str(told.get("userEnteredValue", ""))
    if text.startswith("="):
        return calc.shown(text, spot)
    try:
        return float(text)
    except ValueError:
        return text

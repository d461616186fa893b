"""Cells as they are written and as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.google import display, formula, mask, schema
from tests.emulators.google.calc import Calc, Error, Value, extended, number
from tests.emulators.google.colours import kept
from tests.emulators.google.errors import Json, Refused
from tests.emulators.google.model import EMPTY, Cell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.mask import Mask

# What goes when a cell gets another value: it belonged to the old one.
OF_THE_VALUE = ("textFormatRuns", "chipRuns", "result", "resultFormat")
WRITABLE = (
    *("userEnteredValue", "userEnteredFormat", "note", "dataValidation"),
    *("textFormatRuns", "chipRuns"),
)
READ_ONLY = ("effectiveValue", "effectiveFormat", "formattedValue", "hyperlink")
MOST_LETTERS = 50_000


def update_mask(text: str, message: str) -> Mask:
    """The mask of an update; the service wants one that names something it knows."""
    if not text:
        raise Refused(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    try:
        made = mask.parse(text)
    except mask.BadMask:
        raise Refused(f"Invalid field mask: {text}") from None
    wrong = schema.unknown(made, message)
    if wrong:
        raise Refused(f"Invalid field: {wrong}")
    return mask.mirrored(made)


def checked(value: Json | None) -> Json | None:
    """A value that a cell can hold, or None for none."""
    if not value:
        return None
    [(kind, each)] = value.items()
    if kind == "errorValue":
        raise Refused("Cannot set an error value.")
    if kind == "formulaValue" and not str(each).startswith("="):
        raise Refused("Formula must start with '='.")
    if isinstance(each, str) and len(each) > MOST_LETTERS:
        raise Refused(
            "Your input contains more than the maximum of 50000 characters in a single cell."
        )
    if each == "":
        return None
    return {kind: number(each) if kind == "numberValue" else each}


def written(old: Cell, new: Json, wanted: Mask) -> Cell:
    """A cell after the fields that a mask names have been set from CellData."""
    told = {name: each for name, each in kept(new).items() if name in WRITABLE}
    if "userEnteredValue" in told:
        told["userEnteredValue"] = checked(told["userEnteredValue"])
    if not told.get("note"):
        told.pop("note", None)
    names = wanted or {name: {} for name in WRITABLE}
    names = {name: inner for name, inner in names.items() if name in WRITABLE}
    if names.get("userEnteredValue") is not None:
        # A value is one thing: a mask below it means the value too.
        names["userEnteredValue"] = {}
        old = {name: each for name, each in old.items() if name not in OF_THE_VALUE}
    if not names:
        return old
    made = mask.updated(old, told, names)
    return {name: each for name, each in made.items() if each is not None}


def with_value(old: Cell, value: Json | None, number_format: Json | None = None) -> Cell:
    """A cell after somebody has typed a value into it."""
    told: Json = {"userEnteredValue": value}
    names: Mask = {"userEnteredValue": {}}
    if number_format:
        told["userEnteredFormat"] = {"numberFormat": number_format}
        names["userEnteredFormat"] = {"numberFormat": {}}
    return written(old, told, names)


def number_format(cell: Cell) -> Json | None:
    found: Json | None = cell.get("userEnteredFormat", {}).get("numberFormat")
    return found


def formatted(value: Value, cell: Cell) -> str:
    """What a cell shows."""
    if value is None:
        return ""
    return value.code if isinstance(value, Error) else display.shown(value, number_format(cell))


def link(cell: Cell) -> str | None:
    """Where a cell leads, if the whole of it is one link."""
    uri: str | None = (
        cell.get("userEnteredFormat", {}).get("textFormat", {}).get("link", {}).get("uri")
    )
    entered = cell.get("userEnteredValue", {}).get("formulaValue", "")
    if entered.upper().startswith("=HYPERLINK("):
        try:
            tree = formula.parse(entered)
        except formula.BadFormula:
            return None
        if isinstance(tree, formula.Call) and isinstance(tree.given[0], formula.Constant):
            return str(tree.given[0].value)
    runs = cell.get("textFormatRuns", ())
    if len(runs) == 1:
        uri = uri or runs[0].get("format", {}).get("link", {}).get("uri")
    return uri


def told(
    calc: Calc,
    sheet: Sheet,
    at: tuple[int, int],
    wanted: Mask | None,
    effective_format: Callable[[int, int], Json],
) -> Json:
    """CellData, with no more worked out than a mask wants."""
    cell = sheet.cell(*at)
    if wanted is None or cell is EMPTY:
        return {}
    made: Json = {name: cell[name] for name in WRITABLE if name in cell and name != "note"}

    def want(name: str) -> bool:
        return not wanted or name in wanted

    extra: dict[str, Any] = {}
    if want("effectiveValue") or want("formattedValue"):
        value = calc.value(sheet, *at)
        extra["effectiveValue"] = extended(value)
        extra["formattedValue"] = formatted(value, cell) or None
    if want("effectiveFormat"):
        extra["effectiveFormat"] = effective_format(*at)
    if want("hyperlink"):
        extra["hyperlink"] = link(cell)
    extra["note"] = cell.get("note")
    made |= {name: each for name, each in extra.items() if each is not None}
    return mask.applied(wanted, made) if wanted else made

"""Rows and columns inserted, deleted or moved: all that is tied to them goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tests.emulators.google import references
from tests.emulators.google.model import (
    PIXELS,
    Area,
    Box,
    Cell,
    Dimension,
    Line,
    Sheet,
    Spreadsheet,
)
from tests.emulators.google.shift import Insert, Shift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.emulators.google.errors import Json

INHERITED = ("userEnteredFormat", "dataValidation")
START = {"ROWS": "startRowIndex", "COLUMNS": "startColumnIndex"}
END = {"ROWS": "endRowIndex", "COLUMNS": "endColumnIndex"}


def move(spreadsheet: Spreadsheet, sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    """Change the rows or the columns of a sheet."""
    lines = sheet.lines(dimension)
    fresh = Line(PIXELS[dimension])
    lines[:] = shift.moved(lines, lambda _: fresh)
    if dimension == "ROWS":
        cells = sheet.cells
        sheet.cells = shift.moved(cells, lambda like: _like(cells, like, shift))
    else:
        sheet.cells = [_columns(row, shift) for row in sheet.cells]
    merges = [_merge(box, dimension, shift) for box in sheet.merges]
    sheet.merges = [box for box in merges if box]
    rules = [_rule(rule, sheet, dimension, shift) for rule in sheet.rules]
    sheet.rules = [rule for rule in rules if rule]
    sheet.protected = _ranged(sheet.protected, dimension, shift)
    sheet.filter_views = _ranged(sheet.filter_views, dimension, shift, _filter)
    sheet.tables = _ranged(sheet.tables, dimension, shift)
    if sheet.basic_filter:
        left = _ranged([sheet.basic_filter], dimension, shift, _filter)
        sheet.basic_filter = left[0] if left else None
    groups = [_group(each, dimension, shift) for each in sheet.groups]
    sheet.groups = [group for group in groups if group]
    _frozen(sheet, dimension, shift)
    here = [each for each in spreadsheet.named if each["range"].get("sheetId", 0) == sheet.id]
    kept = _ranged(here, dimension, shift)
    spreadsheet.named = [each for each in spreadsheet.named if each not in here] + kept
    rows, columns = (shift, None) if dimension == "ROWS" else (None, shift)

    def change(text: str, home: Sheet, *, rule: bool) -> str:
        names = (home.title, sheet.title)
        return references.shifted(text, *names, rows, columns, lost=not rule)

    rewrite(spreadsheet, change)


class Change(Protocol):
    """How a formula of a sheet is written anew."""

    def __call__(self, text: str, home: Sheet, *, rule: bool) -> str: ...


def rewrite(spreadsheet: Spreadsheet, change: Change) -> None:
    """Write all formulas anew: those in cells and those of rules."""
    for sheet in spreadsheet.sheets:
        for row, cells in enumerate(sheet.cells):
            for column, cell in cells.items():
                text = cell.get("userEnteredValue", {}).get("formulaValue")
                new = text and change(text, sheet, rule=False)
                if new != text:
                    sheet.put(row, column, {**cell, "userEnteredValue": {"formulaValue": new}})
        sheet.rules = [_conditions(rule, sheet, change) for rule in sheet.rules]


def _conditions(rule: Json, sheet: Sheet, change: Change) -> Json:
    condition = rule.get("booleanRule", {}).get("condition", {})
    if not condition.get("values"):
        return rule
    values = [
        {name: change(each, sheet, rule=True) if name == "userEnteredValue" else each}
        for value in condition["values"]
        for name, each in value.items()
    ]
    boolean = rule["booleanRule"] | {"condition": condition | {"values": values}}
    return rule | {"booleanRule": boolean}


def _like(cells: list[Mapping[int, Cell]], model: int, shift: Shift) -> Mapping[int, Cell]:
    """A new row: it looks like its neighbour and holds nothing."""
    if not isinstance(shift, Insert) or not 0 <= model < len(cells):
        return {}
    return {at: made for at, cell in cells[model].items() if (made := _look(cell))}


def _look(cell: Cell) -> Cell:
    return {name: cell[name] for name in INHERITED if name in cell}


def _columns(row: Mapping[int, Cell], shift: Shift) -> Mapping[int, Cell]:
    made = {to: cell for at, cell in row.items() if (to := shift.index(at)) is not None}
    if isinstance(shift, Insert):
        look = _look(row.get(shift.at - 1 if shift.like_before else shift.at, {}))
        if look:
            made |= dict.fromkeys(range(shift.at, shift.at + shift.count), look)
    return made


def shifted(told: Json, dimension: Dimension, shift: Shift) -> Json | None:
    """A GridRange afterwards, or None if it is gone."""
    area = Area.of(told)
    span = shift.span(area.rows if dimension == "ROWS" else area.columns)
    if span is None:
        return None
    edges = {START[dimension]: span[0], END[dimension]: span[1]}
    return told | {name: each for name, each in edges.items() if each is not None}


def _ranged(
    items: list[Json],
    dimension: Dimension,
    shift: Shift,
    change: Callable[[Json, Dimension, Shift], Json] = lambda item, _, __: item,
) -> list[Json]:
    """Things with one range each; what lost its range is gone."""
    made = []
    for item in items:
        if "range" not in item:
            made.append(item)
            continue
        told = shifted(item["range"], dimension, shift)
        if told is not None:
            new = change(item | {"range": told}, dimension, shift)
            parts = [shifted(part, dimension, shift) for part in item.get("unprotectedRanges", ())]
            if parts:
                new["unprotectedRanges"] = [part for part in parts if part]
            made.append(new)
    return made


def _filter(item: Json, dimension: Dimension, shift: Shift) -> Json:
    """A filter whose columns have moved."""
    if dimension == "ROWS":
        return item
    made = dict(item)
    if "criteria" in item:
        made["criteria"] = {
            str(to): each
            for at, each in item["criteria"].items()
            if (to := shift.index(int(at))) is not None
        }
    for name, key in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if name in item:
            made[name] = [
                each | {key: to}
                for each in item[name]
                if (to := shift.index(each.get(key, 0))) is not None
            ]
    return made


def _merge(box: Box, dimension: Dimension, shift: Shift) -> Box | None:
    rows, columns = (box.top, box.bottom), (box.left, box.right)
    span = shift.span(rows if dimension == "ROWS" else columns)
    if span is None or span[0] is None or span[1] is None:
        return None
    made = Box(span[0], span[1], *columns) if dimension == "ROWS" else Box(*rows, span[0], span[1])
    single = made.bottom - made.top == 1 and made.right - made.left == 1
    return None if single else made


def _rule(rule: Json, sheet: Sheet, dimension: Dimension, shift: Shift) -> Json | None:
    """A rule stays with its cells: a move can leave it in several pieces."""
    ranges = []
    for told in rule["ranges"]:
        area = Area.of(told)
        for piece in shift.pieces(area.rows if dimension == "ROWS" else area.columns):
            made = Area(piece, area.columns) if dimension == "ROWS" else Area(area.rows, piece)
            ranges.append(made.json(sheet.id))
    return rule | {"ranges": ranges} if ranges else None


def _group(group: Json, dimension: Dimension, shift: Shift) -> Json | None:
    told = group["range"]
    if told["dimension"] != dimension:
        return group
    span = shift.span((told.get("startIndex", 0), told.get("endIndex")))
    if span is None:
        return None
    return group | {"range": told | {"startIndex": span[0], "endIndex": span[1]}}


def _frozen(sheet: Sheet, dimension: Dimension, shift: Shift) -> None:
    name = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    grid = sheet.properties.get("gridProperties", {})
    if grid.get(name):
        span = shift.span((0, grid[name]))
        count = span[1] if span else 0
        sheet.properties["gridProperties"] = grid | {name: count}

"""What an AutoFilter asks of its columns, so that it can be made anew with another size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.excel.com import Refused
from sheets.books.excel.steps import FilterStep
from sheets.errors import CannotWrite

if TYPE_CHECKING:
    from sheets.books.excel.com import Handle
    from sheets.books.excel.steps import Criterion
    from sheets.grid import Area

_AND, _OR, _VALUES = 1, 2, 7  # XlAutoFilterOperator


def step(sheet: Handle, before: Area, area: Area, where: str) -> FilterStep:
    """What gives a filter another size.

    Raises:
        CannotWrite: Rows are filtered away by what cannot be asked again, such as a colour.
    """
    try:
        criteria = tuple(_criteria(sheet)) if sheet.get("FilterMode") else ()
    except Refused as error:
        raise _unclear(where) from error
    if None in criteria:
        raise _unclear(where)
    return FilterStep(area, before, tuple(one for one in criteria if one is not None))


def _criteria(sheet: Handle) -> list[Criterion | None]:
    filters = sheet.get("AutoFilter").get("Filters")
    found: list[Criterion | None] = []
    for field in range(1, filters.get("Count") + 1):
        one = filters.call("Item", field)
        if not one.get("On"):
            continue
        operator = int(one.get("Operator"))
        if operator not in (0, _AND, _OR, _VALUES):
            found.append(None)
            continue
        second = _second(one) if operator in (_AND, _OR) else None
        found.append((field, one.get("Criteria1"), operator, second))
    return found


def _second(one: Handle) -> object:
    """The second criterion; where there is only one, Excel refuses to tell it."""
    try:
        return one.get("Criteria2")
    except Refused:
        return None


def _unclear(where: str) -> CannotWrite:
    return CannotWrite(
        "Rows are filtered away in a way that Reveal could not put back, and the filter must take "
        "in the result.",
        hint="Show all rows (Data > Clear) and check again.",
        where=where,
    )

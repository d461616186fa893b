"""Reading worksheets: the whole used range at once, values and what was entered.

Source of the names: the object model of Excel (Worksheet, Range, ListObject).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.books.excel import areas, values
from sheets.books.excel.snapshot import Sheet, Table
from sheets.grid import letters

if TYPE_CHECKING:
    from sheets.books.excel.com import Handle
    from sheets.books.excel.values import Rows
    from sheets.grid import Area

_STATES = {-1: "visible", 0: "hidden", 2: "very hidden"}
_QUERY = 3  # xlSrcQuery


def sheets(book: Handle) -> list[tuple[Sheet, Handle]]:
    """Read all worksheets of a workbook, in their order, each with its object."""
    there = book.get("Worksheets")
    handles = [there.call("Item", at) for at in range(1, there.get("Count") + 1)]
    return [(sheet(handle), handle) for handle in handles]


def sheet(handle: Handle) -> Sheet:
    """Read one worksheet."""
    used = handle.get("UsedRange")
    area = areas.parse(used.get("Address"))
    told = values.block(used.get("Value"))
    return Sheet(
        title=handle.get("Name"),
        state=_STATES.get(handle.get("Visible"), "visible"),
        protected=bool(handle.get("ProtectContents")),
        area=area,
        told=told,
        formulas=values.block(used.get("Formula")),
        formats=areas.formats(handle, used, area, told),
        merged=areas.merged(handle, used, area),
        tables=list(_tables(handle)),
        filter=_filter(handle),
        hidden=_hidden(handle, area, told),
    )


def now(handle: Handle) -> tuple[Area, Rows]:
    """The used range, and what is entered in it at this moment."""
    used = handle.get("UsedRange")
    return areas.parse(used.get("Address")), values.block(used.get("Formula"))


def _tables(handle: Handle) -> list[Table]:
    there = handle.get("ListObjects")
    return [_table(there.call("Item", at)) for at in range(1, there.get("Count") + 1)]


def _table(one: Handle) -> Table:
    return Table(
        one.get("Name"),
        areas.parse(one.get("Range").get("Address")),
        header=bool(one.get("ShowHeaders")),
        totals=bool(one.get("ShowTotals")),
        query=one.get("SourceType") == _QUERY,
    )


def _filter(handle: Handle) -> Area | None:
    found = handle.get("AutoFilter")
    return areas.parse(found.get("Range").get("Address")) if found is not None else None


def _hidden(handle: Handle, area: Area, told: Rows) -> frozenset[int]:
    """The rows with content that are hidden.

    SUBTOTAL counts what is to be seen only, and tells it for all rows at once.
    """
    left, right = letters(area.first_column), letters(area.last_column)
    top, bottom = area.first_row, area.last_row
    seen: Any = handle.call(
        "Evaluate",
        f"SUBTOTAL(103,OFFSET(${left}${top}:${right}${top},ROW(${top}:${bottom})-{top},0))",
    )
    counts = [row[0] for row in values.block(seen)]
    if len(counts) != len(told):
        return frozenset()
    return frozenset(
        row
        for row, (cells, count) in enumerate(zip(told, counts, strict=True), top)
        if count == 0 and any(cell not in (None, "") for cell in cells)
    )

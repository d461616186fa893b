"""Reading worksheets: the whole used range at once, values and what was entered.

Source of the names: the object model of Excel (Worksheet, Range, ListObject).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.books.excel import areas, values
from sheets.books.excel.snapshot import Sheet, Table
from sheets.errors import CannotRead
from sheets.grid import Area, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.excel.com import Handle
    from sheets.books.excel.values import Rows

_STATES = {-1: "visible", 0: "hidden", 2: "very hidden"}
_QUERY = 3  # xlSrcQuery
_FORMULAS, _PREVIOUS = -4123, 2  # xlFormulas, xlPrevious
_BY_ROWS, _BY_COLUMNS = 1, 2  # XlSearchOrder
_LARGE, _LARGEST = 3_000_000, 40_000_000
"""Cells of a used range that is looked at more closely, and of one that is not read."""


def sheets(book: Handle) -> list[tuple[Sheet, Handle]]:
    """Read all worksheets of a workbook, in their order, each with its object."""
    there = book.get("Worksheets")
    handles = [there.call("Item", at) for at in range(1, there.get("Count") + 1)]
    return [(sheet(handle), handle) for handle in handles]


def sheet(handle: Handle) -> Sheet:
    """Read one worksheet."""
    title = handle.get("Name")
    used, area = _used(handle, title)
    told = values.block(_told(used))
    tables = list(_tables(handle))
    return Sheet(
        title=title,
        state=_STATES.get(handle.get("Visible"), "visible"),
        protected=bool(handle.get("ProtectContents")),
        area=area,
        told=told,
        formulas=values.block(used.get("Formula")),
        formats=areas.formats(handle, used, area, told),
        merged=areas.merged(handle, used, area),
        tables=tables,
        filter=_filter(handle, tables),
        hidden=_hidden(handle, area, told),
    )


def now(handle: Handle) -> tuple[Area, Rows]:
    """The used range, and what is entered in it at this moment."""
    used, area = _used(handle, "")
    return area, values.block(used.get("Formula"))


def _used(handle: Handle, title: str) -> tuple[Handle, Area]:
    """The range that is read: all that is used, and where that is very large, all that is filled.

    Raises:
        CannotRead: There are filled cells so far from each other that nobody could read between.
    """
    used = handle.get("UsedRange")
    area = areas.parse(used.get("Address"))
    if areas.size(area) <= _LARGE:
        return used, area
    last = {}
    for name, order in (("Row", _BY_ROWS), ("Column", _BY_COLUMNS)):
        found = used.call(
            "Find", "*", LookIn=_FORMULAS, SearchOrder=order, SearchDirection=_PREVIOUS
        )
        last[name] = 1 if found is None else int(found.get(name))
    area = Area(
        min(area.first_row, last["Row"]),
        min(area.first_column, last["Column"]),
        last["Row"],
        last["Column"],
    )
    if areas.size(area) > _LARGEST:
        raise CannotRead(
            f"Something stands far from the list: the sheet reaches to {area.ref.split(':')[1]}.",
            hint="Press Ctrl+End to find it, delete these rows or columns, and check again.",
            where=f'sheet "{title}"',
        )
    return handle.call("Range", areas.address(area)), area


def _told(used: Handle) -> Any:
    """The values; with numbers for all dates if one of them is no day that Python knows."""
    try:
        return used.get("Value")
    except (OverflowError, ValueError):
        return used.get("Value2")


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


def _filter(handle: Handle, tables: Sequence[Table]) -> Area | None:
    found = handle.get("AutoFilter")
    if found is None:
        return None
    area = areas.parse(found.get("Range").get("Address"))
    # The filter of a table in which somebody stands is the table's.
    own = any(table.area.holds(area.first_row, area.first_column) for table in tables)
    return None if own else area


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

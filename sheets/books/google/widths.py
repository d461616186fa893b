"""How wide tables and the filter are: own columns beside them are sorted with their people.

What ends where own columns begin is made wider; what ends with own columns that go is made as wide
as it was. All else is left alone.

Source of the names: the Sheets API v4, UpdateTableRequest, SetBasicFilterRequest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets.books.google import grids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sheets.books.google.snapshot import Tab
    from sheets.grid import Area, Patch

    Request = Mapping[str, Any]


@dataclass(slots=True)
class Widths:
    """What changes the widths.

    Attributes:
        before: What must be done before cells are written: in a table no heading is ever blank.
        after: What must be done afterwards: a table takes the headings that are there.
    """

    before: list[Request] = field(default_factory=list)
    after: list[Request] = field(default_factory=list)


def requests(tab: Tab, patches: Sequence[Patch]) -> Widths:
    """What makes tables and the filter of a tab as wide as some patches want them."""
    made = Widths()
    for patch in patches:
        for at, last, request in _fitted(tab, patch):
            (made.before if last < at.last_column else made.after).append(request)
    return made


def _fitted(tab: Tab, patch: Patch) -> Iterator[tuple[Area, int, Request]]:
    """Yield what is to become wider or narrower, up to which column, and by which request."""
    for table in tab.raw.get("tables", ()):
        at = grids.area(table.get("range", {}), tab)
        if (last := _last(at, tab, patch)) != at.last_column:
            told = {"tableId": table["tableId"], "range": _to(table["range"], last)}
            yield at, last, {"updateTable": {"table": told, "fields": "range"}}
    basic = tab.raw.get("basicFilter", {})
    # The filter of a table goes with its table.
    if "range" in basic and "tableId" not in basic:
        at = grids.area(basic["range"], tab)
        if (last := _last(at, tab, patch)) != at.last_column:
            yield at, last, {"setBasicFilter": {"filter": _filter(basic, last)}}


def _last(at: Area, tab: Tab, patch: Patch) -> int:
    """The last column that a table or filter shall have."""
    if not at.first_row <= patch.header_row <= at.last_row:
        return at.last_column
    gone = {*patch.replaces, *tab.own}
    columns = {own.column for own in patch.columns or ()}
    last = at.last_column
    while last in gone and last > at.first_column:
        last -= 1
    while last + 1 in columns:
        last += 1
    return last


def _to(area: Mapping[str, int], last: int) -> Mapping[str, int]:
    return {**area, "endColumnIndex": last}


def _filter(basic: Mapping[str, Any], last: int) -> Mapping[str, Any]:
    """The filter up to a column, with what it hides by all columns that are left."""
    kept = {column: column for column in range(1, last + 1)}
    return {**_by_columns(basic, kept), "range": _to(basic["range"], last)}


def _by_columns(basic: Mapping[str, Any], columns: Mapping[int, int]) -> Mapping[str, Any]:
    """The filter whose columns stand elsewhere now; what it hides by others is left out.

    How it was sorted last is left out, too: Google would sort the office's rows again.
    """
    made = {key: value for key, value in basic.items() if key != "sortSpecs"}
    if "criteria" in basic:
        criteria: Mapping[str, Any] = basic["criteria"]
        made["criteria"] = {
            str(columns[int(at) + 1] - 1): each
            for at, each in criteria.items()
            if int(at) + 1 in columns
        }
    if "filterSpecs" in basic:
        specs: Collection[Mapping[str, Any]] = basic["filterSpecs"]
        made["filterSpecs"] = [
            {**each, "columnIndex": columns[at] - 1}
            for each in specs
            if (at := each.get("columnIndex", 0) + 1) in columns
        ]
    return made


@dataclass(frozen=True, slots=True)
class Undone:
    """Tables and the filter of a tab without what a write has made of them.

    Attributes:
        raw: What the tab would tell of them.
        requests: What makes it so.
    """

    raw: Mapping[str, Any]
    requests: Sequence[Request] = ()


def undone(
    before: Tab,
    after: Tab,
    written: Sequence[Request],
    columns: Mapping[int, int],
    row: Callable[[int], int],
) -> Undone:
    """Find out how wide tables and the filter would be that a write has set as they were.

    Args:
        before: The tab as it was read.
        after: The tab after the write.
        written: What was written.
        columns: Where each column is now.
        row: Tells where a row is now.
    """

    def moved(area: Mapping[str, int]) -> Mapping[str, int]:
        old = grids.area(area, before)
        now = [columns[at] for at in range(old.first_column, old.last_column + 1) if at in columns]
        edges = {"startColumnIndex": min(now, default=1) - 1, "endColumnIndex": max(now, default=1)}
        if "endRowIndex" in area:
            edges["endRowIndex"] = row(old.last_row)
        return {**area, **edges}

    ids = {one["updateTable"]["table"]["tableId"] for one in written if "updateTable" in one}
    tables = {
        one["tableId"]: {**one, "range": moved(one["range"])}
        for one in before.raw.get("tables", ())
        if one["tableId"] in ids
    }
    requests: list[Request] = [
        {
            "updateTable": {
                "table": {key: one[key] for key in ("tableId", "range")},
                "fields": "range",
            }
        }
        for one in tables.values()
    ]
    raw = {
        **after.raw,
        "tables": [tables.get(one["tableId"], one) for one in after.raw.get("tables", ())],
    }
    if any("setBasicFilter" in one for one in written):
        basic = before.raw["basicFilter"]
        told = {**_by_columns(basic, columns), "range": moved(basic["range"])}
        raw["basicFilter"] = told
        requests.append({"setBasicFilter": {"filter": told}})
    return Undone(raw, requests)

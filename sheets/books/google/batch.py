"""Patches as requests: cells, highlights, the note, and what belongs to them.

Every value is written as text (``stringValue``): nothing is ever parsed as a formula or a number.
The formulas of `lookups` are the only ones. Only cells that are not yet as they should be are
written.

Source of the names: the Sheets API v4, spreadsheets.batchUpdate.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sheets.books.google import cells, formats, grids, lookups, widths
from sheets.books.google.owned import COLUMN, Owned, mark
from sheets.errors import CannotWrite, PlaceTaken, SheetNotFound
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.google.cells import Cell
    from sheets.books.google.snapshot import Snapshot, Tab
    from sheets.grid import Patch

    Request = Mapping[str, Any]
    Rule = Mapping[str, Any]
    Wanted = dict[tuple[int, int], Cell]
    Lookups = Mapping[tuple[int, int, int], Cell]
    """Tab, row of the headings, own column -> what its cells hold instead of texts."""

NOTE = "Written by Reveal"
"""How every note of Reveal's begins: only such a note is ever replaced."""

_RUNS = ("chipRuns", "textFormatRuns")
_KEPT = frozenset({"note", *cells.FORMATS})


@dataclass(frozen=True, slots=True)
class Amends:
    """What an earlier write has hit by mistake on one tab.

    Attributes:
        cells: The cells, and what they held before; `BLANK` for those that are Reveal's.
        rules: The office's conditional formats that it has overwritten, each with its place.
        widths: What makes tables and the filter as wide as they were.
    """

    cells: Wanted = field(default_factory=dict)
    rules: Sequence[tuple[int, Rule]] = ()
    widths: Sequence[Request] = ()


NO_AMENDS = Amends()


@dataclass(slots=True)
class Change:
    """What is to be changed on one tab.

    Attributes:
        tab: The tab as it was read.
        cells: (row, column) -> what they shall hold.
        own: The columns that are Reveal's, or were.
        clears: Whether none will be.
        requests: All of it, in the order in which it is to be done.
    """

    tab: Tab
    cells: Wanted = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    clears: bool = False
    requests: list[Request] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many bytes it takes as JSON."""
        return len(json.dumps(self.requests, ensure_ascii=False).encode())


def changes(
    now: Snapshot,
    patches: Sequence[Patch],
    amends: Mapping[int, Amends],
    name: str,
    looked_up: Lookups = MappingProxyType({}),
) -> list[Change]:
    """Turn patches into changes, one for each tab that is not yet as it should be.

    Args:
        now: What the tabs hold.
        patches: What Reveal wants.
        amends: Tab -> what an earlier write has hit by mistake.
        name: What the spreadsheet is called, for messages.
        looked_up: The own columns that are looked up.

    Raises:
        SheetNotFound: A patch names a tab that is not here.
        CannotWrite: A tab is protected.
        PlaceTaken: A cell that is needed holds a formula or somebody else's content.
    """
    of_tab: dict[int, list[Patch]] = defaultdict(list)
    by_title = {tab.title: tab for tab in now.tabs}
    for patch in patches:
        if patch.sheet not in by_title:
            raise SheetNotFound(
                f'There is no sheet "{patch.sheet}".',
                hint=f"There are: {', '.join(by_title)}",
                where=name,
            )
        of_tab[by_title[patch.sheet].id].append(patch)
    made = [
        _change(tab, of_tab.get(tab.id, ()), amends.get(tab.id, NO_AMENDS), name, looked_up)
        for tab in now.tabs
        if tab.id in of_tab or tab.id in amends
    ]
    return [one for one in made if one.requests]


def _change(
    tab: Tab, patches: Sequence[Patch], amends: Amends, name: str, looked_up: Lookups
) -> Change:
    writing = [patch for patch in patches if patch.columns is not None]
    columns = {own.column: own.header for patch in writing for own in patch.columns or ()}
    ours = {*columns, *tab.own, *(column for patch in writing for column in patch.replaces)}
    wanted: Wanted = _looked_up(tab, ours) if writing else {}
    wanted |= amends.cells
    for patch in patches:
        wanted |= _cells(tab, patch, name, looked_up)
    changed = {
        at: cell
        for at, cell in wanted.items()
        if at in amends.cells or not lookups.same(tab.cell(*at), cell)
    }
    clears = not (columns if writing else tab.own)
    change = Change(tab, changed, frozenset(columns) | frozenset(tab.own), clears=clears)
    wide = widths.requests(tab, writing)
    change.requests += _room(tab, max((column for _, column in changed), default=0))
    change.requests += [*amends.widths, *wide.before]
    change.requests += updates(tab, changed)
    change.requests += _metadata(tab, changed, columns if writing else None)
    if writing:
        change.requests += _notes(tab, writing)
        change.requests += wide.after
        change.requests += formats.requests(tab, formats.wanted(tab, writing))
    for at, rule in amends.rules:
        change.requests.append({"addConditionalFormatRule": {"index": at, "rule": rule}})
    if change.requests:
        _require_open(change, name)
    return change


def _require_open(change: Change, name: str) -> None:
    """Refuse what Google would refuse, with a sentence that says why."""
    tab = change.tab
    area = grids.closed(tab, change.cells)
    if area is None and not grids.is_protected(tab):
        return
    what = "The sheet" if area is None or grids.is_protected(tab) else f"The range {area.ref}"
    raise CannotWrite(
        f"{what} is protected.",
        hint="Its owner can unprotect it, or let you edit it (Data > Protect sheets and ranges).",
        where=f'{name}, sheet "{tab.title}"',
    )


def _looked_up(tab: Tab, columns: Collection[int]) -> Wanted:
    """What is looked up in some columns: it goes, also beside rows that nobody is in any more."""
    return {
        (row, at): cells.BLANK
        for row, values in enumerate(tab.cells, 1)
        for at in columns
        if at <= len(values) and lookups.is_own(values[at - 1])
    }


def _cells(tab: Tab, patch: Patch, name: str, looked_up: Lookups) -> Wanted:
    """All cells that a patch speaks of, as it wants them."""
    wanted: Wanted = {}
    for at, text in patch.cells.items():
        _require_no_formula(tab, at, name)
        if cells.text(tab.cell(*at)) != text:
            wanted[at] = cells.of_text(text)
    if patch.columns is None:
        return wanted
    head = patch.header_row
    again = {
        own.column
        for own in patch.columns
        if cells.text(tab.cell(head, own.column)) == own.header or own.column in tab.own
    }
    ours = {*patch.replaces, *again}
    for column in ours:
        for row in range(head, patch.last_row + 1):
            _require_no_formula(tab, (row, column), name)
            wanted[row, column] = cells.BLANK
    for own in patch.columns:
        look = looked_up.get((tab.id, head, own.column))
        texts = (own.header, *own.values)
        for row, value in zip((head, *patch.rows), texts, strict=True):
            _require_no_formula(tab, (row, own.column), name)
            if own.column not in ours and cells.holds(tab.cell(row, own.column)):
                raise _taken(tab, (row, own.column), "is not empty", name)
            wanted[row, own.column] = look if look and row != head else cells.of_text(value)
    return wanted


def with_cells(tab: Tab, wanted: Wanted) -> Tab:
    """A tab with some other cells."""
    if not wanted:
        return tab
    rows = [list(row) for row in tab.cells]
    for (row, column), cell in wanted.items():
        while len(rows) < row:
            rows.append([])
        while len(rows[row - 1]) < column:
            rows[row - 1].append(cells.BLANK)
        before = rows[row - 1][column - 1]
        rows[row - 1][column - 1] = {**{key: before[key] for key in _KEPT & {*before}}, **cell}
    return replace(tab, cells=rows)


def _room(tab: Tab, last_column: int) -> Iterator[Request]:
    """Columns at the edge of the grid, where more are needed."""
    if last_column > tab.width:
        yield {
            "appendDimension": {
                "sheetId": tab.id,
                "dimension": "COLUMNS",
                "length": last_column - tab.width,
            }
        }


def updates(tab: Tab, changed: Wanted) -> Iterator[Request]:
    """One request for each run of cells below each other."""
    for (row, column), run in _runs(changed):
        at = _range(tab, row, row + len(run) - 1, column)
        if lookups.is_own(run[0]):
            # It is the same in all of them, so it is said once.
            look = {"cell": cells.entered(run[0]), "fields": "userEnteredValue"}
            yield {"repeatCell": {"range": at, **look}}
            continue
        runs = [name for name in _RUNS if any(name in cell for cell in run)]
        yield {
            "updateCells": {
                "range": _range(tab, row, row + len(run) - 1, column),
                "rows": [{"values": [_entered(cell)]} for cell in run],
                "fields": ",".join(["userEnteredValue", *runs]),
            }
        }


def _entered(cell: Cell) -> Cell:
    return {key: cell[key] for key in ("userEnteredValue", *_RUNS) if key in cell}


def _runs(changed: Wanted) -> Iterator[tuple[tuple[int, int], list[Cell]]]:
    start, run = (0, 0), list[Any]()
    for row, column in sorted(changed, key=lambda at: (at[1], at[0])):
        cell = changed[row, column]
        alike = not (run and (lookups.is_own(run[0]) or lookups.is_own(cell))) or run[0] == cell
        if run and alike and (row, column) == (start[0] + len(run), start[1]):
            run.append(cell)
            continue
        if run:
            yield start, run
        start, run = (row, column), [cell]
    if run:
        yield start, run


def _metadata(tab: Tab, changed: Wanted, columns: Mapping[int, str] | None) -> Iterator[Request]:
    """What says that columns are Reveal's; None leaves those that are."""
    height = max([len(tab.cells), *(row for row, _ in changed)])
    wanted = (
        tab.own
        if columns is None
        else {
            column: Owned(
                0,
                header,
                mark(
                    changed.get((row, column), tab.cell(row, column))
                    for row in range(1, height + 1)
                ),
            )
            for column, header in columns.items()
        }
    )
    new = {
        column: one.value
        for column, one in wanted.items()
        if column not in tab.own or tab.own[column].value != one.value
    }
    old = [one.id for column, one in tab.own.items() if column in new or column not in wanted]
    for id_ in (*tab.stray, *old):
        found = {"developerMetadataLookup": {"metadataId": id_}}
        yield {"deleteDeveloperMetadata": {"dataFilter": found}}
    for column, value in new.items():
        yield {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": COLUMN,
                    "metadataValue": value,
                    "visibility": "DOCUMENT",
                    "location": {
                        "dimensionRange": {
                            "sheetId": tab.id,
                            "dimension": "COLUMNS",
                            "startIndex": column - 1,
                            "endIndex": column,
                        }
                    },
                }
            }
        }


def _notes(tab: Tab, patches: Sequence[Patch]) -> Iterator[Request]:
    """The note on the first own header of each table, and none where Reveal's was before."""
    wanted = {
        (patch.header_row, patch.columns[0].column): patch.note
        for patch in patches
        if patch.columns and patch.note
    }
    rows = {patch.header_row for patch in patches}
    there = {
        (row, column)
        for row in rows
        for column, cell in enumerate(tab.row(row), 1)
        if cell.get("note", "").startswith(NOTE)
    }
    for at in sorted({*wanted, *there}):
        note, has = wanted.get(at, ""), tab.cell(*at).get("note", "")
        if note != has and (not has or at in there):
            yield {
                "updateCells": {
                    "range": _range(tab, at[0], at[0], at[1]),
                    "rows": [{"values": [{"note": note} if note else {}]}],
                    "fields": "note",
                }
            }


def _range(tab: Tab, first_row: int, last_row: int, column: int) -> Mapping[str, int]:
    return {
        "sheetId": tab.id,
        "startRowIndex": first_row - 1,
        "endRowIndex": last_row,
        "startColumnIndex": column - 1,
        "endColumnIndex": column,
    }


def _require_no_formula(tab: Tab, at: tuple[int, int], name: str) -> None:
    if cells.is_formula(tab.cell(*at)) and not lookups.is_own(tab.cell(*at)):
        raise _taken(tab, at, "holds a formula", name)


def _taken(tab: Tab, at: tuple[int, int], why: str, name: str) -> PlaceTaken:
    return PlaceTaken(
        f"A cell that Reveal needs {why}.",
        hint="Move it elsewhere and run again.",
        where=f'{name}, sheet "{tab.title}", cell {letters(at[1])}{at[0]}',
    )

"""What a write has hit that was not meant, because somebody edited between our read and our write.

A write names places, not people. Whoever inserts, deletes or moves a row or column meanwhile makes
it hit other cells. The answer of the write tells what the tab holds now; what was read tells what
it held before. From both follows what the cells held that were hit: columns are laid beside each
other in their order, those that were hit as unknown ones.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from sheets.books.google import batch, cells, grids, lookups, widths
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sheets.books.google.batch import Change, Request, Wanted
    from sheets.books.google.cells import Cell
    from sheets.books.google.snapshot import Tab

_NEW = 0
"""Stands for the column that a column comes from which was not there before."""

_PERHAPS = 0.4
"""Columns that are less alike are different ones; one that was hit may be any."""


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column is known by: all that it holds, in whatever order its rows are.

    Attributes:
        cells: What it holds; of one that was hit, in all other cells.
        hit: Whether our write has hit it.
    """

    cells: Counter[object]
    hit: bool = False

    @property
    def key(self) -> object:
        """The same for columns that hold the same."""
        return "hit" if self.hit else frozenset(self.cells.items())


@dataclass(frozen=True, slots=True)
class Mended:
    """A tab after a write, and what is still to be put right on it.

    Attributes:
        tab: What it would hold without our write, verdicts of an earlier one included.
        amends: The cells that must be written again, and what they shall hold: the office's what
            they held, Reveal's nothing, since whoever stands there now is not yet judged.
        unsure: Where cells were hit that may be the office's, and it is not known what they held.
        widths: What makes tables and the filter as wide as they were.
    """

    tab: Tab
    amends: Wanted
    unsure: Sequence[Area] = ()
    widths: Sequence[Request] = ()


def is_settled(change: Change, after: Tab) -> bool:
    """Whether a tab holds what was read and what was written, and nothing else."""
    meant = batch.with_cells(change.tab, change.cells)
    named = _named(change, after)
    height = max(len(meant.cells), len(after.cells))
    return not _inserted(change, after) and all(
        meant.row(row) == after.row(row)
        or _content(meant, row, named) == _content(after, row, named)
        for row in range(1, height + 1)
    )


def _named(change: Change, after: Tab) -> set[tuple[int, int]]:
    """Headings of tables that were cleared: Google gives them a name."""
    tables = [grids.area(one["range"], after) for one in after.raw.get("tables", ())]
    return {
        at
        for at, cell in change.cells.items()
        if not cells.holds(cell)
        and any(area.first_row == at[0] and area.holds(*at) for area in tables)
    }


def mend(change: Change, after: Tab) -> Mended:
    """Find what the cells that were hit shall hold.

    Args:
        change: What was written, and the tab as it was read.
        after: The tab as it is now.
    """
    before = change.tab
    hit = {column for _, column in change.cells}
    origin = _origins(before, after, hit, change)
    seen = {at: old for at, old in origin.items() if at not in hit and old not in change.own}
    rows = _Rows(before, after, seen)
    held: Wanted = {}
    amends: Wanted = {}
    unsure = []
    fresh = [at for at in _columns(after) if at not in origin and at not in hit]
    if _inserted(change, after) > len(fresh):
        # A new column is where we wrote, and somebody may have begun to fill it in.
        new = {at for at in hit if origin.get(at, _NEW) in {_NEW, *change.own}}
        unsure = [_area(change, column) for column in sorted(new)]
    for row, column in change.cells:
        source = origin.get(column, _NEW)
        place = None if source == _NEW else rows.before(row)
        if source == _NEW or source in change.own:
            held[row, column] = before.cell(place, source) if place else cells.BLANK
            amends[row, column] = cells.BLANK
        elif place:
            amends[row, column], whole = cells.restored(before.cell(place, source))
            held[row, column] = before.cell(place, source)
            if not whole:
                unsure.append(Area(row, column, row, column))
        else:
            unsure.append(Area(row, column, row, column))
    theirs = {at for at in after.own if not _is_ours(after, at, origin.get(at, _NEW), change)}
    now = {old: at for at, old in origin.items()}
    wide = widths.undone(before, after, change.requests, now, rows.after)
    tab = replace(
        batch.with_cells(after, held),
        own={at: told for at, told in after.own.items() if at not in theirs},
        stray=[*after.stray, *(after.own[at].id for at in sorted(theirs))],
        raw=wide.raw,
    )
    return Mended(tab, amends, unsure, wide.requests)


def _content(tab: Tab, row: int, but: Collection[tuple[int, int]]) -> Mapping[int, object]:
    """What the cells of a row hold that are not empty, but for some."""
    return {
        at: _told(cell)
        for at, cell in enumerate(tab.row(row), 1)
        if cells.holds(cell) and (row, at) not in but
    }


def _is_ours(after: Tab, column: int, origin: int, change: Change) -> bool:
    """Whether an own column is still one, now that metadata may have hit another's."""
    if origin != _NEW:
        return origin in change.own
    # Under a header of its own, what was inserted where we wrote is somebody else's column.
    rows = range(1, len(after.cells) + 1)
    return any(cells.text(after.cell(row, column)) == after.own[column].header for row in rows)


def _inserted(change: Change, after: Tab) -> int:
    """How many columns somebody has added; less than none if some are gone."""
    return after.width - max(change.tab.width, *(column for _, column in change.cells), 0)


def _area(change: Change, column: int) -> Area:
    """What was written of a column."""
    rows = [row for row, at in change.cells if at == column]
    return Area(min(rows), column, max(rows), column)


def _told(cell: Cell) -> object:
    """What a cell holds; our lookups are alike, since Google writes them anew as columns move."""
    if lookups.is_own(cell):
        return "looked up"
    return cells.entered(cell) or cells.text(cell)


def _mark(cell: Cell) -> object:
    """The same for cells that hold the same."""
    value = cell.get("userEnteredValue")
    if value and "formulaValue" not in value and "chipRuns" not in cell:
        [told] = value.items()
        return told
    return json.dumps(_told(cell))


def _origins(before: Tab, after: Tab, hit: set[int], change: Change) -> Mapping[int, int]:
    """Column now -> the column that it was before, or `_NEW`.

    Columns keep their order, but for one that is moved, and all but those that were hit can be
    seen. So they are laid beside each other, equal ones first, then those that are much the same.
    """
    rows_hit: dict[int, set[int]] = defaultdict(set)
    for row, column in change.cells:
        rows_hit[column].add(row)
    known = [_column(before, at) for at in _columns(before)]
    found = [_column(after, at, rows_hit.get(at, ())) for at in _columns(after, hit)]
    matcher = SequenceMatcher(
        None, [one.key for one in known], [one.key for one in found], autojunk=False
    )
    origin = {
        new + at + 1: old + at + 1
        for old, new, size in matcher.get_matching_blocks()
        for at in range(size)
    }
    for old in [at for at, one in enumerate(known, 1) if at not in origin.values() and one.cells]:
        moved = (new for new, one in enumerate(found, 1) if one.key == known[old - 1].key)
        if new := next((new for new in moved if new not in origin and new not in hit), None):
            origin[new] = old
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        olds = [at for at in range(i1 + 1, i2 + 1) if at not in origin.values()]
        news = [at for at in range(j1 + 1, j2 + 1) if at not in origin]
        pairs = _aligned([known[at - 1] for at in olds], [found[at - 1] for at in news])
        origin |= {news[new]: olds[old] for old, new in pairs}
    left = [at for at, one in enumerate(known, 1) if at not in origin.values() and one.cells]
    fresh = [at for at, one in enumerate(found, 1) if at not in origin]
    lost = [column for column in left if column not in change.own]
    deleted = max(before.width, *change.own, 0) - after.width
    if deleted <= 0:
        # No column was deleted, so what is nowhere to be seen was moved to where we wrote.
        return origin | dict(zip((at for at in fresh if at in hit), lost, strict=False))
    # So many columns are gone: none of them is what we have hit.
    maybe = [at for at in sorted(hit & origin.keys()) if origin[at] not in change.own]
    for at in reversed(maybe[: max(deleted - len(lost), 0)]):
        del origin[at]
    return origin


def _aligned(known: Sequence[_Column], found: Sequence[_Column]) -> Sequence[tuple[int, int]]:
    """Pairs of columns in their order, so that they are as much alike as can be."""
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for old in range(len(known), -1, -1):
        for new in range(len(found), -1, -1):
            if old == len(known) or new == len(found):
                best[old, new] = (0.0, ())
                continue
            options = [best[old + 1, new], best[old, new + 1]]
            if alike := _alike(known[old], found[new]):
                score, rest = best[old + 1, new + 1]
                # Of two ways that are as good the first one counts: what was hit stands in order.
                options.insert(0, (score + alike, ((old, new), *rest)))
            best[old, new] = max(options, key=_score)
    return best[0, 0][1]


def _alike(known: _Column, found: _Column) -> float:
    """How much two columns are alike, from 0 to 1."""
    same = (known.cells & found.cells).total()
    if found.hit:
        # What was not hit is to be seen, and more of it than not should have been there before.
        seen = found.cells.total()
        return _PERHAPS * (0.5 + same / seen if seen else 1)
    total = known.cells.total() + found.cells.total()
    share = 2 * same / total if total else 1.0
    return share if share > _PERHAPS else 0.0


def _score(way: tuple[float, object]) -> float:
    return way[0]


def _columns(tab: Tab, more: Collection[int] = ()) -> range:
    return range(1, max([*map(len, tab.cells), *more, 0]) + 1)


def _column(tab: Tab, column: int, hit: Collection[int] = ()) -> _Column:
    """A column, of which some rows were hit."""
    told = Counter(
        _mark(cell)
        for row in range(1, len(tab.cells) + 1)
        if row not in hit and cells.holds(cell := tab.cell(row, column))
    )
    return _Column(told, hit=bool(hit))


class _Rows:
    """Which row a row was before, by its cells in columns that were not hit.

    Args:
        before: The tab as it was read.
        after: The tab as it is now.
        columns: Column now -> column before.
    """

    def __init__(self, before: Tab, after: Tab, columns: Mapping[int, int]) -> None:
        self._before, self._after = before, after
        self._now, self._then = list(columns), list(columns.values())

    def before(self, row: int) -> int | None:
        """The row that it was; None if that is not certain."""
        here = self._key(self._after, row, self._now)
        if self._key(self._before, row, self._then) == here:
            return row
        same = self._index.get(here, ())
        return same[0] if len(same) == 1 else None

    def after(self, row: int) -> int:
        """Where a row is now, if it has gone as far as the end of the sheet has, or not at all."""
        moved = row + self._after.height - self._before.height
        return moved if self.before(moved) == row else row

    @cached_property
    def _index(self) -> Mapping[tuple[object, ...], Sequence[int]]:
        found: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row in range(1, len(self._before.cells) + 1):
            found[self._key(self._before, row, self._then)].append(row)
        return found

    @staticmethod
    def _key(tab: Tab, row: int, columns: Sequence[int]) -> tuple[object, ...]:
        return tuple(_mark(tab.cell(row, at)) for at in columns)

"""The tab of Reveal's own in which rows of other tabs look up their verdicts.

Its first column holds keys (see `lookups`), and each of the others what one own column shows. A key
keeps its row and a column its heading, so little is written, and a formula that stands there
already is right before a write and after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from sheets.books.google import batch, cells, grids, lookups
from sheets.books.google.batch import Change
from sheets.books.google.snapshot import Tab
from sheets.errors import PlaceTaken
from sheets.grid import VERDICTS_MARK, VERDICTS_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.books.google.batch import Lookups, Request
    from sheets.books.google.snapshot import Snapshot
    from sheets.grid import Grid, OwnColumn, Patch

    Texts = dict[str, str | None]
    Keyed = dict[tuple[int, ...], list[OwnColumn]]

ID = 1_382_179_190
"""The number of the tab: always the same, so it is known under every name, and a copy is not it."""

_BLOCK = 2_000
"""So many rows are one change: a large write is divided between changes."""


@dataclass(slots=True)
class Plan:
    """What own columns need that are looked up.

    Attributes:
        lookups: What their cells hold.
        changes: What changes on the tab of verdicts.
        gone: What takes that tab away, if nothing is looked up any more.
        unkeyed: Name of a tab -> how many of its rows show nothing, since no id is theirs alone.
    """

    lookups: Lookups = field(default_factory=dict)
    changes: Sequence[Change] = ()
    gone: Sequence[Request] = ()
    unkeyed: dict[str, int] = field(default_factory=dict)


def plan(now: Snapshot, patches: Sequence[Patch], name: str, *, tidies: bool) -> Plan:
    """Find what own columns need that are looked up; nothing if there are none, or were.

    Args:
        now: What the spreadsheet holds.
        patches: What Reveal wants; see `OwnColumn.keys`.
        name: What the spreadsheet is called, for messages.
        tidies: Whether the tab goes if nothing looks there, though no patch speaks of any tab.

    Raises:
        PlaceTaken: The tab is not as Reveal wrote it, or another one has its name.
    """
    made = Plan()
    there = now.tab(ID)
    ours = there if there and cells.text(there.cell(1, 1)) == VERDICTS_MARK else None
    of_tab = {
        tab.id: [one for one in patches if one.sheet == tab.title and one.columns is not None]
        for tab in now.tabs
    }
    if not tidies and not any(of_tab.values()):
        return made
    keyed = [
        (tab, one, own)
        for tab in now.tabs
        for one in of_tab[tab.id]
        for own in one.columns or ()
        if own.keys
    ]
    # What no patch speaks of stays, as long as it is looked up.
    stay = {tab.id for tab in now.tabs if not of_tab[tab.id] and _looks_up(tab)}
    headings = _headings(ours) if ours else []
    told = _earlier(ours, headings) if ours else ()
    said = {key: texts for key, texts in told if lookups.tab_of(key) in stay}
    for tab in now.tabs:
        more, lost = _said(tab, of_tab[tab.id])
        said |= more
        made.unkeyed |= {tab.title: lost} if lost else {}
    if not keyed and not said:
        made.gone = [{"deleteSheet": {"sheetId": ID}}] if ours else []
        return made
    same = [title for title in now.titles if title.casefold() == VERDICTS_SHEET.casefold()]
    if not ours and (there or same):
        raise _taken(there.title if there else same[0], name)
    headings = list(dict.fromkeys([*headings, *(own.header for _, _, own in keyed)]))
    title = ours.title if ours else VERDICTS_SHEET
    made.lookups = {
        (tab.id, patch.header_row, own.column): lookups.cell(
            tab, patch.header_row, own.keys, title, headings.index(own.header) + 2
        )
        for tab, patch, own in keyed
    }
    made.changes = list(_changes(ours, headings, said))
    return made


def grid(tab: Tab) -> Grid:
    """The tab as a sheet of Reveal's own, whatever it is called now."""
    return replace(grids.of(tab), title=VERDICTS_SHEET)


def is_renamed(before: Snapshot, after: Snapshot) -> bool:
    """Whether somebody has renamed the tab, so that what was written names another."""
    old, new = before.tab(ID), after.tab(ID)
    return old is not None and new is not None and old.title != new.title


def _looks_up(tab: Tab) -> bool:
    return any(lookups.is_own(cell) for values in tab.cells for cell in values)


def _headings(tab: Tab) -> list[str]:
    """The headings of the tab as it is, from the second column on."""
    texts = (cells.text(tab.cell(1, column)) for column in range(2, len(tab.cells[0]) + 1))
    return [text or "" for text in texts]


def _earlier(tab: Tab, headings: Sequence[str]) -> Iterator[tuple[str, Texts]]:
    """Keys, and what was shown for them."""
    for row in range(2, len(tab.cells) + 1):
        if key := cells.text(tab.cell(row, 1)):
            texts = (cells.text(tab.cell(row, at)) for at in range(2, len(headings) + 2))
            yield key, dict(zip(headings, texts, strict=True))


def _said(tab: Tab, patches: Sequence[Patch]) -> tuple[Mapping[str, Texts], int]:
    """What is shown for the keys of a tab, and how many rows have none of their own."""
    said: dict[str, Texts] = {}
    rows: dict[str, set[int]] = defaultdict(set)
    unclear = {""}
    for patch in patches:
        for columns, own in _keyed(patch).items():
            keys = lookups.keys(tab, patch.header_row, columns, patch.rows)
            told = zip(*(one.values for one in own), strict=True)
            for row, key, values in zip(patch.rows, keys, told, strict=True):
                texts = {one.header: text or None for one, text in zip(own, values, strict=True)}
                there = said.setdefault(key, {})
                if any(there.get(header, text) != text for header, text in texts.items()):
                    unclear.add(key)
                there |= texts
                if any(values):
                    rows[key].add(row)
    # Where nothing but case differs, the first one is found for all.
    found = Counter(map(str.casefold, said))
    unclear |= {key for key in said if found[key.casefold()] > 1}
    shown = {key: texts for key, texts in said.items() if key not in unclear and rows[key]}
    return shown, len(set().union(*(rows[key] for key in unclear)))


def _keyed(patch: Patch) -> Keyed:
    """The columns of ids, and the own columns that are looked up by them."""
    made: Keyed = defaultdict(list)
    for own in patch.columns or ():
        if own.keys:
            made[tuple(own.keys)].append(own)
    return made


def _changes(
    there: Tab | None, headings: Sequence[str], said: Mapping[str, Texts]
) -> Iterator[Change]:
    """What makes the tab hold what is said; rows are written whole."""
    width = len(headings) + 1
    tab = there or Tab(ID, VERDICTS_SHEET, 0, width, ())
    wanted: dict[int, Sequence[str | None]]
    wanted = {row: [None] * width for row in range(1, len(tab.cells) + 1)}
    wanted |= {1: [VERDICTS_MARK, *headings]}
    wanted |= {
        row: [key, *(said[key].get(one) for one in headings)]
        for key, row in _placed(tab, said).items()
    }
    changed = [
        row
        for row, texts in sorted(wanted.items())
        if any(
            not lookups.same(tab.cell(row, at), cells.of_text(text))
            for at, text in enumerate(texts, 1)
        )
    ]
    first = list(_room(tab, max(changed, default=0), width) if there else _new(max(wanted), width))
    for start in range(0, len(changed), _BLOCK):
        block = {
            (row, at): cells.of_text(text)
            for row in changed[start : start + _BLOCK]
            for at, text in enumerate(wanted[row], 1)
        }
        yield Change(tab, block, requests=[*first, *batch.updates(tab, block)])
        tab, first = batch.with_cells(tab, block), []


def _placed(tab: Tab, keys: Iterable[str]) -> Mapping[str, int]:
    """Key -> its row: the one that it has, else one that is free."""
    there: dict[str, int] = {}
    for row in range(2, len(tab.cells) + 1):
        there.setdefault(cells.text(tab.cell(row, 1)) or "", row)
    kept = {there[key] for key in keys if key in there}
    free = (row for row in count(2) if row not in kept)
    return {key: there.get(key) or next(free) for key in keys}


def _new(height: int, width: int) -> Iterator[Request]:
    """The tab itself: hidden, since nobody needs to look at it."""
    size = {"rowCount": height + 1, "columnCount": width, "frozenRowCount": 1}
    properties = {"sheetId": ID, "title": VERDICTS_SHEET, "hidden": True, "gridProperties": size}
    yield {"addSheet": {"properties": properties}}


def _room(tab: Tab, height: int, width: int) -> Iterator[Request]:
    for dimension, more in (("ROWS", height - tab.height), ("COLUMNS", width - tab.width)):
        if more > 0:
            asked = {"sheetId": tab.id, "dimension": dimension, "length": more}
            yield {"appendDimension": asked}


def _taken(title: str, name: str) -> PlaceTaken:
    return PlaceTaken(
        f'The sheet "{title}" is not, or not any more, as Reveal writes it.',
        hint="Delete it, or give it another name if it is yours, and run again.",
        where=name,
    )

"""From what a check found to what is handed out.

Only rows that somebody can fix, only the columns that this takes, the worst first. A row that could
not be found again, since nothing tells it from all others, is not handed out, and that is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sheets.handback import fixable, identity, keying, rendering
from sheets.handback.fixable import SCHOOL, WHO
from sheets.handback.model import LeftOut, Packet, Row, Sheet, Split
from sheets.rules.model import ROW
from sheets.summary import ADMINISTRATOR, OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from sheets.flow import Outcome
    from sheets.handback.fixable import Fixable
    from sheets.handback.keying import Keyed
    from sheets.handback.model import Batch, Column
    from sheets.rules.model import Profile

NOT_UNIQUE = "Its ids and names are those of another row too, so an answer could be for either."
NO_KEY = "Nothing tells whose row it is: it has no id, no name and no email address."
NO_CELL = "No cell here takes an answer: it is put right in Campus itself."

_LONGEST_TITLE = 31
_UNFIT = re.compile(r"[][:*?/\\']+")


def packets(outcome: Outcome, batch: Batch, by: str = SCHOOL) -> Split:
    """Make what is handed out.

    Args:
        outcome: What a check found.
        batch: The handing out.
        by: ``school``, ``who`` (can fix it), or the header of a column. A packet that goes to the
            Campus administrator has rows without cells to fill in, too.

    Raises:
        ColumnsNotFound: No list has a column with that header.
    """
    made: dict[str, list[Sheet]] = defaultdict(list)
    left: list[LeftOut] = []
    for who in (OFFICE, ADMINISTRATOR) if by == WHO else (OFFICE,):
        lists = list(fixable.lists(outcome, who, by))
        for own, how in zip(lists, _keyed(lists), strict=True):
            chosen, out = _chosen(own, how, bare=who == ADMINISTRATOR)
            left += out
            if not chosen.any():
                continue
            for to, sheet in _sheets(own, how, chosen, outcome.profile, batch).items():
                made[to].append(sheet)
    result = [
        Packet(to, identity.property_of(batch, to), _titled(sheets)) for to, sheets in made.items()
    ]
    result.sort(key=lambda packet: (not packet.to, -packet.rows, packet.to))
    return Split(batch, result, left)


def _keyed(lists: Sequence[Fixable]) -> list[Keyed]:
    """By what the rows of all lists are known."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, own in enumerate(lists):
        alike[own.findings.table.kind, own.found.group].append(at)
    result: dict[int, Keyed] = {}
    for (_, group), places in alike.items():
        tables = [lists[at].findings.table for at in places]
        made = keying.keyed(tables, group, [lists[at].cells for at in places])
        result.update(zip(places, made, strict=True))
    return [result[at] for at in range(len(lists))]


def _chosen(own: Fixable, how: Keyed, *, bare: bool) -> tuple[pl.Series, list[LeftOut]]:
    """The rows that are handed out, and those that are not although they are to be fixed."""
    wanted = own.all if bare else own.in_cells
    sure = how.rank.is_not_null()
    told = (
        (NO_CELL, own.all & ~wanted),
        (NOT_UNIQUE, wanted & ~sure & how.told),
        (NO_KEY, wanted & ~sure & ~how.told),
    )
    rows = own.findings.frame[ROW]
    title, group = own.found.grid.title, own.found.group
    left = [
        LeftOut(own.one.book.name, title, group, why, rows.filter(which).to_list())
        for why, which in told
        if which.any()
    ]
    return wanted & sure, left


def _sheets(
    own: Fixable, how: Keyed, chosen: pl.Series, profile: Profile, batch: Batch
) -> dict[str, Sheet]:
    """To whom rows of a list go -> the sheet with them."""
    columns = rendering.columns(own, profile)
    head = _head(own, how, chosen, columns, batch)
    rows: dict[str, list[Row]] = defaultdict(list)
    for to, row in rendering.rows(own, how, chosen, columns, (profile, batch)):
        rows[to].append(row)
    return {
        to: Sheet(
            title=_title(own),
            kind=head.kind,
            group=head.group,
            book=own.one.book.name,
            origin=own.found.grid.title,
            columns=columns,
            head=replace(head, to=to).text,
            rows=mine,
        )
        for to, mine in rows.items()
    }


def _head(
    own: Fixable, how: Keyed, chosen: pl.Series, columns: Sequence[Column], batch: Batch
) -> identity.Head:
    """What the hidden column's header says, but for to whom it goes."""
    ranks = sorted(how.rank.filter(chosen).unique().to_list())
    return identity.Head(
        batch=batch,
        to="",
        kind=own.findings.table.kind,
        group=own.found.group,
        ranks=[how.ranks[rank] for rank in ranks],
        locked={one.name: one.header for one in columns if one.locked},
        tells=[one.name for one in columns if one.tells],
        inputs={one.name: one.header for one in columns if not one.locked},
    )


def _title(own: Fixable) -> str:
    """What a sheet is called, as the master calls it."""
    title = own.found.grid.title
    if len(own.one.findings) > 1:
        return f"{title} ({own.findings.table.kind})"
    return f"{title} ({own.found.group})" if own.found.group else title


def _titled(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The same sheets with titles that a workbook can have, each another one."""
    taken: set[str] = set()
    result = []
    for sheet in sheets:
        clean = _UNFIT.sub(" ", sheet.title).strip()[:_LONGEST_TITLE].strip() or sheet.kind
        nth, title = 1, clean
        while title.casefold() in taken:
            nth += 1
            end = f" {nth}"
            title = clean[: _LONGEST_TITLE - len(end)] + end
        taken.add(title.casefold())
        result.append(replace(sheet, title=title))
    return result

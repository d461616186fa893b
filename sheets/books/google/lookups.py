"""The formula by which a row shows its own verdict, and the key that it looks for.

A key names the tab, and for each column of ids its heading and the id. The formula puts it together
from what the cells hold now, wherever Google has moved them, and shows what stands beside that key
on a tab of Reveal's own. If it stands beside another column than was meant, since somebody has
moved columns, the heading is another one: there is no such key, and nothing is shown.

Keys are compared letter by letter (EXACT), since what XMATCH takes for equal differs in case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.google import cells, grids
from sheets.grid import TAG, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheets.books.google.cells import Cell
    from sheets.books.google.snapshot import Tab

SEPARATOR = "|"
"""Stands between the parts of a key; an id that holds it is none."""

_LONGEST = 250
_ID = 'IF(ISNUMBER(x),IF(INT(x)=x,TEXT(x,"0"),""),T(x))'
_ENTERED = str.maketrans({" ": None, "'": None, ";": ","})
"""What Google may write otherwise than it was entered."""


def is_own(cell: Cell) -> bool:
    """Whether a cell holds such a formula."""
    return f'N("{TAG}")' in _formula(cell)


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same, however Google has written a formula of ours."""
    if is_own(one) and is_own(other):
        return _formula(one).translate(_ENTERED) == _formula(other).translate(_ENTERED)
    return cells.entered(one) == cells.entered(other)


def cell(tab: Tab, head: int, columns: Sequence[int], title: str, shown: int) -> Cell:
    """A cell that shows what belongs to its row.

    Args:
        tab: The tab of the row.
        head: The row of its headings.
        columns: Its columns of ids.
        title: The name of the tab where verdicts are looked up.
        shown: The column there that holds what is to be shown.
    """
    parts = [f'"{tab.id}"']
    for at in columns:
        parts.append(f"T(${letters(at)}${_heading(tab, head, at)})")
        parts.append(f"LET(x,INDEX({_whole(at)},ROW()),{_ID})")
    key = f'&"{SEPARATOR}"&'.join(parts)
    there = "'" + title.replace("'", "''") + "'!"
    known, told = there + _whole(1), there + _whole(shown)
    found = f'IF(EXACT(INDEX({known},at),key),INDEX({told},at)&"","")'
    lookup = f'IFERROR(LET(key,{key},at,XMATCH(key,{known}),{found}),"")'
    return {"userEnteredValue": {"formulaValue": f'=IF(N("{TAG}")=0,{lookup})'}}


def keys(tab: Tab, head: int, columns: Sequence[int], rows: Iterable[int]) -> Iterator[str]:
    """Yield what each row is known by; empty if it has no id, or one that cannot be looked up."""
    headings = [_text(tab.cell(_heading(tab, head, at), at)) for at in columns]
    for row in rows:
        ids = [_id(tab.cell(row, at)) for at in columns]
        pairs = zip(headings, ids, strict=True)
        key = SEPARATOR.join([str(tab.id), *(part for pair in pairs for part in pair)])
        yield key if all(ids) and len(key) <= _LONGEST else ""


def tab_of(key: str) -> int:
    """The number of the tab that a key is of; -1 if it is no key."""
    number = key.partition(SEPARATOR)[0]
    return int(number) if number.isascii() and number.isdigit() else -1


def _formula(cell: Cell) -> str:
    return str(cell.get("userEnteredValue", {}).get("formulaValue", ""))


def _whole(column: int) -> str:
    return f"${letters(column)}:${letters(column)}"


def _heading(tab: Tab, head: int, column: int) -> int:
    """The row where a heading stands that is merged over several."""
    merged = (grids.area(one, tab) for one in tab.raw.get("merges", ()))
    tops = (one.first_row for one in merged if one.holds(head, column))
    return next(tops, head)


def _id(cell: Cell) -> str:
    """An id as the formula sees it: a number is its digits, without what a format adds.

    What the formula sees of a smart chip is not known, so that is none.
    """
    if "chipRuns" in cell:
        return ""
    number = cell.get("effectiveValue", {}).get("numberValue")
    if number is not None:
        exact = float(number).is_integer() and abs(number) < cells.EXACT
        return str(int(number)) if exact else ""
    text = _text(cell)
    return "" if SEPARATOR in text else text


def _text(cell: Cell) -> str:
    return str(cell.get("effectiveValue", {}).get("stringValue", ""))

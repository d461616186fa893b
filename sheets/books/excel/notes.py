"""The note on the first own header, and how wide own columns are.

What the columns looked like before is remembered out of sight, in the alternative text of the
note's box, so that clearing gives it back, also on another day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.books.excel import areas
from sheets.books.excel.steps import Look, LookStep, Note, NoteStep
from sheets.grid import TAG, Area, letters

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sheets.books.excel.com import Handle
    from sheets.grid import Patch

NOTE = "Written by Reveal"
"""How every note of Reveal's begins: only such a note is ever replaced."""

_REMEMBERED = re.compile(r" ([A-Z]{1,3})=([\d.]+),([01])")


def steps(sheet: Handle, patch: Patch, ours: Collection[int]) -> list[NoteStep | LookStep]:
    """What changes the note of a table, and the looks of its own columns.

    Args:
        sheet: The worksheet.
        patch: What is wanted.
        ours: The columns of Reveal's earlier output.
    """
    own = {one.column: one for one in patch.columns or ()}
    first = min(own, default=0)
    there = _there(sheet, patch.header_row, {*([first] if own else []), *sorted(ours)[:1]})
    record = {
        column: look
        for _, note in there.values()
        if note is not None
        for column, look in _read(note.record).items()
    }
    known = {column: look for column, look in record.items() if column in own}
    is_free = first not in there or there[first][0]
    made: list[NoteStep | LookStep] = []
    gone = [column for column in record if column not in own]
    for column, now in _looks(sheet, patch, gone).items():
        made.append(LookStep(_column(patch, column), record[column], now))
    if own and patch.note and is_free:
        new = [column for column in own if column not in ours]
        for column, before in _looks(sheet, patch, new).items():
            known[column] = before
            look = Look(own[column].width, own[column].wrap or before.wrap)
            made.append(LookStep(_column(patch, column), look, before))
        wanted = Note(patch.note, _written(known))
    else:
        wanted = None
    for column, (is_own, note) in there.items():
        if is_own and (column != first or note != wanted or wanted is None) and note is not None:
            made.append(NoteStep(Area.cell(patch.header_row, column), None, note))
    if wanted is not None and there.get(first, (True, None))[1] != wanted:
        made.append(NoteStep(Area.cell(patch.header_row, first), wanted, None))
    return made


def _there(
    sheet: Handle, row: int, columns: Collection[int]
) -> dict[int, tuple[bool, Note | None]]:
    """The notes on some headers: whether each is Reveal's, and if so what it says."""
    found: dict[int, tuple[bool, Note | None]] = {}
    for column in columns:
        comment = sheet.call("Range", Area.cell(row, column)).get("Comment")
        if comment is None:
            continue
        text = str(comment.call("Text"))
        if text.startswith(NOTE):
            record = str(comment.get("Shape").get("AlternativeText"))
            found[column] = True, Note(text, record)
        else:
            found[column] = False, None
    return found


def _looks(sheet: Handle, patch: Patch, columns: Sequence[int]) -> dict[int, Look]:
    """How some columns look now; asked for all at once, and singly where they differ."""
    if not columns:
        return {}
    area = Area(patch.header_row + 1, min(columns), _last(patch), max(columns))
    block = sheet.call("Range", areas.address(area))
    width, wrap = block.get("ColumnWidth"), block.get("WrapText")
    if len(columns) == 1:
        # Where some rows run over several lines already, all of them may.
        return {columns[0]: Look(float(width), wrap is not False)}
    if width is None or wrap is None:
        return {one: _looks(sheet, patch, [one])[one] for one in columns}
    return dict.fromkeys(columns, Look(float(width), bool(wrap)))


def _column(patch: Patch, column: int) -> Area:
    return Area(patch.header_row + 1, column, _last(patch), column)


def _last(patch: Patch) -> int:
    return max(patch.last_row, patch.header_row + 1)


def _written(looks: Mapping[int, Look]) -> str:
    """What is remembered, as text.

    Example:
        >>> _written({4: Look(8.43, wrap=False)})
        'reveal:v1 D=8.43,0'
    """
    told = (
        f" {letters(column)}={look.width:g},{int(look.wrap)}"
        for column, look in sorted(looks.items())
    )
    return TAG + "".join(told)


def _read(record: str) -> dict[int, Look]:
    if not record.startswith(TAG):
        return {}
    return {
        Area.parse(f"{name}1").first_column: Look(float(width), wrap=wrap == "1")
        for name, width, wrap in _REMEMBERED.findall(record)
    }

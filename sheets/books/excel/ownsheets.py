"""Worksheets that are Reveal's as a whole.

Source of the names: the object model of Excel (Worksheets.Add, Worksheet.Move, Window).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.excel import areas, grids, values
from sheets.books.excel.com import Refused
from sheets.books.refusals import own_sheet_taken
from sheets.grid import Area, OwnSheet, letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.books.excel.com import Handle
    from sheets.books.excel.snapshot import Sheet


@dataclass(frozen=True, slots=True)
class SheetStep:
    """An own worksheet comes, goes, or gets other contents.

    Attributes:
        title: Its name.
        sheet: What it shall be; None if it goes.
        before: What it was; None if it was not there.
    """

    title: str
    sheet: OwnSheet | None
    before: OwnSheet | None

    def apply(self, book: Handle) -> None:
        """Do it; the worksheet that was in sight stays there."""
        there = book.get("Worksheets")
        if self.sheet is None:
            there.call("Item", self.title).call("Delete")
            return
        if self.before is None:
            active = book.get("ActiveSheet")
            try:
                made = self._add(there)
                _fill(made, self.sheet)
                if self.sheet.frozen:
                    window = book.get("Windows").call("Item", 1)
                    window.put("SplitRow", self.sheet.frozen)
                    window.put("FreezePanes", value=True)
            finally:
                active.call("Activate")
            return
        found = there.call("Item", self.title)
        found.get("Cells").call("Clear")
        _fill(found, self.sheet)

    def inverse(self) -> SheetStep:
        """The other way round."""
        return SheetStep(self.title, self.before, self.sheet)

    def _add(self, there: Handle) -> Handle:
        # Excel puts a sheet before another one only, so the last one moves before the new one.
        last = there.call("Item", there.get("Count"))
        made: Handle = there.call("Add", last)
        try:
            last.call("Move", made)
            made.put("Name", self.title)
        except Refused:
            made.call("Delete")
            raise
        return made


def steps(there: Sequence[Sheet], own: Sequence[OwnSheet], where: str) -> list[SheetStep]:
    """What makes these the only own worksheets; nothing if they are there already.

    Args:
        there: All worksheets as they were read.
        own: The own ones that there shall be.
        where: The workbook, for messages.

    Raises:
        PlaceTaken: A worksheet of somebody else has the title of an own one.
    """
    mine = {sheet.title: sheet for sheet in there if grids.of(sheet).is_own}
    others = {sheet.title.casefold(): sheet.title for sheet in there if sheet.title not in mine}
    made = []
    for sheet in own:
        if sheet.title.casefold() in others:
            raise own_sheet_taken(others[sheet.title.casefold()], where)
        before = mine.pop(sheet.title, None)
        if before is None or not _same(before, sheet):
            made.append(SheetStep(sheet.title, sheet, _as_own(before)))
    gone = [SheetStep(title, None, _as_own(sheet)) for title, sheet in mine.items()]
    return [*made, *gone]


def _fill(made: Handle, sheet: OwnSheet) -> None:
    width = max(map(len, sheet.rows), default=0)
    rows = tuple(tuple(_entered(row, at) for at in range(width)) for row in sheet.rows)
    area = Area(1, 1, len(rows), width)
    made.call("Range", areas.address(area)).put("Value", rows)
    if sheet.headings:
        lines = ",".join(f"{row}:{row}" for row in sorted(sheet.headings))
        made.call("Range", lines).get("Font").put("Bold", value=True)
    for column, wide in enumerate(sheet.widths, 1):
        name = letters(column)
        made.call("Range", f"{name}:{name}").put("ColumnWidth", wide)


def _entered(row: Sequence[str | int | None], at: int) -> object:
    value = row[at] if at < len(row) else None
    return values.quoted(value) if isinstance(value, str) else value


def _filled(sheet: Sheet) -> Iterator[tuple[tuple[int, int], str]]:
    for row, told in sheet.filled():
        for column, text in told.items():
            yield (row, column), text


def _same(there: Sheet, sheet: OwnSheet) -> bool:
    wanted = {
        (row, column): str(value)
        for row, cells in enumerate(sheet.rows, 1)
        for column, value in enumerate(cells, 1)
        if value is not None
    }
    return wanted == dict(_filled(there))


def _as_own(there: Sheet | None) -> OwnSheet | None:
    """A worksheet that is there, to be made again: its texts and numbers."""
    if there is None:
        return None
    rows: list[list[str | int | None]] = [
        [None] * there.area.last_column for _ in range(there.area.last_row)
    ]
    for (row, column), text in _filled(there):
        value = there.value(row, column)
        rows[row - 1][column - 1] = int(value) if values.is_whole(value) else text
    return OwnSheet(tuple(map(tuple, rows)), there.title)

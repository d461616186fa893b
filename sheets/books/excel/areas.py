"""Questions of which Excel knows one answer for many cells, or none where they differ.

What differs is divided and asked again, so that the number of round trips depends on how often
the answer changes, not on how many rows there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.books.excel import values
from sheets.books.ooxml import numberformats
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.excel.com import Handle
    from sheets.books.excel.values import Rows
    from sheets.books.ooxml.numberformats import Format

LONGEST = 255
"""Excel takes no longer address."""

MOST = 80
"""So many questions are asked of one sheet; what is still mixed then is read without a format."""

_HEAD = 16
"""Rows at the top, in which merged titles and headings stand."""


def formats(sheet: Handle, used: Handle, area: Area, told: Rows) -> list[tuple[Area, Format]]:
    """The number formats of cells with whole numbers, where they add zeros or dashes.

    Args:
        sheet: The worksheet.
        used: Its used range.
        area: The same as an address.
        told: Its values.
    """
    spans = _spans(area, told)
    if not spans:
        return []
    whole = used.get("NumberFormat")
    found = [(area, whole)] if whole else _Asked(sheet, "NumberFormat").uniform(spans)
    parsed = [(where, numberformats.parse(str(code))) for where, code in found]
    return [(where, form) for where, form in parsed if form]


def merged(sheet: Handle, used: Handle, area: Area) -> list[Area]:
    """The merged areas."""
    if used.get("MergeCells") is False:
        return []
    head = min(area.first_row + _HEAD - 1, area.last_row)
    parts = [Area(area.first_row, area.first_column, head, area.last_column)]
    if head < area.last_row:
        parts.append(Area(head + 1, area.first_column, area.last_row, area.last_column))
    found: dict[Area, None] = {}
    asked = _Asked(sheet, "MergeCells")
    for where, is_merged in asked.uniform(parts):
        if is_merged:
            for row in range(where.first_row, where.last_row + 1):
                for column in range(where.first_column, where.last_column + 1):
                    if not any(one.holds(row, column) for one in found):
                        cell = sheet.call("Range", Area.cell(row, column))
                        found[parse(cell.get("MergeArea").get("Address"))] = None
    return list(found)


def parse(address: str) -> Area:
    """An address of one area."""
    return Area.parse(address.replace("$", ""))


def address(area: Area) -> str:
    """The shortest address of an area."""
    first = Area.cell(area.first_row, area.first_column)
    last = Area.cell(area.last_row, area.last_column)
    return first if first == last else f"{first}:{last}"


def size(area: Area) -> int:
    """How many cells an area has."""
    height = area.last_row - area.first_row + 1
    return height * (area.last_column - area.first_column + 1)


def together(some: Sequence[Area]) -> str:
    """The address of several areas."""
    return ",".join(map(address, some))


class _Asked:
    """Finds areas that have one answer each.

    Args:
        sheet: The worksheet.
        name: The property of ranges that is asked.
    """

    def __init__(self, sheet: Handle, name: str) -> None:
        self._sheet = sheet
        self._name = name
        self._left = MOST

    def uniform(self, some: Sequence[Area]) -> list[tuple[Area, Any]]:
        """Areas, and their answers; what is still mixed in the end is left out."""
        if self._left <= 0 or not some:
            return []
        where = together(some)
        if len(where) <= LONGEST:
            self._left -= 1
            answer = self._sheet.call("Range", where).get(self._name)
            if answer is not None:
                return [(area, answer) for area in some]
        first, second = _halves(some)
        return [*self.uniform(first), *self.uniform(second)]


def _halves(some: Sequence[Area]) -> tuple[Sequence[Area], Sequence[Area]]:
    if len(some) > 1:
        middle = len(some) // 2
        return some[:middle], some[middle:]
    area = some[0]
    top, left, bottom, right = (
        area.first_row,
        area.first_column,
        area.last_row,
        area.last_column,
    )
    if top < bottom:
        at = (top + bottom) // 2
        return [Area(top, left, at, right)], [Area(at + 1, left, bottom, right)]
    if left == right:
        return [], []
    at = (left + right) // 2
    return [Area(top, left, top, at)], [Area(top, at + 1, top, right)]


def _spans(area: Area, told: Rows) -> list[Area]:
    """For each column from its first to its last whole number."""
    found = []
    for column, cells in enumerate(zip(*told, strict=True), area.first_column):
        rows = [row for row, value in enumerate(cells, area.first_row) if values.is_whole(value)]
        if rows:
            found.append(Area(rows[0], column, rows[-1], column))
    return found

"""Which cells still wait for an answer: the formulas that colour and count them.

The hidden column `SENT` says of each row which cells were asked for and what stood in them. A
cell waits as long as it holds just that. The rows can be sorted and the columns moved: each row
brings along what was asked of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.grid import Shade, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.handback.model import Row, Sheet

SENT = "Sent by Reveal"
"""The header of the hidden column that says which cells were asked for."""

_LONGEST = 100  # so much of a cell is looked at
_SIGNS = {Shade.MISSING: "=", Shade.CHECK: "?"}


def sent(row: Row) -> str:
    """What the hidden column says of a row; it starts with no sign that makes a formula.

    Example:
        >>> from sheets.grid import Shade
        >>> from sheets.handback.model import Row, Todo
        >>> asked = [Todo(1, Shade.MISSING, ""), Todo(2, Shade.CHECK, "")]
        >>> sent(Row("k1", ["7", "", " a  b"], asked, 2))
        '|1=|2?a b|'
    """
    told = [f"{one.column}{_SIGNS[one.shade]}{_trimmed(row.cells[one.column])}" for one in row.todo]
    return f"|{'|'.join(told)}|" if told else ""


def waits(shade: Shade, column: int, cells: str, told: str) -> str:
    """The formula that is true while a cell, or each of a range of cells, waits.

    Args:
        shade: For what it waits: missing, or to be checked.
        column: Its place in the sheet's columns, from 0.
        cells: The reference of the cell or range.
        told: That of the hidden column beside it.
    """
    clean = f'LEFT(TRIM(SUBSTITUTE({cells},"\u00a0"," ")),{_LONGEST})'
    return f'ISNUMBER(FIND("|{column}{_SIGNS[shade]}"&{clean}&"|",{told}))'


def asked(sheet: Sheet, shade: Shade) -> Sequence[int]:
    """The columns in which something is missing, or to be checked, in some row."""
    return sorted({one.column for row in sheet.rows for one in row.todo if one.shade is shade})


def waiting(sheet: Sheet, shade: Shade) -> int:
    """How many rows wait when they are handed out."""
    return sum(any(one.shade is shade for one in row.todo) for row in sheet.rows)


def left(sheet: Sheet) -> str:
    """The formula that counts the rows in which something is still missing."""
    last = len(sheet.rows) + 1
    title = sheet.title.replace("'", "''")

    def whole(column: int) -> str:
        return f"'{title}'!${letters(column + 1)}$2:${letters(column + 1)}${last}"

    told = whole(len(sheet.columns))
    tests = [
        waits(Shade.MISSING, column, whole(column), told) for column in asked(sheet, Shade.MISSING)
    ]
    return f"SUMPRODUCT(--({'+'.join([*tests, '0'])}>0))"


def _trimmed(text: str) -> str:
    """A text as TRIM of a spreadsheet gives it."""
    return re.sub(" +", " ", text.replace("\u00a0", " ")).strip(" ")[:_LONGEST]

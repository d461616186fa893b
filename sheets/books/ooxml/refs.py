"""References to cells as text, changed without touching how they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.grid import Area, letters, number

if TYPE_CHECKING:
    from collections.abc import Collection

_RANGE = re.compile(r"(.*:\$?)([A-Z]{1,3})(\$?\d+)")


def ends_at(ref: str) -> int | None:
    """The last column of a range, or None if it is none.

    Example:
        >>> ends_at("Contacts!$A$1:$T$9"), ends_at("A1")
        (20, None)
    """
    match = _RANGE.fullmatch(ref)
    return number(match[2]) if match else None


def ending_at(ref: str, column: int) -> str:
    """The same range with another last column.

    Example:
        >>> ending_at("Contacts!$A$1:$T$9", 22)
        'Contacts!$A$1:$V$9'
    """
    return _RANGE.sub(lambda match: match[1] + letters(column) + match[3], ref)


def areas(refs: str) -> list[Area]:
    """The areas of a list of references; what is not one is left out.

    Example:
        >>> [area.ref for area in areas("A1:B2 C3 #REF!")]
        ['A1:B2', 'C3:C3']
    """
    found = []
    for ref in refs.split():
        try:
            found.append(Area.parse(ref))
        except ValueError:
            continue
    return found


def without_last(end: int, own: Collection[int]) -> int:
    """The last column of a range that ended at `end`, when the own columns at its end are gone.

    Example:
        >>> without_last(22, {21, 22}), without_last(23, {21, 22})
        (20, 23)
    """
    while end in own:
        end -= 1
    return end

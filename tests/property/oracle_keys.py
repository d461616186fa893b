"""How a row of one sheet finds rows of others: students their enrollments, contacts their students.

Only keys that the sheet and any of the others have are looked at. The row goes by the first of
them that it has a value for, and finds whoever has the same there, whatever else they have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.property.oracle_cells import has_names, lower, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.rule_tables import Row, Sheet

    Keys = Sequence[tuple[str, str]]
    Found = list[tuple[Row, Sheet]]

NAMES = {"name": "", "student_name": "student_"}
"""Keys that are no column: the name of the person, and the name of the student of a pair."""


def has(sheet: Sheet, key: str) -> bool:
    """The sheet has what a key is made of."""
    return has_names(sheet, NAMES[key]) if key in NAMES else key in sheet.fields


def value(row: Row, key: str) -> str | None:
    """What a row has for a key: numbers as they stand, GUIDs and names in any case."""
    if key in NAMES:
        return name_of(row, NAMES[key])
    return lower(row, key) if key.endswith("guid") else row.get(key)


def shared(sheet: Sheet, others: Sequence[Sheet], keys: Keys) -> Keys:
    """The keys that a sheet has, and any of the others."""
    return [
        (mine, theirs)
        for mine, theirs in keys
        if has(sheet, mine) and any(has(one, theirs) for one in others)
    ]


def find(row: Row, others: Sequence[Sheet], keys: Keys) -> Found | None:
    """All that a row finds by shared keys; None if it has nothing to be found by."""
    for mine, theirs in keys:
        wanted = value(row, mine)
        if wanted is not None:
            return [
                (each, one)
                for one in others
                if has(one, theirs)
                for each in one.rows
                if value(each, theirs) == wanted
            ]
    return None

"""The forms in which cells are handed out, compared and taken back.

Spreadsheet programs write the same value in several ways: ``TRUE`` and ``true``, a date in another
order, a number with a fraction of nothing. Such a change is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets import place
from sheets.columns import cells, headers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_FRACTION = re.compile(r"(\d+)\.0+$")
_DIGITS = ("id", "phone")
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s(.])")


def text(kind: str, value: str | None) -> str:
    """A cell's text as it is written to the master: without what a program put around it.

    Args:
        kind: The type of its field.
        value: What stands in the cell.

    Example:
        >>> text("phone", " 5855550101.0 "), text("name", "Ann "), text("name", None)
        ('5855550101', 'Ann', '')
    """
    told = (value or "").replace("\r\n", "\n").strip(headers.SPACES)
    whole = _FRACTION.match(told) if kind in _DIGITS else None
    return whole[1] if whole else told


def normal(kind: str, values: Sequence[str | None] | pl.Series) -> list[str]:
    """The form of some cells in which they are compared; the empty text for an empty one.

    Args:
        kind: The type of their field.
        values: What stands in the cells.

    Example:
        >>> normal("flag", ["Y", "true", "perhaps", None])
        ['true', 'true', 'perhaps', '']
    """
    plain = pl.Series([text(kind, one) for one in values], dtype=pl.String)
    clean = cells.clean(kind, plain)
    return pl.select(pl.coalesce(clean.values, plain)).to_series().to_list()


def without_zeros(kind: str, value: str) -> str:
    """An id without the zeros that a program takes from its front; other values as they are.

    Example:
        >>> without_zeros("id", "00123"), without_zeros("name", "007"), without_zeros("id", "A01")
        ('123', '007', 'A01')
    """
    return value.lstrip("0") if kind in _DIGITS and value.isdecimal() else value


def is_formula(value: str) -> bool:
    """Whether a program would take a text for a formula.

    Example:
        >>> [is_formula(one) for one in ("=B2", "@SUM(A1)", "+cmd", "+1 (585) 555-0101", "-")]
        [True, True, True, False, True]
    """
    return _FORMULA.match(value) is not None


def type_of(name: str) -> str:
    """The type of a column by its name: a field's, or text for Reveal's own."""
    return "text" if place.is_own(name) else vocabulary.field_of(name).type

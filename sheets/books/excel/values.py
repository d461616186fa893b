"""One cell as Excel tells it: its value, and what was entered.

Source of the numbers: the constants XlCVError, which COM tells as ``0x800A0000 + n``.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sheets.books.ooxml import numberformats
from sheets.grid import Odd, OddKind

if TYPE_CHECKING:
    from sheets.books.ooxml.numberformats import Format

Rows = tuple[tuple[Any, ...], ...]
"""A block of cells, row by row."""

_FIRST_ERROR = -2146826288 - 2000
_ERRORS = {
    _FIRST_ERROR + code: text
    for code, text in {
        2000: "#NULL!",
        2007: "#DIV/0!",
        2015: "#VALUE!",
        2023: "#REF!",
        2029: "#NAME?",
        2036: "#NUM!",
        2042: "#N/A",
        2043: "#GETTING_DATA",
        2045: "#SPILL!",
        2046: "#CONNECT!",
        2047: "#BLOCKED!",
        2048: "#UNKNOWN!",
        2049: "#FIELD!",
        2050: "#CALC!",
    }.items()
}
_WAITS = "#GETTING_DATA"
_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone


def block(told: Any) -> Rows:
    """A block as rows: of a single cell Excel tells the bare value."""
    return told if isinstance(told, tuple) else ((told,),)


def is_formula(value: Any, formula: Any) -> bool:
    """Whether a cell holds a formula, by its value and by what Excel tells as its formula.

    Of a text it tells the text, also of one that begins with ``=``.

    Example:
        >>> is_formula(2.0, "=1+1"), is_formula("=1+1", "=1+1")
        (True, False)
    """
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def text(value: Any, form: Format = numberformats.GENERAL) -> str | None:
    """What a cell holds as text; None if it is blank, or holds an error.

    Example:
        >>> text(5855551234.0), text(42.0, numberformats.parse("000000")), text(True)
        ('5855551234', '000042', 'TRUE')
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _moment(value.replace(tzinfo=None))
    if isinstance(value, (float, Decimal)):
        return numberformats.shown(str(value), form)
    return None


def odd(value: Any) -> Odd | None:
    """The error that a cell shows, or that it still waits for what it asks elsewhere."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    said = _ERRORS.get(value, "#ERROR!")
    return Odd(OddKind.NO_RESULT if said == _WAITS else OddKind.ERROR, said)


def is_whole(value: Any) -> bool:
    """Whether a cell holds a number of which a format may show more digits than it has."""
    return isinstance(value, float) and value.is_integer()


def entered(value: Any, formula: Any) -> object:
    """What is to be entered into a cell so that it holds the same again.

    Example:
        >>> entered("=1+1", "=1+1"), entered(2.0, "=1+1"), entered(None, "")
        ("'=1+1", '=1+1', None)
    """
    if is_formula(value, formula):
        return str(formula)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dt.datetime):
        return float(formula)
    if odd(value):
        return str(formula)
    return value


def quoted(value: str | None) -> str | None:
    """A text as it is entered so that nothing takes it for a formula, a number or a date."""
    return f"'{value}" if value else None


def _moment(moment: dt.datetime) -> str:
    """A day, a time of day, or both."""
    if moment.date() == _DAY_ZERO.date():
        return moment.time().isoformat("seconds")
    midnight = moment.time() == dt.time()
    return moment.date().isoformat() if midnight else moment.isoformat(timespec="seconds")

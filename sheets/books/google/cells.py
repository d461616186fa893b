"""One cell as the Sheets API tells it, and what people see in it.

Source of the names: the Sheets API v4, CellData, ExtendedValue, NumberFormat.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from sheets.grid import Odd, OddKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    Cell = Mapping[str, Any]

BLANK: Cell = {}

_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_ZEROS = re.compile(r"0{2,}")
EXACT = 1e15
"""Whole numbers below it are shown with all their digits."""

FORMATS = ("effectiveFormat", "userEnteredFormat")
"""Where the format of a number is told: of a formula that nobody has formatted in the first."""

_WHOLE = 2**53
"""Whole numbers up to it are held as they are."""

_CONTENT = ("userEnteredValue", "chipRuns", "textFormatRuns")
"""What belongs to a value, and goes when a cell gets another one."""

_PLACEHOLDER = "@"
"""What stands in the text of a cell for a smart chip."""


def text(cell: Cell) -> str | None:
    """What a cell holds as text; None if it is empty, or holds an error.

    Text is as it is; numbers are their digits, with the zeros that a zero-padding format shows;
    dates are ISO 8601; booleans are ``TRUE`` and ``FALSE``.

    Example:
        >>> text({"effectiveValue": {"stringValue": "007"}}), text({})
        ('007', None)
        >>> text({"effectiveValue": {"numberValue": 5855550100.0}, "formattedValue": "5.9E+09"})
        '5855550100'
        >>> text({"effectiveValue": {"numberValue": 46349},
        ...       "effectiveFormat": {"numberFormat": {"type": "DATE"}}})
        '2026-11-23'
    """
    value = cell.get("effectiveValue", {})
    if "chipRuns" in cell:
        return cell.get("formattedValue") or None
    if "stringValue" in value:
        return value["stringValue"] or None
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "numberValue" in value:
        return _number(float(value["numberValue"]), cell)
    return None


def odd(cell: Cell) -> Odd | None:
    """The error that a cell shows, or that its formula still waits for what it asks elsewhere."""
    error = cell.get("effectiveValue", {}).get("errorValue")
    if error is None:
        return None
    kind = OddKind.NO_RESULT if error.get("type") == "LOADING" else OddKind.ERROR
    return Odd(kind, cell.get("formattedValue", "#ERROR!"))


def holds(cell: Cell) -> bool:
    """Whether a cell holds anything: a value, or a formula whatever its result."""
    return bool(cell.get("userEnteredValue")) or "effectiveValue" in cell


def is_formula(cell: Cell) -> bool:
    """Whether a cell holds a formula."""
    return "formulaValue" in cell.get("userEnteredValue", {})


def entered(cell: Cell) -> Mapping[str, Any]:
    """What somebody has entered, to tell whether it has been changed."""
    return {key: cell[key] for key in ("userEnteredValue", "chipRuns") if cell.get(key)}


def restored(cell: Cell) -> tuple[Cell, bool]:
    """A cell as it can be written again, and whether that is all of it.

    Smart chips of people can be written, each in the place of an ``@``. Those of files and places
    cannot, with no more rights than for spreadsheets: of them the text is left.
    """
    runs = cell.get("chipRuns", ())
    chips = [run for run in runs if run.get("chip")]
    written = cell.get("userEnteredValue", {}).get("stringValue", "")
    whole = all(
        "personProperties" in run["chip"]
        and written[(at := run.get("startIndex", 0)) : at + 1] == _PLACEHOLDER
        for run in chips
    )
    if not whole:
        return of_text(cell.get("formattedValue")), False
    made = {key: cell[key] for key in _CONTENT if cell.get(key)}
    return (made | {"chipRuns": chips} if chips else made), True


def of_text(value: str | None) -> Cell:
    """A cell that holds a text, which nothing takes for a formula or a number."""
    if not value:
        return BLANK
    return {"userEnteredValue": {"stringValue": value}, "effectiveValue": {"stringValue": value}}


def _number(value: float, cell: Cell) -> str:
    formats = (cell.get(key, {}).get("numberFormat") for key in FORMATS)
    shown: Mapping[str, str] = next(filter(None, formats), {})
    if shown.get("type") in {"DATE", "DATE_TIME", "TIME"}:
        return _moment(value, shown["type"])
    if not value.is_integer() or abs(value) > _WHOLE:
        return repr(value)
    digits = str(int(value))
    zeros = _ZEROS.fullmatch(shown.get("pattern", ""))
    return digits.zfill(len(zeros[0])) if zeros and value >= 0 else digits


def _moment(days: float, kind: str) -> str:
    """A day, a time of day, or both."""
    try:
        moment = _FIRST_DAY + dt.timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return repr(days)
    if kind == "TIME" and 0 <= days < 1:
        return moment.time().isoformat()
    midnight = moment.time() == dt.time()
    return moment.date().isoformat() if midnight else moment.isoformat()

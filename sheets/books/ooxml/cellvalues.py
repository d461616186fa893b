"""What a cell holds, from what its XML says: the one place that decides it.

Cell types are those of ECMA-376 part 1, 18.18.11.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sheets.books.ooxml import numberformats
from sheets.grid import Odd, OddKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.ooxml.numberformats import Format

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_TIME = re.compile(r"T00:00(?::00(?:\.0+)?)?Z?")


class Stored(NamedTuple):
    """A cell as the file holds it.

    Attributes:
        kind: Its ``t``; ``n`` if it has none.
        style: Its ``s``.
        value: The text of its ``v``, or of its ``is``; None if it has neither.
        formula: Whether it has an ``f``.
    """

    kind: str
    style: int
    value: str | None
    formula: bool


@dataclass(frozen=True, slots=True)
class Values:
    """What cells of one workbook mean.

    Attributes:
        formats: The number format of each style.
        date1904: Whether days are counted from 1904.
    """

    formats: Sequence[Format] = ()
    date1904: bool = False

    def of(self, cell: Stored) -> str | Odd | None:
        """The text that a cell shows, what is odd about it, or None if it is blank.

        A cell of kind ``s`` gives the number of its shared string.

        Example:
            >>> values = Values()
            >>> values.of(Stored("b", 0, "1", False)), values.of(Stored("n", 0, "7.0", False))
            ('TRUE', '7')
            >>> values.of(Stored("n", 0, None, True)).kind
            <OddKind.NO_RESULT: 'no_result'>
        """
        kind, style, value, formula = cell
        if value is None or (value == "" and kind != "str"):
            return Odd(OddKind.NO_RESULT) if formula else None
        if kind == "e":
            return Odd(OddKind.ERROR, value.strip())
        if kind in ("str", "inlineStr"):
            value = unescaped(value)
        elif kind == "b":
            value = "TRUE" if value.strip() in ("1", "true") else "FALSE"
        elif kind == "d":
            value = _iso(value)
        elif kind != "s":
            value = numberformats.shown(value, self.format(style), date1904=self.date1904)
        return value or None

    def format(self, style: int) -> Format:
        """The number format of a style."""
        return self.formats[style] if style < len(self.formats) else numberformats.GENERAL


def unescaped(text: str) -> str:
    r"""Text without the escapes that Excel has for what XML cannot hold.

    Example:
        >>> unescaped("a_x000D_b"), unescaped("_x005F_x0041_")
        ('a\rb', '_x0041_')
    """
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # An emoji may be written as two escapes, one for each half of its pair.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _iso(value: str) -> str:
    """An ISO 8601 date, without a time where that is midnight."""
    text = value.strip()
    try:
        moment = dt.datetime.fromisoformat(_NO_TIME.sub("", text))
    except ValueError:
        return text
    if "T" not in _NO_TIME.sub("", text):
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat(
        timespec="milliseconds" if moment.microsecond else "seconds"
    )

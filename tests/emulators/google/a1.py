"""A1 notation: text such as ``'Class list'!A2:C`` and the places that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d+)?")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")

Span = tuple[int | None, int | None]


@dataclass(frozen=True)
class Named:
    """What a text in A1 notation names: a sheet, and the rows and columns if it tells them."""

    title: str | None
    rows: Span = (None, None)
    columns: Span = (None, None)
    name: str | None = None


def letters(column: int) -> str:
    """The letters of a column.

    >>> letters(0), letters(25), letters(26), letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    made = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def number(text: str) -> int:
    """The index of a column.

    >>> number("A"), number("aa")
    (0, 26)
    """
    made = 0
    for each in text.upper():
        made = made * 26 + ord(each) - 64
    return made - 1


def quoted(title: str) -> str:
    """A title as it stands in a range.

    >>> quoted("Sheet1"), quoted("D3"), quoted("Mia's class")
    ('Sheet1', "'D3'", "'Mia''s class'")
    """
    if PLAIN.fullmatch(title) and not LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def text(title: str, rows: tuple[int, int], columns: tuple[int, int]) -> str:
    """The range of a sheet.

    >>> text("Sheet1", (0, 2), (1, 3)), text("Sheet1", (4, 5), (0, 1))
    ('Sheet1!B1:C2', 'Sheet1!A5')
    """
    first = f"{letters(columns[0])}{rows[0] + 1}"
    last = f"{letters(columns[1] - 1)}{rows[1]}"
    return f"{quoted(title)}!{first}" + (f":{last}" if first != last else "")


def parse(text: str) -> Named | None:
    """What a range names, or None if it cannot be read.

    >>> parse("'Mia''s class'!A2:C")
    Named(title="Mia's class", rows=(1, None), columns=(0, 3), name=None)
    """
    found = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
    if found:
        title = found[1].replace("''", "'")
        return Named(title) if found[2] is None else _inside(title, found[2])
    title, bang, rest = text.rpartition("!")
    if bang:
        return _inside(title, rest)
    return _inside(None, text) if text else None


def _inside(title: str | None, text: str) -> Named | None:
    first, colon, last = text.partition(":")
    one, two = CORNER.fullmatch(first), CORNER.fullmatch(last if colon else first)
    if one and two and (colon or (one[1] and one[2])) and first and (last or not colon):
        return Named(title, _span(one[2], two[2], rows=True), _span(one[1], two[1], rows=False))
    return None if colon else Named(title, name=text)


def _span(one: str | None, two: str | None, *, rows: bool) -> Span:
    def index(each: str | None) -> int | None:
        if each is None:
            return None
        return int(each) - 1 if rows else number(each)

    start, end = index(one), index(two)
    if start is not None and end is not None and start > end:
        start, end = end, start
    if start is None and end is not None:
        start = 0
    return start, None if end is None else end + 1

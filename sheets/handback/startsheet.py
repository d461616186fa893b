"""The first sheet of a packet: what is to be done, by when, whom to ask, how much is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.grid import Shade
from sheets.handback import marking
from sheets.handback.looks import lines
from sheets.handback.words import has_inputs

if TYPE_CHECKING:
    import datetime as dt

    from sheets.handback.looks import Looks
    from sheets.handback.model import Packet
    from sheets.handback.words import Words

_MARGIN, _NUMBERS, _TEXT = 2, 7, 84  # the widths of the columns
_FIRST, _SECOND = 1, 2
_POINTS = 1.32  # of a line, for each point of the letters
_BASE = 13.5  # widths are counted in digits of 10 points; letters are narrower
_GAP = 8


def write(
    page: Any, packet: Packet, words: Words, looks: Looks, *, due: dt.date | None, ask: str
) -> None:
    """Write the sheet.

    Args:
        page: The empty sheet.
        packet: What is handed out.
        words: The words of the language.
        looks: The formats.
        due: The day by which it is to come back.
        ask: Whom to ask.
    """
    down = _Lines(page, looks)
    down.wide(words.title(packet), looks.title, 18)
    down.wide(words.due(due), looks.strong, 13)
    down.gap()
    _left(down, packet, words)
    for number, step in enumerate(words.steps(packet, due, ask), start=1):
        down.beside(f"{number}.", looks.number, step)
    down.gap()
    if ask:
        down.wide(words.say("ask", whom=ask), looks.text, 11)
        down.gap()
    if has_inputs(packet):
        down.wide(words.say("colors"), looks.heading, 11)
        for shade in (Shade.MISSING, Shade.CHECK):
            down.beside("", looks.boxes[shade], words.say(shade))
        down.beside("", looks.grey_box, words.say("locked"))
        down.gap()
    down.wide(words.say("private"), looks.text, 11)
    page.hide_gridlines(2)
    page.set_column(0, 0, _MARGIN)
    page.set_column(_FIRST, _FIRST, _NUMBERS)
    page.set_column(_SECOND, _SECOND, _TEXT)
    page.set_landscape()
    page.set_paper(1)
    page.fit_to_pages(1, 1)
    page.protect("")


def _left(down: _Lines, packet: Packet, words: Words) -> None:
    """How much is left, for each sheet if there are several; it counts by itself."""
    several = len(packet.sheets) > 1
    for sheet in packet.sheets:
        if total := marking.waiting(sheet, Shade.MISSING):
            filled = {"all": f"{total:,}", "sheet": sheet.title}
            said = words.say("left_on" if several else "left", left="\0", **filled)
            before, after = said.split("\0")
            formula = f"={_quoted(before)}&{marking.left(sheet)}&{_quoted(after)}"
            down.counted(formula, said.replace("\0", f"{total:,}"))
    if to_check := sum(_only_checks(sheet) for sheet in packet.sheets):
        down.wide(words.say("to_check", n=f"{to_check:,}"), down.looks.text, 11)
    down.gap()


def _only_checks(sheet: Any) -> int:
    """How many rows have cells to check and none that is missing."""
    return sum(
        bool(row.todo) and all(one.shade is Shade.CHECK for one in row.todo) for row in sheet.rows
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


class _Lines:
    """The sheet while it grows downwards."""

    def __init__(self, page: Any, looks: Looks) -> None:
        self._page = page
        self._row = 0
        self.looks = looks

    def wide(self, text: str, look: Any, size: int) -> None:
        """A text over the whole width."""
        self._page.merge_range(self._row, _FIRST, self._row, _SECOND, "", look)
        self._page.write_string(self._row, _FIRST, text, look)
        self._next(text, _NUMBERS + _TEXT, size)

    def counted(self, formula: str, now: str) -> None:
        """A sentence that a formula makes."""
        look = self.looks.strong
        self._page.merge_range(self._row, _FIRST, self._row, _SECOND, "", look)
        self._page.write_formula(self._row, _FIRST, formula, look, now)
        self._next(now, _NUMBERS + _TEXT, 13)

    def beside(self, mark: str, look: Any, text: str) -> None:
        """A number or a box, and a text beside it."""
        self._page.write_string(self._row, _FIRST, mark, look)
        self._page.write_string(self._row, _SECOND, text, self.looks.indented)
        self._next(text, _TEXT, 11)

    def gap(self) -> None:
        """Some room."""
        self._page.set_row(self._row, _GAP)
        self._row += 1

    def _next(self, text: str, width: float, size: int) -> None:
        """Make the row as high as its text needs, and go on to the next."""
        count = lines(text, width * _BASE / size)
        self._page.set_row(self._row, count * size * _POINTS + 4)
        self._row += 1

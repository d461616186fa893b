"""A packet as a workbook: `Start here`, then a sheet for each list with the rows to fix.

What only tells something is locked, without a password: against slips, not against people. Input
cells are open and hold text, so that no program makes a number of a phone or a date of a grade.
The same packet gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter

from sheets.grid import FILLS, Shade, letters
from sheets.handback import identity, inputs, marking, startsheet
from sheets.handback.looks import Looks, lines
from sheets.handback.words import called, has_inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sheets.handback.model import Batch, Column, Packet, Sheet, Todo
    from sheets.handback.words import Words

_AUTHOR = "Reveal"
_LISTS = "_lists"
_PROPERTY_LIMIT = 255
_TITLE_LIMIT = 31
_LETTER = 1  # the paper
_SAMPLED = 300  # rows by which a column's width is measured
_NARROWEST, _WIDEST, _SENTENCES, _INPUT = 9, 22, 46, 16
_LINE = 12.75  # points
_LETTERS = 1.15  # so many letters are as wide as a digit
_HIGHEST = 409.0  # of a row, in points
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_ALLOWED = {"autofilter": True, "format_columns": True, "format_rows": True}
_NOTE = {"author": _AUTHOR, "x_scale": 1.3, "y_scale": 0.7}


def write(packet: Packet, batch: Batch, words: Words, ask: str = "") -> bytes:
    """Write the workbook.

    Args:
        packet: What is handed out.
        batch: The handing out that it is of.
        words: The words of the language.
        ask: Whom to ask, and to whom it goes back.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties(
            {
                "title": called(packet.to),
                "author": _AUTHOR,
                "created": dt.datetime.combine(batch.made, dt.time()),
            }
        )
        book.set_custom_property(identity.PROPERTY, packet.mark[:_PROPERTY_LIMIT], "text")
        looks = Looks(book)
        titles = [sheet.title for sheet in packet.sheets]
        first = book.add_worksheet(_free(words.say("start"), titles))
        data = [book.add_worksheet(title) for title in titles]
        choices = _lists(book, packet, titles)
        for at, (page, sheet) in enumerate(zip(data, packet.sheets, strict=True)):
            _Page(page, sheet, looks, words).write(choices[at])
            _printed(page, sheet, packet, batch, words)
        startsheet.write(first, packet, words, looks, due=batch.due, ask=ask)
        first.activate()
    return stream.getvalue()


def _free(title: str, taken: Collection[str]) -> str:
    """A title that no sheet of the packet has."""
    lower = {one.casefold() for one in taken}
    while title.casefold() in lower:
        title += "."
    return title[:_TITLE_LIMIT]


def _lists(book: Any, packet: Packet, titles: Sequence[str]) -> Sequence[Mapping[int, str]]:
    """Write the choices of all columns to a sheet that no menu shows, each list once.

    Returns:
        For each sheet: the place of a column -> the range of its choices.
    """
    ranges: dict[tuple[str, ...], str] = {}
    title = _free(_LISTS, titles)
    page = None
    told: list[dict[int, str]] = []
    for sheet in packet.sheets:
        told.append({})
        for at, column in enumerate(sheet.columns):
            values = tuple(column.choices)
            if column.locked or not values:
                continue
            if values not in ranges:
                page = page or book.add_worksheet(title)
                place = letters(len(ranges) + 1)
                page.write_column(0, len(ranges), values)
                ranges[values] = f"{title}!${place}$1:${place}${len(values)}"
            told[-1][at] = ranges[values]
    if page is not None:
        page.very_hidden()
    return told


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet with rows to fix."""

    page: Any
    sheet: Sheet
    looks: Looks
    words: Words

    def write(self, choices: Mapping[int, str]) -> None:
        """Write all of it.

        Args:
            choices: The place of a column -> the range of its choices.
        """
        columns, rows = self.sheet.columns, self.sheet.rows
        hidden = len(columns)
        widths = [_width(self.sheet, place, column) for place, column in enumerate(columns)]
        self._headers(widths)
        formats = [self.looks.locked if one.locked else self.looks.open for one in columns]
        for at, row in enumerate(rows, start=1):
            self.page.set_row(at, _height(row.cells, widths))
            for place, (text, look) in enumerate(zip(row.cells, formats, strict=True)):
                if text:
                    self.page.write_string(at, place, text, look)
                else:
                    self.page.write_blank(at, place, None, look)
            if told := marking.sent(row):
                self.page.write_string(at, hidden, told, self.looks.locked)
            self.page.write_string(at, hidden + 1, row.mark, self.looks.locked)
            for one in row.todo:
                self.page.write_comment(at, one.column, self._note(one), _NOTE)
        for place, column in enumerate(columns):
            if not column.locked:
                self._input(place, column, choices.get(place, ""))
        # A filter that left out the hidden columns would tear a row from its key when it sorts.
        self.page.autofilter(0, 0, len(rows), hidden + 1)
        self.page.freeze_panes(1, 0)
        self.page.protect("", _ALLOWED)

    def _headers(self, widths: Sequence[float]) -> None:
        columns, hidden = self.sheet.columns, len(self.sheet.columns)
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            self.page.set_column(place, place, width)
            look = self.looks.locked_header if column.locked else self.looks.open_header
            self.page.write_string(0, place, column.header, look)
        # Headers are bold, and there is a button of the filter in each.
        room = [width - 3 for width in widths]
        self.page.set_row(0, _height([column.header for column in columns], room) + 4)
        self.page.write_string(0, hidden, marking.SENT, self.looks.locked_header)
        self.page.write_string(0, hidden + 1, self.sheet.head, self.looks.locked_header)
        self.page.set_column(hidden, hidden + 1, _NARROWEST, None, {"hidden": True})

    def _note(self, todo: Todo) -> str:
        if todo.shade is Shade.MISSING:
            return self.words.say("note_missing", header=self.sheet.columns[todo.column].header)
        return self.words.say("note_check", said=todo.message)

    def _input(self, place: int, column: Column, choices: str) -> None:
        """The colours and the rule of a column that takes answers."""
        last = len(self.sheet.rows)
        cell, told = f"{letters(place + 1)}2", f"${letters(len(self.sheet.columns) + 1)}2"
        for shade in (Shade.MISSING, Shade.CHECK):
            if place in marking.asked(self.sheet, shade):
                waits = marking.waits(shade, place, cell, told)
                look = {
                    "type": "formula",
                    "criteria": f"={waits}",
                    "format": self.looks.marks[shade],
                }
                self.page.conditional_format(1, place, last, place, look)
        rule = inputs.rule(column, cell, choices, self.words)
        self.page.data_validation(1, place, last, place, rule)


def _width(sheet: Sheet, place: int, column: Column) -> float:
    """The width of a column: as wide as its longest text, within bounds."""
    longest = max((len(row.cells[place]) for row in sheet.rows[:_SAMPLED]), default=0)
    word = max(map(len, column.header.split()), default=0)
    if column.locked:
        widest = _SENTENCES if longest > _SENTENCES else _WIDEST
        return float(min(max(longest + 2, word + 4, _NARROWEST), widest))
    return float(min(max(longest + 2, word + 4, _INPUT), _WIDEST + 6))


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a row: not every program makes room for long texts by itself."""
    most = max(
        lines(text, width * _LETTERS) if len(text) > width else 1
        for text, width in zip(texts, widths, strict=True)
    )
    return min(_LINE * most + 2, _HIGHEST)


def _printed(page: Any, sheet: Sheet, packet: Packet, batch: Batch, words: Words) -> None:
    """How it prints: landscape, one page wide, the headers on every page."""
    page.set_landscape()
    page.set_paper(_LETTER)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.print_area(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    due = f": {words.day(batch.due)}" if batch.due else ""
    # An ampersand begins a code there; the limit is 255 characters.
    head = f"{called(packet.to)[:80]}{due}".replace("&", "&&")
    page.set_header(f"&L{head}&R{sheet.title.replace('&', '&&')}")
    page.set_footer("&R&P / &N")
    if has_inputs(packet):
        page.set_tab_color(f"#{FILLS[Shade.MISSING]}")

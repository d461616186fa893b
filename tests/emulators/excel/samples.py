"""Worksheets that tests of Excel have in common."""

from __future__ import annotations

import copy

from sheets.books.excel.book import ExcelBook
from sheets.grid import Area
from sheets.testing import ROWS, TITLE
from tests.emulators.excel.model import Filter, Note, Rule, Table
from tests.emulators.excel.program import Excel

NAME = "people.xlsx"
THEIRS = "=LEN($B2)>20"
"""The formula of a conditional format of the office."""


class Room:
    """Excel with one workbook in it.

    Args:
        sheets: Title -> rows; what is no text is entered as it is.
        german: Whether Excel speaks German.
    """

    def __init__(self, sheets=None, *, german=False):
        self.excel = Excel(german=german)
        self.workbook = self.excel.open(NAME, sheets or {TITLE: ROWS})

    @property
    def sheet(self):
        return self.workbook.sheets[0]

    def book(self):
        """The workbook, as a new click has it."""
        return ExcelBook(self.excel.book(NAME))

    def write(self, *patches, own=None):
        book = self.book()
        book.write(patches, own)
        return book

    def state(self):
        """All that stays behind: the workbook, what is in sight, and Excel's settings."""
        settings = dict(self.excel.settings)
        return copy.deepcopy((self.workbook.sheets, self.workbook.active.title, settings))

    def filter(self, ref, **criteria):
        """Put a filter on the sheet; ``f1="Byrne"`` shows rows with that in its first column."""
        asked = {int(field[1:]): (f"={text}", 0, None) for field, text in criteria.items()}
        self.sheet.filter = Filter(Area.parse(ref), asked)
        self.sheet.refilter()

    def table(self, ref, **more):
        self.sheet.tables.append(Table("People", Area.parse(ref), **more))

    def theirs(self):
        """Put in a conditional format, a note and a width of the office's."""
        area = Area(2, 2, 4, 2)
        self.sheet.rules.append(Rule([area], 2, THEIRS, 255))
        self.sheet.rules.append(Rule([area], 3, "", 0))
        self.sheet.notes[1, 1] = Note("Ask the registrar")
        self.sheet.widths[2] = 31.5

    def texts(self, title=TITLE):
        """The values of a sheet, row by row from its first cell."""
        [sheet] = [sheet for sheet in self.workbook.sheets if sheet.title == title]
        used = sheet.used
        return [
            [sheet.told((row, column)) for column in range(1, used.last_column + 1)]
            for row in range(1, used.last_row + 1)
        ]

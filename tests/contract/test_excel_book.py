"""A workbook open in Excel keeps the promises of `sheets.testing`.

It runs through the Windows code of xlwings as it is shipped; beneath it are emulated COM objects.
"""

from __future__ import annotations

import copy

from sheets.books.excel.book import ExcelBook
from sheets.grid import Area
from sheets.testing import BookContract
from tests.emulators.excel import Excel

NAME = "people.xlsx"


class TestExcel(BookContract):
    longest_text = 32_767
    tells_formulas = True
    german = False

    def make(self, sheets, formulas, protected):
        self.excel = Excel(german=self.german)
        self.workbook = self.excel.open(NAME, sheets)
        for sheet in self.workbook.sheets:
            for at in formulas.get(sheet.title, ()):
                area = Area.parse(at)
                place = area.first_row, area.first_column
                sheet.enter(place, f'="{sheet.told(place) or ""}"')
            sheet.protected = sheet.title in protected
        return self.open()

    def open(self):
        return ExcelBook(self.excel.book(NAME))

    def reopen(self, book):
        return self.open()

    def marks(self, book, title):
        [sheet] = [sheet for sheet in self.workbook.sheets if sheet.title == title]
        return [rule.formula.removeprefix("=") for rule in sheet.rules]

    def saved(self, book):
        return self.workbook.revision

    def state(self, book):
        """All that the workbook holds, and which sheet is in sight."""
        return copy.deepcopy((self.workbook.sheets, self.workbook.active.title))


class TestExcelInGerman(TestExcel):
    german = True

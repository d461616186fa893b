"""The program: its workbooks, its settings, and what goes wrong in it."""

from __future__ import annotations

from collections import Counter
from itertools import count

from tests.emulators.excel import objects, pywin
from tests.emulators.excel.model import NotDone, Sheet, Workbook

_WINDOWS = count(4711)
BUSY, CLOSED = -2147418111, -2147023174


class Excel:
    """Excel.

    Args:
        german: Whether it speaks German.

    Attributes:
        hwnd: The handle of its window, which no other one has.
        workbooks: Name -> workbook.
        trips: Member -> how often it was got, put or called.
        settings: Of the program.
        cell: Row and column of the active cell; None on a chart.
        undo: What Ctrl+Z is called, and the macro that it runs, as `OnUndo` was told.
        swallows: Whether what is entered into hidden rows is lost.
        longest_rule: How long the formula of a conditional format may be.
        counts_columns: Whether columns are shown as numbers (R1C1).
        fails: Gives the error of a round trip by its number and member; None if it is done.
    """

    def __init__(self, *, german=False):
        pywin.xlwindows()
        self.hwnd = next(_WINDOWS)
        self.german = german
        self.workbooks = {}
        self.trips = Counter()
        self.settings = {"ScreenUpdating": True, "EnableEvents": True, "DisplayAlerts": True}
        self.settings["StatusBar"] = False
        self.cell = 1, 1
        self.undo = None
        self.swallows = False
        self.longest_rule = 8192
        self.counts_columns = False
        self.fails = lambda at, member: None
        self.changes = 0
        pywin.DESKTOP.windows[self.hwnd] = objects.Window(self)

    @property
    def count(self):
        """How many round trips there were."""
        return self.trips.total()

    def open(self, name, sheets):
        """Open a workbook of which every cell is text."""
        made = []
        for title, rows in sheets.items():
            sheet = Sheet(title)
            for row, texts in enumerate(rows, 1):
                for column, text in enumerate(texts, 1):
                    sheet.enter((row, column), f"'{text}" if isinstance(text, str) else text)
            made.append(sheet)
        self.workbooks[name] = Workbook(name, made)
        return self.workbooks[name]

    def book(self, name):
        """A workbook as a book of xlwings."""
        import xlwings

        windows = pywin.xlwindows()
        com = windows.COMRetryObjectWrapper(objects.Book(self, self.workbooks[name]))
        return xlwings.Book(impl=windows.Book(com))

    def change(self, book):
        book.revision += 1

    def trip(self, member, do):
        """Count one round trip and do it, unless it fails."""
        self.trips[member] += 1
        code = self.fails(self.count, member)
        if code in (BUSY, CLOSED):
            raise pywin.ComError(code)
        if code:
            raise objects.failed(code)
        try:
            return do()
        except NotDone:
            raise objects.not_done() from None

"""From a window of Excel to the workbook in it. Excel is never started, nor kept alive."""

from __future__ import annotations

from sheets.books.excel import words
from sheets.books.excel.book import ExcelBook
from sheets.books.excel.com import Busy, Gone, engine
from sheets.errors import CannotRead


def of_window(hwnd: int, name: str = "") -> ExcelBook:
    """Return the workbook of a window of Excel.

    Args:
        hwnd: The handle of the window, as ``Application.Hwnd`` tells it.
        name: The name of the workbook; the active one if not given.

    Raises:
        MissingExtra: xlwings is not installed.
        CannotRead: There is no such window, or no such workbook in it, or Excel is busy.
    """
    windows = engine()
    import xlwings

    try:
        app = xlwings.App(impl=windows.App(xl=hwnd))
        book = app.books[name] if name else app.books.active
    except windows.ExcelBusyError as error:
        raise words.sentence(Busy(), CannotRead, name or "Excel") from error
    except (windows.pywintypes.com_error, KeyError, OSError) as error:
        raise words.sentence(Gone(), CannotRead, name or "Excel") from error
    if book.api is None:
        raise CannotRead(
            "No workbook is open in Excel.",
            hint="Open one; if it says Protected View, choose Enable Editing first.",
            where="Excel",
        )
    return ExcelBook(book)

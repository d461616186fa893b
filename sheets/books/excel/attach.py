"""From a window of Excel to the workbook in it. Excel is never started, nor kept alive."""

from __future__ import annotations

from sheets.books.excel import words
from sheets.books.excel.book import ExcelBook
from sheets.books.excel.com import Gone, Handle, asked, engine
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
    with words.told(CannotRead, name or "Excel"):
        app = application(hwnd)
    return workbook(app, name)


def workbook(app: Handle, name: str = "") -> ExcelBook:
    """Return a workbook of an Excel that was found already.

    Args:
        app: See `application`.
        name: The name of the workbook; the active one if not given.

    Raises:
        CannotRead: There is no such workbook, or Excel is busy.
    """
    windows = engine()
    import xlwings

    where = name or "Excel"
    with words.told(CannotRead, where):
        found = app.get("Workbooks").call("Item", name) if name else app.get("ActiveWorkbook")
    if found is None:
        raise CannotRead(
            "No workbook is open in Excel.",
            hint="Open one; if it says Protected View, choose Enable Editing first.",
            where=where,
        )
    return ExcelBook(xlwings.Book(impl=windows.Book(found.raw)))


def application(hwnd: int) -> Handle:
    """Return the Excel that a window belongs to.

    Raises:
        MissingExtra: xlwings is not installed.
        CannotRead: It is not Excel for Windows.
        Busy, Gone: Excel takes no call, or there is no such window.
    """
    windows = engine()
    import xlwings

    try:
        return Handle(asked(lambda: xlwings.App(impl=windows.App(xl=hwnd)).api))
    except OSError as error:
        raise Gone from error

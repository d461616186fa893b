"""The workbook that is open in Excel, by xlwings (its BSD part only) over COM.

::

    attach.of_window(hwnd)    the workbook of a window of Excel, as an `ExcelBook`
    book.ExcelBook(book)      the same from a book of xlwings; its port is `sheets.grid.Book`
    book.ExcelBook.last       what undoes the last write: a value, to be kept by whoever offers it
    book.ExcelBook.undo(last) puts everything back that this write has changed

Excel for Mac has no COM: there Reveal checks the saved file, and says so.
"""

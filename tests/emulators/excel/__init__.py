"""Excel as its COM objects show it, so that the real Windows code of xlwings runs on any machine.

::

    excel = Excel()                                       the program
    excel.open("people.xlsx", {"Staff": [["Name"], ["Byrne"]]})   a workbook in it
    excel.book("people.xlsx")                             the same as a book of xlwings

Every property that is got or set and every method that is called is one round trip, counted in
`Excel.trips`. What it does not know raises AttributeError. It behaves as documented by Microsoft;
where documents are silent it does what was seen by others, and never what would be convenient.
"""

from tests.emulators.excel.program import Excel

__all__ = ["Excel"]

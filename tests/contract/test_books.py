"""The promises of `sheets.testing`, kept by every book that comes with Reveal."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("sheets.testing")

from sheets.books.memory import MemoryBook  # noqa: E402 - asserts are rewritten before the import
from sheets.testing import BookContract  # noqa: E402


class TestMemory(BookContract):
    def make(self, sheets, formulas, protected):
        return MemoryBook(sheets, formulas=formulas, protected=protected)

    def reopen(self, book):
        return book

    def marks(self, book, title):
        return [
            mark.formula.removeprefix("=")
            for (sheet, _), marks in book.marks.items()
            if sheet == title
            for mark in marks
        ]

    def saved(self, book):
        return book.writes

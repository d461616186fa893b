"""The promises of `sheets.testing`, kept by every book that comes with Reveal."""

from __future__ import annotations

import csv
from typing import ClassVar

import pytest

pytest.register_assert_rewrite("sheets.testing")

from sheets.books.delimited import DelimitedBook  # noqa: E402 - asserts are rewritten first
from sheets.books.memory import MemoryBook  # noqa: E402
from sheets.testing import TITLE, BookContract, verdicts  # noqa: E402


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


class FileContract(BookContract):
    """What all files share: the state is the bytes, and a save makes another file."""

    def reopen(self, book):
        return type(book)(self.path)

    def state(self, _book):
        return self.path.read_bytes()

    def saved(self, _book):
        found = self.path.stat()
        return found.st_ino, found.st_mtime_ns

    def test_only_the_file_is_left_in_the_folder(self):
        self.write(self.given(), verdicts())

        assert list(self.folder.iterdir()) == [self.path]


class TestCsv(FileContract):
    keeps_marks = False
    keeps_formulas = False
    keeps_protection = False
    sheets = 1
    guard = "'"
    ending = ".csv"
    written: ClassVar = {"encoding": "utf-8"}
    how: ClassVar = {"delimiter": ",", "lineterminator": "\r\n"}

    @property
    def path(self):
        return (self.folder / TITLE).with_suffix(self.ending)

    def make(self, sheets, _formulas, _protected):
        [rows] = sheets.values()
        with self.path.open("w", newline="", **self.written) as stream:
            csv.writer(stream, **self.how).writerows(rows)
        return DelimitedBook(self.path)


class TestTsv(TestCsv):
    ending = ".tsv"
    how: ClassVar = {"delimiter": "\t", "lineterminator": "\n"}


class TestCsvUtf8WithMark(TestCsv):
    written: ClassVar = {"encoding": "utf-8-sig"}
    how: ClassVar = {"delimiter": ";", "lineterminator": "\r\n", "quoting": csv.QUOTE_ALL}


class TestUnicodeTextOfExcel(TestCsv):
    ending = ".txt"
    written: ClassVar = {"encoding": "utf-16"}
    how: ClassVar = {"delimiter": "\t", "lineterminator": "\r\n"}

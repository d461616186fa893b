"""The promises of `sheets.testing`, kept by every book that comes with Reveal."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from typing import ClassVar

import openpyxl

from sheets.books.delimited import DelimitedBook
from sheets.books.memory import MemoryBook
from sheets.books.oneroster import OneRosterBook
from sheets.books.xlsx import XlsxBook
from sheets.testing import ROWS, TITLE, BookContract, cleared, verdicts


class TestMemory(BookContract):
    tells_formulas = True

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


class TestXlsx(FileContract):
    tells_formulas = True

    longest_text = 32_767
    ending = ".xlsx"

    @property
    def path(self):
        return (self.folder / "people").with_suffix(self.ending)

    def make(self, sheets, formulas, protected):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value):
                # Excel's escape for a text that looks like one of its escapes; openpyxl has none.
                cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", cell.value)
                # Not a formula, whatever it begins with.
                cell.data_type = "s"
            for at in formulas.get(title, ()):
                sheet[at] = "=1+1"
            sheet.protection.sheet = title in protected
        book.save(self.path)
        return XlsxBook(self.path)

    def marks(self, _book, title):
        book = openpyxl.load_workbook(self.path)
        rules = [
            formula
            for of_area in book[title].conditional_formatting
            for rule in of_area.rules
            for formula in rule.formula
        ]
        book.close()
        return rules

    def state(self, _book):
        """All parts: how they are packed is free."""
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name) for name in package.namelist()}


class TestXlsm(TestXlsx):
    """A workbook with a macro project keeps it, byte for byte."""

    ending = ".xlsm"
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    project = b"\xd0\xcf\x11\xe0 a macro project" * 40

    def make(self, sheets, formulas, protected):
        super().make(sheets, formulas, protected)
        with_macros = self.path.with_suffix(".new")
        with zipfile.ZipFile(self.path) as old, zipfile.ZipFile(with_macros, "w") as new:
            for entry in old.infolist():
                part = old.read(entry)
                if entry.filename == "[Content_Types].xml":
                    part = part.replace(self.plain.encode(), self.macro.encode())
                new.writestr(entry, part)
            new.writestr("xl/vbaProject.bin", self.project)
        shutil.move(with_macros, self.path)
        return XlsxBook(self.path)

    def test_the_macros_are_kept(self):
        book = self.given()

        self.write(book, verdicts())

        assert self.state(book)["xl/vbaProject.bin"] == self.project


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

    def state(self, _book):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def saved(self, _book):
        return {path.name: path.stat().st_ino for path in self.folder.iterdir()}

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


class TestZipOfCsv(FileContract):
    """A OneRoster set as a zip: the state is what is in each file, in their order."""

    keeps_marks = False
    keeps_formulas = False
    keeps_protection = False
    guard = "'"

    @property
    def path(self):
        return self.folder / "set.zip"

    def make(self, sheets, _formulas, _protected):
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("set/", "")
            archive.writestr("set/readme.txt", "No sheet.")
            for title, rows in sheets.items():
                text = io.StringIO(newline="")
                csv.writer(text).writerows(rows)
                archive.writestr(f"set/{title}.csv", text.getvalue().encode("utf-8-sig"))
        return OneRosterBook(self.path)

    def state(self, _book):
        with zipfile.ZipFile(self.path) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]

    def test_the_other_files_keep_their_packed_bytes(self):
        book = self.make({"users": ROWS, "orgs": [("name",), ("Lakeview School",)]}, {}, ())
        before = self.packed()

        self.write(book, verdicts("users"))

        after = self.packed()
        assert list(after) == list(before)
        assert [name for name in before if before[name] != after[name]] == ["set/users.csv"]

    def test_cleared_it_is_the_same_file(self):
        book = self.given()
        before = self.path.read_bytes()

        self.write(book, verdicts())
        self.write(book, cleared(verdicts()))

        assert self.path.read_bytes() == before

    def packed(self):
        """Name -> the packed bytes, as they stand in the file."""
        data = self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            return {
                one.filename: data[one.header_offset :][: 30 + len(one.filename)][14:]
                + data[one.header_offset + 30 + len(one.filename) :][: one.compress_size]
                for one in archive.infolist()
            }

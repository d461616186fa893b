"""Which sheets and parts a workbook has, whatever they are called."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sheets.books.ooxml.package import Package
from sheets.books.ooxml.workbook import DefinedName, Workbook
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def links(*targets: tuple[str, str], more: str = "") -> str:
    own = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{LINKS}">{own}</Relationships>'


def workbook(
    inside: str = "", sheets: str = '<sheet name="People" sheetId="1" r:id="rId1"/>'
) -> str:
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}<sheets>{sheets}</sheets></workbook>'
    )


def opened(folder: Path, **changes: str | bytes | None) -> Workbook:
    """The parts of a small workbook, of which some are changed; None takes one away."""
    parts = {
        "types": ("[Content_Types].xml", "<Types/>"),
        "package": ("_rels/.rels", links(("officeDocument", "xl/workbook.xml"))),
        "book": ("xl/workbook.xml", workbook()),
        "rels": ("xl/_rels/workbook.xml.rels", links(("worksheet", "worksheets/sheet1.xml"))),
        "sheet": ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"/>'),
    }
    path = folder / "a.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        for key, (name, content) in parts.items():
            if (changed := changes.pop(key, content)) is not None:
                file.writestr(name, changed)
        for name, content in changes.items():
            file.writestr(name, content or "")
    with Package.open(path) as package:
        return Workbook.open(package)


def refused(folder: Path, **changes: str | bytes | None) -> str:
    with pytest.raises(CannotRead) as caught:
        opened(folder, **changes)
    assert caught.value.where == "a.xlsx"
    return caught.value.message


class TestFinding:
    def test_a_small_workbook(self, tmp_path):
        found = opened(tmp_path)
        assert found.path == "xl/workbook.xml"
        assert [(sheet.title, sheet.path) for sheet in found.sheets] == [
            ("People", "xl/worksheets/sheet1.xml")
        ]
        assert (found.styles, found.shared_strings, found.date1904) == (None, None, False)
        assert found.content_types == "[Content_Types].xml"

    @pytest.mark.parametrize(
        "target",
        [
            "worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "./worksheets/../worksheets/sheet1.xml",
            "Worksheets/SHEET1.xml",
            "worksheets\\sheet1.xml",
            "worksheets/sheet%31.xml",
            "worksheets/sheet1.xml#top",
        ],
    )
    def test_targets_are_written_in_many_ways(self, tmp_path, target):
        found = opened(tmp_path, rels=links(("worksheet", target)))
        assert found.sheets[0].path == "xl/worksheets/sheet1.xml"

    def test_parts_may_have_any_names(self, tmp_path):
        found = opened(
            tmp_path,
            package=links(("officeDocument", "/elsewhere/b.xml")),
            **{
                "elsewhere/b.xml": workbook(),
                "elsewhere/_rels/b.xml.rels": links(
                    ("worksheet", "s.xml"), ("styles", "../look.xml"), ("sharedStrings", "t.xml")
                ),
                "elsewhere/s.xml": "<worksheet/>",
                "elsewhere/_rels/s.xml.rels": links(("table", "one.xml"), ("drawing", "d.xml")),
                "elsewhere/one.xml": "<table/>",
                "look.xml": "<styleSheet/>",
                "elsewhere/t.xml": "<sst/>",
            },
        )
        assert (found.path, found.styles, found.shared_strings) == (
            "elsewhere/b.xml",
            "look.xml",
            "elsewhere/t.xml",
        )
        assert found.sheets[0].tables == ("elsewhere/one.xml",)
        assert found.sheets[0].rels == "elsewhere/_rels/s.xml.rels"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "iso-8859-1"])
    def test_parts_may_have_other_encodings_and_prefixes(self, tmp_path, encoding):
        book = (
            f'<?xml version="1.0" encoding="{encoding.removesuffix("-be")}"?>'
            f'<x:workbook xmlns:x="{MAIN}" xmlns:q="{OFFICE}"><x:sheets>'
            '<x:sheet name="Élèves &amp; more" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>'
        )
        found = opened(tmp_path, book=book.encode(encoding))
        assert found.sheets[0].title == "Élèves & more"

    def test_sheets_that_are_no_worksheets_are_left_out_but_counted(self, tmp_path):
        sheets = (
            '<sheet name="Chart" sheetId="1" r:id="rId2"/><sheet name="Code" sheetId="2" r:id=""/>'
            '<sheet name="People" sheetId="3" r:id="rId1" state="hidden"/>'
            '<sheet name="Secret" sheetId="4" r:id="rId1" state="veryHidden"/>'
        )
        found = opened(
            tmp_path,
            book=workbook(sheets=sheets),
            rels=links(("worksheet", "worksheets/sheet1.xml"), ("chartsheet", "chart.xml")),
        )
        assert [(sheet.title, sheet.index, sheet.state) for sheet in found.sheets] == [
            ("People", 2, "hidden"),
            ("Secret", 3, "very hidden"),
        ]

    def test_the_names_of_filters_belong_to_their_sheets(self, tmp_path):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("One")
            book.add_worksheet("Two").autofilter("A1:B9")
            book.define_name("Everyone", "=One!$A$1")
        with Package.open(path) as package:
            found = Workbook.open(package)
        assert set(found.defined_names) == {
            DefinedName("_xlnm._FilterDatabase", "Two!$A$1:$B$9", 1),
            DefinedName("Everyone", "One!$A$1"),
        }

    @pytest.mark.parametrize(("text", "meant"), [("1", True), ("true", True), ("0", False)])
    def test_dates_counted_from_1904(self, tmp_path, text, meant):
        book = workbook(f'<workbookPr date1904="{text}"/>')
        assert opened(tmp_path, book=book).date1904 is meant


class TestRefusing:
    @pytest.mark.parametrize("part", ["types", "package", "book"])
    def test_no_workbook_without_the_list_of_parts(self, tmp_path, part):
        assert "list of its parts" in refused(tmp_path, **{part: None})

    @pytest.mark.parametrize("part", ["rels", "sheet"])
    def test_a_sheet_that_is_not_there(self, tmp_path, part):
        assert "one of its sheets" in refused(tmp_path, **{part: None})

    def test_a_sheet_outside_of_the_file(self, tmp_path):
        rels = links(("worksheet", "https://example.org/a.xml"), more=' TargetMode="External"')
        assert "one of its sheets" in refused(tmp_path, rels=rels)

    def test_another_kind_of_document(self, tmp_path):
        assert "no Excel workbook" in refused(tmp_path, book="<document/>")

    @pytest.mark.parametrize("part", ["package", "book", "rels"])
    @pytest.mark.parametrize("content", ["", "<a>", "text", b"\xff\xfe<", "<a>&b;</a>"])
    def test_a_part_that_is_no_xml(self, tmp_path, part, content):
        assert "damaged" in refused(tmp_path, **{part: content})

    @pytest.mark.parametrize("part", ["package", "book", "rels"])
    def test_a_document_type(self, tmp_path, part):
        bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'
        assert "document type" in refused(tmp_path, **{part: bomb})

    def test_an_encoding_that_nobody_knows(self, tmp_path):
        assert "damaged" in refused(tmp_path, book='<?xml version="1.0" encoding="klingon"?><a/>')

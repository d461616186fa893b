"""Reveal's own sheet in a workbook and beside a CSV: how it looks, comes, goes and is known."""

from __future__ import annotations

import re

import openpyxl
import pytest

from sheets.books.delimited import DelimitedBook
from sheets.books.xlsx import XlsxBook
from sheets.errors import CannotWrite, PlaceTaken
from sheets.grid import OWN_MARK, OWN_SHEET, OwnSheet
from sheets.testing import own_sheet
from tests.unit.handmade import MAIN, STYLES, cleared, make, parts, patch, worksheet

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def filled(folder, *titles, active=0):
    """A workbook of an ordinary program, with people on its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in titles or ("People", "Notes"):
        book.create_sheet(title).append(("Name", "Phone"))
    book.active = active
    path = folder / "a.xlsx"
    book.save(path)
    return path


def with_own(path, own=None):
    XlsxBook(path).write([], [own or own_sheet()])
    return path


def own_part(path):
    return openpyxl.load_workbook(path)[OWN_SHEET]


def test_numbers_are_numbers_and_text_is_never_a_formula(tmp_path):
    sheet = own_part(with_own(filled(tmp_path)))

    assert [cell.value for cell in sheet[5]] == ["Núñez & <Sons>", 12, 0]
    assert [cell.value for cell in sheet[6]][:2] == ["=1+1", 1_000_000]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "inlineStr", "n"}


def test_it_is_made_to_be_read(tmp_path):
    sheet = own_part(with_own(filled(tmp_path)))

    assert [sheet[f"A{row}"].font.bold for row in (1, 2, 4, 5)] == [True, False, True, False]
    assert sheet["A5"].alignment.wrap_text
    assert [sheet[f"A{row}"].alignment.wrap_text for row in (1, 2)] == [None, None]
    assert [sheet[f"{at}4"].alignment.horizontal for at in "ABC"] == [None, "right", "right"]
    assert sheet["B5"].alignment.horizontal == "right"
    assert sheet.column_dimensions["A"].width == 40
    assert sheet.freeze_panes == "A3"
    assert sheet.page_setup.orientation == "landscape"


def test_a_row_is_as_high_as_its_longest_text(tmp_path):
    words = "one two three four five six"  # 27 letters
    rows = ((OWN_MARK,), (words, 1), ("one", words), (words,), (words, words))
    own = OwnSheet(rows=rows, widths=(10, 20), headings={5})

    sheet = own_part(with_own(filled(tmp_path), own))

    heights = [sheet.row_dimensions[row].height for row in range(1, 6)]
    assert heights == [15, 45, 30, 15, 15]


@pytest.mark.parametrize("active", [0, 1])
def test_it_is_the_last_sheet_and_the_active_one_stays(tmp_path, active):
    book = openpyxl.load_workbook(with_own(filled(tmp_path, active=active)))

    assert book.sheetnames == ["People", "Notes", OWN_SHEET]
    assert book.active.title == ("People", "Notes")[active]


def test_nothing_but_its_own_part_and_what_names_it_changes(tmp_path):
    path = filled(tmp_path)
    before = parts(path)

    after = parts(with_own(path))

    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "xl/worksheets/sheet3.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/styles.xml",
    }


def test_a_name_that_a_part_has_already_is_not_taken(tmp_path):
    path = make(tmp_path / "a.xlsx", more={"xl/worksheets/sheet2.xml": "not used by anything"})
    before = parts(path)

    after = parts(with_own(path))
    assert after["xl/worksheets/sheet2.xml"] == b"not used by anything"
    assert "xl/worksheets/sheet3.xml" in after

    XlsxBook(path).write([], [])
    assert parts(path) == before


@pytest.mark.parametrize("styles", [STYLES, None, f'<styleSheet xmlns="{MAIN}"/>'])
def test_with_columns_it_comes_and_goes_to_the_byte(tmp_path, styles):
    path = make(tmp_path / "a.xlsx", styles=styles)
    before = parts(path)

    XlsxBook(path).write([patch()], [own_sheet()])
    both = parts(path)
    XlsxBook(path).write([patch()], [own_sheet()])
    assert parts(path) == both

    XlsxBook(path).write([cleared(patch())], [])
    assert list(parts(path).items()) == list(before.items())


def test_columns_that_are_cleared_alone_leave_its_look(tmp_path):
    path = make(tmp_path / "a.xlsx")
    XlsxBook(path).write([patch()], [own_sheet()])

    XlsxBook(path).write([cleared(patch())])

    assert b"<b/>" in parts(path)["xl/styles.xml"]
    assert XlsxBook(path).read()[-1].is_own


def test_a_workbook_in_strict_names_gets_a_strict_sheet(tmp_path):
    strict = {
        "xl/workbook.xml": parts(make(tmp_path / "plain.xlsx"))["xl/workbook.xml"]
        .decode()
        .replace(MAIN, STRICT)
    }
    path = make(tmp_path / "a.xlsx", worksheet().replace(MAIN, STRICT), more=strict)

    after = parts(with_own(path))

    assert STRICT.encode() in after["xl/worksheets/sheet2.xml"]
    assert (
        b"purl.oclc.org/ooxml/officeDocument/relationships/worksheet"
        in (after["xl/_rels/workbook.xml.rels"])
    )


def test_a_workbook_written_with_prefixes_stays_whole(tmp_path):
    plain = parts(make(tmp_path / "plain.xlsx"))["xl/workbook.xml"].decode()
    prefixed = re.sub(r"<(/?)(?=workbook|sheet)", r"<\1x:", plain).replace("xmlns=", "xmlns:x=")
    path = make(tmp_path / "a.xlsx", more={"xl/workbook.xml": prefixed})
    before = parts(path)

    assert b"<x:sheet xmlns:r=" in parts(with_own(path))["xl/workbook.xml"]
    assert [grid.title for grid in XlsxBook(path).read()] == ["People", OWN_SHEET]

    XlsxBook(path).write([], [])
    assert parts(path) == before


class TestSavedByAnotherProgram:
    """Title and first cell are all that is left of what tells that it is Reveal's."""

    def resaved(self, tmp_path, *, first=False):
        path = with_own(filled(tmp_path))
        book = openpyxl.load_workbook(path)
        if first:
            book.move_sheet(OWN_SHEET, -2)
            book["Notes"].print_title_rows = "1:1"
            book[OWN_SHEET].print_title_rows = "1:1"
            book.active = 2
        book.save(path)
        return path

    def test_it_is_replaced_where_it_stands(self, tmp_path):
        path = self.resaved(tmp_path, first=True)

        with_own(path, own_sheet(13))

        assert openpyxl.load_workbook(path).sheetnames == [OWN_SHEET, "People", "Notes"]
        assert own_part(path)["B5"].value == 13

    def test_it_is_taken_out_with_all_that_names_it(self, tmp_path):
        path = self.resaved(tmp_path, first=True)

        XlsxBook(path).write([], [])

        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["People", "Notes"]
        assert book.active.title == "Notes"
        assert book["Notes"].print_title_rows == "$1:$1"
        assert not book["People"].print_title_rows
        after = parts(path)
        assert OWN_MARK.encode() not in b"".join(after.values())
        kinds = re.findall(rb'PartName="/([^"]+)"', after["[Content_Types].xml"])
        assert {kind.decode() for kind in kinds} <= after.keys()

    def test_under_another_title_it_is_somebody_elses(self, tmp_path):
        path = self.resaved(tmp_path)
        book = openpyxl.load_workbook(path)
        book[OWN_SHEET].title = "Summary of March"
        book.save(path)

        with_own(path)

        assert openpyxl.load_workbook(path).sheetnames[2:] == ["Summary of March", OWN_SHEET]


def test_a_protected_workbook_gets_no_sheet(tmp_path):
    path = filled(tmp_path)
    book = openpyxl.load_workbook(path)
    book.security.lockStructure = True
    book.save(path)
    before = parts(path)

    with pytest.raises(CannotWrite) as refused:
        with_own(path)

    assert "protected" in str(refused.value)
    assert parts(path) == before
    XlsxBook(path).write([], [])  # there is nothing to take away


def test_a_chart_sheet_may_have_the_title(tmp_path):
    book = openpyxl.load_workbook(filled(tmp_path))
    book.create_chartsheet(OWN_SHEET)
    path = tmp_path / "chart.xlsx"
    book.save(path)

    with pytest.raises(PlaceTaken):
        with_own(path)


class TestBesideText:
    def given(self, tmp_path, name="contacts.checked.csv", text="Name;Phone\nByrne;\n"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path, tmp_path / "contacts.checked.summary.csv"

    @pytest.mark.parametrize("name", ["contacts.checked.csv", "contacts.csv"])
    def test_it_is_a_file_beside_the_result_in_its_separators(self, tmp_path, name):
        path, beside = self.given(tmp_path, name)

        DelimitedBook(path).write([], [own_sheet()])

        lines = beside.read_bytes().decode("utf-8-sig").splitlines()
        assert lines[0] == f'"{OWN_MARK}"'
        assert lines[4:] == ['"Núñez & <Sons>";12;0', '"\'=1+1";1000000;']
        assert path.read_text(encoding="utf-8") == "Name;Phone\nByrne;\n"

    def test_a_file_of_somebody_else_is_never_written_over_nor_taken_away(self, tmp_path):
        path, beside = self.given(tmp_path)
        beside.write_text("mine\n")

        with pytest.raises(PlaceTaken) as refused:
            DelimitedBook(path).write([], [own_sheet()])
        DelimitedBook(path).write([], [])

        assert beside.name in str(refused.value)
        assert beside.read_text() == "mine\n"

    def test_if_the_result_cannot_be_written_there_is_no_summary_either(self, tmp_path):
        path, beside = self.given(tmp_path)

        with pytest.raises(PlaceTaken):
            DelimitedBook(path).write([patch(start=1, sheet=path.stem, rows=(2,))], [own_sheet()])

        assert not beside.exists()

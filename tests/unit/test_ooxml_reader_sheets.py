"""How sheets of workbooks are read: rows and columns, what is around them, and what is refused."""

from __future__ import annotations

import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter

from sheets.books.ooxml import blocks
from sheets.errors import CannotRead
from sheets.grid import HEAD_ROWS, Area, ListObject, Odd, OddKind
from tests.unit.handmade import MAIN, OFFICE, worksheet
from tests.unit.reading import grids, load, made, read, texts


def cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="str"><v>{text}</v></c>'


def named(*refs: str) -> str:
    """Rows whose cells hold their own names."""
    rows: dict[int, list[str]] = {}
    for ref in refs:
        rows.setdefault(Area.parse(ref).first_row, []).append(ref)
    return "".join(
        f'<row r="{row}">{"".join(cell(ref, ref) for ref in refs)}</row>'
        for row, refs in rows.items()
    )


class TestWhereCellsStand:
    def test_rows_and_columns_keep_their_numbers(self, tmp_path):
        cells = read(made(tmp_path, worksheet(named("B3", "AB3", "A7"))), [2, 28, 1])
        assert texts(cells) == {3: [None, "B3", "AB3"], 7: ["A7", None, None]}
        assert cells.frame.columns == ["_row", "1", "2", "28"]
        assert (cells.last_row, cells.last_column) == (7, 28)

    def test_a_wrong_dimension_is_ignored(self, tmp_path):
        sheet = worksheet(named("A1", "C2"), before='<dimension ref="A1"/>')
        assert texts(read(made(tmp_path, sheet))) == {
            1: ["A1", None, None],
            2: [None, None, "C2"],
        }

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            ("<row><c><v>1</v></c><c><v>2</v></c></row>", {1: ["1", "2", None]}),
            ('<row r="4"><c><v>1</v></c></row><row><c><v>2</v></c></row>', {4: ["1"], 5: ["2"]}),
            ('<row r="4"/><row><c r="B5"><v>2</v></c></row>', {5: [None, "2"]}),
            ('<row r="2"><c><v>1</v></c><c r="C2"><v>2</v></c></row>', {2: ["1", None, "2"]}),
            ('<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row>', {2: [None, "1", "2"]}),
            ('<row r="2"><c s="1" r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row spans="1:3" r="2"><c r="b2"><v>1</v></c></row>', {2: [None, "1"]}),
            ("<row r='2'>\n <c r='B2' >\n<v >1</v >\n</c >\n</row >\n", {2: [None, "1"]}),
            ('<row r="2"><c r="B2"\n><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row r="2" ht="1" x="a>b"><c r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<!-- <row r="1"> --><row r="2"><c r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row r="2"><!-- </sheetData> --><c r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row r="2"><?x </row> ?><c r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row r="2"><c r="B2"><v><![CDATA[1]]></v></c></row>', {2: [None, "1"]}),
            ('<row r="2"><c r="B2"/><c r="C2"><v>1</v></c></row>', {2: [None, None, "1"]}),
            (
                '<row r="2"><c r="B2"><v>1</v></c><x><y><c r="C2"><v>9</v></c></y></x></row>',
                {2: [None, "1"]},
            ),
            ('<row r="002"><c r="B2"><v>1</v></c></row>', {2: [None, "1"]}),
            ('<row r="1"><c r="A1"><extLst/><v>1</v></c></row>', {1: ["1"]}),
            ('<row r="1"><y:c r="A1"><y:v>1</y:v></y:c></row>', {1: ["1"]}),
        ],
    )
    def test_rows_written_in_odd_ways(self, tmp_path, rows, found):
        sheet = worksheet(rows).replace("<worksheet", f'<worksheet xmlns:y="{MAIN}"')
        wanted = {row: (values + [None] * 3)[:3] for row, values in found.items()}
        assert texts(read(made(tmp_path, sheet))) == wanted

    def test_prefixes(self, tmp_path):
        rows = (
            '<x:row r="2" hidden="1"><x:c r="B2" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
            '<x:c r="C2"><x:f>1</x:f><x:v>7</x:v></x:c></x:row>'
        )
        cells = read(made(tmp_path, worksheet(rows, prefix="x")))
        assert texts(cells) == {2: [None, "a", "7"]}
        assert cells.hidden_rows == 1

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "utf-8-sig"])
    def test_encodings(self, tmp_path, encoding):
        declared = encoding.removesuffix("-le").removesuffix("-sig")
        sheet = f'<?xml version="1.0" encoding="{declared}"?>' + worksheet(
            '<row r="1">' + cell("A1", "Núñez") + "</row>"
        )
        assert texts(read(made(tmp_path, sheet.encode(encoding)), [1])) == {1: ["Núñez"]}

    def test_strict_workbooks(self, tmp_path):
        strict = "http://purl.oclc.org/ooxml"
        path = made(tmp_path, worksheet(named("A1")))
        other = tmp_path / "b.xlsx"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
            for name in source.namelist():
                data = source.read(name).decode()
                data = data.replace(MAIN, f"{strict}/spreadsheetml/main")
                target.writestr(
                    name, data.replace(OFFICE, f"{strict}/officeDocument/relationships")
                )
        assert texts(read(other, [1])) == {1: ["A1"]}

    def test_more_columns_than_one_pass_can_ask_for(self, tmp_path):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row in range(3):
                for column in range(60):
                    sheet.write_number(row, column, row * 100 + column)
        cells = read(path, range(1, 61))
        assert texts(cells) == {
            row + 1: [str(row * 100 + column) for column in range(60)] for row in range(3)
        }

    def test_no_columns_at_all(self, tmp_path):
        cells = read(made(tmp_path, worksheet(named("A1", "C2"))), [])
        assert cells.frame.columns == ["_row"]
        assert (cells.last_row, cells.last_column) == (2, 3)

    def test_rows_over_many_blocks(self, tmp_path, monkeypatch):
        monkeypatch.setattr(blocks.Blocks.take, "__defaults__", (300,))
        rows = named(*(f"{column}{row}" for row in range(1, 400) for column in "AB"))
        cells = read(made(tmp_path, worksheet(rows)), [1, 2])
        assert texts(cells) == {row: [f"A{row}", f"B{row}"] for row in range(1, 400)}


class TestWhatASheetHolds:
    def test_style_only_cells_do_not_count(self, tmp_path):
        rows = (
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1</f></c><c r="D1" s="1"/>'
            '<c r="E1" s="1"></c><c r="F1"><v></v></c></row>'
            '<row r="2"><c r="A2" s="1"/></row><row r="3" s="1" customFormat="1"/>'
        )
        cells = read(made(tmp_path, worksheet(rows)), [1])
        assert (cells.last_row, cells.last_column) == (1, 2)

    def test_the_last_column_may_stand_in_any_row(self, tmp_path):
        rows = (
            '<row r="1"><c r="A1"><v>1</v></c><c r="Z1" s="1"/></row>'
            '<row r="2"><c r="A2"><v>1</v></c><c r="Y2"><v>1</v></c><c r="Z2" s="1"/></row>'
            '<row r="3"><c r="A3"><v>1</v></c><c r="AA3" s="1"/></row>'
        )
        assert read(made(tmp_path, worksheet(rows)), [1]).last_column == 25

    def test_the_last_column_is_found_in_indented_xml_too(self, tmp_path):
        rows = (
            '<row r="1">\n  <c r="A1">\n    <v>1</v>\n  </c>\n  <c r="D1">\n    <v>1</v>\n  </c>'
            '\n  <c r="E1" s="1"/>\n</row>\n'
        )
        assert read(made(tmp_path, worksheet(rows)), [1]).last_column == 4

    def test_hidden_rows_are_read_and_counted(self, tmp_path):
        rows = (
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
            '<row r="3" hidden="true"><c r="B3"><v>3</v></c></row>'
            '<row r="4" hidden="1"><c r="A4" s="1"/></row><row r="5" hidden="1"/>'
            '<row r="6" hidden="0"><c r="A6"><v>6</v></c></row>'
        )
        cells = read(made(tmp_path, worksheet(rows)), [1])
        assert cells.hidden_rows == 2
        assert cells.frame["1"].drop_nulls().to_list() == ["1", "2", "6"]

    def test_the_head_ends_after_some_rows_that_hold_something(self, tmp_path):
        rows = "".join(
            f'<row r="{2 * row}"><c r="C{2 * row}"><v>{row}</v></c></row>'
            for row in range(1, HEAD_ROWS + 50)
        )
        [grid] = grids(made(tmp_path, worksheet(rows)))
        assert list(grid.head) == [2 * row for row in range(1, HEAD_ROWS + 1)]
        assert grid.head[400] == {3: "200"}
        assert load(grid, [3]).last_row == 2 * (HEAD_ROWS + 49)

    def test_an_empty_sheet(self, tmp_path):
        for rows in ("", " \n "):
            [grid] = grids(made(tmp_path, worksheet(rows)))
            assert not grid.head
            cells = load(grid, [1])
            assert (len(cells.frame), cells.last_row, cells.last_column) == (0, 0, 0)

    def test_rows_written_as_one_empty_element(self, tmp_path):
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData /><autoFilter ref="A1:B2"/></worksheet>'
        [grid] = grids(made(tmp_path, sheet))
        assert not grid.head
        assert grid.filter == Area.parse("A1:B2")
        assert load(grid, [1]).last_row == 0

    def test_states_filters_tables_and_protection(self, tmp_path):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            first, second, third = map(book.add_worksheet, ("People", "Old", "Secret"))
            first.write_row(0, 0, ["Name", "Phone"])
            first.autofilter("A1:B9")
            second.add_table(
                "C3:D8",
                {"name": "Staff", "total_row": True, "columns": [{"header": "A"}, {"header": "B"}]},
            )
            second.hide()
            second.protect("secret")
            third.very_hidden()
        people, old, secret = grids(path)
        assert [grid.title for grid in (people, old, secret)] == ["People", "Old", "Secret"]
        assert [grid.state for grid in (people, old, secret)] == [
            "visible",
            "hidden",
            "very hidden",
        ]
        assert people.filter == Area.parse("A1:B9")
        assert old.list_objects == (ListObject("Staff", Area.parse("C3:D8"), 1, 1),)
        assert (people.protected, old.protected) == (False, True)

    def test_a_filter_of_somebody_s_own_view_is_not_the_sheet_s(self, tmp_path):
        views = (
            '<customSheetViews><customSheetView guid="{0}"><autoFilter ref="A1:B2"/>'
            "</customSheetView></customSheetViews>"
        )
        [grid] = grids(made(tmp_path, worksheet(named("A1"), after=views)))
        assert grid.filter is None

    def test_chart_sheets_are_left_out(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        book.active.title = "People"
        book.create_chartsheet("Chart", 0)
        book.save(path)
        assert [grid.title for grid in grids(path)] == ["People"]


class TestMergedAreas:
    def test_the_value_stands_for_the_whole_area(self, tmp_path):
        rows = named("A1", "A3", "C3", "A5", "B6")
        after = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A3:B4"/></mergeCells>'
        [grid] = grids(made(tmp_path, worksheet(rows, after=after)))
        assert grid.head == {
            1: {1: "A1", 2: "A1", 3: "A1"},
            3: {1: "A3", 2: "A3", 3: "C3"},
            4: {1: "A3", 2: "A3"},
            5: {1: "A5"},
            6: {2: "B6"},
        }
        assert texts(load(grid, [2, 3])) == {
            1: ["A1", "A1"],
            3: ["A3", "C3"],
            4: ["A3", None],
            5: [None, None],
            6: ["B6", None],
        }
        assert grid.merged == [Area.parse("A1:C1"), Area.parse("A3:B4")]

    def test_what_is_odd_stands_for_the_whole_area_too(self, tmp_path):
        rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="C1"><v>1</v></c></row>'
        after = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
        cells = read(made(tmp_path, worksheet(rows, after=after)), [2, 3])
        assert cells.odd == {at: Odd(OddKind.ERROR, "#N/A") for at in ((1, 2), (2, 2))}

    def test_a_merged_column_without_end_is_cheap(self, tmp_path):
        after = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="#REF!"/></mergeCells>'
        [grid] = grids(made(tmp_path, worksheet(named("A1", "B3"), after=after)))
        cells = load(grid, [2])
        assert cells.frame["2"].unique().to_list() == ["A1"]
        assert len(cells.frame) == 1001
        assert sum(map(len, grid.head.values())) < 300_000

    def test_areas_over_each_other_again_and_again_are_refused(self, tmp_path):
        merges = '<mergeCell ref="A1:B1048576"/>' * 6000
        sheet = worksheet(named("A1"), after=f"<mergeCells>{merges}</mergeCells>")
        [grid] = grids(made(tmp_path, sheet))
        with pytest.raises(CannotRead, match="lie over each other"):
            grid.load([1])

    def test_wide_areas_over_each_other_are_refused_at_once(self, tmp_path):
        merges = '<mergeCell ref="A1:XFD99"/>' * 6000
        sheet = worksheet(named("A1"), after=f"<mergeCells>{merges}</mergeCells>")
        with pytest.raises(CannotRead, match="lie over each other"):
            grids(made(tmp_path, sheet))


class TestLargeSheets:
    def test_a_stray_cell_in_the_last_corner_is_cheap(self, tmp_path):
        path = made(tmp_path, worksheet(named("A1", "XFD1048576")))
        tracemalloc.start()
        cells = read(path, [1, 16384])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert texts(cells) == {1: ["A1", None], 1048576: [None, "XFD1048576"]}
        assert peak < 30 << 20

    @pytest.mark.slow
    @pytest.mark.parametrize("inside", ["/>", ' customFormat="1"><c r="A{0}" s="1"/></row>'])
    def test_a_million_formatted_rows_are_cheap(self, tmp_path, inside):
        empty = "".join(f'<row r="{row}" s="1"' + inside.format(row) for row in range(2, 1_048_577))
        path = made(tmp_path, worksheet(named("A1") + empty))
        [grid] = grids(path)
        tracemalloc.start()
        cells = grid.load([1])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert texts(cells) == {1: ["A1"]}
        assert (cells.last_row, cells.last_column) == (1, 1)
        assert peak < 100 << 20

    @pytest.mark.slow
    @pytest.mark.parametrize("comment", ["", "<!-- -->"])
    def test_a_row_that_is_far_too_large_is_refused(self, tmp_path, comment):
        row = '<row r="1"><c r="A1" t="str"><v>' + "a" * (40 << 20) + "</v></c></row>"
        path = made(tmp_path, worksheet(comment + row))
        with pytest.raises(CannotRead, match="larger than"):
            grids(path)

    @pytest.mark.slow
    def test_a_shared_string_that_is_far_too_large_is_refused(self, tmp_path):
        strings = f'<sst xmlns="{MAIN}"><si><t>{"a" * (40 << 20)}</t></si></sst>'
        with pytest.raises(CannotRead, match="larger than"):
            grids(made(tmp_path, worksheet(named("A1")), strings=strings))


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="0"><c r="A0"><v>1</v></c></row>',
            '<row r="-1"><c r="A1"><v>1</v></c></row>',
            '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
            '<row r="99999999999"><c r="A1"><v>1</v></c></row>',
            '<row r="x"><c r="A1"><v>1</v></c></row>',
            '<row r="1"><c r="XFE1"><v>1</v></c></row>',
            '<row r="1"><c r="1"><v>1</v></c></row>',
            '<row r="1"><c r="A2"><v>1</v></c></row>',
            named("A1") + '<row r="3"><c r="A2"><v>1</v></c></row>',
            named("A3", "A2"),
            named("A3") + named("A3"),
        ],
    )
    def test_rows_whose_place_is_not_certain(self, tmp_path, rows):
        with pytest.raises(CannotRead, match="not written as Excel writes them"):
            read(made(tmp_path, worksheet(rows)))

    def test_such_rows_behind_the_first_ones(self, tmp_path):
        head = named(*(f"A{row}" for row in range(1, 5000)))
        for rows in ('<row r="6000"><c r="A6001"><v>1</v></c></row>', named("A4000")):
            [grid] = grids(made(tmp_path, worksheet(head + rows)))
            with pytest.raises(CannotRead, match="not written as Excel writes them"):
                grid.load([1])

    @pytest.mark.parametrize(
        "sheet",
        [
            worksheet('<row r="1"><c r="A1"><v>1</v></row>'),
            worksheet(named("A1")).replace("</worksheet>", ""),
            worksheet(named("A1")).replace("</sheetData>", ""),
            worksheet(named("A1")) + "<more/>",
            worksheet(named("A1")).encode().replace(b"A1<", b"\xff<"),
            "no XML",
            "",
        ],
    )
    def test_broken_xml(self, tmp_path, sheet):
        with pytest.raises(CannotRead, match="damaged"):
            read(made(tmp_path, sheet))

    @pytest.mark.parametrize("kept", ["sheet", "strings"])
    def test_a_document_type(self, tmp_path, kept):
        bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        good = {"sheet": worksheet(named("A1")), "strings": f'<sst xmlns="{MAIN}"/>'}
        parts = {name: good[name] if name == kept else bomb for name in good}
        path = made(tmp_path, parts["sheet"], strings=parts["strings"])
        with pytest.raises(CannotRead, match="document type"):
            read(path)

    def test_a_file_that_changed_since_it_was_opened(self, tmp_path):
        path = made(tmp_path, worksheet(named("A1")))
        [grid] = grids(path)
        made(tmp_path, worksheet(named("A2")))
        with pytest.raises(CannotRead, match="was changed"):
            grid.load([1])

    def test_the_sheet_is_named_in_messages(self, tmp_path):
        with pytest.raises(CannotRead) as caught:
            read(made(tmp_path, worksheet(named("A2", "A1"))))
        assert caught.value.where == 'a.xlsx, sheet "People"'

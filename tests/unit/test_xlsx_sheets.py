"""What stands around the rows: the used range, widths, filters, tables, marks and the note."""

from __future__ import annotations

import re

import pytest

from sheets.books.xlsx import XlsxBook
from sheets.errors import CannotRead, CannotWrite, PlaceTaken, SheetNotFound
from sheets.grid import Mark, Patch, Shade
from tests.unit import handmade
from tests.unit.handmade import (
    FORMULA,
    MAIN,
    SHEET,
    cleared,
    make,
    parts,
    patch,
    worksheet,
    written,
)

FILTER = '<autoFilter ref="A1:B3"/>'
NAMES = (
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
    "People!$A$1:$B$3</definedName></definedNames>"
)
NOTE = (
    '<dataValidation allowBlank="1" showInputMessage="1" errorTitle="Reveal" error="{}"'
    ' promptTitle="Reveal" prompt="Written by Reveal." sqref="C1"/>'
)
MARKED = (
    '<conditionalFormatting sqref="A2:A3"><cfRule type="expression" dxfId="0" priority="{}">'
    f"<formula>{FORMULA}</formula></cfRule></conditionalFormatting>"
)


def around(tmp_path, *, before: str = "", after: str = "", **changes) -> str:
    """The sheet's part without its rows, after writing."""
    path = make(tmp_path / "a.xlsx", worksheet(before=before, after=after), **changes)
    text = written(path, patch())[SHEET].decode()
    return text.replace(handmade.rows_of(written(path, patch())), "")


def table(ref: str = "A1:B3", more: str = "", columns: str = "", filtered: str = "") -> str:
    columns = columns or '<tableColumn id="1" name="Name"/><tableColumn id="4" name="Phone"/>'
    return (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="{ref}"{more}>'
        f'<autoFilter ref="{filtered or ref}"/><tableColumns count="{columns.count("<")}">'
        f"{columns}</tableColumns></table>"
    )


class TestTheUsedRange:
    @pytest.mark.parametrize(
        ("ref", "after"), [("A1:B3", "A1:D3"), ("A1:C3", "A1:C3"), ("A1:Z9", "A1:Z9"), ("A1", "A1")]
    )
    def test_it_grows_only_if_it_ends_right_before_the_result(self, tmp_path, ref, after):
        text = around(tmp_path, before=f'<dimension ref="{ref}"/>')
        assert f'<dimension ref="{after}"/>' in text


class TestWidths:
    def test_they_are_put_in_at_their_place(self, tmp_path):
        text = around(tmp_path, before='<sheetPr/><dimension ref="A1:B3"/><sheetFormatPr/>')
        assert (
            '<sheetFormatPr/><cols><col min="3" max="3" width="11" customWidth="1"/>'
            '<col min="4" max="4" width="60" customWidth="1"/></cols><sheetData>'
        ) in text

    def test_they_come_between_others(self, tmp_path):
        text = around(tmp_path, before='<cols><col min="1" max="2"/><col min="9" max="9"/></cols>')
        assert re.findall(r'min="(\d+)"', text) == ["1", "3", "4", "9"]

    def test_a_width_that_is_there_stays(self, tmp_path):
        cols = '<cols><col min="3" max="3" width="5" customWidth="1"/></cols>'
        assert cols in around(tmp_path, before=cols)

    @pytest.mark.parametrize(
        ("setting", "numbers"),
        [
            ('min="1" max="26"', ["1-2", "3-3", "4-4", "5-26"]),
            ('min="3" max="16384"', ["3-3", "4-4", "5-16384"]),
            ('min="2" max="4"', ["2-2", "3-3", "4-4"]),
            ('min="3" max="4"', ["3-4"]),
            ('min="4" max="9"', ["4-9"]),
            ('min="01" max="9"', ["01-9"]),
        ],
    )
    def test_they_are_cut_out_of_a_setting_for_many_columns(self, tmp_path, setting, numbers):
        cols = f'<cols><col {setting} style="1" hidden="1"/></cols>'
        text = around(tmp_path, before=cols)
        found = re.findall(r'min="(\d+)" max="(\d+)"', text)
        assert ["-".join(pair) for pair in found] == numbers
        assert text.count('hidden="0" width') == text.count(' width="') == len(numbers) // 3 * 2

    def test_a_setting_that_was_cut_and_saved_by_others_stays_cut(self, tmp_path):
        path = make(tmp_path / "a.xlsx", worksheet(before='<cols><col min="1" max="26"/></cols>'))
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch()])
        sheet = parts(out)[SHEET].decode().replace('min="5" max="26"', 'min="6" max="26"')
        make(out, sheet, styles=parts(out)["xl/styles.xml"])
        XlsxBook(out).write([cleared(patch())])
        assert re.findall(r'min="(\d+)"', parts(out)[SHEET].decode()) == ["1", "3", "4", "6"]


class TestMarks:
    def test_a_mark_is_a_conditional_format_with_its_own_fill(self, tmp_path):
        after = written(make(tmp_path / "a.xlsx"), patch())
        assert MARKED.format(1) in after[SHEET].decode()
        assert (
            b'<dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FFF4B183"/></patternFill>'
            b"</fill></dxf></dxfs>"
        ) in after["xl/styles.xml"]

    def test_it_stands_where_the_schema_wants_it(self, tmp_path):
        before = (
            '<mergeCells count="1"><mergeCell ref="A8:B8"/></mergeCells><phoneticPr fontId="1"/>'
        )
        behind = '<hyperlinks/><pageMargins left="1"/><tableParts count="0"/>'
        text = around(tmp_path, after=before + behind)
        names = re.findall(r"<(\w+)", text.partition("</sheetData>")[2])
        assert names == [
            *(
                "mergeCells",
                "mergeCell",
                "phoneticPr",
                "conditionalFormatting",
                "cfRule",
                "formula",
            ),
            *("dataValidations", "dataValidation", "hyperlinks", "pageMargins", "tableParts"),
        ]

    def test_it_stands_before_the_rules_of_others_but_gives_way_to_them(self, tmp_path):
        other = (
            '<conditionalFormatting sqref="B1"><cfRule type="aboveAverage" priority="7"/>'
            "</conditionalFormatting>"
        )
        more = '<extLst><ext><x14:cfRule xmlns:x14="x" priority="9"/></ext></extLst>'
        assert MARKED.format(10) + other in around(tmp_path, after=other + more)

    def test_a_formula_may_hold_anything(self, tmp_path):
        mark = Mark(1, Shade.CHECK, '=AND(N("reveal:v1")=0,"<&>"<>"")')
        wanted = Patch("People", 1, 3, (2, 3), patch().columns, (mark,))
        text = written(make(tmp_path / "a.xlsx"), wanted)[SHEET].decode()
        assert '"&lt;&amp;&gt;"&lt;&gt;"")</formula>' in text

    def test_without_data_rows_there_is_nothing_to_mark(self, tmp_path):
        wanted = patch(rows=(), last=1)
        assert b"conditionalFormatting" not in written(make(tmp_path / "a.xlsx"), wanted)[SHEET]

    def test_a_rule_of_others_in_the_same_block_stays(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch()])
        other = '<cfRule type="duplicateValues" priority="2"/></conditionalFormatting>'
        sheet = parts(out)[SHEET].decode().replace("</conditionalFormatting>", other)
        make(out, sheet)
        XlsxBook(out).write([cleared(patch())])
        text = parts(out)[SHEET].decode()
        assert f'<conditionalFormatting sqref="A2:A3">{other}' in text


class TestTheNote:
    def test_it_is_an_input_message_that_also_remembers(self, tmp_path):
        text = around(tmp_path, before='<dimension ref="A1:B3"/>')
        note = re.search(r"<dataValidations.*</dataValidations>", text)[0]
        record = re.search(r' error="(reveal:v1 dc 3\.4 [0-9a-f]{8}\.S\.1\.1)"', note)[1]
        assert note == f'<dataValidations count="1">{NOTE.format(record)}</dataValidations>'

    @pytest.mark.parametrize(
        "others",
        [
            '<dataValidations count="1"><dataValidation sqref="A2"/></dataValidations>',
            '<dataValidations><dataValidation sqref="A2"/></dataValidations>',
            '<dataValidations count="0" />',
            "<dataValidations></dataValidations>",
        ],
    )
    def test_it_joins_the_messages_of_others(self, tmp_path, others):
        text = around(tmp_path, after=others)
        assert text.count("<dataValidation ") == others.count("<dataValidation ") + 1

    def test_what_it_remembers_fits_into_255_characters(self, tmp_path):
        before = '<dimension ref="A1:XFB3"/>'
        sheet = worksheet(before=before, after='<autoFilter ref="A1:XFB3"/>')
        path = make(tmp_path / "a.xlsx", sheet, names=NAMES.replace("$B$3", "$XFB$3"))
        text = written(path, patch(start=16383))[SHEET].decode()
        assert len(re.search(r' error="(.*?)"', text)[1]) < 80

    def test_a_long_note_is_cut_where_excel_would_refuse_it(self, tmp_path):
        wanted = Patch("People", 1, 3, (2, 3), patch().columns, note='"<&' * 100)
        text = written(make(tmp_path / "a.xlsx"), wanted)[SHEET].decode()
        assert f'prompt="{"&quot;&lt;&amp;" * 85}"' in text


class TestFilters:
    def test_filter_and_hidden_name_take_the_result_in(self, tmp_path):
        path = make(tmp_path / "a.xlsx", worksheet(after=FILTER), names=NAMES)
        after = written(path, patch())
        assert b'<autoFilter ref="A1:D3"/>' in after[SHEET]
        assert b"People!$A$1:$D$3<" in after["xl/workbook.xml"]

    def test_a_name_that_speaks_of_another_range_stays(self, tmp_path):
        names = NAMES.replace("$B$3", "$Z$3")
        after = written(make(tmp_path / "a.xlsx", worksheet(after=FILTER), names=names), patch())
        assert names.encode() in after["xl/workbook.xml"]

    def test_a_filter_around_the_place_stays(self, tmp_path):
        assert '<autoFilter ref="A1:D3"/>' in around(tmp_path, after=FILTER.replace("B3", "D3"))

    def test_a_filter_above_or_below_stays(self, tmp_path):
        assert '<autoFilter ref="A8:B9"/>' in around(tmp_path, after='<autoFilter ref="A8:B9"/>')

    @pytest.mark.parametrize("ref", ["A1:A3", "A1:C3", "A1"])
    def test_a_filter_that_would_tear_the_result_off_is_refused(self, tmp_path, ref):
        path = make(tmp_path / "a.xlsx", worksheet(after=f'<autoFilter ref="{ref}"/>'))
        with pytest.raises(PlaceTaken, match="Extend the filter"):
            XlsxBook(path).write([patch()])

    def test_nothing_of_others_may_stand_in_the_widened_filter(self, tmp_path):
        rows = handmade.ROWS + '<row r="4"><c r="D4"><v>1</v></c></row>'
        path = make(tmp_path / "a.xlsx", worksheet(rows, after='<autoFilter ref="A1:B4"/>'))
        with pytest.raises(PlaceTaken, match="is not empty"):
            XlsxBook(path).write([patch()])


class TestTables:
    def test_a_table_takes_the_result_in(self, tmp_path):
        path = make(tmp_path / "a.xlsx", tables=[table()])
        after = written(path, patch())["xl/tables/table1.xml"].decode()
        new = '<tableColumn id="5" name="Revealed?"/><tableColumn id="6" name="What to fix"/>'
        assert f'name="Phone"/>{new}</tableColumns>' in after
        assert after.count('ref="A1:D3"') == 2
        assert 'count="4"' in after

    def test_the_totals_row_stays_empty(self, tmp_path):
        path = make(
            tmp_path / "a.xlsx", tables=[table("A1:B4", ' totalsRowCount="1"', filtered="A1:B3")]
        )
        after = written(path, patch())
        assert b'ref="A1:D4"' in after["xl/tables/table1.xml"]
        assert b'ref="A1:D3"' in after["xl/tables/table1.xml"]
        assert '"C4"' not in handmade.rows_of(after)

    def test_text_beside_the_totals_row_is_in_the_way(self, tmp_path):
        rows = handmade.ROWS + '<row r="4"><c r="C4"><v>1</v></c></row>'
        path = make(tmp_path / "a.xlsx", worksheet(rows), tables=[table("A1:B4")])
        with pytest.raises(PlaceTaken, match="is not empty"):
            XlsxBook(path).write([patch()])

    def test_a_column_of_the_same_name_is_in_the_way(self, tmp_path):
        columns = '<tableColumn id="1" name="Name"/><tableColumn id="2" name="revealed?"/>'
        path = make(tmp_path / "a.xlsx", tables=[table(columns=columns)])
        with pytest.raises(PlaceTaken, match="same name"):
            XlsxBook(path).write([patch()])

    def test_another_table_in_the_place_is_in_the_way(self, tmp_path):
        path = make(tmp_path / "a.xlsx", tables=[table("C2:D9")])
        with pytest.raises(PlaceTaken, match="other columns"):
            XlsxBook(path).write([patch()])

    @pytest.mark.parametrize("ref", ["A5:B9", "F1:G3", "A1:A3"])
    def test_a_table_elsewhere_stays(self, tmp_path, ref):
        path = make(tmp_path / "a.xlsx", tables=[table(ref)])
        assert written(path, patch())["xl/tables/table1.xml"].decode() == table(ref)

    def test_a_table_that_a_query_fills_is_refused(self, tmp_path):
        path = make(tmp_path / "a.xlsx", tables=[table(more=' tableType="queryTable"')])
        with pytest.raises(CannotWrite, match="query"):
            XlsxBook(path).write([patch()])

    def test_own_columns_that_came_into_the_middle_stay_in_the_table(self, tmp_path):
        columns = "".join(
            f'<tableColumn id="{n}" name="{name}"/>'
            for n, name in enumerate(("Name", "Phone", "Revealed?", "What to fix", "New"), 1)
        )
        rows = '<row r="1"><c r="A1"/></row><row r="2"><c r="E2"><v>1</v></c></row><row r="3"/>'
        path = make(tmp_path / "a.xlsx", worksheet(rows), tables=[table("A1:E3", columns=columns)])
        again = Patch("People", 1, 3, (2, 3), patch().columns, replaces=(3, 4))
        XlsxBook(path).write([again])
        assert parts(path)["xl/tables/table1.xml"].decode() == table("A1:E3", columns=columns)
        with pytest.raises(CannotWrite, match="in the middle of a table"):
            XlsxBook(path).write([cleared(patch())])


class TestWhatIsRefused:
    @pytest.mark.parametrize("sheet", ['sheet="1"', "sheet='true' objects=\"1\""])
    def test_a_protected_sheet(self, tmp_path, sheet):
        path = make(tmp_path / "a.xlsx", worksheet(after=f"<sheetProtection {sheet}/>"))
        with pytest.raises(CannotWrite, match="protected") as caught:
            XlsxBook(path).write([patch()])
        assert "Unprotect" in caught.value.hint

    def test_protection_that_is_switched_off_does_not_matter(self, tmp_path):
        assert "<t>" not in around(tmp_path, after='<sheetProtection sheet="0" objects="1"/>')

    @pytest.mark.parametrize("ref", ["B1:C1", "C2:C3", "A3:Z3"])
    def test_a_merged_area_in_the_place(self, tmp_path, ref):
        path = make(
            tmp_path / "a.xlsx",
            worksheet(after=f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'),
        )
        with pytest.raises(PlaceTaken, match="merged area"):
            XlsxBook(path).write([patch()])

    def test_a_merged_area_in_a_row_without_people_does_not_matter(self, tmp_path):
        path = make(
            tmp_path / "a.xlsx",
            worksheet(after='<mergeCells><mergeCell ref="A3:Z3"/></mergeCells>'),
        )
        assert written(path, patch(rows=(2,)))

    def test_a_place_beyond_the_last_column(self, tmp_path):
        with pytest.raises(PlaceTaken, match="no room"):
            XlsxBook(make(tmp_path / "a.xlsx")).write([patch(start=16_384)])

    def test_a_sheet_without_rows(self, tmp_path):
        sheet = (
            worksheet()
            .replace(handmade.ROWS, "")
            .replace("<sheetData></sheetData>", "<sheetData/>")
        )
        with pytest.raises(CannotWrite, match="no rows"):
            XlsxBook(make(tmp_path / "a.xlsx", sheet)).write([patch()])

    def test_a_sheet_that_is_not_there(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        with pytest.raises(SheetNotFound, match="There are: People"):
            XlsxBook(path).write([patch(sheet="Staff")])

    @pytest.mark.parametrize(
        "part", [SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/tables/table1.xml"]
    )
    def test_a_document_type_declaration(self, tmp_path, part):
        path = make(tmp_path / "a.xlsx", tables=[table()])
        sheet = parts(path)[part].decode()
        make(path, tables=[table()], more={part: f'<!DOCTYPE a [<!ENTITY b "c">]>{sheet}'})
        with pytest.raises(CannotRead, match="document type"):
            XlsxBook(path).write([patch()])

    @pytest.mark.parametrize(
        "part", [SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/tables/table1.xml"]
    )
    def test_broken_xml(self, tmp_path, part):
        path = make(tmp_path / "a.xlsx", tables=[table()])
        whole = parts(path)[part]
        for broken in (
            whole[:-9],
            b"</x".join(whole.rsplit(b"</", 1)),
            b"",
            b"\xff\xfe\x00",
            whole + b"<",
        ):
            make(path, tables=[table()], more={part: broken})
            with pytest.raises(CannotRead):
                XlsxBook(path).write([patch()])

    def test_a_signed_file(self, tmp_path):
        origin = f"{handmade.PACKAGE}/relationships/digital-signature/origin"
        links = parts(make(tmp_path / "a.xlsx"))["_rels/.rels"].decode()
        links = links.replace(
            "</Relationships>",
            f'<Relationship Id="s" Type="{origin}" Target="s.sigs"/></Relationships>',
        )
        path = make(tmp_path / "a.xlsx", more={"_rels/.rels": links, "s.sigs": b""})
        with pytest.raises(CannotWrite, match="signed"):
            XlsxBook(path).write([patch()])


class TestWholeFiles:
    def test_a_workbook_without_styles_gets_some_and_loses_them_again(self, tmp_path):
        after = written(make(tmp_path / "a.xlsx", styles=None), patch())
        assert b"<dxf>" in after["xl/styles.xml"]
        assert b"/xl/styles.xml" in after["[Content_Types].xml"]

    def test_styles_that_are_announced_but_not_there(self, tmp_path):
        types = (
            f'<Types xmlns="{handmade.PACKAGE}/content-types"><Override PartName="/xl/styles.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"'
            "/></Types>"
        )
        more = {"[Content_Types].xml": types}
        after = written(make(tmp_path / "a.xlsx", styles=None, more=more), patch())
        assert after["[Content_Types].xml"].decode() == types

    def test_styles_that_nothing_leads_to_stay(self, tmp_path):
        more = {"xl/styles.xml": "<other/>"}
        after = written(make(tmp_path / "a.xlsx", styles=None, more=more), patch())
        assert after["xl/styles.xml"] == b"<other/>"
        assert b"<dxf>" in after["xl/styles.reveal.xml"]

    def test_lists_of_parts_with_prefixes(self, tmp_path):
        types = f'<x:Types xmlns:x="{handmade.PACKAGE}/content-types"></x:Types>'
        more = {"[Content_Types].xml": types}
        after = written(make(tmp_path / "a.xlsx", styles=None, more=more), patch())
        assert b"<x:Override " in after["[Content_Types].xml"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_parts_in_utf_16(self, tmp_path, encoding):
        mark = "\ufeff" if encoding != "utf-16" else ""
        sheet = (mark + worksheet()).encode(encoding)
        styles = (mark + handmade.STYLES).encode(encoding)
        after = written(make(tmp_path / "a.xlsx", sheet, styles=styles), patch(reasons=["é", None]))
        assert "<t>é</t>" in after[SHEET].decode("utf-16" if not mark else encoding)

    def test_a_part_in_latin_1(self, tmp_path):
        head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
        sheet = head + worksheet('<row r="1"><c r="A1" t="str"><v>Zoë</v></c></row><row r="2"/>')
        after = written(
            make(tmp_path / "a.xlsx", sheet.encode("latin-1")),
            patch(rows=(2,), verdicts=["Zoë 日"]),
        )
        assert "<t>Zoë &#26085;</t>".encode("latin-1") in after[SHEET]

    def test_an_encoding_that_excel_does_not_use_is_refused(self, tmp_path):
        sheet = '<?xml version="1.0" encoding="EBCDIC-US"?>' + worksheet()
        with pytest.raises(CannotRead, match="encoding"):
            XlsxBook(make(tmp_path / "a.xlsx", sheet)).write([patch()])

    def test_a_strict_workbook(self, tmp_path):
        strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        sheet = worksheet().replace(MAIN, strict)
        written(
            make(tmp_path / "a.xlsx", sheet, styles=handmade.STYLES.replace(MAIN, strict)), patch()
        )

    def test_nothing_to_change_copies_the_file_as_it_is(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        out = tmp_path / "b.xlsx"
        for patches in ([], [cleared(patch())], [Patch("People", 1, 3, columns=None)]):
            XlsxBook(path, out).write(patches)
            assert out.read_bytes() == path.read_bytes()

    def test_nothing_to_change_does_not_touch_the_file(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        before = path.stat()
        XlsxBook(path).write([cleared(patch())])
        assert path.stat() == before

    def test_parts_of_others_keep_their_packed_bytes(self, tmp_path):
        media = bytes(range(256)) * 500
        path = make(
            tmp_path / "a.xlsx", more={"xl/media/image1.png": media, "xl/vbaProject.bin": b"x"}
        )
        assert written(path, patch())["xl/media/image1.png"] == media


class TestStyles:
    def test_the_wrapped_format_is_a_copy_of_the_plain_one(self, tmp_path):
        after = written(make(tmp_path / "a.xlsx"), patch(reasons=["Fix", None]))
        assert (
            b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
            b'<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
        ) in after["xl/styles.xml"]
        assert '<c r="D2" s="2" t="inlineStr">' in handmade.rows_of(after)

    @pytest.mark.parametrize(
        "dxfs",
        [
            "",
            "<dxfs/>",
            '<dxfs count="0"></dxfs>',
            '<dxfs count="1"><dxf/></dxfs>',
            "<dxfs ></dxfs>",
        ],
    )
    def test_every_list_of_formats_is_given_back(self, tmp_path, dxfs):
        styles = handmade.STYLES.replace('<dxfs count="0"/>', f"{dxfs}<tableStyles/><extLst/>")
        after = written(make(tmp_path / "a.xlsx", styles=styles), patch())["xl/styles.xml"]
        assert re.search(rb"</dxf></dxfs><tableStyles/>", after)

    def test_a_styles_part_without_anything_is_filled(self, tmp_path):
        styles = f'<styleSheet xmlns="{MAIN}"/>'
        after = written(make(tmp_path / "a.xlsx", styles=styles), patch())["xl/styles.xml"]
        assert b"</cellStyles><dxfs" in after

    @pytest.mark.parametrize("formats", ["", "<cellXfs/>", '<cellXfs count="0"></cellXfs>'])
    def test_without_cell_formats_text_is_not_wrapped(self, tmp_path, formats):
        styles = re.sub("<cellXfs.*</cellXfs>", formats, handmade.STYLES)
        written(make(tmp_path / "a.xlsx", styles=styles), patch(reasons=["Fix", None]))

    def test_formats_that_are_there_are_used(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        styles = written(path, patch())["xl/styles.xml"]
        make(path, styles=styles)
        assert written(path, patch())["xl/styles.xml"] == styles

    def test_after_another_program_changed_the_styles_they_stay(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        after = written(path, patch())
        styles = after["xl/styles.xml"].replace(b"<font/>", b"<font />")
        make(path, after[SHEET], styles=styles)
        XlsxBook(path).write([cleared(patch())])
        assert parts(path)["xl/styles.xml"] == styles
        assert parts(path)[SHEET].decode() == worksheet()

    def test_they_stay_while_another_sheet_uses_them(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        sheet = written(path, patch())[SHEET]
        workbook = parts(path)["xl/workbook.xml"].decode()
        more = {
            "xl/workbook.xml": workbook.replace(
                "</sheets>", '<sheet name="Staff" sheetId="2" r:id="rId9"/></sheets>'
            ),
            "xl/_rels/workbook.xml.rels": parts(path)["xl/_rels/workbook.xml.rels"]
            .decode()
            .replace(
                "</Relationships>",
                f'<Relationship Id="rId9" Type="{handmade.OFFICE}/worksheet" Target="other.xml"/>'
                "</Relationships>",
            ),
            "xl/other.xml": worksheet(),
        }
        make(path, more=more)
        before = parts(path)
        staff = patch(sheet="Staff")
        XlsxBook(path).write([patch(), staff])
        both = parts(path)
        assert both[SHEET] == sheet
        XlsxBook(path).write([patch()])
        assert parts(path) == both
        XlsxBook(path).write([cleared(patch())])
        assert parts(path)["xl/styles.xml"] == both["xl/styles.xml"]
        XlsxBook(path).write([cleared(staff)])
        assert parts(path) == before


class TestInputCells:
    def filled(self, tmp_path, cells, rows: str = handmade.ROWS) -> str:
        path = make(tmp_path / "a.xlsx", worksheet(rows))
        XlsxBook(path).write([Patch("People", 1, 3, columns=None, cells=cells)])
        return handmade.rows_of(parts(path))

    def test_a_blank_cell_is_filled_in(self, tmp_path):
        rows = self.filled(tmp_path, {(2, 2): "+1 555 0199"})
        assert (
            '<c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>+1 555 0199</t></is></c>' in rows
        )

    def test_another_value_is_replaced_and_its_style_stays(self, tmp_path):
        rows = self.filled(tmp_path, {(1, 1): "Last Name"})
        assert '<c r="A1" s="1" t="inlineStr"><is><t>Last Name</t></is></c>' in rows

    def test_the_same_value_changes_nothing(self, tmp_path):
        assert self.filled(tmp_path, {(1, 1): "Name", (2, 3): ""}) == handmade.ROWS

    def test_a_cell_can_be_emptied(self, tmp_path):
        assert '<row r="1"><c r="A1" s="1"/><c r="B1"' in self.filled(tmp_path, {(1, 1): ""})

    def test_a_formula_is_never_replaced(self, tmp_path):
        with pytest.raises(PlaceTaken, match="formula"):
            self.filled(tmp_path, {(3, 2): "2"})

    def test_empty_and_absent_rows(self, tmp_path):
        rows = self.filled(tmp_path, {(2, 1): "x", (7, 2): "y"}, '<row r="2"/>')
        assert rows == (
            '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>'
            '<row r="7"><c r="B7" t="inlineStr"><is><t>y</t></is></c></row>'
        )

    def test_own_columns_and_input_cells_at_once(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        wanted = patch()
        both = Patch("People", 1, 3, (2, 3), wanted.columns, cells={(2, 2): "x"})
        XlsxBook(path).write([both])
        rows = handmade.rows_of(parts(path))
        assert '<c r="B2" t="inlineStr"><is><t>x</t></is></c><c r="C2" t="inlineStr">' in rows

    def test_a_cell_under_a_merged_area_is_refused(self, tmp_path):
        sheet = worksheet(after='<mergeCells><mergeCell ref="A2:B2"/></mergeCells>')
        path = make(tmp_path / "a.xlsx", sheet)
        with pytest.raises(PlaceTaken, match="merged"):
            XlsxBook(path).write([Patch("People", 1, 3, columns=None, cells={(2, 2): "x"})])

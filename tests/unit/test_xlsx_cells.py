"""Own cells in the rows of a workbook: each kind of row and cell, written and taken away again."""

from __future__ import annotations

import pytest

from sheets.books.xlsx import XlsxBook
from sheets.errors import CannotRead, PlaceTaken
from sheets.grid import Patch
from tests.unit import handmade
from tests.unit.handmade import cleared, make, parts, patch, worksheet, written

HEAD = '<row r="1"><c r="A1" s="1" t="str"><v>Name</v></c></row>'


def row_after(tmp_path, row: str, **changes) -> str:
    """What becomes of row 2 when Revealed? comes into column C."""
    path = make(tmp_path / "a.xlsx", worksheet(HEAD + row))
    after = written(path, patch(rows=(2,), **changes))
    return handmade.rows_of(after).partition("</row>")[2]


NO = '<c r="C2" t="inlineStr"><is><t>No</t></is></c>'


class TestKindsOfRows:
    def test_a_cell_is_put_at_the_end(self, tmp_path):
        row = '<row r="2" spans="1:1"><c r="A2"><v>1</v></c>'
        assert row_after(tmp_path, row + "</row>") == row + NO + "</row>"

    def test_the_header_looks_like_its_neighbour(self, tmp_path):
        after = written(make(tmp_path / "a.xlsx"), patch())
        assert (
            '<c r="C1" s="1" t="inlineStr"><is><t>Revealed?</t></is></c>'
            '<c r="D1" s="1" t="inlineStr"><is><t>What to fix</t></is></c></row>'
        ) in handmade.rows_of(after)

    @pytest.mark.parametrize(
        "row",
        [
            '<row r="2"></row>',
            '<row r="2" ></row>',
            "<row r='2'><c r='A2'/></row>",
            '<row spans="1:2" r="2"><c s="1" r="A2"><v>1</v></c></row>',
            "<row><c><v>1</v></c><c><v>2</v></c></row>",
            '<row r="2"><c><v>1</v></c><c r="B2"><v>2</v></c></row>',
            '\n  <row r="2">\n    <c r="A2"><v>1</v></c>\n  </row>\n',
            '<!-- <row r="9"> --><row r="2"><!-- <c r="Z2"/> --><c r="A2"><v>1</v></c></row>',
            '<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[<c r="D2">]]></t></is></c></row>',
            '<?x <row?><row r="2"><c r="A2"/></row>',
            '<row r="2"><c r="A2"/><extLst><ext uri="x"/></extLst></row>',
            '<row r="2"><c r="A2"><v>1</v></c><c r="F2" s="1"/></row>',
            '<row r="2"><c r="A2"><f>IF(1&gt;0,"&lt;/row&gt;","")</f><v>x</v></c></row>',
        ],
    )
    def test_every_way_to_write_a_row_is_understood_and_given_back(self, tmp_path, row):
        assert "<t>No</t>" in row_after(tmp_path, row)

    @pytest.mark.parametrize("row", ['<row r="2"/>', '<row r="2" ht="20" />', "<row/>"])
    def test_an_empty_row_is_opened_and_closed_again(self, tmp_path, row):
        opened = row.removesuffix("/>") + '><c r="C2" t="inlineStr"><is ><t>No</t></is></c></row>'
        assert row_after(tmp_path, row) == opened

    @pytest.mark.parametrize("more", ["", '<row r="5"/>', '<row r="5"><c r="A5"/></row>', "\n "])
    def test_a_row_that_is_not_there_is_made_and_taken_away(self, tmp_path, more):
        made = '<row r="2"><c r="C2" t="inlineStr"><is  ><t>No</t></is></c></row>'
        after = row_after(tmp_path, more)
        assert made in after
        assert after.replace(made, "") == more

    def test_many_empty_and_absent_rows_among_others(self, tmp_path):
        rows = '<row r="2"/><row r="3"><c r="A3"/></row><row r="5"/><row r="6"/><row r="9"/>'
        path = make(tmp_path / "a.xlsx", worksheet(HEAD + rows))
        wanted = patch(rows=range(2, 12), verdicts=["No", None, "Yes"] * 3 + ["No"])
        after = handmade.rows_of(written(path, wanted))
        names = [f'"C{row}"' in after for row in range(2, 12)]
        assert names == [True, False, True] * 3 + [True]

    def test_a_prefix_is_kept(self, tmp_path):
        rows = '<x:row r="1"><x:c r="A1"/></x:row><x:row r="2"/><x:row r="3"><x:c r="A3"/></x:row>'
        path = make(tmp_path / "a.xlsx", worksheet(rows, prefix="x"))
        after = written(path, patch())
        assert (
            b'<x:c r="C3" t="inlineStr"><x:is><x:t>No</x:t></x:is></x:c>' in after[handmade.SHEET]
        )
        assert b"<x:conditionalFormatting" in after[handmade.SHEET]

    def test_a_row_over_several_pieces_of_the_stream(self, tmp_path):
        wide = "".join(
            f'<c r="A{row}"><v>{row}</v></c></row><row r="{row + 1}">' for row in range(2, 9000)
        )
        path = make(tmp_path / "a.xlsx", worksheet(f'{HEAD}<row r="2">{wide}</row>'))
        after = written(path, patch(rows=range(2, 9001)))
        assert handmade.rows_of(after).count("<t>No</t>") == 8999

    @pytest.mark.parametrize(
        "row",
        [
            '<row r="3"/><row r="2"/>',
            '<row r="0"/>',
            '<row r="x"/>',
            '<row r="2"><c r="B2"/><c r="A2"/><c s="1" r="D2"/></row>',
            '<row r="2"><c r="2"/></row>',
            '<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[</row>]]></t></is></c></row>',
            '<other r="2"></other>',
        ],
    )
    def test_rows_that_make_no_sense_are_refused(self, tmp_path, row):
        path = make(tmp_path / "a.xlsx", worksheet(HEAD + row))
        with pytest.raises(CannotRead, match="not written as Excel writes them") as caught:
            XlsxBook(path).write([patch(rows=(2,))])
        assert caught.value.where == "a.xlsx"

    def test_a_row_larger_than_32_mb_is_refused(self, tmp_path):
        row = f'<row r="2"><c r="A2" t="str"><v>{"x" * (60 << 20)}</v></c></row>'
        path = make(tmp_path / "a.xlsx", worksheet(HEAD + row))
        with pytest.raises(CannotRead, match="larger than 32 MB"):
            XlsxBook(path).write([patch(rows=(2,))])


class TestCellsWithAStyleOnly:
    @pytest.mark.parametrize(
        ("cell", "after"),
        [
            ('<c r="C2" s="1"/>', '<c r="C2" s="1" t="inlineStr"><is><t>No</t></is ></c>'),
            ('<c s="1" r="C2" />', '<c s="1" r="C2"  t="inlineStr"><is><t>No</t></is ></c>'),
            ("<c r='C2'></c>", "<c r='C2' t=\"inlineStr\"><is><t>No</t></is  ></c>"),
            ('<c r="C2" t="n"/>', '<c r="C2" t="inlineStr"><is><t>No</t></is   ></c>'),
            ('<c t="s" r="C2"></c>', '<c t="inlineStr" r="C2"><is><t>No</t></is      ></c>'),
        ],
    )
    def test_its_style_stays(self, tmp_path, cell, after):
        row = '<row r="2"><c r="A2"><v>1</v></c>{}<c r="E2" s="1"/></row>'
        assert row_after(tmp_path, row.format(cell)) == row.format(after)

    def test_cells_without_names_keep_their_order(self, tmp_path):
        row = '<row><c><v>1</v></c><c s="1"/><c s="1"/><c s="1"/><c s="1"/></row>'
        assert '<c s="1" t="inlineStr"><is><t>No</t></is ></c>' in row_after(tmp_path, row)

    def test_after_another_program_saved_the_styles_stay_too(self, tmp_path):
        row = '<row r="2"><c r="A2"><v>1</v></c><c r="C2" s="1"/></row>'
        path = make(tmp_path / "a.xlsx", worksheet(HEAD + row))
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch(rows=(2,))])
        saved = parts(out)[handmade.SHEET].decode()
        saved = saved.replace('t="inlineStr"><is><t>No</t></is ></c>', 't="str"><v>No</v></c>')
        make(out, saved)
        XlsxBook(out).write([cleared(patch(rows=(2,)))])
        assert handmade.rows_of(parts(out)) == HEAD + row


class TestWhatIsNeverOverwritten:
    @pytest.mark.parametrize(
        ("cell", "words"),
        [
            ('<c r="C2"><v>1</v></c>', "is not empty"),
            ('<c r="C2" t="inlineStr"><is><t>mine</t></is></c>', "is not empty"),
            ('<c r="C2"><f>A2</f></c>', "holds a formula"),
            ('<c r="D2"><f>A2</f><v>1</v></c>', "holds a formula"),
            ('<c r="C2" vm="1"/>', "is not empty"),
            ('<c r="C2" t="str"><v></v></c>', "looks empty"),
        ],
    )
    def test_a_cell_of_somebody_else(self, tmp_path, cell, words):
        row = f'<row r="2"><c r="A2"><v>1</v></c>{cell}</row>'
        path = make(tmp_path / "a.xlsx", worksheet(HEAD + row))
        before = path.read_bytes()
        with pytest.raises(PlaceTaken, match=words) as caught:
            XlsxBook(path).write([patch(rows=(2,))])
        assert caught.value.where.startswith('a.xlsx, sheet "People", cell ')
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_a_heading_of_somebody_else(self, tmp_path):
        rows = '<row r="1"><c r="A1"><v>1</v></c><c r="D1" t="str"><v>Bus</v></c></row>'
        path = make(tmp_path / "a.xlsx", worksheet(rows + '<row r="2"/>'))
        with pytest.raises(PlaceTaken, match="is not empty") as caught:
            XlsxBook(path).write([patch(rows=(2,))])
        assert caught.value.where.endswith("cell D1")

    def test_a_formula_that_took_the_place_of_an_own_cell(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch()])
        sheet = parts(out)[handmade.SHEET].decode()
        own = '<c r="C2" t="inlineStr"><is><t>No</t></is></c>'
        make(out, sheet.replace(own, '<c r="C2"><f>1+1</f></c>'))
        for wanted in (patch(), cleared(patch())):
            with pytest.raises(PlaceTaken, match="holds a formula"):
                XlsxBook(out).write([wanted])


class TestText:
    @pytest.mark.parametrize(
        ("text", "written_as"),
        [
            ("=1+1", "<t>=1+1</t>"),
            ("a < b & c > d", "<t>a &lt; b &amp; c &gt; d</t>"),
            (" a ", '<t xml:space="preserve"> a </t>'),
            ("a\nb", '<t xml:space="preserve">a\nb</t>'),
            ("a\rb\x00", "<t>a_x000D_b_x0000_</t>"),
            ("_x0041_", "<t>_x005F_x0041_</t>"),
            ("100 % sure", "<t>100 % sure</t>"),
            ("é 日本 👩‍👩‍👧", "<t>é 日本 👩‍👩‍👧</t>"),
            ("x" * 40_000, f"<t>{'x' * 32_767}</t>"),
        ],
    )
    def test_text_stays_text(self, tmp_path, text, written_as):
        row = '<row r="2"><c r="A2"><v>1</v></c></row>'
        assert written_as in row_after(tmp_path, row, verdicts=[text])
        assert written_as in row_after(tmp_path, '<row r="2"/>', verdicts=[text])


class TestOwnColumns:
    def test_only_the_given_rows_are_written(self, tmp_path):
        after = written(make(tmp_path / "a.xlsx"), patch(rows=(3,)))
        assert '"C2"' not in handmade.rows_of(after)

    def test_own_columns_are_found_by_their_header_even_if_nobody_names_them(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch(verdicts=["No", "No"])])
        XlsxBook(out).write([patch(verdicts=["Yes", None])])
        rows = handmade.rows_of(parts(out))
        assert "<t>No</t>" not in rows
        assert '"C3"' not in rows

    def test_own_columns_that_another_program_saved_with_shared_strings(self, tmp_path):
        rows = (
            '<row r="1"><c r="A1"/><c r="C1" t="s"><v>1</v></c></row>'
            '<row r="2"><c r="C2" t="s"><v>0</v></c></row>'
        )
        link = handmade._links(
            f'<Relationship Id="rId1" Type="{handmade.OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId3" Type="{handmade.OFFICE}/sharedStrings" Target="s.xml"/>'
        )
        strings = "<sst><si><t>No</t></si><si><r><t>Reveal</t></r><r><t>ed?</t></r></si></sst>"
        more = {"xl/s.xml": strings, "xl/_rels/workbook.xml.rels": link}
        path = make(tmp_path / "a.xlsx", worksheet(rows), styles=None, more=more)
        wanted = patch(rows=(2,), verdicts=["Yes"], marks=False)
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([wanted])
        assert '<c r="C2" t="inlineStr"><is><t>Yes</t></is></c>' in handmade.rows_of(parts(out))

    def test_columns_that_moved_are_cleared_where_they_are(self, tmp_path):
        path = make(tmp_path / "a.xlsx")
        out = tmp_path / "b.xlsx"
        XlsxBook(path, out).write([patch()])
        moved = Patch("People", 1, 3, (2, 3), patch(start=6).columns, replaces=(3, 4))
        XlsxBook(out).write([moved])
        rows = handmade.rows_of(parts(out))
        assert '"C2"' not in rows
        assert '"F2"' in rows

    def test_two_tables_one_above_the_other(self, tmp_path):
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 8))
        path = make(tmp_path / "a.xlsx", worksheet(rows))
        above, below = patch(rows=(2, 3)), patch(rows=(6, 7), head=5)
        after = handmade.rows_of(written(path, above, below))
        assert [f'"C{n}"' in after for n in range(1, 8)] == [True] * 3 + [False] + [True] * 3

    def test_clearing_one_table_leaves_the_other(self, tmp_path):
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 8))
        path = make(tmp_path / "a.xlsx", worksheet(rows))
        above, below = patch(rows=(2, 3)), patch(rows=(6, 7), head=5)
        only, both = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
        XlsxBook(path, only).write([below])
        XlsxBook(path, both).write([above, below])
        XlsxBook(both).write([cleared(above)])
        assert handmade.rows_of(parts(both)) == handmade.rows_of(parts(only))
        assert parts(both)[handmade.SHEET].count(b"<conditionalFormatting") == 1
        XlsxBook(both).write([cleared(below)])
        assert parts(both)[handmade.SHEET] == parts(path)[handmade.SHEET]

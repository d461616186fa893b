"""What a cell of a workbook is read as, whatever way it is stored."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
import xlsxwriter

from sheets.books.ooxml import numberformats, sheetcells
from sheets.errors import CannotRead
from sheets.grid import Odd, OddKind
from tests.unit.handmade import MAIN, worksheet
from tests.unit.reading import formats, grids, load, made, read, texts

ERROR, NO_RESULT = OddKind.ERROR, OddKind.NO_RESULT


def one(folder, attributes: str, inside: str, *, styles=None, strings=None):
    """What a cell is read as: its text, what is odd about it, or None."""
    rows = (
        f'<row r="1"><c r="A1" t="str"><v>Header</v></c></row>'
        f'<row r="2"><c r="A2"{attributes}>{inside}</c></row>'
    )
    path = made(folder, worksheet(rows), styles=styles, strings=strings)
    [grid] = grids(path)
    cells = load(grid, [1])
    text = dict(cells.frame.iter_rows()).get(2)
    assert grid.head.get(2, {}).get(1) == text, "the head says something else"
    return cells.odd.get((2, 1), text)


def sst(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(items)}</sst>'


class TestText:
    @pytest.mark.parametrize(
        ("item", "text"),
        [
            ("<si><t>Byrne</t></si>", "Byrne"),
            ('<si><t xml:space="preserve"> Byrne </t></si>', " Byrne "),
            ("<si><t> Byrne </t></si>", " Byrne "),
            ("<si><r><t>By</t></r><r><rPr><b/></rPr><t>rne</t></r></si>", "Byrne"),
            (
                '<si><t>森</t><rPh sb="0" eb="1"><t>モリ</t></rPh><phoneticPr fontId="1"/></si>',
                "森",
            ),
            ('<si><t>森</t><phoneticPr fontId="1"/></si>', "森"),
            ("<si><t>a &amp; b &lt;c&gt; &#233; &#x1F600;</t></si>", "a & b <c> é 😀"),
            ("<si><t>a_x000D_b _x005F_x0041_</t></si>", "a\rb _x0041_"),
            ("<si><t>_xD83D__xDE00_</t></si>", "😀"),
            ("<si>\n<t>a</t>\n</si>", "a"),
            ("<si><t><![CDATA[a <b>]]></t></si>", "a <b>"),
            ("<si><!-- no --><t>a</t></si>", "a"),
            ("<si><t>a\r\nb\rc</t></si>", "a\nb\nc"),
            ("<si><t></t></si>", None),
            ("<si/>", None),
            ("<si></si>", None),
        ],
    )
    @pytest.mark.parametrize("before", ["", "<si><t>x</t></si>", "<si/>"])
    def test_a_shared_string(self, tmp_path, item, text, before):
        index = 1 if before else 0
        after = "<si><t>last</t></si>"
        assert one(tmp_path, ' t="s"', f"<v>{index}</v>", strings=sst(before, item, after)) == text

    def test_shared_strings_with_prefixes_and_in_utf_16(self, tmp_path):
        strings = f'<?xml version="1.0"?><x:sst xmlns:x="{MAIN}"><x:si><x:t>é</x:t></x:si></x:sst>'
        for data in (strings, strings.encode("utf-16"), "\ufeff" + strings):
            assert one(tmp_path, ' t="s"', "<v>0</v>", strings=data) == "é"

    @pytest.mark.parametrize("index", ["1", "7", "-1", "x", "99999999999"])
    def test_a_shared_string_that_is_not_there_is_refused(self, tmp_path, index):
        with pytest.raises(CannotRead, match="texts that the file does not hold"):
            one(tmp_path, ' t="s"', f"<v>{index}</v>", strings=sst("<si><t>a</t></si>"))

    @pytest.mark.parametrize(
        ("inside", "text"),
        [
            ("<is><t>a</t></is>", "a"),
            ('<is ><t xml:space="preserve"> a</t></is >', " a"),
            ("<is><r><t>a</t></r><r><t>b</t></r></is>", "ab"),
            ("<is><t>a</t><rPh sb='0' eb='1'><t>x</t></rPh></is>", "a"),
            ("<is><t>Garc&#237;a &amp; _x0041_</t></is>", "García & A"),
            ("<is><t><![CDATA[<a>]]></t></is>", "<a>"),
            ("<is><t/></is>", None),
            ("<is/>", None),
        ],
    )
    def test_an_inline_string(self, tmp_path, inside, text):
        assert one(tmp_path, ' t="inlineStr"', inside) == text

    def test_attributes_in_any_order_and_quotes(self, tmp_path):
        assert one(tmp_path, " s='1'  t = 'inlineStr' cm=\"1\"", "<is><t>a</t></is>") == "a"
        assert one(tmp_path, '\n t="inlineStr"\n', "<is><t>a</t></is>") == "a"


class TestNumbers:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("5855551234", "5855551234"),
            ("5855551234.0", "5855551234"),
            ("5.855551234E9", "5855551234"),
            ("123456789012345678", "123456789012345678"),
            ("1.2345678901234568E+17", "123456789012345680"),
            ("0.1", "0.1"),
            ("0.10000000000000001", "0.1"),
            ("1E-3", "0.001"),
            ("-0", "0"),
            ("-12", "-12"),
            ("007", "7"),
            (" 12\n", "12"),
            ("1e400", "1e400"),
            ("no number", "no number"),
        ],
    )
    @pytest.mark.parametrize("kind", ["", ' t="n"', ' s="0"'])
    def test_digits(self, tmp_path, raw, text, kind):
        assert one(tmp_path, kind, f"<v>{raw}</v>") == text

    @pytest.mark.parametrize(
        ("code", "raw", "text"),
        [
            ("0000000", "42", "0000042"),
            ("0000000", "-42", "-0000042"),
            ("0000000;;", "42", "0000042"),
            ("000-00-0000", "12345678", "012-34-5678"),
            ("000\\-00\\-0000", "12345678", "012-34-5678"),
            ("00&quot;-&quot;000", "1234", "01-234"),
            ("&quot;No. &quot;0000", "42", "0042"),
            ("(000) 000-0000", "15550100", "0015550100"),
            ("[&lt;=9999999]###-####;(###) ###-####", "5855550100", "5855550100"),
            ("[&lt;=99999]00000;00000-0000", "1234", "01234"),
            ("[&lt;=99999]00000;00000-0000", "12345678", "01234-5678"),
            ("00000", "1.5", "1.5"),
            ("#,##0.00", "1234.5", "1234.5"),
            ("0", "42", "42"),
            ("[Red]0.00;[Blue]-0.00", "3", "3"),
            ("@", "42", "42"),
        ],
    )
    def test_zeros_that_a_format_shows(self, tmp_path, code, raw, text):
        assert one(tmp_path, ' s="1"', f"<v>{raw}</v>", styles=formats(code)) == text

    @pytest.mark.parametrize(
        ("code", "raw", "text"),
        [
            ("m/d/yyyy", "45292", "2024-01-01"),
            ("[$-409]d-mmm-yy;@", "45292", "2024-01-01"),
            ("m/d/yyyy h:mm", "45292.5", "2024-01-01T12:00:00"),
            ("yyyy", "45291.9999999999", "2024-01-01"),
            ("yyyy", "1", "1900-01-01"),
            ("yyyy", "59", "1900-02-28"),
            ("yyyy", "61", "1900-03-01"),
            ("yyyy", "2958465", "9999-12-31"),
            ("yyyy", "2958466", "2958466"),
            ("yyyy", "3000000", "3000000"),
            ("yyyy", "-1", "-1"),
            ("h:mm", "0.5", "12:00:00"),
            ("[h]:mm", "0.25", "06:00:00"),
            ("&quot;dmy&quot;0", "45292", "45292"),
            ("\\d\\m0", "45292", "45292"),
            ("_d0", "45292", "45292"),
            ("[Red]0", "45292", "45292"),
            ("General", "45292", "45292"),
        ],
    )
    def test_dates(self, tmp_path, code, raw, text):
        assert one(tmp_path, ' s="1"', f"<v>{raw}</v>", styles=formats(code)) == text

    def test_formats_that_every_workbook_has(self):
        for number in (*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)):
            assert numberformats._format(str(number), None)[0].date, number
        for number in (0, 1, 2, 9, 13, 23, 37, 48, 49):
            assert not numberformats._format(str(number), None), number

    def test_a_workbook_that_counts_from_1904(self, tmp_path):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
            form = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet = book.add_worksheet()
            sheet.write_datetime(0, 0, dt.datetime(2024, 2, 29), form)  # noqa: DTZ001 - no zone
            sheet.write_datetime(1, 0, dt.datetime(1904, 1, 1), form)  # noqa: DTZ001
        assert texts(read(path, [1])) == {1: ["2024-02-29"], 2: ["1904-01-01"]}


class TestOtherKinds:
    @pytest.mark.parametrize(
        ("attributes", "inside", "meant"),
        [
            (' t="b"', "<v>1</v>", "TRUE"),
            (' t="b"', "<v>0</v>", "FALSE"),
            (' t="d"', "<v>2024-01-02</v>", "2024-01-02"),
            (' t="d"', "<v>2024-01-02T00:00:00.000Z</v>", "2024-01-02"),
            (' t="d"', "<v>2024-01-02T08:30:00</v>", "2024-01-02T08:30:00"),
            (' t="d"', "<v>soon</v>", "soon"),
            (' t="e"', "<v>#N/A</v>", Odd(ERROR, "#N/A")),
            (' t="e"', "<v>#SPILL!</v>", Odd(ERROR, "#SPILL!")),
            (' t="e"', "<f>NA()</f><v>#CALC!</v>", Odd(ERROR, "#CALC!")),
            ("", "<f>1+1</f><v>2</v>", "2"),
            ("", "<v>2</v><f>1+1</f>", "2"),
            ("", '<f t="shared" si="0"/><v>2</v>', "2"),
            ("", '<f t="shared" ref="A2:A9" si="0">"a/b"</f><v>2</v>', "2"),
            (' t="str"', "<f>B2</f><v>a &amp; b</v>", "a & b"),
            (' t="str"', '<f>B2</f><v xml:space="preserve"> a</v>', " a"),
            (' t="str"', "<f>B2</f><v></v>", None),
            (' t="str"', "<f>B2</f><v/>", None),
            (' t="str"', "<f>B2</f>", Odd(NO_RESULT)),
            ("", "<f>1+1</f>", Odd(NO_RESULT)),
            ("", "<f>1+1</f><v></v>", Odd(NO_RESULT)),
            ("", "<f>1+1</f><v/>", Odd(NO_RESULT)),
            ("", "<f/>", Odd(NO_RESULT)),
            (' t="e"', "<f>1/0</f>", Odd(NO_RESULT)),
            ("", "<v></v>", None),
            ("", "<v/>", None),
            (' t="s"', "<v></v>", None),
            ("", "", None),
            (' t="odd"', "<v>7.0</v>", "7"),
            (" t='b'", "<v>1</v>", "TRUE"),
        ],
    )
    def test_a_cell(self, tmp_path, attributes, inside, meant):
        assert one(tmp_path, attributes, inside) == meant

    def test_a_formula_that_openpyxl_wrote_has_no_result(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["Name", "=A1"])
        book.save(path)
        cells = read(path)
        assert texts(cells) == {1: ["Name", None, None]}
        assert cells.odd == {(1, 2): Odd(NO_RESULT)}

    def test_each_odd_cell_is_told_by_its_own_row(self, tmp_path):
        rows = "".join(
            f'<row r="{r}"><c r="A{r}" t="e"><v>{"#N/A" if r % 2 else "#REF!"}</v></c></row>'
            for r in range(1, 9)
        )
        odd = read(made(tmp_path, worksheet(rows)), [1]).odd
        assert odd == {(r, 1): Odd(ERROR, "#N/A" if r % 2 else "#REF!") for r in range(1, 9)}


def test_a_plainly_written_sheet_goes_the_fast_way(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "m/d/yyyy"})
        for row in range(500):
            sheet.write_string(row, 0, f"name {row}")
            sheet.write_number(row, 1, row / 2)
            sheet.write_number(row, 2, 45292 + row, date)
            sheet.write_formula(row, 3, f"=A{row + 1}", None, "a & b")
            sheet.write_blank(row, 40, None, date)

    def never(*_):
        raise AssertionError

    monkeypatch.setattr(sheetcells, "_carefully", never)
    cells = grids(path)[0].load(range(1, 42))
    assert cells.frame.row(2)[:5] == (3, "name 2", "1", "2024-01-03", "a & b")
    assert (cells.last_row, cells.last_column) == (500, 4)

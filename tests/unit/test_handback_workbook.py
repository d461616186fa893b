"""A packet as a workbook: what is locked, what is open, what is said, what is marked."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from sheets.grid import Shade
from sheets.handback import identity, inputs, looks, marking, words, workbook
from sheets.handback.model import Column, Packet, Row, Sheet, Todo
from tests import packets

HIDDEN = len(packets.CONTACT)


def written(packet=None, language="en", ask=packets.ASK):
    told = words.load(packets.TEMPLATES, language)
    return workbook.write(packet or packets.packet(), packets.BATCH, told, ask)


def opened(*args, **kwargs):
    return openpyxl.load_workbook(io.BytesIO(written(*args, **kwargs)))


@pytest.fixture(scope="module")
def book():
    return opened()


def said(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_start_here_comes_first_and_the_list_of_choices_is_out_of_sight(book):
    assert book.sheetnames == ["Start here", "Contacts", "_lists"]
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "veryHidden"]
    assert book.active.title == "Start here"


def test_start_here_says_what_by_when_and_whom_to_ask(book):
    texts = said(book["Start here"])

    assert texts[0] == "Adams Elementary School: 12 contacts to fix"
    assert texts[1] == "Please send this back by Friday, December 4, 2026."
    assert [text for text in texts if re.fullmatch(r"\d\.", str(text))] == ["1.", "2.", "3.", "4."]
    assert f"Questions? Ask {packets.ASK}." in texts
    assert "4 more to check: a blue cell that is right may stay." in texts


def test_the_legend_has_the_colors_of_the_marks(book):
    fills = {row[0].fill.fgColor.rgb for row in book["Start here"].iter_rows(min_col=2)}

    assert {"FFF4B183", "FFBDD7EE", "FFF2F2F2"} <= fills


def test_it_speaks_spanish():
    book = opened(language="es")

    assert book.sheetnames[0] == "Empiece aquí"
    texts = said(book["Empiece aquí"])
    assert (
        "Por favor, devuelva este archivo a más tardar el viernes 4 de diciembre de 2026." in texts
    )
    assert book["Contacts"]["F2"].comment.text == "Falta Other Phone. Escríbalo aquí."


def test_every_text_is_there_in_every_language():
    told = {language: words.load(packets.TEMPLATES, language).texts for language in words.LANGUAGES}

    def shape(value):
        if isinstance(value, dict):
            return {name: shape(one) for name, one in value.items()}
        if isinstance(value, list):
            return [shape(one) for one in value]
        return sorted(re.findall(r"\{(\w+)\}", value))

    assert shape(told["en"]) == shape(told["es"])


def test_only_input_cells_are_open(book):
    sheet = book["Contacts"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    for row in sheet.iter_rows(min_row=2):
        for cell, column in zip(row, packets.CONTACT, strict=False):
            assert cell.protection.locked == column.locked
            assert cell.number_format == "@"
        assert all(cell.protection.locked for cell in row[HIDDEN:])
    assert all(cell.protection.locked for cell in sheet[1])


def test_what_is_allowed_though_it_is_protected(book):
    protection = book["Contacts"].protection

    # In the file a true value forbids.
    assert not protection.autoFilter
    assert not protection.formatColumns
    assert not protection.formatRows
    assert protection.sort
    assert protection.insertRows
    assert protection.deleteRows


def test_a_sort_takes_the_hidden_columns_along(book):
    sheet = book["Contacts"]

    assert sheet.auto_filter.ref == f"A1:{chr(65 + HIDDEN + 1)}13"
    hidden = sheet.column_dimensions[chr(65 + HIDDEN)]
    assert (hidden.hidden, hidden.min, hidden.max) == (True, HIDDEN + 1, HIDDEN + 2)


def test_ids_are_text_with_all_their_zeros(book):
    cell = book["Contacts"]["A2"]

    assert (cell.value, cell.data_type) == ("001200", "s")


def test_calamine_reads_the_same_texts():
    sheet = packets.contacts()
    book = CalamineWorkbook.from_filelike(io.BytesIO(written()))
    rows = book.get_sheet_by_name("Contacts").to_python()

    assert rows[0] == [*(one.header for one in sheet.columns), marking.SENT, sheet.head]
    assert [(*row[:HIDDEN], row[-1]) for row in rows[1:]] == [
        (*row.cells, row.mark) for row in sheet.rows
    ]


def test_it_tells_what_it_is(book):
    [told] = book.custom_doc_props.props

    assert (told.name, told.value) == (identity.PROPERTY, packets.packet().mark)


def test_texts_that_look_like_more_stay_texts():
    odd = ["=1+1", "+1 555", "@x", "-3", "1e5", "https://example.org", "=HYPERLINK(1)"]
    columns = (
        Column("ID", "number", "id", locked=True, tells=True),
        Column("=Email", "email", "email", locked=False),
    )
    rows = [
        Row(f"k{at:016x}.ab", (text, text), [Todo(1, Shade.CHECK, "is odd")], at + 2)
        for at, text in enumerate(odd)
    ]
    sheet = Sheet("=A&B", "student", "", "a", "b", columns, "head", rows)

    page = opened(packets.packet(sheet, to="=1+1"))["=A&B"]

    assert [page.cell(at, 2).value for at in range(2, 9)] == odd
    assert {page.cell(at, 1).data_type for at in range(1, 9)} == {"s"}
    assert not page._hyperlinks


def test_each_missing_cell_has_a_note(book):
    noted = {
        cell.coordinate: cell.comment.text
        for row in book["Contacts"].iter_rows()
        for cell in row
        if cell.comment
    }

    assert noted["F2"] == "Other Phone is missing. Type it here."
    assert noted["F3"] == "Other Phone is missing. Type it here."
    assert noted["G3"] == 'Please check: "Email" does not look like an e-mail address.'
    assert len(noted) == sum(len(row.todo) for row in packets.contacts().rows)


def rules(book, title="Contacts"):
    return {str(one.sqref): one for one in book[title].data_validations.dataValidation}


def test_rules_warn_and_never_block(book):
    made = rules(book)

    assert made["F2:F13"].errorStyle == made["G2:G13"].errorStyle == "warning"
    assert made["E2:E13"].errorStyle == "warning"
    assert made["D2:D13"].type is None or made["D2:D13"].type == "none"


def test_a_long_list_of_choices_is_a_range(book):
    assert len(",".join(packets.RELATIONSHIPS)) > 255
    source = rules(book)["E2:E13"].formula1
    assert source == f"_lists!$A$1:$A${len(packets.RELATIONSHIPS)}"
    assert [cell.value for cell in book["_lists"]["A"]] == packets.RELATIONSHIPS


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_messages_are_no_longer_than_excel_takes(language):
    told = words.load(packets.TEMPLATES, language)
    for kind in ("email", "phone", "label", "date"):
        column = Column("x" * 300, "x", kind, locked=False)
        rule = inputs.rule(column, "F2", "a!$A$1:$A$2" if kind == "label" else "", told)

        assert rule["input_title"] == "x" * 32
        assert len(rule["input_message"]) <= 255
        assert len(rule.get("error_title", "")) <= 32
        assert len(rule.get("error_message", "")) <= 255
        assert len(rule.get("value", "")) <= 255


def test_marks_are_one_rule_for_each_column_and_shade(book):
    marks = {
        (str(area.sqref), rule.dxf.fill.bgColor.rgb, rule.dxf.border.left.style)
        for area, own in book["Contacts"].conditional_formatting._cf_rules.items()
        for rule in own
    }

    assert marks == {
        ("F2:F13", "FFF4B183", "thin"),
        ("G2:G13", "FFBDD7EE", "dashed"),
    }


def test_it_prints_landscape_on_one_page_width_with_the_headers(book):
    page = book["Contacts"]

    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$1:$1"
    assert page.print_area == "'Contacts'!$A$1:$I$13"
    assert page.freeze_panes == "A2"


def test_the_same_packet_gives_the_same_bytes():
    assert written() == written()


def test_sheets_of_the_office_keep_their_titles():
    taken = [packets.contacts(1, title) for title in ("start HERE", "_Lists")]

    assert opened(packets.packet(*taken)).sheetnames == [
        "Start here.",
        "start HERE",
        "_Lists",
        "_lists.",
    ]


def test_where_nothing_can_be_typed_in_nothing_is_said_of_colors():
    sheet = packets.contacts(1)
    [row] = sheet.rows
    bare = Row(row.mark, row.cells, (), row.row)
    locked = [Column(one.header, one.name, one.type, locked=True) for one in sheet.columns]
    packet = packets.packet(Sheet("Contacts", "contact", "", "a", "b", locked, sheet.head, [bare]))

    texts = said(opened(packet)["Start here"])

    assert "There is nothing to type into this file." in texts
    assert "What the colors mean" not in texts
    assert not [text for text in texts if "left" in str(text)]


def test_a_very_long_name_of_a_school_does_no_harm():
    long = "Ü" * 400
    packet = Packet(long, identity.property_of(packets.BATCH, long), [packets.contacts(1)])

    [told] = opened(packet).custom_doc_props.props

    assert told.value.startswith("v1;batch=1a2b3c4d")


def test_lines_that_words_take():
    assert [looks.lines(text, 10) for text in ("a b", "aaaa bbbb cccc", "a" * 10, "a" * 11)] == [
        *(1, 2, 1, 2)
    ]

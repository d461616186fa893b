"""Tables: what they are told as, how they grow, and what goes with them."""

from __future__ import annotations

import pytest

ROWS = [["Last Name", "Phone"], ["Byrne", "555-0101"], ["Okoye", None]]


@pytest.fixture
def document(google):
    return google.spreadsheet({"Contacts": ROWS}, size=(6, 6))


def area(rows=3, columns=2, left=0):
    ends = {"endRowIndex": rows, "endColumnIndex": columns}
    return {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": left} | ends


def add(**more):
    return {"addTable": {"table": {"name": "People", "tableId": "t1", "range": area()} | more}}


def widen(columns, fields="range", **more):
    table = {"tableId": "t1", "range": area(columns=columns)} | more
    return {"updateTable": {"table": table, "fields": fields}}


def names(program, document):
    told = program.get(document, fields="sheets.tables")["sheets"][0]["tables"]
    return [[each["columnName"] for each in table["columnProperties"]] for table in told]


def test_a_table_is_told_with_the_names_of_its_columns(program, document):
    status, told = program.batch(document, add())

    assert status == 200
    shown = program.get(document, fields="sheets.tables(tableId,name,range)")["sheets"][0]
    table = told["replies"][0]["addTable"]["table"]
    assert names(program, document) == [["Last Name", "Phone"]]
    assert shown["tables"] == [{"tableId": "t1", "name": "People", "range": table["range"]}]
    assert table["range"] == {name: each for name, each in area().items() if name != "sheetId"}


def test_a_wider_table_takes_the_headings_that_are_there_and_names_the_others(
    google, program, document
):
    google.person_types(document, "Contacts!C1", "Email")
    program.batch(document, add())

    assert program.batch(document, widen(4))[0] == 200

    assert names(program, document) == [["Last Name", "Phone", "Email", "Column 4"]]


def test_a_heading_that_is_cleared_gets_a_name_and_one_beside_a_narrower_table_none(
    google, program, document
):
    program.batch(document, add())
    clear = {"updateCells": {"range": area(rows=1) | {"startColumnIndex": 1}, "fields": "*"}}

    program.batch(document, clear)
    assert google.values(document, "Contacts")[0] == ["Last Name", "Column 2"]
    program.batch(document, widen(1), clear)

    assert google.values(document, "Contacts")[0] == ["Last Name"]


def test_a_table_goes_along_when_columns_are_inserted(google, program, document):
    program.batch(document, add())
    line = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}

    google.person(document, {"insertDimension": {"range": line}})

    assert names(program, document) == [["Last Name", "Column 2", "Phone"]]


def test_a_table_goes_with_all_that_is_in_it(google, program, document):
    google.person_types(document, "Contacts!A5", "a remark")
    program.batch(document, add())

    assert program.batch(document, {"deleteTable": {"tableId": "t1"}})[0] == 200

    assert "tables" not in program.get(document)["sheets"][0]
    assert google.values(document, "Contacts")[4] == ["a remark"]
    assert google.values(document, "Contacts")[:4] == [[], [], [], []]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (add(), 400),
        (add(tableId="t2"), 400),
        (widen(9, tableId="t9"), 400),
        (widen(3, fields=""), 400),
        (widen(3, fields="width"), 400),
        (widen(3, fields="columnProperties"), 501),
        (widen(3, colour="red"), 400),
        (add(tableId="t2", range=area(left=4, columns=5), columnProperties=[{}]), 501),
        ({"deleteTable": {"tableId": "t9"}}, 400),
    ],
)
def test_what_is_refused(program, document, asked, status):
    program.batch(document, add())
    before = program.get(document, includeGridData=True)

    assert program.batch(document, asked)[0] == status

    assert program.get(document, includeGridData=True) == before

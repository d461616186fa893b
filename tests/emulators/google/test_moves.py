"""Rows, columns and cells that move: what goes along, and what stays where it is."""

from __future__ import annotations

import pytest

from tests.emulators.google import references
from tests.emulators.google.shift import Delete, Insert, Move

NAMES = [
    ["Name", "Phone", "Revealed?"],
    ["Ann", "1", "=A2"],
    ["Bea", "2", "=A3"],
    ["Cy", "3", "=A4"],
]


def lines(dimension, start, end=None):
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end or start + 1}


def insert(dimension, at, **more):
    return {"insertDimension": {"range": lines(dimension, at)} | more}


def delete(dimension, at):
    return {"deleteDimension": {"range": lines(dimension, at)}}


def move(dimension, at, to):
    return {"moveDimension": {"source": lines(dimension, at), "destinationIndex": to}}


def sort(column, order="ASCENDING", top=1):
    specs = [{"dimensionIndex": column, "sortOrder": order}]
    return {"sortRange": {"range": {"sheetId": 0, "startRowIndex": top}, "sortSpecs": specs}}


def area(top, bottom, left, right):
    told = {"startRowIndex": top, "endRowIndex": bottom}
    return told | {"startColumnIndex": left, "endColumnIndex": right}


def rule(text, *ranges):
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}
    look = {"backgroundColor": {"red": 1}}
    boolean = {"condition": condition, "format": look}
    return {"addConditionalFormatRule": {"rule": {"ranges": list(ranges), "booleanRule": boolean}}}


def tag(number, place):
    told = {"metadataKey": "reveal", "visibility": "PROJECT", "location": place}
    return {"createDeveloperMetadata": {"developerMetadata": told | {"metadataId": number}}}


def formula(google, document):
    [one] = google.rules(document, "Contacts")
    return one["booleanRule"]["condition"]["values"][0]["userEnteredValue"]


def places(google, document):
    """Where each piece of metadata is: the sheet, or the row or column."""
    return {
        each["metadataId"]: each["location"].get("dimensionRange", {}).get("startIndex", "sheet")
        for each in google.metadata(document)
    }


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (insert("ROWS", 1), ["Name", None, "Ann", "Bea", "Cy"]),
        (delete("ROWS", 2), ["Name", "Ann", "Cy"]),
        (move("ROWS", 1, 4), ["Name", "Bea", "Cy", "Ann"]),
        (move("ROWS", 3, 1), ["Name", "Cy", "Ann", "Bea"]),
        (sort(0, "DESCENDING"), ["Name", "Cy", "Bea", "Ann"]),
    ],
)
def test_formulas_stay_with_their_row_and_name_it(google, edit, names):
    document = google.spreadsheet({"Contacts": NAMES})
    google.person(document, edit)
    rows = google.values(document, "Contacts")

    assert [row[0] if row else None for row in rows] == names
    assert all(row[2] == row[0] for row in rows[1:] if row)


@pytest.mark.parametrize(
    ("edit", "text", "range_"),
    [
        # A new column has the rules of the one that it takes after, as it has its look.
        (insert("COLUMNS", 1), "=LEN(INDEX($C:$C,ROW()))=0", area(1, 4, 1, 3)),
        (
            insert("COLUMNS", 1, inheritFromBefore=True),
            "=LEN(INDEX($C:$C,ROW()))=0",
            area(1, 4, 2, 3),
        ),
        (insert("ROWS", 2), "=LEN(INDEX($B:$B,ROW()))=0", area(1, 5, 1, 2)),
        (insert("ROWS", 0), "=LEN(INDEX($B:$B,ROW()))=0", area(2, 5, 1, 2)),
        (delete("COLUMNS", 0), "=LEN(INDEX($A:$A,ROW()))=0", area(1, 4, 0, 1)),
        (delete("ROWS", 1), "=LEN(INDEX($B:$B,ROW()))=0", area(1, 3, 1, 2)),
        (move("COLUMNS", 1, 3), "=LEN(INDEX($C:$C,ROW()))=0", area(1, 4, 2, 3)),
        (move("ROWS", 1, 4), "=LEN(INDEX($B:$B,ROW()))=0", area(1, 4, 1, 2)),
        (sort(0, "DESCENDING"), "=LEN(INDEX($B:$B,ROW()))=0", area(1, 4, 1, 2)),
    ],
)
def test_rules_and_their_formulas_go_along(google, edit, text, range_):
    document = google.spreadsheet({"Contacts": NAMES})
    google.person(document, rule("=LEN(INDEX($B:$B,ROW()))=0", area(1, 4, 1, 2)), edit)

    assert formula(google, document) == text
    assert google.rules(document, "Contacts")[0]["ranges"] == [range_]


def test_a_row_that_moves_out_of_a_range_leaves_a_rule_in_two_pieces(google):
    document = google.spreadsheet({"Contacts": [[str(row)] for row in range(6)]})
    google.person(document, rule("=TRUE", area(0, 3, 0, 1)), move("ROWS", 1, 6))

    assert google.rules(document, "Contacts")[0]["ranges"] == [area(0, 2, 0, 1), area(5, 6, 0, 1)]


def test_a_rule_whose_cells_are_all_gone_is_gone(google):
    document = google.spreadsheet({"Contacts": NAMES})
    google.person(document, rule("=TRUE", area(1, 4, 1, 2)), delete("COLUMNS", 1))

    assert google.rules(document, "Contacts") == []


def test_a_rule_keeps_its_relative_reference_when_its_first_row_is_deleted(google):
    document = google.spreadsheet({"Contacts": NAMES})
    google.person(document, rule('=$B2="3"', area(1, 4, 0, 2)), delete("ROWS", 1))

    assert formula(google, document) == '=$B2="3"'
    assert google.fills(document, "Contacts") == {(2, 0): "#FF0000", (2, 1): "#FF0000"}


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (insert("COLUMNS", 0), {1: "sheet", 2: 2, 3: 3}),
        (insert("ROWS", 3), {1: "sheet", 2: 1, 3: 4}),
        (delete("COLUMNS", 1), {1: "sheet", 3: 3}),
        (move("COLUMNS", 1, 0), {1: "sheet", 2: 0, 3: 3}),
        (move("ROWS", 3, 1), {1: "sheet", 2: 1, 3: 1}),
        (sort(0, "DESCENDING"), {1: "sheet", 2: 1, 3: 3}),
    ],
)
def test_metadata_goes_with_rows_and_columns_but_not_with_a_sort(google, edit, found):
    document = google.spreadsheet({"Contacts": NAMES})
    tags = [
        tag(1, {"sheetId": 0}),
        tag(2, {"dimensionRange": lines("COLUMNS", 1)}),
        tag(3, {"dimensionRange": lines("ROWS", 3)}),
    ]
    google.person(document, *tags, edit)

    assert places(google, document) == found


def test_column_metadata_is_told_with_the_column(google, program):
    document = google.spreadsheet({"Contacts": NAMES})
    place = {"dimensionRange": lines("COLUMNS", 2)}
    google.person(document, tag(5, place), insert("COLUMNS", 1))
    fields = "sheets.data.columnMetadata.developerMetadata(metadataId,metadataKey)"
    [sheet] = program.get(document, fields=fields)["sheets"]

    told = {"developerMetadata": [{"metadataId": 5, "metadataKey": "reveal"}]}
    assert sheet["data"][0]["columnMetadata"] == [{}, {}, {}, told]
    path = f"/v4/spreadsheets/{document}:getByDataFilter"
    lookup = {"developerMetadataLookup": {"metadataKey": "reveal"}}
    asked = {"dataFilters": [lookup], "includeGridData": True}
    _, told = program.call("POST", path, json=asked)
    assert told["sheets"][0]["data"][0]["startColumn"] == 3


def test_a_new_row_looks_like_its_neighbour_and_is_empty(google):
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    cell = {"userEnteredValue": {"stringValue": "Ann"}, "note": "x"} | look
    document = google.spreadsheet({"Contacts": [[cell], ["Bea"]]})
    google.person(document, insert("ROWS", 1, inheritFromBefore=True), insert("ROWS", 2))
    rows = google.cells(document, "Contacts")

    assert (rows[1], rows[2]) == ({0: look}, {})


def test_merges_filters_and_named_ranges_go_along(google):
    document = google.spreadsheet({"Contacts": NAMES})
    table = area(0, 4, 0, 3)
    google.person(
        document,
        {"mergeCells": {"range": area(0, 1, 1, 3)}},
        {
            "setBasicFilter": {
                "filter": {"range": table, "criteria": {"1": {"hiddenValues": ["2"]}}}
            }
        },
        {"addFilterView": {"filter": {"title": "Missing", "range": table}}},
        {"addNamedRange": {"namedRange": {"name": "All", "range": table}}},
    )
    told = google.told(document)["sheets"][0]
    hidden = [line.get("hiddenByFilter", False) for line in told["data"][0]["rowMetadata"]]
    assert hidden == [False, False, True, False]

    google.person(document, insert("ROWS", 0), insert("COLUMNS", 1))
    told = google.told(document)
    [sheet] = told["sheets"]
    assert sheet["merges"] == [area(1, 2, 2, 4)]
    assert sheet["basicFilter"]["range"] == area(1, 5, 0, 4)
    assert sheet["basicFilter"]["criteria"].keys() == {"2"}
    assert sheet["filterViews"][0]["range"] == area(1, 5, 0, 4)
    assert told["namedRanges"][0]["range"] == area(1, 5, 0, 4)


def test_a_sort_puts_numbers_before_text_and_blanks_last(google):
    rows = [["b"], [2], [None], ["A"], [10], ["a"]]
    document = google.spreadsheet({"Contacts": rows})

    google.person(document, sort(0, top=0))
    assert google.values(document, "Contacts") == [["2"], ["10"], ["A"], ["a"], ["b"]]
    google.person(document, sort(0, "DESCENDING", top=0))
    assert google.values(document, "Contacts") == [["b"], ["A"], ["a"], ["10"], ["2"]]


def test_a_sort_takes_notes_and_looks_along(google):
    cell = {"userEnteredValue": {"stringValue": "Zoe"}, "note": "asked"}
    document = google.spreadsheet({"Contacts": [[cell, "z"], ["Ann", "a"]]})
    google.person(document, sort(0, top=0))

    assert google.cells(document, "Contacts")[1][0]["note"] == "asked"
    assert google.values(document, "Contacts") == [["Ann", "a"], ["Zoe", "z"]]


@pytest.mark.parametrize("shift", [Insert(2, 2), Delete(1, 3), Move(1, 3, 5), Move(3, 5, 1)])
def test_a_list_and_its_indexes_move_alike(shift):
    items = list("abcdef")
    moved = shift.moved(items, lambda _: "-")

    for at, item in enumerate(items):
        to = shift.index(at)
        assert item not in moved if to is None else moved[to] == item


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("=A1+$B$2&C:C", "=A1+$C$2&D:D"),
        ('=INDEX(Staff!B:B,1)&"B2"', '=INDEX(Staff!B:B,1)&"B2"'),
        ("='My class'!B2+LOG10(B2)", "='My class'!C2+LOG10(C2)"),
        ("=SUM(A1:C3,2:2)", "=SUM(A1:D3,2:2)"),
        ("=B2B+TRUE", "=B2B+TRUE"),
    ],
)
def test_references_are_written_anew(text, new):
    assert references.shifted(text, "My class", "My class", None, Insert(1, 1)) == new


def test_a_reference_to_what_is_gone_is_lost():
    assert references.shifted("=A1+B1", "S", "S", None, Delete(1, 2)) == "=A1+#REF!"

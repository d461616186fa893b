"""Bodies, parameters and field masks are checked against the official description."""

from __future__ import annotations

import pytest

from tests.emulators.google import mask


def message(answer):
    status, told = answer
    assert status == 400
    return told["error"]["message"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"updateCels": {}},
            (
                "Invalid JSON payload received. Unknown name \"updateCels\" at 'requests[0]': "
                "Cannot find field."
            ),
        ),
        (
            {"updateCells": {"range": {"sheetID": 0}}},
            (
                'Invalid JSON payload received. Unknown name "sheetID" at '
                "'requests[0].update_cells.range': Cannot find field."
            ),
        ),
        (
            {"updateCells": {"range": {"sheetId": "first"}}},
            "Invalid value at 'requests[0].update_cells.range.sheet_id' (TYPE_INT32), \"first\"",
        ),
        (
            {"mergeCells": {"mergeType": "MERGE"}},
            (
                "Invalid value at 'requests[0].merge_cells.merge_type' "
                '(type.googleapis.com/google.apps.sheets.v4.MergeCellsRequest.MergeType), "MERGE"'
            ),
        ),
        ({}, "Invalid requests[0]: No request set."),
        ({"updateCells": {"range": {"sheetId": 5}, "fields": "note"}}, "No grid with id: 5"),
        ({"updateCells": {"range": {}}}, "At least one field must be listed in 'fields'."),
        ({"updateCells": {"range": {}, "fields": "colour"}}, "Invalid field: colour"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(google, program, asked, said):
    document = google.spreadsheet({"Contacts": [["Ann"]]})

    assert said in message(program.batch(document, asked))
    assert google.values(document, "Contacts") == [["Ann"]]


def test_one_request_cannot_ask_for_two_things(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    two = {"deleteSheet": {"sheetId": 0}, "clearBasicFilter": {"sheetId": 0}}

    assert "oneof" in message(program.batch(document, two))


def test_null_is_as_good_as_absent(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    asked = {"addSheet": {"properties": {"title": "Staff", "hidden": None, "index": None}}}

    assert program.batch(document, asked)[0] == 200
    assert google.titles(document) == ["Contacts", "Staff"]


def test_unknown_parameters_and_masks_are_refused(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    path = f"/v4/spreadsheets/{document}"

    assert "Cannot bind" in message(program.call("GET", path, params={"field": "sheets"}))
    status, told = program.call("GET", path, params={"fields": "sheets.data.cells"})
    assert status == 400
    assert "for path 'sheets.data.cells'" in str(told["error"]["details"])


def test_a_mask_leaves_only_what_it_names(google, program):
    document = google.spreadsheet({"Contacts": [["Ann", None, 5]], "Staff": [["Bea"]]})
    fields = "sheets(properties/title,data.rowData.values(formattedValue))"

    assert program.get(document, fields=fields, ranges="Contacts!A1:C9") == {
        "sheets": [
            {
                "properties": {"title": "Contacts"},
                "data": [
                    {
                        "rowData": [
                            {"values": [{"formattedValue": "Ann"}, {}, {"formattedValue": "5"}]}
                        ]
                    }
                ],
            }
        ]
    }


def test_grid_data_comes_with_the_flag_or_with_a_mask_that_names_it(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})

    assert "data" not in program.get(document)["sheets"][0]
    assert "data" in program.get(document, includeGridData="true")["sheets"][0]
    masked = program.get(document, includeGridData="false", fields="sheets.data.rowData")
    assert masked["sheets"][0]["data"][0]["rowData"]


@pytest.mark.parametrize("text", ["", "a(", "a)", "a,,b", "a b(", "(a)", "a..b"])
def test_a_mask_that_cannot_be_read_is_told(text):
    with pytest.raises(mask.BadMask):
        mask.parse(text)


def test_masks_of_one_thing_add_up():
    assert mask.parse("a.b,a(c/d,e)") == {"a": {"b": {}, "c": {"d": {}}, "e": {}}}
    assert mask.parse("a,a.b") == mask.parse("a.b,a") == {"a": {}}
    assert mask.parse("a.*,b(*)") == {"a": {}, "b": {}}

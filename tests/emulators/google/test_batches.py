"""Batches: whole or not at all, with the answer that a program needs to check itself."""

from __future__ import annotations

import copy


def tag(number, key="reveal.run", **place):
    location = place or {"spreadsheet": True}
    told = {"metadataId": number, "metadataKey": key, "visibility": "PROJECT", "location": location}
    return {"createDeveloperMetadata": {"developerMetadata": told}}


def write(text, row, column=0, sheet=0):
    cell = {"userEnteredValue": {"stringValue": text}}
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    update = {"rows": [{"values": [cell]}], "fields": "userEnteredValue", "start": start}
    return {"updateCells": update}


def test_a_batch_is_carried_out_whole_or_not_at_all(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"], ["Bea"]]})
    before = copy.deepcopy(google.state(document))
    rule = {
        "ranges": [{"sheetId": 0}],
        "booleanRule": {"condition": {"type": "BLANK"}, "format": {}},
    }
    status, told = program.batch(
        document,
        write("Cy", 0),
        {"addConditionalFormatRule": {"rule": rule}},
        tag(7),
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "endIndex": 1}}},
        {"addSheet": {"properties": {"title": "Summary"}}},
        write("Dee", 99),
    )

    assert status == 400
    assert told["error"]["message"] == (
        "Invalid requests[5].updateCells: GridCoordinate.rowIndex[99] is after last row in grid[3]"
    )
    assert google.state(document) == before


def test_replies_line_up_with_requests(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    _, told = program.batch(
        document,
        write("Bea", 0),
        {"addSheet": {"properties": {"sheetId": 5, "title": "Verdicts"}}},
        write("Yes", 0, sheet=5),
        tag(7),
    )

    assert [list(reply) for reply in told["replies"]] == [
        [],
        ["addSheet"],
        [],
        ["createDeveloperMetadata"],
    ]
    assert google.values(document, "Verdicts") == [["Yes"]]


def test_a_batch_tells_what_it_left_in_the_ranges_asked_for(google, program):
    document = google.spreadsheet({"Contacts": [["Ann", "a"], ["Bea", "b"]], "Staff": [["Cy"]]})
    fields = "updatedSpreadsheet.sheets(properties.sheetId,data.rowData.values.formattedValue)"
    _, told = program.batch(
        document,
        write("Yes", 1, 1),
        includeSpreadsheetInResponse=True,
        responseRanges=["Contacts!A2:A", "Contacts!B2:B"],
        query={"fields": fields, "prettyPrint": "false"},
    )

    [sheet] = told["updatedSpreadsheet"]["sheets"]
    assert sheet == {
        "properties": {"sheetId": 0},
        "data": [
            {"rowData": [{"values": [{"formattedValue": "Bea"}]}]},
            {"rowData": [{"values": [{"formattedValue": "Yes"}]}]},
        ],
    }


def test_a_batch_tells_the_document_only_if_it_is_asked(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    _, short = program.batch(document, write("Bea", 0))
    asked = {"includeSpreadsheetInResponse": True}
    _, plain = program.batch(document, write("Bea", 0), **asked)
    _, full = program.batch(document, write("Bea", 0), **asked, responseIncludeGridData=True)
    _, thin = program.batch(document, write("Bea", 0), **asked, query={"fields": "replies"})

    assert short.keys() == {"spreadsheetId", "replies"}
    assert "data" not in plain["updatedSpreadsheet"]["sheets"][0]
    assert "data" in full["updatedSpreadsheet"]["sheets"][0]
    assert thin == {"replies": [{}]}


def test_a_batch_sent_twice_with_one_token_happens_once(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})

    assert program.batch(document, tag(7), write("Bea", 0))[0] == 200
    status, told = program.batch(document, tag(7), write("Cy", 0))
    assert (status, "already exists" in told["error"]["message"]) == (400, True)
    assert google.values(document, "Contacts") == [["Bea"]]

    lookup = {"developerMetadataLookup": {"metadataId": 7}}
    gone = {"deleteDeveloperMetadata": {"dataFilter": lookup}}
    _, told = program.batch(document, gone, tag(7), write("Cy", 0))
    assert told["replies"][0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    assert [each["metadataId"] for each in google.metadata(document)] == [7]


def test_a_request_that_is_not_emulated_is_never_taken_for_done(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    status, told = program.batch(document, write("Bea", 0), {"addChart": {"chart": {}}})

    assert status == 501
    assert "addChart" in told["error"]["message"]
    assert google.values(document, "Contacts") == [["Ann"]]


def test_a_batch_without_requests_is_refused(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    status, told = program.batch(document)

    assert status == 400
    assert told["error"]["message"] == "Must specify at least one request."


def test_rules_are_known_by_their_place_in_the_list(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})

    def rule(name):
        values = [{"userEnteredValue": f'=N("{name}")=0'}]
        condition = {"type": "CUSTOM_FORMULA", "values": values}
        look = {"backgroundColor": {"red": 1}}
        boolean = {"condition": condition, "format": look}
        return {"ranges": [{"sheetId": 0}], "booleanRule": boolean}

    def names():
        return [
            each["booleanRule"]["condition"]["values"][0]["userEnteredValue"][4:-4]
            for each in google.rules(document, "Contacts")
        ]

    program.batch(document, *({"addConditionalFormatRule": {"rule": rule(name)}} for name in "abc"))
    assert names() == ["c", "b", "a"]
    _, told = program.batch(
        document,
        {"updateConditionalFormatRule": {"index": 1, "rule": rule("d")}},
        {"deleteConditionalFormatRule": {"index": 0}},
        {"updateConditionalFormatRule": {"index": 1, "newIndex": 0}},
    )
    assert names() == ["a", "d"]
    assert told["replies"][0]["updateConditionalFormatRule"]["newIndex"] == 1
    status, told = program.batch(document, {"deleteConditionalFormatRule": {"index": 2}})
    assert (status, told["error"]["message"]) == (
        400,
        (
            "Invalid requests[0].deleteConditionalFormatRule: No conditional format on sheet: 0 at "
            "index: 2"
        ),
    )


def test_sheets_are_added_named_moved_hidden_and_deleted(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]], "Staff": [["=Contacts!A1"]]})

    def change(sheet, **told):
        properties = {"sheetId": sheet} | told
        return {"updateSheetProperties": {"properties": properties, "fields": ",".join(told)}}

    program.batch(document, {"addSheet": {"properties": {"sheetId": 5, "index": 0}}})
    assert google.titles(document) == ["Sheet3", "Contacts", "Staff"]
    program.batch(document, change(0, title="Guardians"), change(5, index=3))
    assert google.titles(document) == ["Guardians", "Staff", "Sheet3"]
    assert google.cells(document, "Staff")[0][0]["userEnteredValue"] == {
        "formulaValue": "=Guardians!A1"
    }
    same = change(5, title="guardians")
    assert "already exists" in program.batch(document, same)[1]["error"]["message"]
    program.batch(document, {"deleteSheet": {"sheetId": 0}})
    assert google.values(document, "Staff") == [["#REF!"]]
    hidden = program.batch(document, change(5, hidden=True), {"deleteSheet": {"sheetId": 5}})
    assert hidden[0] == 200
    last = google.state(document).sheets[0].id
    gone = {"deleteSheet": {"sheetId": last}}
    assert "remove all the sheets" in str(program.batch(document, gone))
    assert "hide all the sheets" in str(program.batch(document, change(last, hidden=True)))


def test_writing_past_the_edge_is_refused_until_the_sheet_is_larger(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    wide = write("Yes", 0, 1)
    grow = {"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 1}}

    assert program.batch(document, wide)[0] == 400
    assert program.batch(document, grow, wide)[0] == 200
    assert google.values(document, "Contacts") == [["Ann", "Yes"]]
    huge = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5_000_000}}
    assert "10000000 cells" in program.batch(document, huge)[1]["error"]["message"]


def test_a_program_makes_a_document_with_sheets(google, program):
    sheets = [{"properties": {"title": title}} for title in ("Contacts", "Staff")]
    asked = {"properties": {"title": "Roster"}, "sheets": sheets}
    status, told = program.call("POST", "/v4/spreadsheets", json=asked)

    assert status == 200
    assert told["properties"]["title"] == "Roster"
    assert google.titles(told["spreadsheetId"]) == ["Contacts", "Staff"]
    asked["sheets"] = sheets[:1] * 2
    status, told = program.call("POST", "/v4/spreadsheets", json=asked)
    assert (status, "already exists" in told["error"]["message"]) == (400, True)


def test_metadata_is_found_changed_and_told(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    column = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "endIndex": 1}}
    program.batch(document, tag(7), tag(8, "reveal.column", **column))
    path = f"/v4/spreadsheets/{document}/developerMetadata"

    def found(**lookup):
        asked = {"dataFilters": [{"developerMetadataLookup": lookup}]}
        _, told = program.call("POST", f"{path}:search", json=asked)
        hits = told.get("matchedDeveloperMetadata", [])
        return [each["developerMetadata"]["metadataId"] for each in hits]

    assert found(metadataKey="reveal.column") == found(locationType="COLUMN") == [8]
    assert found(metadataLocation={"spreadsheet": True}) == [7]
    assert found(metadataLocation=column) == []
    full = {"dimensionRange": column["dimensionRange"] | {"startIndex": 0}}
    assert found(metadataLocation=full) == [8]
    update = {
        "dataFilters": [{"developerMetadataLookup": {"metadataId": 8}}],
        "developerMetadata": {"metadataValue": "2"},
        "fields": "metadataValue",
    }
    program.batch(document, {"updateDeveloperMetadata": update})
    assert program.call("GET", f"{path}/8")[1]["metadataValue"] == "2"
    assert program.call("GET", f"{path}/9")[0] == 404
    many = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "endIndex": 2}}
    assert program.batch(document, tag(9, **many))[0] == 400


def test_cells_are_copied_and_lines_are_hidden(google, program):
    document = google.spreadsheet({"Contacts": [["Ann", "=A1"], [None, None], [None, None]]})
    source = {"sheetId": 0, "endRowIndex": 1}
    to = {"sheetId": 0, "startRowIndex": 1}
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    hidden = {"range": line, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    program.batch(
        document,
        {"copyPaste": {"source": source, "destination": to}},
        {"updateDimensionProperties": hidden},
    )
    google.person_types(document, "Contacts!A3", "Cy")

    assert google.values(document, "Contacts") == [["Ann", "Ann"], ["Ann", "Ann"], ["Cy", "Cy"]]
    fields = "sheets.data.rowMetadata.hiddenByUser"
    [sheet] = program.get(document, fields=fields)["sheets"]
    assert sheet["data"][0]["rowMetadata"] == [{}, {"hiddenByUser": True}, {}]

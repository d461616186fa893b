"""Values and cells: what is kept, what is shown, and what goes over the line."""

from __future__ import annotations

import pytest

from tests.emulators.google import a1


def shown(google, document):
    return google.told(document)["sheets"][0]["data"][0]["rowData"][0]["values"][0]


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("0042", {"numberValue": 42}, "42"),
        ("'0042", {"stringValue": "0042"}, "0042"),
        ("2,000,000.01", {"numberValue": 2000000.01}, "2,000,000.01"),
        ("50%", {"numberValue": 0.5}, "50%"),
        ("$12.50", {"numberValue": 12.5}, "$12.50"),
        ("2020-01-01", {"numberValue": 43831}, "2020-01-01"),
        ("1/2/2020", {"numberValue": 43832}, "1/2/2020"),
        ("true", {"boolValue": True}, "TRUE"),
        ("+15555550100", {"numberValue": 15555550100}, "15555550100"),
        ("(585)555-0100", {"stringValue": "(585)555-0100"}, "(585)555-0100"),
        ("=1/1024", {"formulaValue": "=1/1024"}, "0.0009765625"),
        ("=1/0", {"formulaValue": "=1/0"}, "#DIV/0!"),
        ("+1 555", {"formulaValue": "=+1 555"}, "#ERROR!"),
        ("Añá 👩‍🎓", {"stringValue": "Añá 👩‍🎓"}, "Añá 👩‍🎓"),
    ],
)
def test_what_a_person_types_becomes_a_value(google, typed, value, text):
    document = google.spreadsheet({"Contacts": [["x"]]})
    google.person_types(document, "Contacts!A1", typed)

    cell = shown(google, document)
    assert cell["userEnteredValue"] == value
    assert cell["formattedValue"] == text


@pytest.mark.parametrize("text", ["0042", "+1 555", "=1+1", "=IMPORTXML(A1)", "@x", "TRUE", "-3"])
def test_a_string_value_stays_the_text_that_it_is(google, program, text):
    document = google.spreadsheet({"Contacts": [["x"]]})
    cell = {"userEnteredValue": {"stringValue": text}}
    rows = [{"values": [cell]}]
    asked = {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": {"sheetId": 0}}}

    assert program.batch(document, asked)[0] == 200
    assert shown(google, document)["effectiveValue"] == {"stringValue": text}
    assert google.values(document, "Contacts") == [[text]]


def test_a_cell_holds_fifty_thousand_letters_and_no_more(google, program):
    document = google.spreadsheet({"Contacts": [["x"]]})

    def write(text):
        cell = {"userEnteredValue": {"stringValue": text}}
        rows = [{"values": [cell]}]
        start = {"sheetId": 0}
        return program.batch(
            document, {"updateCells": {"rows": rows, "fields": "*", "start": start}}
        )

    assert write("x" * 50_000)[0] == 200
    status, told = write("x" * 50_001)
    assert status == 400
    assert "50000 characters" in told["error"]["message"]


def test_blank_cells_at_the_ends_are_not_told(google, program):
    rows = [["", "Hi", None], [None], ["1", "2", "3"], [None, None, None]]
    document = google.spreadsheet({"Contacts": rows}, size=(9, 5))
    _, told = program.call("GET", f"/v4/spreadsheets/{document}/values/Contacts")

    assert told == {
        "range": "Contacts!A1:E9",
        "majorDimension": "ROWS",
        "values": [["", "Hi"], [], ["1", "2", "3"]],
    }


def test_no_values_at_all_have_no_key(google, program):
    document = google.spreadsheet({"Contacts": []})
    _, told = program.call("GET", f"/v4/spreadsheets/{document}/values/Contacts!A1")

    assert told == {"range": "Contacts!A1", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("text", "range_"),
    [
        ("Contacts!A2:B", "Contacts!A2:B9"),
        ("Contacts!2:3", "Contacts!A2:E3"),
        ("Contacts!A2:2", "Contacts!A2:E2"),
        ("Contacts!C:B", "Contacts!B1:C9"),
        ("Contacts!D9:A7", "Contacts!A7:D9"),
        ("Contacts!A1:Z99", "Contacts!A1:E9"),
        ("B2", "Contacts!B2"),
        ("'Class D3'", "'Class D3'!A1:E9"),
        ("D3", "Contacts!D3"),
        ("'D3'", "'D3'!A1:E9"),
        ("Everyone", "Contacts!A1:B9"),
    ],
)
def test_ranges_are_told_cut_to_the_sheet(google, program, text, range_):
    sheets = {"Contacts": [["x"]], "Class D3": [["y"]], "D3": [["z"]]}
    document = google.spreadsheet(sheets, size=(9, 5))
    named = {"name": "Everyone", "range": {"sheetId": 0, "endColumnIndex": 2}}
    google.person(document, {"addNamedRange": {"namedRange": named}})

    _, told = program.call("GET", f"/v4/spreadsheets/{document}/values/{text}")
    assert told["range"] == range_


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Contacts!A10", "exceeds grid limits. Max rows: 9, max columns: 5"),
        ("Staff!A1", "Unable to parse range: Staff!A1"),
        ("Contacts!A1:", "Unable to parse range: Contacts!A1:"),
    ],
)
def test_a_range_that_does_not_exist_is_refused(google, program, text, said):
    document = google.spreadsheet({"Contacts": [["x"]]}, size=(9, 5))
    status, told = program.call("GET", f"/v4/spreadsheets/{document}/values/{text}")

    assert status == 400
    assert said in told["error"]["message"]


def test_every_column_has_letters_and_back():
    assert [a1.number(a1.letters(at)) for at in range(18_278)] == list(range(18_278))


def test_append_goes_below_the_last_block_of_the_last_row(google, program):
    document = google.spreadsheet({"Contacts": [["1", None, "3"]]})
    path = f"/v4/spreadsheets/{document}/values/Contacts:append"
    query = {"valueInputOption": "RAW"}
    _, told = program.call("POST", path, json={"values": [["a", "b"]]}, params=query)

    assert told["tableRange"] == "Contacts!C1"
    assert told["updates"]["updatedRange"] == "Contacts!C2:D2"
    assert google.values(document, "Contacts") == [["1", "", "3"], ["", "", "a", "b"]]


def test_a_new_value_keeps_the_look_and_drops_what_belonged_to_the_old_one(google, program):
    cell = {
        "userEnteredValue": {"stringValue": "Ann"},
        "note": "asked on Monday",
        "userEnteredFormat": {"textFormat": {"bold": True}},
        "chipRuns": [{"startIndex": 0, "chip": {"personProperties": {"email": "a@example.org"}}}],
        "textFormatRuns": [{"startIndex": 1, "format": {"italic": True}}],
        "dataValidation": {"condition": {"type": "NOT_BLANK"}},
    }
    document = google.spreadsheet({"Contacts": [[cell]]})
    before = google.cells(document, "Contacts")[0][0]
    value = {"userEnteredValue": {"stringValue": "Bea"}}
    update = {"rows": [{"values": [value]}], "fields": "userEnteredValue", "start": {"sheetId": 0}}
    program.batch(document, {"updateCells": update})
    after = google.cells(document, "Contacts")[0][0]

    assert before == cell
    assert set(before) - set(after) == {"chipRuns", "textFormatRuns"}
    assert after["note"] == "asked on Monday"


def test_colours_are_kept_in_eight_bits_and_in_two_places(google, program):
    document = google.spreadsheet({"Contacts": [["x"]]})
    look = {"backgroundColor": {"red": 1.0, "green": 0.5, "blue": 0}}
    repeat = {"range": {"sheetId": 0}, "cell": {"userEnteredFormat": look}}
    program.batch(document, {"repeatCell": repeat | {"fields": "userEnteredFormat"}})
    kept = {"red": 1, "green": 0.49803922}

    assert google.cells(document, "Contacts")[0][0]["userEnteredFormat"] == {
        "backgroundColor": kept,
        "backgroundColorStyle": {"rgbColor": kept},
    }
    assert google.values(document, "Contacts") == [["x"]]
    assert google.fills(document, "Contacts") == {(0, 0): "#FF7F00"}

    clear = {"range": {"sheetId": 0}, "fields": "userEnteredFormat.backgroundColorStyle"}
    program.batch(document, {"repeatCell": clear})
    assert google.cells(document, "Contacts")[0][0].keys() == {"userEnteredValue"}


def test_the_first_sheet_has_the_id_0_which_ranges_leave_out(google, program):
    document = google.spreadsheet({"Contacts": [["x", "y"]], "Staff": [["x", "y"]]})
    staff = google.state(document).sheets[1].id
    for sheet in (0, staff):
        merged = {"sheetId": sheet, "startRowIndex": 0, "endRowIndex": 1}
        assert program.batch(document, {"mergeCells": {"range": merged}})[0] == 200
    one, two = program.get(document)["sheets"]

    assert one["properties"]["sheetId"] == 0
    assert "sheetId" not in one["merges"][0]
    assert two["merges"][0]["sheetId"] == staff
    assert google.values(document, "Staff") == [["x"]]

"""`reveal sync --strict`: rows look their verdicts up by ids, on a tab that Reveal keeps."""

from __future__ import annotations

import pytest

from sheets.books.google import book as google_book
from sheets.books.google import cells, lookups, mending, verdicts
from sheets.books.google.batch import Change, with_cells
from sheets.books.google.snapshot import Tab
from sheets.grid import VERDICTS_MARK, VERDICTS_SHEET
from tests.e2e.test_google_clear import told
from tests.e2e.test_google_races import lines
from tests.e2e.test_google_sync import (
    ACCOUNTS,
    CONTACTS,
    DAY,
    address,
    google,
    office,
    signed_in,
    texts,
)
from tests.running import reveal

__all__ = ["google", "office", "signed_in"]

OWN = ["Revealed?", "What to fix"]
BLANK = '"Other Phone" is blank'


def spreadsheet(google, **more):
    return google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS), **more})


def sync(document, *more):
    return reveal("sync", address(document), *more, *DAY)


def strict(document, *more):
    done = sync(document, "--strict", *more)
    assert done.stderr == ""
    return done


def people(numbers, phones=None, header="Staff Number"):
    """A list of staff with these ids; those without a phone are in order."""
    rows = [[header, "Last Name", "First Name", "Email", "Username", "Enabled"]]
    for at, number in enumerate(numbers):
        enabled = "no" if phones and at in phones else "yes"
        rows.append([number, f"Name{at}", "Ana", f"p{at}@example.org", f"user{at}", enabled])
    return [[texts([[one]])[0][0] if isinstance(one, str) else one for one in row] for row in rows]


def own(google, document, title="Staff"):
    """What people see in the first own column."""
    rows = google.values(document, title)
    at = next(row.index(OWN[0]) for row in rows if OWN[0] in row)
    return [row[at] if at < len(row) else "" for row in rows]


def test_rows_show_what_they_look_up(google, signed_in):
    document = spreadsheet(google)

    done = strict(document)

    assert (done.returncode, google.titles(document)[-1]) == (1, VERDICTS_SHEET)
    assert "no id of" not in done.stdout
    assert google.values(document, "Contacts") == [
        [*CONTACTS[0], *OWN],
        [*CONTACTS[1], "Yes"],
        [*(one or "" for one in CONTACTS[2]), "No", BLANK],
    ]
    assert google.values(document, VERDICTS_SHEET) == [
        [VERDICTS_MARK, *OWN],
        ["0|Contact Person ID|000901", "Yes"],
        ["0|Contact Person ID|000902", "No", BLANK],
    ]
    assert google.fills(document, "Contacts") == {(2, 4): "#F4B183"}
    first, second = google.cells(document, "Contacts")[1:]
    assert first[6] == second[6]
    assert lookups.is_own(first[6])
    assert google.state(document).find(VERDICTS_SHEET).properties["hidden"]


def test_a_verdict_goes_where_its_row_goes_without_a_sync(google, signed_in):
    document = spreadsheet(google)
    strict(document)
    cells = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3}
    google.person(
        document,
        {"sortRange": {"range": cells, "sortSpecs": [{"sortOrder": "DESCENDING"}]}},
        {"insertDimension": {"range": lines(0, "COLUMNS", 0, 1)}},
        {"insertDimension": {"range": lines(0, "ROWS", 0, 1)}},
        {"insertDimension": {"range": lines(0, "ROWS", 3, 4), "inheritFromBefore": True}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": verdicts.ID, "title": "Verdicts"},
                "fields": "title",
            }
        },
    )
    google.person_types(document, "Contacts!B4", "'000901")

    assert own(google, document, "Contacts") == ["", "Revealed?", "No", "", "Yes"]

    before = google.cells(document, "Contacts")
    google.person(document, {"deleteDimension": {"range": lines(0, "ROWS", 3, 4)}})
    strict(document)
    # What Google has written anew is still what Reveal wants.
    assert google.cells(document, "Contacts") == [*before[:3], *before[4:]]


def test_later_syncs_write_only_the_tab_of_verdicts(google, signed_in):
    document = spreadsheet(google)
    strict(document)
    before = google.cells(document, "Contacts")
    calls = len(google.log)

    strict(document)
    assert [one.quota for one in google.log[calls:] if one.quota] == ["read"]

    google.person_types(document, "Contacts!F2", "")
    before[1] = {at: cell for at, cell in before[1].items() if at != 5}
    done = strict(document)
    assert google.cells(document, "Contacts") == before
    assert own(google, document, "Contacts")[1:] == ["No", "No"]
    assert "3 cells written (2 requests" in done.stdout


def test_a_key_keeps_its_place_when_others_come_and_go(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1", "2", "3"])})
    strict(document)
    google.person(document, {"deleteDimension": {"range": lines(0, "ROWS", 1, 2)}})
    google.person(document, {"insertDimension": {"range": lines(0, "ROWS", 1, 2)}})
    new = [cell["userEnteredValue"]["stringValue"] for cell in people(["9"])[1]]
    for column, text in zip("ABCDEF", new, strict=True):
        google.person_types(document, f"Staff!{column}2", f"'{text}")

    strict(document)

    known = [row[0].rpartition("|")[2] for row in google.values(document, VERDICTS_SHEET)[1:]]
    assert known == ["9", "2", "3"]
    assert own(google, document) == ["Revealed?", "Yes", "Yes", "Yes"]


def test_modes_may_be_changed_and_clear_gives_back_what_was(google, signed_in):
    document = spreadsheet(google)
    before = told(google, document)
    sync(document)
    plain = told(google, document)

    strict(document)
    assert VERDICTS_SHEET in google.titles(document)
    sync(document)
    after = told(google, document)
    for state in (plain, after):
        state.pop("developerMetadata")
    assert after == plain

    strict(document, "--summary-sheet")
    done = reveal("sync", address(document), "--clear")
    assert done.stdout == "Cleared: Roster (2 requests to Google)\n"
    assert told(google, document) == before
    assert not google.metadata(document)


def test_rows_below_the_list_are_cleared_too(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1", "2", "3"], phones={0, 1, 2})})
    before = google.cells(document, "Staff")[:3]
    strict(document)
    # Somebody empties a row, and what is looked up beside it.
    gone = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 4, "endColumnIndex": 6}
    google.person(document, {"updateCells": {"range": gone, "fields": "userEnteredValue"}})

    reveal("sync", address(document), "--clear")

    assert [row for row in google.cells(document, "Staff") if row] == before
    assert google.titles(document) == ["Staff"]


def test_what_is_left_of_a_strict_sync_is_cleared(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1"])})
    strict(document)
    google.person(document, {"deleteDimension": {"range": lines(0, "COLUMNS", 6, 8)}})

    done = reveal("sync", address(document), "--clear")

    assert done.stdout.startswith("Cleared: Roster")
    assert google.titles(document) == ["Staff"]


def test_other_lists_keep_their_verdicts(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1"]), "Staff 2": people(["1"], phones={0})})
    strict(document)

    for more in (["--strict"], []):
        sync(document, "--sheet", "Staff", *more)
        assert own(google, document, "Staff") == ["Revealed?", "Yes"]
        assert own(google, document, "Staff 2") == ["Revealed?", "No"]
    sync(document, "--sheet", "Staff 2")

    assert google.titles(document) == ["Staff", "Staff 2"]


NUMBER = {"userEnteredValue": {"numberValue": 123}}
CHIP = {
    "userEnteredValue": {"stringValue": "@"},
    "chipRuns": [{"chip": {"personProperties": {"email": "a@example.org"}}}],
}
ZEROS = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "000000"}}}


@pytest.mark.parametrize(
    ("numbers", "hidden", "shown"),
    [
        (["*", "a*", "abc", "?"], {1, 3}, ["Yes", "No", "Yes", "No"]),
        (["~", "~*", "~~*", "<>"], {0, 2}, ["No", "Yes", "No", "Yes"]),
        (["=1+1", "+1", '"', "'1"], {0, 2}, ["No", "Yes", "No", "Yes"]),
        (["ab", "AB", "c"], {0}, ["", "", "Yes"]),
        (["12", "012", " 12", "12 "], {0, 2}, ["No", "Yes", "No", "Yes"]),
        (["12", "12", "13"], set(), ["Yes", "Yes", "Yes"]),
        (["12", "12", "13"], {1}, ["", "", "Yes"]),
        (["a|b", "a", None], {0}, ["", "Yes", ""]),
        (["x" * 250, "y" * 100], {0}, ["", "Yes"]),
        ([NUMBER, "0123", {**NUMBER, **ZEROS}], {1}, ["Yes", "No", "Yes"]),
        ([NUMBER, "123"], {1}, ["", ""]),
        ([{"userEnteredValue": {"numberValue": 12.5}}, "13"], {0}, ["", "Yes"]),
        ([{"userEnteredValue": {"numberValue": 1e15}}, "13"], {0}, ["", "Yes"]),
        ([{"userEnteredValue": {"boolValue": True}}, "TRUE"], {0}, ["", "Yes"]),
        ([CHIP, "13"], {0}, ["", "Yes"]),
    ],
)
def test_odd_ids_show_their_own_verdict_or_none(google, signed_in, numbers, hidden, shown):
    document = google.spreadsheet({"Staff": people(numbers, hidden)})

    done = strict(document)

    assert own(google, document)[1:] == shown
    lost = shown.count("")
    assert (f'sheet "Staff": {lost} row' in done.stdout) == bool(lost)


def test_rows_without_an_id_of_their_own_are_told(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1", None, "2", "2"], {2})})

    said = strict(document).stdout

    assert (
        'Roster, sheet "Staff": 3 rows have no id of their own (it is blank, too long, or others '
        "have the same), so no verdict is shown beside them.\n"
    ) in said


def test_a_changed_id_shows_nothing_until_the_next_sync(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1", "2", "a1"], {0, 2})})
    strict(document)

    for typed in ("'3", "3.4", "1.4", "'1 ", "A1", "a*", "TRUE", "=1/0", ""):
        google.person_types(document, "Staff!A2", typed)
        assert own(google, document) == ["Revealed?", "", "Yes", "No"]
    google.person_types(document, "Staff!A2", "1")
    assert own(google, document) == ["Revealed?", "No", "Yes", "No"]


def test_a_column_under_another_heading_is_not_looked_at(google, signed_in):
    """So a formula that lands beside moved columns shows nothing, also below merged headings."""
    rows = [[*row, *extra] for row, extra in zip(people(["1", "2"], {0}), "AXY", strict=True)]
    rows.insert(0, [rows[0][0]])
    rows[1][0] = None
    document = google.spreadsheet({"Staff": rows})
    merge = {"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 1}
    google.person(document, {"mergeCells": {"range": merge, "mergeType": "MERGE_ALL"}})
    strict(document)
    assert own(google, document) == ["", "Revealed?", "No", "Yes"]

    google.person_types(document, "Staff!A1", "Room")

    assert own(google, document) == ["", "Revealed?", "", ""]


def test_contacts_beside_their_students(google, signed_in):
    head = ["Student Number", "Last Name", "First Name", "Username", "Enabled"]
    head += [f"Guardian {at} {name}" for at in (1, 2) for name in ("Person ID", "Last Name")]
    rows = [
        ["000001", "Abara", "Ana", "ana", "yes", "71", "Abara", "72", "Byrne"],
        ["000002", "Byrne", "Bo", "bo", "no", "72", "Byrne", None, None],
    ]
    document = google.spreadsheet({"Students": texts([head, *rows])})
    sync(document, "--roll-up")
    wanted = google.values(document, "Students")
    sync(document, "--clear")

    strict(document, "--roll-up")
    assert google.values(document, "Students") == wanted

    # The other guardian is somebody else's verdict: it is shown in no other place.
    google.person_types(document, "Students!F2", "'72")
    at = wanted[0].index("Revealed? (Guardian 1)")
    assert google.values(document, "Students")[1][at : at + 2] == ["", ""]


def test_google_may_write_a_formula_otherwise():
    """With semicolons, as in other countries, or without needless quotes and blanks."""
    staff = Tab(0, "Staff", 2, 2, [[*map(cells.of_text, ("Staff Number", OWN[0]))]])
    wanted = lookups.cell(staff, 1, [1], "Verdicts", 2)
    formula = wanted["userEnteredValue"]["formulaValue"]
    other = formula.replace(",", "; ").replace("'Verdicts'", "Verdicts")
    written = {"userEnteredValue": {"formulaValue": other}}
    change = Change(staff, {(2, 2): wanted})

    assert lookups.same(wanted, written)
    assert not lookups.same(wanted, lookups.cell(staff, 1, [1], "Verdicts", 3))
    assert mending.is_settled(change, with_cells(staff, {(2, 2): written}))
    assert not mending.is_settled(change, staff)


# What is refused, and what is made whole


def test_a_list_without_ids_is_refused(google, signed_in):
    rows = [row[1:] for row in people(["1"])]
    document = google.spreadsheet({"Staff": people(["1"]), "Staff 2": rows})
    before = google.state(document)

    done = sync(document, "--strict")

    assert done.returncode == 3
    assert 'sheet "Staff 2": This list has no column of ids' in done.stderr
    assert google.state(document) == before


def test_a_tab_of_somebody_else_is_never_overwritten(google, signed_in):
    document = spreadsheet(google, **{VERDICTS_SHEET.upper(): [["mine"]]})
    before = google.state(document)

    done = sync(document, "--strict")

    assert done.returncode == 4
    assert VERDICTS_SHEET.upper() in done.stderr
    assert google.state(document) == before


def test_a_tab_that_somebody_has_made_theirs_is_never_overwritten(google, signed_in):
    document = spreadsheet(google)
    strict(document)
    google.person_types(document, f"'{VERDICTS_SHEET}'!A1", "Lunch")
    renamed = {"sheetId": verdicts.ID, "title": "Lunch"}
    google.person(document, {"updateSheetProperties": {"properties": renamed, "fields": "title"}})
    before = google.state(document)

    done = sync(document, "--strict")
    assert done.returncode == 4
    assert 'The sheet "Lunch" is not' in done.stderr
    assert google.state(document) == before
    assert sync(document).returncode == 1
    assert google.values(document, "Lunch")[0][0] == "Lunch"


@pytest.mark.parametrize(
    "spoil",
    [
        {"deleteSheet": {"sheetId": verdicts.ID}},
        {"deleteDimension": {"range": lines(verdicts.ID, "ROWS", 1, 2)}},
        {"deleteDimension": {"range": lines(verdicts.ID, "COLUMNS", 1, 2)}},
        {
            "sortRange": {
                "range": {"sheetId": verdicts.ID, "startRowIndex": 1},
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        },
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_tab_that_somebody_has_spoilt_is_made_whole(google, signed_in, spoil):
    document = google.spreadsheet({"Staff": people(["1", "2", "3"], {0})})
    strict(document)
    google.person(document, spoil)
    verdict = ["No", "Yes", "Yes"]
    seen = own(google, document)[1:]
    assert all(one in {"", right} for one, right in zip(seen, verdict, strict=True))

    strict(document)

    assert own(google, document)[1:] == verdict


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"deleteSheet": {"sheetId": verdicts.ID}},
        {"insertDimension": {"range": lines(verdicts.ID, "ROWS", 1, 2)}},
        {
            "sortRange": {
                "range": {"sheetId": verdicts.ID, "startRowIndex": 1},
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        },
        {
            "updateSheetProperties": {
                "properties": {"sheetId": verdicts.ID, "title": "It's ours"},
                "fields": "title",
            }
        },
    ],
    ids=lambda one: next(iter(one)),
)
def test_the_tab_may_be_edited_while_reveal_writes(google, signed_in, meanwhile):
    document = google.spreadsheet({"Staff": people(["1", "2", "3"], {0})})
    strict(document)
    google.person(document, {"insertDimension": {"range": lines(0, "ROWS", 2, 3)}})
    for column, text in zip("ABCDEF", ["7", "Ng", "Li", "l@example.org", "li", "no"], strict=True):
        google.person_types(document, f"Staff!{column}3", text)
    google.person_types(document, "Staff!F2", "yes")
    google.person_types(document, "Staff!F5", "no")
    moments = []

    def now():
        if not moments:
            google.person(document, meanwhile)
        moments.append(own(google, document)[1:])

    google.before("write", now, times=None)
    strict(document)
    moments.append(own(google, document)[1:])

    allowed = ({"", "No", "Yes"}, {"", "No"}, {"", "Yes"}, {"", "Yes", "No"})
    for moment in moments:
        assert all(one in may for one, may in zip(moment, allowed, strict=True))
    assert moments[-1] == ["Yes", "No", "Yes", "No"]


def test_an_answer_that_was_lost_does_no_harm(google, signed_in):
    document = google.spreadsheet({"Staff": people(["1", "2"], {0})})
    google.fault("write", drop=True, after_commit=True)
    calls = len(google.log)

    strict(document)

    assert [one.quota for one in google.log[calls:] if one.quota] == ["read", "write", "read"]
    assert own(google, document)[1:] == ["No", "Yes"]


def test_a_large_sync_is_divided_and_each_part_is_right(google, signed_in, monkeypatch):
    monkeypatch.setattr(google_book, "LIMIT", 20_000)
    monkeypatch.setattr(verdicts, "_BLOCK", 20)
    numbers = [str(1000 + at) for at in range(200)]
    document = google.spreadsheet({"Staff": people(numbers, set(range(0, 200, 3)))})
    moments = []
    google.before("write", lambda: moments.append(google.values(document, "Staff")), times=None)

    strict(document)

    assert len(moments) > 2
    assert max(one.sent for one in google.calls("write")) < 30_000
    assert own(google, document)[1:] == ["Yes" if at % 3 else "No" for at in range(200)]


@pytest.mark.slow
def test_five_thousand_rows_fit_one_request(google, signed_in):
    numbers = [f"{at:06}" for at in range(5000)]
    document = google.spreadsheet({"Staff": people(numbers, set(range(0, 5000, 3)))})

    strict(document)

    [write] = google.calls("write")
    assert write.sent < 1_600_000
    looked_up = [
        cell
        for row in google.cells(document, "Staff")
        for cell in row.values()
        if lookups.is_own(cell)
    ]
    assert len(looked_up) == 10_000
    assert own(google, document)[1:] == ["Yes" if at % 3 else "No" for at in range(5000)]

    google.person_types(document, "Staff!F2", "yes")
    strict(document)
    assert google.calls("write")[-1].sent < 2_000

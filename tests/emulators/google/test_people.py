"""People and programs: who may see and change what, and how they sign in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.emulators.google.oauth import BASE, CLIENT_ID, CLIENT_SECRET

PROTECTED = "You are trying to edit a protected cell or object."


def write(row=0, column=0):
    cell = {"userEnteredValue": {"stringValue": "new"}}
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"rows": [{"values": [cell]}], "fields": "*", "start": start}}


def protect(google, document, user=None, **more):
    told = {"range": {"sheetId": 0, "endColumnIndex": 1}} | more
    asked = {"addProtectedRange": {"protectedRange": told}}
    return google.person(document, asked, user=user or google.owner)


@pytest.fixture
def document(google):
    return google.spreadsheet({"Contacts": [["Ann", "x"], ["Bea", "y"], ["Cy", "z"]]})


@pytest.mark.parametrize(
    "asked",
    [
        write(),
        {"repeatCell": {"range": {"sheetId": 0}, "cell": {"note": "x"}, "fields": "note"}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{}]}},
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}},
        {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}},
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "endIndex": 1}}},
        {"moveDimension": {"source": {"dimension": "ROWS", "endIndex": 1}, "destinationIndex": 3}},
        {"cutPaste": {"source": {"endRowIndex": 1}, "destination": {"rowIndex": 2}}},
        {"mergeCells": {"range": {"endRowIndex": 2}}},
    ],
)
def test_protected_cells_are_closed_to_those_who_are_not_editors(google, program, document, asked):
    protect(google, document)
    before = google.values(document, "Contacts")

    status, told = program.batch(document, write(0, 1), asked)
    assert status == 400
    assert PROTECTED in told["error"]["message"]
    assert google.values(document, "Contacts") == before
    assert program.batch(document, write(0, 1))[0] == 200
    google.person(document, asked)


def test_a_warning_and_an_exception_do_not_stop_a_program(google, program, document):
    free = {"sheetId": 0, "startRowIndex": 2}
    protect(google, document, unprotectedRanges=[free])
    protect(google, document, range={"sheetId": 0}, warningOnly=True)

    assert program.batch(document, write(2))[0] == 200
    assert program.batch(document, write(1))[0] == 400
    path = f"/v4/spreadsheets/{document}/values/Contacts!A1"
    query = {"valueInputOption": "RAW"}
    status, told = program.call("PUT", path, json={"values": [["x"]]}, params=query)
    assert (status, PROTECTED in told["error"]["message"]) == (400, True)


def test_whoever_protects_a_range_stays_its_editor(program, document):
    _, told = program.batch(
        document, {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}}}}
    )
    made = told["replies"][0]["addProtectedRange"]["protectedRange"]

    assert made["requestingUserCanEdit"] is True
    assert program.batch(document, write())[0] == 200
    number = made["protectedRangeId"]
    gone = {"deleteProtectedRange": {"protectedRangeId": number}}
    assert program.batch(document, gone)[0] == 200


def test_only_editors_are_told_who_may_edit(google, program, document):
    protect(google, document)
    protect(google, document, editors={"users": [google.robot]})
    one, two = program.get(document)["sheets"][0]["protectedRanges"]

    assert one.keys() == {"protectedRangeId", "range"}
    assert two["requestingUserCanEdit"] is True
    assert google.robot in two["editors"]["users"]
    gone = {"deleteProtectedRange": {"protectedRangeId": one["protectedRangeId"]}}
    assert program.batch(document, gone)[0] == 400


def test_a_document_must_be_shared(google, program, document):
    path = f"/v4/spreadsheets/{document}"
    google.share(document, google.robot, write=False)
    assert program.call("GET", path)[0] == 200
    assert program.batch(document, write())[0] == 403
    google.unshare(document, google.robot)
    status, told = program.call("GET", path)
    assert (status, told["error"]["message"]) == (403, "The caller does not have permission")
    assert program.call("GET", "/v4/spreadsheets/unknown")[0] == 404


def test_a_token_must_be_good_and_allow_enough(google, program, document):
    path = f"/v4/spreadsheets/{document}"
    program.session.headers["Authorization"] = "Bearer unknown"
    assert program.call("GET", path)[0] == 401
    token = google.token(scope=f"{BASE}spreadsheets.readonly")
    program.session.headers["Authorization"] = f"Bearer {token}"
    assert program.call("GET", path)[0] == 200
    status, told = program.batch(document, write())
    assert (status, told["error"]["details"][0]["reason"]) == (
        403,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    )
    assert program.call("GET", f"/drive/v3/files/{document}")[0] == 403
    google.clock.advance(3600)
    assert program.call("GET", path)[0] == 401
    del program.session.headers["Authorization"]
    assert program.call("GET", path)[0] == 401


def test_an_api_can_be_switched_off(google, program, document):
    google.disable("sheets.googleapis.com")
    status, told = program.call("GET", f"/v4/spreadsheets/{document}")

    assert (status, told["error"]["details"][0]["reason"]) == (403, "SERVICE_DISABLED")
    assert "Google Sheets API has not been used" in told["error"]["message"]


def consented(google, **more):
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": "http://localhost:4321/",
        "response_type": "code",
        "scope": f"{BASE}spreadsheets",
        "state": "s",
    }
    url = f"{google.url}/o/oauth2/auth"
    answer = requests.get(url, params=asked | more, allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers.get("Location", ""))
    return answer.status_code, {name: each[0] for name, each in parse_qs(parts.query).items()}


def fetched(google, **asked):
    told = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | asked
    answer = requests.post(f"{google.url}/token", data=told, timeout=10)
    return answer.status_code, answer.json()


def test_a_person_signs_in_through_the_page_of_consent(google, program, document):
    status, back = consented(google)
    assert (status, back["state"]) == (302, "s")
    code = {"grant_type": "authorization_code", "code": back["code"]}
    status, told = fetched(google, **code, redirect_uri="http://localhost:4321/")
    assert status == 200
    assert fetched(google, **code, redirect_uri="http://localhost:4321/")[0] == 400

    again = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    status, fresh = fetched(google, **again)
    assert status == 200
    program.session.headers["Authorization"] = f"Bearer {fresh['access_token']}"
    assert program.batch(document, write())[0] == 200
    assert google.log[-1].user == google.owner

    google.oauth.revoke(google.owner)
    status, told = fetched(google, **again)
    assert (status, told["error"]) == (400, "invalid_grant")
    assert program.batch(document, write())[0] == 401


def test_a_person_can_say_no(google):
    google.deny_consent()

    assert consented(google) == (302, {"error": "access_denied", "state": "s"})


@pytest.mark.parametrize(
    "wrong", [{"redirect_uri": "https://example.org/"}, {"client_id": "other"}]
)
def test_consent_leads_to_this_machine_and_to_a_known_app_only(google, wrong):
    assert consented(google, **wrong)[0] in (400, 401)


def test_the_verifier_must_fit_the_challenge(google):
    _, back = consented(google, code_challenge="x" * 43, code_challenge_method="S256")
    code = {"grant_type": "authorization_code", "code": back["code"], "code_verifier": "y"}
    status, told = fetched(google, **code, redirect_uri="http://localhost:4321/")

    assert (status, told["error"]) == (400, "invalid_grant")

"""The web server: what goes over the line, what is counted, and that nothing stays behind."""

from __future__ import annotations

import json
import threading

import pytest
import requests

from tests.emulators.google.emulator import Emulator


def test_nothing_runs_on_after_the_block():
    before = set(threading.enumerate())
    with Emulator() as google, requests.Session() as session:
        session.get(google.url, timeout=10)
        session.get(google.url, timeout=10)
    assert set(threading.enumerate()) == before


def test_a_slow_answer_does_not_hold_up_the_end():
    with Emulator() as google:
        google.fault("*", delay=60.0)
        with pytest.raises(requests.Timeout):
            requests.get(google.url, timeout=0.05)


def test_json_is_pretty_unless_it_is_asked_not_to_be(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    path = f"{google.url}/v4/spreadsheets/{document}"
    pretty = program.session.get(path, timeout=10)
    short = program.session.get(path, params={"prettyPrint": "false"}, timeout=10)

    assert pretty.text.startswith('{\n  "spreadsheetId"')
    assert short.text.startswith('{"spreadsheetId":')
    assert pretty.json() == short.json()


def test_each_request_is_logged_with_what_it_costs(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    program.get(document)
    program.batch(document, {"deleteSheet": {"sheetId": 7}})

    [read], [write] = google.calls("read"), google.calls("write")
    assert (read.name, read.status, read.user) == ("spreadsheets.get", 200, google.robot)
    assert (write.name, write.status) == ("spreadsheets.batchUpdate", 400)
    assert write.sent == len(json.dumps({"requests": [{"deleteSheet": {"sheetId": 7}}]}))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v4/spreadsheets/{}/sheets/0:copyTo"),
        ("POST", "/v4/spreadsheets/{}/values:batchGetByDataFilter"),
        ("PATCH", "/drive/v3/files/{}"),
    ],
)
def test_a_method_that_is_not_emulated_is_never_taken_for_done(google, program, method, path):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    status, told = program.call(method, path.format(document), json={})

    assert status == 501
    assert "does not know" in told["error"]["message"]


def test_a_path_that_does_not_exist_is_not_found(google):
    assert requests.get(f"{google.url}/v4/sheets", timeout=10).status_code == 404


def test_an_error_of_the_emulator_itself_fails_the_test(monkeypatch):
    with pytest.raises(AssertionError, match="itself failed"), Emulator() as google:  # noqa: PT012
        monkeypatch.setattr(google.front, "seen", lambda _: 1 / 0)
        assert requests.get(google.url, timeout=10).status_code == 500


def test_drive_tells_that_a_document_was_changed(google, program):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    path = f"/drive/v3/files/{document}"
    query = {"fields": "version,modifiedTime"}
    _, before = program.call("GET", path, params=query)
    google.person_types(document, "Contacts!A1", "Bea")
    _, after = program.call("GET", path, params=query)

    assert (before["version"], after["version"]) == ("1", "2")
    assert before["modifiedTime"] < after["modifiedTime"]
    assert program.call("GET", path)[1].keys() == {"kind", "id", "name", "mimeType"}
    assert program.call("GET", path, params={"fields": "nothing"})[0] == 400
    assert program.call("GET", "/drive/v3/files/unknown")[0] == 404

"""gspread, aimed at the emulator: its sign-in as a robot, and calls through its transport."""

from __future__ import annotations

import gspread
import pytest
from google.auth.exceptions import RefreshError
from gspread.http_client import HTTPClient


def client(google):
    """gspread with the robot's key; what is meant for Google goes to the emulator."""

    class Here(HTTPClient):
        def request(self, method, endpoint, **more):
            path = endpoint.split("googleapis.com", 1)[1]
            return super().request(method, f"{google.url}{path}", **more)

    made = gspread.service_account_from_dict(google.service_account(), http_client=Here)
    yield made
    made.http_client.session.close()
    made.http_client.session._auth_request.session.close()


@pytest.fixture
def gc(google):
    yield from client(google)


def test_a_robot_signs_in_and_writes(google, gc):
    document = google.spreadsheet({"Contacts": [["Ann", "1"], ["Bea", "2"]]})
    sheet = gc.open_by_key(document).worksheet("Contacts")
    sheet.update([["Cy"]], "A2")

    assert sheet.get_all_values() == [["Ann", "1"], ["Cy", "2"]]
    assert [each.name for each in google.log][:2] == ["oauth.token", "spreadsheets.get"]
    assert google.log[-1].user == google.robot


def test_a_robot_that_is_not_known_is_refused(google, gc):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    google.oauth.robots.clear()

    with pytest.raises(RefreshError, match="account not found"):
        gc.open_by_key(document)


def test_an_expired_token_is_renewed(google, gc):
    document = google.spreadsheet({"Contacts": [["Ann"]]})
    gc.open_by_key(document)
    google.clock.advance(3600)
    gc.open_by_key(document)

    statuses = [(each.name, each.status) for each in google.log]
    assert ("spreadsheets.get", 401) in statuses
    assert statuses[-1] == ("spreadsheets.get", 200)


def test_a_document_that_is_not_shared_is_told_apart_from_one_that_does_not_exist(google, gc):
    document = google.spreadsheet({"Contacts": [["Ann"]]}, writers=[])

    with pytest.raises(PermissionError):
        gc.open_by_key(document)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open_by_key("unknown")

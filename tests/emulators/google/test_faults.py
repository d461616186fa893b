"""Quotas, faults, and a person who edits between two requests."""

from __future__ import annotations

import pytest
import requests

from tests.emulators.google.emulator import Emulator


def write(text="new"):
    cell = {"userEnteredValue": {"stringValue": text}}
    update = {"rows": [{"values": [cell]}], "fields": "*", "start": {"sheetId": 0}}
    return {"updateCells": update}


@pytest.fixture
def document(google):
    return google.spreadsheet({"Contacts": [["old"]]})


def test_sixty_reads_and_sixty_writes_a_minute(google, program, document):
    path = f"/v4/spreadsheets/{document}"
    query = {"fields": "spreadsheetId"}
    assert {program.call("GET", path, params=query)[0] for _ in range(60)} == {200}
    status, told = program.call("GET", path, params=query)

    assert status == 429
    assert told["error"]["status"] == "RESOURCE_EXHAUSTED"
    detail = told["error"]["details"][0]
    assert detail["reason"] == "RATE_LIMIT_EXCEEDED"
    assert detail["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert detail["metadata"]["quota_metric"] == "sheets.googleapis.com/read_requests"
    assert program.batch(document, write())[0] == 200
    google.clock.advance(60)
    assert program.call("GET", path, params=query)[0] == 200


def test_all_users_together_have_three_hundred_a_minute(google, program, document):
    for number in range(5):
        user = f"user{number}@example.org"
        google.share(document, user)
        for _ in range(60):
            google.front.quota.take("read", user)
    status, told = program.call("GET", f"/v4/spreadsheets/{document}")

    assert status == 429
    assert told["error"]["details"][0]["metadata"]["quota_limit"].endswith("PerProject")


def test_quotas_can_be_left_out():
    with Emulator(quotas=False) as google:
        assert google.front.quota is None


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503, 504])
def test_a_fault_before_the_commit_changes_nothing(google, program, document, status):
    google.fault("batchUpdate", status=status)
    seen, told = program.batch(document, write())

    assert (seen, told["error"]["code"]) == (status, status)
    assert google.values(document, "Contacts") == [["old"]]
    assert program.batch(document, write())[0] == 200


def test_a_fault_after_the_commit_hides_that_it_was_done(google, program, document):
    google.fault("write", status=503, after_commit=True, times=2, retry_after="7")

    assert program.batch(document, write("one"))[0] == 503
    assert google.values(document, "Contacts") == [["one"]]
    path = f"{google.url}/v4/spreadsheets/{document}:batchUpdate"
    answer = program.session.post(path, json={"requests": [write("two")]}, timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert google.values(document, "Contacts") == [["two"]]
    assert program.batch(document, write("three"))[0] == 200


@pytest.mark.parametrize("after", [False, True])
def test_a_line_is_dropped_before_or_after_the_commit(google, program, document, after):
    google.fault("batchUpdate", drop=True, after_commit=after)
    with pytest.raises(requests.ConnectionError):
        program.batch(document, write())

    assert google.values(document, "Contacts") == [["new" if after else "old"]]
    assert google.log[-1].status == 0


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_comes_too_late(google, program, document, after):
    google.fault("batchUpdate", delay=5.0, after_commit=after)
    path = f"{google.url}/v4/spreadsheets/{document}:batchUpdate"
    with pytest.raises(requests.Timeout):
        program.session.post(path, json={"requests": [write()]}, timeout=0.2)


def test_a_fault_meets_only_what_it_is_meant_for(google, program, document):
    google.fault("values.get", status=500)
    google.fault(lambda seen: "deleteSheet" in str(seen.body), status=500, times=None)

    assert program.batch(document, write())[0] == 200
    assert program.call("GET", f"/v4/spreadsheets/{document}")[0] == 200
    for _ in range(3):
        assert program.batch(document, {"deleteSheet": {"sheetId": 0}})[0] == 500
    assert program.call("GET", f"/v4/spreadsheets/{document}/values/Contacts")[0] == 500


def test_a_bad_gateway_does_not_speak_json(google, program, document):
    google.fault("read", status=502)
    answer = program.session.get(f"{google.url}/v4/spreadsheets/{document}", timeout=10)

    assert answer.status_code == 502
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_storage_quota_is_another_403(google, program, document):
    google.fault("write", status=403, reason="storageQuotaExceeded", message="No space is left.")
    _, told = program.batch(document, write())

    assert told["error"]["details"][0] == {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "storageQuotaExceeded",
        "domain": "usageLimits",
        "metadata": {},
    }


def test_a_person_edits_just_before_our_write(google, program, document):
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    google.before(
        "batchUpdate", lambda: google.person(document, {"insertDimension": {"range": row}})
    )

    assert program.batch(document, write())[0] == 200
    assert google.values(document, "Contacts") == [["new"], ["old"]]
    assert program.batch(document, write("again"))[0] == 200
    assert google.values(document, "Contacts") == [["again"], ["old"]]


def test_a_person_makes_no_slips(google, document):
    with pytest.raises(Exception, match="Unknown name"):
        google.person(document, {"deleteSheet": {"sheetID": 0}})

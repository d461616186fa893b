"""Requests to Google Sheets: what is tried again, for how long, and what is said at the end."""

from __future__ import annotations

import json
import random

import pytest
import requests
from google.auth.exceptions import RefreshError, TransportError
from gspread.exceptions import APIError

from sheets.books.google import wire
from sheets.books.google.wire import Lost, Refused, Wire
from sheets.errors import CannotRead, CannotWrite

SECRET = "Nørgaard 585-555-0123"


def answer(status=200, body=None, **headers):
    made = requests.Response()
    made.status_code = status
    made._content = (json.dumps({"title": "x"}) if body is None else body).encode()
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


def error(status, message="", **headers):
    told = {"error": {"code": status, "message": message, "status": "X"}}
    return APIError(answer(status, json.dumps(told), **headers))


class Line:
    """Carries nothing: gives what it is told to, and remembers what it was asked."""

    def __init__(self, *given):
        self.given = list(given)
        self.asked = []
        self.slept = []

    def request(self, method, endpoint, params=None, data=None, json=None):
        self.asked.append((method, endpoint, params, json))
        one = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        if isinstance(one, Exception):
            raise one
        return one


def wired(*given, robot="robot@example.org", seed=1):
    line = Line(*given)
    made = Wire(
        line,
        "abc",
        robot,
        sleep=line.slept.append,
        clock=lambda: sum(line.slept),
        dice=random.Random(seed),
    )
    return made, line


def test_a_read_asks_for_the_fields_it_wants_and_a_write_for_what_it_is_told_back():
    made, line = wired(answer())

    assert made.read("properties") == {"title": "x"}
    made.write({"requests": []}, "updatedSpreadsheet")

    root = "https://sheets.googleapis.com/v4/spreadsheets/abc"
    assert line.asked == [
        ("get", root, {"prettyPrint": "false", "fields": "properties"}, None),
        (
            "post",
            f"{root}:batchUpdate",
            {"prettyPrint": "false", "fields": "updatedSpreadsheet"},
            {"requests": []},
        ),
    ]
    assert made.calls == 2


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_read_that_failed_is_tried_again_and_a_write_never_blindly(status):
    made, line = wired(error(status), answer())
    assert made.read("x") == {"title": "x"}
    assert len(line.slept) == 1

    made, line = wired(error(status), answer())
    with pytest.raises(Lost):
        made.write({}, "x")
    assert (len(line.asked), line.slept) == (1, [])


@pytest.mark.parametrize(
    "broken", [requests.ConnectionError(), requests.ReadTimeout(), answer(body="<html>")]
)
def test_a_line_that_breaks_is_the_same_as_an_answer_that_failed(broken):
    made, line = wired(broken, answer())
    assert made.read("x") == {"title": "x"}
    assert len(line.asked) == 2

    made, line = wired(broken)
    with pytest.raises(Lost):
        made.write({}, "x")
    assert len(line.asked) == 1


def test_a_write_that_was_refused_for_the_quota_is_sent_again_as_it_is():
    made, line = wired(error(429), error(429), answer())

    made.write({"requests": [1]}, "x")

    assert [body for *_, body in line.asked] == [{"requests": [1]}] * 3


@pytest.mark.parametrize(
    ("told", "waited"),
    [("7", 7), ("0", 0), ("1.5", 1.5)],
)
def test_it_waits_as_long_as_google_asks(told, waited):
    made, line = wired(error(429, Retry_After=told), answer())

    made.read("x")

    assert line.slept == [waited]


@pytest.mark.parametrize("told", ["-3", "nan", "inf", "", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_wait_that_cannot_be_meant_is_one_of_our_own(told):
    made, line = wired(error(429, Retry_After=told), answer())

    made.read("x")

    [waited] = line.slept
    assert 0 < waited <= 60


def test_a_wait_longer_than_our_patience_is_not_begun():
    made, line = wired(error(429, Retry_After="3600"))

    with pytest.raises(CannotRead, match="takes no more requests"):
        made.read("x")

    assert line.slept == []


@pytest.mark.parametrize("seed", range(20))
def test_the_quota_of_a_minute_is_waited_for_but_not_for_ever(seed):
    made, line = wired(error(429), seed=seed)

    with pytest.raises(CannotWrite, match="takes no more requests"):
        made.write({}, "x")

    assert len(line.asked) == wire.TRIES
    assert 60 <= sum(line.slept) <= wire.PATIENCE


@pytest.mark.parametrize("seed", range(5))
def test_a_server_that_fails_and_fails_is_given_up_soon(seed):
    made, line = wired(error(503), seed=seed)

    with pytest.raises(CannotRead, match="does not answer"):
        made.read("x")

    assert (len(line.asked), len(line.slept)) == (wire.TRIES, wire.TRIES - 1)
    assert sum(line.slept) <= 30


def test_a_403_for_too_many_requests_is_waited_out_and_any_other_is_not():
    details = [{"reason": "rateLimitExceeded"}]
    told = json.dumps({"error": {"code": 403, "message": "", "errors": details}})
    made, line = wired(APIError(answer(403, told)), answer())
    made.read("x")
    assert len(line.slept) == 1

    made, line = wired(error(403, "The caller does not have permission"))
    with pytest.raises(CannotRead, match="not shared with Reveal") as caught:
        made.read("x")
    assert "robot@example.org" in caught.value.hint
    assert line.slept == []


@pytest.mark.parametrize(
    ("status", "message", "kind", "said"),
    [
        (401, "", CannotRead, "does not take this sign-in"),
        (403, "", CannotWrite, "may not be changed"),
        (404, "", CannotRead, "no such spreadsheet"),
        (413, "too large", CannotWrite, r"an error \(413\)"),
        (418, "", CannotWrite, r"an error \(418\)"),
    ],
)
def test_what_no_waiting_helps_is_said_at_once(status, message, kind, said):
    made, line = wired(error(status, message))

    with pytest.raises(kind, match=said):
        made.write({}, "x")

    assert line.slept == []


def test_an_excel_file_in_drive_is_called_what_it_is():
    made, _ = wired(error(400, "This operation is not supported for this document"))

    with pytest.raises(CannotRead, match="Excel file") as caught:
        made.read("x")

    assert "Save as Google Sheets" in caught.value.hint


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"Invalid requests[12].setBasicFilter: {SECRET}", "setBasicFilter"),
        (f'Invalid value at "x", "{SECRET}"', "400"),
        ("", "400"),
    ],
)
def test_of_what_google_refuses_only_the_kind_is_told(message, said):
    made, _ = wired(error(400, message))

    with pytest.raises(Refused) as caught:
        made.write({}, "x")

    assert str(caught.value) == said


def test_an_expired_sign_in_is_no_reason_to_wait():
    made, line = wired(RefreshError("invalid_grant: Bad Request", {}))

    with pytest.raises(CannotRead, match="does not take this sign-in") as caught:
        made.write({}, "x")

    assert (len(line.asked), line.slept) == (1, [])
    assert "reveal google login" in caught.value.hint


@pytest.mark.parametrize("broken", [TransportError("x"), RefreshError("x", retryable=True)])
def test_a_sign_in_that_did_not_get_through_is_tried_again_since_nothing_was_sent(broken):
    made, line = wired(broken, answer())
    made.write({}, "x")
    assert len(line.asked) == 2

    made, _ = wired(broken)
    with pytest.raises(CannotWrite, match="does not answer"):
        made.write({}, "x")


def test_no_word_of_an_answer_is_said():
    for status in (401, 403, 404, 413, 429, 500):
        made, _ = wired(error(status, SECRET))
        with pytest.raises(CannotRead) as caught:
            made.read("x")
        assert SECRET not in str(caught.value)

"""The emulator answers as the service did, wherever somebody has recorded the service."""

from __future__ import annotations

import json

import pytest

from tests.emulators.google import replay

LEAST = 0.95


@pytest.mark.slow
def test_recorded_answers_are_given_again(recordings, capsys):
    report = replay.replay(recordings)

    with capsys.disabled():
        pass
    assert report.comparable
    assert report.identical >= LEAST * report.comparable, "\n".join(map(str, report.differences))


def recording(folder, shown):
    """A recording of a document that is made, written to, read, and compared with this text."""
    google = "https://sheets.googleapis.com/v4/spreadsheets/abc"
    cell = {"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [[shown]]}
    done = {"spreadsheetId": "abc", "updatedRange": "Sheet1!A1"}
    counts = {"updatedRows": 1, "updatedColumns": 1, "updatedCells": 1}
    kind = "application/vnd.google-apps.spreadsheet"
    file = {"kind": "drive#file", "id": "abc", "name": "Roster", "mimeType": kind}
    steps = [
        ("POST", "https://www.googleapis.com/drive/v3/files", file, 200, file),
        (
            "PUT",
            f"{google}/values/A1?valueInputOption=RAW",
            {"values": [["Ann"]]},
            200,
            done | counts,
        ),
        ("GET", f"{google}/values/A1", None, 200, cell),
        ("GET", f"{google.replace('abc', 'other')}/values/A1", None, 200, cell),
        ("POST", f"{google}/sheets/0:copyTo", {}, 200, {}),
    ]
    told = [
        {
            "request": {"method": verb, "uri": uri, "body": json.dumps(body) if body else None},
            "response": {"status": {"code": code}, "body": {"string": json.dumps(answer)}},
        }
        for verb, uri, body, code, answer in steps
    ]
    (folder / "one.json").write_text(json.dumps({"interactions": told}), encoding="utf-8")
    return replay.replay(folder)


def test_what_cannot_be_compared_is_counted_apart(tmp_path):
    report = recording(tmp_path, "Ann")

    assert (report.identical, report.comparable) == (3, 3)
    assert dict(report.left_out) == {
        "about documents made outside of the recording": 1,
        "of kinds that are not emulated": 1,
    }
    assert str(report).startswith("3 of 3 comparable answers are identical (100.0%)")


def test_an_answer_that_is_not_the_recorded_one_is_told(tmp_path):
    report = recording(tmp_path, "Bea")

    assert (report.identical, report.comparable) == (2, 3)
    assert [str(each) for each in report.differences] == ["one: GET /v4/spreadsheets/abc/values/A1"]

"""The questions to Google, asked of the emulator: what is told, what is left behind, the record."""

from __future__ import annotations

import json

import pytest

from sheets.books.google import signin
from sheets.settings import places
from tests.emulators.google import Emulator, replay
from tests.live import google as live
from tests.live.questions import COSTLY, QUESTIONS

ROW_4 = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 4}


@pytest.fixture
def google(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Emulator() as emulator:
        monkeypatch.setenv("REVEAL_GOOGLE_URL", emulator.url)
        signin.Store(places.home(), keyring=False).save(emulator.service_account())
        yield emulator


@pytest.fixture
def document(google):
    """An empty spreadsheet of a French office, with a row that the robot may not change."""
    made = google.spreadsheet({"Sheet1": []}, size=(10, 5))
    google.person(
        made,
        {"addProtectedRange": {"protectedRange": {"range": ROW_4}}},
        {"updateSpreadsheetProperties": {"properties": {"locale": "fr_FR"}, "fields": "locale"}},
    )
    return made


def ask(google, document, *options):
    address = f"https://docs.google.com/spreadsheets/d/{document}/edit"
    return live.main([address, *map(str, options)], sleep=google.clock.advance)


def as_before(google, document):
    """Whether nothing is left behind."""
    state = google.state(document)
    return (
        google.titles(document) == ["Sheet1"]
        and state.properties["locale"] == "fr_FR"
        and not google.metadata(document)
        and google.values(document, "Sheet1") == []
    )


def of_kind(*kinds):
    """A match of the batches that have such a request."""
    return lambda seen: any(
        kind in each for each in seen.body.get("requests", ()) for kind in kinds
    )


def test_each_question_gets_one_line_and_nothing_is_left_behind(google, document, capsys):
    code = ask(google, document)

    *lines, last = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line[: len(words)] for line, words in zip(lines, QUESTIONS, strict=True)] == [
        *QUESTIONS
    ]
    assert all(line.endswith(" - as Reveal expects") for line in lines)
    assert last == "8 of 8 are as Reveal expects."
    assert "protected cell" in lines[6]
    assert as_before(google, document)


def test_what_uses_up_a_minute_is_asked_only_if_it_is_wanted(google, document, capsys):
    code = ask(google, document, "--quota")

    *_, after, cost, last = capsys.readouterr().out.splitlines()
    assert (code, last) == (0, "10 of 10 are as Reveal expects.")
    assert [after[:2], cost[:3]] == [words.partition(" ")[0] for words in COSTLY]
    assert "no Retry-After, after 60 writes; 429 Quota exceeded" in after
    assert "60 small writes a minute, or a large one (200) and 59 small ones" in cost
    assert as_before(google, document)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ({"match": of_kind("sortRange"), "status": 500}, "1"),
        ({"match": of_kind("createDeveloperMetadata"), "status": 500, "times": None}, "123"),
        ({"match": of_kind("setDataValidation"), "drop": True}, "5"),
        ({"match": of_kind("addConditionalFormatRule"), "status": 400, "times": None}, "48"),
    ],
)
def test_what_is_not_as_expected_is_told(google, document, capsys, fault, wrong):
    google.fault(**fault)

    code = ask(google, document)

    *lines, last = capsys.readouterr().out.splitlines()
    assert code == 1
    told = [line.partition(".")[0] for line in lines if " - NOT as Reveal expects: " in line]
    assert told == list(wrong)
    assert last == f"{8 - len(wrong)} of 8 are as Reveal expects."
    assert as_before(google, document)


def test_formulas_that_come_back_otherwise_are_told(google, document, capsys):
    other = {"userEnteredValue": {"formulaValue": '=IF(N("reveal:v1")=0;"right";"wrong")'}}

    def translated():
        title = google.titles(document)[-1]
        sheet = google.state(document).find(title).id
        start = {"sheetId": sheet, "rowIndex": 4, "columnIndex": 0}
        rows = [{"values": [other]}]
        fields = "userEnteredValue"
        google.person(document, {"updateCells": {"start": start, "rows": rows, "fields": fields}})

    def in_german(seen):
        locale = google.state(document).properties["locale"]
        return locale == "de_DE" and seen.name == "spreadsheets.get"

    google.before(in_german, translated)

    assert ask(google, document) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if "NOT as" in line]
    assert line.startswith("4. ")
    assert "; then" not in line
    assert 'then de_DE: =IF(N("reveal:v1")=0;"right";"wrong")' in line


def test_somebody_who_stops_it_leaves_nothing_behind(google, document, monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setitem(QUESTIONS, next(words for words in QUESTIONS if words[0] == "5"), stop)
    # What is cleaned up comes through at the third try.
    google.fault(of_kind("deleteSheet"), drop=True)
    google.fault(of_kind("deleteSheet"), status=503, after_commit=True)

    with pytest.raises(KeyboardInterrupt):
        ask(google, document)

    assert as_before(google, document)


def test_a_spreadsheet_in_use_is_left_alone(google, capsys):
    made = google.spreadsheet({"Contacts": [["First Name"], ["Ann"]]})

    assert ask(google, made) == 2
    assert "This spreadsheet is in use." in capsys.readouterr().err
    assert not google.calls("write")


def test_a_spreadsheet_that_is_not_shared_is_told(google, capsys):
    made = google.spreadsheet({"Sheet1": []}, writers=())

    assert ask(google, made) == 2
    assert f"Share it with {google.robot} as Editor." in capsys.readouterr().err


def test_what_cannot_be_cleaned_up_is_told(google, document, capsys):
    google.fault(of_kind("deleteSheet"), status=503, times=None)

    assert ask(google, document) == 2
    title = google.titles(document)[-1]
    assert f'Delete the tab "{title}"' in capsys.readouterr().err


@pytest.mark.parametrize("options", [(), ("--quota",)])
def test_the_record_holds_no_token_and_gives_the_same_answers(google, document, tmp_path, options):
    path = tmp_path / "records" / "live.json"
    path.parent.mkdir()

    ask(google, document, "--record", path, *options)

    written = path.read_text(encoding="utf-8")
    assert not [token for token in google.oauth.tokens if token in written]
    assert "555010000000" not in written
    told = json.loads(written)["interactions"]
    assert len(told) == len([each for each in google.log if each.path.startswith("/v4/")])
    report = replay.replay(path.parent)
    assert report.identical == report.comparable > 30
    assert sum(report.left_out.values()) == (3 if options else 0)


def test_an_answer_that_is_not_the_recorded_one_is_found(google, document, tmp_path):
    path = tmp_path / "records" / "live.json"
    path.parent.mkdir()
    ask(google, document, "--record", path)
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("already exists", "is there"), encoding="utf-8")

    report = replay.replay(path.parent)

    assert len(report.differences) == 1

"""The command line is a contract: exit codes, streams, JSON, and where results go."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from sheets.errors import CannotRead
from tests.running import reveal

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"


@pytest.fixture
def school(tmp_path):
    return Path(shutil.copy(SAMPLES / "small-school.xlsx", tmp_path))


def rows_of(path, sheet):
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    book.close()
    return rows


def test_check_writes_the_result_beside_the_file_and_says_one_number_first(school):
    before = school.read_bytes()

    done = reveal("check", school)

    assert done.returncode == 1
    assert done.stderr == ""
    assert " are revealed; " in done.stdout.splitlines()[0]
    assert "small-school.checked.xlsx" in done.stdout.splitlines()[-1]
    assert school.read_bytes() == before
    header = rows_of(school.with_name("small-school.checked.xlsx"), "Contacts")[0]
    assert header[-2:] == ["Revealed?", "What to fix"]


def test_json_follows_schema_1(school):
    done = reveal("check", school, "--json", "--as-of", "2026-11-23")

    result = json.loads(done.stdout)
    assert list(result) == ["reveal", "profile", "summary", "causes", "salt", "sheets", "outputs"]
    assert result["reveal"] == 1
    assert result["profile"]["as_of"] == "2026-11-23"
    assert {"student", "staff", "contact"} <= set(result["summary"])
    assert {"schools", "fixers", "roll_up", "duplicates"} <= set(result["summary"])
    contacts = next(sheet for sheet in result["sheets"] if sheet["kind"] == "contact")
    assert {"file", "sheet", "header_row", "columns", "unrecognised", "rows"} <= set(contacts)
    counted = dict.fromkeys(["Yes", "No", "Unknown"], 0)
    for row in contacts["rows"]:
        counted[row["revealed"]] += 1
    assert list(counted.values()) == list(result["summary"]["contact"].values())
    finding = next(row["findings"][0] for row in contacts["rows"] if row["revealed"] == "No")
    assert set(finding) == {"rule", "severity", "field", "cell", "message"}
    cause = result["causes"][0]
    assert {"rule", "severity", "rows", "alone", "who_fixes", "message"} <= set(cause)


def test_a_dry_run_shows_what_it_would_write_and_writes_nothing(school):
    done = reveal("check", school, "--dry-run")

    assert done.returncode == 1
    assert "Nothing was written" in done.stdout
    assert [path.name for path in school.parent.iterdir()] == ["small-school.xlsx"]


def test_in_place_keeps_a_backup_and_a_second_run_changes_nothing(school):
    before = school.read_bytes()

    reveal("check", school, "--in-place")
    once = school.read_bytes()
    reveal("check", school, "--in-place")

    [backup] = school.parent.glob("small-school.backup-*.xlsx")
    assert backup.read_bytes() == before
    assert school.read_bytes() == once != before


def test_clear_takes_everything_away_again(school):
    reveal("check", school)
    checked = school.with_name("small-school.checked.xlsx")

    done = reveal("clear", checked)

    assert done.returncode == 0
    assert rows_of(checked, "Contacts") == rows_of(school, "Contacts")


def test_clear_on_a_clean_file_says_so(school):
    before = school.read_bytes()

    done = reveal("clear", school)

    assert "nothing of Reveal's" in done.stdout
    assert school.read_bytes() == before


def test_files_of_a_district_are_judged_together(tmp_path):
    folder = Path(shutil.copytree(SAMPLES / "district", tmp_path / "district"))

    done = reveal("check", folder, "--json")

    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert sorted(Path(path).name for path in result["outputs"]) == [
        "contacts.checked.xlsx",
        "roster.checked.xlsx",
    ]
    assert not [cause for cause in result["causes"] if "accounts" in cause["message"]]


def test_a_result_that_was_being_corrected_is_never_lost(school):
    reveal("check", school)
    checked = school.with_name("small-school.checked.xlsx")
    book = openpyxl.load_workbook(checked)
    book["Contacts"]["A2"] = "corrected"
    book.save(checked)
    corrected = checked.read_bytes()

    reveal("check", school)

    [kept] = school.parent.glob("small-school.checked.backup-*.xlsx")
    assert kept.read_bytes() == corrected


def test_everyone_revealed_ends_with_0_and_praise(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text("Staff Number,Last Name,First Name,Enabled\n12,Byrne,Ann,yes\n")

    done = reveal("check", file)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("All 1 are revealed.")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check"], 2, "Missing argument"),
        (["check", "gone.xlsx"], 3, "no such file"),
        (["check", "broken.xlsx"], 3, "broken.xlsx"),
        (["check", "staff.csv", "--map", "nonsense"], 2, "HEADER=FIELD"),
        (["check", "staff.csv", "--profile", "nowhere"], 2, "nowhere"),
        (["check", "staff.csv", "--sheet", "Nowhere"], 3, "Nowhere"),
        (["check", "staff.csv", "--as-of", "yesterday"], 2, "yesterday"),
        (["check", "staff.csv", "--dry-run", "--in-place"], 2, "--dry-run"),
        (["check", "staff.csv", "--out", "staff.csv"], 2, "one of the files"),
        (["check", "lunch.csv"], 3, "No sheet here looks like"),
        (["check", "https://docs.google.com/spreadsheets/d/1AbC/edit"], 2, "reveal sync"),
        (["clear", "docs.google.com/spreadsheets/d/1AbC"], 2, "reveal sync"),
        (["explain", "CON-FLD-99"], 2, "CON-FLD-99"),
    ],
)
def test_an_error_is_one_line_a_hint_and_the_right_exit_code(tmp_path, arguments, code, words):
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    (tmp_path / "staff.csv").write_text("Staff Number,Last Name,Enabled\n12,Byrne,yes\n")
    (tmp_path / "lunch.csv").write_text("Day,Dish\nMonday,Soup\n")

    done = reveal(*arguments, cwd=tmp_path)

    assert done.returncode == code
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(list(tmp_path.iterdir())) == 3


def test_debug_shows_the_trace_wherever_it_stands(tmp_path):
    with pytest.raises(CannotRead):
        reveal("check", tmp_path / "gone.xlsx", "--debug")


def test_a_fault_of_reveal_itself_is_said_without_data(monkeypatch, school):
    def fail(*_, **__):
        raise KeyError("tom.byrne@example.org")

    monkeypatch.setattr("sheets.flow.judge", fail)

    done = reveal("check", school)

    assert done.returncode == 3
    assert "KeyError in test_command_line.py" in done.stderr
    assert "example.org" not in done.stderr


def test_stopping_is_said_with_130(monkeypatch, school):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sheets.flow.judge", stop)

    done = reveal("check", school)

    assert done.returncode == 130
    assert "Stopped" in done.stderr


def test_if_one_result_cannot_be_written_none_is(tmp_path):
    folder = Path(shutil.copytree(SAMPLES / "district", tmp_path / "district"))
    (folder / "~$roster.checked.xlsx").write_bytes(b"")

    done = reveal("check", folder)

    assert done.returncode == 4
    assert "roster.checked.xlsx" in done.stderr
    assert not list(folder.glob("[a-z]*.checked.*"))


def test_the_program_ends_with_the_code_of_the_command(school):
    for arguments, code in ((["check", str(school)], 1), (["explain"], 0), (["nonsense"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "addin", *arguments], capture_output=True, check=False
        )
        assert done.returncode == code


def test_columns_shows_what_was_understood(school):
    done = reveal("columns", school)

    assert done.returncode == 0
    assert 'sheet "Contacts": contacts' in done.stdout
    assert "Other Phone" in done.stdout


def test_explain_lists_the_rules_and_explains_one():
    every, one = reveal("explain"), reveal("explain", "con-fld-03")

    assert "CON-FLD-03" in every.stdout
    for heading in ("Other Phone", "Census"):
        assert heading in one.stdout


def test_demo_makes_a_result_and_says_where(tmp_path):
    done = reveal("demo", cwd=tmp_path)

    assert done.returncode == 0
    assert (tmp_path / "reveal-demo" / "small-school.checked.xlsx").exists()
    assert "small-school.checked.xlsx" in done.stdout


def test_every_command_has_help_that_names_its_options():
    for command in ("check", "clear", "columns", "explain", "demo"):
        done = reveal(command, "--help")
        assert done.returncode == 0
        assert command in done.stdout
        assert len(done.stdout.splitlines()) > 5


def test_a_reader_that_stops_early_is_no_error(school):
    pipe = subprocess.run(
        f'"{sys.executable}" -m addin check "{school}" --json | head -c 10',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in pipe.stderr
    assert "Exception" not in pipe.stderr

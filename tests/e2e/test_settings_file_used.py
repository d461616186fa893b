"""`reveal.toml` on the command line: which file counts, what wins, what a result tells of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from sheets.settings import places
from tests.running import reveal

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"
DAY = ("--as-of", "2026-11-23")
FILE = """
packs = ["vendor"]
[settings]
guardian_source = "either"
active_year = [2026-07-01, 2027-06-30]
[severities]
PHN-01 = "off"
[map]
"Night Phone" = "Other Phone"
[[rule]]
id = "DST-01"
who = "student"
field = "Grade"
allowed = ["K"]
"""


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    """The user's own settings folder, empty."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(places, "home", lambda: home)
    return home


@pytest.fixture
def school(tmp_path):
    folder = tmp_path / "school"
    folder.mkdir()
    return Path(shutil.copy(SAMPLES / "small-school.xlsx", folder))


def settings_beside(school, text=FILE):
    path = school.with_name("reveal.toml")
    path.write_text(text, encoding="utf-8")
    return path


def profile_of(done):
    return json.loads(done.stdout)["profile"]


def test_the_file_beside_the_sheets_counts_and_is_named(school):
    file = settings_beside(school)

    done = reveal("check", school, "--json", *DAY)

    assert done.stderr == f"Settings: {file}\n"
    used = profile_of(done)
    assert used["packs"] == ["vendor"]
    assert used["changed"] == {"PHN-01": "off"}
    assert used["own_rules"] == ["DST-01"]
    assert used["settings_file"] == "reveal.toml"
    assert used["settings"]["guardian_source"] == "either"
    assert used["settings"]["active_year"] == ["2026-07-01", "2027-06-30"]
    assert "DST-01" in {cause["rule"] for cause in json.loads(done.stdout)["causes"]}


def test_without_a_file_nothing_is_said_of_settings(school):
    done = reveal("check", school, "--json", *DAY)

    assert done.stderr == ""
    assert profile_of(done)["settings_file"] == ""
    assert profile_of(done)["own_rules"] == []


def test_the_users_own_file_counts_where_there_is_none_beside_the_sheets(school, own_settings):
    own = own_settings / "reveal.toml"
    own.write_text('profile = "oneroster-1.1"\n', encoding="utf-8")

    assert profile_of(reveal("check", school, "--json", *DAY))["id"] == "oneroster-1.1"
    settings_beside(school, "")
    assert profile_of(reveal("check", school, "--json", *DAY))["id"] == "edutech"


def test_a_file_can_be_named_or_left_alone(school, tmp_path):
    settings_beside(school)
    other = tmp_path / "other.toml"
    other.write_text('profile = "oneroster-1.2"\n', encoding="utf-8")

    named = reveal("check", school, "--json", "--settings", other, *DAY)
    alone = reveal("check", school, "--json", "--no-settings", *DAY)

    assert (profile_of(named)["id"], profile_of(named)["settings_file"]) == (
        "oneroster-1.2",
        "other.toml",
    )
    assert (profile_of(alone)["packs"], alone.stderr) == ([], "")


def test_the_command_line_wins_over_the_file(school):
    settings_beside(school)

    done = reveal(
        *("check", school, "--json", "--profile", "oneroster-1.1", "--pack", "schooltool"),
        *("--set", "guardian_source=box", "--set", "schools=A, B", *DAY),
    )

    used = profile_of(done)
    assert (used["id"], used["packs"]) == ("oneroster-1.1", ["schooltool"])
    assert used["settings"]["guardian_source"] == "box"
    assert used["settings"]["schools"] == ["A", "B"]
    assert used["own_rules"] == ["DST-01"]


def test_a_file_that_is_not_understood_stops_everything_with_exit_code_3(school):
    file = settings_beside(school, '[settings]\nacount_required = "any"\nschools = true\n')
    before = sorted(school.parent.iterdir())

    done = reveal("check", school)

    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"Error: {file}: 2 things in it cannot be meant.",
        "  reveal.toml:2: acount_required: There is no such key. Did you mean account_required?",
        '  reveal.toml:3: schools: It cannot be "true". It is a text in quotation marks: "...".',
    ]
    assert sorted(school.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--set", "guardian_source=boxes"), 2, "Did you mean box?"),
        (("--set", "nonsense"), 2, "is not KEY=VALUE"),
        (("--pack", "vender"), 2, "There is no pack vender."),
        (("--profile", "edutec"), 2, "There is no profile edutec."),
        (("--settings", "nowhere.toml"), 3, "There is no such settings file."),
        (("--settings", "x.toml", "--no-settings"), 2, "cannot both be meant"),
    ],
)
def test_what_is_asked_for_in_vain_is_refused(school, options, code, said):
    done = reveal("check", school, *options)

    assert done.returncode == code
    assert said in done.stderr
    assert [path.name for path in school.parent.iterdir()] == ["small-school.xlsx"]


def test_the_note_on_the_header_tells_packs_and_that_settings_were_changed(school):
    settings_beside(school)

    reveal("check", school, *DAY)

    book = openpyxl.load_workbook(school.with_name("small-school.checked.xlsx"))
    notes = [check.prompt for check in book["Contacts"].data_validations.dataValidation]
    book.close()
    opening = "Written by Reveal. Rules: edutech 2 + vendor, own settings, as of 2026-11-23. "
    assert any(note.startswith(opening) for note in notes if note)
    assert max(len(note) for note in notes if note) <= 255


def test_columns_honours_the_mappings_and_rules_of_the_file(school):
    settings_beside(school, '[map]\n"Grade" = "ignore"\n')

    with_file = reveal("columns", school).stdout
    without = reveal("columns", school, "--no-settings").stdout

    assert "not used: Grade" in with_file
    assert "not used: Grade" not in without


def test_explain_goes_by_the_file_in_the_folder(school):
    settings_beside(school)

    listed = reveal("explain", cwd=school.parent)
    page = reveal("explain", "dst-01", cwd=school.parent)

    assert listed.stdout.startswith("Rules of edutech 2 + vendor, own settings\n")
    assert "  DST-01       check  Grade is one of: K. (own rule)\n" in listed.stdout
    assert page.stdout.startswith("DST-01\n\nWhat must hold\n  Grade is one of: K.\n")


def test_explain_tells_what_is_near_to_a_name_that_is_none():
    done = reveal("explain", "guardian_sorce")

    assert done.returncode == 2
    assert "guardian_source" in done.stderr


def test_explain_prints_the_book_or_one_page_but_not_both():
    assert reveal("explain", "--md").stdout.startswith("# The rules of Reveal: edutech 2\n")
    assert reveal("explain", "CON-FLD-01", "--md").returncode == 2


def test_help_loads_nothing_heavy():
    script = (
        "import sys; from addin import cli; cli.main(['check', '--help']);"
        "heavy = ('polars', 'pydantic', 'narwhals', 'tomllib', 'sheets.settings');"
        "sys.exit(str([name for name in heavy if name in sys.modules]))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert ran.stderr == "[]\n"
    assert "--no-settings" in ran.stdout

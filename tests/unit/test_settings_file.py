"""`reveal.toml`: what it may say, and that everything wrong in it is named with its line."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sheets import rules, settings
from sheets.errors import CannotRead, NotUnderstood, WrongUsage
from sheets.rules.model import Settings, Severity
from sheets.settings import form, places

EXAMPLE = Path(__file__).parents[2] / "templates" / "blank" / "reveal.toml"
ALL_SET = """
profile = "oneroster-1.1"
packs = ["vendor", "Schooltool"]
[settings]
account_required = "any"
home_page_reading = "b"
student_home_pages = ["Campus Student", "campus_parent"]
staff_home_pages = "Campus Instruction"
contact_home_pages = ["Campus Parent Portal"]
expired_is_inactive = false
guardian_types = ["Guardian", "Parent"]
guardian_source = "either"
guardian_by = "portal"
grade_book_sync = "yes"
grade_book_sync_for_guardians = true
active_year = [2026-07-01, 2027-06-30]
schools = ["Lincoln High School", 14]
staff_domains = ["@District.Example.org"]
phones = ["Cell Phone", "other_phone"]
two_people = ' and '
[severities]
phn-01 = "off"
EML-01 = "Hides"
[map]
"Home Phone" = "Other Phone"
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "reveal.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(path):
    with pytest.raises(NotUnderstood) as caught:
        settings.load(path)
    return str(caught.value).replace(str(path), path.name)


def test_an_empty_file_changes_nothing(file):
    district = settings.load(file(""))

    assert settings.profile(district, as_of=dt.date(2026, 11, 23)) == dataclasses.replace(
        rules.profile(as_of=dt.date(2026, 11, 23)), settings_file="reveal.toml"
    )


def test_all_that_can_be_set_is_in_the_profile(file):
    made = settings.profile(settings.load(file(ALL_SET)))

    assert (made.id, made.packs, made.settings_file) == (
        "oneroster-1.1",
        ("vendor", "schooltool"),
        "reveal.toml",
    )
    assert made.settings == Settings(
        account_required="any",
        home_page_reading="B",
        student_home_pages=("campus_student", "campus_parent"),
        staff_home_pages=("campus_instruction",),
        contact_home_pages=("campus_parent",),
        expired_is_inactive=False,
        guardian_types=("Guardian", "Parent"),
        guardian_source="either",
        guardian_by="portal",
        grade_book_sync=True,
        grade_book_sync_for_guardians=True,
        active_year=(dt.date(2026, 7, 1), dt.date(2027, 6, 30)),
        schools=("Lincoln High School", "14"),
        staff_domains=("district.example.org",),
        phones=("cell_phone", "other_phone"),
        two_people=" and ",
    )
    assert "PHN-01" not in made.severities
    assert made.severities["EML-01"] is Severity.HIDES


def test_a_mapping_of_the_file_is_kept_for_wherever_such_a_heading_is(file):
    assert settings.load(file(ALL_SET)).mapping == {"Home Phone": "Other Phone"}


def test_the_form_has_every_setting_of_the_rules():
    assert list(form.SettingsForm.model_fields) == [
        field.name for field in dataclasses.fields(Settings)
    ]


def test_the_command_line_wins_over_the_file(file):
    made = settings.profile(
        settings.load(file(ALL_SET)),
        profile_id="edutech",
        packs=["vendor"],
        settings={"guardian_by": "guardian"},
    )

    assert (made.id, made.packs, made.settings.guardian_by) == ("edutech", ("vendor",), "guardian")
    assert made.settings.guardian_source == "either"


def test_everything_wrong_is_named_with_its_line_in_one_error(file):
    text = """profile = "edutec"
schools = ["Lincoln"]
[settings]
acount_required = "any"
account_required = "sometimes"
active_year = [2027-07-01, 2026-06-30]
contact_home_pages = [
  "Campus Parent",
  "Campus Garden",
]
expired_is_inactive = "perhaps"
phones = ["Cel Phone"]
two_people = "("
staff_domains = ["nothing"]
[severities]
PHN-1 = "off"
PHN-01 = "loud"
[map]
"Home Phone" = "Other Fone"
[[rule]]
id = "CON-FLD-05"
who = "students"
field = "Grad"
requird = true
[[rule]]
id = "DST-01"
who = "staff"
field = "Grade"
allowed = ["1", "N/A"]
message = "one; two"
[[rules]]
"""

    opening, *lines = refused(file(text)).replace("meant. ", "meant.\n  ").splitlines()

    assert opening == "reveal.toml: 20 things in it cannot be meant."
    assert [line.removeprefix("  reveal.toml:") for line in lines] == [
        '1: profile: It cannot be "edutec". Did you mean edutech?',
        "2: schools: There is no such key here. Write it below a line [settings].",
        "4: acount_required: There is no such key. Did you mean account_required?",
        '5: account_required: It cannot be "sometimes". It is one of enabled, any, none.',
        (
            "6: active_year: Its last day is before its first. "
            "Write the first and the last day: [2026-07-01, 2027-06-30]."
        ),
        (
            '9: contact_home_pages: There is no Home Page "Campus Garden". '
            "Did you mean Campus Parent or Campus Student?"
        ),
        '11: expired_is_inactive: It cannot be "perhaps". It is true or false.',
        '12: phones: There is no phone "Cel Phone". Did you mean Cell Phone or Home Phone?',
        (
            '13: two_people: "(" is no regular expression that Reveal knows. '
            "Write it between ' signs; look-ahead and back-references are not known."
        ),
        '14: staff_domains: "nothing" is no mail domain. Write it like district.example.org.',
        '16: PHN-1: There is no rule "PHN-1". Did you mean PHN-01 or PHN-02?',
        '17: PHN-01: It cannot be "loud". It is one of hides, check, info, off.',
        (
            '19: Home Phone: There is no field "Other Fone". '
            "Did you mean Other Phone or Work Phone or Home Phone?"
        ),
        (
            '21: id: "CON-FLD-05" begins like the rules of Reveal. '
            'Choose a beginning of your own, such as "DST-01".'
        ),
        '22: who: It cannot be "students". Did you mean student?',
        '23: field: There is no field "Grad". Did you mean Grade?',
        "24: requird: There is no such key. Did you mean required?",
        (
            '28: field: A list of staff has no "Grade". '
            'For a column of your own write: column = "Grade".'
        ),
        "30: message: It holds one of the signs ; { }. Write it without them.",
        "31: rules: There is no such key. Did you mean rule?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = = 1", ":1: This line is not written as it must be."),
        ("a = ", ":1: Something is lacking at the end"),
        ("\n\n[settings\n", ":3: This line is not written"),
        ("profile = edutech", ":1: This line is not written"),
        ("[settings]\nschools = [\n\n", ":2: Something is lacking at the end"),
        ('profile = "a"\nprofile = "b"\n', ":2: This stands here for the second time."),
        ("[map]\n[settings]\n[map]\n", ":3: This stands here for the second time."),
        ("settings = 3", ":1: This is not written as it must be. Write it in lines"),
        ("\nrule = 3", ":2: This is not written as it must be."),
        ("[rule]\nid = 'X-1'", ":1: A rule stands below [[rule]]."),
        ("[severities]\nEML-01 = 3", ':2: EML-01: It cannot be "3".'),
        ("[settings]\nschools = ['']", ":2: schools: It is blank."),
        ("[settings]\nactive_year = 2026", ':2: active_year: It cannot be "2026".'),
        ("[settings]\nactive_year = ['May 1', 'June 1']", ':2: active_year: "May 1" is no day.'),
        (
            "[settings]\nprofile = 'edutech'",
            ":2: profile: There is no such key here. Write it above",
        ),
        ("id = 'DST-01'", ":1: id: There is no such key here. Write it below a line [[rule]]."),
        (
            "[google]\nspreadsheets = []",
            ":2: spreadsheets: There is no such key. Did you mean sheets",
        ),
        ("[google]\nurls = []", ":2: urls: There is no such key. There is only sheets."),
        ("[setings]\n", ":1: setings: There is no such key. Did you mean settings?"),
        ("[settings.schools]\nx = 1", ':1: schools: It cannot be "{...}".'),
    ],
)
def test_what_cannot_be_meant_is_told_in_the_offices_words(file, text, said):
    assert said in refused(file(text))


def test_a_wrong_word_cannot_play_tricks_on_a_terminal(file):
    said = refused(file('profile = "\\u001b]0;x\\u0007' + "y" * 100 + '"'))

    assert "\x1b" not in said
    assert "y" * 50 not in said


def test_a_file_with_a_byte_order_mark_and_windows_lines_is_read(tmp_path):
    path = tmp_path / "reveal.toml"
    path.write_bytes(b'\xef\xbb\xbfprofile = "oneroster-1.2"\r\n[settings]\r\nschools = 5\r\n')

    assert settings.load(path).profile == "oneroster-1.2"


def test_a_file_that_is_no_plain_text_is_refused_with_the_line(tmp_path):
    path = tmp_path / "reveal.toml"
    path.write_bytes(b'profile = "edutech"\n# caf\xe9\n')

    assert refused(path).startswith("reveal.toml:2: The settings file is not plain text.")


def test_a_file_that_is_far_too_long_is_not_read(tmp_path):
    path = tmp_path / "reveal.toml"
    path.write_bytes(b"#" * 1_000_000)

    assert refused(path).startswith("reveal.toml:1: This is too long")


def test_lists_without_an_end_are_refused(file):
    assert refused(file("a = " + "[" * 50_000)).startswith("reveal.toml:1: ")


def test_a_file_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(CannotRead, match="no such settings file"):
        settings.load(tmp_path / "mine.toml")
    with pytest.raises(CannotRead, match="cannot be opened"):
        settings.load(tmp_path)


def test_the_file_beside_the_sheets_goes_before_the_users_own(tmp_path, monkeypatch):
    own, beside = tmp_path / "own", tmp_path / "sheets"
    for folder in (own, beside):
        folder.mkdir()
        (folder / "reveal.toml").touch()
    monkeypatch.setattr(places, "home", lambda: own)

    assert settings.find(beside) == beside / "reveal.toml"
    (beside / "reveal.toml").unlink()
    assert settings.find(beside) == own / "reveal.toml"
    (own / "reveal.toml").unlink()
    assert settings.find(beside) is None


def test_a_file_in_a_folder_above_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "home", lambda: tmp_path / "nowhere")
    (tmp_path / "reveal.toml").touch()
    (tmp_path / "sheets").mkdir()

    assert settings.find(tmp_path / "sheets") is None


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("win32", {"APPDATA": "/roaming"}, Path("/roaming/Reveal")),
        ("darwin", {}, Path.home() / "Library" / "Application Support" / "Reveal"),
        ("linux", {"XDG_CONFIG_HOME": "/config"}, Path("/config/reveal")),
        ("linux", {"XDG_CONFIG_HOME": ""}, Path.home() / ".config" / "reveal"),
    ],
)
def test_the_users_own_settings_are_where_the_system_has_them(
    platform, variable, expected, monkeypatch
):
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in variable.items():
        monkeypatch.setenv(name, value)

    assert places.home() == expected


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ("guardian_source=box", "box"),
        ("grade_book_sync = yes", True),
        (
            "schools=Lincoln High School, Lincoln Elementary",
            ["Lincoln High School", "Lincoln Elementary"],
        ),
        ("schools=", []),
        ("active_year=2026-07-01,2027-06-30", (dt.date(2026, 7, 1), dt.date(2027, 6, 30))),
        ("two_people=a, b", "a, b"),
        ("phones=Cell Phone", ["cell_phone"]),
    ],
)
def test_a_setting_of_the_command_line_is_read_like_one_of_the_file(pair, expected):
    assert settings.setting(pair) == (pair.partition("=")[0].strip(), expected)


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("guardian_source", "is not KEY=VALUE"),
        ("guardian_sourc=box", "Did you mean guardian_source"),
        ("guardian_source=boxes", "Did you mean box"),
        ("profile=edutech", "no such key"),
    ],
)
def test_a_wrong_setting_of_the_command_line_is_refused(pair, said):
    with pytest.raises(WrongUsage, match=said):
        settings.setting(pair)


def test_the_example_changes_nothing_as_it_stands():
    district = settings.load(EXAMPLE)

    assert dataclasses.replace(district, file=None) == settings.District()


def test_the_example_shows_every_key_with_a_value_that_it_can_have(file):
    text = EXAMPLE.read_text(encoding="utf-8")
    switched_on = re.sub(r"(?m)^#(?=[^# \n])", "", text)

    district = settings.load(file(switched_on))

    for one in (form.File, form.SettingsForm, form.OwnRule):
        for name, field in one.model_fields.items():
            assert re.search(rf"(?m)^(\[+)?{field.alias or name}\b", switched_on), name
    assert [rule.id for rule, _ in district.rules] == ["DST-01", "DST-02"]
    shown = dict(district.settings)
    assert set(shown) == {field.name for field in dataclasses.fields(Settings)}
    edutech = rules.profile().settings
    for name in shown.keys() - {"active_year", "schools", "staff_domains"}:
        value = shown[name]
        assert getattr(edutech, name) == (tuple(value) if isinstance(value, list) else value)


def test_without_a_file_the_library_that_reads_it_is_not_loaded():
    script = (
        "import sys; from sheets import settings; settings.profile(settings.District());"
        "print([name for name in ('polars', 'pydantic') if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"

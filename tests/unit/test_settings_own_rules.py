"""A district's own rules: from the settings file to the words and marks beside its sheet."""

from __future__ import annotations

import datetime as dt

import pytest

import sheets
from sheets import MemoryBook, settings
from sheets.columns import recognise
from sheets.errors import ColumnsUnclear, NotUnderstood
from sheets.grid import Shade
from sheets.rules.model import Severity
from tests.unit.columns_grid import grid_of

STUDENTS = ["Student Number", "Last Name", "First Name", "Account Enabled", "Grade", "Homeroom"]
ANN = ["1", "Byrne", "Ann", "yes", "K", "12"]
BOB = ["2", "Cruz", "Bob", "yes", "13", None]
HOMEROOM = """
[[rule]]
id = "DST-01"
who = "student"
column = "Homeroom"
required = true
severity = "hides"
"""
GRADE = """
[[rule]]
id = "DST-02"
who = "student"
field = "Grade"
allowed = ["K", 1, 2]
"""


@pytest.fixture
def district(tmp_path):
    def read(text):
        path = tmp_path / "reveal.toml"
        path.write_text(text, encoding="utf-8")
        return settings.load(path)

    return read


@pytest.fixture
def profile(district):
    return lambda text: settings.profile(district(text), as_of=dt.date(2026, 11, 23))


def rule_of(profile, text):
    made = profile(text)
    [name] = [name for name in made.rules if name.startswith("DST-")]
    return made.rules[name]


def students(*rows, header=STUDENTS):
    return MemoryBook({"Students": [list(header), *map(list, rows)]}, name="students")


def told(book, profile, *, mapping=None, width=6):
    sheets.check([book], profile, mapping=mapping)
    return [tuple(row[width:]) for row in book.rows("Students")[1:]]


def test_a_column_of_the_sheet_must_hold_data(profile):
    assert told(students(ANN, BOB), profile(HOMEROOM)) == [
        ("Yes", None),
        ("No", '"Homeroom" is blank'),
    ]


def test_a_field_must_hold_one_of_some_values_and_is_else_to_be_looked_at(profile):
    assert told(students(ANN, BOB), profile(GRADE)) == [
        ("Yes", None),
        ("Yes", '"Grade" is not one of the allowed values'),
    ]


def test_the_missing_cell_is_marked(profile):
    book = students(ANN, BOB)

    [patch] = sheets.check([book], profile(HOMEROOM)).patches(book)

    assert [(mark.column, mark.shade) for mark in patch.marks] == [(6, Shade.MISSING)]


@pytest.mark.parametrize("heading", ["HomeRoom", "home room", " HOMEROOM ", "student.homeroom"])
def test_the_column_is_found_however_its_heading_is_written(profile, heading):
    header = [*STUDENTS[:-1], heading]

    [_, (verdict, _)] = told(students(ANN, BOB, header=header), profile(HOMEROOM))

    assert verdict == "No"


def test_without_the_column_a_rule_that_hides_cannot_tell(profile):
    book = students(ANN[:-1], header=STUDENTS[:-1])

    assert told(book, profile(HOMEROOM), width=5) == [
        ("Unknown", 'no "Homeroom" column: bring one')
    ]


def test_without_the_column_a_rule_that_does_not_hide_is_silent(profile):
    book = students(ANN[:-1], header=STUDENTS[:-1])

    assert told(book, profile(HOMEROOM.replace("hides", "check")), width=5) == [("Yes", None)]


def test_a_word_for_nothing_counts_as_blank(profile):
    assert told(students([*ANN[:-1], "n/a"]), profile(HOMEROOM)) == [
        ("No", '"Homeroom" holds only "n/a"')
    ]


def test_a_message_of_the_districts_own_is_told_with_it(profile):
    text = HOMEROOM + 'message = "the bus list needs it."\nallowed = ["12"]\n'

    assert told(students(BOB, [*ANN[:-1], "13"]), profile(text)) == [
        ("No", '"Homeroom" is blank: the bus list needs it'),
        ("No", '"Homeroom" is not one of the allowed values: the bus list needs it'),
    ]


def test_a_blank_is_allowed_where_the_rule_does_not_ask_for_data(profile):
    assert told(students([*ANN[:4], None, "12"]), profile(GRADE)) == [("Yes", None)]


def test_allowed_values_are_compared_without_case(profile):
    assert told(students([*ANN[:4], "k", "12"]), profile(GRADE)) == [("Yes", None)]


def test_the_rule_speaks_of_its_own_lists_alone(profile):
    staff = MemoryBook(
        {"Staff": [["Staff Number", "Last Name", "Enabled", "Homeroom"], ["7", "Na", "yes", None]]}
    )

    sheets.check([staff], profile(HOMEROOM))

    assert staff.rows("Staff")[1][4:] == ["Yes", None]


def test_two_columns_of_that_heading_are_asked_about_and_the_answer_settles_it(profile):
    header, made = [*STUDENTS, "Home Room"], profile(HOMEROOM)

    with pytest.raises(ColumnsUnclear) as caught:
        told(students([*ANN, None], header=header), made)

    assert '--map "Home Room=Homeroom"' in caught.value.hint
    [(verdict, _)] = told(
        students([*ANN, None], header=header), made, mapping={"Home Room": "Homeroom"}, width=7
    )
    assert verdict == "No"


def test_a_mapping_of_the_file_may_speak_of_a_column_of_its_rules(district, profile):
    text = '[map]\n"Zimmer" = "Homeroom"\n' + HOMEROOM
    book = students(BOB, header=[*STUDENTS[:-1], "Zimmer"])

    sheets.check([book], profile(text), standing=district(text).mapping)

    assert book.rows("Students")[1][6:] == ["No", '"Zimmer" is blank']


def test_a_mapping_of_the_file_does_no_harm_where_there_is_no_such_heading(district, profile):
    text = '[map]\n"Night Phone" = "Other Phone"\n'

    outcome = sheets.check([students(ANN)], profile(text), standing=district(text).mapping)

    assert outcome.summary.total.yes == 1


def test_a_mapping_of_the_command_line_wins_over_the_files():
    grid = grid_of([["Student Number", "Last Name", "X"], ["1", "Byrne", "a"]], "Students")

    [found] = recognise([grid], {"X": "First Name"}, standing={"X": "Grade", "Y": "Email"})

    assert found.fields["first_name"].header == "X"


def test_a_heading_that_reveal_knows_is_the_field_that_it_is(profile):
    text = '[[rule]]\nid = "DST-01"\nwho = "contact"\ncolumn = "Mobile"\nrequired = true\n'

    rule = rule_of(profile, text)

    assert (rule.field, rule.column) == ("cell_phone", "")


@pytest.mark.parametrize(
    ("who", "field", "expected"),
    [
        ("student", "Grade", "grade"),
        ("student", "number", "number"),
        ("student", "Student Number", "number"),
        ("contact", "Student Number", "student_number"),
        ("contact", "Student Last Name", "student_last_name"),
        ("staff", "job_title", "job_title"),
    ],
)
def test_a_field_is_named_by_its_plain_name_or_id(profile, who, field, expected):
    text = f'[[rule]]\nid = "DST-01"\nwho = "{who}"\nfield = "{field}"\nrequired = true\n'

    assert rule_of(profile, text).field == expected


def test_allowed_values_of_a_flag_or_a_date_are_written_as_in_the_sheet(profile):
    opening = '[[rule]]\nid = "DST-01"\nwho = "student"\n'

    flag = rule_of(profile, f'{opening}field = "No Show"\nallowed = ["No", "N"]')
    day = rule_of(profile, f'{opening}field = "Enrollment Start"\nallowed = ["9/1/2026"]')

    assert (flag.allowed, day.allowed) == (("false",), ("2026-09-01",))


def test_what_is_not_said_has_a_plain_answer(profile):
    made = profile(HOMEROOM)
    rule = made.rules["DST-01"]

    assert made.severities["DST-01"] is Severity.HIDES
    assert (rule.title, rule.fix, rule.who_fixes) == (
        "Homeroom holds data.",
        "Fill in Homeroom.",
        "office",
    )
    assert rule_of(profile, GRADE).fix == "Write one of: K, 1, 2."
    assert profile(GRADE).severities["DST-02"] is Severity.CHECK


def test_the_whole_of_a_rule_can_be_said(profile):
    text = HOMEROOM + 'why = "W."\nfix = "F."\nwhere = "P"\nwho_fixes = "campus administrator"\n'

    rule = rule_of(profile, text)

    assert (rule.why, rule.fix, rule.where, rule.who_fixes) == (
        "W.",
        "F.",
        "P",
        "Campus administrator",
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'field = "Grade"\ncolumn = "Homeroom"\nrequired = true',
            "says either a field or a column",
        ),
        ("required = true", "says either a field or a column"),
        ('field = "Grade"', "asks for nothing"),
        ('field = "Grade"\nallowed = []', "asks for nothing"),
        ('field = "Job Title"\nrequired = true', 'A list of students has no "Job Title"'),
        ('column = "Status"\nrequired = true', 'field = "Account Enabled"'),
        ('column = "What to fix"\nrequired = true', "a column that Reveal writes"),
        ('column = "!"\nrequired = true', "is no heading"),
        ('field = "No Show"\nallowed = ["perhaps"]', "nothing that this field can hold"),
        ('field = "Grade"\nallowed = ["-"]', "counts as blank"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(district, lines, said):
    with pytest.raises(NotUnderstood) as caught:
        district(f'[[rule]]\nid = "DST-01"\nwho = "student"\n{lines}\n')

    assert said in str(caught.value)


@pytest.mark.parametrize("id_", ["CON-FLD-09", "stu-new-01", "DST", "D-1", "DST-01;", "ÄST-01"])
def test_an_id_must_be_the_districts_own(district, id_):
    with pytest.raises(NotUnderstood, match=r"reveal\.toml:2: id: "):
        district(HOMEROOM.lstrip().replace("DST-01", id_))

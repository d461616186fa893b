"""What stands on the sheet `Reveal summary`."""

from __future__ import annotations

import pytest

from sheets import summarysheet
from sheets.grid import OWN_MARK, OWN_SHEET
from sheets.rollup import RollUp
from sheets.rules.model import Severity
from sheets.summary import Cause, Counts, Summary
from tests.rule_tables import TYPES, profile, sheet
from tests.summaries import applying, pair, summarised

Row = tuple[str | int | None, ...]
PHONE, TYPE = "CON-FLD-03", "CON-REL-01"


def section(item: Summary, title: str, by=None) -> list[Row]:
    """The heading that begins with a title, and the rows below it up to the next blank row."""
    rows = [tuple(row) for row in summarysheet.sheet(item, by or profile()).rows]
    [start] = [at for at, row in enumerate(rows) if row[:1] == (title,)]
    end = next((at for at, row in enumerate(rows) if at > start and not row), len(rows))
    return rows[start:end]


def titles(item: Summary, by=None) -> list[object]:
    """The first cell of each heading."""
    made = summarysheet.sheet(item, by or profile())
    return [made.rows[at - 1][0] for at in sorted(made.headings)]


def cause(rule: str = PHONE, severity: Severity = Severity.HIDES, **more: object) -> Cause:
    told = {"rows": 4, "alone": 3, "who_fixes": "office", "message": '"Other Phone" is blank'}
    return Cause(rule, severity, **{**told, **more})


def test_it_begins_with_the_one_number_and_the_rules() -> None:
    made = summarysheet.sheet(Summary({"contact": Counts(12, 1, 2)}, []), profile())

    assert made.title == OWN_SHEET
    assert made.rows[:4] == (
        (OWN_MARK,),
        ("12 of 15 are revealed; 1 is hidden; 2 cannot be told.",),
        ("Rules: edutech 2, as of 2026-11-23",),
        (),
    )
    assert {1, 2} <= set(made.headings)
    assert made.frozen == 2


def test_where_everybody_is_revealed_it_holds_no_more_than_that_and_the_settings() -> None:
    counts = {"student": Counts(yes=2), "staff": Counts(), "contact": Counts()}

    assert titles(Summary(counts, [])) == [
        OWN_MARK,
        "All 2 are revealed. Well done.",
        "School",
        "Settings",
    ]
    assert section(Summary(counts, []), "School")[1:] == [("All", "students", 2, 0, 0)]


def test_people_are_counted_by_school_and_kind_without_empty_lines() -> None:
    kinds = {"student": Counts(yes=5), "staff": Counts(), "contact": Counts(3, 2, 1)}
    item = Summary(
        kinds,
        [],
        schools={
            "Lake": {"student": Counts(yes=4), "contact": Counts(no=2)},
            "": {"student": Counts(yes=1), "contact": Counts(3, 0, 1)},
        },
    )

    assert section(item, "School") == [
        ("School", "People", "Revealed", "Hidden", "Unknown"),
        ("All", "students", 5, 0, 0),
        ("All", "contacts", 3, 2, 1),
        ("Lake", "students", 4, 0, 0),
        ("Lake", "contacts", 0, 2, 0),
        ("School not known", "students", 1, 0, 0),
        ("School not known", "contacts", 3, 0, 1),
    ]


def test_students_and_their_guardians_where_there_are_both() -> None:
    numbers = RollUp(30, 40, 20, without=12, unlisted=5, complete=9)
    item = Summary({"student": Counts(yes=30)}, [], roll_up=numbers)

    assert section(item, "Students and their guardians") == [
        ("Students and their guardians", None, "Rows"),
        ("Students", None, 30),
        ("Students all of whose guardians are revealed", None, 9),
        ("Students without a revealed guardian", None, 12),
        ("Of these, students for whom no guardian is listed", None, 5),
        ("Guardians listed for students", None, 40),
        ("Guardians revealed for students", None, 20),
    ]


def test_who_can_fix_the_hidden_ones_nobody_included() -> None:
    fixers = {"office": 3, "Campus administrator": 0, "both": 1}
    item = Summary({"contact": Counts(no=4)}, [], fixers=fixers)

    assert section(item, "Who can fix the hidden ones") == [
        ("Who can fix the hidden ones", None, "Rows"),
        ("The office alone", None, 3),
        ("A Campus administrator alone", None, 0),
        ("Both together", None, 1),
    ]


def test_rows_that_list_a_contact_once_more_are_told() -> None:
    item = Summary({"contact": Counts(yes=4)}, [], duplicates=2)

    [row] = section(item, "Contacts listed for a student once more")

    assert row == ("Contacts listed for a student once more", "judged once", 2)


def test_a_cause_is_told_with_who_how_and_where() -> None:
    item = Summary({"contact": Counts(no=4)}, [cause()])

    heading, row = section(item, "What hides people, most helpful fix first")

    assert heading == (
        "What hides people, most helpful fix first",
        *("Who can fix it", "Rows", "By this alone", "Rule", "How to fix it", "Where in Campus"),
    )
    rule = profile().rules[PHONE]
    assert row == ('"Other Phone" is blank', "office", 4, 3, PHONE, rule.fix, rule.where)


def test_a_cause_that_is_never_alone_has_no_number_there() -> None:
    item = Summary({"contact": Counts(no=4)}, [cause(), cause("CON-FLD-04", alone=0)])

    _, one, other = section(item, "What hides people, most helpful fix first")

    assert (one[3], other[3]) == (3, None)


def test_causes_stand_under_the_heading_of_their_severity_in_their_order() -> None:
    causes = [
        cause(TYPE, Severity.CHECK, alone=0),
        cause(TYPE, Severity.UNKNOWN),
        cause(PHONE),
        cause("PRIV-01", Severity.INFO, alone=0),
        cause("CON-FLD-04"),
    ]
    item = Summary({"contact": Counts(no=4)}, causes)

    assert titles(item)[4:-1] == [
        "What hides people, most helpful fix first",
        "What is lacking to tell",
        "What to look at",
        "Good to know",
    ]
    hiding = section(item, "What hides people, most helpful fix first")
    assert [row[4] for row in hiding[1:]] == [PHONE, "CON-FLD-04"]


@pytest.mark.parametrize("title", ["What to look at", "Good to know"])
def test_what_bars_nobody_has_no_heading_for_what_it_alone_would_free(title: str) -> None:
    causes = [cause("EML-01", Severity.CHECK, alone=0), cause("PRIV-01", Severity.INFO, alone=0)]

    heading, row = section(Summary({"contact": Counts(yes=4)}, causes), title)

    assert heading[2:5] == ("Rows", None, "Rule")
    assert row[3] is None


class TestSettings:
    """The settings that change what an applied rule means, in words."""

    EMPTY = Summary({"contact": Counts(yes=1)}, [])

    def test_each_with_its_name_and_what_it_is(self) -> None:
        by = profile(guardian_types=("Guardian", "Mother"), expired_is_inactive=False)

        told = {row[1]: (row[0], row[5]) for row in section(self.EMPTY, "Settings", by)[1:]}

        assert told["guardian_types"] == (
            "The relationship types that count as Guardian",
            "Guardian, Mother",
        )
        assert (
            told["expired_is_inactive"][1]
            == "an expired account counts as active, and is pointed at"
        )
        assert told["staff_domains"][1] == "none"

    def test_those_of_rules_that_are_off_are_left_out(self) -> None:
        told = section(self.EMPTY, "Settings", applying(PHONE))[1:]

        assert [row[1] for row in told] == ["phones"]

    def test_every_row_is_as_wide_as_its_heading(self) -> None:
        heading, *rows = section(self.EMPTY, "Settings")

        assert {len(row) for row in rows} == {len(heading)}


def test_of_a_whole_check_it_holds_no_cell_but_schools() -> None:
    secret = {"first_name": "Canary", "email": "canary@example.org", "relationship": "Canary type"}
    rows = [
        pair(school="Hill", student_number="canary 1", other_phone=None, **secret),
        pair(school="Hill", other_phone="canary phone", **secret),
    ]
    item = summarised(sheet("contact", *rows), TYPES, by=profile())

    made = summarysheet.sheet(item, profile())

    texts = [cell for row in made.rows for cell in row if isinstance(cell, str)]
    assert "Hill" in texts
    assert len(item.causes) > 2
    assert not [text for text in texts if "canary" in text.lower()]

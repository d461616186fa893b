"""What is counted: verdicts, causes, who can fix them, and rows that are listed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from sheets.rules.model import Severity
from sheets.summary import TIMES, Counts, summarise_counted
from tests.rule_tables import TYPES, Row, Sheet, sheet
from tests.summaries import applying, pair, place, summarised

if TYPE_CHECKING:
    from sheets.rules.model import Profile
    from sheets.summary import Cause, Summary

PHONE, MAIL, TYPE, ACCOUNT = "CON-FLD-03", "CON-FLD-04", "CON-REL-01", "CON-ACCT-01"
ALL = applying(PHONE, MAIL, TYPE, ACCOUNT)

GOOD = pair()
NO_PHONE = pair(other_phone=None)
NO_MAIL = pair(email=None)
NO_ACCOUNT = pair(account_enabled="false")
NO_GUARDIAN = pair(relationship="Grandparent")
UNCLEAR = pair(relationship="Host Family")
"""A relationship of which nobody knows whether it is a guardian's."""


def contacts(*rows: Row) -> Sheet:
    return sheet("contact", *rows)


def summary(*rows: Row, by: Profile = ALL) -> Summary:
    return summarised(contacts(*rows), TYPES, by=by)


def cause(item: Summary, rule: str, severity: Severity = Severity.HIDES) -> Cause:
    [found] = [one for one in item.causes if (one.rule, one.severity) == (rule, severity)]
    return found


def test_each_verdict_of_each_kind_is_counted() -> None:
    found = summarised(
        sheet("student", {"account_enabled": "true"}, {"account_enabled": "false"}),
        contacts(GOOD, NO_PHONE, UNCLEAR, UNCLEAR),
        sheet("staff", {"account_enabled": "true"}),
        TYPES,
        by=applying(PHONE, TYPE, "STU-ACCT-01", "STF-ACCT-01"),
    )

    assert found.counts == {
        "student": Counts(yes=1, no=1),
        "staff": Counts(yes=1),
        "contact": Counts(yes=1, no=1, unknown=2),
    }
    assert found.total == Counts(yes=3, no=2, unknown=2)
    assert found.total.total == 7


def test_tables_of_one_kind_are_counted_together() -> None:
    lists = (contacts(GOOD, NO_PHONE), contacts(NO_PHONE, NO_MAIL))

    found = summarised(*lists, TYPES, by=ALL)

    assert found.counts["contact"] == Counts(yes=1, no=3)
    assert (cause(found, PHONE).rows, cause(found, PHONE).alone) == (2, 2)
    assert found.fixers == {"office": 3, "Campus administrator": 0, "both": 0}


class TestAlone:
    """How many rows would be revealed if one thing alone were fixed."""

    @pytest.mark.parametrize(
        ("row", "alone"),
        [
            (NO_PHONE, 1),
            ({**NO_PHONE, "email": None}, 0),
            ({**NO_PHONE, "relationship": "Grandparent"}, 0),
            # The phone would make it Unknown: the type of the relationship is lacking, too.
            ({**NO_PHONE, "relationship": "Host Family"}, 0),
        ],
        ids=["nothing else", "another of the office", "another of others", "something is lacking"],
    )
    def test_of_what_hides(self, row: Row, alone: int) -> None:
        found = cause(summary(row), PHONE)

        assert (found.rows, found.alone) == (1, alone)

    @pytest.mark.parametrize(
        ("row", "alone"),
        [(UNCLEAR, 1), ({**UNCLEAR, "other_phone": None}, 0)],
        ids=["nothing else", "something hides"],
    )
    def test_of_what_is_lacking(self, row: Row, alone: int) -> None:
        found = cause(summary(row), TYPE, Severity.UNKNOWN)

        assert (found.rows, found.alone) == (1, alone)

    def test_two_things_that_are_lacking_are_not_alone(self) -> None:
        row = {**UNCLEAR, "account_enabled": None, "account_enabled__odd": "unclear:"}

        found = summary(row)

        assert [(one.severity, one.alone) for one in found.causes] == [("unknown", 0)] * 2

    def test_what_is_only_to_be_checked_stands_in_nobodys_way(self) -> None:
        by = applying(PHONE, check=("EML-01",))
        row = {**NO_PHONE, "email": "amara at home"}

        found = summary(row, by=by)

        assert cause(found, PHONE).alone == 1
        assert cause(found, "EML-01", Severity.CHECK).alone == 0


def test_a_row_that_is_hidden_and_lacks_something_is_hidden() -> None:
    """It is told under both headings, and whoever can fix what hides it can free it."""
    found = summary({**NO_PHONE, "relationship": "Host Family"})

    assert found.total == Counts(no=1)
    assert [(one.rule, one.severity, one.rows) for one in found.causes] == [
        (PHONE, "hides", 1),
        (TYPE, "unknown", 1),
    ]
    assert found.fixers == {"office": 1, "Campus administrator": 0, "both": 0}


def test_causes_are_ranked_by_severity_then_by_what_each_alone_would_free() -> None:
    found = summary(
        *[{**NO_PHONE, "email": None}] * 3,  # many rows of which neither is alone
        *[NO_GUARDIAN] * 2,
        NO_MAIL,
        NO_MAIL,
        *[{**UNCLEAR, "email": "amara at home"}] * 9,
        by=applying(PHONE, MAIL, TYPE, check=("EML-01",)),
    )

    assert [(one.severity, one.rule, one.alone, one.rows) for one in found.causes] == [
        ("hides", MAIL, 2, 5),
        ("hides", TYPE, 2, 2),
        ("hides", PHONE, 0, 3),
        ("unknown", TYPE, 9, 9),
        ("check", "EML-01", 0, 9),
    ]


class TestFixers:
    """A row that both must fix is counted for neither of them alone."""

    @pytest.mark.parametrize(
        ("rows", "office", "administrator", "both"),
        [
            ([NO_PHONE, NO_MAIL, {**NO_PHONE, "email": None}], 3, 0, 0),
            ([NO_ACCOUNT, NO_GUARDIAN, {**NO_ACCOUNT, "relationship": "Grandparent"}], 0, 3, 0),
            ([{**NO_PHONE, "account_enabled": "false"}, NO_PHONE], 1, 0, 1),
            ([GOOD, UNCLEAR], 0, 0, 0),
        ],
    )
    def test_of_the_hidden_rows(
        self, rows: list[Row], office: int, administrator: int, both: int
    ) -> None:
        found = summary(*rows)

        told = {"office": office, "Campus administrator": administrator, "both": both}
        assert found.fixers == told
        assert list(found.fixers) == list(told)


class TestMessage:
    """What is said of a cause is what most of its rows read, without what is in the cells."""

    def test_the_sentence_of_most_rows(self) -> None:
        rows = [pair(other_phone=None, other_phone__odd="placeholder:N/A")] * 2

        assert cause(summary(NO_PHONE, *rows), PHONE).message == (
            '"Other Phone" holds only "N/A" (or the like)'
        )
        assert cause(summary(*[NO_PHONE] * 2), PHONE).message == '"Other Phone" is blank'

    def test_of_sentences_that_are_said_equally_often_the_plainest(self) -> None:
        row = pair(other_phone=None, other_phone__odd="placeholder:N/A")

        assert cause(summary(row, NO_PHONE), PHONE).message == (
            '"Other Phone" is blank (or the like)'
        )

    def test_no_cell_is_shown_so_that_different_cells_read_the_same(self) -> None:
        types = sheet(
            "relationship_type",
            *({"rel_type_name": name, "rel_type_guardian": "false"} for name in ("Aunt", "Uncle")),
        )
        rows = [pair(relationship=name) for name in ("Aunt", "Uncle", None, None, "Uncle")]

        found = cause(summarised(contacts(*rows), types, by=applying(TYPE)), TYPE)

        assert found.message == 'relationship "..." is not set as Guardian (or the like)'

    def test_each_list_has_its_own_headings(self) -> None:
        one, other = contacts(NO_PHONE), contacts(NO_PHONE, NO_PHONE)

        found = summarised(one, Renamed(**vars(other)), TYPES, by=ALL)

        assert cause(found, PHONE).message == '"Tel." is blank (or the like)'


class Renamed(Sheet):
    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, "other_phone": "Tel."}


class TestDuplicates:
    """A contact that is listed once more for a student is judged once."""

    BY = applying(PHONE, MAIL, check=("DUP-01",))
    TWICE = (NO_PHONE, NO_PHONE, {**NO_PHONE, "student_number": "0072"})

    def test_it_is_counted_once_and_its_causes_too(self) -> None:
        found = summary(*self.TWICE, by=self.BY)

        assert found.duplicates == 1
        assert found.counts["contact"] == Counts(no=2)
        assert (cause(found, PHONE).rows, cause(found, PHONE).alone) == (2, 2)
        assert found.fixers["office"] == 2

    def test_the_better_of_two_rows_counts(self) -> None:
        assert summary(NO_PHONE, GOOD, by=self.BY).counts["contact"] == Counts(yes=1)

    def test_of_many_rows_no_rows_number_is_told(self) -> None:
        found = cause(summary(*self.TWICE, by=self.BY), "DUP-01", Severity.CHECK)

        assert (found.rows, found.alone) == (1, 0)
        assert found.message == "the same contact of the same student as in row ...: see there"

    def test_where_the_rule_is_off_each_row_counts(self) -> None:
        found = summary(*self.TWICE, by=applying(PHONE))

        assert (found.duplicates, found.counts["contact"]) == (0, Counts(no=3))

    def test_even_where_the_rule_hides_its_rows_are_counted_nowhere_else(self) -> None:
        found = summary(*self.TWICE, by=applying(PHONE, "DUP-01"))

        assert found.counts["contact"] == Counts(no=2)
        assert cause(found, "DUP-01").alone == 0
        assert sum(found.fixers.values()) == 2


def test_nobody_is_nothing() -> None:
    found = summary()

    assert found.total == Counts()
    assert found.causes == []
    assert found.fixers == {"office": 0, "Campus administrator": 0, "both": 0}


def test_a_line_of_counts_stands_for_so_many_rows() -> None:
    """Exports may have millions of rows: they are counted where they are."""
    lines = pl.DataFrame(
        {
            "revealed": ["Yes", "No", "No", "Unknown"],
            PHONE: [None, "blank", "blank", None],
            TYPE: [None, None, "not_guardian:...", "type_unknown:..."],
            TIMES: [1_000, 30, 4, 2],
        }
    )

    found = summarise_counted([(place(contacts(GOOD)), "contact", lines)], ALL)

    assert found.counts["contact"] == Counts(yes=1_000, no=34, unknown=2)
    assert found.fixers == {"office": 30, "Campus administrator": 0, "both": 4}
    assert [(one.rule, one.severity, one.rows, one.alone) for one in found.causes] == [
        (PHONE, "hides", 34, 30),
        (TYPE, "hides", 4, 0),
        (TYPE, "unknown", 2, 2),
    ]
    assert found.schools == {}
    assert found.roll_up is None

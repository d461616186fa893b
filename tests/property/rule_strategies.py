"""Random districts: sheets with few different values, so that people and accounts do meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from sheets.rules.model import ODD
from tests.rule_tables import OFFICE, PARENT, STORE, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

DATES = ("2017-01-02", "2018-08-15", "2026-11-22", "2026-11-23", "2026-11-24", "2030-01-01")
RELATIONS = ("Mother", "MOTHER", "Guardian", "guardian", "Grandparent", "Host Family")
VALUES: Mapping[str, Sequence[str]] = {
    "person_id": ("1", "2", "3", "01"),
    "person_guid": ("A-1", "a-1", "B-2"),
    "number": ("1", "2", "0007"),
    "student_number": ("1", "2", "0007"),
    "staff_number": ("1", "2", "0007"),
    "email": ("ana@example.org", "ANA@example.org", "bo@example.org", "bo at example.org", "bo@x"),
    "first_name": ("Ana", "ANA", "Bo", "Zoë"),
    "last_name": ("Abara", "ABARA", "Ünal", "ünal", "O'Brien"),
    "full_name": ("Abara, Ana",),
    "other_phone": ("(585) 555-0100", "1-585-555-0101 ext. 12", "555-0100", "5855550100 x"),
    "home_phone": ("(585) 555-0102",),
    "relationship": RELATIONS,
    "guardian_flag": ("true", "false"),
    "username": ("ana", "ana2", "bo"),
    "home_page": (PARENT, OFFICE, STORE),
    "account_enabled": ("true", "true", "false"),
    "account_disabled": ("true", "false", "false"),
    "account_created": DATES,
    "account_expires": DATES,
    "rel_type_name": RELATIONS,
    "rel_type_guardian": ("true", "false"),
}
FLAGS = ("guardian_flag", "account_enabled", "account_disabled", "rel_type_guardian", "home_page")
OWN_ACCOUNT = ("username", "home_page", *FLAGS[1:3], "account_created", "account_expires")
PERSON = ("person_id", "person_guid", "number", "email", "first_name", "last_name")
FIELDS: Mapping[str, Sequence[str]] = {
    "student": (*PERSON, *OWN_ACCOUNT),
    "staff": (*PERSON, *OWN_ACCOUNT),
    "contact": (
        *PERSON,
        *OWN_ACCOUNT,
        *("full_name", "other_phone", "home_phone", "relationship", "guardian_flag"),
    ),
    "account": (*PERSON, "student_number", "staff_number", *OWN_ACCOUNT),
    "relationship_type": ("rel_type_name", "rel_type_guardian"),
}
REASONS = ("placeholder:N/A", "error:#N/A", "no_result:")
SETTINGS = st.fixed_dictionaries(
    {
        "home_page_reading": st.sampled_from("ABC"),
        "expired_is_inactive": st.booleans(),
        "guardian_types": st.sampled_from([("Guardian",), ("mother", "GUARDIAN"), ()]),
    }
)


@dataclass
class District:
    """All sheets that are checked together."""

    people: list[Sheet]
    accounts: list[Sheet]
    types: list[Sheet]

    @property
    def sheets(self) -> list[Sheet]:
        return [*self.people, *self.accounts, *self.types]


def sheets(kind: str, *, most_rows: int = 6) -> SearchStrategy[Sheet]:
    """A sheet of a kind with some of its fields."""
    # A field that is mostly there makes more keys meet than one that is there half of the time.
    some = st.lists(st.sampled_from(FIELDS[kind]), unique=True)
    fields = st.tuples(some, st.booleans()).map(
        lambda drawn: tuple(name for name in FIELDS[kind] if (name in drawn[0]) != drawn[1])
    )
    return fields.flatmap(lambda names: _filled(kind, names, most_rows))


def districts() -> SearchStrategy[District]:
    """A few sheets of people, with or without accounts and relationship types."""
    people = st.sampled_from(["contact", "contact", "student", "staff"]).flatmap(sheets)
    return st.builds(
        District,
        st.lists(people, min_size=1, max_size=2),
        st.lists(sheets("account"), max_size=3),
        st.lists(sheets("relationship_type"), max_size=2),
    )


def _filled(kind: str, names: tuple[str, ...], most_rows: int) -> SearchStrategy[Sheet]:
    row = st.fixed_dictionaries({name: _cells(name) for name in names}).map(_flat)
    gaps = st.lists(st.integers(1, 3), min_size=most_rows, max_size=most_rows)
    return st.builds(
        lambda rows, steps: Sheet(
            kind, names, rows, [2 + sum(steps[:at]) for at in range(len(rows))]
        ),
        st.lists(row, max_size=most_rows),
        gaps,
    )


def _cells(name: str) -> SearchStrategy[tuple[str | None, str | None]]:
    """A value, a blank, or a reason why the cell is null although it is not empty."""
    reasons = (*REASONS, "unclear:") if name in FLAGS or "account_" in name else REASONS
    return st.one_of(
        *[st.sampled_from(VALUES[name]).map(lambda value: (value, None))] * 3,
        st.just((None, None)),
        st.sampled_from(reasons).map(lambda reason: (None, reason)),
    )


def _flat(cells: Mapping[str, tuple[str | None, str | None]]) -> Row:
    """A cell's value and its companion as two keys of the row."""
    row: Row = {}
    for name, (value, reason) in cells.items():
        row[name] = value
        if reason:
            row[name + ODD] = reason
    return row

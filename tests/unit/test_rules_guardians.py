"""When a relationship counts as that of a guardian: the type, the box, the settings."""

from __future__ import annotations

import pytest

from tests.rule_tables import TYPES, Row, Sheet, contact, judge, odd, profile, sheet, types

OWN = {"account_enabled": "true", "home_page": "campus_parent"}


def relation(row: Row, *sheets: Sheet, absent: tuple[str, ...] = (), **settings: object) -> str:
    """The text of CON-REL-01; empty where the relationship is a guardian's."""
    people = sheet("contact", contact(**OWN) | row, absent=absent)
    _, findings = judge(people, *sheets, by=profile(**settings) if settings else None)
    assert set(findings) <= {"CON-REL-01"}
    return findings.get("CON-REL-01", "")


@pytest.mark.parametrize("name", ["Mother", "mother", "MOTHER"])
def test_the_sheet_of_types_is_read_in_any_case(name: str) -> None:
    assert relation({"relationship": name}, TYPES) == ""


def test_a_type_that_the_sheet_does_not_tick_is_no_guardian() -> None:
    told = types(Mother="true", Aunt="false", Uncle=None)

    assert relation({"relationship": "Aunt"}, told) == "not_guardian:Aunt"
    assert relation({"relationship": "uncle"}, told) == "not_guardian:uncle"


def test_the_sheet_has_the_last_word_over_box_and_settings() -> None:
    ticked = {"relationship": "Grandparent", "guardian_flag": "true"}

    assert relation(ticked, TYPES) == "not_guardian:Grandparent"
    assert relation({"relationship": "Mother", "guardian_flag": "false"}, TYPES) == ""
    guardian = {"relationship": "Guardian"}
    assert relation(guardian, types(Guardian="false")) == "not_guardian:Guardian"


@pytest.mark.parametrize("reason", ["unclear:", "error:#N/A", "no_result:"])
def test_a_flag_of_the_sheet_that_is_not_clear_is_unknown(reason: str) -> None:
    told = sheet("relationship_type", {"rel_type_name": "Aunt"} | odd("rel_type_guardian", reason))

    assert relation({"relationship": "Aunt"}, told) == "type_unclear:Aunt"


def test_a_word_for_nothing_in_the_sheet_is_a_box_without_a_tick() -> None:
    told = sheet(
        "relationship_type", {"rel_type_name": "Aunt"} | odd("rel_type_guardian", "placeholder:-")
    )

    assert relation({"relationship": "Aunt"}, told) == "not_guardian:Aunt"


def test_a_type_that_is_listed_twice_must_be_listed_alike() -> None:
    again = types(mother="true", GRANDPARENT="true")

    assert relation({"relationship": "Mother"}, TYPES, again) == ""
    assert relation({"relationship": "Grandparent"}, TYPES, again) == "type_unclear:Grandparent"


def test_a_sheet_of_types_without_a_guardian_column_says_nothing() -> None:
    names = sheet("relationship_type", {"rel_type_name": "Mother"})
    flags = sheet("relationship_type", {"rel_type_guardian": "true"})

    assert relation({"relationship": "Mother"}, names, flags) == "type_unknown:Mother"


def test_a_line_of_the_sheet_without_a_name_is_no_type() -> None:
    told = sheet("relationship_type", {"rel_type_name": None, "rel_type_guardian": "false"})

    assert relation({"relationship": None}, told) == "blank"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ({"guardian_flag": "true"}, ""),
        ({"guardian_flag": "false"}, "not_ticked"),
        ({"guardian_flag": None}, "not_ticked"),
        (odd("guardian_flag", "placeholder:-"), "not_ticked"),
        (odd("guardian_flag", "unclear:"), "box_unclear"),
        (odd("guardian_flag", "error:#N/A"), "box_unclear"),
        (odd("guardian_flag", "no_result:"), "box_unclear"),
    ],
)
def test_the_box_decides_for_a_type_that_the_sheet_does_not_know(box: Row, expected: str) -> None:
    assert relation({"relationship": "Host Family"} | box, TYPES) == expected
    assert relation({"relationship": "Guardian"} | box) == expected
    assert relation(box, absent=("relationship",)) == expected
    assert relation(box, TYPES, absent=("relationship",)) == expected


@pytest.mark.parametrize(
    ("nothing", "expected"),
    [
        ({"relationship": None}, "blank"),
        (odd("relationship", "placeholder:N/A"), "placeholder:N/A"),
        (odd("relationship", "error:#N/A"), "error:#N/A"),
        (odd("relationship", "no_result:"), "no_result"),
    ],
)
def test_no_type_is_what_is_missing_unless_the_box_decides(nothing: Row, expected: str) -> None:
    assert relation(nothing) == expected
    assert relation(nothing, TYPES) == expected
    assert relation(nothing | {"guardian_flag": None}, TYPES) == expected
    assert relation(nothing | {"guardian_flag": "true"}, TYPES) == ""
    assert relation(nothing | {"guardian_flag": "false"}, TYPES) == "not_ticked"


def test_the_settings_decide_where_there_is_neither_sheet_nor_box() -> None:
    assert relation({"relationship": "guardian"}) == ""
    assert relation({"relationship": "Guardian"}, TYPES) == ""
    assert relation({"relationship": "Mother"}) == "type_unknown:Mother"
    assert relation({"relationship": "Mother"}, guardian_types=(" mother ", "Father")) == ""
    assert relation({"relationship": "Guardian"}, guardian_types=()) == "type_unknown:Guardian"


def test_a_type_that_nothing_knows_is_unknown_not_hidden() -> None:
    people = sheet("contact", contact(**OWN, relationship="Host Family"))

    assert judge(people, TYPES)[0] == "Unknown"


def test_neither_a_type_nor_a_box_column_is_unknown() -> None:
    assert relation({}, TYPES, absent=("relationship",)) == "no_column"
    people = sheet("contact", contact(**OWN), absent=("relationship",))
    assert judge(people, TYPES)[0] == "Unknown"

"""Which contacts are guardians, and what becomes of those who are not: CON-REL-01 to CON-REL-06."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.property.oracle_cells import blank, date, lower, missing, small, ticked, unclear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Profile, Settings
    from tests.property.oracle_accounts import Known
    from tests.rule_tables import Row, Sheet

LACKING = {"no_column", "no_result", "type_unknown", "type_unclear", "box_unclear"}
"""What says that it cannot be told; everything else says that somebody is no guardian."""

RULES = ("CON-REL-01", "CON-REL-02", "CON-REL-03")


def told(row: Row, sheet: Sheet, types: Sequence[Sheet], settings: Settings) -> list[str | None]:
    """CON-REL-01, 02 and 03: by the type, by the Guardian box, by the Portal box."""
    portal = box(row, sheet, "portal_flag")
    answers = [by_type(row, sheet, types, settings), box(row, sheet, "guardian_flag"), portal]
    if settings.guardian_source == "either" and ticked(row, "guardian_flag"):
        answers[0] = None
    if settings.guardian_by == "either" and portal is None:
        return [None, None, None]
    return answers


def box(row: Row, sheet: Sheet, name: str) -> str | None:
    """A box of the relationship is ticked."""
    if name not in sheet.fields:
        return "no_column"
    if ticked(row, name):
        return None
    return "box_unclear" if unclear(row, name) else "not_ticked"


def by_type(row: Row, sheet: Sheet, types: Sequence[Sheet], settings: Settings) -> str | None:
    """The type of the relationship is configured as Guardian."""
    kind = row.get("relationship")
    configured = {
        "unclear" if unclear(each, "rel_type_guardian") else ticked(each, "rel_type_guardian")
        for one in types
        if {"rel_type_name", "rel_type_guardian"} <= {*one.fields}
        for each in one.rows
        if kind and lower(each, "rel_type_name") == small(kind)
    }
    if configured == {True}:
        return None
    if configured:
        return f"not_guardian:{kind}" if configured == {False} else f"type_unclear:{kind}"
    if "guardian_flag" in sheet.fields and (kind or not blank(row, "guardian_flag")):
        return box(row, sheet, "guardian_flag")
    if kind is None:  # no tick would say that somebody is no guardian, but the type is missing
        return missing(row, "relationship") if "relationship" in sheet.fields else untyped(sheet)
    listed = small(kind) in [small(one.strip()) for one in settings.guardian_types]
    return None if listed else f"type_unknown:{kind}"


def untyped(sheet: Sheet) -> str:
    """What is said of a blank box on a sheet without types, or of no box at all."""
    return "not_ticked" if "guardian_flag" in sheet.fields else "no_column"


def deciding(settings: Settings) -> int:
    """Which of the three rules says who is a guardian, as the district has set it."""
    if settings.guardian_by == "portal":
        return 2
    return 1 if settings.guardian_source == "box" else 0


def is_guardian(row: Row, sheet: Sheet, types: Sequence[Sheet], settings: Settings) -> str:
    """Whether a contact is a guardian: yes, no or unknown."""
    answer = told(row, sheet, types, settings)[deciding(settings)]
    if answer is None:
        return "yes"
    return "unknown" if answer.partition(":")[0] in LACKING else "no"


def of_pair(
    row: Row, sheet: Sheet, types: Sequence[Sheet], account: Known, profile: Profile
) -> dict[str, str | None]:
    """All that is said about a pair's relationship."""
    settings = profile.settings
    answers = dict(zip(RULES, told(row, sheet, types, settings), strict=True))
    guardian = is_guardian(row, sheet, types, settings)
    relative = None
    if guardian == "no" and account.page == "fits":
        relative = "as_relative" if settings.grade_book_sync else "relative"
        if settings.grade_book_sync and "CON-REL-05" in profile.severities:
            answers[RULES[deciding(settings)]] = None
    alone = guardian == "yes" and not settings.grade_book_sync
    return {
        **answers,
        "CON-REL-04": current(row, profile),
        "CON-REL-05": relative,
        "CON-REL-06": "no_sync" if alone else None,
    }


def current(row: Row, profile: Profile) -> str | None:
    """CON-REL-04: the relationship has begun and has not ended."""
    day = profile.as_of.isoformat()
    if (date(row, "rel_end") or "9999") < day:
        return "ended"
    if (date(row, "rel_start") or "0000") > day:
        return "not_begun"
    return "unclear" if unclear(row, "rel_start") or unclear(row, "rel_end") else None

"""Enrollments, assignments and employments: whether they are of this year, and of this day.

STU-ENR-01, STU-ENR-02, STU-ENR-03, STU-SVC-01; STF-ASN-01, STF-EMP-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.property import oracle_keys
from tests.property.oracle_cells import (
    flag,
    lasted,
    lower,
    school_year,
    ticked,
    today,
    unclear,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Profile
    from tests.property.oracle_keys import Found
    from tests.rule_tables import Row, Sheet

    Answers = dict[str, str | None]

KEYS = [(name, name) for name in ("person_id", "person_guid", "number", "sourced_id")]
DATES = ("enrollment_start", "enrollment_end")


def of_student(row: Row, sheet: Sheet, lists: Sequence[Sheet], profile: Profile) -> Answers:
    """All that is said about a student's enrollment.

    Sheets of enrollments have the last word; without any, the own row is the one enrollment.
    """
    own = in_own_row(row, sheet, profile)
    if not lists:
        return own
    keys = oracle_keys.shared(sheet, lists, KEYS)
    found = oracle_keys.find(row, lists, keys)
    sharing = [one for one in lists if any(oracle_keys.has(one, key) for _, key in keys)]
    if not any("service_type" in one.fields for one in sharing):
        service = own["STU-SVC-01"]
    elif found is None:
        service = "no_column"
    else:
        service = None if any(is_primary(each) for each, _ in found) else "not_primary"
    if found is None:
        unknown = dict.fromkeys(("STU-ENR-01", "STU-ENR-02", "STU-ENR-03"), "unclear")
        return {**unknown, "STU-SVC-01": service}
    return {
        "STU-ENR-01": best(found, school_year(profile), otherwise="not_in_year"),
        "STU-ENR-02": no_show(found, sharing),
        "STU-ENR-03": best(found, today(profile), otherwise="not_today"),
        "STU-SVC-01": service,
    }


def best(found: Found, time: tuple[str, str], *, otherwise: str) -> str | None:
    """One enrollment at the time will do, and one without any dates is of every time."""
    answers = {within(each, *DATES, time) for each, _ in found}
    if "yes" in answers:
        return None
    return "unclear" if "unclear" in answers else otherwise


def no_show(found: Found, sharing: Sequence[Sheet]) -> str | None:
    """One enrollment that is not marked will do."""
    if not any("no_show" in one.fields for one in sharing):
        return "no_column"
    marks = {marked(each) for each, _ in found}
    if None in marks or not found:
        return None
    return "unclear" if "unclear" in marks else "no_show"


def marked(row: Row) -> str | None:
    """The enrollment is marked No Show."""
    if ticked(row, "no_show"):
        return "no_show"
    return "unclear" if unclear(row, "no_show") else None


def is_primary(row: Row) -> bool:
    """The enrollment's service type is Primary."""
    return lower(row, "service_type") in {"p", "primary"}


def in_own_row(row: Row, sheet: Sheet, profile: Profile) -> Answers:
    """The student's own row as the one enrollment."""
    dated = any(name in sheet.fields for name in DATES)
    if "active_year" in sheet.fields:
        year = flag(row, sheet, "active_year", otherwise="not_in_year")
    elif dated:
        year = lasted(row, sheet, "enrollment", school_year(profile), otherwise="not_in_year")
    else:  # who has left may have been enrolled in this year all the same
        year = flag(row, sheet, "enrollment_status", otherwise="unclear")
    if "active_today" in sheet.fields:
        day = flag(row, sheet, "active_today", otherwise="not_today")
    elif dated:
        day = lasted(row, sheet, "enrollment", today(profile), otherwise="not_today")
    else:
        day = flag(row, sheet, "enrollment_status", otherwise="not_today")
    service = None if is_primary(row) else "not_primary"
    return {
        "STU-ENR-01": year,
        "STU-ENR-02": marked(row) if "no_show" in sheet.fields else "no_column",
        "STU-ENR-03": day,
        "STU-SVC-01": service if "service_type" in sheet.fields else "no_column",
    }


def assignment(row: Row, sheet: Sheet, profile: Profile) -> str | None:
    """STF-ASN-01: there is a District Assignment in the active school year."""
    return lasted(row, sheet, "assignment", school_year(profile), otherwise="not_in_year")


def employment(row: Row, sheet: Sheet, profile: Profile) -> str | None:
    """STF-EMP-01: the employment is active."""
    if "employment_active" in sheet.fields:
        return flag(row, sheet, "employment_active", otherwise="not_active")
    return lasted(row, sheet, "employment", today(profile), otherwise="not_active")

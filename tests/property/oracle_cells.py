"""What one cell, one name and one day say: the words in which the oracle tells the rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sheets.rules.model import ODD

if TYPE_CHECKING:
    from sheets.rules.model import Profile
    from tests.rule_tables import Row, Sheet

FIRST_OF_JULY = (7, 1)


def blank(row: Row, name: str) -> bool:
    """The cell is empty or holds a word for nothing."""
    return row.get(name) is None and not unclear(row, name)


def unclear(row: Row, name: str) -> bool:
    """The cell holds an error, a formula without a result, or a word that is not understood."""
    return (row.get(name + ODD) or "").startswith(("error:", "no_result:", "unclear:"))


def ticked(row: Row, name: str) -> bool:
    """The box is ticked."""
    return row.get(name) == "true"


def small(text: str) -> str:
    """A text in lower case: a dotted I becomes a plain i, and Greek has one small sigma."""
    plain = text.lower().replace("i\N{COMBINING DOT ABOVE}", "i")
    return plain.replace("ς", "\N{GREEK SMALL LETTER SIGMA}")


def lower(row: Row, name: str) -> str | None:
    """What the cell holds, in lower case."""
    value = row.get(name)
    return None if value is None else small(value)


def missing(row: Row, name: str) -> str | None:
    """Why there is nothing in the cell, if there is nothing."""
    if row.get(name) is not None:
        return None
    reason = row.get(name + ODD) or ""
    if reason.startswith(("placeholder:", "error:")):
        return reason
    return "no_result" if reason == "no_result:" else "blank"


def flag(row: Row, sheet: Sheet, name: str, *, otherwise: str) -> str | None:
    """A column of boxes that must be ticked: lacking, not clear, or what is said otherwise."""
    if name not in sheet.fields:
        return "no_column"
    if ticked(row, name):
        return None
    return "unclear" if unclear(row, name) else otherwise


def name_of(row: Row, of: str = "") -> str | None:
    """First and last name in lower case; of a name in one column what was made of it."""
    first, last = lower(row, f"{of}first_name"), lower(row, f"{of}last_name")
    return lower(row, f"{of}name_key") if first is None or last is None else f"{first} {last}"


def has_names(sheet: Sheet, of: str = "") -> bool:
    """The sheet has names, in two columns or in one."""
    both = {f"{of}first_name", f"{of}last_name"} <= {*sheet.fields}
    return both or f"{of}name_key" in sheet.fields


def date(row: Row, name: str) -> str | None:
    """The day of a date that may carry a time."""
    value = row.get(name)
    return None if value is None else value[:10]


def today(profile: Profile) -> tuple[str, str]:
    """The day, as a time of one day."""
    return profile.as_of.isoformat(), profile.as_of.isoformat()


def school_year(profile: Profile) -> tuple[str, str]:
    """First and last day of the active school year: July to June, unless it is set."""
    if profile.settings.active_year:
        first, last = profile.settings.active_year
    else:
        day = profile.as_of
        began = day.year if (day.month, day.day) >= FIRST_OF_JULY else day.year - 1
        first, last = dt.date(began, 7, 1), dt.date(began + 1, 6, 30)
    return first.isoformat(), last.isoformat()


def within(row: Row, start: str, end: str, time: tuple[str, str]) -> str:
    """Whether something with a first and a last day was so at a time: yes, no or unclear.

    What has no first day began long ago, what has no last day goes on.
    """
    if unclear(row, start) or unclear(row, end):
        return "unclear"
    began = (date(row, start) or "0000") <= time[1]
    goes_on = (date(row, end) or "9999") >= time[0]
    return "yes" if began and goes_on else "no"


def lasted(
    row: Row, sheet: Sheet, what: str, time: tuple[str, str], *, otherwise: str
) -> str | None:
    """The same for the dates of a person's own row, where no date at all is no enrollment."""
    start, end = f"{what}_start", f"{what}_end"
    if start not in sheet.fields and end not in sheet.fields:
        return "no_column"
    answer = within(row, start, end, time)
    if answer == "yes" and start in sheet.fields and not (row.get(start) or row.get(end)):
        return otherwise
    return {"yes": None, "unclear": "unclear", "no": otherwise}[answer]

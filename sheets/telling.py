"""What is said of a summary in whole sentences, on the console and on the summary sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.rules.model import Severity
from sheets.summary import ADMINISTRATOR, BOTH, OFFICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheets.rollup import RollUp
    from sheets.summary import Counts

PEOPLE = {"student": "students", "staff": "staff", "contact": "contacts"}
"""A kind of people -> what many of them are called."""

SHEETS = {
    **PEOPLE,
    "mixed": "students, staff and contacts together",
    "account": "user accounts",
    "relationship_type": "relationship types",
    "enrollment": "enrollments",
    "link": "links between students and contacts",
    "other": "not used",
}
"""A kind of sheet -> what is on it."""

HEADINGS = {
    Severity.HIDES: "What hides people, most helpful fix first",
    Severity.UNKNOWN: "What is lacking to tell",
    Severity.CHECK: "What to look at",
    Severity.INFO: "Good to know",
}
"""What stands above the causes of each severity, in this order."""

FIXERS = {
    OFFICE: "the office alone",
    ADMINISTRATOR: "a Campus administrator alone",
    BOTH: "both together",
}
"""Who can free hidden rows -> how that is said."""


def headline(total: Counts) -> str:
    """The one sentence that says most.

    Example:
        >>> from sheets.summary import Counts
        >>> headline(Counts(yes=12, no=1, unknown=2))
        '12 of 15 are revealed; 1 is hidden; 2 cannot be told.'
    """
    if total.yes == total.total:
        return f"All {total.total:,} are revealed. Well done."
    parts = [f"{total.yes:,} of {total.total:,} are revealed"]
    if total.no:
        parts.append(f"{total.no:,} {'is' if total.no == 1 else 'are'} hidden")
    if total.unknown:
        parts.append(f"{total.unknown:,} cannot be told")
    return "; ".join(parts) + "."


def guardians(roll_up: RollUp) -> str:
    """How many students nobody at home is revealed for.

    Example:
        >>> from sheets.rollup import RollUp
        >>> guardians(RollUp(30, 40, 20, without=12, unlisted=5, complete=9))
        '12 of 30 students have no revealed guardian; for 5 of them none is listed.'
        >>> guardians(RollUp(1, 1, 1, without=0, unlisted=0, complete=1))
        'Every student has a revealed guardian.'
    """
    if not roll_up.without:
        return "Every student has a revealed guardian."
    have = "has" if roll_up.without == 1 else "have"
    said = f"{roll_up.without:,} of {roll_up.students:,} students {have} no revealed guardian"
    if roll_up.unlisted:
        said += f"; for {roll_up.unlisted:,} of them none is listed"
    return said + "."


def fixers(numbers: Mapping[str, int]) -> str:
    """Who can free how many of the hidden rows; nothing if none is hidden.

    Example:
        >>> fixers({"office": 3, "Campus administrator": 0, "both": 1})
        'Who can fix the hidden ones: the office alone 3, both together 1.'
    """
    told = [f"{FIXERS[name]} {rows:,}" for name, rows in numbers.items() if rows]
    return f"Who can fix the hidden ones: {', '.join(told)}." if told else ""

"""What the page says in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.telling import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.summary import Counts, Summary

ONE = {"student": "Student", "staff": "Staff", "contact": "Contact"}
"""A kind of people -> what one of them is called."""

WHOM = {
    "student": "Students",
    "staff": "Staff",
    "contact": "Contacts",
    "pair": "Contacts",
    "all": "Everybody",
}
"""Whom a rule is about -> what they are called before its sentence."""


def headline(summary: Summary) -> str:
    """The one sentence on top of the page.

    Example:
        >>> from sheets.summary import Counts, Summary
        >>> headline(Summary({"contact": Counts(yes=1141, no=63)}, []))
        '63 of 1,204 contacts are hidden'
        >>> headline(Summary({"contact": Counts(yes=240)}, []))
        'All 240 are revealed. Well done.'
    """
    total = summary.total
    if not total.total:
        return "Nobody is listed in these sheets"
    if total.yes == total.total:
        return f"All {total.total:,} are revealed. Well done."
    if total.no:
        told = [
            f"{counts.no:,} of {counts.total:,} {PEOPLE[kind]}"
            for kind, counts in summary.counts.items()
            if counts.no
        ]
        return f"{joined(told)} {'is' if total.no == 1 else 'are'} hidden"
    told = [
        f"{counts.unknown:,} of {counts.total:,} {PEOPLE[kind]}"
        for kind, counts in summary.counts.items()
        if counts.unknown
    ]
    return f"About {joined(told)} it cannot be told whether they are revealed"


def lead(total: Counts) -> str:
    """The sentence below the headline; none where the headline says all."""
    if total.yes == total.total:
        return ""
    told = f"{total.yes:,} of {total.total:,} are revealed, {total.no:,} are hidden"
    if total.unknown:
        told += f", and of {total.unknown:,} it cannot be told"
    return f"{told}."


def joined(parts: Sequence[str]) -> str:
    """An enumeration.

    Example:
        >>> joined(["a", "b", "c"]), joined(["a"])
        ('a, b and c', 'a')
    """
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def spans(rows: Sequence[int]) -> str:
    """Row numbers, neighbours drawn together.

    Example:
        >>> spans([2, 5, 6, 7, 9])
        '2, 5\u20137, 9'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(f"{a}" if a == b else f"{a}\u2013{b}" for a, b in runs)

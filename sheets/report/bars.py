"""The pictures: horizontal bars, as lengths in percent of the longest one.

They are drawn as inline SVG. Each has a table with the same numbers below it, which is what people
read who see no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.rules.model import Severity
from sheets.telling import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.summary import Cause, Counts

MOST = 15
"""How many bars one picture has; the table below it has all."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: its look, where it starts and how long it is, in percent."""

    look: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, what stands beside it, its pieces from left to right."""

    label: str
    text: str
    parts: Sequence[Part]


def of_kinds(counts: Mapping[str, Counts]) -> list[Bar]:
    """All people of each kind: hidden, not known, revealed. Each bar has the full length."""
    return [
        _bar(
            PEOPLE[kind].capitalize(),
            f"{one.no:,} hidden of {one.total:,}",
            [("hidden", one.no), ("unknown", one.unknown), ("revealed", one.yes)],
            one.total,
        )
        for kind, one in counts.items()
        if one.total
    ]


def of_causes(causes: Iterable[Cause], whom: Mapping[str, str]) -> list[Bar]:
    """The rows of each cause that hides: those that it alone hides, and the others.

    Args:
        causes: All causes.
        whom: Rule -> the people that it is about.
    """
    hiding = [cause for cause in causes if cause.severity is Severity.HIDES][:MOST]
    longest = max((cause.rows for cause in hiding), default=0)
    return [
        _bar(
            f"{whom[cause.rule]}: {cause.message}",
            f"{cause.rows:,}",
            [("alone", cause.alone), ("hidden", cause.rows - cause.alone)],
            longest,
        )
        for cause in hiding
    ]


def of_schools(schools: Mapping[str, Counts], unnamed: str) -> list[Bar]:
    """The hidden people of each school, and those of whom it cannot be told."""
    troubled = [(name, one) for name, one in schools.items() if one.no + one.unknown][:MOST]
    longest = max((one.no + one.unknown for _, one in troubled), default=0)
    return [
        _bar(
            name or unnamed,
            f"{one.no:,} hidden of {one.total:,}",
            [("hidden", one.no), ("unknown", one.unknown)],
            longest,
        )
        for name, one in troubled
    ]


def _bar(label: str, text: str, pieces: Iterable[tuple[str, int]], whole: int) -> Bar:
    """A bar of some pieces, `whole` being the full length.

    Example:
        >>> _bar("a", "", [("hidden", 1), ("unknown", 0), ("revealed", 3)], 4).parts[1]
        Part(look='revealed', start=25.0, length=75.0)
    """
    parts, start = [], 0
    for look, rows in pieces:
        if rows:
            parts.append(Part(look, _percent(start, whole), _percent(rows, whole)))
            start += rows
    return Bar(label, text, parts)


def _percent(rows: int, whole: int) -> float:
    return round(100 * rows / whole, 2)

"""The shared rule module: tables in, findings out.

::

    evaluate(tables, profile)    what hides whom
    lazily(tables, profile)      the same, not yet computed
    profile("edutech")           which rules hide, warn or inform
    catalog()                    every rule
    severity(profile, rule, variant), sentence(rule, variant), explain(rule)

Nothing here knows a spreadsheet, and nothing of Reveal is imported but its errors. The dataframe
library is loaded when `evaluate` is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.rules.model import Findings, Profile, Settings, Table
from sheets.rules.pages import explain
from sheets.rules.published import (
    added,
    catalog,
    needs,
    packs,
    profile,
    profiles,
    sentence,
    severity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import narwhals.stable.v2 as nw

    from sheets.rules.judge import Judged

__all__ = [
    "Findings",
    "Profile",
    "Settings",
    "Table",
    "added",
    "catalog",
    "evaluate",
    "explain",
    "lazily",
    "needs",
    "packs",
    "profile",
    "profiles",
    "sentence",
    "severity",
]


def evaluate(tables: Sequence[Table], profile: Profile) -> list[Findings]:
    """Judge everybody in some tables that belong together.

    Any finding that hides makes a row ``No``; else any input that is lacking makes it
    ``Unknown``; else it is ``Yes``. All findings of a row are given, never the first only.

    Args:
        tables: Students, staff and contacts are judged; accounts and relationship types are
            looked up. There may be several of each kind. All frames are of one engine: polars
            (eager or lazy), DuckDB, or what else narwhals knows.
        profile: The rules, their settings, and the day.

    Returns:
        One `Findings` for each table of students, staff or contacts, in the order given.

    Example:
        >>> import polars as pl
        >>> staff = pl.DataFrame(
        ...     {"_row": [2, 3], "number": ["71", "72"], "account_enabled": ["true", "false"]}
        ... )
        >>> [found] = evaluate([Table("staff", staff, {})], profile())
        >>> found.frame.rows()
        [(2, 'Yes', None), (3, 'No', 'disabled')]
    """
    from sheets.rules import judge

    return judge.evaluate(tables, profile)


def lazily(
    tables: Sequence[Table],
    profile: Profile,
    hold: Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]] | None = None,
) -> list[Judged]:
    """Judge everybody in some tables without computing anything yet.

    For tables that are too large to be held: what `evaluate` collects stays with the engine.

    Args:
        tables: As for `evaluate`.
        profile: The rules, their settings, and the day.
        hold: Computes a frame that is needed several times, puts it aside, and gives the frame
            of what it has put aside. Without it an engine may compute such a frame each time.

    Returns:
        One for each table of students, staff or contacts, in the order given: its frame
        has ``_row``, ``revealed`` and a column of text for each rule, in no certain order.
    """
    from sheets.rules import judge

    return judge.lazily(tables, profile, hold)

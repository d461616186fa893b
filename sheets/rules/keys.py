"""How rows of one table find rows of another: by the first key that both tables have.

A row goes by the first of the shared keys that it has a value for. Values of different keys never
meet. In sheets of accounts an account, too, goes by one key only, so that a spouse with the same
address, but an id of their own, is somebody else (`group`); elsewhere a row is found by every key
that it has (`spread`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules.cells import NOTHING, Columns, lower

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.rules.model import Table

    Frame = nw.LazyFrame[Any]
    Level = tuple[str, ...]
    Groups = dict[tuple[Level, ...], list[tuple[int, Frame]]]

STOP = "\x1f"
"""Between the parts of a key: it sorts before every sign that a cell holds, and stands in none."""

KEY = "_key"
"""The column of a keyed frame."""

NAME: Level = ("name",)
"""First and last name together, from two columns or from one (see `name`)."""

_ANY_CASE = frozenset({"person_guid", "email", "last_name", "first_name"})


def frames(tables: Iterable[Table]) -> list[Frame]:
    """The frames of some tables."""
    return [nw.from_native(table.frame).lazy() for table in tables]


def columns(frame: Frame) -> Columns:
    """Which columns a frame has."""
    return Columns(frame.collect_schema().names())


def name(has: Columns, of: Mapping[str, str] | None = None) -> nw.Expr | None:
    """First and last name in lower case, one blank between; None without such columns.

    Args:
        has: The columns of the table.
        of: Field -> the column that has it here, where that has another name.
    """
    names = [(of or {}).get(field, field) for field in ("first_name", "last_name", "name_key")]
    first, last, whole = names
    ways = []
    if first in has and last in has:
        parts = (lower(nw.col(first)), lower(nw.col(last)))
        ways.append(nw.concat_str(*parts, separator=" "))
    if whole in has:
        ways.append(lower(nw.col(whole)))
    return nw.coalesce(*ways) if ways else None


def value(level: Level, has: Columns, of: Mapping[str, str] | None = None) -> nw.Expr:
    """The value of one key; nothing if a part of it is blank."""
    if level == NAME:
        whole = name(has, of)
        assert whole is not None  # noqa: S101 - a level is asked for only where it is there
        return whole
    parts = [
        lower(nw.col(column)) if field in _ANY_CASE else nw.col(column)
        for field in level
        for column in ((of or {}).get(field, field),)
    ]
    return parts[0] if len(parts) == 1 else nw.concat_str(*parts, separator=STOP)


def values(
    levels: Sequence[Level], has: Columns, of: Mapping[str, str] | None = None
) -> list[nw.Expr]:
    """The values of those of some keys that a table has the columns of."""
    return [value(level, has, of) for level in levels if has_level(level, has, of)]


def key(levels: Sequence[Level], has: Columns, of: Mapping[str, str] | None = None) -> nw.Expr:
    """What a row goes by: the first key that it has a value for; nothing if there is none."""
    return firstly(values(levels, has, of))


def firstly(values: Sequence[nw.Expr]) -> nw.Expr:
    """The first of some values that there is, marked so that two of different rank never meet."""
    return nw.coalesce(*(mark(rank, one) for rank, one in enumerate(values)), NOTHING)


def mark(rank: int, value: nw.Expr) -> nw.Expr:
    """A value that never meets one of another rank."""
    return nw.concat_str(nw.lit(f"{STOP}{rank}"), value) if rank else value


def shared(
    has: Columns,
    others: Sequence[Frame],
    levels: Sequence[Level],
    of: Mapping[str, str] | None = None,
) -> list[Level]:
    """The keys that a table has in common with any of some others, the surest first."""
    theirs = [columns(frame) for frame in others]
    return [
        level
        for level in levels
        if has_level(level, has, of) and any(has_level(level, one) for one in theirs)
    ]


def spread(others: Sequence[Frame], levels: Sequence[Level], told: Sequence[str]) -> Frame:
    """Rows of some tables once for each key that they have a value for.

    Whatever key somebody goes by, they are found if the row has it, even if it has a surer one.

    Args:
        others: The tables that are looked into.
        levels: The keys, as `shared` gives them: each table has one at least.
        told: The columns that are kept.

    Returns:
        `KEY` and the columns.
    """
    return nw.concat(
        [
            frame.select(mark(rank, value(level, has)).alias(KEY), *told).filter(
                ~nw.col(KEY).is_null()
            )
            for frame in others
            for has in (columns(frame),)
            for rank, level in enumerate(levels)
            if has_level(level, has)
        ]
    )


def has_level(level: Level, has: Columns, of: Mapping[str, str] | None = None) -> bool:
    """Whether a table has the columns of a key."""
    if level == NAME:
        return name(has, of) is not None
    return all((of or {}).get(field, field) in has for field in level)


def group(
    has: Columns,
    others: Sequence[Frame],
    levels: Sequence[Level],
    of: Mapping[str, str] | None = None,
) -> Groups:
    """The other tables by the keys that they share with a table, numbered.

    Args:
        has: The columns of the table.
        others: The tables that are looked into.
        levels: All keys, the surest first.
        of: Field -> the column that has it in the table, where that has another name there.

    Returns:
        Shared keys -> number and frame of the tables that share them; a table that shares none is
        left out.
    """
    groups: Groups = {}
    for at, frame in enumerate(others):
        theirs = columns(frame)
        shared = tuple(
            level for level in levels if has_level(level, has, of) and has_level(level, theirs)
        )
        if shared:
            groups.setdefault(shared, []).append((at, frame))
    return groups

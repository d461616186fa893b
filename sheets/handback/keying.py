"""By what the rows of a list are known: the surest ids that nobody else on the list has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets.report import identity
from sheets.report.identity import RANKS
from sheets.rules.keys import STOP
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.report.identity import Rank
    from sheets.rules.model import Table

_TOLD, _RANK = "_told", "_rank"

BESIDE = ""
"""Stands for the own name where a contact is known by its place beside a student."""

_NAMES = ("first_name", "last_name", "full_name")
_FIELDS: Mapping[str, Collection[str]] = {
    "name": _NAMES,
    "number": ("number", "student_number", "staff_number"),
}


@dataclass(frozen=True, slots=True)
class Keyed:
    """How the rows of a table are known, ascending by row.

    Attributes:
        rank: The place of each row's rank in `ranks`; null where nothing tells it from all others.
        told: Whether there is any id or name in each row at all.
        ranks: By what rows may be known, the surest first.
        values: As `sheets.report.identity.values` gives them.
    """

    rank: pl.Series
    told: pl.Series
    ranks: Sequence[Rank]
    values: pl.DataFrame


def ranks(values: pl.DataFrame, group: str) -> list[Rank]:
    """By what the rows of a table may be known, the surest first.

    A contact in a group beside a student is known by the student and the group, whoever it is.
    """
    there = {*values.columns, BESIDE}
    if group:
        students = dict.fromkeys(student for _, student in RANKS if student)
        return [(BESIDE, student) for student in students if student in there]
    return [rank for rank in RANKS if there.issuperset(rank)]


def told(rank: Rank) -> pl.Expr:
    """What the rows of a table have for a rank, in one text; null where a part is missing."""
    return pl.concat_str([pl.col(name) for name in rank if name], separator=STOP)


def keyed(
    tables: Sequence[Table], group: str, to_fix: Sequence[Mapping[str, pl.Series]]
) -> list[Keyed]:
    """Find by what the rows of some tables of one kind are known.

    What is to be fixed itself tells nothing for long, so it comes last.

    Args:
        tables: All tables of one kind of people, and of one group.
        group: The group of contacts beside students.
        to_fix: For each table: field -> in which rows it is to be fixed, in ascending order.
    """
    all_values = [identity.values(table) for table in tables]
    every = [ranks(values, group) for values in all_values]
    taken = {rank: _doubled(rank, all_values) for own in every for rank in own}
    result = []
    for values, own, touched in zip(all_values, every, to_fix, strict=True):
        steady, shaky = [], []
        for at, rank in enumerate(own):
            alone = told(rank).is_not_null() & ~told(rank).is_in(taken[rank].implode())
            fixed = _touched(rank, touched)
            steady.append(pl.when(alone & ~fixed).then(pl.lit(at, pl.UInt16)))
            shaky.append(pl.when(alone).then(pl.lit(at, pl.UInt16)))
        known = pl.coalesce(*steady, *shaky, pl.lit(None, pl.UInt16)).alias(_RANK)
        anything = pl.any_horizontal(pl.lit(value=False), *(told(r).is_not_null() for r in own))
        result.append(
            Keyed(
                values.select(known).to_series(),
                values.select(anything.alias(_TOLD)).to_series(),
                own,
                values,
            )
        )
    return result


def _doubled(rank: Rank, tables: Sequence[pl.DataFrame]) -> pl.Series:
    """What several rows have for a rank."""
    parts = [
        values.select(told(rank).alias(_TOLD))
        for values in tables
        if {*values.columns, BESIDE}.issuperset(rank)
    ]
    all_ = pl.concat(parts).drop_nulls().to_series()
    return all_.filter(all_.is_duplicated()).unique()


def _touched(rank: Rank, to_fix: Mapping[str, pl.Series]) -> pl.Expr:
    """Whether a part of a rank is to be fixed."""
    fields = {field for name in rank for field in _FIELDS.get(name, (name,))}
    masks = [pl.lit(mask) for field, mask in to_fix.items() if field in fields]
    return pl.any_horizontal(pl.lit(value=False), *masks)


def digests(
    table: Table, group: str, wanted: Collection[Rank], secret: bytes
) -> Iterator[tuple[int, str]]:
    """Yield row and key of each row of a table, for each of some ranks that it has.

    A row has as many keys as there are ranks of which it has all parts.
    """
    values = identity.values(table)
    rows = values[ROW].to_list()
    for rank in ranks(values, group):
        if rank in wanted:
            columns = [values[name].to_list() if name else [""] * len(rows) for name in rank]
            for row, *parts in zip(rows, *columns, strict=True):
                if None not in parts:
                    yield row, identity.digest(table.kind, rank, parts, secret)

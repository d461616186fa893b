"""The school of each row: its own, or that of the contact's student."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from sheets import rollup
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.rules.model import Findings

_OWN, _OF_STUDENT = "school", "school_of_student"
_NAME = "school_name"


def of_rows(
    judged: Sequence[Findings], linked: Mapping[int, pl.DataFrame]
) -> list[pl.Series | None]:
    """Give the school of each row of each set of findings, the empty text where it is not known.

    A contact whose row names no school is of the school of the first of its students who has
    one, in the order of the lists of students.

    Args:
        judged: All findings of a run.
        linked: For each of them that is of contacts, by its place: their students
            (`rollup.pairs`).

    Returns:
        For each of them a column in the order of its rows; None if there is no list that could
        tell the school of any.
    """
    own = [_own(one) for one in judged]
    students = [own[at] for at, one in enumerate(judged) if one.table.kind == "student"]
    told = [
        part.select(
            pl.col(ROW).alias(rollup.STUDENT),
            pl.lit(at, pl.UInt32).alias(rollup.TABLE),
            pl.col(_OWN).alias(_OF_STUDENT),
        )
        for at, part in enumerate(students)
        if part is not None
    ]
    if told:
        of_student = pl.concat(told).drop_nulls(_OF_STUDENT)
        for at, pairs in linked.items():
            own[at] = _with_students(judged[at], own[at], pairs, of_student)
    return [None if one is None else one[_OWN].fill_null("") for one in own]


def _own(findings: Findings) -> pl.DataFrame | None:
    """Row and school of a table in the order of its findings; None without such a column."""
    frame = nw.from_native(findings.table.frame).lazy()
    there = frame.collect_schema().names()
    if _OWN not in there:
        return None
    called = nw.col(_NAME if _NAME in there else _OWN).alias(_OWN)
    read: pl.DataFrame = frame.select(ROW, called).collect(backend="polars").to_native()
    told = read.with_columns(pl.col(ROW).cast(pl.UInt32))
    return told if told[ROW].is_sorted() else told.sort(ROW)


def _with_students(
    findings: Findings, own: pl.DataFrame | None, pairs: pl.DataFrame, of_student: pl.DataFrame
) -> pl.DataFrame:
    """Row and school of contacts; where their own is blank, that of a student of theirs."""
    rows = own
    if rows is None:
        rows = findings.frame.select(
            pl.col(ROW).cast(pl.UInt32), pl.lit(None, pl.String).alias(_OWN)
        )
    first = (
        pairs.join(of_student, on=[rollup.TABLE, rollup.STUDENT])
        .sort(rollup.TABLE, rollup.STUDENT)
        .unique(ROW, keep="first", maintain_order=True)
        .select(ROW, _OF_STUDENT)
    )
    return rows.join(first, on=ROW, how="left", maintain_order="left").select(
        ROW, pl.coalesce(_OWN, _OF_STUDENT).alias(_OWN)
    )

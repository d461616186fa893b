"""From contacts to students: how many of a student's guardians are revealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw
import polars as pl

from sheets import rules
from sheets.rules import keys
from sheets.rules.keys import KEY, NAME
from sheets.rules.model import DUPLICATE, REVEALED, ROW, Severity, Verdict
from sheets.rules.students import OF_STUDENT, STRONG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.rules.keys import Level
    from sheets.rules.model import Findings, Profile, Table

    Frame = nw.LazyFrame[Any]

TABLE, STUDENT, GUARDIANS = "table", "student", "listed"

_NONE_LISTED = "no guardian listed"
_GUARDIAN_RULES = ("CON-REL-01", "CON-REL-02", "CON-REL-03")
_PAIR = {ROW: pl.UInt32, TABLE: pl.UInt32, STUDENT: pl.UInt32}


@dataclass(frozen=True, slots=True)
class RollUp:
    """Students and their guardians, in numbers of rows.

    A row of contacts is listed for a student if it is linked to the student (by person id, GUID
    or number, else by a name that no other student has), unless the profile's rule about
    guardians says that it is none, or it lists a contact of the student once more. A relationship
    of which nobody knows whether it is a guardian's is listed: it may be one.

    Attributes:
        students: How many rows of students there are.
        guardians: How many rows of contacts are listed for them.
        revealed: How many of these are revealed.
        without: Students for whom no guardian is revealed, those without any listed included.
        unlisted: Students for whom no guardian is listed at all.
        complete: Students all of whose guardians are revealed; at least one is.
        of: For each set of findings of the run, in their order: ``_row``, ``revealed`` and
            ``listed`` (UInt32, one line for each row) if it is of students, else None.
    """

    students: int
    guardians: int
    revealed: int
    without: int
    unlisted: int
    complete: int
    of: Sequence[pl.DataFrame | None] = ()


def duplicates(frame: pl.DataFrame) -> pl.Series:
    """Which rows of findings list a contact of a student once more."""
    if DUPLICATE in frame.columns:
        return frame[DUPLICATE].is_not_null()
    return pl.repeat(value=False, n=frame.height, eager=True)


def linked(judged: Sequence[Findings], links: Sequence[Table]) -> dict[int, pl.DataFrame]:
    """Find the students of all contacts of a run.

    Returns:
        For each set of findings of contacts, by its place: `pairs`, in which students' tables
        are counted among those of students. Nothing if there are no students.
    """
    students = [one.table for one in judged if one.table.kind == "student"]
    if not students:
        return {}
    return {
        at: pairs(one.table, students, links)
        for at, one in enumerate(judged)
        if one.table.kind == "contact"
    }


def pairs(contacts: Table, students: Sequence[Table], links: Sequence[Table]) -> pl.DataFrame:
    """Find the students of contacts, by the same keys as the rules about students.

    A contact finds its student by person id, GUID or number, whatever both lists have; by name
    only if no list of students shares one of these, and then only a student whose name no other
    one has. Without any of them it is the links that tell, as in OneRoster.

    Args:
        contacts: A table of contacts.
        students: All tables of students.
        links: All tables of kind ``link``.

    Returns:
        ``_row`` of the contact, ``table`` (which of `students`, from 0) and ``student``, the
        student's row: one line for each pair.
    """
    [theirs] = keys.frames([contacts])
    known = keys.frames(students)
    has = keys.columns(theirs)
    if levels := keys.shared(has, known, STRONG, OF_STUDENT):
        return _by_key(theirs, levels, known)
    if links and "sourced_id" in has:
        return _by_link(theirs, known, links)
    if levels := keys.shared(has, known, [NAME], OF_STUDENT):
        return _by_key(theirs, levels, known, alone=True)
    return pl.DataFrame(schema=_PAIR)


def told(rows: pl.Series, guardians: pl.DataFrame) -> Sequence[str | None]:
    """What the column `Revealed guardians` says of each row.

    Args:
        rows: The rows of a table.
        guardians: Those of them that are students, as in `RollUp.of`.

    Example:
        >>> counted = pl.DataFrame({"_row": [2, 4], "revealed": [1, 0], "listed": [3, 0]})
        >>> list(told(pl.Series([2, 3, 4]), counted))
        ['1 of 3', None, 'no guardian listed']
    """
    said = (
        pl.when(pl.col(GUARDIANS) == 0)
        .then(pl.lit(_NONE_LISTED))
        .otherwise(pl.format("{} of {}", REVEALED, GUARDIANS))
        .alias("said")
    )
    mine = guardians.select(pl.col(ROW).cast(pl.UInt32), said)
    every = pl.DataFrame({ROW: rows.cast(pl.UInt32)})
    joined = every.join(mine, on=ROW, how="left", maintain_order="left")
    return cast("Sequence[str | None]", joined["said"])


def roll_up(
    judged: Sequence[Findings], linked: Mapping[int, pl.DataFrame], profile: Profile
) -> RollUp | None:
    """Count the guardians of each student.

    Args:
        judged: All findings of a run.
        linked: For each of them that is of contacts, by its place: the `pairs` with the students.
        profile: Says which rule tells guardians.

    Returns:
        None if there are no students or no contacts.
    """
    students = [at for at, one in enumerate(judged) if one.table.kind == "student"]
    if not students or not linked:
        return None
    guardians = pl.concat(
        part.join(_guardians(judged[at].frame, profile), on=ROW) for at, part in linked.items()
    )
    counted = guardians.group_by(TABLE, STUDENT).agg(
        pl.col(REVEALED).sum().cast(pl.UInt32), pl.len().cast(pl.UInt32).alias(GUARDIANS)
    )
    of: list[pl.DataFrame | None] = [None] * len(judged)
    for number, at in enumerate(students):
        mine = counted.filter(pl.col(TABLE) == number)
        of[at] = (
            judged[at]
            .frame.select(pl.col(ROW).cast(pl.UInt32))
            .join(mine, left_on=ROW, right_on=STUDENT, how="left", maintain_order="left")
            .select(ROW, pl.col(REVEALED).fill_null(0), pl.col(GUARDIANS).fill_null(0))
        )
    every = pl.concat(one for one in of if one is not None)
    revealed, listed = pl.col(REVEALED), pl.col(GUARDIANS)
    return RollUp(
        **every.select(
            students=pl.len(),
            guardians=listed.sum(),
            revealed=revealed.sum(),
            without=(revealed == 0).sum(),
            unlisted=(listed == 0).sum(),
            complete=((revealed == listed) & (listed > 0)).sum(),
        ).row(0, named=True),
        of=tuple(of),
    )


def _guardians(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The rows of contacts that may be guardians, each once, and whether they are revealed."""
    others = [
        pl.col(rule).is_not_null() & ~_may_be(pl.col(rule), rule, profile)
        for rule in _GUARDIAN_RULES
        if rule in frame.columns and profile.severities.get(rule) is Severity.HIDES
    ]
    once = frame.filter(~duplicates(frame))
    return once.filter(~pl.any_horizontal(pl.lit(value=False), *others)).select(
        pl.col(ROW).cast(pl.UInt32), pl.col(REVEALED) == Verdict.YES
    )


def _may_be(found: pl.Expr, rule: str, profile: Profile) -> pl.Expr:
    """Whether a finding leaves it open that this is a guardian."""
    return found.str.extract("^([^:]*)").is_in(
        [
            variant
            for variant in profile.rules[rule].sentences
            if rules.severity(profile, rule, variant) is not Severity.HIDES
        ]
    )


def _by_key(
    contacts: Frame, levels: Sequence[Level], students: Sequence[Frame], *, alone: bool = False
) -> pl.DataFrame:
    """The pairs of contacts and students that share a key; `alone`: one that is a single row's."""
    key = keys.key(levels, keys.columns(contacts), OF_STUDENT).alias(KEY)
    known = pl.concat(
        _collected(keys.spread([frame], levels, [ROW]), at)
        for at, frame in enumerate(students)
        if any(keys.has_level(level, keys.columns(frame)) for level in levels)
    )
    if alone:
        known = known.filter(~pl.col(KEY).is_duplicated())
    return _joined(contacts.select(key, ROW), known)


def _by_link(contacts: Frame, students: Sequence[Frame], links: Sequence[Table]) -> pl.DataFrame:
    """The pairs that the links of the students tell of."""
    sourced = [
        _collected(frame.select(nw.col("sourced_id").alias("student_sourced_id"), ROW), at)
        for at, frame in enumerate(students)
        if "sourced_id" in keys.columns(frame)
    ]
    if not sourced:
        return pl.DataFrame(schema=_PAIR)
    told = pl.concat(
        _polars(frame.select("student_sourced_id", "sourced_id")) for frame in keys.frames(links)
    )
    known = told.unique().join(pl.concat(sourced), on="student_sourced_id")
    own = contacts.select(nw.col("sourced_id").alias(KEY), ROW)
    return _joined(own, known.rename({"sourced_id": KEY}))


def _collected(students: Frame, at: int) -> pl.DataFrame:
    """The keys and rows of one table of students."""
    return _polars(students).with_columns(
        pl.col(ROW).cast(pl.UInt32).alias(STUDENT), pl.lit(at, pl.UInt32).alias(TABLE)
    )


def _joined(contacts: Frame, students: pl.DataFrame) -> pl.DataFrame:
    own = _polars(contacts).with_columns(pl.col(ROW).cast(pl.UInt32))
    return own.join(students.drop(ROW), on=KEY).select(*_PAIR)


def _polars(frame: Frame) -> pl.DataFrame:
    collected: pl.DataFrame = frame.collect(backend="polars").to_native()
    return collected

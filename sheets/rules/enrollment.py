"""Whether a student is enrolled: in the active school year, today, as a No Show, as Primary.

Where it is looked for: in the sheets of enrollments if one shares a key with the students (they
have the last word, and the best of a student's enrollments counts), else in the student's own row.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import keys
from sheets.rules.cells import NEVER, Columns, first, lower
from sheets.rules.keys import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.keys import Level
    from sheets.rules.model import Profile, Table

    Frame = nw.LazyFrame[Any]
    Period = tuple[str, str]

YEAR, TODAY, NO_SHOW, PRIMARY = "_year", "_today", "_no_show", "_primary"
"""Columns of students: what is known, as one of the codes below."""

HOLDS, UNCLEAR, FAILS, NO_COLUMN = range(4)
"""From best to worst; of several enrollments the best one counts."""

_LEVELS: Sequence[Level] = (("person_id",), ("person_guid",), ("number",), ("sourced_id",))
_START, _END, _STATUS = "enrollment_start", "enrollment_end", "enrollment_status"
_PRIMARY = ("p", "primary")
_LATER = "~"  # sorts after the T of a time of day: a moment on the last day is on that day
_JULY = 7


def attach(students: Frame, tables: Sequence[Table], profile: Profile) -> Frame:
    """Add the columns `YEAR`, `TODAY`, `NO_SHOW` and `PRIMARY` to a table of students."""
    columns = keys.columns(students)
    if not tables:
        return students.with_columns(*_own(columns, profile))
    others = keys.frames(tables)
    levels = keys.shared(columns, others, _LEVELS)
    if not levels:
        codes = {YEAR: UNCLEAR, TODAY: UNCLEAR, NO_SHOW: UNCLEAR}
        return students.with_columns(
            *(code(one).alias(name) for name, one in codes.items()),
            _is_primary(columns).alias(PRIMARY),
        )
    sharing = [
        one for one in others if any(keys.has_level(level, keys.columns(one)) for level in levels)
    ]
    return _look_up(students, sharing, levels, profile)


def code(value: int) -> nw.Expr:
    """One of the codes, as a column."""
    return nw.lit(value, dtype=nw.Int8)


def active_year(profile: Profile) -> Period:
    """First and last day of the active school year, as text."""
    given = profile.settings.active_year
    if given is None:
        start = profile.as_of.year - (profile.as_of.month < _JULY)
        given = (dt.date(start, _JULY, 1), dt.date(start + 1, _JULY - 1, 30))
    first_day, last_day = given
    return first_day.isoformat(), last_day.isoformat()


def today(profile: Profile) -> Period:
    """The day of the profile, as a period of one day."""
    day = profile.as_of.isoformat()
    return day, day


def within(columns: Columns, start: str, end: str, period: Period, *, blank: int) -> nw.Expr:
    """Whether the time between two dates has a day in common with a period.

    Args:
        columns: The columns of the table, which has at least one of the two.
        start: The column of the first day; blank: since ever.
        end: The column of the last day; blank: without an end.
        period: First and last day.
        blank: The code of a row that has neither date.
    """
    first_day, last_day = period
    dates = [name for name in (start, end) if name in columns]
    unclear = [columns.is_unclear(name) | columns.has_no_result(name) for name in dates]
    neither = nw.all_horizontal(*(nw.col(name).is_null() for name in dates), ignore_nulls=True)
    late = nw.col(start) > last_day + _LATER if start in columns else NEVER
    ended = nw.col(end) < first_day if end in columns else NEVER
    cases = [(one, code(UNCLEAR)) for one in unclear]
    cases += [(neither, code(blank)), (late, code(FAILS)), (ended, code(FAILS))]
    return first(cases, code(HOLDS))


def flag(columns: Columns, name: str) -> nw.Expr:
    """What a box says: holds if it is ticked."""
    unclear = columns.is_unclear(name) | columns.has_no_result(name)
    cases = [(nw.col(name) == "true", code(HOLDS)), (unclear, code(UNCLEAR))]
    return first(cases, code(FAILS))


def _own(columns: Columns, profile: Profile) -> list[nw.Expr]:
    """The student's own row as the one enrollment."""
    return [
        _in_year(columns, profile).alias(YEAR),
        _is_today(columns, profile).alias(TODAY),
        _is_no_show(columns).alias(NO_SHOW),
        _is_primary(columns).alias(PRIMARY),
    ]


def _in_year(columns: Columns, profile: Profile) -> nw.Expr:
    if "active_year" in columns:
        return flag(columns, "active_year")
    if _START in columns or _END in columns:
        return _dated(columns, active_year(profile))
    if _STATUS in columns:
        # Who has left may have been enrolled in this year all the same.
        return first([(nw.col(_STATUS) == "true", code(HOLDS))], code(UNCLEAR))
    return code(NO_COLUMN)


def _is_today(columns: Columns, profile: Profile) -> nw.Expr:
    if "active_today" in columns:
        return flag(columns, "active_today")
    if _START in columns or _END in columns:
        return _dated(columns, today(profile))
    return flag(columns, _STATUS) if _STATUS in columns else code(NO_COLUMN)


def _dated(columns: Columns, period: Period) -> nw.Expr:
    """The dates of a student's own row: without a first day there is no enrollment."""
    blank = FAILS if _START in columns else HOLDS
    return within(columns, _START, _END, period, blank=blank)


def _is_no_show(columns: Columns) -> nw.Expr:
    if "no_show" not in columns:
        return code(NO_COLUMN)
    unclear = columns.is_unclear("no_show") | columns.has_no_result("no_show")
    cases = [(nw.col("no_show") == "true", code(FAILS)), (unclear, code(UNCLEAR))]
    return first(cases, code(HOLDS))


def _is_primary(columns: Columns) -> nw.Expr:
    if "service_type" not in columns:
        return code(NO_COLUMN)
    primary = lower(nw.col("service_type")).is_in(list(_PRIMARY))
    return first([(primary, code(HOLDS))], code(FAILS))


def _look_up(
    students: Frame, tables: Sequence[Frame], levels: Sequence[Level], profile: Profile
) -> Frame:
    """Add what the sheets of enrollments say about each student."""
    names = (YEAR, TODAY, NO_SHOW, PRIMARY)
    told = keys.spread([_coded(one, profile) for one in tables], levels, names)
    best = told.group_by(KEY).agg(*(nw.col(name).min() for name in names))
    columns = keys.columns(students)
    key = keys.key(levels, columns).alias(KEY)
    found = students.with_columns(key).join(best, on=KEY, how="left")
    nobody = nw.col(KEY).is_null()

    def best_of(name: str, absent: int, unknown: int) -> nw.Expr:
        return first([(nobody, code(unknown))], nw.coalesce(nw.col(name), code(absent))).alias(name)

    def any_has(name: str) -> bool:
        return any(name in keys.columns(one) for one in tables)

    no_show = best_of(NO_SHOW, HOLDS, UNCLEAR)
    if not any_has("no_show"):
        no_show = first([(nobody, code(UNCLEAR))], code(NO_COLUMN)).alias(NO_SHOW)
    primary = best_of(PRIMARY, FAILS, NO_COLUMN)
    if not any_has("service_type"):
        primary = _is_primary(columns).alias(PRIMARY)
    return found.with_columns(
        best_of(YEAR, FAILS, UNCLEAR), best_of(TODAY, FAILS, UNCLEAR), no_show, primary
    )


def _coded(frame: Frame, profile: Profile) -> Frame:
    """The enrollments of one sheet with their codes; one without dates is of this year."""
    columns = keys.columns(frame)
    dated = _START in columns or _END in columns
    codes = {
        name: within(columns, _START, _END, period, blank=HOLDS) if dated else code(HOLDS)
        for name, period in ((YEAR, active_year(profile)), (TODAY, today(profile)))
    }
    codes[NO_SHOW] = _is_no_show(columns) if "no_show" in columns else code(HOLDS)
    codes[PRIMARY] = _is_primary(columns) if "service_type" in columns else code(FAILS)
    return frame.with_columns(*(one.alias(name) for name, one in codes.items()))

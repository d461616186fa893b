"""The students of contacts: whether they are on the list, enrolled, and at which school.

A contact's student is found by person id, GUID or student number, whatever both lists have; names
are looked at only if no list of students shares one of these. Where contacts carry no key of their
students, as in OneRoster, the links that the students carry tell: a contact may then have several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import enrollment, keys
from sheets.rules.cells import Columns, first, folded, lower
from sheets.rules.enrollment import FAILS, HOLDS, NO_COLUMN, NO_SHOW, UNCLEAR, YEAR, code
from sheets.rules.keys import KEY, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.rules.keys import Level
    from sheets.rules.model import Profile, Settings, Table

    Frame = nw.LazyFrame[Any]

STUDENT, SCOPE, SCHOOL = "_student", "_scope", "_school_of_student"
"""Columns of contacts: whether the student was found, is enrolled, is at a school of the list."""

GUARDIANS = "_guardians"
"""Column of students: how many guardians they have."""

PAIR = "_pair"
"""Column of contacts: what a contact of one student goes by."""

FOUND, BY_NAME, SEVERAL, NOT_FOUND, NO_KEY, NO_LIST = range(6)
"""How a student was found, from best to worst."""

OF_STUDENT: Mapping[str, str] = {
    "person_id": "student_person_id",
    "person_guid": "student_guid",
    "number": "student_number",
    "first_name": "student_first_name",
    "last_name": "student_last_name",
    "name_key": "student_name_key",
}
"""A student's field -> the column of a list of contacts that has it."""

STRONG: Sequence[Level] = (("person_id",), ("person_guid",), ("number",))
_LINK = "student_sourced_id"
_COMMA = r"[ \t]*,[ \t]*"
_TOLD = (SCOPE, SCHOOL)
_COUNT, _ALIKE = "_count", "_alike"


def attach(
    contacts: Frame,
    students: Sequence[Table],
    enrollments: Sequence[Table],
    links: Sequence[Table],
    profile: Profile,
) -> Frame:
    """Add the columns `STUDENT`, `SCOPE` and `SCHOOL` to a table of contacts."""
    if not students:
        return _told(contacts, NO_LIST)
    known = [_known(one, enrollments, profile) for one in keys.frames(students)]
    has = keys.columns(contacts)
    if levels := keys.shared(has, known, STRONG, OF_STUDENT):
        return _look_up(contacts, known, levels, by_name=False)
    if links and "sourced_id" in has:
        return _linked(contacts, known, links)
    if levels := keys.shared(has, known, [NAME], OF_STUDENT):
        return _look_up(contacts, known, levels, by_name=True)
    return _told(contacts, NO_KEY)


def school(columns: Columns, settings: Settings) -> nw.Expr:
    """Whether the school of a row is one of the list: holds, not known, fails.

    There may be several, and ids beside names, with commas between; a name may have a comma, too.
    """
    if "school" not in columns:
        return code(UNCLEAR)
    parts = nw.concat_str(nw.lit(","), lower(nw.col("school")), nw.lit(","))
    parts = parts.str.replace_all(_COMMA, ",")
    names = [re.sub(_COMMA, ",", folded(one.strip(" \t"))) for one in settings.schools]
    listed = [parts.str.contains(f",{one},", literal=True) for one in names]
    cases = [(nw.col("school").is_null(), code(UNCLEAR)), *((one, code(HOLDS)) for one in listed)]
    return first(cases, code(FAILS))


def _known(students: Frame, enrollments: Sequence[Table], profile: Profile) -> Frame:
    """Students with what their contacts need to know of them."""
    students = enrollment.attach(students, enrollments, profile)
    year, no_show = nw.col(YEAR), nw.col(NO_SHOW)
    scope = first(
        [
            ((year == HOLDS) & (no_show == HOLDS), code(HOLDS)),
            ((year == FAILS) | (no_show == FAILS), code(FAILS)),
        ],
        code(UNCLEAR),
    )
    at_school = school(keys.columns(students), profile.settings)
    return students.with_columns(scope.alias(SCOPE), at_school.alias(SCHOOL))


def _told(contacts: Frame, student: int) -> Frame:
    """Contacts of whose students nothing is known."""
    return contacts.with_columns(
        code(student).alias(STUDENT), code(NO_COLUMN).alias(SCOPE), code(NO_COLUMN).alias(SCHOOL)
    )


def _look_up(
    contacts: Frame, students: Sequence[Frame], levels: Sequence[Level], *, by_name: bool
) -> Frame:
    """Add what the lists of students say about each contact's student."""
    best = (
        keys.spread(students, levels, _TOLD)
        .group_by(KEY)
        .agg(*(nw.col(name).min() for name in _TOLD), nw.len().alias(_COUNT))
    )
    cases = [(nw.col(KEY).is_null(), code(NO_KEY)), (nw.col(_COUNT).is_null(), code(NOT_FOUND))]
    if by_name:
        cases += [(nw.col(_COUNT) > 1, code(SEVERAL)), (nw.col(_COUNT) == 1, code(BY_NAME))]
    key = keys.key(levels, keys.columns(contacts), OF_STUDENT).alias(KEY)
    found = contacts.with_columns(key).join(best, on=KEY, how="left")
    return found.with_columns(first(cases, code(FOUND)).alias(STUDENT))


def _linked(contacts: Frame, students: Sequence[Frame], links: Sequence[Table]) -> Frame:
    """Add what the links of the students say about each contact."""
    sourced = [one for one in students if "sourced_id" in keys.columns(one)]
    pairs = nw.concat([one.select("sourced_id", _LINK) for one in keys.frames(links)])
    pairs = pairs.filter(~nw.col(_LINK).is_null())
    if not sourced:
        return _told(contacts, NO_KEY)
    known = nw.concat([one.select(nw.col("sourced_id").alias(_LINK), *_TOLD) for one in sourced])
    best = (
        pairs.join(known, on=_LINK, how="left")
        .group_by("sourced_id")
        .agg(*(nw.col(name).min() for name in _TOLD), nw.len().alias(_COUNT))
        .select(nw.col("sourced_id").alias(KEY), *_TOLD, _COUNT)
    )
    cases = [
        (nw.col(_COUNT).is_null(), code(NO_KEY)),
        (nw.col(SCOPE).is_null(), code(NOT_FOUND)),
    ]
    return (
        contacts.with_columns(nw.col("sourced_id").alias(KEY))
        .join(best, on=KEY, how="left")
        .with_columns(first(cases, code(FOUND)).alias(STUDENT))
    )


def count(
    students: Frame,
    everybody: Sequence[Frame],
    contacts: Sequence[Frame],
    links: Sequence[Frame],
) -> Frame:
    """Add the column `GUARDIANS` to a table of students.

    Args:
        students: One table of students.
        everybody: All tables of students: they decide by which key a contact goes.
        contacts: Tables of guardians with a column `PAIR`, of which each counts once in a
            table; where it is blank each row counts.
        links: What tells the students of contacts that carry no key of them.
    """
    has = keys.columns(students)
    counts: list[nw.Expr] = []
    for one in contacts:
        for level, numbers in _numbers(has, everybody, one, links):
            column = f"{GUARDIANS}{len(counts)}"
            own = numbers.select(KEY, nw.col(_COUNT).alias(column))
            students = (
                students.with_columns(level.alias(KEY)).join(own, on=KEY, how="left").drop(KEY)
            )
            counts.append(nw.coalesce(nw.col(column), nw.lit(0)))
    total = nw.sum_horizontal(*counts) if counts else nw.lit(0)
    return students.with_columns(total.alias(GUARDIANS))


def _numbers(
    has: Columns, everybody: Sequence[Frame], contacts: Frame, links: Sequence[Frame]
) -> Iterator[tuple[nw.Expr, Frame]]:
    """What students are looked up by, and the number of contacts for each such key."""
    theirs = keys.columns(contacts)
    strong = keys.shared(theirs, everybody, STRONG, OF_STUDENT)
    if not strong and links and "sourced_id" in theirs:
        if "sourced_id" in has:
            pairs = nw.concat([one.select("sourced_id", _LINK) for one in links]).unique()
            linked = contacts.join(pairs, on="sourced_id", how="inner")
            yield nw.col("sourced_id"), _number(linked, nw.col(_LINK))
        return
    levels = strong or keys.shared(theirs, everybody, [NAME], OF_STUDENT)
    if not levels:
        return
    numbers = _number(contacts, keys.key(levels, theirs, OF_STUDENT))
    if not strong:
        # A name that several students have says of none of them whose contact it is.
        alike = keys.spread(everybody, levels, ()).group_by(KEY).agg(nw.len().alias(_ALIKE))
        numbers = numbers.join(alike.filter(nw.col(_ALIKE) == 1), on=KEY, how="semi")
    for rank, level in enumerate(levels):
        if keys.has_level(level, has):
            yield keys.mark(rank, keys.value(level, has)), numbers


def _number(contacts: Frame, key: nw.Expr) -> Frame:
    """How many contacts there are for each key."""
    found = contacts.select(key.alias(KEY), nw.col(PAIR)).filter(~nw.col(KEY).is_null())
    alike = found.filter(~nw.col(PAIR).is_null()).unique(subset=[KEY, PAIR])
    single = found.filter(nw.col(PAIR).is_null())
    return nw.concat([alike, single]).group_by(KEY).agg(nw.len().alias(_COUNT))

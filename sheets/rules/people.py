"""Contacts compared with each other: a shared address, the same name, a pair that is listed twice.

Contacts are one person if they have the same id; without an id, if they have the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import keys
from sheets.rules.cells import NEVER, NOTHING, Columns, first
from sheets.rules.keys import KEY, NAME, STOP
from sheets.rules.model import DUPLICATE, REVEALED, ROW, Verdict
from sheets.rules.students import OF_STUDENT, PAIR, STRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.keys import Level

    Frame = nw.LazyFrame[Any]

SHARED, NAMESAKE = "_shared", "_namesake"
"""Columns of contacts: whether another person has the address, the name."""

_MAIL, _NAME, _PERSON = "_mail", "_name", "_person"
_IDS: Sequence[Level] = (("person_id",), ("person_guid",))
_RANKS = (Verdict.YES, Verdict.UNKNOWN, Verdict.NO)
_ROOM = 1_000_000_000_000
"""More rows than any table has: a rank and a row number in one number."""


def described(contacts: Frame) -> Frame:
    """Add address, name and id of a contact, in the form in which they are compared."""
    columns = keys.columns(contacts)
    levels: dict[str, Sequence[Level]] = {_MAIL: [("email",)], _NAME: [NAME], _PERSON: _IDS}
    return contacts.with_columns(
        nw.coalesce(*keys.values(those, columns), NOTHING).alias(name)
        for name, those in levels.items()
    )


def known(everybody: Sequence[Frame]) -> Frame:
    """Who is in some tables of contacts that are `described`, once."""
    # Parents of several children stand there once for each: what is compared is people.
    return nw.concat([one.select(_MAIL, _NAME, _PERSON) for one in everybody]).unique()


def attach(contacts: Frame, everybody: Frame, *, shared: bool, namesakes: bool) -> Frame:
    """Add `SHARED` and `NAMESAKE`, as far as they are asked for.

    Args:
        contacts: One table of contacts, `described`.
        everybody: Who is `known`.
        shared: Whether a rule asks who shares an address.
        namesakes: Whether a rule asks who has the same name.
    """
    if shared:
        contacts = contacts.join(_shared(everybody), on=_MAIL, how="left")
    if namesakes:
        contacts = contacts.join(_namesakes(everybody), on=_NAME, how="left")
    return contacts


def is_shared() -> nw.Expr:
    """Whether somebody else has the address of a row."""
    return nw.coalesce(nw.col(SHARED), NEVER)


def has_namesake() -> nw.Expr:
    """Whether another person has the name of a row."""
    return nw.coalesce(nw.col(NAMESAKE), NEVER) & ~nw.col(_PERSON).is_null()


def pair(columns: Columns) -> nw.Expr:
    """What a contact of one student goes by; nothing where either is not known.

    The student by id, GUID, number or name; the contact by id or GUID, else by name with phone or
    e-mail.

    Args:
        columns: The columns of a table of contacts that is `described`.
    """
    return nw.concat_str(
        keys.firstly(_student(columns)), nw.lit(STOP * 2), keys.firstly(_contact(columns))
    ).alias(PAIR)


def duplicates(found: Frame, rules: Sequence[str]) -> Frame:
    """Judge a pair once: all but the best row of a pair only point at it.

    Args:
        found: ``_row``, `PAIR`, the verdict and the text of each rule.
        rules: The ids of all other rules.
    """
    ranks = [(nw.col(REVEALED) == verdict, nw.lit(rank)) for rank, verdict in enumerate(_RANKS)]
    place = first(ranks, nw.lit(len(_RANKS))).cast(nw.Int64) * _ROOM + nw.col(ROW).cast(nw.Int64)
    best = (
        found.filter(~nw.col(PAIR).is_null())
        .select(nw.col(PAIR).alias(KEY), place.alias("_best"))
        .group_by(KEY)
        .agg(nw.col("_best").min(), nw.len().alias("_times"))
        .filter(nw.col("_times") > 1)
        .select(nw.col(KEY).alias(PAIR), "_best")
    )
    found = found.join(best, on=PAIR, how="left")
    row = nw.col("_best") % _ROOM
    listed = ~nw.col("_best").is_null() & (row != nw.col(ROW).cast(nw.Int64))
    verdicts = [
        (nw.col("_best") < (rank + 1) * _ROOM, nw.lit(str(_RANKS[rank]))) for rank in (0, 1)
    ]
    once = nw.concat_str(nw.lit("listed:"), row.cast(nw.String))
    return found.with_columns(listed.alias("_listed")).with_columns(
        nw.when(nw.col("_listed"))
        .then(first(verdicts, nw.lit(str(Verdict.NO))))
        .otherwise(nw.col(REVEALED))
        .alias(REVEALED),
        nw.when(nw.col("_listed")).then(once).otherwise(NOTHING).alias(DUPLICATE),
        *(
            nw.when(nw.col("_listed")).then(NOTHING).otherwise(nw.col(rule)).alias(rule)
            for rule in rules
        ),
    )


def _shared(contacts: Frame) -> Frame:
    """Addresses that two different people have."""
    person, name = nw.col(_PERSON), nw.col(_NAME)
    told = (
        contacts.filter(~nw.col(_MAIL).is_null())
        .group_by(_MAIL)
        .agg(
            person.min().alias("_least"),
            person.max().alias("_most"),
            name.min().alias("_first"),
            name.max().alias("_last"),
            person.count().alias("_known"),
            nw.len().alias("_rows"),
        )
    )
    ids = nw.col("_least") != nw.col("_most")
    names = (nw.col("_known") < nw.col("_rows")) & (nw.col("_first") != nw.col("_last"))
    differ = nw.coalesce(ids, NEVER) | nw.coalesce(names, NEVER)
    return told.select(_MAIL, differ.alias(SHARED)).filter(nw.col(SHARED))


def _namesakes(contacts: Frame) -> Frame:
    """Names that two different ids have."""
    person = nw.col(_PERSON)
    told = (
        contacts.filter(~nw.col(_NAME).is_null())
        .group_by(_NAME)
        .agg(person.min().alias("_least"), person.max().alias("_most"))
    )
    differ = nw.coalesce(nw.col("_least") != nw.col("_most"), NEVER)
    return told.select(_NAME, differ.alias(NAMESAKE)).filter(nw.col(NAMESAKE))


def _student(columns: Columns) -> list[nw.Expr]:
    """What the student of a pair goes by, the surest first."""
    own = keys.values([*STRONG, NAME], columns, OF_STUDENT)
    return own + keys.values([("student_sourced_id",)], columns)


def _contact(columns: Columns) -> list[nw.Expr]:
    """What the contact of a pair goes by, the surest first."""
    name, mail = _without_id(nw.col(_NAME)), _without_id(nw.col(_MAIL))
    ways = [mail]
    if "other_phone" in columns:
        digits = _without_id(nw.col("other_phone")).str.replace_all("[^0-9]", "")
        ways.insert(0, nw.when(digits != "").then(digits).otherwise(NOTHING))
    by_name = [nw.concat_str(name, way, separator=STOP) for way in ways]
    return keys.values(_IDS, columns) + by_name


def _without_id(value: nw.Expr) -> nw.Expr:
    """A value of those who have no id: for all others nothing need be made of it."""
    return nw.when(nw.col(_PERSON).is_null()).then(value).otherwise(NOTHING)

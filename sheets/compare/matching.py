"""Who of the sheets is who of the answer.

Which id of the answer is which column of the sheets is found out by trying: the pair that finds
the most people whose last names do not contradict is taken, and told. Then come the username, and
e-mail with last name. A name alone finds nobody: such rows are told and left out of all counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import label
from sheets.compare.people import ID, KIND, LINE, PERSON, PUPIL, WHERE
from sheets.summary import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.compare.answer import Answer
    from sheets.compare.people import People

USER, STATE = "user", "state"
IN, OUT = "in", "out"
AMBIGUOUS, BY_NAME, LEFT_OUT = "ambiguous", "by name", "left out"
NO_STUDENT = "student not in the answer"

_THEIRS = "theirs"
_PLAIN = "exact"
_UNPADDED = "without leading zeros"
_MOST_KEYS = 4
PAIRS = {USER: pl.UInt32, LINE: pl.UInt32}


@dataclass(frozen=True, slots=True)
class Key:
    """A way by which people of one kind were found.

    Attributes:
        theirs: Where it stands in the answer, such as ``identifier``.
        ours: The field of the sheets, as people call it, such as ``Person ID``.
        found: How many people of the answer it finds.
    """

    theirs: str
    ours: str
    found: int


@dataclass(frozen=True, slots=True)
class Matched:
    """People of one kind: what the answer knows of them.

    Attributes:
        kind: ``student``, ``staff`` or ``contact``.
        total: How many people of this kind the answer has; of an answer without roles how many
            it has at all.
        keys: How they were found, the best way first.
        pairs: ``user`` and ``line``: who is who.
        states: ``line`` and ``state`` of the rows of this kind.
        renamed: Rows whose last name in the answer is another.
    """

    kind: str
    total: int
    keys: Sequence[Key]
    pairs: pl.DataFrame
    states: pl.DataFrame
    renamed: Sequence[int] = ()

    @property
    def found(self) -> int:
        """How many people of the answer are on the sheets."""
        return self.pairs[USER].n_unique() if self.pairs.height else 0

    @property
    def unlisted(self) -> int:
        """How many people of the answer are on no sheet."""
        return self.total - self.found


@dataclass(frozen=True, slots=True)
class _Side:
    """The people of one kind on one side, by all that they can be found by."""

    ids: pl.DataFrame
    usernames: pl.DataFrame
    names: pl.DataFrame


@dataclass(slots=True)
class _Search:
    """What is found so far, best way first."""

    theirs: _Side
    ours: _Side
    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PAIRS))
    keys: list[Key] = field(default_factory=list)

    def take(self, found: pl.DataFrame, theirs: str, ours: str) -> None:
        """Keep what is new: neither side was found by a better way."""
        new = (
            found.select(pl.col(USER, LINE).cast(pl.UInt32))
            .unique()
            .join(self.pairs, on=USER, how="anti")
            .join(self.pairs, on=LINE, how="anti")
        )
        if new.height:
            self.keys.append(Key(theirs, ours, new[USER].n_unique()))
            self.pairs = pl.concat([self.pairs, new])

    def spread(self) -> None:
        """Whoever is found in one row is found in all others about the same person."""
        of_line = self.ours.names.select(LINE, PERSON)
        wider = self.pairs.join(of_line, on=LINE).select(USER, PERSON).unique()
        self.pairs = wider.join(of_line, on=PERSON).select(USER, LINE).unique()


def match(people: People, answer: Answer, *, everybody: bool = False) -> Mapping[str, Matched]:
    """Find the people of the sheets in an answer.

    Args:
        people: The people of the sheets.
        answer: The answer of the API.
        everybody: Whether the answer is about all kinds of people, so that a kind of which it has
            nobody is not revealed. Otherwise such a kind is left out of the comparison.

    Returns:
        Kind -> what is known of it, for each kind that is on the sheets; and `PUPIL` -> the
        students of the contacts' rows.
    """
    users = _users(answer)
    result = {}
    for kind in (*KINDS, PUPIL):
        ours = _ours(people, kind)
        if not ours.names.height:
            continue
        theirs = _theirs(users, "student" if kind == PUPIL else kind)
        matched = _match(kind, theirs, ours)
        told = everybody or ("student" if kind == PUPIL else kind) in answer.kinds
        result[kind] = matched if told or (not answer.kinds and matched.found) else _none(matched)
    return _apart(result, told=bool(answer.kinds))


def _users(answer: Answer) -> Mapping[str, pl.DataFrame]:
    """The answer in tables; ``kind`` is null for people of whom no role is told."""
    every = list(enumerate(answer.users))
    kinds = [(at, kind) for at, user in every for kind in user.kinds or (None,)]
    ids = [(at, where, text) for at, user in every for where, text in user.ids]
    names = [(at, name) for at, user in every for name in user.usernames]
    persons = [(at, user.first_name, user.last_name, user.email) for at, user in every]
    return {
        "kinds": pl.DataFrame(kinds, {USER: pl.UInt32, KIND: pl.String}, orient="row"),
        "ids": pl.DataFrame(
            ids, {USER: pl.UInt32, _THEIRS: pl.String, ID: pl.String}, orient="row"
        ),
        "usernames": pl.DataFrame(names, {USER: pl.UInt32, "username": pl.String}, orient="row"),
        "names": pl.DataFrame(
            persons,
            {USER: pl.UInt32, "first": pl.String, "last": pl.String, "email": pl.String},
            orient="row",
        ).with_columns(pl.col("first", "last", "email").replace("", None)),
    }


def _theirs(users: Mapping[str, pl.DataFrame], kind: str) -> _Side:
    fits = pl.col(KIND).is_null() | (pl.col(KIND) == kind)
    these = users["kinds"].filter(fits).select(USER).unique()
    return _Side(*(users[name].join(these, on=USER, how="semi") for name in _NAMES))


_NAMES = ("ids", "usernames", "names")


def _ours(people: People, kind: str) -> _Side:
    own = people.lines.filter(pl.col(KIND) == ("contact" if kind == PUPIL else kind))
    ids = people.ids.filter(pl.col(KIND) == kind).select(LINE, WHERE, ID)
    if kind == PUPIL:
        # Each student stands in the rows of several contacts, which are not to be told apart here.
        names = own.select(
            LINE,
            pl.lit("").alias(PERSON),
            *(pl.lit(None, dtype=pl.String).alias(name) for name in ("first", "last", "email")),
        ).join(ids, on=LINE, how="semi")
        return _Side(ids, people.usernames.clear(), names)
    names = own.select(LINE, PERSON, "first", "last", "email")
    return _Side(ids, people.usernames.join(own, on=LINE, how="semi"), names)


def _match(kind: str, theirs: _Side, ours: _Side) -> Matched:
    search = _Search(theirs, ours)
    _by_ids(search)
    _by_username(search)
    _by_email(search)
    several = _ambiguous(search)
    if kind != PUPIL:
        search.spread()
    named = _by_name(search)
    state = (
        pl.when(pl.col(LINE).is_in(several))
        .then(pl.lit(AMBIGUOUS))
        .when(pl.col(LINE).is_in(search.pairs[LINE].implode()))
        .then(pl.lit(IN))
        .when(pl.col(LINE).is_in(named))
        .then(pl.lit(BY_NAME))
        .otherwise(pl.lit(OUT))
    )
    states = ours.names.select(LINE, state.alias(STATE))
    renamed = _named(search.pairs, search).filter(~_agree())[LINE].unique().sort().to_list()
    return Matched(kind, theirs.names.height, search.keys, search.pairs, states, renamed)


def _by_ids(search: _Search) -> None:
    """By the ids: first those that find the most, then others where the names agree as well."""
    forms = {_PLAIN: pl.col(ID), _UNPADDED: pl.col(ID).str.replace(r"^0+", "")}
    met = pl.concat(
        [
            search.theirs.ids.with_columns(form)
            .join(search.ours.ids.with_columns(form), on=ID)
            .select(USER, LINE, _THEIRS, WHERE, pl.lit(name).alias("form"))
            for name, form in forms.items()
        ]
    )
    met = _named(met, search).with_columns(_agree().alias("agree"))
    ranked = (
        met.group_by(_THEIRS, WHERE, "form")
        .agg(
            pl.col(USER).filter("agree").n_unique().alias("good"),
            pl.col(USER).filter(~pl.col("agree")).n_unique().alias("bad"),
        )
        .filter(pl.col("good") > pl.col("bad"))
        .sort(["good", "form", WHERE, _THEIRS], descending=[True, False, True, True])
    )
    for nth, (theirs, ours, form, *_) in enumerate(ranked.head(_MOST_KEYS).iter_rows()):
        same = (pl.col(_THEIRS) == theirs) & (pl.col(WHERE) == ours) & (pl.col("form") == form)
        sure = pl.lit(value=True) if not nth else pl.col("last") == pl.col("last_theirs")
        shown = theirs if form == _PLAIN else f"{theirs} {_UNPADDED}"
        search.take(met.filter(same & sure), shown, label(ours))


def _by_username(search: _Search) -> None:
    met = search.theirs.usernames.join(search.ours.usernames, on="username")
    search.take(_named(met, search).filter(_agree()), "username", label("username"))


def _by_email(search: _Search) -> None:
    """By e-mail and last name; the first name tells apart who shares an address."""
    for keys in (["email", "last", "first"], ["email", "last"]):
        met = search.theirs.names.drop_nulls(keys).join(search.ours.names.drop_nulls(keys), on=keys)
        search.take(met, "email and familyName", f"{label('email')} and {label('last_name')}")


def _by_name(search: _Search) -> pl.Series:
    """The rows of people who could be somebody of the answer by their name alone."""
    keys = ["first", "last"]
    met = (
        search.theirs.names.drop_nulls(keys)
        .join(search.pairs, on=USER, how="anti")
        .join(search.ours.names.drop_nulls(keys), on=keys)
        .join(search.pairs, on=LINE, how="anti")
    )
    return met[LINE].unique().implode()


def _ambiguous(search: _Search) -> pl.Series:
    """The rows of several persons found as one, or of one who is found as several.

    A person may have several records, one for each role: they have an id in common.
    """
    pairs = search.pairs.join(search.ours.names.select(LINE, PERSON), on=LINE)
    # Only what persons are told apart by in the same way tells that they are two.
    way = pl.col(PERSON).str.extract(r"^(\w+)\n").alias("way")
    persons = pairs.group_by(USER, way).agg(pl.col(PERSON).n_unique().alias("n"))
    several = pairs.join(persons.filter(pl.col("n") > 1), on=USER, how="semi")[LINE]
    by_id = search.theirs.ids.join(search.ours.ids, on=ID).select(USER, LINE).unique()
    weak = pairs.join(by_id, on=[USER, LINE], how="anti")
    users = weak.group_by(PERSON).agg(pl.col(USER).n_unique().alias("n")).filter(pl.col("n") > 1)
    return pl.concat([several, weak.join(users, on=PERSON, how="semi")[LINE]]).unique().implode()


def _named(met: pl.DataFrame, search: _Search) -> pl.DataFrame:
    """The same with the last names of both sides."""
    theirs = search.theirs.names.select(USER, pl.col("last").alias("last_theirs"))
    ours = search.ours.names.select(LINE, "last")
    return met.join(theirs, on=USER, how="left").join(ours, on=LINE, how="left")


def _agree() -> pl.Expr:
    """Whether two last names do not contradict."""
    return (pl.col("last") == pl.col("last_theirs")).fill_null(value=True)


def _none(matched: Matched) -> Matched:
    """A kind that the answer is not about."""
    states = matched.states.with_columns(pl.lit(LEFT_OUT).alias(STATE))
    return Matched(matched.kind, 0, (), matched.pairs.clear(), states)


def _apart(result: dict[str, Matched], *, told: bool) -> Mapping[str, Matched]:
    """Without roles, ids of one kind may happen to be ids of another: the larger one counts."""
    if told:
        return result
    for kind, one in list(result.items()):
        for other in list(result.values()):
            if PUPIL in {kind, other.kind} or kind == other.kind or not one.keys or not other.keys:
                continue
            common = one.pairs.join(other.pairs, on=USER, how="semi")[USER].n_unique()
            same = one.keys[0].ours == other.keys[0].ours
            if not same and one.found < other.found and 2 * common > one.found:
                result[kind] = _none(one)
    return result

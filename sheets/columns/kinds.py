"""Which kind of list a table is, by its headings, the name of its tab, and some of its values."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from sheets.columns import groups, headers, values, vocabulary
from sheets.columns.vocabulary import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheets.columns.region import Heading
    from sheets.columns.values import Values

UNSURE = "unsure"
"""A list of people, of which it cannot be told whether they are students, staff or contacts."""

_SURE = 2  # so much more than for any other kind must speak for one
_SAYS = 3  # so much does the name of a tab say
_SMALL = 8  # a list of relationship types has no more columns than that
_FEW = 400  # and no more rows
_REPEATS = 0.9  # with fewer different values than that, a student has several rows
_WORD = re.compile(r"[^a-z]+")
_WEAK = "weak"
_STATES = ("account_enabled", "account_disabled", "account_created", "account_expires")
_PAIR = ("relationship", "related_by", "contact_id")
_NAMES = ("first_name", "last_name", "full_name")
_KEYS = ("person_id", "person_guid", "number", "sourced_id", "contact_id")
_PEOPLE = ("student", "staff", "contact")


@dataclass(frozen=True)
class Evidence:
    """What speaks for a kind.

    Attributes:
        headings: The headings.
        names: What the list is called: the tab, the file, the titles above it, in that order.
        values: A sample of a column's values.
        words: All different values of a column.
        repeats: Whether a column has the same value in many rows.
        rows: How many rows there are, at least.
    """

    headings: Sequence[Heading]
    names: Sequence[str]
    values: Values
    words: Values
    repeats: Callable[[int], bool]
    rows: int

    @cached_property
    def _says(self) -> Sequence[tuple[int, str, str]]:
        """Column, field and subject of all that headings, or headings and values, say."""
        return [
            (heading.column, field, subject)
            for heading in self.headings
            for field, subject in self._said_by(heading)
        ]

    def _said_by(self, heading: Heading) -> Iterator[tuple[str, str]]:
        for sense in heading.meaning.senses[:1]:
            yield sense.field, _WEAK if sense.weak else sense.subject
        options, seen = heading.meaning.options or {}, self.values(heading.column)
        for field, test in options.get("contact", ()):
            if test in {"flag", "relation"} and values.fits(test, seen):
                yield field, ""
        for field, test in options.get("staff", ()):
            if test == "flag" and values.fits(test, seen):
                yield field, ""
            elif test == "person" and (not seen or values.fits(test, seen)):
                yield field, "staff"

    def columns(self, field: str, subject: str | None = None) -> list[int]:
        """The columns that say a field, of some subject or of any."""
        return [
            column
            for column, said, whose in self._says
            if said == field and (whose != _WEAK if subject is None else whose == subject)
        ]

    def has(self, *fields: str, subject: str | None = None) -> bool:
        """Whether any of some fields is there."""
        return any(self.columns(field, subject) for field in fields)

    def said(self, kind: str, *fields: str) -> bool:
        """Whether any of some fields is said on this kind of list."""
        return any(
            vocabulary.resolve(sense, kind) in fields
            for heading in self.headings
            for sense in heading.meaning.senses
        )


def decide(evidence: Evidence) -> str:
    """Return the kind of a list, ``other``, or `UNSURE`."""
    if groups.are_wide(evidence.headings, evidence.values) and not _lists_pairs(evidence):
        own, _ = groups.split(evidence.headings, evidence.values)
        return _beside_groups(replace(evidence, headings=own))
    if _is_type_list(evidence):
        return "relationship_type"
    if _is_account_list(evidence):
        return "account"
    return _by_people(evidence) if _is_people(evidence) else OTHER


def _by_people(evidence: Evidence) -> str:
    """Who the people of a list are."""
    roles = _roles(evidence)
    if len(roles) > 1:
        return vocabulary.MIXED
    if len(roles) == 1:
        return next(iter(roles))
    return _by_weight(evidence)


def _lists_pairs(evidence: Evidence) -> bool:
    """Whether each row is one contact of a student, whoever else is named beside them."""
    contact = evidence.has(*_NAMES, subject="contact") or titled(evidence.names) == "contact"
    of_row = (sense for one in evidence.headings if not one.members for sense in one.meaning.senses)
    return contact and any(sense.field in _PAIR for sense in of_row)


def _beside_groups(evidence: Evidence) -> str:
    """Who stands on each row of a wide sheet: nearly always a student."""
    if not evidence.has(*_KEYS, *_NAMES) and not _called(evidence, "name"):
        return OTHER
    roles = _roles(evidence)
    if len(roles) > 1:
        return vocabulary.MIXED
    weights = {kind: _weight(evidence, kind) for kind in ("student", "staff")}
    title = titled(evidence.names)
    if title in weights:
        weights[title] += _SAYS
    return "staff" if weights["staff"] - weights["student"] >= _SURE else "student"


def titled(names: Sequence[str]) -> str | None:
    """The kind that the first of some names says, if it says one.

    Example:
        >>> titled(["Student Contacts"]), titled(["Staff Accounts"]), titled(["Sheet1", "Roster"])
        ('contact', 'account', 'student')
    """
    for name in names:
        said = title_words(name)
        for kind in ("relationship_type", "account", "staff", "contact", "student"):
            if said & vocabulary.kinds()[kind].titles:
                return kind
    return None


def title_words(name: str) -> frozenset[str]:
    """The words of a name, and each two of them that stand together.

    Example:
        >>> sorted(title_words("StaffAccounts 2026"))
        ['accounts', 'staff', 'staff accounts']
    """
    words = [word for word in _WORD.split(_spread(name).casefold()) if word]
    return frozenset({*words, *(" ".join(pair) for pair in pairwise(words))})


def _spread(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _is_type_list(evidence: Evidence) -> bool:
    """A short list of names with a box to tick: which relationship types are Guardian."""
    named = evidence.said("relationship_type", "rel_type_name")
    personal = evidence.has(
        *(*_NAMES, "email", "number", "person_id", "username", "phone", "other_phone"),
        *("cell_phone", "home_phone", "student_number", "contact_id"),
    )
    if not named or personal:
        return False
    boxes = [heading for heading in evidence.headings if _is_box(heading)]
    if titled(evidence.names) == "relationship_type":
        return bool(boxes) or any(map(_is_nearly_box, evidence.headings))
    if any(heading.given for heading in boxes):
        return True
    ticked = all(values.fits("flag", evidence.values(box.column)) for box in boxes)
    few = len(evidence.headings) <= _SMALL and evidence.rows <= _FEW
    return bool(boxes) and ticked and few


def _is_box(heading: Heading) -> bool:
    fields = (vocabulary.resolve(one, "relationship_type") for one in heading.meaning.senses)
    return "rel_type_guardian" in fields


def _is_nearly_box(heading: Heading) -> bool:
    words = headers.words(heading.text)
    spellings = vocabulary.spellings("rel_type_guardian")
    return not heading.meaning.known and headers.near(words, spellings) is not None


def _is_account_list(evidence: Evidence) -> bool:
    """Names to sign in with, and whether they may; nothing that only a list of people has."""
    login = evidence.has("username") or _called(evidence, "user id", "account", "uid")
    home_page = evidence.has("home_page")
    states = sum(map(evidence.has, _STATES))
    title = titled(evidence.names)
    keyed = evidence.has("person_id", "number", "email")
    several = home_page or states > 1 or title == "account"
    if not (home_page or states) or not (login or (keyed and several)):
        return False
    if title == "account":
        roster = evidence.has("relationship", "role", "sourced_id")
        return home_page or not roster
    roster = evidence.has(
        *("grade", "relationship", "role", "job_title", "other_phone", "contact_id", "sourced_id"),
        *("home_phone", "cell_phone", "guardian_flag", "school"),
    ) or any(evidence.has("number", subject=subject) for subject in ("student", "staff"))
    if title is not None or roster:
        return False
    known = login and evidence.has("person_id", "number")
    return known or home_page or not evidence.has(*_NAMES)


def _called(evidence: Evidence, *texts: str) -> bool:
    wanted = vocabulary.keys(texts)
    return any(vocabulary.key(heading.text) in wanted for heading in evidence.headings)


def _is_people(evidence: Evidence) -> bool:
    """Whether the rows are people: names, or a key, and something more about them."""
    keys = evidence.has(*_KEYS)
    both = evidence.has("first_name") and evidence.has("last_name")
    full = evidence.has("full_name") or _called(evidence, "name", "guardian")
    some = evidence.has("first_name", "last_name", "email", "username") or full
    if any(heading.given for heading in evidence.headings):
        return keys or some or evidence.has("other_phone", "relationship")
    if both or (keys and some):
        return True
    more = evidence.has("email", "relationship", "other_phone", "grade")
    return full and (more or titled(evidence.names[:1]) in _PEOPLE)


def _roles(evidence: Evidence) -> frozenset[str]:
    """The kinds of people that a role column names."""
    clear = evidence.columns("role")
    may = [
        heading.column
        for heading in evidence.headings
        if any(field == "role" for field, _ in (heading.meaning.options or {}).get("staff", ()))
    ]
    for column in clear or may:
        if values.fits("roles" if clear else "role", evidence.values(column)):
            return values.roles(evidence.words(column))
    return frozenset()


def _by_weight(evidence: Evidence) -> str:
    """Students, staff or contacts, by all that speaks for each."""
    title = titled(evidence.names)
    weights = {kind: _weight(evidence, kind) for kind in _PEOPLE}
    if title in weights:
        weights[title] += _SAYS
    for heading in evidence.headings:
        for sense in heading.meaning.senses[:1]:
            if heading.given and sense.subject in weights:
                weights[sense.subject] += _SAYS
    if _about_contacts(evidence, weights):
        return _pairs_or_students(evidence, title)
    weights["contact"] = 0 if title != "contact" else weights["contact"]
    first, second, _ = sorted(weights, key=lambda kind: -weights[kind])
    return first if weights[first] - weights[second] >= _SURE else UNSURE


def _weight(evidence: Evidence, kind: str) -> int:
    spec = vocabulary.kinds()[kind]
    total = 0
    everyone = any(
        vocabulary.key(heading.text) in vocabulary.words("everyone", "words")
        for heading in evidence.headings
    )
    for name, weight in spec.weights.items():
        subject, _, field = name.rpartition(":")
        if evidence.has(field, subject=subject or None) and not (everyone and field == "grade"):
            total += weight
    headings = (vocabulary.key(heading.text) in spec.headings for heading in evidence.headings)
    return total + 2 * sum(headings)


def _about_contacts(evidence: Evidence, weights: Mapping[str, int]) -> bool:
    """Whether the rows are contacts, or at least have contacts in them."""
    both = any(
        evidence.has(name, subject="student") and evidence.has(name, subject="") for name in _NAMES
    )
    linked = evidence.has("full_name", subject="student") and evidence.has("first_name", subject="")
    if titled(evidence.names) == "contact" or both or linked:
        return True
    if evidence.has(*_NAMES, subject="contact"):
        return True
    others = max(weights["student"], weights["staff"])
    return weights["contact"] >= _SAYS and weights["contact"] > others


def _pairs_or_students(evidence: Evidence, title: str | None) -> str:
    """Tell a list of contacts from a list of students that names one contact of each."""
    pair = evidence.has(*_PAIR)
    if title == "contact" or (pair and title != "student"):
        return "contact"
    links = evidence.columns("number", "student") or evidence.columns("full_name", "student")
    if any(map(evidence.repeats, links)):
        return "contact"
    if title == "student":
        return UNSURE if pair else "student"
    if not evidence.has(*_NAMES, subject="contact"):
        return "contact"
    if evidence.has("grade"):
        return "student"
    return "contact" if evidence.has(*_NAMES, subject="student") else UNSURE

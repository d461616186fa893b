"""Wide sheets: a student on each row, and beside it contacts, each of them a group of columns.

``Guardian 1 First Name``, ``Mother Email``, ``P2 Cell``: such a heading says whose it is and what.
Its group becomes a list of contacts of its own, with the student's keys beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import headers, values, vocabulary
from sheets.rules.model import ODD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.columns.region import Heading
    from sheets.columns.values import Values
    from sheets.columns.vocabulary import Meaning

Words = tuple[str, ...]

_LEAST = 2  # so many headings of groups make a sheet wide
_NAMES = frozenset({"first_name", "last_name", "full_name"})
_DIGITS = re.compile(r"(?<=\d)(?!st\b|nd\b|rd\b|th\b)(?=[a-z])")
_BARE = vocabulary.Meaning(options={"contact": [("full_name", "person")]}, known=True)


@dataclass(frozen=True, slots=True)
class Member:
    """One reading of a heading: the group that it is of, and what the rest of it says.

    Attributes:
        group: What the group is called: ``Guardian 1``.
        rest: The rest, in words.
        meaning: What the rest says on a list of contacts.
    """

    group: str
    rest: str
    meaning: Meaning


@lru_cache(maxsize=8192)
def members(text: str) -> tuple[Member, ...]:
    """All readings of a heading as a part of a group, the likeliest first.

    Example:
        >>> [(one.group, one.rest) for one in members("Guardian1_FirstName")]
        [('Guardian 1', 'first name')]
        >>> [(one.group, one.rest) for one in members("Parent Email 2")]
        [('Parent 2', 'email'), ('Parent', 'email 2')]
        >>> members("First Name")
        ()
    """
    found: dict[tuple[str, str], Member] = {}
    for words in _readable(text):
        for group, rest in (*_opened(words), *_closed(words), *_glued(words)):
            meaning = _meaning(rest)
            if meaning is not None:
                member = Member(group, " ".join(rest), meaning)
                found.setdefault((group, member.rest), member)
    return tuple(found.values())


def says(text: str) -> bool:
    """Whether a heading clearly is a field of some group.

    Example:
        >>> says("Mother Email"), says("Guardian 2"), says("Mother"), says("Mother Tongue")
        (True, True, False, False)
    """
    return any(
        one.meaning.says and (one.rest or any(map(str.isdigit, one.group))) for one in members(text)
    )


def are_wide(headings: Sequence[Heading], sample: Values) -> bool:
    """Whether a header row has groups of contacts, by headings that no other list would have."""
    clear = [one for one in headings if one.members and not vocabulary.meaning(one.text).known]
    named = _named(clear, headings, sample)
    return sum(any(one.group in named for one in heading.members) for heading in clear) >= _LEAST


def split(
    headings: Sequence[Heading], sample: Values
) -> tuple[list[Heading], Mapping[str, list[Heading]]]:
    """Tell the headings of the row's own person from those of each group that has a name.

    Returns:
        The person's own; group -> its headings, with what they say on a list of contacts.
    """
    named = _named(headings, headings, sample)
    own: list[Heading] = []
    groups: dict[str, list[Heading]] = {}
    for heading in headings:
        member = next((one for one in heading.members if one.group in named), None)
        if member is None:
            own.append(heading)
        else:
            groups.setdefault(member.group, []).append(heading.within(member))
    return own, groups


def relationship(group: str) -> str | None:
    """What the contact of a group is to the student, by the group's name alone.

    Example:
        >>> relationship("Mom"), relationship("Guardian 2"), relationship("Contact 1")
        ('Mother', 'Guardian', None)
    """
    data = vocabulary.data()["groups"]
    words = [word for word in headers.words(group).split() if word not in data["openings"]]
    found = data["relationship"].get(" ".join(word for word in words if not word.isdigit()))
    return str(found) if found else None


def people(frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """The rows in which a group holds somebody, with the relationship that its name implies.

    A word for nothing or an error in every cell is nobody: forms and look-ups leave them.
    """
    names = [one for one in vocabulary.data()["groups"]["identity"] if one in frame.columns]
    odd = [name + ODD for name in names if name + ODD in frame.columns]
    frame = frame.filter(
        pl.any_horizontal(
            *(pl.col(name).is_not_null() for name in names),
            *(pl.col(name).str.starts_with("no_result").fill_null(value=False) for name in odd),
        )
    )
    implied = relationship(group)
    if implied is None or "relationship" in frame.columns:
        return frame
    return frame.with_columns(pl.lit(implied, dtype=pl.String).alias("relationship"))


def _named(clear: Iterable[Heading], headings: Sequence[Heading], sample: Values) -> frozenset[str]:
    """The groups of some headings that have a name, wherever it stands."""
    wanted = {one.group for heading in clear for one in heading.members}
    return frozenset(
        one.group
        for heading in headings
        for one in heading.members
        if one.group in wanted and _is_name(heading, one, sample)
    )


def _is_name(heading: Heading, member: Member, sample: Values) -> bool:
    if any(sense.field in _NAMES for sense in member.meaning.senses):
        return True
    if member.meaning is not _BARE:
        return False
    seen = sample(heading.column)
    return not seen or values.fits("person", seen)


def _readable(text: str) -> Iterator[Words]:
    """A heading in words, without its table prefix, and with it."""
    short = vocabulary.data()["abbreviations"]
    own = headers.expand(_DIGITS.sub(" ", headers.words(text)), short)
    table = _spread(headers.table(text))
    for words in (own, f"{table} {own}") if table else (own,):
        tokens = tuple(words.split())
        if _openers().intersection(tokens) or len(tokens) == 1:
            yield tokens


def _spread(table: str) -> str:
    return re.sub(r"(?<=[a-z])(?=\d)", " ", table)


def _opened(words: Words) -> Iterator[tuple[str, Words]]:
    """The readings with the group in front: ``Guardian 1 Email``, ``Guardian Email 1``."""
    start = int(words[0] in vocabulary.data()["groups"]["openings"])
    for word in _group_words():
        end = start + len(word)
        if not _matches(words[start:end], word):
            continue
        rest = words[end:]
        if rest[:1] == ("s",):
            rest = rest[1:]
        number, rest = _numbered(rest)
        if number and (rest or not _is_short(word)):
            yield _called(words[:start], word, number), rest
        elif not number and not _is_short(word):
            if rest and rest[-1].isdigit():
                yield _called(words[:start], word, rest[-1]), rest[:-1]
            yield _called(words[:start], word, ""), rest
        return


def _closed(words: Words) -> Iterator[tuple[str, Words]]:
    """The readings with the group behind: ``Email of Guardian 1``, ``Cell Phone (Mother)``."""
    number = words[-1] if words[-1].isdigit() else ""
    body = words[:-1] if number else words
    for word in _group_words():
        at = len(body) - len(word)
        rest = body[:at]
        if at < 1 or not _matches(body[at:], word) or (_is_short(word) and not number):
            continue
        opening = rest[-1:] if rest[-1] in vocabulary.data()["groups"]["openings"] else ()
        rest = rest[: len(rest) - len(opening)]
        if rest[-1:] in {("of",), ("for",)}:
            rest = rest[:-1]
        meaning = _meaning(rest) if rest else None
        if meaning is not None and meaning.says:
            yield _called(opening, word, number), rest
        return


def _glued(words: Words) -> Iterator[tuple[str, Words]]:
    """The readings of a heading without any blank: ``motherfirstname``."""
    if len(words) > 1:
        return
    for word in _group_words():
        opening = "".join(word)
        rest = words[0].removeprefix(opening)
        if rest not in {"", words[0]} and not _is_short(word):
            meaning = _meaning((rest,))
            if meaning is not None and meaning.says:
                yield _called((), word, ""), (rest,)


def _numbered(rest: Words) -> tuple[str, Words]:
    """The number that a group's headings have, and the words behind it."""
    if rest[:1] == ("number",) and rest[1:2] and rest[1].isdigit():
        rest = rest[1:]
    if not rest:
        return "", rest
    number = vocabulary.data()["groups"]["numbers"].get(rest[0], rest[0])
    return (number, rest[1:]) if number.isdigit() else ("", rest)


def _matches(words: Words, word: Words) -> bool:
    return words == word or (words[:-1] == word[:-1] and words[-1:] == (f"{word[-1]}s",))


def _called(opening: Words, word: Words, number: str) -> str:
    """What people read as the name of a group."""
    plain = " ".join(word)
    known = vocabulary.data()["groups"]["called"].get(plain)
    if known is None:
        known = plain.upper() if _is_short(word) else plain.title()
    if _is_short(word):
        return f"{known}{number}"
    return " ".join(filter(None, (*(one.capitalize() for one in opening), known, number)))


def _meaning(rest: Words) -> Meaning | None:
    """What the rest of a heading says on a list of contacts; None for another person's."""
    if not rest:
        return _BARE
    own = headers.squeeze("".join(rest))
    found = vocabulary.of_key("contact" + own)
    if not found.says:
        found = vocabulary.of_key(own)
    if any(sense.subject in {"student", "staff"} for sense in found.senses):
        return None
    if "contact" in (found.options or {}) or any(
        vocabulary.resolve(sense, "contact") for sense in found.senses
    ):
        return found
    return vocabulary.Meaning(known=found.known)


def _is_short(word: Words) -> bool:
    return word[0] in vocabulary.data()["groups"]["short"]


@cache
def _group_words() -> Sequence[Words]:
    """The words that a group may be called by, the longest first."""
    data = vocabulary.data()
    texts = {*data["groups"]["short"], *data["groups"]["words"], *data["groups"]["relationship"]}
    texts |= set(data["subjects"]["contact"])
    words = {tuple(text.split()) for text in texts}
    return sorted(words, key=lambda word: (-len(word), word))


@cache
def _openers() -> frozenset[str]:
    """Words of which a heading of a group has one."""
    last = {word[-1] for word in _group_words()}
    return frozenset(last | {f"{word}s" for word in last})

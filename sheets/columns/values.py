"""What the values of a column look like: the tests that decide what an unclear heading means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sheets.columns import headers, vocabulary

if TYPE_CHECKING:
    import polars as pl

Values = Callable[[int], Sequence[str]]
"""Column -> a sample of its values, from top to bottom, blanks left out."""

MOST = 0.8
"""How many of the values must pass, so that a few odd ones do no harm."""

MANY = 0.4
"""The same for lists that are never complete, such as relationship types."""


def fits(test: str, values: Sequence[str]) -> bool:
    """Whether the values of a column pass a test of `fields.toml`.

    Example:
        >>> fits("flag", ["Y", "N", "Y"]), fits("flag", ["Mother"]), fits("login", ["jdoe1"])
        (True, False, True)
    """
    return _TESTS[test](values)


def roles(values: Iterable[str]) -> frozenset[str]:
    """The kinds of people that the words in a role column stand for.

    Example:
        >>> sorted(roles(["Teacher", "student", "aide"]))
        ['staff', 'student']
    """
    return frozenset(kind for value in values for kind in (role(value),) if kind)


def role(value: str) -> str | None:
    """The kind of people that one word in a role column stands for."""
    return _roles().get(vocabulary.key(value))


def kinds_of(words: pl.Series) -> pl.Series:
    """The kind of people that each word of a role column stands for.

    Example:
        >>> import polars as pl
        >>> kinds_of(pl.Series(["Teacher", None, "visitor"])).to_list()
        ['staff', None, None]
    """
    known = {word: role(word) for word in words.unique().drop_nulls()}
    return words.replace_strict(known, default=None, return_dtype=words.dtype)


def sample(values: Iterable[str | None]) -> list[str]:
    """Values as tests want them: on one line, blanks left out."""
    shown = (headers.shown(value) for value in values if value)
    return [value for value in shown if value]


def _roles() -> Mapping[str, str]:
    return {
        word: kind
        for kind in ("student", "staff", "contact")
        for word in vocabulary.words("roles", kind)
    }


def _truth(name: str) -> frozenset[str]:
    entry = vocabulary.data()["truth"][name]
    return frozenset({*entry["yes"], *entry["no"]})


def _share(values: Sequence[str], passes: Callable[[str], bool], least: float) -> bool:
    return bool(values) and sum(map(passes, values)) >= least * len(values)


def _among(name: str) -> Callable[[Sequence[str]], bool]:
    """Most values are words that an office uses for true and false."""
    return lambda values: _share(values, lambda value: value.casefold() in _truth(name), MOST)


def _listed(name: str, least: float) -> Callable[[Sequence[str]], bool]:
    """Enough values are on a list of words."""
    return lambda values: _share(
        values, lambda value: vocabulary.key(value) in vocabulary.words(name, "words"), least
    )


def _person(values: Sequence[str]) -> bool:
    """Most values are words, and not words of a list: names of people."""
    return (
        _share(values, lambda value: any(map(str.isalpha, value)), MOST)
        and not fits("flag", values)
        and not fits("relation", values)
    )


def _job(values: Sequence[str]) -> bool:
    return not _listed("honorifics", MOST)(values) and not fits("relation", values)


def _login(values: Sequence[str]) -> bool:
    return not fits("digits", values) and not fits("flag", values) and bool(values)


_TESTS: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "any": bool,
    "flag": _among("flag"),
    "enabled": _among("enabled"),
    "disabled": _among("disabled"),
    "enrollment": _listed("enrollment", MOST),
    "relation": _listed("relations", MANY),
    "contact_type": _listed("contact_types", MOST),
    "role": lambda values: _share(values, lambda value: role(value) is not None, MOST),
    "roles": lambda values: _share(values, lambda value: role(value) is not None, MANY),
    "digits": lambda values: _share(values, str.isdigit, MOST),
    "login": _login,
    "person": _person,
    "job": _job,
}

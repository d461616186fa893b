"""Names in one column, taken apart as far as that is certain: for matching only, never shown.

A comma makes it certain (``Byrne, Ann Marie``); without one, two words are (``Ann Byrne``), and so
are initials (``Ann M. Byrne``) and surnames that begin with a particle (``Ann de la Cruz``). Three
full words may be two first names or two last names, so they give no key, and neither do two people
in one cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import headers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHOLE = {
    "name_key": ("full_name", ("first_name", "last_name")),
    "student_name_key": ("student_name", ("student_first_name", "student_last_name")),
}
"""Key -> the name that it is made of, and the names with which it is not needed."""

_ASIDE = r"\([^)]*\)|\"[^\"]*\"|“[^”]*”"  # a nickname
_SEVERAL = r"[&/+;]|\band\b"
_SPACES = f"[{headers.SPACES}]+"
_WORD = "[^ ,.][^ ,.]+"  # a letter alone, or one with a dot, is an initial and no name
_INITIAL = r"[^ ,.]\.?"


def with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the keys of names that stand in one column; see `sheets.rules.model.Table`.

    Example:
        >>> frame = pl.DataFrame({"full_name": ["Byrne, Ann Marie", "Ann Marie Byrne"]})
        >>> with_keys(frame)["name_key"].to_list()
        ['ann byrne', None]
    """
    keys = [
        key(frame[whole]).alias(name)
        for name, (whole, parts) in _WHOLE.items()
        if whole in frame.columns and not {*parts} <= {*frame.columns}
    ]
    return frame.with_columns(keys)


def key(names: pl.Series) -> pl.Series:
    """First and last name in lower case, one blank between; null where that is not certain.

    Example:
        >>> key(pl.Series(["Cruz Jr., Dr. Ana", "Ana M. de la Cruz III", "Cher"])).to_list()
        ['ana cruz', 'ana de la cruz', None]
    """
    text = names.str.to_lowercase()
    frame = pl.DataFrame({"text": text}).select("text", key=_usual())
    others = frame.lazy().filter(pl.col("key").is_null()).select("text").unique().drop_nulls()
    read = {name: found for name in others.collect()["text"] for found in (key_of(name),) if found}
    if read:
        rare = pl.col("text").replace_strict(read, default=None, return_dtype=pl.String)
        frame = frame.with_columns(pl.col("key").fill_null(rare))
    return frame["key"].alias(names.name)


def _usual() -> pl.Expr:
    """The keys of most names: the same as `key_of` gives, in a twentieth of the time."""
    text = pl.col("text")
    particles = "|".join(map(re.escape, vocabulary.data()["names"]["particles"]))
    around = "|".join(map(re.escape, (*_around("titles"), *_around("suffixes"))))
    odd = text.str.contains(rf"\b(?:{around})\b|{_ASIDE}|{_SEVERAL}|[{headers.SPACES[1:]}]")
    as_it_is = text.str.contains(rf"^{_WORD} (?:(?:{particles}) )*{_WORD}$")
    with_initial = text.str.contains(rf"^{_WORD} {_INITIAL} {_WORD}$")
    turned = text.str.contains(rf"^{_WORD}, {_WORD}(?: [^ ,]+)?$")
    words = text.str.split_exact(" ", 2).struct
    first, second, third = (words.field(f"field_{at}") for at in range(3))
    key = (
        pl.when(as_it_is)
        .then(text)
        .when(turned)
        .then(pl.concat_str(second, pl.lit(" "), first.str.strip_chars(",")))
        .when(with_initial)
        .then(pl.concat_str(first, pl.lit(" "), third))
    )
    return pl.when(~odd).then(key)


def key_of(name: str) -> str | None:
    """The key of one name in lower case; the plain reading of any form.

    Example:
        >>> key_of("mrs. byrne jr, ann (annie) m.")
        'ann byrne'
    """
    name = re.sub(_ASIDE, " ", name)
    if re.search(_SEVERAL, name):
        return None
    parts = [re.sub(_SPACES, " ", part).split() for part in name.split(",")]
    first, *others = (_without_suffix(_without_title(part)) for part in parts)
    others = [
        part for part in others if part and part[0].removesuffix(".") not in _around("suffixes")
    ]
    if not others:
        return _of_words(first)
    return _joined(others[0][:1], first) if len(others) == 1 else None


def _of_words(words: Sequence[str]) -> str | None:
    """The key of a name without a comma."""
    first, rest = words[:1], words[1:]
    for at, word in enumerate(rest[:-1]):
        if word in vocabulary.data()["names"]["particles"]:
            return _joined(first, rest[at:])
    full = [word for word in rest if not re.fullmatch(_INITIAL, word)]
    return _joined(first, full) if full == list(rest[-1:]) else None


def _joined(first: Sequence[str], last: Sequence[str]) -> str | None:
    """A key, if there is a first name that is more than an initial, and a last one."""
    if not last or not first or not re.fullmatch(_WORD, first[0]):
        return None
    return " ".join([*first, *last])


def _without_title(words: list[str]) -> list[str]:
    while words and words[0].removesuffix(".") in _around("titles"):
        words = words[1:]
    return words


def _without_suffix(words: list[str]) -> list[str]:
    while words and words[-1].removesuffix(".") in _around("suffixes"):
        words = words[:-1]
    return words


def _around(name: str) -> Sequence[str]:
    """The titles before a name, or the suffixes behind it."""
    listed: Sequence[str] = vocabulary.data()["names"][name]
    return listed

"""What people write in a settings file, turned into what the rules know, or a plain refusal."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from typing import TYPE_CHECKING, Any

import polars as pl

from sheets.books.google.address import spreadsheet_id
from sheets.columns import cells, vocabulary
from sheets.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SHOWN = 40  # so much of a wrong word is told
_MANY = 8  # of so many words all are told
_NEAR = 0.6  # how much a word must have in common with one that is known (difflib's ratio)
_LONG = 300  # no pattern and no sentence needs to be longer
_DOMAIN = re.compile(r"^@?((?:[a-z0-9-]+\.)+[a-z0-9-]+)$", re.IGNORECASE)
_PHONES = tuple(name for name, field in vocabulary.fields().items() if field.type == "phone")
_OTHER_PAGE = "other"


class Wrong(ValueError):
    """Something in a settings file that cannot be meant.

    Args:
        message: What is wrong, one sentence.
        hint: What to do, one sentence.
        at: The way from where it was noticed to the key or item that it is about.
    """

    def __init__(self, message: str, hint: str = "", at: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.at = at


class Several(ValueError):
    """Several things that are wrong at once."""

    def __init__(self, parts: Collection[Wrong]) -> None:
        super().__init__("several")
        self.parts = parts


def shown(value: object) -> str:
    """A value in quotation marks, without what a terminal would take for a command.

    Example:
        >>> shown("on")
        '"on"'
    """
    text = value if isinstance(value, str) else _plain(value)
    text = "".join(sign if sign.isprintable() else "?" for sign in text)
    return f'"{text[:_SHOWN]}..."' if len(text) > _SHOWN else f'"{text}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the nearest of some words, or all of them if none is near and they are few.

    Example:
        >>> did_you_mean("boxes", ["type", "box"]), did_you_mean("yes", ["type", "box"])
        ('Did you mean box?', 'It is one of type, box.')
    """
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.strip().casefold(), names, n=2, cutoff=_NEAR)
    if near:
        return f"Did you mean {' or '.join(names[one] for one in near)}?"
    if len(names) == 1:
        return f"There is only {next(iter(names.values()))}."
    return f"It is one of {', '.join(names.values())}." if len(names) <= _MANY else ""


def one_of(known: Collection[str]) -> Any:
    """Make what takes one of a few words, in any case."""

    def take(value: object) -> str:
        word = text(value)
        for name in known:
            if name.casefold() == word.casefold():
                return name
        raise Wrong(f"It cannot be {shown(value)}.", did_you_mean(word, known))

    return take


def text(value: object) -> str:
    """Take a word; a number is one, too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong(f"It cannot be {shown(value)}.", 'It is a text in quotation marks: "...".')
    word = " ".join(str(value).split())
    if not word:
        raise Wrong("It is blank.", "Write something, or take the line away.")
    return word


def yes_or_no(value: object) -> bool:
    """Take true and false, also in words."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.strip().casefold() in known:
        return known[value.strip().casefold()]
    raise Wrong(f"It cannot be {shown(value)}.", "It is true or false.")


def several(value: object) -> list[object]:
    """Take a list; one item alone is one, too."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, dict):
        raise Wrong(f"It cannot be {shown(value)}.", 'It is a list in brackets: ["...", "..."].')
    return [value]


def year(value: object) -> tuple[dt.date, dt.date]:
    """Take the first and the last day of a school year."""
    form = "Write the first and the last day: [2026-07-01, 2027-06-30]."
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - two days
        raise Wrong(f"It cannot be {shown(value)}.", form)
    first, last = (_day(one, at, form) for at, one in enumerate(value))
    if last < first:
        raise Wrong("Its last day is before its first.", form)
    return first, last


def home_page(value: object) -> str:
    """Take a Home Page: its name or its code."""
    word = text(value)
    known = vocabulary.data()["home_pages"]
    if word in known:
        return word
    found = str(cells.clean("home_page", pl.Series([word])).values[0])
    if found == _OTHER_PAGE:
        names = [code.replace("_", " ").title() for code in known]
        raise Wrong(f"There is no Home Page {shown(value)}.", did_you_mean(word, names))
    return found


def phone(value: object) -> str:
    """Take one of the telephone fields: its plain name or its id."""
    word = text(value)
    sense = vocabulary.named().get(vocabulary.key(word))
    if sense is None or sense.field not in _PHONES:
        names = [vocabulary.label(name) for name in _PHONES]
        raise Wrong(f"There is no phone {shown(value)}.", did_you_mean(word, names))
    return sense.field


def domain(value: object) -> str:
    """Take a mail domain, with or without the sign before it."""
    match = _DOMAIN.match(text(value))
    if match is None:
        raise Wrong(f"{shown(value)} is no mail domain.", "Write it like district.example.org.")
    return match[1].lower()


def spreadsheet(value: object) -> str:
    """The address of a Google spreadsheet."""
    word = text(value)
    try:
        spreadsheet_id(word)
    except WrongUsage as error:
        raise Wrong(error.message, error.hint) from None
    return word


def pattern(value: object) -> str:
    """Take a regular expression that the rules can look for."""
    if not isinstance(value, str) or not value or len(value) > _LONG:
        raise Wrong(f"It cannot be {shown(value)}.", "It is a regular expression.")
    try:
        pl.Series([""]).str.contains(value)
    except pl.exceptions.ComputeError:
        raise Wrong(
            f"{shown(value)} is no regular expression that Reveal knows.",
            "Write it between ' signs; look-ahead and back-references are not known.",
        ) from None
    return value


def sentence(value: object) -> str:
    """Take a sentence that is joined with others."""
    said = text(value)
    if len(said) > _LONG:
        raise Wrong("It is too long.", f"At most {_LONG} signs.")
    if set(said) & set(";{}"):
        raise Wrong("It holds one of the signs ; { }.", "Write it without them.")
    return said.rstrip(".")


def _day(value: object, at: int, form: str) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise Wrong(f"{shown(value)} is no day.", form, (at,)) from None


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return "{...}" if isinstance(value, dict) else str(value)

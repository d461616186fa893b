"""Headings as text: what is shown of one, and the form in which two of them are compared."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SPACES = (
    " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
"""White space of every kind and signs that have no width: what a cell may hold and look empty.

Engines disagree on this list, so it is written down, and cells are cleaned once.
"""

NEAR = 0.84
"""How much two spellings must have in common (difflib's ratio) to be a near miss."""

_SPACES = re.compile(f"[{SPACES}]+")
_PREFIX = re.compile(r"^([A-Za-z_][\w.:]{2,}?)(?:\.|::)([A-Za-z_]\w*)$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")
_NUMBER = re.compile(r"#|\bno\.(?!\w)|(?<=\w )(?<!yes )no$", re.IGNORECASE)
_OTHER = re.compile(r"[^\w]+|_+")
_NOISE = frozenset({"required", "optional"})


def shown(text: str) -> str:
    """Return a heading on one line, as people read it.

    Example:
        >>> shown("  Other   Phone ")
        'Other Phone'
    """
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """Return a heading in lower-case words, without its table prefix.

    Example:
        >>> words("student.studentNumber"), words("E-Mail *"), words("Student No."), words("Ph #")
        ('student number', 'e mail', 'student number', 'ph number')
    """
    return " ".join(_tokens(_split(text)[1]))


@lru_cache(maxsize=8192)
def table(text: str) -> str:
    """Return the table that a heading names before its last dot, as one word, else nothing.

    Example:
        >>> table("student.lastName"), table("Last Name")
        ('student', '')
    """
    prefix = _split(text)[0]
    return "".join(_tokens(re.split(r"[.:]+", prefix)[-1])) if prefix else ""


def squeeze(text: str) -> str:
    """Return words without blanks: ``First Name``, ``firstName`` and ``FIRSTNAME`` are one.

    Example:
        >>> squeeze("first name")
        'firstname'
    """
    return text.replace(" ", "")


def expand(text: str, abbreviations: Mapping[str, str]) -> str:
    """Write out the short forms among some words.

    Example:
        >>> expand("other ph", {"ph": "phone"})
        'other phone'
    """
    return " ".join(abbreviations.get(word, word) for word in text.split())


def near(text: str, known: Iterable[str]) -> str | None:
    """Return the known words that a misspelt heading is nearest to, if it is near any.

    A heading with digits is near nothing: ``Phone 2`` is not a misspelt ``Phone 1``.

    Example:
        >>> near("frist name", ["first name", "last name"]), near("emial", ["email"])
        ('first name', 'email')
        >>> near("middle name", ["first name"])
    """
    least = 4
    if len(text) < least or any(sign.isdigit() for sign in text):
        return None
    matcher = difflib.SequenceMatcher(b=text)
    best, found = 0.0, None
    for candidate in known:
        shorter, longer = sorted((len(candidate), len(text)))
        if 2 * shorter < NEAR * (shorter + longer):
            continue
        matcher.set_seq1(candidate)
        if matcher.quick_ratio() < NEAR:
            continue
        ratio = matcher.ratio()
        if ratio < NEAR and sorted(candidate) == sorted(text):
            ratio = NEAR  # letters in another order
        if ratio >= NEAR and ratio > best:
            best, found = ratio, candidate
    return found


def _split(text: str) -> tuple[str, str]:
    """The table prefix and the rest: ``student.lastName``, ``ident::lastName``."""
    clean = shown(text)
    match = _PREFIX.match(clean)
    return (match[1], match[2]) if match else ("", clean)


def _tokens(text: str) -> list[str]:
    spaced = _CAMEL.sub(" ", _NUMBER.sub(" number ", text))
    return [word for word in _OTHER.sub(" ", spaced).casefold().split() if word not in _NOISE]

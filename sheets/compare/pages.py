"""The JSON of an answer: the people in it, one after the other, however the pages are wrapped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sheets.errors import CannotRead, NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Entry = Any
"""A person as the API gives it (a dictionary), or a bare id."""

_PEOPLE = frozenset({"users", "user", "students", "teachers", "guardians", "contacts"})
_OTHERS = {
    "orgs": "schools",
    "schools": "schools",
    "classes": "classes",
    "courses": "courses",
    "enrollments": "enrollments",
    "academicSessions": "school years and terms",
    "terms": "school years and terms",
    "gradingPeriods": "school years and terms",
    "demographics": "demographics",
    "lineItems": "grades",
    "results": "grades",
    "categories": "grades",
    "resources": "resources",
}
_FAILED = ("imsx_codeMajor", "imsx_CodeMajor", "statusInfoSet", "error", "errors", "message")
_PERSON = ("sourcedId", "identifier", "givenName", "username")
_BLANK = re.compile(r"[\s,\x1e]*")
_DECODER = json.JSONDecoder()


def people(name: str, text: str) -> Iterator[Entry]:
    """Yield everybody in a text of JSON: one page, several, an array of pages, or one a line.

    Each person is decoded alone, so that a large page costs little more than its text.

    Raises:
        CannotRead: The JSON is damaged.
        NotUnderstood: It is an answer about something else, or the report of a failure.
    """
    walk = _Walk(text)
    try:
        yield from walk.documents()
    except (ValueError, RecursionError) as error:
        raise CannotRead(
            "The answer is damaged: its JSON ends early or is broken.",
            hint="Fetch it again and save it as it comes.",
            where=name,
        ) from error
    if not walk.seen:
        raise _refusal(name, walk.keys)


class _Walk:
    """Goes through a text of JSON from person to person.

    Attributes:
        seen: Whether a list of people was there, even an empty one.
        keys: The keys of what was passed over.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.seen = False
        self.keys: set[str] = set()

    def documents(self) -> Iterator[Entry]:
        """Everybody in one JSON text after the other."""
        at = self._next(0)
        while at < len(self._text):
            if self._text[at] == "[":
                at = yield from self._array(at, of_people=False)
            elif self._text[at] == "{":
                at = yield from self._object(at)
            else:
                raise ValueError("neither an object nor an array")
            at = self._next(at)

    def _next(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _object(self, at: int) -> Generator[Entry, None, int]:
        """One object: a page, or a person; gives where it ends."""
        start, keys, is_page = at, set(), False
        at = self._next(at + 1)
        while self._text[at : at + 1] != "}":
            key, at = _DECODER.raw_decode(self._text, at)
            at = self._next(at)
            if not isinstance(key, str) or self._text[at : at + 1] != ":":
                raise ValueError("no key")
            keys.add(key)
            at = self._next(at + 1)
            if key in _PEOPLE and self._text[at : at + 1] == "[":
                is_page = True
                at = yield from self._array(at, of_people=True)
            else:
                is_page = is_page or key in _PEOPLE
                value, at = _DECODER.raw_decode(self._text, at)
                yield from self._inside(key, value)
            at = self._next(at)
        if not is_page and keys.intersection(_PERSON):
            person, _ = _DECODER.raw_decode(self._text, start)
            self.seen = True
            yield person
        return at + 1

    def _array(self, at: int, *, of_people: bool) -> Generator[Entry, None, int]:
        """One array; gives where it ends."""
        at = self._next(at + 1)
        while self._text[at : at + 1] != "]":
            value, at = _DECODER.raw_decode(self._text, at)
            if of_people:
                yield value
            else:
                yield from self._element(value)
            at = self._next(at)
        self.seen = self.seen or of_people
        return at + 1

    def _element(self, value: Any) -> Iterator[Entry]:
        """A page, a person or an id in an array."""
        if isinstance(value, dict) and not value.keys() & (_PEOPLE | _OTHERS.keys()):
            if value.keys() & set(_PERSON):
                self.seen = True
                yield value
                return
        elif isinstance(value, str | int) and not isinstance(value, bool):
            self.seen = True
            yield value
            return
        yield from self._inside("", value)

    def _inside(self, key: str, value: Any) -> Iterator[Entry]:
        """Everybody in something that is already decoded."""
        self.keys.add(key)
        if key in _OTHERS:
            return
        if key in _PEOPLE and isinstance(value, dict | list):
            self.seen = True
            yield from value if isinstance(value, list) else [value]
        elif isinstance(value, dict):
            for inner, part in value.items():
                yield from self._inside(inner, part)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict | list):
                    yield from self._inside("", part)


def _refusal(name: str, keys: set[str]) -> NotUnderstood:
    """Say what it is instead."""
    about = next((words for key, words in _OTHERS.items() if key in keys), "")
    if about:
        return NotUnderstood(
            f"This answer of the API is about {about}, not about people.",
            hint="Fetch /users and give that answer.",
            where=name,
        )
    if keys.intersection(_FAILED):
        return NotUnderstood(
            "The API did not answer: this is the report of a failure.",
            hint="Check the address and the credentials of the connection, and fetch it again.",
            where=name,
        )
    return NotUnderstood(
        "This is not an answer of the OneRoster API about people.",
        hint='It should look like {"users": [...]}.',
        where=name,
    )

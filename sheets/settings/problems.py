"""Everything that is wrong with a settings file, in words, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.errors import NotUnderstood
from sheets.settings import words
from sheets.settings.form import TABLES, File, GoogleForm, OwnRule, SettingsForm
from sheets.settings.words import Several, Wrong

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from sheets.settings import positions

_FORMS: Mapping[str, type[BaseModel]] = {
    "settings": SettingsForm,
    "google": GoogleForm,
    "rule": OwnRule,
}
_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_KEY = "[key]"
_FORM = "Text stands in quotation marks, a list in brackets, yes and no are true and false."
_TWICE = ("Cannot overwrite a value", "Cannot declare", "already", "twice", "mutate")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: its line, what it is, what to do."""

    line: int
    message: str
    hint: str = ""


def syntax(error: tomllib.TOMLDecodeError, text: str, path: Path) -> NotUnderstood:
    """What is to be said of a text that is no TOML."""
    match = _LINE.search(str(error))
    line = int(match[1]) if match else text.rstrip().count("\n") + 1
    if any(word in str(error) for word in _TWICE):
        problem = Problem(line, "This stands here for the second time.", "Keep one of the two.")
    elif match:
        problem = Problem(line, "This line is not written as it must be.", _FORM)
    else:
        problem = Problem(line, "Something is lacking at the end, such as a bracket.", _FORM)
    return told([problem], path)


def told(problems: list[Problem], path: Path) -> NotUnderstood:
    """One error for all that is wrong."""
    problems = sorted(set(problems))
    if len(problems) == 1:
        [one] = problems
        return NotUnderstood(one.message, hint=one.hint, where=f"{path}:{one.line}")
    listed = [f"{path.name}:{one.line}: {one.message} {one.hint}".rstrip() for one in problems]
    return NotUnderstood(
        f"{len(problems)} things in it cannot be meant.",
        hint="\n  ".join(listed),
        where=str(path),
    )


def of_form(error: ValidationError, lines: Mapping[positions.Path, int]) -> list[Problem]:
    """What is wrong with a file that is TOML, but not of the form."""
    return [
        Problem(_line(place, lines), f"{_name(place)}{wrong.message}", wrong.hint)
        for detail in error.errors(include_url=False)
        for place, wrong in _wrongs(detail)
    ]


def _wrongs(detail: ErrorDetails) -> Iterator[tuple[positions.Path, Wrong]]:
    place = tuple(part for part in detail["loc"] if part != _KEY)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Several):
        for one in cause.parts:
            yield (*place, *one.at), one
    elif isinstance(cause, Wrong):
        yield (*place, *cause.at), cause
    elif detail["type"] == "extra_forbidden":
        yield place, _unknown_key(place)
    elif detail["type"] == "missing":
        yield place[:-1], Wrong(f'The key "{place[-1]}" is lacking.', f"Write {place[-1]} = ...")
    else:
        yield place, _wrong_table(place)


def _unknown_key(place: positions.Path) -> Wrong:
    """A key that the form does not have: near ones, or the part where it belongs."""
    key = str(place[-1])
    form = _form(place[:-1])
    known = [field.alias or name for name, field in form.model_fields.items()]
    if form is File and key in SettingsForm.model_fields:
        return Wrong("There is no such key here.", "Write it below a line [settings].")
    if form is File and key in OwnRule.model_fields:
        return Wrong("There is no such key here.", "Write it below a line [[rule]].")
    if form is SettingsForm and key in File.model_fields:
        return Wrong("There is no such key here.", "Write it above all lines in brackets.")
    near = words.did_you_mean(key, known)
    return Wrong("There is no such key.", near or f"It is one of {', '.join(known)}.")


def _form(place: positions.Path) -> type[BaseModel]:
    return _FORMS[str(place[0])] if place else File


def _wrong_table(place: positions.Path) -> Wrong:
    """Something that is no table, or no list of tables, where one must stand."""
    part = TABLES.get(str(place[0]), "[settings]")
    return Wrong("This is not written as it must be.", f"Write it in lines below {part}.")


def _name(place: positions.Path) -> str:
    """The key that a problem is about, before what is said of it."""
    keys = [part for part in place if isinstance(part, str)]
    inside = keys[1:] if keys[:1] and keys[0] in TABLES else keys
    return f"{'.'.join(map(_printable, inside))}: " if inside else ""


def _printable(key: str) -> str:
    return words.shown(key)[1:-1]


def _line(place: positions.Path, lines: Mapping[positions.Path, int]) -> int:
    """The line of a place, else of what it is in."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)

"""A district's settings file, and the profile that it makes together with the command line."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets import rules
from sheets.errors import NotUnderstood, WrongUsage
from sheets.settings import places, positions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sheets.rules.model import Profile, Rule, Severity

_DEFAULT = "edutech"


@dataclass(frozen=True, slots=True)
class District:
    """What a district has written down; without a file, nothing.

    Attributes:
        file: The settings file.
        profile: The profile that it names, if it names one.
        packs: The optional packs.
        settings: Name of a setting -> value, as `rules.profile` takes them.
        severities: Rule id -> ``hides``, ``check``, ``info`` or ``off``.
        mapping: Header -> field, for wherever such a header is.
        rules: Its own rules.
        spreadsheets: The addresses of the Google spreadsheets that `reveal sync` takes.
    """

    file: Path | None = None
    profile: str = ""
    packs: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[tuple[Rule, Severity]] = ()
    spreadsheets: Sequence[str] = ()


def load(path: Path) -> District:
    """Read a settings file.

    Raises:
        CannotRead: It is not there, or cannot be opened.
        NotUnderstood: Something in it cannot be meant. Everything that is wrong is named with
            its line.
    """
    text = places.text(path)
    # pydantic is heavy, and most people have no settings file.
    from pydantic import ValidationError

    from sheets.settings import form, own, problems

    try:
        data = tomllib.loads(text)
        lines = positions.lines(text)
    except tomllib.TOMLDecodeError as error:
        raise problems.syntax(error, text, path) from error
    except RecursionError as error:
        raise NotUnderstood(
            "It has lists inside of lists without an end.", where=f"{path}:1"
        ) from error
    try:
        said = form.read(data)
    except ValidationError as error:
        raise problems.told(problems.of_form(error, lines), path) from error
    return District(
        file=path,
        profile=said.profile,
        packs=tuple(said.packs),
        settings=said.settings.model_dump(exclude_unset=True),
        severities=dict(said.severities),
        mapping=dict(said.mapping),
        rules=tuple(map(own.build, said.rule)),
        spreadsheets=tuple(said.google.sheets),
    )


def setting(pair: str) -> tuple[str, Any]:
    """Read one ``KEY=VALUE`` of the command line; a list is divided by commas.

    Raises:
        WrongUsage: There is no such setting, or it cannot have this value.

    Example:
        >>> setting("contact_home_pages=Campus Parent, Campus Student")
        ('contact_home_pages', ['campus_parent', 'campus_student'])
    """
    from pydantic import ValidationError

    from sheets.settings import form, problems

    key, equals, value = (part.strip() for part in pair.partition("="))
    if not equals:
        raise WrongUsage(
            f"--set {pair!r} is not KEY=VALUE.", hint="Write it like --set guardian_source=box."
        )
    listed = isinstance(getattr(rules.Settings(), key, ""), tuple) or key == "active_year"
    given: Any = [part for part in map(str.strip, value.split(",")) if part] if listed else value
    try:
        said = form.read({"settings": {key: given}})
    except ValidationError as error:
        [problem, *_] = problems.of_form(error, {})
        raise WrongUsage(f"--set {problem.message}", hint=problem.hint) from error
    return key, said.settings.model_dump(exclude_unset=True)[key]


def profile(
    district: District,
    *,
    profile_id: str = "",
    packs: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    as_of: dt.date | None = None,
) -> Profile:
    """Make the profile that a district's file and the command line want.

    Args:
        district: What the file says.
        profile_id: Instead of the file's.
        packs: Instead of the file's.
        settings: They win over the file's.
        as_of: The day; today if not given.

    Raises:
        WrongUsage: There is no such profile, pack or setting.

    Example:
        >>> made = profile(District(settings={"guardian_source": "box"}), packs=["vendor"])
        >>> made.id, made.packs, made.settings.guardian_source
        ('edutech', ('vendor',), 'box')
    """
    made = rules.profile(
        profile_id or district.profile or _DEFAULT,
        as_of=as_of,
        settings={**district.settings, **(settings or {})},
        packs=tuple(dict.fromkeys(packs or district.packs)),
        changed=district.severities,
        own=district.rules,
    )
    return dataclasses.replace(made, settings_file=district.file.name if district.file else "")

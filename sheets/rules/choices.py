"""The settings in words: what each decides, what it can be, and when it makes a rule hide."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sheets.rules import published
from sheets.rules.model import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheets.rules.model import Profile


def texts() -> Mapping[str, Any]:
    """What settings.toml says of each setting, by its name."""
    found: Mapping[str, Any] = published.load("settings.toml")["settings"]
    return found


def written(value: object) -> str:
    """A value as it is written in a settings file.

    Example:
        >>> written(("Guardian",)), written(False), written(None)
        ('["Guardian"]', 'false', 'not set')
        >>> written("Escuela Ñandú")
        '"Escuela Ñandú"'
    """
    if value is None:
        return "not set"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and "\\" in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def present(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield every setting with the value that it has, as it is written."""
    for each in dataclasses.fields(Settings):
        yield each.name, written(getattr(profile.settings, each.name))


def plain(profile: Profile) -> Profile:
    """The profile with the same settings, but without packs and without a district's own changes.

    Example:
        >>> plain(published.profile(packs=["vendor"])).packs
        ()
    """
    settings = {
        each.name: getattr(profile.settings, each.name) for each in dataclasses.fields(Settings)
    }
    return published.profile(profile.id, as_of=profile.as_of, settings=settings)


def is_changed(profile: Profile) -> bool:
    """Whether a setting or a severity was changed, or a rule added.

    Example:
        >>> is_changed(published.profile(packs=["vendor"]))
        False
        >>> is_changed(published.profile(settings={"guardian_source": "box"}))
        True
    """
    published_settings = published.profile(profile.id).settings
    more = profile.rules.keys() - published.catalog().keys()
    return bool(profile.changed or more or profile.settings != published_settings)


def used(profile: Profile) -> str:
    """Say which profile and packs are used, and whether anything was changed.

    Example:
        >>> used(published.profile(packs=["vendor"]))
        'edutech 2 + vendor'
    """
    named = " + ".join((f"{profile.id} {profile.version}", *profile.packs))
    return f"{named}, own settings" if is_changed(profile) else named


def meaning(given: str | Mapping[str, str]) -> str:
    """What profiles.toml says of one rule, in words.

    Example:
        >>> meaning({"by": "expired_is_inactive", "yes": "off", "no": "check"})
        'off if expired_is_inactive is true; check if expired_is_inactive is false'
    """
    if isinstance(given, str):
        return given
    by = given["by"]
    said: dict[str, list[str]] = {}
    for value, severity in given.items():
        if value != "by":
            said.setdefault(severity, []).append(value)
    return "; ".join(f"{severity} if {_condition(by, values)}" for severity, values in said.items())


def _condition(by: str, values: list[str]) -> str:
    """When a setting has one of some values."""
    words = published.load("settings.toml")["conditions"].get(by)
    if words:
        return " or ".join(words[value] for value in values)
    plain = {"yes": "true", "no": "false"}
    return f"{by} is {' or '.join(plain.get(value, value) for value in values)}"

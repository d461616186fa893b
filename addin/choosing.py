"""Which rules a command goes by: a settings file, and what the command line says instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheets.errors import WrongUsage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sheets.rules.model import Profile
    from sheets.settings import District


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of the rules.

    Attributes:
        profile: ``--profile``.
        packs: ``--pack``, all of them.
        pairs: ``--set``, all of them.
        file: ``--settings``.
        no_file: ``--no-settings``.
    """

    profile: str = ""
    packs: Sequence[str] = ()
    pairs: Sequence[str] = ()
    file: Path | None = None
    no_file: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a command goes by.

    Attributes:
        profile: The rules.
        standing: Header -> field, for wherever such a header is.
        spreadsheets: The addresses of the Google spreadsheets that the settings file lists.
    """

    profile: Profile
    standing: Mapping[str, str] = field(default_factory=dict)
    spreadsheets: Sequence[str] = ()


def choose(asked: Asked, files: Sequence[Path] = (), as_of: dt.datetime | None = None) -> Choice:
    """Read the settings file that counts, say which one it is, and make the profile.

    Args:
        asked: What the command line says; it goes before the file.
        files: The sheets; a settings file is looked for beside the first one.
        as_of: The day; today if not given.

    Raises:
        WrongUsage: The command line asks for what there is not.
        CannotRead: The settings file that was named is not there.
        NotUnderstood: Something in the settings file cannot be meant.
    """
    from sheets import settings

    district = _district(asked, files[0].parent if files else Path())
    profile = settings.profile(
        district,
        profile_id=asked.profile,
        packs=asked.packs,
        settings=dict(map(settings.setting, asked.pairs)),
        as_of=as_of.date() if as_of else None,
    )
    return Choice(profile, district.mapping, district.spreadsheets)


def _district(asked: Asked, folder: Path) -> District:
    from sheets import settings

    if asked.no_file:
        if asked.file:
            raise WrongUsage(
                "--settings and --no-settings cannot both be meant.", hint="Give one of them."
            )
        return settings.District()
    file = asked.file or settings.find(folder)
    if file is None:
        return settings.District()
    district = settings.load(file)
    click.echo(f"Settings: {file}", err=True)
    return district

"""The options that several commands have."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheets.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
sheet = click.option(
    "--sheet", "sheets", multiple=True, metavar="NAME", help="Only this sheet (may be repeated)."
)
fields = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar='"HEADER=FIELD"',
    help='Say which field a column is: --map "Home Phone=Other Phone" (may be repeated).',
)
out = click.option(
    "--out", type=click.Path(path_type=Path), metavar="PATH", help="Write here (file or folder)."
)
as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge as of this day (YYYY-MM-DD), not today.",
)
roll_up = click.option(
    "--roll-up",
    is_flag=True,
    help='Write beside each student how many guardians are revealed ("2 of 3").',
)
summary_sheet = click.option(
    "--summary-sheet",
    is_flag=True,
    help='Add a sheet "Reveal summary" with the numbers (beside a CSV: a file of its own).',
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_RULES = (
    click.option(
        "--profile", metavar="NAME", default="", help="The rules (or reveal.toml's, or edutech)."
    ),
    click.option(
        "--pack",
        "packs",
        multiple=True,
        metavar="NAME",
        help="Add an optional pack of rules: vendor, schooltool (may be repeated).",
    ),
    click.option(
        "--set",
        "pairs",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change a setting: --set guardian_source=box (may be repeated).",
    ),
    click.option(
        "--settings",
        "file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The settings file, if not reveal.toml beside the first file or in your own settings.",
    ),
    click.option("--no-settings", "no_file", is_flag=True, help="Look at no settings file."),
)


def rules(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say which rules a command goes by; it takes them as `Asked`."""

    @functools.wraps(command)
    def told(**options: Any) -> int:
        from addin.choosing import Asked

        names = ("profile", "packs", "pairs", "file", "no_file")
        asked = Asked(**{name: options.pop(name) for name in names})
        return command(asked=asked, **options)

    return functools.reduce(lambda made, option: option(made), reversed(_RULES), told)


def mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read the pairs of --map; the last equals sign divides, since headers may hold one."""
    told = {}
    for pair in pairs:
        header, equals, field = pair.rpartition("=")
        if not equals or not header.strip() or not field.strip():
            raise WrongUsage(
                f"--map {pair!r} is not HEADER=FIELD.",
                hint='Write it like --map "Home Phone=Other Phone".',
            )
        told[header.strip()] = field.strip()
    return told

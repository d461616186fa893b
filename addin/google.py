"""The commands for Google Sheets: `reveal google login|logout|status` and `reveal sync`."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheets.errors import RevealError, WrongUsage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from addin.choosing import Asked, Choice
    from sheets.books.google.book import GoogleBook
    from sheets.books.google.signin import Store
    from sheets.flow import Outcome
    from sheets.grid import Book

OTHER_SERVER = "REVEAL_GOOGLE_URL"
"""The environment variable that names another server on this computer, for trying things out."""

SYNC_EXAMPLES = """
\b
Examples:
  reveal sync "https://docs.google.com/spreadsheets/d/..."
  reveal sync "https://docs.google.com/spreadsheets/d/..." accounts.csv
  reveal sync --dry-run "https://docs.google.com/spreadsheets/d/..."
  reveal sync --every 30m --hold 20 "https://docs.google.com/spreadsheets/d/..."
  reveal sync --strict "https://docs.google.com/spreadsheets/d/..."
  reveal sync --clear "https://docs.google.com/spreadsheets/d/..."
"""


@click.group()
def google() -> None:
    """Sign in to Google Sheets, out again, or see who is signed in."""


@google.command()
@click.option(
    "--robot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="KEY.json",
    help="The key of a robot (service account), as downloaded from Google's console.",
)
@click.option(
    "--client",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CLIENT.json",
    help="Sign in yourself, with the browser: the OAuth client (Desktop app) of the district.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, do not open the browser.")
@click.option(
    "--no-keyring",
    is_flag=True,
    help="Keep it in a file that only you can read: scheduled tasks often reach no keyring.",
)
def login(robot: Path | None, client: Path | None, *, no_browser: bool, no_keyring: bool) -> int:
    """Keep who asks Google for your sheets: a robot of the district, or yourself.

    Reveal asks for spreadsheets and nothing else of what is at Google.
    """
    from sheets.books.google import signin

    if (robot is None) == (client is None):
        raise WrongUsage(
            "Who is to sign in?", hint="Give --robot KEY.json, or --client CLIENT.json."
        )
    if robot is not None:
        key = signin.key_file(robot, signin.ROBOT)
    else:
        assert client is not None  # noqa: S101 - one of the two is given
        installed = signin.key_file(client, "installed")
        key = signin.ask(installed, url=_url(), browser=not no_browser)
    store = _store()
    if no_keyring:
        # What the keyring holds would be found first.
        store.forget()
        store = replace(store, keyring=False)
    where = store.save(key)
    who = signin.SignedIn(key)
    click.echo(f"Signed in as {who.address or 'yourself'}. Kept in {where}.")
    if who.is_robot:
        click.echo(
            f"Share each spreadsheet with {who.address} as Editor. The key file itself is not "
            "needed any more: delete it, or keep it where nobody else can read it."
        )
    return 0


@google.command()
def logout() -> int:
    """Forget who is signed in."""
    there = _store().forget()
    click.echo("Signed out." if there else "Nobody was signed in.")
    return 0


@google.command()
def status() -> int:
    """Say who is signed in."""
    who = _store().load()
    if who is None:
        click.echo("Nobody is signed in. Run `reveal google login --robot KEY.json`.")
        return 0
    click.echo(f"Signed in as {who.address or 'yourself'}.")
    return 0


def sync(
    targets: tuple[str, ...],
    asked: Asked,
    mapping: dict[str, str],
    as_of: dt.datetime | None,
    sheets: tuple[str, ...],
    *,
    dry_run: bool,
    roll_up: bool,
    summary_sheet: bool,
    strict: bool,
    hold: float | None,
    interval: str | None,
    tell: Callable[[str], None],
) -> Outcome | None:
    """Sync once, or again and again; see `addin.syncing`."""
    from addin import console, syncing
    from sheets.flow import Extras

    seconds = syncing.every(interval) if interval else 0
    before: list[str] = []

    def once() -> Outcome:
        choice, books, beside = _open(targets, asked, as_of)
        with _recorded("sync", books) as told:
            outcome = syncing.run(
                books,
                beside,
                choice,
                mapping=mapping,
                sheets=sheets,
                extras=Extras(roll_up, summary_sheet, strict),
                write=not dry_run,
                hold=hold,
            )
            told.append(outcome)
        found = list(console.summary(outcome.summary))
        # What is the same as the last time is not told again.
        if found != before or any(book.changed for book in books):
            for piece in syncing.report(outcome, books, dry_run=dry_run):
                tell(piece)
        before[:] = found
        return outcome

    if not seconds:
        return once()
    syncing.again_and_again(once, seconds, lambda words: click.echo(words, err=True))
    return None


def clear(
    targets: tuple[str, ...], asked: Asked, sheets: tuple[str, ...], *, dry_run: bool
) -> Sequence[str]:
    """Take away from spreadsheets what Reveal wrote, and say what was done."""
    from addin import syncing

    if files := [target for target in targets if not syncing.is_address(target)]:
        raise WrongUsage(
            "A sync writes to no file.", hint=f"For files there is `reveal clear {files[0]}`."
        )
    _, books, _ = _open(targets, asked)
    with _recorded("clear", books):
        return syncing.clear(books, sheets=sheets, write=not dry_run)


def _open(
    targets: tuple[str, ...], asked: Asked, as_of: dt.datetime | None = None
) -> tuple[Choice, list[GoogleBook], list[Book]]:
    """What a command goes by, the spreadsheets, and the files beside them."""
    from addin import choosing, syncing

    files = [Path(target) for target in targets if not syncing.is_address(target)]
    choice = choosing.choose(asked, files, as_of)
    listed = () if any(map(syncing.is_address, targets)) else choice.spreadsheets
    return choice, *syncing.books((*listed, *targets), _store().load(), _url())


@contextmanager
def _recorded(did: str, books: Sequence[GoogleBook]) -> Iterator[list[Outcome]]:
    """Record what a run did, however it ends; what it has found is put into the list."""
    from addin import syncing

    told: list[Outcome] = []
    error = ""
    try:
        yield told
    except RevealError as problem:
        error = type(problem).__name__
        raise
    finally:
        syncing.record(did, books, told[0] if told else None, error)


def _store() -> Store:
    from sheets.books.google import signin
    from sheets.settings import places

    return signin.Store(places.home(), keyring=not _url())


def _url() -> str:
    return os.environ.get(OTHER_SERVER, "")

"""`reveal sync`: Google spreadsheets judged, and written in one read and one write each."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from addin import console
from addin.progress import stage
from sheets import flow
from sheets.books import open_book
from sheets.books.google import signin
from sheets.books.google.address import spreadsheet_id
from sheets.errors import CannotWrite, RevealError, WrongUsage
from sheets.settings import places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.choosing import Choice
    from sheets.books.google.book import GoogleBook
    from sheets.books.google.signin import SignedIn
    from sheets.flow import Extras, Outcome
    from sheets.grid import Book, Grid, OwnSheet, Patch

RECORD = "sync.jsonl"
"""The file in the user's own settings that says what each run did: numbers and rule ids only."""

_EVERY = re.compile(r"(\d+)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORTEST = 30


class _LookedUp:
    """A file on this computer beside the spreadsheets: it is read, and never written."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def name(self) -> str:
        return self._book.name

    def read(self) -> Sequence[Grid]:
        return self._book.read()

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Nothing: what is found in it is told, and written nowhere."""


def is_address(target: str) -> bool:
    """Whether something is an address and no file.

    Example:
        >>> is_address("docs.google.com/spreadsheets/d/1AbC"), is_address("accounts.csv")
        (True, False)
    """
    return "://" in target or target.strip().startswith("docs.google.com/")


def books(
    targets: Sequence[str], who: SignedIn | None, url: str = ""
) -> tuple[list[GoogleBook], list[Book]]:
    """Open the spreadsheets, and the files that are looked up beside them.

    Args:
        targets: Addresses and paths.
        who: Who is signed in.
        url: Another server on this computer instead of Google's.

    Raises:
        WrongUsage: An address is no spreadsheet's, or there is none.
        CannotRead: Nobody is signed in, or a file cannot be read.
        MissingExtra: The part for Google Sheets is not installed.
    """
    from pathlib import Path

    ids = [spreadsheet_id(target) for target in targets if is_address(target)]
    if not ids:
        raise WrongUsage(
            "No spreadsheet was named.",
            hint="Give its address from the browser, or list it in reveal.toml under [google].",
        )
    try:
        from sheets.books.google.book import GoogleBook
        from sheets.books.google.wire import Wire
    except ImportError as error:
        raise signin.missing() from error
    carrier = signin.carrier(who, url)
    robot = who.address if who else ""
    files = [open_book(Path(target)) for target in targets if not is_address(target)]
    return [GoogleBook(Wire(carrier, one, robot)) for one in dict.fromkeys(ids)], files


def run(
    spreadsheets: Sequence[GoogleBook],
    files: Sequence[Book],
    choice: Choice,
    *,
    mapping: Mapping[str, str],
    sheets: Collection[str],
    extras: Extras,
    write: bool,
    hold: float | None,
) -> Outcome:
    """Judge everybody in all of them together, and write to the spreadsheets.

    Raises:
        RevealError: The message says what was written, if anything was.
    """
    with stage("Syncing"), _sure(spreadsheets):
        return flow.check(
            [*spreadsheets, *map(_LookedUp, files)],
            choice.profile,
            mapping=mapping,
            standing=choice.standing,
            sheets=sheets,
            extras=extras,
            write=write,
            hold=hold,
        )


def clear(
    spreadsheets: Sequence[GoogleBook], *, sheets: Collection[str], write: bool
) -> Sequence[str]:
    """Take Reveal's output away from each spreadsheet and say what was done.

    Raises:
        RevealError: The message says what was written, if anything was.
    """
    with stage("Clearing"), _sure(spreadsheets):
        clearings = flow.clear(spreadsheets, sheets=sheets, write=write)
    return [
        _cleared(book, write=write) if clearing else f"{book.name}: nothing of Reveal's is in it.\n"
        for book, clearing in zip(spreadsheets, clearings, strict=True)
    ]


def _cleared(book: GoogleBook, *, write: bool) -> str:
    if not write:
        return f"{book.name}: would be cleared (dry run).\n"
    return f"Cleared: {book.name} ({_requests(book)})\n"


def _requests(book: GoogleBook) -> str:
    return f"{book.calls} {'request' if book.calls == 1 else 'requests'} to Google"


@contextmanager
def _sure(spreadsheets: Sequence[GoogleBook]) -> Iterator[None]:
    """Say which cells somebody must look at, whatever else has happened.

    Raises:
        CannotWrite: There are some.
    """
    try:
        yield
    finally:
        unsure = [(book.name, *at) for book in spreadsheets for at in book.unsure]
        if unsure:
            cells = ", ".join(f'"{tab}" {cell}' for _, tab, cell in unsure)
            raise CannotWrite(
                "Somebody edited while Reveal wrote, and some cells may have been overwritten.",
                hint=f"Look at them (File > Version history shows what they held): {cells}.",
                where=unsure[0][0],
            )


def report(outcome: Outcome, spreadsheets: Sequence[GoogleBook], *, dry_run: bool) -> Iterator[str]:
    """Yield what a sync prints."""
    for line in console.summary(outcome.summary):
        yield line + "\n"
    yield "\n"
    for line in console.notes(outcome):
        yield line + "\n"
    if dry_run:
        for line in console.changes(outcome):
            yield line + "\n"
        yield "Nothing was written (dry run).\n"
        return
    for book in spreadsheets:
        yield from (f"{book.name}, {one}\n" for one in _without_ids(book))
        cells = f"{book.changed:,} cells written" if book.changed else "nothing had to be changed"
        yield f"Synced: {book.name}, {cells} ({_requests(book)})\n"


def _without_ids(book: GoogleBook) -> Iterator[str]:
    """What is said of rows that show no verdict, since it could be taken for another's."""
    for tab, rows in book.unkeyed.items():
        who, them = ("row has no id of its own", "it")
        if rows > 1:
            who, them = ("rows have no id of their own", "them")
        yield (
            f'sheet "{tab}": {rows:,} {who} (it is blank, too long, or others have the same), so '
            f"no verdict is shown beside {them}."
        )


def every(text: str) -> int:
    """Read how often a sync is to be run, in seconds.

    Raises:
        WrongUsage: It is no time, or too short.

    Example:
        >>> every("30m"), every("2h")
        (1800, 7200)
    """
    match = _EVERY.fullmatch(text.strip().lower())
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if seconds < _SHORTEST:
        raise WrongUsage(
            f"--every {text} cannot be meant.",
            hint="Write it like --every 30m, or --every 2h; 30s is the shortest.",
        )
    return seconds


def again_and_again(
    once: Callable[[], Outcome],
    seconds: int,
    tell: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Sync until somebody stops it; what goes wrong is said, and tried again the next time."""
    while True:
        at = dt.datetime.now().astimezone()
        try:
            outcome = once()
        except RevealError as error:
            tell(f"{at:%Y-%m-%d %H:%M}: {error}")
        else:
            total = outcome.summary.total
            tell(f"{at:%Y-%m-%d %H:%M}: {total.yes:,} of {total.total:,} are revealed.")
        sleep(seconds)


def record(
    did: str, spreadsheets: Sequence[GoogleBook], outcome: Outcome | None = None, error: str = ""
) -> Path:
    """Add a line to the record of all runs; it holds numbers and rule ids, and nothing else.

    Args:
        did: ``sync`` or ``clear``.
        spreadsheets: What was synced or cleared.
        outcome: What was found.
        error: The kind of error in which it ended.
    """
    total = outcome.summary.total if outcome else None
    line = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "did": did,
        "spreadsheets": len(spreadsheets),
        "requests": sum(book.calls for book in spreadsheets),
        "cells": sum(book.changed for book in spreadsheets),
        "yes": total.yes if total else None,
        "no": total.no if total else None,
        "unknown": total.unknown if total else None,
        "rules": {cause.rule: cause.rows for cause in outcome.summary.causes} if outcome else {},
        "error": error,
    }
    path = places.home() / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return path

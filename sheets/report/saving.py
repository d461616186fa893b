"""Saving the page: whole or not at all, and never over something that is no report."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sheets.books import saving
from sheets.books.refusals import cannot_read
from sheets.errors import CannotWrite, RevealError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

SUFFIXES = (".html", ".htm")
GENERATOR = b'<meta name="generator" content="Reveal '
"""By this every report is known."""

_HEAD = 2048


def require_report(target: Path, taken: Collection[Path]) -> None:
    """Refuse a place for the report before any work is done.

    Args:
        target: Where the report is to go.
        taken: The files that are read or written besides.

    Raises:
        WrongUsage: It is no name of a page, or one of the other files.
        CannotWrite: What is there is no report of Reveal, or it cannot be replaced.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise WrongUsage(
            f"{target} is not the name of a web page.", hint="Let it end in .html: --report a.html"
        )
    if target.resolve() in {path.resolve() for path in taken}:
        raise WrongUsage(
            f"{target} is one of the other files of this check.",
            hint="Choose another name for --report.",
        )
    with _hints():
        saving.require_writable(target)
    if target.exists() and not is_report(target):
        raise CannotWrite(
            "There is a file of this name that is no report of Reveal.",
            hint="Choose another name for --report, or move that file away.",
            where=target.name,
        )


def is_report(path: Path) -> bool:
    """Whether a file is a report that Reveal wrote.

    Raises:
        CannotRead: It cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            return GENERATOR in stream.read(_HEAD)
    except OSError as error:
        raise cannot_read(error, path) from error


def save(text: str, target: Path, source: Path) -> None:
    """Write the report.

    Args:
        text: The page.
        target: Where it goes.
        source: One of the files that it tells of: the report gets its rights, since it is no
            less private.

    Raises:
        CannotWrite: The disk or folder refuses. What was there before still is.
    """
    with _hints(), saving.replacing(target, saving.Source.of(source)) as stream:
        stream.write(text.encode("utf-8"))


@contextmanager
def _hints() -> Iterator[None]:
    """Let the hints of errors name the option that is meant here."""
    try:
        yield
    except RevealError as error:
        error.hint = error.hint.replace("--out", "--report")
        raise

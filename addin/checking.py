"""What the commands do with files: open them, run the flow, keep backups, say what came of it."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from addin import console, outputs, paths, payload
from addin.progress import stage
from sheets import columns as recognition
from sheets import flow
from sheets.books import beside, open_book, saving
from sheets.books.delimited import DelimitedBook
from sheets.errors import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.choosing import Choice
    from addin.outputs import Target
    from sheets.flow import Extras, Outcome
    from sheets.grid import Book
    from sheets.report.earlier import Earlier
    from sheets.report.since import Changes
    from sheets.rules.model import Profile

_SAMPLE = "small-school.xlsx"


def run(
    targets: Sequence[Target],
    profile: Profile,
    *,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None = None,
    sheets: Collection[str],
    extras: Extras = flow.NO_EXTRAS,
    write: bool,
) -> tuple[Outcome, list[Path]]:
    """Judge the files together and write each one's result.

    Returns:
        What was found, and the files that were written.

    Raises:
        RevealError: Nothing was written; or, if one of several results could not be saved, the
            message says which ones were.
    """
    books = [open_book(target.source, target.out) for target in targets]
    with stage("Checking"):
        outcome = flow.judge(
            books, profile, mapping=mapping, standing=standing, sheets=sheets, extras=extras
        )
    written = _write(books, targets, outcome) if write else []
    return outcome, written


def _write(books: Sequence[Book], targets: Sequence[Target], outcome: Outcome) -> list[Path]:
    """Write each book that has something to be written to it."""
    pairs = [pair for pair in zip(books, targets, strict=True) if outcome.patches(pair[0])]
    for _, target in pairs:
        saving.require_writable(target.out)
    written: list[Path] = []
    for book, target in pairs:
        with outputs.naming(written), stage("Writing"), kept(target.out):
            book.write(outcome.patches(book), outcome.own)
        written.append(target.out)
        if outcome.own and isinstance(book, DelimitedBook):
            written.append(beside.path_of(target.out))
    return written


@contextmanager
def kept(out: Path) -> Iterator[None]:
    """Keep a backup of a file that is about to be replaced, unless nothing about it changes."""
    backup = saving.backup(out) if out.exists() else None
    try:
        yield
    except BaseException:
        if backup is not None:
            backup.unlink(missing_ok=True)
        raise
    if backup is not None and saving.same(backup, out):
        backup.unlink()


def earlier_run(path: Path) -> Earlier:
    """Read an earlier run, before anything is written.

    Raises:
        CannotRead: It is not what an earlier check printed with --json.
    """
    from sheets.report import earlier

    return earlier.read(path)


def changes(outcome: Outcome, before: Earlier) -> Changes:
    """Say what has changed since an earlier run."""
    from sheets.report import since

    return since.compare(outcome, before)


def report(
    outcome: Outcome,
    written: Sequence[Path],
    *,
    as_json: bool,
    dry_run: bool,
    page: Path | None = None,
    changes: Changes | None = None,
) -> Iterator[str]:
    """Yield what a check prints."""
    if as_json:
        yield from payload.lines(
            outcome, [str(path) for path in written], str(page) if page else None, changes
        )
        return
    yield from _lines(console.summary(outcome.summary, changes))
    yield from _lines(["", *console.notes(outcome)])
    if dry_run:
        yield from _lines(console.changes(outcome))
        yield "Nothing was written (dry run).\n"
    for path in written:
        yield f"Result: {path}\n"
    if page:
        yield f"Report: {page}\n"


def clear(targets: Sequence[Target], *, sheets: Collection[str], write: bool) -> Iterator[str]:
    """Take Reveal's output away from each file and yield what was done."""
    for target in targets:
        book = open_book(target.source, target.out)
        [clearing] = flow.clear([book], sheets=sheets, write=False)
        if not clearing:
            yield f"{target.source}: nothing of Reveal's is in it.\n"
        elif not write:
            yield f"{target.source}: would be cleared (dry run).\n"
        else:
            with kept(target.out):
                book.write(clearing.patches, clearing.own)
            yield f"Cleared: {target.out}\n"


def columns(
    files: Sequence[Path],
    choice: Choice,
    *,
    mapping: Mapping[str, str],
    sheets: Collection[str],
    as_json: bool,
) -> Iterator[str]:
    """Yield what is understood of each sheet of some files."""
    # Together, as a check takes them: a file may be clear only beside the others of its set.
    grids = [replace(grid, book=file.name) for file in files for grid in open_book(file).read()]
    own = choice.profile.rules.values()
    found = [
        (one.grid.book, one)
        for one in recognition.recognise(grids, mapping, sheets, standing=choice.standing, own=own)
    ]
    if as_json:
        yield json.dumps([payload.sheet(name, one) for name, one in found], ensure_ascii=False)
        yield "\n"
        return
    for name, one in found:
        yield from _lines([*console.understood(name, one), ""])


def demo(folder: Path, profile: Profile) -> Iterator[str]:
    """Copy the sample, check it, and yield what came of it.

    Raises:
        CannotWrite: The folder cannot be made or written.
    """
    sample = folder / _SAMPLE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(paths.templates() / "samples" / _SAMPLE, sample)
    except OSError as error:
        raise CannotWrite(
            "The sample cannot be put there.", hint="Choose --folder.", where=str(folder)
        ) from error
    targets = outputs.targets([sample], None, in_place=False)
    outcome, written = run(targets, profile, mapping={}, sheets=(), write=True)
    yield from report(outcome, written, as_json=False, dry_run=False)
    yield f"Sample: {sample}\nOpen the result in Excel, Google Sheets or LibreOffice.\n"


def _lines(lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield line + "\n"

"""Merge what came back into the files of the master, and say what came of it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from addin import checking, outputs, payload
from addin.progress import counted, stage
from addin.splitting import FOLDER
from sheets import flow, telling
from sheets.books import open_book, saving
from sheets.errors import HeldBack, WrongUsage
from sheets.handback import returned as reading
from sheets.handback import store, taking
from sheets.handback.answers import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.choosing import Choice
    from sheets.flow import Outcome, Read
    from sheets.grid import Book
    from sheets.handback.answers import Came, Line
    from sheets.handback.taking import Asked, Taken
    from sheets.summary import Summary

_HEADINGS = {
    Kind.CONFLICT: "Changed by both, or answered in different ways: nothing is written there",
    Kind.REFUSED: "Not taken",
    Kind.NOTE: "Good to know",
}
_TAKEN = (Kind.FILLED, Kind.CHANGED, Kind.EMPTIED)
_MOST = 40  # lines of a kind on a console


@dataclass(frozen=True, slots=True)
class Merging:
    """A merge of files.

    Attributes:
        master: The files of the master.
        sources: The files that came back.
        came: What is in them.
        books: The master's books, as they were read.
        taken: What is decided.
        judge: Judges the master's books as something reads them.
        written: The files that were written.
        again: What a check finds in the master after it was written.
    """

    master: Sequence[Path]
    sources: Sequence[Path]
    came: Sequence[Came]
    books: Sequence[Book]
    taken: Taken
    judge: Callable[[Sequence[Book], Read], Outcome]
    written: Sequence[Path] = ()
    again: Summary | None = None

    @property
    def summary(self) -> Summary:
        """The numbers of a check of the master in the end, or as it would be."""
        return self.again or self.taken.summary

    @property
    def is_well(self) -> bool:
        """Whether every answer is taken and everybody revealed."""
        kinds = {line.kind for line in self.taken.lines}
        total = self.summary.total
        return total.yes == total.total and not kinds & {Kind.CONFLICT, Kind.REFUSED}


def returned(sources: Sequence[Path], master: Sequence[Path]) -> list[Path]:
    """The files that came back; those of the master are none.

    Raises:
        CannotRead: A path does not exist, or a folder holds no sheet.
        WrongUsage: None is left.
    """
    own = {path.resolve() for path in master}
    files = [path for path in outputs.inputs(sources) if path.resolve() not in own]
    if not files:
        raise WrongUsage(
            "What came back cannot be the master itself.",
            hint="Name the files or the folder that came back with --from.",
        )
    return files


def run(
    master: Sequence[Path],
    sources: Sequence[Path],
    choice: Choice,
    asked: Asked,
    *,
    mapping: Mapping[str, str],
    sheets: Collection[str],
) -> Merging:
    """Decide what becomes of all that came back. Nothing is written.

    Raises:
        RevealError: The master cannot be read or understood.
    """

    def judge(books: Sequence[Book], read: Read) -> Outcome:
        return flow.judge(
            books,
            choice.profile,
            mapping=mapping,
            standing=choice.standing,
            sheets=sheets,
            read=read,
        )

    books = [open_book(path) for path in master]
    came = [
        reading.read(path.name, partial(open_book, path))
        for path in counted("Reading what came back", sources)
    ]
    with stage("Merging"):
        taken = taking.take(came, partial(judge, books), asked)
    return Merging(master, sources, came, books, taken, judge)


def write(merging: Merging) -> Merging:
    """Write the answers into the master, keep backups, and judge it again.

    Raises:
        RevealError: Nothing was written, or the message says which files were.
    """
    todo = [
        (book, path, patches)
        for book, path in zip(merging.books, merging.master, strict=True)
        if (patches := merging.taken.patches(book))
    ]
    for _, path, _ in todo:
        saving.require_writable(path)
    written: list[Path] = []
    for book, path, patches in todo:
        with outputs.naming(written), stage("Writing"), checking.kept(path):
            book.write(patches)
        written.append(path)
    with outputs.naming(written), stage("Checking"):
        books = [open_book(path) for path in merging.master]
        again = merging.judge(books, lambda book: book.read()).summary
        _record(merging)
    return replace(merging, written=written, again=again)


def _record(merging: Merging) -> None:
    """Keep in the record beside the packets what came back.

    It is where the answers are, or one folder above, or where packets go if nothing else is said.
    """
    merged = merging.taken.merged
    kinds = Counter(line.kind for line in merging.taken.lines)
    seen = {
        answer.key
        for came in merging.came
        for answer in came.answers
        if answer.head.batch.id == merged.batch
    }
    near = (folder for path in merging.sources for folder in (path.parent, path.parent.parent))
    beside = (path.parent / FOLDER for path in merging.master)
    for folder in dict.fromkeys(path.resolve() for path in (*near, *beside)):
        store.record_returned(
            folder,
            merged.batch,
            merging.taken.done,
            seen,
            day=dt.datetime.now().astimezone().date(),
            conflicts=kinds[Kind.CONFLICT],
            refused=kinds[Kind.REFUSED],
        )


def held(merging: Merging, most: float | None) -> HeldBack | None:
    """The error if more would be replaced than is allowed; None if all is well."""
    if most is None:
        return None
    try:
        taking.require(merging.taken, most)
    except HeldBack as error:
        return error
    return None


def report(merging: Merging, *, as_json: bool) -> Iterator[str]:
    """Yield what a merge prints."""
    if as_json:
        yield json.dumps(_payload(merging), ensure_ascii=False) + "\n"
        return
    for line in _lines(merging):
        yield line + "\n"


def _lines(merging: Merging) -> Iterator[str]:
    taken = merging.taken
    rows = sum(len(came.answers) for came in merging.came)
    batch = f" of batch {taken.merged.batch}" if taken.merged.batch else ""
    yield f"{_number(len(merging.came), 'file')} came back with {_number(rows, 'row')}{batch}."
    yield ""
    yield from _table(merging)
    for kind, heading in _HEADINGS.items():
        lines = [line for line in taken.lines if line.kind is kind]
        if lines:
            yield from ("", heading)
            yield from (_said(line) for line in lines[:_MOST])
        if len(lines) > _MOST:
            yield f"  and {len(lines) - _MOST:,} more; --json tells all."
    yield ""
    done = "became" if merging.written else "would become"
    people = ", ".join(f"{rows:,} {telling.PEOPLE[kind]}" for kind, rows in taken.revealed.items())
    yield f"{people or 'Nobody'} {done} revealed."
    yield telling.headline(merging.summary.total)
    for path in merging.written:
        yield f"Written: {path}"
    if not merging.written and taken.merged.takes:
        yield "Nothing was written (dry run); --apply writes it."
    elif not merging.written:
        yield "There is nothing to be written."


def _table(merging: Merging) -> Iterator[str]:
    """What became of the answers of each file, in numbers."""
    width = max(len("file"), *(len(came.file) for came in merging.came))
    names = ("filled", "changed", "emptied", "conflicts", "refused")
    kinds = (*_TAKEN, Kind.CONFLICT, Kind.REFUSED)
    yield f"  {'file':<{width}}{'rows':>9}" + "".join(f"{name:>11}" for name in names)
    told = _by_file(merging)
    for came in merging.came:
        numbers = "".join(f"{told[came.file][kind]:>11,}" for kind in kinds)
        yield f"  {came.file:<{width}}{len(came.answers):>9,}{numbers}"


def _by_file(merging: Merging) -> Mapping[str, Counter[Kind]]:
    result: dict[str, Counter[Kind]] = {came.file: Counter() for came in merging.came}
    for line in merging.taken.lines:
        result[line.at.file][line.kind] += 1
    return result


def _said(line: Line) -> str:
    """A line without any cell's value."""
    master = f" (for {line.master})" if line.master else ""
    return f"  {line.at.text}{master}: {line.message}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _payload(merging: Merging) -> dict[str, Any]:
    """The same as JSON; it tells values, as that of a check does."""
    taken, told = merging.taken, _by_file(merging)
    return {
        "reveal": payload.SCHEMA,
        "profile": payload.profile(merging.taken.profile),
        "batch": taken.merged.batch,
        "files": [
            {
                "file": came.file,
                "to": came.to,
                "batch": came.batch,
                "rows": len(came.answers),
                **{str(kind): told[came.file][kind] for kind in Kind},
            }
            for came in merging.came
        ],
        "lines": [_line(line) for line in taken.lines],
        "revealed": dict(taken.revealed),
        "summary": payload.kinds(merging.summary.counts),
        "outputs": [str(path) for path in merging.written],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "why": line.why,
        "file": line.at.file,
        "sheet": line.at.sheet,
        "row": line.at.row,
        "column": line.at.header,
        "message": line.message,
        "master": line.master,
        "came": line.came,
        "holds": line.holds,
    }

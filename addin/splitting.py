"""Hand out: a packet and a letter for each school, in a folder, and a record of what was sent."""

from __future__ import annotations

import json
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin import paths
from addin.progress import counted, stage
from sheets import flow, telling
from sheets.books import open_book
from sheets.books.refusals import cannot_write
from sheets.errors import CannotWrite, ColumnsNotFound, RevealError, WrongUsage
from sheets.handback import fixable, identity, letter, names, split, store, words, workbook
from sheets.report.words import spans
from sheets.summary import ADMINISTRATOR, BOTH

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.choosing import Choice
    from sheets.flow import Outcome
    from sheets.handback.model import LeftOut, Packet, Split

FOLDER = "handback"
"""The folder beside the first file, unless another is named."""

LETTERS = "letters"
WHO_CAN_FIX = "who-can-fix"

_SHOWN = 20  # groups on a console


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        by: ``school``, ``who-can-fix``, or the header of a column.
        made: The day.
        due: The day by which answers are to come back.
        out: Where the packets go; None for the folder beside the first file.
        language: Of packets and letters.
        ask: Whom to ask, and to whom the answers go.
    """

    by: str
    made: dt.date
    due: dt.date | None = None
    out: Path | None = None
    language: str = "en"
    ask: str = ""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What was handed out, or would be.

    Attributes:
        outcome: What the check found.
        split: The packets.
        folder: Where they go.
        files: What each packet is called, without an ending.
        by: What they were made by.
        written: Whether they are there.
    """

    outcome: Outcome
    split: Split
    folder: Path
    files: Sequence[str]
    by: str
    written: bool = False

    @property
    def rows(self) -> int:
        """How many rows are handed out."""
        return sum(packet.rows for packet in self.split.packets)


def run(
    files: Sequence[Path],
    choice: Choice,
    wanted: Wanted,
    *,
    mapping: Mapping[str, str],
    sheets: Collection[str],
    write: bool,
) -> HandedOut:
    """Check some files and hand out what is to be fixed.

    Raises:
        WrongUsage: The day is over.
        ColumnsNotFound: Nothing tells the school, or there is no such column.
        CannotWrite: The folder cannot be written, or holds such packets. Nothing was written.
    """
    if wanted.due is not None and wanted.due < wanted.made:
        raise WrongUsage(
            f"--due {wanted.due.isoformat()} is over already.", hint="Give a day that is to come."
        )
    folder = wanted.out or files[0].parent / FOLDER
    if write:
        _require_folder(folder)
    books = [open_book(file) for file in files]
    with stage("Checking"):
        outcome = flow.judge(
            books, choice.profile, mapping=mapping, standing=choice.standing, sheets=sheets
        )
    _require_schools(outcome, wanted.by)
    by = fixable.WHO if wanted.by == WHO_CAN_FIX else wanted.by
    with stage("Sorting out who can fix what"):
        made = split.packets(outcome, identity.new_batch(wanted.made, wanted.due), by)
    called = names.of_files([packet.to for packet in made.packets], wanted.due)
    done = HandedOut(outcome, made, folder, called, wanted.by, written=write and bool(made.packets))
    if done.written:
        _write(done, wanted, files[0])
    return done


def _require_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, before any work is done."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise CannotWrite(
            "This is a file and no folder.", hint="Choose another --out.", where=str(there)
        )
    if not (there.stat().st_mode & 0o222 and os.access(there, os.W_OK)):
        raise CannotWrite(
            "The folder cannot be written.", hint="Choose another --out.", where=str(there)
        )


def _require_schools(outcome: Outcome, by: str) -> None:
    if by == fixable.SCHOOL and not outcome.summary.schools:
        raise ColumnsNotFound(
            "No sheet has a column with the school.",
            hint='Hand out by another column with --by "HEADER", or with --by who-can-fix; or '
            'say which column it is: --map "Building=School".',
        )


def _write(done: HandedOut, wanted: Wanted, source: Path) -> None:
    """Write all packets, letters and the record; or, if that fails, nothing."""
    templates = paths.templates() / "handback"
    told = words.load(templates, wanted.language)
    ask = " ".join(wanted.ask.split())
    batch, letters = done.split.batch, done.folder / LETTERS
    with _whole(done.folder, source) as made:
        made.folder(done.folder)
        made.folder(letters)
        pairs = list(zip(done.split.packets, done.files, strict=True))
        made.require_new(done.folder / f"{name}.xlsx" for _, name in pairs)
        for packet, name in counted("Writing", pairs):
            file = f"{name}.xlsx"
            book = workbook.write(packet, batch, told, ask)
            sent = letter.write(packet, batch, told, templates, file=file, workbook=book, ask=ask)
            made.file(done.folder / file, book)
            made.file(letters / f"{name}.eml", sent.draft)
            made.file(letters / f"{name}.html", sent.page.encode())
        store.record_sent(
            done.folder,
            batch.id,
            [_sent(packet, name) for packet, name in pairs if words.has_inputs(packet)],
            made=batch.made,
            due=batch.due,
            by=done.by,
        )


def _sent(packet: Packet, name: str) -> store.Sent:
    """What is kept of a packet: of rows that nothing can be typed into no answer comes back."""
    keys = [row.key for sheet in packet.sheets for row in sheet.rows if row.todo]
    return store.Sent(packet.to, f"{name}.xlsx", list(dict.fromkeys(keys)))


class _Made:
    """What a run has put on the disk so far.

    Args:
        source: The file whose rights all others get.
    """

    def __init__(self, source: Path) -> None:
        self._mode = stat.S_IMODE(source.stat().st_mode) | stat.S_IWUSR
        self._files: list[Path] = []
        self._folders: list[Path] = []

    def folder(self, path: Path) -> None:
        """Make a folder, and those above it, unless they are there."""
        missing = [one for one in (path, *path.parents) if not one.exists()]
        path.mkdir(parents=True, exist_ok=True)
        self._folders += reversed(missing)

    def require_new(self, files: Iterator[Path]) -> None:
        """Refuse names that are taken, before anything is written."""
        taken = next((path for path in files if path.exists()), None)
        if taken is not None:
            raise CannotWrite(
                "There is a packet of this name, which may hold answers.",
                hint="Move it away, or choose another --out or --due.",
                where=taken.name,
            )

    def file(self, path: Path, content: bytes) -> None:
        """Write a new file; it gets the rights of the master, since it is no less private."""
        with open(path, "xb", opener=_private) as stream:
            self._files.append(path)
            stream.write(content)
        path.chmod(self._mode)

    def undo(self) -> None:
        """Take away all of it."""
        with suppress(OSError):
            for path in self._files:
                path.unlink(missing_ok=True)
            for path in reversed(self._folders):
                path.rmdir()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _whole(folder: Path, source: Path) -> Iterator[_Made]:
    """Leave nothing behind if the block does not end well."""
    made = _Made(source)
    try:
        yield made
    except OSError as error:
        made.undo()
        if isinstance(error, RevealError):
            raise
        raise cannot_write(error, folder) from error
    except BaseException:
        made.undo()
        raise


def report(done: HandedOut, *, as_json: bool) -> Iterator[str]:
    """Yield what is printed."""
    if as_json:
        yield json.dumps(_payload(done), ensure_ascii=False)
        yield "\n"
        return
    total = done.outcome.summary.total
    yield f"{telling.headline(total)}\n"
    if not done.split.packets:
        well = "" if done.split.left_out else " Nothing is to be fixed."
        yield f"No packet is needed.{well}\n"
    else:
        told = "Handed out" if done.written else "To be handed out (dry run)"
        rows, packets = _number(done.rows, "row"), _number(len(done.files), "packet")
        yield f"\n{told}: {rows} in {packets}.\n\n"
        yield from _packets(done)
    for one in done.split.left_out:
        yield f"\n{_left(one)}\n"
    numbers = done.outcome.summary.fixers
    needed = numbers.get(ADMINISTRATOR, 0) + numbers.get(BOTH, 0)
    if needed and done.by != WHO_CAN_FIX:
        rows = _number(needed, "row")
        what = "it" if needed == 1 else "them"
        yield (
            f"\nA Campus administrator is needed for {rows}: "
            f"--by {WHO_CAN_FIX} hands {what} out too.\n"
        )
    if done.written:
        yield (
            f"\nPackets: {done.folder}\nLetters: {done.folder / LETTERS} (nothing was sent)\n"
            "When they come back: reveal handback merge MASTER --from RETURNED\n"
        )


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _packets(done: HandedOut) -> Iterator[str]:
    yield f"  {'rows':>8}  file\n"
    pairs = list(zip(done.split.packets, done.files, strict=True))
    for packet, name in pairs[:_SHOWN]:
        yield f"  {packet.rows:>8,}  {name}.xlsx\n"
    if rest := pairs[_SHOWN:]:
        yield f"  {sum(packet.rows for packet, _ in rest):>8,}  in {len(rest):,} more\n"


def _left(one: LeftOut) -> str:
    group = f" ({one.group})" if one.group else ""
    shown = spans(one.rows[:_SHOWN]) + (" ..." if len(one.rows) > _SHOWN else "")
    return (
        f'{one.book}, sheet "{one.sheet}"{group}: not handed out: '
        f"{_number(len(one.rows), 'row')}. {one.why} "
        f"Rows: {shown}"
    )


def _payload(done: HandedOut) -> dict[str, object]:
    batch = done.split.batch
    return {
        "reveal": 1,
        "handback": {
            "batch": batch.id,
            "made": batch.made.isoformat(),
            "due": batch.due.isoformat() if batch.due else None,
            "written": done.written,
            "folder": str(done.folder),
            "rows": done.rows,
            "packets": [
                {"to": packet.to, "rows": packet.rows, "file": f"{name}.xlsx"}
                for packet, name in zip(done.split.packets, done.files, strict=True)
            ],
            "left_out": [
                {
                    "file": one.book,
                    "sheet": one.sheet,
                    "group": one.group,
                    "why": one.why,
                    "rows": list(one.rows),
                }
                for one in done.split.left_out
            ],
        },
    }

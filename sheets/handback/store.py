"""What was sent and what came back: one small file beside the packets.

It holds counts, days and digests, and what the groups are called, which the names of the files
tell anyway. It holds no person's name, id, phone number or address, and no cell's value.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.errors import CannotRead, CannotWrite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

NAME = "reveal-handback.sqlite"
"""What the file is called."""

SCHOOL = "school"
"""What rows are grouped by, unless something else was asked for."""

_SCHEMA = 1
_TABLES = f"""
CREATE TABLE batches (batch TEXT PRIMARY KEY, made TEXT NOT NULL, due TEXT, grouped TEXT NOT NULL);
CREATE TABLE packets (
  packet INTEGER PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batches, label TEXT NOT NULL, file TEXT NOT NULL,
  returned TEXT, conflicts INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,
  UNIQUE (batch, label)
);
CREATE TABLE rows (
  packet INTEGER NOT NULL REFERENCES packets, key TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (packet, key)
) WITHOUT ROWID;
PRAGMA user_version = {_SCHEMA};
"""
_STATUS = """
SELECT batch, label, file, made, due, grouped, returned,
  conflicts, refused, count(key) AS sent, count(key) - coalesce(sum(done), 0) AS remaining
FROM packets JOIN batches USING (batch) LEFT JOIN rows USING (packet)
GROUP BY packet ORDER BY made, batch, packet
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One packet as it was made: its group, its file, the digests of its rows."""

    label: str
    file: str
    keys: Collection[str]


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand with one packet.

    Attributes:
        batch: The id of the batch.
        label: The school, or whatever rows were grouped by.
        file: The file that was made.
        made: The day it was made.
        due: The day by which it is to come back, if one was given.
        returned: The day something of it came back last.
        sent: How many rows were handed out.
        left: How many of them are not done.
        by: What rows were grouped by.
        conflicts: How many cells were changed by both sides when it came back last.
        refused: How many answers were not taken then.
    """

    batch: str
    label: str
    file: str
    made: dt.date
    due: dt.date | None
    returned: dt.date | None
    sent: int
    left: int
    by: str = SCHOOL
    conflicts: int = 0
    refused: int = 0

    def overdue(self, today: dt.date) -> bool:
        """Whether rows are left though the day is over."""
        return self.due is not None and self.due < today and self.left > 0


def record_sent(
    folder: Path,
    batch: str,
    packets: Iterable[Sent],
    *,
    made: dt.date,
    due: dt.date | None,
    by: str = SCHOOL,
) -> None:
    """Keep what was handed out.

    Args:
        folder: Where the packets lie.
        batch: The id of the batch.
        packets: All of it.
        made: The day.
        due: The day by which it is to come back.
        by: What rows were grouped by: ``school`` or another word.

    Raises:
        CannotWrite: The file cannot be written, or is no record of Reveal.
    """
    with _written(folder, make=True) as record:
        record.execute(
            "DELETE FROM rows WHERE packet IN (SELECT packet FROM packets WHERE batch=?)", (batch,)
        )
        record.execute("DELETE FROM packets WHERE batch=?", (batch,))
        record.execute(
            "INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?)",
            (batch, made.isoformat(), due.isoformat() if due else None, by),
        )
        for one in packets:
            made_as = record.execute(
                "INSERT INTO packets (batch, label, file) VALUES (?, ?, ?)",
                (batch, one.label, one.file),
            ).lastrowid
            record.executemany(
                "INSERT INTO rows (packet, key) VALUES (?, ?)", ((made_as, key) for key in one.keys)
            )


def record_returned(
    folder: Path,
    batch: str,
    done: Collection[str],
    seen: Collection[str],
    *,
    day: dt.date,
    conflicts: int = 0,
    refused: int = 0,
) -> bool:
    """Keep what came back of a batch; what came back earlier stays done.

    A packet may come back in parts, and rows of several may come back in one file: each row is
    found by its digest. The same twice is the same as once.

    Args:
        folder: Where the record lies.
        batch: The id of the batch, as its files tell it.
        done: The digests of the rows in which nothing is left to be filled in.
        seen: The digests of all rows that came back.
        day: The day.
        conflicts: How many of their cells both sides have changed.
        refused: How many of their answers were not taken.

    Returns:
        Whether there is a record of this batch; if not, nothing was written.

    Raises:
        CannotRead: There is a file of that name which is no record of Reveal.
        CannotWrite: It cannot be written.
    """
    if not (folder / NAME).is_file():
        return False
    with _written(folder) as record:
        record.execute("CREATE TEMP TABLE came (key TEXT PRIMARY KEY, done INTEGER) WITHOUT ROWID")
        ready = frozenset(done)
        record.executemany(
            "INSERT OR IGNORE INTO came VALUES (?, ?)",
            ((key, key in ready) for key in {*seen, *ready}),
        )
        mine = (
            "SELECT packet FROM packets JOIN rows USING (packet) JOIN came USING (key) "
            "WHERE batch = ?"
        )
        known = record.execute(
            f"UPDATE packets SET returned = ?, conflicts = ?, refused = ? WHERE packet IN ({mine})",  # noqa: S608 - our own text
            (day.isoformat(), conflicts, refused, batch),
        ).rowcount
        record.execute(
            "UPDATE rows SET done = 1 WHERE key IN (SELECT key FROM came WHERE done) "
            "AND packet IN (SELECT packet FROM packets WHERE batch = ?)",
            (batch,),
        )
    return known > 0


def status(folder: Path) -> Sequence[Status]:
    """Say how things stand, packet by packet; nothing if nothing was handed out from here.

    Raises:
        CannotRead: There is a file of that name which is no record of Reveal.
    """
    path = folder / NAME
    if not path.is_file():
        return []
    try:
        with closing(_open(path)) as record:
            return [_status(row) for row in record.execute(_STATUS)]
    except (sqlite3.Error, ValueError) as error:
        raise _unreadable(path) from error


def _status(row: sqlite3.Row) -> Status:
    return Status(
        batch=row["batch"],
        label=row["label"],
        file=row["file"],
        made=dt.date.fromisoformat(row["made"]),
        due=dt.date.fromisoformat(row["due"]) if row["due"] else None,
        returned=dt.date.fromisoformat(row["returned"]) if row["returned"] else None,
        sent=row["sent"],
        left=row["remaining"],
        by=row["grouped"],
        conflicts=row["conflicts"],
        refused=row["refused"],
    )


@contextmanager
def _written(folder: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """Give the record; what is done to it is done as a whole or not at all."""
    path = folder / NAME
    try:
        if make and not path.exists():
            # Nobody else may read it, not even for a moment.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_open(path, make=make)) as record, record:
            yield record
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise _unwritable(path) from error
        raise _unreadable(path) from error
    except OSError as error:
        raise _unwritable(path) from error


def _open(path: Path, *, make: bool = False) -> sqlite3.Connection:
    record = sqlite3.connect(path, timeout=10)
    record.row_factory = sqlite3.Row
    try:
        [version] = record.execute("PRAGMA user_version").fetchone()
        if version == 0 and make:
            record.executescript(_TABLES)
            version = _SCHEMA
    except BaseException:
        record.close()
        raise
    if version != _SCHEMA:
        record.close()
        raise _unreadable(path)
    return record


def _unreadable(path: Path) -> CannotRead:
    return CannotRead(
        "This is no record of what was handed back, or it is damaged or of a newer Reveal.",
        hint="Move the file away. Packets are understood without it, but the status is lost.",
        where=path.name,
    )


def _unwritable(path: Path) -> CannotWrite:
    return CannotWrite(
        "The record of what was handed back cannot be written.",
        hint="Check that the folder may be written and that no other program has the file open.",
        where=path.name,
    )


def headline(found: Sequence[Status], today: dt.date) -> str:
    """The one sentence that says most of how things stand.

    Example:
        >>> day = dt.date(2026, 12, 4)
        >>> one = Status("b", "Adams", "a.xlsx", day, day, None, 12, 3)
        >>> headline([one], dt.date(2026, 12, 5))
        '3 of 12 rows are left; 0 of 1 packets have come back; 1 is overdue.'
    """
    sent, left = sum(one.sent for one in found), sum(one.left for one in found)
    back = sum(one.returned is not None for one in found)
    late = sum(one.overdue(today) for one in found)
    told = f"{left:,} of {sent:,} rows are left; {back:,} of {len(found):,} packets have come back"
    return told + (f"; {late:,} {'is' if late == 1 else 'are'} overdue." if late else ".")

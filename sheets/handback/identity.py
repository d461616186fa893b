"""What a workbook that is handed out says of itself, so that its answers find their way back.

It stands in two places. A custom property of the workbook (`PROPERTY`) names the batch. And the
hidden last column of each sheet holds all that a merge needs, so that it outlives every program,
and CSV, where there are no properties: its header says batch, salt and columns, and in each row
stand the row's key and the fingerprints of what was sent in its cells.

A key is a digest of what tells whose row it is, as `sheets.report.identity` makes it. A
fingerprint is a digest of key, column and value: with it a merge knows whether a cell was changed,
and nobody has to keep what was sent.

All are salted with a random word of the batch, which stands in the files themselves. What that
gives: digests of two batches cannot be joined, and equal values have different fingerprints. What
it does not give: whoever has the file could guess a value and test it. That person has the values
anyway, in the cells beside. Nor is it a signature: who wants to forge a row can. It guards against
slips, not against people; every change is shown before it is taken.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from sheets.handback.model import SCHEMA, Batch
from sheets.report import identity
from sheets.rules.keys import STOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PROPERTY = "reveal-handback"
"""The custom property of a workbook that is handed out."""

_BATCH_BYTES, _FULL, _BRIEF = 4, 6, 3
_VERSION = re.compile(r"v(\d+)$")
_MARK = re.compile(r"k[0-9a-f]{16}(\.[0-9a-f]+)*$")
_KEEP = " +-_()?'#/&"


@dataclass(frozen=True, slots=True)
class Head:
    """What the header of a hidden column says.

    Attributes:
        batch: The handing out.
        to: To whom the workbook went.
        kind: ``student``, ``staff`` or ``contact``.
        group: The group of contacts beside students.
        ranks: By which names the rows are known, as in `sheets.report.identity.RANKS`.
        locked: Name -> header of the columns that only tell something; their order is that of the
            fingerprints in a mark.
        tells: The names of those that tell whose row it is.
        inputs: Name -> header of the columns that take answers; theirs come after the locked ones.
    """

    batch: Batch
    to: str
    kind: str
    group: str
    ranks: Sequence[identity.Rank]
    locked: Mapping[str, str]
    tells: Sequence[str]
    inputs: Mapping[str, str]

    @property
    def text(self) -> str:
        """The cell's text."""
        return _written(
            {
                **_of_batch(self.batch, self.to),
                "kind": [self.kind],
                "group": [self.group],
                "by": ["|".join(rank) for rank in self.ranks],
                "locked": _pairs(self.locked),
                "tells": self.tells,
                "input": _pairs(self.inputs),
            }
        )


def new_batch(made: dt.date, due: dt.date | None = None) -> Batch:
    """A handing out with a random name and salt."""
    return Batch(secrets.token_hex(_BATCH_BYTES), identity.new_salt(), made, due)


def property_of(batch: Batch, to: str) -> str:
    """What the property of a workbook says."""
    told = _of_batch(batch, to)
    del told["salt"]
    return _written(told).removeprefix(f"{PROPERTY} ")


def is_head(text: str) -> bool:
    """Whether a cell is the header of a hidden column."""
    return text.startswith(f"{PROPERTY} ")


def is_mark(text: str) -> bool:
    """Whether a cell is a row's in a hidden column."""
    return _MARK.match(text) is not None


def schema(text: str) -> int:
    """The version of a header; 0 if it has none."""
    told = _VERSION.match(text.removeprefix(f"{PROPERTY} ").split(";", 1)[0])
    return int(told[1]) if told else 0


def head(text: str) -> Head | None:
    """Read the header of a hidden column; None if it is damaged or of a later version."""
    if schema(text) != SCHEMA:
        return None
    told = _read(text)
    try:
        due = told["due"]
        batch = Batch(
            told["batch"][0],
            told["salt"][0],
            dt.date.fromisoformat(told["made"][0]),
            dt.date.fromisoformat(due[0]) if due else None,
        )
        bytes.fromhex(batch.salt)
        return Head(
            batch,
            "".join(told["to"]),
            told["kind"][0],
            "".join(told["group"]),
            [(own, student) for rank in told["by"] for own, student in (rank.split("|"),)],
            dict(_unpaired(told["locked"])),
            told["tells"],
            dict(_unpaired(told["input"])),
        )
    except (KeyError, IndexError, ValueError):
        return None


def secret(batch: Batch, group: str) -> bytes:
    """What the digests of one list are salted with: those of two groups never meet."""
    return hashlib.blake2b(bytes.fromhex(batch.salt) + group.encode(), digest_size=32).digest()


def fingerprint(secret: bytes, key: str, name: str, value: str, *, brief: bool = False) -> str:
    """The fingerprint of one cell.

    Args:
        secret: As `secret` gives it.
        key: The row's key.
        name: The name of the column.
        value: What stands in the cell, in the form in which cells are compared.
        brief: For locked cells, of which it is enough to see a slip.
    """
    text = STOP.join((key, name, value)).encode()
    size = _BRIEF if brief else _FULL
    return hashlib.blake2b(text, key=secret, digest_size=size).hexdigest()


def mark(key: str, prints: Iterable[str]) -> str:
    """What the hidden column holds in a row.

    It starts with a letter, so that no program takes it for a number or a formula.
    """
    return ".".join((f"k{key}", *prints))


def unmarked(text: str) -> tuple[str, list[str]]:
    """The key and the fingerprints of a row."""
    key, *prints = text.split(".")
    return key.removeprefix("k"), prints


def _of_batch(batch: Batch, to: str) -> dict[str, Sequence[str]]:
    return {
        "batch": [batch.id],
        "salt": [batch.salt],
        "made": [batch.made.isoformat()],
        "due": [batch.due.isoformat()] if batch.due else [],
        "to": [to],
    }


def _written(told: Mapping[str, Iterable[str]]) -> str:
    parts = (f"{name}={','.join(quote(one, _KEEP) for one in all_)}" for name, all_ in told.items())
    return f"{PROPERTY} " + ";".join((f"v{SCHEMA}", *parts))


def _read(text: str) -> dict[str, list[str]]:
    pairs = (part.partition("=") for part in text.split(";")[1:])
    return {
        name.strip(): [unquote(one) for one in rest.split(",")] if rest else []
        for name, _, rest in pairs
    }


def _pairs(named: Mapping[str, str]) -> list[str]:
    return [f"{quote(name, _KEEP)}:{quote(header, _KEEP)}" for name, header in named.items()]


def _unpaired(pairs: Iterable[str]) -> Iterable[tuple[str, str]]:
    for pair in pairs:
        name, _, header = pair.partition(":")
        yield unquote(name), unquote(header)

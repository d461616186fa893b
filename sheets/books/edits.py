r"""What a patch changes in one record of a text with separators, so that it can be undone.

A record that is shorter than others is filled up to the first own column. So that clearing can
give the very bytes back, the filling is told from what stood there: its empty fields are written
the other way than the last field of the record (``""`` after anything but ``""``, nothing after
``""``), and the first own field then has no quotes, which it has otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.records import quoted, text
from sheets.errors import PlaceTaken
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.records import Dialect
    from sheets.grid import Patch

_EMPTY = (b"", b'""')
_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Edit:
    """The changes of one patch, applied to record after record.

    Args:
        patch: What is to change.
        dialect: How the file is written.
        where: The file's name, for messages.
    """

    def __init__(self, patch: Patch, dialect: Dialect, where: str) -> None:
        self._patch = patch
        self._dialect = dialect
        self._where = where
        self._columns = [own.column for own in patch.columns or ()]
        ends_before = self._columns[0] - 1 if self._are_adjacent() else 0
        self._regular = dialect.exactly(ends_before) if ends_before else None
        self._gone = frozenset(patch.replaces) if patch.columns is not None else frozenset()
        self._rows = iter(
            zip(patch.rows, *(own.values for own in patch.columns or ()), strict=True)
        )
        self._next = next(self._rows, None)
        self._inputs: dict[int, dict[int, str]] = {}
        for (row, column), value in patch.cells.items():
            self._inputs.setdefault(row, {})[column] = value

    @property
    def is_pending(self) -> bool:
        """Whether there is a change for a row that did not come."""
        return bool(self._columns and self._next) or bool(self._inputs)

    def apply(self, row: int, record: bytes) -> bytes:
        """Return a record as it is to be.

        Raises:
            PlaceTaken: A cell that is needed is not empty.
        """
        inputs = self._inputs.pop(row, None)
        if inputs is not None:
            record = self._fill_in(record, inputs)
        if self._patch.columns is None or row < self._patch.header_row:
            return record
        values: Sequence[str | None] = ()
        if row == self._patch.header_row:
            values = [own.header for own in self._patch.columns]
            self._gone |= self._recognised(record)
        elif self._next is not None and self._next[0] == row:
            values = self._next[1:]
            self._next = next(self._rows, None)
        elif row > self._patch.last_row:
            return record
        if any(values) and self._regular is not None and self._regular.fullmatch(record):
            # Nearly all records end right before the first own column: nothing to take apart.
            own = [quoted(harmless(value or "")) for value in values]
            return self._dialect.delimiter.join((record, *own))
        fields = self._dialect.split(record)
        self._take_away(fields)
        if any(values):
            self._put(fields, values, row)
        return self._dialect.delimiter.join(fields)

    def _are_adjacent(self) -> bool:
        return bool(self._columns) and self._columns == list(
            range(self._columns[0], self._columns[0] + len(self._columns))
        )

    def _recognised(self, record: bytes) -> frozenset[int]:
        """The places in which the header is our own already."""
        fields = self._dialect.split(record)
        return frozenset(
            own.column
            for own in self._patch.columns or ()
            if own.column <= len(fields) and text(fields[own.column - 1]) == own.header
        )

    def _fill_in(self, record: bytes, inputs: dict[int, str]) -> bytes:
        """Return a record with input cells filled in: their text as it is."""
        fields = self._dialect.split(record)
        for column, value in inputs.items():
            fields.extend([b""] * (column - len(fields)))
            old = fields[column - 1]
            if text(old) != value:
                bare = not old.startswith(b'"') and self._is_plain(value)
                fields[column - 1] = value.encode() if bare else quoted(value)
        return self._dialect.delimiter.join(fields)

    def _take_away(self, fields: list[bytes]) -> None:
        """Remove what an earlier run put into a record."""
        first = b'"'
        while len(fields) in self._gone:
            first = fields.pop()
        for column in self._gone:
            if column <= len(fields):
                fields[column - 1] = b""
        if first.startswith(b'"'):
            return
        filling = fields[-1]
        if filling not in _EMPTY:
            return
        kept = len(fields)
        while kept > 1 and fields[kept - 1] == filling:
            kept -= 1
        # Nothing was filled up with empty fields unless it ended in "": another program wrote this.
        if filling or fields[kept - 1] == b'""':
            del fields[kept:]

    def _put(self, fields: list[bytes], values: Sequence[str | None], row: int) -> None:
        """Write own texts into a record."""
        is_short = len(fields) < self._columns[0] - 1
        if is_short:
            filling = b"" if fields[-1] == b'""' else b'""'
            fields.extend([filling] * (self._columns[0] - 1 - len(fields)))
        for nth, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            fields.extend([b""] * (column - 1 - len(fields)))
            said = harmless(value or "")
            bare = is_short and nth == 0 and self._is_plain(said)
            field = said.encode() if bare else quoted(said)
            if column > len(fields):
                fields.append(field)
                continue
            if column not in self._gone and text(fields[column - 1]):
                raise PlaceTaken(
                    "A cell that Reveal needs is not empty.",
                    hint="Move what stands there elsewhere and run again.",
                    where=f"{self._where}, cell {Area.cell(row, column)}",
                )
            fields[column - 1] = field

    def _is_plain(self, value: str) -> bool:
        """Whether a text needs no quotes."""
        special = (self._dialect.delimiter.decode(), '"', "\r", "\n")
        return value == value.strip() and not any(mark in value for mark in special)


def harmless(value: str) -> str:
    """Keep a spreadsheet program from taking our own text for a formula: quotes do not."""
    return f"'{value}" if value.startswith(_RISKY) else value

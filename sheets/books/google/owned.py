"""Which columns are Reveal's: told by metadata that goes along with a column.

A header says it, too, but somebody may rename it. And a column that was Reveal's may be used for
something else. So the metadata tell what Reveal wrote there, and a column whose header is to be
seen no more is Reveal's as long as it holds just that.

Source of the names: the Sheets API v4, DeveloperMetadata.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sheets.books.google import cells, lookups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.books.google.cells import Cell

COLUMN = "reveal.column"
"""The key of the metadata; their value is the header, a blank, and the mark."""

_DIGITS = 16


class Owned(NamedTuple):
    """What is told of a column.

    Attributes:
        id: The id of the metadata.
        header: The header.
        mark: Of what it holds; see `mark`.
    """

    id: int
    header: str
    mark: str

    @property
    def value(self) -> str:
        """As it is kept in the metadata."""
        return f"{self.header} {self.mark}"


def mark(column: Iterable[Cell]) -> str:
    """What stands for all that a column holds below its header, in whatever order.

    Of cells that look up what they show only that they do counts.
    """
    _, *rest = [cell for cell in column if cells.holds(cell)] or [cells.BLANK]
    told = ("looked up" if lookups.is_own(cell) else cells.text(cell) or "" for cell in rest)
    return sha256("\0".join(sorted(told)).encode()).hexdigest()[:_DIGITS]


def find(
    rows: Sequence[Sequence[Cell]], told: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[int, Owned], Sequence[int]]:
    """Find the columns that are Reveal's, and the ids of metadata on all others.

    Args:
        rows: The cells of a tab.
        told: Its columns, as the API tells them.
    """
    own: dict[int, Owned] = {}
    stray = []
    for column, line in enumerate(told, 1):
        for one in line.get("developerMetadata", ()):
            if one.get("metadataKey") != COLUMN:
                continue
            header, _, known = one.get("metadataValue", "").rpartition(" ")
            held = [values[column - 1] for values in rows if column <= len(values)]
            ours = any(cells.text(cell) == header for cell in held) or mark(held) == known
            if ours and column not in own:
                own[column] = Owned(one["metadataId"], header, known)
            else:
                stray.append(one["metadataId"])
    return own, stray

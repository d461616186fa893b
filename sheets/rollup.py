"""From contacts to students: how many of a student's guardians are revealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


@dataclass(frozen=True, slots=True)
class RollUp:
    """Students and their guardians, in numbers of rows.

    A row of contacts is listed for a student if it is linked to the student (by person id, GUID
    or number, else by a name that no other student has), unless the profile's rule about
    guardians says that it is none, or it lists a contact of the student once more.

    Attributes:
        students: How many rows of students there are.
        guardians: How many rows of contacts are listed for them.
        revealed: How many of these are revealed.
        without: Students for whom no guardian is revealed, those without any listed included.
        unlisted: Students for whom no guardian is listed at all.
        complete: Students all of whose guardians are revealed; at least one is.
        of: For each set of findings of the run, in their order: ``_row``, ``revealed`` and
            ``listed`` (UInt32, one line for each row) if it is of students, else None.
    """

    students: int
    guardians: int
    revealed: int
    without: int
    unlisted: int
    complete: int
    of: Sequence[pl.DataFrame | None] = ()

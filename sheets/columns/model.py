"""What recognition found: which table is where on a sheet, and which column is which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from sheets.grid import Area, Cells, Grid


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands: its header as shown (on one line) and its column."""

    header: str
    column: int


@dataclass(frozen=True, slots=True)
class Found:
    """One table on one sheet.

    A sheet without a table that Reveal knows gives one `Found` of kind ``other``.

    Attributes:
        grid: The sheet it is on.
        kind: ``student``, ``staff``, ``contact``, ``account``, ``relationship_type``, ``mixed``
            (people of several kinds, told apart by a role column) or ``other``.
        header_row: The row of the headers (the last one of two); 0 for ``other``.
        last_row: The last data row; totals and repeated headers at the end are not included.
        rows: The data rows (UInt32, ascending): no blank rows, no totals, no repeated headers.
        area: From the first header cell to the last data row and last column of this table,
            Reveal's own columns included.
        fields: Field -> where it stands.
        unrecognised: The headers that are no field.
        own: Reveal's own header -> column, as an earlier run left them.
        cells: The cells of the columns in `fields` that the rules or the rows need.
        notes: What people should know: ``3 hidden rows are checked too``.
        group: On a wide sheet, the contact that this is of each row, such as ``Guardian 1``; the
            row's own person has none. All groups of a table have its header row and rows in
            common.
        told: What other sheets, or the nature of this one, say of the rows: ``_row`` as in `rows`,
            and one column of cleaned text per field. It goes before what stands in the cells.
            Where ``school`` holds names and ids, ``school_name`` is what to call it.
    """

    grid: Grid
    kind: str
    header_row: int
    last_row: int
    rows: pl.Series
    area: Area | None
    fields: Mapping[str, Place]
    unrecognised: Sequence[str]
    own: Mapping[str, int]
    cells: Cells | None
    notes: Sequence[str] = ()
    group: str = ""
    told: pl.DataFrame | None = None

"""What patches change in one worksheet; decided from what was read, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets.books.excel import values, words
from sheets.books.excel.steps import CellsStep
from sheets.books.ooxml.refs import without_last
from sheets.errors import CannotWrite, PlaceTaken
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.excel.snapshot import Sheet, Table
    from sheets.grid import Patch

    Wanted = dict[tuple[int, int], str | None]

_LAST_COLUMN = 16_384


@dataclass(slots=True)
class Plan:
    """What is to be changed in one worksheet, but for highlights, notes and looks.

    Attributes:
        sheet: The worksheet as it was read.
        patches: All patches of it.
        ours: For each patch the columns that hold Reveal's earlier output.
        cells: The cells that change.
        tables: Tables with another size, and that size.
        filter: The area that the AutoFilter shall have; None if it stays.
    """

    sheet: Sheet
    patches: Sequence[Patch]
    ours: list[frozenset[int]] = field(default_factory=list)
    cells: list[CellsStep] = field(default_factory=list)
    tables: list[tuple[Table, Area]] = field(default_factory=list)
    filter: Area | None = None

    @property
    def writing(self) -> list[tuple[Patch, frozenset[int]]]:
        """The patches that change own columns, each with the earlier ones."""
        both = zip(self.patches, self.ours, strict=True)
        return [(patch, own) for patch, own in both if patch.columns is not None]


def of(sheet: Sheet, patches: Sequence[Patch], where: str) -> Plan:
    """Decide what patches change in a worksheet.

    Args:
        sheet: The worksheet.
        patches: Its patches.
        where: Workbook and sheet, for messages.

    Raises:
        PlaceTaken: What is needed belongs to somebody else.
        CannotWrite: The sheet is protected, or has a table that cannot be changed.
    """
    if sheet.protected:
        raise words.protected(where)
    plan = Plan(sheet, patches, [_ours(sheet, patch) for patch in patches])
    inputs: Wanted = {}
    own: Wanted = {}
    for patch, ours in zip(patches, plan.ours, strict=True):
        inputs |= _inputs(sheet, patch, where)
        if patch.columns is not None:
            own |= _own(sheet, patch, ours, where)
            _frame(plan, patch, ours, where)
    _require_unmerged(sheet, [*inputs, *(at for at, text in own.items() if text)], where)
    plan.cells = [*_steps(sheet, own, fills=True), *_steps(sheet, inputs, fills=False)]
    return plan


def _ours(sheet: Sheet, patch: Patch) -> frozenset[int]:
    """The columns of Reveal's earlier output: those named, and those recognised."""
    again = (
        own.column
        for own in patch.columns or ()
        if sheet.value(patch.header_row, own.column) == own.header
    )
    return frozenset([*patch.replaces, *again])


def _inputs(sheet: Sheet, patch: Patch, where: str) -> Wanted:
    wanted: Wanted = {}
    for at, text in patch.cells.items():
        _require_no_formula(sheet, at, where)
        if sheet.text(*at) != text:
            wanted[at] = text
    return wanted


def _own(sheet: Sheet, patch: Patch, ours: Collection[int], where: str) -> Wanted:
    """All own cells, as a patch wants them."""
    wanted: Wanted = {}
    for column in ours:
        for row in range(patch.header_row, patch.last_row + 1):
            _require_no_formula(sheet, (row, column), where)
            wanted[row, column] = None
    for own in patch.columns or ():
        if own.column > _LAST_COLUMN:
            raise PlaceTaken(
                "The sheet is used up to its last column, so there is no room for the result.",
                hint="Delete what is not needed on the right.",
                where=where,
            )
        texts = (own.header, *own.values)
        for row, value in zip((patch.header_row, *patch.rows), texts, strict=True):
            _require_no_formula(sheet, (row, own.column), where)
            if own.column not in ours and sheet.holds(row, own.column):
                raise words.taken(where, (row, own.column), "is not empty")
            wanted[row, own.column] = value or None
    return wanted


def _frame(plan: Plan, patch: Patch, ours: Collection[int], where: str) -> None:
    """Let tables and the filter take in own columns, and let them go."""
    columns = sorted(own.column for own in patch.columns or ())
    for table in plan.sheet.tables:
        if table.header and table.area.first_row == patch.header_row:
            wide = _width(table.area, columns, ours)
            _require_at_end(table, columns, ours, where)
            _require_free(plan.sheet, table, patch, where)
            if wide != table.area:
                _require_own(table, where)
                plan.tables.append((table, wide))
        elif any(_overlaps(table.area, patch, column) for column in columns):
            raise _name_taken(where)
    area = plan.sheet.filter
    if area is not None and area.first_row <= patch.header_row <= area.last_row:
        wide = _width(area, columns, ours)
        if columns and not (wide.first_column <= columns[0] and columns[-1] <= wide.last_column):
            raise PlaceTaken(
                f"The filter {area.ref} does not reach to the place of the result, so the next "
                "sort would tear the result from its people.",
                hint="Extend the filter to all columns, or remove it, and run again.",
                where=where,
            )
        plan.filter = wide if wide != area else None


def _width(area: Area, columns: Sequence[int], ours: Collection[int]) -> Area:
    """An area that ends with the own columns that stand right beside it."""
    last = without_last(area.last_column, ours)
    if last < area.first_column:
        last = area.last_column
    while last + 1 in columns:
        last += 1
    return Area(area.first_row, area.first_column, area.last_row, last)


def _overlaps(area: Area, patch: Patch, column: int) -> bool:
    rows = area.first_row <= patch.last_row and patch.header_row <= area.last_row
    return rows and area.first_column <= column <= area.last_column


def _require_free(sheet: Sheet, table: Table, patch: Patch, where: str) -> None:
    """Refuse own headers that another column of a table has already."""
    headers = {own.header.casefold(): own.column for own in patch.columns or ()}
    for column in range(table.area.first_column, table.area.last_column + 1):
        text = str(sheet.value(table.area.first_row, column) or "").casefold()
        if headers.get(text, column) != column and column not in patch.replaces:
            raise _name_taken(where)


def _require_at_end(
    table: Table, columns: Collection[int], ours: Collection[int], where: str
) -> None:
    last = without_last(table.area.last_column, ours)
    if any(table.area.first_column <= one <= last for one in {*ours} - {*columns}):
        raise CannotWrite(
            "Reveal's columns stand in the middle of a table, where they cannot be taken away.",
            hint="Delete these columns, or move them to the end of the table.",
            where=where,
        )


def _require_own(table: Table, where: str) -> None:
    if table.query:
        raise CannotWrite(
            "The table is filled by a query, which would tear the result from its people.",
            hint="Copy the table as values to another sheet and check that.",
            where=where,
        )


def _require_unmerged(sheet: Sheet, cells: Collection[tuple[int, int]], where: str) -> None:
    """Refuse to write into a merged area, except into its first cell."""
    for area in sheet.merged:
        anchor = (area.first_row, area.first_column)
        if any(area.holds(*at) and at != anchor for at in cells):
            raise PlaceTaken(
                f"A cell that Reveal needs belongs to the merged area {area.ref}.",
                hint="Unmerge it (Home > Merge & Center) and run again.",
                where=where,
            )


def _require_no_formula(sheet: Sheet, at: tuple[int, int], where: str) -> None:
    if sheet.is_formula(*at):
        raise words.taken(where, at, "holds a formula")


def _name_taken(where: str) -> PlaceTaken:
    return PlaceTaken(
        "A table has other columns where the result belongs, or columns of the same name.",
        hint="Rename or move these columns and run again.",
        where=where,
    )


def _steps(sheet: Sheet, wanted: Wanted, *, fills: bool) -> Iterator[CellsStep]:
    """The blocks in which something changes.

    Args:
        sheet: The worksheet.
        wanted: Cells, and what they shall hold.
        fills: Whether a block may reach over blank cells, which stay blank: so a whole list is
            one block, whatever blank rows are in it.
    """
    rows_of: dict[int, list[int]] = {}
    for row, column in sorted(wanted):
        rows_of.setdefault(column, []).append(row)
    for columns in _neighbours(sheet, rows_of, fills=fills):
        rows = sorted({row for column in columns for row in rows_of[column]})
        for first, last in _runs(sheet, wanted, columns, rows, fills=fills):
            area = Area(first, columns[0], last, columns[-1])
            new = tuple(
                tuple(values.quoted(wanted.get((row, column))) for column in columns)
                for row in range(first, last + 1)
            )
            before = tuple(
                tuple(sheet.entered(row, column) for column in columns)
                for row in range(first, last + 1)
            )
            if new != before:
                yield CellsStep(area, new, before)


def _neighbours(
    sheet: Sheet, rows_of: Mapping[int, Collection[int]], *, fills: bool
) -> Iterator[list[int]]:
    """Columns beside each other, of which no cell between the wanted ones is somebody else's."""
    group: list[int] = []
    for column in sorted(rows_of):
        if group and not (fills and _go_together(sheet, rows_of, group[-1], column)):
            yield group
            group = []
        group.append(column)
    if group:
        yield group


def _go_together(
    sheet: Sheet, rows_of: Mapping[int, Collection[int]], left: int, right: int
) -> bool:
    only_left, only_right = (
        {*rows_of[left]} - {*rows_of[right]},
        {*rows_of[right]} - {*rows_of[left]},
    )
    return (
        right == left + 1
        and not any(sheet.holds(row, right) for row in only_left)
        and not any(sheet.holds(row, left) for row in only_right)
    )


def _runs(
    sheet: Sheet, wanted: Wanted, columns: Sequence[int], rows: Sequence[int], *, fills: bool
) -> Iterator[tuple[int, int]]:
    """The first and last rows of blocks that touch nobody else's cell."""
    start = last = rows[0]
    for row in rows[1:]:
        between = range(last + 1, row)
        joined = fills or not between
        if not joined or any(_foreign(sheet, wanted, at, columns) for at in between):
            yield start, last
            start = row
        last = row
    yield start, last


def _foreign(sheet: Sheet, wanted: Wanted, row: int, columns: Sequence[int]) -> bool:
    return any((row, column) not in wanted and sheet.holds(row, column) for column in columns)

"""The sparse reader of workbooks: the first rows of each sheet, and later the asked columns.

A sheet is read twice, each time as a stream: once for its first rows and what stands behind the
rows, and once when it is known which columns are needed. Memory holds the asked columns only.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml import formulas, merging, numberformats, strings, tree
from sheets.books.ooxml.cellvalues import Values
from sheets.books.ooxml.package import Package
from sheets.books.ooxml.sheetcells import Sheet, read_cells
from sheets.books.ooxml.sheethead import read_head
from sheets.errors import CannotRead
from sheets.grid import HEAD_ROWS, Cells, Grid, ListObject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.ooxml.plainrows import Rows
    from sheets.books.ooxml.sheethead import SheetHead
    from sheets.books.ooxml.workbook import SheetPart, Workbook
    from sheets.grid import Odd


def read_grids(package: Package, workbook: Workbook) -> list[Grid]:
    """Read the first rows of all worksheets.

    The package may be closed before a grid is loaded: its file is opened again then.

    Raises:
        CannotRead: A part is missing or damaged.
    """
    values = Values(numberformats.formats(package, workbook.styles), workbook.date1904)
    shared = strings.load(package, workbook.shared_strings)
    return [_grid(package, sheet, values, shared) for sheet in workbook.sheets]


def _grid(package: Package, part: SheetPart, values: Values, shared: pl.Series) -> Grid:
    where = f'{package.path.name}, sheet "{part.title}"'
    sheet = Sheet(part.path, where, values, shared)
    head = read_head(package, part.path, where)
    return Grid(
        title=part.title,
        head=_head_texts(head, sheet),
        load=partial(_load, package, sheet, package.fingerprint(part.path), head),
        list_objects=tuple(_list_object(package, table, where) for table in part.tables),
        filter=head.filter,
        merged=head.merged,
        state=part.state,
        protected=head.protected,
        formulas=partial(_formulas, package, sheet, package.fingerprint(part.path)),
    )


def _head_texts(head: SheetHead, sheet: Sheet) -> Mapping[int, Mapping[int, str]]:
    cells = sheet.cells()
    texts = {}
    for row in head.rows:
        meant = {column: cells.of(cell) for column, cell in row.cells.items()}
        shown = {column: text for column, text in meant.items() if isinstance(text, str)}
        if shown:
            texts[row.number] = shown
    last_row = head.rows[-1].number if head.more else 0
    merging.fill_head(texts, head.merged, last_row, sheet.where)
    return {row: dict(sorted(texts[row].items())) for row in sorted(texts)[:HEAD_ROWS]}


def _list_object(package: Package, part: str, where: str) -> ListObject:
    node = tree.read(package, part)
    area = merging.area(node.get("ref") or "")
    if area is None:
        raise CannotRead(
            "A table of the sheet does not say where it is.",
            hint="Open the file in Excel, let Excel repair it, and save it.",
            where=where,
        )
    header, totals = node.get("headerRowCount"), node.get("totalsRowCount")
    return ListObject(
        node.get("displayName") or node.get("name") or "",
        area,
        header_rows=int(header) if header is not None and header.isdecimal() else 1,
        totals_rows=int(totals) if totals is not None and totals.isdecimal() else 0,
    )


def _load(
    package: Package,
    sheet: Sheet,
    fingerprint: tuple[int, int, int],
    head: SheetHead,
    columns: Collection[int],
) -> Cells:
    asked = sorted({column for column in columns if column > 0})
    wanted = sorted({*asked, *merging.anchors(head.merged, asked)})
    found = _found(package, sheet, fingerprint, wanted)
    schema = {"_row": pl.UInt32} | {str(column): pl.String for column in wanted}
    frame = pl.concat([pl.DataFrame(schema=schema), *(rows.frame for rows in found)])
    odd: dict[tuple[int, int], Odd] = {}
    for rows in found:
        odd |= rows.odd
    frame = merging.fill(frame, odd, head.merged, asked, sheet.where)
    return Cells(
        frame,
        {at: what for at, what in odd.items() if at[1] in asked},
        last_row=int(frame["_row"][-1]) if len(frame) else 0,
        last_column=max((rows.last_column for rows in found), default=0),
        hidden_rows=sum(rows.hidden for rows in found),
    )


def _found(
    package: Package, sheet: Sheet, fingerprint: tuple[int, int, int], columns: Sequence[int]
) -> list[Rows]:
    """Read the columns out of the file, opened anew."""
    with _again(package, sheet, fingerprint) as again:
        return list(read_cells(again, sheet, columns))


def _formulas(
    package: Package,
    sheet: Sheet,
    fingerprint: tuple[int, int, int],
    columns: Collection[int],
) -> frozenset[tuple[int, int]]:
    with _again(package, sheet, fingerprint) as again:
        return formulas.cells(again, sheet.part, sheet.where, columns)


@contextmanager
def _again(package: Package, sheet: Sheet, fingerprint: tuple[int, int, int]) -> Iterator[Package]:
    """Open the file anew, if the sheet in it is still the same."""
    with _placed(sheet.where), Package.open(package.path) as again:
        if sheet.part not in again.names or again.fingerprint(sheet.part) != fingerprint:
            raise CannotRead("The file was changed while it was read.", hint="Run it again.")
        yield again


@contextmanager
def _placed(where: str) -> Iterator[None]:
    """Name the sheet in errors that do not say where."""
    try:
        yield
    except CannotRead as problem:
        problem.where = problem.where or where
        raise

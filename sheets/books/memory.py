"""A workbook in memory that behaves like a careful spreadsheet: for tests and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.refusals import own_sheet_taken
from sheets.errors import CannotWrite, PlaceTaken, SheetNotFound
from sheets.grid import HEAD_ROWS, Area, Cells, Grid, Odd, OddKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sheets.grid import Mark, OwnSheet, Patch

_Content = dict[tuple[int, int], str]


class MemoryBook:
    """Sheets given as rows of text; None and the empty text are empty cells.

    Args:
        sheets: Title -> rows; a row may be shorter than others.
        name: What the book is called.
        formulas: Title -> the cells (``"C2"``) that hold a formula; the text in the row is its
            result, and an empty one means that it was never calculated.
        protected: The titles of protected sheets.
        states: Title -> ``hidden`` or ``very hidden``.

    Attributes:
        marks: (title, header row) -> the highlights of that table.
        notes: (title, header row) -> its note.
        own_sheets: Title -> the own sheet of that title.
        reads: How often it was read.
        writes: How often something was changed in it.

    Example:
        >>> from sheets.grid import OwnColumn, Patch
        >>> book = MemoryBook({"Staff": [["Last Name"], ["Byrne"]]})
        >>> verdicts = OwnColumn("Revealed?", 2, ["No"])
        >>> book.write([Patch("Staff", 1, 2, rows=[2], columns=[verdicts])])
        >>> book.rows("Staff")
        [['Last Name', 'Revealed?'], ['Byrne', 'No']]
    """

    def __init__(
        self,
        sheets: Mapping[str, Sequence[Sequence[str | None]]],
        *,
        name: str = "memory",
        formulas: Mapping[str, Collection[str]] | None = None,
        protected: Collection[str] = (),
        states: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._cells: dict[str, _Content] = {
            title: {
                (row, column): text
                for row, texts in enumerate(rows, 1)
                for column, text in enumerate(texts, 1)
                if text
            }
            for title, rows in sheets.items()
        }
        areas = {title: map(Area.parse, refs) for title, refs in (formulas or {}).items()}
        self._formulas = {
            title: {(area.first_row, area.first_column) for area in own}
            for title, own in areas.items()
        }
        self._protected = protected
        self._states = states or {}
        self.marks: dict[tuple[str, int], Sequence[Mark]] = {}
        self.notes: dict[tuple[str, int], str] = {}
        self.own_sheets: dict[str, OwnSheet] = {}
        self.reads = 0
        self.writes = 0

    @property
    def name(self) -> str:
        """What the book is called."""
        return self._name

    def rows(self, title: str) -> list[list[str | None]]:
        """Return the cells of a sheet, squared."""
        cells = self._cells[title]
        width = max((column for _, column in cells), default=0)
        height = max((row for row, _ in cells), default=0)
        return [[cells.get((r, c)) for c in range(1, width + 1)] for r in range(1, height + 1)]

    def read(self) -> Sequence[Grid]:
        """Read all sheets, in their order."""
        self.reads += 1
        return [self._grid(title) for title in self._cells]

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets, or none.

        Raises:
            SheetNotFound: A patch names a sheet that is not here.
            CannotWrite: A sheet is protected.
            PlaceTaken: A cell that is needed holds a formula or somebody else's content, or a
                sheet of somebody else has the title of an own one.
        """
        cells = {title: dict(content) for title, content in self._cells.items()}
        marks, notes = dict(self.marks), dict(self.notes)
        for patch in patches:
            if patch.sheet not in cells:
                raise SheetNotFound(
                    f'There is no sheet "{patch.sheet}".',
                    hint="There are: " + ", ".join(cells),
                    where=self.name,
                )
            if patch.sheet in self._protected:
                raise CannotWrite(
                    "The sheet is protected.",
                    hint="Unprotect it (Review > Unprotect Sheet) and run again.",
                    where=f'{self.name}, sheet "{patch.sheet}"',
                )
            self._apply(patch, cells[patch.sheet])
            if patch.columns is not None:
                key = (patch.sheet, patch.header_row)
                marks.pop(key, None)
                notes.pop(key, None)
                if patch.marks:
                    marks[key] = tuple(patch.marks)
                if patch.columns and patch.note:
                    notes[key] = patch.note
        own_sheets = self.own_sheets
        if own is not None:
            own_sheets = {sheet.title: sheet for sheet in own}
            self._replace_own(own, cells)
        before = (self._cells, self.marks, self.notes, self.own_sheets)
        if (cells, marks, notes, own_sheets) != before:
            self._cells, self.marks, self.notes = cells, marks, notes
            self.own_sheets = own_sheets
            self.writes += 1

    def _replace_own(self, own: Sequence[OwnSheet], cells: dict[str, _Content]) -> None:
        """Take away own sheets of earlier runs, and put in new ones behind the others."""
        for grid in [self._grid(title) for title in self._cells]:
            if grid.is_own:
                del cells[grid.title]
        known = {title.casefold(): title for title in cells}
        for sheet in own:
            if sheet.title.casefold() in known:
                raise own_sheet_taken(known[sheet.title.casefold()], self.name)
            cells[sheet.title] = {
                (row, column): str(value)
                for row, values in enumerate(sheet.rows, 1)
                for column, value in enumerate(values, 1)
                if value is not None
            }

    def _apply(self, patch: Patch, cells: _Content) -> None:
        """Change the cells of one sheet as a patch says."""
        for (row, column), text in patch.cells.items():
            self._require_no_formula(patch.sheet, row, column)
            if text:
                cells[row, column] = text
            else:
                cells.pop((row, column), None)
        if patch.columns is None:
            return
        head = patch.header_row
        again = {own.column for own in patch.columns if cells.get((head, own.column)) == own.header}
        for column in {*patch.replaces, *again}:
            for row in range(head, patch.last_row + 1):
                self._require_no_formula(patch.sheet, row, column)
                cells.pop((row, column), None)
        for own in patch.columns:
            texts = (own.header, *own.values)
            for row, value in zip((head, *patch.rows), texts, strict=True):
                self._require_no_formula(patch.sheet, row, own.column)
                if (row, own.column) in cells:
                    raise self._taken(patch.sheet, row, own.column, "is not empty")
                if value:
                    cells[row, own.column] = value

    def _require_no_formula(self, title: str, row: int, column: int) -> None:
        if (row, column) in self._formulas.get(title, ()):
            raise self._taken(title, row, column, "holds a formula")

    def _taken(self, title: str, row: int, column: int, why: str) -> PlaceTaken:
        return PlaceTaken(
            f"A cell that Reveal needs {why}.",
            hint="Move it elsewhere and run again.",
            where=f'{self.name}, sheet "{title}", cell {Area.cell(row, column)}',
        )

    def _grid(self, title: str) -> Grid:
        head: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(self._cells[title].items()):
            if row not in head and len(head) == HEAD_ROWS:
                break
            head.setdefault(row, {})[column] = text
        return Grid(
            title,
            head,
            lambda columns: self._load(title, columns),
            state=self._states.get(title, "visible"),
            protected=title in self._protected,
            formulas=lambda columns: {
                at for at in self._formulas.get(title, ()) if at[1] in columns
            },
        )

    def _load(self, title: str, columns: Collection[int]) -> Cells:
        import polars as pl

        cells = self._cells[title]
        asked = sorted(set(columns))
        rows = sorted({row for row, column in cells if column in asked})
        frame = pl.DataFrame(
            {"_row": rows} | {str(c): [cells.get((row, c)) for row in rows] for c in asked},
            schema={"_row": pl.UInt32} | {str(c): pl.String for c in asked},
        )
        odd = {
            at: Odd(OddKind.NO_RESULT)
            for at in self._formulas.get(title, ())
            if at not in cells and at[1] in asked
        }
        last_row = max((row for row, _ in cells), default=0)
        last_column = max((column for _, column in cells), default=0)
        return Cells(frame, odd, last_row, last_column)

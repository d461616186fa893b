"""Excel workbooks (.xlsx, .xlsm): read sparsely, and written without losing a byte."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sheets.books import saving
from sheets.books.ooxml.editing import WorkbookEdit
from sheets.books.ooxml.package import Package
from sheets.books.ooxml.workbook import Workbook
from sheets.errors import RevealError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.grid import Grid, OwnSheet, Patch


class XlsxBook:
    """A workbook on the disk.

    Args:
        path: The file.
        out: The file that is written; the file itself if not given.
    """

    def __init__(self, path: Path, out: Path | None = None) -> None:
        self._path = Path(path)
        self._out = Path(out) if out is not None else self._path
        self._source: saving.Source | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    def read(self) -> Sequence[Grid]:
        """Read all sheets, in their order.

        Raises:
            CannotRead: The file cannot be opened, or is broken.
        """
        from sheets.books.ooxml.scan import read_grids

        self._source = saving.Source.of(self._path)
        with self._placed(), Package.open(self._path) as package:
            return read_grids(package, Workbook.open(package))

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets, or none.

        All that belongs to somebody else is copied as it is; the rest is edited as it streams by.

        Raises:
            SheetNotFound: A patch names a sheet that is not there.
            CannotRead: The file cannot be opened, or is broken.
            PlaceTaken: A cell that is needed holds a formula or somebody else's content, or a
                sheet of somebody else has the title of an own one.
            CannotWrite: It cannot be saved. Nothing was changed.
        """
        source = self._source or saving.Source.of(self._path)
        with (
            self._placed(),
            saving.replacing(self._out, source) as stream,
            Package.open(self._path) as package,
        ):
            edit = WorkbookEdit(package, Workbook.open(package), self.name)
            package.replace(stream, edit.changed_parts(patches, own))

    @contextmanager
    def _placed(self) -> Iterator[None]:
        """Name the file in errors that do not say where."""
        try:
            yield
        except RevealError as problem:
            problem.where = problem.where or self.name
            raise

"""Excel workbooks (.xlsx, .xlsm): read sparsely, and written without losing a byte."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sheets.books import saving
from sheets.books.ooxml.editing import WorkbookEdit
from sheets.books.ooxml.package import Package
from sheets.books.ooxml.workbook import Workbook
from sheets.errors import CannotWrite, RevealError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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
        with self._placed(), saving.replacing(self._out, source) as stream:
            self._edit(stream, patches, own)

    def _edit(
        self, stream: BinaryIO, patches: Sequence[Patch], own: Sequence[OwnSheet] | None
    ) -> None:
        with Package.open(self._path) as package:
            edit = WorkbookEdit(package, Workbook.open(package), self.name)
            changed = edit.changed_parts(patches, own)
            package.rewrite(stream, changed)
            stream.flush()
            with Package.open(Path(stream.name)) as result:
                same = self._verified(package, result, changed.keys())
        if same:
            with self._path.open("rb") as original:
                stream.seek(0)
                stream.truncate()
                shutil.copyfileobj(original, stream)

    def _verified(self, before: Package, after: Package, changed: Collection[str]) -> bool:
        """Check that the result is whole and that nothing but the changed parts may differ.

        Returns:
            Whether these do not differ either.
        """
        kept = [name for name in before.names if name not in changed]
        if any(after.find(name) != name for name in kept) or any(
            before.fingerprint(name) != after.fingerprint(name) for name in kept
        ):
            raise CannotWrite(
                "The result differs from what it should be, so nothing was written.",
                hint="Please report this.",
                where=self.name,
            )
        for name in set(changed) & set(after.names):
            for _ in after.chunks(name):
                pass  # each piece is checked while it is unpacked
        return before.names == after.names and all(
            before.fingerprint(name)[::2] == after.fingerprint(name)[::2] for name in changed
        )

    @contextmanager
    def _placed(self) -> Iterator[None]:
        """Name the file in errors that do not say where."""
        try:
            yield
        except RevealError as problem:
            problem.where = problem.where or self.name
            raise

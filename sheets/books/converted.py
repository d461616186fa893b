"""Workbooks in older formats (.xls, .xlsb, .ods): read, and given back as a new .xlsx.

Only values, dates, sheet names and hidden sheets come along. What the reader does not tell is
lost: colours, formulas, number formats (so zeros that only a format shows), and error values such
as ``#N/A``, which look like empty cells.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import weakref
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sheets.books import conversion, saving
from sheets.books.refusals import SAVE_AS, cannot_read, encrypted
from sheets.errors import CannotRead, RevealError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from sheets.books.xlsx import XlsxBook
    from sheets.grid import Cells, Grid, OwnSheet, Patch

_PATIENCE = 300.0
_REASONS = {
    conversion.UNREADABLE: "The workbook is damaged, or not what its name says.",
    conversion.NO_SHEET: "There is no worksheet in this workbook.",
    conversion.TOO_LARGE: "The workbook is too large for this computer's memory.",
}


class ConvertedBook:
    """A workbook whose format is read only.

    Args:
        path: The file.
        out: The .xlsx that is written.

    Raises:
        WrongUsage: `out` is the file itself, or not named ``.xlsx``.
    """

    def __init__(self, path: Path, out: Path | None = None) -> None:
        self._path = path
        self._out = out
        if out is not None and (
            out.suffix.lower() != ".xlsx" or os.path.realpath(out) == os.path.realpath(path)
        ):
            raise _read_only(path)
        self._source: saving.Source | None = None
        self._plain: XlsxBook | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    def read(self) -> Sequence[Grid]:
        """Read all sheets, in their order.

        Raises:
            CannotRead: It is damaged, too large, or there is no room for a copy of its values.
            Encrypted: It opens only with a password.
        """
        plain = self._converted()
        with self._named(plain):
            return [replace(grid, load=partial(self._load, grid)) for grid in plain.read()]

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write the values, all patches and own sheets to the new .xlsx, or nothing.

        Raises:
            WrongUsage: The book was opened without an `out`.
            PlaceTaken: A cell or title that is needed is somebody else's.
            CannotWrite: It cannot be saved.
        """
        if self._out is None:
            raise _read_only(self._path)
        plain = self._converted()
        if self._source is not None:
            self._source.require_unchanged()
        with self._named(plain):
            plain.write(patches, own)

    def _load(self, grid: Grid, columns: Collection[int]) -> Cells:
        """Read columns of a sheet; a grid keeps its book, and so the copy, as long as it lives."""
        with self._named(self._converted()):
            return grid.load(columns)

    @contextmanager
    def _named(self, plain: XlsxBook) -> Iterator[None]:
        """Name the file in errors as people know it, not as its copy is called."""
        try:
            yield
        except RevealError as error:
            error.where = error.where.replace(plain.name, self.name)
            raise

    def _converted(self) -> XlsxBook:
        """Return a plain .xlsx of the values; it goes when this book goes."""
        if self._plain is None:
            self._source = saving.Source.of(self._path)
            folder = saving.temporary_beside(self._out or self._path, suffix="")
            try:
                saving.sweep(folder.parent)
                folder.mkdir(mode=0o700)
            except OSError as error:
                raise CannotRead(
                    "A workbook of this kind is read through a temporary copy, and none can be "
                    f"made in this folder ({error.strerror}).",
                    hint="Copy the file into a folder of your own and check it there.",
                    where=self.name,
                ) from error
            take_away = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            copy = folder / f"{self._path.stem}.xlsx"
            try:
                self._convert(copy)
            except BaseException:
                take_away()
                raise
            from sheets.books.xlsx import XlsxBook

            self._plain = XlsxBook(copy, self._out)
        return self._plain

    def _convert(self, copy: Path) -> None:
        """Let the other program do the work, and say what came of it."""
        program = [sys.executable, "-P", conversion.__file__, str(self._path.absolute()), str(copy)]
        try:
            done = subprocess.run(  # noqa: S603 - our own program, no shell
                program,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired as error:
            raise CannotRead(
                f"The workbook was not read within {_PATIENCE / 60:.0f} minutes.",
                hint=SAVE_AS,
                where=self.name,
            ) from error
        except OSError as error:
            raise cannot_read(error, self._path) from error
        status = done.returncode
        if status == conversion.ENCRYPTED:
            raise encrypted(self.name)
        if status == conversion.FULL:
            raise CannotRead(
                "There is no room for the temporary copy through which the workbook is read.",
                hint="Make room on the disk and run it again.",
                where=self.name,
            )
        if status:
            # Any other status: the reader ended with the whole process.
            reason = _REASONS.get(status, _REASONS[conversion.UNREADABLE])
            raise CannotRead(reason, hint=SAVE_AS, where=self.name)


def _read_only(path: Path) -> WrongUsage:
    return WrongUsage(
        f"Workbooks of this kind ({path.suffix or 'an older format'}) can be read but not changed; "
        "the result comes back as a new .xlsx.",
        hint="Check it without --in-place, or give a name that ends in .xlsx with --out.",
        where=path.name,
    )

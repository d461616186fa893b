"""One adapter for each kind of place that a sheet lives in, found by what is in the file.

An adapter is a class with the two verbs of `sheets.grid.Book`, made with ``(where, out)``. Other
packages add theirs under the entry-point group ``reveal.books``, named by a file's ending
(``.parquet``) or by the scheme of an address (``https``).
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sheets.errors import CannotRead, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets.grid import Book

    Adapter = Callable[..., Book]

ENTRY_POINTS = "reveal.books"
"""The entry-point group of adapters in other packages."""

_OWN = {
    "xlsx": "sheets.books.xlsx:XlsxBook",
    "converted": "sheets.books.converted:ConvertedBook",
    "delimited": "sheets.books.delimited:DelimitedBook",
    "oneroster": "sheets.books.oneroster:OneRosterBook",
}
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods")
_TEXTS = (".csv", ".tsv", ".tab", ".txt")
_ARCHIVES = (".zip",)
_WRONG_ENDING = {
    "xlsx": (*_OTHER_WORKBOOKS, *_TEXTS, *_ARCHIVES),
    "delimited": (*_WORKBOOKS, *_OTHER_WORKBOOKS, *_ARCHIVES),
    "oneroster": (*_WORKBOOKS, *_OTHER_WORKBOOKS, *_TEXTS),
}
_CALLED = {
    "xlsx": ("an Excel workbook", ".xlsx"),
    "delimited": ("text with separators (CSV)", ".csv"),
    "oneroster": ("a zip of CSV files", ".zip"),
}
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")


def open_book(where: str | Path, out: str | Path | None = None) -> Book:
    r"""Open a workbook, a CSV file, or a zip of CSV files (OneRoster).

    Nothing but the first bytes is read, and nothing is written, before the book's verbs are called.

    Args:
        where: A file; its content decides what it is, not its name.
        out: The file that is written; the file itself if not given. Workbooks in older formats
            (.xls, .xlsb, .ods) are written to a new .xlsx only.

    Raises:
        CannotRead: It is missing, empty, damaged, or not a sheet.
        Encrypted: It opens only with a password.
        WrongUsage: It is the address of something that cannot be opened, or `out` has the name of
            another kind of file.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name, "staff.csv")
        >>> _ = path.write_text("Last Name\nByrne\n")
        >>> [grid.title for grid in open_book(path).read()]
        ['staff']
        >>> folder.cleanup()
    """
    out = None if out is None else Path(out)
    address = _ADDRESS.match(str(where))
    if address is not None:
        return _adapter_of_others(address[1].lower(), str(where))(where, out)
    path = Path(where)
    kind = _kind(path)
    if kind is None:
        return _adapter_of_others(path.suffix.lower(), path.name)(path, out)
    _require_fitting(kind, path, out)
    module, _, name = _OWN[kind].partition(":")
    adapter: Adapter = getattr(import_module(module), name)
    return adapter(path, out)


def _kind(path: Path) -> str | None:
    """Return which adapter a file needs; None if none of ours."""
    from sheets.books import sniffing
    from sheets.books.refusals import cannot_read
    from sheets.books.saving import TEMPORARY

    if path.name.startswith(("~$", ".~lock.", TEMPORARY)):
        raise CannotRead(
            "This is a temporary file of a program, not a sheet.",
            hint="Name the file that it belongs to.",
            where=path.name,
        )
    if path.exists() and not path.is_file() and not path.is_dir():
        # A pipe or a device cannot be read twice, nor replaced.
        raise CannotRead("This is not a file.", hint="Save it as a file first.", where=str(path))
    try:
        return sniffing.kind(path)
    except CannotRead:
        raise
    except OSError as error:
        raise cannot_read(error, path) from error


def _require_fitting(kind: str, path: Path, out: Path | None) -> None:
    """Refuse to write one kind of file under the name of another: Excel would not open it."""
    in_place = out is not None and os.path.realpath(out) == os.path.realpath(path)
    if out is None or in_place:
        return
    if out.suffix.lower() in _WRONG_ENDING.get(kind, ()):
        what, ending = _CALLED[kind]
        raise WrongUsage(
            f"The file is {what}, so its result cannot be named {out.name}.",
            hint=f"Give a name that ends in {ending} with --out, or rename the file itself.",
            where=path.name,
        )


def _adapter_of_others(key: str, where: str) -> Adapter:
    """Return the adapter that another package gives for an ending or a scheme."""
    from importlib.metadata import entry_points

    from sheets.books.refusals import SAVE_AS

    for point in entry_points(group=ENTRY_POINTS, name=key):
        adapter: Adapter = point.load()
        return adapter
    if key.startswith(".") or not key:
        raise CannotRead(
            "This is not a workbook or a CSV file.",
            hint=SAVE_AS,
            where=where,
        )
    raise WrongUsage(
        "Addresses of this kind cannot be opened.",
        hint="Download the sheet as Excel workbook (.xlsx) and check that file.",
        where=where,
    )

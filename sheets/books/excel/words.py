"""What goes wrong in Excel, in the office's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sheets.books.excel.com import Busy, Gone, NotKept, Refused
from sheets.errors import CannotRead, CannotWrite, PlaceTaken, RevealError
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUSY = (
    "Excel is busy: somebody types in a cell, or a window of Excel waits for an answer.",
    "Finish editing the cell (press Enter or Esc), close open dialogs, and try again.",
)
_GONE = ("The workbook or Excel was closed meanwhile.", "Open the workbook and try again.")
_NOT_KEPT = (
    "Excel does not keep what Reveal writes: rows may be hidden, or cells merged.",
    "Show all rows (Data > Clear), unmerge cells beside the list, and check again.",
)
_REFUSED = "Try again; if it stays so, save the workbook, close it, and run: reveal check FILE"


@contextmanager
def told(kind: type[CannotRead | CannotWrite], where: str, after: str = "") -> Iterator[None]:
    """Say what Excel refuses in one of Reveal's sentences.

    Args:
        kind: The error to raise.
        where: The workbook.
        after: What has become of what was changed before.
    """
    try:
        yield
    except (Busy, Gone, Refused) as error:
        raise sentence(error, kind, where, after) from error


def sentence(
    error: Busy | Gone | Refused,
    kind: type[CannotRead | CannotWrite],
    where: str,
    after: str = "",
) -> RevealError:
    """One of Reveal's sentences for what Excel refuses."""
    if isinstance(error, Busy):
        message, hint = _BUSY
    elif isinstance(error, Gone):
        message, hint = _GONE
    elif isinstance(error, NotKept):
        message, hint = _NOT_KEPT
    else:
        message, hint = f"Excel does not do what Reveal asks of it ({error}).", _REFUSED
    return kind(f"{message} {after}".rstrip(), hint=hint, where=where)


def protected(where: str) -> CannotWrite:
    """Say that a sheet is protected."""
    return CannotWrite(
        "The sheet is protected.",
        hint="Unprotect it (Review > Unprotect Sheet) and run again.",
        where=where,
    )


def changed(where: str) -> CannotWrite:
    """Say that a sheet is not any more what was judged."""
    return CannotWrite(
        "The sheet was changed while Reveal checked it, so nothing was written.",
        hint="Check again.",
        where=where,
    )


def taken(where: str, at: tuple[int, int], why: str) -> PlaceTaken:
    """Say that a cell is not Reveal's."""
    return PlaceTaken(
        f"A cell that Reveal needs {why}.",
        hint="Move it elsewhere and run again.",
        where=f"{where}, cell {Area.cell(*at)}",
    )

"""Reveal's own sheet where a file has room for one sheet only: a file of its own beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books import saving
from sheets.books.edits import harmless
from sheets.books.records import quoted
from sheets.books.refusals import own_sheet_taken
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheets.books.saving import Source
    from sheets.grid import Grid, OwnSheet

_MARK = "\ufeff".encode()  # so that Excel reads it as UTF-8
_END = b"\r\n"


def path_of(out: Path) -> Path:
    """Return where the own sheet of a result goes.

    Example:
        >>> from pathlib import Path
        >>> path_of(Path("contacts.checked.csv")).name, path_of(Path("contacts.csv")).name
        ('contacts.checked.summary.csv', 'contacts.checked.summary.csv')
    """
    return out.with_name(f"{out.stem.removesuffix('.checked')}.checked.summary{out.suffix}")


def earlier(out: Path, read: Callable[[Path], Grid]) -> Grid | None:
    """Return the own sheet that an earlier run put beside a result, if it is Reveal's.

    Args:
        out: The result.
        read: Reads a file's one sheet, under the title of an own one.
    """
    path = path_of(out)
    try:
        grid = read(path) if path.is_file() else None
    except CannotRead:
        return None
    return grid if grid is not None and grid.is_own else None


def put(out: Path, own: OwnSheet, source: Source, delimiter: bytes) -> None:
    """Write an own sheet beside a result.

    Raises:
        CannotWrite: It cannot be saved. Nothing was changed.
    """
    with saving.replacing(path_of(out), source) as stream:
        stream.write(written(own, delimiter))


def written(own: OwnSheet, delimiter: bytes) -> bytes:
    """Return an own sheet as text with separators."""
    lines = (
        delimiter.join(b"" if value is None else _field(value) for value in values)
        for values in own.rows
    )
    return _MARK + b"".join(line + _END for line in lines)


def require_free(out: Path, before: Grid | None) -> None:
    """Refuse to overwrite a file of somebody else.

    Args:
        out: The result.
        before: What `earlier` found.

    Raises:
        PlaceTaken: There is one where the own sheet goes.
    """
    path = path_of(out)
    if before is None and path.exists():
        raise own_sheet_taken(path.name, out.name)


def _field(value: str | int) -> bytes:
    return quoted(harmless(value)) if isinstance(value, str) else str(value).encode()

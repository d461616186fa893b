"""Why a file cannot be read or saved, in the office's words."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from sheets.errors import CannotRead, CannotWrite, Encrypted, PlaceTaken

if TYPE_CHECKING:
    from pathlib import Path

SAVE_AS = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and check that file."
"""What to do with a file that Reveal cannot read but Excel may."""

_READING = {
    errno.ENOENT: ("There is no such file.", "Check the name and the folder."),
    errno.EISDIR: ("This is a folder, not a file.", "Name a file in it."),
    errno.EACCES: (
        "You have no right to read this file.",
        "Ask its owner, or close the program that has it open.",
    ),
}
_FULL = ("The disk is full, so nothing was written.", "Make room and run it again.")
_FORBIDDEN = (
    "Files cannot be written in this folder.",
    "Save the result elsewhere with --out, or close the program that has the file open.",
)
_WRITING = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: ("The result is too large for this disk.", "Save it elsewhere with --out."),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOENT: ("There is no such folder.", "Make the folder first, or choose another."),
    errno.ENOTDIR: ("There is no such folder.", "Make the folder first, or choose another."),
    errno.EISDIR: ("This is a folder, not a file.", "Choose another name for the result."),
    errno.ENAMETOOLONG: ("The file's name is too long.", "Choose a shorter one with --out."),
}


def encrypted(name: str) -> Encrypted:
    """Say that a workbook opens only with a password."""
    return Encrypted(
        "The workbook is protected with a password.",
        hint="Open it in Excel, remove the password (File > Info > Protect Workbook > Encrypt "
        "with Password), save it, and check it again.",
        where=name,
    )


def cannot_read(error: OSError, path: Path) -> CannotRead:
    """Say in the office's words why a file cannot be opened."""
    message, hint = _READING.get(
        error.errno or 0, (f"The file cannot be read ({error.strerror or 'unknown reason'}).", "")
    )
    return CannotRead(message, hint=hint, where=path.name)


def cannot_write(error: OSError, target: Path) -> CannotWrite:
    """Say in the office's words why a file cannot be saved."""
    message, hint = _WRITING.get(
        error.errno or 0,
        (
            f"The file cannot be saved ({error.strerror or 'unknown reason'}).",
            "Nothing was changed. Save it elsewhere with --out.",
        ),
    )
    return CannotWrite(message, hint=hint, where=target.name)


def own_sheet_taken(title: str, where: str) -> PlaceTaken:
    """Say that a sheet of somebody else has the title of Reveal's own sheet."""
    return PlaceTaken(
        f'There is a sheet "{title}" already, and it is not one that Reveal wrote.',
        hint="Give it another name and run again, or leave out --summary-sheet.",
        where=where,
    )

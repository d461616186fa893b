"""Who has a file open: the lock files that spreadsheet programs leave beside it.

Excel's owner file ``~$NAME`` is 165 bytes: the length of the user's name, the name in the system's
code page over 54 bytes, and the same in UTF-16 from byte 55 with its length in front. LibreOffice's
``.~lock.NAME#`` is one line: the name set in the options, the login, the computer, the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.errors import CannotWrite

if TYPE_CHECKING:
    from pathlib import Path

_WIDE_AT = 55
_ENOUGH = 4096


def require_free(target: Path) -> None:
    """Raise CannotWrite if a spreadsheet program has `target` open.

    A program that crashed may leave its lock file; the hint says which file that is.
    """
    found = (
        ("Excel", target.with_name(f"~${target.name}"), _excel_user),
        ("LibreOffice", target.with_name(f".~lock.{target.name}#"), _libreoffice_user),
    )
    for program, lock, user in found:
        try:
            with lock.open("rb") as stream:
                who = user(stream.read(_ENOUGH))
        except PermissionError:
            who = ""  # Windows: the program keeps its lock file to itself, so it surely runs.
        except OSError:
            continue
        by = f" by {who}" if who else ""
        raise CannotWrite(
            f"The file is open in {program}{by}.",
            hint=f"Close it and run again. If nobody has it open, delete {lock.name} beside it.",
            where=target.name,
        )


def _excel_user(lock: bytes) -> str:
    """Read the user's name from Excel's owner file."""
    wide = lock[_WIDE_AT + 2 :][: 2 * int.from_bytes(lock[_WIDE_AT : _WIDE_AT + 2], "little")]
    return _plain(wide.decode("utf-16-le", "ignore"))


def _libreoffice_user(lock: bytes) -> str:
    """Read the user's name, or else the login, from LibreOffice's lock file."""
    names = lock.decode("utf-8", "ignore").split(",")
    return _plain(names[0]) or _plain("".join(names[1:2]))


def _plain(name: str) -> str:
    """Only what can be shown in a line of text."""
    return "".join(letter for letter in name if letter.isprintable()).strip()

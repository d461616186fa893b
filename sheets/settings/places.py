"""Where a `reveal.toml` is looked for, and its text."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sheets.errors import CannotRead, NotUnderstood

NAME = "reveal.toml"
_MOST = 256 * 1024  # no settings file is that long
_SAVE = "Save it as plain text (UTF-8), in Notepad for example."


def find(folder: Path) -> Path | None:
    """Return the settings file that counts: beside the sheets, else in the user's own settings.

    Args:
        folder: Where the sheets are.
    """
    for candidate in (folder / NAME, home() / NAME):
        if candidate.is_file():
            return candidate
    return None


def home() -> Path:
    """Return the folder of the user's own settings, as the system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Reveal"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Reveal"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "reveal"


def text(path: Path) -> str:
    """Return the text of a settings file.

    Raises:
        CannotRead: It is not there, or cannot be opened.
        NotUnderstood: It is no text, or too long for a settings file.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST + 1)
    except FileNotFoundError as error:
        raise CannotRead(
            "There is no such settings file.", hint="Check the name.", where=str(path)
        ) from error
    except OSError as error:
        raise CannotRead(
            "The settings file cannot be opened.",
            hint="Check that it is a file and that you may read it.",
            where=str(path),
        ) from error
    if len(raw) > _MOST:
        raise NotUnderstood(
            "This is too long for a settings file.", hint="Is it another file?", where=f"{path}:1"
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotUnderstood(
            "The settings file is not plain text.", hint=_SAVE, where=f"{path}:{line}"
        ) from error

"""Where a `reveal.toml` is looked for, and its text; what only its owner may read."""

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


def home(platform: str | None = None) -> Path:
    """Return the folder of the user's own settings, as the system has it.

    Args:
        platform: The system, as `sys.platform` calls it; this one if not given.
    """
    platform = platform or sys.platform
    if platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Reveal"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Reveal"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "reveal"


def keep(path: Path, words: str) -> None:
    """Write a file so that nobody else can read it, not even for a moment.

    Raises:
        OSError: There is no room, or no right to write there.
    """
    new = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(words)
    new.replace(path)


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

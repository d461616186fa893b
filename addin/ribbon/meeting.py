"""Where the Reveal tab in Excel finds the helper: a file of two lines, its port and its token.

The helper writes the file when it starts, and nobody but its owner can read it. The ribbon's VBA
(`templates/ribbon/RevealMeeting.bas`) and, on macOS, `reveal.applescript` read it at each click.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sheets.settings import places

NAME = "helper.txt"
TOKEN_HEADER = "X-Reveal-Token"  # noqa: S105 - the name of a header
Control = Literal["check", "next", "handback", "clear", "rules", "settings", "undo", "help"]
"""What the ribbon may ask for: the ids of its buttons and menu entries."""

CONTROLS: tuple[Control, ...] = get_args(Control)

UNDO_MACRO = "reveal.xlam!RevealUndo"
"""The macro of the add-in that asks for the undo of the last check, for `Application.OnUndo`."""

_PORT = re.compile(r"\d{1,5}", re.ASCII)
_TOKEN = re.compile(r"[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper that listens on this computer.

    Attributes:
        port: Its port at 127.0.0.1.
        token: What a caller must know; only letters, digits, ``-`` and ``_``.
    """

    port: int
    token: str


def path(platform: str | None = None) -> Path:
    """Return the file in which the two meet.

    On Windows it lies in the local application data and not with the settings: those may roam to
    other computers, where the port would mean nothing. On macOS it lies with the settings: Excel's
    sandbox cannot read there, but the AppleScript that Excel runs can, and no folder of Office's
    is touched.

    Args:
        platform: The system, as `sys.platform` calls it; this one if not given.
    """
    if (platform or sys.platform) == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local or Path.home() / "AppData" / "Local") / "Reveal" / NAME
    return places.home(platform) / NAME


def write(helper: Helper, platform: str | None = None) -> None:
    """Tell the ribbon where the helper is.

    Raises:
        OSError: The file cannot be written.
    """
    places.keep(path(platform), f"{helper.port}\n{helper.token}\n")


def read(platform: str | None = None) -> Helper | None:
    """Return where the helper is, or none if no helper has told or the file is something else."""
    try:
        lines = path(platform).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return None
    if len(lines) != 2 or not _PORT.fullmatch(lines[0]) or not _TOKEN.fullmatch(lines[1]):  # noqa: PLR2004
        return None
    return Helper(int(lines[0]), lines[1])

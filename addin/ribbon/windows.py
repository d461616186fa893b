"""The windows that the helper opens beside Excel: a warning, a word, a page."""

from __future__ import annotations

import ctypes
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from addin.desktop import WINDOWS

if TYPE_CHECKING:
    from pathlib import Path

    from addin.desktop import Desktop

TITLE = "Reveal"
_WARNING, _INFORMATION, _IN_FRONT = 0x30, 0x40, 0x10000
"""Of MessageBoxW, as Microsoft documents it."""

_ALERT = (
    "on run said",
    f'display alert "{TITLE}" message (item 1 of said)',
    "end run",
)


class Windows(Protocol):
    """What opens windows."""

    def warn(self, text: str, window: int) -> None:
        """Show what went wrong, in front of a window of Excel, until it is closed."""

    def tell(self, text: str, window: int) -> None:
        """Show a word, in front of a window of Excel, until it is closed."""

    def open(self, path: Path) -> None:
        """Show a page in the browser, or a text in what texts are written with."""


@dataclass(frozen=True, slots=True)
class DesktopWindows:
    """Windows of this computer.

    Attributes:
        desktop: The computer.
    """

    desktop: Desktop

    def warn(self, text: str, window: int) -> None:
        """See `Windows`."""
        self._show(text, window, _WARNING)

    def tell(self, text: str, window: int) -> None:
        """See `Windows`."""
        self._show(text, window, _INFORMATION)

    def open(self, path: Path) -> None:
        """See `Windows`."""
        if path.suffix == ".html":
            webbrowser.open(path.as_uri())
        elif self.desktop.platform == WINDOWS:
            # Nothing is said to open .toml files there.
            self.desktop.start(["notepad.exe", str(path)])
        else:
            self.desktop.start(["/usr/bin/open", "-t", str(path)])

    def _show(self, text: str, window: int, kind: int) -> None:
        if self.desktop.platform == WINDOWS:
            user32 = ctypes.windll.user32  # type: ignore[attr-defined, unused-ignore]
            user32.MessageBoxW(window, text, TITLE, kind | _IN_FRONT)
        else:
            script = [part for line in _ALERT for part in ("-e", line)]
            self.desktop.run(["/usr/bin/osascript", *script, text])

"""`reveal addin install|remove|status`: the Reveal tab in Excel, for this user, without Excel.

What is put somewhere is a list of pieces, and what is taken away is the same list: nothing else is
touched, and nothing that is not Reveal's. Folders that belong to Excel or the system stay.
"""

from __future__ import annotations

import importlib.util
import os
import plistlib
import subprocess
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from addin.desktop import WINDOWS, Desktop
from addin.ribbon import build
from sheets.errors import CannotRead, CannotWrite, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from addin.desktop import Registry

RUN_NAME = "Reveal helper"
LABEL = "reveal-sheets.helper"
_SCRIPT = "reveal.applescript"
_SCRIPT_MARK = b"-- Part of Reveal."
_LONGEST = 260  # characters that Windows takes as a command to start at log-on
_ALLOW = (
    "Close Excel and try again. On a Mac, allow the terminal to change the data of other apps "
    "(System Settings > Privacy & Security)."
)
_ONLY = "Excel runs on Windows and macOS only, and so does its Reveal tab."


class State(Enum):
    """How a piece is, in words."""

    RIGHT = "in place"
    OLD = "of another version"
    MISSING = "not there"
    FOREIGN = "not Reveal's, although it has the name"


class Piece(Protocol):
    """One thing that an installation puts somewhere."""

    @property
    def what(self) -> str:
        """What it is, for people."""

    @property
    def where(self) -> str:
        """Where it is."""

    def state(self) -> State:
        """Look how it is."""

    def put(self) -> None:
        """Put it there, in place of an older one of Reveal's."""

    def take(self) -> None:
        """Take it away."""


@dataclass(frozen=True, slots=True)
class FilePiece:
    """A file with a content that is known beforehand.

    Attributes:
        what: What it is.
        path: Where.
        content: All of it.
        is_ours: Whether some other content is that of another version of Reveal.
    """

    what: str
    path: Path
    content: bytes
    is_ours: Callable[[bytes], bool]

    @property
    def where(self) -> str:
        """The path."""
        return str(self.path)

    def state(self) -> State:
        """Look what is at the place."""
        try:
            found = self.path.read_bytes()
        except FileNotFoundError:
            return State.MISSING
        except OSError as error:
            raise CannotRead(
                f"The {self.what} cannot be looked at.", hint=_ALLOW, where=self.where
            ) from error
        if found == self.content:
            return State.RIGHT
        return State.OLD if self.is_ours(found) else State.FOREIGN

    def put(self) -> None:
        """Write the file in one go; what Excel starts with is never half a file."""
        # Beside the folder and not in it: Excel would open that one, too.
        new = self.path.parent.parent / f"{self.path.name}.new"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(self.content)
        try:
            new.replace(self.path)
        finally:
            new.unlink(missing_ok=True)

    def take(self) -> None:
        """Delete the file."""
        self.path.unlink()


@dataclass(frozen=True, slots=True)
class LogOnPiece:
    """The start of the helper at log-on, in the registry of Windows.

    Attributes:
        registry: The registry.
        command: What is started.
    """

    registry: Registry
    command: str

    @property
    def what(self) -> str:
        """What it is."""
        return "start of the helper at log-on"

    @property
    def where(self) -> str:
        """The name of the value."""
        return rf"HKEY_CURRENT_USER, ...\Run, {RUN_NAME}"

    def state(self) -> State:
        """Look what is started by this name."""
        found = self.registry.at_log_on(RUN_NAME)
        if found is None:
            return State.MISSING
        if found == self.command:
            return State.RIGHT
        return State.OLD if "addin.backend" in found else State.FOREIGN

    def put(self) -> None:
        """Have it started."""
        self.registry.set_at_log_on(RUN_NAME, self.command)

    def take(self) -> None:
        """Have it started no more."""
        self.registry.set_at_log_on(RUN_NAME, None)


def pieces(desktop: Desktop) -> list[Piece]:
    """Return what an installation consists of here, in the order in which it is put."""
    addin = FilePiece("add-in", desktop.startup() / build.NAME, build.xlam(), build.is_ours)
    if desktop.platform == WINDOWS:
        return [addin, LogOnPiece(desktop.registry, subprocess.list2cmdline(desktop.helper()))]
    scripts = desktop.library() / "Application Scripts" / "com.microsoft.Excel"
    return [
        addin,
        FilePiece(
            "script for the clicks",
            scripts / _SCRIPT,
            (build.folder() / _SCRIPT).read_bytes(),
            lambda found: found.startswith(_SCRIPT_MARK),
        ),
        FilePiece(
            "start of the helper at log-on",
            desktop.library() / "LaunchAgents" / f"{LABEL}.plist",
            plistlib.dumps(
                {
                    "Label": LABEL,
                    "ProgramArguments": desktop.helper(),
                    "RunAtLoad": True,
                    "ProcessType": "Interactive",
                }
            ),
            lambda found: LABEL.encode() in found,
        ),
    ]


def install(desktop: Desktop) -> Iterator[str]:
    """Put everything in its place, start the helper, and yield what was done.

    Raises:
        CannotWrite: Not here, or a place is taken or closed.
        MissingExtra: What the helper needs is not installed.
    """
    _require_excel(desktop)
    _require_parts()
    wanted = pieces(desktop)
    _require_short(wanted)
    states = [piece.state() for piece in wanted]
    for piece, state in zip(wanted, states, strict=True):
        if state is State.FOREIGN:
            raise CannotWrite(
                f"The place of the {piece.what} is taken by something that is not Reveal's.",
                hint="Move it elsewhere and try again.",
                where=piece.where,
            )
    for piece, state in zip(wanted, states, strict=True):
        if state is not State.RIGHT:
            _try(piece, piece.put)
        yield f"{piece.what}: {piece.where}\n"
    _start_helper(desktop, again=any(state is not State.RIGHT for state in states))
    yield "Open Excel, or close it and open it again: there is a tab Reveal.\n"


def remove(desktop: Desktop) -> Iterator[str]:
    """Take away what `install` has put somewhere, and yield what was done.

    Raises:
        CannotWrite: Not here, or a place is closed.
    """
    _require_excel(desktop)
    found = [piece for piece in reversed(pieces(desktop)) if _is_ours(piece.state())]
    if not found:
        yield "The Reveal tab is not installed.\n"
        return
    if desktop.platform != WINDOWS:
        desktop.run(["launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"])
    for piece in found:
        _try(piece, piece.take)
        yield f"Removed the {piece.what}: {piece.where}\n"
    yield "The tab is gone when Excel starts the next time. Your own settings are kept.\n"
    if desktop.platform == WINDOWS:
        yield "The helper ends when you sign out.\n"


def status(desktop: Desktop) -> Iterator[tuple[Piece, State]]:
    """Yield how each piece is.

    Raises:
        CannotWrite: Not here.
    """
    _require_excel(desktop)
    for piece in pieces(desktop):
        yield piece, piece.state()


def _is_ours(state: State) -> bool:
    return state in {State.RIGHT, State.OLD}


def _require_excel(desktop: Desktop) -> None:
    if not desktop.has_excel:
        raise CannotWrite(_ONLY, hint="Check the file itself: reveal check contacts.xlsx")
    if desktop.is_store:
        raise CannotWrite(
            "This Python comes from the Microsoft Store, and Excel does not see what it writes.",
            hint="Install Python from python.org, and Reveal with that one.",
        )


def _require_parts() -> None:
    """The helper would end at once, and nobody would see why."""
    if any(importlib.util.find_spec(name) is None for name in ("fastapi", "uvicorn", "xlwings")):
        raise MissingExtra(
            "The helper for Excel is not installed.",
            hint='Install it: pip install "reveal-sheets[excel]"',
        )


def _require_short(wanted: Iterable[Piece]) -> None:
    if any(isinstance(piece, LogOnPiece) and len(piece.command) > _LONGEST for piece in wanted):
        raise CannotWrite(
            "The path of Python is too long for Windows to start it at log-on.",
            hint="Install Reveal in a folder with a shorter path.",
        )


def _start_helper(desktop: Desktop, *, again: bool) -> None:
    """Start the helper now, too; where one is up already, another one ends by itself."""
    if desktop.platform == WINDOWS:
        desktop.start(desktop.helper())
        return
    session = f"gui/{os.getuid()}"
    if again:
        desktop.run(["launchctl", "bootout", f"{session}/{LABEL}"])
    agent = desktop.library() / "LaunchAgents" / f"{LABEL}.plist"
    desktop.run(["launchctl", "bootstrap", session, str(agent)])


def _try(piece: Piece, action: Callable[[], None]) -> None:
    try:
        action()
    except PermissionError as error:
        raise CannotWrite(
            f"The {piece.what} may not be changed now.",
            hint=_ALLOW,
            where=piece.where,
        ) from error
    except OSError as error:
        raise CannotWrite(
            f"The {piece.what} cannot be changed.",
            hint="See whether there is room, and whether you may write there.",
            where=piece.where,
        ) from error

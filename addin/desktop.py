"""The computer that Excel is on, as far as the add-in touches it: the seam that tests put fakes in.

Folders come from the environment and the home; the registry and programs come from here.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WINDOWS, MAC = "win32", "darwin"
"""The systems that Excel is on, as `sys.platform` calls them."""

_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_EXCEL = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


class Registry(Protocol):
    """As much of the registry of Windows as is needed."""

    def at_log_on(self, name: str) -> str | None:
        """Return what the user has started at log-on by this name."""

    def set_at_log_on(self, name: str, command: str | None) -> None:
        """Have something started at log-on, for this user; none takes it away."""

    def excel(self) -> str | None:
        """Return where Excel is."""


@dataclass(frozen=True, slots=True)
class Desktop:
    """A computer.

    Attributes:
        platform: Its system, as `sys.platform` calls it.
        python: The interpreter that Reveal runs in.
        registry: That of Windows.
        start: Starts a program and does not wait for it.
        run: Runs a program of the system to its end, and says whether it went well.
    """

    platform: str
    python: Path
    registry: Registry
    start: Callable[[Sequence[str]], None]
    run: Callable[[Sequence[str]], bool]

    @property
    def has_excel(self) -> bool:
        """Whether there is an Excel for this system at all."""
        return self.platform in {WINDOWS, MAC}

    @property
    def is_store(self) -> bool:
        """Whether this Python is the Microsoft Store's: what it writes others do not see."""
        return self.platform == WINDOWS and "WindowsApps" in self.python.parts

    def startup(self) -> Path:
        """Return the user's folder from which Excel opens everything when it starts."""
        if self.platform == WINDOWS:
            data = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
            return Path(data) / "Microsoft" / "Excel" / "XLSTART"
        office = self.library() / "Group Containers" / "UBF8T346G9.Office"
        return office / "User Content.localized" / "Startup.localized" / "Excel"

    def library(self) -> Path:
        """Return the folder of the user's things on macOS."""
        return Path.home() / "Library"

    def excel(self) -> str | None:
        """Return where Excel is, or none if it is not found."""
        if self.platform == WINDOWS:
            return self.registry.excel()
        places = (Path("/Applications"), Path.home() / "Applications")
        found = [place / "Microsoft Excel.app" for place in places]
        return next((str(app) for app in found if app.is_dir()), None)

    def helper(self) -> list[str]:
        """Return the command that is the helper.

        Neither variables of the environment nor the folder it is started in can tell it to load
        other code (-E, -P). What the user has installed for themselves does count, since without
        an administrator Reveal itself is there.
        """
        python = self.python
        if self.platform == WINDOWS and (quiet := python.with_name("pythonw.exe")).is_file():
            python = quiet
        return [str(python), "-E", "-P", "-m", "addin.backend"]


def this() -> Desktop:
    """Return the computer that this runs on."""
    base = Path(getattr(sys, "_base_executable", "") or sys.executable)
    is_store = "WindowsApps" in base.parts
    return Desktop(
        sys.platform,
        base if is_store else Path(sys.executable),
        _WindowsRegistry(),
        _start,
        _run,
    )


class _WindowsRegistry:
    """The registry itself, the user's part for what is written."""

    def at_log_on(self, name: str) -> str | None:
        return self._value(self._winreg().HKEY_CURRENT_USER, _RUN, name)

    def set_at_log_on(self, name: str, command: str | None) -> None:
        winreg = self._winreg()
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if command is None:
                winreg.DeleteValue(key, name)
            else:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, command)

    def excel(self) -> str | None:
        winreg = self._winreg()
        hives = (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER)
        return next((found for hive in hives if (found := self._value(hive, _EXCEL, ""))), None)

    def _value(self, hive: Any, path: str, name: str) -> str | None:
        winreg = self._winreg()
        try:
            with winreg.OpenKey(hive, path) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        except FileNotFoundError:
            return None

    @staticmethod
    def _winreg() -> Any:
        return importlib.import_module("winreg")


def _start(command: Sequence[str]) -> None:
    # The numbers are DETACHED_PROCESS and CREATE_NEW_PROCESS_GROUP, which only Windows has.
    flags = 0x8 | 0x200 if sys.platform == WINDOWS else 0
    subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        cwd=Path.home(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=flags,
    )


def _run(command: Sequence[str]) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - launchctl
    return done.returncode == 0

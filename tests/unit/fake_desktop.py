"""A computer with Excel that is none: folders below a temporary one, a registry in a dictionary.

What Windows and macOS themselves do with what is put there is not shown by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from addin.desktop import MAC, WINDOWS, Desktop

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


class FakeRegistry:
    """The values that start something at log-on, and where Excel is."""

    def __init__(self, excel: str | None) -> None:
        self.values: dict[str, str] = {"Another program": r"C:\other.exe"}
        self.where = excel

    def at_log_on(self, name: str) -> str | None:
        return self.values.get(name)

    def set_at_log_on(self, name: str, command: str | None) -> None:
        if command is None:
            del self.values[name]
        else:
            self.values[name] = command

    def excel(self) -> str | None:
        return self.where


class Computer:
    """The fake: what it was asked to start and to run, and all that lies on it."""

    def __init__(self, platform: str, home: Path) -> None:
        self.home = home
        self.started: list[list[str]] = []
        self.ran: list[list[str]] = []
        self.registry = FakeRegistry(r"C:\Office\EXCEL.EXE")
        programs = home / "python"
        programs.mkdir()
        for name in ("python.exe", "pythonw.exe") if platform == WINDOWS else ("python3",):
            (programs / name).touch()
        python = programs / ("python.exe" if platform == WINDOWS else "python3")
        self.desktop = Desktop(platform, python, self.registry, self._start, self._run)

    def _start(self, command: Sequence[str]) -> None:
        self.started.append(list(command))

    def _run(self, command: Sequence[str]) -> bool:
        self.ran.append(list(command))
        return True

    def hide_startup(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let nobody look into the folder that Excel opens, as macOS does."""
        read = Path.read_bytes

        def refuse(path: Path) -> bytes:
            if path.parent == self.desktop.startup():
                raise PermissionError
            return read(path)

        monkeypatch.setattr(Path, "read_bytes", refuse)

    def everything(self) -> dict[str, object]:
        """All files with their content, and the registry."""
        files = {
            path.relative_to(self.home).as_posix(): path.read_bytes()
            for path in self.home.rglob("*")
            if path.is_file()
        }
        return {**files, **self.registry.values}


def computer(platform: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """Make a fake computer whose user is at home in a folder."""
    for name in ("APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    return Computer(platform, home)


SYSTEMS = (WINDOWS, MAC)

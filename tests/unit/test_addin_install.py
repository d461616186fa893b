"""`reveal addin install|remove|status`, on fake computers (see `fake_desktop`)."""

from __future__ import annotations

import importlib.util
import os
import plistlib
import sys
import time
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from addin import cli, desktop, install
from addin.install import State
from addin.ribbon import build
from sheets.errors import CannotRead, CannotWrite, MissingExtra
from tests.unit.fake_desktop import SYSTEMS, computer

WINDOWS_ADDIN = "AppData/Roaming/Microsoft/Excel/XLSTART/reveal.xlam"
MAC_ADDIN = (
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel/"
    "reveal.xlam"
)
MAC_SCRIPT = "Library/Application Scripts/com.microsoft.Excel/reveal.applescript"
MAC_AGENT = "Library/LaunchAgents/reveal-sheets.helper.plist"


@pytest.fixture(autouse=True)
def _all_parts_are_installed(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)


@pytest.fixture(params=SYSTEMS)
def fake(request, tmp_path, monkeypatch):
    return computer(request.param, tmp_path, monkeypatch)


@pytest.fixture
def windows(tmp_path, monkeypatch):
    return computer(desktop.WINDOWS, tmp_path, monkeypatch)


@pytest.fixture
def mac(tmp_path, monkeypatch):
    return computer(desktop.MAC, tmp_path, monkeypatch)


def states(fake):
    return [state for _, state in install.status(fake.desktop)]


def added(fake, before):
    return {name for name in fake.everything() if name not in before}


def test_windows_gets_the_addin_and_a_helper_at_log_on(windows):
    before = windows.everything()
    list(install.install(windows.desktop))

    assert added(windows, before) == {WINDOWS_ADDIN, install.RUN_NAME}
    assert (windows.home / WINDOWS_ADDIN).read_bytes() == build.xlam()
    command = windows.registry.values[install.RUN_NAME]
    assert command == f"{windows.home}/python/pythonw.exe -E -P -m addin.backend"
    assert windows.started == [command.split(" ")]


def test_a_path_with_blanks_is_quoted_for_windows(windows, monkeypatch):
    python = windows.home / "Program Files" / "python.exe"
    list(install.install(replace(windows.desktop, python=python)))

    assert windows.registry.values[install.RUN_NAME].startswith(f'"{python}" -E')


def test_macos_gets_the_addin_a_script_and_a_helper_at_log_on(mac):
    before = mac.everything()
    list(install.install(mac.desktop))

    assert added(mac, before) == {MAC_ADDIN, MAC_SCRIPT, MAC_AGENT}
    assert (mac.home / MAC_ADDIN).read_bytes() == build.xlam()
    assert (mac.home / MAC_SCRIPT).read_bytes() == (
        build.folder() / "reveal.applescript"
    ).read_bytes()
    agent = plistlib.loads((mac.home / MAC_AGENT).read_bytes())
    assert agent["ProgramArguments"] == [
        str(mac.desktop.python),
        *("-E", "-P", "-m", "addin.backend"),
    ]
    assert agent["RunAtLoad"] is True
    session = f"gui/{os.getuid()}"
    assert mac.ran[-1] == ["launchctl", "bootstrap", session, str(mac.home / MAC_AGENT)]


def test_the_python_of_the_helper_is_an_absolute_path(fake):
    assert Path(fake.desktop.helper()[0]).is_absolute()


def test_installing_twice_is_installing_once(fake):
    list(install.install(fake.desktop))
    once = fake.everything()
    times = {path: path.stat().st_mtime_ns for path in fake.home.rglob("*") if path.is_file()}
    list(install.install(fake.desktop))

    assert fake.everything() == once
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_removing_takes_away_exactly_what_was_put(fake):
    fake.desktop.startup().mkdir(parents=True)
    (fake.desktop.startup() / "office.xlam").write_bytes(b"the office's own")
    before = fake.everything()
    list(install.install(fake.desktop))
    assert fake.everything() != before
    list(install.remove(fake.desktop))

    assert fake.everything() == before


def test_removing_what_is_not_there_does_nothing(fake):
    before = fake.everything()

    assert list(install.remove(fake.desktop)) == ["The Reveal tab is not installed.\n"]
    assert fake.everything() == before
    assert fake.ran == []


def test_a_part_of_an_installation_is_removed_too(fake):
    list(install.install(fake.desktop))
    (fake.desktop.startup() / build.NAME).unlink()
    list(install.remove(fake.desktop))

    assert set(states(fake)) == {State.MISSING}


def test_another_version_is_replaced(fake, monkeypatch):
    monkeypatch.setattr(build, "__version__", "0.0.1")
    list(install.install(fake.desktop))
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(fake.home))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.delenv("APPDATA", raising=False)
    assert states(fake)[0] is State.OLD

    list(install.install(fake.desktop))

    assert set(states(fake)) == {State.RIGHT}


def test_the_helper_of_another_python_is_replaced(fake):
    list(install.install(fake.desktop))
    other = replace(fake.desktop, python=fake.home / "other" / "python3")
    assert [state for _, state in install.status(other)][-1] is State.OLD

    list(install.install(other))

    assert [state for _, state in install.status(other)][-1] is State.RIGHT


def test_on_macos_a_new_version_starts_the_helper_anew(mac):
    list(install.install(mac.desktop))
    mac.ran.clear()
    list(install.install(mac.desktop))
    assert [each[1] for each in mac.ran] == ["bootstrap"]

    (mac.home / MAC_SCRIPT).write_text("-- Part of Reveal. An older one.")
    mac.ran.clear()
    list(install.install(mac.desktop))
    assert [each[1] for each in mac.ran] == ["bootout", "bootstrap"]


def test_what_is_not_reveals_is_neither_replaced_nor_removed(fake):
    other = fake.desktop.startup() / build.NAME
    other.parent.mkdir(parents=True)
    other.write_bytes(b"somebody else's")
    before = fake.everything()

    with pytest.raises(CannotWrite, match="not Reveal's"):
        list(install.install(fake.desktop))
    list(install.remove(fake.desktop))

    assert fake.everything() == before
    assert fake.started == []


def test_a_log_on_entry_of_somebody_else_is_left_alone(windows):
    windows.registry.values[install.RUN_NAME] = r"C:\somebody.exe"
    before = windows.everything()

    with pytest.raises(CannotWrite):
        list(install.install(windows.desktop))
    list(install.remove(windows.desktop))

    assert windows.everything() == before


def test_a_command_that_windows_would_not_start_is_refused(windows):
    far = replace(windows.desktop, python=windows.home.joinpath(*["a" * 60] * 4, "python.exe"))
    before = windows.everything()

    with pytest.raises(CannotWrite, match="too long"):
        list(install.install(far))
    assert windows.everything() == before


@pytest.mark.parametrize("error", [PermissionError, OSError])
def test_a_file_in_use_is_said_in_plain_words(fake, error, monkeypatch):
    def refuse(self, target):
        raise error

    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(CannotWrite) as caught:
        list(install.install(fake.desktop))
    assert "add-in" in caught.value.message
    assert not list(fake.home.rglob("*.new"))


def test_a_place_that_may_not_be_looked_at_is_said_in_plain_words(fake, monkeypatch):
    fake.hide_startup(monkeypatch)

    with pytest.raises(CannotRead, match="add-in"):
        list(install.status(fake.desktop))


def test_the_folder_that_excel_opens_never_holds_half_a_file(fake, monkeypatch):
    written = []
    write = Path.write_bytes
    monkeypatch.setattr(
        Path, "write_bytes", lambda self, data: (written.append(self), write(self, data))
    )
    list(install.install(fake.desktop))

    assert all(path.parent != fake.desktop.startup() for path in written)


def test_without_the_parts_of_the_helper_nothing_is_put(fake, monkeypatch):
    before = fake.everything()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(MissingExtra, match=r"reveal-sheets\[excel\]"):
        list(install.install(fake.desktop))
    assert fake.everything() == before


def test_the_python_of_the_store_is_refused(windows):
    store = replace(windows.desktop, python=Path("/Program Files/WindowsApps/python.exe"))

    with pytest.raises(CannotWrite, match="Microsoft Store"):
        list(install.install(store))


@pytest.mark.parametrize("command", ["install", "remove", "status"])
def test_elsewhere_it_is_one_sentence(command, tmp_path, monkeypatch, capsys):
    other = computer("linux", tmp_path, monkeypatch).desktop
    monkeypatch.setattr(desktop, "this", lambda: other)

    assert cli.main(["addin", command]) == 4
    assert "Excel runs on Windows and macOS only" in capsys.readouterr().err


def test_the_commands_say_what_they_did(fake, monkeypatch, capsys):
    monkeypatch.setattr(desktop, "this", lambda: fake.desktop)
    assert cli.main(["addin", "status"]) == 1
    assert "not there" in capsys.readouterr().out
    assert cli.main(["addin", "install"]) == 0
    assert str(fake.desktop.startup() / build.NAME) in capsys.readouterr().out
    assert cli.main(["addin", "status"]) == 0
    assert "not there" not in capsys.readouterr().out
    assert cli.main(["addin", "remove"]) == 0
    assert "Removed the add-in" in capsys.readouterr().out


def test_appdata_that_is_elsewhere_is_followed(windows, monkeypatch):
    monkeypatch.setenv("APPDATA", str(windows.home / "Roaming"))

    assert windows.desktop.startup() == windows.home / "Roaming" / "Microsoft/Excel/XLSTART"


def test_nothing_starts_excel(fake):
    list(install.install(fake.desktop))
    list(install.remove(fake.desktop))

    started = [" ".join(each).lower() for each in fake.started + fake.ran]
    assert not any("excel.exe" in each or "microsoft excel" in each for each in started)


class FakeWinreg:
    """The module winreg, as far as it is used, over a dictionary."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, REG_SZ = "HKCU", "HKLM", 1

    def __init__(self):
        self.keys = {}

    class Key(dict):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def CreateKey(self, hive, path):
        return self.keys.setdefault((hive, path), self.Key())

    def OpenKey(self, hive, path):
        if (hive, path) not in self.keys:
            raise FileNotFoundError
        return self.keys[hive, path]

    def QueryValueEx(self, key, name):
        if name not in key:
            raise FileNotFoundError
        return key[name], self.REG_SZ

    def SetValueEx(self, key, name, _, kind, value):
        key[name] = value

    def DeleteValue(self, key, name):
        del key[name]


def test_the_registry_is_written_for_the_user_only(monkeypatch):
    winreg = FakeWinreg()
    monkeypatch.setattr(desktop.importlib, "import_module", lambda name: winreg)
    registry = desktop.this().registry

    assert registry.at_log_on("Reveal helper") is None
    registry.set_at_log_on("Reveal helper", "pythonw")
    assert registry.at_log_on("Reveal helper") == "pythonw"
    assert [hive for hive, _ in winreg.keys] == ["HKCU"]
    registry.set_at_log_on("Reveal helper", None)
    assert registry.at_log_on("Reveal helper") is None


def test_excel_is_found_where_windows_has_noted_it(monkeypatch):
    winreg = FakeWinreg()
    monkeypatch.setattr(desktop.importlib, "import_module", lambda name: winreg)
    registry = desktop.this().registry
    assert registry.excel() is None

    where = str(PureWindowsPath("C:/Office/EXCEL.EXE"))
    winreg.SetValueEx(winreg.CreateKey("HKLM", desktop._EXCEL), "", 0, 1, where)

    assert registry.excel() == where


def test_excel_for_mac_is_found_among_the_users_own_programs(mac):
    app = mac.home / "Applications" / "Microsoft Excel.app"
    app.mkdir(parents=True)

    assert mac.desktop.excel() == str(app)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nobody waits
def test_a_program_is_started_without_waiting_and_ends_by_itself(tmp_path):
    done = tmp_path / "done"
    desktop.this().start([sys.executable, "-c", f"open({str(done)!r}, 'w').close()"])
    until = time.monotonic() + 30
    while not done.exists() and time.monotonic() < until:
        time.sleep(0.05)

    assert done.exists()
    assert desktop.this().run([sys.executable, "-c", ""])
    assert not desktop.this().run([sys.executable, "-c", "raise SystemExit(1)"])

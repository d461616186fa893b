"""Which program of the system shows what, on a fake computer: nothing is really opened."""

from __future__ import annotations

import ctypes
import webbrowser
from pathlib import Path

import pytest

from addin.desktop import MAC, WINDOWS
from addin.ribbon.journal import Journal
from addin.ribbon.windows import DesktopWindows
from tests.unit.fake_desktop import computer


class _Shown:
    def __init__(self):
        self.user32 = self
        self.seen = []

    def MessageBoxW(self, *given):
        self.seen.append(given)


def test_on_windows_a_window_stands_in_front_of_excel(tmp_path, monkeypatch):
    shown = _Shown()
    monkeypatch.setattr(ctypes, "windll", shown, raising=False)
    windows = DesktopWindows(computer(WINDOWS, tmp_path, monkeypatch).desktop)

    windows.warn("The sheet is protected.", 4711)
    windows.tell("Not there yet.", 4711)

    assert shown.seen == [
        (4711, "The sheet is protected.", "Reveal", 0x10030),
        (4711, "Not there yet.", "Reveal", 0x10040),
    ]


def test_on_macos_a_script_shows_it_that_takes_it_as_a_text_and_not_as_a_part_of_itself(
    tmp_path, monkeypatch
):
    mac = computer(MAC, tmp_path, monkeypatch)
    text = 'It says "no" & quit'

    DesktopWindows(mac.desktop).warn(text, 0)

    [[program, *arguments]] = mac.ran
    assert program == "/usr/bin/osascript"
    assert arguments[-1] == text
    assert not any("quit" in one for one in arguments[:-1])


@pytest.mark.parametrize(
    ("system", "program"), [(WINDOWS, ["notepad.exe"]), (MAC, ["/usr/bin/open", "-t"])]
)
def test_a_settings_file_opens_as_a_text(system, program, tmp_path, monkeypatch):
    fake = computer(system, tmp_path, monkeypatch)

    DesktopWindows(fake.desktop).open(Path("/home/ann/reveal.toml"))

    assert fake.started == [[*program, str(Path("/home/ann/reveal.toml"))]]


def test_a_page_opens_in_the_browser(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    DesktopWindows(computer(WINDOWS, tmp_path, monkeypatch).desktop).open(Path("/a b/rules.html"))

    assert opened == ["file:///a%20b/rules.html"]


def fails():
    try:
        {}["a cell"]
    except KeyError as error:
        raise ValueError("a cell") from error


def test_the_journal_stays_short_and_tells_what_it_came_from(tmp_path):
    journal = Journal(tmp_path / "helper.log")
    for _ in range(2000):
        try:
            fails()
        except ValueError as error:
            path = journal.keep(error)

    text = path.read_text(encoding="utf-8")
    assert 1000 < len(text) < 110_000
    assert text.rstrip().splitlines()[-2] == "KeyError"
    assert "test_ribbon_windows.py:" in text
    assert "a cell" not in text

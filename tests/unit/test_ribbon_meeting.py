"""Where the ribbon and the helper meet: one file, for its owner only."""

from __future__ import annotations

import sys

import pytest

from addin.ribbon import meeting


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("win32", "Local/Reveal/helper.txt"),
        ("darwin", "Library/Application Support/Reveal/helper.txt"),
        ("linux", "config/reveal/helper.txt"),
    ],
)
def test_the_place_is_the_users_own(platform, place, tmp_path):
    assert meeting.path(platform) == tmp_path / place


def test_windows_without_the_variable_has_the_place_all_the_same(tmp_path, monkeypatch):
    monkeypatch.delenv("LOCALAPPDATA")

    assert meeting.path("win32") == tmp_path / "AppData" / "Local" / "Reveal" / "helper.txt"


def test_what_was_written_is_read():
    helper = meeting.Helper(49152, "aB-9_")

    meeting.write(helper)
    meeting.write(helper)

    assert meeting.read() == helper
    assert not list(meeting.path().parent.glob("*.new"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_nobody_else_can_read_it():
    meeting.path().parent.mkdir(parents=True)
    meeting.path().write_text("old")
    meeting.path().chmod(0o644)

    meeting.write(meeting.Helper(1, "t"))

    assert meeting.path().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "49152", "49152\n", "x\ntoken\n", "1\n2\n3\n", "123456\nt\n", "1\nto:ken\n", "1\n\xe9\n"],
)
def test_anything_else_is_no_helper(text):
    meeting.path().parent.mkdir(parents=True)
    meeting.path().write_text(text, encoding="latin-1")

    assert meeting.read() is None


def test_no_file_is_no_helper():
    assert meeting.read() is None

"""`reveal demo --google`: anyone sees a sync, without an account and without leaving a trace."""

from __future__ import annotations

import re
import socket

import pytest

from addin import googledemo
from sheets.errors import MissingExtra
from tests.running import reveal


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def test_a_sync_is_shown_from_the_first_read_to_the_last_write(home):
    done = reveal("demo", "--google", cwd=home)

    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(int, re.findall(r"(\d+) of 193 are revealed\.\n", done.stdout))
    assert 0 < first < second
    # One read and one write; then a second write, since somebody has sorted; then the clearing.
    assert re.findall(r"^(\w+): .*\((\d) requests to Google\)$", done.stdout, re.MULTILINE) == [
        ("Synced", "2"),
        ("Synced", "3"),
        ("Cleared", "2"),
    ]
    assert not list(home.iterdir())


def test_the_tables_show_verdicts_beside_the_same_people(home):
    told = "".join(googledemo.run())

    tables = [part.splitlines() for part in told.split("\n\n") if part.startswith("  1 ")]
    assert [len(rows) for rows in tables] == [7, 7, 7]
    assert "Revealed?" not in tables[0][0]
    [lacking, *_] = [row for row in tables[1] if '"Other Phone" is blank' in row]
    email = next(word for word in lacking.split() if "@" in word)
    [now] = [row for row in tables[2] if email in row]
    assert "(585) 555-0142" in now
    assert '"Other Phone" is blank' not in now


def test_nothing_leaves_the_computer(home, monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        assert address[0] == "127.0.0.1", f"a line to {address[0]}"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)

    assert "Cleared" in "".join(googledemo.run())


def test_outside_of_the_projects_folder_it_says_what_is_needed(tmp_path):
    with pytest.raises(MissingExtra, match="needs the project's folder"):
        list(googledemo.run(tmp_path))


def test_it_writes_no_file(home):
    done = reveal("demo", "--google", "--folder", home)

    assert done.returncode == 2
    assert "Leave out --folder." in done.stderr

"""`reveal doctor`, on fake computers (see `fake_desktop`)."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from addin import cli, desktop, doctor, install
from addin.backend import serving
from addin.ribbon import build, meeting
from sheets import __version__
from tests.unit.fake_desktop import SYSTEMS, computer

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=SYSTEMS)
def fake(request, tmp_path, monkeypatch):
    """A computer on which all is well."""
    made = computer(request.param, tmp_path, monkeypatch)
    monkeypatch.setattr(
        desktop.Desktop, "excel", lambda self: self.registry.excel() and "where Excel is"
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(serving, "running_version", lambda helper: __version__)
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = requires["optional-dependencies"].items()
    monkeypatch.setattr(
        metadata,
        "requires",
        lambda name: [
            *requires["dependencies"],
            *(f'{each}; extra == "{extra}"' for extra, listed in extras for each in listed),
        ],
    )
    list(install.install(made.desktop))
    monkeypatch.setattr(desktop, "this", lambda: made.desktop)
    return made


def lines(fake):
    return {line.what: line for line in doctor.examine(fake.desktop)}


def to_fix(fake):
    return {what for what, line in lines(fake).items() if line.ok is False}


def test_all_is_well(fake, capsys):
    assert to_fix(fake) == set()
    assert cli.main(["doctor"]) == 0
    assert "Nothing to fix." in capsys.readouterr().out


def test_every_line_that_is_to_fix_says_how(fake, monkeypatch):
    list(install.remove(fake.desktop))
    fake.registry.where = None
    monkeypatch.setattr(serving, "running_version", lambda helper: None)
    monkeypatch.setattr(metadata, "version", _nothing_is_installed)

    found = [line for line in lines(fake).values() if line.ok is False]

    assert len(found) >= 5
    assert all(line.fix for line in found)


def _nothing_is_installed(name):
    raise metadata.PackageNotFoundError(name)


def test_each_thing_that_is_wrong_is_found(fake, monkeypatch):
    (fake.desktop.startup() / build.NAME).unlink()
    assert to_fix(fake) == {"add-in"}
    assert lines(fake)["add-in"].fix == "reveal addin install"

    (fake.desktop.startup() / build.NAME).write_bytes(b"somebody else's")
    assert "elsewhere" in lines(fake)["add-in"].fix


def test_an_addin_of_another_version_is_found(fake, monkeypatch):
    monkeypatch.setattr(build, "__version__", "9.9.9")

    assert to_fix(fake) == {"add-in"}
    assert "another version" in lines(fake)["add-in"].found


def test_a_helper_that_is_not_up_is_found(fake, monkeypatch):
    monkeypatch.setattr(serving, "running_version", lambda helper: None)

    assert to_fix(fake) == {"helper"}
    assert "Sign out" in lines(fake)["helper"].fix


def test_a_helper_of_another_version_is_found(fake, monkeypatch):
    monkeypatch.setattr(serving, "running_version", lambda helper: "0.0.1")

    assert to_fix(fake) == {"helper"}
    assert "0.0.1" in lines(fake)["helper"].found


def test_the_helper_is_asked_where_its_file_says(fake, monkeypatch):
    asked = []
    monkeypatch.setattr(serving, "running_version", asked.append)
    meeting.write(meeting.Helper(49152, "t"))

    doctor.examine(fake.desktop)

    assert asked == [meeting.Helper(49152, "t")]


def test_excel_that_is_not_there_is_found(fake):
    fake.registry.where = None

    assert to_fix(fake) == {"Excel"}


def test_the_python_of_the_store_is_found(fake):
    store = replace(fake.desktop, platform="win32", python=Path("/WindowsApps/python.exe"))

    [line] = [each for each in doctor.examine(store) if each.what == "Python"]

    assert line.ok is False
    assert "python.org" in line.fix


def test_a_python_that_is_too_old_is_found(fake, monkeypatch):
    monkeypatch.setattr(doctor, "_OLDEST", (9, 0))

    assert to_fix(fake) == {"Python"}


def test_a_part_that_nobody_asked_for_is_no_fault(fake, monkeypatch):
    version = metadata.version

    def without(name):
        if name in {"pyspark", "xlwings", "polars"}:
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(metadata, "version", without)

    assert to_fix(fake) == {"Reveal", "part excel"}
    assert lines(fake)["part spark"].ok is None
    assert lines(fake)["part excel"].fix == 'pip install "reveal-sheets[excel]"'


def test_every_extra_has_its_line(fake):
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    parts = {what for what in lines(fake) if what.startswith("part ")}

    assert parts == {f"part {name}" for name in extras["optional-dependencies"] if name != "dev"}


def test_reveal_that_is_not_installed_is_found(fake, monkeypatch):
    monkeypatch.setattr(metadata, "requires", _nothing_is_installed)

    assert to_fix(fake) == {"Reveal"}


@pytest.mark.parametrize(("mode", "wrong"), [(0o700, False), (0o755, False), (0o775, True)])
def test_a_settings_folder_that_others_write_into_is_found(mode, wrong, fake, monkeypatch):
    folder = fake.home / "reveal"
    folder.mkdir()
    folder.chmod(mode)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(fake.home))

    assert ("settings folder" in to_fix(fake)) is wrong


def test_a_settings_folder_that_is_somebody_elses_is_found(fake, monkeypatch):
    (fake.home / "reveal").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(fake.home))
    monkeypatch.setattr(doctor.os, "access", lambda path, rights: False)

    assert to_fix(fake) == {"settings folder"}


def test_a_file_of_the_helper_that_others_read_is_found(fake):
    meeting.write(meeting.Helper(1, "t"))
    assert to_fix(fake) == set()

    meeting.path().chmod(0o644)

    assert to_fix(fake) == {"file of the helper"}


def test_a_place_that_may_not_be_looked_at_is_a_line(fake, monkeypatch):
    fake.hide_startup(monkeypatch)

    assert to_fix(fake) == {"add-in"}


def test_without_excel_for_the_system_there_is_nothing_to_fix(tmp_path, monkeypatch):
    other = computer("linux", tmp_path, monkeypatch)
    monkeypatch.setattr(serving, "running_version", lambda helper: None)

    assert to_fix(other) == set()
    assert {"add-in"} & set(lines(other)) == set()


def test_json_says_the_same(fake, capsys):
    (fake.desktop.startup() / build.NAME).unlink()

    assert cli.main(["doctor", "--json"]) == 1

    said = json.loads(capsys.readouterr().out)
    assert said["reveal"] == 1
    assert said["ok"] is False
    assert {line["what"]: line["ok"] for line in said["lines"]} == {
        line.what: line.ok for line in doctor.examine(fake.desktop)
    }
    assert all(set(line) == {"what", "found", "ok", "fix"} for line in said["lines"])


def test_the_token_is_never_said(fake, capsys):
    meeting.write(meeting.Helper(49152, "secret-token"))

    cli.main(["doctor"])
    cli.main(["doctor", "--json"])

    assert "secret-token" not in capsys.readouterr().out


def test_text_begins_each_line_with_how_it_is(fake, capsys):
    (fake.desktop.startup() / build.NAME).unlink()
    cli.main(["doctor"])

    out = capsys.readouterr().out
    assert re.search(r"^to fix  add-in: not there: .*\n +reveal addin install$", out, re.MULTILINE)
    assert out.endswith("\n1 to fix.\n")

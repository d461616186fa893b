"""OneRoster sets on the command line: a folder, files by name, or a zip."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.running import reveal

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"
DAY = ("--as-of", "2026-11-23")


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SAMPLES / "oneroster-1.1", tmp_path / "set"))


@pytest.fixture
def archive(tmp_path):
    return Path(shutil.copy(SAMPLES / "oneroster-1.2.zip", tmp_path))


def unpacked(archive, folder):
    with zipfile.ZipFile(archive) as package:
        package.extractall(folder)
    return folder


def verdicts(text):
    """Sourced id -> verdict and what to fix."""
    lines = csv.DictReader(io.StringIO(text, newline=""))
    return {line["sourcedId"]: (line["Revealed?"], line["What to fix"]) for line in lines}


def inside(archive, name="users.csv"):
    with zipfile.ZipFile(archive) as package:
        return package.read(name).decode()


def test_of_a_folder_users_alone_gets_verdicts(folder):
    there = {path.name: path.read_bytes() for path in folder.iterdir()}

    done = reveal("check", folder, "--profile", "oneroster-1.1", *DAY)

    assert done.returncode == 1
    assert {path.name for path in folder.iterdir()} == {*there, "users.checked.csv"}
    assert all((folder / name).read_bytes() == data for name, data in there.items())
    found = verdicts((folder / "users.checked.csv").read_text(encoding="utf-8"))
    assert found["u20112"] == ("Yes", "")
    assert found["u20092"][0] == "No"
    assert "no enrollment in the active school year" in found["u20092"][1]
    assert found["u999999"] == (None, None)


def test_files_by_name_are_a_set_too(folder):
    done = reveal("check", "users.csv", "enrollments.csv", "--profile", "oneroster-1.1", "--json",
                  *DAY, cwd=folder)  # fmt: skip

    kinds = {one["sheet"]: one["kind"] for one in json.loads(done.stdout)["sheets"]}
    assert kinds == {"users": "mixed", "enrollments": "enrollment"}


def test_a_zip_comes_back_as_a_zip_and_is_cleared_to_the_byte(archive):
    before = archive.read_bytes()

    assert reveal("check", archive, "--profile", "oneroster-1.2", *DAY).returncode == 1
    result = archive.with_name("oneroster-1.2.checked.zip")
    assert archive.read_bytes() == before
    found = verdicts(inside(result))
    assert found["u20112"] == ("Yes", "")
    assert found["u20023"] == ("No", "no District Assignment in the active school year")
    assert reveal("clear", result).returncode == 0

    assert result.read_bytes() == before


def test_a_zip_in_place_keeps_a_backup(archive):
    before = archive.read_bytes()

    reveal("check", archive, "--in-place", *DAY)

    assert "Revealed?" in inside(archive)
    [backup] = archive.parent.glob("*.backup-*.zip")
    assert backup.read_bytes() == before


def test_zip_and_folder_say_the_same(archive, tmp_path):
    folder = unpacked(archive, tmp_path / "set")

    reveal("check", archive, "--profile", "oneroster-1.2", *DAY)
    reveal("check", folder, "--profile", "oneroster-1.2", *DAY)

    packed = inside(archive.with_name("oneroster-1.2.checked.zip"))
    assert verdicts(packed) == verdicts((folder / "users.checked.csv").read_text("utf-8"))


def test_beside_its_unpacked_files_a_zip_is_passed_over(archive, tmp_path):
    unpacked(archive, tmp_path)

    done = reveal("check", tmp_path, "--dry-run", "--json", *DAY)

    assert {one["file"] for one in json.loads(done.stdout)["sheets"]} & {archive.name} == set()


def test_a_school_may_be_named_as_it_is_called(archive, tmp_path):
    (tmp_path / "reveal.toml").write_text('[settings]\nschools = ["Hill Street School"]\n')

    reveal("check", archive, "--profile", "oneroster-1.2", *DAY)

    found = verdicts(inside(archive.with_name("oneroster-1.2.checked.zip")))
    assert found["u20112"] == ("Yes", "")
    assert found["u20166"][0] == "No"


def test_without_roles_a_1_2_set_is_not_understood(archive, tmp_path):
    folder = unpacked(archive, tmp_path / "set")
    (folder / "roles.csv").unlink()

    done = reveal("check", folder)

    assert done.returncode == 3
    assert "roles.csv, which is missing" in done.stderr
    assert not (folder / "users.checked.csv").exists()


def test_a_manifest_alone_is_no_list_of_people(folder):
    done = reveal("check", folder / "manifest.csv")

    assert done.returncode == 3
    assert "No sheet here looks like a list" in done.stderr


@pytest.mark.parametrize("kept", [40, 400, -30])
def test_a_broken_zip_cannot_be_read(archive, kept):
    archive.write_bytes(archive.read_bytes()[:kept])

    done = reveal("check", archive)

    assert done.returncode == 3
    assert done.stderr.startswith("Error: oneroster-1.2.zip")

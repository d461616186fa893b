"""The sample workbooks: made by a script, always the same, and of invented people only."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "templates" / "samples"
FILES = sorted(
    path.relative_to(SAMPLES).as_posix()
    for path in SAMPLES.rglob("*")
    if path.suffix in {".xlsx", ".csv", ".json", ".zip"}
)
PHONE = re.compile(r"\d{3}\D{0,3}\d{3}\D?\d{4}")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run(
        [sys.executable, "-m", "tests.samples.make", folder], check=True, cwd=ROOT, timeout=120
    )
    return folder


def parts(path: Path) -> dict[str, object]:
    """The content of a file; of a zip each part, since zlib's versions pack differently."""
    if path.suffix not in {".xlsx", ".zip"}:
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as package:
        return {each.filename: (each.date_time, package.read(each)) for each in package.infolist()}


def texts(path: Path) -> list[str]:
    if path.suffix == ".csv":
        return path.read_text(encoding="utf-8-sig").replace("\n", ",").split(",")
    if path.suffix == ".json":
        users = json.loads(path.read_text(encoding="utf-8"))["users"]
        return [str(value) for user in users for value in user.values()]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
        return [cell for text in members for cell in re.split(r"[,\r\n]", text)]
    book = openpyxl.load_workbook(path)
    return [
        str(value)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    ]


def test_the_script_makes_every_sample_and_no_other(made: Path) -> None:
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert files == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_what_the_script_makes(name: str, made: Path) -> None:
    checked_in, again = parts(SAMPLES / name), parts(made / name)
    if again.get("docProps/app.xml") != checked_in.get("docProps/app.xml"):
        pytest.skip("another openpyxl writes other XML; it leaves its version in this part")
    assert again == checked_in


@pytest.mark.parametrize("name", FILES)
def test_a_sample_holds_only_reserved_addresses_and_numbers(name: str) -> None:
    for text in texts(SAMPLES / name):
        if "@" in text:
            assert re.search(r"@(\w+\.)?(example\.(org|com|net)|none\.com)$", text.strip()), text
        for phone in PHONE.findall(text):
            digits = re.sub(r"\D", "", phone)
            assert digits[3:8] == "55501" or digits == "0000000000", text

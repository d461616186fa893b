"""What all tests share: options, programs that a test needs, and Hypothesis profiles."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("sheets.testing")

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"})

settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    # How fast examples are made depends on the machine and says nothing about the program.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("reveal")
    group.addoption(
        "--corpus",
        type=Path,
        metavar="DIR",
        help="a folder of spreadsheets written by many programs, to try everything on",
    )
    group.addoption(
        "--recordings",
        type=Path,
        metavar="DIR",
        help="a folder of recorded requests to Google Sheets, to check the emulator with",
    )
    group.addoption(
        "--soak",
        action="store_true",
        help="try random cases by the hundreds where some dozens are tried else",
    )
    group.addoption(
        "--strict-programs",
        action="store_true",
        help="fail, and do not skip, when a program that a test needs is not installed",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "needs_program(name, ...): the programs a test starts; it is skipped without them, "
        "or fails with --strict-programs",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    wanted = [name for mark in item.iter_markers("needs_program") for name in mark.args]
    missing = sorted({name for name in wanted if shutil.which(name) is None})
    if not missing:
        return
    reason = f"not installed: {', '.join(missing)}"
    if item.config.getoption("--strict-programs"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def corpus(request: pytest.FixtureRequest) -> list[Path]:
    """All spreadsheets below the folder that ``--corpus`` names, in a fixed order."""
    folder: Path | None = request.config.getoption("--corpus")
    if folder is None:
        pytest.skip("no --corpus DIR given")
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SPREADSHEETS)
    if not found:
        pytest.fail(f"no spreadsheets below {folder}", pytrace=False)
    return found


@pytest.fixture(scope="session")
def recordings(request: pytest.FixtureRequest) -> Path:
    """The folder that ``--recordings`` names."""
    folder: Path | None = request.config.getoption("--recordings")
    if folder is None:
        pytest.skip("no --recordings DIR given")
    return folder

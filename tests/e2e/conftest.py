"""What tests from end to end share: a LibreOffice that does what it is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).with_name("drive_libreoffice.py")
SYSTEM_PYTHON = "/usr/bin/python3"

Steps = Sequence[dict[str, object]]


@pytest.fixture(scope="session")
def hands(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Steps], list[Any]]:
    bridge = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    if bridge.returncode:
        reason = "not installed: python3-uno"
        if request.config.getoption("--strict-programs"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    profile = tmp_path_factory.mktemp("libreoffice")

    def run(steps: Steps) -> list[Any]:
        done = subprocess.run(
            [SYSTEM_PYTHON, DRIVER, profile],
            input=json.dumps(steps),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run

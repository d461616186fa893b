"""What people read, word for word: look at every difference before a golden file is renewed.

To renew them: REVEAL_GOLDEN=write pytest tests/golden
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from addin import cli

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "templates" / "samples"
DAY = ("--as-of", "2026-11-23")

CASES = {
    "check-small-school": ("check", "small-school.xlsx", *DAY),
    "check-messy-export": ("check", "messy-export.xlsx", *DAY),
    "check-every-rule": ("check", "every-rule.xlsx", "--json", *DAY),
    "dry-run-small-school": ("check", "small-school.xlsx", "--dry-run", *DAY),
    "columns-messy-export": ("columns", "messy-export.xlsx"),
    "check-wide-roster": ("check", "wide-roster.xlsx", *DAY),
    "columns-wide-roster": ("columns", "wide-roster.xlsx"),
    "compare-small-school": (
        *("compare", "small-school.xlsx", "--api", "small-school.api.json", "--details", "3", *DAY),
    ),
    "check-oneroster-1.1": ("check", "oneroster-1.1", "--profile", "oneroster-1.1", *DAY),
    "check-oneroster-1.2": ("check", "oneroster-1.2.zip", "--profile", "oneroster-1.2", *DAY),
    "columns-oneroster-1.2": ("columns", "oneroster-1.2.zip"),
    "explain": ("explain",),
    "explain-con-fld-03": ("explain", "CON-FLD-03"),
    "explain-book": ("explain", "--profile", "edutech", "--md"),
    "explain-vendor": ("explain", "--pack", "vendor"),
    "explain-guardian-source": ("explain", "guardian_source"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_words_are_those_that_were_looked_at(name, tmp_path, monkeypatch, capsys):
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sheets.report.identity.new_salt", lambda: "5a17" * 8)

    cli.main(CASES[name])

    said, golden = capsys.readouterr().out, HERE / f"{name}.txt"
    if os.environ.get("REVEAL_GOLDEN") == "write":
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")

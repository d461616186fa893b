"""Make the sample workbooks again: ``python -m tests.samples.make [FOLDER]``.

The same code gives the same bytes; a test compares them with what is checked in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.samples import api, every_rule, messy, oneroster, tidy, wide

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"


def make(folder: Path) -> None:
    tidy.small_school(folder / "small-school.xlsx")
    messy.messy_export(folder / "messy-export.xlsx")
    tidy.district(folder / "district")
    every_rule.every_rule(folder / "every-rule.xlsx")
    api.small_school(folder / "small-school.api.json")
    wide.wide_roster(folder / "wide-roster.xlsx")
    oneroster.version_11(folder / "oneroster-1.1")
    oneroster.version_12(folder / "oneroster-1.2.zip")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)

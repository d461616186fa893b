"""The sample with every rule broken, alone and in pairs, against the answers written beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin import cli
from sheets import rules

SAMPLE = Path(__file__).parents[2] / "templates" / "samples" / "every-rule.xlsx"
Row = dict[str, Any]
RULE = re.compile(r"[A-Z]{3,}(?:-[A-Z]+)?-\d\d")


def answers() -> dict[tuple[str, int], tuple[str, str]]:
    """Sheet and row -> the case's name and what is expected."""
    found = {}
    for sheet in openpyxl.load_workbook(SAMPLE):
        header, *rows = sheet.iter_rows(values_only=True)
        if "Expected" in header:
            case, expected = header.index("Case"), header.index("Expected")
            for number, row in enumerate(rows, start=2):
                found[sheet.title, number] = (str(row[case]), str(row[expected]))
    return found


ANSWERS = answers()


@pytest.fixture(scope="module")
def verdicts() -> dict[tuple[str, int], Row]:
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("sys.stdout.write", written.append)
        code = cli.main(["check", str(SAMPLE), "--dry-run", "--json", "--as-of", "2026-11-23"])
    assert code == 1
    return {
        (sheet["sheet"], row["row"]): row
        for sheet in json.loads("".join(written))["sheets"]
        for row in sheet["rows"]
    }


def test_every_rule_of_the_profile_is_broken_somewhere() -> None:
    broken = {rule for _, expected in ANSWERS.values() for rule in RULE.findall(expected)}
    severities = rules.profile().severities
    assert broken == {rule for rule, severity in severities.items() if severity != "info"}


def test_every_case_of_the_sample_is_judged(verdicts: dict[tuple[str, int], Row]) -> None:
    assert len(ANSWERS) > 50
    assert set(ANSWERS) <= set(verdicts)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(place, expected, id=f"{place[0]}: {case}")
        for place, (case, expected) in ANSWERS.items()
    ],
)
def test_a_case_is_judged_as_the_published_rules_say(
    place: tuple[str, int], expected: str, verdicts: dict[tuple[str, int], Row]
) -> None:
    row = verdicts[place]
    hides, _, warns = expected.partition(" check ")
    assert row["revealed"] == hides.partition(":")[0]
    assert found(row, "hides") == set(RULE.findall(hides))
    assert found(row, "check") == set(RULE.findall(warns))


def found(row: Row, severity: str) -> set[str]:
    return {each["rule"] for each in row["findings"] if each["severity"] == severity}

"""Measure the rule engine against the same rules written by hand for polars.

::

    python tests/bench/rules.py                  # 1M contacts, 5 times each, in turn
    python tests/bench/rules.py --rows 100000

Both get the same tables in memory and give the same findings, which is looked at first. Seconds
that passed, and seconds that the cores worked, which other work on the machine changes less. The
ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import byhand
import district
import polars as pl

from sheets import rules
from sheets.rules.model import ROW, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AS_OF = dt.date(2026, 11, 23)
WITHIN, RATIO = 3.0, 1.5


@dataclass
class Times:
    """What some repetitions took."""

    passed: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        passed, worked = time.perf_counter(), time.process_time()
        work()
        self.passed.append(time.perf_counter() - passed)
        self.worked.append(time.process_time() - worked)


def tables(rows: int, *, listed: bool) -> list[Table]:
    """A district in memory, with its list of students or without."""
    frames = {"contact": district.contacts(rows)}
    if listed:
        frames["student"] = district.students(rows)
    frames |= {"account": district.accounts(rows), "relationship_type": district.types()}
    return [Table(kind, frame.collect(), {}) for kind, frame in frames.items()]


def by_hand(given: Sequence[Table]) -> list[pl.DataFrame]:
    """The findings of the program that was written by hand."""
    frames = {table.kind: table.frame for table in given}
    pupils, accounts, day = frames.get("student"), frames["account"], AS_OF.isoformat()
    found = [byhand.contacts(frames["contact"], accounts, frames["relationship_type"], pupils, day)]
    if pupils is not None:
        found.append(byhand.students(pupils, accounts, day))
    return found


def require_same(found: Sequence[rules.Findings], reference: Sequence[pl.DataFrame]) -> None:
    """Stop unless both say the same of everybody."""
    for mine, theirs in zip(found, reference, strict=True):
        told = [name for name in theirs.columns if theirs[name].null_count() < theirs.height]
        if set(told) != set(mine.frame.columns):
            raise SystemExit(f"Other rules: {set(told) ^ set(mine.frame.columns)}")
        for name in told:
            differ = theirs.sort(ROW)[name].ne_missing(mine.frame[name]).sum()
            if differ:
                raise SystemExit(f"{name} differs in {differ} rows")


def show(name: str, times: Times, base: Times | None) -> None:
    ratios = (
        f"{statistics.median(times.passed) / statistics.median(base.passed):.2f} | "
        f"{statistics.median(times.worked) / statistics.median(base.worked):.2f}"
        if base
        else "- | -"
    )
    print(
        f"| {name} | {statistics.median(times.passed):.2f} | {min(times.passed):.2f} "
        f"| {max(times.passed):.2f} | {statistics.median(times.worked):.2f} | {ratios} |"
    )


def measure(rows: int, repeat: int, *, listed: bool) -> list[tuple[str, bool]]:
    """Both in turn; what was promised, and whether this run kept it."""
    given = tables(rows, listed=listed)
    by = rules.profile("edutech", as_of=AS_OF)
    require_same(rules.evaluate(given, by), by_hand(given))
    engine, hand = Times(), Times()
    for _ in range(repeat):
        engine.measure(lambda: rules.evaluate(given, by))
        hand.measure(lambda: by_hand(given))
    title = f"{rows:,} contacts" + (" and their students" if listed else "")
    print(f"\n| {title} | median s | least | most | worked s | ratio | ratio worked |")
    print("|---|" + "---:|" * 6)
    show("by hand", hand, None)
    show("rules.evaluate", engine, hand)
    seconds = statistics.median(engine.passed)
    ratio = seconds / statistics.median(hand.passed)
    return [
        (f"{title}: {seconds:.2f} s (< {WITHIN})", seconds < WITHIN),
        (f"{title}: {ratio:.2f} times by hand (<= {RATIO})", ratio <= RATIO),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, polars {pl.__version__}"
    )
    kept = [
        one for listed in (False, True) for one in measure(asked.rows, asked.repeat, listed=listed)
    ]
    print()
    for word, good in kept:
        print("kept  " if good else "MISSED", word)
    return 0 if all(good for _, good in kept) else 1


if __name__ == "__main__":
    sys.exit(main())

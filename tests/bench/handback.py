"""Measure `reveal handback`: 300 schools, 100,000 rows to fix, handed out and taken back.

::

    python tests/bench/handback.py              # a master of 300k rows, as text
    python tests/bench/handback.py --xlsx       # as a workbook
    python tests/bench/handback.py --rows 3000  # a small one

Each command is a process of its own, timed from its start to its end. Between the two, openpyxl
types every missing phone into the packets, which nobody waits for here.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import openpyxl
import xlsxwriter
from bench import start

SCHOOLS, TO_FIX = 300, 3
SECONDS, PEAK = 60, 600
HEADERS = (
    *("Student Number", "Contact Person ID", "First Name", "Last Name", "Other Phone", "Email"),
    *("Relationship", "School"),
)
REVEAL = (sys.executable, "-m", "addin")
PHONE = "Other Phone"


def rows(count: int) -> list[tuple[str, ...]]:
    """One of every `TO_FIX` contacts lacks something."""
    return [
        (
            f"{40_000 + at // 2:07}",
            str(900_000 + at),
            "Ann",
            f"Byrne{at % 977}",
            "" if at % TO_FIX == 0 else f"585-555-{at % 10_000:04}",
            f"p{at}@example.org" if at % (TO_FIX * 5) else "nobody",
            "Guardian",
            f"School {at // TO_FIX % SCHOOLS:03}",
        )
        for at in range(count)
    ]


def make(path: Path, count: int) -> None:
    """Write the master."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADERS, *rows(count)])
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Contacts")
        for number, row in enumerate([HEADERS, *rows(count)]):
            sheet.write_row(number, 0, row)


def fill_in(path: Path) -> int:
    """Type every missing phone into a packet."""
    book = openpyxl.load_workbook(path)
    typed = 0
    for sheet in book:
        head = [cell.value for cell in sheet[1]]
        if PHONE in head:
            for cell in next(sheet.iter_cols(head.index(PHONE) + 1, head.index(PHONE) + 1))[1:]:
                if cell.value is None:
                    cell.value = f"585-555-{cell.row % 10_000:04}"
                    typed += 1
    book.save(path)
    return typed


def main() -> int:
    """Print what was measured; 1 if it is more than was promised."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000, help="rows to fix")
    asked.add_argument("--xlsx", action="store_true", help="the master is a workbook")
    options = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reveal-bench-"))
    try:
        master = folder / ("master.xlsx" if options.xlsx else "master.csv")
        make(master, options.rows * TO_FIX)
        packets = folder / "packets"
        split = start([*REVEAL, "handback", "split", master, "--out", packets], good=(0, 1))
        files = sorted(packets.glob("*.xlsx"))
        with ProcessPoolExecutor() as pool:
            typed = sum(pool.map(fill_in, files))
        merge = start(
            [*REVEAL, "handback", "merge", master, "--from", packets, "--apply"], good=(0, 1)
        )
    finally:
        shutil.rmtree(folder)
    print(f"{len(files)} packets of {options.rows:,} rows to fix; {typed:,} answers")
    for name, run in (("split", split), ("merge", merge)):
        print(f"{name:<6} {run.seconds:6.1f} s  ({run.worked:.1f} s worked)  {run.peak:5.0f} MB")
    return int(any(run.worked > SECONDS or run.peak > PEAK for run in (split, merge)))


if __name__ == "__main__":
    sys.exit(main())

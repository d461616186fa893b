"""Measure a check of a workbook that is open in Excel: round trips, and Reveal's own time.

::

    python tests/bench/excel.py                 # 5,000 contacts, and 500 beside it

Excel cannot run everywhere, so emulated COM objects answer the real Windows code of xlwings. What
Excel itself would take is not known here. So Reveal's own time, without what the objects take, is
told beside the whole, and the whole as a ratio to the least that anybody would do in the same
place: read the block of all cells, and write a block of two columns.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sheets import flow
from sheets.books.excel import attach
from tests.emulators.excel import Excel

CONTACTS, FEW = 5_000, 500
LIMIT = 1.0
"""Seconds from the click to the last cell, of which Excel needs its part."""

HEADS = (
    *("Student Number", "Contact Person ID", "First Name", "Last Name", "Other Phone", "Email"),
    *("Relationship", "Guardian", "Account Enabled", "Username", "Home Page", "Address"),
)


def people(rows: int) -> list[list[object]]:
    """Invented contacts, always the same; one in six lacks something."""
    some = random.Random(5)
    return [
        [
            float(40_000 + row // 2),
            float(100_000 + row),
            None if some.random() < 0.05 else "Zoë",
            "Wójcik",
            None if some.random() < 0.08 else f"555-01{row % 100:02}",
            "N/A" if some.random() < 0.04 else f"c{row}@example.org",
            some.choice(("Mother", "Father", "Guardian", "Aunt")),
            some.choice(("yes", "yes", "yes", "no")),
            "yes" if some.random() < 0.8 else "no",
            f"c{row}",
            "Parent",
            f"{row} Lake Street",
        ]
        for row in range(rows)
    ]


@dataclass(frozen=True, order=True)
class Click:
    """One check: seconds, those of them that are Reveal's own, and round trips."""

    passed: float
    own: float
    trips: int


class Timed:
    """Excel whose answers are timed apart.

    Attributes:
        excel: The program.
        answering: Seconds that its objects took.
    """

    def __init__(self, rows: int) -> None:
        self.excel = Excel()
        book = self.excel.open("contacts.xlsx", {"Contacts": [list(HEADS), *people(rows)]})
        for row in range(2, rows + 2):
            book.sheets[0].formats[row, 1] = "0000000"
        self.answering = 0.0
        answer = self.excel.trip

        def trip(member, do):
            start = time.perf_counter()
            try:
                return answer(member, do)
            finally:
                self.answering += time.perf_counter() - start

        self.excel.trip = trip

    def click(self) -> Click:
        """Check the workbook."""
        self.answering, before = 0.0, self.excel.count
        start = time.perf_counter()
        flow.check([attach.of_window(self.excel.hwnd)])
        passed = time.perf_counter() - start
        return Click(passed, passed - self.answering, self.excel.count - before)

    def least(self) -> float:
        """Seconds for the least: one block is read, and one of two columns written."""
        sheet = self.excel.book("contacts.xlsx").api.Worksheets.Item(1)
        start = time.perf_counter()
        block = sheet.UsedRange.Value
        sheet.Range(f"M1:N{len(block)}").Value = tuple(row[2:4] for row in block)
        return time.perf_counter() - start


def main() -> int:
    """Print the figures; 1 if they are worse than they must be."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--rows", type=int, default=CONTACTS)
    rows = arguments.parse_args().rows
    Timed(FEW).click()
    few = Timed(FEW).click()
    rooms = [Timed(rows) for _ in range(3)]
    first, again = (min(room.click() for room in rooms) for _ in range(2))
    floor = min(Timed(rows).least() for _ in range(3))
    print(f"{rows:,} contacts, {len(HEADS)} columns: round trips, seconds, of them Reveal's own")
    print(f"a first check    {first.trips:4} {first.passed:6.2f} {first.own:6.2f}")
    print(f"nothing changes  {again.trips:4} {again.passed:6.2f} {again.own:6.2f}")
    print(f"round trips of a first check of {FEW:,} contacts: {few.trips}")
    print(f"one block read, one written: {floor:.2f} s; a first check {first.passed / floor:.1f} x")
    return int(first.own > LIMIT or first.trips != few.trips)


if __name__ == "__main__":
    raise SystemExit(main())

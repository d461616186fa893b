"""Measure a whole `reveal check` against openpyxl and against what is physically needed.

::

    python tests/bench/bench.py                 # 1k, 10k and 100k rows
    python tests/bench/bench.py --million       # and 1M rows (openpyxl not tried: minutes, 9 GB)

All of one table comes from one run of this script. Every program is a process of its own, timed
from its start to its end, as the person who waits for it does. The floor is the work nobody can
leave out when a column is added to a sheet: unpack its part and pack it again at zlib's level 6.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEET_PART = "xl/worksheets/sheet1.xml"
OPENPYXL = "import openpyxl, sys; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])"
FLOOR = f"""
import sys, time, zipfile, zlib
with zipfile.ZipFile(sys.argv[1]) as package:
    entry = package.getinfo({SHEET_PART!r})
    start = time.perf_counter()
    pack = zlib.compressobj(6, zlib.DEFLATED, -15)
    with package.open(entry) as part:
        while piece := part.read(1 << 18):
            pack.compress(piece)
    pack.flush()
    print(time.perf_counter() - start)
"""
# As after an installation by pip, which compiles all modules: nobody compiles them each time.
COMPILED = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
HELP_LIMIT = 0.25
TARGET_ROWS, FASTER, OVER_FLOOR, PEAK = 100_000, 15, 2.5, 350
MILLION, MILLION_PEAK, LINEAR = 1_000_000, 1000, 1.5


@dataclass(frozen=True)
class Run:
    """The fastest of some runs of one program.

    Seconds that passed, seconds that its cores worked (what other work on the machine does not
    change), and MB at its peak.
    """

    seconds: float
    worked: float
    peak: float


@dataclass(frozen=True)
class Line:
    """What was measured for one number of rows."""

    rows: int
    size: float
    written: float
    floor: float
    reveal: Run
    openpyxl: Run | None


def start(command: Sequence[str | Path], good: tuple[int, ...] = (0,)) -> Run:
    """Run a program to its end; its peak memory is what the system counted for it alone."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=COMPILED)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise SystemExit(f"{command} ended with {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def fastest(command: Sequence[str | Path], runs: int, good: tuple[int, ...] = (0,)) -> Run:
    results = [start(command, good) for _ in range(runs)]
    best = min(results, key=lambda one: one.seconds)
    return replace(best, peak=max(one.peak for one in results))


def floor(path: Path, runs: int) -> float:
    command = [sys.executable, "-c", FLOOR, str(path)]
    return min(float(subprocess.check_output(command)) for _ in range(runs))


def measure(reveal: str, rows: int, folder: Path, runs: int, *, openpyxl: bool) -> Line:
    path, out = folder / f"contacts-{rows}.xlsx", folder / f"contacts-{rows}.out.xlsx"
    if not path.exists():
        start([sys.executable, Path(__file__).with_name("workbook.py"), str(rows), path])
    # Exit code 1 is the rule: in such a list somebody is always hidden.
    checked = fastest([reveal, "check", path, "--out", out], runs, good=(0, 1))
    written = out.stat().st_size / 1e6
    other = None
    if openpyxl:
        command: list[str | Path] = [sys.executable, "-c", OPENPYXL, path, out]
        other = fastest(command, runs if rows < TARGET_ROWS else 1)
    out.unlink()
    return Line(rows, path.stat().st_size / 1e6, written, floor(path, runs), checked, other)


def show(lines: list[Line]) -> None:
    print(
        "\n| rows | file MB | written MB | floor s | reveal check s | worked s | x floor | peak MB "
        "| openpyxl s | openpyxl MB | times faster |\n" + "|---:" * 11 + "|"
    )
    for line in lines:
        ours, theirs = line.reveal, line.openpyxl
        other = (
            f"{theirs.seconds:.2f} | {theirs.peak:.0f} | {theirs.seconds / ours.seconds:.1f}"
            if theirs
            else "- | - | -"
        )
        print(
            f"| {line.rows:,} | {line.size:.1f} | {line.written:.1f} | {line.floor:.3f} "
            f"| {ours.seconds:.2f} | {ours.worked:.2f} | {ours.seconds / line.floor:.2f} "
            f"| {ours.peak:.0f} | {other} |"
        )


def targets(lines: list[Line], help_seconds: float) -> list[tuple[str, bool]]:
    """What was promised, and whether this run kept it."""
    kept = [(f"reveal --help in {help_seconds:.2f} s (< {HELP_LIMIT})", help_seconds < HELP_LIMIT)]
    by_rows = {line.rows: line for line in lines}
    base, million = by_rows.get(TARGET_ROWS), by_rows.get(MILLION)
    if base:
        over = base.reveal.seconds / base.floor
        kept += [
            (f"100k rows: {over:.2f} times the floor (<= {OVER_FLOOR})", over <= OVER_FLOOR),
            (f"100k rows: peak {base.reveal.peak:.0f} MB (< {PEAK})", base.reveal.peak < PEAK),
        ]
        if base.openpyxl:
            times = base.openpyxl.seconds / base.reveal.seconds
            kept += [(f"100k rows: {times:.1f} times faster (>= {FASTER})", times >= FASTER)]
    if million:
        peak = million.reveal.peak
        kept += [(f"1M rows: peak {peak:.0f} MB (< {MILLION_PEAK})", peak < MILLION_PEAK)]
        if base:
            growth = million.reveal.seconds / base.reveal.seconds / (MILLION / TARGET_ROWS)
            word = f"1M rows: {growth:.2f} times ten times the 100k (<= {LINEAR}: linear)"
            kept += [(word, growth <= LINEAR)]
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="also 1M rows")
    parser.add_argument("--openpyxl-million", action="store_true", help="openpyxl too at 1M rows")
    parser.add_argument("--no-openpyxl", action="store_true", help="leave openpyxl out")
    parser.add_argument("--runs", type=int, default=3, help="the fastest of so many (3)")
    parser.add_argument("--folder", type=Path, help="keep the workbooks here for the next time")
    asked = parser.parse_args()
    reveal = shutil.which("reveal", path=str(Path(sys.executable).parent)) or "reveal"
    sizes = [*asked.rows, *([MILLION] if asked.million or asked.openpyxl_million else [])]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for rows in sizes:
            tried = (rows < MILLION or asked.openpyxl_million) and not asked.no_openpyxl
            lines.append(measure(reveal, rows, folder, asked.runs, openpyxl=tried))
            show(lines[-1:])
        help_seconds = fastest([reveal, "--help"], 5).seconds
    show(lines)
    print()
    kept = targets(lines, help_seconds)
    for word, good in kept:
        print("kept  " if good else "MISSED", word)
    return 0 if all(good for _, good in kept) else 1


if __name__ == "__main__":
    sys.exit(main())

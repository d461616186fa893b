"""Measure `reveal check --engine` on exports that are too large for a spreadsheet.

::

    python tests/bench/exports.py                        # 10M contacts, polars and DuckDB
    python tests/bench/exports.py --rows 1000000 --engine polars

The district is written to Parquet first, in parts, and is no part of what is measured. Each engine
is a process of its own; its peak memory is what the system counted for it and for it alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import bench
import district
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

PART = 500_000
PEAK = 6000
"""MB that a check of 10M contacts may need."""


def write(rows: int, folder: Path) -> list[Path]:
    """The exports of a district: contacts and students in parts, accounts, types."""
    lists = {
        "contacts": (district.contacts, district.CONTACTS, rows),
        "students": (district.students, district.STUDENTS, (rows + 1) // 2),
    }
    for name, (make, headings, count) in lists.items():
        (folder / f"{name}.parquet").mkdir(parents=True)
        for number, start in enumerate(range(0, count, PART)):
            part = make(rows, start, min(start + PART, count))
            path = folder / f"{name}.parquet" / f"{number:04}.parquet"
            district.headed(part, headings).sink_parquet(path)
    accounts, types = folder / "user accounts.parquet", folder / "relationship types.parquet"
    district.headed(district.accounts(rows), district.ACCOUNTS).sink_parquet(accounts)
    district.headed(district.types(), district.RELATIONSHIP_TYPES).sink_parquet(types)
    return sorted(folder.iterdir())


def measure(exports: Sequence[Path], engine: str, out: Path) -> bench.Run:
    reveal = shutil.which("reveal", path=str(Path(sys.executable).parent)) or "reveal"
    command = [reveal, "check", *exports, "--engine", engine, "--out", out]
    # Exit code 1 is the rule: in such a district somebody is always hidden.
    ran = bench.start([*command, "--as-of", "2026-11-23"], good=(0, 1))
    results = [pl.scan_parquet(path) for path in out.glob("*.parquet")]
    told = pl.concat([one.select("Revealed?") for one in results]).select(pl.all().count())
    count = told.collect().item()
    print(f"{engine}: {count:,} verdicts, {ran.seconds:.1f} s, {ran.peak:.0f} MB", flush=True)
    shutil.rmtree(out)
    return ran


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=10_000_000, help="contacts (10M)")
    parser.add_argument("--engine", nargs="+", default=["polars", "duckdb"])
    parser.add_argument("--folder", type=Path, help="keep the district here for the next time")
    asked = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, polars {pl.__version__}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)) / f"district-{asked.rows}"
        exports = sorted(folder.iterdir()) if folder.is_dir() else write(asked.rows, folder)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet") if path.is_file())
        runs = {
            engine: measure(exports, engine, Path(temporary) / engine) for engine in asked.engine
        }
    print(f"\n| {asked.rows:,} contacts, {size / 1e6:.0f} MB | s | worked s | peak MB |")
    print("|---|---:|---:|---:|")
    for engine, ran in runs.items():
        print(f"| {engine} | {ran.seconds:.1f} | {ran.worked:.1f} | {ran.peak:.0f} |")
    print()
    for engine, ran in runs.items():
        good = ran.peak < PEAK
        print("kept  " if good else "MISSED", f"{engine}: peak {ran.peak:.0f} MB (< {PEAK})")
    return 0 if all(ran.peak < PEAK for ran in runs.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

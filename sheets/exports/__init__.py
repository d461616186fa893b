"""Exports that are too large for a spreadsheet: Parquet and CSV, judged where they lie.

::

    check(paths, out, profile)   judge some exports together; one Parquet result for each

The rules are those of a spreadsheet, and so is the cleaning of cells; only who computes differs:
polars, DuckDB or PySpark (`ENGINES`).
"""

from __future__ import annotations

from sheets.exports.engines import ENGINES
from sheets.exports.run import Checked, Outcome, check

__all__ = ["ENGINES", "Checked", "Outcome", "check"]

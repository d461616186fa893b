"""How much a check would change: a guard against a list that came empty, or half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets import place
from sheets.errors import HeldBack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheets.flow import Judged

_PERCENT = 100


def require(judged: Iterable[Judged], most: float) -> None:
    """Refuse to write where more verdicts of an earlier check would change than is allowed.

    Rows that had no verdict before are not counted: what is new is no change.

    Args:
        judged: All tables, with what is to be written beside them.
        most: Percent of the verdicts that stand there already.

    Raises:
        HeldBack: The message says how many would change. Nothing was written.
    """
    changed, before = 0, 0
    for one in judged:
        more, all_ = _changes(one)
        changed, before = changed + more, before + all_
    if before and changed * _PERCENT > most * before:
        raise HeldBack(
            f"{changed:,} of {before:,} verdicts would change, which is more than {most:g} "
            "percent, so nothing was written.",
            hint="Look whether a list is empty or came only in part. If all is well, run it once "
            "without --hold.",
        )


def _changes(one: Judged) -> tuple[int, int]:
    """How many verdicts of one table would change, and how many there are."""
    found, changed, before = one.found, 0, 0
    if one.patch is None or not one.patch.columns:
        return 0, 0
    there = {header.casefold(): column for header, column in found.own.items()}
    for own in one.patch.columns:
        column = there.get(own.header.casefold())
        if column is None or not own.header.startswith(place.OWN_HEADERS[0]):
            continue
        earlier = found.grid.load([column]).frame.select("_row", pl.col(str(column)).alias("was"))
        now = pl.DataFrame(
            {"_row": one.patch.rows, "is": own.values}, schema={"_row": pl.UInt32, "is": pl.String}
        )
        both = now.join(earlier.drop_nulls(), on="_row")
        before += both.height
        changed += both.filter(pl.col("is").ne_missing(pl.col("was"))).height
    return changed, before

"""Whether a relationship counts as that of a guardian.

A sheet of relationship types has the last word for the types that it knows. For others it is the
Guardian box of the row, if there is such a column; without it the types of the settings. A type
that none of them knows is unknown. A type that the sheet has twice, as Guardian and not, is
unknown too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules.cells import NOTHING, Columns, first, missing, seen, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Settings, Table

    Frame = nw.LazyFrame[Any]
    Case = tuple[nw.Expr, nw.Expr]

_NAME = "rel_type_name"
_FLAG = "rel_type_guardian"
_BOX = "guardian_flag"
_RELATIONSHIP = "relationship"
_TYPE = "_type"
_TYPE_KEY = "_type_key"
_GUARDIAN, _UNCLEAR, _OTHER = 0, 1, 2


def attach(pairs: Frame, tables: Sequence[Table]) -> Frame:
    """Add what the sheets of relationship types say about each pair's type."""
    frames = [nw.from_native(table.frame).lazy() for table in tables]
    told = [flags for frame in frames for flags in _flags(frame)]
    if not told or _RELATIONSHIP not in pairs.collect_schema().names():
        return pairs.with_columns(nw.lit(None, dtype=nw.Int64).alias(_TYPE))
    types = (
        nw.concat(told)
        .group_by(_TYPE_KEY)
        .agg(nw.col(_TYPE).min().alias("_least"), nw.col(_TYPE).max().alias("_most"))
        .select(
            _TYPE_KEY,
            nw.when(nw.col("_least") == nw.col("_most"))
            .then(nw.col("_least"))
            .otherwise(nw.lit(_UNCLEAR))
            .alias(_TYPE),
        )
    )
    key = nw.col(_RELATIONSHIP).str.to_lowercase().alias(_TYPE_KEY)
    return pairs.with_columns(key).join(types, on=_TYPE_KEY, how="left")


def finding(columns: Columns, settings: Settings) -> nw.Expr:
    """The text of CON-REL-01."""
    if _RELATIONSHIP not in columns:
        return _box(columns, blank=text("not_ticked")) if _BOX in columns else text("no_column")
    by_type = [
        (nw.col(_TYPE) == _GUARDIAN, NOTHING),
        (nw.col(_TYPE) == _UNCLEAR, seen("type_unclear", _RELATIONSHIP)),
        (nw.col(_TYPE) == _OTHER, seen("not_guardian", _RELATIONSHIP)),
    ]
    untyped = nw.col(_RELATIONSHIP).is_null()
    nothing = missing(columns, _RELATIONSHIP)
    if _BOX in columns:
        # A box without a tick says that somebody is no guardian; with no type beside it, it is
        # the type that is missing.
        blank = first([(untyped, nothing)], text("not_ticked"))
        return first(by_type, _box(columns, blank=blank))
    named = [one.strip().lower() for one in settings.guardian_types]
    listed = nw.col(_RELATIONSHIP).str.to_lowercase().is_in(named)
    by_name = [(untyped, nothing), (listed, NOTHING)]
    return first([*by_type, *by_name], seen("type_unknown", _RELATIONSHIP))


def _flags(types: Frame) -> list[Frame]:
    """Type and flag of one sheet of types; nothing if it lacks either column."""
    columns = Columns(types.collect_schema().names())
    if _NAME not in columns or _FLAG not in columns:
        return []
    unclear = columns.is_unclear(_FLAG) | columns.has_no_result(_FLAG)
    cases = [(nw.col(_FLAG) == "true", nw.lit(_GUARDIAN)), (unclear, nw.lit(_UNCLEAR))]
    flags = types.select(
        nw.col(_NAME).str.to_lowercase().alias(_TYPE_KEY), first(cases, nw.lit(_OTHER)).alias(_TYPE)
    )
    return [flags]


def _box(columns: Columns, *, blank: nw.Expr) -> nw.Expr:
    """What the Guardian box of a row says."""
    unclear = columns.is_unclear(_BOX) | columns.has_no_result(_BOX)
    cases: list[Case] = [
        (nw.col(_BOX) == "true", NOTHING),
        (nw.col(_BOX) == "false", text("not_ticked")),
        (unclear, text("box_unclear")),
    ]
    return first(cases, blank)

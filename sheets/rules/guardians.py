"""Whether a relationship counts as that of a guardian.

A sheet of relationship types has the last word for the types that it knows. For others it is the
Guardian box of the row, if there is such a column; without it the types of the settings. A type
that none of them knows is unknown. A type that the sheet has twice, as Guardian and not, is
unknown too.

Districts may go by the box of each relationship instead (`guardian_source`), or by its Portal box
(`guardian_by`). Whoever is no guardian for certain but has Campus Parent is a relative: revealed
only through a connection with Grade Book sync.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules.cells import NOTHING, Columns, first, folded, lower, missing, seen, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Settings, Table

    Frame = nw.LazyFrame[Any]
    Case = tuple[nw.Expr, nw.Expr]

_NAME = "rel_type_name"
_FLAG = "rel_type_guardian"
_BOX = "guardian_flag"
_PORTAL = "portal_flag"
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
    key = lower(nw.col(_RELATIONSHIP)).alias(_TYPE_KEY)
    return pairs.with_columns(key).join(types, on=_TYPE_KEY, how="left")


def by_type(columns: Columns, settings: Settings) -> nw.Expr:
    """The text of CON-REL-01."""
    told = _by_type(columns, settings)
    if settings.guardian_source == "either":
        told = _unless_ticked(columns, _BOX, told)
    return _unless_portal(columns, settings, told)


def by_box(columns: Columns, settings: Settings) -> nw.Expr:
    """The text of CON-REL-02."""
    return _unless_portal(columns, settings, _ticked(columns, _BOX))


def by_portal(columns: Columns) -> nw.Expr:
    """The text of CON-REL-03."""
    return _ticked(columns, _PORTAL)


def chosen(settings: Settings) -> str:
    """The rule that tells a guardian, as the district has set it."""
    if settings.guardian_by == "portal":
        return "CON-REL-03"
    return "CON-REL-02" if settings.guardian_source == "box" else "CON-REL-01"


def deciding(columns: Columns, settings: Settings) -> nw.Expr:
    """The text of the rule that tells a guardian."""
    return {
        "CON-REL-01": lambda: by_type(columns, settings),
        "CON-REL-02": lambda: by_box(columns, settings),
        "CON-REL-03": lambda: by_portal(columns),
    }[chosen(settings)]()


def _unless_portal(columns: Columns, settings: Settings, told: nw.Expr) -> nw.Expr:
    """Where either will do, the Portal box makes up for what is told."""
    if settings.guardian_by != "either":
        return told
    return _unless_ticked(columns, _PORTAL, told)


def _unless_ticked(columns: Columns, box: str, told: nw.Expr) -> nw.Expr:
    return first([(nw.col(box) == "true", NOTHING)], told) if box in columns else told


def _ticked(columns: Columns, box: str) -> nw.Expr:
    """What is told where one box is all that counts."""
    return _box(columns, box, blank=text("not_ticked")) if box in columns else text("no_column")


def _by_type(columns: Columns, settings: Settings) -> nw.Expr:
    """By the type, and by the box where nothing is known of the type."""
    if _RELATIONSHIP not in columns:
        return _ticked(columns, _BOX)
    known = [
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
        return first(known, _box(columns, _BOX, blank=blank))
    named = [folded(one.strip()) for one in settings.guardian_types]
    listed = lower(nw.col(_RELATIONSHIP)).is_in(named)
    by_name = [(untyped, nothing), (listed, NOTHING)]
    return first([*known, *by_name], seen("type_unknown", _RELATIONSHIP))


def _flags(types: Frame) -> list[Frame]:
    """Type and flag of one sheet of types; nothing if it lacks either column."""
    columns = Columns(types.collect_schema().names())
    if _NAME not in columns or _FLAG not in columns:
        return []
    unclear = columns.is_unclear(_FLAG) | columns.has_no_result(_FLAG)
    cases = [(nw.col(_FLAG) == "true", nw.lit(_GUARDIAN)), (unclear, nw.lit(_UNCLEAR))]
    flags = types.select(
        lower(nw.col(_NAME)).alias(_TYPE_KEY), first(cases, nw.lit(_OTHER)).alias(_TYPE)
    )
    return [flags]


def _box(columns: Columns, box: str, *, blank: nw.Expr) -> nw.Expr:
    """What a box of a row says."""
    unclear = columns.is_unclear(box) | columns.has_no_result(box)
    cases: list[Case] = [
        (nw.col(box) == "true", NOTHING),
        (nw.col(box) == "false", text("not_ticked")),
        (unclear, text("box_unclear")),
    ]
    return first(cases, blank)

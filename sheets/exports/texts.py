"""Typed columns as the text that a spreadsheet would show of them."""

from __future__ import annotations

import polars as pl

_WHOLE_BELOW = 1e15  # up to here a spreadsheet shows all digits of a number
_MIDNIGHT = "T00:00:00"
_NO_CELL = frozenset({pl.Binary, pl.Duration, pl.Null, pl.Object})


def shown(series: pl.Series) -> pl.Series:  # noqa: PLR0911 - one line for each type
    """Text as it is, numbers as their digits, dates as ISO 8601, TRUE and FALSE.

    A number that is not given (NaN) is blank. What no cell could hold, such as a list, a
    structure or bytes, is blank too. A time with a zone is told in UTC.

    Example:
        >>> shown(pl.Series([5855550100.0, 2.5, None])).to_list()
        ['5855550100', '2.5', None]
    """
    kind = series.dtype
    if kind == pl.String:
        return series
    if kind == pl.Boolean:
        return series.replace_strict({True: "TRUE", False: "FALSE"}, return_dtype=pl.String)
    if kind.is_float():
        return _float(series)
    if kind.is_decimal():
        text = series.cast(pl.String)
        return text.str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
    if isinstance(kind, pl.Datetime):
        naive = series.dt.convert_time_zone("UTC") if kind.time_zone else series
        return naive.dt.strftime("%Y-%m-%dT%H:%M:%S").str.strip_suffix(_MIDNIGHT)
    if kind == pl.Date:
        return series.dt.strftime("%Y-%m-%d")
    if kind.is_nested() or kind in _NO_CELL:
        return pl.Series(series.name, [None], dtype=pl.String).new_from_index(0, len(series))
    return series.cast(pl.String, strict=False)


def _float(series: pl.Series) -> pl.Series:
    given = series.cast(pl.Float64).fill_nan(None)
    whole = given.set((given.abs() >= _WHOLE_BELOW).fill_null(value=False), None)
    digits = whole.cast(pl.Int64, strict=False)
    is_whole = (digits.cast(pl.Float64) == given).fill_null(value=False)
    return digits.cast(pl.String).zip_with(is_whole, given.cast(pl.String))

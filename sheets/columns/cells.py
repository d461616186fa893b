"""Cells as the rules want them: trimmed, blank is null, flags, dates and home pages in one form.

Each type of field has one cleaner; all work on whole columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from sheets.columns import headers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%Y%m%d")
_SHORT_DATES = ("%m/%d/%y", "%m-%d-%y", "%d-%b-%y")
_TIMES = ("%H:%M:%S%.f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_MOMENT = rf"^(.*?)[T ]+({_CLOCK}){_ZONE}$"
_HALF_DAY = r"[. ]*([AP])\.?M\.?$"
_SHORT_YEAR = r"^\d{1,2}[-/](?:\d{1,2}|[A-Za-z]{3})[-/]\d{2}$"
_FRACTION = r"^(\d+)\.0$"
_ERROR = (
    r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|"
    r"BUSY!|GETTING_DATA|UNKNOWN!|PYTHON!|ERROR!)$"
)
_SAID = "said"


class Clean(NamedTuple):
    """A cleaned column, and why its odd cells are null (null itself where a cell is not odd)."""

    values: pl.Series
    odd: pl.Series | None = None


def clean(kind: str, series: pl.Series) -> Clean:
    """Clean the cells of one field by its type.

    Example:
        >>> found = clean("flag", pl.Series(["Y", " no ", "", "maybe"]))
        >>> found.values.to_list(), found.odd.to_list()
        (['true', 'false', None, None], [None, None, None, 'unclear:'])
    """
    if kind in {"id", "phone", "email", "name"}:
        text = _trimmed(series)
        return _text(_whole(text) if kind in {"id", "phone"} else text, *_nothing(kind))
    # The other types have few different words in many rows: each word is cleaned once.
    seen = series.unique().drop_nulls()
    plain = _text(_trimmed(seen), *_nothing(kind))
    if kind == "date":
        plain = _mapped(plain, _iso)
    elif kind == "home_page":
        plain = _mapped(plain, _home_pages)
    elif kind in vocabulary.data()["truth"]:
        plain = _mapped(plain, lambda words: _truth(kind, words))
    odd = None if plain.odd is None else _spread(series, seen, plain.odd)
    return Clean(_spread(series, seen, plain.values), odd)


def first(odd: pl.Series | None, more: pl.Series | None) -> pl.Series | None:
    """Two columns of reasons in one; the first goes before."""
    if odd is None or more is None:
        return more if odd is None else odd
    return odd.zip_with(odd.is_not_null(), more)


def _nothing(kind: str) -> list[str]:
    """The patterns that stand for nothing in a type of field."""
    listed = _words(kind if kind in {"name", "label"} else "text")
    more = {
        "email": [_mailboxes()],
        "phone": [_same_digits()],
        "date": [_words("never")],
    }
    return [listed, *more.get(kind, [])]


def _spread(series: pl.Series, seen: pl.Series, cleaned: pl.Series) -> pl.Series:
    """Put what became of each word where the word stands."""
    if (seen == cleaned).all() and not cleaned.null_count():
        return series
    changed = dict(zip(seen, cleaned, strict=True))
    return series.replace_strict(changed, default=None, return_dtype=pl.String)


def _whole(series: pl.Series) -> pl.Series:
    """Ids and telephone numbers that a program wrote as numbers lose their fraction of nothing."""
    if series.str.ends_with(".0").any():
        return series.str.replace(_FRACTION, "$1")
    return series


def _text(text: pl.Series, *nothing: str) -> Clean:
    """Trimmed text, in which some patterns stand for nothing."""
    odd = _reasons(text, text.str.contains("|".join(nothing)), "placeholder:")
    if text.str.starts_with("#").any():
        odd = first(_reasons(text, text.str.contains(_ERROR), "error:"), odd)
    return Clean(text if odd is None else text.set(odd.is_not_null(), None), odd)


def _trimmed(series: pl.Series) -> pl.Series:
    """Without white space around; the same cells if there is none, which spares memory."""
    trimmed = series.str.strip_chars(headers.SPACES)
    if (trimmed == series).all():
        trimmed = series
    blank = (trimmed == "").fill_null(value=False)
    return trimmed.set(blank, None) if blank.any() else trimmed


def _reasons(text: pl.Series, which: pl.Series, why: str) -> pl.Series | None:
    """``why`` and the text where a mask is true, null elsewhere; None if it never is."""
    if not which.any():
        return None
    said = pl.when(which).then(pl.lit(why) + text)
    return pl.select(said.alias(_SAID)).to_series()


def _mapped(plain: Clean, translate: Callable[[pl.Series], Mapping[str, str]]) -> Clean:
    """Each word replaced by what it stands for; a word that stands for nothing is unclear."""
    known = translate(plain.values.drop_nulls())
    result = plain.values.replace_strict(known, default=None, return_dtype=pl.String)
    unclear = result.is_null() & plain.values.is_not_null()
    return Clean(result, first(plain.odd, _reasons(result.fill_null(""), unclear, "unclear:")))


def _words(name: str) -> str:
    listed = vocabulary.data()["placeholders"][name]
    return "^(?i:" + "|".join(map(re.escape, listed)) + ")$"


def _mailboxes() -> str:
    listed = vocabulary.data()["placeholders"]["mailbox"]
    return "^(?i:" + "|".join(map(re.escape, listed)) + ")@"


def _same_digits() -> str:
    """Telephone numbers of one digit alone: 000-000-0000."""
    digits = vocabulary.data()["placeholders"]["digits"]
    return "|".join(rf"^[^0-9]*(?:{one}[^0-9]*){{7,11}}$" for one in digits)


def _truth(name: str, seen: pl.Series) -> Mapping[str, str]:
    """Yes and no in an office's words."""
    entry = vocabulary.data()["truth"][name]
    truth = dict.fromkeys(entry["yes"], "true") | dict.fromkeys(entry["no"], "false")
    return {word: truth[word.casefold()] for word in seen if word.casefold() in truth}


def _home_pages(seen: pl.Series) -> Mapping[str, str]:
    """Names of screens and codes of the database, as the codes of `fields.toml`."""
    return {text: _home_page(text.casefold()) for text in seen}


def _home_page(text: str) -> str:
    for code, words in vocabulary.data()["home_pages"].items():
        if any(word in text for word in words):
            return str(code)
    return "other"


def _iso(seen: pl.Series) -> Mapping[str, str]:
    """ISO 8601 for every text that is a date; a time of day is kept unless it is midnight."""
    text = pl.col("text")
    frame = pl.DataFrame({"text": seen}).with_columns(
        day=text.str.extract(_MOMENT, 1).fill_null(text).str.strip_chars(" ,"),
        time=text.str.extract(_MOMENT, 2).str.to_uppercase().str.replace(_HALF_DAY, " ${1}M"),
    )
    day, time = pl.col("day"), pl.col("time")
    long = pl.coalesce(day.str.to_date(one, strict=False) for one in _DATES)
    brief = pl.coalesce(day.str.to_date(one, strict=False) for one in _SHORT_DATES)
    read = frame.select(
        "text",
        day=pl.when(day.str.contains(_SHORT_YEAR)).then(brief).otherwise(long),
        time=pl.coalesce(time.str.to_time(one, strict=False) for one in _TIMES),
    ).drop_nulls("day")
    midnight = time.is_null() | (time == pl.time(0, 0, 0))
    said = (
        pl.when(midnight)
        .then(day.dt.strftime("%Y-%m-%d"))
        .otherwise(day.dt.combine(time).dt.strftime("%Y-%m-%dT%H:%M:%S"))
    )
    return dict(read.select("text", said).iter_rows())

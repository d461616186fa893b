"""How the service shows a value: numbers, dates and their patterns in the locale en_US."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.google.errors import Json

EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no time zone
DEFAULTS = {
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "PERCENT": "0.00%",
    "CURRENCY": '"$"#,##0.00',
    "SCIENTIFIC": "0.00E+00",
    "NUMBER": "#,##0.00",
}
DATES = ("DATE", "TIME", "DATE_TIME")
DATE_PART = re.compile(
    r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|\"[^\"]*\"|.", re.IGNORECASE
)
NUMBER = re.compile(r"(?P<before>[^#0?]*)(?P<digits>[#0?,]+)(?P<part>\.[#0?]+)?(?P<after>.*)")


def general(value: float) -> str:
    """A number without a format.

    >>> general(2.0), general(1 / 1024), general(1e20)
    ('2', '0.0009765625', '1E+20')
    """
    if abs(value) >= 1e15 or (value and abs(value) < 1e-9):
        mantissa, exponent = f"{value:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(value: Any, number_format: Json | None) -> str:
    """What a cell with this value and number format shows."""
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, int | float):
        return str(value)
    kind = (number_format or {}).get("type", "NUMBER_FORMAT_TYPE_UNSPECIFIED")
    pattern = (number_format or {}).get("pattern") or DEFAULTS.get(kind, "")
    if kind in DATES:
        return _date(value, pattern)
    if not pattern or kind == "TEXT" or pattern in ("@", "General"):
        return general(value)
    return _number(value, pattern)


def _number(value: float, pattern: str) -> str:
    found = NUMBER.fullmatch(pattern.split(";", maxsplit=1)[0])
    if not found or "E" in pattern:
        return general(value)
    before, digits, after = found["before"], found["digits"], found["after"]
    places = len(found["part"] or ".") - 1
    if "%" in after:
        value *= 100
    text = f"{abs(value):,.{places}f}" if "," in digits else f"{abs(value):.{places}f}"
    least = digits.count("0")
    whole, dot, part = text.partition(".")
    optional = (found["part"] or "").count("#")
    part = part[: places - optional] + part[places - optional :].rstrip("0")
    text = whole.zfill(least) + (dot + part if part else "")
    return "-" * (value < 0) + before.replace('"', "") + text + after.replace('"', "")


def _date(value: float, pattern: str) -> str:
    moment = EPOCH + dt.timedelta(seconds=round(value * 86400))
    half = "am/pm" in pattern.lower()
    made, minutes = [], False
    for part in DATE_PART.findall(pattern):
        name = part.lower()
        if name.startswith("h"):
            minutes = True
        made.append(_part(moment, name, part, half=half, minutes=minutes))
        if name.startswith(("s", "y", "d")):
            minutes = False
    return "".join(made)


def _part(moment: dt.datetime, name: str, text: str, *, half: bool, minutes: bool) -> str:
    if name in ("m", "mm") and minutes:
        return f"{moment.minute:02d}" if name == "mm" else str(moment.minute)
    hour = (moment.hour % 12 or 12) if half else moment.hour
    parts = {
        "yyyy": f"{moment.year:04d}",
        "yy": f"{moment.year % 100:02d}",
        "mmmm": f"{moment:%B}",
        "mmm": f"{moment:%b}",
        "mm": f"{moment.month:02d}",
        "m": str(moment.month),
        "dddd": f"{moment:%A}",
        "ddd": f"{moment:%a}",
        "dd": f"{moment.day:02d}",
        "d": str(moment.day),
        "hh": f"{hour:02d}",
        "h": str(hour),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
        "am/pm": "AM" if moment.hour < 12 else "PM",
    }
    return parts.get(name, text.strip('"'))

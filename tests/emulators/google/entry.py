"""What typing a text into a cell makes of it (USER_ENTERED, in the locale en_US)."""

from __future__ import annotations

import datetime as dt
import re

from tests.emulators.google.calc import number
from tests.emulators.google.display import EPOCH
from tests.emulators.google.errors import Json

NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<money>\$?)(?P<digits>\d{1,3}(?:,\d{3})+|\d*)(?P<part>\.\d*)?"
    r"(?P<power>[eE][-+]?\d+)?(?P<percent>%?)"
)
# The way of writing, how to read it, and the pattern that the cell then has.
DATES = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d", "yyyy-mm-dd"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y", "m/d/yyyy"),
    (r"\d{1,2}/\d{1,2}/\d{2}", "%m/%d/%y", "m/d/yy"),
)

Entered = tuple[Json | None, Json | None]


def typed(text: str, *, as_text: bool = False) -> Entered:
    """The value of a cell after somebody typed this, and its number format if it gets one."""
    if text == "":
        return None, None
    if text.startswith("'"):
        return {"stringValue": text[1:]}, None
    if as_text:
        return {"stringValue": text}, None
    if text.startswith("=") and len(text) > 1:
        return {"formulaValue": text}, None
    if text.strip().upper() in ("TRUE", "FALSE"):
        return {"boolValue": text.strip().upper() == "TRUE"}, None
    return _number(text.strip()) or _date(text.strip()) or _plus(text)


def _plus(text: str) -> Entered:
    """What begins with a plus is a formula, even if it is none: ``+1 555`` shows an error."""
    if text.startswith("+"):
        return {"formulaValue": f"={text}"}, None
    return {"stringValue": text}, None


def _number(text: str) -> Entered | None:
    found = NUMBER.fullmatch(text)
    if not found or not re.search(r"\d", found["digits"] + (found["part"] or "")):
        return None
    plain = found["digits"].replace(",", "") + (found["part"] or "") + (found["power"] or "")
    value = float(found["sign"] + plain)
    places = "00" if found["part"] and found["part"] != "." else ""
    pattern, kind = "", "NUMBER"
    if found["percent"]:
        value /= 100
        kind, pattern = "PERCENT", "0.00%" if places else "0%"
    elif found["money"]:
        kind, pattern = "CURRENCY", '"$"#,##0.00' if places else '"$"#,##0'
    elif found["power"]:
        kind, pattern = "SCIENTIFIC", "0.00E+00"
    elif "," in found["digits"]:
        pattern = "#,##0.00" if places else "#,##0"
    return {"numberValue": number(value)}, {"type": kind, "pattern": pattern} if pattern else None


def _date(text: str) -> Entered | None:
    for written, read, pattern in DATES:
        if re.fullmatch(written, text):
            try:
                day = dt.datetime.strptime(text, read)  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                return None
            return {"numberValue": (day - EPOCH).days}, {"type": "DATE", "pattern": pattern}
    return None

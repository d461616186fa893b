"""The address of a spreadsheet, as a browser shows it."""

from __future__ import annotations

import re

from sheets.errors import WrongUsage

_ADDRESS = re.compile(
    r"(?:https://)?docs\.google\.com/(?:a/[\w.-]+/)?spreadsheets/(?:u/\d+/)?d/(?!e/)([\w-]+)"
)
_PUBLISHED = "/spreadsheets/d/e/"


def spreadsheet_id(address: str) -> str:
    """Return the id in the address of a spreadsheet.

    Raises:
        WrongUsage: It is the address of something else.

    Example:
        >>> spreadsheet_id("https://docs.google.com/spreadsheets/d/1AbC_-d/edit#gid=0")
        '1AbC_-d'
    """
    match = _ADDRESS.match(address.strip())
    if match is None and _PUBLISHED in address:
        raise WrongUsage(
            "This is the address of a published copy, which nobody can write to.",
            hint="Open the spreadsheet itself, and copy the address from the browser.",
        )
    if match is None:
        raise WrongUsage(
            f"{address} is not the address of a Google spreadsheet.",
            hint="Copy it from the browser: https://docs.google.com/spreadsheets/d/...",
        )
    return match[1]

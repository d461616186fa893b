"""The names of the files: of a school's name whatever is safe on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

UNNAMED = "School not known"
"""What the rows are called whose school is not known."""

_LONGEST = 60  # characters, of at most four bytes each: a file's name has 255 bytes
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
_PASSED_OVER = re.compile(r"\.(?=checked|backup)", re.IGNORECASE)  # our own results in a folder


def of_files(labels: Iterable[str], due: dt.date | None) -> Sequence[str]:
    """Name the files of some groups, each another way, without an ending.

    Two names that differ in upper and lower case alone are one name on Windows.

    Args:
        labels: What the groups are called; the empty text where that is not known.
        due: The day by which they are to come back.

    Example:
        >>> import datetime as dt
        >>> of_files(["Adams", "adams"], dt.date(2026, 12, 4))
        ['Adams_fix-by-2026-12-04', 'adams 2_fix-by-2026-12-04']
        >>> of_files(["K/8: East", "NUL.a", ""], None)
        ['K 8 East_to-fix', 'NUL a_to-fix', 'School not known_to-fix']
    """
    suffix = f"_fix-by-{due.isoformat()}" if due else "_to-fix"
    taken: set[str] = set()
    names = []
    for label in labels:
        stem = clean(label)
        again, name = 1, stem
        while unicodedata.normalize("NFKC", name).casefold() in taken:
            again += 1
            name = f"{stem} {again}"
        taken.add(unicodedata.normalize("NFKC", name).casefold())
        names.append(name + suffix)
    return names


def clean(label: str) -> str:
    """Give what every system takes as the beginning of a file's name, before ``_`` and more.

    Example:
        >>> clean(" St. Mary's "), clean("../../etc"), clean("aux.b"), clean("~$Adams")
        ("St. Mary's", 'etc', 'aux b', '$Adams')
    """
    seen = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Cs", "Co", "Zl", "Zp"} else sign
        for sign in unicodedata.normalize("NFC", label)
        if unicodedata.category(sign) != "Cf"
    )
    name = _PASSED_OVER.sub(" ", _UNSAFE.sub(" ", seen)).lstrip("~.- ")
    name = name[:_LONGEST].rstrip(". ") or UNNAMED
    first, dot, rest = name.partition(".")
    if dot and first.rstrip().casefold() in _RESERVED:
        # Windows looks at what stands before the first dot only, and all names have an ending.
        name = f"{first.rstrip()} {rest.lstrip()}"
    return name

"""The words of the rule module: what goes in (`Table`), what comes out (`Findings`), and between.

Nothing here knows a spreadsheet. A table's frame is anything that narwhals understands, so the
same rules run on polars, DuckDB and PySpark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import polars as pl

ROW = "_row"
"""The column of every frame that says which row of the sheet this is."""

REVEALED = "revealed"
"""The column of `Findings.frame` that holds the verdict."""

ODD = "__odd"
"""Suffix of the companion of a field: why the field is null although the cell is not empty.

``placeholder:N/A`` (a word for nothing), ``error:#N/A`` (an error value), ``no_result:``
(a formula without a stored result), ``unclear:`` (not a known word for a flag, not a date).
The companion is absent where no cell of the field is odd.
"""


class Severity(StrEnum):
    """What a finding means for the verdict."""

    HIDES = "hides"
    UNKNOWN = "unknown"
    CHECK = "check"
    INFO = "info"


class Verdict(StrEnum):
    """Whether the API reveals a person (or a student-contact pair)."""

    YES = "Yes"
    NO = "No"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Table:
    """One recognised table, cleaned.

    Attributes:
        kind: ``student``, ``staff``, ``contact``, ``account`` or ``relationship_type``.
        frame: ``_row`` and one column of text per field that the sheet has (fields.toml names
            them). Text is trimmed, null is blank. Flags are ``true`` and ``false``; dates are
            ISO 8601 text; home pages are the codes of fields.toml. A field that the sheet does
            not have is not in the frame. See `ODD` for companions.
        headers: Field -> the header as the sheet shows it, on one line.
    """

    kind: str
    frame: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue.

    Attributes:
        id: Stable, never reused, such as ``CON-FLD-03``.
        who: ``student``, ``staff``, ``contact``, ``pair`` or ``all``.
        title: The condition that must hold, in one line.
        field: The field that it looks at, if it is one.
        sentences: Variant -> what the office reads; may use ``{header}`` and ``{seen}``.
        unknown: The variants that say that an input is lacking.
        why: Why it matters.
        fix: How to fix it.
        where: The menu path in Campus.
        who_fixes: ``office`` or ``Campus administrator``.
        source: Where the rule is published.
        confidence: ``high``, ``medium`` or ``low``.
    """

    id: str
    who: str
    title: str
    sentences: Mapping[str, str]
    unknown: frozenset[str]
    why: str
    fix: str
    where: str
    who_fixes: str
    source: str
    confidence: str
    softer: Mapping[str, Severity] = field(default_factory=dict)
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a district may set.

    Attributes:
        home_page_reading: ``A``, ``B`` or ``C``: the three readings of the Home Page sentence.
        expired_is_inactive: Whether an account that expired before the as-of date is inactive.
        guardian_types: The relationship types that count as Guardian if nothing else tells.
    """

    home_page_reading: str = "C"
    expired_is_inactive: bool = True
    guardian_types: Sequence[str] = ("Guardian",)


@dataclass(frozen=True, slots=True)
class Profile:
    """Which rules hide, warn or inform, with which settings, as of which day."""

    id: str
    version: str
    as_of: dt.date
    severities: Mapping[str, Severity]
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in one table.

    Attributes:
        table: The table that was judged.
        frame: ``_row``, ``revealed`` (`Verdict`) and one column of text per rule that found
            something, named by the rule's id: null where it holds, else the variant, or
            ``variant:seen``. One line per line of the table's frame, ascending by ``_row``.
    """

    table: Table
    frame: pl.DataFrame

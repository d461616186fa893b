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

DUPLICATE = "DUP-01"
"""The rule that points at the row that a pair of student and contact is judged by."""

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


BARS = (Severity.HIDES, Severity.UNKNOWN)
"""What stands between a row and Yes."""


class Verdict(StrEnum):
    """Whether the API reveals a person (or a student-contact pair)."""

    YES = "Yes"
    NO = "No"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Table:
    """One recognised table, cleaned.

    Attributes:
        kind: ``student``, ``staff`` and ``contact`` are judged; ``account``,
            ``relationship_type``, ``enrollment`` and ``link`` are looked up.
        frame: ``_row`` and one column of text per field that the sheet has (fields.toml names
            them). Text is trimmed, null is blank. Flags are ``true`` and ``false``; dates are
            ISO 8601 text; home pages are the codes of fields.toml. A field that the sheet does
            not have is not in the frame. See `ODD` for companions. A ``link`` has
            ``student_sourced_id`` and ``sourced_id``: which contact belongs to which student.
            ``name_key`` (first and last name in lower case, one blank between) is there where a
            name in one column was taken apart: for matching only.
        headers: Field -> the header as the sheet shows it, on one line.
    """

    kind: str
    frame: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue, or a rule that a district has added.

    Attributes:
        id: Stable, never reused, such as ``CON-FLD-03``.
        who: ``student``, ``staff``, ``contact``, ``pair`` or ``all``.
        title: The condition that must hold, in one line.
        sentences: Variant -> what the office reads; may use ``{header}`` and ``{seen}``.
        unknown: The variants that say that an input is lacking.
        why: Why it matters.
        fix: How to fix it.
        where: The menu path in Campus.
        who_fixes: ``office`` or ``Campus administrator``.
        source: Where the rule is published.
        confidence: ``high``, ``medium`` or ``low``.
        softer: Variants that never hide, and what they are instead.
        field: The field that it looks at, if it is one.
        reads: All other fields that it looks at.
        settings: The settings that change what it means.
        allowed: A district's own rule: the values that are allowed, in lower case; else empty.
        column: A district's own rule: the heading of the column that `field` stands for, where
            it is none of fields.toml; else empty.
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
    reads: Sequence[str] = ()
    settings: Sequence[str] = ()
    allowed: Sequence[str] = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a district may set; profiles.toml gives each profile's own.

    Attributes:
        account_required: ``enabled`` (an active account), ``any`` (one that may be disabled) or
            ``none``.
        home_page_reading: ``A``, ``B`` or ``C``: the three readings of the Home Page sentence.
        student_home_pages, staff_home_pages, contact_home_pages: The Home Pages (codes of
            fields.toml) that fit each kind of people.
        expired_is_inactive: Whether an account that expired before the as-of date is inactive.
        guardian_types: The relationship types that count as Guardian if nothing else tells.
        guardian_source: What makes a guardian: the relationship ``type`` (the box where nothing
            is known of the type), the ``box`` of the relationship, or ``either``.
        guardian_by: Who is revealed for a student: ``guardian``, ``portal`` (the Portal box is
            ticked) or ``either``.
        grade_book_sync: Whether the connection has Grade Book sync, which reveals relatives.
        grade_book_sync_for_guardians: Whether guardians need it too, as in old releases.
        active_year: First and last day of the school year; None: July to June around the day.
        schools: The schools of the connection; none: all.
        staff_domains: The mail domains of the district's own people.
        phones: The phone fields of which one must hold data.
        two_people: What in a First Name speaks of two people (regular expression, RE2).
    """

    account_required: str = "enabled"
    home_page_reading: str = "C"
    student_home_pages: Sequence[str] = ("campus_student",)
    staff_home_pages: Sequence[str] = ("campus_application", "campus_instruction")
    contact_home_pages: Sequence[str] = ("campus_parent",)
    expired_is_inactive: bool = True
    guardian_types: Sequence[str] = ("Guardian",)
    guardian_source: str = "type"
    guardian_by: str = "guardian"
    grade_book_sync: bool = False
    grade_book_sync_for_guardians: bool = False
    active_year: tuple[dt.date, dt.date] | None = None
    schools: Sequence[str] = ()
    staff_domains: Sequence[str] = ()
    phones: Sequence[str] = ("other_phone",)
    two_people: str = r"(?i)(?:^|[ \t])and(?:[ \t]|$)|[/&+]"


@dataclass(frozen=True, slots=True)
class Profile:
    """Which rules hide, warn or inform, with which settings, as of which day.

    Attributes:
        id: Its name in profiles.toml.
        version: Its version.
        as_of: The day.
        severities: Rule id -> severity; a rule that is not here is off.
        settings: What the district has set.
        packs: The optional packs that were added.
        rules: Every rule it may apply, by id, in the order in which findings are told: the
            catalogue, then the district's own.
        changed: Rule id -> severity, as the district has set it.
        settings_file: The name of the settings file that the district has written, if it has.
    """

    id: str
    version: str
    as_of: dt.date
    severities: Mapping[str, Severity]
    settings: Settings
    rules: Mapping[str, Rule]
    packs: Sequence[str] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    settings_file: str = ""


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

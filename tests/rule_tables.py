"""Small tables for the rules, written as rows of plain dictionaries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sheets import rules
from sheets.rules.model import ODD, REVEALED, ROW, Findings, Profile, Table

AS_OF = dt.date(2026, 11, 23)
PARENT, OFFICE, STORE = "campus_parent", "campus_application", "public_store"
FIRST_ROW = 2

Row = dict[str, str | None]


@dataclass
class Sheet:
    """A table as the oracle sees it: its fields, and a dictionary for each row.

    A companion (`ODD`) is a key of the row like any other. `rows_at` numbers the rows as the
    spreadsheet does.
    """

    kind: str
    fields: tuple[str, ...]
    rows: list[Row]
    rows_at: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows_at = self.rows_at or list(range(FIRST_ROW, FIRST_ROW + len(self.rows)))

    @property
    def headers(self) -> dict[str, str]:
        return {name: name.replace("_", " ").title() for name in self.fields}

    def frame(self) -> pl.DataFrame:
        odd = [name + ODD for name in self.fields if any(row.get(name + ODD) for row in self.rows)]
        columns: dict[str, Any] = {ROW: pl.Series(self.rows_at, dtype=pl.UInt32)}
        for name in (*self.fields, *odd):
            columns[name] = pl.Series([row.get(name) for row in self.rows], dtype=pl.String)
        return pl.DataFrame(columns)

    def table(self) -> Table:
        return Table(self.kind, self.frame(), self.headers)


@dataclass
class District:
    """All sheets that are checked together."""

    sheets: list[Sheet]

    def of(self, kind: str) -> list[Sheet]:
        """The sheets of one kind."""
        return [one for one in self.sheets if one.kind == kind]

    @property
    def people(self) -> list[Sheet]:
        """The sheets that are judged."""
        return [one for one in self.sheets if one.kind in {"student", "staff", "contact"}]

    def tables(self) -> list[Table]:
        return [one.table() for one in self.sheets]


def sheet(kind: str, *rows: Row, absent: tuple[str, ...] = ()) -> Sheet:
    """A sheet with every field that a row has; `absent` ones are left out."""
    names = dict.fromkeys(name for row in rows for name in row if not name.endswith(ODD))
    return Sheet(kind, tuple(name for name in names if name not in absent), list(rows))


def contact(**changes: str | None) -> Row:
    """A contact for whom everything holds, but for what is changed."""
    return {
        "person_id": "900",
        "first_name": "Amara",
        "last_name": "Abara",
        "other_phone": "(585) 555-0100",
        "email": "amara@example.org",
        "relationship": "Mother",
        **changes,
    }


def account(**changes: str | None) -> Row:
    """An active Campus Parent account of that contact, but for what is changed."""
    return {
        "person_id": "900",
        "username": "amara",
        "home_page": PARENT,
        "account_enabled": "true",
        "account_created": "2018-08-15",
        "account_expires": None,
        **changes,
    }


def odd(name: str, reason: str) -> Row:
    """A cell that is null, but not empty."""
    return {name: None, name + ODD: reason}


def types(**flags: str | None) -> Sheet:
    """The sheet of relationship types."""
    rows = [{"rel_type_name": name, "rel_type_guardian": flag} for name, flag in flags.items()]
    return sheet("relationship_type", *rows)


TYPES = types(Mother="true", Father="true", Grandparent="false")


def profile(**settings: Any) -> Profile:
    return rules.profile(as_of=AS_OF, settings=settings)


def evaluate(*sheets: Sheet, by: Profile | None = None) -> list[Findings]:
    return rules.evaluate([one.table() for one in sheets], by or profile())


def judge(*sheets: Sheet, by: Profile | None = None) -> tuple[str, dict[str, str]]:
    """Verdict and findings (rule -> text) of the first row of the first judged sheet."""
    return told(evaluate(*sheets, by=by)[0])[0]


def told(findings: Findings) -> list[tuple[str, dict[str, str]]]:
    """Verdict and findings of each row."""
    return [
        (row[REVEALED], {k: v for k, v in row.items() if k not in {ROW, REVEALED} and v})
        for row in findings.frame.iter_rows(named=True)
    ]

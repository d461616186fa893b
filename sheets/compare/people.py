"""The people of the sheets, as they are to be found in an answer of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets.rules.model import ROW
from sheets.summary import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.rules.model import Table

PUPIL = "pupil"
"""The student of a contact's row, who is looked up like a person of a kind of its own."""

LINE, TABLE, KIND, PERSON = "line", "table", "kind", "person"
WHERE, ID = "where", "id"

_IDS = ("sourced_id", "person_id", "person_guid", "number", "student_state_id", "contact_id")
_OF_PUPIL: Mapping[str, str] = {
    "student_sourced_id": "sourced_id",
    "student_person_id": "person_id",
    "student_guid": "person_guid",
    "student_number": "number",
}
_ACCOUNT_KEYS = ("person_id", "person_guid", "number")
_SCHEMA = {LINE: pl.UInt32, KIND: pl.String, WHERE: pl.String, ID: pl.String}
_BLANKS = r"\s+"


@dataclass(frozen=True, slots=True)
class People:
    """All rows of people of a run, numbered through.

    Attributes:
        lines: ``line`` (from 0, table after table, each ascending by row), ``table`` (which one),
            ``_row``, ``kind``, ``person`` (the same text for rows about the same person),
            ``first``, ``last``, ``email`` (in lower case) and ``school``.
        ids: ``line``, ``kind``, ``where`` (the field) and ``id``: by which ids people can be
            found. Rows of contacts have their students in it, too, as of kind `PUPIL`.
        usernames: ``line`` and ``username``.
        found: For each table where it stands.
    """

    lines: pl.DataFrame
    ids: pl.DataFrame
    usernames: pl.DataFrame
    found: Sequence[Found]


def gather(tables: Sequence[tuple[Found, Table]]) -> People:
    """Number the rows of all tables of people and gather what they can be found by."""
    lines: list[pl.DataFrame] = []
    ids: list[pl.DataFrame] = []
    frames: list[pl.DataFrame] = []
    found: list[Found] = []
    first = 0
    for owner, table in tables:
        if table.kind not in KINDS:
            continue
        frame = table.frame.sort(ROW).with_row_index(LINE, offset=first)
        first += frame.height
        lines.append(_lines(frame, len(found), table.kind))
        ids += _ids(frame, table.kind, {name: name for name in _IDS})
        if table.kind == "contact":
            ids += _ids(frame, PUPIL, _OF_PUPIL)
        frames.append(frame)
        found.append(owner)
    every = pl.concat(ids) if ids else pl.DataFrame(schema=_SCHEMA)
    accounts = [table.frame for _, table in tables if table.kind == "account"]
    return People(pl.concat(lines), every, _usernames(frames, every, accounts), found)


def _lines(frame: pl.DataFrame, table: int, kind: str) -> pl.DataFrame:
    first, last = _folded(frame, "first_name"), _folded(frame, "last_name")
    email, school = _folded(frame, "email"), _text(frame, "school")
    names = pl.concat_str(
        [pl.lit("name"), first, last, email.fill_null("")], separator="\n", ignore_nulls=False
    )
    known = [
        pl.concat_str([pl.lit(f"{name}\n"), _folded(frame, name)])
        for name in _IDS
        if name in frame.columns
    ]
    nobody = pl.concat_str([pl.lit("line\n"), pl.col(LINE).cast(pl.String)])
    return frame.select(
        LINE,
        pl.lit(table, dtype=pl.UInt32).alias(TABLE),
        pl.col(ROW).cast(pl.UInt32),
        pl.lit(kind).alias(KIND),
        pl.coalesce(*known, names, nobody).alias(PERSON),
        first.alias("first"),
        last.alias("last"),
        email.alias("email"),
        school.alias("school"),
    )


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _folded(frame: pl.DataFrame, name: str) -> pl.Expr:
    """A field as it is compared: lower case, one blank between words."""
    return _text(frame, name).str.to_lowercase().str.replace_all(_BLANKS, " ").str.strip_chars(" ")


def _ids(frame: pl.DataFrame, kind: str, fields: Mapping[str, str]) -> list[pl.DataFrame]:
    """The ids of a table's rows, one below the other."""
    return [
        frame.select(
            LINE,
            pl.lit(kind).alias(KIND),
            pl.lit(where).alias(WHERE),
            _folded(frame, name).alias(ID),
        ).drop_nulls(ID)
        for name, where in fields.items()
        if name in frame.columns
    ]


def _usernames(
    frames: Sequence[pl.DataFrame], ids: pl.DataFrame, accounts: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """The usernames of each row: its own, and those of its person's accounts."""
    parts = [frame.select(LINE, _folded(frame, "username").alias("username")) for frame in frames]
    own = ids.filter(pl.col(KIND) != PUPIL)
    for account in accounts:
        for key in _ACCOUNT_KEYS:
            if key in account.columns and "username" in account.columns:
                theirs = account.select(
                    _folded(account, key).alias(ID), _folded(account, "username").alias("username")
                )
                parts.append(
                    own.filter(pl.col(WHERE) == key)
                    .join(theirs.drop_nulls(), on=ID)
                    .select(LINE, "username")
                )
    return pl.concat(parts).drop_nulls().unique()

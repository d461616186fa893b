"""An earlier run, as `reveal check --json` printed it."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations
import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from sheets.books.refusals import cannot_read
from sheets.errors import CannotRead
from sheets.report.identity import SALT_BYTES

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
"""The newest schema that is understood; see addin/payload.py."""

_WORD = r"^[\w.-]{1,80}$"
_SAVE = "Save one with: reveal check FILE --json > earlier.json"


class Finding(BaseModel):
    """What was found about a row."""

    rule: str = Field(pattern=_WORD)
    severity: str


class Row(BaseModel):
    """A row; `revealed` is empty if it was not judged."""

    revealed: str = ""
    findings: list[Finding] = []
    keys: list[str] = []


class Sheet(BaseModel):
    """The rows of one table."""

    rows: list[Row]


class Profile(BaseModel):
    """The rules that the run went by."""

    id: str = Field(pattern=_WORD)
    version: str = Field(pattern=_WORD)
    as_of: dt.date
    settings: dict[str, Any]
    packs: list[str] = []
    changed: dict[str, str] = {}
    own_rules: list[str] = []


class Earlier(BaseModel):
    """An earlier run: schema 1, as far as it is needed to compare.

    All words that may be shown are of a form that does a terminal no harm.
    """

    reveal: int
    profile: Profile
    salt: str = Field(pattern=f"^[0-9a-f]{{{2 * SALT_BYTES}}}$")
    sheets: list[Sheet]


def read(path: Path) -> Earlier:
    """Read what an earlier `reveal check --json` printed.

    Raises:
        CannotRead: It is not there, is something else, or tells too little to compare with.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise cannot_read(error, path) from error
    if not content.strip():
        raise CannotRead(
            "The file is empty.",
            hint="Save the new result under another name than the one that --since reads.",
            where=path.name,
        )
    try:
        # PowerShell writes UTF-16 with a mark in front. In other encodings only names of files
        # and sheets may be spoilt, which are not needed.
        data = json.loads(content.decode(json.detect_encoding(content), errors="replace"))
    except (ValueError, RecursionError) as error:
        raise _refused("This is not JSON, or not all of it.", path) from error
    _require_check(data, path)
    try:
        return Earlier.model_validate(data)
    except ValidationError as error:
        raise _refused("This is not the whole result of a check.", path) from error


def _require_check(data: Any, path: Path) -> None:
    """Refuse what is no result of a check, or one that tells too little."""
    schema = data.get("reveal") if isinstance(data, dict) else None
    if type(schema) is not int:
        raise _refused("This is JSON, but not the result of a check.", path)
    if schema > SCHEMA:
        raise CannotRead(
            "This was written by a newer Reveal.", hint="Update Reveal.", where=path.name
        )
    sheets = data.get("sheets")
    named = [one for one in sheets if isinstance(one, dict)] if isinstance(sheets, list) else []
    if not all("rows" in one for one in named):
        raise _refused(
            "This is the result of a check of exports: it has numbers, but no rows to compare.",
            path,
        )
    if schema < SCHEMA or "salt" not in data:
        raise _refused(
            "This was written by an older Reveal, which gave rows no keys to find them by.", path
        )


def _refused(message: str, path: Path) -> CannotRead:
    return CannotRead(message, hint=_SAVE, where=path.name)

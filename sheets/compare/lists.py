"""Answers as CSV: the users of a OneRoster set, or a plain list of ids."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

from sheets.errors import CannotRead, NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MORE = "\0columns"
"""The key under which the columns that are no field of OneRoster stand."""

_FIELDS = {
    "sourcedid": "sourcedId",
    "identifier": "identifier",
    "usermasteridentifier": "userMasterIdentifier",
    "userids": "userIds",
    "username": "username",
    "email": "email",
    "givenname": "givenName",
    "firstname": "givenName",
    "familyname": "familyName",
    "lastname": "familyName",
    "role": "role",
    "status": "status",
    "enableduser": "enabledUser",
    "agentsourcedids": "agents",
}
_SET = frozenset(
    f"{name}.csv"
    for name in (
        *("academicsessions", "categories", "classes", "classresources", "courses", "orgs"),
        *("courseresources", "demographics", "enrollments", "lineitems", "manifest", "results"),
        *("resources", "userprofiles", "userresources", "lineitemlearningobjectiveids"),
        *("lineitemscorescales", "resultlearningobjectiveids", "resultscorescales"),
    )
)
"""The other files of a OneRoster set."""

_DELIMITERS = ",;\t|"
_ROLES = ("usersourcedid", "role")


def is_people(name: str) -> bool:
    """Whether a file of a OneRoster set may hold people."""
    return name.rpartition("/")[2].lower() not in _SET


def is_roles(text: str) -> bool:
    """Whether this is the list of roles of a OneRoster 1.2 set."""
    header = [_key(cell) for cell in _first(text)]
    return all(name in header for name in _ROLES)


def roles(text: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the role of each line of a list of roles."""
    rows = _rows(text)
    header = [_key(cell) for cell in next(rows)]
    user, role = (header.index(name) for name in _ROLES)
    for row in rows:
        if len(row) > max(user, role):
            yield row[user].strip(), row[role].strip()


def people(name: str, text: str) -> Iterator[dict[str, Any]]:
    """Yield a line as OneRoster's JSON would have it.

    Raises:
        CannotRead: It is a page of the web, or broken.
        NotUnderstood: No ids are in it.
    """
    if text.lstrip().startswith("<"):
        raise CannotRead(
            "This is a page of the web, not an answer of the API.",
            hint="Perhaps it is the page to sign in. Fetch the answer again.",
            where=name,
        )
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise CannotRead("The list is damaged.", hint="Save it again.", where=name) from error
    if not any(any(map(str.isdigit, cell)) for row in rows for cell in row):
        raise NotUnderstood(
            "There are no ids in this list." if rows else "The answer of the API is empty.",
            hint='Give the JSON of /users, such as {"users": [...]}, or a CSV file of ids.',
            where=name,
        )
    titles = [cell.strip() for cell in rows[0]]
    is_known = any(_key(title) in _FIELDS for title in titles)
    for row in rows[1:] if is_known or _has_titles(rows) else rows:
        # Words that may be somebody's are told to nobody: columns are then called by number.
        names = titles if is_known else [f"column {at}" for at in range(1, len(row) + 1)]
        yield _entry(names, row)


def _entry(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {MORE: {}}
    for title, cell in zip(header, row, strict=False):
        known = _FIELDS.get(_key(title))
        if known:
            entry.setdefault(known, cell)
        else:
            entry[MORE][title] = cell
    return entry


def _has_titles(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first line seems to be titles: words above numbers."""
    first, *below = ([any(map(str.isdigit, cell)) for cell in row] for row in rows[:2])
    return not any(first) and any(map(any, below))


def _key(cell: str) -> str:
    return "".join(sign for sign in cell.casefold() if sign.isalnum())


def _first(text: str) -> list[str]:
    return next(_rows(text[: text.find("\n") + 1] or text), [])


def _rows(text: str) -> Iterator[list[str]]:
    """The lines that hold something."""
    sample = "".join(itertools.islice(io.StringIO(text), 20))
    delimiter = max(_DELIMITERS, key=sample.count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if any(map(str.strip, row)):
            yield row

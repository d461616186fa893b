"""Which columns tell whose row it is: by them a verdict that is looked up stays with its person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.errors import ColumnsNotFound
from sheets.grid import SharedBook
from sheets.rules.students import OF_STUDENT, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheets.columns.model import Found
    from sheets.flow import Judged

_OWN = (*(name for (name,) in STRONG), "contact_id", "sourced_id")
_STUDENT = tuple(OF_STUDENT[name] for (name,) in STRONG)


def columns(found: Found) -> Sequence[int]:
    """The columns of ids by which a row of a table is known; nothing if it has none.

    For a contact that is the student's and the contact's own, as far as there are both. A contact
    beside a student who has no id of its own is known by the student's.
    """
    student = _first(found, _STUDENT) if found.kind == "contact" else ()
    own = _first(found, _OWN)
    return (*student, *own) if own or found.group else ()


def require(judged: Iterable[Judged]) -> None:
    """Refuse lists of people in shared books whose rows are known by no id.

    Raises:
        ColumnsNotFound: The message names the first of them. Nothing was written.
    """
    for one in judged:
        if one.patch is None or not isinstance(one.book, SharedBook):
            continue
        if not all(own.keys for own in one.patch.columns or ()):
            raise ColumnsNotFound(
                "This list has no column of ids, so --strict cannot tell whose row is whose.",
                hint="Add a column such as Student Number or Staff Number (for contacts: Contact "
                "Person ID), or run it without --strict.",
                where=one.found.grid.where,
            )


def _first(found: Found, names: Iterable[str]) -> Sequence[int]:
    return [found.fields[name].column for name in names if name in found.fields][:1]

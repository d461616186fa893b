"""A recognised table's cells, cleaned: what the rules get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import cells, groups, names, oneroster, values, vocabulary
from sheets.grid import OddKind
from sheets.rules.model import ODD, ROW, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheets.columns.model import Found
    from sheets.grid import Odd

_ROLE = "role"
_NUMBERS = {
    "student": ("number", "student_number"),
    "staff": ("number", "staff_number"),
}
"""A mixed list may have both kinds of numbers: these are the ones of a kind of people."""


def tables(found: Found) -> list[Table]:
    """Clean the cells of a table.

    The frame of each has ``_row`` and one column per field. These are the keys, under the same
    names in every table that has them:

    - ``person_id``, ``person_guid``, ``number`` (student or staff number), ``email``,
      ``last_name``, ``first_name``: the person of the row; on a list of contacts the contact;
    - ``student_number``, ``student_person_id``, ``student_guid``: the student of a pair.

    A list of accounts that tells students' numbers from staff's has ``student_number`` and
    ``staff_number``, so that one is never taken for the other.

    Returns:
        One table, for a group of a wide sheet of the rows in which it holds somebody; for a mixed
        list one for each of student, staff and contact that has rows (a row with another role is
        in none); nothing for a sheet of kind ``other``. Where rows name their contacts or students
        (OneRoster), a table of kind ``link`` comes last.
    """
    if found.cells is None:
        return []
    frame, shown = _cleaned(found)
    if found.group:
        frame = groups.people(frame, found.group)
    if found.kind != vocabulary.MIXED:
        table = _table(found.kind, frame, shown)
        return [table, *oneroster.links([table])]
    of_row = values.kinds_of(frame[_ROLE])
    judged = [
        _table(kind, _without_untold(part, found), shown)
        for kind in ("student", "staff", "contact")
        if (part := frame.filter(of_row == kind)).height
    ]
    return [*judged, *oneroster.links(judged)]


def _without_untold(frame: pl.DataFrame, found: Found) -> pl.DataFrame:
    """Leave out what other sheets say of other kinds of people alone."""
    told = [] if found.told is None else found.told.drop(ROW).columns
    return frame.drop(name for name in told if frame[name].null_count() == frame.height)


def _cleaned(found: Found) -> tuple[pl.DataFrame, Mapping[str, str]]:
    """The fields of the table's rows whose cells were read."""
    raw = _rows(found)
    columns: list[pl.Series] = [raw[ROW]]
    odd_cells = _odd_cells(found)
    for name, place in found.fields.items():
        if str(place.column) not in raw.columns:
            continue
        clean = cells.clean(vocabulary.field_of(name).type, raw[str(place.column)])
        odd = cells.first(clean.odd, _reasons(raw[ROW], odd_cells.get(place.column, {})))
        columns.append(clean.values.alias(name))
        if odd is not None and odd.null_count() < len(odd):
            columns.append(odd.alias(name + ODD))
    shown = {name: place.header for name, place in found.fields.items()}
    if found.told is not None:
        more = found.told.drop(ROW)
        columns = [one for one in columns if one.name.removesuffix(ODD) not in more.columns]
        columns += more.get_columns()
        known = [name for name in more.columns if name in vocabulary.fields()]
        shown = {**{name: vocabulary.label(name) for name in known}, **shown}
    return names.with_keys(pl.DataFrame(columns)), shown


def _rows(found: Found) -> pl.DataFrame:
    """The raw cells of exactly the table's rows."""
    assert found.cells is not None  # noqa: S101 - for the type checker; tables() has looked
    frame = found.cells.frame
    wanted = found.rows.cast(pl.UInt32)
    if not len(wanted):
        return frame.clear()
    part = frame.slice(int(frame[ROW].search_sorted(wanted[0])), len(wanted))
    if part[ROW].equals(wanted):
        return part
    return pl.DataFrame({ROW: wanted}).join(frame, on=ROW, how="left", maintain_order="left")


def _odd_cells(found: Found) -> Mapping[int, dict[int, Odd]]:
    by_column: dict[int, dict[int, Odd]] = {}
    for (row, column), odd in found.cells.odd.items() if found.cells else ():
        by_column.setdefault(column, {})[row] = odd
    return by_column


def _reasons(rows: pl.Series, odd: Mapping[int, Odd]) -> pl.Series | None:
    """Why cells that are null but not empty are so."""
    if not odd:
        return None
    reasons = {
        row: f"error:{one.text}" if one.kind is OddKind.ERROR else "no_result:"
        for row, one in odd.items()
    }
    return rows.replace_strict(reasons, default=None, return_dtype=pl.String)


def _table(kind: str, frame: pl.DataFrame, shown: Mapping[str, str]) -> Table:
    """One table, its people's numbers in one column."""
    present = [name for name in _NUMBERS.get(kind, ()) if name in frame.columns]
    if present in ([], ["number"]):
        return Table(kind, frame, dict(shown))
    odd = [name + ODD for name in present if name + ODD in frame.columns]
    merged = [pl.coalesce(present).alias("number")]
    if odd:
        merged.append(pl.coalesce(odd).alias("number" + ODD))
    others = {*present, *odd} - {"number", "number" + ODD}
    frame = frame.with_columns(merged).drop(others)
    names = {**shown, "number": shown[present[0]]}
    return Table(kind, frame, {name: text for name, text in names.items() if name not in others})

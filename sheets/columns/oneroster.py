"""OneRoster CSV sets: which file is which, and what is looked up in those that list no people.

A set says about one person in several files (1EdTech, OneRoster 1.1 and 1.2, CSV binding):

- ``users.csv``: who there is; the role only in 1.1; ``agentSourcedIds``: whose contacts they are.
- ``roles.csv`` (1.2): what they are, where, and from when to when.
- ``enrollments.csv``: in which classes a student is, from when to when.
- ``orgs.csv``: what the schools are called.

`sheets.columns.users` puts this together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import cells, headers, kinds, values, vocabulary, wishes
from sheets.columns.model import Found, Place
from sheets.grid import Area
from sheets.rules.model import ROW, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.columns.wishes import Wish
    from sheets.grid import Grid

USERS, ROLES, ENROLLMENTS, ORGS = "users", "roles", "enrollments", "orgs"

_TOP = 20  # in so many rows the header is looked for
_STATUS = "status"
_DATES = ("beginDate", "endDate")
_SENSES: Mapping[str, str] = {"status": "ignore", "phone": "Other Phone"}
_AGENTS = "agent_sourced_ids"


def file(grid: Grid) -> str | None:
    """Return which file of a set a sheet is; None if it is of no set.

    The names are those of `fields.toml`: ``users``, ``roles``, ``enrollments``, ``orgs``, and
    others that are of no use here.
    """
    found = _header(grid)
    return found[0] if found else None


def senses(grid: Grid) -> list[Wish]:
    """What headings of ``users.csv`` say in a set, whatever they say elsewhere.

    The status is that of the record, not of the account. The phone of a 1.1 set is Other Phone
    (Infinite Campus, OneRoster Prerequisites); that of 1.2 may be another one.
    """
    if file(grid) != USERS:
        return []
    row, places = _places(grid)
    said = [name for name in _SENSES if name in places and ("role" in places or name == _STATUS)]
    texts = {name: headers.shown(grid.head[row][places[name]]) for name in said}
    return wishes.read({texts[name]: _SENSES[name] for name in said})


def lacks_roles(grid: Grid, names: Sequence[str]) -> bool:
    """Whether it is the ``users.csv`` of a 1.2 set: who is what stands in ``roles.csv``.

    Args:
        grid: The sheet.
        names: What it is called: a list that is called Students needs no roles.
    """
    return (
        file(grid) == USERS
        and "role" not in _places(grid)[1]
        and kinds.titled(names) not in vocabulary.PEOPLE
    )


def records(grid: Grid, *headings: str, rows: pl.Series | None = None) -> pl.DataFrame:
    """The records of a file that are in use: row and some columns, cleaned.

    Args:
        grid: The file.
        headings: As the standard spells them; a column that the file does not have is blank.
        rows: Only these rows; all below the header if not given.
    """
    row, places = _places(grid)
    at = {name: places.get(name.casefold()) for name in (*headings, _STATUS)}
    frame = grid.load([column for column in at.values() if column]).frame
    if rows is None:
        frame = frame.filter(pl.col(ROW) > row)
    else:
        wanted = pl.DataFrame({ROW: rows.cast(pl.UInt32)})
        frame = wanted.join(frame, on=ROW, how="left", maintain_order="left")
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    columns = {
        name: cells.clean("date" if name in _DATES else "id", frame[str(column)]).values
        for name, column in at.items()
        if column
    }
    read = pl.DataFrame([frame[ROW], *(columns.get(name, blank).alias(name) for name in at)])
    deleted = vocabulary.data()["oneroster"]["deleted"]
    gone = pl.col(_STATUS).str.to_lowercase().is_in(deleted).fill_null(value=False)
    return read.filter(~gone).drop(_STATUS)


def enrollments(grid: Grid) -> Found:
    """The enrollments of students, to be looked up.

    None of them is a No Show: a set lists those who come.
    """
    first, places = _places(grid)
    heads = grid.head[first]
    read = records(grid, "role")
    rows = read.filter(values.kinds_of(read["role"]) == "student")[ROW]
    named = {"sourced_id": "usersourcedid", "enrollment_start": "begindate"}
    named["enrollment_end"] = "enddate"
    fields = {
        field: Place(headers.shown(heads[places[name]]), places[name])
        for field, name in named.items()
        if name in places
    }
    last = int(str(rows[-1])) if len(rows) else first
    used = {place.column for place in fields.values()}
    return Found(
        grid=grid,
        kind="enrollment",
        header_row=first,
        last_row=last,
        rows=rows,
        area=Area(first, min(heads), last, max(heads)),
        fields=fields,
        unrecognised=[headers.shown(text) for at, text in heads.items() if at not in used],
        own={},
        cells=grid.load(sorted(used)),
        told=pl.DataFrame({ROW: rows, "no_show": ["false"] * len(rows)}),
    )


def links(tables: Sequence[Table]) -> list[Table]:
    """Which contact belongs to which student, as the Agent Sourced IDs of both say.

    Returns:
        One table of kind ``link``; nothing where no list has such a column.

    Example:
        >>> said = {"_row": [2], "sourced_id": ["s1"], "agent_sourced_ids": ["g1,g2"]}
        >>> [table] = links([Table("student", pl.DataFrame(said), {})])
        >>> table.frame.rows()
        [(2, 's1', 'g1'), (2, 's1', 'g2')]
    """
    agents = {
        kind: [_agents(table.frame) for table in tables if table.kind == kind and _tells(table)]
        for kind in ("student", "contact")
    }
    if not any(agents.values()):
        return []
    nobody = pl.DataFrame(schema={ROW: pl.UInt32, "own": pl.String, "agent": pl.String})
    students, contacts = (pl.concat([nobody, *frames]) for frames in agents.values())
    known = [
        table.frame.select(student_sourced_id="sourced_id")
        for table in tables
        if table.kind == "student" and "sourced_id" in table.frame.columns
    ]
    told = students.rename({"own": "student_sourced_id", "agent": "sourced_id"})
    turned = contacts.rename({"own": "sourced_id", "agent": "student_sourced_id"})
    if known:
        turned = turned.join(pl.concat(known), on="student_sourced_id", how="semi")
    pairs = pl.concat([told, turned.select(told.columns)])
    return [Table("link", pairs.unique(told.columns[1:], keep="first", maintain_order=True), {})]


def _tells(table: Table) -> bool:
    return {"sourced_id", _AGENTS} <= {*table.frame.columns}


def _agents(frame: pl.DataFrame) -> pl.DataFrame:
    """Row, own id, and one of the ids that the row names."""
    named = frame.select(
        pl.col(ROW).cast(pl.UInt32), own="sourced_id", agent=pl.col(_AGENTS).str.split(",")
    ).explode("agent")
    return named.with_columns(pl.col("agent").str.strip_chars(headers.SPACES)).filter(
        pl.col("own").is_not_null() & (pl.col("agent") != "")
    )


def _places(grid: Grid) -> tuple[int, Mapping[str, int]]:
    """The header row of a file of a set, and heading in lower case -> column."""
    found = _header(grid)
    assert found is not None  # noqa: S101 - for the type checker; the callers have asked `file`
    return found[1:]


def _header(grid: Grid) -> tuple[str, int, Mapping[str, int]] | None:
    """Which file of a set it is, by the first row that is the header of one."""
    named: Mapping[str, Sequence[str]] = vocabulary.data()["oneroster"]["files"]
    for row, cells_of_row in list(grid.head.items())[:_TOP]:
        texts = cells_of_row.items()
        places = {"".join(headers.shown(text).casefold().split()): at for at, text in texts}
        for name, words in named.items():
            if vocabulary.keys(words) <= places.keys():
                return name, row, places
    return None

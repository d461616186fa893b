"""What a OneRoster set says of the people in its ``users.csv``.

The role that a set gives is taken at its word, as Infinite Campus's pages on the OneRoster data
models define the roles: a guardian has a Guardian relationship and access to Campus Parent, a
relative the access alone; a teacher, an administrator or an aide has a District Assignment, which
ends when the role does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import oneroster, values, vocabulary
from sheets.errors import NotUnderstood
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.columns.model import Found
    from sheets.grid import Grid

_OPEN = "9999-12-31"
"""When something ends that has no end, so that a blank is never taken for a lack of dates."""

_ORGS = ("orgSourcedIds", "primaryOrgSourcedId")
_KIND = "kind"
_TOLD = (
    "role",
    "school",
    "school_name",
    "guardian_flag",
    "home_page",
    "assignment_start",
    "assignment_end",
)


def told(found: Sequence[Found], grids: Sequence[Grid]) -> list[Found]:
    """Put together what the files of OneRoster sets say of their users.

    Records that are marked for deletion are left out, and said so.

    Args:
        found: The tables.
        grids: All sheets of the run: a file that was not asked for is looked up all the same.

    Raises:
        NotUnderstood: ``users.csv`` is of a 1.2 set, and ``roles.csv`` is missing.
    """
    of_set = {id(one): oneroster.file(one.grid) for one in found}
    if oneroster.USERS not in of_set.values():
        return list(found)
    roles = _roles([grid for grid in grids if oneroster.file(grid) == oneroster.ROLES])
    names = _names([grid for grid in grids if oneroster.file(grid) == oneroster.ORGS])
    return [
        _user_list(one, roles, names)
        if of_set[id(one)] == oneroster.USERS and one.kind in vocabulary.PEOPLE
        else one
        for one in found
    ]


def _roles(grids: Sequence[Grid]) -> pl.DataFrame | None:
    """One line per role of a user, primary ones first, with the kind of people it stands for."""
    if not grids:
        return None
    wanted = ("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId")
    read = pl.concat(oneroster.records(grid, *wanted) for grid in grids)
    primary = pl.col("roleType").str.to_lowercase() == "primary"
    return (
        read.with_columns(values.kinds_of(read["role"]).alias(_KIND))
        .filter(pl.col("userSourcedId").is_not_null() & pl.col("role").is_not_null())
        .sort(primary.fill_null(value=False), descending=True, maintain_order=True)
        .rename({"userSourcedId": "sourcedId"})
    )


def _names(grids: Sequence[Grid]) -> pl.DataFrame | None:
    """What each school or other organisation is called."""
    if not grids:
        return None
    read = pl.concat(oneroster.records(grid, "sourcedId", "name") for grid in grids)
    return (
        read.drop_nulls()
        .select(org="sourcedId", name=pl.col("name").str.replace_all(" *, *", " "))
        .unique("org", keep="first")
    )


def _user_list(found: Found, roles: pl.DataFrame | None, names: pl.DataFrame | None) -> Found:
    """A list of users with what is said of them elsewhere."""
    people = oneroster.records(found.grid, "sourcedId", "role", *_ORGS, rows=found.rows)
    notes = [*found.notes, *_deleted(len(found.rows) - people.height)]
    if roles is not None:
        first = roles.unique("sourcedId", keep="first").select("sourcedId", first="role")
        people = people.join(first, on="sourcedId", how="left", maintain_order="left")
        people = people.with_columns(pl.coalesce("role", "first").alias("role"))
        notes += _several(people, roles)
    elif oneroster.lacks_roles(found.grid, [found.grid.title]):
        raise NotUnderstood(
            "This is the list of users of a OneRoster 1.2 set; who of them is a student, staff or "
            "a contact stands in roles.csv, which is missing.",
            hint="Check the whole folder or zip file of the export, or name roles.csv too.",
            where=found.grid.where,
        )
    people = people.with_columns(values.kinds_of(people["role"]).alias(_KIND))
    people = _with_schools(people, roles, names)
    people = _with_guardians(people, roles)
    people = _with_assignments(people, roles)
    fields = [
        name
        for name in _TOLD
        if people[name].null_count() < people.height
        if name == "school" or name not in found.fields
    ]
    return replace(found, rows=people[ROW], told=people.select(ROW, *fields), notes=notes)


def _deleted(count: int) -> Iterator[str]:
    if count:
        are = "records that are" if count > 1 else "record that is"
        yield f"{count:,} {are} marked for deletion (status) left out"


def _several(people: pl.DataFrame, roles: pl.DataFrame) -> Iterator[str]:
    """Say how many are of several kinds of people."""
    kinds = roles.group_by("sourcedId").agg(pl.col(_KIND).drop_nulls().n_unique())
    count = people.join(kinds.filter(pl.col(_KIND) > 1), on="sourcedId", how="semi").height
    if count:
        people_are = "people are" if count > 1 else "person is"
        yield (
            f"{count:,} {people_are} more than one of student, staff and contact; the primary role "
            "decides as what each is checked"
        )


def _with_schools(
    people: pl.DataFrame, roles: pl.DataFrame | None, names: pl.DataFrame | None
) -> pl.DataFrame:
    """Add the schools, what they are called, then their ids; and what the first one is called."""
    own = [people.select(ROW, org=pl.col(one).str.split(",")).explode("org") for one in _ORGS]
    if roles is not None:
        of_roles = roles.select("sourcedId", org="orgSourcedId")
        own.append(people.join(of_roles, on="sourcedId").select(ROW, "org"))
    orgs = pl.concat(own).with_columns(pl.col("org").str.strip_chars(" "))
    said = [orgs.select(ROW, said="org")]
    if names is not None:
        said = [orgs.join(names, on="org", maintain_order="left").select(ROW, said="name"), *said]
    schools = (
        pl.concat(said)
        .filter(pl.col("said") != "")
        .unique(maintain_order=True)
        .group_by(ROW)
        .agg(
            pl.col("said").str.join(",").alias("school"),
            pl.col("said").first().alias("school_name"),
        )
    )
    return people.join(schools, on=ROW, how="left", maintain_order="left")


def _with_guardians(people: pl.DataFrame, roles: pl.DataFrame | None) -> pl.DataFrame:
    """Tell of each contact whether the role is one of a guardian, and the Home Page."""
    wanted = vocabulary.words("oneroster", "guardians")

    def named(words: pl.Series) -> pl.Series:
        known = {word for word in words.unique().drop_nulls() if vocabulary.key(word) in wanted}
        return words.is_in(list(known))

    is_guardian = named(people["role"])
    if roles is not None:
        also = roles.filter(named(roles["role"]))["sourcedId"]
        is_guardian |= people["sourcedId"].is_in(also.implode())
    flag = is_guardian.fill_null(value=False).replace_strict(
        {True: "true", False: "false"}, return_dtype=pl.String
    )
    contact = people[_KIND] == "contact"
    return people.with_columns(
        guardian_flag=pl.when(contact).then(flag),
        home_page=pl.when(contact).then(pl.lit("campus_parent")),
    )


def _with_assignments(people: pl.DataFrame, roles: pl.DataFrame | None) -> pl.DataFrame:
    """Add from when to when staff have the role that lasts the longest."""
    staff = pl.col(_KIND) == "staff"
    if roles is None:
        end = pl.when(staff).then(pl.lit(_OPEN))
        return people.with_columns(end.alias("assignment_end"), assignment_start=pl.lit(None))
    longest = (
        roles.filter(staff)
        .select("sourcedId", pl.col("endDate").fill_null(_OPEN), "beginDate")
        .sort("endDate", "beginDate", descending=[True, False])
        .unique("sourcedId", keep="first", maintain_order=True)
        .select("sourcedId", assignment_start="beginDate", assignment_end="endDate")
    )
    return people.join(longest, on="sourcedId", how="left", maintain_order="left")

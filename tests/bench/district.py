"""An invented district of any size, as the rules get it: contacts, students, accounts, the types.

Always the same for the same number of rows. Two contacts a student; siblings share theirs, so a
contact stands in 1.7 rows; 20 % have no account; a few stand twice for the same student, a few
share an address or a name, 8 % of the fields are blank, and a few hold what is no address, no
whole number or two people. One student in 200 is not on the list of students.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = ("Amara", "Beatriz", "Chidi", "Dmitri", "Elena", "Fatima", "Grace", "Hana", "José", "Zoë")
LAST = ("Abara", "García", "Nguyen", "O'Brien", "Patel", "Smith", "Tran", "Ünal", "Wójcik", "Zhou")
TYPES = (("Mother", "true"), ("Father", "true"), ("Guardian", "true"), ("Aunt", "false"))
PEOPLE_PER_ROW = 0.6
STUDENT, PERSON, STUDENT_PERSON = 40_000, 100_000, 50_000_000
"""The first student number, the first person id of a contact, and that of a student."""

CONTACTS = {
    "student_number": "Student Number",
    "person_id": "Contact Person ID",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "other_phone": "Other Phone",
    "relationship": "Relationship",
}
STUDENTS = {
    "number": "Student Number",
    "person_id": "Person ID",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
}
ACCOUNTS = {
    "person_id": "Person ID",
    "username": "Username",
    "home_page": "Home Page",
    "account_enabled": "Enabled",
    "account_created": "Created",
    "account_expires": "Expires",
}
RELATIONSHIP_TYPES = {"rel_type_name": "Name", "rel_type_guardian": "Guardian"}
"""Field -> the heading that an export has for it."""


def contacts(rows: int, start: int = 0, stop: int | None = None) -> pl.LazyFrame:
    """One row for each student and contact.

    Args:
        rows: How many there are in the district.
        start: The first of them that is asked for.
        stop: The one behind the last; all if not given.
    """
    stop = rows if stop is None else stop
    row = pl.col("_row") - 2
    # One row in a hundred repeats the row before: the same contact of the same student.
    own = row - (row % 100 == 99).cast(pl.UInt32)
    person = own.hash(1) % max(1, int(rows * PEOPLE_PER_ROW))
    mailbox = pl.when(_one_in(40, 9)).then(pl.col("person") // 2 * 2).otherwise("person")
    mail = pl.when(_one_in(300, 16)).then(pl.format("person{}.example.org", "mailbox"))
    phone = pl.when(_one_in(300, 17)).then(pl.lit("555-0100"))
    return (
        pl.LazyFrame({"_row": pl.int_range(start + 2, stop + 2, dtype=pl.UInt32, eager=True)})
        .with_columns(person=person, student=own // 2)
        .with_columns(mailbox=mailbox)
        .select(
            "_row",
            student_number=pl.format("{}", pl.col("student") + STUDENT),
            person_id=pl.format("{}", pl.col("person") + PERSON),
            first_name=_blank(12, 2, _first_name()),
            last_name=_blank(100, 4, _last_name()),
            email=_blank(12, 6, mail.otherwise(pl.format("person{}@example.org", "mailbox"))),
            other_phone=_blank(
                12,
                7,
                phone.otherwise(pl.format("(585) 555-{}", pl.col("person") % 9000 + 1000)),
            ),
            relationship=_one_of([name for name, _ in TYPES], 8),
        )
    )


def students(rows: int, start: int = 0, stop: int | None = None) -> pl.LazyFrame:
    """The list of students of a district with so many contacts."""
    stop = (rows + 1) // 2 if stop is None else stop
    student = pl.int_range(start, stop, dtype=pl.UInt32, eager=True)
    return (
        pl.LazyFrame({"student": student, "person": student + STUDENT_PERSON})
        .filter(pl.col("student").hash(18) % 200 != 0)
        .select(
            (pl.col("student") + 2).alias("_row"),
            number=pl.format("{}", pl.col("student") + STUDENT),
            person_id=pl.format("{}", "person"),
            first_name=_first_name(),
            last_name=_last_name(),
            email=_blank(12, 6, pl.format("student{}@example.org", "person")),
        )
    )


def accounts(rows: int) -> pl.LazyFrame:
    """The accounts of four in five contacts and students; one in ten of them has a second one."""
    people, pupils = max(1, int(rows * PEOPLE_PER_ROW)), (rows + 1) // 2
    once = pl.LazyFrame(
        {
            "person": pl.concat(
                [
                    pl.int_range(PERSON, PERSON + people, dtype=pl.UInt64, eager=True),
                    pl.int_range(
                        STUDENT_PERSON, STUDENT_PERSON + pupils, dtype=pl.UInt64, eager=True
                    ),
                ]
            )
        }
    )
    first = once.filter(~_one_in(5, 10)).with_columns(number=pl.lit(1))
    second = first.filter(_one_in(10, 11)).with_columns(number=pl.lit(2))
    day = pl.date(2016, 1, 1) + pl.duration(days=pl.col("person").hash(12) % 3650)
    home = (
        pl.when(_one_in(50, 13))
        .then(pl.lit("campus_application"))
        .when(pl.col("person") >= STUDENT_PERSON)
        .then(pl.lit("campus_student"))
    )
    return (
        pl.concat([first, second])
        .with_row_index("_row", 2)
        .select(
            "_row",
            person_id=pl.format("{}", "person"),
            username=pl.format("person{}.{}", "person", "number"),
            home_page=home.otherwise(pl.lit("campus_parent")),
            account_enabled=pl.when(_one_in(30, 14))
            .then(pl.lit("false"))
            .otherwise(pl.lit("true")),
            account_created=day.dt.to_string("%Y-%m-%d"),
            account_expires=pl.when(_one_in(60, 15)).then(pl.lit("2026-06-30")),
        )
    )


def types() -> pl.LazyFrame:
    """The relationship types of the district."""
    names, flags = zip(*TYPES, strict=True)
    numbers = range(2, len(TYPES) + 2)
    return pl.LazyFrame(
        {"_row": numbers, "rel_type_name": names, "rel_type_guardian": flags},
        schema_overrides={"_row": pl.UInt32},
    )


def headed(frame: pl.LazyFrame, headings: Mapping[str, str]) -> pl.LazyFrame:
    """A table as an export has it."""
    return frame.select(pl.col(name).alias(heading) for name, heading in headings.items())


def _first_name() -> pl.Expr:
    two = pl.when(_one_in(400, 19)).then(pl.lit(" and Bo")).otherwise(pl.lit(""))
    return _one_of(FIRST, 3) + two


def _last_name() -> pl.Expr:
    """One of 100,000 names, so that some people have the same first and last name."""
    return pl.concat_str(*(_one_of(LAST, seed) for seed in (5, 20)), separator="-") + pl.format(
        " {}", pl.col("person").hash(21) % 1000
    )


def _one_in(number: int, seed: int) -> pl.Expr:
    return pl.col("person").hash(seed) % number == 0


def _blank(number: int, seed: int, value: pl.Expr) -> pl.Expr:
    return pl.when(~_one_in(number, seed)).then(value)


def _one_of(values: tuple[str, ...] | list[str], seed: int) -> pl.Expr:
    at = pl.col("person").hash(seed) % len(values)
    return pl.lit(pl.Series(values)).gather(at)

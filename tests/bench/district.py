"""An invented district of any size, as the rules get it: contacts, their accounts, the types.

Always the same for the same number of rows. Two contacts a student; siblings share theirs, so a
contact stands in 1.7 rows; 20 % have no account; a few stand twice for the same student, a few
share an address, 8 % of the fields are blank.
"""

from __future__ import annotations

import polars as pl

FIRST = ("Amara", "Beatriz", "Chidi", "Dmitri", "Elena", "Fatima", "Grace", "Hana", "José", "Zoë")
LAST = ("Abara", "García", "Nguyen", "O'Brien", "Patel", "Smith-Jones", "Tran", "Ünal", "Wójcik")
TYPES = (("Mother", "true"), ("Father", "true"), ("Guardian", "true"), ("Aunt", "false"))
PEOPLE_PER_ROW = 0.6


def contacts(rows: int) -> pl.LazyFrame:
    """One row for each student and contact."""
    row = pl.col("_row") - 2
    # One row in a hundred repeats the row before: the same contact of the same student.
    own = row - (row % 100 == 99).cast(pl.UInt32)
    person = own.hash(1) % max(1, int(rows * PEOPLE_PER_ROW))
    return (
        pl.LazyFrame({"_row": pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True)})
        .with_columns(person=person, student=own // 2)
        .with_columns(
            mailbox=pl.when(_one_in(40, 9)).then(pl.col("person") // 2 * 2).otherwise("person")
        )
        .select(
            "_row",
            student_number=pl.format("{}", pl.col("student") + 40_000),
            person_id=pl.format("{}", pl.col("person") + 100_000),
            first_name=_blank(12, 2, _one_of(FIRST, 3)),
            last_name=_blank(100, 4, _one_of(LAST, 5)),
            email=_blank(12, 6, pl.format("person{}@example.org", "mailbox")),
            other_phone=_blank(12, 7, pl.format("(585) 555-{}", pl.col("person") % 9000 + 1000)),
            relationship=_one_of([name for name, _ in TYPES], 8),
        )
    )


def accounts(rows: int) -> pl.LazyFrame:
    """The accounts of four in five contacts; one in ten of them has a second one."""
    people = max(1, int(rows * PEOPLE_PER_ROW))
    once = pl.LazyFrame({"person": pl.int_range(people, dtype=pl.UInt64, eager=True)})
    first = once.filter(~_one_in(5, 10)).with_columns(number=pl.lit(1))
    second = first.filter(_one_in(10, 11)).with_columns(number=pl.lit(2))
    day = pl.date(2016, 1, 1) + pl.duration(days=pl.col("person").hash(12) % 3650)
    home = pl.when(_one_in(50, 13)).then(pl.lit("campus_application"))
    return (
        pl.concat([first, second])
        .with_row_index("_row", 2)
        .select(
            "_row",
            person_id=pl.format("{}", pl.col("person") + 100_000),
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


def _one_in(number: int, seed: int) -> pl.Expr:
    return pl.col("person").hash(seed) % number == 0


def _blank(number: int, seed: int, value: pl.Expr) -> pl.Expr:
    return pl.when(~_one_in(number, seed)).then(value)


def _one_of(values: tuple[str, ...] | list[str], seed: int) -> pl.Expr:
    at = pl.col("person").hash(seed) % len(values)
    return pl.lit(pl.Series(values)).gather(at)

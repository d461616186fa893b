"""The rules of the profile edutech for one district, written by hand for polars alone.

What somebody would write who needs these columns, these rules and no others: nothing is chosen by
settings, no column may be lacking, no cell holds an error. It is what the rule engine is measured
against, so it is as fast as its author could make it.
"""

from __future__ import annotations

import polars as pl

EMAIL = r"^[^ \t\r\n@,;<>()]+@[^ \t\r\n@,;<>()]+\.[^ \t\r\n@,;<>().]+$"
PHONE = r"^(?:[^0-9xX]*[0-9]){10,11}[^0-9xX]*(?:[xX][^0-9]*[0-9]+)?$"
TWO_PEOPLE = r"(?i)(?:^|[ \t])and(?:[ \t]|$)|[/&+]"
MOST = {"active": 0, "expired": 1, "disabled": 2}


def students(people: pl.LazyFrame, accounts: pl.LazyFrame, as_of: str) -> pl.LazyFrame:
    """Row, verdict and findings of each student."""
    best = _accounts(accounts, "campus_student", as_of)
    account = _account()
    malformed = ~pl.col("email").str.contains(EMAIL)
    return (
        people.join(best, on="person_id", how="left", maintain_order="left")
        .select("_row", account.alias("STU-ACCT-01"), _if(malformed, "malformed").alias("EML-01"))
        .with_columns(_verdict("STU-ACCT-01"))
    )


def contacts(
    people: pl.LazyFrame,
    accounts: pl.LazyFrame,
    types: pl.LazyFrame,
    pupils: pl.LazyFrame | None,
    as_of: str,
) -> pl.LazyFrame:
    """Row, verdict and findings of each contact."""
    full = pl.concat_str(
        pl.col("first_name").str.to_lowercase(),
        pl.col("last_name").str.to_lowercase(),
        separator=" ",
    )
    people = people.with_columns(
        mail=pl.col("email").str.to_lowercase(),
        name=full,
        kind=pl.col("relationship").str.to_lowercase(),
    )
    once = people.select("mail", "name", "person_id").unique()
    shared = _shared(once)
    namesakes = _namesakes(once)
    found = (
        people.join(
            _accounts(accounts, "campus_parent", as_of),
            on="person_id",
            how="left",
            maintain_order="left",
        )
        .join(_types(types), on="kind", how="left", maintain_order="left")
        .join(shared, on="mail", how="left", maintain_order="left")
        .join(namesakes, on="name", how="left", maintain_order="left")
    )
    rules = [*_fields(), *_relationship(), *_compared()]
    if pupils is not None:
        known = pupils.select(student_number="number", known=True).unique()
        found = found.join(known, on="student_number", how="left", maintain_order="left")
        rules.append(_student())
    hiding = [f"CON-FLD-0{number}" for number in range(1, 5)] + ["CON-REL-01", "CON-ACCT-01"]
    judged = found.select("_row", _pair(), *rules).with_columns(_verdict(*hiding))
    return _once(judged)


def _accounts(accounts: pl.LazyFrame, home: str, as_of: str) -> pl.LazyFrame:
    """The best account of each person, and whether an active one has the Home Page."""
    state = (
        pl.when(pl.col("account_enabled").ne_missing("true"))
        .then(MOST["disabled"])
        .when(pl.col("account_expires") < as_of)
        .then(MOST["expired"])
        .otherwise(MOST["active"])
        .cast(pl.Int8)
    )
    fits = (state == MOST["active"]) & (pl.col("home_page") == home)
    return (
        accounts.filter(pl.col("username").is_not_null())
        .select("person_id", state=state, fits=fits)
        .group_by("person_id")
        .agg(pl.col("state").min(), pl.col("fits").any())
    )


def _account() -> pl.Expr:
    cases = pl.when(pl.col("state") == MOST["active"]).then(None)
    for word in ("expired", "disabled"):
        cases = cases.when(pl.col("state") == MOST[word]).then(pl.lit(word))
    nobody = pl.when(pl.col("person_id").is_null()).then(pl.lit("no_key"))
    return cases.otherwise(nobody.otherwise(pl.lit("none")))


def _types(types: pl.LazyFrame) -> pl.LazyFrame:
    guardian = pl.col("rel_type_guardian").eq_missing("true")
    return (
        types.select(kind=pl.col("rel_type_name").str.to_lowercase(), guardian=guardian)
        .group_by("kind")
        .agg(always=pl.col("guardian").all(), ever=pl.col("guardian").any())
    )


def _shared(once: pl.LazyFrame) -> pl.LazyFrame:
    """Addresses of two ids, or of two names where an id is lacking."""
    person, name = pl.col("person_id"), pl.col("name")
    ids = person.min() != person.max()
    names = person.has_nulls() & (name.min() != name.max())
    return (
        once.filter(pl.col("mail").is_not_null())
        .group_by("mail")
        .agg(shared=ids.fill_null(value=False) | names.fill_null(value=False))
        .filter("shared")
    )


def _namesakes(once: pl.LazyFrame) -> pl.LazyFrame:
    """Names of two ids."""
    person = pl.col("person_id")
    return (
        once.filter(pl.col("name").is_not_null() & person.is_not_null())
        .group_by("name")
        .agg(namesake=person.min() != person.max())
        .filter("namesake")
    )


def _fields() -> list[pl.Expr]:
    fields = ("first_name", "last_name", "other_phone", "email")
    blank = [
        _if(pl.col(name).is_null(), "blank").alias(f"CON-FLD-0{number}")
        for number, name in enumerate(fields, 1)
    ]
    return [
        *blank,
        _if(~pl.col("email").str.contains(EMAIL), "malformed").alias("EML-01"),
        _if(~pl.col("other_phone").str.contains(PHONE), "digits").alias("PHN-01"),
        _if(pl.col("first_name").str.contains(TWO_PEOPLE), "two_people").alias("NAME-01"),
    ]


def _relationship() -> list[pl.Expr]:
    relationship = pl.col("relationship")
    kind = (
        pl.when(pl.col("always"))
        .then(None)
        .when("ever")
        .then(pl.format("type_unclear:{}", relationship))
        .when(pl.col("ever").is_not_null())
        .then(pl.format("not_guardian:{}", relationship))
        .when(relationship.is_null())
        .then(pl.lit("blank"))
        .when(pl.col("kind") == "guardian")
        .then(None)
        .otherwise(pl.format("type_unknown:{}", relationship))
    )
    home = _if((pl.col("state") == MOST["active"]) & ~pl.col("fits"), "other_home")
    return [
        kind.alias("CON-REL-01"),
        _account().alias("CON-ACCT-01"),
        home.alias("CON-ACCT-02"),
    ]


def _compared() -> list[pl.Expr]:
    namesake = pl.col("namesake") & pl.col("person_id").is_not_null()
    return [
        _if(pl.col("shared"), "shared").alias("EML-02"),
        _if(namesake, "same_name").alias("DUP-02"),
    ]


def _student() -> pl.Expr:
    unknown = pl.when(pl.col("student_number").is_null()).then(pl.lit("no_key"))
    unknown = unknown.when(pl.col("known").is_null()).then(pl.lit("not_found"))
    return unknown.alias("CON-STU-02")


def _pair() -> pl.Expr:
    """What a contact of one student goes by."""
    digits = pl.col("other_phone").str.replace_all("[^0-9]", "")
    phone = pl.when(digits != "").then(pl.format("\x1f1{}\x1f{}", "name", digits))
    contact = pl.coalesce("person_id", phone, pl.format("\x1f2{}\x1f{}", "name", "mail"))
    return pl.concat_str("student_number", contact, separator="\x1f").alias("pair")


def _once(judged: pl.LazyFrame) -> pl.LazyFrame:
    """Of a pair that is listed twice all but the best row, only that it is listed."""
    rank = pl.col("revealed").replace_strict({"Yes": 0, "Unknown": 1, "No": 2}, return_dtype=pl.Int8)
    twice = judged.select("_row", "pair", "revealed").filter(
        pl.col("pair").is_not_null() & pl.col("pair").is_duplicated()
    )
    best = twice.sort(rank, "_row").unique("pair", keep="first", maintain_order=True)
    others = (
        twice.join(best, on="pair", how="left", suffix="_best")
        .filter(pl.col("_row") != pl.col("_row_best"))
        .select("_row", listed=pl.format("listed:{}", "_row_best"), verdict="revealed_best")
    )
    rules = pl.exclude("_row", "pair", "revealed", "listed", "verdict")
    told = judged.join(others, on="_row", how="left", maintain_order="left")
    return told.select(
        "_row",
        pl.coalesce("verdict", "revealed").alias("revealed"),
        pl.when(pl.col("listed").is_null()).then(rules),
        pl.col("listed").alias("DUP-01"),
    )


def _verdict(*hiding: str) -> pl.Expr:
    """No if any rule that hides found something that says so; else Unknown if one lacks an input."""
    unknown = {"CON-REL-01": ("type_unclear:", "type_unknown:"), "CON-ACCT-01": ("no_key",)}
    unknown["STU-ACCT-01"] = unknown["CON-ACCT-01"]
    no, lacks = [], []
    for rule in hiding:
        found = pl.col(rule)
        perhaps = [found.str.starts_with(word) for word in unknown.get(rule, ())]
        if perhaps:
            lacks.append(pl.any_horizontal(*perhaps))
            no.append(found.is_not_null() & ~pl.any_horizontal(*perhaps))
        else:
            no.append(found.is_not_null())
    verdict = pl.when(pl.any_horizontal(*no)).then(pl.lit("No"))
    return verdict.when(pl.any_horizontal(*lacks)).then(pl.lit("Unknown")).otherwise(
        pl.lit("Yes")
    ).alias("revealed")


def _if(condition: pl.Expr, word: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(word))

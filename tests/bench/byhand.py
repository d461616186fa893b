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
RANKS = {"Yes": 0, "Unknown": 1, "No": 2}


def students(people: pl.DataFrame, accounts: pl.DataFrame, as_of: str) -> pl.DataFrame:
    """Row, verdict and findings of each student."""
    account = _looked_up(people, "person_id", _accounts(accounts, "campus_student", as_of))
    found = people.with_columns(account.get_columns()).select(
        "_row",
        _account().alias("STU-ACCT-01"),
        _if(~pl.col("email").str.contains(EMAIL), "malformed").alias("EML-01"),
    )
    return found.with_columns(_verdict("STU-ACCT-01"))


def contacts(
    people: pl.DataFrame,
    accounts: pl.DataFrame,
    types: pl.DataFrame,
    pupils: pl.DataFrame | None,
    as_of: str,
) -> pl.DataFrame:
    """Row, verdict and findings of each contact."""
    people = people.with_columns(
        mail=_lower("email"),
        name=pl.concat_str(_lower("first_name"), _lower("last_name"), separator=" "),
        kind=_lower("relationship"),
    )
    once = _collected(people.lazy().select("mail", "name", "person_id").unique())
    account = _looked_up(people, "person_id", _accounts(accounts, "campus_parent", as_of))
    people = people.with_columns(
        *account.get_columns(),
        shared=pl.col("mail").is_in(_shared(once).implode()),
        namesake=pl.col("name").is_in(_namesakes(once).implode()),
    )
    rules = [*_fields(), *_relationship(types), *_compared()]
    if pupils is not None:
        numbers = pupils["number"].drop_nulls().implode()
        people = people.with_columns(known=pl.col("student_number").is_in(numbers))
        rules.append(_student())
    hiding = [f"CON-FLD-0{number}" for number in range(1, 5)] + ["CON-REL-01", "CON-ACCT-01"]
    return _once(people, people.select("_row", *rules).with_columns(_verdict(*hiding)))


def _lower(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase()


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def _looked_up(people: pl.DataFrame, key: str, known: pl.DataFrame) -> pl.DataFrame:
    """What is known of each row's key: looked up alone, so that no other column is moved."""
    rows = people.lazy().select(key).join(known.lazy(), on=key, how="left", maintain_order="left")
    return _collected(rows).drop(key)


def _accounts(accounts: pl.DataFrame, home: str, as_of: str) -> pl.DataFrame:
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
    return _collected(
        accounts.lazy()
        .filter(pl.col("username").is_not_null())
        .select("person_id", state=state, fits=fits)
        .group_by("person_id")
        .agg(pl.col("state").min(), pl.col("fits").any())
    )


def _account() -> pl.Expr:
    state = pl.col("state")
    return (
        pl.when(state == MOST["active"])
        .then(None)
        .when(state == MOST["expired"])
        .then(pl.lit("expired"))
        .when(state == MOST["disabled"])
        .then(pl.lit("disabled"))
        .when(pl.col("person_id").is_null())
        .then(pl.lit("no_key"))
        .otherwise(pl.lit("none"))
    )


def _shared(once: pl.DataFrame) -> pl.Series:
    """Addresses of two ids, or of two names where an id is lacking."""
    once = once.filter(pl.col("mail").is_not_null())
    ids = once.lazy().filter(pl.col("person_id").is_not_null()).select("mail", "person_id")
    shared = _collected(ids.unique().filter(pl.col("mail").is_duplicated()).select("mail"))["mail"]
    if once["person_id"].has_nulls():
        lacking = once.filter(pl.col("person_id").is_null()).select("mail").unique()
        names = once.join(lacking, on="mail", how="semi").filter(pl.col("name").is_not_null())
        names = names.select("mail", "name").unique()
        shared = shared.append(names.filter(pl.col("mail").is_duplicated())["mail"])
    return shared


def _namesakes(once: pl.DataFrame) -> pl.Series:
    """Names of two ids."""
    both = pl.col("name").is_not_null() & pl.col("person_id").is_not_null()
    ids = once.lazy().filter(both).select("name", "person_id").unique()
    return _collected(ids.filter(pl.col("name").is_duplicated()).select("name"))["name"]


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


def _relationship(types: pl.DataFrame) -> list[pl.Expr]:
    relationship, kind = pl.col("relationship"), pl.col("kind")
    flags = types.select(
        kind=_lower("rel_type_name"), guardian=pl.col("rel_type_guardian").eq_missing("true")
    ).unique()
    twice = flags["kind"].is_duplicated()
    unclear, guardians, others = (
        flags.filter(mask)["kind"].implode()
        for mask in (twice, ~twice & flags["guardian"], ~twice & ~flags["guardian"])
    )
    told = (
        pl.when(kind.is_in(guardians))
        .then(None)
        .when(kind.is_in(unclear))
        .then(pl.format("type_unclear:{}", relationship))
        .when(kind.is_in(others))
        .then(pl.format("not_guardian:{}", relationship))
        .when(relationship.is_null())
        .then(pl.lit("blank"))
        .when(kind == "guardian")
        .then(None)
        .otherwise(pl.format("type_unknown:{}", relationship))
    )
    home = _if((pl.col("state") == MOST["active"]) & ~pl.col("fits"), "other_home")
    return [
        told.alias("CON-REL-01"),
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
    return (
        pl.when(pl.col("student_number").is_null())
        .then(pl.lit("no_key"))
        .when(~pl.col("known"))
        .then(pl.lit("not_found"))
        .alias("CON-STU-02")
    )


def _once(people: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Of a pair that is listed twice all but the best row, only that it is listed."""
    pairs = people.select("student_number", contact="person_id")
    if people["person_id"].has_nulls():
        # Without an id a contact goes by the name, with the phone or else the address.
        digits = pl.col("other_phone").str.replace_all("[^0-9]", "")
        phone = pl.when(digits != "").then(pl.format("\x1f1{}\x1f{}", "name", digits))
        contact = pl.coalesce("person_id", phone, pl.format("\x1f2{}\x1f{}", "name", "mail"))
        pairs = people.select("student_number", contact=contact)
    told = pl.all_horizontal(pl.all().is_not_null())
    twice = pairs.select(told & pl.struct(pl.all()).is_duplicated()).to_series()
    rows = pairs.filter(twice).hstack(judged.filter(twice).select("_row", "revealed"))
    rank = pl.col("revealed").replace_strict(RANKS, return_dtype=pl.Int8)
    best = rows.sort(rank, "_row").unique(pairs.columns, keep="first", maintain_order=True)
    others = (
        rows.join(best, on=pairs.columns, suffix="_best")
        .filter(pl.col("_row") != pl.col("_row_best"))
        .select("_row", listed=pl.format("listed:{}", "_row_best"), verdict="revealed_best")
    )
    listed = _looked_up(judged, "_row", others)
    rules = pl.exclude("_row", "revealed", "listed", "verdict")
    return judged.hstack(listed).select(
        "_row",
        pl.coalesce("verdict", "revealed").alias("revealed"),
        pl.when(pl.col("listed").is_null()).then(rules),
        pl.col("listed").alias("DUP-01"),
    )


def _verdict(*hiding: str) -> pl.Expr:
    """No if a rule that hides says so; else Unknown if one lacks an input."""
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
    return (
        verdict.when(pl.any_horizontal(*lacks))
        .then(pl.lit("Unknown"))
        .otherwise(pl.lit("Yes"))
        .alias("revealed")
    )


def _if(condition: pl.Expr, word: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(word))

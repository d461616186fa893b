"""The judge: all rules of a profile over all tables, one question to the engine per table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import accounts, guardians
from sheets.rules.cells import NEVER, NOTHING, Columns, first, missing, text
from sheets.rules.model import REVEALED, ROW, Findings, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from sheets.rules.model import Profile, Rule, Table

    Frame = nw.LazyFrame[Any]

_APPLIES = {
    "student": ("student", "all"),
    "staff": ("staff", "all"),
    "contact": ("contact", "pair", "all"),
}
_INSTEAD = {
    "other_phone": ("home_phone", "no_column_home"),
    "first_name": ("full_name", "no_column_full"),
    "last_name": ("full_name", "no_column_full"),
}
"""Field -> the column that may hold it where it has none of its own, and the variant that asks."""

# What is no address for certain: blanks, several addresses, no @, no dot behind it.
_EMAIL = r"^[^ \t\r\n@,;<>()]+@[^ \t\r\n@,;<>()]+\.[^ \t\r\n@,;<>().]+$"
# 10 or 11 digits with anything between them, then perhaps an extension: x123, ext. 123.
_PHONE = r"^(?:[^0-9xX]*[0-9]){10,11}[^0-9xX]*(?:[xX][^0-9]*[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class _Case:
    """One table before the judge: what a rule may look at, besides the frame."""

    columns: Columns
    profile: Profile


def evaluate(tables: Sequence[Table], profile: Profile) -> list[Findings]:
    """Judge every table of students, staff and contacts; see `sheets.rules.evaluate`."""
    account = [table for table in tables if table.kind == "account"]
    types = [table for table in tables if table.kind == "relationship_type"]
    return [
        Findings(table, _judge(table, account, types, profile))
        for table in tables
        if table.kind in _APPLIES
    ]


def _judge(
    table: Table, account: Sequence[Table], types: Sequence[Table], profile: Profile
) -> pl.DataFrame:
    """What was found in one table."""
    frame: Frame = nw.from_native(table.frame).lazy()
    case = _Case(Columns(frame.collect_schema().names(), table.headers), profile)
    rules = [
        rule
        for rule in profile.rules.values()
        if rule.who in _APPLIES[table.kind]
        and rule.id in profile.severities
        and rule.id in _FINDINGS
    ]
    frame = accounts.attach(frame, table.kind, account, profile)
    if table.kind == "contact":
        frame = guardians.attach(frame, types)
    found = frame.select(
        nw.col(ROW), *(_finding(rule, case).alias(rule.id) for rule in rules)
    ).with_columns(_verdict(rules, profile).alias(REVEALED))
    order = [ROW, REVEALED, *(rule.id for rule in rules)]
    result: pl.DataFrame = found.select(order).collect(backend="polars").to_native()
    told = result.select(ROW, REVEALED, *(rule.id for rule in rules if _told(result[rule.id])))
    # Engines keep the order more often than not, and sorting costs a copy of everything.
    return told if told[ROW].is_sorted() else told.sort(ROW)


def _told(found: pl.Series) -> bool:
    """Whether a rule found something."""
    return found.null_count() < len(found)


def _finding(rule: Rule, case: _Case) -> nw.Expr:
    """One rule's text for each row: null where it holds, else the variant and what was seen."""
    found = _FINDINGS[rule.id](rule, case)
    if case.profile.severities[rule.id] is Severity.HIDES:
        return found
    # Only a rule that could hide makes somebody Unknown; another has nothing to say then.
    return nw.when(_is(found, rule, rule.unknown)).then(NOTHING).otherwise(found)


def _verdict(rules: Sequence[Rule], profile: Profile) -> nw.Expr:
    """`Verdict` of a row, from the texts of its rules."""
    hides, lacks = [NEVER], [NEVER]
    for rule in rules:
        if profile.severities[rule.id] is Severity.HIDES:
            found = nw.col(rule.id)
            harmless = _is(found, rule, {*rule.unknown, *rule.softer})
            hides.append(~found.is_null() & ~nw.coalesce(harmless, NEVER))
            lacks.append(nw.coalesce(_is(found, rule, rule.unknown), NEVER))
    return first(
        [
            (nw.any_horizontal(*hides, ignore_nulls=True), text(Verdict.NO)),
            (nw.any_horizontal(*lacks, ignore_nulls=True), text(Verdict.UNKNOWN)),
        ],
        text(Verdict.YES),
    )


def _is(found: nw.Expr, rule: Rule, variants: Iterable[str]) -> nw.Expr:
    """Whether a finding is one of some variants."""
    bare = sorted(variant for variant in variants if "{seen}" not in rule.sentences[variant])
    telling = sorted(set(variants) - set(bare))
    tests = [found.is_in(bare), *(found.str.starts_with(f"{each}:") for each in telling)]
    return nw.any_horizontal(*tests, ignore_nulls=True)


def _account(_: Rule, __: _Case) -> nw.Expr:
    """STU-ACCT-01, STF-ACCT-01, CON-ACCT-01: the person has an active account."""
    cases = [(accounts.is_state(state), text(state)) for state in accounts.STATES[1:]]
    return first(cases, NOTHING)


def _selected_account(_: Rule, case: _Case) -> nw.Expr:
    """CON-ACCT-02: the selected account is one of Campus Parent; silent where none is active."""
    first_created = case.profile.settings.home_page_reading == "B"
    cases = [
        (accounts.is_home("other"), text("first_home" if first_created else "other_home")),
        (accounts.is_home("no_home_page"), text("no_home_page")),
        (accounts.is_home("unclear"), text("unclear")),
    ]
    return (
        nw.when(accounts.is_state("active", "by_name"))
        .then(first(cases, NOTHING))
        .otherwise(NOTHING)
    )


def _data(rule: Rule, case: _Case) -> nw.Expr:
    """CON-FLD-01 to 04: the field holds data."""
    name, columns = str(rule.field), case.columns
    if name in columns:
        return nw.when(nw.col(name).is_null()).then(missing(columns, name)).otherwise(NOTHING)
    instead, variant = _INSTEAD.get(name, ("", ""))
    if instead in columns:
        return text(f"{variant}:{columns.headers[instead]}")
    return text("no_column")


def _guardian(_: Rule, case: _Case) -> nw.Expr:
    """CON-REL-01: the relationship type is configured as Guardian."""
    return guardians.finding(case.columns, case.profile.settings)


def _form(pattern: str, variant: str) -> Callable[[Rule, _Case], nw.Expr]:
    """EML-01, PHN-01: what the field holds, if it holds something, has a form."""

    def finding(rule: Rule, case: _Case) -> nw.Expr:
        name = str(rule.field)
        if name not in case.columns:
            return NOTHING
        formed = nw.col(name).is_null() | nw.col(name).str.contains(pattern)
        return nw.when(formed).then(NOTHING).otherwise(text(variant))

    return finding


_FINDINGS: Mapping[str, Callable[[Rule, _Case], nw.Expr]] = {
    "STU-ACCT-01": _account,
    "STF-ACCT-01": _account,
    "CON-FLD-01": _data,
    "CON-FLD-02": _data,
    "CON-FLD-03": _data,
    "CON-FLD-04": _data,
    "CON-REL-01": _guardian,
    "CON-ACCT-01": _account,
    "CON-ACCT-02": _selected_account,
    "EML-01": _form(_EMAIL, "malformed"),
    "PHN-01": _form(_PHONE, "digits"),
}
"""Rule id -> what says, for each row, in which way the rule does not hold."""

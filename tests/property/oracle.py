"""The published rules of profile `edutech` in plain Python: what the engine is measured by.

Read this to know what the rules are. It judges one row at a time, as a person would, and knows
no dataframes. `judge` is the way in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.rules.model import ODD
from tests.rule_tables import PARENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Profile
    from tests.rule_tables import Row, Sheet

# What can be known about the accounts of a person, from best to worst; the best one counts.
YES = ("active", "by_name")
UNKNOWN = ("no_state", "no_result", "unclear", "no_key", "no_common_key", "no_accounts")
NO = ("expired", "disabled", "expired_by_name", "disabled_by_name", "none")
RANK = [*YES, *UNKNOWN, *NO]
PAGES = ["fits", "unclear", "no_home_page", "other"]

Told = dict[str, str]


def judge(
    row: Row, sheet: Sheet, accounts: Sequence[Sheet], types: Sequence[Sheet], profile: Profile
) -> tuple[str, Told]:
    """Verdict and findings of one row."""
    state, mine = account_of(row, sheet, accounts, profile)
    unmet: dict[str, str | None] = {}
    if sheet.kind == "contact":
        unmet["CON-FLD-01"] = data(row, sheet, "first_name", instead="full_name")
        unmet["CON-FLD-02"] = data(row, sheet, "last_name", instead="full_name")
        unmet["CON-FLD-03"] = data(row, sheet, "other_phone", instead="home_phone")
        unmet["CON-FLD-04"] = data(row, sheet, "email")
        unmet["CON-REL-01"] = guardian(row, sheet, types, profile)
        unmet["CON-ACCT-02"] = selected(mine, profile) if state in YES else None
        unmet["PHN-01"] = phone(row)
    rule = {"student": "STU-ACCT-01", "staff": "STF-ACCT-01", "contact": "CON-ACCT-01"}[sheet.kind]
    unmet[rule] = None if state == "active" else state
    unmet["EML-01"] = address(row)
    found = {rule: text for rule, text in unmet.items() if text}
    effects = {effect(rule, text, profile) for rule, text in found.items()}
    verdict = "No" if "hides" in effects else "Unknown" if "unknown" in effects else "Yes"
    return verdict, {
        rule: text for rule, text in found.items() if effect(rule, text, profile) != "silent"
    }


def effect(rule: str, text: str, profile: Profile) -> str:
    """What a finding does: a rule that cannot hide is silent where its input is lacking."""
    warns = rule in {"EML-01", "PHN-01"} or (
        rule == "CON-ACCT-02" and profile.settings.home_page_reading == "C"
    )
    variant = text.partition(":")[0]
    if variant.startswith(("no_", "unclear", "type_", "box_")):
        return "silent" if warns else "unknown"
    return "check" if warns or variant == "by_name" else "hides"


def data(row: Row, sheet: Sheet, name: str, instead: str = "") -> str | None:
    """A field holds data: something that is no placeholder and no error."""
    if name not in sheet.fields:
        if instead in sheet.fields:
            return f"no_column_{instead[:4]}:{sheet.headers[instead]}"
        return "no_column"
    if row.get(name) is not None:
        return None
    reason = row.get(name + ODD) or ""
    if reason.startswith(("placeholder:", "error:")):
        return reason
    return "no_result" if reason == "no_result:" else "blank"


def guardian(row: Row, sheet: Sheet, types: Sequence[Sheet], profile: Profile) -> str | None:
    """The type of the relationship is configured as Guardian."""
    kind = row.get("relationship")
    flags = {
        "unclear" if unclear(each, "rel_type_guardian") else each.get("rel_type_guardian") == "true"
        for one in types
        if {"rel_type_name", "rel_type_guardian"} <= {*one.fields}
        for each in one.rows
        if kind and (each.get("rel_type_name") or "").lower() == kind.lower()
    }
    if flags:  # the sheet of types has the last word for the types that it knows
        known = {True: None, False: f"not_guardian:{kind}"}
        return known[flags.pop()] if flags in ({True}, {False}) else f"type_unclear:{kind}"
    if "guardian_flag" in sheet.fields:  # then the box
        return box(row, sheet)
    if not kind:
        return data(row, sheet, "relationship")
    listed = kind.lower() in [one.strip().lower() for one in profile.settings.guardian_types]
    return None if listed else f"type_unknown:{kind}"


def box(row: Row, sheet: Sheet) -> str | None:
    """The Guardian box of the row is ticked."""
    if row.get("guardian_flag") == "true":
        return None
    if unclear(row, "guardian_flag"):
        return "box_unclear"
    untyped = "relationship" in sheet.fields and not row.get("relationship")
    if untyped and row.get("guardian_flag") is None:
        return data(row, sheet, "relationship")
    return "not_ticked"


Account = tuple["Row", "Sheet", str, tuple[str, str, int, int]]
"""An account: row, sheet, state, and what orders accounts by their creation."""


def account_of(
    row: Row, sheet: Sheet, accounts: Sequence[Sheet], profile: Profile
) -> tuple[str, list[Account]]:
    """What is known about a person's accounts, and which ones they are."""
    if not accounts:
        state = state_in_row(row, sheet, profile)
        return state, [(row, sheet, state, ("", "", 0, 0))]
    linked = [(at, one, shared_keys(sheet, one)) for at, one in enumerate(accounts)]
    if any(keys for _, _, keys in linked):
        linked = [each for each in linked if each[2]]
    else:
        names = ("first_name", "last_name")
        both = [one for one in linked if {*names} <= {*sheet.fields} & {*one[1].fields}]
        linked = [(at, one, [names]) for at, one, _ in both]
    if not linked:
        return "no_common_key", []
    best, mine = [], []
    for keys in {tuple(keys) for _, _, keys in linked}:
        alike = [(at, one) for at, one, own in linked if tuple(own) == keys]
        state, found = look_up(row, sheet, alike, keys, profile)
        best.append(state)
        mine += found
    return min(best, key=RANK.index), mine


def look_up(
    row: Row,
    sheet: Sheet,
    accounts: Sequence[tuple[int, Sheet]],
    keys: tuple[tuple[str, ...], ...],
    profile: Profile,
) -> tuple[str, list[Account]]:
    """A person's accounts in sheets that share the same keys with the person's own."""
    by_name = keys == (("first_name", "last_name"),)
    wanted = goes_by(row, sheet, keys, sheet.kind)
    found: list[Account] = []
    for at, one in accounts:
        for place, each in zip(one.rows_at, one.rows, strict=True):
            if wanted and is_account(each, one) and goes_by(each, one, keys, sheet.kind) == wanted:
                created = each.get("account_created") or "9999-99-99"
                order = (created, each.get("username") or "", at, place)
                found.append((each, one, state(each, one, profile), order))
    if not found:
        lacks_the_first = wanted is None or wanted[0] > 0
        return "no_key" if by_name or lacks_the_first else "none", []
    if by_name and len(found) > 1:
        return "no_key", []
    best = min((each[2] for each in found), key=RANK.index)
    if by_name and best not in UNKNOWN:
        best = "by_name" if best == "active" else f"{best}_by_name"
    return best, found


def shared_keys(people: Sheet, accounts: Sheet) -> list[tuple[str, ...]]:
    """The keys that both sheets have, the surest first."""
    theirs = {number_of(people.kind, accounts) if f == "number" else f for f in accounts.fields}
    theirs |= {"number"} if number_of(people.kind, accounts) in accounts.fields else set()
    both = {*people.fields} & theirs - ({"number"} if people.kind == "contact" else set())
    levels = [("person_id",), ("person_guid",), ("number",), ("email", "last_name")]
    return [level for level in levels if {*level} <= both]


def number_of(kind: str, accounts: Sheet) -> str:
    """The column of an account sheet that holds the numbers of one kind of people."""
    own = {"student": "student_number", "staff": "staff_number"}.get(kind, "number")
    return own if own in accounts.fields else "number"


def goes_by(
    row: Row, sheet: Sheet, keys: tuple[tuple[str, ...], ...], kind: str
) -> tuple[int, list[str]] | None:
    """The first key that a row has a value for: which one, and its value."""
    for at, level in enumerate(keys):
        own = [
            number_of(kind, sheet) if f == "number" and sheet.kind == "account" else f
            for f in level
        ]
        values = [row.get(name) for name in own]
        if all(values):
            exact = level in {("person_id",), ("number",)}
            return at, [str(one) if exact else str(one).lower() for one in values]
    return None


def is_account(row: Row, sheet: Sheet) -> bool:
    """Where there is a column of usernames, a row without one is no account."""
    return (
        "username" not in sheet.fields
        or row.get("username") is not None
        or row.get("username" + ODD) == "no_result:"
    )


def state(row: Row, sheet: Sheet, profile: Profile) -> str:
    """Whether an account is active: enabled (or not disabled), and not expired."""
    flags = [name for name in ("account_enabled", "account_disabled") if name in sheet.fields]
    expires = profile.settings.expired_is_inactive
    looked_at = [*flags, "account_expires"] if expires else flags
    ticked = row.get("account_enabled") == "true" or unclear(row, "account_enabled")
    if ("account_enabled" in flags and not ticked) or row.get("account_disabled") == "true":
        return "disabled"
    if expires and (row.get("account_expires") or "9999") < profile.as_of.isoformat():
        return "expired"
    reasons = [row.get(name + ODD) or "" for name in looked_at]
    if "no_result:" in reasons:
        return "no_result"
    if any(unclear(row, name) for name in looked_at):
        return "unclear"
    return "active" if flags else "no_state"


def state_in_row(row: Row, sheet: Sheet, profile: Profile) -> str:
    """The same for the account columns of a person's own row."""
    if not {"username", "account_enabled", "account_disabled"} & {*sheet.fields}:
        return "no_accounts"
    if not is_account(row, sheet):
        return "none"
    if "username" not in sheet.fields:
        if "account_enabled" in sheet.fields and blank(row, "account_enabled"):
            return "none"
        if "account_enabled" not in sheet.fields and blank(row, "account_disabled"):
            return "no_state"
    return state(row, sheet, profile)


def selected(accounts: Sequence[Account], profile: Profile) -> str | None:
    """The Home Page of the account that is selected, if it is not Campus Parent.

    B: the first active one created. A and C: the first one created of those that fit, and only
    if none fits, of the others. What may be active may be selected.
    """
    first_created = profile.settings.home_page_reading == "B"

    def page(one: Account) -> str:
        row, sheet, state, _ = one
        if "home_page" not in sheet.fields:
            return "no_home_page"
        known = {PARENT: "fits"}.get(row.get("home_page") or "", "other")
        known = "unclear" if unclear(row, "home_page") else known
        return "unclear" if state != "active" and (first_created or known == "fits") else known

    possible = [one for one in accounts if one[2] in {"active", "no_state", "no_result", "unclear"}]
    chosen = min(
        possible, key=lambda one: one[3] if first_created else (PAGES.index(page(one)), one[3])
    )
    found = {"fits": None, "other": "first_home" if first_created else "other_home"}
    return found.get(page(chosen), page(chosen))


def phone(row: Row) -> str | None:
    """Other Phone, if it holds something, has 10 or 11 digits, an extension left out."""
    value = row.get("other_phone")
    number, _, extension = (value or "").lower().partition("x")
    digits = len(re.sub("[^0-9]", "", number))
    whole = digits in {10, 11} and ("x" not in (value or "").lower() or extension[-1:].isdigit())
    return None if value is None or whole else "digits"


def address(row: Row) -> str | None:
    """The e-mail address, if there is one, has one @, a dot behind it, and no blanks."""
    value = row.get("email")
    name, _, domain = (value or "").partition("@")
    host, _, ending = domain.rpartition(".")
    formed = all((name, host, ending)) and not set(" ,;<>()@") & set(name + host + ending)
    return None if value is None or formed else "malformed"


def blank(row: Row, name: str) -> bool:
    """The cell is empty or holds a word for nothing."""
    return row.get(name) is None and not unclear(row, name)


def unclear(row: Row, name: str) -> bool:
    """The cell holds an error, a formula without a result, or a word that is not understood."""
    return (row.get(name + ODD) or "").startswith(("error:", "no_result:", "unclear:"))

"""The accounts of people: whose is whose, which are active, which one is selected.

CON-ACCT-01, STU-ACCT-01, STF-ACCT-01; CON-ACCT-02, STU-HOME-01, STF-HOME-01; USR-*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.rules.model import ODD
from tests.property.oracle_cells import blank, date, has_names, lower, name_of, unclear

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
NAME = ("name",)

Key = tuple[int, list[str | None]]


@dataclass
class Account:
    """One account: where it stands, whether it is active, and what comes first of several."""

    row: Row
    sheet: Sheet
    state: str
    order: tuple[str, str, int, int]


@dataclass
class Known:
    """What is known about a person's accounts."""

    state: str
    accounts: list[Account]
    selected: Account | None = None
    page: str = ""

    @property
    def is_active(self) -> bool:
        return self.state in YES


def accounts_of(row: Row, sheet: Sheet, accounts: Sequence[Sheet], profile: Profile) -> Known:
    """What is known about a person's accounts, with the one that is selected."""
    known = find(row, sheet, accounts, profile)
    if known.is_active:
        known.selected = selected(known.accounts, sheet.kind, profile)
        known.page = page(known.selected, sheet.kind, profile)
    return known


def find(row: Row, sheet: Sheet, accounts: Sequence[Sheet], profile: Profile) -> Known:
    """A person's accounts: in the sheets of accounts if there are any, else in the own row."""
    if not accounts:
        state = state_in_row(row, sheet, profile)
        return Known(state, [Account(row, sheet, state, ("", "", 0, 0))])
    linked = [(at, one, shared_keys(sheet, one)) for at, one in enumerate(accounts)]
    if any(keys for _, _, keys in linked):
        linked = [each for each in linked if each[2]]
    else:
        both = [one for one in linked if has_names(sheet) and has_names(one[1])]
        linked = [(at, one, [NAME]) for at, one, _ in both]
    if not linked:
        return Known("no_common_key", [])
    parts = []
    for keys in {tuple(keys) for _, _, keys in linked}:
        alike = [(at, one) for at, one, own in linked if tuple(own) == keys]
        parts.append(look_up(row, sheet, alike, keys, profile))
    best = min((part.state for part in parts), key=RANK.index)
    return Known(best, [each for part in parts for each in part.accounts])


def look_up(
    row: Row,
    sheet: Sheet,
    accounts: Sequence[tuple[int, Sheet]],
    keys: tuple[tuple[str, ...], ...],
    profile: Profile,
) -> Known:
    """A person's accounts in sheets that share the same keys with the person's own."""
    by_name = keys == (NAME,)
    wanted = goes_by(row, sheet, keys, sheet.kind)
    found = []
    for at, one in accounts:
        for place, each in zip(one.rows_at, one.rows, strict=True):
            if wanted and is_account(each, one) and goes_by(each, one, keys, sheet.kind) == wanted:
                created = each.get("account_created") or "9999-99-99"
                order = (created, each.get("username") or "", at, place)
                found.append(Account(each, one, state(each, one, profile), order))
    if not found:
        lacks_the_first = wanted is None or wanted[0] > 0
        return Known("no_key" if by_name or lacks_the_first else "none", [])
    if by_name and len(found) > 1:
        return Known("no_key", [])
    best = min((each.state for each in found), key=RANK.index)
    if by_name and best not in UNKNOWN:
        best = "by_name" if best == "active" else f"{best}_by_name"
    return Known(best, found)


def shared_keys(people: Sheet, accounts: Sheet) -> list[tuple[str, ...]]:
    """The keys that both sheets have, the surest first; a contact has no number of its own."""
    number = number_of(people.kind, accounts)
    keys: dict[tuple[str, ...], tuple[str, ...]] = {
        ("person_id",): ("person_id",),
        ("person_guid",): ("person_guid",),
        ("number",): () if people.kind == "contact" else (number,),
        ("email", "last_name"): ("email", "last_name"),
    }
    return [
        own
        for own, theirs in keys.items()
        if theirs and {*own} <= {*people.fields} and {*theirs} <= {*accounts.fields}
    ]


def number_of(kind: str, accounts: Sheet) -> str:
    """The column of an account sheet that holds the numbers of one kind of people."""
    own = {"student": "student_number", "staff": "staff_number"}.get(kind, "number")
    return own if own in accounts.fields else "number"


def goes_by(row: Row, sheet: Sheet, keys: tuple[tuple[str, ...], ...], kind: str) -> Key | None:
    """The first key that a row has a value for: which one, and its value."""
    for at, level in enumerate(keys):
        if level == NAME:
            values = [name_of(row)]
        elif level == ("number",):
            values = [row.get(number_of(kind, sheet) if sheet.kind == "account" else "number")]
        elif level == ("person_id",):
            values = [row.get("person_id")]
        else:
            values = [lower(row, name) for name in level]
        if None not in values:
            return at, values
    return None


def is_account(row: Row, sheet: Sheet) -> bool:
    """Where there is a column of usernames, a row without one is no account."""
    return (
        "username" not in sheet.fields
        or row.get("username") is not None
        or row.get("username" + ODD) == "no_result:"
    )


def state(row: Row, sheet: Sheet, profile: Profile) -> str:
    """Whether an account is active: enabled (or not disabled), and not expired.

    Where any account will do, every one counts as active.
    """
    if profile.settings.account_required == "any":
        return "active"
    flags = [name for name in ("account_enabled", "account_disabled") if name in sheet.fields]
    expires = profile.settings.expired_is_inactive
    looked_at = [*flags, "account_expires"] if expires else flags
    ticked = row.get("account_enabled") == "true" or unclear(row, "account_enabled")
    if ("account_enabled" in flags and not ticked) or row.get("account_disabled") == "true":
        return "disabled"
    if expires and has_expired(row, profile):
        return "expired"
    reasons = [row.get(name + ODD) or "" for name in looked_at]
    if "no_result:" in reasons:
        return "no_result"
    if any(unclear(row, name) for name in looked_at):
        return "unclear"
    return "active" if flags else "no_state"


def has_expired(row: Row, profile: Profile) -> bool:
    """The account's last day is over."""
    return (date(row, "account_expires") or "9999") < profile.as_of.isoformat()


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


def selected(accounts: Sequence[Account], kind: str, profile: Profile) -> Account:
    """The account that is selected by its Home Page. What may be active may be selected.

    B: the first one created. A and C: the first one created of those that fit, and only if none
    fits, of the others.
    """
    possible = [
        one for one in accounts if one.state in {"active", "no_state", "no_result", "unclear"}
    ]
    if profile.settings.home_page_reading == "B":
        return min(possible, key=lambda one: one.order)
    return min(possible, key=lambda one: (PAGES.index(page(one, kind, profile)), one.order))


def page(account: Account, kind: str, profile: Profile) -> str:
    """What is known about an account's Home Page: whether it is one for this kind of people."""
    if "home_page" not in account.sheet.fields:
        return "no_home_page"
    fitting = getattr(profile.settings, f"{kind}_home_pages")
    known = "fits" if account.row.get("home_page") in fitting else "other"
    known = "unclear" if unclear(account.row, "home_page") else known
    first_created = profile.settings.home_page_reading == "B"
    may_be = account.state != "active" and (first_created or known == "fits")
    return "unclear" if may_be else known


def account(known: Known) -> str | None:
    """STU-ACCT-01, STF-ACCT-01, CON-ACCT-01: the person has an active account."""
    return None if known.state == "active" else known.state


def home_page(known: Known, profile: Profile) -> str | None:
    """CON-ACCT-02, STU-HOME-01, STF-HOME-01: the Home Page of the selected account fits."""
    if not known.is_active:
        return None
    other = "first_home" if profile.settings.home_page_reading == "B" else "other_home"
    return {"fits": None, "other": other}.get(known.page, known.page)


def username(known: Known, profile: Profile) -> str | None:
    """USR-NAME-01: the account has a username.

    A row without one is no account (see `is_account`). Where no account is needed, who has none at
    all has no username either.
    """
    if known.state == "none" and profile.settings.account_required == "none":
        return "no_username"
    if known.selected is None:
        return None
    return None if "username" in known.selected.sheet.fields else "no_column"


def username_space(known: Known) -> str | None:
    """USR-NAME-02: the username has no blank in it."""
    name = known.selected and known.selected.row.get("username")
    return "space" if name and " " in name else None


def expiry(known: Known, profile: Profile) -> str | None:
    """USR-EXP-01: the account has not expired, where that does not make it inactive."""
    if known.selected is None or profile.settings.expired_is_inactive:
        return None
    return "expired" if has_expired(known.selected.row, profile) else None

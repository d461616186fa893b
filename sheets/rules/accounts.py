"""Whether a person has an active user account, and which one is selected by its Home Page.

Where it is looked for: in the sheets of accounts if there are any (they have the last word: who is
in none of them has no account), else in the account columns of the person's own row.

Active means enabled (or not disabled) and not expired on the as-of date. A blank box is a box
without a tick: a blank `Enabled` is not enabled, a blank `Disabled` is not disabled. A username
alone does not say that an account is active, so a list without either column leaves it unknown.
Where there is a column of usernames, a row without one is no account.

Where the district asks for an account that may be disabled too (`account_required` is ``any``),
every account counts as active.

People find their accounts by the first of these that both sheets have and the row has a value for:
person id, GUID, student or staff number, email with last name. An account, too, goes by the first
one it has a value for: a spouse with the same address, but an id of their own, is somebody else.
Whoever has the first one and is not found by it has no account; whoever lacks it, and is not found
by a later one, is unknown. Names alone are taken only if they are all that the sheets have in
common, and the finding says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import keys
from sheets.rules.cells import NEVER, NOTHING, Columns, first
from sheets.rules.keys import KEY, NAME, STOP
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.keys import Groups, Level
    from sheets.rules.model import Profile, Settings, Table

    Frame = nw.LazyFrame[Any]

STATE = "_account"
"""Column: position in `STATES` of the best account that was found for a person."""

SELECTED = "_selected"
"""Column: text that ends with what is known about the account that is selected, see `_page`."""

STATES = (
    *("active", "by_name"),
    *("no_state", "no_result", "unclear", "no_key", "no_common_key", "no_accounts"),
    *("expired", "disabled", "expired_by_name", "disabled_by_name", "none"),
)
"""From best to worst: of several accounts, the best one counts for a person."""

HOMES = ("fits", "unclear", "no_home_page", "other")
"""What is known about an account's Home Page, from best to worst."""

NAMES = ("whole", "blank_inside", "no_column")
"""What is known about an account's username: where there is a column, every account has one."""

_USERNAMES = ("USR-NAME-01", "USR-NAME-02")
_EXPIRY = "USR-EXP-01"
_NUMBER: Level = ("number",)
_LEVELS: Sequence[Level] = (("person_id",), ("person_guid",), _NUMBER, ("email", "last_name"))
_OWN_NUMBER = {"student": "student_number", "staff": "staff_number"}
_UNDATED = "9999-99-99"
_DIGITS = 10
_PERHAPS = ("no_state", "no_result", "unclear")
_ANY = "any"


def attach(people: Frame, kind: str, tables: Sequence[Table], profile: Profile) -> Frame:
    """Add the columns `STATE` and `SELECTED` to a table of people.

    Args:
        people: Students, staff or contacts.
        kind: Which of them.
        tables: All sheets of accounts.
        profile: Says when an account has expired, and how the Home Page is read.
    """
    columns = keys.columns(people)
    if not tables:
        people = people.with_columns(_state_in_row(columns, profile).alias(STATE))
        return people.with_columns(_selected(columns, kind, profile, 0).alias(SELECTED))
    groups = _groups(columns, kind, tables)
    if not groups:
        return people.with_columns(_code("no_common_key").alias(STATE), NOTHING.alias(SELECTED))
    for number, (levels, accounts) in enumerate(groups.items()):
        found = nw.concat([_keyed(one, kind, levels, profile, at) for at, one in accounts])
        people = _look_up(people, found, levels, number)
    return people.with_columns(_least(STATE, len(groups)), _least(SELECTED, len(groups)))


def is_state(*variants: str) -> nw.Expr:
    """Whether a person's account is in one of some states."""
    return nw.col(STATE).is_in([STATES.index(variant) for variant in variants])


def is_home(variant: str) -> nw.Expr:
    """Whether this is what is known about the Home Page of the account that is selected."""
    return nw.col(SELECTED).str.ends_with(str(HOMES.index(variant)))


def is_username(variant: str) -> nw.Expr:
    """Whether this is what is known about the username of the account that is selected."""
    code = NAMES.index(variant)
    ends = [nw.col(SELECTED).str.ends_with(f"{code}{home}") for home in range(len(HOMES))]
    return nw.any_horizontal(*ends, ignore_nulls=True)


def has_expired() -> nw.Expr:
    """Whether the account that is selected has expired."""
    ends = [
        nw.col(SELECTED).str.ends_with(f"x{username}{home}")
        for username in range(len(NAMES))
        for home in range(len(HOMES))
    ]
    return nw.any_horizontal(*ends, ignore_nulls=True)


def _groups(people: Columns, kind: str, tables: Sequence[Table]) -> Groups:
    """The sheets of accounts by the keys that they share with the people, numbered.

    Sheets that share a key have the last word, others beside them are not looked at. Names are
    looked at only if no sheet shares a key.
    """
    accounts = [_renamed(frame, kind) for frame in keys.frames(tables)]
    # A number on a list of contacts would be somebody else's: the student's.
    levels = [level for level in _LEVELS if not (level == _NUMBER and kind == "contact")]
    return keys.group(people, accounts, levels) or keys.group(people, accounts, [NAME])


def _renamed(accounts: Frame, kind: str) -> Frame:
    """A sheet of accounts in which `number` is the number of this kind of people.

    A sheet that tells students' numbers from staff numbers never gives one for the other.
    """
    own = _OWN_NUMBER.get(kind)
    if own is None or own not in keys.columns(accounts):
        return accounts
    return accounts.with_columns(nw.col(own).alias("number"))


def _keyed(frame: Frame, kind: str, levels: tuple[Level, ...], profile: Profile, at: int) -> Frame:
    """Key and state of the accounts of one sheet, and what is told of the one selected."""
    columns = keys.columns(frame)
    if "username" in columns:
        name = nw.col("username")
        frame = frame.filter(~name.is_null() | columns.has_no_result("username"))
    key = keys.key(levels, columns).alias(KEY)
    frame = frame.with_columns(key, _state(columns, profile).alias(STATE))
    return frame.select(KEY, STATE, _selected(columns, kind, profile, at).alias(SELECTED))


def _look_up(people: Frame, accounts: Frame, levels: tuple[Level, ...], number: int) -> Frame:
    """Add what the accounts of one group say about each person."""
    key, state, selected = f"{KEY}{number}", f"{STATE}{number}", f"{SELECTED}{number}"
    best = accounts.group_by(KEY).agg(
        nw.col(STATE).min().alias(state),
        nw.col(SELECTED).min().alias(selected),
        nw.len().alias("_count"),
    )
    by_name = levels == (NAME,)
    if by_name:
        best = best.with_columns(_by_name(state).alias(state))
    best = best.select(nw.col(KEY).alias(key), state, selected)
    has = keys.columns(people)
    absent = _code("no_key" if by_name else "none")
    unknown = keys.value(levels[0], has).is_null()
    not_found = nw.when(unknown).then(_code("no_key")).otherwise(absent)
    return (
        people.with_columns(keys.key(levels, has).alias(key))
        .join(best, on=key, how="left")
        .with_columns(nw.coalesce(nw.col(state), not_found).alias(state))
    )


def _least(name: str, groups: int) -> nw.Expr:
    """The best of what the groups say."""
    told = [nw.col(f"{name}{number}") for number in range(groups)]
    # Spark compares two columns or more.
    return (told[0] if groups == 1 else nw.min_horizontal(*told)).alias(name)


def _by_name(state: str) -> nw.Expr:
    """The state of an account that was found by name: one that others share is nobody's."""
    found = [
        (nw.col("_count") > 1, _code("no_key")),
        *(
            (nw.col(state) == STATES.index(plain), _code(named))
            for plain, named in (
                ("active", "by_name"),
                ("expired", "expired_by_name"),
                ("disabled", "disabled_by_name"),
            )
        ),
    ]
    return first(found, nw.col(state))


def _state(columns: Columns, profile: Profile) -> nw.Expr:
    """The state of an account, from the columns that a list has for it."""
    if profile.settings.account_required == _ANY:
        return _code("active")
    flags = [name for name in ("account_enabled", "account_disabled") if name in columns]
    off, looked_at = [], list(flags)
    if "account_enabled" in columns:
        off += [nw.col("account_enabled") == "false", columns.is_blank("account_enabled")]
    if "account_disabled" in columns:
        off.append(nw.col("account_disabled") == "true")
    cases = [(condition, _code("disabled")) for condition in off]
    if "account_expires" in columns and profile.settings.expired_is_inactive:
        looked_at.append("account_expires")
        cases.append((_expired(profile), _code("expired")))
    cases += [(columns.has_no_result(name), _code("no_result")) for name in looked_at]
    cases += [(columns.is_unclear(name), _code("unclear")) for name in looked_at]
    return first(cases, _code("active" if flags else "no_state"))


def _expired(profile: Profile) -> nw.Expr:
    return nw.col("account_expires") < profile.as_of.isoformat()


def _state_in_row(columns: Columns, profile: Profile) -> nw.Expr:
    """The state of the account in a person's own row, where a blank may mean that there is none."""
    username, enabled, disabled = (
        name in columns for name in ("username", "account_enabled", "account_disabled")
    )
    if not (username or enabled or disabled):
        return _code("no_accounts")
    if username:
        nobody = nw.col("username").is_null() & ~columns.has_no_result("username")
        return first([(nobody, _code("none"))], _state(columns, profile))
    if enabled:
        nobody = columns.is_blank("account_enabled")
        return first([(nobody, _code("none"))], _state(columns, profile))
    unsaid = columns.is_blank("account_disabled")
    return first([(unsaid, _code("no_state"))], _state(columns, profile))


def _selected(columns: Columns, kind: str, profile: Profile, at: int) -> nw.Expr:
    """What is known of an account that may be active, as a text, else nothing.

    The least of these texts is the account that is selected: with readings A and C one whose Home
    Page fits best, with reading B the first one created (without a date last, then by username,
    then by row). It ends with what the rules ask for.
    """
    first_created = profile.settings.home_page_reading == "B"
    page, maybe = _page(columns, _pages(kind, profile.settings), first_created=first_created)
    details = _details(columns, profile)
    if first_created:
        page, maybe = (
            nw.concat_str(*_order(columns, at), *details, code) for code in (page, maybe)
        )
    elif details:
        page, maybe = (
            nw.concat_str(code, *_order(columns, at), *details, code) for code in (page, maybe)
        )
    return first([(is_state("active"), page), (is_state(*_PERHAPS), maybe)], NOTHING)


def _pages(kind: str, settings: Settings) -> Sequence[str]:
    """The Home Pages that fit a kind of people."""
    return {
        "student": settings.student_home_pages,
        "staff": settings.staff_home_pages,
        "contact": settings.contact_home_pages,
    }[kind]


def _page(
    columns: Columns, pages: Sequence[str], *, first_created: bool
) -> tuple[nw.Expr, nw.Expr]:
    """Positions in `HOMES`: of an account that is active, and of one that may be."""
    if "home_page" not in columns:
        absent = _home_code("no_home_page")
        return absent, absent
    fits = nw.col("home_page").is_in(list(pages)) if pages else NEVER
    unclear = columns.is_unclear("home_page") | columns.has_no_result("home_page")
    other = _home_code("other")
    page = first([(fits, _home_code("fits")), (unclear, _home_code("unclear"))], other)
    # An account that may or may not be active may or may not be selected.
    maybe = _home_code("unclear")
    return page, maybe if first_created else first([(fits | unclear, maybe)], other)


def _details(columns: Columns, profile: Profile) -> list[nw.Expr]:
    """Expiry and username of an account, where a rule asks for them."""
    wanted = set(profile.severities.keys() & {*_USERNAMES, _EXPIRY})
    if profile.settings.expired_is_inactive:
        wanted.discard(_EXPIRY)
    if not wanted:
        return []
    expired = nw.lit("-")
    if _EXPIRY in wanted and "account_expires" in columns:
        expired = first([(_expired(profile), nw.lit("x"))], expired)
    username = _name_code("no_column")
    if "username" in columns:
        cases = [
            (columns.has_no_result("username"), _name_code("whole")),
            (nw.col("username").str.contains(" ", literal=True), _name_code("blank_inside")),
        ]
        username = first(cases, _name_code("whole"))
    return [expired, username]


def _order(columns: Columns, at: int) -> list[nw.Expr]:
    """Texts that put accounts in the order of their creation."""
    stop = nw.lit(STOP)
    created, username = (
        nw.coalesce(nw.col(name), nw.lit(absent)) if name in columns else nw.lit(absent)
        for name, absent in (("account_created", _UNDATED), ("username", ""))
    )
    row = nw.col(ROW).cast(nw.String).str.zfill(_DIGITS)
    return [created, stop, username, stop, nw.lit(f"{at:0{_DIGITS}}"), row]


def _code(state: str) -> nw.Expr:
    return nw.lit(STATES.index(state), dtype=nw.Int8)


def _home_code(home: str) -> nw.Expr:
    return nw.lit(str(HOMES.index(home)))


def _name_code(username: str) -> nw.Expr:
    return nw.lit(str(NAMES.index(username)))

"""Whether a person has an active user account, and which one is selected by its Home Page.

Where it is looked for: in the sheets of accounts if there are any (they have the last word: who is
in none of them has no account), else in the account columns of the person's own row.

Active means enabled (or not disabled) and not expired on the as-of date. A blank box is a box
without a tick: a blank `Enabled` is not enabled, a blank `Disabled` is not disabled. A username
alone does not say that an account is active, so a list without either column leaves it unknown.
Where there is a column of usernames, a row without one is no account.

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

from sheets.rules.cells import NOTHING, Columns, first
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.rules.model import Profile, Table

    Frame = nw.LazyFrame[Any]
    Level = tuple[str, ...]

STATE = "_account"
"""Column: position in `STATES` of the best account that was found for a person."""

HOME = "_home"
"""Column: text that ends with the position in `HOMES` of the account that is selected."""

STATES = (
    *("active", "by_name"),
    *("no_state", "no_result", "unclear", "no_key", "no_common_key", "no_accounts"),
    *("expired", "disabled", "expired_by_name", "disabled_by_name", "none"),
)
"""From best to worst: of several accounts, the best one counts for a person."""

HOMES = ("fits", "unclear", "no_home_page", "other")
"""What is known about an account's Home Page, from best to worst."""

_CAMPUS_PARENT = "campus_parent"
_NAMES: Level = ("first_name", "last_name")
_NUMBER: Level = ("number",)
_LEVELS: Sequence[Level] = (("person_id",), ("person_guid",), _NUMBER, ("email", "last_name"))
_ANY_CASE = frozenset({"person_guid", "email", *_NAMES})
_OWN_NUMBER = {"student": "student_number", "staff": "staff_number"}
_STOP = "\x1f"  # sorts before every sign that a cell holds, and stands in none
_UNDATED = "9999-99-99"
_DIGITS = 10
_PERHAPS = ("no_state", "no_result", "unclear")
_KEY = "_key"


def attach(people: Frame, kind: str, tables: Sequence[Table], profile: Profile) -> Frame:
    """Add the columns `STATE` and `HOME` to a table of people.

    Args:
        people: Students, staff or contacts.
        kind: Which of them.
        tables: All sheets of accounts.
        profile: Says when an account has expired, and how the Home Page is read.
    """
    columns = Columns(people.collect_schema().names())
    if not tables:
        people = people.with_columns(_state_in_row(columns, profile).alias(STATE))
        return people.with_columns(_home(columns, profile, 0).alias(HOME))
    groups = _groups(columns, kind, tables)
    if not groups:
        return people.with_columns(_code("no_common_key").alias(STATE), NOTHING.alias(HOME))
    for number, (levels, accounts) in enumerate(groups.items()):
        found = nw.concat([_keyed(one, kind, levels, profile, at) for at, one in accounts])
        people = _look_up(people, found, levels, number)
    joined = range(len(groups))
    return people.with_columns(
        nw.min_horizontal(*(f"{STATE}{number}" for number in joined)).alias(STATE),
        nw.min_horizontal(*(f"{HOME}{number}" for number in joined)).alias(HOME),
    )


def is_state(*variants: str) -> nw.Expr:
    """Whether a person's account is in one of some states."""
    return nw.col(STATE).is_in([STATES.index(variant) for variant in variants])


def is_home(variant: str) -> nw.Expr:
    """Whether this is what is known about the Home Page of a person's account."""
    return nw.col(HOME).str.ends_with(str(HOMES.index(variant)))


def _groups(
    people: Columns, kind: str, tables: Sequence[Table]
) -> dict[tuple[Level, ...], list[tuple[int, Table]]]:
    """The sheets of accounts by the keys that they share with the people, numbered.

    Sheets that share a key have the last word, others beside them are not looked at. Names are
    looked at only if no sheet shares a key.
    """
    strong: dict[tuple[Level, ...], list[tuple[int, Table]]] = {}
    weak: dict[tuple[Level, ...], list[tuple[int, Table]]] = {}
    for at, table in enumerate(tables):
        accounts = Columns(_renamed(table, kind).collect_schema().names())
        shared = tuple(
            level
            for level in _LEVELS
            if all(name in people and name in accounts for name in level)
            # A number on a list of contacts would be somebody else's: the student's.
            and not (level == _NUMBER and kind == "contact")
        )
        if shared:
            strong.setdefault(shared, []).append((at, table))
        elif all(name in people and name in accounts for name in _NAMES):
            weak.setdefault((_NAMES,), []).append((at, table))
    return strong or weak


def _renamed(table: Table, kind: str) -> Frame:
    """A sheet of accounts in which `number` is the number of this kind of people.

    A sheet that tells students' numbers from staff numbers never gives one for the other.
    """
    frame: Frame = nw.from_native(table.frame).lazy()
    names = frame.collect_schema().names()
    own = _OWN_NUMBER.get(kind)
    if own is None or own not in names:
        return frame
    return frame.with_columns(nw.col(own).alias("number"))


def _keyed(table: Table, kind: str, levels: tuple[Level, ...], profile: Profile, at: int) -> Frame:
    """Key, state and Home Page of the accounts of one sheet."""
    frame = _renamed(table, kind)
    columns = Columns(frame.collect_schema().names())
    if "username" in columns:
        name = nw.col("username")
        frame = frame.filter(~name.is_null() | columns.has_no_result("username"))
    frame = frame.with_columns(_key(levels).alias(_KEY), _state(columns, profile).alias(STATE))
    home = _home(columns, profile, at).alias(HOME)
    return frame.select(_KEY, STATE, home)


def _look_up(people: Frame, accounts: Frame, levels: tuple[Level, ...], number: int) -> Frame:
    """Add what the accounts of one group say about each person."""
    key, state, home = f"{_KEY}{number}", f"{STATE}{number}", f"{HOME}{number}"
    best = accounts.group_by(_KEY).agg(
        nw.col(STATE).min().alias(state), nw.col(HOME).min().alias(home), nw.len().alias("_count")
    )
    if levels == (_NAMES,):
        best = best.with_columns(_by_name(state).alias(state))
    best = best.select(nw.col(_KEY).alias(key), state, home)
    absent = _code("no_key" if levels == (_NAMES,) else "none")
    not_found = nw.when(_value(levels[0]).is_null()).then(_code("no_key")).otherwise(absent)
    return (
        people.with_columns(_key(levels).alias(key))
        .join(best, on=key, how="left")
        .with_columns(nw.coalesce(nw.col(state), not_found).alias(state))
    )


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


def _key(levels: tuple[Level, ...]) -> nw.Expr:
    """What a person or account goes by: the first key that it has a value for."""
    marked = [_value(levels[0])]
    for number, level in enumerate(levels[1:], start=1):
        marked.append(nw.concat_str(nw.lit(f"{_STOP}{number}"), _value(level)))
    return nw.coalesce(*marked)


def _value(level: Level) -> nw.Expr:
    """The value of one key; nothing if a part of it is blank."""
    parts = [
        nw.col(name).str.to_lowercase() if name in _ANY_CASE else nw.col(name) for name in level
    ]
    return parts[0] if len(parts) == 1 else nw.concat_str(*parts, separator=_STOP)


def _state(columns: Columns, profile: Profile) -> nw.Expr:
    """The state of an account, from the columns that a list has for it."""
    flags = [name for name in ("account_enabled", "account_disabled") if name in columns]
    off, looked_at = [], list(flags)
    if "account_enabled" in columns:
        off += [nw.col("account_enabled") == "false", columns.is_blank("account_enabled")]
    if "account_disabled" in columns:
        off.append(nw.col("account_disabled") == "true")
    cases = [(condition, _code("disabled")) for condition in off]
    if "account_expires" in columns and profile.settings.expired_is_inactive:
        looked_at.append("account_expires")
        past = nw.col("account_expires") < profile.as_of.isoformat()
        cases.append((past, _code("expired")))
    cases += [(columns.has_no_result(name), _code("no_result")) for name in looked_at]
    cases += [(columns.is_unclear(name), _code("unclear")) for name in looked_at]
    return first(cases, _code("active" if flags else "no_state"))


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


def _home(columns: Columns, profile: Profile, at: int) -> nw.Expr:
    """What is known about the Home Page of an account that may be active, else nothing.

    The least of these texts is the account that is selected: with readings A and C one whose Home
    Page fits best, with reading B the first one created (without a date last, then by username,
    then by row).
    """
    first_created = profile.settings.home_page_reading == "B"
    if "home_page" not in columns:
        page = maybe = _home_code("no_home_page")
    else:
        fits = nw.col("home_page") == _CAMPUS_PARENT
        unclear = columns.is_unclear("home_page") | columns.has_no_result("home_page")
        other = _home_code("other")
        page = first([(fits, _home_code("fits")), (unclear, _home_code("unclear"))], other)
        # An account that may or may not be active may or may not be selected.
        maybe = _home_code("unclear")
        if not first_created:
            maybe = first([(fits | unclear, maybe)], other)
    if first_created:
        page, maybe = (nw.concat_str(*_order(columns, at), code) for code in (page, maybe))
    return first([(is_state("active"), page), (is_state(*_PERHAPS), maybe)], NOTHING)


def _order(columns: Columns, at: int) -> list[nw.Expr]:
    """Texts that put accounts in the order of their creation."""
    stop = nw.lit(_STOP)
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

"""The condition of each rule: for each row the way in which it does not hold, else nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from sheets.rules import accounts, enrollment, guardians, people, students
from sheets.rules.cells import (
    NEVER,
    NOTHING,
    Columns,
    first,
    folded,
    is_one_of,
    lower,
    missing,
    seen,
    text,
)
from sheets.rules.enrollment import FAILS, HOLDS, NO_COLUMN, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sheets.rules.model import Profile, Rule, Settings

_INSTEAD = {
    "first_name": ("full_name", "no_column_full"),
    "last_name": ("full_name", "no_column_full"),
}
"""Field -> the column that may hold it where it has none of its own, and the variant that asks."""

# What is no address for certain: blanks, several addresses, no @, no dot behind it.
_EMAIL = r"^[^ \t\r\n@,;<>()]+@[^ \t\r\n@,;<>()]+\.[^ \t\r\n@,;<>().]+$"
# 10 or 11 digits with anything between them, then perhaps an extension: x123, ext. 123.
_PHONE = r"^(?:[^0-9xX]*[0-9]){10,11}[^0-9xX]*(?:[xX][^0-9]*[0-9]+)?$"
_OTHER_PHONE = "other_phone"
_NO_RIGHTS = "no rights"
_LEFT_OUT = ("emergency", "secondary")
_MOST_GUARDIANS = 5
_HAS_ACCOUNT = ("active", "by_name")


@dataclass(frozen=True, slots=True)
class Case:
    """One table before the judge: what a rule may look at, besides the frame."""

    columns: Columns
    profile: Profile

    @property
    def settings(self) -> Settings:
        """What the district has set."""
        return self.profile.settings


def find(rule: Rule, case: Case) -> nw.Expr:
    """One rule's text for each row: null where it holds, else the variant and what was seen."""
    return _CONDITIONS.get(rule.id, _own_rule)(rule, case)


def guardian(case: Case) -> tuple[nw.Expr, nw.Expr]:
    """Whether a contact is a guardian for certain, and whether it is none for certain."""
    told = guardians.deciding(case.columns, case.settings)
    rule = case.profile.rules[guardians.chosen(case.settings)]
    unknown = nw.coalesce(is_one_of(told, rule, rule.unknown), NEVER)
    return told.is_null(), ~told.is_null() & ~unknown


# ---- Accounts -----------------------------------------------------------------------------------


def _account(_: Rule, __: Case) -> nw.Expr:
    """STU-ACCT-01, STF-ACCT-01, CON-ACCT-01: the person has an active account."""
    cases = [(accounts.is_state(state), text(state)) for state in accounts.STATES[1:]]
    return first(cases, NOTHING)


def _home_page(_: Rule, case: Case) -> nw.Expr:
    """CON-ACCT-02, STU-HOME-01, STF-HOME-01: the selected account's Home Page fits."""
    first_created = case.settings.home_page_reading == "B"
    cases = [
        (accounts.is_home("other"), text("first_home" if first_created else "other_home")),
        (accounts.is_home("no_home_page"), text("no_home_page")),
        (accounts.is_home("unclear"), text("unclear")),
    ]
    return _if(accounts.is_state(*_HAS_ACCOUNT), first(cases, NOTHING))


def _username(_: Rule, case: Case) -> nw.Expr:
    """USR-NAME-01: the account has a username."""
    no_column = accounts.is_username("no_column")
    told = _if(accounts.is_state(*_HAS_ACCOUNT) & no_column, text("no_column"))
    if case.settings.account_required != "none":
        return told
    # The rule about accounts is off, so it is this one that tells.
    return first([(accounts.is_state("none"), text("no_username"))], told)


def _username_blank(_: Rule, __: Case) -> nw.Expr:
    """USR-NAME-02: the username has no blank in it."""
    blank = accounts.is_state(*_HAS_ACCOUNT) & accounts.is_username("blank_inside")
    return _if(blank, text("space"))


def _expired(_: Rule, __: Case) -> nw.Expr:
    """USR-EXP-01: the account has not expired."""
    return _if(accounts.is_state(*_HAS_ACCOUNT) & accounts.has_expired(), text("expired"))


# ---- Enrollment and assignment ------------------------------------------------------------------


def _coded(column: str, variants: Mapping[int, str]) -> Callable[[Rule, Case], nw.Expr]:
    """A condition that was looked up: what each code says."""

    def condition(_: Rule, __: Case) -> nw.Expr:
        return _said(nw.col(column), variants)

    return condition


def _said(code: nw.Expr, variants: Mapping[int, str]) -> nw.Expr:
    return first([(code == value, text(variant)) for value, variant in variants.items()], NOTHING)


_WORDS = {UNCLEAR: "unclear", NO_COLUMN: "no_column"}


def _assignment(_: Rule, case: Case) -> nw.Expr:
    """STF-ASN-01: the assignment has days in the active school year."""
    period = enrollment.active_year(case.profile)
    code = _dated(case.columns, "assignment", period)
    return _said(code, {FAILS: "not_in_year", **_WORDS})


def _employment(_: Rule, case: Case) -> nw.Expr:
    """STF-EMP-01: the employment is active."""
    if "employment_active" in case.columns:
        code = enrollment.flag(case.columns, "employment_active")
    else:
        code = _dated(case.columns, "employment", enrollment.today(case.profile))
    return _said(code, {FAILS: "not_active", **_WORDS})


def _dated(columns: Columns, what: str, period: tuple[str, str]) -> nw.Expr:
    """Whether an assignment or employment has days in a period; without a first day: no."""
    start, end = f"{what}_start", f"{what}_end"
    if start not in columns and end not in columns:
        return enrollment.code(NO_COLUMN)
    blank = FAILS if start in columns else HOLDS
    return enrollment.within(columns, start, end, period, blank=blank)


def _role(rule: Rule, case: Case) -> nw.Expr:
    """STF-ROLE-01: a role box is ticked."""
    there = [name for name in rule.reads if name in case.columns]
    if not there:
        return text("no_column")
    texts = {"role", "security_role"}
    ticked = [
        ~nw.col(name).is_null() if name in texts else nw.col(name) == "true" for name in there
    ]
    unclear = [(_unclear(case.columns, name), text("unclear")) for name in there]
    return first([*((one, NOTHING) for one in ticked), *unclear], text("no_role"))


# ---- Contacts -----------------------------------------------------------------------------------


def _data(rule: Rule, case: Case) -> nw.Expr:
    """CON-FLD-01, 02 and 04: the field holds data."""
    name, columns = str(rule.field), case.columns
    if name in columns:
        return _if(nw.col(name).is_null(), missing(columns, name))
    instead, variant = _INSTEAD.get(name, ("", ""))
    return text(f"{variant}:{columns.headers[instead]}" if instead in columns else "no_column")


def _phone(_: Rule, case: Case) -> nw.Expr:
    """CON-FLD-03: one of the accepted phones holds data."""
    columns, accepted = case.columns, case.settings.phones
    there = [name for name in accepted if name in columns]
    if there:
        filled = [~nw.col(name).is_null() for name in there]
        asked = _OTHER_PHONE if _OTHER_PHONE in there else there[0]
        return _if(~nw.any_horizontal(*filled, ignore_nulls=True), missing(columns, asked))
    if _OTHER_PHONE in accepted and "home_phone" in columns:
        return text(f"no_column_home:{columns.headers['home_phone']}")
    return text("no_column")


def _form(pattern: str, variant: str) -> Callable[[Rule, Case], nw.Expr]:
    """EML-01, PHN-01: what the field holds, if it holds something, has a form."""

    def condition(rule: Rule, case: Case) -> nw.Expr:
        name = str(rule.field)
        if name not in case.columns:
            return NOTHING
        formed = nw.col(name).is_null() | nw.col(name).str.contains(pattern)
        return nw.when(formed).then(NOTHING).otherwise(text(variant))

    return condition


def _shared(_: Rule, __: Case) -> nw.Expr:
    """EML-02: nobody else has the address."""
    return _if(people.is_shared(), text("shared"))


def _work(rule: Rule, case: Case) -> nw.Expr:
    """EML-03: the address is not one of the district."""
    name = str(rule.field)
    domains = [folded(one.strip()).lstrip("@") for one in case.settings.staff_domains]
    if name not in case.columns or not domains:
        return NOTHING
    address = lower(nw.col(name))
    ends = [address.str.ends_with(f"{sign}{one}") for one in domains for sign in "@."]
    return _if(address.str.contains("@", literal=True) & _any(ends), text("work"))


def _reach(_: Rule, case: Case) -> nw.Expr:
    """PHN-02: a phone that takes texts, or an address that is nobody else's."""
    ways = []
    if "cell_phone" in case.columns:
        ways.append(~nw.col("cell_phone").is_null())
    if "email" in case.columns:
        ways.append(~nw.col("email").is_null() & ~people.is_shared())
    return nw.when(_any(ways)).then(NOTHING).otherwise(text("no_reach"))


def _namesake(_: Rule, __: Case) -> nw.Expr:
    """DUP-02: no other person has the name."""
    return _if(people.has_namesake(), text("same_name"))


def _one_person(rule: Rule, case: Case) -> nw.Expr:
    """NAME-01: the first name is that of one person."""
    name = str(rule.field)
    if name not in case.columns:
        return NOTHING
    return _if(nw.col(name).str.contains(case.settings.two_people), text("two_people"))


def _private(_: Rule, case: Case) -> nw.Expr:
    """PRIV-01: neither phone nor address is private."""
    boxes = ("private_phone", "private_address")
    if not any(name in case.columns for name in boxes):
        return NOTHING
    phone, address = (_is_ticked(case.columns, name) for name in boxes)
    cases = [(phone & address, "both"), (phone, "phone"), (address, "address")]
    return first([(condition, text(variant)) for condition, variant in cases], NOTHING)


# ---- Pairs --------------------------------------------------------------------------------------


def _by_type(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-01: the relationship type is configured as Guardian."""
    return _unless_relative(case, "CON-REL-01", guardians.by_type(case.columns, case.settings))


def _by_box(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-02: the Guardian box is ticked."""
    return _unless_relative(case, "CON-REL-02", guardians.by_box(case.columns, case.settings))


def _by_portal(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-03: the Portal box is ticked."""
    return _unless_relative(case, "CON-REL-03", guardians.by_portal(case.columns))


def _unless_relative(case: Case, rule_id: str, told: nw.Expr) -> nw.Expr:
    """Who is revealed as a relative is not hidden for being no guardian."""
    deciding = rule_id == guardians.chosen(case.settings)
    if not (deciding and case.settings.grade_book_sync and "CON-REL-05" in case.profile.severities):
        return told
    return nw.when(_is_relative(case)).then(NOTHING).otherwise(told)


def _is_relative(case: Case) -> nw.Expr:
    """No guardian for certain, with an account of Campus Parent."""
    _, nobody = guardian(case)
    parent = accounts.is_state(*_HAS_ACCOUNT) & nw.coalesce(accounts.is_home("fits"), NEVER)
    return nobody & parent


def _relative(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-05: more than a relative, or Grade Book sync."""
    variant = "as_relative" if case.settings.grade_book_sync else "relative"
    return _if(_is_relative(case), text(variant))


def _grade_book(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-06: Grade Book sync, where guardians need it too."""
    if case.settings.grade_book_sync:
        return NOTHING
    certain, _nobody = guardian(case)
    return _if(certain, text("no_sync"))


def _current(_: Rule, case: Case) -> nw.Expr:
    """CON-REL-04: the relationship is current."""
    columns, day = case.columns, case.profile.as_of.isoformat()
    cases = []
    if "rel_end" in columns:
        cases.append((nw.col("rel_end") < day, text("ended")))
    if "rel_start" in columns:
        cases.append((nw.col("rel_start") > day + "~", text("not_begun")))
    cases += [
        (_unclear(columns, name), text("unclear"))
        for name in ("rel_start", "rel_end")
        if name in columns
    ]
    return first(cases, NOTHING)


def _in_scope(_: Rule, __: Case) -> nw.Expr:
    """CON-STU-01: the student is enrolled."""
    student, scope = nw.col(students.STUDENT), nw.col(students.SCOPE)
    cases = [
        (student == students.NO_LIST, "no_students"),
        (student.is_in([students.NO_KEY, students.SEVERAL]), "no_key"),
        (student == students.NOT_FOUND, "not_found"),
        (scope == FAILS, "not_enrolled"),
        (scope.is_in([UNCLEAR, NO_COLUMN]), "unclear"),
    ]
    return first([(condition, text(variant)) for condition, variant in cases], NOTHING)


_STUDENTS = {
    students.NO_KEY: "no_key",
    students.NOT_FOUND: "not_found",
    students.BY_NAME: "by_name",
    students.SEVERAL: "several",
}


def _many(_: Rule, __: Case) -> nw.Expr:
    """VND-RMD-01: the student has no more guardians than Remind takes."""
    return _if(nw.col(students.GUARDIANS) > _MOST_GUARDIANS, text("many"))


def _contact_type(rule: Rule, case: Case) -> nw.Expr:
    """VND-RMD-02: the contact type is not one that is left out."""
    name = str(rule.field)
    if name not in case.columns:
        return NOTHING
    left_out = lower(nw.col(name)).is_in(list(_LEFT_OUT))
    return _if(left_out, seen("left_out", name))


def _receives_mail(rule: Rule, case: Case) -> nw.Expr:
    """ST-MAIL-01: Receives Mail or Parent Portal is set."""
    boxes = [name for name in rule.reads if name in case.columns]
    if not boxes:
        return text("no_column")
    ticked = [(_is_ticked(case.columns, name), NOTHING) for name in boxes]
    unclear = [(_unclear(case.columns, name), text("unclear")) for name in boxes]
    return first([*ticked, *unclear], text("not_set"))


def _custody(_: Rule, case: Case) -> nw.Expr:
    """ST-CUST-01: no Custody Alert with the type No Rights."""
    columns = case.columns
    alert, kind = "custody_alert" in columns, "custody_type" in columns
    if not (alert or kind):
        return text("no_column")
    ticked = nw.col("custody_alert") == "true" if alert else ~NEVER
    if not kind:
        return _if(ticked, text("unclear"))
    no_rights = lower(nw.col("custody_type")) == _NO_RIGHTS
    perhaps = _unclear(columns, "custody_alert") if alert else NEVER
    cases = [
        (ticked & no_rights, text("kept_back")),
        (perhaps & no_rights, text("unclear")),
        ((ticked | perhaps) & _unclear(columns, "custody_type"), text("unclear")),
    ]
    return first(cases, NOTHING)


def _restricted(_: Rule, case: Case) -> nw.Expr:
    """ST-RESTR-01: Restricted View is off."""
    if "restricted_view" not in case.columns:
        return text("no_column")
    code = _is_ticked(case.columns, "restricted_view")
    unclear = _unclear(case.columns, "restricted_view")
    return first([(code, text("kept_back")), (unclear, text("unclear"))], NOTHING)


# ---- Everybody ----------------------------------------------------------------------------------


def _school(_: Rule, case: Case) -> nw.Expr:
    """SCOPE-01: the school is one of the connection's."""
    if not case.settings.schools:
        return NOTHING
    if "school" in case.columns:
        own = students.school(case.columns, case.settings)
        return _said(own, {FAILS: "other_school", UNCLEAR: "no_school"})
    if students.SCHOOL not in case.columns:
        return text("no_column")
    theirs = nw.coalesce(nw.col(students.SCHOOL), enrollment.code(NO_COLUMN))
    found = nw.col(students.STUDENT).is_in([students.FOUND, students.BY_NAME])
    told = _said(theirs, {FAILS: "other_school", UNCLEAR: "no_column", NO_COLUMN: "no_column"})
    return nw.when(found).then(told).otherwise(text("no_column"))


def _excluded(_: Rule, case: Case) -> nw.Expr:
    """SCOPE-02: nothing is excluded, and it is not summer school."""
    boxes = {"school_exclude": "school", "calendar_exclude": "calendar", "summer_school": "summer"}
    cases = [(_is_ticked(case.columns, name), text(variant)) for name, variant in boxes.items()]
    return first(cases, NOTHING)


def _own_rule(rule: Rule, case: Case) -> nw.Expr:
    """A district's own rule: the field holds data, or one of some values."""
    name, columns = str(rule.field), case.columns
    if name not in columns:
        return text("no_column") if "no_column" in rule.sentences else NOTHING
    blank = nw.col(name).is_null()
    cases = [(blank, missing(columns, name) if "blank" in rule.sentences else NOTHING)]
    if rule.allowed:
        allowed = [folded(value) for value in rule.allowed]
        cases.append((~lower(nw.col(name)).is_in(allowed), text("not_allowed")))
    return first(cases, NOTHING)


def _later(_: Rule, __: Case) -> nw.Expr:
    """DUP-01: told once everything else is known."""
    return NOTHING


# ---- Words --------------------------------------------------------------------------------------


def _if(condition: nw.Expr, told: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(told).otherwise(NOTHING)


def _any(conditions: Sequence[nw.Expr]) -> nw.Expr:
    return nw.any_horizontal(*conditions, NEVER, ignore_nulls=True)


def _is_ticked(columns: Columns, name: str) -> nw.Expr:
    return nw.coalesce(nw.col(name) == "true", NEVER) if name in columns else NEVER


def _unclear(columns: Columns, name: str) -> nw.Expr:
    return columns.is_unclear(name) | columns.has_no_result(name)


_CONDITIONS: Mapping[str, Callable[[Rule, Case], nw.Expr]] = {
    "STU-ACCT-01": _account,
    "STU-HOME-01": _home_page,
    "STU-ENR-01": _coded(enrollment.YEAR, {FAILS: "not_in_year", **_WORDS}),
    "STU-ENR-02": _coded(enrollment.NO_SHOW, {FAILS: "no_show", **_WORDS}),
    "STU-ENR-03": _coded(enrollment.TODAY, {FAILS: "not_today", **_WORDS}),
    "STU-SVC-01": _coded(enrollment.PRIMARY, {FAILS: "not_primary", NO_COLUMN: "no_column"}),
    "STF-ACCT-01": _account,
    "STF-HOME-01": _home_page,
    "STF-ASN-01": _assignment,
    "STF-ROLE-01": _role,
    "STF-EMP-01": _employment,
    "CON-FLD-01": _data,
    "CON-FLD-02": _data,
    "CON-FLD-03": _phone,
    "CON-FLD-04": _data,
    "CON-REL-01": _by_type,
    "CON-REL-02": _by_box,
    "CON-REL-03": _by_portal,
    "CON-REL-04": _current,
    "CON-REL-05": _relative,
    "CON-REL-06": _grade_book,
    "CON-ACCT-01": _account,
    "CON-ACCT-02": _home_page,
    "CON-STU-01": _in_scope,
    "CON-STU-02": _coded(students.STUDENT, _STUDENTS),
    "SCOPE-01": _school,
    "SCOPE-02": _excluded,
    "USR-NAME-01": _username,
    "USR-NAME-02": _username_blank,
    "USR-EXP-01": _expired,
    "EML-01": _form(_EMAIL, "malformed"),
    "PHN-01": _form(_PHONE, "digits"),
    "EML-02": _shared,
    "EML-03": _work,
    "PHN-02": _reach,
    "DUP-01": _later,
    "DUP-02": _namesake,
    "NAME-01": _one_person,
    "PRIV-01": _private,
    "VND-RMD-01": _many,
    "VND-RMD-02": _contact_type,
    "ST-MAIL-01": _receives_mail,
    "ST-CUST-01": _custody,
    "ST-RESTR-01": _restricted,
}
"""Rule id -> what says, for each row, in which way the rule does not hold."""

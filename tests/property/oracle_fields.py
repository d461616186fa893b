"""What single cells of a row say: fields, roles, marks, and the district's own rules.

CON-FLD-*, EML-01, EML-03, PHN-01, NAME-01, PRIV-01, SCOPE-02, STF-ROLE-01, VND-RMD-02, ST-*.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.property.oracle_cells import flag, lower, missing, small, ticked, unclear

if TYPE_CHECKING:
    from sheets.rules.model import Profile, Rule, Settings
    from tests.rule_tables import Row, Sheet

    Answer = str | None

BOXES = (
    *("teacher_flag", "special_ed_flag", "program_flag", "behavior_flag", "health_flag"),
    *("response_approver_flag", "rti_flag", "advisor_flag", "supervisor_flag", "counselor_flag"),
    *("food_service_flag", "approver_flag", "fram_processor_flag"),
)
ROLES = ("role", "security_role")


def data(row: Row, sheet: Sheet, name: str, instead: str = "") -> Answer:
    """CON-FLD-01, 02, 04: a field holds data, which is no placeholder and no error."""
    if name in sheet.fields:
        return missing(row, name)
    return f"no_column_full:{sheet.headers[instead]}" if instead in sheet.fields else "no_column"


def phone(row: Row, sheet: Sheet, settings: Settings) -> Answer:
    """CON-FLD-03: one of the accepted phones holds data; what is missing is Other Phone, if any."""
    there = [name for name in settings.phones if name in sheet.fields]
    if any(row.get(name) is not None for name in there):
        return None
    if there:
        return missing(row, "other_phone" if "other_phone" in there else there[0])
    if "other_phone" in settings.phones and "home_phone" in sheet.fields:
        return f"no_column_home:{sheet.headers['home_phone']}"
    return "no_column"


def digits(row: Row) -> Answer:
    """PHN-01: Other Phone, if it holds something, has 10 or 11 digits, and perhaps an extension."""
    value = small(row.get("other_phone") or "")
    number, x, extension = value.partition("x")
    count = len(re.sub("[^0-9]", "", number))
    extended = re.sub("^[^0-9]*", "", extension)
    whole = count in {10, 11} and (not x or re.sub("[0-9]", "", extended) == "" != extended)
    return None if row.get("other_phone") is None or whole else "digits"


def address(row: Row) -> Answer:
    """EML-01: the e-mail address, if there is one, has one @, a dot behind it, and no blanks."""
    value = row.get("email")
    name, _, domain = (value or "").partition("@")
    host, _, ending = domain.rpartition(".")
    formed = all((name, host, ending)) and not set(" \t\r\n,;<>()@") & set(name + host + ending)
    return None if value is None or formed else "malformed"


def work(row: Row, settings: Settings) -> Answer:
    """EML-03: the address is not one of the district's own."""
    _, at, domain = (lower(row, "email") or "").rpartition("@")
    own = [small(one.strip()).removeprefix("@") for one in settings.staff_domains]
    of_district = any(domain == one or domain.endswith("." + one) for one in own)
    return "work" if at and of_district else None


def two_people(row: Row, settings: Settings) -> Answer:
    """NAME-01: the first name is that of one person."""
    return "two_people" if re.search(settings.two_people, row.get("first_name") or "") else None


def private(row: Row) -> Answer:
    """PRIV-01: neither the phone nor the address is private."""
    private_ones = [what for what in ("phone", "address") if ticked(row, f"private_{what}")]
    return {0: None, 1: "".join(private_ones), 2: "both"}[len(private_ones)]


def excluded(row: Row) -> Answer:
    """SCOPE-02: neither school nor calendar is excluded, and it is not summer school."""
    marks = {"school_exclude": "school", "calendar_exclude": "calendar", "summer_school": "summer"}
    return next((what for mark, what in marks.items() if ticked(row, mark)), None)


def role(row: Row, sheet: Sheet) -> Answer:
    """STF-ROLE-01: a role box is ticked, or a role is named."""
    there = [name for name in (*BOXES, *ROLES) if name in sheet.fields]
    if not there:
        return "no_column"
    if any(ticked(row, name) for name in BOXES) or any(row.get(name) for name in ROLES):
        return None
    return "unclear" if any(unclear(row, name) for name in there) else "no_role"


def contact_type(row: Row) -> Answer:
    """VND-RMD-02: the type of the contact is not one that is left out."""
    left_out = lower(row, "contact_type") in {"emergency", "secondary"}
    return f"left_out:{row['contact_type']}" if left_out else None


def mail(row: Row, sheet: Sheet) -> Answer:
    """ST-MAIL-01: Receives Mail or Parent Portal is set."""
    answers = {flag(row, sheet, name, otherwise="not_set") for name in MAIL}
    for answer in (None, "unclear", "not_set"):
        if answer in answers:
            return answer
    return "no_column"


MAIL = ("mailing_flag", "portal_flag")


def custody(row: Row, sheet: Sheet) -> Answer:
    """ST-CUST-01: there is no alert of the type No Rights.

    A sheet with the type alone speaks of alerts only; one with the alert alone leaves it open.
    """
    alert, kind = "custody_alert" in sheet.fields, "custody_type" in sheet.fields
    if not alert and not kind:
        return "no_column"
    surely = ticked(row, "custody_alert") or not alert
    perhaps = surely or unclear(row, "custody_alert")
    if not kind:
        return "unclear" if surely else None
    if lower(row, "custody_type") == "no rights" and perhaps:
        return "kept_back" if surely else "unclear"
    return "unclear" if unclear(row, "custody_type") and perhaps else None


def restricted(row: Row, sheet: Sheet) -> Answer:
    """ST-RESTR-01: Restricted View is off."""
    if "restricted_view" not in sheet.fields:
        return "no_column"
    if ticked(row, "restricted_view"):
        return "kept_back"
    return "unclear" if unclear(row, "restricted_view") else None


def own(row: Row, sheet: Sheet, rule: Rule) -> Answer:
    """A district's own rule: the field holds data if that is asked for, and a value that fits."""
    name = str(rule.field)
    if name not in sheet.fields:
        return "no_column" if "no_column" in rule.sentences else None
    if row.get(name) is None:
        return missing(row, name) if "blank" in rule.sentences else None
    fits = not rule.allowed or lower(row, name) in [small(one) for one in rule.allowed]
    return None if fits else "not_allowed"


def of_contact(row: Row, sheet: Sheet, profile: Profile) -> dict[str, Answer]:
    """All that is said about the cells of a contact."""
    settings = profile.settings
    return {
        "CON-FLD-01": data(row, sheet, "first_name", instead="full_name"),
        "CON-FLD-02": data(row, sheet, "last_name", instead="full_name"),
        "CON-FLD-03": phone(row, sheet, settings),
        "CON-FLD-04": data(row, sheet, "email"),
        "EML-03": work(row, settings),
        "PHN-01": digits(row),
        "NAME-01": two_people(row, settings),
        "PRIV-01": private(row),
        "VND-RMD-02": contact_type(row),
        "ST-MAIL-01": mail(row, sheet),
        "ST-CUST-01": custody(row, sheet),
        "ST-RESTR-01": restricted(row, sheet),
    }

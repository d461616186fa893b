"""What random districts are made of: fields, few values for each, settings, own rules."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sheets.settings import form, own
from tests.property.oracle_fields import BOXES, ROLES
from tests.rule_tables import AS_OF, OFFICE, PARENT, STORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FILE = """
rule = [
  { id = "DST-01", who = "student", field = "Grade", required = true },
  { id = "DST-02", who = "staff", column = "Homeroom", allowed = ["A 1", "Ünal"] },
  { id = "DST-03", who = "contact", field = "Relationship", required = true, allowed = ["mother"] },
  { id = "DST-04", who = "contact", column = "Bus", allowed = ["12"], severity = "hides" },
  { id = "DST-05", who = "contact", field = "Portal", required = true, severity = "info" },
]
"""
OWN_RULES = tuple(own.build(one) for one in form.read(tomllib.loads(_FILE)).rule)

DATES = (
    *("2017-01-02", "2026-06-29", "2026-06-30T15:00:00", "2026-07-01", "2026-11-22"),
    *("2026-11-23", "2026-11-23T08:00:00", "2026-11-24", "2027-06-30T12:00:00", "2030-01-01"),
)
FIRST_NAMES = ("Ana", "ANA", "Bo and Cy", "İbrahim")
LAST_NAMES = ("Ünal", "ünal", "ΒΑΣΣ", "βασς")
NAMES = ("ana ünal", "i\N{COMBINING DOT ABOVE}brahim βασς", "ibrahim ünal")
GUIDS = ("A-1", "a-1", "B-2", "Ç-3")
NUMBERS = ("1", "0007", "x7", "X7")
IDS = ("1", "2", "a3", "A3")
PHONES = ("(585) 555-0100", "1-585-555-0101 ext. 12", "555-0100", "5855550100 x", "5855550100 x1-2")
RELATIONS = ("Mother", "MOTHER", "Guardian", "guardian", "Grandparent", "Ömmé", "ömmé")
EMAILS = (
    *("ana@example.org", "ANA@example.org", "İ@staff.example.org"),
    *("ana bo@example.org", "bo@x", "bo.example.org"),
)
SERVICES = ("P", "primary", "S")
FLAG = ("true", "false")
VALUES: Mapping[str, Sequence[str]] = {
    "person_id": IDS,
    "student_person_id": IDS,
    "sourced_id": ("s1", "s2", "s3"),
    "student_sourced_id": ("s1", "s2", "s3"),
    "person_guid": GUIDS,
    "student_guid": GUIDS,
    "number": NUMBERS,
    "student_number": NUMBERS,
    "staff_number": NUMBERS,
    "email": EMAILS,
    "first_name": FIRST_NAMES,
    "last_name": LAST_NAMES,
    "student_first_name": FIRST_NAMES,
    "student_last_name": LAST_NAMES,
    "full_name": ("Abara, Ana",),
    "student_name": ("Abara, Ana",),
    "name_key": NAMES,
    "student_name_key": NAMES,
    "other_phone": PHONES,
    "home_phone": PHONES[:1],
    "cell_phone": PHONES[1:2],
    "work_phone": PHONES[2:3],
    "relationship": RELATIONS,
    "username": ("ana", "ana2", "a na", "bo"),
    "home_page": (PARENT, PARENT, "campus_student", "campus_student", OFFICE, STORE),
    "school": ("Lake", "lake", "Hill , LAKE", "Hill", "Arts, Crafts", "Arts"),
    "grade": ("1", "2"),
    "service_type": SERVICES,
    "role": ("teacher",),
    "security_role": ("office",),
    "contact_type": ("Emergency", "secondary", "Household"),
    "custody_type": ("No Rights", "no rights", "Joint"),
    "rel_type_name": RELATIONS,
    "account_expires": (*DATES[:4], *DATES),
    "account_enabled": ("true", "true", "true", "false"),
    "own_homeroom": ("a 1", "ÜNAL", "B"),
    "own_bus": ("12", "13"),
}
"""Field -> its values; a date has `DATES`, and what else is not here is a box."""

CODED = ("home_page", "account_enabled", "account_expires")
"""Those of them that may hold something that is not understood."""

PERSON = (
    *("person_id", "person_guid", "number", "sourced_id", "email"),
    *("first_name", "last_name", "full_name", "name_key"),
)
OWN_ACCOUNT = (
    *("username", "home_page", "account_enabled", "account_disabled"),
    *("account_created", "account_expires"),
)
SCOPE = ("school", "school_exclude", "calendar_exclude", "summer_school")
ENROLLMENT = ("enrollment_start", "enrollment_end", "no_show", "service_type")
OF_STUDENT = (
    *("student_person_id", "student_guid", "student_number", "student_first_name"),
    *("student_last_name", "student_name", "student_name_key", "student_sourced_id"),
)
FIELDS: Mapping[str, Sequence[str]] = {
    "student": (
        *(*PERSON, *OWN_ACCOUNT, *SCOPE, *ENROLLMENT, "grade"),
        *("active_year", "active_today", "enrollment_status"),
    ),
    "staff": (
        *(*PERSON, *OWN_ACCOUNT, *SCOPE, *BOXES, *ROLES, "own_homeroom"),
        *("assignment_start", "assignment_end"),
        *("employment_active", "employment_start", "employment_end"),
    ),
    "contact": (
        *(*PERSON, *OWN_ACCOUNT, *SCOPE, *OF_STUDENT, "own_bus"),
        *("other_phone", "home_phone", "cell_phone", "work_phone"),
        *("relationship", "guardian_flag", "portal_flag", "mailing_flag"),
        *("rel_start", "rel_end", "contact_type", "private_phone", "private_address"),
        *("custody_alert", "custody_type", "restricted_view"),
    ),
    "account": (*PERSON, "student_number", "staff_number", *OWN_ACCOUNT),
    "relationship_type": ("rel_type_name", "rel_type_guardian"),
    "enrollment": (*PERSON[:4], *ENROLLMENT),
    "link": ("student_sourced_id", "sourced_id"),
}
PEOPLE = ("contact", "contact", "contact", "student", "student", "staff", "staff")
BESIDE = ("account", "account", "relationship_type", "enrollment", "link")
REASONS = ("placeholder:N/A", "error:#N/A", "no_result:")


@dataclass(frozen=True)
class Scene:
    """What a whole district has in common, so that rules are come by that need much at once.

    Attributes:
        beside: The kinds of sheets that there are besides.
        never: Fields that no sheet has.
        always: Fields that every sheet has that may have them.
        alike: Kind -> field -> what all rows of such sheets hold.
        least: The least number of rows of those sheets.
    """

    beside: Sequence[str] = ()
    never: Sequence[str] = ()
    always: Sequence[str] = ()
    alike: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    least: int = 0


BY_NAME = Scene(
    beside=("account",),
    never=(
        *("person_id", "person_guid", "number", "student_number", "staff_number", "email"),
        *("student_person_id", "student_guid", "student_sourced_id", "sourced_id"),
    ),
    always=(
        *("first_name", "last_name", "student_first_name", "student_last_name"),
        "account_enabled",
    ),
)
EXPIRED = replace(
    BY_NAME,
    beside=("account", "student", "staff"),
    always=(*BY_NAME.always, "account_expires"),
    alike={"account": {"account_enabled": "true", "account_expires": DATES[0]}},
)
LINKED = Scene(
    beside=("contact", "student", "link"),
    never=("student_person_id", "student_guid", "student_number"),
    always=("sourced_id",),
)
ONE_STUDENT = Scene(
    beside=("student", "contact", "relationship_type"),
    alike={
        "student": {"person_id": "1", "person_guid": "a-1", "number": "1", "school": "Hill"},
        "relationship_type": {"rel_type_name": "guardian"},
        "contact": {
            "student_person_id": "1",
            "student_guid": "A-1",
            "student_number": "1",
            "guardian_flag": "true",
            "portal_flag": "true",
            "relationship": "Guardian",
        },
    },
    least=6,
)
PARENTS = Scene(
    beside=("contact", "relationship_type"),
    always=("username", "account_enabled", "home_page", "relationship"),
    alike={"contact": {"username": "ana", "account_enabled": "true", "home_page": PARENT}},
)
ONE_PERSON = Scene(
    beside=("account", "account", "contact", "student", "staff"),
    always=("person_id", "home_page", "account_created"),
    alike={kind: {"person_id": "1"} for kind in ("account", "contact", "student", "staff")},
)
SCENES = (
    *(Scene(), Scene(), Scene(), Scene()),
    *(BY_NAME, EXPIRED, LINKED, ONE_STUDENT, PARENTS, ONE_PERSON),
)

SETTINGS: Mapping[str, Sequence[Any]] = {
    "account_required": ("enabled", "any", "none"),
    "home_page_reading": ("A", "B", "C"),
    "student_home_pages": (("campus_student", PARENT), ()),
    "staff_home_pages": ((OFFICE,), (OFFICE, STORE)),
    "contact_home_pages": ((PARENT, STORE), ("campus_student",)),
    "expired_is_inactive": (True, False),
    "guardian_types": (("Guardian",), (" mother", "ÖMMÉ"), ()),
    "guardian_source": ("type", "type", "box", "either"),
    "guardian_by": ("guardian", "portal", "either"),
    "grade_book_sync": (True, True, False),
    "grade_book_sync_for_guardians": (True, False),
    "active_year": (
        (dt.date(2026, 8, 1), dt.date(2026, 11, 22)),
        (dt.date(2016, 7, 1), dt.date(2017, 6, 30)),
    ),
    "schools": (("Lake",), (" lake", "Arts, Crafts"), ("Lake", "Bay"), ()),
    "staff_domains": (("staff.example.org",), ("@Example.org", "x"), ()),
    "phones": (
        *(("cell_phone", "other_phone"), ("work_phone", "home_phone"), ("cell_phone",)),
        ("other_phone", "home_phone"),
    ),
    "two_people": (r"&|\b[Bb]o\b",),
}
DAYS = (AS_OF, AS_OF, dt.date(2026, 6, 30), dt.date(2026, 7, 1))
SEVERITIES = ("hides", "hides", "check", "info", "off")

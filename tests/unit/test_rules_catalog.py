"""Each rule of the catalogue by its id: what holds, what does not, and what is lacking to tell.

The rules that only edutech needs are told at more length in test_rules_edutech.py, accounts and
Home Pages in test_rules_accounts.py, guardians in test_rules_guardians.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheets import rules
from sheets.rules.model import Table
from tests.rule_tables import (
    AS_OF,
    OFFICE,
    PARENT,
    Row,
    Sheet,
    account,
    contact,
    evaluate,
    judge,
    odd,
    sheet,
    told,
)

if TYPE_CHECKING:
    from sheets.rules.model import Rule, Severity

STUDENT: Row = {"person_id": "1", "number": "0071", "username": "ana", "account_enabled": "true"}
STAFF: Row = {"person_id": "5", "username": "bo", "account_enabled": "true"}
PAIR = contact(student_number="0071", username="amara", account_enabled="true", home_page=PARENT)


def by(
    *ids: str,
    profile: str = "edutech",
    own: tuple[tuple[Rule, Severity], ...] = (),
    **settings: Any,
) -> rules.Profile:
    """A profile in which some rules hide and no other rule is applied."""
    changed = dict.fromkeys(rules.catalog(), "off") | dict.fromkeys(ids, "hides")
    return rules.profile(profile, as_of=AS_OF, settings=settings, changed=changed, own=own)


def says(rule: str, *sheets: Sheet, **settings: Any) -> str | None:
    """What one rule says of the first row, and that the verdict follows from it alone."""
    verdict, found = judge(*sheets, by=by(rule, **settings))
    told = found.pop(rule, None)
    assert not found
    variant = (told or "").partition(":")[0]
    entry = rules.catalog()[rule]
    unknown, softer = variant in entry.unknown, variant in entry.softer
    assert verdict == ("Yes" if told is None or softer else "Unknown" if unknown else "No")
    return told


def student(rule: str, row: Row, *others: Sheet, **settings: Any) -> str | None:
    return says(rule, sheet("student", {**STUDENT, **row}), *others, **settings)


def staff(rule: str, row: Row, **settings: Any) -> str | None:
    return says(rule, sheet("staff", {**STAFF, **row}), **settings)


def pair(rule: str, row: Row, *others: Sheet, **settings: Any) -> str | None:
    return says(rule, sheet("contact", {**PAIR, **row}), *others, **settings)


# ---- Students -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"active_year": "true"}, None),
        ({"active_year": "false"}, "not_in_year"),
        (odd("active_year", "unclear:"), "unclear"),
        ({"enrollment_start": "2026-09-08", "enrollment_end": None}, None),
        ({"enrollment_start": "2026-09-08", "enrollment_end": "2026-10-01"}, None),
        ({"enrollment_start": "2025-09-08", "enrollment_end": "2026-06-26"}, "not_in_year"),
        ({"enrollment_start": "2027-07-01", "enrollment_end": None}, "not_in_year"),
        ({"enrollment_start": "2027-06-30T08:00:00", "enrollment_end": None}, None),
        ({"enrollment_start": None, "enrollment_end": "2026-07-01"}, None),
        ({"enrollment_start": None, "enrollment_end": None}, "not_in_year"),
        ({"enrollment_end": None}, None),
        (odd("enrollment_start", "no_result:"), "unclear"),
        ({"enrollment_status": "true"}, None),
        ({"enrollment_status": "false"}, "unclear"),
        ({}, "no_column"),
    ],
)
def test_STU_ENR_01_the_student_is_enrolled_in_the_active_year(row: Row, said: str | None) -> None:
    assert student("STU-ENR-01", row) == said


def test_STU_ENR_01_the_district_says_when_the_school_year_is() -> None:
    year = (AS_OF.replace(month=12, day=1), AS_OF.replace(month=12, day=20))
    ends = {"enrollment_start": "2026-09-08", "enrollment_end": "2026-11-30"}

    assert student("STU-ENR-01", ends, active_year=year) == "not_in_year"
    assert student("STU-ENR-01", {**ends, "enrollment_end": "2026-12-01"}, active_year=year) is None


def enrollments(*rows: Row) -> Sheet:
    return sheet("enrollment", *rows)


def test_STU_ENR_01_a_sheet_of_enrollments_has_the_last_word() -> None:
    old = {"number": "0071", "enrollment_start": "2024-09-08", "enrollment_end": "2025-06-26"}
    now = {"number": "0071", "enrollment_start": "2026-09-08", "enrollment_end": None}

    assert student("STU-ENR-01", {"active_year": "false"}, enrollments(old, now)) is None
    assert student("STU-ENR-01", {"active_year": "true"}, enrollments(old)) == "not_in_year"
    assert student("STU-ENR-01", {}, enrollments({**now, "number": "9"})) == "not_in_year"
    assert student("STU-ENR-01", {"number": None, "person_id": None}, enrollments(now)) == "unclear"


def test_STU_ENR_01_an_enrollment_is_found_by_any_number_that_it_has() -> None:
    both = {"person_id": "1", "number": "0071", "enrollment_start": "2026-09-08"}

    assert student("STU-ENR-01", {"person_id": None}, enrollments(both)) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"no_show": "false"}, None),
        ({"no_show": None}, None),
        ({"no_show": "true"}, "no_show"),
        (odd("no_show", "unclear:"), "unclear"),
        (odd("no_show", "no_result:"), "unclear"),
        ({}, "no_column"),
    ],
)
def test_STU_ENR_02_the_enrollment_is_no_No_Show(row: Row, said: str | None) -> None:
    assert student("STU-ENR-02", row) == said


def test_STU_ENR_02_one_enrollment_that_is_no_No_Show_is_enough() -> None:
    gone = {"number": "0071", "no_show": "true"}

    assert student("STU-ENR-02", {}, enrollments(gone)) == "no_show"
    assert student("STU-ENR-02", {}, enrollments(gone, {**gone, "no_show": "false"})) is None
    assert student("STU-ENR-02", {}, enrollments({"number": "0071"})) == "no_column"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"active_today": "true"}, None),
        ({"active_today": None}, "not_today"),
        ({"enrollment_start": "2026-11-23", "enrollment_end": "2026-11-23"}, None),
        ({"enrollment_start": "2026-11-24", "enrollment_end": None}, "not_today"),
        ({"enrollment_start": "2026-09-08", "enrollment_end": "2026-11-22"}, "not_today"),
        ({"enrollment_status": "true"}, None),
        ({"enrollment_status": "false"}, "not_today"),
        (odd("enrollment_status", "unclear:"), "unclear"),
        ({}, "no_column"),
    ],
)
def test_STU_ENR_03_the_student_is_enrolled_today(row: Row, said: str | None) -> None:
    assert student("STU-ENR-03", row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"service_type": "P"}, None),
        ({"service_type": "Primary"}, None),
        ({"service_type": "S"}, "not_primary"),
        ({"service_type": None}, "not_primary"),
        ({}, "no_column"),
    ],
)
def test_STU_SVC_01_there_is_a_primary_enrollment(row: Row, said: str | None) -> None:
    assert student("STU-SVC-01", row) == said


def test_STU_SVC_01_any_primary_enrollment_of_the_sheet_will_do() -> None:
    second = {"number": "0071", "service_type": "S"}

    assert student("STU-SVC-01", {}, enrollments(second)) == "not_primary"
    assert student("STU-SVC-01", {}, enrollments(second, {**second, "service_type": "p"})) is None


@pytest.mark.parametrize(
    ("page", "said"),
    [("campus_student", None), (PARENT, "other_home"), (None, "other_home")],
)
def test_STU_HOME_01_the_Home_Page_is_Campus_Student(page: str | None, said: str | None) -> None:
    assert student("STU-HOME-01", {"home_page": page}) == said


def test_STU_HOME_01_the_district_says_which_pages_fit() -> None:
    assert student("STU-HOME-01", {"home_page": PARENT}, student_home_pages=[PARENT]) is None


def test_STU_ACCT_01_an_account_that_is_disabled_will_do_where_any_is_asked_for() -> None:
    off = {"account_enabled": "false"}

    assert student("STU-ACCT-01", off) == "disabled"
    assert student("STU-ACCT-01", off, account_required="any") is None
    assert student("STU-ACCT-01", {**off, "username": None}, account_required="any") == "none"


# ---- Staff --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "said"),
    [(OFFICE, None), ("campus_instruction", None), (PARENT, "other_home")],
)
def test_STF_HOME_01_the_Home_Page_is_one_for_work(page: str, said: str | None) -> None:
    assert staff("STF-HOME-01", {"home_page": page}) == said


def test_STF_ACCT_01_the_staff_member_has_an_active_account() -> None:
    assert staff("STF-ACCT-01", {}) is None
    assert staff("STF-ACCT-01", {"account_enabled": "false"}) == "disabled"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"assignment_start": "2020-09-08", "assignment_end": None}, None),
        ({"assignment_start": "2020-09-08", "assignment_end": "2026-06-30"}, "not_in_year"),
        ({"assignment_start": None, "assignment_end": None}, "not_in_year"),
        ({"assignment_end": None}, None),
        (odd("assignment_start", "unclear:"), "unclear"),
        ({}, "no_column"),
    ],
)
def test_STF_ASN_01_there_is_an_assignment_in_the_year(row: Row, said: str | None) -> None:
    assert staff("STF-ASN-01", row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"teacher_flag": "true"}, None),
        ({"teacher_flag": "false", "rti_flag": "true"}, None),
        ({"teacher_flag": "false", "security_role": "Registrar"}, None),
        ({"role": "aide"}, None),
        ({"teacher_flag": "false"}, "no_role"),
        ({"teacher_flag": None, **odd("rti_flag", "unclear:")}, "unclear"),
        ({}, "no_column"),
    ],
)
def test_STF_ROLE_01_a_role_box_is_ticked(row: Row, said: str | None) -> None:
    assert staff("STF-ROLE-01", row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"employment_active": "true"}, None),
        ({"employment_active": "false"}, "not_active"),
        (odd("employment_active", "unclear:"), "unclear"),
        ({"employment_start": "2020-09-08", "employment_end": None}, None),
        ({"employment_start": "2020-09-08", "employment_end": "2026-11-22"}, "not_active"),
        ({}, "no_column"),
    ],
)
def test_STF_EMP_01_the_employment_is_active(row: Row, said: str | None) -> None:
    assert staff("STF-EMP-01", row) == said


# ---- Contacts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("CON-FLD-01", "first_name"),
        ("CON-FLD-02", "last_name"),
        ("CON-FLD-03", "other_phone"),
        ("CON-FLD-04", "email"),
    ],
)
def test_CON_FLD_01_02_03_04_the_field_holds_data(rule: str, field: str) -> None:
    assert pair(rule, {}) is None
    assert pair(rule, {field: None}) == "blank"
    assert pair(rule, odd(field, "placeholder:-")) == "placeholder:-"


def test_CON_FLD_03_the_district_says_which_phones_count() -> None:
    row: Row = {"other_phone": None, "cell_phone": "(585) 555-0101"}

    assert pair("CON-FLD-03", row) == "blank"
    assert pair("CON-FLD-03", row, phones=["other_phone", "cell_phone"]) is None
    assert pair("CON-FLD-03", row, phones=["work_phone"]) == "no_column"
    assert pair("CON-FLD-03", odd("cell_phone", "error:#N/A"), phones=["cell_phone"]) == (
        "error:#N/A"
    )


def test_CON_ACCT_01_the_contact_has_an_active_account() -> None:
    assert pair("CON-ACCT-01", {}) is None
    assert pair("CON-ACCT-01", {"username": None}) == "none"


def test_CON_ACCT_02_the_selected_account_is_one_of_Campus_Parent() -> None:
    assert pair("CON-ACCT-02", {}) is None
    assert pair("CON-ACCT-02", {"home_page": OFFICE}) == "other_home"
    assert pair("CON-ACCT-02", {"home_page": OFFICE}, contact_home_pages=[OFFICE]) is None


BOX: Row = {"guardian_flag": "false", "portal_flag": "false"}


def test_CON_REL_01_the_type_is_Guardian_or_where_either_will_do_the_box_is_ticked() -> None:
    types = sheet("relationship_type", {"rel_type_name": "Mother", "rel_type_guardian": "false"})
    ticked = {"guardian_flag": "true"}

    assert pair("CON-REL-01", ticked, types) == "not_guardian:Mother"
    assert pair("CON-REL-01", ticked, types, guardian_source="either") is None
    assert pair("CON-REL-01", {"portal_flag": "true"}, types, guardian_by="either") is None


def test_CON_REL_02_the_Guardian_box_is_ticked() -> None:
    assert pair("CON-REL-02", {"guardian_flag": "true"}) is None
    assert pair("CON-REL-02", BOX) == "not_ticked"
    assert pair("CON-REL-02", odd("guardian_flag", "unclear:")) == "box_unclear"
    assert pair("CON-REL-02", {}) == "no_column"
    assert pair("CON-REL-02", {**BOX, "portal_flag": "true"}, guardian_by="either") is None


def test_CON_REL_03_the_Portal_box_is_ticked() -> None:
    assert pair("CON-REL-03", {"portal_flag": "true"}) is None
    assert pair("CON-REL-03", BOX) == "not_ticked"
    assert pair("CON-REL-03", odd("portal_flag", "unclear:")) == "box_unclear"
    assert pair("CON-REL-03", {}) == "no_column"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, None),
        ({"rel_start": None, "rel_end": None}, None),
        ({"rel_end": "2026-11-23"}, None),
        ({"rel_end": "2026-11-22"}, "ended"),
        ({"rel_start": "2026-11-23T08:00:00"}, None),
        ({"rel_start": "2026-11-24"}, "not_begun"),
        (odd("rel_end", "unclear:"), "unclear"),
        (odd("rel_start", "unclear:"), "unclear"),
    ],
)
def test_CON_REL_04_the_relationship_is_current(row: Row, said: str | None) -> None:
    assert pair("CON-REL-04", row) == said


def test_CON_REL_05_a_relative_is_hidden_without_Grade_Book_sync() -> None:
    oneroster = {"profile": "oneroster-1.1"}

    assert pair("CON-REL-05", BOX, **oneroster) == "relative"
    assert pair("CON-REL-05", {"guardian_flag": "true"}, **oneroster) is None
    assert pair("CON-REL-05", {**BOX, "home_page": OFFICE}, **oneroster) is None
    assert pair("CON-REL-05", odd("guardian_flag", "unclear:"), **oneroster) is None


def test_CON_REL_05_with_Grade_Book_sync_a_relative_is_revealed_as_one() -> None:
    synced = rules.profile(
        "oneroster-1.1",
        as_of=AS_OF,
        settings={"grade_book_sync": True},
        changed={"CON-STU-01": "off", "CON-STU-02": "off"},
    )

    verdict, found = judge(sheet("contact", {**PAIR, **BOX}), by=synced)

    assert verdict == "Yes"
    assert found["CON-REL-05"] == "as_relative"
    assert "CON-REL-02" not in found


def test_CON_REL_06_guardians_may_need_Grade_Book_sync_too() -> None:
    box = {"guardian_flag": "true"}

    assert pair("CON-REL-06", box, profile="oneroster-1.1") == "no_sync"
    assert pair("CON-REL-06", box, profile="oneroster-1.1", grade_book_sync=True) is None
    assert pair("CON-REL-06", BOX, profile="oneroster-1.1") is None


ENROLLED = {**STUDENT, "enrollment_start": "2026-09-08", "no_show": "false"}


@pytest.mark.parametrize(
    ("students", "said"),
    [
        ([ENROLLED], None),
        ([{**ENROLLED, "no_show": "true"}], "not_enrolled"),
        ([{**ENROLLED, "enrollment_start": None}], "not_enrolled"),
        ([{**ENROLLED, **odd("no_show", "unclear:")}], "unclear"),
        ([{**ENROLLED, "no_show": "true"}, ENROLLED], None),
        ([{**ENROLLED, "number": "9"}], "not_found"),
    ],
)
def test_CON_STU_01_the_student_is_enrolled(students: list[Row], said: str | None) -> None:
    chosen = by("CON-STU-01")
    found = evaluate(sheet("contact", PAIR), sheet("student", *students), by=chosen)

    assert told(found[0])[0][1].get("CON-STU-01") == said


def test_CON_STU_01_without_students_or_a_number_it_cannot_be_told() -> None:
    assert pair("CON-STU-01", {}) == "no_students"
    assert pair("CON-STU-01", {"student_number": None}, sheet("student", ENROLLED)) == "no_key"


def test_CON_STU_02_the_student_is_on_the_list() -> None:
    students = sheet("student", STUDENT)

    assert pair("CON-STU-02", {}) is None
    assert pair("CON-STU-02", {}, students) is None
    assert pair("CON-STU-02", {"student_number": "9"}, students) == "not_found"
    assert pair("CON-STU-02", {"student_number": None}, students) == "no_key"


def test_CON_STU_02_a_student_who_is_found_by_name_alone_is_to_be_checked() -> None:
    named: Row = {"first_name": "Ana", "last_name": "Abara"}
    row = contact(student_first_name="ANA", student_last_name="Abara")
    one, two = sheet("student", named), sheet("student", named, named)

    assert says("CON-STU-02", sheet("contact", row), one) == "by_name"
    assert says("CON-STU-02", sheet("contact", row), two) == "several"


def test_CON_STU_02_links_find_the_students_of_contacts_without_a_number() -> None:
    row = contact(sourced_id="c1")
    students = sheet("student", {"sourced_id": "s1"})

    def linked(student: str, person: str) -> Sheet:
        return sheet("link", {"student_sourced_id": student, "sourced_id": person})

    assert says("CON-STU-02", sheet("contact", row), students, linked("s1", "c1")) is None
    assert says("CON-STU-02", sheet("contact", row), students, linked("s2", "c1")) == "not_found"
    assert says("CON-STU-02", sheet("contact", row), students, linked("s1", "c2")) == "no_key"


# ---- Everybody ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"school": "north"}, None),
        ({"school": "17, North ,West"}, None),
        ({"school": "Northern"}, "other_school"),
        ({"school": None}, "no_school"),
        ({}, "no_column"),
    ],
)
def test_SCOPE_01_the_school_is_one_of_the_connection(row: Row, said: str | None) -> None:
    assert student("SCOPE-01", row, schools=[" North"]) == said
    assert student("SCOPE-01", row, schools=[]) is None


def test_SCOPE_01_the_name_of_a_school_may_have_a_comma() -> None:
    schools = ["Lab School , Arts"]

    assert student("SCOPE-01", {"school": "West, Lab School,Arts"}, schools=schools) is None
    assert student("SCOPE-01", {"school": "Lab School"}, schools=schools) == "other_school"


def test_SCOPE_01_a_contact_is_at_the_school_of_the_student() -> None:
    at = {"schools": ["North"]}

    assert pair("SCOPE-01", {}, sheet("student", {**STUDENT, "school": "North"}), **at) is None
    assert pair("SCOPE-01", {}, sheet("student", {**STUDENT, "school": "West"}), **at) == (
        "other_school"
    )
    assert pair("SCOPE-01", {}, sheet("student", STUDENT), **at) == "no_column"
    assert pair("SCOPE-01", {}, **at) == "no_column"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"school_exclude": "true", "summer_school": "true"}, "school"),
        ({"calendar_exclude": "true"}, "calendar"),
        ({"summer_school": "true"}, "summer"),
        ({"summer_school": "false", "calendar_exclude": None}, None),
        ({}, None),
    ],
)
def test_SCOPE_02_nothing_is_excluded(row: Row, said: str | None) -> None:
    assert student("SCOPE-02", row) == said


def test_USR_NAME_01_the_account_has_a_username() -> None:
    unnamed = {"person_id": "1", "account_enabled": "true"}

    assert student("USR-NAME-01", {}) is None
    assert student("USR-NAME-01", {}, sheet("account", unnamed)) == "no_column"
    assert student("USR-NAME-01", {"username": None}) is None
    assert student("USR-NAME-01", {"username": None}, account_required="none") == "no_username"


def test_USR_NAME_02_the_username_has_no_blank() -> None:
    assert student("USR-NAME-02", {}) is None
    assert student("USR-NAME-02", {"username": "ana b"}) == "space"


def test_USR_NAME_02_it_is_the_selected_account_that_counts() -> None:
    fits = account(username="a b", home_page=PARENT, account_created="2020-01-01")
    other = account(username="ab", home_page=OFFICE, account_created="2015-01-01")
    own: Row = contact()

    assert says("USR-NAME-02", sheet("contact", own), sheet("account", other, fits)) == "space"
    assert (
        says(
            "USR-NAME-02",
            sheet("contact", own),
            sheet("account", other, fits),
            home_page_reading="B",
        )
        is None
    )


def test_USR_EXP_01_the_account_has_not_expired() -> None:
    past = {"account_expires": "2026-11-22"}

    assert student("USR-EXP-01", past, expired_is_inactive=False) == "expired"
    assert student("USR-EXP-01", {"account_expires": None}, expired_is_inactive=False) is None
    assert student("USR-EXP-01", past) is None


@pytest.mark.parametrize(
    ("email", "said"), [("ana@example.org", None), ("ana at example.org", "malformed")]
)
def test_EML_01_the_address_has_the_form_of_one(email: str, said: str | None) -> None:
    assert pair("EML-01", {"email": email}) == said


def verdicts(rule: str, *rows: Row, **settings: Any) -> list[str | None]:
    """What one rule says of each row of one list of contacts."""
    [found] = evaluate(sheet("contact", *rows), by=by(rule, **settings))
    return [texts.get(rule) for _, texts in told(found)]


def test_EML_02_two_people_share_an_address() -> None:
    one, other = contact(), contact(person_id="901", first_name="Bo", email="AMARA@example.org")

    assert verdicts("EML-02", one, other) == ["shared", "shared"]
    assert verdicts("EML-02", one, one) == [None, None]
    assert verdicts("EML-02", one, {**other, "email": None}) == [None, None]


def test_EML_02_without_ids_the_names_tell_people_apart() -> None:
    one = contact(person_id=None)

    assert verdicts("EML-02", one, {**one, "first_name": "AMARA"}) == [None, None]
    assert verdicts("EML-02", one, {**one, "first_name": "Bo"}) == ["shared", "shared"]


def test_EML_02_people_of_another_sheet_count_too() -> None:
    other = sheet("contact", contact(person_id="901"))

    found = evaluate(sheet("contact", contact()), other, by=by("EML-02"))

    assert [told(one)[0][1] for one in found] == [{"EML-02": "shared"}] * 2


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("bo@district.example.org", "work"),
        ("bo@mail.District.example.org", "work"),
        ("bo@notdistrict.example.org", None),
        (None, None),
    ],
)
def test_EML_03_the_address_is_one_of_the_district(email: str | None, said: str | None) -> None:
    assert pair("EML-03", {"email": email}, staff_domains=["@district.example.org"]) == said
    assert pair("EML-03", {"email": email}) is None


@pytest.mark.parametrize(
    ("phone", "said"), [("(585) 555-0100 x12", None), ("555-0100", "digits"), (None, None)]
)
def test_PHN_01_the_phone_has_ten_or_eleven_digits(phone: str | None, said: str | None) -> None:
    assert pair("PHN-01", {"other_phone": phone}) == said


def test_PHN_02_somebody_can_be_reached_in_a_way_of_their_own() -> None:
    one, other = contact(), contact(person_id="901", first_name="Bo")

    assert verdicts("PHN-02", one) == [None]
    assert verdicts("PHN-02", one, other) == ["no_reach", "no_reach"]
    assert verdicts("PHN-02", {**one, "email": None}) == ["no_reach"]
    assert verdicts("PHN-02", {**one, "email": None, "cell_phone": "(585) 555-0100"}) == [None]


def test_DUP_01_a_pair_that_is_listed_twice_is_judged_once() -> None:
    bad = {**PAIR, "email": None}
    chosen = rules.profile(as_of=AS_OF, changed={"CON-REL-01": "off", "EML-02": "off"})
    [found] = evaluate(sheet("contact", bad, PAIR, {**PAIR, "student_number": "8"}), by=chosen)

    assert told(found) == [("Yes", {"DUP-01": "listed:3"}), ("Yes", {}), ("Yes", {})]


def test_DUP_01_of_two_that_are_alike_the_first_one_is_judged() -> None:
    bad = {**PAIR, "email": None}
    chosen = rules.profile(as_of=AS_OF, changed={"CON-REL-01": "off"})
    [found] = evaluate(sheet("contact", bad, bad), by=chosen)

    assert told(found) == [("No", {"CON-FLD-04": "blank"}), ("No", {"DUP-01": "listed:2"})]


def test_DUP_01_without_an_id_it_is_the_name_with_phone_or_address() -> None:
    one = {**PAIR, "person_id": None}

    assert verdicts("DUP-01", one, {**one, "other_phone": "585.555.0100", "email": None}) == [
        None,
        "listed:2",
    ]
    assert verdicts("DUP-01", one, {**one, "other_phone": "(585) 555-0199"}) == [None, None]
    no_phone = {**one, "other_phone": None}
    assert verdicts("DUP-01", no_phone, {**no_phone, "email": "AMARA@example.org"}) == [
        None,
        "listed:2",
    ]
    assert verdicts("DUP-01", {**one, "student_number": None}, {**one, "student_number": None}) == [
        None,
        None,
    ]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_DUP_02_names_are_the_same_in_any_case_on_every_engine(engine: str) -> None:
    """Engines make different small letters of a dotted I, and of a sigma that ends a word."""
    ways = [("İbrahim", "ΒΑΣΣ"), ("ibrahim", "βασς"), ("i\N{COMBINING DOT ABOVE}brahim", "ΒασΣ")]
    rows = [
        contact(person_id=str(at), first_name=first, last_name=last)
        for at, (first, last) in enumerate(ways)
    ]
    table = sheet("contact", *rows).table()
    if engine == "duckdb":
        pytest.importorskip("pyarrow")
        connection = pytest.importorskip("duckdb").connect()
        table = Table(table.kind, connection.from_arrow(table.frame.to_arrow()), table.headers)

    [found] = rules.evaluate([table], by("DUP-02"))

    assert [texts for _, texts in told(found)] == [{"DUP-02": "same_name"}] * 3


def test_DUP_02_two_person_records_have_the_same_name() -> None:
    one = contact()

    assert verdicts("DUP-02", one, contact(person_id="901")) == ["same_name", "same_name"]
    assert verdicts("DUP-02", contact(person_id=None, person_guid="A"), one) == ["same_name"] * 2
    assert verdicts("DUP-02", one, one) == [None, None]
    assert verdicts("DUP-02", one, contact(person_id=None)) == [None, None]
    assert verdicts("DUP-02", one, contact(person_id="901", first_name="Bo")) == [None, None]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sue and Joe", "two_people"),
        ("Sue AND Joe", "two_people"),
        ("Sue & Joe", "two_people"),
        ("Mr/Mrs", "two_people"),
        ("Sandy", None),
        ("Andre", None),
        (None, None),
    ],
)
def test_NAME_01_one_person_stands_in_one_row(name: str | None, said: str | None) -> None:
    assert pair("NAME-01", {"first_name": name}) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"private_phone": "true", "private_address": "true"}, "both"),
        ({"private_phone": "true"}, "phone"),
        ({"private_address": "true", "private_phone": None}, "address"),
        ({"private_phone": "false"}, None),
    ],
)
def test_PRIV_01_what_is_private_is_told(row: Row, said: str | None) -> None:
    assert pair("PRIV-01", row) == said


# ---- Packs --------------------------------------------------------------------------------------


def guardians(count: int, **changes: str | None) -> Sheet:
    rows = [
        {**PAIR, "person_id": str(at), "guardian_flag": "true", **changes} for at in range(count)
    ]
    return sheet("contact", *rows)


@pytest.mark.parametrize(("count", "said"), [(5, None), (6, "many")])
def test_VND_RMD_01_a_student_has_fewer_than_six_guardians(count: int, said: str | None) -> None:
    settings = {"guardian_source": "box"}

    assert student("VND-RMD-01", {}, guardians(count), **settings) == said
    assert student("VND-RMD-01", {}, guardians(count, guardian_flag="false"), **settings) is None
    assert student("VND-RMD-01", {"number": "8"}, guardians(count), **settings) is None


def test_VND_RMD_01_a_name_that_two_students_have_says_of_neither_whose_guardians_they_are() -> (
    None
):
    ana = {"first_name": "Ana", "last_name": "Byrne"}
    six = sheet(
        "contact",
        *(
            {"first_name": f"Bo{at}", "guardian_flag": "true", "student_name_key": "ana byrne"}
            for at in range(6)
        ),
    )

    told_of = {
        count: says("VND-RMD-01", sheet("student", *[ana] * count), six, guardian_source="box")
        for count in (1, 2)
    }

    assert told_of == {1: "many", 2: None}


def test_VND_RMD_01_a_contact_that_is_linked_twice_is_one() -> None:
    three = sheet(
        "contact", *({"sourced_id": f"c{at}", "guardian_flag": "true"} for at in range(3))
    )
    links = sheet(
        "link", *({"student_sourced_id": "s1", "sourced_id": f"c{at}"} for at in range(3))
    )

    assert (
        student("VND-RMD-01", {"sourced_id": "s1"}, three, links, links, guardian_source="box")
        is None
    )


def linked(count: int) -> tuple[Sheet, Sheet]:
    """So many guardians without a key of their student, and what says whose they are."""
    people = [{"sourced_id": f"c{at}", "guardian_flag": "true"} for at in range(count)]
    links = [{"student_sourced_id": "s1", "sourced_id": f"c{at}"} for at in range(count)]
    return sheet("contact", *people), sheet("link", *links)


@pytest.mark.parametrize(("count", "said"), [(5, None), (6, "many")])
def test_VND_RMD_01_counts_guardians_that_links_give_to_a_student(
    count: int, said: str | None
) -> None:
    ana = {"sourced_id": "s1"}

    assert student("VND-RMD-01", ana, *linked(count), guardian_source="box") == said


def test_VND_RMD_01_a_second_list_without_guardians_of_a_student_adds_none() -> None:
    others = guardians(1, student_number="8")

    assert student("VND-RMD-01", {}, guardians(5), others, guardian_source="box") is None
    assert student("VND-RMD-01", {}, guardians(6), others, guardian_source="box") == "many"


def test_VND_RMD_01_counts_whoever_has_the_portal_box_where_that_decides() -> None:
    six = guardians(6, guardian_flag="false", portal_flag="true")

    assert student("VND-RMD-01", {}, six, guardian_by="portal") == "many"
    assert student("VND-RMD-01", {}, six, guardian_by="guardian", guardian_source="box") is None


def test_VND_RMD_01_counts_nobody_of_whom_it_is_not_known_whether_they_are_guardians() -> None:
    """The same is said of all rows then, which engines do not take as a condition of rows."""
    nothing_said = sheet("contact", *guardians(6).rows, absent=("guardian_flag",))

    assert student("VND-RMD-01", {}, nothing_said, guardian_source="box") is None
    assert student("VND-RMD-01", {}, nothing_said, guardian_by="portal") is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("Emergency", "left_out:Emergency"),
        ("secondary", "left_out:secondary"),
        ("primary", None),
        (None, None),
    ],
)
def test_VND_RMD_02_some_contact_types_are_left_out(kind: str | None, said: str | None) -> None:
    assert pair("VND-RMD-02", {"contact_type": kind}) == said
    assert pair("VND-RMD-02", {}) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"mailing_flag": "true"}, None),
        ({"mailing_flag": "false", "portal_flag": "true"}, None),
        ({"mailing_flag": "false", "portal_flag": None}, "not_set"),
        (odd("mailing_flag", "unclear:"), "unclear"),
        ({}, "no_column"),
    ],
)
def test_ST_MAIL_01_mail_or_portal_is_set(row: Row, said: str | None) -> None:
    assert pair("ST-MAIL-01", row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"custody_alert": "true", "custody_type": "No Rights"}, "kept_back"),
        ({"custody_alert": "true", "custody_type": "Joint"}, None),
        ({"custody_alert": "true", "custody_type": None}, None),
        ({"custody_alert": "false", "custody_type": "No Rights"}, None),
        ({"custody_type": "no rights"}, "kept_back"),
        ({"custody_alert": "true"}, "unclear"),
        ({**odd("custody_alert", "unclear:"), "custody_type": "No Rights"}, "unclear"),
        ({"custody_alert": "true", **odd("custody_type", "error:#N/A")}, "unclear"),
        ({}, "no_column"),
    ],
)
def test_ST_CUST_01_nobody_without_rights_is_passed_on(row: Row, said: str | None) -> None:
    assert pair("ST-CUST-01", row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"restricted_view": "false"}, None),
        ({"restricted_view": "true"}, "kept_back"),
        (odd("restricted_view", "unclear:"), "unclear"),
        ({}, "no_column"),
    ],
)
def test_ST_RESTR_01_restricted_view_is_off(row: Row, said: str | None) -> None:
    assert pair("ST-RESTR-01", row) == said


# ---- All of them --------------------------------------------------------------------------------


def test_every_rule_of_the_catalogue_has_a_test_named_after_it() -> None:
    names = " ".join(name for name in globals() if name.startswith("test_"))
    told_in_one = names.replace(
        "CON_FLD_01_02_03_04", "CON_FLD_01 CON_FLD_02 CON_FLD_03 CON_FLD_04"
    )
    missing = [rule for rule in rules.catalog() if rule.replace("-", "_") not in told_in_one]

    assert not missing

"""Every rule of profile `edutech`, each named by its id: alone, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sheets import rules
from sheets.rules.model import Severity, Table
from tests.rule_tables import (
    AS_OF,
    OFFICE,
    TYPES,
    Row,
    account,
    contact,
    evaluate,
    judge,
    odd,
    profile,
    sheet,
    told,
)

PERSON: Row = {"number": "0071", "email": "ana@example.org", "last_name": "Abara"}
OTHER_ACCOUNT = sheet("account", {"number": "0072", "username": "bo", "account_enabled": "true"})


def found(row: Row) -> tuple[str, dict[str, str]]:
    """A contact beside an active account and the types of the district."""
    return judge(sheet("contact", row), sheet("account", account()), TYPES)


def said(rule_id: str, text: str, header: str) -> str:
    variant, _, seen = text.partition(":")
    return rules.sentence(rules.catalog()[rule_id], variant, header=header, seen=seen)


def test_a_contact_for_whom_everything_holds_is_revealed() -> None:
    assert found(contact()) == ("Yes", {})


@pytest.mark.parametrize(("kind", "rule"), [("student", "STU-ACCT-01"), ("staff", "STF-ACCT-01")])
def test_stu_acct_01_and_stf_acct_01_hide_who_has_no_active_account(kind: str, rule: str) -> None:
    assert judge(sheet(kind, PERSON), OTHER_ACCOUNT) == ("No", {rule: "none"})
    assert said(rule, "none", "") == "no active Campus account"


@pytest.mark.parametrize("kind", ["student", "staff"])
def test_students_and_staff_with_an_active_account_are_revealed(kind: str) -> None:
    own = sheet("account", {"number": "0071", "username": "ana", "account_enabled": "true"})

    assert judge(sheet(kind, PERSON), own) == ("Yes", {})


def test_con_acct_01_hides_a_contact_without_an_active_account() -> None:
    assert found(contact(person_id="901")) == ("No", {"CON-ACCT-01": "none"})


def test_con_acct_02_warns_of_an_account_with_another_home_page() -> None:
    accounts = sheet("account", account(home_page=OFFICE))

    assert judge(sheet("contact", contact()), accounts, TYPES) == (
        "Yes",
        {"CON-ACCT-02": "other_home"},
    )


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("CON-FLD-01", "first_name"),
        ("CON-FLD-02", "last_name"),
        ("CON-FLD-03", "other_phone"),
        ("CON-FLD-04", "email"),
    ],
)
class TestFields:
    """CON-FLD-01 to 04: the four fields hold data."""

    def test_a_blank_hides_the_contact(self, rule: str, field: str) -> None:
        assert found(contact(**{field: None})) == ("No", {rule: "blank"})
        assert said(rule, "blank", "Some Header") == '"Some Header" is blank'

    def test_a_word_for_nothing_hides_the_contact(self, rule: str, field: str) -> None:
        row = contact() | odd(field, "placeholder:N/A")

        assert found(row) == ("No", {rule: "placeholder:N/A"})
        assert said(rule, "placeholder:N/A", "Some Header") == '"Some Header" holds only "N/A"'

    def test_an_error_hides_the_contact(self, rule: str, field: str) -> None:
        row = contact() | odd(field, "error:#N/A")

        assert found(row) == ("No", {rule: "error:#N/A"})
        assert said(rule, "error:#N/A", "Some Header") == '"Some Header" shows the error #N/A'

    def test_a_formula_without_a_result_is_unknown(self, rule: str, field: str) -> None:
        row = contact() | odd(field, "no_result:")

        assert found(row) == ("Unknown", {rule: "no_result"})
        assert "open the file in Excel and save it" in said(rule, "no_result", "Some Header")

    def test_a_column_that_is_not_there_is_unknown(self, rule: str, field: str) -> None:
        people = sheet("contact", contact(), absent=(field,))

        verdict = judge(people, sheet("account", account()), TYPES)

        assert verdict == ("Unknown", {rule: "no_column"})
        assert said(rule, "no_column", "Some Header") == 'no "Some Header" column: bring one'


def test_an_other_phone_that_may_be_the_home_phone_is_asked_about_not_guessed() -> None:
    people = sheet("contact", contact(home_phone="(585) 555-0102"), absent=("other_phone",))

    verdict, findings = judge(people, sheet("account", account()), TYPES)

    assert (verdict, findings) == ("Unknown", {"CON-FLD-03": "no_column_home:Home Phone"})
    assert said("CON-FLD-03", findings["CON-FLD-03"], "Other Phone") == (
        'no "Other Phone" column: if "Home Phone" is your Other Phone, '
        'say so with --map "Home Phone=Other Phone"'
    )


def test_a_name_in_one_piece_is_asked_for_in_two() -> None:
    people = sheet("contact", contact(full_name="Abara, Ana"), absent=("first_name", "last_name"))

    verdict, findings = judge(people, sheet("account", account()), TYPES)

    assert verdict == "Unknown"
    assert findings == {
        "CON-FLD-01": "no_column_full:Full Name",
        "CON-FLD-02": "no_column_full:Full Name",
    }
    assert 'no "First Name" column' in said("CON-FLD-01", findings["CON-FLD-01"], "First Name")


def test_con_rel_01_hides_a_relationship_whose_type_is_no_guardian() -> None:
    verdict, findings = found(contact(relationship="Grandparent"))

    assert (verdict, findings) == ("No", {"CON-REL-01": "not_guardian:Grandparent"})
    assert said("CON-REL-01", findings["CON-REL-01"], "Relationship") == (
        'relationship "Grandparent" is not set as Guardian'
    )


@pytest.mark.parametrize(
    "email",
    [
        "ana.example.org",
        "ana@example",
        "a b@example.org",
        "ana@example.org, bo@example.org",
        "@x.y",
        "ana@@example.org",
        "ana@example.",
        "ana@.",
        "<ana@example.org>",
    ],
)
def test_eml_01_warns_of_an_address_that_is_none(email: str) -> None:
    assert found(contact(email=email)) == ("Yes", {"EML-01": "malformed"})


@pytest.mark.parametrize(
    "email", ["ana@example.org", "a.b+c_d'e@mail.example.org", "Zoë@exämple.org"]
)
def test_eml_01_holds_for_an_address_of_any_common_form(email: str) -> None:
    assert found(contact(email=email)) == ("Yes", {})


def test_eml_01_warns_of_students_and_staff_too() -> None:
    own = sheet("account", {"number": "0071", "username": "ana", "account_enabled": "true"})

    for kind in ("student", "staff"):
        assert judge(sheet(kind, PERSON | {"email": "ana"}), own) == (
            "Yes",
            {"EML-01": "malformed"},
        )


@pytest.mark.parametrize(
    "phone",
    [
        "555-0100",
        "(585) 555-01000 0",
        "585555010",
        "x5855550100",
        "585-555-0100 x",
        "none yet",
        "58555501 x12",
        "(585) 555-0100 / (585) 555-0101",
    ],
)
def test_phn_01_warns_of_a_number_that_is_too_short_or_too_long(phone: str) -> None:
    assert found(contact(other_phone=phone)) == ("Yes", {"PHN-01": "digits"})


@pytest.mark.parametrize(
    "phone",
    [
        "(585) 555-0100",
        "+1 585.555.0100",
        "5855550100",
        "585-555-0100 x12",
        "585-555-0100 Ext. 1234",
    ],
)
def test_phn_01_holds_with_or_without_country_code_and_extension(phone: str) -> None:
    assert found(contact(other_phone=phone)) == ("Yes", {})


def test_all_findings_of_a_row_are_told_not_the_first_only() -> None:
    row = contact(person_id="901", first_name=None, other_phone=None, relationship="Grandparent")

    verdict, findings = found(row | {"email": "ana"})

    assert verdict == "No"
    assert list(findings) == ["CON-FLD-01", "CON-FLD-03", "CON-REL-01", "CON-ACCT-01", "EML-01"]


def test_what_hides_outweighs_what_is_unknown() -> None:
    verdict, findings = found(contact(relationship="Host Family", other_phone=None))

    assert verdict == "No"
    assert findings == {"CON-FLD-03": "blank", "CON-REL-01": "type_unknown:Host Family"}


def test_there_is_one_findings_for_each_table_of_people_in_the_order_given() -> None:
    sheets = [
        sheet("staff", PERSON),
        OTHER_ACCOUNT,
        sheet("contact", contact()),
        TYPES,
        sheet("student", PERSON),
    ]

    result = evaluate(*sheets)

    assert [one.table.kind for one in result] == ["staff", "contact", "student"]


def test_a_table_without_rows_gives_findings_without_rows() -> None:
    empty = Table("student", sheet("student", PERSON).frame().clear(), {})

    [result] = rules.evaluate([empty], profile())

    assert result.frame.shape == (0, 2)


def test_findings_are_in_the_order_of_the_sheet_whatever_that_of_the_table() -> None:
    people = sheet("contact", contact(first_name=None), contact(), contact(email=None))
    people.rows_at = [9, 10, 4]

    [result] = evaluate(people, sheet("account", account()), TYPES)

    assert result.frame.rows() == [
        (4, "No", None, "blank"),
        (9, "No", "blank", None),
        (10, "Yes", None, None),
    ]


def test_lazy_frames_are_judged_like_others() -> None:
    lazy = Table("student", sheet("student", PERSON).frame().lazy(), {})

    [result] = rules.evaluate([lazy], profile())

    assert told(result) == [("Unknown", {"STU-ACCT-01": "no_accounts"})]


def test_a_rule_that_only_warns_is_silent_where_its_input_is_lacking() -> None:
    accounts = sheet("account", account(), absent=("home_page",))

    assert judge(sheet("contact", contact()), accounts, TYPES) == ("Yes", {})


def test_a_rule_that_the_profile_does_not_name_is_off() -> None:
    without = rules.profile(as_of=AS_OF, changed={"CON-FLD-03": "off"})

    assert judge(
        sheet("contact", contact(other_phone=None)), sheet("account", account()), TYPES, by=without
    ) == ("Yes", {})


def test_a_profile_without_a_rule_that_hides_reveals_everybody() -> None:
    warning = replace(profile(), severities={"CON-FLD-03": Severity.CHECK})

    assert judge(sheet("contact", contact(other_phone=None)), by=warning) == (
        "Yes",
        {"CON-FLD-03": "blank"},
    )

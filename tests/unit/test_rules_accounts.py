"""Whose account is whose, when it is active, and which one the Home Page selects."""

from __future__ import annotations

import pytest

from tests.rule_tables import (
    OFFICE,
    PARENT,
    STORE,
    TYPES,
    Row,
    Sheet,
    account,
    contact,
    judge,
    odd,
    profile,
    sheet,
)

STUDENT: Row = {"number": "0071"}
NAMED: Row = {"first_name": "Ana", "last_name": "Abara"}


def state(people: Sheet, *accounts: Sheet, **settings: object) -> str:
    """The text of the account rule; empty where the person has an active account."""
    _, findings = judge(people, *accounts, by=profile(**settings) if settings else None)
    return next((text for rule, text in findings.items() if rule.endswith("ACCT-01")), "")


def met(accounts: list[Row], reading: str, **settings: object) -> str:
    """Whether the account condition of a contact is met: facts as the seven vectors tell it."""
    verdict, findings = judge(
        sheet("contact", contact()),
        sheet("account", *accounts),
        TYPES,
        by=profile(home_page_reading=reading, **settings),
    )
    return verdict + (" + warning" if verdict == "Yes" and findings else "")


# Home page, created, state: a person who is both on the staff and a parent.
WORK_2015 = account(home_page=OFFICE, account_created="2015-08-15", username="work")
PARENT_2018 = account(account_created="2018-08-15", username="first")
PARENT_2020 = account(account_created="2020-08-15", username="second")
DISABLED_2018 = PARENT_2018 | {"account_enabled": "false"}
EXPIRED_2018 = PARENT_2018 | {"account_expires": "2020-06-30"}
STORE_2017 = account(home_page=STORE, account_created="2017-08-15")
UNDATED = [
    account(account_created=None, username="a"),
    account(account_created=None, username="b"),
]


@pytest.mark.parametrize(
    ("accounts", "by_a", "by_b", "by_c"),
    [
        pytest.param([WORK_2015, PARENT_2018], "Yes", "No", "Yes", id="1 work first, then parent"),
        pytest.param([DISABLED_2018, PARENT_2020], "Yes", "Yes", "Yes", id="2 the first disabled"),
        pytest.param([WORK_2015], "No", "No", "Yes + warning", id="3 work only"),
        pytest.param([EXPIRED_2018], "No", "No", "No", id="4 expired"),
        pytest.param(UNDATED, "Yes", "Yes", "Yes", id="5 no date of creation"),
        pytest.param([STORE_2017], "No", "No", "Yes + warning", id="6 Public Store only"),
        pytest.param([DISABLED_2018], "No", "No", "No", id="7 disabled only"),
    ],
)
def test_the_seven_vectors_tell_the_three_readings_apart(
    accounts: list[Row], by_a: str, by_b: str, by_c: str
) -> None:
    assert [met(accounts, reading) for reading in "ABC"] == [by_a, by_b, by_c]
    assert [met(accounts[::-1], reading) for reading in "ABC"] == [by_a, by_b, by_c]


def test_an_expired_account_is_active_where_the_district_says_so() -> None:
    for reading in "ABC":
        assert met([EXPIRED_2018], reading, expired_is_inactive=False) == "Yes + warning"


def test_the_readings_say_in_which_way_the_home_page_does_not_fit() -> None:
    found = [
        judge(
            sheet("contact", contact()),
            sheet("account", WORK_2015),
            TYPES,
            by=profile(home_page_reading=reading),
        )[1]
        for reading in "ABC"
    ]

    assert found == [
        {"CON-ACCT-02": "other_home"},
        {"CON-ACCT-02": "first_home"},
        {"CON-ACCT-02": "other_home"},
    ]


class TestFirstCreated:
    """Reading B takes the first active account created."""

    def test_a_date_comes_before_no_date(self) -> None:
        undated_parent = account(account_created=None, username="a")

        assert met([undated_parent, WORK_2015], "B") == "No"

    def test_of_one_day_the_username_decides(self) -> None:
        work = WORK_2015 | {"account_created": "2018-08-15", "username": "b"}

        assert met([work, PARENT_2018 | {"username": "a"}], "B") == "Yes"
        assert met([work, PARENT_2018 | {"username": "c"}], "B") == "No"

    def test_of_one_username_the_row_decides(self) -> None:
        alike = {"account_created": "2018-08-15", "username": "a"}

        assert met([PARENT_2018 | alike, WORK_2015 | alike], "B") == "Yes"
        assert met([WORK_2015 | alike, PARENT_2018 | alike], "B") == "No"

    def test_rows_are_compared_as_numbers(self) -> None:
        alike = {"account_created": "2018-08-15", "username": "a"}
        accounts = sheet("account", WORK_2015 | alike, PARENT_2018 | alike)
        accounts.rows_at = [10, 9]

        verdict, _ = judge(
            sheet("contact", contact()), accounts, TYPES, by=profile(home_page_reading="B")
        )

        assert verdict == "Yes"

    def test_of_two_sheets_the_first_one_decides(self) -> None:
        alike = {"account_created": None, "username": None}
        people = sheet("contact", contact())
        parents = sheet("account", PARENT_2018 | alike, absent=("username", "account_created"))
        workers = sheet("account", WORK_2015 | alike, absent=("username", "account_created"))
        by = profile(home_page_reading="B")

        assert judge(people, parents, workers, TYPES, by=by)[0] == "Yes"
        assert judge(people, workers, parents, TYPES, by=by)[0] == "No"

    def test_an_account_that_may_be_active_may_be_the_first(self) -> None:
        unclear = account(account_created="2014-01-01", username="x") | odd(
            "account_enabled", "unclear:"
        )

        assert met([unclear, PARENT_2018], "B") == "Unknown"
        assert met([unclear | {"account_created": "2019-01-01"}, PARENT_2018], "B") == "Yes"


class TestHomePage:
    """What is not clear about the Home Page."""

    @pytest.mark.parametrize("reading", ["A", "B"])
    def test_a_column_that_is_not_there_is_unknown(self, reading: str) -> None:
        found = judge(
            sheet("contact", contact()),
            sheet("account", account(), absent=("home_page",)),
            TYPES,
            by=profile(home_page_reading=reading),
        )

        assert found == ("Unknown", {"CON-ACCT-02": "no_home_page"})

    @pytest.mark.parametrize("reason", ["unclear:", "error:#N/A", "no_result:"])
    def test_a_cell_that_is_not_clear_is_unknown(self, reason: str) -> None:
        unclear = account() | odd("home_page", reason)

        assert [met([unclear], reading) for reading in "ABC"] == ["Unknown", "Unknown", "Yes"]
        assert met([unclear, PARENT_2020], "A") == "Yes"

    @pytest.mark.parametrize("changes", [{"home_page": None}, odd("home_page", "placeholder:-")])
    def test_a_blank_one_is_another_than_campus_parent(self, changes: Row) -> None:
        assert [met([account() | changes], reading) for reading in "ABC"] == [
            "No",
            "No",
            "Yes + warning",
        ]

    def test_a_second_account_that_may_be_active_and_fits_is_unknown(self) -> None:
        unclear = PARENT_2018 | odd("account_enabled", "unclear:")

        assert met([WORK_2015, unclear], "A") == "Unknown"
        assert met([WORK_2015, unclear | {"home_page": OFFICE}], "A") == "No"
        assert met([WORK_2015, unclear | odd("home_page", "unclear:")], "A") == "Unknown"
        assert met([WORK_2015, unclear], "C") == "Yes"

    def test_the_accounts_of_all_sheets_are_compared(self) -> None:
        mail: Row = {"person_id": None, "email": "amara@example.org", "last_name": "Abara"}
        by_id = sheet("account", WORK_2015)
        by_mail = sheet("account", PARENT_2018 | mail, absent=("person_id",))
        no_page = sheet("account", PARENT_2018 | mail, absent=("person_id", "home_page"))
        unclear = sheet("account", PARENT_2018 | odd("home_page", "unclear:"))
        by = profile(home_page_reading="A")

        def selected(*accounts: Sheet) -> tuple[str, dict[str, str]]:
            return judge(sheet("contact", contact()), *accounts, TYPES, by=by)

        assert selected(by_id, by_mail) == ("Yes", {})
        assert selected(by_id, no_page) == ("Unknown", {"CON-ACCT-02": "no_home_page"})
        assert selected(unclear, no_page) == ("Unknown", {"CON-ACCT-02": "unclear"})

    def test_nothing_is_said_about_it_where_no_account_is_active(self) -> None:
        _, findings = judge(
            sheet("contact", contact()), sheet("account", account(account_enabled=None)), TYPES
        )

        assert findings == {"CON-ACCT-01": "disabled"}

    def test_it_is_looked_at_in_the_contacts_own_row_too(self) -> None:
        own = contact(account_enabled="true", home_page=OFFICE)

        assert judge(sheet("contact", own), TYPES) == ("Yes", {"CON-ACCT-02": "other_home"})
        assert judge(sheet("contact", own | {"home_page": PARENT}), TYPES) == ("Yes", {})


class TestActive:
    """Active = enabled (or not disabled), and not expired."""

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"account_enabled": "true"}, ""),
            ({"account_enabled": "false"}, "disabled"),
            ({"account_enabled": None}, "disabled"),
            (odd("account_enabled", "placeholder:-"), "disabled"),
            (odd("account_enabled", "unclear:"), "unclear"),
            (odd("account_enabled", "error:#REF!"), "unclear"),
            (odd("account_enabled", "no_result:"), "no_result"),
            ({"account_disabled": "true"}, "disabled"),
            ({"account_disabled": "false"}, ""),
            ({"account_disabled": None}, ""),
            (odd("account_disabled", "placeholder:-"), ""),
            (odd("account_disabled", "unclear:"), "unclear"),
            (odd("account_disabled", "no_result:"), "no_result"),
            ({"account_enabled": "true", "account_disabled": "true"}, "disabled"),
            ({"account_enabled": "false", "account_disabled": "false"}, "disabled"),
            ({"account_enabled": "true", "account_expires": "2026-11-22"}, "expired"),
            ({"account_enabled": "true", "account_expires": "2026-11-23"}, ""),
            ({"account_enabled": "true", "account_expires": None}, ""),
            ({"account_enabled": "true"} | odd("account_expires", "placeholder:never"), ""),
            ({"account_enabled": "true"} | odd("account_expires", "unclear:"), "unclear"),
            ({"account_enabled": "true"} | odd("account_expires", "no_result:"), "no_result"),
            ({"account_enabled": "false"} | odd("account_expires", "unclear:"), "disabled"),
            ({"account_enabled": "false", "account_expires": "2020-01-01"}, "disabled"),
            (
                odd("account_enabled", "unclear:") | odd("account_expires", "no_result:"),
                "no_result",
            ),
            ({"username": "ana"}, "no_state"),
            ({"username": "ana", "account_expires": "2020-01-01"}, "expired"),
            ({"username": None, "account_enabled": "true"}, "none"),
            (odd("username", "placeholder:-") | {"account_enabled": "true"}, "none"),
            (odd("username", "error:#N/A") | {"account_enabled": "true"}, "none"),
            (odd("username", "no_result:") | {"account_enabled": "true"}, ""),
        ],
    )
    def test_an_account_of_the_sheet_of_accounts(self, changes: Row, expected: str) -> None:
        accounts = sheet("account", {"number": "0071"} | changes)

        assert state(sheet("student", STUDENT), accounts) == expected

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ({}, "no_accounts"),
            ({"account_expires": "2020-01-01"}, "no_accounts"),
            ({"username": "ana"}, "no_state"),
            ({"username": None}, "none"),
            (odd("username", "no_result:"), "no_state"),
            ({"username": "ana", "account_enabled": "true"}, ""),
            ({"username": "ana", "account_enabled": None}, "disabled"),
            ({"username": None, "account_enabled": "true"}, "none"),
            ({"username": None, "account_disabled": None}, "none"),
            ({"username": "ana", "account_disabled": None}, ""),
            ({"account_enabled": "true"}, ""),
            ({"account_enabled": "false"}, "disabled"),
            ({"account_enabled": None}, "none"),
            (odd("account_enabled", "placeholder:N/A"), "none"),
            (odd("account_enabled", "unclear:"), "unclear"),
            ({"account_enabled": None, "account_disabled": "false"}, "none"),
            ({"account_disabled": "false"}, ""),
            ({"account_disabled": "true"}, "disabled"),
            ({"account_disabled": None}, "no_state"),
            (odd("account_disabled", "unclear:"), "unclear"),
            ({"account_enabled": "true", "account_expires": "2026-11-22"}, "expired"),
        ],
    )
    def test_the_account_columns_of_the_persons_own_row(self, row: Row, expected: str) -> None:
        assert state(sheet("student", STUDENT | row)) == expected

    def test_an_unclear_date_does_not_matter_where_expired_accounts_stay_active(self) -> None:
        row = {"account_enabled": "true"} | odd("account_expires", "unclear:")

        assert state(sheet("student", STUDENT | row), expired_is_inactive=False) == ""

    def test_of_several_accounts_one_that_is_active_is_enough(self) -> None:
        off = {"number": "0071", "username": "a", "account_enabled": "false"}
        unclear = {"number": "0071", "username": "b"} | odd("account_enabled", "unclear:")
        on = {"number": "0071", "username": "c", "account_enabled": "true"}
        student = sheet("student", STUDENT)

        assert state(student, sheet("account", off, unclear, on)) == ""
        assert state(student, sheet("account", off, unclear)) == "unclear"
        assert state(student, sheet("account", off)) == "disabled"

    def test_of_several_that_are_not_active_the_least_hopeless_is_told(self) -> None:
        off = {"number": "0071", "username": "a", "account_enabled": "false"}
        past = off | {"account_enabled": "true", "account_expires": "2020-01-01"}
        unclear = off | odd("account_enabled", "unclear:")
        unread = off | odd("account_enabled", "no_result:")
        unsaid = sheet("account", {"number": "0071", "username": "b"})
        student = sheet("student", STUDENT)

        assert state(student, sheet("account", off, past)) == "expired"
        assert state(student, sheet("account", past, unclear)) == "unclear"
        assert state(student, sheet("account", unclear, unread)) == "no_result"
        assert state(student, sheet("account", unclear, unread), unsaid) == "no_state"

    def test_the_sheet_of_accounts_has_the_last_word(self) -> None:
        row = STUDENT | {"username": "ana", "account_enabled": "true"}
        other = {"number": "0072", "username": "bo", "account_enabled": "true"}

        assert state(sheet("student", row), sheet("account", other)) == "none"


class TestWhose:
    """How a person and an account find each other."""

    @pytest.mark.parametrize(
        ("person", "theirs"),
        [
            ({"person_id": "7"}, {"person_id": "7"}),
            ({"person_guid": "AB-1"}, {"person_guid": "ab-1"}),
            ({"number": "0071"}, {"number": "0071"}),
            (
                {"email": "Ana@Example.org", "last_name": "ÜNAL"},
                {"email": "ana@example.ORG", "last_name": "Ünal"},
            ),
        ],
    )
    def test_by_each_key(self, person: Row, theirs: Row) -> None:
        accounts = sheet("account", theirs | {"account_enabled": "true"})

        assert state(sheet("student", person), accounts) == ""

    @pytest.mark.parametrize(
        ("person", "theirs"),
        [
            ({"person_id": "07"}, {"person_id": "7"}),
            ({"number": "a1"}, {"number": "A1"}),
            (
                {"email": "ana@example.org", "last_name": "Abara"},
                {"email": "ana@example.org", "last_name": "Bell"},
            ),
        ],
    )
    def test_not_by_a_key_that_differs(self, person: Row, theirs: Row) -> None:
        accounts = sheet("account", theirs | {"account_enabled": "true"})

        assert state(sheet("student", person), accounts) == "none"

    def test_a_spouse_with_the_same_address_and_name_is_somebody_else(self) -> None:
        spouse = account(person_id="901", email="amara@example.org", last_name="Abara")

        assert state(sheet("contact", contact()), sheet("account", spouse), TYPES) == "none"

    def test_a_row_without_an_id_never_gets_an_account_that_has_one(self) -> None:
        theirs = account(person_id="901", email="amara@example.org", last_name="Abara")
        people = sheet("contact", contact(person_id=None))

        assert state(people, sheet("account", theirs), TYPES) == "no_key"
        without_id = theirs | {"person_id": None}
        assert state(people, sheet("account", without_id), TYPES) == ""

    def test_a_row_with_an_id_that_is_not_found_does_not_fall_back_on_its_address(self) -> None:
        theirs = account(person_id=None, email="amara@example.org", last_name="Abara")

        assert state(sheet("contact", contact()), sheet("account", theirs), TYPES) == "none"

    @pytest.mark.parametrize("lacking", [{"person_id": None}, odd("person_id", "placeholder:-")])
    def test_a_row_without_any_key_is_unknown(self, lacking: Row) -> None:
        people = sheet("contact", contact() | lacking)

        assert state(people, sheet("account", account()), TYPES) == "no_key"

    def test_an_id_of_one_kind_is_never_compared_with_one_of_another(self) -> None:
        person: Row = {"person_id": None, "person_guid": "7", "number": None}
        theirs = {"person_id": None, "person_guid": None, "number": "7", "account_enabled": "true"}

        assert state(sheet("student", person), sheet("account", theirs)) == "no_key"

    def test_an_address_without_a_last_name_is_no_key(self) -> None:
        person: Row = {"email": "ana@example.org", "last_name": None}
        theirs = {"email": "ana@example.org", "last_name": None, "account_enabled": "true"}

        assert state(sheet("student", person), sheet("account", theirs)) == "no_key"

    def test_sheets_without_a_key_in_common_are_unknown(self) -> None:
        accounts = sheet("account", {"username": "ana", "account_enabled": "true"})

        assert judge(sheet("student", STUDENT), accounts) == (
            "Unknown",
            {"STU-ACCT-01": "no_common_key"},
        )
        assert judge(sheet("contact", contact()), accounts, TYPES) == (
            "Unknown",
            {"CON-ACCT-01": "no_common_key"},
        )

    def test_a_number_on_a_list_of_contacts_is_never_compared(self) -> None:
        people = sheet("contact", contact(number="0071"), absent=("person_id", "first_name"))
        accounts = sheet("account", {"number": "0071", "account_enabled": "true"})

        assert state(people, accounts, TYPES) == "no_common_key"

    def test_a_students_number_is_never_a_staff_number(self) -> None:
        accounts = sheet(
            "account",
            {"student_number": None, "staff_number": "0071", "account_enabled": "true"},
            {"student_number": "0072", "staff_number": None, "account_enabled": "true"},
        )

        assert state(sheet("student", STUDENT), accounts) == "none"
        assert state(sheet("staff", STUDENT), accounts) == ""
        assert state(sheet("student", {"number": "0072"}), accounts) == ""

    def test_sheets_of_accounts_that_go_by_different_keys_are_both_looked_at(self) -> None:
        by_id = sheet("account", {"person_id": "7", "account_enabled": "false"})
        by_mail = sheet(
            "account",
            {"email": "a@example.org", "last_name": "Abara", "account_enabled": "true"},
        )
        row: Row = {"person_id": "7", "email": "a@example.org", "last_name": "Abara"}

        assert state(sheet("student", row), by_id, by_mail) == ""
        assert (
            state(sheet("student", row | {"email": "b@example.org"}), by_id, by_mail) == "disabled"
        )
        assert state(sheet("student", row | {"email": None}), by_id, by_mail) == "no_key"

    def test_a_sheet_that_cannot_be_linked_is_left_aside_where_another_can(self) -> None:
        by_number = sheet("account", {"number": "0071", "account_enabled": "true"})
        by_name = sheet("account", NAMED | {"username": "bo", "account_enabled": "true"})
        missing = NAMED | {"number": "0072"}

        assert state(sheet("student", STUDENT | NAMED), by_name, by_number) == ""
        assert state(sheet("student", missing), by_name, by_number) == "none"


class TestByName:
    """Names alone are taken only if there is nothing else, and the finding says so."""

    def accounts(self, *changes: Row) -> Sheet:
        named: Row = {"first_name": "ANA", "last_name": "abara", "account_enabled": "true"}
        return sheet("account", *(named | change for change in changes))

    def test_the_only_account_of_that_name_counts_with_a_finding_to_check(self) -> None:
        assert judge(sheet("student", NAMED), self.accounts({})) == (
            "Yes",
            {"STU-ACCT-01": "by_name"},
        )

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"account_enabled": "false"}, "disabled_by_name"),
            ({"account_expires": "2020-01-01"}, "expired_by_name"),
            (odd("account_enabled", "unclear:"), "unclear"),
        ],
    )
    def test_one_that_is_not_active_says_so(self, changes: Row, expected: str) -> None:
        assert state(sheet("student", NAMED), self.accounts(changes)) == expected

    def test_a_name_that_two_accounts_have_is_unknown(self) -> None:
        assert judge(sheet("student", NAMED), self.accounts({}, {})) == (
            "Unknown",
            {"STU-ACCT-01": "no_key"},
        )

    def test_a_name_that_no_account_has_is_unknown(self) -> None:
        other = self.accounts({"first_name": "Bo"})

        assert state(sheet("student", NAMED), other) == "no_key"

    def test_a_row_without_a_name_is_unknown(self) -> None:
        row = NAMED | {"first_name": None}

        assert state(sheet("student", row), self.accounts({"first_name": None})) == "no_key"

    def test_names_are_not_taken_where_there_is_a_better_key(self) -> None:
        person = NAMED | {"number": None}

        assert state(sheet("student", person), self.accounts({"number": "0071"})) == "no_key"

    def test_the_home_page_is_looked_at_all_the_same(self) -> None:
        row = contact()
        theirs = {"first_name": "Amara", "last_name": "Abara", "account_enabled": "true"}
        accounts = sheet("account", theirs | {"home_page": OFFICE})

        assert judge(sheet("contact", row), accounts, TYPES) == (
            "Yes",
            {"CON-ACCT-01": "by_name", "CON-ACCT-02": "other_home"},
        )

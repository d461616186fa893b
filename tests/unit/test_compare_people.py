"""Who of the sheets is who of the answer, and what is made of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sheets import MemoryBook, compare, rules
from sheets.errors import NotUnderstood
from tests import simulated_api

DAY = dt.date(2026, 11, 23)
HEADER = ["Student Number", "Person ID", "Last Name", "First Name", "Email", "School"]
HEADER += ["Username", "Enabled", "No Show"]
CONTACT = ["Student Number", "Contact Person ID", "Last Name", "First Name", "Other Phone"]
CONTACT += ["Email", "Relationship", "Enabled"]
PHONE = "(585) 555-0100"


def student(number, person, last, **changes):
    row = {
        "first": "Ana",
        "email": f"s{person}@example.org",
        "school": "Lake",
        "username": f"u{person}",
        "enabled": "yes",
        "no_show": "",
        **changes,
    }
    return [number, person, last, *row.values()]


def contact(number, person, last, relationship="Guardian", phone=PHONE):
    return [number, person, last, "Bo", phone, f"c{last}@example.org", relationship, "yes"]


PUPILS = [
    student("0311", "12", "Abara"),
    student("0312", "13", "Byrne"),
    student("0313", "14", "Cole", enabled="no"),
]


def compared(tmp_path, sheets, users, profile="edutech", **how):
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"users": users}))
    asked = rules.profile(profile, as_of=DAY)
    of = simulated_api.tables([MemoryBook(sheets)], asked)
    return compare.compare(of, asked, compare.read([path]), **{"try_settings": False, **how})


def pupils(tmp_path, users, rows=PUPILS, **how):
    return compared(tmp_path, {"Students": [HEADER, *rows]}, users, **how)


def user(sourced_id, **more):
    return {"sourcedId": sourced_id, "role": "student", **more}


@pytest.mark.parametrize(
    ("users", "ours"),
    [
        ([user("s12"), user("s13")], "Person ID"),
        ([user("x", identifier="0311"), user("y", identifier="0312")], "Student or Staff Number"),
        ([user("x", identifier="311"), user("y", identifier="312")], "Student or Staff Number"),
        ([user("x", userIds=[{"type": "sis", "identifier": "12"}])], "Person ID"),
        ([user("x", username="U12"), user("y", username="u13")], "Username"),
        (
            [user("x", familyName="ABARA", givenName="Ana", email="S12@example.org")],
            "Email and Last Name",
        ),
    ],
)
def test_which_id_is_which_column_is_found_out_and_told(tmp_path, users, ours):
    matched = pupils(tmp_path, users).matched["student"]

    assert matched.found == len(users)
    assert [key.ours for key in matched.keys] == [ours]


def test_ids_that_meet_by_chance_are_given_away_by_the_names(tmp_path):
    users = [user("s12", identifier="x1", familyName="Zorn"), user("s13", familyName="Yang")]
    with pytest.raises(NotUnderstood):
        pupils(tmp_path, users)


def test_a_name_alone_is_told_and_not_counted(tmp_path):
    users = [user("s12"), user("77", familyName="Byrne", givenName="Ana")]

    result = pupils(tmp_path, users)

    assert result.agreement.left_out == {"by name": 1}
    assert result.agreement.total.compared == 2
    assert result.places(result.state_lines("by name"))[0][1] == [3]


def test_two_people_with_one_username_are_ambiguous(tmp_path):
    rows = [*PUPILS, student("0399", "99", "Dorn", username="u12")]
    result = pupils(tmp_path, [user("s13"), user("q", username="u12")], rows)
    assert result.agreement.left_out == {"ambiguous": 2}


def test_nobody_in_common_is_an_error(tmp_path):
    with pytest.raises(NotUnderstood, match="Nobody of the answer"):
        pupils(tmp_path, [user("s777")])


def test_a_rule_that_hides_whom_the_api_reveals_is_contradicted(tmp_path):
    result = pupils(tmp_path, [user("s12"), user("s13"), user("s14")])

    [hidden] = result.agreement.hidden
    assert (hidden.rule, hidden.revealed, hidden.absent) == ("STU-ACCT-01", 1, 0)
    assert result.places(hidden.lines)[0][1] == [4]


def test_a_rule_that_hides_whom_the_api_lacks_is_borne_out(tmp_path):
    result = pupils(tmp_path, [user("s12"), user("s13")])

    [hidden] = result.agreement.hidden
    assert (hidden.revealed, hidden.absent, hidden.absent_alone) == (0, 1, 1)
    assert result.agreement.total.disagree == 0


def test_what_the_lacking_have_in_common_is_said_by_a_rule_that_is_off(tmp_path):
    rows = [
        student(f"03{at}", f"{at}", f"Name{at}", no_show="yes" if at < 14 else "")
        for at in range(11, 30)
    ]
    result = pupils(tmp_path, [user(f"s{at}") for at in range(14, 30)], rows)

    first = result.agreement.traits[0]
    assert (first.rule, first.severity) == ("STU-ENR-02", None)
    assert (first.absent, first.lacking, first.revealed, first.there) == (3, 3, 0, 16)


def test_a_school_that_is_lacking_as_a_whole_is_told(tmp_path):
    rows = [
        student(f"03{at}", f"{at}", f"Name{at}", school="Lake" if at < 20 else "Hill")
        for at in range(11, 30)
    ]
    result = pupils(tmp_path, [user(f"s{at}") for at in range(11, 20)], rows, try_settings=True)

    assert (result.schools.present, result.schools.absent) == (["Lake"], ["Hill"])
    assert result.ranking.best.choice.lines(result.ranking.given.choice) == [
        *("[settings]", 'schools = ["Lake"]'),
        *("[severities]", 'SCOPE-01 = "hides"'),
    ]
    assert result.ranking.best.tally.disagree == 0


def test_a_profile_that_tells_nothing_is_not_better_than_one_that_errs(tmp_path):
    rows = [student(f"03{at}", f"{at}", f"Name{at}") for at in range(11, 60)]
    users = [user(f"s{at}") for at in range(11, 60) if at % 4]

    ranking = pupils(tmp_path, users, rows, try_settings=True).ranking

    assert ranking.best.choice == ranking.given.choice
    assert ranking.best.tally.disagree == 12


CENSUS = {
    "Students": [HEADER, *PUPILS[:2]],
    "Contacts": [
        CONTACT,
        contact("0311", "90", "Abara"),
        contact("0312", "90", "Abara", "Neighbor"),
        contact("0312", "91", "Byrne", phone=""),
    ],
}


def guardian(sourced_id):
    return {"sourcedId": sourced_id, "role": "guardian"}


def test_agents_tell_of_each_pair_whether_it_is_returned(tmp_path):
    agents = [{"sourcedId": "p90"}, {"sourcedId": "p77"}]
    users = [user("s12", agents=agents), user("s13"), guardian("p90")]

    result = compared(tmp_path, CENSUS, users)

    assert result.as_pairs == 3
    assert result.dangling == 1
    tally = result.agreement.kinds["contact"]
    assert (tally.yes_in, tally.unknown_out, tally.no_out) == (1, 1, 1)


def test_without_agents_contacts_are_compared_as_persons(tmp_path):
    result = compared(tmp_path, CENSUS, [user("s12"), user("s13"), guardian("p90")])

    tally = result.agreement.kinds["contact"]
    assert (tally.yes_in, tally.no_out, tally.compared) == (1, 1, 2)


def test_a_kind_that_the_answer_has_nobody_of_is_left_out_unless_told(tmp_path):
    users = [user("s12"), user("s13")]

    assert "contact" not in compared(tmp_path, CENSUS, users).agreement.kinds
    told = compared(tmp_path, CENSUS, users, everybody=True)
    assert told.agreement.kinds["contact"].yes_out == 1


def test_a_list_of_ids_without_roles_finds_all_kinds(tmp_path):
    users = [{"sourcedId": each} for each in ("12", "13", "90")]

    result = compared(tmp_path, CENSUS, users)

    assert result.matched["student"].found == 2
    assert result.matched["contact"].found == 1
    assert result.agreement.total.disagree == 0

"""What changed since an earlier run: rows are found by who they are, not by where they stand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
from pathlib import Path

import pytest

import sheets
from addin import payload
from sheets import MemoryBook, rules
from sheets.books import open_book
from sheets.report import identity, since
from sheets.report.earlier import Earlier

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"
DAY = dt.date(2026, 11, 23)
PROFILE = rules.profile(as_of=DAY)
STAFF = ("Staff Number", "Person ID", "First Name", "Last Name", "Email", "Enabled")
ANN = ("71", "901", "Ann", "Byrne", "ann@example.org", "yes")
TOM = ("72", "902", "Tom", "Castro", "tom@example.org", "yes")
EVE = ("73", "903", "Eve", "Dunn", "eve@example.org", "yes")
CONTACTS = (
    *("Student Number", "Contact Person ID", "First Name", "Last Name"),
    *("Other Phone", "Email", "Guardian", "Enabled"),
)
MUM = ("12", "501", "Ada", "Byrne", "555-555-0101", "ada@example.org", "yes", "yes")
DAD = ("12", "502", "Bo", "Byrne", "555-555-0102", "bo@example.org", "yes", "yes")


def staff(*rows, header=STAFF):
    return MemoryBook({"Staff": [list(header), *map(list, rows)]}, name="staff")


def contacts(*rows, header=CONTACTS):
    return MemoryBook({"Contacts": [list(header), *map(list, rows)]}, name="contacts")


def changed(row, header=STAFF, **values):
    """A row with other values; a blank in a name stands for the space of the header."""
    named = {name.replace("_", " "): value for name, value in values.items()}
    return tuple(named.get(name, old) for name, old in zip(header, row, strict=True))


def hidden(row, header=STAFF):
    return changed(row, header, Enabled="no")


def check(*books, profile=PROFILE):
    return sheets.check(books, profile, write=False)


def told(outcome):
    """What the run tells a later one."""
    return Earlier.model_validate(json.loads("".join(payload.lines(outcome, []))))


def compared(then, now, profile=PROFILE):
    then = then if isinstance(then, list) else [then]
    now = now if isinstance(now, list) else [now]
    return since.compare(check(*now, profile=profile), told(check(*then)))


def numbers(changes):
    return changes.fixed, changes.new, changes.still


def test_rows_are_found_again_although_they_moved():
    then = staff(hidden(ANN), TOM, hidden(EVE))
    now = staff(
        ("70", "900", "Zed", "Abel", "zed@example.org", "yes"), hidden(EVE), hidden(TOM), ANN
    )

    changes = compared(then, now)

    assert numbers(changes) == (1, 1, 1)
    assert changes.sentence == "1 fixed, 1 new, 1 still hidden since 2026-11-23."
    assert not changes.notes
    assert [(one.rule, one.fixed, one.new, one.still) for one in changes.causes] == [
        ("STF-ACCT-01", 1, 1, 1)
    ]


def test_who_came_and_who_went_is_said_apart():
    changes = compared(staff(hidden(ANN), TOM), staff(TOM, hidden(EVE)))

    assert numbers(changes) == (0, 1, 0)
    assert (changes.added, changes.gone) == (1, 1)
    assert list(changes.notes) == [
        "1 of the new ones was not in the sheets then.",
        "1 more was hidden then and is not in the sheets any more.",
    ]


def test_who_left_and_was_revealed_is_not_spoken_of():
    changes = compared(staff(ANN, TOM), staff(TOM))

    assert (numbers(changes), changes.gone, changes.notes) == ((0, 0, 0), 0, ())


@pytest.mark.parametrize("name", ["Staff Number", "Person ID"])
def test_one_id_is_enough_whatever_columns_were_added_or_left_out(name):
    at = STAFF.index(name)

    def without(row):
        return row[:at] + row[at + 1 :]

    whole = staff(hidden(ANN), hidden(TOM))
    part = staff(without(ANN), hidden(without(TOM), without(STAFF)), header=without(STAFF))

    assert numbers(compared(whole, part)) == (1, 0, 1)
    assert numbers(compared(part, whole)) == (0, 1, 1)


def test_a_contact_is_found_by_the_student_too():
    sister = changed(MUM, CONTACTS, Student_Number="13")

    changes = compared(
        contacts(hidden(MUM, CONTACTS), sister), contacts(hidden(sister, CONTACTS), MUM)
    )

    assert numbers(changes) == (1, 1, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"Email": ""}, {}),
        ({"First_Name": ""}, {}),
        ({"Other_Phone": ""}, {}),
        ({"Other_Phone": ""}, {"Contact_Person_ID": "501"}),
        ({"Email": ""}, {"Email": "ada@example.org", "Contact_Person_ID": "501"}),
        ({"Other_Phone": "", "First_Name": "ADA"}, {"Email": "ADA.B@EXAMPLE.ORG"}),
        ({"Other_Phone": "", "First_Name": "Ada/Bo"}, {}),
    ],
    ids=str,
)
def test_without_an_id_a_name_or_an_address_finds_a_row(before, after):
    plain = changed(MUM, CONTACTS, Contact_Person_ID="")
    other = changed(DAD, CONTACTS, Contact_Person_ID="")

    changes = compared(
        contacts(other, changed(plain, CONTACTS, **before)),
        contacts(changed(plain, CONTACTS, **after), other),
    )

    assert (numbers(changes), changes.not_compared, changes.gone) == ((1, 0, 0), 0, 0)


def test_a_student_who_gets_a_number_keeps_the_contacts():
    header = ("Student First Name", "Student Last Name", *CONTACTS)
    mum = ("Kim", "Byrne", *MUM)

    changes = compared(
        contacts(changed(mum, header, Student_Number="", Enabled="no"), header=header),
        contacts(mum, header=header),
    )

    assert numbers(changes) == (1, 0, 0)


def test_a_weaker_key_takes_nobody_s_own_row_away():
    mum = changed(MUM, CONTACTS, Contact_Person_ID="", Email="home@example.org", First_Name="")
    dad = changed(DAD, CONTACTS, Contact_Person_ID="", Email="home@example.org")
    named = changed(mum, CONTACTS, First_Name="Ada")

    changes = compared(contacts(mum, dad), contacts(dad, named))

    assert (numbers(changes), changes.not_compared, changes.added) == ((1, 0, 0), 0, 0)


def test_another_person_of_the_same_name_is_another_person():
    namesake = changed(ANN, Staff_Number="88", Person_ID="988", Email="ann2@example.org")

    changes = compared(staff(hidden(ANN)), staff(namesake))

    assert (numbers(changes), changes.gone) == ((0, 0, 0), 1)


def test_rows_that_tell_nothing_are_counted_as_not_compared():
    nobody = changed(MUM, CONTACTS, Contact_Person_ID="", First_Name="", Email="")

    changes = compared(contacts(nobody, MUM), contacts(MUM, nobody, nobody))

    assert numbers(changes) == (0, 0, 0)
    assert (changes.not_compared, changes.not_compared_then) == (2, 1)
    assert changes.gone == 0
    assert "Not compared: 2 rows now, 1 then." in changes.notes[-1]


def test_rows_that_tell_the_same_are_compared_if_it_makes_no_difference():
    changes = compared(staff(hidden(ANN), hidden(ANN)), staff(ANN, ANN))

    assert (numbers(changes), changes.not_compared) == ((2, 0, 0), 0)


def test_rows_that_tell_the_same_but_differ_are_not_compared():
    changes = compared(staff(hidden(ANN), ANN, TOM), staff(ANN, hidden(ANN), hidden(TOM)))

    assert numbers(changes) == (0, 1, 0)
    assert (changes.not_compared, changes.not_compared_then) == (2, 2)
    assert not [one for one in changes.causes if one.fixed]


def test_one_more_row_that_tells_the_same_is_new():
    changes = compared(staff(hidden(ANN)), staff(hidden(ANN), hidden(ANN)))

    assert (numbers(changes), changes.added, changes.gone) == ((0, 1, 1), 1, 0)


def test_a_contact_who_is_listed_again_is_counted_once():
    mum = hidden(MUM, CONTACTS)

    fixed = compared(contacts(mum, mum), contacts(MUM, MUM, MUM))
    new = compared(contacts(MUM, MUM), contacts(mum, mum, mum))

    assert (numbers(fixed), fixed.not_compared, fixed.gone) == ((1, 0, 0), 0, 0)
    assert (numbers(new), new.not_compared, new.added) == ((0, 1, 0), 0, 0)


def test_people_of_one_name_are_told_apart_by_another_key():
    ann = changed(ANN, Staff_Number="", Person_ID="")
    other = changed(ann, Email="ann2@example.org")
    third = changed(ann, Email="")

    changes = compared(staff(hidden(ann), other, third), staff(third, hidden(other), ann))

    fewer = compared(staff(hidden(ann), other), staff(other))

    assert (numbers(changes), changes.not_compared, changes.added) == ((1, 1, 0), 0, 0)
    assert (numbers(fewer), fewer.not_compared_then, fewer.gone) == ((0, 0, 0), 0, 1)


def test_a_row_is_found_by_its_id_although_another_has_the_name():
    nameless = changed(ANN, Staff_Number="", Person_ID="")

    changes = compared(staff(nameless, hidden(ANN)), staff(ANN))

    assert (numbers(changes), changes.gone) == ((1, 0, 0), 0)


def test_a_number_of_staff_is_not_that_of_a_student():
    students = MemoryBook(
        {
            "Students": [
                ["Student Number", "Last Name", "First Name", "Enabled"],
                ["71", "A", "B", "no"],
            ]
        }
    )

    changes = compared(staff(hidden(ANN)), students)

    assert (numbers(changes), changes.added, changes.gone) == ((0, 1, 0), 1, 1)


def test_rows_that_tell_the_same_are_laid_beside_those_with_their_causes():
    both = rules.profile(as_of=DAY, changed={"DUP-01": "off"})
    phone, email, box = (
        changed(MUM, CONTACTS, **{name: value})
        for name, value in (("Other_Phone", ""), ("Email", ""), ("Guardian", "no"))
    )
    before = told(check(contacts(phone, email), profile=both))

    changes = since.compare(check(contacts(box, email), profile=both), before)

    assert {one.rule: (one.fixed, one.new, one.still) for one in changes.causes} == {
        "CON-FLD-03": (1, 0, 0),
        "CON-FLD-04": (0, 0, 1),
        "CON-REL-01": (0, 1, 0),
    }


def test_what_cannot_be_told_counts_with_the_hidden_and_is_said():
    header = STAFF[:-1]

    changes = compared(
        staff(ANN, hidden(TOM)), staff(ANN[:-1], TOM[:-1], changed(EVE)[:-1], header=header)
    )

    assert (numbers(changes), changes.unknown) == ((0, 2, 1), 3)
    assert "3 of the new and still hidden ones cannot be told." in changes.notes


def test_a_cause_may_be_fixed_although_the_row_is_still_hidden():
    before = changed(MUM, CONTACTS, Email="", Other_Phone="")
    after = changed(MUM, CONTACTS, Other_Phone="")

    changes = compared(contacts(before), contacts(after))

    assert numbers(changes) == (0, 0, 1)
    assert [(one.rule, one.fixed, one.new, one.still) for one in changes.causes] == [
        ("CON-FLD-04", 1, 0, 0),
        ("CON-FLD-03", 0, 0, 1),
    ]


@pytest.mark.parametrize(
    ("profile", "differs"),
    [
        (rules.profile("oneroster-1.1", as_of=DAY), ["profile", "home_page_reading"]),
        (rules.profile(as_of=DAY, settings={"guardian_by": "portal"}), ["guardian_by"]),
        (rules.profile(as_of=DAY, packs=["vendor"]), ["packs"]),
        (rules.profile(as_of=DAY, changed={"STF-ACCT-01": "off"}), ["changed"]),
        (
            rules.profile(
                as_of=DAY, settings={"active_year": (dt.date(2026, 8, 1), dt.date(2027, 6, 30))}
            ),
            ["active_year"],
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_a_change_of_rules_is_no_fix_and_said_so(profile, differs):
    changes = compared(staff(hidden(ANN)), staff(hidden(ANN)), profile)

    assert set(differs) <= set(changes.other_rules)
    assert changes.sentence.endswith(" since 2026-11-23, but the rules are not the same.")
    assert changes.notes[0].startswith("A change of rules is no fix. The earlier check went by")


@pytest.mark.parametrize("field", ["version", "own_rules"])
def test_other_rules_of_the_earlier_run_are_said(field):
    before = told(check(staff(ANN)))
    setattr(before.profile, field, "1999" if field == "version" else ["OWN-01"])

    assert list(since.compare(check(staff(ANN)), before).other_rules) == [field]


def test_the_same_rules_on_another_day_are_the_same():
    later = rules.profile(as_of=dt.date(2026, 12, 1))

    changes = compared(staff(hidden(ANN)), staff(ANN), later)

    assert changes.sentence == "1 fixed, 0 new, 0 still hidden since 2026-11-23."
    assert not changes.notes


def test_runs_that_were_mixed_up_are_noticed():
    changes = compared(staff(ANN), staff(ANN), rules.profile(as_of=dt.date(2026, 11, 1)))

    assert "of a later day" in changes.notes[0]


def test_other_sheets_are_noticed():
    changes = compared(staff(ANN, hidden(TOM)), staff(hidden(EVE)))

    assert "No row of the earlier check was found again" in changes.notes[0]


@pytest.mark.parametrize(
    "name",
    ["small-school.xlsx", "wide-roster.xlsx", "messy-export.xlsx", "every-rule.xlsx"],
)
def test_nothing_has_changed_since_the_same_sheets(name):
    outcome = check(open_book(SAMPLES / name))

    changes = since.compare(outcome, told(outcome))

    total = outcome.summary.total
    assert (changes.fixed, changes.new, changes.gone) == (0, 0, 0)
    assert 0 < changes.still <= total.no + total.unknown <= changes.still + changes.not_compared
    assert changes.not_compared == changes.not_compared_then <= total.total / 20
    assert not [one for one in changes.causes if one.fixed or one.new]


def test_the_order_of_rows_and_books_makes_no_difference():
    rows = [
        (str(at), "", f"A{at % 5}", f"B{at % 7}", "", ["yes", "no"][at % 3 == 0])
        for at in range(60)
    ]
    later = [hidden(row) if at % 4 else changed(row, Enabled="yes") for at, row in enumerate(rows)]
    halves = [staff(*rows[:30]), staff(*rows[30:])]
    first = compared(halves, [staff(*later[:30]), staff(*later[30:])])
    random.Random(1).shuffle(later)

    second = compared(halves[::-1], [staff(*later[40:]), staff(*later[:40])])

    assert first == dataclasses.replace(second, salt=first.salt)
    assert min(numbers(first)) > 0


def test_keys_hold_nothing_that_is_the_same_under_another_salt():
    [table] = [one.table for part in check(contacts(MUM, DAD)).judged for one in part.findings]

    one, same, other = (
        {key for row in identity.Known(table, salt).kept() for key in row}
        for salt in ("00" * 16, "00" * 16, "01" * 16)
    )

    assert one == same
    assert len(one) == 2
    assert not one & other


def test_a_run_takes_the_salt_of_the_earlier_one_over():
    before = told(check(staff(hidden(ANN))))
    outcome = check(staff(ANN))

    text = "".join(payload.lines(outcome, [], changes=since.compare(outcome, before)))

    assert json.loads(text)["salt"] == before.salt
    assert json.loads(text)["sheets"][0]["rows"][0]["keys"] == before.sheets[0].rows[0].keys

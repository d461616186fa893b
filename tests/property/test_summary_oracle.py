"""A summary says what is counted row by row in plain Python, and from counts it says the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import marks, rollup, rules
from sheets.exports import words
from sheets.rules.model import REVEALED, ROW
from sheets.summary import KINDS, summarise, summarise_counted
from tests.property import oracle_summary
from tests.rule_tables import AS_OF, PARENT, Sheet
from tests.summaries import judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

    from sheets.rules.model import Findings, Profile
    from sheets.summary import Summary

VALUES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("person_id", "student_person_id"), ("1", "2", "3")),
    **dict.fromkeys(("number", "student_number"), ("1", "2", "3")),
    **dict.fromkeys(("first_name", "student_first_name"), ("Ana", "ANA", "Bo")),
    **dict.fromkeys(("last_name", "student_last_name"), ("Abara", "Byrne")),
    **dict.fromkeys(("sourced_id", "student_sourced_id"), ("s1", "s2", "s3")),
    "school": ("Hill", "Lake"),
    "relationship": ("Guardian", "guardian", "Aunt", "Uncle"),
    "guardian_flag": ("true", "false"),
    "other_phone": ("(585) 555-0100", "555-0100"),
    "email": ("ana@example.org", "bo at home"),
    "account_enabled": ("true", "true", "false"),
    "home_page": (PARENT,),
}
PERSON = ("person_id", "first_name", "last_name", "sourced_id", "account_enabled")
FIELDS: Mapping[str, Sequence[str]] = {
    "student": (*PERSON, "number", "school"),
    "staff": (*PERSON, "number", "school"),
    "contact": (
        *PERSON,
        *("student_person_id", "student_number", "student_first_name", "student_last_name"),
        *("school", "relationship", "guardian_flag", "other_phone", "email", "home_page"),
    ),
}
KEYS = {
    "id": ("student_person_id", "student_number"),
    "name": ("student_first_name", "student_last_name"),
    "none": (),
}
PROFILES = st.builds(
    lambda changed, chosen: rules.profile(as_of=AS_OF, settings=chosen, changed=changed),
    st.dictionaries(
        st.sampled_from(["DUP-01", "CON-REL-01", "CON-FLD-03", "EML-01", "CON-ACCT-01"]),
        st.sampled_from(["hides", "check", "info", "off"]),
        max_size=2,
    ),
    st.fixed_dictionaries({"guardian_source": st.sampled_from(["type", "type", "box", "either"])}),
)


def sheets(kind: str, absent: Sequence[str] = ()) -> SearchStrategy[Sheet]:
    """A sheet of a kind with most of its fields, and few different values in them."""
    names = [name for name in FIELDS[kind] if name not in absent]
    left_out = st.sets(st.sampled_from(names), max_size=3)
    fields = left_out.map(lambda out: tuple(name for name in names if name not in out))
    return fields.flatmap(lambda chosen: _filled(kind, chosen))


def _filled(kind: str, names: tuple[str, ...]) -> SearchStrategy[Sheet]:
    row = st.fixed_dictionaries({name: st.sampled_from((*VALUES[name], None)) for name in names})
    return st.builds(Sheet, st.just(kind), st.just(names), st.lists(row, max_size=6))


@st.composite
def districts(draw: st.DrawFn) -> list[Sheet]:
    """Lists of contacts, whose students are found in one way or another, and other lists."""
    keys = KEYS[draw(st.sampled_from(["id", "id", "name", "none"]))]
    others = {name for names in KEYS.values() for name in names} - {*keys}
    contacts = sheets("contact", absent=tuple(others))
    drawn = [draw(contacts), *draw(st.lists(contacts, max_size=1))]
    drawn += draw(st.lists(sheets("student"), max_size=2))
    drawn += draw(st.lists(sheets("staff"), max_size=1))
    links = _filled("link", ("student_sourced_id", "sourced_id"))
    return draw(st.permutations([*drawn, *draw(st.lists(links, max_size=1))]))


def summarised(district: Sequence[Sheet], by: Profile) -> tuple[Summary, list[Findings]]:
    found = judged(*district, by=by)
    links = [one.table() for one in district if one.kind == "link"]
    return summarise(found, by, links), [findings for _, findings in found]


def present(numbers: Mapping[Any, int]) -> dict[Any, int]:
    return {key: number for key, number in numbers.items() if number}


@pytest.mark.slow
@settings(max_examples=100)
@given(district=districts(), by=PROFILES)
def test_all_numbers_are_those_of_the_oracle(district: list[Sheet], by: Profile) -> None:
    found, findings = summarised(district, by)
    told = oracle_summary.count(district, findings, by)

    assert told.counts == present(verdicts((), found.counts))
    assert found.fixers == {name: told.fixers[name] for name in found.fixers}
    assert sum(found.fixers.values()) == found.total.no
    assert found.duplicates == told.duplicates
    causes = {(one.rule, str(one.severity)): one for one in found.causes}
    assert {key: one.rows for key, one in causes.items()} == told.rows
    assert present({key: one.alone for key, one in causes.items()}) == told.alone
    if any("school" in one.fields for one in district if one.kind in KINDS):
        counted = {
            key: number
            for school, kinds in found.schools.items()
            for key, number in verdicts((school,), kinds).items()
        }
        assert present(counted) == told.schools


def verdicts(of: tuple[str, ...], counts: Mapping[str, Any]) -> dict[Any, int]:
    """The counts of each kind by verdict."""
    return {
        (*of, kind, verdict): number
        for kind, one in counts.items()
        for verdict, number in (("Yes", one.yes), ("No", one.no), ("Unknown", one.unknown))
    }


@pytest.mark.slow
@settings(max_examples=100)
@given(district=districts(), by=PROFILES)
def test_causes_are_told_at_the_schools_of_their_rows(district: list[Sheet], by: Profile) -> None:
    found, findings = summarised(district, by)
    told = oracle_summary.count(district, findings, by)
    known = [
        one for one, schools in zip(findings, found.row_schools, strict=True) if schools is None
    ]

    for cause in found.causes:
        mine = {
            school: number
            for (rule, severity, school), number in told.causes_at.items()
            if (rule, severity) == (cause.rule, str(cause.severity))
        }
        if not known:
            assert cause.schools == mine
        assert all(cause.schools[name] == mine[name] for name in cause.schools if name)


@pytest.mark.slow
@settings(max_examples=100)
@given(district=districts(), by=PROFILES)
def test_the_roll_up_is_that_of_the_oracle(district: list[Sheet], by: Profile) -> None:
    found, findings = summarised(district, by)
    told = oracle_summary.count(district, findings, by)
    students = [one for one in district if one.kind == "student"]

    if not students or not any(one.kind == "contact" for one in district):
        assert found.roll_up is None
        return
    assert found.roll_up is not None
    texts = []
    of_each = []
    for at, one in enumerate(students):
        guardians = [told.guardians[at, nth] for nth in range(len(one.rows))]
        of_each += guardians
        texts.append([f"{sum(g)} of {len(g)}" if g else "no guardian listed" for g in guardians])
    counted = [one for one in found.roll_up.of if one is not None]
    rows = [pl.Series(one.rows_at, dtype=pl.UInt32) for one in students]
    assert [list(rollup.told(*pair)) for pair in zip(rows, counted, strict=True)] == texts
    assert replace(found.roll_up, of=()) == rollup.RollUp(
        students=len(of_each),
        guardians=sum(map(len, of_each)),
        revealed=sum(map(sum, of_each)),
        without=sum(not any(one) for one in of_each),
        unlisted=sum(not one for one in of_each),
        complete=sum(bool(one) and all(one) for one in of_each),
    )


@pytest.mark.slow
@settings(max_examples=100)
@given(district=districts(), by=PROFILES)
def test_from_counts_a_summary_says_the_same(district: list[Sheet], by: Profile) -> None:
    """Exports are counted where they are, and what is counted holds no cell's value."""
    found = judged(*district, by=by)
    counted = []
    for place, one in found:
        rules_told = [name for name in one.frame.columns if name not in {ROW, REVEALED}]
        frame = words.counted(nw.from_native(one.frame.lazy()), rules_told, by)
        counted.append((place, one.table.kind, frame.collect(backend="polars").to_native()))

    whole = summarise(found, by)
    fewer = summarise_counted(counted, by)

    assert fewer.counts == whole.counts
    assert fewer.fixers == whole.fixers
    assert fewer.duplicates == whole.duplicates
    assert fewer.causes == [replace(one, schools={}) for one in whole.causes]


@pytest.mark.slow
@settings(max_examples=100)
@given(district=districts(), by=PROFILES)
def test_a_message_is_what_most_of_its_rows_read(district: list[Sheet], by: Profile) -> None:
    found = judged(*district, by=by)
    said: dict[tuple[str, str], Counter[str]] = {}
    for place, one in found:
        for row in one.frame.drop(ROW, REVEALED).iter_rows(named=True):
            for rule, detail in row.items():
                if detail:
                    variant = detail.partition(":")[0]
                    shown = f"{variant}:..." if variant == "listed" else detail
                    text = marks.sentence(place, by.rules[rule], shown, masked=True)
                    key = rule, str(rules.severity(by, rule, variant))
                    said.setdefault(key, Counter())[text] += 1

    for cause in summarise(found, by).causes:
        texts = said[cause.rule, str(cause.severity)]
        message = cause.message.removesuffix(" (or the like)")
        assert texts[message] == max(texts.values())
        assert cause.message.endswith(" (or the like)") == (len(texts) > 1)

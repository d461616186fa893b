"""Which contacts the answer gives for which student: by the agents of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sheets.compare.matching import IN, NO_STUDENT, OUT, PAIRS, STATE, USER
from sheets.compare.people import ID, KIND, LINE, PERSON, PUPIL, WHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheets.compare.answer import Answer
    from sheets.compare.matching import Matched
    from sheets.compare.people import People

_AGENT, _STUDENT = "agent", "student_line"


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the answer tells of pairs of a student and a contact.

    Attributes:
        states: ``line`` and ``state`` of each row of contacts that can be judged as a pair.
        dangling: How many agents are named of whom the answer has nothing else: the API names
            contacts of a student whom it does not return.
    """

    states: pl.DataFrame
    dangling: int = 0


def judge(people: People, matched: Mapping[str, Matched], answer: Answer) -> Pairs:
    """Find out for each row of contacts whether the answer gives the pair.

    A pair is given if both are in the answer and one of them names the other. Rows of which the
    student is not told, and answers without agents or without students, tell nothing of pairs.
    Neither does a row whose student is not in the answer: if the contact is there for another
    child, it is left out.
    """
    edges, dangling = _edges(answer)
    contacts = matched.get("contact")
    if contacts is None or not edges.height or "student" not in answer.kinds:
        return Pairs(pl.DataFrame(schema={LINE: pl.UInt32, STATE: pl.String}), dangling)
    pupils, known = _pupils(people, matched)
    told = contacts.states.filter(pl.col(STATE).is_in([IN, OUT])).join(known, on=LINE, how="semi")
    given = (
        contacts.pairs.join(pupils.rename({USER: _AGENT}), on=LINE)
        .join(edges, on=[USER, _AGENT], how="semi")
        .select(LINE)
        .unique()
    )
    person = people.lines.select(LINE, PERSON)
    returned = given.join(person, on=LINE)
    alone = (
        told.filter(pl.col(STATE) == IN)
        .join(pupils, on=LINE, how="anti")
        .join(given, on=LINE, how="anti")
        .join(person, on=LINE)
    )
    by_sibling = alone.join(returned, on=PERSON, how="semi")[LINE].implode()
    # Of a student who is not in the answer nothing is told, so the contact counts as a person.
    as_person = alone.join(returned, on=PERSON, how="anti")
    state = (
        pl.when(pl.col(LINE).is_in(given[LINE].implode()))
        .then(pl.col(STATE))
        .when(pl.col(LINE).is_in(by_sibling))
        .then(pl.lit(NO_STUDENT))
        .otherwise(pl.lit(OUT))
    )
    states = told.join(as_person, on=LINE, how="anti").select(LINE, state.alias(STATE))
    return Pairs(states, dangling)


def _pupils(people: People, matched: Mapping[str, Matched]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of contacts with their students in the answer; and the rows whose student is known.

    A student is found in the answer by what the row tells, or by way of the sheet of students.
    """
    students, direct = matched.get("student"), matched.get(PUPIL)
    pupils = [pl.DataFrame(schema=PAIRS)]
    known = [pl.DataFrame(schema={LINE: pl.UInt32})]
    if direct is not None and direct.keys:
        pupils.append(direct.pairs)
        known.append(direct.states.select(LINE))
    if students is not None:
        own = people.ids.filter(pl.col(KIND) == "student").rename({LINE: _STUDENT})
        listed = (
            people.ids.filter(pl.col(KIND) == PUPIL)
            .join(own, on=[WHERE, ID])
            .select(LINE, _STUDENT)
            .unique()
        )
        found = listed.join(students.pairs.rename({LINE: _STUDENT}), on=_STUDENT)
        pupils.append(found.select(USER, LINE))
        known.append(listed.select(LINE))
    return pl.concat(pupils).unique(), pl.concat(known).unique()


def _edges(answer: Answer) -> tuple[pl.DataFrame, int]:
    """Who is named with whom, in both directions; and how many are named in vain."""
    at = {user.sourced_id: index for index, user in enumerate(answer.users) if user.sourced_id}
    both: list[tuple[int, int]] = []
    missing: set[str] = set()
    for index, user in enumerate(answer.users):
        for agent in user.agents:
            other = at.get(agent)
            if other is not None:
                both += [(index, other), (other, index)]
            elif "student" in user.kinds:
                missing.add(agent)
    schema = {USER: pl.UInt32, _AGENT: pl.UInt32}
    return pl.DataFrame(both, schema, orient="row").unique(), len(missing)

"""The judge: all rules of a profile over all tables, one question to the engine per table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets.rules import accounts, conditions, enrollment, guardians, keys, people, students
from sheets.rules.cells import NEVER, NOTHING, Columns, first, is_one_of, text
from sheets.rules.model import DUPLICATE, REVEALED, ROW, Findings, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from sheets.rules.conditions import Case
    from sheets.rules.model import Profile, Rule, Table

    Frame = nw.LazyFrame[Any]

_APPLIES = {
    "student": ("student", "all"),
    "staff": ("staff", "all"),
    "contact": ("contact", "pair", "all"),
}
_MANY = "VND-RMD-01"
_SHARED = frozenset({"EML-02", "PHN-02"})
_NAMESAKE = "DUP-02"
_STUDENTS = frozenset({"CON-STU-01", "CON-STU-02", "SCOPE-01"})
_ENROLLED = frozenset({"STU-ENR-01", "STU-ENR-02", "STU-ENR-03", "STU-SVC-01"})
_CERTAIN = "_certain"


@dataclass(frozen=True, slots=True)
class Judged:
    """One table with its verdicts, not yet computed.

    Attributes:
        table: The table that is judged.
        rules: The ids of the rules that may have found something, in the order in which
            findings are told.
        frame: ``_row``, ``revealed`` and a column of text for each rule.
    """

    table: Table
    rules: Sequence[str]
    frame: Frame


def evaluate(tables: Sequence[Table], profile: Profile) -> list[Findings]:
    """Judge every table of students, staff and contacts; see `sheets.rules.evaluate`."""
    # Polars itself keeps the findings that it needs twice, but not what they are made of.
    court = _Court(tables, profile, _held, _as_it_is)
    judged = (court.judge(table) for table in tables if table.kind in _APPLIES)
    return [Findings(one.table, _computed(one)) for one in judged]


def lazily(
    tables: Sequence[Table], profile: Profile, hold: Callable[[Frame], Frame] | None = None
) -> list[Judged]:
    """The same without computing anything; see `sheets.rules.lazily`."""
    court = _Court(tables, profile, hold or _as_it_is, hold or _as_it_is)
    return [court.judge(table) for table in tables if table.kind in _APPLIES]


def _computed(judged: Judged) -> pl.DataFrame:
    """The rows in their order, and only the rules that found something."""
    result: pl.DataFrame = judged.frame.collect(backend="polars").to_native()
    told = result.select(ROW, REVEALED, *(rule for rule in judged.rules if _told(result[rule])))
    # Engines keep the order more often than not, and sorting costs a copy of everything.
    return told if told[ROW].is_sorted() else told.sort(ROW)


def _held(frame: Frame) -> Frame:
    """A frame that is computed now, if polars has it, which would compute it again and again."""
    return frame.collect(backend="polars").lazy() if frame.implementation.is_polars() else frame


def _as_it_is(frame: Frame) -> Frame:
    return frame


def _told(found: pl.Series) -> bool:
    """Whether a rule found something."""
    return found.null_count() < len(found)


class _Court:
    """All tables of a run and the profile: what judging one table may look at.

    Args:
        tables: All of them.
        profile: The rules.
        hold: What is done to a frame that more than one question builds upon.
        hold_findings: The same for what the rules have found in a table.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        profile: Profile,
        hold: Callable[[Frame], Frame],
        hold_findings: Callable[[Frame], Frame],
    ) -> None:
        self._tables = tables
        self._profile = profile
        self._hold = hold
        self._hold_findings = hold_findings
        self._described: dict[int, Frame] = {}

    def judge(self, table: Table) -> Judged:
        """Verdicts and findings of one table."""
        frame = self._attached(table)
        case = self._case(frame, table)
        told = {rule.id: self._finding(rule, case) for rule in self._rules(table.kind)}
        once = DUPLICATE in told
        # A rule that finds nothing in any row, for it lacks its columns, would cost as others do.
        ids = [name for name, found in told.items() if found is not NOTHING or name == DUPLICATE]
        others = [name for name in ids if name != DUPLICATE]
        pair = [people.pair(case.columns)] if once else []
        found = frame.select(
            nw.col(ROW), *pair, *(told[name].alias(name) for name in others)
        ).with_columns(self._verdict(others).alias(REVEALED))
        if once:
            found = people.duplicates(self._hold_findings(found), others)
        return Judged(table, ids, found.select(ROW, REVEALED, *ids))

    def _case(self, frame: Frame, table: Table) -> conditions.Case:
        """What the rules may look at in a table with all that was attached to it."""
        return conditions.Case(Columns(keys.columns(frame).names, table.headers), self._profile)

    def _of_kind(self, kind: str) -> list[Table]:
        return [table for table in self._tables if table.kind == kind]

    def _rules(self, kind: str) -> list[Rule]:
        """The rules that the profile applies to a kind of people."""
        return [
            rule
            for rule in self._profile.rules.values()
            if rule.who in _APPLIES[kind] and rule.id in self._profile.severities
        ]

    def _attached(self, table: Table) -> Frame:
        """One table with all that its rules look up elsewhere."""
        profile, asked = self._profile, {rule.id for rule in self._rules(table.kind)}
        frame = self._of_people(table)
        frame = accounts.attach(frame, table.kind, self._of_kind("account"), profile)
        if table.kind == "contact":
            frame = self._with_pairs(frame, asked)
        elif table.kind == "student":
            if asked & _ENROLLED:
                frame = enrollment.attach(frame, self._of_kind("enrollment"), profile)
            if _MANY in asked:
                frame = self._with_guardians(frame)
        return frame

    def _of_people(self, table: Table) -> Frame:
        """A table that is judged; one of contacts with what they are compared by."""
        [frame] = keys.frames([table])
        if table.kind != "contact":
            return frame
        if id(table) not in self._described:
            self._described[id(table)] = self._hold(people.described(frame))
        return self._described[id(table)]

    @cached_property
    def _known_contacts(self) -> Frame:
        """Everybody in all tables of contacts, once."""
        return self._hold(people.known([self._of_people(one) for one in self._of_kind("contact")]))

    def _with_pairs(self, contacts: Frame, asked: set[str]) -> Frame:
        """Contacts with their relationship types, their students and each other."""
        contacts = guardians.attach(contacts, self._of_kind("relationship_type"))
        if asked & _STUDENTS:
            contacts = students.attach(
                contacts,
                self._of_kind("student"),
                self._of_kind("enrollment"),
                self._of_kind("link"),
                self._profile,
            )
        if asked & {*_SHARED, _NAMESAKE}:
            contacts = people.attach(
                contacts,
                self._known_contacts,
                shared=bool(asked & _SHARED),
                namesakes=_NAMESAKE in asked,
            )
        return contacts

    def _with_guardians(self, frame: Frame) -> Frame:
        """Students with the number of their guardians."""
        pairs = []
        for table in self._of_kind("contact"):
            contacts = self._of_people(table)
            contacts = guardians.attach(contacts, self._of_kind("relationship_type"))
            case = self._case(contacts, table)
            certain, _ = conditions.guardian(case)
            once = DUPLICATE in self._profile.severities
            pair = people.pair(case.columns) if once else NOTHING.alias(students.PAIR)
            # A column, since it may be the same for all rows, by which nothing can be filtered.
            told = contacts.with_columns(pair, certain.alias(_CERTAIN))
            pairs.append(told.filter(nw.col(_CERTAIN)))
        everybody, links = (keys.frames(self._of_kind(kind)) for kind in ("student", "link"))
        return students.count(frame, everybody, pairs, links)

    def _finding(self, rule: Rule, case: Case) -> nw.Expr:
        """One rule's text for each row: null where it holds, else the variant and what was seen."""
        found = conditions.find(rule, case)
        hides = self._profile.severities[rule.id] is Severity.HIDES
        if hides or not rule.unknown or found is NOTHING:
            return found
        # Only a rule that could hide makes somebody Unknown; another has nothing to say then.
        return nw.when(is_one_of(found, rule, rule.unknown)).then(NOTHING).otherwise(found)

    def _verdict(self, ids: Sequence[str]) -> nw.Expr:
        """`Verdict` of a row, from the texts of its rules."""
        hides, lacks = [NEVER], [NEVER]
        for rule in (self._profile.rules[name] for name in ids):
            if self._profile.severities[rule.id] is Severity.HIDES:
                found = nw.col(rule.id)
                harmless = {*rule.unknown, *rule.softer}
                hides.append(
                    ~found.is_null() & ~nw.coalesce(is_one_of(found, rule, harmless), NEVER)
                    if harmless
                    else ~found.is_null()
                )
                if rule.unknown:
                    lacks.append(nw.coalesce(is_one_of(found, rule, rule.unknown), NEVER))
        return first(
            [
                (nw.any_horizontal(*hides, ignore_nulls=True), text(Verdict.NO)),
                (nw.any_horizontal(*lacks, ignore_nulls=True), text(Verdict.UNKNOWN)),
            ],
            text(Verdict.YES),
        )

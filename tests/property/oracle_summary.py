"""What a summary says of findings, counted row by row in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets import rules
from tests.rule_tables import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.rules.model import Findings, Profile
    from tests.rule_tables import Row, Sheet

STRONG = (
    ("person_id", "student_person_id", False),
    ("person_guid", "student_guid", True),
    ("number", "student_number", False),
)
NAMES = (("first_name", "last_name"), ("student_first_name", "student_last_name"))
GUARDIAN_RULES = {"CON-REL-01", "CON-REL-02", "CON-REL-03"}
LISTED_TWICE = "DUP-01"
Student = tuple[int, int]
"""Which list of students, which row of it."""


@dataclass
class Numbers:
    """Everything that is counted.

    Kinds, verdicts, rules, severities and schools are the keys of the counters.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    schools: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    alone: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes_at: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    fixers: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    guardians: dict[Student, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """For each student: of each guardian, whether that is revealed."""


@dataclass
class Line:
    """One row of people with all that is known of it."""

    kind: str
    verdict: str
    severities: dict[str, str]
    school: str
    students: list[Student]

    @property
    def once_more(self) -> bool:
        return LISTED_TWICE in self.severities

    @property
    def bars(self) -> set[str]:
        """The rules that stand between the row and Yes."""
        return {name for name, one in self.severities.items() if one in {"hides", "unknown"}}


def count(sheets: Sequence[Sheet], judged: Sequence[Findings], by: Profile) -> Numbers:
    """Count everything."""
    numbers = Numbers()
    for line in lines(sheets, judged, by):
        _count(numbers, line, by)
    return numbers


def _count(numbers: Numbers, line: Line, by: Profile) -> None:
    for rule, severity in line.severities.items():
        numbers.rows[rule, severity] += 1
        numbers.causes_at[rule, severity, line.school] += 1
        if line.bars == {rule} and not line.once_more:
            numbers.alone[rule, severity] += 1
    if line.once_more:
        numbers.duplicates += 1
        return
    numbers.counts[line.kind, line.verdict] += 1
    numbers.schools[line.school, line.kind, line.verdict] += 1
    if line.verdict == "No":
        hiding = [name for name, one in line.severities.items() if one == "hides"]
        who = {by.rules[name].who_fixes for name in hiding}
        numbers.fixers[who.pop() if len(who) == 1 else "both"] += 1
    if not any(line.severities.get(rule) == "hides" for rule in GUARDIAN_RULES):
        for student in line.students:
            numbers.guardians[student].append(line.verdict == "Yes")


def lines(sheets: Sequence[Sheet], judged: Sequence[Findings], by: Profile) -> Iterator[Line]:
    """All rows of people."""
    people = [one for one in sheets if one.kind in {"student", "staff", "contact"}]
    students = [one for one in people if one.kind == "student"]
    links = [one for one in sheets if one.kind == "link"]
    for sheet, findings in zip(people, judged, strict=True):
        for row, (verdict, texts) in zip(sheet.rows, told(findings), strict=True):
            severities = {
                rule: str(rules.severity(by, rule, text.partition(":")[0]))
                for rule, text in texts.items()
            }
            of = _students(row, sheet, students, links) if sheet.kind == "contact" else []
            schools = [row.get("school"), *(students[at].rows[nth].get("school") for at, nth in of)]
            school = next((one for one in schools if one), "")
            yield Line(sheet.kind, verdict, severities, school, of)


def _students(
    row: Row, contacts: Sheet, students: Sequence[Sheet], links: Sequence[Sheet]
) -> list[Student]:
    """The students of a contact, in the order of the lists."""
    everybody = [
        (at, nth, sheet, one)
        for at, sheet in enumerate(students)
        for nth, one in enumerate(sheet.rows)
    ]
    shared = [
        level
        for level in STRONG
        if level[1] in contacts.fields and any(level[0] in one.fields for one in students)
    ]
    if shared:
        keys = [(level, row[level[1]]) for level in shared if row[level[1]] is not None]
        for (own, _, any_case), key in keys[:1]:
            return [
                (at, nth)
                for at, nth, _, one in everybody
                if _same(one.get(own), key, any_case=any_case)
            ]
        return []
    if links and "sourced_id" in contacts.fields:
        pairs = {
            (one["student_sourced_id"], one["sourced_id"]) for link in links for one in link.rows
        }
        mine = {student for student, of in pairs if of is not None and of == row["sourced_id"]}
        return [
            (at, nth) for at, nth, _, one in everybody if (one.get("sourced_id") or ".") in mine
        ]
    named = [(at, nth) for at, nth, sheet, one in everybody if _named(row, contacts, one, sheet)]
    return named if len(named) == 1 else []


def _named(row: Row, contacts: Sheet, student: Row, students: Sheet) -> bool:
    """Whether a contact names a student."""
    if not {*NAMES[1]} <= {*contacts.fields} or not {*NAMES[0]} <= {*students.fields}:
        return False
    return all(_same(student[own], row[of], any_case=True) for own, of in zip(*NAMES, strict=True))


def _same(one: str | None, other: str | None, *, any_case: bool) -> bool:
    if one is None or other is None:
        return False
    return one.lower() == other.lower() if any_case else one == other

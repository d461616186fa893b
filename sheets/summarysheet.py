"""The sheet `Reveal summary`: the numbers of a run, for the office to read, sort and print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets import telling
from sheets.grid import OWN_MARK, OwnSheet
from sheets.rules import choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.rules.model import Profile, Severity
    from sheets.summary import Cause, Counts, Summary

    Row = Sequence[str | int | None]

_WIDTHS = (50, 24, 11, 15, 14, 60, 44)
_FROZEN = 2
_PEOPLE = ("School", "People", "Revealed", "Hidden", "Unknown")
_CAUSES = ("Who can fix it", "Rows", "By this alone", "Rule", "How to fix it", "Where in Campus")
_EVERYWHERE, _NOWHERE = "All", "School not known"


class _Lines:
    """The rows of the sheet while it grows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.headings: list[int] = []

    def add(self, *cells: str | int | None) -> None:
        self.rows.append(cells)

    def head(self, *cells: str | int | None) -> None:
        self.add(*cells)
        self.headings.append(len(self.rows))


def sheet(summary: Summary, profile: Profile) -> OwnSheet:
    """Write the sheet.

    Args:
        summary: The numbers.
        profile: The rules that they come from.

    Example:
        >>> import datetime as dt
        >>> from sheets import rules
        >>> from sheets.summary import Counts, Summary
        >>> numbers = Summary({"staff": Counts(yes=2)}, [])
        >>> made = sheet(numbers, rules.profile(as_of=dt.date(2026, 11, 23)))
        >>> made.rows[1]
        ('All 2 are revealed. Well done.',)
    """
    lines = _Lines()
    lines.head(OWN_MARK)
    lines.head(telling.headline(summary.total))
    lines.add(f"Rules: {choices.used(profile)}, as of {profile.as_of.isoformat()}")
    _people(lines, summary)
    _guardians(lines, summary)
    _fixers(lines, summary)
    for severity, title in telling.HEADINGS.items():
        _causes(lines, title, severity, summary.causes, profile)
    _settings(lines, profile)
    return OwnSheet(
        rows=tuple(lines.rows),
        widths=_WIDTHS,
        headings=frozenset(lines.headings),
        frozen=_FROZEN,
    )


def _people(lines: _Lines, summary: Summary) -> None:
    lines.add()
    lines.head(*_PEOPLE)
    for school, kinds in _schools(summary):
        for kind, counts in kinds.items():
            if counts.total:
                lines.add(school, telling.PEOPLE[kind], counts.yes, counts.no, counts.unknown)


def _schools(summary: Summary) -> Iterator[tuple[str, Mapping[str, Counts]]]:
    yield _EVERYWHERE, summary.counts
    for name, kinds in summary.schools.items():
        yield name or _NOWHERE, kinds


def _guardians(lines: _Lines, summary: Summary) -> None:
    found = summary.roll_up
    if found is None:
        return
    lines.add()
    lines.head("Students and their guardians", None, "Rows")
    lines.add("Students", None, found.students)
    lines.add("Students all of whose guardians are revealed", None, found.complete)
    lines.add("Students without a revealed guardian", None, found.without)
    lines.add("Of these, students for whom no guardian is listed", None, found.unlisted)
    lines.add("Guardians listed for students", None, found.guardians)
    lines.add("Guardians revealed for students", None, found.revealed)


def _fixers(lines: _Lines, summary: Summary) -> None:
    if summary.total.no:
        lines.add()
        lines.head("Who can fix the hidden ones", None, "Rows")
        for name, said in telling.FIXERS.items():
            lines.add(said[0].upper() + said[1:], None, summary.fixers.get(name, 0))
    if summary.duplicates:
        lines.add()
        lines.add("Contacts listed for a student once more", "judged once", summary.duplicates)


def _causes(
    lines: _Lines, title: str, severity: Severity, causes: Sequence[Cause], profile: Profile
) -> None:
    chosen = [cause for cause in causes if cause.severity is severity]
    if not chosen:
        return
    lines.add()
    fixer, rows, alone, *rest = _CAUSES
    lines.head(title, fixer, rows, alone if any(cause.alone for cause in chosen) else None, *rest)
    for cause in chosen:
        rule = profile.rules[cause.rule]
        numbers = (cause.rows, cause.alone or None)
        lines.add(cause.message, cause.who_fixes, *numbers, rule.id, rule.fix, rule.where)


def _settings(lines: _Lines, profile: Profile) -> None:
    """The settings that change what an applied rule means."""
    used = {name for rule in profile.severities for name in profile.rules[rule].settings}
    lines.add()
    lines.head("Settings", "Name", None, None, None, "Value")
    for name, value in choices.present(profile):
        if name in used:
            told = choices.texts()[name]
            shown = _shown(getattr(profile.settings, name), value, told.get("values", {}))
            lines.add(told["title"], name, None, None, None, shown)


def _shown(value: object, written: str, meanings: Mapping[str, str]) -> str:
    """What a setting is, in words where there are some."""
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or "none"
    return meanings.get(written.strip('"'), written)

"""What the command line says to people."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sheets import marks, telling
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.columns.model import Found
    from sheets.flow import Judged, Outcome
    from sheets.report.since import Changes
    from sheets.rules.model import Profile
    from sheets.summary import Cause, Summary

_COLUMNS = f"  {'rows':>8}{'by this alone':>15}  {'who can fix it':<21}{'rule':<13}what is said"


def summary(item: Summary, changes: Changes | None = None) -> Iterator[str]:
    """Yield the lines of a summary: one number first, what has changed, then the causes."""
    yield telling.headline(item.total)
    if changes is not None:
        yield changes.sentence
        yield from (f"  {note}" for note in changes.notes)
    yield ""
    yield f"  {'':<10}{'revealed':>10}{'hidden':>10}{'unknown':>10}"
    for kind, counts in item.counts.items():
        if counts.total:
            people = telling.PEOPLE[kind]
            yield f"  {people:<10}{counts.yes:>10,}{counts.no:>10,}{counts.unknown:>10,}"
    if fixers := telling.fixers(item.fixers):
        yield ""
        yield fixers
    if item.roll_up is not None:
        yield telling.guardians(item.roll_up)
    for severity, heading in telling.HEADINGS.items():
        causes = [cause for cause in item.causes if cause.severity is severity]
        if causes:
            yield ""
            yield heading
            yield _COLUMNS
            yield from (_cause(cause) for cause in causes)


def _cause(cause: Cause) -> str:
    alone = f"{cause.alone:,}" if cause.alone else ""
    return f"  {cause.rows:>8,}{alone:>15}  {cause.who_fixes:<21}{cause.rule:<13}{cause.message}"


def understood(file: str, found: Found) -> Iterator[str]:
    """Yield the lines about one table for `reveal columns`."""
    beside = f' beside the students, "{found.group}"' if found.group else ""
    yield f'{file}, sheet "{found.grid.title}": {telling.SHEETS[found.kind]}{beside}'
    if found.kind == "other":
        return
    if not found.group:
        yield f"  header row {found.header_row}, {len(found.rows):,} rows"
    for field, at in found.fields.items():
        yield f"  {letters(at.column):>4}  {at.header:<32} {_label(field)}"
    if found.unrecognised:
        yield "  not used: " + ", ".join(found.unrecognised)
    for note in found.notes:
        yield f"  note: {note}"


def notes(outcome: Outcome) -> Iterator[str]:
    """Yield what people should know about the sheets that were read."""
    for one in outcome.judged:
        for note in one.found.notes:
            yield f"{one.found.grid.where}: {note}"


def changes(outcome: Outcome, most: int = 20) -> Iterator[str]:
    """Yield what a dry run would write: the columns, and the first verdicts that are not Yes."""
    for one in outcome.judged:
        if one.patch is not None and one.patch.columns:
            *first, last = (
                f'"{column.header}" in column {letters(column.column)}'
                for column in one.patch.columns
            )
            yield (
                f"{one.found.grid.where}: would write {', '.join(first)} and {last}, "
                f"{len(one.patch.rows):,} rows, {len(one.patch.marks)} highlights"
            )
        group = f" ({one.found.group})" if one.found.group else ""
        for row, verdict, reasons in islice(_hidden(one, outcome.profile), most):
            yield f"  row {row}{group}: {verdict}: {reasons}"


def _hidden(one: Judged, profile: Profile) -> Iterator[tuple[int, str, str]]:
    """Row, verdict and reasons of each row that is not revealed, without any cell's value."""
    for row, verdict, told in one.not_revealed(profile):
        reasons = (
            marks.sentence(one.found, profile.rules[name], detail, masked=True)
            for name, detail in told.items()
        )
        yield row, verdict, "; ".join(reasons)


def _label(field: str) -> str:
    from sheets.columns import label

    return label(field)

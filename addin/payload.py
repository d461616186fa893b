"""The result of a check as JSON, schema 1. Keys are only ever added."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from sheets import marks, rules
from sheets.grid import Area, letters
from sheets.report import identity
from sheets.report.identity import Known
from sheets.rules.model import REVEALED, ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.flow import Judged, Outcome
    from sheets.report.since import Changes
    from sheets.rules.model import Findings, Profile
    from sheets.summary import Counts, Summary

SCHEMA = 1

_ROLL_UP = ("students", "guardians", "revealed", "without", "unlisted", "complete")


def lines(
    outcome: Outcome,
    outputs: Sequence[str],
    report: str | None = None,
    changes: Changes | None = None,
) -> Iterator[str]:
    """Yield the JSON text in pieces: the rows of a large check never stand in memory together.

    Args:
        outcome: What was found.
        outputs: The results that were written.
        report: The page that was written, if one was asked for.
        changes: What has changed since an earlier run, whose salt is taken over, so that all
            runs of a year can be compared with each other.
    """
    salt = changes.salt if changes else identity.new_salt()
    head = {
        **_head(outcome.profile, outcome.summary),
        **({"since": _since(changes)} if changes else {}),
        "salt": salt,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sheets": ['
    for at, one in enumerate(outcome.judged):
        yield (",\n" if at else "\n") + json.dumps(
            sheet(one.book.name, one.found), ensure_ascii=False
        )[:-1]
        yield ', "rows": ['
        for nth, row in enumerate(_rows(one, outcome.profile, salt)):
            yield (",\n  " if nth else "\n  ") + json.dumps(row, ensure_ascii=False)
        yield "]}"
    tail = {"outputs": list(outputs), **({"report": report} if report else {})}
    yield "\n], " + json.dumps(tail, ensure_ascii=False)[1:] + "\n"


def counts(
    judged_by: Profile, item: Summary, known: Iterable[tuple[str, Found]], outputs: Sequence[str]
) -> Iterator[str]:
    """Yield the same without rows, for exports that may have millions of them.

    Args:
        judged_by: The rules.
        item: What was counted.
        known: The exports that were understood, each with its file's name.
        outputs: The results that were written.
    """
    whole = {
        **_head(judged_by, item),
        "sheets": [sheet(name, found) for name, found in known],
        "outputs": list(outputs),
    }
    yield json.dumps(whole, ensure_ascii=False) + "\n"


def _head(judged_by: Profile, item: Summary) -> dict[str, Any]:
    return {
        "reveal": SCHEMA,
        "profile": profile(judged_by),
        "summary": _summary(item),
        "causes": [_cause(cause) for cause in item.causes],
    }


def profile(item: Profile) -> dict[str, Any]:
    """The profile that was used, with every setting and all that a district has changed."""
    settings = dataclasses.asdict(item.settings)
    if item.settings.active_year:
        settings["active_year"] = [day.isoformat() for day in item.settings.active_year]
    return {
        "id": item.id,
        "version": item.version,
        "as_of": item.as_of.isoformat(),
        "settings": settings,
        "packs": list(item.packs),
        "changed": dict(item.changed),
        "own_rules": rules.added(item),
        "settings_file": item.settings_file,
    }


def sheet(file: str, found: Found) -> dict[str, Any]:
    """What was understood of one table, or of one group of contacts in it."""
    return {
        "file": file,
        "sheet": found.grid.title,
        **({"group": found.group} if found.group else {}),
        "kind": found.kind,
        "header_row": found.header_row,
        "columns": {
            field: {"header": at.header, "column": letters(at.column)}
            for field, at in found.fields.items()
        },
        "unrecognised": list(found.unrecognised),
        "notes": list(found.notes),
    }


def _summary(item: Summary) -> dict[str, Any]:
    """The counts of each kind of people, and what else is counted."""
    return {
        **kinds(item.counts),
        "schools": {name: kinds(counts) for name, counts in item.schools.items()},
        "fixers": dict(item.fixers),
        "roll_up": item.roll_up and {name: getattr(item.roll_up, name) for name in _ROLL_UP},
        "duplicates": item.duplicates,
    }


def kinds(counts: Mapping[str, Counts]) -> dict[str, dict[str, int]]:
    """The verdicts of each kind of people, in numbers."""
    return {
        kind: {"yes": item.yes, "no": item.no, "unknown": item.unknown}
        for kind, item in counts.items()
    }


def _cause(cause: Any) -> dict[str, Any]:
    return {field.name: getattr(cause, field.name) for field in dataclasses.fields(cause)}


def _since(changes: Changes) -> dict[str, Any]:
    """What has changed, in numbers; the notes say the same in words."""
    told = dataclasses.asdict(changes)
    del told["salt"]
    return told


def _rows(one: Judged, judged_by: Profile, salt: str) -> Iterator[dict[str, Any]]:
    """Every data row of one table, in the order of the sheet."""
    if not one.findings:
        for row in one.found.rows:
            yield {"row": row}
        return
    merged = [
        item for findings in one.findings for item in _of(findings, one.found, judged_by, salt)
    ]
    if len(one.findings) > 1:
        merged.sort(key=lambda item: item["row"])
    guardians = {} if one.guardians is None else one.guardians.rows_by_key(ROW, unique=True)
    for item in merged:
        if counted := guardians.get(item["row"]):
            item["guardians"] = dict(zip(("revealed", "listed"), counted, strict=True))
        yield item


def _of(
    findings: Findings, found: Found, judged_by: Profile, salt: str
) -> Iterable[dict[str, Any]]:
    """The rows of one set of findings."""
    named = [name for name in findings.frame.columns if name in judged_by.rules]
    known = Known(findings.table, salt).kept()
    for values, keys in zip(findings.frame.iter_rows(named=True), known, strict=True):
        yield {
            "row": values[ROW],
            "revealed": values[REVEALED],
            "findings": [
                _finding(found, name, values[name], values[ROW], judged_by)
                for name in named
                if values[name] is not None
            ],
            **({"keys": keys} if keys else {}),
        }


def _finding(found: Found, rule_id: str, detail: str, row: int, by: Profile) -> dict[str, Any]:
    rule = by.rules[rule_id]
    at = found.fields.get(rule.field) if rule.field else None
    return {
        "rule": rule_id,
        "severity": rules.severity(by, rule_id, marks.split(detail)[0]),
        "field": rule.field,
        "cell": Area.cell(row, at.column) if at else None,
        "message": marks.sentence(found, rule, detail),
    }

"""The report: one page of HTML that needs nothing else, on the screen, on paper and offline.

Style, script and data stand in the page itself; its content security policy allows exactly these
two pieces, by their hashes, and no request to anywhere. Without JavaScript the numbers and the
first rows are there all the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from sheets import __version__, telling
from sheets.handback import store
from sheets.report import bars, rows, words
from sheets.rules import choices
from sheets.summary import KINDS, Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.flow import Outcome
    from sheets.handback.store import Status
    from sheets.report.rows import ToFix
    from sheets.report.since import Changes
    from sheets.rules.model import Profile, Rule
    from sheets.summary import Summary

SHOWN = 200
"""How many rows are shown at a time; the first of them stand in the page as HTML."""

UNNAMED = "School not known"

_HERE = Path(__file__).parent
_STATES = ("No", "Unknown", "Yes, but check", "Listed again")
_LOOKS = ("hidden", "unknown", "check", "again")
_KINDS = tuple(words.ONE[kind] for kind in KINDS)


def render(
    outcome: Outcome, changes: Changes | None = None, handed_out: Sequence[Status] = ()
) -> str:
    """Write the report of a check.

    Args:
        outcome: What was found.
        changes: What has changed since an earlier run, if that is asked for.
        handed_out: How things stand with what was handed out. What went to others than schools is
            left out, since it may name a person.

    Returns:
        The page. It holds row numbers, schools and the sentences beside the rows, but no name,
        phone number or address of a person.
    """
    style, script = _text("page.css"), _text("page.js")
    found = rows.to_fix(outcome)
    summary = outcome.summary
    to_schools = [one for one in handed_out if one.by == store.SCHOOL]
    return _template().render(
        version=__version__,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=_embedded(found, outcome.profile),
        headline=words.headline(summary),
        lead=words.lead(summary.total),
        clean=summary.total.yes == summary.total.total,
        outcome=outcome,
        summary=summary,
        profile=outcome.profile,
        settings=_settings(outcome.profile),
        groups=_groups(summary),
        whom={name: words.WHOM[rule.who] for name, rule in outcome.profile.rules.items()},
        rules=_rules(found, outcome.profile),
        schools=_schools(summary),
        without=_without_guardian(outcome),
        changes=changes,
        handed_out=to_schools,
        handed_out_says=store.headline(to_schools, outcome.profile.as_of),
        found=found,
        shown=SHOWN,
        bars=bars,
        people=telling.PEOPLE,
        kind_names=_KINDS,
        sheet_kinds=telling.SHEETS,
        fixers=telling.FIXERS,
        several_files=_several_files(found),
        states=_STATES,
        looks=_LOOKS,
        unnamed=UNNAMED,
    )


@dataclass(frozen=True, slots=True)
class Without:
    """Students of one sheet and school for whom no guardian is revealed."""

    sheet: str
    school: str
    students: int
    rows: str


def _without_guardian(outcome: Outcome) -> list[Without]:
    """Where the students stand for whom no guardian is revealed: sheet, school, row numbers."""
    roll_up = outcome.summary.roll_up
    if roll_up is None:
        return []
    told: dict[tuple[str, str], list[int]] = {}
    owners = [one.found.grid.title for one in outcome.judged for _ in one.findings]
    for sheet, school, part in zip(owners, outcome.summary.row_schools, roll_up.of, strict=True):
        if part is None:
            continue
        lone = part["revealed"] == 0
        names = [""] * int(lone.sum()) if school is None else school.filter(lone).to_list()
        for name, row in zip(names, part.filter(lone)["_row"].to_list(), strict=True):
            told.setdefault((sheet, name), []).append(row)
    return [
        Without(sheet, school, len(found), words.spans(found))
        for (sheet, school), found in sorted(told.items(), key=lambda item: -len(item[1]))
    ]


def _groups(summary: Summary) -> list[tuple[str, str, list[Any]]]:
    """The causes under their headings."""
    return [
        (severity, heading, causes)
        for severity, heading in telling.HEADINGS.items()
        if (causes := [one for one in summary.causes if one.severity is severity])
    ]


def _schools(summary: Summary) -> Mapping[str, Counts]:
    """All kinds of people of each school together."""
    return {name: sum(kinds.values(), Counts()) for name, kinds in summary.schools.items()}


def _settings(profile: Profile) -> list[tuple[str, str, str]]:
    """Name, value and meaning of every setting."""
    texts = choices.texts()
    return [
        (name, value, texts[name]["title"] if name in texts else "")
        for name, value in choices.present(profile)
    ]


def _rules(found: ToFix, profile: Profile) -> Sequence[Rule]:
    """The rules that some row speaks of, in the order of the catalogue."""
    told = {one.rule for one in found.said}
    return [rule for name, rule in profile.rules.items() if name in told]


def _several_files(found: ToFix) -> bool:
    return len({one.file for one in found.places}) > 1


def _embedded(found: ToFix, profile: Profile) -> Markup:
    """The rows as JSON that no cell's content can break out of."""
    data = {
        "places": [[one.file, one.sheet, one.group] for one in found.places],
        "severalFiles": _several_files(found),
        "schools": [name or UNNAMED for name in found.schools],
        "kinds": _KINDS,
        "states": list(zip(_LOOKS, _STATES, strict=True)),
        "fixers": telling.FIXERS,
        "rules": {
            rule.id: {
                "title": rule.title,
                "fix": rule.fix,
                "where": rule.where,
                "who": rule.who_fixes,
            }
            for rule in _rules(found, profile)
        },
        "said": [[one.rule, one.text] for one in found.said],
        "sets": [[who, *said] for who, said in found.sets],
        "rows": [
            [one.table, one.row, one.kind, one.school, one.state, one.findings]
            for one in found.rows
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign of HTML is left in it


def _policy(style: str, script: str) -> str:
    """The content security policy: nothing but these two pieces."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    ]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = "{:,}".format
    return environment.get_template("page.html.jinja")

"""The page of one rule: what must hold, why, how to fix it, where, who can, and who says so."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from sheets.rules.published import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.rules.model import Rule

_WIDTH = 88
_INDENT = "  "
_WHO = {
    "student": "every student",
    "staff": "every staff member",
    "contact": "every contact",
    "pair": "every contact, for each student",
    "all": "everybody",
}


def explain(rule: Rule) -> str:
    """Write the page of one rule, as plain text.

    Example:
        >>> from sheets.rules import catalog
        >>> print(explain(catalog()["CON-FLD-04"]).splitlines()[3])
          The primary Email holds data.
    """
    return "\n".join(_lines(rule)) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield rule.id
    for title, text in _sections(rule):
        yield ""
        yield title
        yield textwrap.fill(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    yield ""
    yield "What people read"
    for variant in rule.sentences:
        said = sentence(rule, variant, header=_heading(rule), seen="...")
        yield textwrap.fill(
            said, _WIDTH, initial_indent=f"{_INDENT}- ", subsequent_indent=_INDENT * 2
        )


def _sections(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "What must hold", rule.title
    yield "For whom", _WHO[rule.who]
    yield "Why it matters", rule.why
    yield "How to fix it", rule.fix
    yield "Where in Campus", rule.where
    yield "Who can fix it", rule.who_fixes
    yield "Source", f"{rule.source} (confidence: {rule.confidence})"


def _heading(rule: Rule) -> str:
    """The field's plain name, as the heading of its column may be."""
    return (rule.field or "").replace("_", " ").title()

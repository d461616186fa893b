"""The page of one rule: what must hold, what it means, why, how to fix it, and who says so."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.rules import choices, published
from sheets.rules.published import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.rules.model import Profile, Rule

_WIDTH = 88
_INDENT = "  "
WHO: Mapping[str, str] = {
    "student": "every student",
    "staff": "every staff member",
    "contact": "every contact",
    "pair": "every contact, for each student",
    "all": "everybody",
}
"""For whom a rule is, in the order in which rules are listed."""

READ = "What people read"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page.

    Attributes:
        title: What it is about.
        text: What it says.
        lines: What it lists: a name and what is said of it, or a name alone.
    """

    title: str
    text: str = ""
    lines: Sequence[tuple[str, str]] = ()


def explain(rule: Rule, profile: Profile | None = None) -> str:
    """Write the page of one rule, as plain text.

    Args:
        rule: One of the catalogue, or of the district.
        profile: The rules and settings that are used now; `published.profile` if not given.

    Example:
        >>> from sheets.rules import catalog
        >>> print(explain(catalog()["CON-FLD-04"]).splitlines()[3])
          The primary Email holds data.
    """
    return _page(rule.id, sections(rule, profile or published.profile()))


def explain_setting(name: str, profile: Profile) -> str:
    """Write the page of one setting, as plain text.

    Example:
        >>> print(explain_setting("phones", published.profile()).splitlines()[3])
          The phones of which one must hold data
    """
    return _page(name, setting(name, profile))


def sections(rule: Rule, profile: Profile) -> Iterator[Section]:
    """Yield the parts of the page of one rule."""
    yield Section("What must hold", rule.title)
    yield Section("For whom", WHO[rule.who])
    yield Section("What it means if it does not hold", lines=list(_meanings(rule, profile)))
    if rule.settings:
        now = dict(choices.present(profile))
        lines = [(f"{name} = {now[name]}", "") for name in rule.settings]
        yield Section("Settings that change it, as they are now", lines=lines)
    yield Section("Why it matters", rule.why)
    yield Section("How to fix it", rule.fix)
    yield Section("Where in Campus", rule.where)
    yield Section("Who can fix it", rule.who_fixes)
    yield Section("Source", f"{rule.source} (confidence: {rule.confidence})")
    heading = rule.column or (rule.field or "").replace("_", " ").title()
    said = (sentence(rule, variant, header=heading, seen="...") for variant in rule.sentences)
    yield Section(READ, lines=[(text, "") for text in said])


def setting(name: str, profile: Profile) -> Iterator[Section]:
    """Yield the parts of the page of one setting."""
    told = choices.texts()[name]
    yield Section("What it decides", told["title"])
    yield Section("What to know", told["text"])
    if "values" in told:
        yield Section("What it can be", lines=list(told["values"].items()))
    else:
        yield Section("What it can be", told["takes"])
    of_profiles = [
        (known, dict(choices.present(published.profile(known)))[name])
        for known in published.profiles()
    ]
    yield Section("What it is", lines=[("now", dict(choices.present(profile))[name]), *of_profiles])
    changes = [rule.id for rule in profile.rules.values() if name in rule.settings]
    yield Section("What it changes", ", ".join(changes))
    yield Section("How to write it in reveal.toml", f"{name} = {told['example']}")


def origin(rule: Rule, profile: Profile) -> str:
    """Where the severity of a rule comes from, if it is not the profile's own.

    Example:
        >>> from sheets.rules import catalog
        >>> origin(catalog()["PHN-02"], published.profile(packs=["vendor"]))
        'pack vendor'
    """
    if rule.id not in published.catalog():
        return "own rule"
    if rule.id in profile.changed:
        return "changed"
    plain = choices.plain(profile)
    if profile.severities.get(rule.id) == plain.severities.get(rule.id):
        return ""
    from_packs = [
        name for name in profile.packs if rule.id in published.packs()[name]["severities"]
    ]
    return f"pack {', '.join(from_packs)}"


def _meanings(rule: Rule, profile: Profile) -> Iterator[tuple[str, str]]:
    """What a rule means now, in every profile and in every pack."""
    why = origin(rule, profile)
    yield "now", f"{profile.severities.get(rule.id, published.OFF)}{f' ({why})' if why else ''}"
    if rule.id not in published.catalog():
        return
    for name, data in published.profiles().items():
        yield name, choices.meaning(data["severities"].get(rule.id, published.OFF))
    for name, data in published.packs().items():
        if rule.id in data["severities"]:
            yield f"pack {name}", choices.meaning(data["severities"][rule.id])


def _page(title: str, parts: Iterable[Section]) -> str:
    return "\n\n".join([title, *("\n".join(_lines(part)) for part in parts)]) + "\n"


def _lines(section: Section) -> Iterator[str]:
    """A part as plain text."""
    yield section.title
    if section.text:
        yield _wrapped(section.text, _INDENT)
    width = max((len(name) for name, text in section.lines if text), default=0)
    for name, text in section.lines:
        if text:
            yield _wrapped(text, f"{_INDENT}{name:<{width}}  ")
        else:
            yield _wrapped(name, f"{_INDENT}- " if section.title == READ else _INDENT)


def _wrapped(text: str, opening: str) -> str:
    hanging = " " * max(len(opening), len(_INDENT) * 2) if opening.strip() else opening
    return textwrap.fill(
        text, _WIDTH, initial_indent=opening, subsequent_indent=hanging, break_on_hyphens=False
    )

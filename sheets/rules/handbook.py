"""The whole book of rules as Markdown (CommonMark), for offices to keep and to print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.rules import choices, pages, published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.rules.model import Profile, Rule
    from sheets.rules.pages import Section

GROUPS = {
    "student": "Students",
    "staff": "Staff",
    "contact": "Contacts",
    "pair": "Contacts, for each student",
    "all": "Everybody",
}
"""For whom rules are -> the title above them."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>|#~&]")
_OPENING = re.compile(r"^(\d*)([-+.)])(?=\s)")
_SETTINGS, _SOURCES = "Settings", "Sources"
_SEVERITIES = (
    ("hides", "whoever does not meet it is hidden: `Revealed?` says No"),
    ("check", "it is pointed at in `What to fix`, but hides nobody"),
    ("info", "it is told in the summary alone"),
    ("off", "it is not applied"),
)


def book(profile: Profile) -> str:
    """Write all rules, what they mean in a profile, and all settings.

    Args:
        profile: The rules and settings that are used now.

    Example:
        >>> book(published.profile()).splitlines()[0]
        '# The rules of Reveal: edutech 2'
    """
    return "\n\n".join(_blocks(profile)) + "\n"


def grouped(profile: Profile) -> Iterator[tuple[str, Sequence[Rule]]]:
    """Yield the title of each group of people and the rules for them, in the order of telling."""
    for who, title in GROUPS.items():
        found = [rule for rule in profile.rules.values() if rule.who == who]
        if found:
            yield title, found


def _blocks(profile: Profile) -> Iterator[str]:
    yield f"# The rules of Reveal: {_plain(choices.used(profile))}"
    yield f"{_plain(published.profiles()[profile.id]['title'])}."
    yield "What a rule means if it does not hold:"
    yield "\n".join(f"- **{name}**: {text}" for name, text in _SEVERITIES)
    yield "## Contents"
    yield "\n".join(_contents(profile))
    for title, rules in grouped(profile):
        yield f"## {title}"
        for rule in rules:
            yield f"### {rule.id}"
            yield from _sections(pages.sections(rule, profile))
    yield f"## {_SETTINGS}"
    yield (
        "A district sets them in a file named `reveal.toml` beside its sheets, below the line "
        "`[settings]`, or for one check with `--set NAME=VALUE`."
    )
    for name in choices.texts():
        yield f"### {_plain(name)}"
        yield from _sections(pages.setting(name, profile))
    yield f"## {_SOURCES}"
    yield "\n".join(_sources(profile))


def _contents(profile: Profile) -> Iterator[str]:
    for title, rules in grouped(profile):
        yield f"- [{title}](#{anchor(title)})"
        for rule in rules:
            severity = profile.severities.get(rule.id, published.OFF)
            yield f"  - [{rule.id}](#{anchor(rule.id)}): {_plain(rule.title)} ({severity})"
    yield f"- [{_SETTINGS}](#{anchor(_SETTINGS)})"
    for name, told in choices.texts().items():
        yield f"  - [{_plain(name)}](#{anchor(name)}): {_plain(told['title'])}"
    yield f"- [{_SOURCES}](#{anchor(_SOURCES)})"


def _sections(sections: Iterator[Section]) -> Iterator[str]:
    for section in sections:
        opening = f"**{section.title}**"
        if section.text:
            yield f"{opening}: {_plain(section.text)}"
        else:
            yield f"{opening}:"
            yield "\n".join(f"- {_item(name, text)}" for name, text in section.lines)


def _item(name: str, text: str) -> str:
    return f"{_plain(name)}: {_plain(text)}" if text else _plain(name)


def _sources(profile: Profile) -> Iterator[str]:
    """Each source once, with the rules that stand on it."""
    rules: dict[str, list[str]] = {}
    for rule in profile.rules.values():
        for source in rule.source.split("; "):
            rules.setdefault(source, []).append(rule.id)
    for source in sorted(rules, key=str.casefold):
        links = ", ".join(f"[{one}](#{anchor(one)})" for one in rules[source])
        yield f"- {_plain(source)}: {links}"


def _plain(text: str) -> str:
    """Text in which no sign is taken for markup."""
    return _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text))


def anchor(title: str) -> str:
    """The name by which a heading is linked to, as most programs make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")

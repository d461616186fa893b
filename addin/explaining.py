"""`reveal explain`: the rules and the settings, for people."""

from __future__ import annotations

import difflib
import textwrap
from typing import TYPE_CHECKING

from sheets.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheets.rules.model import Profile


def every(profile: Profile) -> Iterator[str]:
    """Yield one line for each rule of a profile, by the people that it is for."""
    from sheets import rules
    from sheets.rules import choices, handbook, pages

    yield f"Rules of {choices.used(profile)}\n"
    for title, found in handbook.grouped(profile):
        applied = [rule for rule in found if rule.id in profile.severities]
        if applied:
            yield f"\n{title}\n"
        for rule in applied:
            origin = pages.origin(rule, profile)
            mark = f" ({origin})" if origin else ""
            yield f"  {rule.id:<12} {profile.severities[rule.id]:<6} {rule.title}{mark}\n"
    off = [rule_id for rule_id in profile.rules if rule_id not in profile.severities]
    yield from _list("Not applied", off)
    yield from _list("Profiles", rules.profiles())
    yield from _list("Packs that can be added", rules.packs())
    yield from _list("Settings", choices.texts())
    yield "\nreveal explain RULE tells why, how to fix it, and where in Campus.\n"
    yield "reveal explain SETTING tells what it decides.\n"


def _list(title: str, names: Iterable[str]) -> Iterator[str]:
    text = textwrap.fill(
        ", ".join(names), 88, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )
    yield f"\n{title}\n{text}\n"


def one(name: str, profile: Profile) -> Iterator[str]:
    """Yield the page of one rule or setting.

    Raises:
        WrongUsage: There is no such rule; the nearest ones are named.
    """
    from sheets.rules import choices, pages

    rule = profile.rules.get(name.upper())
    if rule is not None:
        yield pages.explain(rule, profile)
    elif name.lower() in choices.texts():
        yield pages.explain_setting(name.lower(), profile)
    else:
        known = {one.casefold(): one for one in (*profile.rules, *choices.texts())}
        near = difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(known[word] for word in near)}?" if near else ""
        raise WrongUsage(f"There is no rule {name}.", hint=hint or "`reveal explain` lists them.")


def book(profile: Profile) -> Iterator[str]:
    """Yield all rules and settings as Markdown."""
    from sheets.rules import handbook

    yield handbook.book(profile)

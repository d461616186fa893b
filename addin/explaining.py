"""`reveal explain`: the catalogue of rules, for people."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from sheets import rules
from sheets.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.rules.model import Profile


def every(profile: Profile) -> Iterator[str]:
    """Yield one line for each rule, with what it means in a profile."""
    yield f"Rules of profile {profile.id} {profile.version}\n\n"
    for rule in rules.catalog().values():
        severity = profile.severities.get(rule.id)
        if severity is not None:
            yield f"  {rule.id:<12} {severity:<6} {rule.who:<8} {rule.title}\n"
    yield "\nreveal explain RULE tells why, how to fix it, and where in Campus.\n"


def one(rule_id: str) -> Iterator[str]:
    """Yield the page of one rule.

    Raises:
        WrongUsage: There is no such rule; the nearest ones are named.
    """
    catalog = rules.catalog()
    rule = catalog.get(rule_id.upper())
    if rule is None:
        near = difflib.get_close_matches(rule_id.upper(), catalog, n=3, cutoff=0.5)
        raise WrongUsage(
            f"There is no rule {rule_id}.",
            hint=f"Did you mean {' or '.join(near)}?" if near else "`reveal explain` lists them.",
        )
    yield rules.explain(rule).rstrip() + "\n"

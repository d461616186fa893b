"""The rules and profiles that are published with this version: catalog.toml and profiles.toml."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sheets.errors import WrongUsage
from sheets.rules.model import Profile, Rule, Settings, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

READINGS = ("A", "B", "C")
"""The three readings of the Home Page sentence; profiles.toml says what each means."""

_HERE = Path(__file__).parent
_SLOT = re.compile(r"\{(header|seen)\}")


@cache
def catalog() -> Mapping[str, Rule]:
    """Every rule by its id, in the order in which findings are told.

    Example:
        >>> catalog()["CON-FLD-03"].title
        'Other Phone holds data.'
    """
    data = _load("catalog.toml")
    rules = (_rule(id_, entry, data["phrases"]) for id_, entry in data["rules"].items())
    return MappingProxyType({rule.id: rule for rule in rules})


def profile(
    profile_id: str = "edutech", *, as_of: dt.date | None = None, settings: Settings | None = None
) -> Profile:
    """Make a profile: which rules hide, warn or inform, with which settings, as of which day.

    Args:
        profile_id: A name of profiles.toml.
        as_of: The day on which accounts must not have expired; today if not given.
        settings: What the district has set; the profile's own settings if not given.

    Raises:
        WrongUsage: There is no such profile, or no such reading of the Home Page sentence.

    Example:
        >>> edutech = profile(as_of=dt.date(2026, 11, 23))
        >>> edutech.severities["CON-FLD-03"], edutech.settings.home_page_reading
        (<Severity.HIDES: 'hides'>, 'C')
    """
    known = _load("profiles.toml")
    if profile_id not in known:
        raise WrongUsage(
            f"There is no profile {profile_id}.", hint=f"There is {', '.join(sorted(known))}."
        )
    data = known[profile_id]
    settings = settings or Settings(**data["settings"])
    if settings.home_page_reading not in READINGS:
        raise WrongUsage(
            f"There is no reading {settings.home_page_reading} of the Home Page sentence.",
            hint=f"There is {', '.join(READINGS)}.",
        )
    return Profile(
        id=profile_id,
        version=data["version"],
        as_of=as_of or dt.date.today(),  # noqa: DTZ011 - the office's own calendar is meant
        severities=_severities(data["severities"], settings.home_page_reading),
        settings=settings,
    )


def severity(profile: Profile, rule_id: str, variant: str) -> Severity:
    """What a finding means for the verdict.

    Raises:
        KeyError: The profile does not apply the rule.

    Example:
        >>> severity(profile(), "STU-ACCT-01", "disabled")
        <Severity.HIDES: 'hides'>
        >>> severity(profile(), "STU-ACCT-01", "no_accounts")
        <Severity.UNKNOWN: 'unknown'>
        >>> severity(profile(), "STU-ACCT-01", "by_name")
        <Severity.CHECK: 'check'>
    """
    rule = catalog()[rule_id]
    if variant in rule.unknown:
        return Severity.UNKNOWN
    return rule.softer.get(variant, profile.severities[rule_id])


def sentence(rule: Rule, variant: str, *, header: str, seen: str = "") -> str:
    """What the office reads about one finding.

    Args:
        rule: The rule that does not hold.
        variant: In which way, a key of `Rule.sentences`.
        header: The heading of the column that the rule looks at.
        seen: What the cell holds, for variants that tell it.

    Example:
        >>> sentence(catalog()["CON-FLD-03"], "placeholder", header="Other Ph", seen="N/A")
        '"Other Ph" holds only "N/A"'
    """
    words = {"header": header, "seen": seen}
    return _SLOT.sub(lambda slot: words[slot[1]], rule.sentences[variant])


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _rule(id_: str, entry: Mapping[str, Any], phrases: Mapping[str, Any]) -> Rule:
    """One entry of the catalogue; what it does not say itself is taken from its phrases."""
    shared = [phrases[name] for name in entry.get("phrases", ())]
    own = {key: value for key, value in entry.items() if key != "phrases"}
    merged: dict[str, Any] = {}
    for part in (*shared, own):
        merged.update(part)
    for name in ("sentences", "softer"):
        merged[name] = {
            key: text for part in (*shared, own) for key, text in part.get(name, {}).items()
        }
    unknown = [variant for part in (*shared, own) for variant in part.get("unknown", ())]
    merged["unknown"] = frozenset(unknown) & merged["sentences"].keys()
    merged["softer"] = {key: Severity(text) for key, text in merged["softer"].items()}
    return Rule(id=id_, **merged)


def _severities(data: Mapping[str, Any], reading: str) -> Mapping[str, Severity]:
    """Rule id -> severity, with those that depend on the reading settled."""
    return MappingProxyType(
        {
            rule_id: Severity(given if isinstance(given, str) else given[reading])
            for rule_id, given in data.items()
        }
    )

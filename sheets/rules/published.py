"""The rules and profiles that are published with this version: catalog.toml and profiles.toml."""

from __future__ import annotations

import dataclasses
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
    from collections.abc import Mapping, Sequence

CHOICES: Mapping[str, Sequence[str]] = {
    "account_required": ("enabled", "any", "none"),
    "home_page_reading": ("A", "B", "C"),
    "guardian_source": ("type", "box", "either"),
    "guardian_by": ("guardian", "portal", "either"),
}
"""The settings that are one of a few words; `sheets.rules.model.Settings` says what each means."""

OFF = "off"
"""What a district sets a rule to that is not to be applied."""

_HERE = Path(__file__).parent
_SLOT = re.compile(r"\{(header|seen)\}")
_STRENGTH = (Severity.INFO, Severity.CHECK, Severity.HIDES)


@cache
def catalog() -> Mapping[str, Rule]:
    """Every rule by its id, in the order in which findings are told.

    Example:
        >>> catalog()["CON-FLD-03"].title
        'Other Phone holds data.'
    """
    data = load("catalog.toml")
    rules = (_rule(id_, entry, data["phrases"]) for id_, entry in data["rules"].items())
    return MappingProxyType({rule.id: rule for rule in rules})


def added(profile: Profile) -> list[str]:
    """The rules that a district has added, by their ids."""
    return [name for name in profile.rules if name not in catalog()]


def profile(
    profile_id: str = "edutech",
    *,
    as_of: dt.date | None = None,
    settings: Mapping[str, Any] | None = None,
    packs: Sequence[str] = (),
    changed: Mapping[str, str] | None = None,
    own: Sequence[tuple[Rule, Severity]] = (),
) -> Profile:
    """Make a profile: which rules hide, warn or inform, with which settings, as of which day.

    Args:
        profile_id: A name of profiles.toml.
        as_of: The day that is today for accounts and enrollments; today if not given.
        settings: What the district has set, by the names of `Settings`; the others are those of
            the profile.
        packs: Names of optional packs of profiles.toml.
        changed: Rule id -> ``hides``, ``check``, ``info`` or ``off``, as the district wants it.
        own: The district's own rules.

    Raises:
        WrongUsage: There is no such profile, pack, setting, rule or severity, or a setting has a
            value that it cannot have.

    Example:
        >>> edutech = profile(as_of=dt.date(2026, 11, 23))
        >>> edutech.severities["CON-FLD-03"], edutech.settings.home_page_reading
        (<Severity.HIDES: 'hides'>, 'C')
    """
    data = _named("profile", profiles(), profile_id)
    chosen = _settings({**data["settings"], **(settings or {})})
    every = {**catalog(), **{rule.id: rule for rule, _ in own}}
    severities = _severities(data["severities"], chosen)
    for name in packs:
        added = _severities(_named("pack", _published()["packs"], name)["severities"], chosen)
        for rule_id, given in added.items():
            severities[rule_id] = max(given, severities.get(rule_id, given), key=_STRENGTH.index)
    severities.update({rule.id: given for rule, given in own})
    for rule_id, word in (changed or {}).items():
        _named("rule", every, rule_id)
        _named("severity", dict.fromkeys((*_STRENGTH, OFF)), word)
        severities.pop(rule_id, None)
        if word != OFF:
            severities[rule_id] = Severity(word)
    return Profile(
        id=profile_id,
        version=data["version"],
        as_of=as_of or dt.date.today(),  # noqa: DTZ011 - the office's own calendar is meant
        severities=MappingProxyType(severities),
        settings=chosen,
        rules=MappingProxyType(every),
        packs=tuple(packs),
        changed=MappingProxyType(dict(changed or {})),
    )


def profiles() -> Mapping[str, Any]:
    """Every profile by its name, as profiles.toml has it."""
    return MappingProxyType(_published()["profiles"])


def packs() -> Mapping[str, Any]:
    """Every optional pack by its name, as profiles.toml has it."""
    return MappingProxyType(_published()["packs"])


def needs(profile: Profile) -> frozenset[str]:
    """The fields that the rules of a profile look at.

    Example:
        >>> "other_phone" in needs(profile()), "no_show" in needs(profile())
        (True, False)
    """
    used = [profile.rules[rule_id] for rule_id in profile.severities]
    names = {name for rule in used for name in (rule.field, *rule.reads) if name}
    return frozenset(names) | frozenset(profile.settings.phones)


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
    rule = profile.rules[rule_id]
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
def load(name: str) -> Mapping[str, Any]:
    """Everything in one of the files of data beside this module."""
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _rule(id_: str, entry: Mapping[str, Any], phrases: Mapping[str, Any]) -> Rule:
    """One entry of the catalogue; what it does not say itself is taken from its phrases."""
    shared = [phrases[name] for name in entry.get("phrases", ())]
    own = {key: value for key, value in entry.items() if key != "phrases"}
    merged: dict[str, Any] = {}
    for part in (*shared, own):
        merged.update(part)
    for name in ("reads", "settings"):
        told = [one for part in (*shared, own) for one in part.get(name, ())]
        merged[name] = tuple(dict.fromkeys(told))
    for name in ("sentences", "softer"):
        merged[name] = {
            key: text for part in (*shared, own) for key, text in part.get(name, {}).items()
        }
    unknown = [variant for part in (*shared, own) for variant in part.get("unknown", ())]
    merged["unknown"] = frozenset(unknown) & merged["sentences"].keys()
    merged["softer"] = {key: Severity(text) for key, text in merged["softer"].items()}
    return Rule(id=id_, **merged)


def _published() -> Mapping[str, Any]:
    return load("profiles.toml")


def _named(what: str, known: Mapping[str, Any], name: str) -> Any:
    """One of several named things."""
    if name not in known:
        raise WrongUsage(
            f"There is no {what} {name}.", hint=f"There is {', '.join(sorted(known))}."
        )
    return known[name]


def _settings(given: Mapping[str, Any]) -> Settings:
    """Settings with values that they can have."""
    known = {each.name: each for each in dataclasses.fields(Settings)}
    for name, value in given.items():
        _named("setting", known, name)
        if name in CHOICES and value not in CHOICES[name]:
            raise WrongUsage(
                f"The setting {name} cannot be {value}.",
                hint=f"It is one of {', '.join(CHOICES[name])}.",
            )
    lists: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in given.items()
    }
    return Settings(**lists)


def _severities(data: Mapping[str, Any], settings: Settings) -> dict[str, Severity]:
    """Rule id -> severity, with those that depend on a setting settled."""
    settled = {
        rule_id: given if isinstance(given, str) else given[_value(given["by"], settings)]
        for rule_id, given in data.items()
    }
    return {rule_id: Severity(word) for rule_id, word in settled.items() if word != OFF}


def _value(name: str, settings: Settings) -> str:
    """A setting in the words of profiles.toml."""
    if name == "guardian":
        return "portal" if settings.guardian_by == "portal" else settings.guardian_source
    value = getattr(settings, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return "given" if value else "none"

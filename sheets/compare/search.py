"""Which profile and which settings agree best with an answer: each change alone, then the best.

Nothing is read again: the tables are judged anew under each set of settings. A row that cannot be
told counts like the toss of a coin, one that disagrees like a surprise: the rarer disagreements
are, the more each of them weighs. So a profile that tells nothing does not win over one that errs.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sheets import rules
from sheets.rules.model import Severity
from sheets.rules.published import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.compare.agreement import Tally
    from sheets.compare.bench import Bench
    from sheets.rules.model import Profile, Settings

PROFILE, PACKS, SCHOOLS = "profile", "packs", "schools"

_SCOPE = "SCOPE-01"
_HEAVIEST = 10.0
_SMALL = 5_000
_WIDTH = 4
_FLAGS = ("expired_is_inactive", "grade_book_sync", "grade_book_sync_for_guardians")


@dataclass(frozen=True, slots=True)
class Choice:
    """A profile with what is set differently.

    Attributes:
        profile: Its name.
        packs: The optional packs.
        settings: Name -> value, where it is not the profile's own.
        severities: Rule -> severity, where it is not the profile's own.
    """

    profile: str
    packs: tuple[str, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()

    def setting(self, name: str, value: Any) -> Choice:
        """The same with one setting changed."""
        own = _own(self.profile)
        changed = {**dict(self.settings), name: value}
        kept = {key: one for key, one in changed.items() if one != getattr(own, key)}
        return dataclasses.replace(self, settings=tuple(sorted(kept.items())))

    def severity(self, rule: str, word: str) -> Choice:
        """The same with one rule changed."""
        changed = {**dict(self.severities), rule: word}
        return dataclasses.replace(self, severities=tuple(sorted(changed.items())))

    def pack(self, name: str) -> Choice:
        """The same with a pack more or less."""
        packs = set(self.packs) ^ {name}
        return dataclasses.replace(self, packs=tuple(sorted(packs)))

    def value(self, name: str) -> Any:
        """What a setting is, the profile's own if nothing else."""
        return dict(self.settings).get(name, getattr(_own(self.profile), name))

    def lines(self, other: Choice | None = None) -> list[str]:
        """What to write into a ``reveal.toml`` to get it, but for what another one has, too."""
        result = []
        if other is None or self.profile != other.profile:
            result.append(f"{PROFILE} = {_toml(self.profile)}")
        if self.packs != (other.packs if other else ()):
            result.append(f"{PACKS} = {_toml(self.packs)}")
        result += _section("settings", self._changed(other))
        return result + _section("severities", self._harder(other))

    def distance(self, other: Choice) -> int:
        """In how many things it differs from another one."""
        return (
            (self.profile != other.profile)
            + (self.packs != other.packs)
            + len(self._changed(other))
            + len(self._harder(other))
        )

    def _changed(self, other: Choice | None) -> dict[str, Any]:
        """Settings that have to be written down, those that fall back to the profile's included."""
        names = dict(self.settings).keys() | dict(other.settings if other else ()).keys()
        if other is None or other.profile != self.profile:
            return dict(self.settings)
        return {
            name: self.value(name)
            for name in sorted(names)
            if self.value(name) != other.value(name)
        }

    def _harder(self, other: Choice | None) -> dict[str, str]:
        before = dict(other.severities) if other else {}
        return {rule: word for rule, word in self.severities if before.get(rule) != word}


@dataclass(frozen=True, slots=True)
class Scored:
    """A choice and how far its verdicts agree with the answer.

    Attributes:
        choice: What was tried.
        tally: How far it agrees.
        changes: In how many things it differs from what was asked for.
        weight: As how many rows that cannot be told one counts that disagrees.
    """

    choice: Choice
    tally: Tally
    changes: int
    weight: float

    @property
    def cost(self) -> tuple[float, int]:
        """Less is better: disagreements and what cannot be told; then the number of changes."""
        return self.weight * self.tally.disagree + self.tally.unknown, self.changes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answer says about one setting, all others as in the best choice.

    Attributes:
        name: The setting, `PROFILE`, or `PACKS`.
        best: Its value in the best choice.
        tally: How far that agrees.
        others: Each other value with how far it agrees.
    """

    name: str
    best: Any
    tally: Tally
    others: Sequence[tuple[Any, Tally]]

    @property
    def is_settled(self) -> bool:
        """Whether every other value disagrees more."""
        return all(tally.disagree > self.tally.disagree for _, tally in self.others)

    @property
    def alike(self) -> Sequence[tuple[Any, Tally]]:
        """The values that agree just as well."""
        return [
            (value, tally)
            for value, tally in self.others
            if tally.disagree <= self.tally.disagree and tally.unknown <= self.tally.unknown
        ]

    @property
    def blind(self) -> Sequence[tuple[Any, Tally]]:
        """The values that disagree no more, but for which the sheets lack columns."""
        return [
            (value, tally)
            for value, tally in self.others
            if tally.disagree <= self.tally.disagree and tally.unknown > self.tally.unknown
        ]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What agrees how well.

    Attributes:
        given: The profile that was asked for.
        best: What agrees best; of several that agree alike the one that is nearest to `given`.
        runners: Others, best first, each profile at its best among them.
        evidence: For each setting that this data could tell something about.
        tried: How many sets of settings were tried.
    """

    given: Scored
    best: Scored
    runners: Sequence[Scored]
    evidence: Sequence[Evidence]
    tried: int


def given(profile: Profile) -> Choice:
    """A profile as a choice."""
    own = _own(profile.id)
    names = [each.name for each in dataclasses.fields(own)]
    settings = {
        name: value
        for name in names
        if (value := getattr(profile.settings, name)) != getattr(own, name)
    }
    return Choice(
        profile.id,
        tuple(sorted(profile.packs)),
        tuple(sorted(settings.items())),
        tuple(sorted(profile.changed.items())),
    )


def made(choice: Choice, like: Profile) -> Profile:
    """The profile that a choice stands for, with the day and the own rules of another one."""
    own = [
        (rule, like.severities[rule_id])
        for rule_id, rule in like.rules.items()
        if rule_id not in rules.catalog() and rule_id in like.severities
    ]
    return rules.profile(
        choice.profile,
        as_of=like.as_of,
        settings=dict(choice.settings),
        packs=choice.packs,
        changed=dict(choice.severities),
        own=own,
    )


def search(bench: Bench, profile: Profile, more: Mapping[str, Sequence[Any]]) -> Ranking:
    """Try profiles and settings.

    Args:
        bench: What judges.
        profile: The one that was asked for.
        more: Further settings to try and their values, such as the schools of the answer.
    """
    start = given(profile)
    scored: dict[Choice, Scored] = {}
    weight = _weight(bench.tally(profile))

    def judge(choices: Iterable[Choice]) -> None:
        for choice in choices:
            if choice not in scored:
                tally = bench.tally(made(choice, profile))
                scored[choice] = Scored(choice, tally, choice.distance(start), weight)

    judge([start, *(_as(start, name) for name in rules.profiles())])
    width = _WIDTH if bench.units.height <= _SMALL else 1
    expanded: set[Choice] = set()
    while ahead := [one for one in _ahead(scored, width) if one.choice not in expanded]:
        for one in ahead:
            expanded.add(one.choice)
            judge(choice for _, _, choice in _neighbours(one.choice, more))
    best, *others = _best(scored.values(), len(scored))
    evidence = _evidence(bench, profile, best, more)
    return Ranking(scored[start], best, _runners(best, others), list(evidence), len(scored))


def harden(
    bench: Bench, profile: Profile, ranking: Ranking, changes: Sequence[tuple[str, str]]
) -> Ranking:
    """Try to switch single rules on top of the best settings, as long as it helps.

    Args:
        bench: What judges.
        profile: The one that was asked for.
        ranking: What is best so far.
        changes: Rule and severity, such as ``("CON-FLD-03", "off")``.
    """
    best = ranking.best
    left, count = list(changes), ranking.tried
    while left:
        tried = [
            Scored(choice, bench.tally(made(choice, profile)), best.changes + 1, best.weight)
            for choice in (best.choice.severity(rule, word) for rule, word in left)
        ]
        count += len(tried)
        next_best = min(tried, key=lambda one: one.cost)
        if next_best.cost[0] >= best.cost[0]:
            break
        left = [pair for pair in left if pair not in next_best.choice.severities]
        best = next_best
    if best is ranking.best:
        return dataclasses.replace(ranking, tried=count)
    runners = [ranking.best, *ranking.runners]
    return dataclasses.replace(ranking, best=best, runners=runners, tried=count)


def _weight(given: Tally) -> float:
    """How many tosses of a coin are as unlikely as one disagreement, as the given profile errs."""
    told = given.agree + given.disagree
    return (
        min(max(math.log2(told / given.disagree), 1.0), _HEAVIEST) if given.disagree else _HEAVIEST
    )


def _best(scored: Iterable[Scored], count: int) -> list[Scored]:
    return sorted(scored, key=lambda one: (one.cost, repr(one.choice)))[:count]


def _as(choice: Choice, profile: str) -> Choice:
    """Another profile, with what is set besides."""
    kept = dict(choice.settings)
    result = dataclasses.replace(choice, profile=profile, settings=())
    for name, value in kept.items():
        result = result.setting(name, value)
    return result


def _neighbours(
    choice: Choice, more: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[str, Any, Choice]]:
    """Everything that differs in one thing: its name, its value, the choice."""
    for name in rules.profiles():
        if name != choice.profile:
            yield PROFILE, name, _as(choice, name)
    for name in rules.packs():
        changed = choice.pack(name)
        yield PACKS, changed.packs, changed
    values: dict[str, Sequence[Any]] = {**CHOICES, **dict.fromkeys(_FLAGS, (True, False)), **more}
    for name, known in values.items():
        for value in known:
            if value != choice.value(name):
                changed = choice.setting(name, value)
                yield name, value, _in_scope(changed) if name == SCHOOLS else changed


def _in_scope(choice: Choice) -> Choice:
    """The same with the rule that looks at the schools, which not every profile has."""
    if _SCOPE in rules.profiles()[choice.profile]["severities"]:
        return choice
    return choice.severity(_SCOPE, str(Severity.HIDES))


def _evidence(
    bench: Bench, profile: Profile, best: Scored, more: Mapping[str, Sequence[Any]]
) -> Iterator[Evidence]:
    """What each setting alone changes about the best choice, if a rule reads it."""
    others: dict[str, list[tuple[Any, Tally]]] = {}
    at_best = made(best.choice, profile)
    for name, value, choice in _neighbours(best.choice, more):
        other = made(choice, profile)
        if name == PROFILE or not bench.same(at_best, other):
            others.setdefault(name, []).append((value, bench.tally(other)))
    for name, tried in others.items():
        own = {PROFILE: best.choice.profile, PACKS: best.choice.packs}
        value = own[name] if name in own else best.choice.value(name)
        yield Evidence(name, value, best.tally, tried)


def _ahead(scored: Mapping[Choice, Scored], width: int) -> list[Scored]:
    """What to go on from: the best ones; only the best if nothing can be better."""
    best = _best(scored.values(), width)
    return best[:1] if not best[0].cost[0] else best


def _runners(best: Scored, others: Sequence[Scored]) -> list[Scored]:
    """The best of each other profile, and the next ones of the best profile."""
    seen, result = {best.choice.profile}, []
    for one in others:
        if one.choice.profile not in seen:
            seen.add(one.choice.profile)
            result.append(one)
    return result


@cache
def _own(profile_id: str) -> Settings:
    """The settings of a profile as it is published."""
    return rules.profile(profile_id).settings


def _section(name: str, values: Mapping[str, Any]) -> list[str]:
    lines = [f"{key} = {_toml(value)}" for key, value in sorted(values.items())]
    return [f"[{name}]", *lines] if lines else []


def _toml(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return f"[{', '.join(map(_toml, value))}]"

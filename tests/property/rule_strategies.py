"""Random districts and profiles: sheets with few different values, so that rows do meet."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from sheets import rules
from sheets.rules.model import ODD
from tests.property.rule_values import (
    BESIDE,
    CODED,
    DATES,
    DAYS,
    FIELDS,
    FLAG,
    OWN_RULES,
    PEOPLE,
    REASONS,
    SCENES,
    SETTINGS,
    SEVERITIES,
    VALUES,
)
from tests.rule_tables import District, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

    from sheets.rules.model import Profile
    from tests.property.rule_values import Scene

    Cell = tuple[str | None, str | None]

MOST_ROWS, MOST_SHEETS = 9, 12
_HEAD = 100  # bytes for what is drawn once
_COLUMN = 4 + MOST_ROWS  # whether it is there, of what it is, and the cells
_SHEET = _COLUMN * (1 + max(len(names) for names in FIELDS.values()))
_SIZE = _HEAD + MOST_SHEETS * _SHEET
_MOST_SHOWN = 20_000

_T = TypeVar("_T")


@dataclass(frozen=True)
class Case:
    """A district with the profile that it is judged by, as `rules.profile` was asked for it."""

    district: District
    asked: Mapping[str, Any]

    def __repr__(self) -> str:
        asked = {**self.asked, "own": [rule.id for rule, _ in self.asked["own"]]}
        return f"{self.district} by {asked}"[:_MOST_SHOWN]

    @property
    def profile(self) -> Profile:
        return rules.profile(**self.asked)


def cases() -> SearchStrategy[Case]:
    """Random districts with random profiles.

    All that is random is drawn as one piece of bytes: of many small pieces Hypothesis makes few
    new examples, and varies the rest by copying pieces of them. Each cell has a place of its own
    in it, and 0 is the simplest of whatever is drawn, so that examples can be made smaller.
    """
    return st.binary(min_size=_SIZE, max_size=_SIZE).map(_case)


def numbered(number: int) -> Case:
    """The random district of a number, for tests that must always meet the same ones."""
    return _case(random.Random(number).randbytes(_SIZE))


class Dice:
    """What is drawn from some bytes, one after the other."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def of(self, values: Sequence[_T]) -> _T:
        """One of some values."""
        return values[next(self._drawn) % len(values)]

    def some(self, values: Sequence[_T], *, most: int) -> list[_T]:
        """Up to so many of some values."""
        count = self.of(range(most + 1))
        return [self.of(values) for _ in range(most)][:count]


def _case(drawn: bytes) -> Case:
    """A few sheets of people, with or without what is looked up beside them."""
    dice = Dice(drawn[:_HEAD])
    asked, scene = _asked(dice), dice.of(SCENES)
    kinds = [dice.of(PEOPLE), *dice.some(PEOPLE, most=2), *dice.some(BESIDE, most=4)]
    parts = [drawn[at : at + _SHEET] for at in range(_HEAD, _SIZE, _SHEET)]
    sheets = zip([*kinds, *scene.beside], parts, strict=False)
    return Case(District([_sheet(kind, part, scene) for kind, part in sheets]), asked)


def _asked(dice: Dice) -> Mapping[str, Any]:
    """A published profile as a district may have changed it, often with every rule switched on."""
    drawn = {name: dice.of((None, *values)) for name, values in SETTINGS.items()}
    own_rules = list(dict.fromkeys(dice.some(range(len(OWN_RULES)), most=3)))
    added = [OWN_RULES[at] for at in own_rules]
    ids = [*rules.catalog(), *(rule.id for rule, _ in added)]
    everything = dice.of(("", "", "", "check", "hides"))
    changed = dict.fromkeys(ids, everything) if everything else {}
    changed |= {rule: dice.of(SEVERITIES) for rule in dice.some(ids, most=8)}
    return {
        "profile_id": dice.of(sorted(rules.profiles())),
        "as_of": dice.of(DAYS),
        "settings": {name: value for name, value in drawn.items() if value is not None},
        "packs": dice.of(((), ("vendor",), ("schooltool",), ("schooltool", "vendor"))),
        "changed": changed,
        "own": added,
    }


def _sheet(kind: str, drawn: bytes, scene: Scene) -> Sheet:
    """A sheet of a kind with most of its fields, or with few of them."""
    dice = Dice(drawn[:_COLUMN])
    share = dice.of((1, 4, 7, 9))
    alike = scene.alike.get(kind, {})
    count = dice.of(range(scene.least if alike else 0, MOST_ROWS + 1))
    steps = [dice.of((1, 1, 2, 3)) for _ in range(count)]
    names, rows = [], [Row() for _ in range(count)]
    for at, name in enumerate(FIELDS[kind], 1):
        there, *places = drawn[at * _COLUMN : (at + 1) * _COLUMN]
        always = kind == "link" or name in scene.always
        if not always and (name in scene.never or there % 10 < 10 - share):
            continue
        names.append(name)
        cells = [(alike[name], None)] * count if name in alike else _column(name, places)
        for row, (value, reason) in zip(rows, cells, strict=False):
            if value is not None:
                row[name] = value
            elif reason:
                row[name + ODD] = reason
    return Sheet(kind, tuple(names), rows, [2 + sum(steps[:at]) for at in range(count)])


def _column(name: str, drawn: Sequence[int]) -> Sequence[Cell]:
    """The cells of a column: of all kinds, or of one or two, so that much is alike."""
    how, one, other, *places = drawn
    every = _cells(name)
    few = [every[at % len(every)] for at in (one, other)]
    known = (every, few[:1], few)[how % 3]
    return [known[at % len(known)] for at in places]


@cache
def _cells(name: str) -> Sequence[Cell]:
    """A blank, values, and reasons why a cell is null although it is not empty."""
    dated = name.endswith(("_start", "_end", "_created", "_expires"))
    values = DATES if dated else VALUES.get(name, FLAG)
    reasons = REASONS if name in VALUES and name not in CODED else (*REASONS, "unclear:")
    odd = [(None, reason) for reason in reasons]
    full = [(value, None) for value in values]
    # About three quarters of the cells hold a value.
    return [(None, None), (None, None), *full * (3 * len(reasons) // len(values) + 2), *odd]

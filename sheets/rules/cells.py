"""The few words in which the rules look at cells.

Only what means the same on every engine is used: comparisons, `when`, `is_null`, `is_in`,
`starts_with`, `concat_str`, `coalesce`, `min`; and `lower`. A condition may be null (nothing to
compare); `first` takes that as false, and `~` is only put before what is never null.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from sheets.rules.model import ODD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sheets.rules.model import Rule

NOTHING = nw.lit(None, dtype=nw.String)
"""The text of a rule that holds."""

NEVER = nw.lit(value=False)

# Engines make different small letters of a dotted I, and of a sigma that ends a word.
_SAME = {
    "i\N{COMBINING DOT ABOVE}": "i",
    "\N{GREEK SMALL LETTER FINAL SIGMA}": "\N{GREEK SMALL LETTER SIGMA}",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which fields a table has, and how its headings call them."""

    names: Collection[str]
    headers: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def is_blank(self, name: str) -> nw.Expr:
        """The cell is empty or holds a word for nothing."""
        return nw.col(name).is_null() & ~(self.is_unclear(name) | self.has_no_result(name))

    def has_no_result(self, name: str) -> nw.Expr:
        """The cell is a formula whose result was not stored."""
        return self._odd(name, "no_result:")

    def is_unclear(self, name: str) -> nw.Expr:
        """The cell holds an error, or a word that cannot be understood."""
        return self._odd(name, "error:") | self._odd(name, "unclear:")

    def _odd(self, name: str, start: str) -> nw.Expr:
        if name + ODD not in self.names:
            return NEVER
        companion = nw.col(name + ODD)
        return ~companion.is_null() & nw.coalesce(companion, nw.lit("")).str.starts_with(start)


def first(cases: Sequence[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr) -> nw.Expr:
    """The value of the first case that is true."""
    result = otherwise
    for condition, value in reversed(cases):
        result = nw.when(condition).then(value).otherwise(result)
    return result


def lower(value: nw.Expr) -> nw.Expr:
    """A text in lower case, the same on every engine."""
    value = value.str.to_lowercase()
    for one, same in _SAME.items():
        value = value.str.replace_all(one, same, literal=True)
    return value


def folded(value: str) -> str:
    """The same of one text, for what cells are compared with."""
    value = value.lower()
    for one, same in _SAME.items():
        value = value.replace(one, same)
    return value


def text(variant: str) -> nw.Expr:
    """A variant without anything seen."""
    return nw.lit(variant)


def seen(variant: str, name: str) -> nw.Expr:
    """A variant with what the cell of a column holds."""
    return nw.concat_str(nw.lit(f"{variant}:"), nw.col(name))


def is_one_of(found: nw.Expr, rule: Rule, variants: Iterable[str]) -> nw.Expr:
    """Whether a finding is one of some variants of its rule."""
    bare = sorted(variant for variant in variants if "{seen}" not in rule.sentences[variant])
    telling = sorted(set(variants) - set(bare))
    tests = [found.is_in(bare), *(found.str.starts_with(f"{each}:") for each in telling)]
    return nw.any_horizontal(*tests, ignore_nulls=True)


def missing(columns: Columns, name: str) -> nw.Expr:
    """Why there is nothing in a cell that is known to be null: blank, placeholder, error."""
    if name + ODD not in columns:
        return text("blank")
    odd = nw.col(name + ODD)
    told = odd.str.starts_with("placeholder:") | odd.str.starts_with("error:")
    return first([(told, odd), (columns.has_no_result(name), text("no_result"))], text("blank"))

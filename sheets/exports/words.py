"""Findings of an export as sentences, and counted, without leaving the engine that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets import marks, place, rules
from sheets.rules.cells import NOTHING, first, is_one_of, text
from sheets.rules.model import REVEALED, ROW, Severity
from sheets.summary import TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.columns.model import Found
    from sheets.rules.model import Profile, Rule

    Frame = nw.LazyFrame[Any]

REVEALED_HEADER, FIX_HEADER = place.OWN_HEADERS
RULES_HEADER = "rules"
HEADERS = (REVEALED_HEADER, FIX_HEADER, RULES_HEADER)
"""The columns that a result has besides those of the export."""

_SEEN = "\x1f"  # stands for what was seen in a sentence: no cell and no heading holds it
_RULES_SEPARATOR = ", "
_FEW = frozenset(marks.NO_VALUE) - {marks.OF_ONE_ROW}
"""Variants of which what was seen is no one's data, and one of a few words: no row's number."""


def worded(found: Found, frame: Frame, told: Sequence[str], profile: Profile) -> Frame:
    """Row, verdict, sentences and rules.

    Args:
        found: The table that was judged.
        frame: ``_row``, ``revealed`` and the text of each rule.
        told: The rules that found something.
        profile: The rules.

    Returns:
        ``_row`` and `HEADERS`.
    """
    sentences = [_sentence(found, profile.rules[rule], profile) for rule in told]
    ids = [nw.when(~nw.col(rule).is_null()).then(text(rule)).otherwise(NOTHING) for rule in told]
    return frame.select(
        nw.col(ROW),
        nw.col(REVEALED).alias(REVEALED_HEADER),
        _joined(sentences, marks.SEPARATOR).alias(FIX_HEADER),
        _joined(ids, _RULES_SEPARATOR).alias(RULES_HEADER),
    )


def of_nobody(frame: Frame, words: str, verdict: str) -> Frame:
    """The same columns for rows that are of nobody in particular."""
    return frame.select(
        nw.col(ROW),
        text(verdict).alias(REVEALED_HEADER),
        text(words).alias(FIX_HEADER),
        NOTHING.alias(RULES_HEADER),
    )


def counted(frame: Frame, told: Sequence[str], profile: Profile) -> Frame:
    """How many rows have which verdict and findings; no cell's value is in it.

    Returns:
        ``revealed``, the text of each rule that found something, and `sheets.summary.TIMES`.
    """
    masked = [_masked(profile.rules[rule]).alias(rule) for rule in told]
    return (
        frame.select(nw.col(REVEALED), *masked).group_by(REVEALED, *told).agg(nw.len().alias(TIMES))
    )


def _joined(parts: Sequence[nw.Expr], separator: str) -> nw.Expr:
    """Several texts in one; nothing if there is none."""
    if not parts:
        return NOTHING
    whole = nw.concat_str(*parts, separator=separator, ignore_nulls=True)
    return nw.when(whole == "").then(NOTHING).otherwise(whole)


def _sentence(found: Found, rule: Rule, profile: Profile) -> nw.Expr:
    """The sentence of one rule; nothing where it holds, or has only something good to know."""
    cases = []
    for variant in rule.sentences:
        if rules.severity(profile, rule.id, variant) is Severity.INFO:
            continue
        template = marks.sentence(found, rule, f"{variant}:{_SEEN}")
        parts = list(_parts(template, nw.col(rule.id).str.slice(len(variant) + 1)))
        said = parts[0] if len(parts) == 1 else nw.concat_str(*parts)
        cases.append((is_one_of(nw.col(rule.id), rule, [variant]), said))
    return first(cases, NOTHING)


def _parts(template: str, seen: nw.Expr) -> Iterator[nw.Expr]:
    """A sentence in pieces, with what was seen between them."""
    for at, piece in enumerate(template.split(_SEEN)):
        if at:
            yield seen
        if piece:
            yield text(piece)


def _masked(rule: Rule) -> nw.Expr:
    """A finding without what was seen, unless that may be told and counted."""
    cases = [
        (is_one_of(nw.col(rule.id), rule, [variant]), text(f"{variant}:..."))
        for variant in rule.sentences
        if "{seen}" in rule.sentences[variant] and variant not in _FEW
    ]
    return first(cases, nw.col(rule.id))

"""Field masks: which fields an answer holds, and which an update touches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.emulators.google.errors import Json

# Names that are wanted, each with the names wanted below it; an empty one wants everything.
Mask = dict[str, "Mask"]

TOKEN = re.compile(r"[A-Za-z0-9_$]+|[*(),./]")
MIRRORS = {
    "backgroundColor": "backgroundColorStyle",
    "foregroundColor": "foregroundColorStyle",
    "tabColor": "tabColorStyle",
}
MIRRORED = MIRRORS | {style: plain for plain, style in MIRRORS.items()}


class BadMask(Exception):
    """A mask that cannot be read."""


def parse(text: str) -> Mask:
    """The tree of a mask such as ``sheets(properties.title,data/rowData)``."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text) or not tokens:
        raise BadMask(text)
    mask, rest = _list(tokens)
    if rest:
        raise BadMask(text)
    return mask


def _list(tokens: list[str]) -> tuple[Mask, list[str]]:
    made: Mask = {}
    everything = False
    while True:
        names, tokens = _path(tokens)
        below: Mask = {}
        if tokens[:1] == ["("]:
            below, tokens = _list(tokens[1:])
            if tokens[:1] != [")"]:
                raise BadMask("(")
            tokens = tokens[1:]
        everything = everything or names == ["*"]
        _add(made, names, below)
        if tokens[:1] != [","]:
            return ({} if everything else made), tokens
        tokens = tokens[1:]


def _path(tokens: list[str]) -> tuple[list[str], list[str]]:
    names: list[str] = []
    while True:
        if not tokens or tokens[0] in "(),./":
            raise BadMask("".join(tokens))
        names.append(tokens[0])
        tokens = tokens[1:]
        if tokens[:1] not in (["."], ["/"]):
            return names, tokens
        tokens = tokens[1:]


def _add(mask: Mask, names: list[str], below: Mask) -> None:
    names = [name for name in names if name != "*"]
    if not names:
        mask.update(below)
        return
    *before, last = names
    for name in before:
        known = name in mask
        inner = mask.setdefault(name, {})
        if known and not inner:
            return
        mask = inner
    if last in mask and mask[last] and below:
        mask[last].update(below)
    else:
        mask[last] = {} if last in mask else below


def below(mask: Mask | None, *names: str) -> Mask | None:
    """What a mask wants below a path: an empty mask is everything, None is nothing."""
    for name in names:
        if not mask:
            return mask
        mask = mask.get(name)
    return mask


def applied(mask: Mask, value: Any) -> Any:
    """Only those parts of an answer that a mask names."""
    if not mask:
        return value
    if isinstance(value, list):
        return [applied(mask, each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: applied(inner, each) if (inner := mask[name]) else each
        for name, each in value.items()
        if name in mask
    }


def mirrored(mask: Mask) -> Mask:
    """A mask that names a colour in both of the ways in which it is kept."""
    made = {name: mirrored(inner) for name, inner in mask.items()}
    for name in mask:
        if name in MIRRORED:
            made[name] = made[MIRRORED[name]] = {}
    return made


def updated(old: Mapping[str, Any], new: Mapping[str, Any], mask: Mask) -> Json:
    """A message after the fields that a mask names have been set from another, or cleared."""
    if not mask:
        return dict(new)
    made = dict(old)
    for name, inner in mask.items():
        value = new.get(name)
        if inner and not isinstance(value, list):
            value = updated(made.get(name) or {}, value or {}, inner)
        if value is None or value == {}:
            made.pop(name, None)
        else:
            made[name] = value
    return made

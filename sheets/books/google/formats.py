"""The highlights among the conditional formats of a tab.

Ours are known by the tag in their formula (`sheets.grid.TAG`), and stand behind all others: where
two want the same cell, the office's own wins.

Source of the names: the Sheets API v4, ConditionalFormatRule and the requests about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets.grid import FILLS, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.google.snapshot import Tab
    from sheets.grid import Patch

    Rule = Mapping[str, Any]

_BYTE = 255


def is_own(rule: Rule) -> bool:
    """Whether a conditional format is one of Reveal's."""
    return f'N("{TAG}")' in formula(rule)


def formula(rule: Rule) -> str:
    """The formula of a conditional format; empty for one of another kind."""
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", ())
    return "".join(value.get("userEnteredValue", "") for value in values)


def wanted(tab: Tab, patches: Sequence[Patch]) -> list[Rule]:
    """The highlights that some patches of one tab want."""
    return [
        {
            "ranges": [
                {
                    "sheetId": tab.id,
                    "startRowIndex": patch.header_row,
                    "endRowIndex": max(patch.last_row, patch.header_row + 1),
                    "startColumnIndex": mark.column - 1,
                    "endColumnIndex": mark.column,
                }
            ],
            "booleanRule": {
                "condition": {
                    "type": "CUSTOM_FORMULA",
                    "values": [{"userEnteredValue": mark.formula}],
                },
                "format": {"backgroundColorStyle": {"rgbColor": _colour(FILLS[mark.shade])}},
            },
        }
        for patch in patches
        for mark in patch.marks
    ]


def requests(tab: Tab, rules: Sequence[Rule]) -> Iterator[Mapping[str, Any]]:
    """Yield what makes these the only highlights of a tab; nothing if they are there already.

    What stands there is changed in its place, so that a request that is sent twice does no harm.
    """
    places = [at for at, rule in enumerate(tab.formats) if is_own(rule)]
    if [_meaning(tab.formats[at]) for at in places] == [_meaning(rule) for rule in rules]:
        return
    for at, rule in zip(places, rules, strict=False):
        yield {"updateConditionalFormatRule": {"sheetId": tab.id, "index": at, "rule": rule}}
    for at in reversed(places[len(rules) :]):
        yield {"deleteConditionalFormatRule": {"sheetId": tab.id, "index": at}}
    for more, rule in enumerate(rules[len(places) :]):
        at = len(tab.formats) + more
        yield {"addConditionalFormatRule": {"index": at, "rule": rule}}


def lost(before: Tab, after: Tab) -> list[tuple[int, Rule]]:
    """The office's conditional formats that are not there any more, each with its place.

    A format of which only the range has moved, as rows and columns have, is the same.
    """
    left = [_look(rule) for rule in after.formats if not is_own(rule)]
    gone = []
    for at, rule in enumerate(before.formats):
        if is_own(rule):
            continue
        if _look(rule) in left:
            left.remove(_look(rule))
        else:
            gone.append((at, rule))
    return gone


def _meaning(rule: Rule) -> object:
    """What makes two rules the same: where, when, and how it looks."""
    ranges = [
        (
            one.get("startRowIndex", 0),
            one.get("endRowIndex"),
            one.get("startColumnIndex", 0),
            one.get("endColumnIndex"),
        )
        for one in rule.get("ranges", ())
    ]
    look = rule.get("booleanRule", {}).get("format", {})
    style = look.get("backgroundColorStyle", {}).get("rgbColor", look.get("backgroundColor", {}))
    shade = tuple(round(style.get(part, 0) * _BYTE) for part in ("red", "green", "blue"))
    return ranges, formula(rule), shade


def _look(rule: Rule) -> object:
    return {key: value for key, value in rule.items() if key != "ranges"}


def _colour(fill: str) -> Mapping[str, float]:
    """An RGB fill as the API has it: a share of 255 for each channel."""
    starts = {"red": 0, "green": 2, "blue": 4}
    return {name: int(fill[at : at + 2], 16) / _BYTE for name, at in starts.items()}

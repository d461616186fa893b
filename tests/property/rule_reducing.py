"""A district in which something is found, made as small as it goes, so that people can read it.

Hypothesis would make the bytes smaller that a district is made of, which takes much longer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheets.rules.model import ODD
from tests.rule_tables import District, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.property.rule_strategies import Case


def smallest(case: Case, is_found: Callable[[Case], bool]) -> Case:
    """The case without all that is not needed for something to be found in it."""
    while True:
        found = next((one for one in _smaller(case) if is_found(one)), None)
        if found is None:
            return case
        case = found


def _smaller(case: Case) -> Iterator[Case]:
    """The case without a sheet, a row, a field, or something that the district has set."""
    sheets = case.district.sheets
    for at, sheet in enumerate(sheets):
        for less in ([], *([one] for one in _less(sheet))):
            yield replace(case, district=District([*sheets[:at], *less, *sheets[at + 1 :]]))
    for part in ("settings", "changed"):
        for name in case.asked[part]:
            rest = {key: value for key, value in case.asked[part].items() if key != name}
            yield replace(case, asked={**case.asked, part: rest})
    if case.asked["packs"]:
        yield replace(case, asked={**case.asked, "packs": ()})


def _less(sheet: Sheet) -> Iterator[Sheet]:
    for at in range(len(sheet.rows)):
        rows, rows_at = ([*all_[:at], *all_[at + 1 :]] for all_ in (sheet.rows, sheet.rows_at))
        yield replace(sheet, rows=rows, rows_at=rows_at)
    for gone in sheet.fields:
        rows = [
            {name: value for name, value in row.items() if name.removesuffix(ODD) != gone}
            for row in sheet.rows
        ]
        yield replace(sheet, fields=tuple(name for name in sheet.fields if name != gone), rows=rows)

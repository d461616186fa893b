"""The highlights among the conditional formats of a worksheet.

Ours are known by the tag in their formula, and are deleted one by one; the office's stay, and come
first. A formula is taken, and told, in the language of the user's Excel.

Source of the names: the object model of Excel (FormatConditions, FormatCondition).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.excel import areas
from sheets.books.excel.com import Refused
from sheets.grid import FILLS, TAG, Area, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.books.excel.com import Handle
    from sheets.grid import Patch

_EXPRESSION = 2  # xlExpression
_COLUMN = re.compile(r"\$([A-Z]{1,3}):\$\1(?![A-Z])")
_COUNTED = re.compile(r"[A-Z]\d+")
_PARTS = re.compile(r'"[^"]*"|[^\W\d][\w.]*|.', re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w.]*")
_LONG = 255
"""Of longer formulas it is not known whether Excel takes them over COM."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A highlight.

    Attributes:
        ref: Where, as Excel tells it without dollar signs.
        formula: When, in the language of the user's Excel.
        colour: Its fill, as Excel counts colours.
    """

    ref: str
    formula: str
    colour: int

    @property
    def rows(self) -> Iterator[tuple[int, int]]:
        """The first and the last row of each of its areas."""
        for part in self.ref.split(","):
            area = areas.parse(part)
            yield area.first_row, area.last_row


def own(sheet: Handle) -> list[Rule]:
    """Reveal's highlights on a worksheet, in their order."""
    conditions = sheet.get("Cells").get("FormatConditions")
    found = []
    for at in range(1, conditions.get("Count") + 1):
        one = conditions.call("Item", at)
        formula = _formula(one)
        if formula:
            found.append(Rule(_ref(one), formula, int(one.get("Interior").get("Color"))))
    return found


def wanted(patches: Sequence[Patch]) -> list[Rule]:
    """The highlights that some patches of one sheet want, still in English."""
    return [
        Rule(_below(patch, mark.column), mark.formula, _colour(FILLS[mark.shade]))
        for patch in patches
        for mark in patch.marks
        if patch.last_row > patch.header_row
    ]


def same(some: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether highlights are the same, in whatever language."""
    first, second = (
        [(one.ref, _skeleton(one.formula), one.colour) for one in rules] for rules in (some, others)
    )
    return first == second


def touches(rule: Rule, patch: Patch) -> bool:
    """Whether a highlight lies in the rows of a patch."""
    return any(first <= patch.last_row and patch.header_row <= last for first, last in rule.rows)


def remove(sheet: Handle, gone: Sequence[Rule]) -> None:
    """Delete some of Reveal's highlights, one by one."""
    conditions = sheet.get("Cells").get("FormatConditions")
    left = [(rule.ref, rule.formula) for rule in gone]
    for at in range(conditions.get("Count"), 0, -1):
        one = conditions.call("Item", at)
        formula = _formula(one)
        if formula and (key := (_ref(one), formula)) in left:
            left.remove(key)
            one.call("Delete")


def add(sheet: Handle, rule: Rule) -> None:
    """Add a highlight behind all others."""
    conditions = sheet.call("Range", rule.ref).get("FormatConditions")
    try:
        _add(conditions, rule.formula, rule.colour)
    except Refused:
        parts = list(_parts(rule.formula)) if len(rule.formula) > _LONG else []
        if len(parts) < 2:  # noqa: PLR2004 - nothing to divide
            raise
        for part in parts:
            _add(conditions, part, rule.colour)


def _skeleton(formula: str) -> list[str]:
    """A formula without what differs from language to language.

    Example:
        >>> _skeleton('=AND(A1=",",$B:$B)') == _skeleton('=UND(A1=",";$B:$B)')
        True
        >>> _skeleton("=INDEX($G:$G,ROW())") == _skeleton("=INDEX(S7;ZEILE())")
        True
        >>> _skeleton("=INDEX($G:$G,ROW())") == _skeleton("=INDEX(C8,ROW())")
        False
    """
    counted = _COLUMN.sub(lambda match: f"C{number(match[1])}", formula)
    return [_bare(part) for part in _PARTS.findall(counted)]


def _bare(part: str) -> str:
    if _COUNTED.fullmatch(part):
        return part[1:]
    return "," if part == ";" else "f" if _WORD.fullmatch(part) else part


def _add(conditions: Handle, formula: str, colour: int) -> None:
    made = conditions.call("Add", Type=_EXPRESSION, Formula1=formula)
    # That it stops rules behind it, as Excel has it by default, stops none: it is the last.
    made.get("Interior").put("Color", colour)


def _formula(one: Handle) -> str:
    """The formula of one of Reveal's highlights; empty for all others."""
    if one.get("Type") != _EXPRESSION:
        return ""
    formula = str(one.get("Formula1"))
    return formula if f'"{TAG}"' in formula else ""


def _ref(one: Handle) -> str:
    return str(one.get("AppliesTo").get("Address")).replace("$", "")


def _below(patch: Patch, column: int) -> str:
    return areas.address(Area(patch.header_row + 1, column, patch.last_row, column))


def _colour(fill: str) -> int:
    """An RGB fill as Excel counts it: red is the lowest byte.

    Example:
        >>> hex(_colour("F4B183"))
        '0x83b1f4'
    """
    red, green, blue = (int(fill[at : at + 2], 16) for at in (0, 2, 4))
    return red + (green << 8) + (blue << 16)


def _parts(formula: str) -> Iterator[str]:
    """Formulas that together mean the same as one with a choice of tests.

    Example:
        >>> list(_parts('=AND(N("reveal:v1")=0,OR(A1=1,B1=","))'))
        ['=AND(N("reveal:v1")=0,A1=1)', '=AND(N("reveal:v1")=0,B1=",")']
    """
    tag, *tests = _arguments(formula)
    start = formula[: formula.index("(") + 1]
    for test in tests:
        for one in _arguments(test):
            # The separator is the user's, and stands right behind the tag.
            yield f"{start}{tag}{formula[len(start) + len(tag)]}{one})"


def _arguments(call: str) -> list[str]:
    """What stands between the outermost brackets, divided where it is not quoted or nested."""
    found, depth, quoted, start = list[str](), 0, False, 0
    for at, sign in enumerate(call):
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif depth == 1 and sign in ",;)":
            found.append(call[start:at])
            start = at + 1
        depth -= sign == ")"
    return found

"""Formulas in German, as far as Reveal's need it: names of functions, and semicolons."""

from __future__ import annotations

import re

from sheets.grid import letters, number

GERMAN = {
    "AND": "UND",
    "OR": "ODER",
    "ISNUMBER": "ISTZAHL",
    "ISERROR": "ISTFEHLER",
    "IFERROR": "WENNFEHLER",
    "FIND": "FINDEN",
    "ROW": "ZEILE",
    "LEN": "LÄNGE",
    "TRIM": "GLÄTTEN",
    "SUBSTITUTE": "WECHSELN",
    "FALSE": "FALSCH",
}
_PARTS = re.compile(r'"(?:[^"]|"")*"|[^\W\d][\w.]*|[,;]|.', re.DOTALL)


def to_german(formula: str) -> str:
    return _translated(formula, {**GERMAN, ",": ";"})


def to_english(formula: str) -> str:
    return _translated(formula, {**{one: name for name, one in GERMAN.items()}, ";": ","})


def counted(formula: str) -> str:
    """Whole columns by their numbers, as R1C1 shows them."""
    return re.sub(r"\$([A-Z]+):\$\1", lambda match: f"C{number(match[1])}", formula)


def named(formula: str) -> str:
    """Whole columns by their letters."""

    def name(match):
        return "${0}:${0}".format(letters(int(match[1])))

    return re.sub(r"\bC(\d+)\b", name, formula)


def names(formula: str) -> set[str]:
    """The names and separators in a formula, without its texts."""
    return {part for part in _PARTS.findall(formula) if not part.startswith('"')}


def _translated(formula: str, words: dict[str, str]) -> str:
    return "".join(words.get(part, part) for part in _PARTS.findall(formula))

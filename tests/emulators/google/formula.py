"""Formulas as trees: enough of the grammar for lookups and for rules of conditional formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Union

from tests.emulators.google import references

if TYPE_CHECKING:
    from tests.emulators.google.references import Reference

TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<error>#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!))'
    rf"|(?P<sheet>{references.SHEET})?{references.WHOLE}"
    r"|(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<mark><=|>=|<>|[-+*/^&=<>(),%]))"
)
LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


class BadFormula(Exception):
    """A formula that cannot be read: the service shows ``#ERROR!``."""


@dataclass(frozen=True)
class Constant:
    value: float | str | bool | None


@dataclass(frozen=True)
class Failure:
    code: str


@dataclass(frozen=True)
class Place:
    at: Reference


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Call:
    name: str
    given: tuple[Tree, ...]


Tree = Union[Constant, Failure, Place, Name, Call]  # noqa: UP007 - a name for a recursive type


@lru_cache(maxsize=4096)
def parse(formula: str) -> Tree:
    """The tree of a formula that begins with an equals sign."""
    tokens: list[re.Match[str]] = []
    at, text = 1, formula.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found or found.end() == at:
            raise BadFormula(formula)
        tokens.append(found)
        at = found.end()
    reader = _Reader(tokens)
    tree = reader.level(0)
    if reader.at != len(tokens):
        raise BadFormula(formula)
    return tree


class _Reader:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def mark(self) -> str | None:
        return self.tokens[self.at]["mark"] if self.at < len(self.tokens) else None

    def take(self, wanted: str) -> None:
        if self.mark() != wanted:
            raise BadFormula(wanted)
        self.at += 1

    def level(self, number: int) -> Tree:
        if number == len(LEVELS):
            return self.signed()
        left = self.level(number + 1)
        while self.mark() in LEVELS[number]:
            operator = self.mark() or ""
            self.at += 1
            left = Call(operator, (left, self.level(number + 1)))
        return left

    def signed(self) -> Tree:
        if self.mark() in ("-", "+"):
            sign = self.mark()
            self.at += 1
            inner = self.signed()
            return Call("*", (Constant(-1), inner)) if sign == "-" else inner
        made = self.single()
        while self.mark() == "%":
            self.at += 1
            made = Call("/", (made, Constant(100)))
        return made

    def single(self) -> Tree:
        if self.at >= len(self.tokens):
            raise BadFormula("the end")
        token = self.tokens[self.at]
        self.at += 1
        if token["mark"] == "(":
            made = self.level(0)
            self.take(")")
            return made
        if token["mark"]:
            raise BadFormula(token[0])
        if token["name"] is not None:
            return self.named(token["name"])
        return _leaf(token)

    def named(self, name: str) -> Tree:
        if self.mark() != "(":
            if name.upper() in ("TRUE", "FALSE"):
                return Constant(name.upper() == "TRUE")
            return Name(name)
        self.take("(")
        given: list[Tree] = []
        while self.mark() != ")":
            given.append(Constant(None) if self.mark() == "," else self.level(0))
            if self.mark() != ")":
                self.take(",")
        self.take(")")
        return Call(name.upper(), tuple(given))


def _leaf(token: re.Match[str]) -> Tree:
    if token["text"] is not None:
        return Constant(token["text"][1:-1].replace('""', '"'))
    if token["error"]:
        return Failure(token["error"])
    if token["range"]:
        return Place(references.reference(token["sheet"], token["range"]))
    number = float(token["number"])
    return Constant(int(number) if number.is_integer() else number)

"""The functions and operators of formulas that a roster sheet and our own rules need."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

from tests.emulators.google.calc import Calc, Cells, Error, Fault, Result, Spot, Value, folded
from tests.emulators.google.display import general, shown
from tests.emulators.google.formula import Call, Constant, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.emulators.google.formula import Tree

RANKS = {int: 0, float: 0, str: 1, bool: 2}
NOT_FOUND = Error("#N/A")
ERRORS: dict[str, Callable[[Value], bool]] = {
    "ISNA": lambda error: error == Error("#N/A"),
    "ISERROR": lambda error: error is not None,
    "ISERR": lambda error: error not in (None, Error("#N/A")),
}


def called(calc: Calc, name: str, given: tuple[Tree, ...], spot: Spot) -> Result:
    """The result of a function; arguments are worked out only when they are needed."""
    if name in LAZY:
        return LAZY[name](calc, given, spot)
    if name in OPERATORS:
        return OPERATORS[name](*(one(calc, each, spot) for each in given))
    if name not in PLAIN:
        raise Fault("#NAME?")
    try:
        return PLAIN[name](calc, *(calc.result(each, spot) for each in given))
    except TypeError:
        # Too few or too many arguments.
        raise Fault("#N/A") from None


def one(calc: Calc, tree: Tree, spot: Spot) -> Value:
    """One value; an error in it is the error of the whole formula."""
    value = calc.single(calc.result(tree, spot), spot)
    if isinstance(value, Error):
        raise Fault(value.code)
    return value


def tried(calc: Calc, tree: Tree, spot: Spot) -> Value:
    """One value, that may be an error."""
    try:
        return calc.single(calc.result(tree, spot), spot)
    except Fault as fault:
        return Error(str(fault))


def text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return general(value) if isinstance(value, int | float) else str(value or "")


def number(value: Value) -> float:
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    try:
        return float(str(value))
    except ValueError:
        raise Fault("#VALUE!") from None


def truth(value: Value) -> bool:
    if isinstance(value, str):
        if value.upper() not in ("TRUE", "FALSE"):
            raise Fault("#VALUE!")
        return value.upper() == "TRUE"
    return bool(value)


def single(result: Result) -> Value:
    value = result.at(0, 0) if isinstance(result, Cells) else result
    if isinstance(value, Error):
        raise Fault(value.code)
    return value


def flat(results: tuple[Result, ...]) -> Iterator[Value]:
    for each in results:
        yield from each.flat() if isinstance(each, Cells) else [each]


# Operators.


def compared(left: Value, right: Value, test: Callable[[Any, Any], bool]) -> bool:
    blank: dict[type, Value] = {str: "", bool: False}
    if left is None:
        left = blank.get(type(right), 0)
    if right is None:
        right = blank.get(type(left), 0)
    one_rank, two_rank = RANKS[type(left)], RANKS[type(right)]
    if one_rank != two_rank:
        return test(one_rank, two_rank)
    return test(folded(left)[1], folded(right)[1])


def divided(left: Value, right: Value) -> float:
    if number(right) == 0:
        raise Fault("#DIV/0!")
    return number(left) / number(right)


OPERATORS: dict[str, Callable[..., Value]] = {
    "=": lambda left, right: compared(left, right, operator.eq),
    "<>": lambda left, right: compared(left, right, operator.ne),
    "<": lambda left, right: compared(left, right, operator.lt),
    "<=": lambda left, right: compared(left, right, operator.le),
    ">": lambda left, right: compared(left, right, operator.gt),
    ">=": lambda left, right: compared(left, right, operator.ge),
    "&": lambda left, right: text(left) + text(right),
    "+": lambda left, right: number(left) + number(right),
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "/": divided,
    "^": lambda left, right: number(left) ** number(right),
}

# Functions that do not look at all of their arguments, or at where they stand.


def if_(calc: Calc, given: tuple[Tree, ...], spot: Spot) -> Result:
    if truth(one(calc, given[0], spot)):
        return calc.result(given[1], spot)
    return calc.result(given[2], spot) if len(given) > 2 else False


def caught(name: str) -> Callable[[Calc, tuple[Tree, ...], Spot], Result]:
    def function(calc: Calc, given: tuple[Tree, ...], spot: Spot) -> Result:
        value = tried(calc, given[0], spot)
        if not isinstance(value, Error) or not ERRORS[name](value):
            return value
        return calc.result(given[1], spot) if len(given) > 1 else None

    return function


def asked(test: Callable[[Value], bool]) -> Callable[[Calc, tuple[Tree, ...], Spot], Result]:
    return lambda calc, given, spot: test(tried(calc, given[0], spot))


def row(calc: Calc, given: tuple[Tree, ...], spot: Spot) -> Result:
    at = calc.result(given[0], spot) if given else None
    return at.box.top + 1 if isinstance(at, Cells) else spot.row + 1


def column(calc: Calc, given: tuple[Tree, ...], spot: Spot) -> Result:
    at = calc.result(given[0], spot) if given else None
    return at.box.left + 1 if isinstance(at, Cells) else spot.column + 1


def let(calc: Calc, given: tuple[Tree, ...], spot: Spot) -> Result:
    *pairs, last = given
    while pairs:
        name, tree, *pairs = pairs
        value = tried(calc, tree, spot)
        leaf = Failure(value.code) if isinstance(value, Error) else Constant(value)
        pairs = [bound(each, name, leaf) for each in pairs]
        last = bound(last, name, leaf)
    return calc.result(last, spot)


def bound(tree: Tree, name: Tree, value: Tree) -> Tree:
    """A formula in which a name stands for a value."""
    if isinstance(tree, Call):
        return Call(tree.name, tuple(bound(each, name, value) for each in tree.given))
    return value if tree == name else tree


LAZY: dict[str, Callable[[Calc, tuple[Tree, ...], Spot], Result]] = {
    "IF": if_,
    "IFERROR": caught("ISERROR"),
    "IFNA": caught("ISNA"),
    "LET": let,
    "ISNA": asked(ERRORS["ISNA"]),
    "ISERROR": asked(lambda value: isinstance(value, Error)),
    "ISBLANK": asked(lambda value: value is None),
    "ISNUMBER": asked(lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "ISTEXT": asked(lambda value: isinstance(value, str)),
    "ROW": row,
    "COLUMN": column,
}

# Functions of values.


def every(*given: Result) -> list[bool]:
    return [truth(single(each)) for each in flat(given) if each is not None]


def find(_: Calc, what: Result, within: Result, start: Result = 1) -> Value:
    at = text(single(within)).find(text(single(what)), int(number(single(start))) - 1)
    if at < 0:
        raise Fault("#VALUE!")
    return at + 1


def index(_: Calc, cells: Result, down: Result = 0, right: Result = 0) -> Result:
    if not isinstance(cells, Cells):
        return cells
    rows, columns = cells.size
    row, column = int(number(single(down))), int(number(single(right)))
    if rows == 1 and columns > 1 and not column:
        row, column = 1, row
    if row > rows or column > columns or row < 0 or column < 0:
        raise Fault("#REF!")
    return cells.at(max(row, 1) - 1, max(column, 1) - 1)


def position(calc: Calc, key: Value, cells: Result) -> int | None:
    if not isinstance(cells, Cells):
        return 0 if folded(single(cells)) == folded(key) else None
    return calc.positions(cells).get(folded(key)) if key is not None else None


def match(calc: Calc, key: Result, cells: Result, kind: Result = 1) -> Value:
    wanted = single(key)
    at = position(calc, wanted, cells)
    if number(single(kind)) == 1 and at is None and isinstance(cells, Cells):
        below = [
            number
            for number, each in enumerate(cells.flat())
            if each is not None and compared(each, wanted, operator.le)
        ]
        at = below[-1] if below else None
    if at is None:
        raise Fault("#N/A")
    return at + 1


def xlookup(
    calc: Calc, key: Result, within: Result, results: Result, missing: Result = NOT_FOUND
) -> Result:
    at = position(calc, single(key), within)
    if at is None:
        return single(missing)
    if not isinstance(results, Cells):
        return results
    return results.at(at, 0) if results.size[0] > 1 else results.at(0, at)


def vlookup(calc: Calc, key: Result, within: Result, number_of: Result, near: Result = 1) -> Result:
    if not isinstance(within, Cells):
        raise Fault("#N/A")
    box = within.box
    first = Cells(calc, within.sheet, type(box)(box.top, box.bottom, box.left, box.left + 1))
    row = int(number(match(calc, key, first, 1 if truth(single(near)) else 0))) - 1
    column = int(number(single(number_of)))
    if not 1 <= column <= within.size[1]:
        raise Fault("#REF!")
    return within.at(row, column - 1)


def substitute(_: Calc, within: Result, old: Result, new: Result) -> Value:
    return text(single(within)).replace(text(single(old)), text(single(new)))


def countif(_: Calc, cells: Result, wanted: Result) -> Value:
    key = folded(single(wanted))
    return sum(folded(each) == key for each in flat((cells,)))


def numbers(*given: Result) -> list[float]:
    values = [single(each) for each in flat(given)]
    return [each for each in values if isinstance(each, int | float)]


PLAIN: dict[str, Callable[..., Result]] = {
    "AND": lambda _, *given: all(every(*given)),
    "OR": lambda _, *given: any(every(*given)),
    "NOT": lambda _, value: not truth(single(value)),
    "N": lambda _, value: 0 if isinstance(single(value), str) else number(single(value)),
    "NA": lambda _: Error("#N/A"),
    "INT": lambda _, value: math.floor(number(single(value))),
    "TEXT": lambda _, value, form: shown(number(single(value)), {"pattern": text(single(form))}),
    "LEN": lambda _, value: len(text(single(value))),
    "TRIM": lambda _, value: " ".join(filter(None, text(single(value)).split(" "))),
    "UPPER": lambda _, value: text(single(value)).upper(),
    "LOWER": lambda _, value: text(single(value)).lower(),
    "EXACT": lambda _, left, right: text(single(left)) == text(single(right)),
    "T": lambda _, value: single(value) if isinstance(single(value), str) else "",
    "FIND": find,
    "SUBSTITUTE": substitute,
    "CONCATENATE": lambda _, *given: "".join(text(single(each)) for each in flat(given)),
    "INDEX": index,
    "MATCH": match,
    "XMATCH": lambda calc, key, cells: match(calc, key, cells, 0),
    "XLOOKUP": xlookup,
    "VLOOKUP": vlookup,
    "COUNTIF": countif,
    "COUNTA": lambda _, *given: sum(each is not None for each in flat(given)),
    "SUM": lambda _, *given: sum(numbers(*given)),
    "HYPERLINK": lambda _, url, label=None: single(label if label is not None else url),
}

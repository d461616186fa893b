"""How a stored number reads: as digits, with leading zeros, or as a date.

Only what changes the meaning is applied. ``42`` shown as ``0000042`` is another student number
than ``42``; ``1234.5`` shown as ``$1,234.50`` is not another amount.
Formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheets.books.ooxml import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sheets.books.ooxml.package import Package

_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_TOKEN = re.compile(r'"([^"]*)"?|\\(.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?)")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_SIGNS = 2  # sections for positive and negative numbers
_INTEGRAL_TO = 1e21  # larger ones are no numbers of anything at a school
_TINY = 1e-15
_LEAP_BUG = 60  # Excel counts 1900-02-29, a day that never was
_PAST = 3_000_000  # days; none of them is before the year 10000
_EPOCH_1900, _EPOCH_1904 = (
    dt.datetime.fromisoformat("1899-12-30"),
    dt.datetime.fromisoformat("1904-01-01"),
)
_DAY_ONE = dt.datetime.fromisoformat("1900-01-01")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a format, for some numbers.

    Attributes:
        date: Whether it shows a date or a time.
        template: The digits' places and dashes, such as ``000-00-0000``; empty if it adds none.
        condition: Which numbers it is for, where the format says it.
    """

    date: bool = False
    template: str = ""
    condition: tuple[str, float] | None = None

    def fits(self, value: float) -> bool:
        """Whether its own condition, if it has one, holds."""
        return self.condition is None or _COMPARE[self.condition[0]](value, self.condition[1])


Format = tuple[Section, ...]
"""A number format by its sections; an empty one changes nothing."""

GENERAL: Format = ()


def parse(code: str) -> Format:
    """Take a number format apart.

    Example:
        >>> parse("0000000")[0].template, parse("m/d/yyyy")[0].date, parse("#,##0.00")
        ('0000000', True, ())
    """
    sections = tuple(_section(list(tokens)) for tokens in _sections(code))
    if any(section.date or section.template for section in sections):
        return sections
    return GENERAL


def formats(package: Package, part: str | None) -> Sequence[Format]:
    """The number format of each cell style, by the number that cells give in ``s``.

    Raises:
        CannotRead: The part is damaged.
    """
    if part is None:
        return ()
    root = tree.read(package, part)
    codes = {
        node.get("numFmtId"): node.get("formatCode") or ""
        for node in root.child("numFmts").all("numFmt")
    }
    known: dict[str, Format] = {}
    found = []
    for node in root.child("cellXfs").all("xf"):
        number = node.get("numFmtId") or "0"
        if number not in known:
            known[number] = _format(number, codes.get(number))
        found.append(known[number])
    return found


def shown(raw: str, form: Format, *, date1904: bool = False) -> str:
    """A stored number as text.

    Args:
        raw: What the file holds; given back as it is if it is no number.
        form: Its format.
        date1904: Whether days are counted from 1904.

    Example:
        >>> shown("5.855551234E9", GENERAL), shown("42", parse("0000000"))
        ('5855551234', '0000042')
        >>> shown("45292", parse("yyyy-mm-dd")), shown("45292.5", parse("m/d/yy h:mm"))
        ('2024-01-01', '2024-01-01T12:00:00')
    """
    raw = raw.strip()
    if not _NUMBER.fullmatch(raw):
        return raw
    value = float(raw)
    if math.isinf(value):
        return raw
    if form:
        section = _chosen(form, value)
        date = _date(value, date1904=date1904) if section.date else None
        if date is not None:
            return date
        if section.template and value.is_integer() and abs(value) < _INTEGRAL_TO:
            return _filled(_plain(raw, value), section.template)
    return _plain(raw, value)


def _format(number: str, code: str | None) -> Format:
    if code is not None:
        return parse(code)
    if number.isascii() and number.isdecimal() and int(number) in _DATE_IDS:
        return (Section(date=True),)
    return GENERAL


def _sections(code: str) -> Iterator[list[re.Match[str]]]:
    """The tokens of a format's sections."""
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(code):
        if token[4] == ";":
            yield tokens
            tokens = []
        else:
            tokens.append(token)
    yield tokens


def _section(tokens: Sequence[re.Match[str]]) -> Section:
    condition = None
    for token in tokens:
        match = _CONDITION.fullmatch(token[3] or "")
        if match is not None:
            condition = (match[1], float(match[2]))
    signs = "".join(token[4] or "" for token in tokens)
    elapsed = any(_ELAPSED.fullmatch(token[3] or "") for token in tokens)
    if elapsed or re.search("[dmyhs]", signs, re.IGNORECASE):
        return Section(date=True, condition=condition)
    return Section(template=_template(tokens, signs), condition=condition)


def _template(tokens: Sequence[re.Match[str]], signs: str) -> str:
    """Places for digits, with the dashes between them where there is nothing but zeros."""
    if not re.fullmatch(r"[-0#?()+ /]*", signs) or not re.search(r"0.*0", signs):
        return ""
    whole = "".join(token[1] or token[2] or token[4] or "" for token in tokens)
    if re.fullmatch("0[-0]*0", whole):
        return whole
    return "0" * signs.count("0")


def _chosen(form: Format, value: float) -> Section:
    """The section for a number: by conditions if there are some, else by its sign."""
    if any(section.condition for section in form):
        return next((section for section in form[:-1] if section.fits(value)), form[-1])
    if value < 0 and len(form) >= _SIGNS:
        return form[1]
    return form[_SIGNS] if value == 0 and len(form) > _SIGNS else form[0]


def _date(value: float, *, date1904: bool) -> str | None:
    """An ISO 8601 date, with a time if the number has a fraction; None if there is no such day."""
    if not 0 <= value <= _PAST:
        return None
    if not date1904 and value < _LEAP_BUG:
        value += 1
    days, fraction = divmod(value, 1)
    millis = round(fraction * 86_400_000)
    epoch = _EPOCH_1904 if date1904 else _EPOCH_1900
    try:
        moment = epoch + dt.timedelta(days=days, milliseconds=millis)
    except OverflowError:
        return None
    if not date1904 and moment < _DAY_ONE:
        return moment.time().isoformat(_unit(moment)) if fraction else None
    if not (moment.hour or moment.minute or moment.second or moment.microsecond):
        return moment.date().isoformat()
    return moment.isoformat(timespec=_unit(moment))


def _unit(moment: dt.datetime) -> str:
    return "milliseconds" if moment.microsecond else "seconds"


def _plain(raw: str, value: float) -> str:
    """The digits of a number, without an exponent."""
    if _INTEGER.fullmatch(raw):
        return raw
    exact = Decimal(raw)
    if exact == exact.to_integral_value() and abs(value) < _INTEGRAL_TO:
        return str(int(exact))
    short = repr(value)
    if "e" in short and _TINY < abs(value) < _INTEGRAL_TO:
        return format(Decimal(short), "f")
    return short.removesuffix(".0")


def _filled(digits: str, template: str) -> str:
    """Digits put into the places of a template, from the right.

    Example:
        >>> _filled("42001234", "000-00-0000"), _filled("-7", "000")
        ('042-00-1234', '-007')
    """
    sign = "-" if digits.startswith("-") else ""
    digits = digits.removeprefix("-").zfill(template.count("0"))
    whole = ""
    for place in reversed(template):
        if place == "0":
            digits, whole = digits[:-1], digits[-1] + whole
        else:
            whole = place + whole
    return sign + digits + whole

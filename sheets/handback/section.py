"""The rows below one header of a hidden column: which column is which, and what was changed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.columns import vocabulary
from sheets.grid import OddKind, letters
from sheets.handback import identity, marking, values
from sheets.handback.answers import Answer, Cell, Kind, Line, Spot, Why
from sheets.handback.marking import SENT
from sheets.handback.model import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sheets.grid import Odd
    from sheets.handback.identity import Head

    Texts = Sequence[str | None]

_CUT_NUMBER = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_NUMBERS = ("id", "phone")


@dataclass(frozen=True, slots=True)
class Strange:
    """What is not plain text on a sheet: cells with errors, and cells with formulas."""

    odd: Mapping[tuple[int, int], Odd]
    formulas: Collection[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with a key: its cells, and the fingerprint of what was sent in each column."""

    number: int
    texts: Texts
    key: str
    sent: Mapping[str, str]


class NotUnderstood(Exception):
    """Nothing below a header can be taken.

    Args:
        why: The reason.
        message: The sentence about it.
        header: The column that is the reason.
    """

    def __init__(self, why: Why, message: str, header: str = "") -> None:
        super().__init__(message)
        self.why, self.message, self.header = why, message, header


@dataclass(frozen=True, slots=True)
class Section:
    """The rows below one header of a hidden column.

    Attributes:
        head: What it says.
        spot: Where it stands.
        secret: What the fingerprints are salted with.
        keys: The hidden column.
        columns: Name -> column, of those that are still there.
        strange: What is not plain text.
    """

    head: Head
    spot: Spot
    secret: bytes
    keys: int
    columns: Mapping[str, int]
    strange: Strange

    @classmethod
    def of(cls, spot: Spot, keys: int, texts: Texts, strange: Strange) -> Section:
        """Understand a row of headings.

        Args:
            spot: The row.
            keys: The hidden column.
            texts: The row's cells.
            strange: What is not plain text on the sheet.

        Raises:
            NotUnderstood: The header is damaged, or a heading is missing or there twice.
        """
        said = texts[keys - 1] or ""
        head = identity.head(said)
        if head is None:
            later = identity.schema(said) > SCHEMA
            why = "from a later version of Reveal" if later else "damaged"
            raise NotUnderstood(
                Why.HEAD_DAMAGED,
                f"The header of the hidden column is {why}, so nothing below it is taken.",
            )
        there: dict[str, list[int]] = {}
        for column, text in enumerate(texts, 1):
            if text and column != keys:
                there.setdefault(vocabulary.key(text), []).append(column)
        found: dict[str, int] = {}
        for name, header in {**head.locked, **head.inputs}.items():
            places = there.get(vocabulary.key(header), [])
            if len(places) > 1:
                raise NotUnderstood(
                    Why.COLUMN_TWICE,
                    "Several columns have this heading and nothing tells which of them counts, so "
                    "nothing below it is taken.",
                    header,
                )
            found |= dict.fromkeys([name] if places else [], places[0] if places else 0)
        if not found.keys() & set(head.tells):
            raise NotUnderstood(
                Why.NO_HEADINGS,
                "The headings that tell whose row it is are gone, so nothing below is taken.",
            )
        secret = identity.secret(head.batch, head.group)
        return cls(head, spot, secret, keys, found, strange)

    def missing(self) -> Iterator[Line]:
        """A line for each column of answers that is gone."""
        for name, header in self.head.inputs.items():
            if name not in self.columns:
                yield self._line(
                    Kind.NOTE,
                    Why.COLUMN_GONE,
                    self.spot.row,
                    "This column is gone, so there are no answers in it.",
                    header,
                )

    def added(self, titles: Texts, rows: Iterable[tuple[int, Texts]]) -> Iterator[Line]:
        """A line for each column that holds something and was not sent."""
        sent = (at for at, text in enumerate(titles, 1) if text == marking.SENT)
        known = {self.keys, *self.columns.values(), *sent}
        filled = Counter(
            column
            for _, texts in rows
            for column, text in enumerate(texts, 1)
            if text and column not in known
        )
        for column, cells in sorted(filled.items()):
            if titles[column - 1] == SENT:
                continue
            header = titles[column - 1] or f"column {letters(column)}"
            why = f"{cells:,} cells stand in a column that was not sent. They are not taken."
            yield self._line(Kind.NOTE, Why.COLUMN_ADDED, self.spot.row, why, header)

    def answers(self, rows: Iterable[tuple[int, Texts]]) -> tuple[list[Answer], list[Line]]:
        """Understand the rows below the header: the answers, and what cannot be taken."""
        lines: list[Line] = []
        known: list[_Row] = []
        for row, texts in rows:
            mark = (texts[self.keys - 1] or "").strip()
            key, prints = identity.unmarked(mark)
            names = (*self.head.locked, *self.head.inputs)
            if not identity.is_mark(mark):
                if any(texts):
                    why = "It has no key: it was added, or pasted without the hidden column."
                    lines.append(self._refused(Why.NO_KEY, row, why))
            elif len(prints) != len(names):
                why = "It is a row of another list, below headings that are not its own."
                lines.append(self._refused(Why.OTHER_LIST, row, why))
            else:
                known.append(_Row(row, texts, key, dict(zip(names, prints, strict=True))))
        compared = {
            name: values.normal(values.type_of(name), [one.texts[at - 1] for one in known])
            for name, at in self.columns.items()
        }
        answers = []
        for nth, one in enumerate(known):
            answer, more = self._answer(one, {name: all_[nth] for name, all_ in compared.items()})
            answers.append(answer)
            lines += more
        return answers, lines

    def _answer(self, one: _Row, told: Mapping[str, str]) -> tuple[Answer, list[Line]]:
        """Understand one row, given its cells in the form in which they are compared."""
        torn, lines = self._locked(one, told)
        cells, refused = self._cells(one, told)
        if torn:
            refused += [
                self._refused(
                    Why.NOT_ITS_ROW,
                    one.number,
                    f'The row does not fit its key: "{torn}" is not what was sent, so the answer '
                    "may be for somebody else.",
                    cell.header,
                    cell.text,
                )
                for cell in cells.values()
            ]
            cells = {}
        spot = Spot(self.spot.file, self.spot.sheet, one.number)
        return Answer(spot, self.head, one.key, cells), [*lines, *refused]

    def _locked(self, one: _Row, told: Mapping[str, str]) -> tuple[str, list[Line]]:
        """The heading of a cell that tells of somebody else, and a line for each that changed."""
        torn = ""
        lines: list[Line] = []
        for name, header in self.head.locked.items():
            if name not in told:
                continue
            value = values.without_zeros(values.type_of(name), told[name])
            if self._is(one, name, value, brief=True):
                continue
            if name in self.head.tells:
                torn = torn or header
            why = "This column takes no answers, so what was changed in it is not taken."
            lines.append(self._line(Kind.NOTE, Why.LOCKED_CHANGED, one.number, why, header, value))
        return torn, lines

    def _cells(self, one: _Row, told: Mapping[str, str]) -> tuple[dict[str, Cell], list[Line]]:
        """The input cells that are not as they were sent; those that hold no value get a line."""
        cells: dict[str, Cell] = {}
        lines: list[Line] = []
        for name, header in self.head.inputs.items():
            if name not in told:
                continue
            column, kind = self.columns[name], values.type_of(name)
            odd = self.strange.odd.get((one.number, column))
            # No formula was sent: one without a result is not the blank that was.
            formula = (one.number, column) in self.strange.formulas
            if not formula and self._is(one, name, odd.text if odd else told[name]):
                continue
            text = values.text(kind, one.texts[column - 1])
            problem = self._problem(one.number, column, kind, text)
            if problem is None:
                cells[name] = Cell(text, told[name], one.sent[name], header)
            else:
                lines.append(self._refused(problem[0], one.number, problem[1], header, text))
        return cells, lines

    def _is(self, one: _Row, name: str, value: str, *, brief: bool = False) -> bool:
        """Whether a cell is as it was sent."""
        told = identity.fingerprint(self.secret, one.key, name, value, brief=brief)
        return told == one.sent[name]

    def _problem(self, row: int, column: int, kind: str, text: str) -> tuple[Why, str] | None:
        """Why a cell holds no value that could be taken."""
        odd = self.strange.odd.get((row, column))
        if odd is not None and odd.kind is OddKind.ERROR:
            return Why.ERROR, "It holds an error, not a value."
        if odd is not None or (row, column) in self.strange.formulas or values.is_formula(text):
            return Why.FORMULA, "It holds a formula. Only what is typed in is taken."
        if kind in _NUMBERS and _CUT_NUMBER.fullmatch(text):
            return Why.CUT_NUMBER, "A program has cut this number short. Type it in as text."
        return None

    def _refused(self, why: Why, row: int, message: str, header: str = "", came: str = "") -> Line:
        return self._line(Kind.REFUSED, why, row, message, header, came)

    def _line(  # noqa: PLR0917 - all that a line says
        self, kind: Kind, why: Why, row: int, message: str, header: str = "", came: str = ""
    ) -> Line:
        spot = Spot(self.spot.file, self.spot.sheet, row, header)
        return Line(kind, why, spot, message, came=came)

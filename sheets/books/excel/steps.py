"""What is done to a worksheet, in steps that can each be taken back.

A step is a value: it holds what was there and what is to be there, and nothing of Excel's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from sheets.books.excel import areas, rules, values
from sheets.books.excel.com import Handle, NotKept

if TYPE_CHECKING:
    from sheets.books.excel.rules import Rule
    from sheets.books.excel.values import Rows
    from sheets.grid import Area

Criterion = tuple[int, object, int, object]
"""The number of a filtered column, and what is asked of it, as Excel takes it."""


class Step(Protocol):
    """One change of a worksheet."""

    def apply(self, sheet: Handle) -> None:
        """Do it."""
        ...

    def inverse(self) -> Step:
        """What takes it back."""
        ...


@dataclass(frozen=True, slots=True)
class CellsStep:
    """Cells get other contents, all at once.

    Attributes:
        area: Where.
        rows: What is entered.
        before: What was entered there.
    """

    area: Area
    rows: Rows
    before: Rows

    def apply(self, sheet: Handle) -> None:
        """Enter it, and look whether it is there: filters and merged areas may swallow it."""
        block = sheet.call("Range", areas.address(self.area))
        block.put("Value", self.rows if len(self.rows) * len(self.rows[0]) > 1 else self.rows[0][0])
        if not _shows(block, self.rows):
            raise NotKept

    def inverse(self) -> CellsStep:
        """Enter what was there."""
        return replace(self, rows=self.before, before=self.rows)

    def is_due(self, sheet: Handle) -> bool:
        """Whether the cells still hold what they held before this step."""
        return _holds(sheet.call("Range", areas.address(self.area)), self.before)


@dataclass(frozen=True, slots=True)
class TableStep:
    """A table gets another size."""

    name: str
    area: Area
    before: Area

    def apply(self, sheet: Handle) -> None:
        """Resize it."""
        table = sheet.get("ListObjects").call("Item", self.name)
        table.call("Resize", sheet.call("Range", areas.address(self.area)))

    def inverse(self) -> TableStep:
        """Give it the size it had."""
        return replace(self, area=self.before, before=self.area)


@dataclass(frozen=True, slots=True)
class FilterStep:
    """The AutoFilter gets another size; Excel can only take it away and make another."""

    area: Area
    before: Area
    criteria: tuple[Criterion, ...]

    def apply(self, sheet: Handle) -> None:
        """Make it anew, with the same rows filtered away."""
        sheet.put("AutoFilterMode", value=False)
        block = sheet.call("Range", areas.address(self.area))
        width = self.area.last_column - self.area.first_column + 1
        kept = [one for one in self.criteria if one[0] <= width]
        if not kept:
            block.call("AutoFilter")
        for field, first, operator, second in kept:
            more = (operator, second) if second is not None else (operator,)
            block.call("AutoFilter", field, first, *(more if operator else ()))

    def inverse(self) -> FilterStep:
        """Give it the size it had."""
        return replace(self, area=self.before, before=self.area)


@dataclass(frozen=True, slots=True)
class RulesStep:
    """Highlights go and come.

    Attributes:
        gone: Those that go.
        new: Those that come.
        again: Whether some of those that come may be there already.
    """

    gone: tuple[Rule, ...]
    new: tuple[Rule, ...]
    again: bool = False

    def apply(self, sheet: Handle) -> None:
        """Take away the ones and put in the others, behind those of the office."""
        if self.gone or self.again:
            rules.remove(sheet, [*self.gone, *self.new])
        for rule in self.new:
            rules.add(sheet, rule)

    def inverse(self) -> RulesStep:
        """The other way round."""
        return RulesStep(self.new, self.gone, again=True)


@dataclass(frozen=True, slots=True)
class Note:
    """A note, and what it remembers out of sight (the alternative text of its box)."""

    text: str
    record: str


@dataclass(frozen=True, slots=True)
class NoteStep:
    """The note on a cell is another one, or goes."""

    cell: str
    note: Note | None
    before: Note | None

    def apply(self, sheet: Handle) -> None:
        """Replace it."""
        cell = sheet.call("Range", self.cell)
        if self.before is not None and (old := cell.get("Comment")) is not None:
            old.call("Delete")
        if self.note is not None:
            made = cell.call("AddComment", self.note.text)
            made.get("Shape").put("AlternativeText", self.note.record)

    def inverse(self) -> NoteStep:
        """Put back the one that was there."""
        return replace(self, note=self.before, before=self.note)


@dataclass(frozen=True, slots=True)
class Look:
    """How wide a column is, and whether its texts run over several lines."""

    width: float
    wrap: bool


@dataclass(frozen=True, slots=True)
class LookStep:
    """A column looks otherwise."""

    area: Area
    look: Look
    before: Look

    def apply(self, sheet: Handle) -> None:
        """Set what differs."""
        block = sheet.call("Range", areas.address(self.area))
        if self.look.width != self.before.width:
            block.put("ColumnWidth", self.look.width)
        if self.look.wrap != self.before.wrap:
            block.put("WrapText", self.look.wrap)

    def inverse(self) -> LookStep:
        """Set what it was."""
        return replace(self, look=self.before, before=self.look)


def _shows(block: Handle, rows: Rows) -> bool:
    """Whether cells show what was entered, as far as that can be told from it."""
    return all(
        value == entered[1:] if entered.startswith("'") else True
        for told, given in zip(values.block(block.get("Value")), rows, strict=True)
        for value, entered in zip(told, given, strict=True)
        if isinstance(entered, str)
    )


def _holds(block: Handle, rows: Rows) -> bool:
    """Whether cells hold what was entered."""
    told, formulas = (values.block(block.get(name)) for name in ("Value", "Formula"))
    return rows == tuple(
        tuple(values.entered(*cell) for cell in zip(*row, strict=True))
        for row in zip(told, formulas, strict=True)
    )

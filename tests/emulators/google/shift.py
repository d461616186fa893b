"""How places move when rows or columns are inserted, deleted or moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.a1 import Span

Item = TypeVar("Item")


class Shift(Protocol):
    """A change of the rows, or of the columns, of a sheet."""

    def index(self, at: int) -> int | None:
        """Where a row stands afterwards, or None if it is gone."""

    def span(self, span: Span) -> Span | None:
        """Where a range ends up that stays in one piece, or None if it is gone."""

    def pieces(self, span: Span) -> list[Span]:
        """Where a range ends up that stays with its cells, in one piece or more."""

    def moved(self, items: list[Item], new: Callable[[int], Item]) -> list[Item]:
        """A list with an item for each row, changed in the same way."""


@dataclass(frozen=True)
class Insert:
    """New rows before one; they take after the row above them, or else the one below."""

    at: int
    count: int
    like_before: bool = False

    def index(self, at: int) -> int | None:
        return at + self.count if at >= self.at else at

    def span(self, span: Span) -> Span | None:
        start, end = span
        if start is not None and start >= self.at:
            start += self.count
        if end is not None and end > self.at:
            end += self.count
        return start, end

    def pieces(self, span: Span) -> list[Span]:
        """Formats are inherited: the new rows belong to a range that ends or begins there."""
        start, end = span
        if self.like_before and end == self.at:
            return [(start, self.at + self.count)]
        if not self.like_before and start == self.at:
            return [(start, None if end is None else end + self.count)]
        moved = self.span(span)
        return [moved] if moved else []

    def moved(self, items: list[Item], new: Callable[[int], Item]) -> list[Item]:
        model = self.at - 1 if self.like_before else self.at
        return items[: self.at] + [new(model) for _ in range(self.count)] + items[self.at :]


@dataclass(frozen=True)
class Delete:
    """Rows from one up to another are gone."""

    start: int
    end: int

    def index(self, at: int) -> int | None:
        if self.start <= at < self.end:
            return None
        return at - (self.end - self.start) if at >= self.end else at

    def _edge(self, at: int | None) -> int | None:
        if at is None or at <= self.start:
            return at
        return max(self.start, at - (self.end - self.start))

    def span(self, span: Span) -> Span | None:
        start, end = self._edge(span[0]), self._edge(span[1])
        return None if end is not None and (start or 0) >= end else (start, end)

    def pieces(self, span: Span) -> list[Span]:
        moved = self.span(span)
        return [moved] if moved else []

    def moved(self, items: list[Item], new: Callable[[int], Item]) -> list[Item]:
        return items[: self.start] + items[self.end :]


@dataclass(frozen=True)
class Move:
    """Rows from one up to another stand before a third, told as it was before the move."""

    start: int
    end: int
    to: int

    def index(self, at: int) -> int | None:
        count = self.end - self.start
        if self.start <= at < self.end:
            return at - self.start + (self.to - count if self.to > self.start else self.to)
        if at >= self.end and at < self.to:
            return at - count
        if at < self.start and at >= self.to:
            return at + count
        return at

    def span(self, span: Span) -> Span | None:
        start, end = span
        if end is None:
            return span
        first = start or 0
        if self.start <= first and end <= self.end:
            moved = self.index(first) or 0
            return moved, moved + end - first
        left = Delete(self.start, self.end).span(span)
        if left is None:
            return None
        count = self.end - self.start
        return Insert(self.to - count if self.to > self.start else self.to, count).span(left)

    def pieces(self, span: Span) -> list[Span]:
        if span[1] is None:
            return [span]
        made: list[Span] = []
        for at in sorted(self.index(each) or 0 for each in range(span[0] or 0, span[1])):
            if made and made[-1][1] == at:
                made[-1] = (made[-1][0], at + 1)
            else:
                made.append((at, at + 1))
        return made

    def moved(self, items: list[Item], new: Callable[[int], Item]) -> list[Item]:
        block = items[self.start : self.end]
        rest = items[: self.start] + items[self.end :]
        at = self.to - len(block) if self.to > self.start else self.to
        return rest[:at] + block + rest[at:]

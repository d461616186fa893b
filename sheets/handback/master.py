"""The master as it is now: which rows have the keys that came back, and what their cells hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sheets.grid import Area
from sheets.handback import fixable, identity, keying, values
from sheets.handback.merge import Held, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.flow import Judged, Outcome
    from sheets.handback.answers import Answer
    from sheets.handback.model import Batch
    from sheets.report.identity import Rank
    from sheets.rules.model import Findings

List = tuple[str, str]
"""A kind of people, and a group of contacts beside students."""


class Now:
    """The lists of people of a check, as `sheets.handback.merge` asks for them.

    Args:
        outcome: The check.
        answers: What came back; all of one batch.

    Attributes:
        tables: Each list, with what was found in it.
    """

    def __init__(self, outcome: Outcome, answers: Sequence[Answer]) -> None:
        self.tables = tables(outcome)
        wanted: dict[List, set[str]] = defaultdict(set)
        ranks: dict[List, set[Rank]] = defaultdict(set)
        asked: dict[List, set[str]] = defaultdict(set)
        batch: Batch | None = None
        for answer in answers:
            own = answer.head.kind, answer.head.group
            batch = answer.head.batch
            wanted[own].add(answer.key)
            ranks[own].update(answer.head.ranks)
            asked[own].update(answer.cells)
        self._places: dict[tuple[List, str], list[Place]] = defaultdict(list)
        self._texts: dict[tuple[int, str], Mapping[int, str]] = {}
        self._formulas: dict[int, frozenset[tuple[int, int]]] = {}
        for at, (one, findings) in enumerate(self.tables):
            own = findings.table.kind, one.found.group
            if batch is not None and wanted[own]:
                rows = self._find(at, own, wanted[own], ranks[own], batch)
                self._load(at, rows, asked[own])

    def places(self, answer: Answer) -> Sequence[Place]:
        """The rows that have the key of an answer."""
        return self._places.get(((answer.head.kind, answer.head.group), answer.key), ())

    def holds(self, place: Place, name: str) -> Held | None:
        """What the cell of a field holds; None if there is no such column."""
        told = self._texts.get((place.table, name))
        if told is None:
            return None
        found = self.tables[place.table][0].found
        column = found.fields[name].column
        formula = (place.row, column) in self._formulas[place.table]
        where = f"{found.grid.where}, cell {Area.cell(place.row, column)}"
        return Held(told.get(place.row, ""), formula, where)

    def _find(
        self, at: int, own: List, wanted: set[str], ranks: set[Rank], batch: Batch
    ) -> list[int]:
        """Note the rows of a list that have a wanted key."""
        one, findings = self.tables[at]
        secret = identity.secret(batch, one.found.group)
        rows = []
        for row, key in keying.digests(findings.table, one.found.group, ranks, secret):
            if key in wanted:
                self._places[own, key].append(Place(at, row))
                rows.append(row)
        return sorted(set(rows))

    def _load(self, at: int, rows: Sequence[int], asked: Iterable[str]) -> None:
        """Read the cells of some rows of a list that answers are for."""
        found = self.tables[at][0].found
        names = sorted(name for name in asked if name in found.fields)
        columns = [found.fields[name].column for name in names]
        self._formulas[at] = frozenset(found.grid.formulas(columns)) if columns else frozenset()
        for name, texts in zip(names, fixable.texts(found, columns, rows), strict=True):
            told = values.normal(values.type_of(name), texts)
            self._texts[at, name] = dict(zip(rows, told, strict=True))


def tables(outcome: Outcome) -> Sequence[tuple[Judged, Findings]]:
    """All lists of people of a check, in their order."""
    return [(one, findings) for one in outcome.judged for findings in one.findings]

"""The rows of two runs that are the same person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.report.identity import RANKS
from sheets.rules.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sheets.report.identity import Known, Rank


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of one of the runs: its verdict, and what hides it or is lacking to tell."""

    verdict: str
    causes: frozenset[str]

    @property
    def barred(self) -> bool:
        """Whether it is hidden or cannot be told."""
        return self.verdict != Verdict.YES


@dataclass(frozen=True, slots=True)
class Then(Seen):
    """A row of the earlier run."""

    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Now(Seen):
    """A row of this run: the table that knows its keys, and its place there."""

    known: Known
    at: int


def matched(then: Sequence[Then], now: Sequence[Now]) -> tuple[dict[int, int], set[int], set[int]]:
    """Find the rows that are the same person, by their places.

    What is surest comes first, so that a weaker key never takes away somebody's own row. Where
    several rows have one key, they are compared if it makes no difference which is which, or if
    another key tells.

    Returns:
        Row of now -> row of then; the rows of then and of now that cannot be told apart.
    """
    places: Mapping[str, list[int]] = defaultdict(list)
    for at, row in enumerate(then):
        for key in row.keys:
            places[key].append(at)
    same: dict[int, int] = {}
    taken: set[int] = set()
    while True:
        known = len(same)
        alike_then, alike_now = set[int](), set[int]()
        for rank in RANKS:
            for theirs, ours in _sharing(rank, places, now, same, taken):
                if _agree(then[at] for at in theirs) and _agree(now[at] for at in ours):
                    same.update(_paired(then, theirs, now, ours))
                    taken.update(same[at] for at in ours if at in same)
                else:
                    alike_then.update(theirs)
                    alike_now.update(ours)
        # Whoever was found leaves fewer that are alike: those are looked at again.
        if not alike_now or len(same) == known:
            return same, alike_then, alike_now


def _sharing(
    rank: Rank,
    places: Mapping[str, Sequence[int]],
    now: Sequence[Now],
    same: Mapping[int, int],
    taken: Collection[int],
) -> Iterator[tuple[list[int], list[int]]]:
    """The rows of then and of now that are not found yet and have one key of some rank."""
    mine: Mapping[str, list[int]] = defaultdict(list)
    for at, row in enumerate(now):
        told = None if at in same else row.known.key(rank, row.at)
        if told is not None and told in places:
            mine[told].append(at)
    for key, ours in mine.items():
        if theirs := [at for at in places[key] if at not in taken]:
            yield theirs, ours


def _agree(rows: Iterable[Seen]) -> bool:
    """Whether all of some rows are hidden, or none."""
    return len({row.barred for row in rows}) == 1


def _paired(
    then: Sequence[Seen], theirs: Sequence[int], now: Sequence[Seen], ours: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Rows with one key, side by side: those with the same causes first, whatever their order."""
    left = sorted(theirs, key=lambda at: sorted(then[at].causes))
    rest = []
    for at in sorted(ours, key=lambda at: sorted(now[at].causes)):
        fits = next((one for one in left if then[one].causes == now[at].causes), None)
        if fits is None:
            rest.append(at)
        else:
            left.remove(fits)
            yield at, fits
    yield from zip(rest, left, strict=False)

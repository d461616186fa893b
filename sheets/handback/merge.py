"""Three ways for each cell: what was sent, what came back, what the master holds now.

============  ==============  =======================================
came back     the master      what becomes of it
============  ==============  =======================================
as sent       anything        nothing
changed       as sent         taken
changed       changed alike   nothing
changed       changed         a conflict: told, and not written
============  ==============  =======================================

What was sent is known by its fingerprint. All here is pure; nothing that came back is passed over
without a line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sheets.handback import identity, values
from sheets.handback.answers import Answer, Came, Cell, Kind, Line, Spot, Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MASTER, OFFICE = "master", "office"
"""Whose value counts where both have changed it."""


class Place(NamedTuple):
    """A row of the master: in which of its lists, and its number."""

    table: int
    row: int


@dataclass(frozen=True, slots=True)
class Held:
    """A cell of the master.

    Attributes:
        compared: What it holds, in the form in which cells are compared.
        formula: Whether it holds a formula.
        where: The place to name in messages.
    """

    compared: str
    formula: bool
    where: str


class Master(Protocol):
    """What a merge asks of the master."""

    def places(self, answer: Answer) -> Sequence[Place]:
        """The rows that have the key of an answer."""
        ...

    def holds(self, place: Place, name: str) -> Held | None:
        """What the cell of a field holds; None if there is no such column."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done where it is not plain.

    Attributes:
        prefer: `MASTER` or `OFFICE` where both have changed a cell; neither if empty.
        allow_blank: Whether a cell that came back empty empties the master's.
    """

    prefer: str = ""
    allow_blank: bool = False


NEITHER = Policy()


@dataclass(frozen=True, slots=True)
class Take:
    """A cell of the master that is filled in.

    Attributes:
        place: Its row.
        name: Its field.
        text: What is written.
        line: What is said of it.
    """

    place: Place
    name: str
    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge decides.

    Attributes:
        batch: The batch that it is of; empty if nothing came back.
        takes: What is written.
        lines: All else.
        rows: Key -> the row of the master that came back under it.
    """

    batch: str
    takes: Sequence[Take]
    lines: Sequence[Line]
    rows: Mapping[str, Place]


def batches(came: Iterable[Came]) -> list[str]:
    """The batches of which anything came back, the newest first."""
    known = {one.head.batch.id: one.head.batch.made for part in came for one in part.answers}
    return sorted(known, key=lambda name: (known[name], name), reverse=True)


def merge(came: Sequence[Came], master: Master, batch: str, policy: Policy) -> Merged:
    """Decide what becomes of each cell that came back.

    Args:
        came: What came back.
        master: What the master holds now.
        batch: The batch that counts; files of others are refused.
        policy: What is done where it is not plain.
    """
    lines: list[Line] = []
    rows: dict[str, Place] = {}
    by_row: dict[Place, list[Answer]] = defaultdict(list)
    for part in came:
        lines += part.lines
        own = [answer for answer in part.answers if answer.head.batch.id == batch]
        if len(own) < len(part.answers):
            lines.append(_of_another_batch(part, batch, len(part.answers) - len(own)))
        for answer in own:
            places = master.places(answer)
            if len(places) == 1:
                rows[answer.key] = places[0]
                by_row[places[0]].append(answer)
            else:
                lines += _unplaced(answer, len(places))
    lines += _several_times(by_row.values())
    takes: list[Take] = []
    for place, answers in by_row.items():
        for name, cells in _by_name(answers).items():
            take, more = _cell(place, name, cells, master, policy)
            takes += take
            lines += more
    return Merged(batch, takes, lines, rows)


def _of_another_batch(part: Came, batch: str, rows: int) -> Line:
    others = Counter(one.head.batch for one in part.answers if one.head.batch.id != batch)
    other = others.most_common(1)[0][0]
    return Line(
        Kind.REFUSED,
        Why.OTHER_BATCH,
        Spot(part.file),
        f"{rows:,} rows were handed out on {other.made.isoformat()} (batch {other.id}), not with "
        f"the others (batch {batch}). To take them, merge with --batch {other.id}.",
    )


def _unplaced(answer: Answer, places: int) -> Iterator[Line]:
    """Lines for a row that the master does not have, or has more than once."""
    if places:
        why, told = Why.DOUBLED_IN_MASTER, "Several rows of the master have its key now."
    else:
        why = Why.NOT_IN_MASTER
        told = "It is not in the master: it was deleted there, or its ids have changed."
    if not answer.cells:
        yield Line(Kind.NOTE, why, answer.at, f"{told} Nothing in it was changed.")
    for cell in answer.cells.values():
        spot = replace(answer.at, header=cell.header)
        yield Line(Kind.REFUSED, why, spot, told, came=cell.text)


def _several_times(rows: Iterable[Sequence[Answer]]) -> Iterator[Line]:
    """A line for each file with rows that came back before."""
    again = Counter(answer.at.file for answers in rows for answer in answers[1:])
    for file, count in again.items():
        yield Line(
            Kind.NOTE,
            Why.CAME_TWICE,
            Spot(file),
            f"{count:,} rows came back more than once. The same answer is taken once.",
        )


def _by_name(answers: Iterable[Answer]) -> Mapping[str, list[tuple[Answer, Cell]]]:
    """Field -> the changed cells of one row of the master."""
    result: dict[str, list[tuple[Answer, Cell]]] = defaultdict(list)
    for answer in answers:
        for name, cell in answer.cells.items():
            result[name].append((answer, cell))
    return result


def _cell(  # noqa: PLR0911 - one for each case
    place: Place,
    name: str,
    cells: Sequence[tuple[Answer, Cell]],
    master: Master,
    policy: Policy,
) -> tuple[list[Take], list[Line]]:
    """Decide what becomes of the answers for one cell of the master."""
    held = master.holds(place, name)
    if held is None:
        why = "The master has no such column now."
        return [], _all(cells, None, Kind.REFUSED, Why.NO_COLUMN_IN_MASTER, why)
    if len({cell.compared for _, cell in cells}) > 1:
        why = "Different answers came back for this cell. None of them is taken."
        return [], _all(cells, held, Kind.CONFLICT, Why.SEVERAL_ANSWERS, why)
    came = cells[0][1].compared
    if came == held.compared:
        return [], []
    if held.compared and came == values.without_zeros(values.type_of(name), held.compared):
        why = "A program has taken the zeros from its front. The master's value is kept."
        return [], _all(cells, held, Kind.NOTE, Why.ZEROS_LOST, why)
    if held.formula:
        why = "The master has a formula in this cell, which is not overwritten."
        return [], _all(cells, held, Kind.REFUSED, Why.FORMULA_IN_MASTER, why)
    both = not all(_as_sent(answer, name, cell, held) for answer, cell in cells)
    if both and policy.prefer == MASTER:
        why = "Both have changed it. The master's value is kept, as you asked."
        return [], _all(cells, held, Kind.NOTE, Why.BOTH_CHANGED, why)
    if both and policy.prefer != OFFICE:
        why = "Both have changed it since it was handed out. Nothing is taken."
        return [], _all(cells, held, Kind.CONFLICT, Why.BOTH_CHANGED, why)
    if not came and not policy.allow_blank:
        why = "It came back empty. The master's value is kept."
        return [], _all(cells, held, Kind.REFUSED, Why.BLANKED, why)
    kind = (Kind.CHANGED if held.compared else Kind.FILLED) if came else Kind.EMPTIED
    why = "The master's value is replaced, as you asked." if both else ""
    told = Why.BOTH_CHANGED if both else Why.ANSWERED
    [line] = _all(cells[:1], held, kind, told, why)
    return [Take(place, name, cells[0][1].text, line)], []


def _as_sent(answer: Answer, name: str, cell: Cell, held: Held) -> bool:
    """Whether the master still holds what was sent."""
    secret = identity.secret(answer.head.batch, answer.head.group)
    return identity.fingerprint(secret, answer.key, name, held.compared) == cell.sent


def _all(
    cells: Iterable[tuple[Answer, Cell]], held: Held | None, kind: Kind, why: Why, message: str
) -> list[Line]:
    """The same line for each of some answers."""
    return [
        Line(
            kind,
            why,
            replace(answer.at, header=cell.header),
            message,
            master=held.where if held else "",
            came=cell.text,
            holds=held.compared if held else "",
        )
        for answer, cell in cells
    ]

"""Read what came back, whatever was done to it on the way.

Rows may be sorted, filtered, pasted into another sheet or split over several; sheets and files may
have other names, and columns another order; any program may have saved it, as a workbook of any
kind or as CSV. What counts is the hidden column: its header, which says what was sent, and the key
in each row. Where that is gone, or speaks of somebody else, nothing is taken, and a line says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.columns import vocabulary
from sheets.errors import RevealError
from sheets.handback import identity
from sheets.handback.answers import Answer, Came, Kind, Line, Spot, Why
from sheets.handback.section import NotUnderstood, Section, Strange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sheets.grid import Book, Grid
    from sheets.handback.identity import Head
    from sheets.handback.section import Texts

_ALIKE = 3  # so many headings of what was sent are no chance


def read(name: str, open_it: Callable[[], Book]) -> Came:
    """Read one file that came back; one that cannot be read gives a line that says why.

    Args:
        name: What to call it.
        open_it: Opens it.
    """
    try:
        grids = open_it().read()
        parts = [_read(name, grid) for grid in grids]
    except RevealError as error:
        told = f"{error.message} {error.hint}".strip()
        return Came(name, lines=[Line(Kind.REFUSED, Why.UNREADABLE, Spot(name), told)])
    heads = [head for part in parts for head in part[0]]
    lines = [line for part in parts for line in part[2]]
    for grid, (own, _, more) in zip(grids, parts, strict=True):
        if not own and not more and _looks_like(grid, heads):
            lines.append(_keyless(Spot(name, grid.title)))
    if not heads and not lines:
        lines = [_keyless(Spot(name))]
    return Came(name, [answer for part in parts for answer in part[1]], lines)


def _read(file: str, grid: Grid) -> tuple[list[Head], list[Answer], list[Line]]:
    """Read one sheet: what its headers say, its answers, and what was not understood."""
    heads: list[Head] = []
    answers: list[Answer] = []
    lines: list[Line] = []
    rows, strange = _cells(grid)
    above, *blocks = _blocks(rows)
    orphans = sum(any(text and identity.is_mark(text) for text in texts) for _, texts in above)
    if orphans:
        lines.append(_headless(Spot(file, grid.title), orphans))
    for (row, titles), *below in blocks:
        try:
            section = Section.of(Spot(file, grid.title, row), _head_at(titles), titles, strange)
        except NotUnderstood as problem:
            spot = Spot(file, grid.title, row, problem.header)
            lines.append(Line(Kind.REFUSED, problem.why, spot, problem.message))
            continue
        heads.append(section.head)
        told, more = section.answers(below)
        answers += told
        lines += [*section.missing(), *more, *section.added(titles, below)]
    return heads, answers, lines


def _blocks(rows: Iterable[tuple[int, Texts]]) -> list[list[tuple[int, Texts]]]:
    """The rows above the first header of a hidden column, then each header with those below."""
    blocks: list[list[tuple[int, Texts]]] = [[]]
    for row, texts in rows:
        if _head_at(texts):
            blocks.append([])
        blocks[-1].append((row, texts))
    return blocks


def _cells(grid: Grid) -> tuple[list[tuple[int, Texts]], Strange]:
    """All rows of a sheet, and what is not plain text on it."""
    width = max((max(cells) for cells in grid.head.values()), default=0)
    if not width:
        return [], Strange({}, ())
    cells = grid.load(range(1, width + 1))
    if cells.last_column > width:
        width = cells.last_column
        cells = grid.load(range(1, width + 1))
    named = cells.frame.select("_row", *(str(column) for column in range(1, width + 1)))
    rows: list[tuple[int, Texts]] = [(int(row), texts) for row, *texts in named.iter_rows()]
    return rows, Strange(cells.odd, frozenset(grid.formulas(range(1, width + 1))))


def _head_at(texts: Texts) -> int:
    """The column of the header of a hidden column; 0 if there is none."""
    told = (at for at, text in enumerate(texts, 1) if text and identity.is_head(text))
    return next(told, 0)


def _looks_like(grid: Grid, heads: Sequence[Head]) -> bool:
    """Whether a sheet has headings of what was sent."""
    wanted = [
        {vocabulary.key(one) for one in (*head.locked.values(), *head.inputs.values())}
        for head in heads
    ]
    shown = [{vocabulary.key(text) for text in row.values()} for row in grid.head.values()]
    return any(len(there & sent) >= min(_ALIKE, len(sent)) for there in shown for sent in wanted)


def _keyless(spot: Spot) -> Line:
    return Line(
        Kind.REFUSED,
        Why.NOT_HANDED_OUT,
        spot,
        "This was not handed out, or its hidden column of keys is gone, so nothing tells whose "
        "rows these are. Nothing in it is taken.",
    )


def _headless(spot: Spot, rows: int) -> Line:
    return Line(
        Kind.REFUSED,
        Why.NO_HEADINGS,
        spot,
        f"{rows:,} rows stand without the headings that they were sent with, so nothing tells "
        "what their cells are. Paste them below those.",
    )

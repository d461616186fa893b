"""Where the tables of a sheet are: their header rows, their columns, where they end.

A header row may stand under title rows, be of two lines, have blank spacer columns, be followed by
another one further down, or have another beside it. A table in the spreadsheet program's own sense
is taken as it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sheets.columns import groups, headers, vocabulary
from sheets.columns.region import Region, read, same
from sheets.place import is_own, own_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.columns.region import Heading, Row
    from sheets.columns.wishes import Wish
    from sheets.grid import Grid, ListObject

_LEAST = 2  # so many fields make a header row
_SHARE = 0.25  # and so many of its cells must be headings
_CLEAR = 4  # unless it has this many
_LATER = 0.6  # the same, for a header row further down
_DATA = 0.25  # at most so many of its cells look like data
_WIDE = 3  # cells merged over so many columns are a title
_LONG = 60  # a longer text is no heading
_DIGITS = 3  # a text with so many digits, and no more letters than digits, is data


def regions(grid: Grid, wishes: Sequence[Wish]) -> list[Region]:
    """Find all tables that have known headings, from top to bottom, then from left to right."""
    tables = [one for one in grid.list_objects if one.header_rows]
    found = [region for one in tables for region in _listed(grid, one, wishes)]
    free = {
        row: {c: text for c, text in cells.items() if not _inside(tables, row, c)}
        for row, cells in grid.head.items()
    }
    free = {row: cells for row, cells in free.items() if cells}
    stacked = _stacked(grid, free, wishes)
    beside = [piece for region in _titled(stacked, free) for piece in _beside(region, free)]
    whole = [_bounded(region, [*found, *beside], free) for region in beside]
    return _adopted(found, whole, free)


def region_at(
    grid: Grid, row: int, cells: Row, wishes: Sequence[Wish], *, least: int = _CLEAR - 1
) -> Region | None:
    """Read a row below the head as a header row, if it is clearly one."""
    region = read(grid, row, [cells], wishes)
    if region.score >= least and region.share >= _LATER and _not_data(cells):
        return region
    return None


def _inside(tables: Sequence[ListObject], row: int, column: int) -> bool:
    return any(one.area.holds(row, column) for one in tables)


def _listed(grid: Grid, table: ListObject, wishes: Sequence[Wish]) -> Iterator[Region]:
    """The region of a table in the program's own sense."""
    area = table.area
    row = area.first_row
    cells = grid.head.get(row)
    if cells is None:
        frame = grid.load(range(area.first_column, area.last_column + 1)).frame
        values = frame.filter(frame["_row"] == row).drop("_row").to_dicts()
        cells = {int(c): text for c, text in (values[0] if values else {}).items() if text}
    inside = {c: text for c, text in cells.items() if area.holds(row, c)}
    if inside:
        region = read(grid, row, [inside], wishes)
        yield replace(region, last=area.last_row - table.totals_rows)


def _stacked(grid: Grid, rows: Mapping[int, Row], wishes: Sequence[Wish]) -> list[Region]:
    """The header rows of the head, from top to bottom, repeated ones left out."""
    found: list[Region] = []
    for region in _candidates(grid, rows, wishes):
        if not found:
            found.append(region)
            continue
        last = found[-1]
        if region.top > last.header_row and same(last, region):
            continue
        if region.top <= last.header_row or not _data_between(rows, last, region):
            if _better(grid, region, last):
                found[-1] = region
            if len(found) > 1 and same(found[-2], found[-1]):
                found.pop()
        elif region.share >= _LATER or region.given >= _LEAST:
            found.append(region)
    return found


def _better(grid: Grid, region: Region, last: Region) -> bool:
    """Whether a header row is to be taken instead of the one above it."""
    filtered = grid.filter.first_row if grid.filter else 0
    new, old = ((one.given, one.score, one.header_row == filtered) for one in (region, last))
    return new > old


def _data_between(rows: Mapping[int, Row], upper: Region, lower: Region) -> bool:
    """Whether an upper header row has rows of its own before a lower one."""
    least = min(2, len(upper.headings))
    between = (cells for row, cells in rows.items() if upper.header_row < row < lower.top)
    return any(len(cells.keys() & upper.headings.keys()) >= least for cells in between)


def _candidates(grid: Grid, rows: Mapping[int, Row], wishes: Sequence[Wish]) -> Iterator[Region]:
    """Every row of the head that can be a header, alone or together with the one above it."""
    for row in sorted(rows):
        cells, above = rows[row], rows.get(row - 1, {})
        if not (_speaks(cells, wishes) or _speaks(above, wishes)):
            continue
        region = read(grid, row, [cells], wishes)
        if not _not_data(cells):
            if region.given and region.given >= min(_LEAST, len(wishes)):
                yield region
            continue
        if above and _not_data(above):
            double = _double(grid, row, above, cells, wishes)
            if _says_more(double, region) or _completes(double, region):
                region = double
        enough = region.score >= _LEAST and (region.share >= _SHARE or region.score >= _CLEAR)
        if enough or region.given:
            yield region


def _speaks(cells: Row, wishes: Sequence[Wish]) -> bool:
    """Whether any cell of a row may be a heading or a part of one, so that it is worth reading."""
    return bool(wishes) or any(map(_is_word, cells.values()))


@lru_cache(maxsize=8192)
def _is_word(text: str) -> bool:
    if _looks_like_data(text):
        return False
    return is_own(text) or vocabulary.meaning(text).known or groups.says(text)


def _not_data(cells: Row) -> bool:
    if any(map(is_own, cells.values())):
        return True
    odd = sum(map(_looks_like_data, cells.values()))
    return odd <= _DATA * len(cells)


@lru_cache(maxsize=8192)
def _looks_like_data(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    signs = sum(map(str.isalpha, text))
    numeric = bool(digits) and (not signs or (digits >= _DIGITS and digits >= signs))
    return numeric or "@" in text or len(text) > _LONG


def _completes(double: Region, single: Region) -> bool:
    """Whether the upper line has headings over columns that the lower line leaves blank."""
    more = double.headings.keys() - single.headings.keys()
    return double.score >= single.score and any(double.headings[column].known for column in more)


def _says_more(double: Region, single: Region) -> bool:
    """Whether a header says more, or says whose its headings are, with the line above it."""
    new, old = ((one.given, one.score) for one in (double, single))
    labels = {headers.shown(text) for text in double.lines[0].values()}
    marks = len(labels) >= _LEAST and double.marked > single.marked
    return new > old or (new == old and marks)


def _double(grid: Grid, row: int, above: Row, cells: Row, wishes: Sequence[Wish]) -> Region:
    """A header of two lines: joined as they stand, or with each upper one reaching to the next."""
    wide = _title_columns(grid, row - 1, above)
    upper = {c: text for c, text in above.items() if c not in wide}
    plain = read(grid, row, [upper, cells], wishes)
    reaching: dict[int, str] = {}
    label = ""
    for column in sorted({*upper, *cells}):
        label = upper.get(column, label)
        if column not in upper and not _says(f"{label} {cells[column]}"):
            continue
        reaching[column] = label
    filled = read(grid, row, [reaching, cells], wishes)
    plain, filled = (replace(one, lines=(upper, cells)) for one in (plain, filled))
    return filled if _says_more(filled, plain) else plain


def _says(text: str) -> bool:
    return vocabulary.meaning(text).says or groups.says(text)


def _title_columns(grid: Grid, row: int, cells: Row) -> frozenset[int]:
    """The columns of a row over which one merged cell spans (nearly) everything: a title."""
    for area in grid.merged:
        span = area.last_column - area.first_column + 1
        if area.holds(row, area.first_column) and span >= max(_WIDE, 0.8 * len(cells)):
            return frozenset(range(area.first_column, area.last_column + 1))
    return frozenset()


def _titled(found: Sequence[Region], rows: Mapping[int, Row]) -> Iterator[Region]:
    """Give each header row the texts that stand alone in their rows above it, nearest first."""
    after = 0
    for region in found:
        above = [{*rows[row].values()} for row in sorted(rows) if after < row < region.top]
        alone = [headers.shown(text) for texts in above if len(texts) == 1 for text in texts]
        yield replace(region, titles=tuple(reversed(alone)))
        after = region.header_row


def _beside(region: Region, rows: Mapping[int, Row]) -> list[Region]:
    """Split a header row where a blank column divides two tables that each stand alone."""
    pieces: list[dict[int, Heading]] = []
    used = {column for row, cells in rows.items() if row >= region.top for column in cells}
    before = None
    for column, heading in sorted(region.headings.items()):
        gap = before is not None and any(c not in used for c in range(before + 1, column))
        if not pieces or gap:
            pieces.append({})
        pieces[-1][column] = heading
        before = column
    tables: list[dict[int, Heading]] = []
    for piece in pieces:
        if tables and not (
            _stands_alone(tables[-1]) and _stands_alone(piece) and _clash(tables[-1], piece)
        ):
            tables[-1] |= piece
        else:
            tables.append(piece)
    owns = region.owns
    if len(owns) != len(tables):
        owns = [*({} for _ in tables[1:]), region.own]
    return [
        replace(region, headings=headings, owns=(own,))
        for headings, own in zip(tables, owns, strict=True)
    ]


def _stands_alone(headings: Mapping[int, Heading]) -> bool:
    return Region(0, 0, headings).score >= _LEAST


def _clash(left: Mapping[int, Heading], right: Mapping[int, Heading]) -> bool:
    """Whether two groups of columns say one thing twice, so that they are not one table."""
    said = {sense for one in left.values() for sense in one.meaning.senses}
    return any(sense in said for one in right.values() for sense in one.meaning.senses)


def _bounded(region: Region, others: Sequence[Region], rows: Mapping[int, Row]) -> Region:
    """End a region above the next one that stands in one of its columns, and above its title."""
    below = [
        other.top
        for other in others
        if other.top > region.header_row and set(other.columns()) & set(region.columns())
    ]
    if not below:
        return region
    last = title = min(below) - 1
    while len(set(rows.get(title, {}).values())) == 1:
        title -= 1
    return replace(region, last=title if title not in rows else last)


def _adopted(
    listed: Sequence[Region], free: Sequence[Region], rows: Mapping[int, Row]
) -> list[Region]:
    """Give own columns that stand right of a table to that table, and put all in order."""
    taken = {one.header_row for one in free}
    regions = [*free]
    for region in listed:
        left = max(region.headings, default=0)
        strays = {
            own_header(text): column
            for column, text in rows.get(region.header_row, {}).items()
            if column > left and is_own(text)
        }
        adopts = strays and not region.own and region.header_row not in taken
        regions.append(replace(region, owns=(strays,)) if adopts else region)
    return sorted(regions, key=lambda one: (one.top, min(one.headings, default=0)))

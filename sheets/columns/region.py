"""One table on a sheet: its header, as it was read, and how far it may reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheets.columns import groups, headers, vocabulary
from sheets.grid import Area
from sheets.place import own_header
from sheets.rules.model import ROW

if TYPE_CHECKING:
    import polars as pl

    from sheets.columns.groups import Member
    from sheets.columns.vocabulary import Meaning
    from sheets.columns.wishes import Wish
    from sheets.grid import Grid

Row = Mapping[int, str]

_ALIKE = 0.6  # so many of the headings are the same in a repeated header


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading.

    Attributes:
        column: Where it stands.
        text: As the sheet shows it, on one line.
        meaning: What it may say.
        given: Whether people said what it means.
        members: What it may say as a part of a group of contacts.
        rest: On a list made of such a group: what it says, in words, without whose it is.
    """

    column: int
    text: str
    meaning: Meaning
    given: bool = False
    members: Sequence[Member] = ()
    rest: str = ""

    @property
    def says(self) -> bool:
        """Whether it may be a field, of the row's own person or of a group of contacts."""
        return self.meaning.says or groups.says(self.text)

    @property
    def known(self) -> bool:
        """Whether it is a known heading at all."""
        return self.meaning.known or groups.says(self.text)

    def within(self, member: Member) -> Heading:
        """The same heading on a list made of a group that it is of."""
        return replace(self, meaning=member.meaning, members=(), rest=member.rest)


@dataclass(frozen=True, slots=True)
class Region:
    """One table on a sheet.

    Attributes:
        top: The first row of its header.
        header_row: The last row of its header.
        headings: Its headings by column, Reveal's own left out.
        owns: Reveal's own headers -> column, one for each time that they stand in the row.
        last: The last row that may belong to it; None: the end of the sheet.
        lines: The texts of its header rows, as they stand in the cells.
        titles: The texts that stand alone in their rows above its header, the nearest first.
    """

    top: int
    header_row: int
    headings: Mapping[int, Heading]
    owns: Sequence[Mapping[str, int]] = ()
    last: int | None = None
    lines: Sequence[Row] = ()
    titles: Sequence[str] = ()

    @property
    def own(self) -> Mapping[str, int]:
        """Reveal's own headers -> column."""
        return self.owns[0] if self.owns else {}

    @property
    def score(self) -> int:
        """How many different things its headings say."""
        said: set[object] = set()
        for heading in self.headings.values():
            if heading.given:
                said.add(heading.column)
            elif heading.says:
                said.add(heading.meaning.senses[:1] or heading.text.casefold())
        return len(said)

    @property
    def given(self) -> int:
        """How many of its headings people have named."""
        return sum(one.given for one in self.headings.values())

    @property
    def marked(self) -> int:
        """How many of its headings say whose they are."""
        headings = self.headings.values()
        senses = ((one, one.meaning.senses[:1]) for one in headings)
        return sum(
            1
            for one, first in senses
            if (first and first[0].subject) or (not first and groups.says(one.text))
        )

    @property
    def share(self) -> float:
        """How many of its cells are known headings."""
        known = sum(1 for one in self.headings.values() if one.known or one.given)
        return known / max(len(self.headings), 1)

    def columns(self) -> Sequence[int]:
        """All its columns, Reveal's own included, ascending."""
        return sorted({*self.headings, *self.own.values()})


def same(left: Region, right: Region) -> bool:
    """Whether two header rows say the same in the same columns: a page break repeats them."""
    both = set(left.headings) & set(right.headings)
    if not both:
        return False
    equal = sum(left.headings[c].text == right.headings[c].text for c in both)
    return equal >= _ALIKE * max(len(left.headings), len(right.headings))


def read(grid: Grid, row: int, lines: Sequence[Row], wishes: Sequence[Wish]) -> Region:
    """Read one or two rows as headings."""
    headings: dict[int, Heading] = {}
    owns: list[dict[str, int]] = []
    for column in sorted({column for line in lines for column in line}):
        own = own_header(lines[-1].get(column, ""))
        if own:
            if not owns or own in owns[-1]:
                owns.append({})
            owns[-1][own] = column
            continue
        heading = _heading(column, _joined(line.get(column, "") for line in lines), wishes)
        if heading.text:
            headings[column] = heading
    for column in _cosmetic(grid, row, headings):
        del headings[column]
    top = row - len(lines) + 1
    return Region(top, row, headings, owns, lines=tuple(lines))


def _joined(texts: Iterable[str]) -> str:
    """The lines of one heading; a cell merged over both lines counts once."""
    parts: list[str] = []
    for text in map(headers.shown, texts):
        if text and text not in parts:
            parts.append(text)
    return " ".join(parts)


def _heading(column: int, text: str, wishes: Sequence[Wish]) -> Heading:
    for wish in wishes:
        if wish.fits(text, column):
            return _wished(column, text, wish)
    return Heading(column, text, vocabulary.meaning(text), members=groups.members(text))


def _wished(column: int, text: str, wish: Wish) -> Heading:
    """A heading whose meaning people gave: what it says, not whose it is."""
    own = groups.members(text)
    if wish.given:
        own = tuple(replace(one, meaning=wish.meaning) for one in own) if wish.of_anybody else ()
    return Heading(column, text, wish.meaning, wish.given, wish.members or own)


def _cosmetic(grid: Grid, row: int, headings: Mapping[int, Heading]) -> Iterator[int]:
    """The further columns of a merged heading that have nothing of their own below it."""
    for area in grid.merged:
        if area.first_column == area.last_column or not area.first_row <= row <= area.last_row:
            continue
        for column in range(area.first_column + 1, area.last_column + 1):
            below = [cells for at, cells in grid.head.items() if at > row]
            if column in headings and all(
                column not in cells or cells[column] == cells.get(area.first_column)
                for cells in below
            ):
                yield column


def area(region: Region, last_row: int) -> Area:
    """From the first header cell to the last data row and the last column."""
    columns = region.columns()
    return Area(region.top, columns[0], max(last_row, region.header_row), columns[-1])


def within(frame: pl.DataFrame, region: Region) -> pl.DataFrame:
    """The rows below a header as far as its region reaches, without copying them."""
    numbers = frame[ROW]
    start = int(numbers.search_sorted(region.header_row, side="right"))
    if region.last is None:
        return frame.slice(start)
    end = int(numbers.search_sorted(region.last, side="right"))
    return frame.slice(start, max(0, end - start))

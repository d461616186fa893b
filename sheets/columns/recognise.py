"""Recognition: all tables of all sheets, and which column of theirs is which field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from sheets.columns import (
    enrollments,
    groups,
    headers,
    kinds,
    layout,
    oneroster,
    rows,
    users,
    values,
    vocabulary,
    wishes,
)
from sheets.columns.assign import Sheet, assign
from sheets.columns.below import regions_below
from sheets.columns.model import Found
from sheets.columns.region import area, within
from sheets.errors import NotUnderstood, SheetNotFound
from sheets.grid import Cells, letters
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sheets.columns.region import Heading, Region
    from sheets.columns.wishes import Wish
    from sheets.grid import Grid
    from sheets.rules.model import Rule

_SAMPLE = 2000  # so many rows are looked at to decide what a column is
_SHOWN = 40  # so many headings of a sheet that is not known are told
_REPEATS = 0.9
_FEW = 5
_TOP = 20  # in so many rows a header that is not known is looked for
_KEYS = ("number", "person_id", "person_guid", "student_number", "student_person_id", "email")


@dataclass(frozen=True, slots=True)
class Draft:
    """A table before its columns are settled."""

    grid: Grid
    region: Region
    kind: str
    cells: Cells

    @property
    def frame(self) -> pl.DataFrame:
        """The rows of the table, its header and what is beyond left out."""
        return within(self.cells.frame, self.region)

    def sample(self, column: int) -> list[str]:
        """Some values of a column from all over the table, blanks left out."""
        if str(column) not in self.cells.frame.columns:
            return []
        series = self.frame[str(column)].drop_nulls()
        every = max(1, -(-len(series) // _SAMPLE))
        return values.sample(series.gather_every(every))

    def words(self, column: int) -> list[str]:
        """All different values of a column that has few of them."""
        if str(column) not in self.cells.frame.columns:
            return []
        return values.sample(self.frame[str(column)].unique().head(_SAMPLE))

    def side_by_side(self, columns: Sequence[int]) -> list[tuple[str, ...]]:
        """The values of some columns in the first rows, in lower case."""
        frame = self.frame.head(_SAMPLE)
        if not columns:
            return [()] * frame.height
        lines = frame.select(map(str, columns)).iter_rows()
        return [tuple(headers.shown(text or "").casefold() for text in line) for line in lines]

    def repeats(self, column: int) -> bool:
        """Whether many rows have the same value."""
        if str(column) not in self.cells.frame.columns:
            return False
        series = self.frame[str(column)].head(_SAMPLE).drop_nulls()
        return len(series) > 1 and series.n_unique() < _REPEATS * len(series)


def recognise(
    grids: Sequence[Grid],
    mapping: Mapping[str, str] | None = None,
    sheets: Collection[str] = (),
    needs: frozenset[str] = frozenset(),
    *,
    standing: Mapping[str, str] | None = None,
    own: Iterable[Rule] = (),
) -> list[Found]:
    """Find the tables of some sheets, and which of their columns is which field.

    Args:
        grids: The sheets that belong together, of one book or several.
        mapping: Header as shown -> field, by id or plain name: ``Home Phone`` -> ``Other Phone``.
            It always wins. ``ignore`` as a field leaves the column alone.
        sheets: Only sheets with these names.
        needs: The fields that the rules look at, besides those that every profile needs: their
            cells are read, and two columns that claim one of them are asked about.
        standing: More of a mapping, for wherever such a heading is.
        own: The district's own rules: the columns that they name are fields too.

    Returns:
        The tables, in the order of the sheets, then from top to bottom and left to right. A sheet
        without any gives one of kind ``other``.

    Raises:
        SheetNotFound: A name in `sheets` is not there.
        WrongUsage: A mapping names a heading or a field that is not there.
        ColumnsUnclear: Two columns claim one field, or a heading nearly fits one.
        NotUnderstood: A sheet lists people, but it is not clear of which kind.
    """
    require(sheets, grids)
    columns = wishes.of_rules(own)
    wanted = [
        *wishes.read(mapping or {}, columns),
        *wishes.read(standing or {}, columns, required=False),
        *columns,
    ]
    chosen = [grid for grid in grids if not grid.is_own and (not sheets or grid.title in sheets)]
    wishes.require(wanted, (cell for grid in chosen for cell in _head_cells(grid, wanted)))
    books = Counter(grid.book for grid in grids)
    drafts: list[Draft | Found] = []
    for grid in chosen:
        names = [grid.title, *([grid.book] if books[grid.book] == 1 else [])]
        drafts += _drafts(grid, wanted, names, needs, named=bool(sheets))
    drafts = [_beside(draft, drafts) for draft in drafts]
    drafts = [_sure(draft, drafts, named=bool(sheets)) for draft in drafts]
    accounts = any(isinstance(one, Draft) and one.kind == "account" for one in drafts)
    found = [
        part
        for one in drafts
        for part in ([one] if isinstance(one, Found) else _finish(one, needs, accounts=accounts))
    ]
    return users.told(_with_contact_ids(found), grids)


def require(sheets: Collection[str], grids: Sequence[Grid]) -> None:
    """Refuse names of sheets that are not there.

    Raises:
        SheetNotFound: The message names the one, the hint those that there are.
    """
    there = [grid.title for grid in grids]
    for title in sheets:
        if title not in there:
            tabs = ", ".join(f'"{one}"' for one in dict.fromkeys(there))
            raise SheetNotFound(f'There is no sheet "{title}".', hint=f"There are: {tabs}.")


def closest(grids: Sequence[Grid]) -> list[str]:
    """What headings that are not known may be meant to say, for a message.

    Example:
        >>> closest([])
        []
    """
    found = []
    for grid in grids:
        for cells in list(grid.head.values())[:_TOP]:
            for column, text in list(cells.items())[:_SHOWN]:
                field = _nearest(text)
                if field is not None:
                    at = f"{grid.title}, column {letters(column)}"
                    found.append(f'"{headers.shown(text)}" ({at}) looks like {field}')
    return list(dict.fromkeys(found))[:_FEW]


def _nearest(text: str) -> str | None:
    """The plain name of the field that a heading nearly says."""
    words = headers.words(text)
    if vocabulary.meaning(text).known or len(words) > _SHOWN:
        return None
    for name in dict.fromkeys(n for kind in vocabulary.kinds().values() for n in kind.needs):
        if headers.near(words, vocabulary.spellings(name)):
            return vocabulary.label(name)
    return None


def _head_cells(grid: Grid, wanted: Sequence[Wish]) -> Iterator[tuple[int, str]]:
    """What may be a heading: the cells of the head, and headings of two lines."""
    for cells in grid.head.values():
        yield from cells.items()
    for region in layout.regions(grid, wanted) if wanted else ():
        yield from ((one.column, one.text) for one in region.headings.values())


def _drafts(
    grid: Grid, wanted: Sequence[Wish], names: Sequence[str], needs: frozenset[str], *, named: bool
) -> list[Draft | Found]:
    """The tables of one sheet, their kinds decided."""
    if grid.state == "very hidden" and not named:
        return [_other(grid, [], ("it is hidden by a program, so it is left alone",))]
    if (of_set := oneroster.file(grid)) not in {None, oneroster.USERS}:
        looked_up = of_set == oneroster.ENROLLMENTS
        return [oneroster.enrollments(grid) if looked_up else _other(grid, [], ())]
    wanted = [*wanted, *oneroster.senses(grid)]
    regions = layout.regions(grid, wanted)
    likely = [one for one in regions if _decide(_of_head(grid, one), names) != vocabulary.OTHER]
    if not likely:
        return [_other(grid, regions, ())]
    columns = {column for region in likely for column in _columns(region, needs)}
    cells = grid.load(sorted(columns))
    drafts: list[Draft] = []
    for region in likely:
        for one in regions_below(grid, cells, region, wanted):
            mine = cells
            if not set(_columns(one, needs)) <= columns:
                mine = grid.load(_columns(one, needs))
            draft = Draft(grid, one, "", mine)
            kind = _decide(draft, names)
            if kind != vocabulary.OTHER:
                drafts.append(replace(draft, kind=kind))
    return list(drafts) or [_other(grid, regions, ())]


def _columns(region: Region, needs: frozenset[str]) -> list[int]:
    """The columns worth loading: those that may be a field that is read, and the first."""
    said = {column for column, heading in region.headings.items() if _may_be_read(heading, needs)}
    return sorted({min(region.headings), *said})


def _may_be_read(heading: Heading, needs: frozenset[str]) -> bool:
    read = vocabulary.always_read() | needs
    said = (heading.meaning, *(one.meaning for one in heading.members))
    return heading.given or any(
        one.options is not None or any(sense.field in read for sense in one.senses) for one in said
    )


def _of_head(grid: Grid, region: Region) -> Draft:
    """A draft that knows only the head of the sheet, so that nothing needs to be loaded."""
    columns = [str(column) for column in region.headings]
    below = {row: cells for row, cells in grid.head.items() if row > region.header_row}
    frame = pl.DataFrame(
        {
            ROW: pl.Series(list(below), dtype=pl.UInt32),
            **{
                name: pl.Series([c.get(int(name)) for c in below.values()], dtype=pl.String)
                for name in columns
            },
        }
    )
    last = max(below, default=region.header_row)
    return Draft(grid, region, "", Cells(frame, {}, last, max(region.headings)))


def _decide(draft: Draft, names: Sequence[str]) -> str:
    if oneroster.lacks_roles(draft.grid, names):
        return "mixed"
    decided = kinds.decide(
        kinds.Evidence(
            headings=list(draft.region.headings.values()),
            names=[*names, *draft.region.titles],
            values=draft.sample,
            words=draft.words,
            repeats=draft.repeats,
            rows=draft.frame.height,
        )
    )
    if decided == vocabulary.OTHER and enrollments.are(draft.region.headings.values(), names):
        return enrollments.KIND
    return decided


def _beside(draft: Draft | Found, drafts: Sequence[Draft | Found]) -> Draft | Found:
    """Settle what may be a list of enrollments by what other lists there are."""
    if isinstance(draft, Found):
        return draft
    kind = enrollments.settled(
        draft.kind,
        are_enrollments=_are_enrollments(draft),
        others=(
            one.kind
            for one in drafts
            if one is not draft and not (isinstance(one, Draft) and _are_enrollments(one))
        ),
    )
    if kind == vocabulary.OTHER:
        return _other(draft.grid, [draft.region], ())
    return replace(draft, kind=kind)


def _are_enrollments(draft: Draft) -> bool:
    return enrollments.are(draft.region.headings.values(), [draft.grid.title])


def _sure(draft: Draft | Found, drafts: Sequence[Draft | Found], *, named: bool) -> Draft | Found:
    """Settle a list of people of whom it is not clear who they are.

    Beside other lists of people in the same book it is left alone, and said so; alone, or asked
    for by name, it is an error.
    """
    if isinstance(draft, Found) or draft.kind != kinds.UNSURE:
        return draft
    beside = any(
        isinstance(one, Draft)
        and one.grid.book == draft.grid.book
        and one.kind in vocabulary.PEOPLE
        for one in drafts
    )
    if beside and not named:
        note = "it lists people, but not clearly students, staff or contacts, so it is left alone"
        return _other(draft.grid, [draft.region], (note,))
    raise NotUnderstood(
        "It lists people, but it is not clear whether they are students, staff or contacts.",
        hint="Give the tab (or the CSV file) a name that says so, such as Students, Staff or "
        "Contacts, or name the sheets to check with --sheet.",
        where=draft.grid.where,
    )


def _other(grid: Grid, regions: Sequence[Region], notes: Sequence[str]) -> Found:
    """A sheet that is something else, with what its headings seem to be."""
    if regions:
        texts = [one.text for one in max(regions, key=lambda one: one.score).headings.values()]
    else:
        rows_with_several = (cells for cells in grid.head.values() if len(cells) > 1)
        texts = [headers.shown(text) for text in next(rows_with_several, {}).values()]
    return Found(
        grid=grid,
        kind=vocabulary.OTHER,
        header_row=0,
        last_row=0,
        rows=pl.Series(ROW, [], dtype=pl.UInt32),
        area=None,
        fields={},
        unrecognised=texts[:_SHOWN],
        own={},
        cells=None,
        notes=tuple(notes),
    )


def _finish(draft: Draft, needs: frozenset[str], *, accounts: bool) -> Iterator[Found]:
    """Settle the columns and the rows of a table, and of the groups of contacts in it."""
    grid, region = draft.grid, draft.region
    headings: Sequence[Heading] = [region.headings[column] for column in sorted(region.headings)]
    kind = "student" if draft.kind == enrollments.KIND else draft.kind
    sheet = Sheet(kind, headings, draft.sample, draft.side_by_side, accounts, grid.where, needs)
    beside: Mapping[str, Sequence[Heading]] = {}
    if draft.kind == "student":
        headings, beside = groups.split(headings, draft.sample)
    fields, unused, notes = assign(replace(sheet, headings=headings))
    identity = vocabulary.kinds()[kind].identity
    sifted = rows.sift(
        grid,
        draft.cells,
        region,
        {fields[name].column for name in identity if name in fields},
        [fields[name].column for name in _KEYS if name in fields],
    )
    last = int(str(sifted.rows[-1])) if len(sifted.rows) else region.header_row
    own = Found(
        grid=grid,
        kind=draft.kind,
        header_row=region.header_row,
        last_row=last,
        rows=sifted.rows,
        area=area(region, last),
        fields=fields,
        unrecognised=unused,
        own=region.own,
        cells=_only(draft.cells, {place.column for place in fields.values()}),
        notes=(*_states(draft), *notes, *sifted.notes()),
    )
    yield own
    for group, members in beside.items():
        yield _group(own, draft.cells, group, replace(sheet, kind="contact", headings=members))


def _group(own: Found, cells: Cells, group: str, sheet: Sheet) -> Found:
    """The contacts of one group of a wide sheet, with the keys of their students."""
    fields, unused, notes = assign(sheet)
    implied = groups.relationship(group)
    if implied is not None and "relationship" not in fields:
        notes = [*notes, f'"{group}" has no relationship column: {implied} is taken for it']
    fields = {**vocabulary.of_students(own.fields), **fields}
    return replace(
        own,
        kind="contact",
        fields=fields,
        unrecognised=unused,
        cells=_only(cells, {place.column for place in fields.values()}),
        notes=tuple(notes),
        group=group,
    )


def _states(draft: Draft) -> Iterator[str]:
    """What is hidden and yet judged."""
    if draft.grid.state != "visible":
        yield "the sheet is hidden; it is checked too"
    count = draft.cells.hidden_rows
    if count:
        yield f"{count:,} hidden {'rows are' if count > 1 else 'row is'} checked too"


def _only(cells: Cells, columns: Collection[int]) -> Cells:
    """The cells of these columns, as far as they were read."""
    wanted = [name for name in cells.frame.columns if name == ROW or int(name) in columns]
    return replace(
        cells,
        frame=cells.frame.select(wanted),
        odd={at: odd for at, odd in cells.odd.items() if at[1] in columns},
    )


def _with_contact_ids(found: Sequence[Found]) -> list[Found]:
    """Take a "Contact ID" for the person id where the accounts know it as one."""
    people: set[str] = set()
    for one in found:
        if one.kind == "account" and one.cells and "person_id" in one.fields:
            people.update(_ids(one, "person_id"))
    return [_with_contact_id(one, people) for one in found]


def _with_contact_id(found: Found, people: Collection[str]) -> Found:
    fields = dict(found.fields)
    known = "contact_id" in fields and "person_id" not in fields and bool(people)
    if not known or not any(one in people for one in _ids(found, "contact_id")):
        return found
    fields["person_id"] = fields.pop("contact_id")
    return replace(found, fields=fields)


def _ids(found: Found, field: str) -> Iterator[str]:
    if found.cells is not None:
        column = found.cells.frame[str(found.fields[field].column)].drop_nulls()
        yield from column.str.strip_chars(headers.SPACES).unique()

"""What the tests over a corpus share: a patch for any sheet, and all that is tried on one file."""

from __future__ import annotations

import re
import shutil
import traceback
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import sheets
from sheets.errors import RevealError
from sheets.grid import TAG, Mark, OwnColumn, Patch, Shade, letters
from tests.referee import Referee

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sheets.grid import Grid

OWN = ("Revealed?", "What to fix")
PACKAGES = frozenset({".xlsx", ".xlsm"})
SHEET = re.compile(r"/(work|chart|dialog|macro)sheets/[^/]+$|/sheet[^/]*\.xml$", re.IGNORECASE)
TOUCHED = re.compile(
    r"styles[^/]*\.xml$|/tables?/[^/]+$|table\d*\.xml$|workbook[^/]*\.xml$|^\[Content_Types\]\.xml$"
    r"|\.rels$",
    re.IGNORECASE,
)
"""The parts that may change besides the sheet: a style for the marks, a table or filter grows."""


@dataclass(frozen=True)
class Tried:
    """What came of one file: ``written``, ``empty`` or ``refused``, and what went wrong."""

    name: str
    state: str
    reason: str = ""
    problems: Sequence[str] = ()
    opens: bool = True


def patch(grid: Grid) -> Patch:
    """Own columns right of everything, and a mark on the first column, whatever the sheet holds.

    The first row that holds something is taken for the header, every later one for a person.
    """
    header = min(grid.head)
    first = min(min(row) for row in grid.head.values() if row)
    cells = grid.load(sorted({column for row in grid.head.values() for column in row}))
    rows = [row for row in cells.frame["_row"].to_list() if row > header]
    start = max([cells.last_column, *(area.last_column for area in grid.merged)]) + 1
    at = f"INDEX(${letters(first)}:${letters(first)},ROW())"
    fix = f"INDEX(${letters(start + 1)}:${letters(start + 1)},ROW())"
    test = f'ISNUMBER(FIND("""Header"" is blank",{fix})),LEN(TRIM({at}))=0'
    verdicts = ["Yes" if row % 3 else "No" for row in rows]
    reasons = [None if row % 3 else '"Header" is blank; =1+1 is <text> & this too' for row in rows]
    return Patch(
        sheet=grid.title,
        header_row=header,
        last_row=max(rows, default=header),
        rows=rows,
        columns=(
            OwnColumn(OWN[0], start, verdicts),
            OwnColumn(OWN[1], start + 1, reasons, width=60, wrap=True),
        ),
        marks=(Mark(first, Shade.MISSING, f'=AND(N("{TAG}")=0,{test})'),),
        note="Written by Reveal. Rules: edutech 1, as of 2026-11-23.",
    )


def parts(path: Path) -> Mapping[str, bytes]:
    """The parts of a package, in their order; some programs on Windows wrote backslashes."""
    with zipfile.ZipFile(path) as package:
        return {
            entry.filename.replace("\\", "/"): package.read(entry) for entry in package.infolist()
        }


def read_everything(path: Path, folder: Path) -> Tried:
    """Read all sheets and the columns of their first rows; only `RevealError` may come of it."""
    return _tried(_read_everything, path, folder)


def round_trip(path: Path, folder: Path) -> Tried:
    """Write into a copy, write again, clear; and compare every part at each step."""
    return _tried(_round_trip, path, folder)


def check_and_clear(path: Path, folder: Path) -> Tried:
    """The whole flow over a copy: two headings are said to be a contact's, then all is cleared."""
    return _tried(_check_and_clear, path, folder)


def _tried(work: Callable[[str, Path], Tried], path: Path, folder: Path) -> Tried:
    """Work on a copy; what it raises becomes a reason or a problem."""
    with copied(path, folder) as source:
        try:
            return work(path.name, source)
        except RevealError as error:
            return Tried(path.name, "refused", _reason(error), opens=referee().opens(source))
        except BaseException:  # noqa: BLE001 - it is what the test looks for, Rust panics included
            return Tried(path.name, "broken", problems=[traceback.format_exc()])


def _read_everything(name: str, source: Path) -> Tried:
    problems = []
    for grid in sheets.open_book(source).read():
        cells = grid.load(sorted({column for row in grid.head.values() for column in row}))
        # The result would be written over what stands right of a last column that is wrong.
        widest = max((column for row, column in filled(grid)), default=0)
        if widest > cells.last_column:
            problems.append(f"column {widest} is filled, but {cells.last_column} is the last")
    return Tried(name, "read", problems=problems)


def filled(grid: Grid) -> Iterator[tuple[int, int]]:
    """The cells of the first rows that hold something themselves, and not through a merged area."""
    for row, cells in grid.head.items():
        for column in cells:
            areas = [area for area in grid.merged if area.holds(row, column)]
            if all((area.first_row, area.first_column) == (row, column) for area in areas):
                yield row, column


def _check_and_clear(name: str, source: Path) -> Tried:
    once, cleared = (source.with_name(f"{step}{source.suffix}") for step in ("once", "cleared"))
    book = sheets.open_book(source, once)
    for grid in book.read():
        said = [list(dict.fromkeys(row.values())) for row in grid.head.values()]
        header = next((texts for texts in said if len(texts) > 1), None)
        if header and grid.state == "visible" and not grid.protected:
            break
    else:
        return Tried(name, "empty")
    mapping = {header[0]: "last_name", header[1]: "relationship"}
    outcome = sheets.check([book], mapping=mapping, sheets=[grid.title])
    if not outcome.patches(book):
        return Tried(name, "nobody")
    problems = compare_parts(parts(source), parts(once))
    sheets.clear([sheets.open_book(once, cleared)])
    if list(parts(cleared).items()) != list(parts(source).items()):
        problems.append(f"cleared differs: {differing(parts(source), parts(cleared))}")
    return Tried(name, "written", problems=problems)


@contextmanager
def copied(path: Path, folder: Path) -> Iterator[Path]:
    """A copy in a folder of its own, for as long as it is needed."""
    place = folder / path.parent.name / path.name
    place.mkdir(parents=True)
    source = place / f"source{path.suffix}"
    shutil.copyfile(path, source)
    try:
        yield source
    finally:
        shutil.rmtree(place)


def _round_trip(name: str, source: Path) -> Tried:
    once, twice, cleared = (
        source.with_name(f"{step}{source.suffix}") for step in ("once", "twice", "cleared")
    )
    book = sheets.open_book(source, once)
    grids = [grid for grid in book.read() if grid.head]
    if not grids:
        return Tried(name, "empty")
    wanted = patch(next((grid for grid in grids if not grid.protected), grids[0]))
    assert wanted.columns is not None
    book.write([wanted])
    before, after = parts(source), parts(once)
    problems = compare_parts(before, after)
    problems += referee().compare(source, once)
    again = replace(wanted, replaces=tuple(column.column for column in wanted.columns))
    _write(once, twice, again)
    if twice.exists() and list(parts(twice).items()) != list(after.items()):
        problems.append(f"writing twice differs: {differing(after, parts(twice))}")
    _write(once, cleared, replace(again, columns=(), marks=(), note=""))
    if list(parts(cleared).items()) != list(before.items()):
        problems.append(f"cleared differs: {differing(before, parts(cleared))}")
    return Tried(name, "written", problems=problems)


def _write(source: Path, out: Path, wanted: Patch) -> None:
    book = sheets.open_book(source, out)
    book.read()
    book.write([wanted])


def compare_parts(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """What changed although it is not ours."""
    gone = before.keys() - after.keys()
    changed = differing(before, after)
    ours = [name for name in changed if SHEET.search(name)]
    foreign = [name for name in changed if name not in ours and not TOUCHED.search(name)]
    problems = [f"gone: {sorted(gone)}"] if gone else []
    if foreign:
        problems.append(f"changed: {foreign}")
    if len(ours) != 1:
        problems.append(f"not one sheet changed, but: {ours}")
    return problems


def differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    names = before.keys() | after.keys()
    return sorted(name for name in names if before.get(name) != after.get(name))


def _reason(error: RevealError) -> str:
    return f"{type(error).__name__}: {error.message}"


@cache
def referee() -> Referee:
    """One for each process."""
    return Referee()

"""`reveal demo --google`: a whole sync against a server on this computer that stands in for Google.

That server is one of the tools that Reveal is tested with. It is in the project's folder, and not
in an installed Reveal.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import paths, syncing
from addin.choosing import Choice
from sheets import rules
from sheets.books import open_book
from sheets.books.google import signin
from sheets.errors import MissingExtra
from sheets.flow import NO_EXTRAS
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets.books.google.book import GoogleBook
    from sheets.grid import Grid

_SAMPLE = "small-school.xlsx"
_PROJECT = Path(__file__).parent.parent
_PEOPLE = "Contacts"
_SHOWN = ("Last Name", "First Name", "Other Phone", "Email", "Revealed?", "What to fix")
_KEY = ("Student Number", "Contact Person ID")
_FIRST = 3
_WIDEST = 42


def run(project: Path = _PROJECT) -> Iterator[str]:
    """Sync the sample, sync it again while somebody sorts it, clear it; yield what is said.

    Args:
        project: The project's folder.

    Raises:
        MissingExtra: It is not there, or the part for Google Sheets is not installed.
    """
    with _emulator(project)() as google:
        document = _spreadsheet(google)
        before = google.values(document, _PEOPLE)
        shown = _chosen(before)
        yield (
            "This is a try on your own computer, with the people of an invented school. A small\n"
            "server here stands in for Google Sheets: no account is needed, nothing leaves.\n\n"
            f'The tab "{_PEOPLE}" as the office has it, some of its rows:\n\n'
        )
        yield from _table(before, shown)
        yield "\n$ reveal sync https://docs.google.com/spreadsheets/d/...\n\n"
        yield from _sync(google, document)
        yield f'\nThe tab "{_PEOPLE}" now:\n\n'
        yield from _table(google.values(document, _PEOPLE), shown)
        yield (
            "\nOnce more. Somebody fills in a phone number first, and somebody else sorts the\n"
            "list by first name just when Reveal writes:\n\n"
        )
        tab = google.state(document).find(_PEOPLE).id
        google.person_types(document, f"{_PEOPLE}!{_blank(before)}", "'(585) 555-0142")
        google.before("write", lambda: google.person(document, _sorting(tab, before)))
        yield from _sync(google, document)
        yield f'\nThe tab "{_PEOPLE}" now; each verdict is still beside its person:\n\n'
        yield from _table(google.values(document, _PEOPLE), shown)
        yield "\n$ reveal sync https://docs.google.com/spreadsheets/d/... --clear\n\n"
        yield from syncing.clear([_book(google, document)], sheets=(), write=True)


def _emulator(project: Path) -> Any:
    """The class of the server that stands in for Google."""
    if not (project / "tests" / "emulators" / "google").is_dir():
        raise MissingExtra(
            "This part of the demo needs the project's folder: the server that stands in for "
            "Google Sheets is not in an installed Reveal.",
            hint='In the folder say: pip install -e ".[google]", and `reveal demo --google`.',
        )
    if str(project) not in sys.path:
        sys.path.insert(0, str(project))
    try:
        return importlib.import_module("tests.emulators.google").Emulator
    except ImportError as error:
        raise MissingExtra(
            "The server that stands in for Google Sheets needs more than is installed.",
            hint='In the folder of the project say: pip install -e ".[google]".',
        ) from error


def _spreadsheet(google: Any) -> str:
    """Put the sample into the server; the id that it has there."""
    grids = open_book(paths.templates() / "samples" / _SAMPLE).read()
    document: str = google.spreadsheet(
        {grid.title: list(_rows(grid)) for grid in grids}, title="Small school (sample)"
    )
    for grid, sheet in zip(grids, google.state(document).sheets, strict=True):
        for item in grid.list_objects:
            told = {"name": item.name, "range": _range(sheet.id, item.area)}
            google.person(document, {"addTable": {"table": told}})
        if grid.filter is not None:
            told = {"range": _range(sheet.id, grid.filter)}
            google.person(document, {"setBasicFilter": {"filter": told}})
    return document


def _rows(grid: Grid) -> Iterator[Sequence[Mapping[str, Any] | None]]:
    cells = grid.load(range(1, grid.load(()).last_column + 1))
    for row in cells.frame.drop("_row").iter_rows():
        yield [text and {"userEnteredValue": {"stringValue": text}} for text in row]


def _range(sheet: int, area: Area) -> Mapping[str, int]:
    return {
        "sheetId": sheet,
        "startRowIndex": area.first_row - 1,
        "endRowIndex": area.last_row,
        "startColumnIndex": area.first_column - 1,
        "endColumnIndex": area.last_column,
    }


def _sorting(sheet: int, rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
    by = {"dimensionIndex": rows[0].index("First Name"), "sortOrder": "ASCENDING"}
    people = {"sheetId": sheet, "startRowIndex": 1, "endRowIndex": len(rows)}
    return {"sortRange": {"range": people, "sortSpecs": [by]}}


def _blank(rows: Sequence[Sequence[str]]) -> str:
    """The first cell without a phone number."""
    column = rows[0].index("Other Phone")
    row = next(at for at, values in enumerate(rows, 1) if not values[column])
    return Area.cell(row, column + 1)


def _book(google: Any, document: str) -> GoogleBook:
    who = signin.SignedIn(google.service_account())
    address = f"https://docs.google.com/spreadsheets/d/{document}"
    [[book], _] = syncing.books([address], who, google.url)
    return book


def _sync(google: Any, document: str) -> Iterator[str]:
    books = [_book(google, document)]
    outcome = syncing.run(
        books,
        [],
        Choice(rules.profile()),
        mapping={},
        sheets=(),
        extras=NO_EXTRAS,
        write=True,
        hold=None,
    )
    *_, last = syncing.report(outcome, books, dry_run=False)
    yield f"{outcome.summary.total.yes:,} of {outcome.summary.total.total:,} are revealed.\n"
    yield last


def _chosen(rows: Sequence[Sequence[str]]) -> Collection[tuple[str, ...]]:
    """The people that are shown: the first ones, and the first ones without a phone number."""
    people = [row for row in rows[1:] if row]
    lacking = [row for row in people if not row[rows[0].index("Other Phone")]]
    return {_key(rows[0], row) for row in (*people[:_FIRST], *lacking[:_FIRST])}


def _key(header: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[header.index(name)] for name in _KEY)


def _table(rows: Sequence[Sequence[str]], people: Collection[tuple[str, ...]]) -> Iterator[str]:
    """Yield some columns of some people, aligned, with the numbers of their rows."""
    columns = [rows[0].index(name) for name in _SHOWN if name in rows[0]]
    shown = [
        [str(number), *(_cell(row, at) for at in columns)]
        for number, row in enumerate(rows, 1)
        if number == 1 or _key(rows[0], row) in people
    ]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield f"  {line.rstrip()}\n"


def _cell(row: Sequence[str], at: int) -> str:
    text = row[at] if at < len(row) else ""
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."

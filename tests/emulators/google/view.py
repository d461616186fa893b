"""What tests see of documents and change in them, without a request over the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.emulators.google import (
    colours,
    entry,
    formats,
    metadata,
    places,
    reading,
    schema,
    values,
)
from tests.emulators.google.calc import Calc
from tests.emulators.google.cells import with_value, written
from tests.emulators.google.methods import METHODS
from tests.emulators.google.model import Cell, Sheet, Spreadsheet
from tests.emulators.google.world import Call, World

if TYPE_CHECKING:
    from tests.emulators.google.errors import Json

OWNER = "office@example.org"
ROBOT = "reveal-robot@reveal-tests.iam.gserviceaccount.com"
Rows = Sequence[Sequence[Any]]


class View:
    """Documents of a world: made, changed by persons, and looked at."""

    def __init__(self, world: World) -> None:
        self.world = world

    def spreadsheet(
        self,
        sheets: Mapping[str, Rows],
        *,
        title: str = "Roster",
        owner: str = OWNER,
        writers: Sequence[str] = (ROBOT,),
        readers: Sequence[str] = (),
        size: tuple[int, int] | None = None,
    ) -> str:
        """Make a document of plain rows, and tell its id.

        A text that begins with an equals sign is a formula, a dict is CellData, None is a blank
        cell, all else is stored as it is. A sheet is as large as its rows, or of the size given.
        """
        made = self.world.create(title, owner)
        made.writers, made.readers = frozenset(writers), frozenset(readers)
        made.sheets = [
            _sheet(0 if at == 0 else self.world.ids.number("sheet"), name, rows, size)
            for at, (name, rows) in enumerate(sheets.items())
        ]
        return made.id

    def person(self, document: str, *requests: Json, user: str = OWNER) -> list[Json]:
        """Let a person change a document by requests of a batch; their replies."""
        body = {"requests": list(requests)}
        replies: list[Json] = self.call("spreadsheets.batchUpdate", document, body, user)["replies"]
        return replies

    def call(self, method: str, document: str, body: Json, user: str = OWNER) -> Json:
        """Call a method as a user, without a request over the line."""
        [known] = [each for each in schema.methods() if each.name == method]
        asked = schema.cleaned(body, known.body or "")
        with self.world.lock:
            call = Call(method, user, {"spreadsheetId": document}, {}, asked, None)
            return METHODS[method](self.world, call)

    def person_types(self, document: str, cell: str, text: str) -> None:
        """Let a person type a text into a cell, such as ``Contacts!B2``."""
        self._put(document, cell, lambda old: with_value(old, *entry.typed(text)))

    def set_result(
        self, document: str, cell: str, shown: Json, number_format: Json | None = None
    ) -> None:
        """Say what a formula shows that is not worked out here, as an ExtendedValue.

        Some formulas make a date of their cell, or a share of hundred: that is the format.
        """
        told = {"result": shown}
        if number_format:
            told["resultFormat"] = {"numberFormat": number_format}
        self._put(document, cell, lambda old: {**old, **told})

    def _put(self, document: str, place: str, change: Callable[[Cell], Cell]) -> None:
        with self.world.lock:
            draft = self.world.documents[document].copy()
            sheet, box = places.place(draft, place)
            sheet.put(box.top, box.left, change(sheet.cell(box.top, box.left)))
            self.world.commit(draft)

    def share(self, document: str, user: str, *, write: bool = True) -> None:
        """Let a user see a document, and change it or not."""
        found = self.world.documents[document]
        found.writers -= {user}
        found.readers -= {user}
        if write:
            found.writers |= {user}
        else:
            found.readers |= {user}

    def unshare(self, document: str, user: str) -> None:
        found = self.world.documents[document]
        found.writers -= {user}
        found.readers -= {user}

    def state(self, document: str) -> Spreadsheet:
        """All that a document is made of; not to be changed."""
        return self.world.documents[document]

    def told(self, document: str, user: str = OWNER) -> Json:
        """A document with all of its cells, as the API tells it."""
        return reading.spreadsheet(self.state(document), user, wanted=None, grid=True)

    def _sheet(self, document: str, title: str) -> Sheet:
        found = self.state(document).find(title)
        if found is None:
            raise KeyError(title)
        return found

    def titles(self, document: str) -> list[str]:
        return [sheet.title for sheet in self.state(document).sheets]

    def values(self, document: str, title: str) -> list[list[Any]]:
        """What the cells of a sheet show, without blank ones at the ends."""
        sheet = self._sheet(document, title)
        calc = Calc(self.state(document))
        told: Json = values.read(calc, sheet, sheet.whole(), values.Reading())
        shown: list[list[Any]] = told.get("values", [])
        return shown

    def cells(self, document: str, title: str) -> list[dict[int, Cell]]:
        """The cells of a sheet as they are kept: for each row, those that are not blank."""
        return [dict(row) for row in self._sheet(document, title).cells]

    def rules(self, document: str, title: str) -> list[Json]:
        """The conditional formats of a sheet, in their order."""
        return list(self._sheet(document, title).rules)

    def metadata(self, document: str) -> list[Json]:
        """All developer metadata of a document, each with the place where it is now."""
        return list(metadata.every(self.state(document)))

    def fills(self, document: str, title: str) -> dict[tuple[int, int], str]:
        """The cells of a sheet whose fill is not white, as they are seen: ``#F4B183``."""
        sheet = self._sheet(document, title)
        calc = Calc(self.state(document))
        made = {}
        for at in sheet.whole().cells():
            seen = formats.effective(calc, sheet, *at)
            fill = colours.web(seen["backgroundColorStyle"].get("rgbColor", {}))
            if fill != "#FFFFFF":
                made[at] = fill
        return made


def _sheet(number: int, title: str, rows: Rows, size: tuple[int, int] | None) -> Sheet:
    height, width = size or (0, 0)
    width = max(width, 1, *(len(row) for row in rows)) if rows else max(width, 1)
    made = Sheet.blank(number, title, max(height, len(rows), 1), width)
    for row, cells in enumerate(rows):
        made.cells[row] = {
            column: written({}, _told(value), {})
            for column, value in enumerate(cells)
            if value not in (None, "")
        }
    return made


def _told(value: Any) -> Json:
    if isinstance(value, dict):
        return value
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    kind = "formulaValue" if str(value).startswith("=") else "stringValue"
    return {"userEnteredValue": {kind: str(value)}}

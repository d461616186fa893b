"""All documents, and the call that is answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.emulators.google.errors import ApiError, Json
from tests.emulators.google.ids import Ids
from tests.emulators.google.model import Sheet, Spreadsheet
from tests.emulators.google.quota import Clock

if TYPE_CHECKING:
    from tests.emulators.google.mask import Mask

WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
THEME = {
    "TEXT": {},
    "BACKGROUND": WHITE,
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}


@dataclass(frozen=True)
class Call:
    """A call of a method by a user, its parts checked."""

    name: str
    user: str
    path: dict[str, str]
    query: Json
    body: Json
    mask: Mask | None


class World:
    """The documents of all users."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ids = Ids()
        self.lock = threading.RLock()
        self.documents: dict[str, Spreadsheet] = {}

    def create(self, title: str, owner: str, *, locale: str = "en_US") -> Spreadsheet:
        """A new document with one empty sheet."""
        now = self.clock.text()
        theme = [{"colorType": name, "color": {"rgbColor": THEME[name]}} for name in THEME]
        properties = {
            "title": title,
            "locale": locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": "Etc/GMT",
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": {"primaryFontFamily": "Arial", "themeColors": theme},
        }
        made = Spreadsheet(self.ids.text("file"), properties, [Sheet.blank(0, "Sheet1")], owner)
        made.created = made.modified = now
        self.documents[made.id] = made
        return made

    def read(self, document: str, user: str) -> Spreadsheet:
        """A document, for a user who may see it."""
        found = self.documents.get(document)
        if found is None:
            raise ApiError(404)
        if not found.may_read(user):
            raise ApiError(403)
        return found

    def draft(self, document: str, user: str) -> Spreadsheet:
        """A copy of a document to change, for a user who may."""
        found = self.read(document, user)
        if not found.may_write(user):
            raise ApiError(403)
        return found.copy()

    def commit(self, draft: Spreadsheet) -> None:
        """Make a changed copy the document."""
        self.clock.advance(0.001)
        draft.version += 1
        draft.modified = self.clock.text()
        self.documents[draft.id] = draft

"""A Google spreadsheet keeps the promises of `sheets.testing`; beside an emulated server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sheets.books.google import signin
from sheets.books.google.book import GoogleBook
from sheets.books.google.wire import Wire
from sheets.grid import VERDICTS_SHEET, Area, Patch
from sheets.testing import TITLE, BookContract, cleared, verdicts
from tests.emulators.google import Emulator


def text_cell(text):
    """A cell that holds a text, whatever it begins with."""
    return None if text is None else {"userEnteredValue": {"stringValue": text}}


@pytest.fixture(scope="module")
def google():
    with Emulator(quotas=False) as emulator:
        yield emulator


class TestGoogle(BookContract):
    @pytest.fixture(autouse=True)
    def _google(self, google):
        self.google = google
        self.carrier = signin.carrier(signin.SignedIn(google.service_account()), google.url)

    def make(self, sheets, formulas, protected):
        self.id = self.google.spreadsheet(
            {
                title: [[text_cell(text) for text in row] for row in rows]
                for title, rows in sheets.items()
            },
            title="people",
        )
        for title, cells in formulas.items():
            for at in cells:
                # The result that the test wants to be there is a text.
                area = Area.parse(at)
                shown = sheets[title][area.first_row - 1][area.first_column - 1]
                self.google.person_types(self.id, f"{title}!{at}", f'="{shown}"')
        for title in protected:
            tab = self.google.state(self.id).find(title)
            whole = {"range": {"sheetId": tab.id}, "editors": {"users": [self.google.owner]}}
            self.google.person(self.id, {"addProtectedRange": {"protectedRange": whole}})
        return self.open()

    def open(self):
        return GoogleBook(Wire(self.carrier, self.id))

    def reopen(self, book):
        return self.open()

    def marks(self, book, title):
        return [
            rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"].removeprefix("=")
            for rule in self.google.rules(self.id, title)
        ]

    def saved(self, book):
        return len(self.google.calls("write"))

    def state(self, book):
        """All but what counts its changes, and empty columns at the edge, which stay."""
        told = self.google.told(self.id)
        told.pop("developerMetadata", None)
        for sheet in told["sheets"]:
            sheet["properties"]["gridProperties"].pop("columnCount", None)
            for data in sheet["data"]:
                columns = data.pop("columnMetadata", ())
                data["own"] = [
                    each["developerMetadata"] for each in columns if "developerMetadata" in each
                ]
        return told

    def test_clearing_leaves_no_metadata(self):
        book = self.given()

        self.write(book, verdicts())
        assert self.google.metadata(self.id)
        self.write(book, cleared(verdicts()))

        assert not self.google.metadata(self.id)


class LookedUp(GoogleBook):
    """A spreadsheet in which every row looks its verdict up by the number in its first column."""

    def write(self, patches, own=None):
        super().write([self.keyed(patch) for patch in patches], own)

    def read(self):
        return [grid for grid in super().read() if grid.title != VERDICTS_SHEET]

    @staticmethod
    def keyed(patch):
        own = patch.columns and tuple(replace(one, keys=(1,)) for one in patch.columns)
        return replace(patch, columns=own)


class TestGoogleLookedUp(TestGoogle):
    def open(self):
        return LookedUp(Wire(self.carrier, self.id))

    def test_input_cells_are_filled_in(self):
        book = self.given()
        self.write(book, verdicts())

        filled = {(3, 2): "O'Dell", (3, 3): "+1 555 0199", (2, 1): "000999"}
        self.write(book, Patch(TITLE, 1, 4, columns=None, cells=filled))

        # Who has another number now has not been judged.
        assert self.table(book)[1:3] == [
            ["000999", "Byrne", "555-0101", None, None],
            ["000124", "O'Dell", "+1 555 0199", "No", '"Phone" is blank; =1+1 is text'],
        ]

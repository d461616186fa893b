"""A tab of our own in somebody's empty spreadsheet, and a recording of what is said about it."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gspread.exceptions import APIError

from sheets.books.google.wire import ROOT, Lost, Refused, Wire
from sheets.errors import CannotWrite, WrongUsage
from tests.emulators.google.replay import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from requests import Response

    from sheets.books.google.wire import Carrier

    Json = dict[str, Any]

HEADERS = ("Content-Type", "Retry-After")
PROJECT = re.compile(r"(project\w*[/: =]+)\d+")
TRIES = 3
SIZE = {"rowCount": 40, "columnCount": 8}
# What is read of the tab.
TAB = (
    "sheets(properties.sheetId,conditionalFormats,data(rowData.values(userEnteredValue,"
    "effectiveValue,note,dataValidation,userEnteredFormat.backgroundColorStyle),"
    "rowMetadata.developerMetadata))"
)


class Recording:
    """A carrier that keeps what is asked and answered, without the token and the project."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.interactions: list[Json] = []

    def request(
        self, method: str, endpoint: str, params: Any = None, data: Any = None, json: Any = None
    ) -> Response:
        try:
            answer: Response = self.carrier.request(method, endpoint, params, data, json)
        except APIError as error:
            self.interactions.append(_kept(error.response))
            raise
        self.interactions.append(_kept(answer))
        return answer

    def save(self, path: Path) -> None:
        """Write it as ``tests/emulators/google/replay.py`` reads recordings."""
        told = {"version": 1, "interactions": self.interactions}
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _kept(answer: Response) -> Json:
    parts = urlsplit(answer.request.url or "")
    body = answer.request.body
    return {
        "request": {
            "method": answer.request.method,
            "uri": f"{ROOT.partition('/v4')[0]}{parts.path}?{parts.query}",
            "body": body.decode() if isinstance(body, bytes) else body,
            "headers": {"authorization": ["<ACCESS_TOKEN>"]},
        },
        "response": {
            "status": {"code": answer.status_code, "message": answer.reason},
            "headers": {name: [each] for name in HEADERS if (each := answer.headers.get(name))},
            "body": {"string": PROJECT.sub(r"\g<1>0", answer.text)},
        },
    }


@dataclass(frozen=True)
class Answer:
    """What is answered to a request, whether it was carried out or not."""

    status: int
    told: Json
    headers: Any

    @property
    def message(self) -> str:
        """What an error says."""
        return str(self.told.get("error", {}).get("message", ""))


@dataclass(frozen=True)
class Trial:
    """The tab, and requests about it."""

    wire: Wire
    locale: str
    sheet: int
    # The protected ranges that whoever is signed in may not change.
    closed: tuple[Json, ...]

    def call(self, verb: str, path: str, params: Json, body: Json | None = None) -> Answer:
        """Send a request once, whatever the answer is."""
        url = f"{ROOT}/{self.wire.id}{path}"
        try:
            answer = self.wire.carrier.request(verb, url, params=params, json=body)
        except APIError as error:
            answer = error.response
        told = answer.json() if answer.content[:1] == b"{" else {}
        return Answer(answer.status_code, told, answer.headers)

    def batch(self, *requests: Json, fields: str = "spreadsheetId", **more: Any) -> Answer:
        """Send a batch that may be refused."""
        body = {"requests": requests, **more}
        return self.call("post", ":batchUpdate", {"fields": fields}, body)

    def do(self, *requests: Json) -> None:
        """Send a batch that has to go well."""
        answer = self.batch(*requests)
        if answer.status != 200:
            raise Refused(f"{answer.status} {answer.message}")

    def tab(self) -> Json:
        """The tab as it is now."""
        told = self.call("get", "", {"fields": TAB}).told["sheets"]
        [found] = [each for each in told if each["properties"]["sheetId"] == self.sheet]
        return dict(found)

    def cell(self, row: int, column: int) -> Json:
        """One cell as it is now."""
        rows = self.tab()["data"][0].get("rowData", [])
        values = rows[row].get("values", ()) if row < len(rows) else ()
        return dict(values[column]) if column < len(values) else {}

    def range(self, row: int, column: int, rows: int = 1) -> Json:
        """Some cells of a column."""
        told = {"startRowIndex": row, "endRowIndex": row + rows}
        columns = {"startColumnIndex": column, "endColumnIndex": column + 1}
        return {"sheetId": self.sheet, **told, **columns}

    def fill(self, row: int, column: int, *cells: Json, fields: str = "userEnteredValue") -> Json:
        """The request that writes some cells below one another."""
        start = {"sheetId": self.sheet, "rowIndex": row, "columnIndex": column}
        rows = [{"values": [cell]} for cell in cells]
        return {"updateCells": {"start": start, "rows": rows, "fields": fields}}


def text(value: str) -> Json:
    """A cell that holds a text."""
    return {"userEnteredValue": {"stringValue": value}}


@contextmanager
def own_tab(wire: Wire) -> Iterator[Trial]:
    """A new tab of an empty spreadsheet; at the end it is gone, and the locale is as it was.

    Raises:
        RevealError: It is not shared, not empty, or something is left behind.
    """
    before = wire.read(WHOLE)
    sheets = before["sheets"]
    if "developerMetadata" in before or any(_holds(sheet) for sheet in sheets):
        raise WrongUsage("This spreadsheet is in use.", hint="Make an empty one, to throw away.")
    used = {sheet["properties"]["sheetId"] for sheet in sheets}
    number = next(each for each in iter(lambda: secrets.randbelow(2**30), 0) if each not in used)
    title = f"Reveal asks {dt.datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
    properties = {"sheetId": number, "title": title, "gridProperties": SIZE}
    locale = before["properties"]["locale"]
    closed = [
        each["range"]
        for sheet in sheets
        for each in sheet.get("protectedRanges", ())
        if not each.get("warningOnly") and not each.get("requestingUserCanEdit")
    ]
    try:
        wire.write({"requests": [{"addSheet": {"properties": properties}}]}, "replies")
        yield Trial(wire, locale, number, tuple(closed))
    finally:
        _undo(wire, title, in_locale(locale))
        _undo(wire, title, {"deleteSheet": {"sheetId": number}})


def _holds(sheet: Json) -> bool:
    rows = (row for data in sheet.get("data", ()) for row in data.get("rowData", ()))
    others = sheet.keys() - {"properties", "data", "protectedRanges"}
    return bool(others) or any(row.get("values") for row in rows)


def in_locale(locale: str) -> Json:
    """The request that changes the locale of the spreadsheet."""
    told = {"properties": {"locale": locale}, "fields": "locale"}
    return {"updateSpreadsheetProperties": told}


def _undo(wire: Wire, title: str, request: Json) -> None:
    """Do something at the end; what is refused then is done already."""
    for _ in range(TRIES):
        try:
            wire.write({"requests": [request]}, "spreadsheetId")
        except Refused:
            return
        except Lost:
            continue
        return
    raise CannotWrite(
        "Google Sheets has stopped to answer.",
        hint=f'Delete the tab "{title}", and see whether the locale is right (File > Settings).',
    )

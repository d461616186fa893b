"""Recorded requests sent to the emulator, and its answers compared with those of the service.

From the top of the checkout: ``python -m tests.emulators.google.replay DIR``.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.emulators.google.drive import PATH as DRIVE_PATH
from tests.emulators.google.emulator import Emulator
from tests.emulators.google.model import Sheet
from tests.emulators.google.schema import methods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulators.google.errors import Json

# What is excused, everywhere: the time at which something happened. The ids that the service gave
# are told to the emulator beforehand, so they are compared.
TIMES = ("createdTime", "modifiedTime")
DOCUMENT = re.compile(r"/(?:spreadsheets|files)/([^/:?]+)")
# A recording may read a document with this mask that it did not make: the document has nothing
# more than what it tells.
WHOLE = (
    "spreadsheetId,properties(title,locale),developerMetadata,"
    "sheets(properties(sheetId,title,index,sheetType,gridProperties(rowCount,columnCount)),"
    "conditionalFormats,merges,basicFilter,tables,"
    "protectedRanges(range,description,warningOnly,requestingUserCanEdit,unprotectedRanges),"
    "data(rowData(values(userEnteredValue))))"
)
# Where an answer to a batch tells the id of something new.
NEW_IDS = (
    ("addSheet", "sheet", ("properties", "sheetId")),
    ("addNamedRange", "named", ("namedRange", "namedRangeId")),
    ("addProtectedRange", "protected", ("protectedRange", "protectedRangeId")),
)


@dataclass(frozen=True)
class Recorded:
    """A request to the service and its answer."""

    recording: str
    method: str
    path: str
    query: str
    body: str
    status: int
    answer: Any

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Difference:
    """An answer that is not the recorded one."""

    asked: Recorded
    status: int
    answer: Any

    def __str__(self) -> str:
        return f"{self.asked.recording}: {self.asked.method} {self.asked.path}"


@dataclass
class Report:
    """How many answers were the same, and which ones were not."""

    identical: int = 0
    differences: list[Difference] = field(default_factory=list)
    # Why the others cannot be compared.
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def comparable(self) -> int:
        return self.identical + len(self.differences)

    def __str__(self) -> str:
        left = ", ".join(f"{count} {why}" for why, count in self.left_out.most_common())
        share = self.identical / max(1, self.comparable)
        return (
            f"{self.identical} of {self.comparable} comparable answers are identical "
            f"({share:.1%}); not comparable: {left or 'none'}"
        )


def recorded(folder: Path) -> Iterator[list[Recorded]]:
    """The requests of each recording below a folder, in their order."""
    for path in sorted(folder.rglob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        yield [_recorded(path.stem, each) for each in told["interactions"]]


def _recorded(name: str, told: Json) -> Recorded:
    asked, answer = told["request"], told["response"]
    parts = urlsplit(asked["uri"])
    text = answer["body"].get("string", "")
    return Recorded(
        name,
        asked["method"],
        parts.path,
        parts.query,
        asked["body"] or "",
        answer["status"]["code"],
        _parsed(text),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def replay(folder: Path) -> Report:
    """Send all recorded requests to an emulator, one new emulator for each recording."""
    report = Report()
    for requests in recorded(folder):
        with Emulator(quotas=False) as google:
            _replay(google, requests, report)
    return report


def _replay(google: Emulator, requests: list[Recorded], report: Report) -> None:
    ours = {_made(each) for each in requests} - {None}
    ours |= {_remade(google, each) for each in requests if _is_whole(each)}
    line = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {google.token()}", "Content-Type": "application/json"}
    try:
        for asked in requests:
            why = _left_out(asked, ours)
            if why:
                report.left_out[why] += 1
                continue
            _tell_ids(google, asked)
            line.request(asked.method, asked.target, asked.body.encode(), headers)
            answer = line.getresponse()
            told = _parsed(answer.read().decode())
            if answer.status == 501:
                report.left_out["of kinds that are not emulated"] += 1
            elif (answer.status, _without_times(told)) == (
                asked.status,
                _without_times(asked.answer),
            ):
                report.identical += 1
            else:
                report.differences.append(Difference(asked, answer.status, told))
    finally:
        line.close()


def _made(asked: Recorded) -> str | None:
    """The id of the document that a request made."""
    if asked.method == "POST" and asked.path.startswith("/drive/v3/files"):
        return str(asked.answer["id"])
    return None


def _is_whole(asked: Recorded) -> bool:
    return asked.status == 200 and parse_qs(asked.query).get("fields") == [WHOLE]


def _remade(google: Emulator, read: Recorded) -> str:
    """Make a document as it was read, for the one who reads it; its id."""
    told = read.answer
    google.world.ids.told["file"].append(told["spreadsheetId"])
    made = google.world.create(told["properties"]["title"], google.owner)
    made.properties |= told["properties"]
    made.writers = frozenset({google.robot})
    made.sheets = [_sheet(google, each) for each in told["sheets"]]
    return made.id


def _sheet(google: Emulator, told: Json) -> Sheet:
    properties = told["properties"]
    grid = properties["gridProperties"]
    made = Sheet.blank(
        properties["sheetId"], properties["title"], grid["rowCount"], grid["columnCount"]
    )
    for each in told.get("protectedRanges", ()):
        may = each.pop("requestingUserCanEdit", False)
        made.protected.append(each | ({"editors": {"users": [google.robot]}} if may else {}))
    return made


def _left_out(asked: Recorded, ours: set[str | None]) -> str:
    """Why an answer cannot be compared, or nothing."""
    known = DRIVE_PATH.fullmatch(asked.path) or any(
        method.path.fullmatch(asked.path) and method.verb == asked.method for method in methods()
    )
    if not known:
        return "of methods that are not emulated"
    if asked.status == 429 or asked.status >= 500:
        return "of a service that was too busy"
    found = DOCUMENT.search(asked.path)
    if found and found[1] not in ours and asked.status != 404:
        return "about documents made outside of the recording"
    return ""


def _tell_ids(google: Emulator, asked: Recorded) -> None:
    """Let the emulator give the ids that the service gave."""
    told = google.world.ids.told
    document = _made(asked)
    if document:
        told["file"].append(document)
    if asked.status == 200 and asked.path.endswith(":batchUpdate") and "values" not in asked.path:
        for reply in asked.answer.get("replies", ()):
            for kind, name, (outer, inner) in NEW_IDS:
                if kind in reply:
                    told[name].append(reply[kind][outer][inner])


def _without_times(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_times(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {
        name: "a time" if name in TIMES else _without_times(each) for name, each in told.items()
    }


if __name__ == "__main__":
    found = replay(Path(sys.argv[1]))
    for difference in found.differences:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write(f"{found}\n")

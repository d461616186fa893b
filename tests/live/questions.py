"""Ten questions: what Reveal and its tests take for granted of Google Sheets.

No recording shows it so far. Each is asked of a tab that holds nothing else, so what is found may
be told to others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.books.google import formats, snapshot
from sheets.books.google.wire import Refused
from sheets.errors import CannotWrite
from sheets.grid import FILLS, TAG, Mark, Patch, Shade
from tests.live.trial import Trial, in_locale, text

if TYPE_CHECKING:
    from tests.live.trial import Answer, Json


@dataclass(frozen=True)
class Found:
    """What was found, and what is wrong with it for Reveal, if anything."""

    told: str
    wrong: str = ""


Asking = Callable[[Trial], Found]
QUESTIONS: dict[str, Asking] = {}
COSTLY: dict[str, Asking] = {}
"""Those that use up what a minute allows."""

OTHER_LOCALE = "de_DE"
FORMULA = f'=AND(N("{TAG}")=0,ISNUMBER(FIND("blank",$B1)),LEN(TRIM($A1))=0)'
LOOKS_UP = f'=IF(N("{TAG}")=0,"right","wrong")'
METADATA = (2_000, 29_000, 31_000, 100_000)
MINUTE, MOST = 61, 150
REFUSED = (400, 409)


def question(words: str, asked: dict[str, Asking] = QUESTIONS) -> Callable[[Asking], Asking]:
    """Enter a function as the one that asks."""

    def entered(function: Asking) -> Asking:
        asked[words] = function
        return function

    return entered


def _tag(trial: Trial, number: int, value: str, *, row: int | None = None) -> Json:
    here: Json = {"sheetId": trial.sheet}
    if row is not None:
        here |= {"dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        here = {"dimensionRange": here}
    told = {"metadataId": number, "metadataKey": "reveal.asks", "metadataValue": value}
    told |= {"visibility": "DOCUMENT", "location": here}
    return {"createDeveloperMetadata": {"developerMetadata": told}}


def _one_of(*values: str) -> Json:
    told = [{"userEnteredValue": each} for each in values]
    return {"condition": {"type": "ONE_OF_LIST", "values": told}, "strict": True}


@question("1. What does a sort move?")
def sort(trial: Trial) -> Found:
    look = {"backgroundColorStyle": {"rgbColor": {"red": 1}}}
    more = {"note": "n", "dataValidation": _one_of("b"), "userEnteredFormat": look}
    fields = "userEnteredValue,note,dataValidation,userEnteredFormat"
    filled = trial.fill(0, 0, text("b") | more, text("a"), fields=fields)
    trial.do(filled, _tag(trial, trial.sheet + 1, "row", row=0))
    spec = {"dimensionIndex": 0, "sortOrder": "ASCENDING"}
    trial.do({"sortRange": {"range": trial.range(0, 0, 2), "sortSpecs": [spec]}})
    [data] = trial.tab()["data"]
    first, second = (data["rowData"][row]["values"][0] for row in (0, 1))
    moved = [name for name in more if second.get(name) and not first.get(name)]
    stays = "developerMetadata" in data["rowMetadata"][0]
    told = f"the value, {', '.join(moved)}; metadata of the row {'stays' if stays else 'moves'}"
    wrong = "all that is in a cell moves, what is tied to a row stays"
    right = second["userEnteredValue"] == {"stringValue": "b"} and len(moved) == len(more) and stays
    return Found(told, "" if right else wrong)


@question("2. Is a batch refused that makes metadata with an id that is there?")
def same_id(trial: Trial) -> Found:
    tag = _tag(trial, trial.sheet + 2, "once")
    trial.do(tag)
    answer = trial.batch(tag, trial.fill(2, 0, text("twice")))
    right = answer.status in REFUSED and "userEnteredValue" not in trial.cell(2, 0)
    return Found(_said(answer), "" if right else "a write that is sent twice is done once")


@question("3. How long may metadata of a tab be?")
def size(trial: Trial) -> Found:
    number, taken = trial.sheet + 3, 0
    answer = trial.batch(_tag(trial, number, "x"))
    for length in METADATA:
        known = {"developerMetadataLookup": {"metadataId": number}}
        gone = {"deleteDeveloperMetadata": {"dataFilter": known}}
        answer = trial.batch(gone, _tag(trial, number, "x" * length))
        if answer.status != 200:
            break
        taken = length
    more = f", no more: {_said(answer)}" if taken < METADATA[-1] else ""
    wrong = f"{METADATA[0]:,} characters are needed"
    return Found(f"{taken:,} characters are taken{more}", "" if taken else wrong)


def _rules(trial: Trial, formula: str) -> list[Json]:
    """The highlights of a list with Reveal's own code, one of each shade."""
    tab = snapshot.Tab(trial.sheet, "", 40, 8, ())
    marks = tuple(Mark(1, shade, formula) for shade in Shade)
    patch = Patch(sheet="", header_row=10, last_row=20, rows=(), columns=None, marks=marks)
    return [dict(rule) for rule in formats.wanted(tab, [patch])]


def _add(rules: list[Json]) -> list[Json]:
    return [{"addConditionalFormatRule": {"index": 0, "rule": each}} for each in reversed(rules)]


@question("4. Do the formulas of highlights and of --strict come back as they were sent?")
def formulas(trial: Trial) -> Found:
    [rule, *_] = _rules(trial, FORMULA)
    looks_up = trial.fill(4, 0, {"userEnteredValue": {"formulaValue": LOOKS_UP}})
    again = {"updateConditionalFormatRule": {"sheetId": trial.sheet, "index": 0, "rule": rule}}
    trial.do(in_locale("en_US"), looks_up, *_add([rule]))
    told = [_formulas(trial, "en_US")]
    trial.do(in_locale(OTHER_LOCALE))
    told.append(_formulas(trial, f"then {OTHER_LOCALE}"))
    trial.do(looks_up, again)
    told.append(_formulas(trial, f"sent in {OTHER_LOCALE}"))
    trial.do(in_locale(trial.locale))
    told.append(_formulas(trial, "back again"))
    trial.do({"deleteConditionalFormatRule": {"sheetId": trial.sheet, "index": 0}})
    changed = [each for each in told if each]
    wrong = "formulas are the same in every locale, and are worked out"
    return Found("; ".join(changed) or "unchanged in both locales", wrong if changed else "")


def _formulas(trial: Trial, when: str) -> str:
    """What of the formulas is not as it was sent; nothing if all is."""
    tab = trial.tab()
    cell = tab["data"][0]["rowData"][4]["values"][0]
    told = [
        formats.formula(tab["conditionalFormats"][0]),
        cell["userEnteredValue"].get("formulaValue", ""),
        str(cell["effectiveValue"].get("stringValue", "an error")),
    ]
    wanted = [FORMULA, LOOKS_UP, "right"]
    other = [each for each, known in zip(told, wanted, strict=True) if each != known]
    return f"{when}: {', '.join(other)}" if other else ""


@question("5. Does strict data validation stop a program?")
def validation(trial: Trial) -> Found:
    trial.do({"setDataValidation": {"range": trial.range(5, 0), "rule": _one_of("x", "y")}})
    answer = trial.batch(trial.fill(5, 0, text("z")))
    written = trial.cell(5, 0).get("userEnteredValue") == {"stringValue": "z"}
    told = "it is written" if written else _said(answer)
    return Found(told, "" if written else "verdicts are written whatever the validation is")


@question("6. Does the answer to a write hold what is read afterwards?")
def told_back(trial: Trial) -> Found:
    asked = {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
    fields = f"updatedSpreadsheet({snapshot.MASK})"
    answer = trial.batch(trial.fill(6, 0, text("new")), fields=fields, **asked)
    read = trial.call("get", "", {"fields": snapshot.MASK})
    same = answer.status == 200 and answer.told.get("updatedSpreadsheet") == read.told
    told = "it is the same" if same else f"not the same ({_said(answer)})"
    return Found(told, "" if same else "a write tells what a read would")


@question("7. What do refusals say of a mask, of the grid, of a protected range?")
def refusals(trial: Trial) -> Found:
    masked = trial.call("get", "", {"fields": "nonsense"})
    beyond = trial.fill(10_000, 0, text("far"))
    beside = trial.batch(beyond)
    told, right = [_said(masked), _said(beside)], masked.status in REFUSED
    right &= _kind(trial, beyond) == "updateCells"
    if trial.closed:
        # The second request is never done, so nothing of the batch is.
        closed = {"range": trial.closed[0], "fields": "userEnteredValue"}
        shut = trial.batch({"updateCells": closed}, beyond)
        told.append(_said(shut))
        right &= shut.status == 403 or shut.message.startswith("Invalid requests[0].updateCells")
    else:
        told.append("no range is protected from who is signed in, so that was not asked")
    wrong = "refusals are 400 or 403 and name the request"
    return Found("; ".join(told), "" if right else wrong)


def _kind(trial: Trial, request: Json) -> str:
    """Which request Reveal takes for the one that was refused."""
    try:
        trial.wire.write({"requests": [request]}, "spreadsheetId")
    except (CannotWrite, Refused) as error:
        return str(error)
    return ""


@question("8. Are the colours of conditional formats kept in 8 bits?")
def colours(trial: Trial) -> Found:
    rules = _rules(trial, FORMULA)
    half = {"backgroundColorStyle": {"rgbColor": {"red": 0.5}}}
    odd = rules[0] | {"booleanRule": rules[0]["booleanRule"] | {"format": half}}
    trial.do(*_add([*rules, odd]))
    *own, last = trial.tab()["conditionalFormats"]
    red = last["booleanRule"]["format"]["backgroundColorStyle"]["rgbColor"].get("red", 0)
    now = snapshot.Tab(trial.sheet, "", 40, 8, (), formats=own)
    settled = not list(formats.requests(now, rules))
    told = f"0.5 comes back as {255 * red:.2f}/255, {', '.join(FILLS.values())} "
    wrong = "the colours of its highlights are found again"
    return Found(told + ("as sent" if settled else "changed"), "" if settled else wrong)


@question("9. Does a refusal for too many requests say how long to wait?", COSTLY)
def retry_after(trial: Trial) -> Found:
    trial.wire.sleep(MINUTE)
    taken, answer = _until_refused(trial)
    if answer.status != 429:
        return Found(f"{taken} writes were taken, then {_said(answer)}", "a minute is limited")
    waits = answer.headers.get("Retry-After")
    told = f"Retry-After: {waits}" if waits else "no Retry-After"
    return Found(f"{told}, after {taken} writes; {_said(answer)}")


@question("10. What does a batch of 1 MB cost?", COSTLY)
def cost(trial: Trial) -> Found:
    trial.wire.sleep(MINUTE)
    small, _ = _until_refused(trial)
    trial.wire.sleep(MINUTE)
    large = trial.batch(trial.fill(8, 0, *[text("x" * 49_999)] * 20))
    rest, _ = _until_refused(trial)
    trial.wire.sleep(MINUTE)
    told = f"{small} small writes a minute, or a large one ({large.status}) and {rest} small ones"
    # How many there are in a minute is not exact.
    right = large.status == 200 and small - rest <= 5
    return Found(told, "" if right else "a write costs the same whatever its size")


def _until_refused(trial: Trial) -> tuple[int, Answer]:
    """How many small writes are taken, and the answer to the one after."""
    small = trial.fill(7, 0, text("small"))
    answer = trial.batch(small)
    taken = 0
    while answer.status == 200 and taken < MOST:
        taken += 1
        answer = trial.batch(small)
    return taken, answer


def _said(answer: Answer) -> str:
    return f"{answer.status} {answer.message}".strip()

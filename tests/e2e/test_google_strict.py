"""Strict: whatever a person edits, and whenever it is looked at, no row shows another's verdict."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from sheets import flow
from sheets.books.google import lookups
from sheets.books.memory import MemoryBook
from sheets.errors import CannotRead, CannotWrite, NotUnderstood
from sheets.flow import Extras
from sheets.place import is_own
from tests.e2e.test_google_faults import SCHEDULES, Watch, book_of, fault
from tests.e2e.test_google_faults import SOAK as SCHEDULES_SOAK
from tests.e2e.test_google_races import (
    EDITS,
    HEADERS,
    PROFILE,
    TITLE,
    inputs,
    lines,
    open_book,
    people,
    same_but_for,
    shown,
)
from tests.emulators.google import Emulator

STRICT = Extras(strict=True)
IDS = HEADERS[:2]
QUICK_CASES, RANDOM_CASES, SOAK = 3, 15, 200


@pytest.fixture(scope="module")
def google():
    with Emulator(quotas=False) as emulator:
        yield emulator


def sync(google, document, extras=STRICT):
    book = open_book(google, document)
    flow.check([book], PROFILE, extras=extras)
    return book


def puts(row, values):
    told = [{"userEnteredValue": {"stringValue": text}} if text else {} for text in values]
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": 0}
    return {"updateCells": {"start": start, "rows": [{"values": told}], "fields": "*"}}


def seen(google, document):
    """The ids of each row, as people see them, and what Reveal shows in it."""
    title, *_ = google.titles(document)
    rows = google.values(document, title)
    kept = google.cells(document, title)
    head = rows[0] if rows else []
    at = [head.index(name) if name in head else None for name in IDS]
    for row, cells in list(zip(rows, kept, strict=False))[1:]:
        ours = {column for column, cell_ in cells.items() if lookups.is_own(cell_)}
        ours |= {column for column, text in enumerate(head) if is_own(text)}
        key = tuple(row[one] if one is not None and one < len(row) else "" for one in at)
        yield key, [row[one] for one in sorted(ours) if one < len(row) and row[one]]


class Right:
    """What may be shown for whom: what was said of them in any state that was judged."""

    def __init__(self):
        self.of = defaultdict(set)

    def learn(self, rows):
        """Judge people and return what is said of whom."""
        book = MemoryBook({TITLE: rows})
        flow.check([book], PROFILE)
        head, *squared = book.rows(TITLE)
        own = [at for at, text in enumerate(head) if is_own(text or "")]
        at = [head.index(name) if name in head else None for name in IDS]
        said = {
            tuple("" if one is None else row[one] or "" for one in at): [row[one] for one in own]
            for row in squared
        }
        for key, texts in said.items():
            self.of[key] |= {text for text in texts if text}
        return said

    def allowed(self, key):
        """What was said of who may be meant, where a column of ids is gone."""
        meant = [
            self.of[known]
            for known in list(self.of)
            if all(
                not one or not other or one == other for one, other in zip(key, known, strict=True)
            )
        ]
        return set().union(*meant)

    def wrong(self, google, document):
        """The rows that show what was never said of them."""
        return [
            (key, texts)
            for key, texts in seen(google, document)
            if not set(texts) <= self.allowed(key)
        ]


def earlier(google, document, dice, rows, right):
    """The rows after what was done to the spreadsheet before."""
    kind = dice.choice(("nothing", "strict", "strict", "grown", "normal"))
    if kind != "nothing":
        sync(google, document, Extras(strict=kind != "normal"))
        right.learn(rows)
    if kind == "grown":
        rows = [*rows, ["000777", "9777", *people(dice)[1][2:]]]
        google.person(document, puts(len(rows) - 1, rows[-1]))
    if kind != "nothing":
        row, column = dice.randint(1, len(rows) - 1), dice.choice((5, 6))
        value = dice.choice((None, "585-555-0199" if column == 5 else "new@example.org"))
        rows[row][column] = value
        google.person(document, puts(row, rows[row]))
    return rows


def race(google, edit, seed, extras=STRICT):
    dice = random.Random(f"strict {edit.__name__} {seed}")
    rows, right = people(dice), Right()
    width = len(HEADERS) + dice.choice((0, 0, 3, 16))
    document = google.spreadsheet({TITLE: rows}, size=(len(rows) + 5, width))
    rows = earlier(google, document, dice, rows, right)
    before = right.learn(rows)
    state = google.state(document).sheets[0]
    requests = list(edit(dice, 0, len(rows), len(state.columns)))
    _, entered, _ = shown(google, document)
    copy = google.spreadsheet({TITLE: entered}, size=(len(rows) + 6, width + 4))
    if requests:
        google.person(copy, *requests)
    _, wanted, own_of_copy = shown(google, copy)
    moments = []

    def now():
        if not moments and requests:
            google.person(document, *requests)
            right.learn(inputs(wanted, own_of_copy))
        moments.append(right.wrong(google, document))

    google.before("write", now, times=None)
    book = open_book(google, document)
    refused = False
    try:
        flow.check([book], PROFILE, extras=extras)
    except NotUnderstood:
        refused = True
    google.plans.hooks.clear()
    if not moments:
        return False  # nothing had to be written, so there was no moment to edit in
    moments.append(right.wrong(google, document))
    assert not any(moments), "what is said of somebody else is shown"
    _, found, own = shown(google, document)
    same_but_for(book.unsure, found, own, wanted, own_of_copy)
    assert len(moments) <= 3
    if not refused:
        for key, texts in seen(google, document):
            assert bool(texts) or key not in before or not all(key), "a row has lost its verdict"
    return True


@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one.__name__)
def test_no_row_ever_shows_another_verdict(google, edit):
    assert sum(race(google, edit, seed) for seed in range(QUICK_CASES))


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one.__name__)
def test_no_row_ever_shows_another_verdict_in_many_random_cases(google, edit, request):
    many = SOAK if request.config.getoption("--soak") else RANDOM_CASES
    met, seed = 0, 0
    while met < many:
        met += race(google, edit, seed)
        seed += 1


def test_a_column_inserted_where_reveal_writes_keeps_its_header(google):
    """Reveal says of its second column that it is its own while another stands there."""
    rows = people(random.Random(0))
    document = google.spreadsheet({TITLE: rows}, size=(len(rows) + 5, len(HEADERS) + 5))
    sync(google, document, Extras(strict=False))
    at = len(HEADERS) + 1
    inserted = lines(0, "COLUMNS", at, at + 1)
    bus = {
        "start": {"sheetId": 0, "rowIndex": 0, "columnIndex": at},
        "rows": [{"values": [{"userEnteredValue": {"stringValue": "Bus"}}]}],
        "fields": "userEnteredValue",
    }
    requests = [
        {"insertDimension": {"range": inserted, "inheritFromBefore": True}},
        {"updateCells": bus},
    ]
    google.before("write", lambda: google.person(document, *requests), times=1)

    sync(google, document)

    heading, *_ = google.values(document, TITLE)
    assert heading[at - 1 : at + 2] == ["Revealed?", "Bus", "What to fix"]


def test_without_strict_there_are_moments_that_show_another_verdict(google):
    """So the tests above can fail."""
    with pytest.raises(AssertionError, match="of somebody else"):
        sum(race(google, EDITS[0], seed, extras=flow.NO_EXTRAS) for seed in range(100))


def faulty(google, seed):
    """Run a strict sync under a schedule of faults, and another one when they are over."""
    dice = random.Random(f"strict faults {seed}")
    rows, right = people(dice), Right()
    document = google.spreadsheet({TITLE: rows}, size=(len(rows) + 5, len(HEADERS) + 3))
    rows = earlier(google, document, dice, rows, right)
    right.learn(rows)
    _, before, own = shown(google, document)
    for _ in range(dice.randint(1, 4)):
        fault(google, dice)
    moments = []
    google.before("*", lambda: moments.append(right.wrong(google, document)), times=None)
    failed = False
    try:
        flow.check([book_of(google, document, Watch(), seed)], PROFILE, extras=STRICT)
    except (CannotRead, CannotWrite):
        failed = True
    google.plans.faults.clear()
    sync(google, document)
    google.plans.hooks.clear()
    assert not any([*moments, right.wrong(google, document)])
    _, now, own_now = shown(google, document)
    assert inputs(now, own_now) == inputs(before, own)
    assert all(texts for _, texts in seen(google, document))
    return failed


def test_faults_never_show_another_verdict(google):
    assert not all(faulty(google, seed) for seed in range(QUICK_CASES * 2))


@pytest.mark.slow
def test_many_faults_never_show_another_verdict(google, request):
    many = SCHEDULES_SOAK if request.config.getoption("--soak") else SCHEDULES

    assert 0 < sum(faulty(google, seed) for seed in range(many)) < many // 2

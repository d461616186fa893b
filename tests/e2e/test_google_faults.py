"""Google refuses, fails, is silent or drops the line: the sheet is right in the end, or untouched.

Every schedule of faults is checked against what a sync without faults leaves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from sheets import flow, rules
from sheets.books.google import signin, wire
from sheets.books.google.book import GoogleBook
from sheets.errors import CannotRead, CannotWrite, RevealError
from tests.e2e.test_google_races import cell, judged, people, shown, verdicts
from tests.emulators.google import Emulator
from tests.rule_tables import AS_OF

PROFILE = rules.profile(as_of=AS_OF)
THEIRS = {
    "ranges": [{"sheetId": 0, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 0}],
    "booleanRule": {
        "condition": {"type": "BLANK"},
        "format": {"backgroundColorStyle": {"rgbColor": {"green": 1}}},
    },
}
SCHEDULES, SOAK = 50, 500
QUICK = 8
LONGEST = 3 * wire.PATIENCE + 60
"""Seconds that a sync may take at most, all its waiting together: three requests that give up."""


@dataclass
class Watch:
    """A clock on which waiting takes no time."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def read(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def google():
    with Emulator(quotas=False) as emulator:
        yield emulator


def book_of(google, document, watch, seed=0):
    carrier = signin.carrier(signin.SignedIn(google.service_account()), google.url)
    carrier.client.set_timeout((5, 0.3))
    return GoogleBook(
        wire.Wire(carrier, document, sleep=watch.sleep, clock=watch.read, dice=random.Random(seed))
    )


def fault(google, dice):
    """One thing that goes wrong with one of the next requests."""
    match = dice.choice(("read", "write", "write", "*"))
    kind = dice.choice(("429", "429", "500", "500", "503", "503", "dropped", "dropped", "slow"))
    after = dice.random() < 0.5
    if kind == "429":
        wait = dice.choice((None, None, "7"))
        google.fault(match, status=429, times=dice.randint(1, 3), retry_after=wait)
    elif kind == "dropped":
        google.fault(match, drop=True, after_commit=after, times=dice.randint(1, 2))
    elif kind == "slow":
        google.fault(match, delay=0.4, after_commit=after)
    else:
        google.fault(match, status=int(kind), after_commit=after, times=dice.randint(1, 3))


def spreadsheet(google, dice, *, synced=False):
    rows = people(dice)
    document = google.spreadsheet({"Contacts": rows}, size=(12, 14))
    google.person(document, {"addConditionalFormatRule": {"rule": THEIRS, "index": 0}})
    if synced:
        flow.check([book_of(google, document, Watch())], PROFILE)
        value = dice.choice(({"stringValue": "new@example.org"}, {}))
        change = {"rows": [{"values": [{"userEnteredValue": value}]}], "fields": "userEnteredValue"}
        google.person(document, {"updateCells": {"range": cell(0, 1, 6), **change}})
    return document


def faulty(google, seed):
    """Run a sync under a schedule of faults, and look at what it leaves."""
    dice = random.Random(f"faults {seed}")
    document = spreadsheet(google, dice, synced=dice.random() < 0.6)
    before = google.state(document)
    _, rows, own = shown(google, document)
    inputs = [[value for at, value in enumerate(row) if at not in own] for row in rows]
    for _ in range(dice.randint(1, 4)):
        fault(google, dice)
    watch = Watch()
    book = book_of(google, document, watch, seed)
    failed = None
    try:
        flow.check([book], PROFILE)
    except RevealError as error:
        failed = error
    google.plans.faults.clear()
    assert watch.now <= LONGEST, f"waited {watch.now:.0f} s"
    _, now, own = shown(google, document)
    assert [[value for at, value in enumerate(row) if at not in own] for row in now] == inputs
    rules_now = google.rules(document, "Contacts")
    assert [rule for rule in rules_now if rule["booleanRule"] == THEIRS["booleanRule"]] == [
        rule for rule in before.sheets[0].rules if rule["booleanRule"] == THEIRS["booleanRule"]
    ]
    said = [rule["booleanRule"]["condition"].get("values") for rule in rules_now]
    assert len(said) == len({str(one) for one in said}), "a highlight stands there twice"
    right = bool(own) and verdicts(now, own) == judged(trimmed(inputs))
    untouched = google.state(document).sheets == before.sheets
    if failed is None:
        assert right
    else:
        assert isinstance(failed, CannotRead | CannotWrite)
        assert right or untouched
    # Whatever has happened, the next sync makes it right.
    flow.check([book_of(google, document, Watch())], PROFILE)
    _, now, own = shown(google, document)
    assert verdicts(now, own) == judged(trimmed(inputs))
    return failed is None


def trimmed(rows):
    return [row for row in rows if any(row)]


def test_the_sheet_is_right_or_untouched_whatever_goes_wrong(google):
    assert any(faulty(google, seed) for seed in range(QUICK))


@pytest.mark.slow
def test_the_sheet_is_right_or_untouched_under_many_schedules(google, request):
    many = SOAK if request.config.getoption("--soak") else SCHEDULES

    done = sum(faulty(google, seed) for seed in range(QUICK, many))

    assert done > many // 2


def test_a_refusal_is_waited_out_as_long_as_google_asks(google):
    document = spreadsheet(google, random.Random(1))
    google.fault("read", status=429, times=2, retry_after="7")
    watch = Watch()

    book_of(google, document, watch).read()

    assert watch.slept == [7, 7]


def test_a_lasting_refusal_ends_with_a_plain_sentence(google):
    document = spreadsheet(google, random.Random(2))
    google.fault("read", status=429, times=None)
    watch = Watch()

    with pytest.raises(CannotRead, match="takes no more requests"):
        book_of(google, document, watch).read()

    google.plans.faults.clear()
    assert len(watch.slept) < wire.TRIES
    assert watch.now <= wire.PATIENCE


def test_an_answer_that_was_lost_is_looked_for_before_anything_is_sent_again(google):
    document = spreadsheet(google, random.Random(3))
    google.fault("write", drop=True, after_commit=True)
    calls = len(google.log)

    flow.check([book_of(google, document, Watch())], PROFILE)

    made = [one.quota for one in google.log[calls:] if one.quota]
    assert made == ["read", "write", "read"]


def test_two_syncs_that_have_read_the_same_are_not_both_written(google):
    document = spreadsheet(google, random.Random(4))
    first, second = (book_of(google, document, Watch()) for _ in range(2))
    outcomes = [flow.judge([book], PROFILE, mapping={}) for book in (first, second)]
    first.write(outcomes[0].patches(first))
    state = google.state(document).sheets

    second.write(outcomes[1].patches(second))

    assert google.state(document).sheets == state
    keys = [one["metadataKey"] for one in google.metadata(document)]
    assert keys.count("reveal.run") == 1

"""`reveal sync --clear`: nothing of Reveal's is left, and nothing else is touched."""

from __future__ import annotations

import random

import pytest

from sheets import flow
from sheets.place import is_own
from tests.e2e.test_google_races import (
    EDITS,
    HEADERS,
    PROFILE,
    TITLE,
    google,
    open_book,
    people,
    same_but_for,
    shown,
)
from tests.e2e.test_google_sync import (
    ACCOUNTS,
    CONTACTS,
    DAY,
    address,
    office,
    signed_in,
    texts,
)
from tests.running import reveal

__all__ = ["google", "office", "signed_in"]

RANDOM_CASES, SOAK = 15, 200
QUICK_CASES = 4


def told(google, document):
    """All that a spreadsheet holds; columns that were added at the edge of the grid stay."""
    held = google.told(document)
    for sheet in held["sheets"]:
        del sheet["properties"]["gridProperties"]["columnCount"]
        for data in sheet["data"]:
            del data["columnMetadata"]
    return held


def test_a_spreadsheet_is_what_it_was(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    before = told(google, document)
    assert reveal("sync", address(document), "--summary-sheet", *DAY).returncode == 1
    assert told(google, document) != before

    done = reveal("sync", address(document), "--clear")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Cleared: Roster (2 requests to Google)\n"
    assert told(google, document) == before
    assert not google.metadata(document)


def test_where_nothing_is_to_be_cleared_nothing_is_written(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)})
    writes = len(google.calls("write"))

    done = reveal("sync", address(document), "--clear")

    assert done.stdout == "Roster: nothing of Reveal's is in it.\n"
    assert len(google.calls("write")) == writes


def test_a_dry_run_clears_nothing(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    reveal("sync", address(document), *DAY)
    before = google.state(document)

    done = reveal("sync", address(document), "--clear", "--dry-run")

    assert done.stdout == "Roster: would be cleared (dry run).\n"
    assert google.state(document) == before


def test_one_sheet_of_several_is_cleared(google, signed_in):
    sheets = {"East": texts(CONTACTS), "West": texts(CONTACTS), "Accounts": texts(ACCOUNTS)}
    document = google.spreadsheet(sheets)
    reveal("sync", address(document), *DAY)

    reveal("sync", address(document), "--clear", "--sheet", "East")

    assert google.values(document, "East")[0] == list(CONTACTS[0])
    assert google.values(document, "West")[0] == [*CONTACTS[0], "Revealed?", "What to fix"]


def test_a_column_whose_heading_was_renamed_is_cleared_too(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    before = told(google, document)
    reveal("sync", address(document), *DAY)
    google.person_types(document, "Contacts!G1", "Seen by vendors?")

    reveal("sync", address(document), "--clear")

    assert told(google, document) == before


def test_the_record_says_what_was_done(google, signed_in, tmp_path):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})

    reveal("sync", address(document), *DAY)
    reveal("sync", address(document), "--clear")

    lines = (tmp_path / "config" / "reveal" / "sync.jsonl").read_text().splitlines()
    assert ['"did": "sync"' in lines[0], '"did": "clear"' in lines[1]] == [True, True]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (("--hold", "0"), "--hold"),
        (("--every", "30m"), "--every"),
        (("--roll-up", "--summary-sheet"), "--roll-up, --summary-sheet"),
        (("--map", "A=email"), "--map"),
    ],
)
def test_clearing_does_nothing_else(google, signed_in, more, named):
    done = reveal("sync", address("abc"), "--clear", *more)

    assert done.returncode == 2
    assert f"Leave out {named}." in done.stderr


def test_files_are_cleared_by_another_command(google, signed_in):
    done = reveal("sync", address("abc"), "accounts.csv", "--clear")

    assert done.returncode == 2
    assert "reveal clear accounts.csv" in done.stderr


# Somebody edits meanwhile


def race(google, edit, seed):
    """Clear while a person edits; the reference is a copy in which nobody else does anything."""
    dice = random.Random(f"clear {edit.__name__} {seed}")
    rows = people(dice)
    size = (len(rows) + dice.choice((0, 5)), len(HEADERS) + dice.choice((0, 3, 16)))
    document = google.spreadsheet({TITLE: rows}, size=size)
    flow.check([open_book(google, document)], PROFILE)
    _, before, _ = shown(google, document)
    state = google.state(document).sheets[0]
    copy = google.spreadsheet({TITLE: before}, size=(len(state.rows), len(state.columns)))
    requests = list(edit(dice, 0, len(rows), len(state.columns)))
    if requests:
        google.person(copy, *requests)
        google.before("write", lambda: google.person(document, *requests))
    calls = len(google.log)
    book = open_book(google, document)

    flow.clear([book])

    _, wanted, own = shown(google, copy)
    _, found, _ = shown(google, document)
    cleared = [[None if at in own else text for at, text in enumerate(row)] for row in wanted]
    same_but_for(book.unsure, found, set(), cleared, set())
    assert not any(is_own(value or "") for row in found for value in row)
    assert not google.rules(document, google.titles(document)[0])
    assert not google.metadata(document)
    assert len([one for one in google.log[calls:] if one.quota]) <= 4


@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one.__name__)
def test_an_edit_between_read_and_write_loses_nothing(google, edit):
    for seed in range(QUICK_CASES):
        race(google, edit, seed)


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one.__name__)
def test_nothing_is_lost_in_many_random_cases(google, edit, request):
    many = SOAK if request.config.getoption("--soak") else RANDOM_CASES
    for seed in range(QUICK_CASES, many):
        race(google, edit, seed)

"""The record of what was handed back, and the names of the files."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.errors import CannotRead, CannotWrite
from sheets.handback import names, store
from sheets.handback.store import Sent

MADE, DUE, LATER = dt.date(2026, 11, 23), dt.date(2026, 12, 4), dt.date(2026, 12, 5)
RESERVED = ["CON", "prn", "Aux", "NUL.txt", "com1", "LPT9", "nul .a"]


@pytest.fixture
def sent(tmp_path):
    packets = [Sent("Adams", "Adams.xlsx", ["a1", "a2", "a3"]), Sent("Boone", "Boone.xlsx", ["b1"])]
    store.record_sent(tmp_path, "one", packets, made=MADE, due=DUE)
    return tmp_path


def left(folder):
    return {one.label: (one.sent, one.left, one.returned) for one in store.status(folder)}


def test_what_was_sent_is_left_until_it_comes_back(sent):
    assert left(sent) == {"Adams": (3, 3, None), "Boone": (1, 1, None)}


def test_a_packet_comes_back_in_parts(sent):
    assert store.record_returned(sent, "one", ["a1"], ["a1", "a2"], day=DUE)
    assert store.record_returned(sent, "one", ["a3"], ["a3"], day=LATER)

    assert left(sent) == {"Adams": (3, 1, LATER), "Boone": (1, 1, None)}


def test_the_same_twice_is_the_same_as_once(sent):
    for _ in range(2):
        store.record_returned(sent, "one", ["a1"], ["a1", "a2", "a3"], day=DUE, refused=2)

    assert left(sent)["Adams"] == (3, 2, DUE)
    assert [one.refused for one in store.status(sent)] == [2, 0]


def test_what_came_back_untouched_has_come_back(sent):
    store.record_returned(sent, "one", [], ["b1"], day=DUE)

    assert left(sent)["Boone"] == (1, 1, DUE)


def test_a_row_of_another_batch_is_none_of_this(sent):
    store.record_sent(sent, "two", [Sent("Adams", "Adams 2.xlsx", ["a1"])], made=DUE, due=None)

    store.record_returned(sent, "two", ["a1"], ["a1", "stranger"], day=LATER)

    told = [(one.batch, one.label, one.left) for one in store.status(sent)]
    assert told == [("one", "Adams", 3), ("one", "Boone", 1), ("two", "Adams", 0)]


def test_an_unknown_batch_is_told_and_changes_nothing(sent):
    before = store.status(sent)

    assert not store.record_returned(sent, "other", ["a1"], ["a1"], day=DUE)
    assert store.status(sent) == before


def test_without_a_record_nothing_is_written(tmp_path):
    assert not store.record_returned(tmp_path, "one", ["a1"], ["a1"], day=DUE)
    assert store.status(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_overdue_is_what_is_left_after_the_day(sent):
    store.record_returned(sent, "one", ["b1"], ["b1"], day=DUE)
    adams, boone = store.status(sent)

    assert not adams.overdue(DUE)
    assert adams.overdue(LATER)
    assert not boone.overdue(LATER)


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_nobody_else_may_read_it(sent):
    assert stat.S_IMODE((sent / store.NAME).stat().st_mode) == 0o600


def test_what_is_no_record_is_refused_and_kept(tmp_path):
    path = tmp_path / store.NAME
    path.write_bytes(b"a list of somebody else's" * 100)
    for did in (
        lambda: store.status(tmp_path),
        lambda: store.record_returned(tmp_path, "one", [], [], day=DUE),
        lambda: store.record_sent(tmp_path, "one", [], made=MADE, due=None),
    ):
        with pytest.raises(CannotRead, match="no record"):
            did()
    assert path.read_bytes() == b"a list of somebody else's" * 100


def test_a_record_of_a_newer_version_is_refused(sent):
    with sqlite3.connect(sent / store.NAME) as record:
        record.execute("PRAGMA user_version = 2")
    record.close()

    with pytest.raises(CannotRead, match="newer"):
        store.status(sent)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CannotWrite, match="cannot be written"):
        store.record_sent(tmp_path / "no", "one", [], made=MADE, due=None)


def test_what_fails_half_way_leaves_nothing(sent):
    twice = [Sent("Clay", "Clay.xlsx", ["c1"]), Sent("Dale", "Dale.xlsx", ["d1", "d1"])]

    with pytest.raises(CannotRead):
        store.record_sent(sent, "two", twice, made=MADE, due=None)

    assert {one.batch for one in store.status(sent)} == {"one"}


@pytest.mark.parametrize("label", RESERVED)
def test_no_name_is_one_that_windows_keeps_for_itself(label):
    [name] = names.of_files([label], DUE)

    first = f"{name}.xlsx".split(".", maxsplit=1)[0].strip().lower()
    assert first not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(st.lists(st.text(max_size=90) | st.sampled_from(RESERVED), max_size=12))
def test_every_name_is_safe_and_another_one(labels):
    made = names.of_files(labels, DUE)

    assert len({name.casefold() for name in made}) == len(labels)
    for name in made:
        assert not set('<>:"/\\|?*\n\r\t\0') & set(name)
        assert len(f"{name}.xlsx".encode()) <= 255
        assert name == name.strip(" .")
        assert not name.startswith(("~", ".", "-"))
        assert ".checked" not in name
        assert ".backup" not in name
        assert name.endswith("_fix-by-2026-12-04")

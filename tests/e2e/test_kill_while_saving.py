"""A process that is killed while it saves leaves the old file or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sheets.books import open_book
from sheets.books.saving import TEMPORARY

PROGRAM = Path(__file__).with_name("save_in_a_loop.py")
SEED = 20261123

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")


def csv_file(folder, rows):
    path = folder / "People.csv"
    lines = (f"{row:06},Byrne,555-01{row % 100:02}\r\n" for row in range(rows))
    path.write_text("Number,Name,Phone\r\n" + "".join(lines), newline="")
    return path


def xlsx_file(folder, rows):
    path = folder / "People.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(["Number", "Name", "Phone"])
    for row in range(rows):
        sheet.append([f"{row:06}", "Byrne", f"555-01{row % 100:02}"])
    book.save(path)
    return path


def content(path):
    """What a file holds: the bytes, or all parts of a package; raises if that is not whole."""
    if path.suffix == ".csv":
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return tuple((name, package.read(name)) for name in package.namelist())


def start(path, rows, *more, **how):
    program = [sys.executable, PROGRAM, path, str(rows), *map(str, more)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True, **how)


def turn(running):
    return int(running.stdout.readline())


def killed_somewhere(path, rows, chance):
    """Kill the process at some moment of a save; return whether it was within one."""
    with start(path, rows) as running:
        turn(running)
        began = time.monotonic()
        turn(running)
        period = time.monotonic() - began
        for _ in range(chance.randrange(3)):
            turn(running)
        time.sleep(chance.random() * period)
        running.kill()
        return running.wait() == -signal.SIGKILL


def both(make, folder, rows):
    """Return a new file and its two contents, without and with verdicts."""
    path = make(folder, rows)
    bytes_before, plain = path.read_bytes(), content(path)
    with start(path, rows, 10**9) as running:
        assert running.wait() == 0
    checked = content(path)
    assert checked != plain
    path.write_bytes(bytes_before)
    return path, {plain, checked}


def is_whole(path, rows):
    """Whether a file can be read to its last row."""
    [grid] = open_book(path).read()
    return grid.load([1]).last_row == rows + 1


@pytest.mark.slow
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_kill_at_each_step_leaves_the_old_file_or_the_new_one(tmp_path, make):
    rows = 50
    path, contents = both(make, tmp_path, rows)
    plain = path.read_bytes()

    steps, outcomes, left = 0, set(), set()
    while True:
        path.write_bytes(plain)
        steps += 1
        with start(path, rows, steps) as running:
            status = running.wait()
        now = content(path)
        assert now in contents
        outcomes.add(now)
        left.update(item.name for item in tmp_path.iterdir() if item != path)
        if status == 0:
            break
        assert status == -signal.SIGKILL

    assert steps > 8
    assert outcomes == contents
    assert left
    assert all(name.startswith(TEMPORARY) for name in left)
    # The last run, which nobody killed, took away what the killed ones had left.
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path, make):
    kill_often(tmp_path, make, rows=2_000, times=3)


@pytest.mark.slow
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_kill_at_many_moments_leaves_a_whole_file(tmp_path, make):
    kill_often(tmp_path, make, rows=20_000, times=40)


def kill_often(folder, make, rows, times):
    chance = random.Random(SEED)
    path, contents = both(make, folder, rows)
    within = 0
    for _ in range(times):
        assert killed_somewhere(path, rows, chance)
        # Verdicts may be there or not; nothing else is ever seen.
        assert content(path) in contents
        assert is_whole(path, rows)
        within += len(list(folder.iterdir())) > 1
    # Many kills hit while a temporary file was being written.
    assert within >= times // 4
    with start(path, rows, 10**9) as running:
        assert running.wait() == 0
    assert list(folder.iterdir()) == [path]

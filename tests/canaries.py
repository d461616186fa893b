"""Workbooks full of values that must not be seen anywhere else, and a command without a network."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from tests import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
CANARY = re.compile(rb"canary|73900\d{5}|1907-03|03/\d\d/1907|4444[0-9]{2}", re.IGNORECASE)
"""Text, phone numbers and dates that stand nowhere but in cells."""

TOUCHED_NETWORK = 97
GUARD = f"""
import os, sys

def guard(event, arguments):
    network = event in {{"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}}
    inet = event == "socket.__new__" and int(arguments[1]) in (2, 10, 30)
    if network or inet:
        sys.stderr.write("touched the network: " + event)
        os._exit({TOUCHED_NETWORK})

sys.addaudithook(guard)
"""

HEADERS = {
    "Students": ("Student Number", "Person ID", "Last Name", "First Name", "Grade", "Email"),
    "Contacts": (
        *("Student Number", "Contact Person ID", "Last Name", "First Name", "Relationship"),
        *("Guardian", "Other Phone", "Email", "Comments"),
    ),
    "Accounts": ("Person ID", "Username", "Home Page", "Enabled", "Created", "Expires"),
    "Relationship Types": ("Relationship Type", "Guardian"),
}
HILL, LAKE = "Canary Hill", "Canary Lake"
STUDENT = ("Student Number", "Person ID", "Last Name", "First Name", "School", "Email")
PAIR = (
    *("Student Number", "Contact Person ID", "Last Name", "First Name", "Relationship"),
    *("Other Phone", "Email"),
)
STAFF = ("Staff Number", "Person ID", "Last Name", "First Name", "School", "Email")
ACCOUNT = ("Person ID", "Username", "Home Page", "Enabled")
HOME_PAGES = {
    "student": "Campus Student",
    "contact": "Campus Parent",
    "staff": "Campus Instruction",
}
LETTERS = {"student": "s", "contact": "p", "staff": "t"}
PEOPLE = 24


def canaries() -> Iterator[object]:
    """Values of all kinds, each another one."""
    number = 0
    while True:
        number += 1
        yield f"Canary{number}"
        yield f"canary{number}@example.org"
        yield 7_390_000_000 + number
        yield dt.date(1907, 3, number % 28 + 1)
        yield f" canary {number}\N{NO-BREAK SPACE}"
        yield float(f"4444{number % 100:02}.5")
        yield f'="Canary"&{number}'
        yield f"not.an.email.canary{number}"
        yield f"73900{number:05}"


def workbook(path: Path, headers: dict[str, tuple[str, ...]] = HEADERS) -> Path:
    values = canaries()
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        for title, names in headers.items():
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, names)
            for row in range(1, 41):
                for column in range(len(names)):
                    value = next(values)
                    if (row + column) % 11 == 0:  # blank: the rules must have something to say
                        continue
                    if (row * column) % 17 == 16:
                        sheet.write_formula(row, column, "=NA()", value="#N/A")
                    elif isinstance(value, dt.date):
                        sheet.write_datetime(row, column, value, day)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(row, column, value, value="")
                    else:
                        sheet.write(row, column, value)
    return path


def guarded(folder: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the command in a process that ends at the first touch of a network."""
    (folder / "sitecustomize.py").write_text(GUARD)
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}

    def run(
        *arguments: object, code: str = "import addin.cli as c, sys; sys.exit(c.main())"
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            env=environment,
            timeout=120,
            check=False,
        )

    return run


def silent(done: subprocess.CompletedProcess[bytes]) -> None:
    """Fail if a canary is heard, or a network was touched."""
    lines = (done.stdout + b"\n" + done.stderr).splitlines()
    assert not [line for line in lines if CANARY.search(line)]
    assert done.returncode != TOUCHED_NETWORK, done.stderr


def heard(*arguments: object) -> str:
    """All that is said, with the trace that --debug shows."""
    done = running.reveal(*arguments)
    assert "has a fault" not in done.stderr
    try:
        debugged = running.reveal("--debug", *arguments)
    except Exception:  # noqa: BLE001 - whatever it is, nothing may be in it
        return f"{done}\n{traceback.format_exc()}"
    return f"{done}\n{debugged}"


def people(kind: str, first: int) -> Iterator[dict[str, Any]]:
    """Somebody of each kind for each number, with canaries in every cell."""
    for at in range(PEOPLE):
        name = f"{kind}{at}"
        yield {
            "number": f"73900{at + first:05}",
            "id": f"73900{at + first + 500:05}",
            "last": f"Canary-{name}",
            "first": f"canary {name}",
            "email": f"canary.{name}@example.org" if at % 5 else None,
            "phone": f"444400 73900{at:05}" if at % 4 else None,
            "username": f"canary.{name}",
            "school": HILL if at % 3 else LAKE,
            "relationship": ("Guardian", "Canary type", None)[at % 3],
            "enabled": "no" if at % 7 == 0 else "yes",
        }


EVERYBODY = {
    kind: list(people(kind, first))
    for kind, first in (("student", 10_000), ("contact", 20_000), ("staff", 30_000))
}


def tables() -> dict[str, list[list[object]]]:
    """Title -> rows of a district that an answer can be laid beside."""
    of = EVERYBODY
    pairs = zip(of["student"], of["contact"], strict=True)
    common = ("last", "first", "school", "email")
    return {
        "Students": [
            [*STUDENT],
            *([p["number"], p["id"], *map(p.get, common)] for p in of["student"]),
        ],
        "Contacts": [
            [*PAIR],
            *(
                [
                    s["number"],
                    p["id"],
                    *map(p.get, ("last", "first", "relationship", "phone", "email")),
                ]
                for s, p in pairs
            ),
        ],
        "Staff": [[*STAFF], *([p["number"], p["id"], *map(p.get, common)] for p in of["staff"])],
        "Accounts": [
            [*ACCOUNT],
            *(
                [p["id"], p["username"], HOME_PAGES[kind], p["enabled"]]
                for kind, everybody in of.items()
                for p in everybody
            ),
        ],
    }


def exports(folder: Path, *titles: str, suffix: str = ".csv") -> list[Path]:
    """Tables of the district as exports."""
    paths = []
    for title, (header, *rows) in tables().items():
        if title in titles or not titles:
            frame = pl.DataFrame(
                {
                    name: [None if row[at] is None else str(row[at]) for row in rows]
                    for at, name in enumerate(map(str, header))
                },
                schema_overrides=dict.fromkeys(map(str, header), pl.String),
            )
            path = folder / f"{title.lower()}{suffix}"
            frame.write_csv(path) if suffix == ".csv" else frame.write_parquet(path)
            paths.append(path)
    return paths

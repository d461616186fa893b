"""Save a file over and over, for a test that kills this process: ``FILE ROWS [EVENT]``.

Each save takes turns: verdicts come, verdicts go. Before each one a line is printed. With EVENT the
process kills itself when, within the first save, it does its so-many-th thing to a file.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

import sheets.books
from sheets.grid import OwnColumn, Patch


def patches(title: str, rows: int) -> tuple[Patch, Patch]:
    at = tuple(range(2, rows + 2))
    own = (
        OwnColumn("Revealed?", 4, ["No"] * rows),
        OwnColumn("What to fix", 5, [f'"Phone" is blank; row {row}' for row in at], width=40),
    )
    check = Patch(title, 1, rows + 1, at, own, note="Written by Reveal.")
    return check, Patch(title, 1, rows + 1, replaces=(4, 5))


def kill_at(event: int) -> None:
    seen = count(1)

    def hook(name: str, _arguments: object) -> None:
        if name.startswith(("open", "os.", "shutil.", "glob.")) and next(seen) == event:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    path, rows = Path(sys.argv[1]), int(sys.argv[2])
    turns = patches("People", rows)
    sheets.books.open_book(path).write([turns[1]])  # Everything is imported; nothing changes.
    if len(sys.argv) > 3:
        book = sheets.books.open_book(path)
        kill_at(int(sys.argv[3]))
        book.write([turns[0]])
        return
    for turn in count():
        print(turn, flush=True)  # noqa: T201 - the test waits for this line
        sheets.books.open_book(path).write([turns[turn % 2]])


if __name__ == "__main__":
    main()

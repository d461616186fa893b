"""Two independent readers in a process of their own, since a broken file may end the process.

Reads one request a line from standard input and answers with one line:
``["original", PATH]`` remembers what calamine sees; ``["result", PATH]`` compares with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MEMORY = 4 << 30  # bytes; a stray cell in the last row and column would ask for more
PATIENCE = 20  # seconds; openpyxl needs minutes for a few files

Rows = list[list[Any]]
OPENED, REFUSED, SLOW, DIED, DIFFERS = "opened", "refused", "slow", "died", "differs"


class Referee:
    """Asks the readers about an original and its result."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def compare(self, original: Path, result: Path) -> list[str]:
        """What got worse, in words."""
        before = self._ask("original", original)
        if before["calamine"] == DIED:
            return []
        after = self._ask("result", result)
        return [
            f"{reader} {after[reader]}"
            for reader in ("calamine", "openpyxl")
            if before[reader] == OPENED and after[reader] not in {OPENED, SLOW}
        ]

    def opens(self, original: Path) -> bool:
        """Whether calamine can read a file."""
        return self._ask("original", original)["calamine"] == OPENED

    def _ask(self, what: str, path: Path) -> dict[str, str]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps([what, str(path)]) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if line:
            return json.loads(line)  # type: ignore[no-any-return]
        self._child.wait()
        self._child = None
        return {"calamine": DIED, "openpyxl": DIED}

    def close(self) -> None:
        if self._child is not None:
            self._child.communicate()


def _values(path: str) -> dict[str, Rows]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def _kept(before: dict[str, Rows], after: dict[str, Rows]) -> bool:
    """Whether every value of before is still where it was; more may have come."""
    return before.keys() == after.keys() and all(
        len(after[name]) >= len(rows)
        and all(
            repr(new[: len(old)]) == repr(old) for old, new in zip(rows, after[name], strict=False)
        )
        for name, rows in before.items()
    )


def _openpyxl(path: str) -> str:
    import signal

    import openpyxl

    signal.alarm(PATIENCE)
    try:
        openpyxl.load_workbook(path, keep_vba=path.endswith("m"))
    except TimeoutError:
        return SLOW
    except Exception:  # noqa: BLE001 - whatever it is: it did not open
        return REFUSED
    finally:
        signal.alarm(0)
    return OPENED


def _timeout(*_: object) -> None:
    raise TimeoutError


def _serve() -> None:
    import resource  # only where there are limits: not on Windows
    import signal

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _timeout)
    warnings.simplefilter("ignore")
    remembered: dict[str, Rows] = {}
    for line in sys.stdin:
        what, path = json.loads(line)
        try:
            seen = _values(path)
        except BaseException:  # noqa: BLE001 - Rust panics are no ordinary exceptions
            seen, calamine = {}, REFUSED
        else:
            calamine = OPENED if what == "original" or _kept(remembered, seen) else DIFFERS
        if what == "original":
            remembered = seen
        print(json.dumps({"calamine": calamine, "openpyxl": _openpyxl(path)}), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    _serve()

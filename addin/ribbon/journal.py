"""What went wrong in the helper, for whoever mends it; nothing of what is in any cell.

What an unexpected error says may quote a cell, so only its kind and the lines of code are kept.
"""

from __future__ import annotations

import datetime as dt
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from sheets.settings import places

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 100_000
"""Bytes; of a longer one the older half goes."""


class Journal:
    """A file that tells what went wrong.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, error: BaseException) -> Path:
        """Note an error and return the file; where it cannot be written, nothing is noted."""
        at = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        noted = "\n".join([at, *_lines(error), ""])
        try:
            before = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
            if len(before) > _MOST:
                before = before[-_MOST // 2 :]
            places.keep(self._path, f"{before}{noted}\n")
        except OSError:
            pass  # there is nobody else to tell
        return self._path


def _lines(error: BaseException | None) -> Iterator[str]:
    """The kinds of an error and of what it came from, each with where it was raised."""
    while error is not None:
        yield type(error).__name__
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        error = error.__cause__ or error.__context__

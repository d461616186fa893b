"""One click after the other: whoever clicked is told at once whether it is taken."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class Desk:
    """Does one piece of work at a time, all of them in one thread.

    One thread, since what talks to Excel must stay in the one in which it was made.

    Args:
        does: Does a piece of work: which button, and in which window. It raises nothing.
    """

    def __init__(self, does: Callable[[str, int], None]) -> None:
        self._does = does
        self._free = threading.Semaphore()
        self._waiting: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="reveal desk", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End when the piece of work that is being done is done."""
        self._waiting.put(None)
        self._thread.join()

    def take(self, control: str, window: int) -> bool:
        """Take a piece of work, unless another one is not done yet.

        Args:
            control: Which button was clicked.
            window: The window of Excel.

        Returns:
            Whether it is taken.
        """
        if not self._free.acquire(blocking=False):
            return False
        self._waiting.put((control, window))
        return True

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            try:
                self._does(*asked)
            finally:
                self._free.release()

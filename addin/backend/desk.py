"""One click after the other: whoever clicked is told at once whether it is taken."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

REST = 8.0
"""Seconds after the last piece of work after which there is rest."""


class Desk:
    """Does one piece of work at a time, all of them in one thread.

    One thread, since what talks to Excel must stay in the one in which it was made.

    Args:
        does: Does a piece of work: which button, and in which window. It raises nothing.
        rests: Is called once when nothing has come for a while after a piece of work. The same.
        rest: That while, in seconds.
    """

    def __init__(
        self, does: Callable[[str, int], None], rests: Callable[[], None], rest: float = REST
    ) -> None:
        self._does = does
        self._rests = rests
        self._rest = rest
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
        patience: float | None = None
        while True:
            try:
                asked = self._waiting.get(timeout=patience)
            except Empty:
                patience = None
                self._rests()
                continue
            if asked is None:
                return
            self._does(*asked)
            patience = self._rest
            self._free.release()

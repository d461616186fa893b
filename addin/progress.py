"""A sign of life on a terminal: only if the work takes more than a second."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Item = TypeVar("Item")

_WIDTH = 30
_PATIENCE = 1.0
_TURN = 0.5


@contextmanager
def stage(words: str) -> Iterator[None]:
    """Show what is being done, with the seconds so far, while the block runs.

    Args:
        words: Such as ``Checking``.
    """
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(words, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def counted(words: str, items: Sequence[Item]) -> Iterator[Item]:
    """Give some items one by one, with a bar that shows how far it is.

    Args:
        words: Such as ``Reading``.
        items: What is worked on.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    started = time.monotonic()
    try:
        for done, item in enumerate(items):
            if time.monotonic() - started > _PATIENCE:
                bar = "#" * (done * _WIDTH // len(items))
                sys.stderr.write(f"\r{words} [{bar:<{_WIDTH}}] {done:,} of {len(items):,}")
                sys.stderr.flush()
            yield item
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _watch(words: str, done: threading.Event) -> None:
    started = time.monotonic()
    if done.wait(_PATIENCE):
        return
    while not done.wait(_TURN):
        sys.stderr.write(f"\r{words} ... {time.monotonic() - started:.0f} s")
        sys.stderr.flush()
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()

"""The ids of new things; a recording can tell the next ones."""

from __future__ import annotations

import random
import string
from collections import defaultdict, deque

LETTERS = string.ascii_letters + string.digits + "-_"


class Ids:
    """Ids as the service makes them: no order, the same ones in every run."""

    def __init__(self) -> None:
        self.random = random.Random(20_261_123)
        self.told: dict[str, deque[int | str]] = defaultdict(deque)

    def number(self, kind: str) -> int:
        """The id of a sheet, a protected range, a filter view or of metadata."""
        if self.told[kind]:
            return int(self.told[kind].popleft())
        return self.random.randrange(1, 2**31 - 1)

    def text(self, kind: str) -> str:
        """The id of a document or of a named range."""
        if self.told[kind]:
            return str(self.told[kind].popleft())
        if kind == "file":
            return "1" + "".join(self.random.choices(LETTERS, k=43))
        return str(self.random.randrange(1, 2**31 - 1))

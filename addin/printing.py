"""Data to standard output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def tell(pieces: Iterable[str]) -> None:
    """Print data; a reader that stops early (`| head`) is no error."""
    for piece in pieces:
        sys.stdout.write(piece)
    sys.stdout.flush()

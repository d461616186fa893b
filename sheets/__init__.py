"""Reveal's library: tables, rules, and the places where sheets live.

Names are loaded when they are used, so that ``import sheets`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheets.books import open_book
    from sheets.books.memory import MemoryBook
    from sheets.errors import RevealError
    from sheets.flow import check, clear
    from sheets.rules import Profile, evaluate

__version__ = "0.1.0"

__all__ = ["MemoryBook", "Profile", "RevealError", "check", "clear", "evaluate", "open_book"]

_HOMES = {
    "MemoryBook": "sheets.books.memory",
    "Profile": "sheets.rules",
    "RevealError": "sheets.errors",
    "check": "sheets.flow",
    "clear": "sheets.flow",
    "evaluate": "sheets.rules",
    "open_book": "sheets.books",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sheets' has no attribute {name!r}")

"""The kinds of requests that a batch can hold, one function each."""

from tests.emulators.google.edits import (
    arranging,
    content,
    filters,
    lines,
    ranges,
    rules,
    tabs,
    tags,
)
from tests.emulators.google.edits.batch import KINDS, Batch

__all__ = [
    "KINDS",
    "Batch",
    "arranging",
    "content",
    "filters",
    "lines",
    "ranges",
    "rules",
    "tabs",
    "tags",
]

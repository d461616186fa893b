"""All kinds of requests, entered."""

from tests.emulators.google.edits import (
    arranging,
    content,
    filters,
    lines,
    ranges,
    rules,
    tables,
    tabs,
    tags,
)
from tests.emulators.google.edits.batch import KINDS

# Each of them enters its functions as it is read.
MODULES = (arranging, content, filters, lines, ranges, rules, tables, tabs, tags)

__all__ = ["KINDS", "MODULES"]

"""Answers that take little memory: what is the same in many cells is kept once.

A list of 50,000 rows and 20 columns is a million cells, each told by four objects of JSON.
"""

from __future__ import annotations

import json
from typing import Any

_EMPTY: dict[str, Any] = {}
_FORMATS = frozenset({"userEnteredFormat", "effectiveFormat"})
_SHOWN = "formattedValue"
_PLAIN = frozenset({"userEnteredValue", "effectiveValue"})


def parse(answer: bytes) -> Any:
    """Read JSON; of cells what nobody asks for is left out.

    What a cell shows counts only where it holds no plain value: an error, or a smart chip.

    Example:
        >>> parse(b'''{"effectiveValue": {"stringValue": "a"}, "formattedValue": "a",
        ...            "userEnteredFormat": {}}''')
        {'effectiveValue': {'stringValue': 'a'}}
    """
    texts: dict[str, dict[str, Any]] = {}
    cells: dict[str, dict[str, Any]] = {}

    def smaller(told: dict[str, Any]) -> dict[str, Any]:
        if not told:
            return _EMPTY
        if "effectiveValue" not in told:
            text = told.get("stringValue") if len(told) == 1 else None
            return told if text is None else texts.setdefault(text, told)
        value: dict[str, Any] = told["effectiveValue"]
        plain = "errorValue" not in value and "chipRuns" not in told
        made = {
            key: each
            for key, each in told.items()
            if not (plain and key == _SHOWN) and (each or key not in _FORMATS)
        }
        if made.keys() == _PLAIN and made["userEnteredValue"] is value and "stringValue" in value:
            return cells.setdefault(value["stringValue"], made)
        return made

    return json.loads(answer, object_hook=smaller)

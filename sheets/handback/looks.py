"""How the cells of a packet look; the colours are those of a check, and differ in grey too."""

from __future__ import annotations

from typing import Any

from sheets.grid import FILLS, Shade

EDGES = {Shade.MISSING: "#8C4A00", Shade.CHECK: "#1F4E78"}
"""The edges of marked cells: no pale fill is seen against white by everybody."""

_GREY, _LINE = "#F2F2F2", "#C8C8C8"
_SOLID, _THICK, _DASHED = 1, 5, 3
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        def made(**values: Any) -> Any:
            return book.add_format({**_BASE, **values})

        cell = {"num_format": "@", "text_wrap": True, "border": _SOLID, "border_color": _LINE}
        header = {**cell, "bold": True, "bottom": 2, "bottom_color": "#404040"}
        self.locked = made(**cell, bg_color=_GREY)
        self.open = made(**cell, locked=False)
        self.locked_header = made(**header, bg_color=_GREY)
        self.open_header = made(**header)
        # A conditional format has thin edges only.
        self.marks = {
            shade: book.add_format(
                {
                    "bg_color": f"#{FILLS[shade]}",
                    "border": _DASHED if shade is Shade.CHECK else _SOLID,
                    "border_color": edge,
                }
            )
            for shade, edge in EDGES.items()
        }
        self.boxes = {
            shade: made(
                bg_color=f"#{FILLS[shade]}",
                border=_DASHED if shade is Shade.CHECK else _THICK,
                border_color=edge,
            )
            for shade, edge in EDGES.items()
        }
        self.grey_box = made(bg_color=_GREY, border=_SOLID, border_color=_LINE)
        self.title = made(font_size=18, bold=True, text_wrap=True)
        self.strong = made(font_size=13, bold=True, text_wrap=True)
        self.text = made(font_size=11, text_wrap=True)
        self.number = made(font_size=11, bold=True, align="center")
        self.heading = made(font_size=11, bold=True)
        self.indented = made(font_size=11, text_wrap=True, align="left", indent=1)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell of some width, word by word.

    Example:
        >>> lines("Contact Person ID", 10), lines("a" * 25, 10), lines("", 10)
        (2, 3, 1)
    """
    count, used = 1, 0.0
    for word in text.split():
        while len(word) > width:
            word = word[int(width) :]  # noqa: PLW2901 - the rest of a word that is broken
            count, used = count + 1, 0
        if used and used + 1 + len(word) > width:
            count, used = count + 1, len(word)
        else:
            used += len(word) + (1 if used else 0)
    return count

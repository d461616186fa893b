"""The part of one of Reveal's own sheets."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from sheets.books.ooxml import celltext, frame, markup
from sheets.books.ooxml.partlists import SPACE, STRICT_SPACE
from sheets.books.ooxml.undo import Undo
from sheets.grid import Area, Patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets.grid import OwnSheet

    _Row = Sequence[str | int | None]

_NOTE = "Written by Reveal. The next check replaces this sheet: give it another name to keep it."
_LINE_HEIGHT = 15  # points, of a font of 11
_BROAD = 1.1  # a width is told in digits, which are broader than most letters


class Looks(NamedTuple):
    """The numbers of the formats of cells; None is the workbook's own."""

    text: int | None = None
    figure: int | None = None
    heading: int | None = None
    heading_of_figures: int | None = None


def part(own: OwnSheet, looks: Looks, record: str, *, strict: bool, views: bool) -> bytes:
    """Write the part.

    Args:
        own: What the sheet says.
        looks: The formats of its cells.
        record: What undoes the change of the styles; it is remembered in an input message on the
            first cell.
        strict: Whether the workbook is written in the strict names of the standard.
        views: Whether the workbook has windows, so that the sheet can be frozen in one.
    """
    document = b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            b'<worksheet xmlns="%b">' % (STRICT_SPACE if strict else SPACE),
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            _view(own.frozen) if views and own.frozen else b"",
            _widths(own),
            b"<sheetData>",
            *_rows(own, looks),
            b"</sheetData>",
            b'<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>',
        )
    )
    root = markup.parse(document, own.title)
    told = frame.message(root, Patch(own.title, 1, 1, note=_NOTE), 1, Undo(styles=record))
    at = markup.after(root, frame.ORDER, "dataValidations")
    whole = b'<dataValidations count="1">%b</dataValidations>' % told
    return markup.splice(document, [(at, at, whole)])


def _view(frozen: int) -> bytes:
    return (
        b'<sheetViews><sheetView workbookViewId="0"><pane ySplit="%d" topLeftCell="A%d"'
        b' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    ) % (frozen, frozen + 1)


def _widths(own: OwnSheet) -> bytes:
    columns = b"".join(
        b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (column, column, round(width))
        for column, width in enumerate(own.widths, 1)
    )
    return b"<cols>%b</cols>" % columns if columns else b""


def _rows(own: OwnSheet, looks: Looks) -> Iterator[bytes]:
    for row, values in enumerate(own.rows, 1):
        lines = 1
        if row in own.headings:
            below = own.rows[row] if row < len(own.rows) else ()
            chosen = _headings(values, below, looks)
        elif all(value is None for value in values[1:]):
            # A text that has a row of its own runs on over the next columns.
            chosen = [None] * len(values)
        else:
            chosen = [looks.figure if isinstance(value, int) else looks.text for value in values]
            lines = _lines(values, own.widths)
        cells = b"".join(
            _cell(Area.cell(row, column).encode(), value, look)
            for column, (value, look) in enumerate(zip(values, chosen, strict=True), 1)
            if value is not None
        )
        if cells:
            yield b'<row r="%d" ht="%d">%b</row>' % (row, _LINE_HEIGHT * lines, cells)


def _headings(values: _Row, below: _Row, looks: Looks) -> list[int | None]:
    """The looks of headings: above a number a heading stands as the number does."""
    return [
        looks.heading_of_figures if isinstance(under, int) else looks.heading
        for _, under in zip_longest(values, below[: len(values)])
    ]


def _lines(values: _Row, widths: Sequence[float]) -> int:
    """About how many lines the longest text of a row takes: LibreOffice does not find out."""
    told = zip(values, widths, strict=False)
    return max(
        (len(textwrap.wrap(str(value), round(width * _BROAD))) for value, width in told), default=1
    )


def _cell(ref: bytes, value: str | int, look: int | None) -> bytes:
    if isinstance(value, str):
        return celltext.new(ref, look, celltext.inline(value))
    style = b"" if look is None else b' s="%d"' % look
    return b'<c r="%b"%b><v>%d</v></c>' % (ref, style, value)

"""The part of one of Reveal's own sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheets.books.ooxml import celltext, frame, markup
from sheets.books.ooxml.partlists import SPACE, STRICT_SPACE
from sheets.books.ooxml.undo import Undo
from sheets.grid import Area, Patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.grid import OwnSheet

_NOTE = "Written by Reveal. The next check replaces this sheet: give it another name to keep it."


class Looks(NamedTuple):
    """The numbers of the formats of plain cells and of headings; None is the workbook's own."""

    plain: int | None
    heading: int | None


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
        look = looks.heading if row in own.headings else looks.plain
        cells = b"".join(
            _cell(Area.cell(row, column).encode(), value, look)
            for column, value in enumerate(values, 1)
            if value is not None
        )
        if cells:
            yield b'<row r="%d">%b</row>' % (row, cells)


def _cell(ref: bytes, value: str | int, look: int | None) -> bytes:
    if isinstance(value, str):
        return celltext.new(ref, look, celltext.inline(value))
    style = b"" if look is None else b' s="%d"' % look
    return b'<c r="%b"%b><v>%d</v></c>' % (ref, style, value)

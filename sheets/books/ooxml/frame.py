"""What stands around the rows of a sheet: how Reveal's own pieces look there, and are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheets.books.ooxml import markup, refs
from sheets.books.ooxml.undo import Undo
from sheets.grid import TAG, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.books.ooxml.markup import Element
    from sheets.grid import Patch

ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
    *("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects"),
    *("controls", "webPublishItems", "tableParts", "extLst"),
)
"""The children of a worksheet in the order that the schema demands (ECMA-376 part 1, 18.3.1.99)."""

MARK = TAG.encode()
TITLE = "Reveal"
_PROMPT_LIMIT = 255
_SHEET_DATA = re.compile(rb"<(?:[^\s:<>/]+:)?sheetData(?:\s[^>]*?)?>")


def halves(document: bytes) -> tuple[bytes, bytes]:
    """Split a sheet without its rows where these belong."""
    match = _SHEET_DATA.search(document)
    at = match.end() if match else len(document)
    return document[:at], document[at:]


def touches(sqref: str, patch: Patch) -> bool:
    """Whether some areas lie in the rows of a patch."""
    return any(
        area.first_row <= patch.last_row and patch.header_row <= area.last_row
        for area in refs.areas(sqref)
    )


def messages(root: Element, patch: Patch) -> Iterator[tuple[Element, Undo | None]]:
    """Reveal's own input messages on the headers of a patch, with what they remember."""
    parent = root.child("dataValidations")
    for element in parent.children if parent is not None else ():
        undo = Undo.read(element.get("error") or "")
        own = undo is not None or (
            element.get("promptTitle") == TITLE
            and (element.get("prompt") or "").startswith("Written by Reveal")
        )
        if own and touches(element.get("sqref") or "", patch):
            yield element, undo


def message(root: Element, patch: Patch, column: int, undo: Undo) -> bytes:
    """The input message on a header; it remembers how to undo."""
    prompt = f' promptTitle="{TITLE}" prompt="'.encode()
    prompt += markup.attribute(patch.note[:_PROMPT_LIMIT]) + b'"'
    return (
        b'<%bdataValidation allowBlank="1" showInputMessage="1" errorTitle="%b" error="%b"%b'
        b' sqref="%b"/>'
    ) % (
        root.prefix,
        TITLE.encode(),
        markup.attribute(undo.written()),
        prompt if patch.note else b"",
        f"{letters(column)}{patch.header_row}".encode(),
    )


def highlight(prefix: bytes, area: str, fill: int, priority: int, formula: str) -> bytes:
    """One mark."""
    return (
        b'<%bconditionalFormatting sqref="%b">'
        b'<%bcfRule type="expression" dxfId="%d" priority="%d"><%bformula>%b</%bformula></%bcfRule>'
        b"</%bconditionalFormatting>"
    ) % (
        *(prefix, area.encode(), prefix, fill, priority, prefix),
        *(markup.content(formula.removeprefix("=")), prefix, prefix, prefix),
    )

"""Putting Reveal's own pieces around the rows of a sheet, each at its place in the schema."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from sheets.books.ooxml import frame, markup, refs, widths
from sheets.errors import CannotWrite, PlaceTaken
from sheets.grid import Area, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.books.ooxml.markup import Edit, Element
    from sheets.books.ooxml.names import FilterNames
    from sheets.books.ooxml.undo import Undo
    from sheets.books.ooxml.workbook import SheetPart
    from sheets.grid import Patch

_LAST_COLUMN = 16_384
_PRIORITY = re.compile(rb"""\spriority\s*=\s*["'](\d{1,9})["']""")


def written(
    document: bytes,
    sheet: SheetPart,
    patch: Patch,
    *,
    fills: Sequence[int],
    undo: Undo,
    names: FilterNames,
    where: str,
) -> bytes:
    """Put all but the cells of a patch into a sheet.

    Args:
        document: The part without its rows.
        sheet: Which worksheet it is.
        patch: What to write.
        fills: For each mark the number of its differential format.
        undo: Takes down what was done.
        names: The hidden names of filters.
        where: File and sheet, for messages.

    Raises:
        PlaceTaken: A merged area or a filter is in the way.
        CannotRead: The part is damaged.
    """
    root = markup.parse(document, sheet.path)
    _require_unmerged(root, patch, where)
    if patch.columns is None:
        return document
    own = sorted(patch.columns, key=lambda one: one.column)
    columns = [one.column for one in own]
    if columns and columns[-1] > _LAST_COLUMN:
        raise PlaceTaken(
            "The sheet is used up to its last column, so there is no room for the result.",
            hint="Delete what is not needed on the right.",
            where=where,
        )
    edits: list[Edit] = []
    if columns:
        edits += _dimension(root, columns, undo)
        edits += widths.put_in(root, own, undo)
        edits += _filter(root, patch, columns, undo, where)
        if undo.filter:
            undo.filter_name = names.grow(sheet.index, columns[0] - 1, columns[-1])
    edits += _highlights(root, patch, fills)
    if columns:
        edits += _message(root, patch, columns[0], undo)
    return markup.splice(document, edits)


def require_unprotected(root: Element, where: str) -> None:
    """Raise CannotWrite if the sheet is protected against changes."""
    protection = root.child("sheetProtection")
    if protection is not None and protection.truth("sheet"):
        raise CannotWrite(
            "The sheet is protected.",
            hint="Unprotect it (Review > Unprotect Sheet) and run again.",
            where=where,
        )


def filter_area(root: Element) -> Area | None:
    """The area of the sheet's AutoFilter."""
    element = root.child("autoFilter")
    areas = refs.areas(element.get("ref") or "") if element is not None else []
    return areas[0] if areas else None


def _dimension(root: Element, columns: list[int], undo: Undo) -> list[Edit]:
    element = root.child("dimension")
    ref = element.get("ref") or "" if element is not None else ""
    if element is None or refs.ends_at(ref) != columns[0] - 1:
        return []
    undo.dimension = True
    return [element.set("ref", refs.ending_at(ref, columns[-1]))]


def _filter(root: Element, patch: Patch, columns: list[int], undo: Undo, where: str) -> list[Edit]:
    """Let the filter take in the own columns: else the next sort would tear them off."""
    element, area = root.child("autoFilter"), filter_area(root)
    if element is None or area is None or not area.first_row <= patch.header_row <= area.last_row:
        return []
    ref = element.get("ref") or ""
    if area.first_column <= columns[0] and columns[-1] <= area.last_column:
        return []
    if refs.ends_at(ref) != columns[0] - 1:
        raise PlaceTaken(
            f"The filter {area.ref} does not reach to the place of the result, so the next sort "
            "would tear the result from its people.",
            hint="Extend the filter to all columns, or remove it, and run again.",
            where=where,
        )
    undo.filter = True
    return [element.set("ref", refs.ending_at(ref, columns[-1]))]


def _highlights(root: Element, patch: Patch, fills: Sequence[int]) -> list[Edit]:
    if not patch.marks or patch.last_row <= patch.header_row:
        return []
    taken = [int(found) for found in _PRIORITY.findall(root.source)]
    first = max(taken, default=0) + 1
    new = b"".join(
        frame.highlight(
            root.prefix,
            f"{letters(mark.column)}{patch.header_row + 1}:{letters(mark.column)}{patch.last_row}",
            fill,
            priority,
            mark.formula,
        )
        for priority, (mark, fill) in enumerate(zip(patch.marks, fills, strict=True), first)
    )
    # Before the office's own formats: of several on one cell LibreOffice shows the first in the
    # file only. Excel and Google Sheets go by the priorities, where the office's come first.
    before = frame.ORDER[frame.ORDER.index("conditionalFormatting") - 1]
    at = markup.after(root, frame.ORDER, before)
    return [(at, at, new)]


def _message(root: Element, patch: Patch, column: int, undo: Undo) -> list[Edit]:
    parent = root.child("dataValidations")
    undo.validations_empty = parent is not None and parent.empty
    undo.validations_open = parent is not None and not parent.empty and not parent.children
    new = frame.message(root, patch, column, undo)
    prefix = root.prefix
    if parent is None:
        at = markup.after(root, frame.ORDER, "dataValidations")
        whole = b'<%bdataValidations count="1">%b</%bdataValidations>' % (prefix, new, prefix)
        return [(at, at, whole)]
    count = parent.number("count")
    edits = [] if count is None else [parent.set("count", str(count + 1))]
    if parent.empty:
        tail = b">%b</%b>" % (new, parent.tag)
        return [*edits, (parent.inner - 2, parent.inner, tail)]
    return [*edits, (parent.close, parent.close, new)]


def _require_unmerged(root: Element, patch: Patch, where: str) -> None:
    """Refuse to write into a merged area, except into its first cell."""
    parent = root.child("mergeCells")
    columns = [own.column for own in patch.columns or ()]
    for element in parent.children if parent is not None else ():
        for area in refs.areas(element.get("ref") or ""):
            if _is_needed(area, patch, columns):
                raise PlaceTaken(
                    f"A cell that Reveal needs belongs to the merged area {area.ref}.",
                    hint="Unmerge it (Home > Merge & Center) and run again.",
                    where=where,
                )


def _is_needed(area: Area, patch: Patch, columns: list[int]) -> bool:
    anchor = (area.first_row, area.first_column)
    if any(area.holds(*at) and at != anchor for at in patch.cells):
        return True
    if not any(area.first_column <= column <= area.last_column for column in columns):
        return False
    if area.first_row <= patch.header_row <= area.last_row:
        return True
    at = bisect_left(patch.rows, area.first_row)
    return at < len(patch.rows) and patch.rows[at] <= area.last_row

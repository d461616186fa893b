"""Taking Reveal's own pieces out of what stands around the rows of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.ooxml import frame, markup, refs, widths

if TYPE_CHECKING:
    from collections.abc import Collection

    from sheets.books.ooxml.markup import Edit, Element
    from sheets.books.ooxml.undo import Undo
    from sheets.grid import Patch


def cleared(
    document: bytes, part: str, patch: Patch, own: Collection[int]
) -> tuple[bytes, Undo | None]:
    """Clear a sheet without its rows of what belongs to one table.

    Args:
        document: The part without its rows.
        part: Its name, for messages.
        patch: Which rows.
        own: The own columns.

    Returns:
        The part, and what was remembered there; None if nothing was.

    Raises:
        CannotRead: The part is damaged.
    """
    root = markup.parse(document, part)
    found = list(frame.messages(root, patch))
    undo = next((undo for _, undo in found if undo is not None), None)
    edits = [
        *_messages(root, [element for element, _ in found], undo),
        *_highlights(root, patch),
        *_filter(root, patch, own, undo),
    ]
    if undo is not None:
        edits += [*_dimension(root, own, undo), *widths.take_out(root, own, undo)]
    return (markup.splice(document, edits) if edits else document), undo


def _messages(root: Element, elements: list[Element], undo: Undo | None) -> list[Edit]:
    parent = root.child("dataValidations")
    if parent is None or not elements:
        return []
    if len(elements) == len(parent.children) and not (undo is not None and undo.validations_open):
        if undo is not None and undo.validations_empty:
            return [(parent.inner - 1, parent.end, b"/>"), *_counted(parent, -len(elements))]
        return [(parent.start, parent.end, b"")]  # the schema allows no empty list
    edits = [(element.start, element.end, b"") for element in elements]
    return edits + _counted(parent, -len(elements))


def _counted(parent: Element, more: int) -> list[Edit]:
    count = parent.number("count")
    return [] if count is None else [parent.set("count", str(count + more))]


def _highlights(root: Element, patch: Patch) -> list[Edit]:
    edits: list[Edit] = []
    for block in root.all("conditionalFormatting"):
        if frame.MARK not in block.raw or not frame.touches(block.get("sqref") or "", patch):
            continue
        rules = list(block.all("cfRule"))
        own = [rule for rule in rules if frame.MARK in rule.raw]
        if len(own) == len(rules):
            edits.append((block.start, block.end, b""))
        else:
            edits += [(rule.start, rule.end, b"") for rule in own]
    return edits


def _filter(root: Element, patch: Patch, own: Collection[int], undo: Undo | None) -> list[Edit]:
    element = root.child("autoFilter")
    if element is None or (undo is not None and not undo.filter):
        return []
    ref = element.get("ref") or ""
    return _shrunk(element, ref, own) if frame.touches(ref, patch) else []


def _dimension(root: Element, own: Collection[int], undo: Undo) -> list[Edit]:
    element = root.child("dimension")
    if element is None or not undo.dimension:
        return []
    return _shrunk(element, element.get("ref") or "", own)


def _shrunk(element: Element, ref: str, own: Collection[int]) -> list[Edit]:
    """Take the own columns off the end of an element's range."""
    end = refs.ends_at(ref)
    if end is None or end not in own:
        return []
    areas = refs.areas(ref)
    last = refs.without_last(end, own)
    if areas and last < areas[0].first_column:
        return []
    return [element.set("ref", refs.ending_at(ref, last))]

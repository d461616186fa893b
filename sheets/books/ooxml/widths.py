"""The widths of the own columns: put in, or cut out of the range of a wider setting; and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.ooxml import frame, markup

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sheets.books.ooxml.markup import Edit, Element
    from sheets.books.ooxml.undo import Undo
    from sheets.grid import OwnColumn

_WIDTH = b'<%bcol min="%d" max="%d" width="%b" customWidth="1"/>'


def put_in(root: Element, columns: Sequence[OwnColumn], undo: Undo) -> list[Edit]:
    """Set the widths of own columns for which there is no setting of their own.

    Args:
        root: The worksheet.
        columns: The own columns, ascending.
        undo: Takes down what was done.
    """
    parent = root.child("cols")
    if parent is not None and parent.empty:
        return []
    settings = list(parent.all("col")) if parent is not None else []
    covering = [setting for setting in settings if _covers(setting, columns)]
    if covering:
        return _cut_out(covering[0], columns, undo) if len(covering) == 1 else []
    undo.cols = tuple(own.column for own in columns)
    new = b"".join(
        _WIDTH % (root.prefix, own.column, own.column, f"{own.width:g}".encode()) for own in columns
    )
    if parent is None:
        undo.cols_element = True
        at = markup.after(root, frame.ORDER, "cols")
        return [(at, at, b"<%bcols>%b</%bcols>" % (root.prefix, new, root.prefix))]
    right = [one.start for one in settings if (one.number("min") or 0) > columns[-1].column]
    at = min(right, default=parent.close)
    return [(at, at, new)]


def take_out(root: Element, own: Collection[int], undo: Undo) -> list[Edit]:
    """Undo what `put_in` did, as far as it is still there."""
    parent = root.child("cols")
    if parent is None:
        return []
    settings = list(parent.all("col"))
    numbers = [(one.number("min"), one.number("max")) for one in settings]
    wanted = [(column, column) for column in undo.cols]
    at = next((n for n in range(len(numbers)) if numbers[n : n + len(wanted)] == wanted), None)
    if not wanted or at is None or not set(undo.cols) <= set(own):
        return []
    mine = settings[at : at + len(wanted)]
    if undo.cols_left or undo.cols_right:
        left = settings[at - 1] if at else None
        right = settings[at + len(mine)] if at + len(mine) < len(settings) else None
        return _joined(left, mine, right, undo)
    if not all(_is_ours(one) for one in mine):
        return []
    if undo.cols_element and len(mine) == len(parent.children):
        return [(parent.start, parent.end, b"")]
    return [(mine[0].start, mine[-1].end, b"")]


def _covers(setting: Element, columns: Sequence[OwnColumn]) -> bool:
    first, last = setting.number("min") or 0, setting.number("max") or 0
    return first <= columns[-1].column and columns[0].column <= last


def _cut_out(setting: Element, columns: Sequence[OwnColumn], undo: Undo) -> list[Edit]:
    """Cut the own columns out of a setting for many; its other attributes stay with all of them."""
    first, last = setting.number("min") or 0, setting.number("max") or 0
    start, end = columns[0].column, columns[-1].column
    plain = (str(first), str(last)) == (setting.get("min"), setting.get("max"))
    adjacent = [own.column for own in columns] == list(range(start, end + 1))
    if not plain or not adjacent or not first <= start or not end <= last:
        return []
    if (first, last) == (start, end):
        return []  # a setting for just these columns is somebody's choice
    undo.cols = tuple(own.column for own in columns)
    undo.cols_left, undo.cols_right = first < start, end < last
    pieces = [_altered(setting, max=str(start - 1))] if undo.cols_left else []
    for own in columns:
        place = str(own.column)
        more = {"hidden": "0"} if setting.truth("hidden") else {}
        width = {"width": f"{own.width:g}", "customWidth": "1"}
        pieces.append(_altered(setting, min=place, max=place, **width, **more))
    if undo.cols_right:
        pieces.append(_altered(setting, min=str(end + 1)))
    return [(setting.start, setting.end, b"".join(pieces))]


def _joined(
    left: Element | None, mine: list[Element], right: Element | None, undo: Undo
) -> list[Edit]:
    """Join a setting that was cut, if all its pieces are still there."""
    first, last = mine[0].number("min") or 0, mine[-1].number("max") or 0
    if undo.cols_left and (left is None or left.number("max") != first - 1):
        return []
    if undo.cols_right and (right is None or right.number("min") != last + 1):
        return []
    if undo.cols_left and undo.cols_right and left is not None and right is not None:
        return [left.set("max", right.get("max") or ""), (left.end, right.end, b"")]
    if undo.cols_left and left is not None:
        return [left.set("max", str(last)), (left.end, mine[-1].end, b"")]
    if right is not None:
        return [(mine[0].start, right.start, b""), right.set("min", str(first))]
    return []


def _is_ours(setting: Element) -> bool:
    """Whether a setting is written as `put_in` does."""
    column, width = setting.number("min") or 0, (setting.get("width") or "").encode()
    return setting.raw == _WIDTH % (setting.prefix, column, column, width)


def _altered(setting: Element, **values: str) -> bytes:
    """The bytes of a setting with other values of some attributes."""
    edits = [setting.set(name, value) for name, value in values.items()]
    at = setting.start
    return markup.splice(setting.raw, [(start - at, end - at, new) for start, end, new in edits])

"""The tables beside which Reveal writes: they must take in its columns, and let them go again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.books.ooxml import markup, refs
from sheets.errors import CannotWrite, PlaceTaken

if TYPE_CHECKING:
    from collections.abc import Collection

    from sheets.books.ooxml.markup import Edit, Element
    from sheets.grid import Area, Patch


class Table:
    """The part of a table (a ListObject).

    Args:
        data: The part, in UTF-8.
        part: Its name, for messages.
        where: File and sheet, for messages.

    Attributes:
        data: The part as it is now.
        area: Its area, or None if it cannot be told.

    Raises:
        CannotRead: The part is damaged.
    """

    def __init__(self, data: bytes, part: str, where: str) -> None:
        self._part = part
        self._where = where
        self._set(data)

    def _set(self, data: bytes) -> None:
        self.data = data
        self._root = markup.parse(data, self._part)
        areas = refs.areas(self._root.get("ref") or "")
        self.area: Area | None = areas[0] if areas else None

    def belongs_to(self, patch: Patch) -> bool:
        """Whether its headers are those of a patch."""
        return (
            self.area is not None
            and self.area.first_row == patch.header_row
            and self._root.get("headerRowCount") != "0"
        )

    def shrink(self, own: Collection[int], kept: Collection[int]) -> None:
        """Let go the own columns at its end.

        Args:
            own: The own columns.
            kept: Those of them that are written again.

        Raises:
            CannotWrite: Own columns stand in its middle and are not written again.
        """
        if self.area is None:
            return
        last = refs.without_last(self.area.last_column, own)
        inside = {column for column in own if self.area.first_column <= column <= last}
        if inside - set(kept):
            raise CannotWrite(
                "Reveal's columns stand in the middle of a table, where they cannot be taken away.",
                hint="Delete these columns in Excel, or move them to the end of the table.",
                where=self._where,
            )
        gone = self.area.last_column - last
        parent = self._root.child("tableColumns")
        if not gone or parent is None or len(parent.children) <= gone:
            return
        columns = parent.children[-gone:]
        edits = [*_counted(parent, -gone), *self._ending_at(last)]
        edits += [(column.start, column.end, b"") for column in columns]
        self._set(markup.splice(self.data, edits))

    def grow(self, patch: Patch) -> None:
        """Take in the own columns of a patch that stand right beside it.

        Raises:
            PlaceTaken: It has a column of that name, or they stand within it but not beside it.
            CannotWrite: It is fed by a query.
        """
        own = sorted(patch.columns or (), key=lambda one: one.column)
        if self.area is None or not own:
            return
        if own[-1].column < self.area.first_column or own[0].column > self.area.last_column + 1:
            return
        if self._overlaps(patch):
            self._require_named(patch)
            return
        if not self.belongs_to(patch) or own[0].column != self.area.last_column + 1:
            return
        if self._root.get("tableType") == "queryTable":
            raise CannotWrite(
                "The table is filled by a query, which would tear the result from its people.",
                hint="Copy the table as values to another sheet and check that.",
                where=self._where,
            )
        parent = self._root.child("tableColumns")
        if parent is None or parent.empty:
            raise CannotWrite("The table does not name its columns.", where=self._where)
        taken = {(column.get("name") or "").casefold() for column in parent.children}
        if any(one.header.casefold() in taken for one in own):
            raise self._name_taken()
        number = max((column.number("id") or 0 for column in parent.children), default=0)
        new = b"".join(
            b'<%btableColumn id="%d" name="%b"/>'
            % (self._root.prefix, number + place, markup.attribute(one.header))
            for place, one in enumerate(own, 1)
        )
        edits = [*_counted(parent, len(own)), *self._ending_at(own[-1].column)]
        edits.append((parent.close, parent.close, new))
        self._set(markup.splice(self.data, edits))

    def _overlaps(self, patch: Patch) -> bool:
        """Whether an own cell would stand within the table."""
        area = self.area
        return (
            area is not None
            and area.first_row <= patch.last_row
            and patch.header_row <= area.last_row
            and any(
                area.first_column <= own.column <= area.last_column for own in patch.columns or ()
            )
        )

    def _require_named(self, patch: Patch) -> None:
        """Refuse own columns within the table, unless they have been its columns before."""
        parent = self._root.child("tableColumns")
        area = self.area
        if area is None or parent is None or not self.belongs_to(patch):
            raise self._name_taken()
        names = [column.get("name") for column in parent.children]
        for own in patch.columns or ():
            place = own.column - area.first_column
            if not 0 <= place < len(names) or names[place] != own.header:
                raise self._name_taken()

    def _name_taken(self) -> PlaceTaken:
        return PlaceTaken(
            "A table has other columns where the result belongs, or columns of the same name.",
            hint="Rename or move these columns and run again.",
            where=self._where,
        )

    def _ending_at(self, column: int) -> list[Edit]:
        """Its range and that of its filter with another last column."""
        edits = []
        for element in (self._root, self._root.child("autoFilter")):
            ref = element.get("ref") if element is not None else None
            if element is not None and ref:
                edits.append(element.set("ref", refs.ending_at(ref, column)))
        return edits


def _counted(parent: Element, more: int) -> list[Edit]:
    count = parent.number("count")
    return [] if count is None else [parent.set("count", str(count + more))]

"""Reveal's own sheets in a workbook: put in behind the others, replaced, and taken out again.

An own sheet is known by its title and its first cell (`Grid.is_own`), which outlive every program
that saves the workbook.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sheets.books.ooxml import frame, markup, ownsheet, rowparse
from sheets.books.ooxml.partlists import OWN_LINK
from sheets.books.ooxml.sheetstream import SheetStream
from sheets.books.refusals import own_sheet_taken
from sheets.errors import CannotWrite
from sheets.grid import OWN_MARK, OWN_SHEET, Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sheets.books.ooxml.markup import Edit, Element
    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.partlists import PartLists
    from sheets.books.ooxml.styles import Styles
    from sheets.books.ooxml.undo import Undo
    from sheets.books.ooxml.workbook import SheetPart, Workbook
    from sheets.grid import OwnSheet

_LINK = f"{OWN_LINK}Sheet"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


class OwnSheets:
    """The edit of a workbook's own sheets.

    To be used in this order: `ask`, `workbook`, and then `parts`.

    Args:
        package: The package.
        workbook: Its parts.
        workbook_data: The workbook's own part.
        wanted: The own sheets that it shall have; None leaves those that there are.
        shared: Gives a shared string by its number.
        where: The file's name, for messages.

    Attributes:
        remembered: What earlier runs remembered in the sheets that go or are replaced.
        paths: The parts of these sheets.

    Raises:
        PlaceTaken: A sheet of somebody else has the title of an own one.
        CannotWrite: The workbook is protected against new sheets.
        CannotRead: A part is damaged.
    """

    def __init__(
        self,
        package: Package,
        workbook: Workbook,
        workbook_data: bytes,
        wanted: Sequence[OwnSheet] | None,
        *,
        shared: Callable[[int], str | None],
        where: str,
    ) -> None:
        self._package = package
        self._workbook = workbook
        self._shared = shared
        self._wanted = wanted or ()
        self._looks = ownsheet.Looks()
        self.remembered: list[Undo] = []
        earlier = self._earlier() if wanted is not None else {}
        self.paths: Collection[str] = {sheet.path for sheet in earlier.values()}
        self._gone = [earlier[title] for title in earlier if title not in self._titles()]
        self._paths = {title: earlier[title].path for title in self._titles() if title in earlier}
        new = [title for title in self._titles() if title not in earlier]
        root = markup.parse(workbook_data, workbook.path)
        _require_free(root, new, where)
        if new or self._gone:
            _require_open(root, where)
        for title in new:
            self._paths[title] = self._free_path()
        self._new = new

    def ask(self, styles: Styles) -> None:
        """Ask for the styles that will be needed."""
        if self._wanted:
            self._looks = ownsheet.Looks(
                text=styles.wrapped(),
                figure=styles.figure(),
                heading=styles.heading(),
                heading_of_figures=styles.heading(of_figures=True),
            )

    def workbook(self, data: bytes, lists: PartLists) -> bytes:
        """The workbook's own part with the sheets that come, and without those that go.

        Args:
            data: The part as it is to be otherwise, in UTF-8.
            lists: The lists of parts; the sheets are told there, too.
        """
        for sheet in self._gone:
            root = markup.parse(data, self._workbook.path)
            data = markup.splice(data, _taken_out(root, sheet))
            lists.remove(sheet.path)
        for title in self._new:
            root = markup.parse(data, self._workbook.path)
            link = lists.free_id(_LINK)
            lists.add(self._paths[title], "worksheet", link)
            data = markup.splice(data, [_put_in(root, title, link, strict=lists.strict)])
        return data

    def parts(
        self, record: str, workbook_data: bytes, *, strict: bool
    ) -> Mapping[str, bytes | None]:
        """The parts of the sheets; None is to be left out.

        Args:
            record: What undoes the change of the styles.
            workbook_data: The workbook's own part.
            strict: Whether the workbook is written in the strict names of the standard.
        """
        views = markup.parse(workbook_data, self._workbook.path).child("bookViews") is not None
        parts: dict[str, bytes | None] = {}
        for sheet in self._gone:
            parts |= dict.fromkeys(filter(None, (sheet.path, sheet.rels)))
        for own in self._wanted:
            path = self._paths[own.title]
            parts[path] = ownsheet.part(own, self._looks, record, strict=strict, views=views)
        return parts

    def _titles(self) -> list[str]:
        return [own.title for own in self._wanted]

    def _earlier(self) -> dict[str, SheetPart]:
        """The own sheets of an earlier run, by title."""
        found = {}
        for sheet in self._workbook.sheets:
            if sheet.title == OWN_SHEET and (document := self._own_document(sheet)) is not None:
                found[sheet.title] = sheet
                root = markup.parse(document, sheet.path)
                told = frame.messages(root, Patch(sheet.title, 1, 1))
                self.remembered += [undo for _, undo in told if undo is not None]
        return found

    def _own_document(self, sheet: SheetPart) -> bytes | None:
        """A sheet without its rows, if its first cell says that it is Reveal's."""
        try:
            stream = SheetStream.open(self._package, sheet.path)
        except CannotWrite:
            return None  # it has no rows
        row, segment = stream.rows({1}).get(1, (None, b""))
        cell = row.at(1) if row is not None else None
        if cell is None:
            return None
        raw = segment[cell.start : cell.end]
        text = rowparse.text(raw, cell.inner - cell.start, self._shared)
        return stream.head + stream.tail if text == OWN_MARK else None

    def _free_path(self) -> str:
        """A name for a new part, beside the other sheets."""
        folder = posixpath.join(posixpath.dirname(self._workbook.path), "worksheets")
        taken = {*self._paths.values()}
        number = len(self._workbook.sheets) + 1
        while True:
            path = f"{folder}/sheet{number}.xml"
            if path not in taken and self._package.find(path) is None:
                return path
            number += 1


def _require_free(root: Element, titles: Sequence[str], where: str) -> None:
    """Refuse a title that a sheet has, whatever the case of its letters."""
    wanted = {title.casefold() for title in titles}
    for element in _sheets(root):
        title = element.get("name") or ""
        if title.casefold() in wanted:
            raise own_sheet_taken(title, where)


def _require_open(root: Element, where: str) -> None:
    protection = root.child("workbookProtection")
    if protection is not None and protection.truth("lockStructure"):
        raise CannotWrite(
            "The workbook is protected, so that no sheet can come or go.",
            hint="Unprotect it (Review > Protect Workbook) and run again, or leave out "
            "--summary-sheet.",
            where=where,
        )


def _sheets(root: Element) -> Sequence[Element]:
    parent = root.child("sheets")
    return parent.children if parent is not None else ()


def _put_in(root: Element, title: str, link: str, *, strict: bool) -> Edit:
    """Name a new sheet behind the others."""
    others = _sheets(root)
    number = max((one.number("sheetId") or 0 for one in others), default=0) + 1
    last = others[-1]
    # The prefix is told anew, as others may have told it of their own element only.
    new = b'<%b xmlns:r="%b" name="%b" sheetId="%d" r:id="%b"/>' % (
        *(last.tag, _STRICT_RELATIONS if strict else _RELATIONS),
        *(markup.attribute(title), number, link.encode()),
    )
    return last.end, last.end, new


def _taken_out(root: Element, sheet: SheetPart) -> Iterator[Edit]:
    """Take out a sheet, and count all that counts sheets anew."""
    element = _sheets(root)[sheet.index]
    yield element.start, element.end, b""
    names = root.child("definedNames")
    own = [
        one
        for one in (names.children if names is not None else ())
        if one.number("localSheetId") == sheet.index
    ]
    if names is not None and own and len(own) == len(names.children):
        yield names.start, names.end, b""
    else:
        yield from ((one.start, one.end, b"") for one in own)
        for one in names.children if names is not None else ():
            local = one.number("localSheetId")
            if local is not None and local > sheet.index:
                yield one.set("localSheetId", str(local - 1))
    views = root.child("bookViews")
    for view in views.children if views is not None else ():
        for attribute in ("firstSheet", "activeTab"):
            at = view.number(attribute)
            if at is not None and at >= max(sheet.index, 1):
                yield view.set(attribute, str(at - 1))

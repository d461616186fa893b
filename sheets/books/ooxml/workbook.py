"""What a workbook consists of: its sheets, and the parts that these share.

Parts are found by relationships (ECMA-376 part 2, 9.3), never by their usual names: only the
relationships say what Excel would open.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from sheets.books.ooxml import tree
from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.tree import Node

_STATES = {"hidden": "hidden", "veryHidden": "very hidden"}
_SAVE_AGAIN = "Open the file in Excel, let Excel repair it, and save it."


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another.

    Attributes:
        id: Its name in the part that it belongs to.
        kind: The last word of its type: ``worksheet``, ``table``, ``styles``.
        target: The part as the package spells it; None if it is not there, or outside.
    """

    id: str
    kind: str
    target: str | None


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet.

    Attributes:
        title: Its name.
        path: Its part.
        state: ``visible``, ``hidden`` or ``very hidden``.
        tables: The parts of its tables.
        rels: The part of its relationships; None if it has none.
        index: Its place among all sheets, chart sheets included, from 0: what
            `DefinedName.local_sheet` counts.
    """

    title: str
    path: str
    state: str = "visible"
    tables: Sequence[str] = ()
    rels: str | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name that stands for cells, such as ``_xlnm._FilterDatabase``.

    Attributes:
        name: The name.
        text: What it stands for.
        local_sheet: The `SheetPart.index` of the sheet that it is limited to, or None.
    """

    name: str
    text: str
    local_sheet: int | None = None


@dataclass(frozen=True, slots=True)
class Workbook:
    """The parts of a workbook.

    Attributes:
        path: The workbook's own part.
        sheets: The worksheets in their order; chart, dialog and macro sheets are left out.
        date1904: Whether dates are counted from 1904.
        styles: The part of the styles, if there is one.
        shared_strings: The part of the shared strings, if there is one.
        defined_names: All names, in their order.
        content_types: The part that tells the kinds of all parts.
    """

    path: str
    sheets: Sequence[SheetPart]
    date1904: bool
    styles: str | None
    shared_strings: str | None
    defined_names: Sequence[DefinedName]
    content_types: str

    @classmethod
    def open(cls, package: Package) -> Self:
        """Find the parts of a workbook.

        Raises:
            CannotRead: A part is missing or damaged, or this is no workbook.
        """
        content_types = package.find("[Content_Types].xml")
        path = next(_targets(relationships(package, ""), "officeDocument"), None)
        if content_types is None or path is None:
            raise _lacks(package, "the list of its parts")
        root = tree.read(package, path)
        if root.name != "workbook":
            raise CannotRead(
                "The file is no Excel workbook, whatever its name says.",
                hint="Open it in the program that made it and save it as .xlsx.",
                where=package.path.name,
            )
        links = relationships(package, path)
        return cls(
            path=path,
            sheets=tuple(_sheets(package, root, links)),
            date1904=root.child("workbookPr").truth("date1904"),
            styles=next(_targets(links, "styles"), None),
            shared_strings=next(_targets(links, "sharedStrings"), None),
            defined_names=tuple(map(_defined_name, root.child("definedNames").all("definedName"))),
            content_types=content_types,
        )


def relationships(package: Package, part: str) -> Sequence[Relationship]:
    """The relationships of a part; those of the package itself for an empty name.

    Raises:
        CannotRead: They are damaged.
    """
    own = _rels(package, part)
    if own is None:
        return ()
    found = tree.read(package, own).all("Relationship")
    return tuple(_relationship(package, part, node.attributes) for node in found)


def _rels(package: Package, part: str) -> str | None:
    folder, name = posixpath.split(part)
    return package.find(posixpath.join(folder, "_rels", f"{name}.rels"))


def _relationship(package: Package, part: str, attributes: Mapping[str, str]) -> Relationship:
    kind = attributes.get("Type", "").rpartition("/")[2]
    target = attributes.get("Target", "").replace("\\", "/").partition("#")[0]
    if attributes.get("TargetMode") == "External" or not target:
        return Relationship(attributes.get("Id", ""), kind, None)
    whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
    found = package.find(whole) or package.find(unquote(whole))
    return Relationship(attributes.get("Id", ""), kind, found)


def _targets(links: Sequence[Relationship], kind: str) -> map[str] | filter[str]:
    return filter(None, (link.target for link in links if link.kind == kind))


def _sheets(package: Package, root: Node, links: Sequence[Relationship]) -> list[SheetPart]:
    by_id = {link.id: link for link in links}
    sheets = []
    for index, node in enumerate(root.child("sheets").all("sheet")):
        if node.get("id") == "":
            continue  # a module of Visual Basic in Excel's oldest way
        link = by_id.get(node.get("id") or "")
        if link is None or (link.kind == "worksheet" and link.target is None):
            raise _lacks(package, "one of its sheets")
        if link.kind != "worksheet" or link.target is None:
            continue
        own = relationships(package, link.target)
        sheets.append(
            SheetPart(
                title=node.get("name") or "",
                path=link.target,
                state=_STATES.get(node.get("state") or "", "visible"),
                tables=tuple(_targets(own, "table")),
                rels=_rels(package, link.target),
                index=index,
            )
        )
    return sheets


def _defined_name(node: Node) -> DefinedName:
    local = node.get("localSheetId") or ""
    number = int(local) if local.isascii() and local.isdecimal() else None
    return DefinedName(node.get("name") or "", node.text, number)


def _lacks(package: Package, what: str) -> CannotRead:
    return CannotRead(f"The workbook lacks {what}.", hint=_SAVE_AGAIN, where=package.path.name)

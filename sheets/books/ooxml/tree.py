"""Small parts of a package as trees, blind to namespaces: for reading only.

Strict and Transitional files differ in their namespaces only, and some programs write prefixes
everywhere, so elements and attributes are known by their local names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.books.ooxml.package import Package


@dataclass(slots=True, eq=False)
class Node:
    """An element.

    Attributes:
        name: Its name without a prefix.
        attributes: Local name -> value; of two, the one without a prefix counts.
        children: The elements in it.
        text: The characters directly in it.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str | None:
        """An attribute's value, or None."""
        return self.attributes.get(name)

    def truth(self, name: str, *, default: bool = False) -> bool:
        """Whether an attribute says yes."""
        text = self.attributes.get(name)
        return default if text is None else text.strip().lower() in ("1", "true", "on")

    def all(self, name: str) -> Iterator[Node]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> Node:
        """The first child of a name; an empty one if there is none."""
        return next(self.all(name), None) or Node(name)


def local(name: str) -> str:
    """A name without its prefix.

    Example:
        >>> local("x:row"), local("row")
        ('row', 'row')
    """
    return name.rpartition(":")[2]


def parser(where: str, part: str, encoding: str | None = None) -> expat.XMLParserType:
    """A parser that refuses a document type, and with it every entity of the file's own.

    Args:
        where: The file, for messages.
        part: The part, for messages.
        encoding: What the bytes are in, whatever they declare.
    """

    def refuse(*_: object) -> None:
        raise CannotRead(
            f"A part of the file has a document type declaration: {part}.",
            hint="No spreadsheet program writes one; do not trust the file.",
            where=where,
        )

    made = expat.ParserCreate(encoding)
    made.buffer_text = True
    made.StartDoctypeDeclHandler = refuse
    return made


def feed(made: expat.XMLParserType, data: bytes, where: str, part: str, *, final: bool) -> None:
    """Give a parser the next piece of a part.

    Raises:
        CannotRead: The part is no XML, or what reads it refuses it.
    """
    try:
        made.Parse(data, final)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        if isinstance(problem, CannotRead):
            raise
        raise damaged(where, part) from problem


def damaged(where: str, part: str) -> CannotRead:
    """The error for a part that is not XML."""
    return CannotRead(
        f"A part of the file is damaged: {part}.",
        hint="Open the file in Excel and save it again.",
        where=where,
    )


def read(package: Package, part: str) -> Node:
    """Read a part.

    Raises:
        CannotRead: It is not there, too large, damaged, or has a document type declaration.
    """
    return parse(package.read(part), package.path.name, part)


def parse(data: bytes, where: str, part: str) -> Node:
    """Read XML in any encoding that it declares.

    Raises:
        CannotRead: It is damaged or has a document type declaration.

    Example:
        >>> root = parse(b'<x:a xmlns:x="y"><x:b c="1">d</x:b></x:a>', "a.xlsx", "a.xml")
        >>> root.name, root.child("b").get("c"), root.child("b").text
        ('a', '1', 'd')
    """
    root = Node("")
    open_nodes = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        prefixed = {local(key): value for key, value in attributes.items() if ":" in key}
        bare = {key: value for key, value in attributes.items() if ":" not in key}
        node = Node(local(name), prefixed | bare)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(_: str) -> None:
        open_nodes.pop()

    def characters(text: str) -> None:
        open_nodes[-1].text += text

    made = parser(where, part)
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = characters
    feed(made, data, where, part, final=True)
    return root.children[0]

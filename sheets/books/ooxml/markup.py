"""XML by byte offsets: where an element stands, so that bytes can be put in and taken out.

A part is never parsed into objects and written back, since that would lose what the objects do not
know. It is checked by expat, indexed by a tokenizer, and edited as the bytes that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from sheets.errors import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Edit = tuple[int, int, bytes]
"""Start and end of the bytes to replace, and what comes in their place."""

_ATTRIBUTES = rb"""(?:[^"'>]|"[^"]*"|'[^']*')*?"""
TOKEN = re.compile(
    rb"<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?"
    rb"|/(?P<end>[^\s>]+)\s*"
    rb"|(?P<start>[^\s/>!?]+)(?P<attributes>" + _ATTRIBUTES + rb")(?P<empty>/?))>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DEPTH = 2

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True, eq=False)
class Element:
    """An element and where its bytes are.

    Attributes:
        source: The bytes of the whole part.
        tag: Its name with the prefix, as written.
        start: Where its start tag begins.
        inner: Where its start tag ends.
        close: Where its end tag begins; equal to `end` if it is written ``<a/>``.
        end: Where it ends.
        children: The elements in it, down to two levels below the root.
    """

    source: bytes
    tag: bytes
    start: int
    inner: int
    close: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name without the prefix."""
        return self.tag.rpartition(b":")[2].decode()

    @property
    def prefix(self) -> bytes:
        """Its prefix with the colon, or nothing."""
        return self.tag[: self.tag.rfind(b":") + 1]

    @property
    def empty(self) -> bool:
        """Whether it is written ``<a/>``."""
        return self.inner == self.end

    @property
    def raw(self) -> bytes:
        """All its bytes."""
        return self.source[self.start : self.end]

    def get(self, name: str) -> str | None:
        """An attribute's value, or None."""
        span = self.span(name)
        return None if span is None else unescape(self.source[slice(*span)])

    def number(self, name: str) -> int | None:
        """An attribute's value if it is a plain whole number, or None."""
        text = self.get(name) or ""
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else None

    def truth(self, name: str, *, default: bool = False) -> bool:
        """Whether an attribute says yes."""
        text = self.get(name)
        return default if text is None else text.strip() in ("1", "true", "on")

    def span(self, name: str) -> tuple[int, int] | None:
        """Where the value of an attribute stands, without its quotes."""
        wanted = name.encode()
        for match in self._attributes():
            if match[1] == wanted:
                return match.start(2) + 1, match.end(2) - 1
        return None

    def set(self, name: str, value: str) -> Edit:
        """The edit that gives an attribute another value; a missing one is added at the end."""
        span = self.span(name)
        if span is not None:
            return *span, attribute(value)
        at = self.inner - (2 if self.empty else 1)
        return at, at, b' %b="%b"' % (name.encode(), attribute(value))

    def all(self, name: str) -> Iterator[Element]:
        """The children of this name and of the same prefix."""
        wanted = self.prefix + name.encode()
        return (child for child in self.children if child.tag == wanted)

    def child(self, name: str) -> Element | None:
        """The first child of this name and of the same prefix."""
        return next(self.all(name), None)

    def _attributes(self) -> Iterator[re.Match[bytes]]:
        return _ATTRIBUTE.finditer(self.source, self.start + 1 + len(self.tag), self.inner)


def parse(data: bytes, part: str) -> Element:
    """Check that a part is well-formed and say where its elements are.

    Raises:
        CannotRead: It is not, or has a document type declaration.
    """
    require_well_formed(data, part)
    root = Element(data, b"", 0, 0)
    open_elements = [root]
    for token in TOKEN.finditer(data):
        if token["end"] is not None:
            element = open_elements.pop()
            element.close, element.end = token.span()
        elif token["start"] is not None:
            element = Element(data, token["start"], *token.span())
            if len(open_elements) <= _DEPTH + 1:
                open_elements[-1].children.append(element)
            if token["empty"]:
                element.close = element.end = element.inner
            else:
                open_elements.append(element)
    if len(open_elements) != 1 or len(root.children) != 1:
        raise CannotRead(f"A part of the file is damaged: {part}.")
    return root.children[0]


def require_well_formed(data: bytes, part: str) -> None:
    """Raise CannotRead unless this is XML in UTF-8 without a document type declaration."""

    def refuse(*_: object) -> None:
        raise CannotRead(f"A part of the file has a document type declaration: {part}.")

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise CannotRead(
            f"A part of the file is damaged: {part}.",
            hint="Open it in Excel and save it again.",
        ) from problem


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Replace some spans of bytes; edits at the same place keep their order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[at:start], new]
        at = end
    return b"".join((*pieces, data[at:]))


def attribute(text: str) -> bytes:
    """Text as it stands in an attribute."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    escaped = escaped.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
    return _NOT_IN_XML.sub("", escaped.replace(">", "&gt;")).encode()


def content(text: str) -> bytes:
    """Text as it stands in an element."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NOT_IN_XML.sub("", escaped).encode()


def unescape(data: bytes) -> str:
    """Text or an attribute's value as it is meant."""
    text = data.decode("utf-8", "replace")
    return _REFERENCE.sub(_resolved, text) if "&" in text else text


def _resolved(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED.get(match[3], match[0])
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code <= 0x10FFFF else match[0]  # noqa: PLR2004 - Unicode's last


def after(parent: Element, order: Sequence[str], name: str) -> int:
    """Where a new child belongs, by the schema's order of the children."""
    earlier = {parent.prefix + known.encode() for known in order[: order.index(name) + 1]}
    ends = [child.end for child in parent.children if child.tag in earlier]
    return max(ends, default=parent.inner)

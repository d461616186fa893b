"""The styles that Reveal needs: appended at the end, used again if they are there, and undone."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from sheets.books.ooxml import markup
from sheets.grid import FILLS

if TYPE_CHECKING:
    from sheets.books.ooxml.markup import Edit, Element
    from sheets.grid import Shade

_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
PLAIN_LISTS = (
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)
"""The least that a styles part must hold, as Excel writes it for an empty workbook."""

_LINES = b'<alignment vertical="top" wrapText="1"/>'
_TOP = b'<alignment vertical="top"/>'
_FIGURE = b'<alignment horizontal="right" vertical="top" indent="1"/>'
_ABSENT, _EMPTY, _OPEN, _ROOT_EMPTY = "A", "S", "O", "R"
_RECORD = re.compile(r"([0-9a-f]{8})\.([ASOR])\.(\d+)\.(\d+)(?:\.(\d+))?")
_ATTRIBUTES = re.compile(rb"""\s+([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")


class Styles:
    """The styles part while a patch is made.

    Args:
        data: The part, in UTF-8.
        part: Its name, for messages.

    Raises:
        CannotRead: It is damaged.
    """

    def __init__(self, data: bytes, part: str) -> None:
        self._data = data
        self._root = markup.parse(data, part)
        self._dxfs: dict[bytes, int] = {}
        self._xfs: dict[bytes, int] = {}
        self._fonts: dict[bytes, int] = {}

    def fill(self, shade: Shade) -> int:
        """The number of the differential format that fills a marked cell."""
        return self._number(self._root.child("dxfs"), self._dxfs, _dxf(shade, self._root.prefix))

    def wrapped(self) -> int | None:
        """The number of the plain cell format with wrapped text; None if there are no formats."""
        return self._plain(_LINES)

    def figure(self) -> int | None:
        """The same for numbers that stand before text."""
        return self._plain(_FIGURE)

    def heading(self, *, of_figures: bool = False) -> int | None:
        """The same in bold, for a heading; as plain as the others if no font can be made bold."""
        return self._plain(_FIGURE if of_figures else _TOP, bold=True)

    def _plain(self, alignment: bytes, *, bold: bool = False) -> int | None:
        formats = self._root.child("cellXfs")
        if formats is None or not formats.children:
            return None
        plain = formats.children[0]
        font = self._bolder(plain.number("fontId") or 0) if bold else None
        return self._number(formats, self._xfs, _format(plain, alignment, font))

    def _bolder(self, font: int) -> int | None:
        """The number of a font in bold."""
        fonts = self._root.child("fonts")
        if fonts is None or font >= len(fonts.children):
            return None
        return self._number(fonts, self._fonts, _bold(fonts.children[font]))

    def result(self) -> tuple[bytes, str]:
        """The part with all that was asked for, and the record that undoes it (see `undone`)."""
        if not (self._dxfs or self._xfs or self._fonts):
            return self._data, ""
        edits: list[Edit] = []
        how = _OPEN
        formats, fills = self._root.child("cellXfs"), self._root.child("dxfs")
        if formats is not None and self._xfs:
            edits += _appended(formats, list(self._xfs))
        fonts = self._root.child("fonts")
        if fonts is not None and self._fonts:
            edits += _appended(fonts, list(self._fonts))
        if self._dxfs and fills is None:
            edits.append(self._first_fills())
            how = _ROOT_EMPTY if self._root.empty else _ABSENT
        elif self._dxfs and fills is not None:
            edits += _appended(fills, list(self._dxfs))
            how = _EMPTY if fills.empty else _OPEN
        data = markup.splice(self._data, edits)
        record = f"{zlib.crc32(data):08x}.{how}.{len(self._dxfs)}.{len(self._xfs)}"
        return data, record + (f".{len(self._fonts)}" if self._fonts else "")

    def _first_fills(self) -> Edit:
        """Put in the list of differential formats, which is not there."""
        root = self._root
        entries = b"".join(self._dxfs)
        new = b'<%bdxfs count="%d">%b' % (root.prefix, len(self._dxfs), entries)
        new += b"</%bdxfs>" % root.prefix
        if root.empty:
            new = _prefixed(PLAIN_LISTS, root.prefix) + new
            return root.inner - 2, root.inner, b">%b</%b>" % (new, root.tag)
        at = markup.after(root, _ORDER, "dxfs")
        return at, at, new

    def _number(self, parent: Element | None, added: dict[bytes, int], wanted: bytes) -> int:
        """The place of an entry in its list: an old one, or a new one at the end."""
        known = parent.children if parent is not None else []
        for number, entry in enumerate(known):
            if entry.raw == wanted:
                return number
        return added.setdefault(wanted, len(known) + len(added))


def undone(data: bytes, record: str, part: str) -> bytes | None:
    """Take away what a record tells of; None if the part is not what it speaks of."""
    match = _RECORD.fullmatch(record)
    if match is None or f"{zlib.crc32(data):08x}" != match[1]:
        return None
    root = markup.parse(data, part)
    edits: list[Edit] = []
    formats, fills = root.child("cellXfs"), root.child("dxfs")
    if match[2] == _ROOT_EMPTY:
        edits.append((root.inner - 1, root.end, b"/>"))
    elif formats is not None:
        edits += _shortened(formats, int(match[4]))
    fonts = root.child("fonts")
    if fonts is not None:
        edits += _shortened(fonts, int(match[5] or 0))
    if fills is not None and match[2] == _ABSENT:
        edits.append((fills.start, fills.end, b""))
    elif fills is not None and match[2] != _ROOT_EMPTY:
        edits += _shortened(fills, int(match[3]), close=match[2] == _EMPTY)
    return markup.splice(data, edits)


def _appended(parent: Element, entries: list[bytes]) -> list[Edit]:
    edits = _counted(parent, len(entries))
    new = b"".join(entries)
    if parent.empty:
        tail = b">%b</%b>" % (new, parent.tag)
        return [*edits, (parent.inner - 2, parent.inner, tail)]
    return [*edits, (parent.close, parent.close, new)]


def _shortened(parent: Element, entries: int, *, close: bool = False) -> list[Edit]:
    if not entries:
        return []
    edits = _counted(parent, -entries)
    if close:
        return [*edits, (parent.inner - 1, parent.end, b"/>")]
    last = parent.children[-entries:]
    return [*edits, (last[0].start, last[-1].end, b"")]


def _counted(parent: Element, more: int) -> list[Edit]:
    count = parent.number("count")
    return [] if count is None else [parent.set("count", str(count + more))]


def _dxf(shade: Shade, prefix: bytes) -> bytes:
    """A fill exactly as Excel writes it."""
    plain = '<dxf><fill><patternFill><bgColor rgb="FF%s"/></patternFill></fill></dxf>'
    return _prefixed((plain % FILLS[shade]).encode(), prefix)


def _format(plain: Element, alignment: bytes, font: int | None = None) -> bytes:
    """The plain format with an alignment, perhaps in another font, exactly as Excel writes it."""
    start_tag = plain.source[plain.start + 1 + len(plain.tag) : plain.inner]
    look = dict(_ATTRIBUTES.findall(start_tag))
    look.pop(b"applyAlignment", None)
    if font is not None:
        look.pop(b"applyFont", None)
        look |= {b"fontId": b'"%d"' % font, b"applyFont": b'"1"'}
    kept = b"".join(b" %b=%b" % item for item in look.items())
    inside = _prefixed(alignment, plain.prefix)
    return b'<%b%b applyAlignment="1">%b</%b>' % (plain.tag, kept, inside, plain.tag)


def _bold(font: Element) -> bytes:
    """A font in bold, exactly as Excel writes it."""
    mark = b"<%bb/>" % font.prefix
    if font.empty:
        return b"<%b>%b</%b>" % (font.tag, mark, font.tag)
    inside = font.source[font.inner : font.end]
    return font.source[font.start : font.inner] + (b"" if mark in inside else mark) + inside


def _prefixed(xml: bytes, prefix: bytes) -> bytes:
    return re.sub(rb"<(/?)", rb"<\g<1>" + prefix, xml) if prefix else xml

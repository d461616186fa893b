"""Reveal's own cells as bytes: how they are written, and how they are known again.

A cell is written so that taking it away gives back what was there, byte for byte. Where the place
was empty, the whole cell goes. What else was there is told by blanks that mean nothing to XML::

    <c r="G5" t="inlineStr"><is><t>No</t></is></c>          there was no cell
    <c r="G5" s="3" t="inlineStr"><is><t>No</t></is ></c>   <c r="G5" s="3"/>
    <c r="G5" s="3" t="inlineStr"><is><t>No</t></is  ></c>  <c r="G5" s="3"></c>
    ...                                                     two more for each kind of `t`
    <c ...><is ><t>No</t></is></c>                          the row was <row .../>
    <c ...><is  ><t>No</t></is></c>                         there was no row

Text is always text: an inline string is never taken for a formula.
"""

from __future__ import annotations

import re

from sheets.books.ooxml import markup

TEXT_LIMIT = 32_767
"""Characters that one cell holds."""

ROW_WAS_EMPTY, ROW_WAS_ABSENT = 1, 2

_KINDS = (b"n", b"s", b"str", b"b", b"e", b"d", b"inlineStr")
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
_APPENDED = b' t="inlineStr"'
_TYPE = re.compile(rb"""(?<=\s)t\s*=\s*["']([^"']*)["']""")
_ALLOWED = re.compile(rb"""(?:\s+[rst]\s*=\s*(?:"[^"]*"|'[^']*'))*\s*""")
_OWN = re.compile(
    rb"<(?P<prefix>[^\s:<>]*:)?c(?P<attributes>[^<>]*)><(?:[^\s:<>]*:)?is(?P<row> {0,2})>"
    rb"<(?:[^\s:<>]*:)?t(?: xml:space=\"preserve\")?>[^<]*</(?:[^\s:<>]*:)?t>"
    rb"</(?:[^\s:<>]*:)?is(?P<cell> *)></(?:[^\s:<>]*:)?c>"
)
_NEW = re.compile(rb' r="[A-Z]{1,3}\d+"(?: s="\d+")? t="inlineStr"')


def inline(text: str, prefix: bytes = b"", row: int = 0, cell: int = 0) -> bytes:
    """The inside of a cell that holds text.

    Args:
        text: What it says, at most `TEXT_LIMIT` characters; more is cut.
        prefix: The sheet's namespace prefix with its colon.
        row: `ROW_WAS_EMPTY`, `ROW_WAS_ABSENT` or 0.
        cell: What the place held, as `adopted` tells it.

    Example:
        >>> inline("=1+1 & so")
        b'<is><t>=1+1 &amp; so</t></is>'
    """
    text = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text[:TEXT_LIMIT])
    space = b' xml:space="preserve"' if text != text.strip() or "\n" in text else b""
    return b"<%bis%b><%bt%b>%b</%bt></%bis%b>" % (
        *(prefix, b" " * row, prefix, space, markup.content(text)),
        *(prefix, prefix, b" " * cell),
    )


def new(ref: bytes, style: int | None, inside: bytes, prefix: bytes = b"") -> bytes:
    """A cell where there was none."""
    look = b"" if style is None else b' s="%d"' % style
    return b'<%bc r="%b"%b t="inlineStr">%b</%bc>' % (prefix, ref, look, inside, prefix)


def template(letters: bytes, style: int | None, inside: bytes, prefix: bytes = b"") -> bytes:
    """A cell for ``%`` with the row's number: the fast way to write many of the same text."""
    return new(letters + b"%d", style, inside.replace(b"%", b"%%"), prefix)


def adopted(start_tag: bytes, text: str, prefix: bytes, row: int, *, closed: bool) -> bytes | None:
    """A cell put into the place of one that has a style only; None if it has more than that.

    Args:
        start_tag: The start tag of the cell that is there.
        text: What the cell shall say.
        prefix: The sheet's namespace prefix with its colon.
        row: As in `inline`.
        closed: Whether it is written ``<c/>``.
    """
    attributes = start_tag[2 + len(prefix) : -2 if closed else -1]
    if not _ALLOWED.fullmatch(attributes):
        return None
    kind = _TYPE.search(attributes)
    if kind is None:
        changed, index = attributes + _APPENDED, 0
    elif kind[1] in _KINDS:
        changed = attributes[: kind.start(1)] + b"inlineStr" + attributes[kind.end(1) :]
        index = _KINDS.index(kind[1]) + 1
    else:
        return None
    mark = 1 + (not closed) + 2 * index
    return b"<%bc%b>%b</%bc>" % (prefix, changed, inline(text, prefix, row, mark), prefix)


def taken_away(cell: bytes) -> tuple[bytes, int] | None:
    """What was in the place of one of Reveal's cells, and how its row was (see `inline`).

    None if the cell is not written as Reveal writes.

    Example:
        >>> taken_away(b'<c r="G5" s="3" t="inlineStr"><is><t>No</t></is ></c>')
        (b'<c r="G5" s="3"/>', 0)
    """
    match = _OWN.fullmatch(cell)
    if match is None:
        return None
    attributes, mark, row = match["attributes"], len(match["cell"]), len(match["row"])
    if not mark:
        return (b"", row) if _NEW.fullmatch(attributes) else None
    index, closed = (mark - 1) // 2, mark % 2 == 1
    if index > len(_KINDS):
        return None
    if not index:
        if not attributes.endswith(_APPENDED):
            return None
        before = attributes.removesuffix(_APPENDED)
    elif kind := _TYPE.search(attributes):
        before = attributes[: kind.start(1)] + _KINDS[index - 1] + attributes[kind.end(1) :]
    else:
        return None
    prefix = match["prefix"] or b""
    return b"<%bc%b" % (prefix, before) + (b"/>" if closed else b"></%bc>" % prefix), row

"""The shared strings of a workbook: each text once, numbered from 0.

A large workbook has millions of them, so they are never Python objects all at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets.books.ooxml import blocks, tree
from sheets.books.ooxml.cellvalues import unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets.books.ooxml.package import Package

_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<((?:[^\s:<>/]+:)?)sst(?:\s[^<>]*)?>"
)
_REFERENCE = re.compile("&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
UNCLEAN = r"[&\r]|_x[0-9A-Fa-f]{4}_"
"""What XML text has in it if it stands for other characters."""

_SURROGATES, _LAST_CHARACTER = range(0xD800, 0xE000), 0x10FFFF
_SI, _T = 2, 3  # how deep the elements stand


def load(package: Package, part: str | None) -> pl.Series:
    """All shared strings by their numbers; empty ones are null.

    Raises:
        CannotRead: The part is missing or damaged.
    """
    texts = [pl.Series([], dtype=pl.String)]
    if part is not None:
        texts += _texts(package, part)
    whole = pl.concat(texts)
    return whole.set(whole == "", None).rechunk()


def decoded(texts: pl.Series) -> pl.Series:
    """The characters that XML text stands for.

    Example:
        >>> decoded(pl.Series(["a &amp; b", "_x0041_", "plain", None])).to_list()
        ['a & b', 'A', 'plain', None]
    """
    unclean = texts.str.contains(UNCLEAN).fill_null(value=False)
    if not unclean.any():
        return texts
    known = texts.filter(unclean).unique()
    clean = pl.Series([_decoded(text) for text in known], dtype=pl.String)
    return texts.replace(known, clean)


def _decoded(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unescaped(_REFERENCE.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    return "\ufffd" if code in _SURROGATES or code > _LAST_CHARACTER else chr(code)


def _texts(package: Package, part: str) -> Iterator[pl.Series]:
    file = package.path.name
    source = blocks.Blocks(package, part, file)
    first = next(source.pieces(), b"")
    start = _START.match(first)
    reader = StringReader(file, part)
    if start is None:
        source.put_back(first)
        yield from _careful(reader, source)
        return
    prefix = start[1]
    reader.feed(first[: start.end()])
    source.put_back(first[start.end() :])
    while block := source.take(b"<%bsi" % prefix, b"</%bsst" % prefix):
        texts = _quick(block, prefix, file, part) if blocks.plain(block) else None
        if texts is None:
            source.put_back(block)
            yield from _careful(reader, source)
            return
        yield texts
    yield from _careful(reader, source)


def _quick(block: bytes, prefix: bytes, file: str, part: str) -> pl.Series | None:
    """The texts of a block; None if it is not written plainly enough to be sure."""
    *elements, rest = block.split(b"</%bsi>" % prefix)
    if rest.strip():
        return None
    texts = decoded(_plain_texts(blocks.column(elements, file, part), prefix.decode()))
    others = texts.is_null().arg_true()
    if not len(others):
        return texts
    reader = StringReader(file, part)
    reader.feed(b"<sst>")
    reader.feed((b"</%bsi>" % prefix).join([elements[at] for at in others] + [b""]))
    found = reader.take()
    # Fewer or more than one text each: an empty element stands before another one.
    return texts.scatter(others, found) if len(found) == len(others) else None


def _plain_texts(raw: pl.Series, prefix: str) -> pl.Series:
    """What stands in elements that hold one text and no more; null for all others."""
    before, after = f"<{prefix}si><{prefix}t>", f"</{prefix}t>"
    inner = raw.str.strip_prefix(before).str.strip_suffix(after)
    whole = inner.str.len_bytes() + len(before) + len(after) == raw.str.len_bytes()
    texts = inner.set(~whole | inner.str.contains("<", literal=True), None)
    others = texts.is_null().arg_true()
    pattern = (
        rf"^[ \r\n\t]*{before[:-1]}(?: xml:space=\"preserve\")?>([^<]*){after}"
        rf"(?:<{prefix}phoneticPr[^<>]*/>)?[ \r\n\t]*$"
    )
    return texts.scatter(others, raw.gather(others).str.extract(pattern)) if len(others) else texts


def _careful(reader: StringReader, source: blocks.Blocks) -> Iterator[pl.Series]:
    """All that is left, by expat."""
    for piece in source.pieces():
        reader.feed(piece)
        yield pl.Series(reader.take(), dtype=pl.String)
    reader.finish()


class StringReader:
    """Reads shared strings however they are written.

    Args:
        file: The file's name, for messages.
        part: The part, for messages.
    """

    def __init__(self, file: str, part: str) -> None:
        self._file, self._part = file, part
        self._found: list[str] = []
        self._open: list[str] = []
        self._texts: list[str] = []
        self._inside = False
        self._length = 0
        self._parser = tree.parser(file, part, "utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            CannotRead: This is no XML, or one text is too large.
        """
        self._parse(data, final=False)

    def finish(self) -> None:
        """Check that the XML is complete.

        Raises:
            CannotRead: It is not.
        """
        self._parse(b"", final=True)

    def take(self) -> list[str]:
        """Give the texts that were read, and forget them."""
        found, self._found = self._found, []
        return found

    def _parse(self, data: bytes, *, final: bool) -> None:
        tree.feed(self._parser, data, self._file, self._part, final=final)

    def _start(self, tag: str, _: dict[str, str]) -> None:
        self._open.append(tree.local(tag))
        if len(self._open) == _SI:
            self._texts, self._length = [], 0
        self._inside = self._open[-1] == "t" and len(self._open) >= _T and "rPh" not in self._open

    def _characters(self, text: str) -> None:
        if self._inside:
            self._texts.append(text)
            self._length += len(text)
            if self._length > blocks.LIMIT:
                raise blocks.too_large(self._file)

    def _end(self, _: str) -> None:
        self._inside = False
        if self._open.pop() == "si" and len(self._open) == _SI - 1:
            self._found.append(unescaped("".join(self._texts)))

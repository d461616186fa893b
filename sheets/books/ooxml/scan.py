"""The careful reader: every cell through expat. Slow, and right for any XML."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING
from xml.parsers import expat

from sheets.books.ooxml import tree
from sheets.errors import CannotRead
from sheets.grid import HEAD_ROWS, Area, Cells, Grid, ListObject, Odd, OddKind, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sheets.books.ooxml.package import Package
    from sheets.books.ooxml.workbook import SheetPart, Workbook

_REF = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_ESC = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_grids(package: Package, workbook: Workbook) -> list[Grid]:
    """Read the head of every sheet."""
    shared = _shared(package, workbook)
    formats = _formats(package, workbook)
    return [_grid(package, workbook, sheet, shared, formats) for sheet in workbook.sheets]


def _shared(package: Package, workbook: Workbook) -> list[str]:
    if workbook.shared_strings is None:
        return []
    root = tree.parse(
        package.read(workbook.shared_strings, 1 << 30), package.path.name, workbook.shared_strings
    )
    out = []
    for si in root.all("si"):
        out.append(
            "".join(
                t.text
                for part in si.children
                for t in ([part] if part.name == "t" else part.all("t") if part.name == "r" else [])
            )
        )
    return [_ESC.sub(lambda m: chr(int(m[1], 16)), text) for text in out]


def _formats(package: Package, workbook: Workbook) -> list[str]:
    if workbook.styles is None:
        return []
    root = tree.read(package, workbook.styles)
    custom = {f.get("numFmtId"): f.get("formatCode") or "" for f in root.child("numFmts").all("numFmt")}
    out = []
    for xf in root.child("cellXfs").all("xf"):
        ident = xf.get("numFmtId") or "0"
        code = custom.get(ident, "")
        if not code and ident.isdigit() and (14 <= int(ident) <= 22 or 45 <= int(ident) <= 47):
            code = "yyyy-mm-dd"
        out.append(code)
    return out


def _number(text: str, code: str, date1904: bool) -> str:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", code)
    try:
        value = float(text)
    except ValueError:
        return text
    if re.search(r"[dmyhs]", bare, re.IGNORECASE) and "general" not in bare.lower():
        base = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)
        if 0 <= value < 2958466:
            moment = base + dt.timedelta(days=value + (1 if value < 60 and not date1904 else 0))
            return moment.date().isoformat() if value == int(value) else moment.isoformat(sep="T", timespec="seconds")
    if value == int(value) and abs(value) < 1e300:
        digits = text if re.fullmatch(r"-?\d+", text) else str(int(value))
        if re.fullmatch(r"0{2,}", bare.split(";")[0].strip()):
            digits = digits.zfill(len(bare.split(";")[0].strip()))
        return digits
    return repr(value)


class _Scan:
    def __init__(self, shared, formats, date1904, asked, limit, where):
        self.shared, self.formats, self.date1904 = shared, formats, date1904
        self.asked, self.limit, self.where = asked, limit, where
        self.rows: dict[int, dict[int, str]] = {}
        self.odd: dict[tuple[int, int], Odd] = {}
        self.last_row = self.last_column = self.hidden = 0
        self.row = self.column = 0
        self.merged: list[Area] = []
        self.filter: Area | None = None
        self.protected = False
        self.text: list[str] | None = None
        self.inside = False

    def start(self, name, attributes):
        name = tree.local(name)
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            self.is_hidden = attributes.get("hidden") in ("1", "true")
            self.valued = False
        elif name == "c":
            match = _REF.match(attributes.get("r", ""))
            self.column = number(match[1]) if match else self.column + 1
            self.style = int(attributes.get("s", 0))
            self.kind = attributes.get("t", "n")
            self.value = None
            self.formula = False
            self.inside = True
            self.parts: list[str] = []
            self.phonetic = 0
        elif self.inside and name == "f":
            self.formula = True
        elif self.inside and name == "v":
            self.text = []
        elif self.inside and name == "rPh":
            self.phonetic += 1
        elif self.inside and name == "t" and not self.phonetic:
            self.text = []
        elif name == "mergeCell" and "ref" in attributes:
            self.merged.append(Area.parse(attributes["ref"]))
        elif name == "autoFilter" and "ref" in attributes and self.filter is None:
            self.filter = Area.parse(attributes["ref"])
        elif name == "sheetProtection":
            self.protected = attributes.get("sheet") in ("1", "true")

    def chars(self, text):
        if self.text is not None:
            self.text.append(text)

    def end(self, name):
        name = tree.local(name)
        if name in ("v", "t") and self.text is not None:
            if name == "v":
                self.value = "".join(self.text)
            else:
                self.parts.append("".join(self.text))
            self.text = None
        elif name == "rPh" and self.inside:
            self.phonetic -= 1
        elif name == "c":
            self.inside = False
            self.cell()
        elif name == "row" and self.valued and self.is_hidden:
            self.hidden += 1

    def cell(self):
        text = None
        odd = None
        if self.kind == "inlineStr":
            text = "".join(self.parts)
        elif self.value is not None and self.value != "":
            if self.kind == "s":
                try:
                    text = self.shared[int(self.value)]
                except (IndexError, ValueError):
                    odd = Odd(OddKind.ERROR, "#REF!")
            elif self.kind == "b":
                text = "TRUE" if self.value.strip() == "1" else "FALSE"
            elif self.kind == "e":
                odd = Odd(OddKind.ERROR, self.value)
            elif self.kind in ("str", "d"):
                text = self.value
            else:
                code = self.formats[self.style] if self.style < len(self.formats) else ""
                text = _number(self.value, code, self.date1904)
        elif self.formula and self.kind != "str":
            odd = Odd(OddKind.NO_RESULT)
        if not text and odd is None and not self.formula:
            return
        self.valued = True
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if self.asked is not None and self.column not in self.asked:
            return
        if self.limit and self.row not in self.rows and len(self.rows) >= self.limit:
            return
        if odd:
            self.odd[self.row, self.column] = odd
        elif text:
            self.rows.setdefault(self.row, {})[self.column] = text


def _run(package, workbook, sheet, shared, formats, asked, limit) -> _Scan:
    scan = _Scan(shared, formats, workbook.date1904, asked, limit, package.path.name)
    parser = tree.parser(package.path.name, sheet.path)
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.chars
    try:
        for chunk in package.chunks(sheet.path):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        if isinstance(problem, CannotRead):
            raise
        raise tree.damaged(package.path.name, sheet.path) from problem
    for area in scan.merged:
        value = scan.rows.get(area.first_row, {}).get(area.first_column)
        if value is None:
            continue
        for row in range(area.first_row, min(area.last_row, area.first_row + 10000) + 1):
            for column in range(area.first_column, area.last_column + 1):
                if asked is None or column in asked:
                    scan.rows.setdefault(row, {}).setdefault(column, value)
    return scan


def _grid(package, workbook, sheet, shared, formats) -> Grid:
    head = _run(package, workbook, sheet, shared, formats, None, HEAD_ROWS)
    tables = []
    for part in sheet.tables:
        node = tree.read(package, part)
        tables.append(
            ListObject(
                node.get("displayName") or node.get("name") or "",
                Area.parse(node.get("ref") or "A1"),
                int(node.get("headerRowCount") or 1),
                int(node.get("totalsRowCount") or 0),
            )
        )
    return Grid(
        sheet.title,
        dict(sorted(head.rows.items())),
        partial(_load, package.path, workbook, sheet, shared, formats),
        list_objects=tables,
        filter=head.filter,
        merged=head.merged,
        state=sheet.state,
        protected=head.protected,
    )


def _load(path, workbook, sheet, shared, formats, columns: Collection[int]) -> Cells:
    import polars as pl

    from sheets.books.ooxml.package import Package

    asked = set(columns)
    with Package.open(path) as package:
        scan = _run(package, workbook, sheet, shared, formats, asked, 0)
    rows = sorted(scan.rows)
    frame = pl.DataFrame(
        {"_row": rows} | {str(c): [scan.rows[r].get(c) for r in rows] for c in sorted(asked)},
        schema={"_row": pl.UInt32} | {str(c): pl.String for c in sorted(asked)},
    )
    return Cells(frame, scan.odd, scan.last_row, scan.last_column, scan.hidden)

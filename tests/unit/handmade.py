"""Workbooks written by hand, to show exactly which bytes change."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from sheets.books.xlsx import XlsxBook
from sheets.grid import TAG, Mark, OwnColumn, Patch, Shade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
FORMULA = f'AND(N("{TAG}")=0,LEN(TRIM(INDEX($A:$A,ROW())))=0)'

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<dxfs count="0"/></styleSheet>'
)
ROWS = (
    '<row r="1"><c r="A1" s="1" t="str"><v>Name</v></c><c r="B1" s="1" t="str"><v>Phone</v></c>'
    '</row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c>'
    '<c r="B3"><f>1+1</f><v>2</v></c></row>'
)


def worksheet(rows: str = ROWS, before: str = "", after: str = "", prefix: str = "") -> str:
    """A sheet of some rows, with what stands before and after them."""
    colon = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<{colon}worksheet {space}="{MAIN}" xmlns:r="{OFFICE}">{before}<{colon}sheetData>{rows}'
        f"</{colon}sheetData>{after}</{colon}worksheet>"
    )


def make(
    path: Path,
    sheet: str | bytes = worksheet(),
    *,
    styles: str | bytes | None = STYLES,
    names: str = "",
    tables: Sequence[str] = (),
    more: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Write a workbook of one sheet, ``People``."""
    links = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    if styles is not None:
        links += f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"></Types>',
        "_rels/.rels": _links(
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="People" sheetId="1" r:id="rId1"/></sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": _links(links),
        SHEET: sheet,
    }
    if styles is not None:
        parts["xl/styles.xml"] = styles
    for number, table in enumerate(tables, 1):
        parts[f"xl/tables/table{number}.xml"] = table
    if tables:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = _links(
            "".join(
                f'<Relationship Id="rId{n}" Type="{OFFICE}/table" Target="../tables/table{n}.xml"/>'
                for n in range(1, len(tables) + 1)
            )
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts | dict(more or {})).items():
            package.writestr(name, content)
    return path


def _links(links: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook, in their order."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def patch(
    *,
    start: int = 3,
    rows: Sequence[int] = (2, 3),
    verdicts: Sequence[str | None] | None = None,
    reasons: Sequence[str | None] | None = None,
    head: int = 1,
    last: int | None = None,
    marks: bool = True,
    sheet: str = "People",
) -> Patch:
    """What a check writes: two own columns, a mark and a note."""
    mark = Mark(1, Shade.MISSING, f"={FORMULA}")
    return Patch(
        sheet,
        header_row=head,
        last_row=last or max(rows),
        rows=rows,
        columns=(
            OwnColumn("Revealed?", start, verdicts or ["No"] * len(rows)),
            OwnColumn("What to fix", start + 1, reasons or [None] * len(rows), 60, wrap=True),
        ),
        marks=(mark,) if marks else (),
        note="Written by Reveal.",
    )


def cleared(wanted: Patch) -> Patch:
    """The patch that takes away what another one wrote."""
    own = tuple(column.column for column in wanted.columns or ())
    return Patch(wanted.sheet, wanted.header_row, wanted.last_row, replaces=own)


def written(path: Path, *patches: Patch) -> dict[str, bytes]:
    """Write patches; give the parts, after it was shown that the promises hold.

    Writing again changes nothing, and clearing gives back every byte.
    """
    before = parts(path)
    out = path.with_name("out.xlsx")
    XlsxBook(path, out).write(patches)
    after = parts(out)
    identity = out.stat().st_ino
    XlsxBook(out).write(patches)
    assert out.stat().st_ino == identity, "writing again changes the file"
    XlsxBook(out).write([cleared(one) for one in patches])
    assert list(parts(out).items()) == list(before.items()), "clearing leaves a trace"
    assert parts(path) == before, "the source was touched"
    out.unlink()
    return after


def rows_of(found: Mapping[str, bytes], name: str = SHEET) -> str:
    """The rows in a sheet's part."""
    return (
        found[name]
        .decode()
        .partition("sheetData>")[2]
        .rpartition("</")[0]
        .partition("</sheetData>")[0]
    )

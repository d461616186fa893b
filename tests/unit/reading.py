"""Reading handmade sheets both ways, which must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheets.books.ooxml import sheetcells
from sheets.books.ooxml.package import Package
from sheets.books.ooxml.scan import read_grids
from sheets.books.ooxml.workbook import Workbook
from tests.unit import handmade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sheets.grid import Cells, Grid

STRINGS = "xl/sharedStrings.xml"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = f'<Types xmlns="{handmade.PACKAGE}/content-types">' + "".join(
    f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>'
    for part, kind in (
        ("xl/workbook.xml", "sheet.main"),
        (handmade.SHEET, "worksheet"),
        ("xl/styles.xml", "styles"),
        (STRINGS, "sharedStrings"),
    )
)
CONTENT_TYPES += "</Types>"


def grids(path: Path) -> list[Grid]:
    """All sheets of a workbook."""
    with Package.open(path) as package:
        return read_grids(package, Workbook.open(package))


def formats(*codes: str) -> str:
    """A styles part: style 1 has the first number format, style 2 the second."""
    own = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(codes)
    )
    used = "".join(f'<xf numFmtId="{200 + at}" xfId="0"/>' for at in range(len(codes)))
    return (
        f'<styleSheet xmlns="{handmade.MAIN}"><numFmts>{own}</numFmts><fonts><font/></fonts>'
        "<fills><fill><patternFill/></fill></fills><borders><border/></borders>"
        f'<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0" xfId="0"/>{used}</cellXfs>'
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def made(
    folder: Path,
    sheet: str | bytes,
    *,
    styles: str | None = None,
    strings: str | bytes | None = None,
    more: Mapping[str, str | bytes] | None = None,
    **others: Sequence[str],
) -> Path:
    """Write a workbook of one sheet by hand, with shared strings if there are some."""
    parts = {"[Content_Types].xml": CONTENT_TYPES, **(more or {})}
    if strings is not None:
        parts[STRINGS] = strings
        kinds = ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{handmade.OFFICE}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate((*kinds, ("sharedStrings", "/" + STRINGS)), 1)
        )
        parts["xl/_rels/workbook.xml.rels"] = (
            f'<Relationships xmlns="{handmade.PACKAGE}/relationships">{links}</Relationships>'
        )
    return handmade.make(
        folder / "a.xlsx", sheet, styles=styles or handmade.STYLES, more=parts, **others
    )


def load(grid: Grid, columns: Sequence[int]) -> Cells:
    """Load columns the fast way if it can be gone, and the careful way, which gives the same."""
    fast = grid.load(columns)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sheetcells, "_MOST_PASSES", -1)
        careful = grid.load(columns)
    assert fast.frame.equals(careful.frame), (fast.frame, careful.frame)
    assert fast.odd == careful.odd
    assert (fast.last_row, fast.last_column) == (careful.last_row, careful.last_column)
    assert fast.hidden_rows == careful.hidden_rows
    return fast


def read(path: Path, columns: Sequence[int] = (1, 2, 3)) -> Cells:
    """Load columns of a workbook's only sheet, both ways."""
    [grid] = grids(path)
    return load(grid, columns)


def texts(cells: Cells) -> dict[int, list[str | None]]:
    """Row -> the texts of its asked columns."""
    return {row: list(rest) for row, *rest in cells.frame.iter_rows()}

"""How an office dresses a sheet, and how a workbook is kept the same to the byte."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

WHITE_ON_BLUE = (Font(name="Calibri", size=11, bold=True, color="FFFFFF"), "1F4E78")
BOLD_ON_GREY = (Font(name="Calibri", size=11, bold=True), "D9D9D9")


def fill_sheet(
    sheet: Worksheet,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    style: tuple[Font, str] = WHITE_ON_BLUE,
    top: int = 1,
    left: int = 1,
) -> int:
    """Write a table with its header row at `top` and dress it; returns its last row."""
    for offset, header in enumerate(headers):
        cell = sheet.cell(top, left + offset, header)
        cell.font, cell.fill = style[0], PatternFill("solid", fgColor=style[1])
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    last = top
    for last, row in enumerate(rows, start=top + 1):
        for offset, value in enumerate(row):
            if value in {None, ""}:
                continue
            cell = sheet.cell(last, left + offset, value)
            if hasattr(value, "isoformat"):
                cell.number_format = "mm/dd/yyyy"
    fit_columns(sheet, headers, left=left)
    return last


def fit_columns(sheet: Worksheet, headers: Sequence[str], *, left: int = 1) -> None:
    """Make each column as wide as its widest content, as a double click on its edge does."""
    for offset in range(len(headers)):
        (cells,) = sheet.iter_cols(left + offset, left + offset, values_only=True)
        widest = max(len(str(value or "")) for value in cells)
        width = min(max(widest + 2, 9), 34)
        sheet.column_dimensions[get_column_letter(left + offset)].width = width


def save(book: Workbook, path: Path, when: dt.datetime) -> None:
    """Save with fixed times, so that the same content is the same file."""
    book.properties.creator = "Reveal samples"
    book.properties.created = when
    raw = io.BytesIO()
    book.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, when.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o644 << 16
            stamp = f"{when:%Y-%m-%dT%H:%M:%SZ}".encode()
            new.writestr(fixed, MODIFIED.sub(rb"\g<1>" + stamp, old.read(entry)))

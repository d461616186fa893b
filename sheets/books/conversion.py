"""Copy the values of an old workbook (.xls, .xlsb, .ods) into a plain .xlsx: a program of its own.

``python conversion.py SOURCE TARGET``. The reader can end its whole process on a damaged file or
ask for any amount of memory, so it runs in a process that may be lost. This file imports nothing
of Reveal, and says nothing but its exit status: no cell's value can get into a message.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENCRYPTED, UNREADABLE, NO_SHEET, TOO_LARGE, FULL = 11, 12, 13, 14, 15
"""Exit statuses: needs a password, broken, no worksheet, too much for memory, cannot be written."""

_MEMORY = 4 << 30
_WIDTH_ROWS = 200
_WIDEST = 50
_EXACT = 10**15
_FIRST_YEAR = 1900
_TITLE = re.compile(r"[\[\]*:?/\\]")
_TITLE_LENGTH = 31
_STATES = {"Hidden": "hidden", "VeryHidden": "veryHidden"}


def main(source: Path, target: Path) -> int:
    """Convert one file and return the exit status."""
    import python_calamine as calamine

    _limit_memory()
    # What is being written lies beside the target too, not in a folder that others may read.
    tempfile.tempdir = str(target.parent)
    try:
        return _convert(source, target)
    except calamine.PasswordError:
        return ENCRYPTED
    except calamine.CalamineError:
        return UNREADABLE
    except MemoryError:
        return TOO_LARGE
    except OSError:
        return FULL


def _convert(source: Path, target: Path) -> int:
    import python_calamine as calamine
    from openpyxl import Workbook

    plain = Workbook(write_only=True)
    with calamine.load_workbook(source) as book:
        for about in book.sheets_metadata:
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                title = _TITLE.sub("_", about.name)[:_TITLE_LENGTH] or "Sheet"
                sheet = plain.create_sheet(title)
                sheet.sheet_state = _STATES.get(str(about.visible).rpartition(".")[2], "visible")
                _fill(sheet, book.get_sheet_by_name(about.name))
    if not plain.worksheets:
        return NO_SHEET
    if all(sheet.sheet_state != "visible" for sheet in plain.worksheets):
        plain.worksheets[0].sheet_state = "visible"  # Excel opens no workbook without one.
    plain.save(target)
    return 0


def _fill(sheet: Any, old: Any) -> None:
    """Copy the cells of one sheet; rows and columns keep their numbers."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.cell_range import CellRange

    # Empty rows on top are kept: what is in row 5 stays in row 5.
    rows = old.to_python(skip_empty_area=False)
    for column, width in enumerate(_widths(rows[:_WIDTH_ROWS]), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for (top, left), (bottom, right) in old.merged_cell_ranges or ():
        area = CellRange(None, left + 1, top + 1, right + 1, bottom + 1)
        # Not .add of the list itself, which looks through all others each time.
        sheet.merged_cells.ranges.add(area)
    for row in rows:
        # Old sheets often are wide and empty: nothing is written for an empty cell.
        blank = row.count("") == len(row)
        sheet.append([] if blank else [v if v is None else _cell(sheet, v) for v in _filled(row)])
    sheet.close()


def _filled(row: list[Any]) -> Iterator[Any]:
    """The cells of a row up to the last one that holds something; None is an empty one."""
    last = len(row)
    while row[last - 1] == "":
        last -= 1
    return (None if value == "" else value for value in row[:last])


def _widths(rows: Sequence[Sequence[Any]]) -> Iterator[float]:
    """How wide the columns must be for what is in the first rows."""
    count = max(map(len, rows), default=0)
    for column in range(count):
        longest = max((len(str(row[column])) for row in rows if column < len(row)), default=0)
        yield min(longest, _WIDEST) + 2


def _cell(sheet: Any, value: Any) -> Any:
    """Return what is written for a value: text stays text, whole numbers lose their ``.0``."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, dt.date) and value.year < _FIRST_YEAR:
        value = value.isoformat()  # Excel has no such dates.
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # Neither =1+1 nor #N/A becomes anything but text.
    return cell


def _limit_memory() -> None:
    """Keep a hostile file from taking all memory of the machine, where the system can."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
        try:
            resource.setrlimit(resource.RLIMIT_AS, (limit, most))
        except (OSError, ValueError):
            return  # macOS knows no such limit.


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))

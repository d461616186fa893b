"""The values of ranges, read and written: the methods below ``spreadsheets.values``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulators.google import entry, protection
from tests.emulators.google.calc import Calc, Error, number
from tests.emulators.google.cells import formatted, number_format, with_value
from tests.emulators.google.display import DATES
from tests.emulators.google.edits.lines import resize
from tests.emulators.google.errors import ApiError, Json, Refused, violation
from tests.emulators.google.model import EMPTY, Box, Cell, Sheet, Spreadsheet
from tests.emulators.google.places import place, range_text

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE_GIVEN = "INPUT_VALUE_OPTION_UNSPECIFIED"


@dataclass(frozen=True)
class Reading:
    """How values are told."""

    render: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    major: str = "ROWS"

    @classmethod
    def of(cls, asked: Json, prefix: str = "") -> Reading:
        def option(name: str, default: str) -> str:
            name = f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name
            return str(asked.get(name, default))

        major = asked.get("majorDimension", "ROWS")
        return cls(
            option("valueRenderOption", "FORMATTED_VALUE"),
            option("dateTimeRenderOption", "SERIAL_NUMBER"),
            "ROWS" if major == "DIMENSION_UNSPECIFIED" else major,
        )


def read(calc: Calc, sheet: Sheet, box: Box, how: Reading) -> Json:
    """A range with what is in it, without blank cells at the ends."""
    rows = [
        [_shown(calc, sheet, row, column, how) for column in range(box.left, box.right)]
        for row in range(box.top, box.bottom)
    ]
    if how.major == "COLUMNS":
        rows = [list(column) for column in zip(*rows, strict=True)]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    made: Json = {"range": range_text(sheet, box), "majorDimension": how.major}
    return made | ({"values": rows} if rows else {})


def _shown(calc: Calc, sheet: Sheet, row: int, column: int, how: Reading) -> Any:
    cell = sheet.cell(row, column)
    if cell is EMPTY:
        return ""
    entered = cell.get("userEnteredValue", {})
    if how.render == "FORMULA" and "formulaValue" in entered:
        return entered["formulaValue"]
    value = calc.value(sheet, row, column)
    dated = (number_format(cell) or {}).get("type") in DATES
    if how.render == "FORMATTED_VALUE" or (
        how.render == "UNFORMATTED_VALUE" and dated and how.dates == "FORMATTED_STRING"
    ):
        return formatted(value, cell)
    return value.code if isinstance(value, Error) else "" if value is None else value


@dataclass(frozen=True)
class Writer:
    """A user who writes values into a copy of a document."""

    spreadsheet: Spreadsheet
    user: str
    option: str

    @classmethod
    def of(cls, spreadsheet: Spreadsheet, user: str, asked: Json) -> Writer:
        option = asked.get("valueInputOption", NONE_GIVEN)
        if option == NONE_GIVEN:
            raise ApiError(400, "'valueInputOption' is required but not specified")
        return cls(spreadsheet, user, option)

    def write(self, text: str, told: Json) -> tuple[Json, Sheet, Box]:
        """Write values into a range; what was changed is told by its counts."""
        sheet, box = place(self.spreadsheet, text)
        rows = _rows(told)
        single = box.bottom - box.top == 1 and box.right - box.left == 1
        target = Box(
            box.top,
            box.top + max(1, len(rows)),
            box.left,
            box.left + max(1, max(map(len, rows), default=0)),
        )
        room = Box(box.top, len(sheet.rows), box.left, len(sheet.columns)) if single else box
        _check_room(sheet, box, room, target)
        return self.put(sheet, target, rows)

    def put(self, sheet: Sheet, target: Box, rows: list[list[Any]]) -> tuple[Json, Sheet, Box]:
        touched: set[tuple[int, int]] = set()
        for row, values in enumerate(rows, target.top):
            for column, value in enumerate(values, target.left):
                if value is not None:
                    self.enter(sheet, row, column, value)
                    touched.add((row, column))
        return self.counted(sheet, target, touched), sheet, target

    def counted(self, sheet: Sheet, target: Box, touched: set[tuple[int, int]]) -> Json:
        counts = {
            "updatedRows": len({row for row, _ in touched}),
            "updatedColumns": len({column for _, column in touched}),
            "updatedCells": len(touched),
        }
        made: Json = {
            "spreadsheetId": self.spreadsheet.id,
            "updatedRange": range_text(sheet, target),
        }
        return made | {name: count for name, count in counts.items() if count}

    def enter(self, sheet: Sheet, row: int, column: int, value: Any) -> None:
        guarded(self.spreadsheet, sheet, Box(row, row + 1, column, column + 1), self.user)
        cell = sheet.cell(row, column)
        try:
            sheet.put(row, column, self.entered(cell, value))
        except Refused as refused:
            raise ApiError(400, str(refused)) from None

    def entered(self, cell: Cell, value: Any) -> Cell:
        if isinstance(value, dict | list):
            kind = "struct_value" if isinstance(value, dict) else "list_value"
            raise ApiError(400, f"Invalid data: Unexpected {kind}.")
        if isinstance(value, bool):
            return with_value(cell, {"boolValue": value})
        if isinstance(value, int | float):
            return with_value(cell, {"numberValue": number(value)})
        if self.option == "RAW":
            return with_value(cell, {"stringValue": value} if value else None)
        as_text = (number_format(cell) or {}).get("type") == "TEXT"
        return with_value(cell, *entry.typed(str(value), as_text=as_text))


def _rows(told: Json) -> list[list[Any]]:
    rows: list[list[Any]] = told.get("values", [])
    if told.get("majorDimension") == "COLUMNS":
        width = max(map(len, rows), default=0)
        padded = [column + [None] * (width - len(column)) for column in rows]
        return [list(row) for row in zip(*padded, strict=True)]
    return rows


def _check_room(sheet: Sheet, box: Box, room: Box, target: Box) -> None:
    if target.bottom > room.bottom:
        tried = f"row [{room.bottom + 1}]"
    elif target.right > room.right:
        tried = f"column [{range_text(sheet, Box(0, 1, room.right, room.right + 1))[-1]}]"
    else:
        return
    asked = range_text(sheet, box)
    raise ApiError(400, f"Requested writing within range [{asked}], but tried writing to {tried}")


def guarded(spreadsheet: Spreadsheet, sheet: Sheet, box: Box, user: str) -> None:
    """Refuse a write into cells that are closed to the user."""
    try:
        protection.guard(spreadsheet, sheet, box, user)
    except Refused as refused:
        raise ApiError(400, str(refused)) from None


def clear(spreadsheet: Spreadsheet, user: str, text: str) -> str:
    """Take the values out of a range; looks and notes stay."""
    sheet, box = place(spreadsheet, text)
    guarded(spreadsheet, sheet, box, user)
    for row, column in box.cells():
        if column in sheet.cells[row]:
            sheet.put(row, column, with_value(sheet.cell(row, column), None))
    return range_text(sheet, box)


def append(writer: Writer, text: str, told: Json) -> tuple[Json, Sheet, Box]:
    """Write below the table that is found in a range."""
    sheet, box = place(writer.spreadsheet, text)
    rows = _rows(told)
    if told.get("range") and told["range"] != text:
        raise violation("range", "The range in the body must be that of the path.")
    table = _table(Calc(writer.spreadsheet), sheet, box)
    top, left = (table.bottom, table.left) if table else (box.top, box.left)
    target = Box(top, top + max(1, len(rows)), left, left + max(1, *map(len, rows)))
    if target.bottom > len(sheet.rows):
        resize(sheet, "ROWS", target.bottom - len(sheet.rows))
    if target.right > len(sheet.columns):
        resize(sheet, "COLUMNS", target.right - len(sheet.columns))
    updates, _, _ = writer.put(sheet, target, rows)
    made: Json = {"spreadsheetId": writer.spreadsheet.id}
    if table:
        made["tableRange"] = range_text(sheet, table)
    return made | {"updates": updates}, sheet, target


def _table(calc: Calc, sheet: Sheet, box: Box) -> Box | None:
    """The last block of the last row in use, as far as filled cells touch."""

    def filled(row: int, column: int) -> bool:
        return calc.value(sheet, row, column) not in (None, "")

    last = next(
        (
            (row, column)
            for row in reversed(range(box.top, box.bottom))
            for column in reversed(range(box.left, box.right))
            if filled(row, column)
        ),
        None,
    )
    if last is None:
        return None
    table = Box(last[0], last[0] + 1, last[1], last[1] + 1)
    while True:
        around = Box(
            max(0, table.top - 1),
            min(len(sheet.rows), table.bottom + 1),
            max(0, table.left - 1),
            min(len(sheet.columns), table.right + 1),
        )
        cells = [at for at in around.cells() if filled(*at)]
        grown = _hull(cells, table)
        if grown == table:
            return table
        table = grown


def _hull(cells: list[tuple[int, int]], table: Box) -> Box:
    def edges(at: int) -> Iterator[int]:
        return (cell[at] for cell in cells)

    return Box(
        min(table.top, *edges(0)),
        max(table.bottom, *(at + 1 for at in edges(0))),
        min(table.left, *edges(1)),
        max(table.right, *(at + 1 for at in edges(1))),
    )

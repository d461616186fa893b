"""The COM objects of a workbook. Each has only the members that stand here.

Source of the names and of what they do: the object model of Excel, as Microsoft documents it.
"""

from __future__ import annotations

import re
from types import MethodType

from sheets.grid import Area, letters, number
from tests.emulators.excel import tongue
from tests.emulators.excel.model import (
    NOT_DONE,
    STANDARD,
    Filter,
    NotDone,
    Note,
    Rule,
    Sheet,
)
from tests.emulators.excel.pywin import CDispatch, ComError, TimeType

LONGEST_ADDRESS = 255
_HIDDEN = re.compile(
    r"SUBTOTAL\(103,OFFSET\(\$([A-Z]+)\$(\d+):\$([A-Z]+)\$\2,ROW\(\$\2:\$(\d+)\)-\2,0\)\)"
)


class Com(CDispatch):
    """An object of Excel: ``get_X``, ``put_X`` and ``call_X`` are its members, and no others."""

    def __init__(self, excel, thing=None, **more):
        self.__dict__.update(excel=excel, thing=thing, **more)

    @property
    def _oleobj_(self):
        return self

    def GetIDsOfNames(self, _locale, name):
        raise ComError(-2147352570, f"Unknown name: {name}")

    def __getattr__(self, name):
        if (method := getattr(type(self), f"call_{name}", None)) is not None:

            def called(self, *given, **named):
                bare = [getattr(one, "_oleobj_", one) for one in given]
                named = {key: getattr(one, "_oleobj_", one) for key, one in named.items()}
                return self.excel.trip(
                    f"{type(self).__name__}.{name}()", lambda: method(self, *bare, **named)
                )

            return MethodType(called, self)
        if (getter := getattr(type(self), f"get_{name}", None)) is not None:
            return self.excel.trip(f"{type(self).__name__}.{name}", lambda: getter(self))
        raise AttributeError(name)

    def __setattr__(self, name, value):
        setter = getattr(type(self), f"put_{name}", None)
        if setter is None:
            raise AttributeError(name)
        self.excel.trip(f"{type(self).__name__}.{name}=", lambda: setter(self, value))

    def require_open(self, sheet):
        if sheet.protected:
            raise NotDone


class Application(Com):
    def get_Name(self):
        return "Microsoft Excel"

    def get_Application(self):
        return self

    def get_Hwnd(self):
        return self.excel.hwnd

    def get_Workbooks(self):
        return Workbooks(self.excel)

    def get_ActiveWorkbook(self):
        books = self.excel.workbooks
        return Book(self.excel, next(iter(books.values()))) if books else None

    def get_ActiveSheet(self):
        return self.get_ActiveWorkbook().get_ActiveSheet()

    def get_ActiveCell(self):
        book = self.get_ActiveWorkbook().thing
        if self.excel.cell is None:
            return None
        area = Area(*self.excel.cell, *self.excel.cell)
        return Range(self.excel, book.active, book=book, areas=[area])

    def call_Goto(self, cell, Scroll):  # noqa: N803 - as Excel calls it
        [area] = cell.areas
        cell.book.active = cell.thing
        self.excel.cell = area.first_row, area.first_column

    def call_OnUndo(self, text, macro):
        self.excel.undo = text, macro

    def get_International(self):
        settings = [0] * 45
        settings[0], settings[4] = (49, ";") if self.excel.german else (1, ",")
        return tuple(settings)

    def get_ReferenceStyle(self):
        return -4150 if self.excel.counts_columns else 1


for _setting in ("ScreenUpdating", "EnableEvents", "DisplayAlerts", "StatusBar"):
    setattr(
        Application,
        f"get_{_setting}",
        lambda self, name=_setting: self.excel.settings[name],
    )
    setattr(
        Application,
        f"put_{_setting}",
        lambda self, value, name=_setting: self.excel.settings.__setitem__(name, value),
    )


class Window(Com):
    def get_Application(self):
        return Application(self.excel)

    def put_SplitRow(self, value):
        self.excel.change(self.thing)
        self.thing.active.frozen = value

    def put_FreezePanes(self, value):
        assert value


class Windows(Com):
    def call_Item(self, at):
        assert at == 1
        return Window(self.excel, self.thing)


class Workbooks(Com):
    def call_Item(self, name):
        for book in self.excel.workbooks.values():
            if book.name.casefold() == name.casefold():
                return Book(self.excel, book)
        raise NotDone


class Book(Com):
    def get_Name(self):
        return self.thing.name

    def get_Application(self):
        return Application(self.excel)

    def get_Worksheets(self):
        return Worksheets(self.excel, self.thing)

    def get_ActiveSheet(self):
        return Worksheet(self.excel, self.thing.active, book=self.thing)

    def get_Windows(self):
        return Windows(self.excel, self.thing)

    def get_ReadOnly(self):
        return self.thing.read_only

    def get_ProtectStructure(self):
        return self.thing.structure


class Worksheets(Com):
    def get_Count(self):
        return len(self.thing.sheets)

    def call_Item(self, at):
        if isinstance(at, str):
            names = [sheet.title.casefold() for sheet in self.thing.sheets]
            if at.casefold() not in names:
                raise NotDone
            at = names.index(at.casefold()) + 1
        return Worksheet(self.excel, self.thing.sheets[at - 1], book=self.thing)

    def call_Add(self, before):
        if self.thing.structure:
            raise NotDone
        made = Sheet(f"Sheet{len(self.thing.sheets) + 1}")
        self.thing.sheets.insert(self.thing.sheets.index(before.thing), made)
        self.thing.active = made
        self.excel.change(self.thing)
        return Worksheet(self.excel, made, book=self.thing)


class Worksheet(Com):
    def get_Name(self):
        return self.thing.title

    def put_Name(self, value):
        if any(one.title.casefold() == value.casefold() for one in self.book.sheets):
            raise NotDone
        self.thing.title = value
        self.excel.change(self.book)

    def get_Visible(self):
        return self.thing.visible

    def get_ProtectContents(self):
        return self.thing.protected

    def get_UsedRange(self):
        return Range(self.excel, self.thing, book=self.book, areas=[self.thing.used])

    def get_Cells(self):
        whole = Area(1, 1, 1_048_576, 16_384)
        return Range(self.excel, self.thing, book=self.book, areas=[whole])

    def get_ListObjects(self):
        return ListObjects(self.excel, self.thing, book=self.book)

    def get_AutoFilter(self):
        if self.thing.filter is None:
            return None
        return AutoFilter(self.excel, self.thing, book=self.book)

    def get_FilterMode(self):
        return bool(self.thing.filter and self.thing.filter.criteria)

    def put_AutoFilterMode(self, value):
        assert value is False
        self.require_open(self.thing)
        if self.thing.filter is not None:
            self.thing.filter.criteria.clear()
            self.thing.refilter()
            self.thing.filter = None
            self.excel.change(self.book)

    def call_Range(self, address):
        if len(address) > LONGEST_ADDRESS:
            raise NotDone
        areas = [_area(part) for part in address.split(",")]
        return Range(self.excel, self.thing, book=self.book, areas=areas)

    def call_Evaluate(self, formula):
        left, top, right, bottom = _HIDDEN.fullmatch(formula).groups()
        columns = range(number(left), number(right) + 1)
        counts = [
            0.0
            if row in self.thing.hidden
            else float(sum((row, column) in self.thing.cells for column in columns))
            for row in range(int(top), int(bottom) + 1)
        ]
        return tuple((one,) for one in counts) if len(counts) > 1 else counts[0]

    def call_Activate(self):
        self.book.active = self.thing

    def call_Move(self, before):
        sheets = self.book.sheets
        sheets.remove(self.thing)
        sheets.insert(sheets.index(before.thing), self.thing)
        self.excel.change(self.book)

    def call_Delete(self):
        if self.book.structure:
            raise NotDone
        assert not self.excel.settings["DisplayAlerts"], "Excel would ask"
        self.book.sheets.remove(self.thing)
        if self.book.active is self.thing:
            self.book.active = self.book.sheets[0]
        self.excel.change(self.book)


class Range(Com):
    def _cells(self):
        [area] = self.areas
        used = self.thing.used
        return [
            [(row, column) for column in range(area.first_column, area.last_column + 1)]
            for row in range(area.first_row, min(area.last_row, max(used.last_row, 2000)) + 1)
        ]

    def _block(self, told):
        rows = tuple(tuple(map(told, row)) for row in self._cells())
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    def _one(self, of):
        """One answer for all cells, or None where they differ."""
        known = {of((row, column)) for row, column in self._all()}
        return known.pop() if len(known) == 1 else None

    def _all(self):
        for area in self.areas:
            for row in range(area.first_row, area.last_row + 1):
                for column in range(area.first_column, area.last_column + 1):
                    yield row, column

    def get_Row(self):
        return self.areas[0].first_row

    def get_Column(self):
        return self.areas[0].first_column

    def get_Address(self):
        return ",".join(_dollars(area) for area in self.areas)

    def get_Value(self):
        return self._block(self._told)

    def get_Value2(self):
        return self._block(lambda at: getattr(self.thing.cells.get(at), "value", None))

    def call_Find(self, what, LookIn, SearchOrder, SearchDirection):  # noqa: N803
        assert (what, LookIn, SearchDirection) == ("*", -4123, 2)
        ats = sorted(self.thing.cells, key=lambda at: at if SearchOrder == 1 else at[::-1])
        if not ats:
            return None
        [last] = [Area(row, column, row, column) for row, column in ats[-1:]]
        return Range(self.excel, self.thing, book=self.book, areas=[last])

    def _told(self, at):
        value = self.thing.told(at)
        return _time(value) if hasattr(value, "isoformat") else value

    def put_Value(self, value):
        self.require_open(self.thing)
        cells = self._cells()
        rows = value if isinstance(value, tuple) else [[value] * len(row) for row in cells]
        assert [len(row) for row in rows] == [len(row) for row in cells], "another shape"
        self.excel.change(self.book)
        for row, given in zip(cells, rows, strict=True):
            for at, one in zip(row, given, strict=True):
                if not (self.excel.swallows and at[0] in self.thing.hidden):
                    self.thing.enter(at, one)

    def get_Formula(self):
        return self._block(self.thing.entered)

    def put_Formula(self, value):
        self.put_Value(value)

    def get_FormulaLocal(self):
        told = self._block(self.thing.entered)
        return tongue.to_german(told) if self.excel.german else told

    def get_FormulaR1C1Local(self):
        return tongue.counted(self.get_FormulaLocal())

    def get_NumberFormat(self):
        return self._one(self.thing.format)

    def put_NumberFormat(self, value):
        self.require_open(self.thing)
        for at in self._all():
            self.thing.formats.pop(at, None)
            if value != self.thing.format(at):
                self.thing.formats[at] = value
        self.excel.change(self.book)

    def get_MergeCells(self):
        return self._one(lambda at: any(one.holds(*at) for one in self.thing.merged))

    def get_MergeArea(self):
        [at] = self._all()
        own = [one for one in self.thing.merged if one.holds(*at)] or self.areas
        return Range(self.excel, self.thing, book=self.book, areas=own)

    def get_ColumnWidth(self):
        [area] = self.areas
        columns = range(area.first_column, area.last_column + 1)
        known = {self.thing.widths.get(column, STANDARD) for column in columns}
        return known.pop() if len(known) == 1 else None

    def put_ColumnWidth(self, value):
        self.require_open(self.thing)
        [area] = self.areas
        for column in range(area.first_column, area.last_column + 1):
            self.thing.widths[column] = value
            if value == STANDARD:
                del self.thing.widths[column]
        self.excel.change(self.book)

    def get_WrapText(self):
        return self._one(lambda at: at in self.thing.wrapped)

    def put_WrapText(self, value):
        self.require_open(self.thing)
        for at in self._all():
            (self.thing.wrapped.add if value else self.thing.wrapped.discard)(at)
        self.excel.change(self.book)

    def get_FormatConditions(self):
        return FormatConditions(self.excel, self.thing, book=self.book, areas=self.areas)

    def get_Comment(self):
        [at] = self._all()
        if at not in self.thing.notes:
            return None
        return Comment(self.excel, self.thing, book=self.book, at=at)

    def call_AddComment(self, text):
        [at] = self._all()
        self.require_open(self.thing)
        if at in self.thing.notes:
            raise NotDone
        self.thing.notes[at] = Note(text)
        self.excel.change(self.book)
        return Comment(self.excel, self.thing, book=self.book, at=at)

    def get_Font(self):
        return Font(self.excel, self.thing, book=self.book, areas=self.areas)

    def call_ClearContents(self):
        self.require_open(self.thing)
        for at in self._all():
            self.thing.enter(at, None)
        self.excel.change(self.book)

    def call_Clear(self):
        for kept in (self.thing.cells, self.thing.formats, self.thing.wrapped, self.thing.bold):
            kept.clear()
        self.excel.change(self.book)

    def call_AutoFilter(self, field=None, first=None, operator=1, second=None):
        self.require_open(self.thing)
        [area] = self.areas
        if self.thing.filter is None:
            self.thing.filter = Filter(area)
        elif field is None:
            self.thing.filter = None
        if field is not None:
            asked = 0 if operator == 1 and second is None else operator
            self.thing.filter.criteria[field] = (first, asked, second)
            self.thing.refilter()
        self.excel.change(self.book)


class Font(Com):
    def put_Bold(self, value):
        assert value
        for area in self.areas:
            self.thing.bold |= {*range(area.first_row, area.last_row + 1)}


class ListObjects(Com):
    def get_Count(self):
        return len(self.thing.tables)

    def call_Item(self, at):
        if isinstance(at, str):
            at = [table.name for table in self.thing.tables].index(at) + 1
        table = self.thing.tables[at - 1]
        return ListObject(self.excel, table, book=self.book, sheet=self.thing)


class ListObject(Com):
    def get_Name(self):
        return self.thing.name

    def get_Range(self):
        return Range(self.excel, self.sheet, book=self.book, areas=[self.thing.area])

    def get_ShowHeaders(self):
        return self.thing.header

    def get_ShowTotals(self):
        return self.thing.totals

    def get_SourceType(self):
        return self.thing.source

    def call_Resize(self, to):
        self.require_open(self.sheet)
        [area] = to.areas
        if area.first_row != self.thing.area.first_row:
            raise NotDone
        self.thing.area = area
        self.sheet.name_headers(self.thing)
        self.excel.change(self.book)


class AutoFilter(Com):
    def get_Range(self):
        return Range(self.excel, self.thing, book=self.book, areas=[self.thing.filter.area])

    def get_Filters(self):
        return Filters(self.excel, self.thing.filter)


class Filters(Com):
    def get_Count(self):
        return self.thing.area.last_column - self.thing.area.first_column + 1

    def call_Item(self, field):
        return OneFilter(self.excel, self.thing.criteria.get(field))


class OneFilter(Com):
    def get_On(self):
        return self.thing is not None

    def get_Operator(self):
        return self.thing[1]

    def get_Criteria1(self):
        return self.thing[0]

    def get_Criteria2(self):
        if self.thing[2] is None:
            raise NotDone
        return self.thing[2]


class FormatConditions(Com):
    def _rules(self):
        whole = self.areas[0].last_row == 1_048_576
        return self.thing.rules if whole else [one for one in self.thing.rules if self._is_in(one)]

    def _is_in(self, rule):
        return any(
            one.first_row <= other.last_row
            and other.first_row <= one.last_row
            and one.first_column <= other.last_column
            and other.first_column <= one.last_column
            for one in rule.areas
            for other in self.areas
        )

    def get_Count(self):
        return len(self._rules())

    def call_Item(self, at):
        return FormatCondition(self.excel, self._rules()[at - 1], book=self.book, sheet=self.thing)

    def call_Add(self, Type, Formula1):  # noqa: N803
        self.require_open(self.thing)
        if len(Formula1) > self.excel.longest_rule:
            raise NotDone
        words = tongue.names(Formula1)
        foreign = {",", *tongue.GERMAN} if self.excel.german else {";", *tongue.GERMAN.values()}
        if words & foreign or ("$" in words) == self.excel.counts_columns:
            raise NotDone
        formula = tongue.named(Formula1) if self.excel.counts_columns else Formula1
        formula = tongue.to_english(formula) if self.excel.german else formula
        made = Rule(list(self.areas), Type, formula)
        self.thing.rules.append(made)
        self.excel.change(self.book)
        return FormatCondition(self.excel, made, book=self.book, sheet=self.thing)


class FormatCondition(Com):
    def get_Type(self):
        return self.thing.kind

    def get_Formula1(self):
        if self.thing.kind not in (1, 2):
            raise NotDone
        formula = self.thing.formula
        formula = tongue.to_german(formula) if self.excel.german else formula
        return tongue.counted(formula) if self.excel.counts_columns else formula

    def get_AppliesTo(self):
        return Range(self.excel, self.sheet, book=self.book, areas=self.thing.areas)

    def get_Interior(self):
        return Interior(self.excel, self.thing)

    def put_StopIfTrue(self, value):
        self.thing.stops = value

    def call_Delete(self):
        self.sheet.rules.remove(self.thing)
        self.excel.change(self.book)


class Interior(Com):
    def get_Color(self):
        return float(self.thing.colour)

    def put_Color(self, value):
        self.thing.colour = value


class Comment(Com):
    def call_Text(self):
        return self.thing.notes[self.at].text

    def call_Delete(self):
        self.require_open(self.thing)
        del self.thing.notes[self.at]
        self.excel.change(self.book)

    def get_Shape(self):
        return Shape(self.excel, self.thing.notes[self.at])


class Shape(Com):
    def get_AlternativeText(self):
        return self.thing.alternative

    def put_AlternativeText(self, value):
        self.thing.alternative = value


def failed(code):
    """An error that Excel itself raises."""
    return ComError(-2147352567, "Exception occurred.", (0, "Microsoft Excel", "", "", 0, code))


def not_done():
    return failed(NOT_DONE)


def _area(text):
    if re.fullmatch(r"\d+:\d+", text):
        first, last = map(int, text.split(":"))
        return Area(first, 1, last, 16_384)
    if re.fullmatch(r"[A-Z]+:[A-Z]+", text):
        first, last = map(number, text.split(":"))
        return Area(1, first, 1_048_576, last)
    return Area.parse(text)


def _dollars(area):
    first = f"${letters(area.first_column)}${area.first_row}"
    last = f"${letters(area.last_column)}${area.last_row}"
    return first if first == last else f"{first}:{last}"


def _time(moment):
    return TimeType(*moment.timetuple()[:6])

"""A workbook that is open in Excel: read once, written once, and put back on request.

Nothing is written before all is decided. What Excel refuses in the middle is taken back step by
step. Excel is never started, nothing is selected, and the workbook is not saved.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sheets.books.excel import (
    filters,
    grids,
    language,
    notes,
    ownsheets,
    plan,
    reading,
    rules,
    words,
)
from sheets.books.excel.com import Busy, Gone, Handle, Refused, engine
from sheets.books.excel.ownsheets import SheetStep
from sheets.books.excel.steps import CellsStep, RulesStep, Step, TableStep
from sheets.errors import CannotRead, CannotWrite, SheetNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.excel.plan import Plan
    from sheets.books.excel.snapshot import Sheet
    from sheets.grid import Grid, OwnSheet, Patch

_BACK = "What was written before was taken back."
_STUCK = "A part of the result may be there: clear the marks, or check again."
_PATIENCE = 5
_SETTINGS = ("ScreenUpdating", "EnableEvents", "DisplayAlerts")


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes back one write: plain values, nothing of Excel's.

    Attributes:
        book: The name of the workbook.
        steps: What is to be done, in this order, each with the name of its worksheet.
    """

    book: str
    steps: tuple[tuple[str, Step | SheetStep], ...]


class ExcelBook:
    """A workbook that is open in Excel.

    Args:
        book: A book of xlwings. It is to be let go after each click, so that Excel can close.

    Attributes:
        last: What undoes the last write; None if nothing was written.

    Raises:
        MissingExtra: xlwings is not installed.
        CannotRead: It is not Excel for Windows.
    """

    def __init__(self, book: Any) -> None:
        engine()
        self._book = Handle(book.api)
        with words.told(CannotRead, "Excel"):
            self._name = str(self._book.get("Name"))
        self._there: list[tuple[Sheet, Handle]] | None = None
        self.last: Undo | None = None

    @property
    def name(self) -> str:
        """What Excel calls it; never its path, which may be an address or not be there yet."""
        return self._name

    def read(self) -> Sequence[Grid]:
        """Read all worksheets, in their order.

        Raises:
            CannotRead: Excel is busy, or was closed.
        """
        with words.told(CannotRead, self._name):
            self._there = reading.sheets(self._book)
        return [grids.of(sheet) for sheet, _ in self._there]

    def hidden(self, title: str) -> frozenset[int]:
        """The rows with content of a worksheet that are hidden or filtered away, as it was read."""
        return next(
            (sheet.hidden for sheet, _ in self._there or () if sheet.title == title), frozenset()
        )

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets, or none.

        Raises:
            SheetNotFound: A patch names a worksheet that is not here.
            PlaceTaken: A cell that is needed holds a formula or somebody else's content, or a
                worksheet of somebody else has the title of an own one.
            CannotWrite: It is protected, read-only, was changed meanwhile, or Excel is busy.
        """
        if self._there is None:
            self.read()
        there, self._there, self.last = self._there or [], None, None
        plans = self._plans(there, patches)
        changes = ownsheets.steps([sheet for sheet, _ in there], own or (), self._name)
        more = changes if own is not None else []
        with words.told(CannotWrite, self._name), self._quiet() as app:
            self._require_open(adds=bool(more))
            for made, handle in plans:
                self._require_same(made.sheet, handle)
            steps: list[tuple[str, Step | SheetStep]] = [
                (made.sheet.title, step)
                for made, handle in plans
                for step in self._steps(made, handle, app)
            ]
            handles = {made.sheet.title: handle for made, handle in plans}
            steps += [(step.title, step) for step in more]
            if steps:
                self._apply(steps, handles)

    def undo(self, last: Undo) -> None:
        """Put back all that a write has changed; `last` of this book then does it again.

        Raises:
            CannotWrite: What was written was changed or moved since, so that putting back the old
                might hit somebody else's cells. Nothing was changed.
        """
        self._there = None
        with words.told(CannotWrite, self._name), self._quiet():
            handles = self._handles(last.steps)
            for title, step in last.steps:
                if isinstance(step, CellsStep) and not step.is_due(handles[title]):
                    raise self._moved(title)
            self._apply(last.steps, handles)

    def _handles(self, steps: Sequence[tuple[str, Step | SheetStep]]) -> Mapping[str, Handle]:
        """The worksheets that some steps are about."""
        there = self._book.get("Worksheets")
        found: dict[str, Handle] = {}
        for title in {title for title, step in steps if not isinstance(step, SheetStep)}:
            try:
                found[title] = there.call("Item", title)
            except Refused as error:
                raise self._moved(title) from error
        return found

    def _moved(self, title: str) -> CannotWrite:
        return CannotWrite(
            "The sheet was changed since, so the last check cannot be undone.",
            hint="Choose Clear marks instead.",
            where=self._where(title),
        )

    def _plans(
        self, there: Sequence[tuple[Sheet, Handle]], patches: Sequence[Patch]
    ) -> list[tuple[Plan, Handle]]:
        titles = [sheet.title for sheet, _ in there]
        of_sheet: dict[str, list[Patch]] = defaultdict(list)
        for patch in patches:
            if patch.sheet not in titles:
                raise SheetNotFound(
                    f'There is no sheet "{patch.sheet}".',
                    hint=f"There are: {', '.join(titles)}",
                    where=self._name,
                )
            of_sheet[patch.sheet].append(patch)
        return [
            (plan.of(sheet, of_sheet[sheet.title], self._where(sheet.title)), handle)
            for sheet, handle in there
            if sheet.title in of_sheet
        ]

    def _steps(self, made: Plan, handle: Handle, app: Handle) -> Iterator[Step]:
        """Everything that changes in one worksheet, in the order in which it is done."""
        shrinks = [one for one in made.tables if one[1].last_column < one[0].area.last_column]
        grows = [one for one in made.tables if one not in shrinks]
        for table, area in shrinks:
            yield TableStep(table.name, area, table.area)
        yield from made.cells
        for table, area in grows:
            yield TableStep(table.name, area, table.area)
        if made.filter is not None and made.sheet.filter is not None:
            where = self._where(made.sheet.title)
            yield filters.step(handle, made.sheet.filter, made.filter, where)
        writing = [patch for patch, _ in made.writing]
        if not writing:
            return
        wanted = rules.wanted(writing)
        there = [
            rule
            for rule in rules.own(handle)
            if any(rules.touches(rule, patch) for patch in writing)
        ]
        if not rules.same(there, wanted):
            local = language.local(app, handle, made.sheet, (rule.formula for rule in wanted))
            new = (replace(rule, formula=local[rule.formula]) for rule in wanted)
            yield RulesStep(tuple(there), tuple(new))
        for patch, ours in made.writing:
            yield from notes.steps(handle, patch, ours)

    def _apply(
        self, steps: Sequence[tuple[str, Step | SheetStep]], handles: Mapping[str, Handle]
    ) -> None:
        """Do some steps; if Excel refuses one, take back those before.

        Args:
            steps: What is to be done, and in which worksheet.
            handles: The worksheets.

        Raises:
            CannotWrite: It refuses one.
        """
        done: list[tuple[str, Step | SheetStep]] = []
        try:
            for title, step in steps:
                # What was begun may be half done, so it is taken back too.
                done.append((title, step))
                self._do(step, handles.get(title))
        except (Busy, Gone, Refused) as error:
            after = _BACK if self._take_back(done, handles) else _STUCK
            raise words.sentence(error, CannotWrite, self._name, after) from error
        back = tuple((title, step.inverse()) for title, step in reversed(done))
        self.last = Undo(self._name, back)

    def _take_back(
        self, done: Sequence[tuple[str, Step | SheetStep]], handles: Mapping[str, Handle]
    ) -> bool:
        """Take back some steps, and say whether all of it could be done."""
        whole = True
        for title, step in reversed(done):
            try:
                self._do(step.inverse(), handles.get(title))
            except (Busy, Gone):
                return False
            except Refused:
                # The step that was refused may not have been done at all.
                whole = whole and step is done[-1][1]
        return whole

    def _do(self, step: Step | SheetStep, handle: Handle | None) -> None:
        if isinstance(step, SheetStep):
            step.apply(self._book)
        elif handle is not None:
            step.apply(handle)

    def _require_open(self, *, adds: bool) -> None:
        """Refuse a workbook in which nothing can be kept."""
        if self._book.get("ReadOnly"):
            raise CannotWrite(
                "The workbook is open read-only, so the result could not be saved.",
                hint="Save it under another name (File > Save As) and check that one.",
                where=self._name,
            )
        if adds and self._book.get("ProtectStructure"):
            raise CannotWrite(
                "The workbook is protected against new sheets.",
                hint="Unprotect it (Review > Protect Workbook), or leave out the summary sheet.",
                where=self._name,
            )

    def _require_same(self, sheet: Sheet, handle: Handle) -> None:
        """Refuse a worksheet that was changed since: verdicts would stand beside others' rows."""
        if reading.now(handle) != (sheet.area, sheet.formulas):
            raise words.changed(self._where(sheet.title))

    @contextmanager
    def _quiet(self) -> Iterator[Handle]:
        """Without redrawing, questions and the office's macros; afterwards all is as it was."""
        app: Handle = self._book.get("Application")
        before = {name: app.get(name) for name in _SETTINGS}
        try:
            for name in _SETTINGS:
                app.put(name, value=False)
            yield app
        finally:
            for name, value in before.items():
                _set_back(app, name, value)

    def _where(self, title: str) -> str:
        return f'{self._name}, sheet "{title}"'


def _set_back(app: Handle, name: str, value: object) -> None:
    """Give a setting of Excel its value back; for that it is waited longer than for all else."""
    for _ in range(_PATIENCE):
        with suppress(Gone, Refused):
            try:
                app.put(name, value)
            except Busy:
                continue
        return

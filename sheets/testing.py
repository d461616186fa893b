"""The promises that every `Book` keeps, as a test suite for anyone who writes an adapter.

::

    import pytest
    from sheets.testing import BookContract

    class TestMyBook(BookContract):
        keeps_marks = False                      # say plainly what the place cannot do

        def make(self, sheets, formulas, protected):
            ...                                  # write the rows with any tool but the adapter

        def reopen(self, book):
            return MyBook(book.path)

        def marks(self, book, title):
            return []

        def saved(self, book):
            return book.path.stat().st_ino

It needs pytest. Call ``pytest.register_assert_rewrite("sheets.testing")`` before the import to see
values in failures.
"""
# ruff: noqa: S101, PLR2004, D102 - tests assert, expected numbers are their point, names say all

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sheets.errors import CannotWrite, PlaceTaken, SheetNotFound
from sheets.grid import (
    OWN_MARK,
    OWN_SHEET,
    TAG,
    Book,
    Mark,
    OwnColumn,
    OwnSheet,
    Patch,
    Shade,
    letters,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from sheets.grid import Grid

    Rows = Sequence[Sequence[str | None]]

TITLE = "People"
ROWS: Rows = (
    ("Number", "Name", "Phone"),
    ("000123", "Byrne", "555-0101"),
    ("000124", None, None),
    ("000125", "Núñez 🎓", "555-0103"),
)
ODD_TEXTS = ("=1+1", "+1 555", "@x", "-3", "000123", "1.50", "TRUE", "2026-11-23", 'a "b", c;\td')


def verdicts(
    title: str = TITLE, column: int = 4, rows: Sequence[int] = (2, 3, 4), head: int = 1
) -> Patch:
    """Return what a check writes: two own columns, a mark and a note."""
    said = ("Yes", "No", "Yes")[: len(rows)]
    why = (None, '"Phone" is blank; =1+1 is text', None)[: len(rows)]
    cell, fix = (f"INDEX(${letters(at)}:${letters(at)},ROW())" for at in (3, column + 1))
    formula = f'=AND(N("{TAG}")=0,ISNUMBER(FIND("""Phone"" is blank",{fix})),LEN(TRIM({cell}))=0)'
    return Patch(
        title,
        header_row=head,
        last_row=rows[-1],
        rows=rows,
        columns=(
            OwnColumn("Revealed?", column, said),
            OwnColumn("What to fix", column + 1, why, width=40, wrap=True),
        ),
        marks=(Mark(3, Shade.MISSING, formula),),
        note="Written by Reveal.",
    )


def own_sheet(number: int = 12) -> OwnSheet:
    """Return a sheet of Reveal's own, such as the summary of a check."""
    return OwnSheet(
        rows=(
            (OWN_MARK,),
            ("7 of 19 are revealed; =1+1 is text", None, None),
            (),
            ("School", "Hidden", "Share"),
            ("Núñez & <Sons>", number, 0),
            ("=1+1", 1_000_000, None),
        ),
        widths=(40, 10, 10),
        headings={1, 4},
        frozen=2,
    )


def cleared(patch: Patch) -> Patch:
    """Return the patch that takes away what another one wrote."""
    own = tuple(column.column for column in patch.columns or ())
    return Patch(patch.sheet, patch.header_row, patch.last_row, replaces=own)


class BookContract:
    """Inherit from it, name the class ``Test...``, and say how a book is made and opened again.

    A test of something that a place is declared not to keep is skipped with that reason.

    Attributes:
        keeps_marks: Whether highlights can be kept; if not, they are passed over.
        keeps_formulas: Whether a cell can hold a formula.
        tells_formulas: Whether it tells which cells hold one.
        keeps_protection: Whether a sheet can be protected.
        sheets: How many sheets a book can have at least.
        longest_text: How many characters a cell can hold.
        guard: What stands before an own text that a spreadsheet would take for a formula.
        folder: A folder of its own for each test.
    """

    keeps_marks = True
    keeps_formulas = True
    tells_formulas = False
    keeps_protection = True
    sheets = 2
    longest_text = 50_000
    guard = ""
    folder: Path

    def make(
        self,
        sheets: Mapping[str, Rows],
        formulas: Mapping[str, Collection[str]],
        protected: Collection[str],
    ) -> Book:
        """Return a book of these sheets; None is an empty cell, every other cell is text.

        Args:
            sheets: Title -> rows.
            formulas: Title -> the cells (``"D2"``) that hold a formula whose result the row tells.
            protected: The titles of sheets that are protected.
        """
        raise NotImplementedError

    def reopen(self, book: Book) -> Book:
        """Return the same book, read anew from where it was saved."""
        raise NotImplementedError

    def marks(self, book: Book, title: str) -> Sequence[str]:
        """Return the formulas of the highlights of a saved sheet, without the leading ``=``."""
        raise NotImplementedError

    def saved(self, book: Book) -> object:
        """Return something that changes whenever the book is saved, such as a file's inode."""
        raise NotImplementedError

    def state(self, book: Book) -> object:
        """Return all that a book holds, to compare: the bytes of a file, for example."""
        return [(grid.title, self.table(book, grid.title)) for grid in self.reopen(book).read()]

    @pytest.fixture(autouse=True)
    def _own_folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def given(self, rows: Rows = ROWS) -> Book:
        """Return a book with one sheet."""
        return self.make({TITLE: rows}, {}, ())

    def write(self, book: Book, *patches: Patch) -> None:
        """Write to the book as it is saved, as a new run would."""
        self.reopen(book).write(patches)

    def grid(self, book: Book, title: str = TITLE) -> Grid:
        """Return a sheet of a book as it is saved."""
        return next(grid for grid in self.reopen(book).read() if grid.title == title)

    def table(self, book: Book, title: str = TITLE) -> list[list[str | None]]:
        """Return the rows of a saved sheet from its first row and column on, squared."""
        grid = self.grid(book, title)
        width = max((max(cells) for cells in grid.head.values()), default=0)
        cells = grid.load(range(1, width + 1))
        at = {row[0]: list(row[1:]) for row in cells.frame.iter_rows()}
        return [at.get(row, [None] * width) for row in range(1, cells.last_row + 1)]

    # What is read

    def test_it_is_a_book_with_a_name(self) -> None:
        book = self.given()

        assert isinstance(book, Book)
        assert book.name

    def test_text_stays_text(self) -> None:
        book = self.given([("Text",), *((text,) for text in ODD_TEXTS)])

        assert self.table(book) == [["Text"], *([text] for text in ODD_TEXTS)]

    def test_text_is_not_trimmed_and_may_hold_anything(self) -> None:
        texts = (
            " a ",
            "line one\nline two",
            "日本語",
            "👩‍👩‍👧 é e\u0301",
            "<&>\"'",
            "\u00a0",
            "_x000D_",
        )
        book = self.given([("Text", "Number"), *((text, "1") for text in texts)])

        assert [row[0] for row in self.table(book)[1:]] == list(texts)

    def test_a_very_long_text_is_whole(self) -> None:
        long = "é" * self.longest_text

        assert self.table(self.given([("Text",), (long,)]))[1] == [long]

    def test_an_empty_cell_is_blank(self) -> None:
        table = self.table(self.given([("A", "B", "C"), ("1", None, "3")]))

        assert table[1] == ["1", None, "3"]

    def test_ragged_rows_are_squared(self) -> None:
        table = self.table(self.given([("A",), ("1", "2", "3"), ("4", "5")]))

        assert table == [["A", None, None], ["1", "2", "3"], ["4", "5", None]]

    def test_row_numbers_are_those_of_the_sheet(self) -> None:
        book = self.given([("Title",), (), ("A", "B"), (), (None, None), ("1", "2")])

        grid = self.grid(book)
        cells = grid.load([1])

        assert list(grid.head) == [1, 3, 6]
        assert cells.frame.filter(cells.frame["1"].is_not_null())["_row"].to_list() == [1, 3, 6]
        assert cells.last_row == 6
        assert cells.last_column >= 2

    def test_only_the_asked_columns_are_given(self) -> None:
        cells = self.grid(self.given()).load([3, 1, 9])

        assert set(cells.frame.columns) == {"_row", "1", "3", "9"}
        assert cells.frame["9"].null_count() == cells.frame.height

    # What is written

    def test_own_columns_are_written(self) -> None:
        book = self.given()

        self.write(book, verdicts())

        table = self.table(book)
        assert [row[3] for row in table] == ["Revealed?", "Yes", "No", "Yes"]
        assert [row[4] for row in table] == [
            "What to fix",
            None,
            '"Phone" is blank; =1+1 is text',
            None,
        ]

    def test_only_own_columns_change(self) -> None:
        book = self.given()

        self.write(book, verdicts())

        assert [row[:3] for row in self.table(book)] == [list(row) for row in ROWS]

    def test_own_text_is_never_a_formula(self) -> None:
        rows = [("Number",), *((str(number),) for number in range(len(ODD_TEXTS)))]
        book = self.given(rows)
        at = range(2, len(rows) + 1)

        self.write(
            book, Patch(TITLE, 1, at[-1], tuple(at), (OwnColumn("Revealed?", 2, ODD_TEXTS),))
        )

        risky = ("=", "+", "-", "@")
        expected = [self.guard * text.startswith(risky) + text for text in ODD_TEXTS]
        assert [row[1] for row in self.table(book)[1:]] == expected

    def test_twice_is_the_same_as_once(self) -> None:
        book = self.given()
        self.write(book, verdicts())
        once = self.state(book)

        self.write(book, verdicts())
        self.write(book, replace(verdicts(), replaces=(4, 5)))

        assert self.state(book) == once

    def test_new_verdicts_replace_the_old_ones(self) -> None:
        book = self.given()
        self.write(book, verdicts())

        self.write(
            book,
            Patch(TITLE, 1, 4, (2, 4), (OwnColumn("Revealed?", 4, ("No", "No")),), replaces=(4, 5)),
        )

        assert [row[3:] for row in self.table(book)] == [["Revealed?"], ["No"], [None], ["No"]]

    def test_clear_gives_back_what_was(self) -> None:
        book = self.given()
        before = self.state(book)

        self.write(book, verdicts())
        assert self.state(book) != before
        self.write(book, cleared(verdicts()))

        assert self.state(book) == before

    def test_clear_below_title_rows_and_in_ragged_rows_gives_back_what_was(self) -> None:
        book = self.given([("Roster",), (), ("Number", "Name", "Phone"), ("1",), ("2", "Byrne")])
        before = self.state(book)
        patch = verdicts(rows=(4, 5), head=3)

        self.write(book, patch)
        assert self.table(book)[3] == ["1", None, None, "Yes", None]
        self.write(book, cleared(patch))

        assert self.state(book) == before

    def test_columns_none_leaves_own_columns_and_marks(self) -> None:
        book = self.given()
        self.write(book, verdicts())
        before = self.state(book)

        self.write(book, Patch(TITLE, 1, 4, columns=None))

        assert self.state(book) == before

    def test_input_cells_are_filled_in(self) -> None:
        book = self.given()
        self.write(book, verdicts())

        filled = {(3, 2): "O'Dell", (3, 3): "+1 555 0199", (2, 1): "000999"}
        self.write(book, Patch(TITLE, 1, 4, columns=None, cells=filled))

        table = self.table(book)
        assert table[1][:4] == ["000999", "Byrne", "555-0101", "Yes"]
        assert table[2][:4] == ["000124", "O'Dell", "+1 555 0199", "No"]

    def test_input_cells_are_text_whatever_they_look_like(self) -> None:
        book = self.given()

        told = dict(
            zip(((row, at) for row in (2, 3, 4) for at in (1, 2, 3)), ODD_TEXTS[:9], strict=True)
        )
        self.write(book, Patch(TITLE, 1, 4, columns=None, cells=told))

        table = self.table(book)
        assert [table[row - 1][at - 1] for row, at in told] == list(told.values())

    def test_input_cells_are_emptied(self) -> None:
        book = self.given()

        self.write(book, Patch(TITLE, 1, 4, columns=None, cells={(2, 3): "", (3, 3): ""}))

        assert [row[2] for row in self.table(book)] == ["Phone", None, None, "555-0103"]

    def test_formulas_are_told(self) -> None:
        if not self.tells_formulas:
            pytest.skip("declared: it does not tell which cells hold a formula")
        book = self.make({TITLE: ROWS}, {TITLE: {"C2", "B4"}}, ())

        assert set(self.grid(book).formulas([1, 3])) == {(2, 3)}

    def test_nothing_is_written_when_nothing_changes(self) -> None:
        book = self.given()
        self.write(book, verdicts())
        before = self.saved(book)

        self.write(book, verdicts())
        self.write(book, Patch(TITLE, 1, 4, columns=None, cells={(2, 2): "Byrne"}))

        assert self.saved(book) == before

    # A sheet of Reveal's own

    def test_an_own_sheet_comes_behind_all_others(self) -> None:
        book = self.given()

        self.reopen(book).write([verdicts()], [own_sheet()])

        grids = self.reopen(book).read()
        assert [grid.is_own for grid in grids] == [False, True]
        assert grids[-1].title == OWN_SHEET
        assert self.table(book, OWN_SHEET) == [
            [OWN_MARK, None, None],
            ["7 of 19 are revealed; =1+1 is text", None, None],
            [None, None, None],
            ["School", "Hidden", "Share"],
            ["Núñez & <Sons>", "12", "0"],
            [f"{self.guard}=1+1", "1000000", None],
        ]
        assert [row[3] for row in self.table(book)] == ["Revealed?", "Yes", "No", "Yes"]

    def test_an_own_sheet_is_replaced_by_the_next_one(self) -> None:
        book = self.given()
        self.reopen(book).write([verdicts()], [own_sheet()])

        self.reopen(book).write([verdicts()], [own_sheet(13)])

        assert [grid.is_own for grid in self.reopen(book).read()] == [False, True]
        assert self.table(book, OWN_SHEET)[4] == ["Núñez & <Sons>", "13", "0"]

    def test_the_same_own_sheet_twice_is_the_same_as_once(self) -> None:
        book = self.given()
        self.reopen(book).write([verdicts()], [own_sheet()])
        once, before = self.state(book), self.saved(book)

        self.reopen(book).write([verdicts()], [own_sheet()])

        assert (self.state(book), self.saved(book)) == (once, before)

    def test_an_own_sheet_stays_unless_another_is_asked_for(self) -> None:
        book = self.given()
        self.reopen(book).write([verdicts()], [own_sheet()])
        before = self.table(book, OWN_SHEET)

        self.write(book, Patch(TITLE, 1, 4, columns=None, cells={(2, 2): "O'Dell"}))

        assert self.table(book, OWN_SHEET) == before

    def test_without_its_own_sheet_a_book_is_what_it_was(self) -> None:
        book = self.given()
        before = self.state(book)
        self.write(book, verdicts())
        without = self.state(book)

        self.reopen(book).write([verdicts()], [own_sheet()])
        assert self.state(book) != without
        self.reopen(book).write([verdicts()], [])
        assert self.state(book) == without

        self.reopen(book).write([verdicts()], [own_sheet()])
        self.reopen(book).write([cleared(verdicts())], [])
        assert self.state(book) == before

    def test_a_sheet_of_somebody_else_with_the_title_is_never_overwritten(self) -> None:
        if self.sheets < 2:
            pytest.skip("declared: one sheet")
        for title in (OWN_SHEET, OWN_SHEET.upper()):
            book = self.make({TITLE: ROWS, title: [("mine",), ("2",)]}, {}, ())
            before = self.state(book)

            with pytest.raises(PlaceTaken) as refused:
                self.reopen(book).write([verdicts()], [own_sheet()])
            assert title in str(refused.value)
            self.reopen(book).write([], [])

            assert self.state(book) == before

    # What is refused

    def test_a_cell_of_somebody_else_is_never_overwritten(self) -> None:
        book = self.given([*ROWS[:2], (*ROWS[2], None, "mine"), ROWS[3]])
        before = self.state(book)

        with pytest.raises(PlaceTaken) as refused:
            self.write(book, verdicts())

        assert self.state(book) == before
        assert "E3" in refused.value.where
        assert "mine" not in str(refused.value)

    def test_a_heading_of_somebody_else_is_never_overwritten(self) -> None:
        book = self.given([(*ROWS[0], "Bus"), *ROWS[1:]])

        with pytest.raises(PlaceTaken):
            self.write(book, verdicts())

    def test_a_formula_is_never_overwritten(self) -> None:
        if not self.keeps_formulas:
            pytest.skip("declared: no formulas")
        rows = [(*ROWS[0], "Revealed?"), *((*row, "Yes") for row in ROWS[1:])]
        book = self.make({TITLE: rows}, {TITLE: {"D3", "C3"}}, ())
        before = self.state(book)

        for patch in (
            replace(verdicts(), replaces=(4,)),
            Patch(TITLE, 1, 4, columns=None, cells={(3, 3): "555-0199"}),
        ):
            with pytest.raises(PlaceTaken):
                self.write(book, patch)

        assert self.state(book) == before

    def test_a_missing_sheet_is_said_and_nothing_is_written(self) -> None:
        book = self.given()
        before = self.state(book)

        with pytest.raises(SheetNotFound) as refused:
            self.write(book, verdicts(), verdicts("Nowhere"))

        assert "Nowhere" in str(refused.value)
        assert self.state(book) == before

    def test_a_protected_sheet_is_not_written(self) -> None:
        if not self.keeps_protection:
            pytest.skip("declared: no protection")
        book = self.make({TITLE: ROWS}, {}, [TITLE])
        before = self.state(book)

        assert self.grid(book).protected
        with pytest.raises(CannotWrite):
            self.write(book, verdicts())

        assert self.state(book) == before

    # Marks and sheets

    def test_marks_come_and_go(self) -> None:
        if not self.keeps_marks:
            pytest.skip("declared: no marks")
        book = self.given()

        self.write(book, verdicts())
        [formula] = self.marks(book, TITLE)
        assert formula == verdicts().marks[0].formula.removeprefix("=")

        self.write(book, replace(verdicts(), marks=()))
        assert self.marks(book, TITLE) == []

        self.write(book, verdicts())
        self.write(book, cleared(verdicts()))
        assert self.marks(book, TITLE) == []

    def test_several_sheets_are_written_at_once(self) -> None:
        if self.sheets < 2:
            pytest.skip("declared: one sheet")
        book = self.make({"One": ROWS, "Other": [("x",)], "Two": ROWS}, {}, ())

        self.write(book, verdicts("Two"), verdicts("One"))

        assert [grid.title for grid in self.reopen(book).read()] == ["One", "Other", "Two"]
        assert self.table(book, "One") == self.table(book, "Two")
        assert [row[3] for row in self.table(book, "One")] == ["Revealed?", "Yes", "No", "Yes"]
        assert self.table(book, "Other") == [["x"]]

    def test_all_sheets_are_written_or_none(self) -> None:
        if self.sheets < 2:
            pytest.skip("declared: one sheet")
        book = self.make({"One": ROWS, "Two": [(*ROWS[0], "Bus"), *ROWS[1:]]}, {}, ())
        before = self.state(book)

        with pytest.raises(PlaceTaken):
            self.write(book, verdicts("One"), verdicts("Two"))

        assert self.state(book) == before

    def test_two_tables_of_one_sheet_are_written_at_once(self) -> None:
        book = self.given([*ROWS, (), *ROWS])
        before = self.state(book)
        both = [verdicts(), verdicts(rows=(7, 8, 9), head=6)]

        self.write(book, *both)
        said = [row[3] for row in self.table(book)]
        assert said == ["Revealed?", "Yes", "No", "Yes", None, "Revealed?", "Yes", "No", "Yes"]
        self.write(book, *map(cleared, both))

        assert self.state(book) == before

"""CSV as offices have it: odd encodings, separators, quotes, line ends, ragged records."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.books import records
from sheets.books.delimited import DelimitedBook, careful, load, quick
from sheets.books.records import Dialect
from sheets.errors import CannotRead, CannotWrite, PlaceTaken, SheetNotFound
from sheets.grid import OwnColumn, Patch


def file(folder, content, name="people.csv"):
    path = folder / name
    path.write_bytes(content)
    return path


def table(path):
    """All rows of a file, squared."""
    [grid] = DelimitedBook(path).read()
    width = grid.load([1]).last_column
    cells = grid.load(range(1, width + 1))
    at = {row: list(rest) for row, *rest in cells.frame.iter_rows()}
    return [at.get(row, [None] * width) for row in range(1, cells.last_row + 1)]


def patch(path, header=1, last=None, columns=("Revealed?", "What to fix"), **more):
    """A verdict for each record after the header, two own columns right of everything."""
    [grid] = DelimitedBook(path).read()
    cells = grid.load([1])
    last = last or max(cells.last_row, header)
    rows = tuple(range(header + 1, last + 1))
    own = tuple(
        OwnColumn(name, cells.last_column + nth, [f"{name} {row}" for row in rows])
        for nth, name in enumerate(columns, 1)
    )
    return Patch(path.stem, header, last, rows, own, **more)


def cleared(one):
    own = tuple(column.column for column in one.columns)
    return Patch(one.sheet, one.header_row, one.last_row, replaces=own)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        (b"a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        (b"a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        (b"a;b\n1,5;2\n2,5;3\n", [["a", "b"], ["1,5", "2"], ["2,5", "3"]]),
        (b"a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        (b"a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
        (b'"a;b",c\n1,2\n', [["a;b", "c"], ["1", "2"]]),
        (b"Last, First;Phone\nByrne, Ann;1\nDell, Bo;2\n", [["Last, First", "Phone"],
         ["Byrne, Ann", "1"], ["Dell, Bo", "2"]]),
        (b"sep=;\na;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        (b'\xef\xbb\xbf"sep=|"\r\na|b\r\n', [["a", "b"]]),
        (b"\xef\xbb\xbfa,b\n", [["a", "b"]]),
        ("ä,b\n1,日\n".encode(), [["ä", "b"], ["1", "日"]]),
        ("N\u00fa\u00f1ez,b\n".encode("cp1252"), [["Núñez", "b"]]),
        ("a\tb\n1\t日\n".encode("utf-16"), [["a", "b"], ["1", "日"]]),
        (b"\xfe\xff" + "a,b\n".encode("utf-16-be"), [["a", "b"]]),
        (b"\n\na,b\n", [[None, None], [None, None], ["a", "b"]]),
        (b'a,b\n"x\r\ny",2\n', [["a", "b"], ["x\r\ny", "2"]]),
        (b'a,b\n"x\ry",2\n', [["a", "b"], ["x\ry", "2"]]),
        (b'a,b\n"say ""hi""",""\n', [["a", "b"], ['say "hi"', None]]),
        (b'a,b\n5" pipe,6\n', [["a", "b"], ['5" pipe', "6"]]),
        (b'a,b\n"q"x, "y"\n', [["a", "b"], ["qx", ' "y"']]),
        (b"a\n1,2,3\n4,5\n", [["a", None, None], ["1", "2", "3"], ["4", "5", None]]),
        (b"a\n1\n\n2\n", [["a"], ["1"], [None], ["2"]]),
        (b"a,b\n,\n1,2\n,,\n", [["a", "b", None], [None] * 3, ["1", "2", None]]),
        (b"000123,1.50,TRUE\n", [["000123", "1.50", "TRUE"]]),
        (b"a,\x01\n1,2\n", [["a", "\x01"], ["1", "2"]]),
    ],
)  # fmt: skip
def test_it_is_read_as_a_spreadsheet_shows_it(tmp_path, content, expected):
    assert table(file(tmp_path, content)) == expected


def test_a_file_of_tabs_with_one_column_is_no_file_of_commas(tmp_path):
    assert table(file(tmp_path, b"Name\nByrne, Ann\n", "people.tsv")) == [["Name"], ["Byrne, Ann"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n,\r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"a,b\n1,\x002\n", "zero characters"),
        (b"a,b\n\x81\x8d,2\n", "letters cannot be made out"),
        (b"\xff\xfea\x00\x00", "letters cannot be made out"),
        (b'a,b\n"1,2\n3,4\n', "row 2 is opened and never closed"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path, content, words):
    with pytest.raises(CannotRead, match=words):
        table(file(tmp_path, content))


def test_a_file_that_is_gone_or_a_folder_is_said(tmp_path):
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(CannotRead):
            DelimitedBook(path).read()


def test_a_quote_that_swallows_a_large_file_is_said_before_memory_runs_out(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "_RECORD_LIMIT", 1000)
    path = file(tmp_path, b'a,b\n"oops,1\n' + b"x,y\n" * 1000 + b'"\n')

    with pytest.raises(CannotRead, match="row 2"):
        DelimitedBook(path).write([Patch("people", 1, 2, columns=None)])


def test_own_columns_come_after_each_record_and_nothing_else_changes(tmp_path):
    path = file(tmp_path, b'sep=,\r\nTitle\r\na , "b",""\r\n1,"x\ny",\n2\r\n3,,"z"')

    DelimitedBook(path).write([patch(path, header=2)])

    assert path.read_bytes() == (
        b"sep=,\r\nTitle\r\n"
        b'a , "b","","Revealed?","What to fix"\r\n'
        b'1,"x\ny",,"Revealed? 3","What to fix 3"\n'
        b'2,"","",Revealed? 4,"What to fix 4"\r\n'
        b'3,,"z","Revealed? 5","What to fix 5"'
    )


def test_a_row_without_any_own_text_is_left_as_short_as_it_is(tmp_path):
    path = file(tmp_path, b"a,b\n1\n2,3\n")
    own = (OwnColumn("Revealed?", 3, [None, "No"]), OwnColumn("What to fix", 4, [None, None]))

    DelimitedBook(path).write([Patch("people", 1, 3, (2, 3), own)])

    assert path.read_bytes() == b'a,b,"Revealed?","What to fix"\n1\n2,3,"No",""\n'


def test_a_result_elsewhere_leaves_the_file_alone(tmp_path):
    path = file(tmp_path, b"a\n1\n")
    out = tmp_path / "people.checked.csv"

    DelimitedBook(path, out).write([patch(path)])

    assert path.read_bytes() == b"a\n1\n"
    assert table(out)[1] == ["1", "Revealed? 2", "What to fix 2"]


def test_one_book_can_be_written_again_after_it_was_written(tmp_path):
    path = file(tmp_path, b"a\n1\n")
    book = DelimitedBook(path)
    book.read()
    one = patch(path)

    book.write([one])
    book.write([cleared(one)])

    assert path.read_bytes() == b"a\n1\n"


def test_a_file_that_was_changed_since_it_was_read_is_not_written(tmp_path):
    path = file(tmp_path, b"a\n1\n")
    book = DelimitedBook(path)
    book.read()
    one = patch(path)
    path.write_bytes(b"a\n2\n")

    with pytest.raises(CannotWrite, match="changed while"):
        book.write([one])

    assert path.read_bytes() == b"a\n2\n"


def test_letters_that_the_encoding_does_not_have_are_refused(tmp_path):
    path = file(tmp_path, "Núñez,b\n1,2\n".encode("cp1252"))

    with pytest.raises(CannotWrite, match="letters"):
        DelimitedBook(path).write([Patch("people", 1, 2, columns=None, cells={(2, 1): "日"})])

    DelimitedBook(path).write([Patch("people", 1, 2, columns=None, cells={(2, 1): "é"})])
    assert path.read_bytes() == "Núñez,b\né,2\n".encode("cp1252")


def test_filled_in_cells_keep_the_quotes_of_their_place(tmp_path):
    path = file(tmp_path, b'a,b,c\n"1",2\n')
    cells = {(2, 1): "one", (2, 2): "a,b", (2, 3): "=1+1"}

    DelimitedBook(path).write([Patch("people", 1, 2, columns=None, cells=cells)])

    assert path.read_bytes() == b'a,b,c\n"one","a,b",=1+1\n'


def test_rows_that_are_not_there_are_refused(tmp_path):
    path = file(tmp_path, b"a\n1\n")
    own = (OwnColumn("Revealed?", 2, ["No"]),)

    for one in (Patch("people", 1, 9, (9,), own), Patch("people", 1, 2, cells={(9, 1): "x"})):
        with pytest.raises(CannotWrite, match="fewer rows"):
            DelimitedBook(path).write([one])

    assert path.read_bytes() == b"a\n1\n"


def test_a_sheet_of_another_name_is_refused(tmp_path):
    with pytest.raises(SheetNotFound, match="people"):
        DelimitedBook(file(tmp_path, b"a\n")).write([Patch("Nowhere", 1, 1)])


def test_own_columns_that_somebody_put_columns_behind_are_emptied_not_shifted(tmp_path):
    path = file(tmp_path, b"a,Revealed?,Bus\n1,No,7\n")

    DelimitedBook(path).write([Patch("people", 1, 2, replaces=(2,))])

    assert path.read_bytes() == b"a,,Bus\n1,,7\n"


def test_a_result_that_excel_saved_again_is_cleared_all_the_same(tmp_path):
    path = file(tmp_path, b"a,b,c,Revealed?,What to fix\r\n1,2,3,Yes,\r\n4,,,No,x\r\n,,,,\r\n")

    DelimitedBook(path).write([Patch("people", 1, 4, replaces=(4, 5))])

    assert path.read_bytes() == b"a,b,c\r\n1,2,3\r\n4,,\r\n,,\r\n"


def test_the_cell_that_is_taken_is_named_and_not_quoted(tmp_path):
    path = file(tmp_path, b"a,b\n1,2\n3,secret\n")
    own = (OwnColumn("Revealed?", 2, ["No"]),)

    with pytest.raises(PlaceTaken) as refused:
        DelimitedBook(path).write([Patch("people", 1, 3, (3,), own)])

    assert refused.value.where == "people.csv, cell B1"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["[a-z]*.csv", "~user.csv", "100%.csv", "a b ü.csv"])
def test_any_name_will_do(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = file(tmp_path, b"a\n1\n", name)

    assert table(path) == table(type(path)(name)) == [["a"], ["1"]]


# Properties

SCRAPS = st.sampled_from(
    [b"a", b"1", b" ", b'"', b'""', b",", b",", b";", b"\n", b"\n", b"\r\n", b"\r", b"\xc3\xa9"]
)
FIELDS = st.sampled_from([b"a", b"", b"", b'""', b'"a,""b"', b'"x\ny"', b'5"', b" ", b'""x', b"0"])
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
RECORDS = st.tuples(st.lists(FIELDS, min_size=1, max_size=4).map(b",".join), ENDS)
FILES = st.one_of(
    st.lists(SCRAPS, max_size=30).map(b"".join),
    st.lists(RECORDS.map(b"".join), min_size=1, max_size=8).map(b"".join),
    st.lists(RECORDS.map(b"".join), min_size=1, max_size=8).map(lambda all_: b"".join(all_)[:-1]),
    st.lists(st.lists(FIELDS, min_size=3, max_size=3).map(b",".join), min_size=1, max_size=8).map(
        lambda records: b"\n".join(records) + b"\n"
    ),
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """One folder for all examples of a property."""
    return tmp_path_factory.mktemp("scratch")


def readable(path):
    try:
        return bool(DelimitedBook(path).read()) and table(path) is not None
    except CannotRead:
        return False


@given(content=FILES, header=st.integers(1, 3))
def test_clear_gives_the_very_bytes_back(scratch, content, header):
    path = file(scratch, content)
    if not readable(path):
        return
    last = max(len(list(Dialect.of(path).records(path))), 1)
    one = patch(path, header=min(header, last), last=last)

    DelimitedBook(path).write([one])
    once = path.read_bytes()
    assert once != content
    DelimitedBook(path).write([one])
    assert path.read_bytes() == once
    DelimitedBook(path).write([cleared(one)])

    assert path.read_bytes() == content


@given(content=FILES)
def test_nothing_of_the_office_changes(scratch, content):
    path = file(scratch, content)
    if not readable(path):
        return
    before = table(path)
    width = len(before[0])

    DelimitedBook(path).write([patch(path)])

    assert [row[:width] for row in table(path)] == before


@given(content=FILES, asked=st.sets(st.integers(1, 6), min_size=1))
def test_the_fast_reader_sees_what_the_careful_one_sees(scratch, content, asked):
    path = file(scratch, content)
    if not readable(path):
        return
    dialect = Dialect.of(path)
    fast = quick(path, dialect, sorted(asked)) if dialect.plain else None
    if fast is None:
        return
    slow = careful(path, dialect, sorted(asked))

    def filled(cells):
        return [row for row in cells.frame.rows() if any(row[1:])]

    assert filled(fast) == filled(slow)
    assert (fast.last_row, fast.last_column) == (slow.last_row, slow.last_column)
    assert fast.frame.schema == slow.frame.schema


def test_the_fast_reader_is_used_for_ordinary_files(tmp_path):
    for content in (b"a,b\n1,2\n", b'"a","b,c"\r\n"1","say ""x"""\r\n\r\n1\r\n'):
        path = file(tmp_path, content)
        dialect = Dialect.of(path)

        assert quick(path, dialect, [1]) is not None
        assert load(path, dialect, [1]).frame.height == content.count(b"\n")


@given(
    rows=st.lists(
        st.lists(st.text("aé,;\"' \n\r日\t", max_size=5), min_size=2, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_what_the_csv_module_writes_is_read_back(scratch, rows):
    rows = [["head", "head"], *rows]
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    path = file(scratch, stream.getvalue().encode())
    cells = careful(path, Dialect("utf-8", b"", b","), range(1, 6))

    read = {row: [value or "" for value in rest] for row, *rest in cells.frame.iter_rows()}
    for number, row in enumerate(rows, 1):
        assert read.get(number, [""] * 5) == row + [""] * (5 - len(row))

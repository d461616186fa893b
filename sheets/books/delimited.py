"""CSV and other text with separators: what is not Reveal's is kept byte for byte.

Own columns are added at the end of each record. Marks and notes have no place in such a file and
are passed over. A file that a spreadsheet program shows as one sheet is one sheet, named like it.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sheets.books import beside, refusals, saving
from sheets.books.edits import Edit
from sheets.books.records import LINE_MARK, Dialect, Member, text
from sheets.errors import CannotRead, CannotWrite, SheetNotFound
from sheets.grid import HEAD_ROWS, OWN_SHEET, Cells, Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import polars as pl

    from sheets.books.records import Text
    from sheets.grid import OwnSheet, Patch

_CHUNK = 50_000
_PIECE = 1 << 20


class DelimitedBook:
    """A file of text with separators.

    Args:
        path: The file.
        out: The file that is written; `path` itself if not given.
    """

    def __init__(self, path: Path, out: Path | None = None) -> None:
        self._path = path
        self._out = out or path
        self._source: saving.Source | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def _title(self) -> str:
        return self._path.stem

    def read(self) -> Sequence[Grid]:
        """Read the first rows; the others are read by `Grid.load`.

        Raises:
            CannotRead: It is empty, no text, or a quotation mark is not closed.
        """
        self._source = saving.Source.of(self._path)
        sheet = grid(self._path, self._title)
        if not sheet.head:
            raise CannotRead(
                "The file is empty.", hint="Save it again from where it came.", where=self.name
            )
        own = self._earlier()
        return [sheet] if own is None else [sheet, own]

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches, or none; an own sheet goes to a file beside the result.

        Raises:
            SheetNotFound: A patch is for another sheet than the one there is.
            PlaceTaken: A cell that is needed is not empty, or there is a file of somebody else
                where the own sheet goes.
            CannotWrite: It cannot be saved, or holds letters that its encoding does not have.
        """
        for patch in patches:
            if patch.sheet != self._title:
                raise SheetNotFound(
                    f'There is no sheet "{patch.sheet}".',
                    hint=f'The file is one sheet, named "{self._title}".',
                    where=self.name,
                )
        source = self._source or saving.Source.of(self._path)
        dialect = _dialect(self._path)
        earlier = self._earlier() if own is not None else None
        if own:
            beside.require_free(self._out, earlier)
        with saving.replacing(self._out, source) as stream:
            for piece in edited(self._path, dialect, patches, self.name):
                stream.write(piece)
            stream.flush()
            for sheet in own or ():
                beside.put(self._out, sheet, source, dialect.delimiter)
        if earlier is not None and not own:
            beside.path_of(self._out).unlink(missing_ok=True)
        if os.path.realpath(self._out) == os.path.realpath(self._path):
            self._source = saving.Source.of(self._path)

    def _earlier(self) -> Grid | None:
        """The own sheet of an earlier run."""
        return beside.earlier(self._out, lambda path: grid(path, OWN_SHEET))


def edited(source: Text, dialect: Dialect, patches: Sequence[Patch], where: str) -> Iterator[bytes]:
    """Yield a text as it is to be, in pieces.

    Raises:
        PlaceTaken: A cell that is needed is not empty.
        CannotWrite: It holds letters that its encoding does not have, or has fewer rows than were
            checked.
    """
    edits = [Edit(patch, dialect, where) for patch in patches]
    yield dialect.prefix
    records = _edited(source, dialect, edits, where)
    while piece := b"".join(islice(records, _CHUNK)):
        yield piece


def _edited(source: Text, dialect: Dialect, edits: Sequence[Edit], where: str) -> Iterator[bytes]:
    """Yield all records with their line ends as they are to be."""
    try:
        for row, (body, end) in enumerate(dialect.records(source), 1):
            record = body
            for edit in edits:
                record = edit.apply(row, record)
            yield dialect.encode(record + end)
    except UnicodeEncodeError as error:
        raise CannotWrite(
            "The result holds letters that the file's encoding does not have.",
            hint='Open the file in Excel, save it as "CSV UTF-8", and check that file.',
            where=where,
        ) from error
    if any(edit.is_pending for edit in edits):
        raise CannotWrite(
            "The file has fewer rows than were checked.", hint="Run it again.", where=where
        )


def _dialect(path: Text) -> Dialect:
    try:
        return Dialect.of(path)
    except OSError as error:
        raise readable(error, path) from error


def grid(path: Text, title: str, again: Callable[[], Text] | None = None) -> Grid:
    """The first rows of a file; the others are read by `Grid.load`.

    Args:
        path: Where it is.
        title: What the sheet is called.
        again: Gives the text anew, if it is not to be kept until then.
    """
    dialect = _dialect(path)
    head: dict[int, dict[int, str]] = {}
    try:
        for row, (record, _) in enumerate(dialect.records(path), 1):
            texts = map(text, dialect.split(record))
            cells = {column: value for column, value in enumerate(texts, 1) if value}
            if cells:
                head[row] = cells
            if len(head) == HEAD_ROWS:
                break
    except OSError as error:
        raise readable(error, path) from error
    return Grid(title, head, lambda columns: load(again() if again else path, dialect, columns))


def load(path: Text, dialect: Dialect, columns: Collection[int]) -> Cells:
    """Read some columns of all rows.

    Raises:
        CannotRead: The file is no longer there, or a quotation mark is not closed.
    """
    asked = sorted(set(columns))
    try:
        fast = quick(path, dialect, asked) if dialect.plain else None
        return careful(path, dialect, asked) if fast is None else fast
    except OSError as error:
        raise readable(error, path) from error


def quick(path: Text, dialect: Dialect, asked: Sequence[int]) -> Cells | None:
    """Read with polars, if each line is one record in which quotes stand only around fields.

    There polars and `careful` see the same (a property test compares them). None otherwise.
    """
    import polars as pl

    try:
        shape = _shape(path, dialect.delimiter.decode())
        if shape is None:
            return None
        rows, width, last = shape
        filled = [_filled(str(column), here=column <= width) for column in asked]
        frame = scan(path, dialect, width).select(pl.col("_row").cast(pl.UInt32), *filled).collect()
    except pl.exceptions.PolarsError:
        return None
    return Cells(frame, {}, last, width) if frame.height == rows else None


def plain_width(path: Text, dialect: Dialect) -> int | None:
    """How many fields the widest record has, if `scan` reads the file as it is; None otherwise."""
    import polars as pl

    try:
        shape = _shape(path, dialect.delimiter.decode()) if dialect.plain else None
    except pl.exceptions.PolarsError:
        return None
    return shape[1] if shape else None


def scan(path: Text, dialect: Dialect, width: int) -> pl.LazyFrame:
    """The records of a plain file with their row numbers, columns named by their numbers."""
    import polars as pl

    return pl.scan_csv(
        _scanned(path),
        separator=dialect.delimiter.decode(),
        has_header=False,
        schema={str(column): pl.String for column in range(1, width + 1)},
        row_index_name="_row",
        row_index_offset=1,
        glob=False,
    )


def _scanned(path: Text) -> Path | bytes:
    return path.data if isinstance(path, Member) else path.absolute()


def _filled(name: str, *, here: bool) -> pl.Expr:
    """A column in which an empty cell is null; all of them, if the file is not that wide."""
    import polars as pl

    if not here:
        return pl.lit(None, pl.String).alias(name)
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def _shape(path: Text, d: str) -> tuple[int, int, int] | None:
    """Count the records, the fields of the widest, and the last one that holds anything.

    None if a line is not one record, or a quote stands elsewhere than around a field.
    """
    import polars as pl

    line = pl.col("line").fill_null("")
    cut = "\\" + d if d in "|\\^$.?*+()[]{}" else d
    field = f'(?:"(?:[^"]|"")*"|[^"{cut}]*)'
    has_quotes = line.str.contains('"', literal=True)
    bare = line.str.replace_all('"(?:[^"]|"")*"', "")
    counted = pl.when(has_quotes).then(bare).otherwise(line)
    told = (
        pl.scan_csv(
            _scanned(path),
            separator=LINE_MARK,
            quote_char=None,
            has_header=False,
            schema={"line": pl.String},
            glob=False,
        )
        .select(
            rows=pl.len(),
            plain=(~has_quotes | line.str.contains(f"^{field}(?:{cut}{field})*$")).all(),
            width=counted.str.count_matches(d, literal=True).max() + 1,
            last=(~line.str.contains(f'^(?:"")?(?:{cut}(?:"")?)*$')).arg_true().max() + 1,
        )
        .collect(engine="streaming")
    )
    rows, plain, width, last = told.row(0)
    return (rows, width, last or 0) if rows and plain else None


def careful(path: Text, dialect: Dialect, asked: Sequence[int]) -> Cells:
    """Read record by record."""
    import polars as pl

    schema = {"_row": pl.UInt32} | {str(column): pl.String for column in asked}
    places = [column - 1 for column in asked]
    blanks = dialect.delimiter + b'"'
    width = last = 0
    chunks = [pl.DataFrame(schema=schema)]
    numbered = enumerate(dialect.records(path), 1)
    while chunk := list(islice(numbered, _CHUNK)):
        rows: list[tuple[int | str | None, ...]] = []
        for row, (record, _) in chunk:
            fields = dialect.split(record)
            count = len(fields)
            width = max(width, count)
            if record.strip(blanks) or any(map(text, fields)):
                last = row
                rows.append(
                    (row, *[text(fields[at]) or None if at < count else None for at in places])
                )
        chunks.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return Cells(pl.concat(chunks), {}, last, width)


def readable(error: OSError, path: Text) -> CannotRead:
    """What to say of a file that could not be read."""
    return error if isinstance(error, CannotRead) else refusals.cannot_read(error, Path(path.name))

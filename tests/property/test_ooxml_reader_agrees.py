"""Any small sheet, written in any way that XML allows, reads the same by every reader."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from sheets.grid import OddKind, letters
from tests.unit.handmade import MAIN, worksheet
from tests.unit.reading import formats, grids, load, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

DATE = 1
PAD = 2
STYLES = formats("yyyy\\-mm\\-dd", "0000000")
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r_", exclude_categories=("Cc", "Cs", "Cn")),
    max_size=12,
)
SPACE = st.sampled_from(["", "", "", " ", "\n  "])
COLUMNS = 15  # more than one pass can ask for


@st.composite
def values(draw: DrawFn) -> tuple[str, str, object]:
    """A cell's attributes and content, and what openpyxl shall make of it."""
    kind = draw(
        st.sampled_from(["s", "inline", "rich", "str", "n", "float", "date", "b", "e", "x"])
    )
    text = draw(TEXT)
    number = draw(st.integers(-(10**15), 10**15))
    day = draw(st.integers(61, 2_958_465))
    real = draw(st.floats(allow_nan=False, allow_infinity=False, width=32))
    formula = draw(st.sampled_from(["", "", "<f>A1&amp;1</f>", '<f t="shared" si="0"/>']))
    truth = draw(st.booleans())
    return {
        "s": ('t="s"', f"shared:{text}", text),
        "inline": ('t="inlineStr"', f"<is>{_t(text)}</is>", text),
        "rich": (
            't="inlineStr"',
            f"<is><r>{_t(text)}</r><r><rPr><b/></rPr>{_t('é')}</r></is>",
            text + "é",
        ),
        "str": ('t="str"', f"{formula}<v>{escape(text)}</v>", text),
        "n": ('t="n"', f"{formula}<v>{number}</v>", number),
        "float": ("", f"{formula}<v>{real!r}</v>", real),
        "date": (f's="{DATE}"', f"{formula}<v>{day}</v>", day),
        "b": ('t="b"', f"{formula}<v>{int(truth)}</v>", truth),
        "e": ('t="e"', f"{formula}<v>#N/A</v>", "#N/A"),
        "x": (f's="{PAD}"', "", None),
    }[kind]


def _t(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text)}</t>'


@st.composite
def sheet_and_strings(draw: DrawFn) -> tuple[str, list[str]]:
    """The XML of a sheet, and its shared strings."""
    strings = draw(st.lists(TEXT, max_size=3))
    numbers = draw(st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True).map(sorted))
    return worksheet("".join(draw(row(number, strings)) for number in numbers)), strings


@st.composite
def row(draw: DrawFn, number: int, strings: list[str]) -> str:
    columns = draw(st.lists(st.integers(1, COLUMNS), max_size=6, unique=True).map(sorted))
    plain = draw(st.integers(0, 9)) > 0
    cells = []
    for column in columns:
        attributes, inside, _ = draw(values())
        if inside.startswith("shared:"):
            strings.append(inside.removeprefix("shared:"))
            inside = f"<v>{len(strings) - 1}</v>"
        own = f'r="{letters(column)}{number}"'
        parts = [own, attributes] if plain else draw(st.permutations([own, attributes, 'ph="1"']))
        tag = " ".join(["c", *filter(None, parts)])
        if not plain and draw(st.booleans()):
            tag = tag.replace('"', "'")
        between = draw(SPACE)
        if not plain:
            between += draw(st.sampled_from(["", "<!-- <c> -->", "<?x?>"]))
        closed = not inside and draw(st.booleans())
        cells.append(f"<{tag}/>" if closed else f"<{tag}>{inside}</c>{between}")
    extra = draw(st.sampled_from(["", ' spans="1:9"', ' hidden="1"', ' s="1" customFormat="1"']))
    return f'<row r="{number}"{extra}>{"".join(cells)}</row>{draw(SPACE)}'


def shown(value: object) -> str | None:
    """What openpyxl gives, as Reveal would say it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        digits = Decimal(repr(value))
        if value.is_integer() and abs(value) < 1e21:
            return str(int(digits))
        return f"{digits:f}" if 1e-15 < abs(value) < 1e21 else repr(value)
    return None if value in (None, "") else str(value)


def by_openpyxl(path: Path) -> dict[tuple[int, int], str]:
    book = openpyxl.load_workbook(path, data_only=True)
    found = {
        (cell.row, cell.column): shown(cell.value)
        for cells in book.active.iter_rows()
        for cell in cells
    }
    book.close()
    return {at: text for at, text in found.items() if text is not None}


def strings_part(texts: Sequence[str]) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{_t(text)}</si>" for text in texts)}</sst>'


@given(sheet_and_strings())
def test_all_readers_agree(made_of: tuple[str, list[str]]) -> None:
    sheet, strings = made_of
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder), sheet, styles=STYLES, strings=strings_part(strings))
        [grid] = grids(path)
        cells = load(grid, range(1, COLUMNS + 1))
        expected = by_openpyxl(path)
    ours = {
        (line["_row"], int(name)): text
        for line in cells.frame.iter_rows(named=True)
        for name, text in line.items()
        if name != "_row" and text is not None
    }
    ours |= {at: odd.text for at, odd in cells.odd.items() if odd.kind is OddKind.ERROR}
    assert ours == expected
    head = {(at, column): text for at, row in grid.head.items() for column, text in row.items()}
    assert head == {at: text for at, text in ours.items() if at not in cells.odd}

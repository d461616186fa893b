"""Any workbook, any patch: only own cells change, twice is once, and clearing gives back all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.etree
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.books.xlsx import XlsxBook
from sheets.grid import Patch, letters, number
from tests.unit.handmade import SHEET, cleared, make, parts, patch, worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 6
OWN = st.integers(1, WIDTH + 2)

CONTENTS = (
    ("", "<v>1</v>"),
    (' t="str"', "<v>a &lt;b&gt; &amp; c</v>"),
    (' t="inlineStr"', "<is><t>x</t></is>"),
    (' t="inlineStr"', "<is><r><rPr><family val='2'/></rPr><t>y</t></r></is>"),
    ("", "<f>A1+1</f><v>2</v>"),
    ("", '<f t="shared" si="0"/><v>2</v>'),
    (' t="inlineStr"', "<is><t><![CDATA[<c r='B2'>]]></t></is>"),
)
BLANKS = ("/>", "></c>", ' t="n"/>', ' t="s" ></c>')


@st.composite
def cells(draw: st.DrawFn, row: int) -> str:
    """The cells of one row in some columns, written in some way."""
    named = draw(st.sampled_from(["all", "none", "some"]))
    columns = sorted(draw(st.sets(st.integers(1, WIDTH + 3))))
    if named != "all":
        columns = list(range(1, len(columns) + 1))
    texts = []
    for column in columns:
        attributes = f' r="{letters(column)}{row}"'
        if named == "none" or (named == "some" and draw(st.booleans())):
            attributes = ""
        if draw(st.booleans()):
            style = f' s="{draw(st.integers(0, 1))}"'
            attributes = draw(st.sampled_from([attributes + style, style + attributes]))
        if column > WIDTH or draw(st.booleans()):
            texts.append(f"<c{attributes}{draw(st.sampled_from(BLANKS))}")
        else:
            kind, inside = draw(st.sampled_from(CONTENTS))
            texts.append(f"<c{attributes}{kind}>{inside}</c>")
        texts.append(draw(st.sampled_from(["", "", "", "\n  ", "<!-- <c> -->"])))
    return "".join(texts)


@st.composite
def rows(draw: st.DrawFn) -> str:
    """The rows of a sheet, some left out, some empty, written in some way."""
    text, before = [], 0
    for row in sorted(draw(st.sets(st.integers(1, 12), min_size=1))):
        attributes = f' r="{row}"' if row != before + 1 or draw(st.booleans()) else ""
        attributes += draw(st.sampled_from(["", ' spans="1:6"', ' s="1" customFormat="1"', " "]))
        inside = draw(cells(row))
        closed = not inside and draw(st.booleans())
        text.append(f"<row{attributes}/>" if closed else f"<row{attributes}>{inside}</row>")
        text.append(draw(st.sampled_from(["", "", "\n", "<!-- <row r='1'> -->", "<?x </row?>"])))
        before = row
    return "".join(text).replace("</row?>", "?>")


@st.composite
def patches(draw: st.DrawFn) -> Patch:
    head = draw(st.integers(1, 4))
    at = sorted(draw(st.sets(st.integers(head + 1, 14))))
    said = st.sampled_from(["Yes", "No", None, "", "=1+1", " _x0041_ <&>\n"])
    return patch(
        start=WIDTH + 1,
        head=head,
        rows=at,
        last=max(at, default=head),
        verdicts=[draw(said) for _ in at],
        reasons=[draw(said) for _ in at],
    )


def read(data: bytes) -> dict[tuple[int, int], tuple[Any, ...]]:
    """All cells of a sheet by an independent parser: attributes, formula, value, text."""
    found = {}
    row_number = 0
    for row in lxml.etree.fromstring(data).iter("{*}row"):
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in row.iter("{*}c"):
            name = cell.get("r")
            column = number(name.rstrip("0123456789")) if name else column + 1
            text = "".join(cell.xpath(".//text()"))
            tags = tuple(child.tag for child in cell.iter())
            found[row_number, column] = (cell.get("s"), cell.get("t"), tags, text)
    return found


def expected(wanted: Patch) -> dict[tuple[int, int], str]:
    """The own texts by cell."""
    texts = {}
    for own in wanted.columns or ():
        texts[wanted.header_row, own.column] = own.header
        texts |= {
            (row, own.column): value
            for row, value in zip(wanted.rows, own.values, strict=True)
            if value
        }
    return texts


@settings(max_examples=60)
@given(rows(), patches())
def test_only_own_cells_change_and_clearing_gives_back_every_byte(text: str, wanted: Patch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder, "a.xlsx"), worksheet(text, after='<pageMargins left="1"/>'))
        before = parts(path)
        XlsxBook(path).write([wanted])
        after = parts(path)
        XlsxBook(path).write([wanted])
        assert parts(path) == after
        XlsxBook(path).write([cleared(wanted)])
        assert list(parts(path).items()) == list(before.items())
    own = expected(wanted)
    old, new = read(before[SHEET]), read(after[SHEET])
    assert {at for at in new if at not in old} <= own.keys()
    for at, text_there in own.items():
        assert new[at][1] == "inlineStr"
        assert new[at][3] == text_there.replace("_x0041_", "_x005F_x0041_")
    for at, cell in old.items():
        assert at in own or new[at] == cell
        assert at not in own or new[at][0] == cell[0]
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {SHEET, "xl/styles.xml"}


@settings(max_examples=60)
@given(rows(), st.dictionaries(st.tuples(st.integers(1, 14), OWN), st.text("ab <\n", max_size=3)))
def test_filling_in_changes_only_the_given_cells(
    text: str, cells_in: Mapping[tuple[int, int], str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder, "a.xlsx"), worksheet(text))
        old = read(parts(path)[SHEET])
        formulas = {at for at, cell in old.items() if any("}f" in str(tag) for tag in cell[2])}
        wanted = {at: value for at, value in cells_in.items() if at not in formulas}
        XlsxBook(path).write([Patch("People", 1, 1, columns=None, cells=wanted)])
        new = read(parts(path)[SHEET])
    for at, value in wanted.items():
        assert new.get(at, (None, None, (), ""))[3] == value
    for at, cell in old.items():
        assert at in wanted or new[at] == cell

"""The lines of a TOML text agree with what `tomllib` reads, and wrong files are always refused."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets import settings
from sheets.errors import RevealError
from sheets.settings import form, positions

WORDS = st.text(st.sampled_from("abXY019_-"), min_size=1, max_size=5)
KEYS = WORDS | st.sampled_from(["a.b", "a b", "", "#", "é", "'", '"', "[x]", "=", "\\", "\t"])
SPACE = st.sampled_from(["", " ", "\t"])
COMMENTS = st.sampled_from(["", " # a ] } \" ' = comment", "#"])
STRINGS = st.text(st.sampled_from("ab #'\"[]{}=,\\é.\n"), max_size=8)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


@st.composite
def keys(draw):
    key = draw(KEYS)
    if re.fullmatch(r"[A-Za-z0-9_-]+", key) and draw(st.booleans()):
        return key, key
    if not set(key) & set("'\n\t") and draw(st.booleans()):
        return key, f"'{key}'"
    return key, quoted(key)


@st.composite
def strings(draw):
    text = draw(STRINGS)
    ways = [quoted(text)]
    if not set(text) & set("'\n"):
        ways.append(f"'{text}'")
    if "'''" not in text and not text.endswith("'"):
        ways.append(f"'''\n{text}'''")
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if not escaped.endswith('"'):
        ways.append(f'"""{escaped}"""')
    return draw(st.sampled_from(ways))


SCALARS = strings() | st.sampled_from(
    [
        "1",
        "-2.5e3",
        "true",
        "2026-07-01",
        "2026-07-01 10:00:00",
        "1979-05-27T07:32:00Z",
        "inf",
        "0xfF",
    ]
)


@st.composite
def arrays(draw, inside):
    gaps = st.sampled_from(["", " ", "\n", " # ] no end\n", "\n\n"])
    items = draw(st.lists(inside, max_size=3))
    parts = [draw(gaps) + item + draw(gaps) for item in items]
    tail = "," if parts and draw(st.booleans()) else ""
    return "[" + ",".join(parts) + tail + draw(gaps) + "]"


@st.composite
def inline_tables(draw, inside):
    pairs = draw(st.lists(st.tuples(keys(), inside), max_size=3, unique_by=lambda one: one[0][0]))
    texts = [f"{written}{draw(SPACE)}={draw(SPACE)}{value}" for (_, written), value in pairs]
    # An inline table stands in one line, but for what is in its strings and lists.
    return "{ " + ", ".join(texts) + " }"


VALUES = st.recursive(SCALARS, lambda inside: arrays(inside) | inline_tables(inside), max_leaves=6)


@st.composite
def documents(draw):
    """A text, and the lines in which its keys and tables begin."""
    lines: list[str] = []
    expected: dict[tuple[str | int, ...], int] = {}
    tables: dict[tuple[str, ...], int] = {}

    def now():
        return "\n".join(lines).count("\n") + 2 if lines else 1

    def pairs(path):
        for (key, written), value in draw(
            st.lists(st.tuples(keys(), VALUES), max_size=3, unique_by=lambda one: one[0][0])
        ):
            expected[*path, key] = now()
            end = draw(COMMENTS)
            lines.append(
                f"{draw(SPACE)}{written}{draw(SPACE)}={draw(SPACE)}{value}{draw(SPACE)}{end}"
            )
            lines.extend(draw(st.lists(COMMENTS, max_size=2)))

    pairs(())
    used = {path[0] for path in expected}
    for _ in range(draw(st.integers(0, 4))):
        key, written = draw(keys())
        if key in used:
            continue
        if draw(st.booleans()):
            used.add(key)
            expected[key,] = now()
            lines.append(f"{draw(SPACE)}[{draw(SPACE)}{written}{draw(SPACE)}]{draw(COMMENTS)}")
            pairs((key,))
            continue
        for _ in range(draw(st.integers(1, 3))):
            at = tables.get((key,), -1) + 1
            tables[key,] = at
            expected.setdefault((key,), now())
            expected[key, at] = now()
            lines.append(f"[[{draw(SPACE)}{written}{draw(SPACE)}]]{draw(COMMENTS)}")
            pairs((key, at))
        used.add(key)
    return "\n".join(lines) + "\n", expected


def paths(value, path=()):
    """Every way into what tomllib has read."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inside:
        yield (*path, key)
        yield from paths(item, (*path, key))


@given(documents())
@hypothesis.settings(max_examples=50)
def test_all_that_is_written_has_the_line_where_it_begins_and_nothing_else_has_one(document):
    text, expected = document

    found = positions.lines(text)

    assert set(found) == set(paths(tomllib.loads(text)))
    assert {path: found[path] for path in expected} == expected


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a.b.c = 1\na.d = 2\n", ("a", "d"), 2),
        ("a.b.c = 1\na.d = 2\n", ("a", "b"), 1),
        ("[a.b]\n[a]\nc = 1\n", ("a",), 2),
        ("[[a]]\n[[a]]\n[a.b]\nc = 1\n", ("a", 1, "b", "c"), 4),
        ("[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]\n", ("a", 1, "b", 0), 5),
        ('x = """\n"quoted""""\ny = 1\n', ("y",), 3),
        ("x = [\n[1,\n2], [3]\n]\ny = 1", ("x", 1, 0), 3),
        ("x = {a.b = 1, c = [\n2]}\ny = 1", ("x", "c", 0), 2),
    ],
)
def test_tables_in_tables_and_dotted_keys_have_their_lines(text, path, line):
    assert positions.lines(text)[path] == line
    assert set(positions.lines(text)) == set(paths(tomllib.loads(text)))


# ---- Files of the right and of the wrong form ---------------------------------------------------

GOOD = {
    "profile": '"edutech"',
    "packs": '["vendor"]',
    "settings.guardian_source": '"box"',
    "settings.active_year": "[2026-07-01, 2027-06-30]",
    "settings.schools": '["a"]',
    "settings.phones": '["Cell Phone"]',
    "settings.staff_domains": '["example.org"]',
    "settings.two_people": "'and'",
    "settings.grade_book_sync": "true",
    "severities.EML-01": '"off"',
    'map."Home Phone"': '"Other Phone"',
}
ODD_VALUES = st.sampled_from(
    [
        '"nonsense"',
        "3",
        "-1.5",
        "true",
        "[]",
        '["x", 3]',
        "{}",
        "{a = 1}",
        "2026-07-01",
        '""',
        "[[1]]",
    ]
)
RULE_KEYS = [*form.OwnRule.model_fields, "requird"]


@st.composite
def files(draw):
    """A file of which each line may be right or wrong."""
    lines = []
    for key in draw(st.lists(st.sampled_from([*GOOD, "nothing", "settings.nothing"]), unique=True)):
        value = draw(ODD_VALUES) if draw(st.booleans()) else GOOD.get(key, "1")
        lines.append(f"{key} = {value}")
    for _ in range(draw(st.integers(0, 2))):
        lines.append("[[rule]]")
        names = draw(st.lists(st.sampled_from(RULE_KEYS), unique=True))
        plain = st.sampled_from(['"DST-01"', '"student"', '"Grade"', '"Homeroom"', "true", '["K"]'])
        lines += [f"{name} = {draw(plain | ODD_VALUES)}" for name in names]
    return "\n".join(lines) + "\n"


def refusal(raw):
    """What is said of a file that is refused; nothing of one that makes a profile."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "reveal.toml"
        path.write_bytes(raw)
        try:
            district = settings.load(path)
        except RevealError as error:
            return str(error)
    made = settings.profile(district, as_of=dt.date(2026, 11, 23))
    assert made.settings_file == "reveal.toml"
    return ""


def lines_of(said):
    return [int(line) for line in re.findall(r"reveal\.toml:(\d+): ", said)]


@given(files())
def test_a_file_makes_a_profile_or_is_refused_with_lines_that_it_has(text):
    said = refusal(text.encode())

    assert not said or 1 <= min(lines_of(said)) <= max(lines_of(said)) <= max(text.count("\n"), 1)


@given(
    st.binary(max_size=60)
    | st.text(st.sampled_from("[]{}=\"'#.,\n\\ab1"), max_size=40).map(str.encode)
)
def test_what_is_no_settings_file_is_refused_with_a_line(raw):
    said = refusal(raw)

    assert not said or min(lines_of(said)) >= 1


@given(st.sampled_from(sorted(GOOD)), ODD_VALUES)
def test_a_wrong_value_is_refused_in_its_own_line(key, value):
    said = refusal(f"# a remark\n{key} = {value}\n".encode())

    assert set(lines_of(said)) <= {2}

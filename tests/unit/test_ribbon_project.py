"""VBA projects that Reveal writes, read by programs of others: oletools, olefile, pyOpenVBA."""

from __future__ import annotations

import io
import random

import olefile
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyopenvba.cfb import CFB

from addin.ribbon import build, cfb, ovba
from tests.vba_reading import decompress_stream, project_text, unhidden

NAMES = st.text("abcXYZ_0123456789", min_size=1, max_size=31)
SIZES = (63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 70_000)
CONTENTS = st.one_of(st.binary(max_size=200), st.sampled_from([b"x" * size for size in SIZES]))
WORDS = ["Dim a Long", "End Sub", "ab", "aaaa", "' said"]


def decompressed(data: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(ovba.compress(data))))


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def lines(words: list[str]) -> bytes:
    return "\r\n".join(words).encode()


@given(
    st.one_of(
        st.lists(st.sampled_from(WORDS)).map(lines),
        st.tuples(st.binary(max_size=40), st.integers(0, 400)).map(lambda pair: pair[0] * pair[1]),
        st.binary(max_size=3000),
    )
)
@example(b"")
@example(b"a" * 4096)
@example(b"a" * 4097)
@example(b"ab" * 10_000)
@example(noise(4096))
@example(noise(4096) + b"End Sub\r\n")
@example(lines([f"Case {number}" for number in range(3000)]))
def test_what_is_compressed_is_read_back(data):
    assert decompressed(data) == data


def test_text_becomes_shorter():
    source = b"".join(module.text for module in build.modules())

    assert len(ovba.compress(source)) < 0.6 * len(source)


def test_the_one_kind_of_data_that_has_no_form_is_refused():
    with pytest.raises(ValueError, match="compressed"):
        ovba.compress(noise(4095))


@given(st.dictionaries(NAMES, CONTENTS, max_size=9), st.dictionaries(NAMES, CONTENTS, max_size=9))
@example({}, {})
@example({"a": noise(9_000_000 // 8)}, {})
@example({f"s{number}": b"1" * number for number in range(70)}, {})
def test_every_stream_of_a_compound_file_is_read_back(top, below):
    # Names are told apart without regard to case.
    top = {name.lower(): content for name, content in top.items() if name.lower() != "vba"}
    below = {f"VBA/{name.lower()}": content for name, content in below.items()}

    written = cfb.compound_file({**top, **below})

    with olefile.OleFileIO(io.BytesIO(written), raise_defects=olefile.DEFECT_INCORRECT) as read:
        assert {
            "/".join(path): read.openstream(path).read() for path in read.listdir()
        } == top | below
        assert read.parsing_issues == []
        _require_red_and_black(read)
    assert CFB.from_bytes(written) is not None


def _require_red_and_black(read: olefile.OleFileIO) -> None:
    """Each tree is sorted, no red entry has a red one below, each way has as many blacks."""
    entries = read.direntries
    key = lambda entry: (len(entry.name), entry.name.upper())  # noqa: E731

    def blacks(sid: int, *, above_is_red: bool) -> int:
        if sid == olefile.NOSTREAM:
            return 1
        entry = entries[sid]
        red = entry.color == 0
        assert not (red and above_is_red)
        for side, sign in ((entry.sid_left, -1), (entry.sid_right, 1)):
            if side != olefile.NOSTREAM:
                assert (key(entries[side]) > key(entry)) is (sign > 0)
        left, right = (blacks(side, above_is_red=red) for side in (entry.sid_left, entry.sid_right))
        assert left == right
        return left + (not red)

    for entry in entries:
        if entry is not None and entry.sid_child != olefile.NOSTREAM:
            assert entries[entry.sid_child].color == 1
            blacks(entry.sid_child, above_is_red=False)


def test_a_file_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="too long"):
        cfb.compound_file({"a": bytes(8_000_000)})


def test_the_project_is_open_without_a_password_and_visible():
    # As Office itself wrote them for a project that is neither protected nor hidden.
    made_by_office = "{318BEE36-5BE1-492A-826D-473DB19B0F30}"
    protection = unhidden("5D5F8AADDAA8DEA8DEA8DEA8DE")
    assert protection == (sum(made_by_office.encode()) & 0xFF, bytes(4))
    assert unhidden("5D5F8AADDAADDBADDBAD") == (protection[0], b"\0")
    assert unhidden("5D5F8AADDAADDBADDB52") == (protection[0], b"\xff")

    said = dict(
        line.split("=", 1) for line in project_text(build.xlam()).splitlines() if "=" in line
    )
    key = sum(said["ID"].strip('"').encode()) & 0xFF

    assert unhidden(said["CMG"].strip('"')) == (key, bytes(4))
    assert unhidden(said["DPB"].strip('"')) == (key, b"\0")
    assert unhidden(said["GC"].strip('"')) == (key, b"\xff")

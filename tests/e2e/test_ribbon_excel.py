"""The add-in in Excel itself, where there is one: `pytest -m excel`."""

from __future__ import annotations

import sys

import pytest

from addin.ribbon import build

pytestmark = [
    pytest.mark.excel,
    pytest.mark.skipif(sys.platform not in {"win32", "darwin"}, reason="no Excel here"),
]


@pytest.fixture(scope="module")
def excel(tmp_path_factory):
    """An Excel of its own, with the add-in opened as if by hand."""
    xlwings = pytest.importorskip("xlwings")
    path = tmp_path_factory.mktemp("addin") / build.NAME
    path.write_bytes(build.xlam())
    app = xlwings.App(visible=False, add_book=True)
    try:
        app.books.open(path)
        yield app
    finally:
        app.quit()


def test_it_compiles_and_runs(excel):
    # The helper knows no such button; whether one is up or not, no dialog comes of it.
    assert excel.macro(f"{build.NAME}!RevealPost")("nothing") in {0, 401, 422}


@pytest.mark.skipif(sys.platform != "win32", reason="on macOS the script reads the file")
def test_it_reads_the_file_of_the_helper(excel):
    from addin.ribbon import meeting

    file = meeting.path()
    expected = file.read_text(encoding="ascii") if file.exists() else ""
    read = excel.macro(f"{build.NAME}!RevealMeetingText")()

    assert (read or "").split() == expected.split()

"""From the add-in's own VBA to the helper itself: what is clicked is what is done."""

from __future__ import annotations

import pytest

from addin import desktop
from addin.ribbon import meeting
from addin.ribbon.actions import Ribbon
from addin.ribbon.journal import Journal
from addin.ribbon.windows import DesktopWindows
from tests.e2e.test_backend import WINDOW, Running
from tests.emulators.excel import Excel as Workbook
from tests.emulators.excel import objects, pywin
from tests.unit.vba_run import Excel

pytest.importorskip("uvicorn")


@pytest.fixture
def running(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with Running() as one:
        yield one


def test_a_click_in_the_vba_is_done_by_the_helper(running):
    excel = Excel(meeting.path().read_text())

    excel.click("reveal_check")

    running.__exit__()
    assert running.done == [("check", 123456)]
    assert excel.said == []


def test_a_click_too_many_is_said(running):
    running.may_end.clear()
    excel = Excel(meeting.path().read_text())

    excel.click("reveal_check")
    excel.click("reveal_check")

    [said] = excel.said
    assert "busy" in said


def test_a_file_of_another_helper_is_said(running):
    excel = Excel(f"{running.helper.port}\nanother-token\n")

    excel.click("reveal_check")

    [said] = excel.said
    assert "does not accept" in said
    assert running.done == []


def test_a_click_in_the_vba_writes_the_verdicts_into_the_cells(tmp_path, monkeypatch):
    """From the button through the add-in's VBA, the wire, the helper and xlwings, to the cells."""
    pytest.importorskip("xlwings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    workbook = Workbook()
    workbook.hwnd = WINDOW
    pywin.DESKTOP.windows[WINDOW] = objects.Window(workbook)
    rows = [["Staff Number", "Last Name", "Enabled"], ["11", "Byrne", "yes"], ["12", "Diaz", "no"]]
    [sheet] = workbook.open("School.xlsx", {"Staff": rows}).sheets
    ribbon = Ribbon(DesktopWindows(desktop.this()), Journal(tmp_path / "helper.log"))

    with Running(ribbon.do):
        excel = Excel(meeting.path().read_text())
        excel.click("reveal_check")

    assert excel.said == []
    assert [sheet.told((row, 4)) for row in (1, 2, 3)] == ["Revealed?", "Yes", "No"]
    assert workbook.settings["StatusBar"].startswith("1 of 2 are revealed; 1 is hidden.")

"""From the add-in's own VBA to the helper itself: what is clicked is what is done."""

from __future__ import annotations

import pytest

from addin.ribbon import meeting
from tests.e2e.test_backend import Running
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

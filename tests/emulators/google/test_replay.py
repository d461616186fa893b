"""The emulator answers as the service did, wherever somebody has recorded the service."""

from __future__ import annotations

import pytest

from tests.emulators.google import replay

LEAST = 0.95


@pytest.mark.slow
def test_recorded_answers_are_given_again(recordings, capsys):
    report = replay.replay(recordings)

    with capsys.disabled():
        pass
    assert report.comparable
    assert report.identical >= LEAST * report.comparable, "\n".join(map(str, report.differences))

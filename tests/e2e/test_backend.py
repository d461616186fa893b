"""The helper takes clicks from this user's Excel, one at a time, and from nobody else."""

from __future__ import annotations

import http.client
import json
import stat
import threading

import pytest

from addin.backend import serving
from addin.backend.desk import Desk
from addin.ribbon import meeting
from addin.ribbon.meeting import CONTROLS, TOKEN_HEADER

pytest.importorskip("uvicorn")

WINDOW = 123_456


class Running:
    """A helper in a thread of its own, which notes what it is asked to do, and then does it."""

    def __init__(self, does=lambda *_: None):
        self._too = does
        self.done = []
        self.may_end = threading.Event()
        self.may_end.set()
        self._servers = []
        self._up = threading.Event()
        self._thread = threading.Thread(
            target=serving.run, args=(self._does,), kwargs={"started": self._started}, daemon=True
        )

    def __enter__(self):
        self._thread.start()
        assert self._up.wait(20)
        self.helper = meeting.read()
        return self

    def __exit__(self, *_):
        self.may_end.set()
        self._servers[0].should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _started(self, server):
        self._servers.append(server)
        self._up.set()

    def _does(self, control, window):
        self.done.append((control, window))
        self._too(control, window)
        assert self.may_end.wait(20)

    def ask(self, method="POST", path="/ribbon", body=None, token=None, **headers):
        """The status of an answer, and its text."""
        line = http.client.HTTPConnection("127.0.0.1", self.helper.port, timeout=20)
        told = json.dumps({"control": "check", "window": WINDOW} if body is None else body)
        sent = {TOKEN_HEADER: self.helper.token if token is None else token, **headers}
        sent |= {"Content-Type": "application/json"} if method == "POST" else {}
        line.request(method, path, told if method == "POST" else None, sent)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, text

    def click(self, control):
        """Click until it is taken."""
        while (status := self.ask(body={"control": control, "window": WINDOW})[0]) == 409:
            pass
        return status


@pytest.fixture
def running(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with Running() as one:
        yield one


def test_every_click_is_taken_at_once_and_done(running):
    assert [running.click(control) for control in CONTROLS] == [202] * len(CONTROLS)

    running.__exit__()
    assert running.done == [(control, WINDOW) for control in CONTROLS]


def test_a_click_while_it_works_is_not_taken(running):
    running.may_end.clear()

    assert [running.ask()[0] for _ in range(3)] == [202, 409, 409]
    running.may_end.set()
    assert running.click("undo") == 202


def test_it_says_that_it_is_up(running):
    status, text = running.ask("GET", "/health")

    assert (status, list(json.loads(text))) == (200, ["reveal"])
    assert serving.is_up(running.helper)
    assert not serving.is_up(meeting.Helper(running.helper.port, "another"))


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (401, {"token": ""}),
        (401, {"token": "another"}),
        (401, {"token": "ä"}),
        (403, {"Host": "school.example.org"}),
        (403, {"Host": "127.0.0.1"}),
        (403, {"Origin": "https://school.example.org"}),
        (403, {"Origin": "null"}),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_whoever_may_not_ask_is_refused_without_a_word(running, status, asked, method):
    path = "/ribbon" if method == "POST" else "/health"

    assert running.ask(method, path, **asked) == (status, "")
    assert running.done == []


def test_a_long_message_is_not_read(running):
    body = {"control": "check", "window": 1, "more": "x" * 2000}

    assert running.ask(body=body) == (413, "")
    assert running.done == []


@pytest.mark.parametrize(
    "body",
    [
        {"control": "delete", "window": 1},
        {"control": "check", "window": -1},
        {"control": "check", "window": "1"},
        {"control": "check"},
        {"control": "check", "window": 1, "workbook": "Roster.xlsx"},
        [],
    ],
)
def test_what_no_button_asks_for_is_not_done(running, body):
    assert running.ask(body=body)[0] == 422
    assert running.done == []


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc", "/"])
def test_nothing_else_is_there(running, path):
    assert running.ask("GET", path)[0] == 404


def test_only_its_owner_can_read_where_it_is(running):
    mode = stat.S_IMODE(meeting.path().stat().st_mode)

    assert mode == 0o600


def test_a_second_one_finds_the_first_and_ends(running):
    assert serving.run(lambda *_: None) == running.helper
    assert meeting.read() == running.helper


def test_at_its_end_nobody_is_told_any_more_where_it_was(running):
    running.__exit__()

    assert meeting.read() is None


def test_what_one_of_before_has_left_behind_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    meeting.write(old := meeting.Helper(1, "old"))

    with Running() as now:
        assert now.helper != old
        assert now.ask()[0] == 202


def test_it_listens_on_this_computer_only(running):
    import psutil

    listening = [
        one.laddr for one in psutil.Process().net_connections("inet") if one.status == "LISTEN"
    ]

    assert {ip for ip, port in listening if port == running.helper.port} == {"127.0.0.1"}


def test_there_is_rest_some_time_after_the_last_click():
    clicks, rests = [], threading.Semaphore(0)
    with Desk(lambda *asked: clicks.append(asked), rests.release, rest=0.05) as desk:
        assert not rests.acquire(timeout=0.2)  # nothing has been done yet
        assert desk.take("check", 1)
        assert rests.acquire(timeout=20)
        assert not rests.acquire(timeout=0.2)  # once is enough
        assert desk.take("next", 1)
        assert rests.acquire(timeout=20)
    assert clicks == [("check", 1), ("next", 1)]

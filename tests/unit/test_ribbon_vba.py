"""What a click in the Reveal tab does, by the very VBA that the add-in holds."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyopenvba.interpreter import VBACompileError, VBARuntimeError

from addin.ribbon import build, meeting
from tests.unit.vba_run import Excel

FILE = "49152\r\nt0-ken_\r\n"


class Listener:
    """A helper that takes everything down and answers as it is told."""

    def __init__(self, status: int) -> None:
        self.heard: list[tuple[str, dict[str, str], object]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]


@pytest.fixture
def listen():
    opened = []

    def started(status=202):
        opened.append(Listener(status))
        return opened[-1]

    yield started
    for each in opened:
        each.server.shutdown()
        each.server.server_close()


def test_a_click_posts_which_button_and_which_window():
    excel = Excel(FILE, answer=202)

    excel.click("reveal_check")

    [sent] = excel.sent
    assert (sent.method, sent.url) == ("POST", "http://127.0.0.1:49152/ribbon")
    assert sent.headers == {
        "Content-Type": "application/json",
        meeting.TOKEN_HEADER: "t0-ken_",
    }
    assert json.loads(sent.body) == {"control": "check", "window": 123456}
    assert excel.said == []


def test_no_proxy_is_asked_and_nobody_waits_long():
    excel = Excel(FILE, answer=202)

    excel.click("reveal_next")

    [sent] = excel.sent
    assert sent.proxy == 1  # HTTPREQUEST_PROXYSETTING_DIRECT
    assert len(sent.timeouts) == 4
    assert all(0 < each <= 3000 for each in sent.timeouts)
    assert sent.asynchronous is False


@pytest.mark.parametrize("control", meeting.CONTROLS)
def test_every_button_posts_its_own_id(control):
    excel = Excel(FILE, answer=202)

    excel.click(f"reveal_{control}")

    assert json.loads(excel.sent[0].body)["control"] == control


def test_undo_by_the_keyboard_is_the_undo_of_the_menu():
    excel = Excel(FILE, answer=202)

    excel.vba.run("RevealUndo")
    excel.click("reveal_undo")

    assert excel.sent[0] == excel.sent[1]


def test_a_file_with_unix_line_ends_is_read_too():
    excel = Excel("1\nt\n", answer=202)

    excel.click("reveal_check")

    assert excel.sent[0].headers[meeting.TOKEN_HEADER] == "t"
    assert excel.sent[0].url == "http://127.0.0.1:1/ribbon"


def test_the_port_can_only_be_a_number():
    excel = Excel("80@evil.example.org\nt\n", answer=202)

    excel.click("reveal_check")

    assert excel.sent[0].url == "http://127.0.0.1:80/ribbon"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (401, "does not accept"),
        (403, "does not accept"),
        (409, "busy"),
        (429, "busy"),
        (503, "busy"),
        (500, r"answer 500.*reveal doctor"),
        (200, "answer 200"),
    ],
)
def test_any_other_answer_is_one_sentence(answer, sentence):
    excel = Excel(FILE, answer=answer)

    excel.click("reveal_check")

    [said] = excel.said
    assert re.search(sentence, said)


@pytest.mark.parametrize("file", ["", "49152"])
def test_without_a_helper_it_says_how_to_start_one(file):
    excel = Excel(file, answer=202)

    excel.click("reveal_check")

    assert excel.sent == []
    [said] = excel.said
    assert "not running" in said
    assert "reveal addin install" in said


def test_a_helper_that_is_gone_is_said_too(listen):
    listener = listen()
    port = listener.port
    listener.server.server_close()
    excel = Excel(f"{port}\nt\n")

    excel.click("reveal_check")

    [said] = excel.said
    assert "not running" in said


def test_a_click_reaches_a_listener(listen):
    listener = listen()
    excel = Excel(f"{listener.port}\nt0-ken_\n")

    excel.click("reveal_clear")

    [(path, headers, body)] = listener.heard
    assert path == "/ribbon"
    assert headers[meeting.TOKEN_HEADER] == "t0-ken_"
    assert headers["Host"] == f"127.0.0.1:{listener.port}"
    assert body == {"control": "clear", "window": 123456}
    assert excel.said == []


# macOS


@pytest.mark.parametrize(("answered", "dialogs"), [("202", 0), ("401", 1), ("0", 1), ("", 1)])
def test_on_macos_the_click_goes_through_the_applescript(answered, dialogs):
    excel = Excel(script=answered)

    excel.click("reveal_check")

    assert excel.scripts == [("reveal.applescript", "RevealPost", "check")]
    assert excel.sent == []
    assert len(excel.said) == dialogs


def test_the_applescript_has_the_handler_that_the_vba_calls():
    assert "\non RevealPost(buttonId)\n" in applescript()


@pytest.mark.needs_program("curl")
@pytest.mark.parametrize("status", [202, 401])
def test_the_shell_command_of_the_applescript_posts(status, listen, tmp_path):
    listener = listen(status)
    said = mac_shell(tmp_path, f"{listener.port}\nt0-ken_\n")

    assert said == str(status)
    [(path, headers, body)] = listener.heard
    assert path == "/ribbon"
    assert headers[meeting.TOKEN_HEADER] == "t0-ken_"
    assert headers["Content-Type"] == "application/json"
    assert body == {"control": "check", "window": 0}


@pytest.mark.needs_program("curl")
@pytest.mark.parametrize("file", [None, "", "1\nt\n"])
def test_the_shell_command_fails_when_nobody_is_there(file, tmp_path):
    # The script then returns "0".
    with pytest.raises(subprocess.CalledProcessError):
        mac_shell(tmp_path, file)


def test_the_token_is_no_argument_of_a_program():
    # Arguments can be seen by everybody on the computer; what printf, a word of the shell, is
    # given cannot.
    command = shell_command()

    assert command.count("$token") == 1
    assert "printf 'X-Reveal-Token: %s\\n' \"$token\" | /usr/bin/curl" in command


def applescript() -> str:
    return (build.folder() / "reveal.applescript").read_text(encoding="ascii")


def shell_command() -> str:
    """The text in the property, with AppleScript's escapes undone."""
    [text] = re.findall(r'^property revealCommand : "(.*)"$', applescript(), re.MULTILINE)
    return re.sub(r"\\(.)", r"\1", text)


def mac_shell(home, file) -> str:
    """Do what ``do shell script`` does on macOS: ``/bin/sh -c``, here with a home of its own."""
    place = home / "Library" / "Application Support" / "Reveal" / meeting.NAME
    place.parent.mkdir(parents=True)
    if file is not None:
        place.write_text(file)
    return subprocess.run(
        ["/bin/sh", "-c", "control='check'; " + shell_command()],
        env={"HOME": str(home), "http_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


# The interpreter does find what is wrong in VBA; else the tests above would show little.


def test_the_interpreter_finds_a_name_that_is_not_declared():
    excel = Excel(FILE, answer=202)
    excel.vba.add_module("Option Explicit\nSub Wrong()\nanswr = 1\nEnd Sub\n", name="Wrong")

    with pytest.raises((VBACompileError, VBARuntimeError)):
        excel.vba.run("Wrong")


def test_the_interpreter_finds_a_block_that_does_not_end():
    with pytest.raises(VBACompileError):
        Excel().vba.add_module("Sub Wrong()\nIf True Then\nEnd Sub\n", name="Wrong")

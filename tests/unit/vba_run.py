"""The VBA of the ribbon, compiled and run without Excel by pyOpenVBA's interpreter."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pyopenvba.interpreter import (
    HostBridge,
    Interpreter,
    VBAInt,
    VBAObject,
    VBARuntimeError,
    member,
    method,
)
from pyopenvba.interpreter._runtime import UNRESOLVED

from tests.vba_reading import sources

MEETING = """
Public Function RevealMeetingText() As String
    RevealMeetingText = HelperFile
End Function
"""
"""In place of the module that reads the file: the interpreter reads no files."""


class Control(VBAObject):
    """What Excel hands to a callback of the ribbon."""

    vba_type_name = "IRibbonControl"

    def __init__(self, name: str) -> None:
        self.name = name

    @member(name="ID")
    def id(self) -> object:
        return self.name


class Application(VBAObject):
    """As much of Excel as the ribbon asks for: the window."""

    vba_type_name = "Application"

    @member(name="Hwnd")
    def hwnd(self) -> object:
        return VBAInt(123456, "Long")


@dataclass
class Sent:
    """A request as the VBA made it."""

    method: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    proxy: int | None = None
    timeouts: tuple[int, ...] = ()
    asynchronous: bool | None = None


class WinHttp(VBAObject):
    """WinHttpRequest over Python's own HTTP, or with an answer made up."""

    vba_type_name = "WinHttpRequest"

    def __init__(self, sent: Sent, answer: int | None) -> None:
        self.sent, self.answer = sent, answer

    @method(name="SetProxy")
    def set_proxy(self, setting: Any) -> None:
        self.sent.proxy = int(setting)

    @method(name="SetTimeouts")
    def set_timeouts(self, *each: Any) -> None:
        self.sent.timeouts = tuple(map(int, each))

    @method(name="Open")
    def open(self, verb: Any, url: Any, asynchronous: Any) -> None:
        self.sent.method, self.sent.url = str(verb), str(url)
        self.sent.asynchronous = bool(asynchronous)

    @method(name="SetRequestHeader")
    def set_request_header(self, name: Any, value: Any) -> None:
        self.sent.headers[str(name)] = str(value)

    @method(name="Send")
    def send(self, body: Any) -> None:
        self.sent.body = str(body)
        if self.answer is None:
            where = urlsplit(self.sent.url)
            connection = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
            try:
                connection.request(self.sent.method, where.path, self.sent.body, self.sent.headers)
                self.answer = connection.getresponse().status
            except OSError as error:
                raise VBARuntimeError(-2147012867, "cannot connect") from error
            finally:
                connection.close()

    @member(name="Status")
    def status(self) -> object:
        return VBAInt(self.answer, "Long")


class Excel(HostBridge):
    """What the ribbon's VBA finds around it.

    Args:
        meeting: What stands in the helper's file; empty if there is none.
        answer: The status that every request is answered; none if it is really sent.
        script: On macOS: what the AppleScript returns.
    """

    def __init__(self, meeting: str = "", answer: int | None = None, script: str | None = None):
        self.meeting, self.answer, self.script = meeting, answer, script
        self.sent: list[Sent] = []
        self.scripts: list[tuple[object, ...]] = []
        self.vba = Interpreter(self)
        for name, text in project().items():
            if name == "RevealMeeting":
                source = MEETING
            elif script is not None:
                source = text.replace("Option Explicit\n", "Option Explicit\n#Const Mac = True\n")
            else:
                source = text
            if name.startswith("Reveal"):
                self.vba.add_module(source, name=name)

    def global_object(self, name: str) -> object:
        known = {"application": Application(), "helperfile": self.meeting}
        return known.get(name.lower(), UNRESOLVED)

    def has_global_member(self, name: str) -> bool:
        return self.script is not None and name.lower() == "applescripttask"

    def call_global(self, name: str, args: list[object], named: dict[str, object]) -> object:
        self.scripts.append(tuple(args))
        return self.script

    def create(self, type_name_: str) -> object:
        if type_name_ != "WinHttp.WinHttpRequest.5.1":
            return UNRESOLVED
        self.sent.append(Sent())
        return WinHttp(self.sent[-1], self.answer)

    def click(self, control: str) -> None:
        self.vba.run("RevealClick", [Control(control)])

    @property
    def said(self) -> list[str]:
        """The dialogs that came up."""
        return [text for _, text, _, _ in self.vba.dialogs]


def project() -> dict[str, str]:
    """The sources as they are in the add-in, read back out of it."""
    from addin.ribbon import build

    return sources(build.xlam())

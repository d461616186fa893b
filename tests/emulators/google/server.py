"""The web server: reads requests off the line, and writes or drops the answers."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.errors import Json


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back: a body with its headers, or nothing but a closed line."""

    status: int
    body: Json | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pretty: bool = True
    dropped: bool = False

    @cached_property
    def data(self) -> bytes:
        """The body as it goes over the line."""
        if isinstance(self.body, str):
            return self.body.encode()
        if self.body is None:
            return b""
        text = json.dumps(
            self.body,
            ensure_ascii=False,
            indent=2 if self.pretty else None,
            separators=None if self.pretty else (",", ":"),
        )
        return f"{text}\n".encode(errors="replace")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Headers and body in one write: a small packet for the headers would make the client wait.
    wbufsize = -1
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def handle(self) -> None:
        # A client may hang up whenever it likes.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def answer(self) -> None:
        """Answer one request."""
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        headers = {name.lower(): each for name, each in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, self.rfile.read(length))
        self.send(self.server.function(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815

    def send(self, answer: Answer) -> None:
        if answer.dropped:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = answer.data
        self.send_response(answer.status)
        kind = "text/html" if isinstance(answer.body, str) else "application/json"
        headers = {"Content-Type": f"{kind}; charset=UTF-8", "Content-Length": str(len(body))}
        for name, each in (headers | answer.headers).items():
            self.send_header(name, each)
        try:
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is printed; the emulator keeps a log of its own."""


class Server(ThreadingHTTPServer):
    """A server on a free port of this machine, for as long as it is open."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, function: Callable[[Request], Answer]) -> None:
        self.function = function
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)
        # How often the thread looks whether it shall end.
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Close all lines and wait for all threads."""
        self.shutdown()
        self.thread.join()
        for line in list(self.open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.server_close()

"""The helper from its start to its end: one for each user, found through `addin.ribbon.meeting`."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING

from addin.ribbon import meeting
from addin.ribbon.meeting import Helper
from sheets.errors import CannotWrite, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn import Server

HOST = "127.0.0.1"
_TOKEN_BYTES = 32
_PATIENCE = 2.0


def is_up(helper: Helper | None) -> bool:
    """Whether a helper answers at this place and knows the token."""
    return running_version(helper) is not None


def running_version(helper: Helper | None) -> str | None:
    """Return the version of the helper that answers at this place and knows the token, or none."""
    if helper is None:
        return None
    asked = urllib.request.Request(
        f"http://{HOST}:{helper.port}/health", headers={meeting.TOKEN_HEADER: helper.token}
    )
    # No proxy: what is asked for is on this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=_PATIENCE) as answer:
            return str(json.load(answer)["reveal"])
    except (http.client.HTTPException, OSError, ValueError, KeyError, TypeError):
        return None


def run(
    does: Callable[[str, int], None],
    rests: Callable[[], None] = lambda: None,
    started: Callable[[Server], None] | None = None,
) -> Helper | None:
    """Be the helper until this process is told to end.

    Args:
        does: Does what a click asks for; it raises nothing.
        rests: Is called some time after the last click; it raises nothing.
        started: Is told the server before it runs.

    Returns:
        The helper that is up already, if there is one; then nothing was started.

    Raises:
        MissingExtra: FastAPI or uvicorn are not installed.
        CannotWrite: The file that says where it is cannot be written.
    """
    try:
        import uvicorn

        from addin.backend.app import application
        from addin.backend.desk import Desk
    except ImportError as error:
        raise MissingExtra(
            "The helper for Excel is not installed.",
            hint='Install it: pip install "reveal-sheets[excel]"',
        ) from error
    if is_up(there := meeting.read()):
        return there
    with closing(socket.socket()) as listening, Desk(does, rests) as desk:
        listening.bind((HOST, 0))
        listening.listen()
        me = Helper(listening.getsockname()[1], secrets.token_urlsafe(_TOKEN_BYTES))
        server = uvicorn.Server(
            uvicorn.Config(
                application(me, desk),
                access_log=False,
                log_config=None,
                server_header=False,
                ws="none",
            )
        )
        try:
            meeting.write(me)
        except OSError as error:
            raise CannotWrite(
                "The helper for Excel cannot say where it is.",
                hint="See whether the disk is full, and give the command: reveal doctor",
                where=str(meeting.path()),
            ) from error
        if started is not None:
            started(server)
        try:
            server.run(sockets=[listening])
        finally:
            if meeting.read() == me:
                meeting.path().unlink(missing_ok=True)
    return None

"""Who may ask the helper: programs on this computer that know the token, and never a web page.

A browser lets any page send requests to 127.0.0.1. It then names the page as ``Origin``, and where
a name of the page's own was made to point here, ``Host`` is that name. So both are looked at
besides the token.
"""

from __future__ import annotations

from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response

from addin.ribbon.meeting import TOKEN_HEADER

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from addin.ribbon.meeting import Helper

LONGEST = 1024
"""Bytes that a request may hold: all that may be asked for is short."""


class Guard:
    """Lets through only who may ask; everybody else gets a status and no word.

    Args:
        inner: The application behind it.
        helper: The port, and the token that a caller must know.
    """

    def __init__(self, inner: ASGIApp, helper: Helper) -> None:
        self._inner = inner
        self._hosts = frozenset({f"127.0.0.1:{helper.port}", f"localhost:{helper.port}"})
        self._token = helper.token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "http":
            refusal = self._refusal(Headers(scope=scope))
            if refusal is not None:
                await Response(status_code=refusal)(scope, receive, send)
                return
        elif scope["type"] != "lifespan":
            return
        await self._inner(scope, receive, send)

    def _refusal(self, headers: Headers) -> HTTPStatus | None:
        if headers.get("host", "") not in self._hosts or "origin" in headers:
            return HTTPStatus.FORBIDDEN
        if not compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token):
            return HTTPStatus.UNAUTHORIZED
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            return HTTPStatus.LENGTH_REQUIRED
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(length) > LONGEST else None

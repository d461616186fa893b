"""An emulator for each test, and a program that talks to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.emulators.google.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Program:
    """A program with a token, that calls methods and sees their status and answer."""

    url: str
    session: requests.Session

    def call(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer = self.session.request(method, f"{self.url}{path}", timeout=10, **more)
        return answer.status_code, answer.json() if answer.content else None

    def get(self, document: str, **query: Any) -> Any:
        """spreadsheets.get, that must go well."""
        status, told = self.call("GET", f"/v4/spreadsheets/{document}", params=query)
        assert status == 200, told
        return told

    def batch(self, document: str, *asked: Any, query: Any = None, **more: Any) -> tuple[int, Any]:
        path = f"/v4/spreadsheets/{document}:batchUpdate"
        return self.call("POST", path, json={"requests": asked, **more}, params=query)


@pytest.fixture
def google() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture
def program(google: Emulator) -> Iterator[Program]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {google.token()}"
        yield Program(google.url, session)

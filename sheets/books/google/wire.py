"""Requests to the Sheets API and their answers: time-outs, tries, and what is said when one fails.

Nothing but gspread's carrier of requests is used (`gspread.http_client.HTTPClient.request`); how
often something is tried is decided here. A request that was refused may be sent again as it is. Of
one whose answer was lost nobody knows whether it was done: reading is done again, and about
writing whoever asked must look first.

Source of the limits: facts of Google's pages on usage limits; 60 requests a minute and user.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from gspread.exceptions import APIError

from sheets.books.google import compact
from sheets.errors import CannotRead, CannotWrite, RevealError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT = (10.0, 190.0)
"""Seconds to wait for a connection, and for each part of an answer: Google itself stops at 180."""

TRIES = 5
PATIENCE = 240.0
"""So many seconds all waiting between the tries of one request may take."""

ROOT = "https://sheets.googleapis.com/v4/spreadsheets"

_MINUTE = 60.0
_LEAST = _MINUTE / 4
"""Four such waits are a minute: what is counted by the minute is free again then."""

_FIRST_WAIT = 1.0
_TOO_MANY = 429
_NOT_SIGNED_IN, _FORBIDDEN, _ABSENT = 401, 403, 404
_IMPOSSIBLE = frozenset({400, 409})
_LOST = frozenset({408, 500, 502, 503, 504})
_KIND = re.compile(r"Invalid requests\[\d+\]\.(\w+)")
"""Which request of a batch was refused: the rest of what Google says may quote a cell."""

_EXCEL = "not supported for this document"
"""What Google says of a file that it shows as a spreadsheet, and that is none."""

_LIMITS = ("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED")


class Carrier(Protocol):
    """What carries requests; `gspread.http_client.HTTPClient` is one."""

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
    ) -> Any:
        """Send one request; raises APIError for an answer that is an error."""
        ...


class Refused(Exception):
    """The server did not do what was asked, since it cannot be done as things are.

    The message is the kind of the request that it refused, or the status of its answer.
    """


class Lost(Exception):
    """Nobody knows whether the server did what was asked."""


@dataclass(slots=True)
class Wire:
    """Requests about one spreadsheet.

    Attributes:
        carrier: What carries them.
        id: The spreadsheet.
        robot: The address of the robot that is signed in, if it is one: for what is said.
        sleep, clock, dice: How it waits; for tests.
        calls: How many requests were sent so far.
    """

    carrier: Carrier
    id: str
    robot: str = ""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    dice: random.Random = field(default_factory=random.SystemRandom)
    calls: int = 0

    def read(self, mask: str) -> Mapping[str, Any]:
        """Read the spreadsheet.

        Args:
            mask: The fields that are wanted.

        Raises:
            CannotRead: It is not there, not shared, or the server does not answer.
        """
        params = {"prettyPrint": "false", "fields": mask}
        try:
            return self._tried("get", f"{ROOT}/{self.id}", params, None)
        except Refused as error:
            raise CannotRead(
                f"Google Sheets answers with an error ({error}).",
                hint="Try again in a few minutes.",
                where=self.id,
            ) from error

    def write(self, body: Mapping[str, Any], mask: str) -> Mapping[str, Any]:
        """Do all requests of a batch, or none of them.

        Raises:
            Refused: They cannot be done as things are. Nothing was changed.
            Lost: Nobody knows whether they were done.
            CannotWrite: Whoever is signed in may not write here. Nothing was changed.
        """
        params = {"prettyPrint": "false", "fields": mask}
        return self._tried("post", f"{ROOT}/{self.id}:batchUpdate", params, body)

    def _tried(
        self, method: str, url: str, params: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        """Send a request until it is done, for a bounded time."""
        end = self.clock() + PATIENCE
        for attempt in range(1, TRIES + 1):
            self.calls += 1
            wait: float | None = None
            try:
                answer = self.carrier.request(method, url, params=params, json=body)
                told: Mapping[str, Any] = compact.parse(answer.content)
            except APIError as error:
                cause: Exception = error
                wait = self._after(error, writing=body is not None)
            except (requests.RequestException, ValueError) as error:
                cause = error
                if body is not None:
                    raise Lost(type(error).__name__) from None
            except GoogleAuthError as error:
                # It has happened before anything was sent.
                if isinstance(error, RefreshError) and not error.retryable:
                    raise shut_out() from error
                cause = error
            else:
                return told
            wait = self._backoff(attempt) if wait is None else wait
            if attempt == TRIES or self.clock() + wait > end:
                raise self._given_up(cause, writing=body is not None) from None
            self.sleep(wait)
        raise AssertionError  # the last try returns or raises

    def _after(self, error: APIError, *, writing: bool) -> float | None:
        """How long to wait after an error answer; raises what no waiting helps."""
        status = error.response.status_code
        if status == _TOO_MANY or (status == _FORBIDDEN and _is_limit(error)):
            asked = _seconds(error.response.headers.get("Retry-After"))
            return asked if asked is not None else self.dice.uniform(_LEAST, _MINUTE)
        if status in _LOST:
            if writing:
                raise Lost(str(status))
            return None
        if status in _IMPOSSIBLE:
            message = str(error.error.get("message", ""))
            if _EXCEL in message:
                raise CannotRead(
                    "This is an Excel file in Google Drive, which Google lets no program read.",
                    hint="In Google Sheets say File > Save as Google Sheets, and give the address "
                    "of that. Or download the file, and say `reveal check`.",
                    where=self.id,
                )
            kind = _KIND.match(message)
            raise Refused(kind[1] if kind else str(status))
        raise self._told(error, status, writing=writing)

    def _backoff(self, attempt: int) -> float:
        return self.dice.uniform(0, _FIRST_WAIT * 2.0**attempt)

    def _given_up(self, cause: Exception, *, writing: bool) -> RevealError:
        kind = CannotWrite if writing else CannotRead
        if isinstance(cause, APIError) and cause.response.status_code in {_FORBIDDEN, _TOO_MANY}:
            return kind(
                "Google Sheets takes no more requests for now.",
                hint="Try again in a few minutes, or check fewer sheets at a time.",
                where=self.id,
            )
        return kind(
            "Google Sheets does not answer.",
            hint="See whether this computer reaches the internet, and try again.",
            where=self.id,
        )

    def _told(self, error: APIError, status: int, *, writing: bool) -> RevealError:
        """What an answer that no waiting helps means for people."""
        reason = json.dumps(error.error, default=str)
        if status == _NOT_SIGNED_IN:
            return shut_out()
        if status == _ABSENT:
            return CannotRead(
                "There is no such spreadsheet.",
                hint="Copy its address from the browser once more.",
                where=self.id,
            )
        if status != _FORBIDDEN:
            kind = CannotWrite if writing else CannotRead
            return kind(
                f"Google Sheets answers with an error ({status}).",
                hint="Try again in a few minutes.",
                where=self.id,
            )
        if "SERVICE_DISABLED" in reason or "has not been used in project" in reason:
            return CannotRead(
                "The Google Sheets API is not switched on for this project.",
                hint="Switch it on: console.cloud.google.com/apis/library/sheets.googleapis.com",
                where=self.id,
            )
        whom = f"with {self.robot}" if self.robot else "with the account that is signed in"
        if writing:
            return CannotWrite(
                "This spreadsheet, or a part of it, may not be changed by Reveal.",
                hint=f"Share it {whom} as Editor, and see what is protected (Data > Protect "
                "sheets and ranges).",
                where=self.id,
            )
        return CannotRead(
            "This spreadsheet is not shared with Reveal.",
            hint=f"Share it {whom} as Editor.",
            where=self.id,
        )


def signed_out() -> CannotRead:
    """What is said when nobody is signed in."""
    return CannotRead(
        "Nobody is signed in to Google.",
        hint="Run `reveal google login`; with --no-keyring, if a scheduled task is to find it.",
    )


def shut_out() -> CannotRead:
    """What is said when Google does not take what is kept of the sign-in any more."""
    return CannotRead(
        "Google does not take this sign-in any more.",
        hint="Run `reveal google login` again. If that does not help: see whether the robot and "
        "its key are still there, and whether the clock of this computer is right.",
    )


def _is_limit(error: APIError) -> bool:
    """Whether a 403 means too many requests: an account that is full says 403, too."""
    return any(word in json.dumps(error.error, default=str) for word in _LIMITS)


def _seconds(value: str | None) -> float | None:
    """The seconds of a Retry-After; None for a date, or what cannot be meant."""
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None

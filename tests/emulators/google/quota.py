"""Time that tests control, and how many calls a minute allows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Literal

from tests.emulators.google.errors import ApiError, reason

Class = Literal["read", "write"]

PER_USER = 60
PER_PROJECT = 300
PROJECT = "projects/555010000000"
CONSOLE = "https://console.cloud.google.com"
START = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START.timestamp()

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def text(self) -> str:
        """Now, as Drive tells times."""
        now = dt.datetime.fromtimestamp(self.now, dt.UTC)
        return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"


class Quota:
    """Calls of each minute: reads and writes apart, for each user and for all of them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.counted: Counter[tuple[int, Class, str]] = Counter()

    def take(self, kind: Class, user: str) -> None:
        """Count a call, or refuse it."""
        minute = int(self.clock.now // 60)
        for who, most, limit in (
            (user, PER_USER, "PerMinutePerUser"),
            ("", PER_PROJECT, "PerMinutePerProject"),
        ):
            if self.counted[minute, kind, who] >= most:
                raise exceeded(kind, limit)
        self.counted[minute, kind, user] += 1
        self.counted[minute, kind, ""] += 1


def exceeded(kind: Class, limit: str = "PerMinutePerUser") -> ApiError:
    """The answer to a call too many, as it was recorded."""
    title = kind.capitalize()
    words = "per minute per user" if limit.endswith("User") else "per minute"
    metadata = {
        "service": "sheets.googleapis.com",
        "consumer": PROJECT,
        "quota_metric": f"sheets.googleapis.com/{kind}_requests",
        "quota_limit": f"{title}Requests{limit}",
        "quota_limit_value": str(PER_USER if limit.endswith("User") else PER_PROJECT),
        "quota_location": "global",
    }
    links = {
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": "Request a higher quota limit.", "url": CONSOLE}],
    }
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{title} requests' and limit '{title} requests {words}' "
        f"of service 'sheets.googleapis.com' for consumer '{PROJECT.replace('s/', '_number:')}'.",
        [reason("RATE_LIMIT_EXCEEDED", metadata), links],
    )

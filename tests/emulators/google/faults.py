"""Faults on demand, and what shall happen just before a request is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.emulators.google import quota
from tests.emulators.google.errors import ApiError, Json, reason


@dataclass(frozen=True)
class Seen:
    """A request as matches see it."""

    name: str
    quota: quota.Class | None
    method: str
    path: str
    user: str
    body: Json
    query: Json


Match = str | Callable[[Seen], bool]


def matches(match: Match, seen: Seen) -> bool:
    """Whether a request is meant: by its class, its name or the end of it, or a function.

    >>> seen = Seen("spreadsheets.values.get", "read", "GET", "/v4/...", "robot", {}, {})
    >>> [matches(each, seen) for each in ("read", "values.get", "get", "write", "*")]
    [True, True, True, False, True]
    """
    if callable(match):
        return match(seen)
    return match in ("*", seen.quota) or f".{seen.name}".endswith(f".{match}")


@dataclass
class Fault:
    """What goes wrong with the next requests that match."""

    match: Match
    status: int | None
    times: int | None
    after_commit: bool
    drop: bool
    delay: float
    retry_after: str | None
    message: str
    reason: str

    def error(self, kind: quota.Class | None) -> ApiError:
        """The error that the request is answered with."""
        if self.status == 429 and not self.message:
            return quota.exceeded(kind or "read")
        details = [reason(self.reason, domain="usageLimits")] if self.reason else []
        return ApiError(self.status or 500, self.message, details)


@dataclass
class Hook:
    """A function that runs before the next requests that match."""

    match: Match
    function: Callable[[], object]
    times: int | None


class Plans:
    """All that shall go wrong or happen, in the order in which it was asked for."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.hooks: list[Hook] = []

    def fault(self, seen: Seen) -> Fault | None:
        for fault in self.faults:
            if fault.times != 0 and matches(fault.match, seen):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def hooks_for(self, seen: Seen) -> list[Hook]:
        """All functions that a request sets off."""
        due = [each for each in self.hooks if each.times != 0 and matches(each.match, seen)]
        for hook in due:
            if hook.times is not None:
                hook.times -= 1
        return due

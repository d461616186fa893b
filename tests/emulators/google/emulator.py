"""The emulator as tests hold it: users, faults, a log, and the documents of its view."""

from __future__ import annotations

import threading
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from tests.emulators.google import oauth
from tests.emulators.google.faults import Fault, Hook, Match, Plans, Seen
from tests.emulators.google.front import Front
from tests.emulators.google.quota import Class, Quota
from tests.emulators.google.server import Answer, Request, Server
from tests.emulators.google.view import OWNER, ROBOT, View
from tests.emulators.google.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulators.google.errors import Json

SCOPES = " ".join(oauth.BASE + each for each in ("spreadsheets", "drive"))
BAD_GATEWAY = "<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>\n"


@dataclass(frozen=True)
class Logged:
    """One request that came in: whose it was, what it cost, and how it ended (0: dropped)."""

    method: str
    path: str
    name: str
    quota: Class | None
    user: str
    sent: int
    received: int
    status: int


class Emulator(View):
    """Google Sheets, Drive and sign-in on this machine, as long as a ``with`` block lasts."""

    robot = ROBOT
    owner = OWNER

    def __init__(self, *, quotas: bool = True) -> None:
        super().__init__(World())
        self.clock = self.world.clock
        self.oauth = oauth.OAuth(self.clock, robots={ROBOT}, consents=OWNER)
        self.front = Front(self.world, self.oauth, Quota(self.clock) if quotas else None)
        self.plans = Plans()
        self.log: list[Logged] = []
        self.broken: list[str] = []
        self.stopped = threading.Event()
        self.server = Server(self._answer)
        self.url = self.front.url = self.server.url

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.server.stop()
        if self.broken:
            raise AssertionError(f"the emulator itself failed:\n{self.broken[0]}")

    def token(self, user: str = ROBOT, scope: str = SCOPES) -> str:
        """A bearer token of a user."""
        return self.oauth.issue(user, scope)

    def service_account(self) -> Json:
        """The key file of the robot, that leads to this server."""
        return self.oauth.service_account(ROBOT, self.url)

    def client(self) -> Json:
        """The client file of an installed app, that leads to this server."""
        return self.oauth.client(self.url)

    def deny_consent(self) -> None:
        """Let the person say no on the page of consent."""
        self.oauth.consents = None

    def disable(self, service: str) -> None:
        """Switch an API off, such as ``sheets.googleapis.com``."""
        self.front.disabled.add(service)

    def fault(
        self,
        match: Match,
        *,
        status: int | None = None,
        times: int | None = 1,
        after_commit: bool = False,
        drop: bool = False,
        delay: float = 0.0,
        retry_after: str | None = None,
        message: str = "",
        reason: str = "",
    ) -> None:
        """Let the next requests that match go wrong; ``times=None`` is for ever."""
        made = Fault(match, status, times, after_commit, drop, delay, retry_after, message, reason)
        self.plans.faults.append(made)

    def before(self, match: Match, function: Callable[[], object], times: int | None = 1) -> None:
        """Run a function just before the next requests that match: a person edits now."""
        self.plans.hooks.append(Hook(match, function, times))

    def calls(self, kind: Class) -> list[Logged]:
        """The requests of a quota class, those that failed too."""
        return [each for each in self.log if each.quota == kind]

    def _answer(self, request: Request) -> Answer:
        try:
            seen, call = self.front.seen(request)
            for hook in self.plans.hooks_for(seen):
                hook.function()
            answer = self._faulty(seen, call)
        except Exception:  # noqa: BLE001 - an error of the emulator's own is told when it stops
            self.broken.append(traceback.format_exc())
            return Answer(500, "the emulator itself failed\n")
        answer = replace(answer, pretty=bool(seen.query.get("prettyPrint", True)))
        self.log.append(
            Logged(
                seen.method,
                seen.path,
                seen.name,
                seen.quota,
                seen.user,
                len(request.body),
                len(answer.data),
                0 if answer.dropped else answer.status,
            )
        )
        return answer

    def _faulty(self, seen: Seen, call: Callable[[], Answer]) -> Answer:
        """The answer to a request, unless something is to go wrong with it."""
        fault = self.plans.fault(seen)
        if fault is None:
            return self.front.carry_out(call)
        spoilt = fault.drop or fault.status is not None
        if fault.after_commit or not spoilt:
            answer = self.front.carry_out(call)
        self.stopped.wait(fault.delay)
        if fault.drop:
            return Answer(0, dropped=True)
        if not spoilt:
            return answer
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        if fault.status == 502:
            return Answer(502, BAD_GATEWAY, headers)
        error = fault.error(seen.quota)
        return Answer(error.status, error.body(), headers)

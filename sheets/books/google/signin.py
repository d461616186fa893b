"""Who is signed in to Google, and where that is kept.

A robot (service account) is the usual way for an office: it has an address of its own, and sees
only the spreadsheets that are shared with it. A person may sign in, too. Either way Reveal asks
for spreadsheets and nothing else. What lets somebody in is kept in the keyring of the system, and
where there is none in a file that only its owner can read.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheets.books.google.wire import TIMEOUT, signed_out
from sheets.errors import CannotRead, CannotWrite, MissingExtra, WrongUsage
from sheets.settings import places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from google.auth.credentials import Credentials

    from sheets.books.google.wire import Carrier

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
"""What is asked for: spreadsheets, and nothing else of what somebody has at Google."""

ROBOT, PERSON = "service_account", "authorized_user"
"""The two kinds, as Google's own key files call them."""

_SERVICE, _NAME = "reveal", "google"
_FILE = "google.json"
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost):\d+/?")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in.

    Attributes:
        key: What lets them in: a robot's key, or a person's tokens.
    """

    key: Mapping[str, Any]

    @property
    def is_robot(self) -> bool:
        """Whether it is a robot."""
        return self.key.get("type") == ROBOT

    @property
    def address(self) -> str:
        """The robot's address, with which spreadsheets are shared; empty for a person."""
        return str(self.key.get("client_email", "")) if self.is_robot else ""


@dataclass(frozen=True, slots=True)
class Store:
    """Where it is kept.

    Attributes:
        folder: The user's own settings, for where there is no keyring.
        keyring: False for the file alone.
    """

    folder: Path
    keyring: bool = True

    @property
    def file(self) -> Path:
        """The file, for where there is no keyring."""
        return self.folder / _FILE

    def load(self) -> SignedIn | None:
        """Who is signed in; None if nobody is.

        Raises:
            CannotRead: What is kept can be read by others, or is damaged.
        """
        kept = self._of_keyring() or self._of_file()
        if kept is None:
            return None
        try:
            key = json.loads(kept)
        except ValueError as error:
            raise _damaged() from error
        if not isinstance(key, dict):
            raise _damaged()
        return SignedIn(key)

    def save(self, key: Mapping[str, Any]) -> str:
        """Keep who is signed in, and say where.

        Raises:
            CannotWrite: There is no place for it.
        """
        text = json.dumps(key)
        ring = self._ring()
        if ring is not None:
            with contextlib.suppress(Exception):  # keyrings raise whatever their system raises
                ring.set_password(_SERVICE, _NAME, text)
                self.file.unlink(missing_ok=True)
                return "the keyring of this computer"
            # A keyring may be too small for a key. What it held before would be found first.
            _forget(ring)
        self._write(text)
        return str(self.file)

    def forget(self) -> bool:
        """Keep nothing any more; false if nobody was signed in."""
        there = self._of_keyring() is not None or self.file.exists()
        ring = self._ring()
        if ring is not None:
            _forget(ring)
        self.file.unlink(missing_ok=True)
        return there

    def _ring(self) -> Any:
        if not self.keyring:
            return None
        try:
            import keyring
            from keyring.backends import fail
        except ImportError:
            return None
        ring = keyring.get_keyring()
        return None if isinstance(ring, fail.Keyring) else ring

    def _of_keyring(self) -> str | None:
        ring = self._ring()
        if ring is None:
            return None
        with contextlib.suppress(Exception):
            kept: str | None = ring.get_password(_SERVICE, _NAME)
            return kept
        return None

    def _of_file(self) -> str | None:
        try:
            with self.file.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                held = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotRead(
                "What is kept of the sign-in cannot be read.",
                hint="Delete it, and run `reveal google login` again.",
                where=str(self.file),
            ) from error
        if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CannotRead(
                "Others on this computer can read what is kept of the sign-in.",
                hint=f"Delete it, and run `reveal google login` again: {self.file}",
            )
        return held.decode("utf-8", "replace")

    def _write(self, text: str) -> None:
        try:
            places.keep(self.file, text)
        except OSError as error:
            raise CannotWrite(
                "The sign-in cannot be kept.",
                hint="See whether there is room, and whether you may write there.",
                where=str(self.file),
            ) from error


def _forget(ring: Any) -> None:
    with contextlib.suppress(Exception):
        ring.delete_password(_SERVICE, _NAME)


def key_file(path: Path, kind: str) -> Mapping[str, Any]:
    """Read a file of Google's: a robot's key, or what tells Google that it is Reveal who asks.

    Args:
        path: The file, as it was downloaded from Google's console.
        kind: `ROBOT` or ``installed``.

    Raises:
        CannotRead: It is not there, or is something else.
    """
    try:
        key: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise CannotRead(
            "There is no such file.", hint="Check the name.", where=str(path)
        ) from error
    except ValueError as error:
        raise _other(path) from error
    fits = isinstance(key, dict) and (key.get("type") == ROBOT if kind == ROBOT else kind in key)
    if not fits:
        raise _other(path)
    found: Mapping[str, Any] = key
    return found


def carrier(who: SignedIn | None, url: str = "") -> Carrier:
    """What carries requests for somebody.

    Args:
        who: Who is signed in.
        url: Another server on this computer instead of Google's, such as
            ``http://127.0.0.1:8000``: for trying things out.

    Raises:
        CannotRead: Nobody is signed in, or what is kept is damaged.
        MissingExtra: gspread is not installed.
        WrongUsage: The server is not on this computer: it would get the key.
    """
    if who is None:
        raise signed_out()
    try:
        from gspread.http_client import HTTPClient
    except ImportError as error:
        raise missing() from error
    client = HTTPClient(_credentials(who, url))
    client.set_timeout(TIMEOUT)
    return _Redirected(client, url) if url else client


def missing() -> MissingExtra:
    """What is said where gspread is not installed."""
    return MissingExtra(
        "The part of Reveal for Google Sheets is not installed.",
        hint='Install it: pip install "reveal-sheets[google]"',
    )


@dataclass(frozen=True, slots=True)
class _Redirected:
    """A carrier that asks another server on this computer."""

    client: Any
    url: str

    def request(
        self, method: str, endpoint: str, params: Any = None, data: Any = None, json: Any = None
    ) -> Any:
        path = endpoint.split("googleapis.com", 1)[1]
        return self.client.request(
            method, self.url.rstrip("/") + path, params=params, data=data, json=json
        )


def _credentials(who: SignedIn, url: str) -> Credentials:
    from google.oauth2 import credentials, service_account

    # Its functions have no types of their own.
    person: Any = credentials.Credentials
    robot: Any = service_account.Credentials
    _require_here(url)
    key = {**who.key, **({"token_uri": f"{url.rstrip('/')}/token"} if url else {})}
    try:
        made: Credentials = (
            robot.from_service_account_info(key, scopes=SCOPES)
            if who.is_robot
            else _person(person, key)
        )
    except (KeyError, ValueError) as error:
        raise _damaged() from error
    return made


def _require_here(url: str) -> None:
    """Refuse another server that is not on this computer: it would get the key."""
    if url and not _HERE.fullmatch(url):
        raise WrongUsage(
            "Another server than Google's must be on this computer.",
            hint="Its address begins with http://127.0.0.1:",
        )


def _person(person: Any, key: Mapping[str, Any]) -> Any:
    return person(
        None,
        refresh_token=key["refresh_token"],
        token_uri=key.get("token_uri", "https://oauth2.googleapis.com/token"),
        client_id=key["client_id"],
        client_secret=key.get("client_secret"),
        scopes=SCOPES,
    )


def ask(client: Mapping[str, Any], *, url: str = "", browser: bool = True) -> Mapping[str, Any]:
    """Let a person sign in with the browser, and give what is to be kept.

    Google answers to a port of this computer that is open for that one answer.

    Args:
        client: What `key_file` gave.
        url: Another server on this computer instead of Google's.
        browser: Whether the browser is opened; else the address is printed.

    Raises:
        CannotRead: The person, or Google, said no.
        MissingExtra: gspread is not installed.
    """
    try:
        from google_auth_oauthlib.flow import InstalledAppFlow
    except ImportError as error:
        raise missing() from error
    _require_here(url)
    try:
        told = dict(client["installed"])
        if url:
            told |= {"auth_uri": f"{url}/o/oauth2/auth", "token_uri": f"{url}/token"}
        flow = InstalledAppFlow.from_client_config({"installed": told}, scopes=SCOPES)
        who = flow.run_local_server(
            host="127.0.0.1",
            port=0,
            open_browser=browser,
            authorization_prompt_message="Open this address and sign in: {url}",
            success_message="You are signed in. This window can be closed.",
            # Whoever has signed in before gets what lasts only if asked once more.
            prompt="consent",
        )
        kept = {key: told[key] for key in ("client_id", "client_secret")}
        lasting = who.refresh_token
    except Exception as error:
        raise _unfinished() from error
    if not lasting:
        raise _unfinished()
    return {"type": PERSON, **kept, "refresh_token": lasting}


def _unfinished() -> CannotRead:
    return CannotRead("The sign-in was not finished.", hint="Run `reveal google login` again.")


def _damaged() -> CannotRead:
    return CannotRead("What is kept of the sign-in is damaged.", hint="Run `reveal google login`.")


def _other(path: Path) -> CannotRead:
    return CannotRead(
        "This is not a key file of Google's.",
        hint="Download it again: for a robot the key as JSON, for a person the OAuth client "
        "(Desktop app).",
        where=path.name,
    )

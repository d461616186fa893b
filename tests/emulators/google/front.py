"""Where a request goes: to Sheets, to Drive or to the sign-in, and how its errors are told."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from tests.emulators.google import drive, mask, oauth, schema
from tests.emulators.google.errors import ApiError, Json, NotEmulated, Refused, reason, violation
from tests.emulators.google.faults import Seen
from tests.emulators.google.methods import METHODS, READS
from tests.emulators.google.quota import PROJECT, Class, Quota
from tests.emulators.google.server import Answer, Request
from tests.emulators.google.world import Call, World

Carried = tuple[Seen, Callable[[], Answer]]
# The name of the body in error texts, where it is not the message itself.
BODIES = {"spreadsheets.values.update": "data", "spreadsheets.values.append": "data"}
NOT_FOUND = "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>\n"


class Front:
    """Reads requests, checks who asks, and calls what answers them."""

    def __init__(self, world: World, sign_in: oauth.OAuth, quota: Quota | None) -> None:
        self.world = world
        self.oauth = sign_in
        self.quota = quota
        self.disabled: set[str] = set()
        self.url = ""

    def carry_out(self, call: Callable[[], Answer]) -> Answer:
        """The answer of a call, or the error that it ended in."""
        try:
            with self.world.lock:
                return call()
        except ApiError as error:
            return Answer(error.status, error.body())
        except Refused as refused:
            bad = ApiError(400, str(refused))
            return Answer(bad.status, bad.body())
        except NotEmulated as missing:
            unknown = ApiError(501, f"The emulator does not know {missing}.")
            return Answer(unknown.status, unknown.body())
        except oauth.Denied as denied:
            told = {"error": denied.code, "error_description": denied.text}
            return Answer(401 if denied.code == "invalid_client" else 400, told)

    def seen(self, request: Request) -> Carried:
        """What a request is, and the function that answers it."""
        if request.path.startswith("/v4/"):
            return self._sheets(request)
        if drive.PATH.fullmatch(request.path):
            return self._drive(request)
        return self._sign_in(request)

    def _sheets(self, request: Request) -> Carried:
        method, path = _method(request)
        given = parse_qsl(request.query, keep_blank_values=True)
        body = _json(request.body)
        loose = {"prettyPrint": dict(given).get("prettyPrint") != "false"}
        if method is None:
            seen = Seen("", None, request.method, request.path, "", body or {}, loose)
            return seen, lambda: Answer(404, NOT_FOUND)
        kind: Class = "read" if method.name in READS else "write"
        user, refused = self._user(request, kind)
        seen = Seen(method.name, kind, request.method, request.path, user, body or {}, loose)

        def call() -> Answer:
            if refused:
                raise refused
            if "sheets.googleapis.com" in self.disabled:
                raise not_enabled("Google Sheets API", "sheets.googleapis.com")
            if self.quota:
                self.quota.take(kind, user)
            query = schema.query(method, given)
            fields = query.get("fields")
            wanted = schema.answer_mask(fields, method.answer) if fields else None
            cleaned = _cleaned(method, body)
            if method.name not in METHODS:
                raise NotEmulated(f"the method {method.name}")
            asked = Call(method.name, user, path, query, cleaned, wanted)
            return Answer(200, mask.applied(wanted or {}, METHODS[method.name](self.world, asked)))

        return seen, call

    def _user(self, request: Request, kind: Class) -> tuple[str, ApiError | None]:
        needed = oauth.SHEETS + (("spreadsheets.readonly",) if kind == "read" else ())
        try:
            return self.oauth.user(request.headers.get("authorization"), needed), None
        except ApiError as error:
            return "", error

    def _drive(self, request: Request) -> Carried:
        found = drive.PATH.fullmatch(request.path)
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        body = _json(request.body) or {}
        name = drive.name(request.method, found) if found else None

        def call() -> Answer:
            user = self.oauth.user(request.headers.get("authorization"), oauth.DRIVE)
            if "drive.googleapis.com" in self.disabled:
                raise not_enabled("Google Drive API", "drive.googleapis.com")
            if name is None or found is None:
                raise NotEmulated(f"{request.method} of Drive files")
            try:
                made = drive.answer(self.world, name, user, found["id"], query | body)
            except ApiError as error:
                return Answer(error.status, drive.error(error))
            return Answer(204) if made is None else Answer(200, made)

        return Seen(name or "", None, request.method, request.path, "", body, query), call

    def _sign_in(self, request: Request) -> Carried:
        pages: dict[tuple[str, str], tuple[str, Callable[[Json], Answer]]] = {
            ("POST", "/token"): ("oauth.token", self._token),
            ("POST", "/revoke"): ("oauth.revoke", self._revoke),
            ("GET", "/o/oauth2/auth"): ("oauth.auth", self._consent),
            ("GET", "/o/oauth2/v2/auth"): ("oauth.auth", self._consent),
        }
        missing = ("", lambda _: Answer(404, NOT_FOUND))
        name, function = pages.get((request.method, request.path), missing)
        text = request.body.decode() or request.query
        asked: Json = dict(parse_qsl(text, keep_blank_values=True))
        asked |= _basic(request.headers.get("authorization", ""))
        seen = Seen(name, None, request.method, request.path, "", asked, {})
        return seen, lambda: function(asked)

    def _token(self, asked: Json) -> Answer:
        return Answer(200, self.oauth.token(asked, self.url))

    def _consent(self, asked: Json) -> Answer:
        return Answer(302, "", {"Location": self.oauth.consent(asked)})

    def _revoke(self, asked: Json) -> Answer:
        self.oauth.tokens.pop(asked.get("token", ""), None)
        self.oauth.refresh.pop(asked.get("token", ""), None)
        return Answer(200, {})


def _basic(header: str) -> Json:
    """A client that says who it is in a header, and not in what it asks (RFC 6749, 2.3.1)."""
    kind, _, told = header.partition(" ")
    if kind.lower() != "basic":
        return {}
    name, _, secret = base64.b64decode(told).decode().partition(":")
    return {"client_id": name, "client_secret": secret}


def _method(request: Request) -> tuple[schema.Method | None, dict[str, str]]:
    for method in schema.methods():
        found = method.path.fullmatch(request.path)
        if found and method.verb == request.method:
            return method, {name: unquote(each) for name, each in found.groupdict().items()}
    return None, {}


def _json(body: bytes) -> Json | None:
    """The body as an object; None if it is none."""
    try:
        made = json.loads(body or b"{}")
    except ValueError:
        return None
    return made if isinstance(made, dict) else None


def _cleaned(method: schema.Method, body: Json | None) -> Json:
    if body is None:
        raise violation("", "Invalid JSON payload received. Expected an object.")
    if method.body is None:
        if body:
            raise violation("", "Invalid JSON payload received. This method has no body.")
        return {}
    return schema.cleaned(body, method.body, BODIES.get(method.name, ""))


def not_enabled(title: str, service: str) -> ApiError:
    """The answer when the project has not switched the API on."""
    number = PROJECT.rpartition("/")[2]
    url = f"https://console.developers.google.com/apis/api/{service}/overview?project={number}"
    text = (
        f"{title} has not been used in project {number} before or it is disabled. Enable it by "
        f"visiting {url} then retry. If you enabled this API recently, wait a few minutes for the "
        "action to propagate to our systems and retry."
    )
    metadata = {"service": service, "consumer": PROJECT, "activationUrl": url}
    return ApiError(403, text, [reason("SERVICE_DISABLED", metadata)])

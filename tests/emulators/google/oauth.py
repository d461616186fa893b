"""Sign-in: tokens for service accounts and for persons, and the page where a person consents."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.emulators.google.errors import ApiError, Json, reason

if TYPE_CHECKING:
    from tests.emulators.google.quota import Clock

LIFETIME = 3599
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BASE = "https://www.googleapis.com/auth/"
SHEETS = ("spreadsheets", "drive", "drive.file")
DRIVE = ("drive", "drive.file", "drive.readonly", "drive.metadata", "drive.metadata.readonly")
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ID = "555010000000-reveal.apps.googleusercontent.com"
CLIENT_SECRET = "not-a-secret"


class Denied(Exception):
    """An error of the token endpoint: its code and its words."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code}: {text}")


@dataclass
class Token:
    """What a token allows, whom it stands for, and until when."""

    user: str
    scopes: frozenset[str]
    expires: float


@dataclass
class Grant:
    """What a person has consented to, waiting to be fetched with a code."""

    user: str
    scope: str
    redirect: str
    challenge: str


@cache
def key() -> rsa.RSAPrivateKey:
    """The key of all robots: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@dataclass
class OAuth:
    """The authorization server."""

    clock: Clock
    robots: set[str] = field(default_factory=set)
    tokens: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    # Who sits before the browser: None denies.
    consents: str | None = None

    def service_account(self, email: str, url: str) -> Json:
        """The key file of a robot."""
        self.robots.add(email)
        pem = key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": "reveal-tests",
            "private_key_id": "0" * 40,
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "555010000001",
            "auth_uri": f"{url}/o/oauth2/auth",
            "token_uri": f"{url}/token",
        }

    def client(self, url: str) -> Json:
        """The file of an installed app."""
        told = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "auth_uri": f"{url}/o/oauth2/auth",
            "token_uri": f"{url}/token",
            "redirect_uris": ["http://localhost"],
        }
        return {"installed": told}

    def issue(self, user: str, scope: str) -> str:
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.tokens[token] = Token(user, frozenset(scope.split()), self.clock.now + LIFETIME)
        return token

    def issue_refresh(self, user: str, scope: str) -> str:
        token = f"1//{secrets.token_urlsafe(24)}"
        self.refresh[token] = (user, scope)
        return token

    def user(self, header: str | None, needed: tuple[str, ...]) -> str:
        """Who makes a call, if the token is good and allows one of the scopes."""
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            text = "Request is missing required authentication credential. Expected OAuth 2 access"
            raise ApiError(401, f"{text} token.", [reason("CREDENTIALS_MISSING")])
        found = self.tokens.get(token)
        if found is None or found.expires <= self.clock.now:
            raise ApiError(401, "", [reason("ACCESS_TOKEN_INVALID")])
        if not found.scopes & {BASE + each for each in needed}:
            text = "Request had insufficient authentication scopes."
            raise ApiError(403, text, [reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT")])
        return found.user

    def token(self, asked: Json, url: str) -> Json:
        """The answer of the token endpoint."""
        match asked.get("grant_type"):
            case "refresh_token":
                self._client(asked)
                if asked.get("refresh_token") not in self.refresh:
                    raise Denied("invalid_grant", "Token has been expired or revoked.")
                user, scope = self.refresh[asked["refresh_token"]]
                return self._answer(user, scope)
            case "authorization_code":
                self._client(asked)
                grant = self._grant(asked)
                more = {"refresh_token": self.issue_refresh(grant.user, grant.scope)}
                return self._answer(grant.user, grant.scope) | more
            case kind if kind == JWT:
                claims = self._claims(asked.get("assertion", ""), url)
                made = self._answer(claims["iss"], claims.get("scope", ""))
                del made["scope"]
                return made
        raise Denied("unsupported_grant_type", f"Invalid grant_type: {asked.get('grant_type')}")

    def _answer(self, user: str, scope: str) -> Json:
        return {
            "access_token": self.issue(user, scope),
            "expires_in": LIFETIME,
            "scope": scope,
            "token_type": "Bearer",
        }

    @staticmethod
    def _client(asked: Json) -> None:
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise Denied("invalid_client", "The OAuth client was not found.")

    def _grant(self, asked: Json) -> Grant:
        grant = self.codes.pop(asked.get("code", ""), None)
        if grant is None or asked.get("redirect_uri") != grant.redirect:
            raise Denied("invalid_grant", "Bad Request")
        if grant.challenge:
            digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
            made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if made != grant.challenge:
                raise Denied("invalid_grant", "Invalid code verifier.")
        return grant

    def _claims(self, assertion: str, url: str) -> Json:
        """What a robot signed: who it is, for whom, and until when."""
        try:
            head, body, signature = assertion.split(".")
            claims: Json = json.loads(_decoded(body))
            key().public_key().verify(
                _decoded(signature),
                f"{head}.{body}".encode(),
                padding.PKCS1v15(),
                hashes.SHA256(),
            )
        except (ValueError, InvalidSignature):
            raise Denied("invalid_grant", "Invalid JWT Signature.") from None
        if claims.get("iss") not in self.robots:
            raise Denied("invalid_grant", "Invalid grant: account not found")
        # google-auth always names Google's own endpoint, wherever it sends the assertion.
        if claims.get("aud") not in {f"{url}/token", "https://oauth2.googleapis.com/token"}:
            raise Denied("invalid_grant", "Invalid JWT: Failed audience check.")
        return claims

    def consent(self, asked: Json) -> str:
        """Where the page of consent sends the browser, as if the person clicked at once."""
        redirect = asked.get("redirect_uri", "")
        if asked.get("client_id") != CLIENT_ID:
            raise Denied("invalid_client", "The OAuth client was not found.")
        if urlsplit(redirect).hostname not in LOOPBACK:
            raise Denied("redirect_uri_mismatch", "The redirect must lead to this machine.")
        if asked.get("response_type") != "code":
            raise Denied("unsupported_response_type", "An installed app asks for a code.")
        back = {"state": asked["state"]} if "state" in asked else {}
        if self.consents is None:
            back["error"] = "access_denied"
        else:
            code = f"4/{secrets.token_urlsafe(16)}"
            scope = asked.get("scope", "")
            challenge = asked.get("code_challenge", "")
            self.codes[code] = Grant(self.consents, scope, redirect, challenge)
            back |= {"code": code, "scope": scope}
        return f"{redirect}?{urlencode(back)}"

    def revoke(self, user: str) -> None:
        """Take back all that a user has been given."""
        self.tokens = {name: each for name, each in self.tokens.items() if each.user != user}
        self.refresh = {name: each for name, each in self.refresh.items() if each[0] != user}

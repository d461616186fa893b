"""Answers that are errors, in the shape and as far as known in the words of the service."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STATES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
TEXTS = {
    400: "Request contains an invalid argument.",
    401: (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project."
    ),
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


class ApiError(Exception):
    """A request that is answered with an error."""

    def __init__(
        self, status: int, message: str = "", details: list[Json] | None = None, state: str = ""
    ) -> None:
        self.status = status
        self.message = message or TEXTS.get(status, f"Error {status}")
        self.details = details or []
        self.state = state or STATES.get(status, "UNKNOWN")
        super().__init__(f"{status} {self.message}")

    def body(self) -> Json:
        error: Json = {"code": self.status, "message": self.message, "status": self.state}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class Refused(Exception):
    """What a single request of a batch cannot do; the batch says which one it was."""


class NotEmulated(Exception):
    """A valid request that the service would carry out and this emulator cannot."""


def violation(field: str, text: str) -> ApiError:
    """The error for a body or a parameter that is not of the right form."""
    said = {"field": field, "description": text} if field else {"description": text}
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return ApiError(400, text, [{"@type": kind, "fieldViolations": [said]}])


def reason(name: str, metadata: Json | None = None, domain: str = "googleapis.com") -> Json:
    """The detail by which a program tells errors of one status apart."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": name,
        "domain": domain,
        "metadata": metadata or {},
    }

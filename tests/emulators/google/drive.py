"""The part of the Drive API that tells when a document was changed, and makes and lists files."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from tests.emulators.google import mask
from tests.emulators.google.errors import ApiError, Json, NotEmulated

if TYPE_CHECKING:
    from tests.emulators.google.model import Spreadsheet
    from tests.emulators.google.world import World

TYPE = "application/vnd.google-apps.spreadsheet"
PATH = re.compile(r"/drive/v3/files(?:/(?P<id>[^/]+))?(?P<copy>/copy)?")
SHORT = ("kind", "id", "name", "mimeType")
NAME = re.compile(r'name\s*=\s*(["\'])(?P<name>.*)\1')


def name(verb: str, found: re.Match[str]) -> str | None:
    """The method that a call means, if it is one of these."""
    kinds = {
        ("GET", False): "list",
        ("POST", False): "create",
        ("GET", True): "get",
        ("DELETE", True): "delete",
    }
    kind = "copy" if found["copy"] else kinds.get((verb, found["id"] is not None))
    return f"drive.files.{kind}" if kind else None


def answer(world: World, method: str, user: str, path: str | None, told: Json) -> Json | None:
    """The answer to a call with these parameters and body; None is one without a body."""
    document, fields = path or "", told.get("fields")
    try:
        wanted: mask.Mask = mask.parse(fields) if fields else {each: {} for each in SHORT}
    except mask.BadMask:
        raise ApiError(400, f"Invalid field selection {fields}") from None
    match method.rpartition(".")[2]:
        case "list":
            return _list(world, user, told.get("q", ""), wanted if fields else {})
        case "create":
            if told.get("mimeType") != TYPE:
                raise NotEmulated("Drive files other than spreadsheets")
            made = world.create(told.get("name") or "Untitled", user)
        case "delete":
            if _found(world, document, user).owner != user:
                raise ApiError(403, "The user does not have sufficient permissions for this file.")
            del world.documents[document]
            return None
        case "copy":
            made = _copied(world, _found(world, document, user), told.get("name"), user)
        case _:
            made = _found(world, document, user)
    return _thinned(_file(made), wanted)


def error(told: ApiError) -> Json:
    """An error in the older shape that Drive has."""
    why = {400: "invalidParameter", 403: "insufficientFilePermissions", 404: "notFound"}
    item = {"message": told.message, "domain": "global", "reason": why.get(told.status, "error")}
    return {"error": {"code": told.status, "message": told.message, "errors": [item]}}


def _found(world: World, document: str, user: str) -> Spreadsheet:
    """Drive does not tell a file that is not shared from one that does not exist."""
    found = world.documents.get(document)
    if found is None or not found.may_read(user):
        raise ApiError(404, f"File not found: {document}.")
    return found


def _file(found: Spreadsheet) -> Json:
    return {
        "kind": "drive#file",
        "id": found.id,
        "name": found.properties["title"],
        "mimeType": TYPE,
        "version": str(found.version),
        "createdTime": found.created,
        "modifiedTime": found.modified,
    }


def _thinned(told: Json, wanted: mask.Mask) -> Json:
    for each in wanted:
        if each not in told:
            raise ApiError(400, f"Invalid field selection {each}")
    made: Json = mask.applied(wanted, told)
    return made


def _list(world: World, user: str, query: str, wanted: mask.Mask) -> Json:
    named = NAME.search(query)
    hits = [
        _file(each)
        for each in world.documents.values()
        if each.may_read(user) and (not named or each.properties["title"] == named["name"])
    ]
    hits.sort(key=lambda each: each["modifiedTime"], reverse=True)
    made: Json = mask.applied(wanted, {"kind": "drive#fileList", "files": hits})
    return made


def _copied(world: World, source: Spreadsheet, title: str | None, user: str) -> Spreadsheet:
    made = world.create(title or f"Copy of {source.properties['title']}", user)
    own = made.id, made.properties["title"], made.created
    made = copy.copy(source.copy())
    made.id, made.properties["title"], made.created = own
    made.owner, made.writers, made.readers, made.modified = user, frozenset(), frozenset(), own[2]
    made.version = 1
    world.documents[made.id] = made
    return made

"""Requests that change named ranges and protected ranges."""

from __future__ import annotations

import re

from tests.emulators.google import mask, protection
from tests.emulators.google.cells import update_mask
from tests.emulators.google.edits.batch import Batch, kind
from tests.emulators.google.errors import Json, Refused
from tests.emulators.google.model import Area, Sheet

NAME = re.compile(r"[^\W\d]\w{0,249}")


def _told(batch: Batch, told: Json) -> Json:
    sheet, _ = batch.area(told)
    return Area.of(told).json(sheet.id)


@kind("addNamedRange")
def add_named_range(batch: Batch, asked: Json) -> Json:
    told = asked.get("namedRange", {})
    name = told.get("name", "")
    if not NAME.fullmatch(name):
        raise Refused(f"The name of the range is invalid: {name}")
    _free(batch, name, "")
    number = told.get("namedRangeId") or batch.ids.text("named")
    if any(each["namedRangeId"] == number for each in batch.spreadsheet.named):
        raise Refused(f"A named range with the ID {number} already exists.")
    made = {"namedRangeId": number, "name": name, "range": _told(batch, told.get("range", {}))}
    batch.spreadsheet.named.append(made)
    return {"namedRange": made}


def _free(batch: Batch, name: str, own: str) -> None:
    for each in batch.spreadsheet.named:
        if each["name"].casefold() == name.casefold() and each["namedRangeId"] != own:
            raise Refused(f"A named range with the name {name} already exists.")


def _named(batch: Batch, number: str) -> int:
    for at, each in enumerate(batch.spreadsheet.named):
        if each["namedRangeId"] == number:
            return at
    raise Refused(f"No named range with id: {number}")


@kind("updateNamedRange")
def update_named_range(batch: Batch, asked: Json) -> None:
    told = asked.get("namedRange", {})
    wanted = update_mask(asked.get("fields", ""), "NamedRange")
    at = _named(batch, told.get("namedRangeId", ""))
    old = batch.spreadsheet.named[at]
    new = old | {name: told[name] for name in (wanted or told) if name in told}
    _free(batch, new["name"], old["namedRangeId"])
    batch.spreadsheet.named[at] = new | {"range": _told(batch, new["range"])}


@kind("deleteNamedRange")
def delete_named_range(batch: Batch, asked: Json) -> None:
    del batch.spreadsheet.named[_named(batch, asked.get("namedRangeId", ""))]


@kind("addProtectedRange")
def add_protected_range(batch: Batch, asked: Json) -> Json:
    told = asked.get("protectedRange", {})
    number = told.get("protectedRangeId") or batch.ids.number("protected")
    if any(each["protectedRangeId"] == number for each in _all(batch)):
        raise Refused(f"A protected range with the ID {number} already exists.")
    sheet, made = _stored(batch, {"protectedRangeId": number}, told)
    sheet.protected.append(made)
    # The answer to the request names the editors that were asked for; a later read all of them.
    return {
        "protectedRange": made | {"requestingUserCanEdit": True, "editors": _asked_editors(told)}
    }


def _asked_editors(told: Json) -> Json:
    return {name: each for name, each in told.get("editors", {}).items() if each}


def _stored(batch: Batch, made: Json, told: Json) -> tuple[Sheet, Json]:
    """A protected range as it is kept: whoever makes it is one of its editors."""
    made = dict(made)
    if told.get("namedRangeId"):
        made["namedRangeId"] = told["namedRangeId"]
        place = batch.spreadsheet.named[_named(batch, told["namedRangeId"])]["range"]
    else:
        place = told.get("range", {})
    sheet, _ = batch.area(place)
    made["range"] = Area.of(place).json(sheet.id)
    for name in ("description", "warningOnly", "unprotectedRanges"):
        if told.get(name):
            made[name] = told[name]
    editors = _asked_editors(told)
    users = dict.fromkeys((*editors.get("users", ()), batch.user, batch.spreadsheet.owner))
    made["editors"] = editors | {"users": list(users)}
    return sheet, made


def _all(batch: Batch) -> list[Json]:
    return [each for sheet in batch.spreadsheet.sheets for each in sheet.protected]


def _protected(batch: Batch, number: int) -> tuple[Sheet, int]:
    for sheet in batch.spreadsheet.sheets:
        for at, each in enumerate(sheet.protected):
            if each["protectedRangeId"] == number:
                if not protection.may_edit(batch.spreadsheet, each, batch.user):
                    raise Refused(protection.TEXT)
                return sheet, at
    raise Refused(f"No protected range with id: {number}")


@kind("updateProtectedRange")
def update_protected_range(batch: Batch, asked: Json) -> None:
    told = asked.get("protectedRange", {})
    wanted = update_mask(asked.get("fields", ""), "ProtectedRange")
    sheet, at = _protected(batch, told.get("protectedRangeId", 0))
    old = sheet.protected.pop(at)
    new = mask.updated(old, told, wanted or {name: {} for name in told})
    sheet, made = _stored(batch, {"protectedRangeId": old["protectedRangeId"]}, new)
    sheet.protected.append(made)


@kind("deleteProtectedRange")
def delete_protected_range(batch: Batch, asked: Json) -> None:
    sheet, at = _protected(batch, asked.get("protectedRangeId", 0))
    del sheet.protected[at]

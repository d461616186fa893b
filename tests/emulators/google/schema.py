"""What the official description of the API says of methods, parameters, messages and masks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.emulators.google import mask as masks
from tests.emulators.google.errors import ApiError, Json, violation

DOCUMENT = Path(__file__).with_name("data") / "sheets.v4.json"
INTEGERS = {"int32": (-(2**31), 2**31 - 1)}


@cache
def document() -> Json:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Method:
    """One method of the API: how it is called, and the message that is its body."""

    name: str
    verb: str
    path: re.Pattern[str]
    parameters: Json
    body: str | None
    answer: str


@cache
def methods() -> tuple[Method, ...]:
    return tuple(_methods(document()["resources"], ""))


def _methods(resources: Json, before: str) -> list[Method]:
    made: list[Method] = []
    for name, resource in resources.items():
        for verb, told in resource.get("methods", {}).items():
            path = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/:]+)", re.escape(told["flatPath"]))
            path = path.replace("(?P<range>[^/:]+)", "(?P<range>[^/]+?)")
            made.append(
                Method(
                    f"{before}{name}.{verb}",
                    told["httpMethod"],
                    re.compile(f"/{path}"),
                    told["parameters"],
                    told.get("request", {}).get("$ref"),
                    told["response"]["$ref"],
                )
            )
        made += _methods(resource.get("resources", {}), f"{before}{name}.")
    # A longer path is more special: ``values/{range}:clear`` comes before ``values/{range}``.
    return sorted(made, key=lambda each: -len(each.path.pattern))


@cache
def snake(name: str) -> str:
    """The name that error texts use for a field."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


def query(method: Method, given: list[tuple[str, str]]) -> Json:
    """The query parameters of a call, each of its type."""
    known = document()["parameters"] | {
        name: each for name, each in method.parameters.items() if each["location"] == "query"
    }
    made: Json = {}
    for name, text in given:
        if name not in known:
            raise violation(
                "",
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message.",
            )
        value = _parameter(name, known[name], text)
        if known[name].get("repeated"):
            made.setdefault(name, []).append(value)
        else:
            made[name] = value
    return made


def _parameter(name: str, kind: Json, text: str) -> Any:
    if kind["type"] == "boolean":
        if text.lower() not in ("true", "false", "1", "0"):
            raise violation(name, f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\"")
        return text.lower() in ("true", "1")
    if "enum" in kind and text not in kind["enum"]:
        owner = "type.googleapis.com/google.apps.sheets.v4."
        wanted = owner + name[0].upper() + name[1:]
        raise violation(snake(name), f"Invalid value at '{snake(name)}' ({wanted}), \"{text}\"")
    return text


def cleaned(value: Any, message: str, at: str = "") -> Json:
    """A body as the service understands it: checked against its message, without nulls."""
    if not isinstance(value, dict):
        raise violation(at, "Invalid JSON payload received. Root element must be a message.")
    return _message(value, message, at)


def _message(value: Json, message: str, at: str) -> Json:
    known = document()["schemas"][message].get("properties", {})
    made: Json = {}
    for name, each in value.items():
        if name not in known:
            where = f" at '{at}'" if at else ""
            raise violation(
                at,
                f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.',
            )
        if each is not None:
            path = f"{at}.{snake(name)}" if at else snake(name)
            made[name] = _value(each, known[name], message, name, path)
    if message == "Request" and len(made) > 1:
        second = list(made)[1]
        raise violation(
            at,
            f"Invalid value at '{at}' (oneof), oneof field 'kind' is already set. Cannot set "
            f"'{second}'",
        )
    return made


def _value(value: Any, kind: Json, message: str, name: str, at: str) -> Any:
    if "$ref" in kind:
        if not isinstance(value, dict):
            told = f"type.googleapis.com/google.apps.sheets.v4.{kind['$ref']}"
            raise _wrong(at, told, value)
        return _message(value, kind["$ref"], at)
    if kind["type"] == "array":
        return _array(value, kind["items"], message, name, at)
    if kind["type"] == "object":
        return _map(value, kind, message, name, at)
    return _scalar(value, kind, message, name, at)


def _array(value: Any, items: Json, message: str, name: str, at: str) -> list[Any]:
    listed = items.get("type") == "array"
    if not isinstance(value, list):
        if listed:
            raise _wrong(at, "type.googleapis.com/google.protobuf.ListValue", value)
        # The service takes a single value for a list of one.
        value = [value]
    if listed:
        for number, row in enumerate(value):
            if not isinstance(row, list):
                told = "type.googleapis.com/google.protobuf.ListValue"
                raise _wrong(f"{at}[{number}]", told, row)
        return list(value)
    return [
        _value(each, items, message, name, f"{at}[{number}]")
        for number, each in enumerate(value)
        if each is not None
    ]


def _map(value: Any, kind: Json, message: str, name: str, at: str) -> Json:
    if not isinstance(value, dict):
        raise _wrong(at, "MAP", value)
    inner = kind.get("additionalProperties", {})
    if not inner or inner.get("type") == "any":
        return value
    return {key: _value(each, inner, message, name, f"{at}[{key}]") for key, each in value.items()}


def _scalar(value: Any, kind: Json, message: str, name: str, at: str) -> Any:
    made: Any = None
    told = f"TYPE_{str(kind.get('format') or kind['type']).upper()}"
    match kind["type"]:
        case "any":
            return value
        case "boolean" if isinstance(value, bool):
            made = value
        case "integer":
            made = _integer(value, *INTEGERS["int32"])
        case "number" if isinstance(value, int | float | str) and not isinstance(value, bool):
            made = _number(value)
        case "string" if isinstance(value, str):
            made = value
    if "enum" in kind and made not in kind["enum"]:
        owner = f"type.googleapis.com/google.apps.sheets.v4.{message}."
        raise _wrong(at, owner + name[0].upper() + name[1:], value)
    if made is None:
        raise _wrong(at, told.replace("TYPE_BOOLEAN", "TYPE_BOOL"), value)
    return made


def _integer(value: Any, least: int, most: int) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def _number(value: float | str) -> float | None:
    try:
        return float(value) if not isinstance(value, int) else value
    except ValueError:
        return None


def _wrong(at: str, told: str, value: Any) -> ApiError:
    return violation(at, f"Invalid value at '{at}' ({told}), {json.dumps(value)}")


def answer_mask(text: str, message: str) -> masks.Mask:
    """The mask of an answer, checked against the message that it thins out."""
    try:
        made = masks.parse(text)
    except masks.BadMask:
        made = {text: {}}
    wrong = unknown(made, message)
    if wrong:
        said = (
            f"Error expanding 'fields' parameter. Cannot find matching fields for path '{wrong}'."
        )
        raise ApiError(400, "", violation(wrong, said).details)
    return made


def unknown(mask: masks.Mask, message: str) -> str | None:
    """The first path of a mask that a message does not have."""
    known = document()["schemas"][message].get("properties", {})
    for name, inner in mask.items():
        if name not in known:
            return name
        kind = known[name]
        kind = kind.get("items", kind)
        if inner:
            wrong = unknown(inner, kind["$ref"]) if "$ref" in kind else next(iter(inner))
            if wrong and "additionalProperties" not in kind:
                return f"{name}.{wrong}"
    return None

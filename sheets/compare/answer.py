"""An answer of the OneRoster API: who is in it, and by which ids.

::

    read(paths)   files of JSON (OneRoster 1.1 or 1.2) or CSV -> Answer

In OneRoster 1.1 there is one record for each role of a person, and the id of each begins with a
letter for the role (``s123``, ``t45``); in 1.2 there is one record for a person, and the earlier
id is among its metadata. Both are taken apart here, so that nothing else knows the difference.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets.columns import values
from sheets.compare import lists, pages, texts
from sheets.errors import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sheets.compare.pages import Entry

SOURCED_ID, BARE = "sourcedId", "without its letter"
_DELETED = "tobedeleted"
_LETTER = re.compile(r"[A-Za-z][-_]?(\d+)$")
_PAIRS = re.compile(r"\{([^{}:]*):([^{}]*)\}")
_ROUND = frozenset({10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000})
_METADATA = 12
"""How many entries of the metadata are tried as ids."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody whom the API reveals.

    Attributes:
        sourced_id: The id by which others refer to this record.
        ids: Each id with the name of where it stands, such as ``identifier``.
        kinds: ``student``, ``staff``, ``contact``, by the roles; none if no role is told.
        usernames: The usernames.
        email: The e-mail address.
        first_name: The given name.
        last_name: The family name.
        agents: The ids of the records that belong to this one: a student's contacts, a contact's
            students.
        enabled: Whether the account is said to be enabled; None if nothing is said.
    """

    sourced_id: str
    ids: Sequence[tuple[str, str]]
    kinds: frozenset[str]
    usernames: Sequence[str] = ()
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    agents: Sequence[str] = ()
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """All of an answer.

    Attributes:
        users: Everybody in it, each record once; none that is marked as deleted.
        version: ``1.1``, ``1.2``, or empty if it cannot be told.
        notes: What people should know about it.
    """

    users: Sequence[User]
    version: str
    notes: Sequence[str] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of people that are in it; none if it tells no roles."""
        return frozenset(kind for user in self.users for kind in user.kinds)

    @property
    def has_agents(self) -> bool:
        """Whether it tells who belongs to whom."""
        return any(user.agents for user in self.users)


@dataclass(slots=True)
class _Count:
    """What is counted while reading."""

    deleted: int = 0
    twice: int = 0
    nameless: int = 0
    disabled: int = 0
    files: list[int] = field(default_factory=list)
    versions: Counter[str] = field(default_factory=Counter)


def read(paths: Sequence[Path]) -> Answer:
    """Read an answer of the API from files, folders and archives.

    Raises:
        CannotRead: A file is not there, damaged, or no text.
        NotUnderstood: It is no answer about people, or nobody is in it.
    """
    count = _Count()
    users: dict[str, User] = {}
    for user in _users(paths, count):
        key = user.sourced_id or f"\0{len(users)}"
        if key in users:
            count.twice += 1
            user = _joined(users[key], user)  # noqa: PLW2901 - the same person, known better
        users[key] = user
    if not users:
        raise NotUnderstood(
            "Nobody is in the answer of the API.",
            hint="Fetch /users without a filter, with all its pages.",
        )
    version = count.versions.most_common(1)[0][0] if count.versions else ""
    return Answer(list(users.values()), version, list(_notes(count, len(users))))


def _users(paths: Sequence[Path], count: _Count) -> Iterator[User]:
    """Everybody in all the files, but for those who are marked as deleted."""
    roles: dict[str, set[str]] = {}
    listed: list[User] = []
    for name, text in texts.read(paths):
        start = text.lstrip()[:1]
        if start and start in "{[":
            before = sum(count.files)
            total = before
            for entry in pages.people(name, text):
                total += 1
                yield from _user(entry, count)
            count.files.append(total - before)
        elif lists.is_roles(text):
            for sourced_id, role in lists.roles(text):
                roles.setdefault(sourced_id, set()).add(role)
        elif lists.is_people(name):
            listed += [user for entry in lists.people(name, text) for user in _user(entry, count)]
    for user in listed:
        yield _with_roles(user, roles.get(user.sourced_id, ()))


def _user(entry: Entry, count: _Count) -> Iterator[User]:
    """What is told of one person; nothing of one without any id, or marked as deleted."""
    if not isinstance(entry, dict):
        entry = {SOURCED_ID: entry}
    if _text(entry.get("status")).lower() == _DELETED:
        count.deleted += 1
        return
    version = _version(entry)
    if version:
        count.versions[version] += 1
    enabled = _flag(entry.get("enabledUser"))
    count.disabled += enabled is False
    user = User(
        sourced_id=_text(entry.get(SOURCED_ID)),
        ids=list(dict.fromkeys(_ids(entry))),
        kinds=_kinds(_roles(entry)),
        usernames=list(dict.fromkeys(_usernames(entry))),
        email=_text(entry.get("email")).lower(),
        first_name=_name(entry.get("givenName")),
        last_name=_name(entry.get("familyName")),
        agents=list(_refs(entry.get("agents"))),
        enabled=enabled,
    )
    if user.ids or user.usernames or user.email:
        yield user
    else:
        count.nameless += 1


def _version(entry: Mapping[str, Any]) -> str:
    if entry.keys() & {"roles", "userProfiles", "userMasterIdentifier", "primaryOrg"}:
        return "1.2"
    return "1.1" if entry.keys() & {"role", "orgs", "agents", "userIds"} else ""


def _ids(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every id of a person with where it stands, also without the letter of a role before it."""
    for where, value in _id_places(entry):
        if text := _text(value).lower():
            yield where, text
            if match := _LETTER.match(text):
                yield f"{where} {BARE}", match[1]


def _id_places(entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in (SOURCED_ID, "identifier", "userMasterIdentifier"):
        yield key, entry.get(key)
    for kind, text in _user_ids(entry.get("userIds")):
        yield f"userIds {kind}".strip(), text
    metadata = entry.get("metadata")
    for key, value in list(metadata.items())[:_METADATA] if isinstance(metadata, dict) else ():
        yield f"metadata {key}", value
    yield from entry.get(lists.MORE, {}).items()


def _user_ids(value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of type and id: objects in JSON, ``{type:id}`` in text."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            if text := _text(one.get("identifier")):
                yield _text(one.get("type")), text
        elif isinstance(one, str):
            pairs = _PAIRS.findall(one)
            yield from ((kind.strip(), text.strip()) for kind, text in pairs if text.strip())
            if not pairs and one.strip():
                yield "", one.strip()


def _roles(entry: Mapping[str, Any]) -> Iterator[str]:
    yield _text(entry.get("role"))
    roles = entry.get("roles")
    for one in roles if isinstance(roles, list) else ():
        yield _text(one.get("role")) if isinstance(one, dict) else _text(one)


def _kinds(roles: Iterable[str]) -> frozenset[str]:
    return frozenset(kind for role in roles if role for kind in (values.role(role),) if kind)


def _usernames(entry: Mapping[str, Any]) -> Iterator[str]:
    """The username, and those of the profiles that OneRoster 1.2 has."""
    if text := _text(entry.get("username")):
        yield text.lower()
    profiles = entry.get("userProfiles")
    for profile in profiles if isinstance(profiles, list) else ():
        credentials = profile.get("credentials") if isinstance(profile, dict) else None
        for one in credentials if isinstance(credentials, list) else ():
            if isinstance(one, dict) and (text := _text(one.get("username"))):
                yield text.lower()


def _refs(value: Any) -> Iterator[str]:
    """The ids that are referred to: objects in JSON, texts joined by commas in CSV."""
    if isinstance(value, str):
        value = value.split(",")
    for one in value if isinstance(value, list) else ():
        if text := _text(one.get(SOURCED_ID) if isinstance(one, dict) else one):
            yield text


def _text(value: Any) -> str:
    """A text or a number as text; nothing for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _name(value: Any) -> str:
    return " ".join(_text(value).lower().split())


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(_text(value).lower())


def _joined(one: User, other: User) -> User:
    """The same record, given twice: by two endpoints, or by pages that overlap."""
    return User(
        sourced_id=one.sourced_id,
        ids=list(dict.fromkeys([*one.ids, *other.ids])),
        kinds=one.kinds | other.kinds,
        usernames=list(dict.fromkeys([*one.usernames, *other.usernames])),
        email=one.email or other.email,
        first_name=one.first_name or other.first_name,
        last_name=one.last_name or other.last_name,
        agents=list(dict.fromkeys([*one.agents, *other.agents])),
        enabled=one.enabled if one.enabled is not None else other.enabled,
    )


def _with_roles(user: User, roles: Iterable[str]) -> User:
    more = _kinds(roles)
    return user if more <= user.kinds else _joined(user, User(user.sourced_id, (), more))


def _notes(count: _Count, total: int) -> Iterator[str]:
    if count.deleted:
        yield f"{count.deleted:,} are marked as deleted and count as not revealed"
    if count.twice:
        yield f"{count.twice:,} are in the answer twice and count once"
    if count.nameless:
        yield f"{count.nameless:,} have no id, username or e-mail and cannot be compared"
    if count.disabled:
        yield f"{count.disabled:,} are returned although their account is not enabled"
    if len(count.files) == 1 and total in _ROUND:
        yield (
            f"exactly {total:,} are in the answer: if that is the size of a page, the others are "
            "missing. Fetch all pages"
        )

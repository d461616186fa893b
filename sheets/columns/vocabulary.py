"""The words of `fields.toml`, ready to be looked up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from sheets.columns import headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.columns.model import Place

OTHER = "other"
OWN = "own_"
"""How the ids of fields begin that are not in `fields.toml`, but in a district's own rules."""

MIXED = "mixed"
"""The kind of a list of all sorts of people, with a column that says who somebody is."""

PEOPLE = ("student", "staff", "contact", MIXED)


@dataclass(frozen=True, slots=True)
class Field:
    """A canonical field.

    Attributes:
        id: Its name in tables.
        label: Its name for people.
        type: How its cells are cleaned.
        kinds: The lists that may have it.
        student_of: The field that this is when it is the student's on a list of contacts.
    """

    id: str
    label: str
    type: str
    kinds: frozenset[str]
    student_of: str = ""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a heading may say: a field, and whose.

    Attributes:
        field: The field.
        subject: ``student``, ``staff``, ``contact``, or nothing: the person of the row.
        kinds: The lists on which it says so.
        weak: Whether it says so only if no other heading does.
    """

    field: str
    subject: str
    kinds: frozenset[str]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """All that a heading may say.

    Attributes:
        senses: What it says, whatever the cells hold.
        options: Kind of list -> (field, test of the values): what it may say.
        known: Whether it is a known heading at all.
    """

    senses: tuple[Sense, ...] = ()
    options: Mapping[str, Sequence[tuple[str, str]]] | None = None
    known: bool = False

    @property
    def says(self) -> bool:
        """Whether it may be a field."""
        return bool(self.senses) or self.options is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """What `fields.toml` says about one kind of list."""

    label: str
    titles: frozenset[str]
    headings: frozenset[str]
    needs: Sequence[str]
    matters: frozenset[str]
    identity: Sequence[str]
    weights: Mapping[str, int]


@cache
def data() -> Mapping[str, Any]:
    """Everything in `fields.toml`."""
    text = resources.files("sheets.columns").joinpath("fields.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def fields() -> Mapping[str, Field]:
    """All fields by their ids."""
    return {
        name: Field(
            name,
            entry["label"],
            entry["type"],
            frozenset(entry["kinds"]),
            entry.get("student_of", ""),
        )
        for name, entry in data()["fields"].items()
    }


def field_of(name: str) -> Field:
    """A field by its id; one of a district's own is text, and its heading is its plain name.

    Example:
        >>> field_of("other_phone").type, field_of("own_home_room").type
        ('phone', 'text')
    """
    if name.startswith(OWN):
        return Field(name, name.removeprefix(OWN).replace("_", " ").title(), "text", frozenset())
    return fields()[name]


@cache
def always_read() -> frozenset[str]:
    """The fields whose cells are read whatever the rules look at."""
    lists = kinds().values()
    return (
        frozenset(data()["read"]["too"])
        .union(*(kind.matters for kind in lists))
        .union(*(kind.identity for kind in lists))
    )


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds of lists by their ids."""
    return {
        name: Kind(
            entry["label"],
            frozenset(entry["titles"]),
            keys(entry["headings"]),
            entry["needs"],
            frozenset(entry["matters"]),
            entry["identity"],
            entry["weights"],
        )
        for name, entry in data()["kinds"].items()
    }


def label(field: str, kind: str = "") -> str:
    """Return the plain name of a field, for people.

    Args:
        field: Its id.
        kind: The kind of list it is on, if that is known.

    Example:
        >>> label("other_phone"), label("number"), label("number", "staff")
        ('Other Phone', 'Student or Staff Number', 'Staff Number')
    """
    if field == "number" and kind in {"student", "staff"}:
        return fields()[f"{kind}_number"].label
    return field_of(field).label


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The form in which headings and words are compared.

    Example:
        >>> key("Other Ph."), key("otherPhone")
        ('otherphone', 'otherphone')
    """
    short = data()["abbreviations"]
    return headers.squeeze(headers.expand(headers.words(text), short))


def keys(texts: Iterable[str]) -> frozenset[str]:
    """The compared forms of words of `fields.toml`, which are lower-case words already."""
    return frozenset(map(headers.squeeze, texts))


def words(*path: str) -> frozenset[str]:
    """A list of words of `fields.toml`, in their compared forms."""
    return _words(path)


@cache
def _words(path: tuple[str, ...]) -> frozenset[str]:
    entry: Any = data()
    for step in path:
        entry = entry[step]
    return keys(entry)


def meaning(text: str) -> Meaning:
    """What a heading may say."""
    owner = headers.table(text)
    own = key(text)
    if any(owner in words("subjects", subject) for subject in ("student", "contact")):
        found = _meanings().get(owner + own)
        if found is not None:
            return found
    return of_key(own)


def of_key(text: str) -> Meaning:
    """What a heading may say, by its compared form."""
    return _meanings().get(text, _NOTHING)


def resolve(sense: Sense, kind: str) -> str | None:  # noqa: PLR0911 - one line for each case
    """The field that a sense is on one kind of list, if it is any there.

    Example:
        >>> number = Sense("number", "student", frozenset({"student", "contact"}))
        >>> resolve(number, "student"), resolve(number, "contact"), resolve(number, "staff")
        ('number', 'student_number', None)
    """
    if kind not in sense.kinds:
        return None
    if sense.field.startswith(OWN):
        return sense.field
    if kind == "account" and sense.field == "number" and sense.subject:
        return f"{sense.subject}_number"
    if kind == MIXED and sense.field == "number" and sense.subject == "staff":
        return "staff_number"
    if sense.subject == "student" and kind in {"contact", MIXED}:
        return _of_student().get(sense.field)
    if sense.subject in {"", kind} or kind in {"account", "relationship_type"}:
        return sense.field if kind in fields()[sense.field].kinds else None
    return None


def spellings(field: str) -> Iterator[str]:
    """The headings that claim a field, in words, to compare a misspelt one with."""
    base = fields()[field].student_of or field
    entry = data()["fields"][base]
    subjects = data()["subjects"]
    yield from entry.get("names", ())
    for name in ("student", "staff", "contact"):
        yield from entry.get(name, ())
    if entry.get("expand"):
        for name in entry["names"]:
            yield from (f"{subject} {name}" for group in subjects.values() for subject in group)
    for group in entry.get("only", {}).values():
        yield from group


def of_students(places: Mapping[str, Place]) -> dict[str, Place]:
    """What a list of students has that says on a list of contacts which student it is, and where.

    Example:
        >>> from sheets.columns.model import Place
        >>> list(of_students({"number": Place("ID", 1), "grade": Place("Grade", 2)}))
        ['student_number']
    """
    named = {_of_student()[name]: at for name, at in places.items() if name in _of_student()}
    return named | {name: at for name, at in places.items() if name == "school"}


@cache
def _of_student() -> Mapping[str, str]:
    """Field -> what it is called when it is the student's on a list of contacts."""
    return {item.student_of: item.id for item in fields().values() if item.student_of}


@cache
def _meanings() -> Mapping[str, Meaning]:
    """Compared form of a heading -> what it may say.

    What is written down goes before what is put together of a subject and a name; a field's own
    name counts where it says nothing else.
    """
    options: dict[str, Mapping[str, Sequence[tuple[str, str]]]] = {}
    for entry in data()["ambiguous"]:
        may: Mapping[str, Sequence[tuple[str, str]]] = {
            kind: [(field, test) for field, test in entry[kind]]
            for kind in kinds()
            if kind in entry
        }
        options.update(dict.fromkeys(keys(entry["words"]), may))
    senses: dict[str, dict[Sense, None]] = {}
    taken: set[str] = set()
    for source in (_explicit, _expanded, _named):
        for name in fields():
            for text, sense in source(name):
                one = headers.squeeze(text)
                if one not in taken:
                    senses.setdefault(one, {})[sense] = None
        taken = {*senses, *options}
    known = words("known", "words") | words("everyone", "words")
    known = known.union(*(words("subjects", subject) for subject in data()["subjects"]))
    known = known.union(*(kind.headings for kind in kinds().values()))
    return {
        one: Meaning(tuple(senses.get(one, ())), options.get(one), known=True)
        for one in {*senses, *options, *known}
    }


@cache
def named() -> Mapping[str, Sense]:
    """A field's id or plain name in its compared form -> what it says in a mapping."""
    return {headers.squeeze(text): sense for name in fields() for text, sense in _named(name)}


def _named(name: str) -> Iterator[tuple[str, Sense]]:
    """A field's own names."""
    field = fields()[name]
    sense = Sense(field.student_of or name, "student" if field.student_of else "", _where(field))
    yield headers.words(field.label), sense
    yield headers.words(name), sense


def _explicit(name: str) -> Iterator[tuple[str, Sense]]:
    """The headings that are written down for a field."""
    entry, field = data()["fields"][name], fields()[name]
    where = _where(field)
    for text in entry.get("names", ()):
        yield text, Sense(name, "", where)
    for text in entry.get("weak", ()):
        yield text, Sense(name, "", where, weak=True)
    for subject in ("student", "staff", "contact"):
        for text in entry.get(subject, ()):
            yield text, Sense(name, subject, where)
    for kind, texts in entry.get("only", {}).items():
        for text in texts:
            yield text, Sense(name, "", frozenset({kind}))


def _expanded(name: str) -> Iterator[tuple[str, Sense]]:
    """The headings that are a subject and a name: ``Parent Email``."""
    entry = data()["fields"][name]
    if not entry.get("expand"):
        return
    where = _where(fields()[name])
    for subject, openings in data()["subjects"].items():
        whose = "" if subject == "person" else subject
        for opening in openings:
            for text in entry["names"]:
                yield f"{opening} {text}", Sense(name, whose, where)


def _where(field: Field) -> frozenset[str]:
    """The lists on which the headings of a field may say something."""
    base = fields()[field.student_of] if field.student_of else field
    with_student = {"contact", MIXED} if base.id in _of_student() else set()
    return field.kinds | base.kinds | with_student


_NOTHING = Meaning()

"""Which column is which field, once the kind of list is known. Nothing is guessed silently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets.columns import headers, values, vocabulary, whose
from sheets.columns.model import Place
from sheets.columns.wishes import option
from sheets.errors import ColumnsUnclear
from sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.columns.region import Heading
    from sheets.columns.values import Values

_ACCOUNT = frozenset(
    {"username", "home_page", "account_enabled", "account_disabled", "account_expires"}
)
_ON_ROW = _ACCOUNT | {"account_created"}
_SOME = 4  # so many columns are named when many claim one field
_NAMES = ("first_name", "last_name", "full_name")
_KEYS = ("person_id", "person_guid", "number", "email")
_IDS = {"person_id": "student_person_id", "person_guid": "student_guid"}
_INSTEAD = {
    "first_name": ("full_name",),
    "last_name": ("full_name",),
    "number": ("person_id", "person_guid", "student_number"),
    "person_id": ("person_guid", "number", "student_number", "staff_number", "email"),
    "account_enabled": ("account_disabled",),
    "account_created": ("account_id",),
    "guardian_flag": ("relationship",),
}
"""Fields that do as well: no near miss is asked about where one of them is there."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A heading that says a field. The lower the rank, the stronger."""

    heading: Heading
    rank: int
    marked: bool = False


GIVEN, SAID, WEAK = range(3)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What assigning needs to know.

    Attributes:
        kind: The kind of list.
        headings: All headings, from left to right.
        values: A sample of a column's values, blanks left out.
        rows: Some columns' values side by side, row by row.
        accounts: Whether another list says who has an account.
        where: The sheet, for messages.
        needs: The fields that the rules look at: two claims to one of them are asked about.
    """

    kind: str
    headings: Sequence[Heading]
    values: Values
    rows: whose.Rows
    accounts: bool
    where: str
    needs: frozenset[str] = frozenset()


@dataclass(slots=True)
class Assigned:
    """What was decided, and what is to be asked."""

    fields: dict[str, Heading] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, question: str, answer: str) -> None:
        """Note something that only people can tell, and how they tell it."""
        self.questions.append((question, answer))


def assign(sheet: Sheet) -> tuple[Mapping[str, Place], Sequence[str], Sequence[str]]:
    """Decide which column is which field.

    Returns:
        Field -> place; the headings that are no field; notes.

    Raises:
        ColumnsUnclear: Two columns claim one field, a heading may mean two things, or it nearly
            fits a field that the list needs. The hint has the mapping that settles it.
    """
    done = Assigned()
    claims = _claims(sheet)
    if sheet.kind == "contact":
        _share_names(sheet, claims, done)
        _share_ids(sheet, claims, done)
    for name, found in claims.items():
        _settle(sheet, name, found, done)
    _choose(sheet, done)
    _near_misses(sheet, done)
    if done.questions:
        said, answers = zip(*done.questions, strict=True)
        raise ColumnsUnclear(" ".join(said), hint=" ".join(answers), where=sheet.where)
    used = {heading.column for heading in done.fields.values()}
    order = sorted(done.fields, key=lambda name: done.fields[name].column)
    places = {name: Place(done.fields[name].text, done.fields[name].column) for name in order}
    unused = [heading.text for heading in sheet.headings if heading.column not in used]
    return places, unused, done.notes


def _claims(sheet: Sheet) -> dict[str, list[Claim]]:
    """Field -> the headings that say it."""
    claims: dict[str, list[Claim]] = {}
    for heading in sheet.headings:
        for sense in heading.meaning.senses:
            name = vocabulary.resolve(sense, sheet.kind)
            if name is None:
                continue
            rank = GIVEN if heading.given else WEAK if sense.weak else SAID
            claims.setdefault(name, []).append(Claim(heading, rank, bool(sense.subject)))
            break
    return claims


def _share_names(sheet: Sheet, claims: dict[str, list[Claim]], done: Assigned) -> None:
    """On a list of contacts, tell whose the names without a word for it are.

    Beside "Contact First Name" a mere "First Name" is the student's. Beside "Contact Name" it
    depends: the values tell whether it is a part of that name.
    """
    marked = {name for name in _NAMES if any(_is_marked(one) for one in claims.get(name, ()))}
    plain = [name for name in _NAMES if any(not _is_marked(one) for one in claims.get(name, ()))]
    if not marked or not plain:
        return
    if marked == {"full_name"} and {"first_name", "last_name"} <= set(plain):
        belongs = _part_of_name(sheet, claims)
        if belongs is None:
            _ask_about_names(claims, done)
        if belongs is not False:
            return
    _give_to_student(claims, [*plain, "email"], done)


def _is_marked(claim: Claim) -> bool:
    return claim.marked or claim.rank == GIVEN


def _part_of_name(sheet: Sheet, claims: Mapping[str, Sequence[Claim]]) -> bool | None:
    if any(f"student_{name}" in claims for name in ("first_name", "last_name", "name")):
        return True
    columns = [claims[name][0].heading.column for name in ("full_name", "first_name")]
    return whose.is_part(sheet.rows(columns))


def _ask_about_names(claims: Mapping[str, Sequence[Claim]], done: Assigned) -> None:
    first, last = (claims[name][0].heading for name in ("first_name", "last_name"))
    done.ask(
        f"{_quote(first)} and {_quote(last)} may be the student's or the contact's.",
        f"Say it with {option(first.text, first.column, 'Contact First Name')} "
        f"{option(last.text, last.column, 'Contact Last Name')}, or the same with Student.",
    )


def _give_to_student(claims: dict[str, list[Claim]], names: Iterable[str], done: Assigned) -> None:
    """Make the headings that do not say whose they are the student's."""
    moved = []
    for name in names:
        own = claims.get(name, [])
        plain = [one for one in own if not _is_marked(one)]
        if not plain or (name == "email" and len(plain) == len(own)):
            continue
        target = "student_name" if name == "full_name" else f"student_{name}"
        claims[name] = [one for one in own if _is_marked(one)]
        claims.setdefault(target, []).extend(plain)
        moved += [f'"{one.heading.text}"' for one in plain]
    if moved:
        done.notes.append(f"{' and '.join(moved)} is read as the student's, not the contact's")


def _share_ids(sheet: Sheet, claims: dict[str, list[Claim]], done: Assigned) -> None:
    """On a list of contacts, tell whether an id is the student's or the contact's."""
    for name, of_student in _IDS.items():
        own = claims.get(name, [])
        plain = [one for one in own if not _is_marked(one)]
        if not plain:
            continue
        if len(plain) < len(own):
            belongs: str | None = "student"
        elif of_student in claims:
            belongs = "contact"
        else:
            belongs = _owner(sheet, plain[0].heading, claims)
        if belongs == "contact":
            continue
        claims[name] = [one for one in own if _is_marked(one)]
        if belongs == "student":
            claims.setdefault(of_student, []).extend(plain)
        elif name == "person_id" or "person_id" not in claims:
            _ask_about_id(plain[0].heading, done)


def _owner(sheet: Sheet, heading: Heading, claims: Mapping[str, Sequence[Claim]]) -> str | None:
    """Whose an id is, by the students and the names that it stands beside."""
    if not sheet.values(heading.column):
        return "contact"
    links = [
        claims[name][0].heading.column
        for name in ("student_number", "student_name", "student_last_name", "student_first_name")
        if claims.get(name)
    ]
    names = [
        claims[name][0].heading.column
        for name in ("first_name", "last_name", "full_name", "email")
        if claims.get(name)
    ]
    return whose.owner(sheet.rows([heading.column]), sheet.rows(links[:1]), sheet.rows(names))


def _ask_about_id(heading: Heading, done: Assigned) -> None:
    done.ask(
        f"{_quote(heading)} may be the student's or the contact's.",
        f"Say which: {option(heading.text, heading.column, 'Contact Person ID')} or "
        f"{option(heading.text, heading.column, 'Student Person ID')}.",
    )


def _settle(sheet: Sheet, name: str, claims: Sequence[Claim], done: Assigned) -> None:
    """Take the strongest claim to a field; ask if there are two of the same strength."""
    if not claims:
        return
    best = min(claim.rank for claim in claims)
    left = [claim for claim in claims if claim.rank == best]
    matters = name in vocabulary.kinds()[sheet.kind].matters | sheet.needs
    if len(left) > 1 and not matters:
        left = [claim for claim in left if claim.marked]
    if len(left) == 1:
        done.fields[name] = left[0].heading
    elif matters:
        done.ask(*_which(vocabulary.label(name, sheet.kind), [claim.heading for claim in left]))


def _which(label: str, found: Sequence[Heading]) -> tuple[str, str]:
    texts = [heading.text.casefold() for heading in found]
    some = found[:_SOME]
    answers = [
        option(one.text, one.column, label, twice=texts.count(one.text.casefold()) > 1)
        for one in some
    ]
    more = [f"{len(found) - _SOME} more"] if len(found) > _SOME else []
    number = {2: "Two", 3: "Three", 4: "Four"}.get(len(found), str(len(found)))
    return (
        f"{number} columns could be {label}: {_and([*map(_quote, some), *more])}.",
        f"Say which one it is: {' or '.join(answers)}.",
    )


def _choose(sheet: Sheet, done: Assigned) -> None:
    """Decide by the values what an ambiguous heading means."""
    taken = {heading.column for heading in done.fields.values()}
    for heading in sheet.headings:
        if heading.column in taken:
            continue
        options = [
            (name, test)
            for name, test in (heading.meaning.options or {}).get(sheet.kind, ())
            if _is_open(name, done)
        ]
        sample = sheet.values(heading.column)
        if sample:
            fitting = [name for name, test in options if values.fits(test, sample)]
        else:
            fitting = [name for name, _ in options if name not in _ON_ROW][:1]
        _take(sheet, heading, fitting, done)


def _is_open(name: str, done: Assigned) -> bool:
    """Whether a field is still to be had."""
    if name == "full_name" and {"first_name", "last_name"} <= done.fields.keys():
        return False
    # The status of a OneRoster record says whether the record is to be deleted, nothing more.
    if "sourced_id" in done.fields and name in {"account_enabled", "enrollment_status"}:
        return False
    return name not in done.fields


def _take(sheet: Sheet, heading: Heading, fitting: Sequence[str], done: Assigned) -> None:
    """Take the one field that a heading can mean, or ask if it matters."""
    doubtful = [name for name in fitting if name in _ON_ROW and sheet.kind != "account"]
    if heading.given and fitting:
        done.fields[fitting[0]] = heading
    elif doubtful and doubtful != ["username"]:
        if not _needs_account(sheet, doubtful[0], done):
            rest = [name for name in fitting if name not in _ON_ROW]
            done.fields.update(dict.fromkeys(rest[:1], heading))
            return
        done.ask(*_meaning(sheet.kind, heading, fitting))
    elif len(fitting) == 1:
        done.fields[fitting[0]] = heading
    elif fitting and not any(key in done.fields for key in _KEYS):
        done.ask(*_meaning(sheet.kind, heading, fitting))


def _needs_account(sheet: Sheet, name: str, done: Assigned) -> bool:
    """Whether a doubtful column of a list of people would decide who has an account."""
    if sheet.accounts:
        return False
    if name in {"account_enabled", "account_disabled"}:
        return not done.fields.keys() & {"account_enabled", "account_disabled"}
    return bool(done.fields.keys() & _ACCOUNT)


def _meaning(kind: str, heading: Heading, names: Sequence[str]) -> tuple[str, str]:
    labels = [vocabulary.label(name, kind) for name in names]
    answers = [option(heading.text, heading.column, label) for label in labels]
    answers.append(option(heading.text, heading.column, "ignore"))
    return (
        f"{_quote(heading)} may mean {' or '.join(labels)}, or something else.",
        f"Say which: {' or '.join(answers)}.",
    )


def _near_misses(sheet: Sheet, done: Assigned) -> None:
    """Ask about headings that nearly say a field which the list needs and does not have."""
    for heading in sheet.headings:
        if heading.meaning.known or heading.given:
            continue
        text = heading.rest or headers.words(heading.text)
        if vocabulary.words("others", "words") & set(text.split()):
            continue
        for name in vocabulary.kinds()[sheet.kind].needs:
            if {name, *_INSTEAD.get(name, ())} & done.fields.keys():
                continue
            if headers.near(text, vocabulary.spellings(name)):
                label = vocabulary.label(name, sheet.kind)
                done.ask(
                    f"{_quote(heading)} looks like {label}, but is not spelled like it.",
                    f"If it is: {option(heading.text, heading.column, label)}; "
                    f"if not: {option(heading.text, heading.column, 'ignore')}.",
                )
                break


def _quote(heading: Heading) -> str:
    return f'"{heading.text}" (column {letters(heading.column)})'


def _and(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last

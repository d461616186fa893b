"""What people say about their columns: ``--map "HEADER=FIELD"``, and the columns of own rules."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.columns import groups, headers, vocabulary
from sheets.errors import WrongUsage
from sheets.grid import letters, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.columns.groups import Member
    from sheets.columns.vocabulary import Meaning
    from sheets.rules.model import Rule

_WITH_COLUMN = re.compile(r"^(.*) \(column ([A-Za-z]{1,3})\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wish:
    """One mapping: a heading, and what it is to mean.

    Attributes:
        header: The heading as it was given, without the column.
        column: The column, where two headings read the same: ``Email (column F)``.
        meaning: What it means; it says nothing where the column is to be left alone.
        given: Whether people said so of this heading, so that it always wins; a column of a
            district's own rule is found like any other.
        required: Whether the heading must be there.
        members: What it means as a part of a group of contacts, if it was given as one.
    """

    header: str
    column: int | None
    meaning: Meaning
    given: bool = True
    required: bool = True
    members: Sequence[Member] = ()

    @property
    def of_anybody(self) -> bool:
        """Whether it says what the heading means, but not that it is the student's."""
        return self.meaning.says and all(one.subject != "student" for one in self.meaning.senses)

    def fits(self, text: str, column: int) -> bool:
        """Whether it speaks of this heading."""
        if not self.given:
            return vocabulary.key(text) == vocabulary.key(self.header)
        same = headers.shown(text).casefold() == self.header.casefold()
        return same and self.column in {None, column}


def read(
    mapping: Mapping[str, str], own: Sequence[Wish] = (), *, required: bool = True
) -> list[Wish]:
    """Understand the mappings.

    Args:
        mapping: Header as shown -> field, by id or plain name.
        own: The columns of a district's own rules, which are fields too.
        required: Whether the headings must be there.

    Raises:
        WrongUsage: A field is not known; the closest ones are named.
    """
    return [_wish(header, target, own, required=required) for header, target in mapping.items()]


def of_rules(rules: Iterable[Rule]) -> list[Wish]:
    """The columns that are no field of `fields.toml`, but that a district's own rules look at.

    Each is a field on the lists that its rules are about, and what it was before on the others.
    """
    lists: dict[str, tuple[Rule, set[str]]] = {}
    for rule in rules:
        if rule.column and rule.field:
            kinds = {"contact" if rule.who == "pair" else rule.who, vocabulary.MIXED}
            lists.setdefault(rule.field, (rule, set()))[1].update(kinds)
    found = []
    for name, (rule, kinds) in lists.items():
        known = vocabulary.meaning(rule.column)
        senses = (*known.senses, vocabulary.Sense(name, "", frozenset(kinds)))
        meaning = vocabulary.Meaning(senses, known.options, known=True)
        found.append(Wish(rule.column, None, meaning, given=False, required=False))
    return found


def require(wishes: Sequence[Wish], texts: Iterable[tuple[int, str]]) -> None:
    """Refuse a mapping whose heading is nowhere.

    Args:
        wishes: The mappings.
        texts: Column and text of every cell in which a heading may stand.

    Raises:
        WrongUsage: A heading is not there; the closest ones are named.
    """
    wishes = [wish for wish in wishes if wish.required]
    if not wishes:
        return
    cells = {(column, headers.shown(text)) for column, text in texts}
    for wish in wishes:
        if any(wish.fits(text, column) for column, text in cells):
            continue
        known = {text.casefold(): text for _, text in cells if vocabulary.meaning(text).known}
        close = difflib.get_close_matches(wish.header.casefold(), known, n=3)
        at = f" in column {letters(wish.column)}" if wish.column else ""
        raise WrongUsage(
            f'There is no column "{wish.header}"{at}.',
            hint=_did_you_mean([known[one] for one in close])
            or "`reveal columns FILE` shows the columns there are.",
        )


def option(header: str, column: int, field: str, *, twice: bool = False) -> str:
    """The mapping that people can type to say what a heading means.

    Example:
        >>> option("Home Phone", 4, "Other Phone")
        '--map "Home Phone=Other Phone"'
        >>> option("Email", 6, "Email", twice=True)
        '--map "Email (column F)=Email"'
    """
    at = f" (column {letters(column)})" if twice else ""
    return f'--map "{header}{at}={field}"'


def _wish(header: str, target: str, own: Sequence[Wish], *, required: bool) -> Wish:
    text = headers.shown(header)
    match = _WITH_COLUMN.match(text)
    column = number(match[2].upper()) if match else None
    meaning = _target(target, own)
    whose = () if meaning.senses else groups.members(target)
    return Wish(match[1] if match else text, column, meaning, required=required, members=whose)


def _target(target: str, own: Sequence[Wish]) -> Meaning:
    wanted = vocabulary.key(target)
    for wish in own:
        if wanted == vocabulary.key(wish.header):
            return wish.meaning
    if wanted in vocabulary.words("ignore", "words"):
        return vocabulary.Meaning()
    sense = vocabulary.named().get(wanted)
    found = vocabulary.meaning(target)
    if sense is not None:
        return vocabulary.Meaning((*found.senses, sense), known=True)
    if found.says or groups.says(target):
        return found
    labels = {field.label.casefold(): field.label for field in vocabulary.fields().values()}
    close = difflib.get_close_matches(headers.shown(target).casefold(), labels, n=3)
    raise WrongUsage(
        f'There is no field "{headers.shown(target)}".',
        hint=_did_you_mean([labels[one] for one in close])
        or "Fields are, for example, Other Phone, Email, Last Name, Relationship.",
    )


def _did_you_mean(names: Sequence[str]) -> str:
    return f"Did you mean {' or '.join(names)}?" if names else ""

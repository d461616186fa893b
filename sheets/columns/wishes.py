"""What people say about their columns: ``--map "HEADER=FIELD"``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.columns import headers, vocabulary
from sheets.errors import WrongUsage
from sheets.grid import letters, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sheets.columns.vocabulary import Meaning

_WITH_COLUMN = re.compile(r"^(.*) \(column ([A-Za-z]{1,3})\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wish:
    """One mapping: a heading, and what it is to mean.

    Attributes:
        header: The heading as it was given, without the column.
        column: The column, where two headings read the same: ``Email (column F)``.
        meaning: What it means; it says nothing where the column is to be left alone.
    """

    header: str
    column: int | None
    meaning: Meaning

    def fits(self, text: str, column: int) -> bool:
        """Whether it speaks of this heading."""
        same = headers.shown(text).casefold() == self.header.casefold()
        return same and self.column in {None, column}


def read(mapping: Mapping[str, str]) -> list[Wish]:
    """Understand the mappings.

    Raises:
        WrongUsage: A field is not known; the closest ones are named.
    """
    return [_wish(header, target) for header, target in mapping.items()]


def require(wishes: Sequence[Wish], texts: Iterable[tuple[int, str]]) -> None:
    """Refuse a mapping whose heading is nowhere.

    Args:
        wishes: The mappings.
        texts: Column and text of every cell in which a heading may stand.

    Raises:
        WrongUsage: A heading is not there; the closest ones are named.
    """
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


def _wish(header: str, target: str) -> Wish:
    text = headers.shown(header)
    match = _WITH_COLUMN.match(text)
    column = number(match[2].upper()) if match else None
    return Wish(match[1] if match else text, column, _target(target))


def _target(target: str) -> Meaning:
    wanted = vocabulary.key(target)
    if wanted in vocabulary.words("ignore", "words"):
        return vocabulary.Meaning()
    sense = vocabulary.named().get(wanted)
    found = vocabulary.meaning(target)
    if sense is not None:
        return vocabulary.Meaning((*found.senses, sense), known=True)
    if found.says:
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

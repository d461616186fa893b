"""Whose a column is, on a list of contacts: told by the values beside it, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

Rows = Callable[[Sequence[int]], Sequence[tuple[str, ...]]]
"""Columns -> their values, row by row, in lower case; blank is an empty text."""

_PART = 0.6
_NOT_PART = 0.2


def owner(
    ids: Sequence[tuple[str, ...]],
    links: Sequence[tuple[str, ...]],
    names: Sequence[tuple[str, ...]],
) -> str | None:
    """Tell whether an id is the contact's or the student's; None if the values do not say.

    Args:
        ids: The ids, row by row.
        links: What else says which student a row is about; rows of nothing if nothing does.
        names: What the contact is called.

    Example:
        >>> two_parents = [("7",), ("7",)], [("S1",), ("S1",)], [("ann",), ("bob",)]
        >>> owner(*two_parents)
        'student'
        >>> siblings = [("7",), ("7",)], [("S1",), ("S2",)], [("ann",), ("ann",)]
        >>> owner(*siblings)
        'contact'
    """
    names_of, links_of, ids_of = (defaultdict[str, set[tuple[str, ...]]](set) for _ in range(3))
    for (one,), link, name in zip(ids, links, names, strict=True):
        if not one:
            continue
        if any(name):
            names_of[one].add(name)
        if any(link):
            links_of[one].add(link)
            ids_of[link[0]].add((one,))
    of_student = sum(len(found) > 1 for found in names_of.values())
    of_contact = sum(len(found) > 1 for found in (*links_of.values(), *ids_of.values()))
    if of_student == of_contact:
        return None
    return "student" if of_student > of_contact else "contact"


def is_part(pairs: Sequence[tuple[str, ...]]) -> bool | None:
    """Tell whether a short name is a part of a long one; None if the values do not say.

    Example:
        >>> is_part([("byrne, ann", "ann"), ("cruz, bob", "bob")])
        True
        >>> is_part([("byrne, ann", "tim"), ("cruz, bob", "eve")])
        False
    """
    both = [(long, short) for long, short in pairs if long and short]
    if not both:
        return None
    share = sum(short in long for long, short in both) / len(both)
    return True if share >= _PART else False if share <= _NOT_PART else None

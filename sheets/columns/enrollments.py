"""Lists of enrollments, one row each, that are looked up beside a list of students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets.columns import kinds, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sheets.columns.region import Heading

KIND = "enrollment"


def are(headings: Iterable[Heading], names: Sequence[str]) -> bool:
    """Whether a list is one of enrollments: its name says so, and so do its columns.

    Args:
        headings: Its headings.
        names: What it is called: the tab first.
    """
    words = vocabulary.data()["enrollments"]
    said = {
        vocabulary.resolve(sense, "student")
        for heading in headings
        for sense in heading.meaning.senses
    }
    return (
        bool(names)
        and bool(kinds.title_words(names[0]) & {*words["titles"]})
        and bool(said & {*words["keys"]})
        and bool(said & {*words["says"]})
    )


def settled(kind: str, *, are_enrollments: bool, others: Iterable[str]) -> str:
    """The kind of a list that may be one of enrollments, beside the kinds of all other lists.

    Only beside a list of students it is looked up; alone it may be the list of students itself.

    Example:
        >>> settled("student", are_enrollments=True, others=["student", "contact"])
        'enrollment'
        >>> settled("enrollment", are_enrollments=True, others=["contact"])
        'other'
    """
    if any(one in {"student", "mixed"} for one in others):
        return KIND if are_enrollments and kind in {"student", KIND, kinds.UNSURE} else kind
    return vocabulary.OTHER if kind == KIND else kind

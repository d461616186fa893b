"""A district's own rules: a field or column that must hold data, or one of some values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from sheets import place, rules
from sheets.columns import cells, headers, vocabulary
from sheets.rules.model import Rule, Severity
from sheets.settings.words import Several, Wrong, did_you_mean, shown, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.settings.form import OwnRule

PEOPLE = ("student", "staff", "contact")
SEVERITIES = (Severity.HIDES.value, Severity.CHECK.value, Severity.INFO.value)

_ID = re.compile(r"^[A-Z][A-Z0-9]{1,7}(-[A-Z0-9]{1,7}){1,2}$")
_NOT_ALLOWED = '"{header}" is not one of the allowed values'
_LISTS = {"student": "students", "staff": "staff", "contact": "contacts"}
_TOLD = 10  # so many allowed values are named in a rule's page


def rule_id(value: object) -> str:
    """Take the id of an own rule: it must not look like one of the catalogue."""
    word = text(value).upper()
    if not _ID.match(word):
        raise Wrong(f"{shown(value)} is no id of a rule.", 'Write it like "DST-01".')
    taken = {known.partition("-")[0] for known in rules.catalog()}
    if word.partition("-")[0] in taken:
        raise Wrong(
            f"{shown(word)} begins like the rules of Reveal.",
            'Choose a beginning of your own, such as "DST-01".',
        )
    return word


def field(value: object) -> str:
    """Take a field by its plain name or id; which lists have it is looked at later."""
    word = text(value)
    if vocabulary.key(word) not in vocabulary.named():
        labels = [one.label for one in vocabulary.fields().values()]
        raise Wrong(
            f"There is no field {shown(word)}.",
            did_you_mean(word, labels) or f'For a column of your own write: column = "{word}".',
        )
    return word


def column(value: object) -> str:
    """Take a heading."""
    word = headers.shown(text(value))
    if not vocabulary.key(word):
        raise Wrong(f"{shown(word)} is no heading.", "Write it as it stands in the sheet.")
    if place.is_own(word):
        raise Wrong(f"{shown(word)} is a column that Reveal writes.", "Name another one.")
    return word


def resolved(who: str, field: str, column: str) -> str:
    """The id of the field that a rule looks at: one that its lists have, or one of its own.

    Raises:
        Wrong: The lists do not have it, or the heading may mean several things.
    """
    return _field_of_column(who, column) if column else _field(who, field)


def allowed(values: Sequence[str], name: str) -> Sequence[str]:
    """The allowed values as the field's cells will be: dates in ISO 8601, flags true or false.

    Raises:
        Several: Some of them are nothing that the field can hold.
    """
    if not values:
        return ()
    clean = cells.clean(vocabulary.field_of(name).type, pl.Series(list(values)))
    wrong = [
        Wrong(
            f"{shown(written)} is nothing that this field can hold.",
            "Take it out: a word for nothing counts as blank, another is not understood.",
            (at,),
        )
        for at, (written, value) in enumerate(zip(values, clean.values, strict=True))
        if value is None
    ]
    if wrong:
        raise Several(wrong)
    return tuple(dict.fromkeys(value.lower() for value in clean.values))


def check(own: OwnRule) -> None:
    """Refuse a rule that says too little or too much.

    Raises:
        Several: All that is wrong.
    """
    wrong = []
    if bool(own.field) == bool(own.column):
        wrong.append(
            Wrong(
                "A rule says either a field or a column.",
                'Write field = "Grade" for a field that Reveal knows, else column = "Homeroom".',
            )
        )
    if not own.required and not own.allowed:
        wrong.append(
            Wrong(
                "This rule asks for nothing.",
                'Write required = true, or allowed = ["...", "..."], or both.',
            )
        )
    if wrong:
        raise Several(wrong)


def build(own: OwnRule) -> tuple[Rule, Severity]:
    """Make the rule that the judge knows, with what it means if it does not hold."""
    name = resolved(own.who, own.field, own.column)
    heading = own.column or vocabulary.label(name, own.who)
    values = allowed(own.allowed, name)
    listed = ", ".join(own.allowed[:_TOLD]) + (", ..." if len(own.allowed) > _TOLD else "")
    sentences = _sentences(own)
    title = [
        *([f"{heading} holds data."] if own.required else []),
        *([f"{heading} is one of: {listed}."] if values else []),
    ]
    rule = Rule(
        id=own.id,
        who=own.who,
        title=" ".join(title),
        sentences=sentences,
        unknown=frozenset({"no_column", "no_result"} & sentences.keys()),
        why=own.why or "The district asks for it.",
        fix=own.fix or (f"Write one of: {listed}." if values else f"Fill in {heading}."),
        where=own.where or f"The column {heading}",
        who_fixes=own.who_fixes,
        source="The district's own rule",
        confidence="high",
        field=name,
        allowed=values,
        column=heading if name.startswith(vocabulary.OWN) else "",
    )
    return rule, Severity(own.severity)


def _field(who: str, text: str) -> str:
    name = vocabulary.resolve(vocabulary.named()[vocabulary.key(text)], who)
    if name is None:
        raise Wrong(
            f"A list of {_LISTS[who]} has no {shown(text)}.",
            f'For a column of your own write: column = "{text}".',
        )
    return name


def _field_of_column(who: str, heading: str) -> str:
    """The field that a heading says already, else one of its own."""
    meaning = vocabulary.meaning(heading)
    for sense in meaning.senses:
        name = vocabulary.resolve(sense, who)
        if name is not None:
            return name
    options = (meaning.options or {}).get(who, ())
    if options:
        labels = dict.fromkeys(vocabulary.label(name, who) for name, _ in options)
        raise Wrong(
            f"{shown(heading)} may mean several things.",
            f"Say which field it is: {' or '.join(f'field = {shown(one)}' for one in labels)}.",
        )
    return vocabulary.OWN + vocabulary.key(heading)


def _sentences(own: OwnRule) -> dict[str, str]:
    """What the office reads; the beginning is the catalogue's, which highlights look for."""
    data = rules.catalog()["CON-FLD-04"].sentences
    told = {
        **({key: data[key] for key in ("blank", "placeholder", "error")} if own.required else {}),
        **({"not_allowed": _NOT_ALLOWED} if own.allowed else {}),
    }
    if own.message:
        told = {key: f"{said}: {own.message}" for key, said in told.items()}
    lacking = ("no_result", "no_column") if own.required else ("no_column",)
    return told | {key: data[key] for key in lacking}

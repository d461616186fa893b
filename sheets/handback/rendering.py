"""The columns and rows of a sheet that is handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets import marks, place, rules
from sheets.columns import vocabulary
from sheets.handback import fixable, identity, values
from sheets.handback.model import Column, Row, Todo
from sheets.report import identity as known
from sheets.rules.model import REVEALED, ROW, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from sheets.grid import Shade
    from sheets.handback.fixable import Fixable
    from sheets.handback.keying import Keyed
    from sheets.handback.model import Batch
    from sheets.rules.model import Profile, Rule

_TELLING = (
    *("student_number", "staff_number", "number", "student_person_id", "student_guid"),
    *("student_last_name", "student_first_name", "student_name"),
    *("contact_id", "person_id", "person_guid", "sourced_id", "student_state_id"),
    *("last_name", "first_name", "full_name"),
)
"""The fields that tell whose row it is, from left to right."""

_CONTEXT = ("relationship", "school", "grade")
_MOST_CHOICES = 50
_WORST = {Verdict.NO: 0, Verdict.UNKNOWN: 1, Verdict.YES: 2}


def columns(own: Fixable, profile: Profile) -> list[Column]:
    """The columns that are needed: whose row it is, what to fill in, and what is wrong."""
    found = own.found
    fields = [name for name in (*_TELLING, *_CONTEXT) if name in found.fields]
    shown = [name for name in fields if name not in own.inputs]
    result: list[Column] = []
    taken: set[int] = set()
    headers: set[str] = set()
    for name in (*shown, *sorted(own.inputs, key=lambda name: found.fields[name].column)):
        at = found.fields[name]
        if at.column in taken:
            continue
        taken.add(at.column)
        kind = vocabulary.field_of(name).type
        header = _apart(at.header, vocabulary.label(name), headers)
        if name in own.inputs:
            choices = _choices(own, name, kind, profile)
            result.append(Column(header, name, kind, locked=False, choices=choices))
        else:
            result.append(Column(header, name, kind, locked=True, tells=name in _TELLING))
    verdicts = (Column(name, name, "text", locked=True) for name in place.OWN_HEADERS)
    return [*result, *verdicts]


def _apart(header: str, label: str, taken: set[str]) -> str:
    """A header that no other column of the sheet has, nor one of Reveal's own."""
    told = header.strip() or label
    if vocabulary.key(told) in taken or place.is_own(told):
        told = f"{told} ({label})"
    nth, first = 1, told
    while vocabulary.key(told) in taken:
        nth += 1
        told = f"{first} {nth}"
    taken.add(vocabulary.key(told))
    return told


def _choices(own: Fixable, field: str, kind: str, profile: Profile) -> Sequence[str]:
    """The values that a column may have, if they are few."""
    for name in own.inputs[field]:
        if allowed := profile.rules[name].allowed:
            return allowed
    if kind != "label":
        return ()
    [told] = fixable.texts(own.found, [own.found.fields[field].column], own.found.rows)
    seen = sorted({values.text(kind, one) for one in told.drop_nulls().unique()} - {""})
    return seen if len(seen) <= _MOST_CHOICES else ()


def rows(
    own: Fixable,
    how: Keyed,
    chosen: pl.Series,
    shown: Sequence[Column],
    by: tuple[Profile, Batch],
) -> Iterator[tuple[str, Row]]:
    """Yield the chosen rows, the worst first, each with to whom it goes.

    Args:
        own: The list.
        how: By what its rows are known.
        chosen: The rows that are handed out.
        shown: The columns.
        by: The rules that it was judged by, and the handing out.
    """
    profile, batch = by
    frame = own.findings.frame.filter(chosen)
    said = _Said.of(own, chosen, shown, profile)
    columns = [*_fields(own, frame[ROW], shown), frame[REVEALED].to_list(), said.sentences]
    compared = [_compared(one, texts) for one, texts in zip(shown, columns, strict=True)]
    keys = _keys(own, how, chosen, batch)
    secret = identity.secret(batch, own.found.group)
    order = sorted(range(len(shown)), key=lambda at: not shown[at].locked)
    to, numbers = own.to.filter(chosen).to_list(), frame[ROW].to_list()
    verdicts = [_WORST[Verdict(told)] for told in frame[REVEALED]]
    worst = sorted(range(len(keys)), key=lambda at: (verdicts[at], -said.hiding[at], numbers[at]))
    for at in worst:
        prints = (
            identity.fingerprint(
                secret, keys[at], shown[nth].name, compared[nth][at], brief=shown[nth].locked
            )
            for nth in order
        )
        cells = tuple(texts[at] for texts in columns)
        yield to[at], Row(identity.mark(keys[at], prints), cells, said.todo[at], numbers[at])


def _compared(column: Column, texts: Sequence[str]) -> Sequence[str]:
    """The form in which the cells of a column are compared when they come back."""
    told = values.normal(column.type, texts)
    return [values.without_zeros(column.type, one) for one in told] if column.locked else told


def _fields(own: Fixable, rows: pl.Series, shown: Sequence[Column]) -> list[list[str]]:
    """What stands in the cells of the fields, column by column."""
    fields = [one for one in shown if not place.is_own(one.name)]
    raw = fixable.texts(own.found, [own.found.fields[one.name].column for one in fields], rows)
    return [
        [values.text(one.type, text) for text in column]
        for one, column in zip(fields, raw, strict=True)
    ]


def _keys(own: Fixable, how: Keyed, chosen: pl.Series, batch: Batch) -> list[str]:
    """The key of each row."""
    secret, kind = identity.secret(batch, own.found.group), own.findings.table.kind
    told = how.values.filter(chosen)
    columns = {name: told[name].to_list() for name in told.columns}
    result = []
    for at, nth in enumerate(how.rank.filter(chosen).to_list()):
        rank = how.ranks[nth]
        parts = [columns[name][at] if name else "" for name in rank]
        result.append(known.digest(kind, rank, parts, secret))
    return result


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of each of the chosen rows.

    Attributes:
        todo: The cells to be fixed.
        sentences: What is to be fixed, in words.
        hiding: How many findings hide it.
    """

    todo: list[Sequence[Todo]]
    sentences: list[str]
    hiding: list[int]

    @classmethod
    def of(
        cls, own: Fixable, chosen: pl.Series, shown: Sequence[Column], profile: Profile
    ) -> _Said:
        """Gather what the rules found in each row."""
        height = int(chosen.sum())
        todo: list[dict[int, Todo]] = [{} for _ in range(height)]
        sentences: list[list[str]] = [[] for _ in range(height)]
        hiding = [0] * height
        at = {one.name: nth for nth, one in enumerate(shown) if not one.locked}
        all_ = [(at.get(field), part) for field, part in own.inputs.items()]
        all_.append((None, own.others))
        found = [
            (rule, column, part[name])
            for name, rule in profile.rules.items()
            for column, part in all_
            if name in part
        ]
        for rule, column, details in found:
            words = _words(own, rule, details, profile)
            for nth, detail in enumerate(details.filter(chosen).to_list()):
                if detail is None:
                    continue
                shade, severity, sentence = words[detail]
                sentences[nth].append(sentence)
                hiding[nth] += severity is Severity.HIDES
                if column is not None:
                    before = todo[nth].get(column)
                    todo[nth][column] = (
                        Todo(column, shade, sentence)
                        if before is None
                        else Todo(
                            column, before.shade, f"{before.message}{marks.SEPARATOR}{sentence}"
                        )
                    )
        return cls(
            [tuple(row[column] for column in sorted(row)) for row in todo],
            [marks.SEPARATOR.join(row) for row in sentences],
            hiding,
        )


def _words(
    own: Fixable, rule: Rule, details: pl.Series, profile: Profile
) -> dict[str, tuple[Shade, Severity, str]]:
    """Shade, severity and sentence of all that a rule found."""
    result = {}
    for detail in details.drop_nulls().unique().to_list():
        variant, _ = marks.split(detail)
        severity = rules.severity(profile, rule.id, variant)
        sentence = marks.sentence(own.found, rule, detail)
        result[detail] = (marks.shade_of(variant, severity), severity, sentence)
    return result

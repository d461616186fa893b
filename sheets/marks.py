"""Findings in, patch out: the words of `What to fix`, and the formulas of the highlights.

A highlight is a conditional format, not a fill in the cell: the office's own colours stay, and a
mark goes out by itself as soon as the cell is filled. Its formula looks into `What to fix` for the
sentence that names the cell's header, so a mark follows its person through every sort, and it has
no relative reference, so it means the same in Excel (also over COM, where relative references
shift with the active cell), in Google Sheets and in LibreOffice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import polars as pl

from sheets import keyed, place, rules
from sheets.columns import label
from sheets.grid import TAG, Mark, OwnColumn, Patch, Shade, letters
from sheets.rules import choices
from sheets.rules.model import REVEALED, ROW, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheets.columns.model import Found
    from sheets.rules.model import Findings, Profile, Rule

Parts = Sequence[tuple["Found", Sequence["Findings"]]]
"""A table, and the groups in it, each with what was found: one for each kind of people in it."""

_FIX = "words"
_WIDTH, _FIX_WIDTH = 11.0, 60.0
ROLE_UNCLEAR = "the role in this row is not student, staff or contact"
_STRING_LIMIT = 250  # Excel takes at most 255 characters in one string of a formula
SEPARATOR = "; "
OF_ONE_ROW = "listed"
"""The variant of which `seen` is a row's number: what is said of many rows leaves it out."""

NO_VALUE = ("placeholder", "error", "no_column_home", "no_column_full", OF_ONE_ROW)
"""Variants of which `seen` is a word of Reveal's own, an error, a heading or a row's number."""


def patch(
    parts: Parts,
    profile: Profile,
    more: Mapping[str, Sequence[str | None]] | None = None,
    *,
    strict: bool = False,
) -> Patch:
    """Turn the findings of one table into what is to be written beside it.

    Args:
        parts: The table and the groups in it; what they have in common is taken from the first.
        profile: The rules they were judged by.
        more: Further own columns: header -> one value for each of the table's rows. They stand
            after the first pair.
        strict: Whether own columns tell by which ids they are looked up.

    Raises:
        PlaceTaken: The place right of a filter or table is taken (see `sheets.place`).
    """
    first = parts[0][0]
    values: dict[str, Sequence[str | None]] = {}
    keys: dict[str, Sequence[int]] = {}
    for found, findings in parts:
        pair = _verdicts(found, findings, profile)
        told = dict(zip(place.own_headers(found.group), pair, strict=True))
        if found is first:
            told |= more or {}
        values |= told
        keys |= dict.fromkeys(told, keyed.columns(found) if strict else ())
    columns = place.own_columns([found for found, _ in parts], list(values))
    return Patch(
        sheet=first.grid.title,
        header_row=first.header_row,
        last_row=first.last_row,
        rows=cast("Sequence[int]", first.rows),
        columns=tuple(
            _own_column(header, columns[header], values[header], keys[header])
            for header in sorted(columns, key=columns.__getitem__)
        ),
        marks=tuple(_marks(parts, profile, columns)),
        note=_note(profile),
        replaces=tuple(sorted(first.own.values())),
    )


def _own_column(
    header: str, column: int, values: Sequence[str | None], keys: Sequence[int]
) -> OwnColumn:
    fix = header.startswith(place.OWN_HEADERS[1])
    # A heading of a group is longer than a verdict.
    width = _FIX_WIDTH if fix else max(_WIDTH, len(header) + 2.0)
    return OwnColumn(header, column, values, width=width, wrap=fix, keys=keys)


def split(detail: str) -> tuple[str, str]:
    """Split a rule's detail into its variant and what was seen.

    Example:
        >>> split("placeholder:N/A"), split("blank")
        (('placeholder', 'N/A'), ('blank', ''))
    """
    variant, _, seen = detail.partition(":")
    return variant, seen


def header(found: Found, rule: Rule) -> str:
    """The header that a rule's sentence quotes: the sheet's own, else the field's plain name."""
    if rule.field is None:
        return ""
    at = found.fields.get(rule.field)
    return at.header if at else rule.column or f"{found.group} {label(rule.field)}".strip()


def sentence(found: Found, rule: Rule, detail: str, *, masked: bool = False) -> str:
    """What the office reads about one finding.

    Args:
        found: The table.
        rule: The rule that found it.
        detail: The variant and what was seen.
        masked: Whether a cell's value is left out: for consoles and logs, which others may see.
    """
    variant, seen = split(detail)
    if masked and variant not in NO_VALUE:
        seen = "..."
    return rules.sentence(rule, variant, header=header(found, rule), seen=seen)


def _verdicts(
    found: Found, findings: Sequence[Findings], profile: Profile
) -> tuple[Sequence[str | None], Sequence[str | None]]:
    """The two columns, one value for each of the table's rows.

    Rows in which a group holds nobody stay empty.
    """
    judged = pl.concat([_words(found, one, profile) for one in findings])
    rows = pl.DataFrame({ROW: found.rows.cast(pl.UInt32)})
    joined = rows.join(judged, on=ROW, how="left", maintain_order="left")
    if found.kind == "mixed":
        # A row that no kind of people claims: its role is not one that is known.
        joined = joined.with_columns(
            pl.when(pl.col(REVEALED).is_null())
            .then(pl.lit(ROLE_UNCLEAR))
            .otherwise(pl.col(_FIX))
            .alias(_FIX),
            pl.col(REVEALED).fill_null(str(Verdict.UNKNOWN)),
        )
    # A polars column stays one: a million Python strings would take ten times its memory.
    return (
        cast("Sequence[str | None]", joined[REVEALED]),
        cast("Sequence[str | None]", joined[_FIX].replace("", None)),
    )


def _words(found: Found, findings: Findings, profile: Profile) -> pl.DataFrame:
    """Row, verdict and the sentences of one set of findings."""
    frame = findings.frame
    said = []
    for rule_id in (column for column in frame.columns if column in profile.rules):
        rule = profile.rules[rule_id]
        texts = {
            detail: sentence(found, rule, detail)
            for detail in frame[rule_id].drop_nulls().unique().to_list()
            if rules.severity(profile, rule_id, split(detail)[0]) is not Severity.INFO
        }
        said.append(
            pl.col(rule_id).replace_strict(texts, default=None, return_dtype=pl.String)
            if texts
            else pl.lit(None, dtype=pl.String)
        )
    words = (
        pl.concat_str(said, separator=SEPARATOR, ignore_nulls=True) if said else pl.lit("")
    ).alias(_FIX)
    return frame.select(pl.col(ROW).cast(pl.UInt32), pl.col(REVEALED), words)


def _note(profile: Profile) -> str:
    """What the note on the header says: it must fit an input message of 255 characters."""
    return (
        f"Written by Reveal. Rules: {choices.used(profile)}, as of {profile.as_of}. "
        "Yes: vendors see this person. No: hidden, see What to fix. Unknown: something is "
        "lacking to tell. Check again after corrections."
    )


def _marks(parts: Parts, profile: Profile, columns: Mapping[str, int]) -> list[Mark]:
    """One mark per column and shade, in the order of the columns."""
    tests: dict[tuple[int, Shade], dict[str, None]] = {}
    for found, findings in parts:
        fix = _whole(columns[place.own_headers(found.group)[1]])
        for at, shade, test in _tests(found, findings, profile, fix):
            tests.setdefault((at, shade), {})[test] = None
    return [
        Mark(column, shade, _formula(list(tests[column, shade])))
        for column, shade in sorted(tests, key=lambda key: (key[0], key[1] != Shade.MISSING))
    ]


def _tests(
    found: Found, findings: Sequence[Findings], profile: Profile, fix: str
) -> Iterator[tuple[int, Shade, str]]:
    """Column, shade and test of each thing that was found in a cell."""
    for one in findings:
        for rule_id in (column for column in one.frame.columns if column in profile.rules):
            rule = profile.rules[rule_id]
            at = found.fields.get(rule.field) if rule.field else None
            if at is None:
                continue
            for detail in sorted(one.frame[rule_id].drop_nulls().unique().to_list()):
                variant, _ = split(detail)
                severity = rules.severity(profile, rule_id, variant)
                test = _test(rule, variant, at.header, _whole(at.column), fix)
                if test and severity in (Severity.HIDES, Severity.CHECK):
                    yield at.column, shade_of(variant, severity), test


def _whole(column: int) -> str:
    """The cell of a column in the row that a formula stands for, without a relative reference."""
    return f"INDEX(${letters(column)}:${letters(column)},ROW())"


def shade_of(variant: str, severity: Severity) -> Shade:
    """What a cell is shaded with for a finding that hides, or is to be checked."""
    missing = severity is Severity.HIDES and variant in ("blank", "placeholder", "error")
    return Shade.MISSING if missing else Shade.CHECK


def _formula(tests: list[str]) -> str:
    """Join the tests of one column: the tag, then any of them."""
    return f'=AND(N("{TAG}")=0,{tests[0] if len(tests) == 1 else _any(tests)})'


def _any(tests: list[str]) -> str:
    # IFERROR keeps one test's error (the cell holds #N/A) from hiding another's truth.
    return "OR(" + ",".join(f"IFERROR({test},FALSE)" for test in tests) + ")"


def _test(rule: Rule, variant: str, header_text: str, cell: str, fix: str) -> str:
    """The part of a formula that is true while one variant of a finding still stands.

    Empty for a variant whose sentence does not quote the header or what was seen: there is no
    cell to point at.
    """
    clean = f'TRIM(SUBSTITUTE({cell},"\u00a0"," "))'
    template = rule.sentences[variant]
    if "{header}" not in template and "{seen}" not in template:
        return ""
    if "{seen}" in template and variant != "error":
        before, after = (
            part.replace("{header}", header_text) for part in template.split("{seen}", 1)
        )
        return f"ISNUMBER(FIND({_literal(before)}&{clean}&{_literal(after)},{fix}))"
    before = template.split("{seen}", 1)[0].replace("{header}", header_text)
    said = f"ISNUMBER(FIND({_literal(before)},{fix}))"
    if variant == "error":
        return f"AND(ISERROR({cell}),{said})"
    if variant == "blank":
        return f"AND({said},LEN({clean})=0)"
    return said


def _literal(text: str) -> str:
    """A string in a formula: quotes doubled, cut where Excel's limit for one string is near."""
    pieces = [text[at : at + _STRING_LIMIT] for at in range(0, len(text), _STRING_LIMIT)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)

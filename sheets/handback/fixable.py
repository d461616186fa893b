"""What somebody can fix in each list of people: in which cells, and what elsewhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from sheets import marks, rules
from sheets.columns import vocabulary
from sheets.errors import ColumnsNotFound
from sheets.handback import values
from sheets.rules.model import ROW, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sheets.columns.model import Found
    from sheets.flow import Judged, Outcome
    from sheets.rules.model import Findings, Profile

SCHOOL, WHO = "school", "who"
"""What rows are handed out by, unless it is the header of a column."""

BAD = (Severity.HIDES, Severity.CHECK)

Details = dict[str, pl.Series]
"""Rule -> what it found in each row; null where it found nothing that is to be fixed."""


@dataclass(frozen=True, slots=True)
class Fixable:
    """What somebody can fix in one list of one kind of people.

    Attributes:
        one: Where it stands.
        findings: What was found.
        to: To whom each row goes; the empty text where that is not known.
        inputs: Field -> what is to be fixed in its cells.
        others: What is to be fixed elsewhere.
    """

    one: Judged
    findings: Findings
    to: pl.Series
    inputs: Mapping[str, Details]
    others: Details

    @property
    def found(self) -> Found:
        """Where it stands, and which column is which field."""
        return self.one.found

    @property
    def cells(self) -> Mapping[str, pl.Series]:
        """Field -> in which rows its cell is to be fixed."""
        return {field: self._any(details) for field, details in self.inputs.items()}

    @property
    def in_cells(self) -> pl.Series:
        """The rows in which a cell is to be fixed."""
        return self.union(self.cells.values())

    @property
    def all(self) -> pl.Series:
        """The rows in which anything is to be fixed."""
        return self.in_cells | self._any(self.others)

    def union(self, masks: Iterable[pl.Series]) -> pl.Series:
        """The rows in which any of some masks is true."""
        nothing = pl.repeat(value=False, n=self.findings.frame.height, eager=True)
        return reduce(or_, masks, nothing)

    def _any(self, details: Details) -> pl.Series:
        return self.union(one.is_not_null() for one in details.values())


def lists(outcome: Outcome, who: str, by: str) -> Iterator[Fixable]:
    """All lists of people, with what somebody can fix in them.

    Args:
        outcome: What a check found.
        who: Who fixes it.
        by: `SCHOOL`, `WHO` or the header of a column.

    Raises:
        ColumnsNotFound: No list has a column with that header.
    """
    pairs = [(one, findings) for one in outcome.judged for findings in one.findings]
    schools = outcome.summary.row_schools
    if by not in (SCHOOL, WHO) and not any(_column(one.found, by) for one, _ in pairs):
        raise ColumnsNotFound(
            f'No list of people has a column "{by}".',
            hint="Give the header of a column, or leave out --by to hand out by school.",
        )
    for (one, findings), school in zip(pairs, schools, strict=True):
        if by == SCHOOL:
            to = _same("", findings) if school is None else school
        else:
            to = _same(who, findings) if by == WHO else _of_column(one.found, by, findings)
        yield Fixable(one, findings, to, *_fixable(one.found, findings, outcome.profile, who))


def _same(text: str, findings: Findings) -> pl.Series:
    return pl.repeat(text, findings.frame.height, dtype=pl.String, eager=True)


def _column(found: Found, header: str) -> int:
    """The column with a header; 0 if there is none."""
    head = found.grid.head.get(found.header_row, {})
    wanted = vocabulary.key(header)
    return next((column for column, text in head.items() if vocabulary.key(text) == wanted), 0)


def _of_column(found: Found, header: str, findings: Findings) -> pl.Series:
    """What stands in a column, for each row of some findings."""
    column = _column(found, header)
    if not column:
        return _same("", findings)
    [told] = texts(found, [column], findings.frame[ROW])
    return pl.Series([values.text("text", one) for one in told], dtype=pl.String)


def texts(found: Found, columns: Sequence[int], rows: pl.Series | Sequence[int]) -> list[pl.Series]:
    """What stands in some columns of some rows of a table, column by column."""
    there = found.cells.frame if found.cells else pl.DataFrame()
    if not {str(column) for column in columns}.issubset(there.columns):
        there = found.grid.load(columns).frame
    wanted = pl.DataFrame({ROW: rows}, schema={ROW: pl.UInt32})
    part = wanted.join(there, on=ROW, how="left", maintain_order="left")
    return [part[str(column)] for column in columns]


def _fixable(
    found: Found, findings: Findings, profile: Profile, who: str
) -> tuple[dict[str, Details], Details]:
    """Tell what is to be fixed in a cell of the sheet from what is to be fixed elsewhere."""
    told = () if found.told is None else found.told.columns
    rows = findings.frame[ROW]
    inputs: dict[str, Details] = defaultdict(dict)
    others: Details = {}
    for name in (one for one in findings.frame.columns if one in profile.rules):
        rule, details = profile.rules[name], findings.frame[name]
        bad = [
            detail
            for detail in details.drop_nulls().unique().to_list()
            if rules.severity(profile, name, marks.split(detail)[0]) in BAD
        ]
        if rule.who_fixes != who or not bad:
            continue
        kept = details.set(~details.is_in(bad).fill_null(value=False), None)
        field = rule.field or ""
        if field not in found.fields or field in told:
            others[name] = kept
            continue
        # A formula of the master is not overwritten, so its cell takes no answer.
        column = found.fields[field].column
        formulas = rows.is_in([row for row, _ in found.grid.formulas([column])])
        inputs[field][name] = kept.set(formulas, None)
        if (formulas & kept.is_not_null()).any():
            others[name] = kept.set(~formulas, None)
    return {field: own for field, own in inputs.items() if _has_any(own)}, others


def _has_any(details: Details) -> bool:
    return any(one.null_count() < len(one) for one in details.values())

"""Summaries of small tables, as a check makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sheets import rules
from sheets.columns.model import Found, Place
from sheets.grid import Cells, Grid
from sheets.summary import KINDS, Summary, summarise
from tests.rule_tables import AS_OF, PARENT, Row, Sheet, contact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from sheets.rules.model import Findings, Profile


def applying(*hides: str, check: Sequence[str] = (), **settings: Any) -> Profile:
    """A profile in which some rules hide, some are to be checked, and no other is applied."""
    changed = {
        **dict.fromkeys(rules.catalog(), "off"),
        **dict.fromkeys(hides, "hides"),
        **dict.fromkeys(check, "check"),
    }
    return rules.profile(as_of=AS_OF, settings=settings, changed=changed)


def pair(**changes: str | None) -> Row:
    """A student and a contact for whom everything holds, but for what is changed."""
    of = {"student_number": "0071", "username": "amara", "account_enabled": "true"}
    return contact(**{**of, "home_page": PARENT, **changes})


def judged(*sheets: Sheet, by: Profile) -> list[tuple[Found, Findings]]:
    """The place and the findings of each sheet of people."""
    people = [one for one in sheets if one.kind in KINDS]
    findings = rules.evaluate([one.table() for one in sheets], by)
    return [(place(one), found) for one, found in zip(people, findings, strict=True)]


def summarised(*sheets: Sheet, by: Profile) -> Summary:
    """The summary of some sheets that are checked together."""
    links = [one.table() for one in sheets if one.kind == "link"]
    return summarise(judged(*sheets, by=by), by, links)


def place(one: Sheet) -> Found:
    """The place of a table that begins in the first column of its sheet."""
    columns = enumerate(one.headers.items(), 1)
    return Found(
        grid=Grid(one.kind, {}, _nothing),
        kind=one.kind,
        header_row=1,
        last_row=max(one.rows_at, default=1),
        rows=pl.Series(one.rows_at, dtype=pl.UInt32),
        area=None,
        fields={name: Place(header, at) for at, (name, header) in columns},
        unrecognised=(),
        own={},
        cells=None,
    )


def _nothing(_: Collection[int]) -> Cells:
    return Cells(pl.DataFrame(), {}, 0, 0)

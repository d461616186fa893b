"""What changed since an earlier run: what is fixed, what is new, what is still to fix."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from sheets import marks, rollup, rules
from sheets.books.refusals import cannot_read
from sheets.errors import CannotRead
from sheets.report import identity
from sheets.rules.model import DUPLICATE, REVEALED, ROW, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from sheets.flow import Judged, Outcome
    from sheets.rules.model import Findings, Profile

SCHEMA = 1
"""The newest schema that is understood; see addin/payload.py."""

_BARS = (Severity.HIDES, Severity.UNKNOWN)


class _Finding(BaseModel):
    rule: str
    severity: str


class _Row(BaseModel):
    row: int
    revealed: str = ""
    findings: list[_Finding] = []
    keys: list[str] = []


class _Sheet(BaseModel):
    file: str
    sheet: str
    group: str = ""
    rows: list[_Row]


class _Profile(BaseModel):
    id: str
    version: str
    as_of: str
    settings: dict[str, Any]


class Earlier(BaseModel):
    """An earlier run, as its JSON tells it: schema 1, as far as it is needed here."""

    reveal: int
    profile: _Profile
    sheets: list[_Sheet]
    salt: str = Field(default="", pattern="^(?:[0-9a-f]{2}){0,64}$")


@dataclass(frozen=True, slots=True)
class CauseChange:
    """What changed about one rule that hides, or that an input is lacking for, in rows."""

    rule: str
    fixed: int
    new: int
    still: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since an earlier run, in rows that are hidden or cannot be told.

    Attributes:
        as_of: The day of the earlier run.
        fixed: Hidden or not known then, revealed now.
        new: Hidden or not known now, and not so then.
        added: How many of the new ones were not in the files then.
        still: Hidden or not known then and now.
        gone: Hidden or not known then, and not in the files any more.
        causes: Each cause that was there then or is now, the most helpful first.
        notes: What people should know to read these numbers.
    """

    as_of: str
    fixed: int
    new: int
    added: int
    still: int
    gone: int
    causes: Sequence[CauseChange]
    notes: Sequence[str]

    @property
    def sentence(self) -> str:
        """All in one line.

        Example:
            >>> Changes("2026-11-16", 37, 4, 0, 63, 0, [], []).sentence
            'Since 2026-11-16: 37 fixed, 4 new, 63 still to fix.'
        """
        return (
            f"Since {self.as_of}: {self.fixed:,} fixed, {self.new:,} new, "
            f"{self.still:,} still to fix."
        )


def read(path: Path) -> Earlier:
    """Read what an earlier `reveal check --json` printed.

    Raises:
        CannotRead: It is not there, is something else, or is of a newer Reveal.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise cannot_read(error, path) from error
    try:
        # PowerShell writes UTF-16 with a mark in front, which this understands, too.
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _foreign(path) from error
    schema = data.get("reveal") if isinstance(data, dict) else None
    if type(schema) is int and schema > SCHEMA:
        raise CannotRead(
            "This was written by a newer Reveal.", hint="Update Reveal.", where=path.name
        )
    try:
        earlier = Earlier.model_validate(data)
    except ValidationError as error:
        raise _foreign(path) from error
    if earlier.reveal != SCHEMA:
        raise _foreign(path)
    return earlier


def _foreign(path: Path) -> CannotRead:
    return CannotRead(
        "This is not what an earlier `reveal check --json` printed, or not all of it.",
        hint="Save it with: reveal check FILE --json > earlier.json",
        where=path.name,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A row of one of the runs: whether it is hidden or not known, why, and what finds it again."""

    barred: bool
    causes: frozenset[str]
    keys: Sequence[str]
    place: tuple[str, str, str, int]


def compare(outcome: Outcome, earlier: Earlier) -> Changes:
    """Find the rows of an earlier run again and say what became of them.

    Args:
        outcome: What was found now.
        earlier: What was found then.
    """
    then, now = list(_then(earlier)), list(_now(outcome, earlier.salt))
    was = _matched(then, now, by_key=bool(earlier.salt))
    met = {at for at in was if at is not None}
    pairs = [(None if at is None else then[at], row) for at, row in zip(was, now, strict=True)]
    still = sum(old is not None and old.barred and row.barred for old, row in pairs)
    changes = Changes(
        as_of=earlier.profile.as_of,
        fixed=sum(old is not None and old.barred and not row.barred for old, row in pairs),
        new=sum(row.barred for row in now) - still,
        added=sum(old is None and row.barred for old, row in pairs),
        still=still,
        gone=sum(row.barred for at, row in enumerate(then) if at not in met),
        causes=_causes(pairs),
        notes=(),
    )
    return dataclasses.replace(changes, notes=tuple(_notes(changes, earlier, outcome.profile)))


def _then(earlier: Earlier) -> Iterator[_Seen]:
    """The rows of the earlier run that were counted."""
    bars = frozenset(_BARS)
    for sheet in earlier.sheets:
        for row in sheet.rows:
            rules_told = [one.rule for one in row.findings]
            if row.revealed and DUPLICATE not in rules_told:
                yield _Seen(
                    row.revealed != Verdict.YES,
                    frozenset(one.rule for one in row.findings if one.severity in bars),
                    row.keys,
                    (_plain(sheet.file), sheet.sheet, sheet.group, row.row),
                )


def _now(outcome: Outcome, salt: str) -> Iterator[_Seen]:
    """The rows of this run that are counted."""
    for one in outcome.judged:
        for findings in one.findings:
            yield from _of(one, findings, outcome.profile, salt)


def _of(one: Judged, findings: Findings, profile: Profile, salt: str) -> Iterator[_Seen]:
    frame = findings.frame
    bars = {name: _barring(frame[name], profile) for name in frame.columns if name in profile.rules}
    keys = identity.of_table(findings.table, salt) if salt else [()] * frame.height
    place = (_plain(one.book.name), one.found.grid.title, one.found.group)
    again = rollup.duplicates(frame)
    for values, key, twice in zip(frame.iter_rows(named=True), keys, again, strict=True):
        if not twice:
            yield _Seen(
                values[REVEALED] != Verdict.YES,
                frozenset(name for name, details in bars.items() if values[name] in details),
                key,
                (*place, values[ROW]),
            )


def _barring(details: pl.Series, profile: Profile) -> frozenset[str]:
    """Those of a rule's details that hide, or for which an input is lacking."""
    return frozenset(
        detail
        for detail in details.drop_nulls().unique().to_list()
        if rules.severity(profile, details.name, marks.split(detail)[0]) in _BARS
    )


def _plain(file: str) -> str:
    """The name of a file without what Reveal adds to that of its result."""
    return file.replace(".checked.", ".")


def _matched(then: Sequence[_Seen], now: Sequence[_Seen], *, by_key: bool) -> list[int | None]:
    """For each row of now the row of then that is the same person.

    The surest key of each comes first, so that a weaker one never takes away somebody's own row.
    Where several rows have one key, the first is the first. A row that has no key goes by where
    it stands.
    """
    names = [row.keys if by_key and row.keys else (row.place,) for row in then]
    waiting: dict[object, deque[int]] = defaultdict(deque)
    for at, keys in enumerate(names):
        for key in keys:
            waiting[key].append(at)
    found: list[int | None] = [None] * len(now)
    taken: set[int] = set()
    for rank in (0, 1):
        for at, row in enumerate(now):
            mine = row.keys if by_key and row.keys else (row.place,)
            if found[at] is None and rank < len(mine):
                candidates = waiting[mine[rank]]
                while candidates and candidates[0] in taken:
                    candidates.popleft()
                if candidates:
                    taken.add(candidates[0])
                    found[at] = candidates.popleft()
    return found


def _causes(pairs: Iterable[tuple[_Seen | None, _Seen]]) -> list[CauseChange]:
    """What changed, cause by cause, of the rows that are in the files now."""
    counted: dict[str, list[int]] = {}
    for old, row in pairs:
        before = old.causes if old else frozenset[str]()
        for at, told in enumerate((before - row.causes, row.causes - before, before & row.causes)):
            for rule in told:
                counted.setdefault(rule, [0, 0, 0])[at] += 1
    changes = [CauseChange(rule, *numbers) for rule, numbers in counted.items()]
    return sorted(changes, key=lambda one: (-one.fixed, -one.new, -one.still, one.rule))


def _notes(changes: Changes, earlier: Earlier, profile: Profile) -> Iterator[str]:
    if changes.added:
        yield f"Of the new ones {changes.added:,} were not in the files then."
    if changes.gone:
        yield (
            f"{changes.gone:,} more that {'was' if changes.gone == 1 else 'were'} to fix then "
            f"{'is' if changes.gone == 1 else 'are'} not in the files any more."
        )
    if not earlier.salt:
        yield (
            "The earlier result has no keys, so rows were compared by their numbers: where rows "
            "were sorted, added or deleted since, these numbers are wrong."
        )
    if not _same_rules(earlier.profile, profile):
        yield (
            f"The earlier check went by {earlier.profile.id}, version {earlier.profile.version}, "
            "or by other settings: part of the change may come from that."
        )


def _same_rules(then: _Profile, now: Profile) -> bool:
    settings = json.loads(json.dumps(dataclasses.asdict(now.settings), default=str))
    return (then.id, then.version) == (now.id, now.version) and all(
        settings.get(name) == value for name, value in then.settings.items()
    )

"""A Google spreadsheet: read in one request, written in one request."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets.books.google import batch, formats, grids, mending, ownsheets, snapshot
from sheets.books.google.wire import Lost, Refused
from sheets.errors import CannotRead, CannotWrite
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.google.batch import Change, Request, Wanted
    from sheets.books.google.snapshot import Snapshot, Tab
    from sheets.books.google.wire import Wire
    from sheets.grid import Grid, OwnSheet, Patch

LIMIT = 2_000_000
"""Bytes of one request; Google advises to send no more. A tab is never divided."""

_LARGEST_ID = 2**31 - 1
_RESENDS = 2
"""So often a write is sent again of which it turned out that it was not done."""


class GoogleBook:
    """A spreadsheet of Google Sheets, which others may edit at the same time.

    Args:
        wire: Requests about it.

    Attributes:
        unsure: Tab and cell of the office's cells that a write has hit, and of which it is not
            known what they held.
        changed: How many cells it has written.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._now: Snapshot | None = None
        self._fresh = False
        self._amends: dict[int, Wanted] = {}
        self._formats: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
        self.unsure: list[tuple[str, str]] = []
        self.changed = 0
        self._clears = False

    @property
    def name(self) -> str:
        """Its title once it was read, before that its id."""
        return self._now.title if self._now and self._now.title else self._wire.id

    @property
    def calls(self) -> int:
        """How many requests were sent so far."""
        return self._wire.calls

    @property
    def settled(self) -> bool:
        """Whether it holds what was written for what it holds.

        If not, somebody has edited it meanwhile: what `read` gives then is what it holds now, and
        people are to be judged again.
        """
        return not self._fresh

    def read(self) -> Sequence[Grid]:
        """Read all tabs, in their order; after an unsettled write without a request.

        Raises:
            CannotRead: It is not there, not shared, or the server does not answer.
        """
        if not self._fresh or self._now is None:
            self._now = self._read()
        self._fresh = False
        return [grids.of(tab) for tab in self._now.tabs]

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets; see `settled` for what others have edited meanwhile.

        Raises:
            SheetNotFound: A patch names a tab that is not here.
            PlaceTaken: A cell that is needed holds a formula or somebody else's content.
            CannotWrite: It may not be changed, or the server does not take it.
        """
        now = self._now or self._read()
        self._now = now
        made = batch.changes(now, patches, self._amends, self.name)
        self._clears = _clears(now, made, own)
        sheets = [] if own is None else ownsheets.requests(now, own, self.name)
        back = [
            {"addConditionalFormatRule": {"index": at, "rule": rule}}
            for tab in now.tabs
            for at, rule in self._formats.get(tab.id, ())
        ]
        for part in _parts(made, [*back, *sheets]):
            self._send(*part)
            if self._fresh:
                break

    def mend(self) -> None:
        """Put back what the last write has hit by mistake, without any verdict beside it."""
        self.write(())

    def _read(self) -> Snapshot:
        return snapshot.of(self._wire.read(snapshot.MASK))

    def _send(self, changes: Sequence[Change], more: Sequence[Request]) -> None:
        """Send one part of a write, and look at what the tabs hold then."""
        assert self._now is not None  # noqa: S101 - nothing is written before it is read
        before = self._now
        token = _next(before, self._wire.id)
        fence = list(_fence(before, token))
        # Where nothing of Reveal's is left, what it was fenced with goes, too.
        gone = [_without(token)] if self._clears else []
        told = (request for one in changes for request in one.requests)
        after, done = self._done(
            [*fence, *told, *more, *gone], before, None if self._clears else token
        )
        self.changed += sum(len(one.cells) for one in changes) if done else 0
        self._amends, self._formats = {}, {}
        mended: dict[int, Tab] = {}
        for change in changes:
            tab = after.tab(change.tab.id)
            if tab is None:
                self._fresh = True
                continue
            if done and mending.is_settled(change, tab) and not formats.lost(change.tab, tab):
                continue
            self._fresh = True
            if done:
                found = mending.mend(change, tab)
                mended[tab.id] = found.tab
                self._amends[tab.id] = found.amends
                self._formats[tab.id] = formats.lost(change.tab, tab)
                self.unsure += [(tab.title, Area.cell(*at)) for at in found.unsure]
        self._now = replace(after, tabs=[mended.get(tab.id, tab) for tab in after.tabs])

    def _done(
        self, requests: Sequence[Request], before: Snapshot, token: int | None
    ) -> tuple[Snapshot, bool]:
        """What the spreadsheet holds after a write, and whether it was done."""
        body = {"requests": requests, "includeSpreadsheetInResponse": True}
        mask = f"updatedSpreadsheet({snapshot.MASK})"
        for _ in range(_RESENDS + 1):
            try:
                answer = self._wire.write(body, mask)
                return snapshot.of(answer["updatedSpreadsheet"]), True
            except (Lost, Refused) as problem:
                refused = isinstance(problem, Refused)
            try:
                now = self._read()
            except CannotRead as error:
                raise CannotWrite(
                    "Google Sheets has stopped to answer while Reveal wrote.",
                    hint="Run it again: what was written is found then, and made whole.",
                    where=self.name,
                ) from error
            if now.token == token:
                return now, True
            if now != before:
                return now, False
            if refused:
                break
        raise CannotWrite(
            "Google Sheets does not take what Reveal writes.",
            hint="Nothing was changed. Try again in a few minutes.",
            where=self.name,
        )


def _parts(
    changes: Sequence[Change], more: Sequence[Request]
) -> Iterator[tuple[Sequence[Change], Sequence[Request]]]:
    """Divide a write by tabs, so that no part is much larger than `LIMIT`."""
    part: list[Change] = []
    size = 0
    for change in changes:
        if part and size + change.size > LIMIT:
            yield part, ()
            part, size = [], 0
        part.append(change)
        size += change.size
    if part or more:
        yield part, more


def _next(now: Snapshot, id_: str) -> int:
    """The id of the next write: two that have read the same cannot both be done."""
    if now.token is None:
        return zlib.crc32(id_.encode()) % (_LARGEST_ID // 2) + 1
    return now.token % _LARGEST_ID + 1


def _fence(now: Snapshot, token: int) -> Iterator[Request]:
    """What makes a write refused that has been done already."""
    yield {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": token,
                "metadataKey": snapshot.RUN,
                "visibility": "DOCUMENT",
                "location": {"spreadsheet": True},
            }
        }
    }
    if now.token is not None:
        yield _without(now.token)


def _without(token: int) -> Request:
    found = {"developerMetadataLookup": {"metadataId": token}}
    return {"deleteDeveloperMetadata": {"dataFilter": found}}


def _clears(now: Snapshot, changes: Sequence[Change], own: Sequence[OwnSheet] | None) -> bool:
    """Whether nothing of Reveal's will be left."""
    changed = {one.tab.id for one in changes}
    others = [tab for tab in now.tabs if tab.id not in changed]
    stays = any(tab.own or (own is None and grids.of(tab).is_own) for tab in others)
    return not (stays or own or not changes) and all(one.clears for one in changes)

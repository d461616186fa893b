"""A Google spreadsheet: read in one request, written in one request."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sheets.books.google import (
    batch,
    cells,
    formats,
    grids,
    mending,
    ownsheets,
    snapshot,
    verdicts,
)
from sheets.books.google.batch import Amends
from sheets.books.google.wire import Lost, Refused
from sheets.errors import CannotRead, CannotWrite, RevealError
from sheets.grid import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.books.google.batch import Change, Request
    from sheets.books.google.snapshot import Snapshot, Tab
    from sheets.books.google.wire import Wire
    from sheets.grid import Grid, OwnSheet, Patch

LIMIT = 2_000_000
"""Bytes of one request; Google advises to send no more. A tab is never divided."""

_LARGEST_ID = 2**31 - 1
_TRIES = 3
"""So often a write is sent of which it turns out that it was not done."""


class GoogleBook:
    """A spreadsheet of Google Sheets, which others may edit at the same time.

    Args:
        wire: Requests about it.

    Attributes:
        unsure: Tab and place of cells that a write has hit and that may be the office's, where it
            is not known what they held.
        changed: How many cells it has written.
        unkeyed: Name of a tab -> how many of its rows show no verdict, since verdicts are looked
            up there (`OwnColumn.keys`) and no id is theirs alone.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        # What Google has told last, and the same as it will be once `_amends` are put right.
        self._there: Snapshot | None = None
        self._now: Snapshot | None = None
        self._fresh = False
        self._amends: dict[int, Amends] = {}
        self.unsure: list[tuple[str, str]] = []
        self.changed = 0
        self.unkeyed: Mapping[str, int] = {}

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
        return not (self._fresh or self._amends)

    def read(self) -> Sequence[Grid]:
        """Read all tabs, in their order; after an unsettled write without a request.

        Raises:
            CannotRead: It is not there, not shared, or the server does not answer.
        """
        if self._now is None or self.settled:
            self._now = self._there = self._read()
        self._fresh = False
        return [
            verdicts.grid(tab) if tab.id == verdicts.ID else grids.of(tab) for tab in self._now.tabs
        ]

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets; see `settled` for what others have edited meanwhile.

        Raises:
            SheetNotFound: A patch names a tab that is not here.
            PlaceTaken: A cell that is needed holds a formula or somebody else's content.
            CannotWrite: It may not be changed, or the server does not take it.
        """
        if self._now is None:
            self._now = self._there = self._read()
        plan = verdicts.plan(self._now, patches, self.name, tidies=own is not None)
        self.unkeyed = plan.unkeyed
        looked_up = batch.changes(self._now, patches, self._amends, self.name, plan.lookups)
        made = [*plan.changes, *looked_up]
        sheets = [] if own is None else ownsheets.requests(self._now, own, self.name)
        clears = _clears(self._now, made, own)
        self._fresh = False
        parts = list(_parts(made, [*sheets, *plan.gone]))
        for at, part in enumerate(parts, 1):
            self._send(*part, clears=clears and at == len(parts))
            if self._fresh:
                break

    def mend(self) -> None:
        """Put back what the last write has hit by mistake, without any verdict beside it.

        It raises nothing. What cannot be put back is in `unsure`.
        """
        with suppress(RevealError):
            for _ in range(_TRIES):
                self.write(())
                if not self._amends:
                    break
        for tab in list(self._amends):
            self._give_up(tab)

    def _read(self) -> Snapshot:
        return snapshot.of(self._wire.read(snapshot.MASK))

    def _send(
        self, changes: Sequence[Change], more: Sequence[Request], *, clears: bool = False
    ) -> None:
        """Send one part of a write, and look at what the tabs hold then.

        Args:
            changes: What is changed on tabs.
            more: What is done besides.
            clears: Nothing of Reveal's is left then, so what it is fenced with goes, too.
        """
        before, there = self._now, self._there
        assert before is not None  # noqa: S101 - nothing is written before it is read
        assert there is not None  # noqa: S101 - the same
        token = _next(before, self._wire.id)
        told = (request for one in changes for request in one.requests)
        gone = [_without(token)] if clears else []
        after, done = self._done(
            [*_fence(before, token), *told, *more, *gone], there, None if clears else token
        )
        mended: dict[int, Tab] = {}
        self.changed += sum(len(one.cells) for one in changes) if done else 0
        # Of several changes of one tab the last one knows of those before.
        last = {one.tab.id: one for one in changes if done}
        for change in last.values():
            self._amends.pop(change.tab.id, None)
            if hit := self._look(change, after):
                mended[change.tab.id] = hit
        self._fresh = bool(mended) or not done or verdicts.is_renamed(before, after)
        # What waits for a later write is as it will be then, unless somebody edits it once more.
        for id_ in self._amends.keys() - mended.keys():
            tab = before.tab(id_)
            if tab is not None and there.tab(id_) == after.tab(id_):
                mended[id_] = tab
            else:
                self._give_up(id_)
        self._there = after
        self._now = replace(after, tabs=[mended.get(tab.id, tab) for tab in after.tabs])

    def _look(self, change: Change, now: Snapshot) -> Tab | None:
        """Note what a write has hit by mistake; the tab without that, or None if it hit nothing."""
        after = now.tab(change.tab.id)
        assert after is not None  # noqa: S101 - what names a tab that is gone is not done
        lost = formats.lost(change.tab, after)
        if mending.is_settled(change, after) and not lost:
            return None
        if after.id == verdicts.ID:
            # All of it is Reveal's: it is written anew from what it holds now.
            return after
        found = mending.mend(change, after)
        if found.amends or lost or found.widths:
            self._amends[after.id] = Amends(found.amends, lost, found.widths)
        self.unsure += [(after.title, area.ref) for area in found.unsure]
        return found.tab

    def _give_up(self, id_: int) -> None:
        """Leave to people what cannot be put back with certainty."""
        hit = self._amends.pop(id_).cells
        tab = self._now.tab(id_) if self._now else None
        title = tab.title if tab else ""
        self.unsure += [(title, Area.cell(*at)) for at in sorted(hit) if cells.holds(hit[at])]

    def _done(
        self, requests: Sequence[Request], before: Snapshot, token: int | None
    ) -> tuple[Snapshot, bool]:
        """What the spreadsheet holds after a write, and whether it was done.

        Args:
            requests: All that is to be done, or nothing of it.
            before: What it held.
            token: By which it is known that it was done.
        """
        body = {
            "requests": requests,
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
        }
        mask = f"updatedSpreadsheet({snapshot.MASK})"
        lost = False
        refused = ""
        for _ in range(_TRIES):
            try:
                answer = self._wire.write(body, mask)
                return snapshot.of(answer["updatedSpreadsheet"]), True
            except Lost:
                lost = True
            except Refused as refusal:
                refused = str(refusal)
            try:
                now = self._read()
            except CannotRead as error:
                raise CannotWrite(
                    "Google Sheets has stopped to answer while Reveal wrote.",
                    hint="Run it again: what was written is found then, and made whole.",
                    where=self.name,
                ) from error
            if lost and now.token == token != before.token:
                return now, True
            if now != before:
                return now, False
            if refused:
                break
        raise CannotWrite(
            f"Google Sheets does not take what Reveal writes ({refused or 'no answer'}).",
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
        more_size = change.size
        if part and size + more_size > LIMIT:
            yield part, ()
            part, size = [], 0
        part.append(change)
        size += more_size
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
    changed = {verdicts.ID, *(one.tab.id for one in changes)}
    others = [tab for tab in now.tabs if tab.id not in changed]
    stays = any(tab.own or (own is None and grids.of(tab).is_own) for tab in others)
    return not (stays or own) and all(one.clears for one in changes)

"""How things stand with what was handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from addin.splitting import FOLDER
from sheets.errors import CannotRead
from sheets.handback import store
from sheets.handback.words import called

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sheets.handback.store import Status

_COLUMNS = f"  {'sent':>7}{'left':>7}  {'due':<12}{'returned':<12}{'':<9}school"


def read(folder: Path | None) -> Sequence[Status]:
    """Read the record of a folder.

    Args:
        folder: Where the packets lie; None for this folder, or the usual one in it.

    Raises:
        CannotRead: Nothing was handed out from there, or the record is damaged.
    """
    places = [folder] if folder else [Path(FOLDER), Path()]
    for place in places:
        if (place / store.NAME).is_file():
            return store.status(place)
    raise CannotRead(
        "Nothing was handed out from here.",
        hint="Name the folder with the packets: reveal handback status DIR",
        where=str(folder or Path.cwd().name),
    )


def report(found: Sequence[Status], today: dt.date, *, as_json: bool) -> Iterator[str]:
    """Yield what is printed."""
    if as_json:
        yield json.dumps(
            {"reveal": 1, "status": [_payload(one, today) for one in found]}, ensure_ascii=False
        )
        yield "\n"
        return
    yield f"{headline(found, today)}\n"
    batch = ""
    for one in found:
        if one.batch != batch:
            batch = one.batch
            yield f"\nHanded out on {one.made.isoformat()} (batch {batch})\n{_COLUMNS}\n"
        due = one.due.isoformat() if one.due else ""
        returned = one.returned.isoformat() if one.returned else ""
        late = "overdue" if one.overdue(today) else ""
        yield (
            f"  {one.sent:>7,}{one.left:>7,}  {due:<12}{returned:<12}{late:<9}{called(one.label)}\n"
        )


def headline(found: Sequence[Status], today: dt.date) -> str:
    """The one sentence that says most.

    Example:
        >>> import datetime as dt
        >>> from sheets.handback.store import Status
        >>> day = dt.date(2026, 12, 4)
        >>> one = Status("b", "Adams", "a.xlsx", day, day, None, 12, 3)
        >>> headline([one], dt.date(2026, 12, 5))
        '3 of 12 rows are left; 0 of 1 packets have come back; 1 is overdue.'
    """
    sent, left = sum(one.sent for one in found), sum(one.left for one in found)
    back = sum(one.returned is not None for one in found)
    late = sum(one.overdue(today) for one in found)
    told = f"{left:,} of {sent:,} rows are left; {back:,} of {len(found):,} packets have come back"
    return told + (f"; {late:,} {'is' if late == 1 else 'are'} overdue." if late else ".")


def _payload(one: Status, today: dt.date) -> dict[str, object]:
    return {
        "batch": one.batch,
        "to": one.label,
        "file": one.file,
        "made": one.made.isoformat(),
        "due": one.due.isoformat() if one.due else None,
        "returned": one.returned.isoformat() if one.returned else None,
        "sent": one.sent,
        "left": one.left,
        "conflicts": one.conflicts,
        "refused": one.refused,
        "overdue": one.overdue(today),
    }

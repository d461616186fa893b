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
    found = store.status(folder) if folder else beside(Path())
    if found:
        return found
    raise CannotRead(
        "Nothing was handed out from here.",
        hint="Name the folder with the packets: reveal handback status DIR",
        where=str(folder or Path.cwd().name),
    )


def beside(folder: Path) -> Sequence[Status]:
    """What is known of what was handed out from a folder: from the usual one in it, or itself."""
    return store.status(folder / FOLDER) or store.status(folder)


def report(found: Sequence[Status], today: dt.date, *, as_json: bool) -> Iterator[str]:
    """Yield what is printed."""
    if as_json:
        yield json.dumps(
            {"reveal": 1, "status": [_payload(one, today) for one in found]}, ensure_ascii=False
        )
        yield "\n"
        return
    yield f"{store.headline(found, today)}\n"
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

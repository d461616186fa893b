"""The report of a check: where it goes, and when it is written."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from addin import handbackstatus, outputs
from addin.progress import stage
from sheets.errors import CannotRead
from sheets.report import page, saving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.outputs import Target
    from sheets.flow import Outcome
    from sheets.handback.store import Status
    from sheets.report.since import Changes


def require(target: Path, targets: Sequence[Target]) -> None:
    """Refuse a place for the report before any work is done; see `sheets.report`."""
    saving.require_report(target, [path for one in targets for path in (one.source, one.out)])


def save(
    outcome: Outcome,
    target: Path,
    targets: Sequence[Target],
    written: Sequence[Path],
    changes: Changes | None = None,
) -> None:
    """Write the report.

    Args:
        outcome: What was found.
        target: Where the report goes.
        targets: The files that were checked; the report gets the rights of the first.
        written: The results that are there already.
        changes: What has changed since an earlier run, if that is asked for.

    Raises:
        CannotWrite: The report cannot be saved; the message says which results were.
    """
    with stage("Writing the report"), outputs.naming(written):
        handed_out: Sequence[Status] = ()
        # A record that is damaged is no reason to be without a report.
        with suppress(CannotRead):
            handed_out = handbackstatus.beside(targets[0].source.parent)
        saving.save(page.render(outcome, changes, handed_out), target, targets[0].source)

"""`reveal handback`: hand the rows to fix to who can fix them, and take the answers back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from addin import options
from addin.printing import tell

if TYPE_CHECKING:
    import datetime as dt

    from addin.choosing import Asked

_SPLIT_EXAMPLES = """
\b
Examples:
  reveal handback split students.xlsx contacts.xlsx accounts.csv --due 2026-12-04
  reveal handback split contacts.xlsx --by who-can-fix --dry-run
  reveal handback split contacts.xlsx --by "Homeroom" --language es --ask "Pat Quill, 555-0123"
"""
_MERGE_EXAMPLES = """
\b
Examples:
  reveal handback merge contacts.xlsx accounts.csv --from returned/
  reveal handback merge contacts.xlsx --from Adams.xlsx --from Lake.csv --apply
  reveal handback merge contacts.xlsx --from returned/ --prefer office --apply
"""


@click.group()
def handback() -> None:
    """Hand each school the rows that it can fix, and take the answers back."""


@handback.command(epilog=_SPLIT_EXAMPLES)
@options.paths
@click.option(
    "--by",
    metavar="WHAT",
    default="school",
    show_default=True,
    help="One packet for each school; or who-can-fix; or the header of a column.",
)
@click.option(
    "--due",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day by which the answers are to come back (YYYY-MM-DD).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help='Where the packets go; else "handback" beside the first file.',
)
@click.option(
    "--language",
    type=click.Choice(["en", "es"]),
    default="en",
    show_default=True,
    help="Of the packets and letters.",
)
@click.option("--ask", metavar="WHOM", default="", help="Whom to ask, and who gets the answers.")
@click.option("--dry-run", is_flag=True, help="Say what would be handed out; write nothing.")
@options.rules
@options.fields
@options.as_of
@options.sheet
@options.as_json
def split(  # noqa: PLR0917 - click calls it by keyword
    paths: tuple[Path, ...],
    by: str,
    due: dt.datetime | None,
    out: Path | None,
    language: str,
    ask: str,
    asked: Asked,
    mapping: tuple[str, ...],
    as_of: dt.datetime | None,
    sheets: tuple[str, ...],
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Make a workbook for each school with the rows that it can fix, and a letter to it.

    Each holds only the rows to fix and the columns that this takes. The letters lie beside them as
    drafts for your mail program: Reveal sends nothing.
    """
    from datetime import datetime

    from addin import choosing, outputs, splitting

    files = outputs.inputs(paths)
    choice = choosing.choose(asked, files, as_of)
    wanted = splitting.Wanted(
        by=by,
        made=(as_of or datetime.now().astimezone()).date(),
        due=due.date() if due else None,
        out=out,
        language=language,
        ask=ask,
    )
    done = splitting.run(
        files,
        choice,
        wanted,
        mapping=options.mapping(mapping),
        sheets=sheets,
        write=not dry_run,
    )
    tell(splitting.report(done, as_json=as_json))
    total = done.outcome.summary.total
    return 0 if total.yes == total.total else 1


@handback.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@options.as_of
@options.as_json
def status(folder: Path | None, as_of: dt.datetime | None, *, as_json: bool) -> int:
    """Say for each packet what was sent, what has come back, what is left and what is overdue.

    DIR is where the packets lie; without it, "handback" here, or this folder itself.
    """
    from datetime import datetime

    from addin import handbackstatus

    found = handbackstatus.read(folder)
    today = (as_of or datetime.now().astimezone()).date()
    tell(handbackstatus.report(found, today, as_json=as_json))
    return 1 if any(one.left for one in found) else 0


@handback.command(epilog=_MERGE_EXAMPLES)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="MASTER..."
)
@click.option(
    "--from",
    "sources",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A file that came back, or a folder of them (may be repeated).",
)
@click.option("--apply", is_flag=True, help="Write the answers into the master; backups are kept.")
@click.option(
    "--prefer",
    type=click.Choice(["master", "office"]),
    help="Whose value counts where both have changed it; else neither is written.",
)
@click.option("--allow-blank", is_flag=True, help="Let cells that came back empty empty others.")
@click.option(
    "--allow-doubtful", is_flag=True, help="Take answers, too, that a rule says to look at."
)
@click.option("--batch", metavar="ID", default="", help="Take what was handed out then.")
@click.option(
    "--hold",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Write nothing if more than so many of the master's values would be replaced.",
)
@options.rules
@options.fields
@options.as_of
@options.sheet
@options.as_json
def merge(  # noqa: PLR0917 - click calls it by keyword
    paths: tuple[Path, ...],
    sources: tuple[Path, ...],
    prefer: str | None,
    batch: str,
    hold: float | None,
    asked: Asked,
    mapping: tuple[str, ...],
    as_of: dt.datetime | None,
    sheets: tuple[str, ...],
    *,
    apply: bool,
    allow_blank: bool,
    allow_doubtful: bool,
    as_json: bool,
) -> int:
    """Merge what came back into the master, cell by cell.

    A cell is taken if it was changed there and not in the master since. What both have changed is
    listed, and so is everything that is not taken. Without --apply nothing is written.
    """
    # A large district is judged again and again: what one time needed is free for the next at once.
    # It counts for what is loaded from here on.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")
    from addin import choosing, merging, outputs
    from sheets.handback.merge import Policy
    from sheets.handback.taking import Asked as Wanted

    files = outputs.inputs(paths)
    choice = choosing.choose(asked, files, as_of)
    result = merging.run(
        files,
        merging.returned(sources, files),
        choice,
        Wanted(Policy(prefer or "", allow_blank=allow_blank), doubtful=allow_doubtful, batch=batch),
        mapping=options.mapping(mapping),
        sheets=sheets,
    )
    held = merging.held(result, hold)
    if apply and held is None:
        result = merging.write(result)
    tell(merging.report(result, as_json=as_json))
    if held is not None:
        raise held
    return 0 if result.is_well else 1

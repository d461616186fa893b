"""The command line: `reveal check`, `clear`, `sync`, `explain`, `columns`, `demo` and more.

Data goes to standard output, words about the work to standard error. Exit codes: 0 everyone is
revealed; 1 someone is hidden or cannot be told; 2 wrong usage; 3 cannot read or understand;
4 cannot write; 130 stopped.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from addin import excel, google, handback, options
from addin.printing import tell
from sheets import __version__
from sheets.errors import CannotWrite, RevealError, WrongUsage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.choosing import Asked
    from sheets.summary import Summary

_EXIT_HIDDEN, _EXIT_USAGE, _EXIT_READ, _EXIT_WRITE, _EXIT_STOPPED = 1, 2, 3, 4, 130

_CHECK_EXAMPLES = """
\b
Examples:
  reveal check contacts.xlsx
  reveal check roster.xlsx contacts.xlsx accounts.csv
  reveal check contacts.xlsx --map "Home Phone=Other Phone"
  reveal check contacts.xlsx --dry-run
  reveal check contacts.xlsx --report report.html
  reveal check contacts.xlsx --since last-week.json --json > this-week.json
  reveal check contacts.xlsx --profile oneroster-1.1 --pack vendor
  reveal check exports/*.parquet --engine duckdb --out results
"""
_COMPARE_EXAMPLES = """
\b
Examples:
  reveal compare roster.xlsx contacts.xlsx accounts.csv --api users.json
  reveal compare district/ --api pages.zip --profile oneroster-1.2
"""
_EXPLAIN_EXAMPLES = """
\b
Examples:
  reveal explain
  reveal explain CON-FLD-03
  reveal explain guardian_source
  reveal explain --profile edutech --md > rules.md
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: reveal demo",
)
@click.version_option(__version__, prog_name="reveal")
@click.option("--debug", is_flag=True, help="Show the full trace of an error.")
def reveal(*, debug: bool) -> None:
    """Find who the Infinite Campus API hides, and mark in your own sheet what is missing."""


@reveal.command(epilog=_CHECK_EXAMPLES)
@options.paths
@options.rules
@options.fields
@options.as_of
@options.sheet
@options.out
@click.option("--in-place", is_flag=True, help="Change the file itself; a backup is kept.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@options.roll_up
@options.summary_sheet
@options.as_json
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Write a page for the browser or the printer, too: numbers, causes, rows to fix.",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="EARLIER.json",
    help="Say what has changed since an earlier check: how many are fixed, new, still hidden. The "
    "file is what that check printed with --json.",
)
@click.option(
    "--engine",
    type=click.Choice(["polars", "duckdb", "spark"]),
    help="For Parquet and CSV exports that are too large for a spreadsheet: who computes. The "
    "results are Parquet files in the folder --out; --json then tells the numbers without rows.",
)
@click.option(
    "--master",
    metavar="URL",
    help='For --engine spark: where it runs, such as "spark://host:7077"; else on this computer.',
)
def check(  # noqa: PLR0917 - click calls it by keyword
    paths: tuple[Path, ...],
    asked: Asked,
    mapping: tuple[str, ...],
    as_of: dt.datetime | None,
    sheets: tuple[str, ...],
    out: Path | None,
    *,
    in_place: bool,
    dry_run: bool,
    roll_up: bool,
    summary_sheet: bool,
    as_json: bool,
    report: Path | None,
    since: Path | None,
    engine: str | None,
    master: str | None,
) -> int:
    """Check workbooks and CSV files, and write beside each row whether it is revealed.

    The result is NAME.checked.EXT beside each file, with the columns "Revealed?" and "What to
    fix" and the missing cells in orange. Files given together are judged together. A OneRoster set
    is checked as a folder or as a zip file. Parquet exports, and CSV with --engine, are judged
    without a spreadsheet.
    """
    from addin import checking, choosing, exporting, outputs
    from sheets.flow import Extras

    if exporting.meant(paths, engine) or master:
        unfit = {
            "--in-place": in_place,
            "--dry-run": dry_run,
            "--roll-up": roll_up,
            "--summary-sheet": summary_sheet,
            "--report": report,
            "--since": since,
        }
        folder = exporting.require(out, unfit)
        exports = exporting.inputs(paths)
        chosen = choosing.choose(asked, exports, as_of)
        judged = exporting.run(
            exports,
            folder,
            chosen,
            engine=engine,
            master=master,
            mapping=options.mapping(mapping),
            sheets=sheets,
        )
        tell(exporting.report(judged, as_json=as_json))
        return _exit_code(judged.summary)

    if dry_run and (out or in_place or report):
        raise WrongUsage(
            "--dry-run writes nothing.", hint="Leave out --out, --in-place and --report."
        )
    files = outputs.inputs(paths)
    targets = outputs.targets(files, out, in_place=in_place)
    if report:
        from addin import reporting

        reporting.require(report, targets)
    before = checking.earlier_run(since) if since else None
    choice = choosing.choose(asked, files, as_of)
    outcome, written = checking.run(
        targets,
        choice.profile,
        mapping=options.mapping(mapping),
        standing=choice.standing,
        sheets=sheets,
        extras=Extras(roll_up=roll_up, summary_sheet=summary_sheet),
        write=not dry_run,
    )
    if roll_up and outcome.summary.roll_up is None:
        click.echo("--roll-up needs students and contacts in one check.", err=True)
    changes = checking.changes(outcome, before) if before else None
    if report:
        reporting.save(outcome, report, targets, written, changes)
    tell(
        checking.report(
            outcome, written, as_json=as_json, dry_run=dry_run, page=report, changes=changes
        )
    )
    return _exit_code(outcome.summary)


@reveal.command()
@options.paths
@options.sheet
@options.out
@click.option("--dry-run", is_flag=True, help="Say what would be cleared; write nothing.")
def clear(
    paths: tuple[Path, ...], sheets: tuple[str, ...], out: Path | None, *, dry_run: bool
) -> int:
    """Take away exactly what Reveal wrote (a backup is kept).

    Without --out the file itself is cleared.
    """
    from addin import checking, outputs

    files = outputs.inputs(paths)
    targets = outputs.targets(files, out, in_place=out is None)
    tell(checking.clear(targets, sheets=sheets, write=not dry_run))
    return 0


@reveal.command()
@options.paths
@options.rules
@options.fields
@options.sheet
@options.as_json
def columns(
    paths: tuple[Path, ...],
    asked: Asked,
    mapping: tuple[str, ...],
    sheets: tuple[str, ...],
    *,
    as_json: bool,
) -> int:
    """Show what is understood of each sheet: its kind, its header row, its columns."""
    from addin import checking, choosing, outputs

    files = outputs.inputs(paths)
    choice = choosing.choose(asked, files)
    tell(
        checking.columns(
            files, choice, mapping=options.mapping(mapping), sheets=sheets, as_json=as_json
        )
    )
    return 0


@reveal.command(epilog=_COMPARE_EXAMPLES)
@options.paths
@click.option(
    "--api",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The answer of the API: JSON, CSV of ids, a folder or archive of pages (repeatable).",
)
@options.rules
@options.fields
@options.as_of
@options.sheet
@click.option(
    "--everybody",
    is_flag=True,
    help="The answer is about all kinds of people: those it has none of count as not revealed.",
)
@click.option(
    "--details",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="Name so many rows for each finding.",
)
@options.as_json
def compare(  # noqa: PLR0917 - click calls it by keyword
    paths: tuple[Path, ...],
    api: tuple[Path, ...],
    asked: Asked,
    mapping: tuple[str, ...],
    as_of: dt.datetime | None,
    sheets: tuple[str, ...],
    *,
    everybody: bool,
    details: int,
    as_json: bool,
) -> int:
    """Compare the verdicts with the real answer of your API, and say which rules hold here.

    The answer is a saved copy of what /users of the OneRoster API returns (1.1 or 1.2). Nothing
    is written, and nothing is fetched: Reveal opens no network connection.
    """
    from addin import choosing, comparing, outputs

    files = outputs.inputs(paths)
    choice = choosing.choose(asked, files, as_of)
    result = comparing.run(
        files,
        api,
        choice.profile,
        mapping=options.mapping(mapping),
        standing=choice.standing,
        sheets=sheets,
        everybody=everybody,
    )
    tell(comparing.report(result, as_json=as_json, details=details))
    return 0 if comparing.agrees(result) else _EXIT_HIDDEN


@reveal.command(epilog=_EXPLAIN_EXAMPLES)
@click.argument("rule", required=False, metavar="[RULE|SETTING]")
@options.rules
@click.option("--md", "as_book", is_flag=True, help="Print the whole book of rules as Markdown.")
def explain(rule: str | None, asked: Asked, *, as_book: bool) -> int:
    """Explain one rule or setting, or list them all.

    A reveal.toml in the folder where you are counts as it does for a check.
    """
    from addin import choosing, explaining

    if rule and as_book:
        raise WrongUsage("--md prints all rules.", hint=f"Leave out {rule}, or --md.")
    profile = choosing.choose(asked).profile
    if as_book:
        tell(explaining.book(profile))
    else:
        tell(explaining.one(rule, profile) if rule else explaining.every(profile))
    return 0


@reveal.command(epilog=google.SYNC_EXAMPLES)
@click.argument("targets", nargs=-1, metavar="URL... [PATH...]")
@options.rules
@options.fields
@options.as_of
@options.sheet
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@options.roll_up
@options.summary_sheet
@click.option(
    "--strict",
    is_flag=True,
    help="Let each row look its verdict up by its ids, so that none is ever seen beside another's "
    "row, whatever others edit. Each list needs a column of ids.",
)
@click.option(
    "--hold",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Write nothing if more than so many of the verdicts that stand there would change.",
)
@click.option(
    "--every",
    "interval",
    metavar="TIME",
    help="Again and again, until it is stopped: 30m, 2h.",
)
@click.option(
    "--clear", is_flag=True, help="Take away exactly what Reveal wrote, and nothing else."
)
def sync(targets: tuple[str, ...], *, clear: bool, **given: Any) -> int:
    """Check Google spreadsheets and write beside each row whether it is revealed.

    Each spreadsheet takes one request to read and one to write, whatever the number of its tabs.
    Files on this computer (accounts, relationship types) are looked up, and not written. Without
    an address those of reveal.toml are taken. Google's servers see what you have there anyway;
    nothing goes anywhere else.
    """
    if clear:
        kept = {name: given.pop(name) for name in ("asked", "sheets", "dry_run")}
        _require_unused(given, "--clear takes away what Reveal wrote, and does nothing else.")
        tell(google.clear(targets, **kept))
        return 0
    mapping = options.mapping(given.pop("mapping"))
    done = google.sync(targets, mapping=mapping, tell=lambda piece: tell([piece]), **given)
    return 0 if done is None else _exit_code(done.summary)


reveal.add_command(google.google)
reveal.add_command(handback.handback)
reveal.add_command(excel.addin)
reveal.add_command(excel.doctor)


@reveal.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="reveal-demo",
    help="Where to put the sample and its result.",
)
@click.option(
    "--google",
    "on_google",
    is_flag=True,
    help="Show a sync of Google Sheets instead, with a server on this computer in its place.",
)
def demo(folder: Path | None, *, on_google: bool) -> int:
    """Check a sample workbook of an invented school and say where the result lies."""
    from addin import checking
    from sheets import rules

    if on_google:
        from addin import googledemo

        _require_unused({"folder": folder}, "--google writes no file.")
        tell(googledemo.run())
    else:
        tell(checking.demo(folder or Path("reveal-demo"), rules.profile()))
    return 0


def _require_unused(options: Mapping[str, Any], message: str) -> None:
    """Refuse options of the command that is running which do not go with another one."""
    flags = {option.name: option.opts[0] for option in click.get_current_context().command.params}
    # A number may be 0, and is given all the same.
    given = [
        flags[name] for name, value in options.items() if value or isinstance(value, float | str)
    ]
    if given:
        raise WrongUsage(message, hint=f"Leave out {', '.join(given)}.")


def _exit_code(summary: Summary) -> int:
    return 0 if summary.total.yes == summary.total.total else _EXIT_HIDDEN


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: Without the program's name; those of the process if not given.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [argument for argument in given if argument != "--debug"]
    try:
        result: Any = reveal.main(given, prog_name="reveal", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _stopped()
    except click.ClickException as error:
        error.show()
        return _EXIT_USAGE
    except RevealError as error:
        if debug:
            raise
        return _failed(error)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if debug:
            raise
        return _surprised(error)
    return int(result or 0)


def _stopped() -> int:
    click.echo("Stopped. Nothing more was written.", err=True)
    return _EXIT_STOPPED


def _failed(error: RevealError) -> int:
    """Say what went wrong in one line, and what to do in the next."""
    place = f"{error.where}: " if error.where else ""
    click.echo(f"{click.style('Error', fg='red')}: {place}{error.message}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)
    if isinstance(error, WrongUsage):
        return _EXIT_USAGE
    return _EXIT_WRITE if isinstance(error, CannotWrite) else _EXIT_READ


def _surprised(error: Exception) -> int:
    """Say that Reveal itself is at fault: the place in the code, but no word that may be data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind, file = type(error).__name__, Path(place.filename).name
    click.echo(
        f"{click.style('Error', fg='red')}: Reveal has a fault ({kind} in {file}, line "
        f"{place.lineno}). Nothing more was written.\n"
        "  Please report this line. --debug shows more, which may include what is in your file.",
        err=True,
    )
    return _EXIT_READ


def run() -> None:
    """Entry point of the `reveal` command."""
    sys.exit(main())

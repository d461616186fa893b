"""What `reveal check` does with exports that are too large for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin import console, payload
from addin.progress import stage
from sheets.errors import CannotRead, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.choosing import Choice
    from sheets.exports import Outcome

PARQUET = ".parquet"
_SUFFIXES = (PARQUET, ".csv", ".tsv")


def meant(paths: Sequence[Path], engine: str | None) -> bool:
    """Whether some paths are exports: an engine was named for them, or one of them is Parquet."""
    return engine is not None or any(path.suffix.lower() == PARQUET for path in paths)


def inputs(paths: Sequence[Path]) -> list[Path]:
    """Return the exports that are meant; a folder stands for the exports in it.

    A folder whose name ends with ``.parquet`` is one export in parts.

    Raises:
        CannotRead: A path does not exist, or a folder holds no export.
        WrongUsage: A path is a workbook.
    """
    exports: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CannotRead(
                "There is no such file.", hint="Check the name and the folder.", where=str(path)
            )
        if path.suffix.lower() in _SUFFIXES:
            exports.append(path)
        elif path.is_dir():
            exports += _inside(path)
        else:
            raise WrongUsage(
                f"{path.name} is neither Parquet nor CSV.",
                hint="Check workbooks without --engine and without Parquet files.",
            )
    return list(dict.fromkeys(exports))


def _inside(folder: Path) -> list[Path]:
    inside = sorted(one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES)
    if not inside:
        raise CannotRead(
            "There is no Parquet or CSV file in this folder.",
            hint=f"The folder of one export in parts must have a name that ends with {PARQUET}.",
            where=str(folder),
        )
    return inside


def require(out: Path | None, unfit: Mapping[str, object]) -> Path:
    """Return the folder for the results, and refuse options that are for sheets.

    Args:
        out: What --out says.
        unfit: Option -> what was given for it.

    Raises:
        WrongUsage: An option cannot be meant, or there is no --out.
    """
    given = [name for name, value in unfit.items() if value]
    if given:
        raise WrongUsage(
            f"{given[0]} is for workbooks and CSV files that are checked as sheets.",
            hint="Leave it out, or leave out --engine and Parquet files.",
        )
    if out is None:
        raise WrongUsage(
            "It must be said where the results of exports go.",
            hint="Name a folder: --out results",
        )
    if out.exists() and not out.is_dir():
        raise WrongUsage(f"{out} is no folder.", hint="Name a folder: --out results")
    return out


def run(
    exports: Sequence[Path],
    out: Path,
    choice: Choice,
    *,
    engine: str | None,
    master: str | None,
    mapping: Mapping[str, str],
    sheets: Collection[str],
) -> Outcome:
    """Judge some exports together and write each one's result.

    Raises:
        RevealError: See `sheets.exports.check`.
    """
    from sheets.exports import ENGINES, check

    with stage("Checking"):
        return check(
            exports,
            out,
            choice.profile,
            engine=engine or ENGINES[0],
            master=master,
            mapping=mapping,
            standing=choice.standing,
            sheets=sheets,
        )


def report(outcome: Outcome, *, as_json: bool) -> Iterator[str]:
    """Yield what a check of exports prints."""
    written = [str(one.result) for one in outcome.checked if one.result is not None]
    if as_json:
        known = [(one.path.name, one.found) for one in outcome.checked]
        yield from payload.counts(outcome.profile, outcome.summary, known, written)
        return
    for line in (*console.summary(outcome.summary), ""):
        yield line + "\n"
    for path in written:
        yield f"Result: {path}\n"

"""Which files are meant, and where the results go."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets.errors import CannotRead, RevealError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".xls", ".xlsb", ".ods")
ARCHIVES = (".zip",)
"""Sets of CSV files; beside sheets in a folder such a file is most likely the same, packed."""
_GOOGLE = "docs.google.com"
_PASSED_OVER = ("~$", ".~")


@dataclass(frozen=True, slots=True)
class Target:
    """One input and where its result goes.

    Attributes:
        source: The file that is read.
        out: The file that is written; the source itself when it is changed in place.
    """

    source: Path
    out: Path

    @property
    def in_place(self) -> bool:
        """Whether the source itself is changed (and a backup is kept)."""
        return self.source == self.out


@contextmanager
def naming(written: Sequence[Path]) -> Iterator[None]:
    """Let an error say which results are there already."""
    try:
        yield
    except RevealError as error:
        if written:
            names = ", ".join(path.name for path in written)
            error.hint = f"{error.hint} Already written: {names}.".strip()
        raise


def inputs(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are meant; a folder stands for the sheets in it.

    In a folder, results and backups of Reveal and the lock files of other programs are passed over.

    Raises:
        CannotRead: A path does not exist, or a folder holds no sheet.
        WrongUsage: It is the address of a Google spreadsheet.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            items = sorted(path.iterdir())
            inside = [item for item in items if _is_meant(item, SUFFIXES)]
            inside = inside or [item for item in items if _is_meant(item, ARCHIVES)]
            if not inside:
                raise CannotRead(
                    "There is no workbook or CSV file in this folder.",
                    hint="Name the file itself.",
                    where=str(path),
                )
            files.extend(inside)
        elif path.exists():
            files.append(path)
        elif _GOOGLE in path.parts:
            raise WrongUsage(
                "This is the address of a Google spreadsheet, and no file.",
                hint="For that there is `reveal sync`; with --clear it takes away what it wrote.",
            )
        else:
            raise CannotRead(
                "There is no such file.", hint="Check the name and the folder.", where=str(path)
            )
    return list(dict.fromkeys(files))


def _is_meant(path: Path, endings: Sequence[str]) -> bool:
    ours = ".checked." in path.name or ".backup-" in path.name
    return (
        path.is_file()
        and path.suffix.lower() in endings
        and not ours
        and not path.name.startswith(_PASSED_OVER)
    )


def targets(files: Sequence[Path], out: Path | None, *, in_place: bool) -> list[Target]:
    """Return where each file's result goes: beside it as ``NAME.checked.EXT`` unless told else.

    A file that is such a result itself is corrected and checked again in place.

    Raises:
        WrongUsage: ``--out`` and ``--in-place`` together, or one output for several files, or an
            output that is one of the inputs.
    """
    if out is not None and in_place:
        raise WrongUsage("--out and --in-place cannot both be meant.", hint="Give one of them.")
    if in_place:
        return [Target(file, file) for file in files]
    if out is None:
        return _apart([Target(file, _beside(file)) for file in files])
    folder = out.is_dir() or len(files) > 1 or not out.suffix
    if folder and out.exists() and not out.is_dir():
        raise WrongUsage(
            f"Several files cannot all be written to {out}.", hint="Give --out a folder."
        )
    chosen = [
        Target(file, out / _beside(file, keep=True).name if folder else out) for file in files
    ]
    meant = {file.resolve() for file in files}
    for target in chosen:
        if target.out.resolve() in meant:
            raise WrongUsage(
                f"{target.out} is one of the files to check.",
                hint="Use --in-place to change the file itself; a backup is kept.",
            )
    if folder:
        out.mkdir(parents=True, exist_ok=True)
    return _apart(chosen)


def _apart(chosen: list[Target]) -> list[Target]:
    """Refuse two results of the same name."""
    owners: dict[Path, Path] = {}
    for target in chosen:
        other = owners.setdefault(target.out.resolve(), target.source)
        if other != target.source:
            raise WrongUsage(
                f"The results of {other.name} and {target.source.name} would both be "
                f"{target.out.name}.",
                hint="Check one of them at a time.",
            )
    return chosen


def _beside(file: Path, *, keep: bool = False) -> Path:
    """``NAME.checked.EXT``; older formats come back as .xlsx."""
    from sheets.books import saving

    if ".checked" in file.suffixes[-2:-1] and not keep:
        return file
    return saving.checked_path(file)

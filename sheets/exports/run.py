"""The flow for exports: recognise from a sample, clean, judge, count, write."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from sheets import flow, marks, rules
from sheets.columns import oneroster, vocabulary
from sheets.errors import CannotWrite, NotUnderstood, WrongUsage
from sheets.exports import engines, source, words
from sheets.exports.cleaning import KIND, Cleaning
from sheets.rules.model import Verdict
from sheets.summary import KINDS, summarise_counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import polars as pl

    from sheets.columns.model import Found
    from sheets.exports.engines import Engine
    from sheets.exports.source import Export
    from sheets.rules.judge import Judged
    from sheets.rules.model import Profile, Table
    from sheets.summary import Summary


@dataclass(frozen=True, slots=True)
class Checked:
    """One export.

    Attributes:
        path: What was given.
        found: What was understood of it.
        result: What was written; None if nobody in it is judged.
    """

    path: Path
    found: Found
    result: Path | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of exports found."""

    profile: Profile
    checked: Sequence[Checked]
    summary: Summary


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """One export with its cleaned tables on the engine."""

    export: Export
    found: Found
    frame: Any
    tables: Sequence[Table]


def check(
    paths: Sequence[Path],
    out: Path,
    profile: Profile | None = None,
    *,
    engine: str = "polars",
    master: str | None = None,
    mapping: Mapping[str, str] | None = None,
    standing: Mapping[str, str] | None = None,
    sheets: Collection[str] = (),
) -> Outcome:
    """Judge everybody in some exports and write one Parquet result for each.

    A result is named like its export. Its columns are those of the export, untouched, then
    ``Revealed?``, ``What to fix`` and ``rules`` (the ids of what was found), in the same order of
    rows. Rows that hold nobody have no verdict.

    Args:
        paths: Parquet files, folders of them, CSV files: all that belongs together.
        out: The folder for the results; also for what is put aside meanwhile.
        profile: The rules; `rules.profile()` if not given.
        engine: One of `ENGINES`.
        master: For PySpark: where it runs.
        mapping: Header -> field, for columns that are not recognised by themselves.
        standing: The same for wherever such a header is.
        sheets: Only exports with these names.

    Raises:
        WrongUsage: There is no such engine, or two results would have one name.
        MissingExtra: The engine is not installed.
        CannotRead: An export cannot be read. Nothing was written.
        NotUnderstood: An export or a column is not clear. Nothing was written.
        CannotWrite: A result is there already, or cannot be written.
    """
    profile = profile or rules.profile()
    _require_apart(paths, out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".reveal-") as folder:
        work = Path(folder).resolve()
        exports = [source.open_export(path, work) for path in paths]
        found = _recognise(exports, profile, mapping or {}, standing, sheets)
        with engines.start(engine, work, master) as started:
            run = _Run(started, work, profile)
            return run.check(list(zip(exports, found, strict=True)), out)


class _Run:
    """One check on an engine that has been started."""

    def __init__(self, engine: Engine, work: Path, profile: Profile) -> None:
        self._engine = engine
        self._work = work
        self._profile = profile

    def check(self, pairs: Sequence[tuple[Export, Found | None]], out: Path) -> Outcome:
        """Clean all, then judge, count and write one after the other."""
        cleaned = [self._cleaned(export, found) for export, found in pairs if found is not None]
        every = [table for one in cleaned for table in one.tables]
        judged = iter(rules.lazily(every, self._profile, self._held))
        counted: list[tuple[Found, str, pl.DataFrame]] = []
        checked, written = [], {}
        for one in cleaned:
            parts = []
            for table in one.tables:
                if table.kind not in KINDS:
                    continue
                frame, told = self._computed(next(judged))
                counts = words.counted(frame, told, self._profile)
                counted.append((one.found, table.kind, self._collected(counts)))
                parts.append(words.worded(one.found, frame, told, self._profile))
            result = None
            if parts:
                result = source.result(one.export.path, out)
                written[result] = self._write(one, parts)
            checked.append(Checked(one.export.path, one.found, result))
        for result, made in written.items():
            _put(made, result)
        return Outcome(self._profile, checked, summarise_counted(counted, self._profile))

    def _cleaned(self, export: Export, found: Found) -> _Cleaned:
        cleaning = Cleaning.of(found, export.names)
        target = self._folder("cleaned")
        self._engine.clean(export, cleaning, target)
        frame = self._engine.scan(target)
        odd = self._filled(frame, cleaning.odd)
        return _Cleaned(export, found, frame, cleaning.tables(frame, odd))

    def _computed(self, judged: Judged) -> tuple[nw.LazyFrame[Any], list[str]]:
        """The findings of one table, written down, and the rules that found something."""
        frame = self._held(judged.frame)
        return frame, self._filled(frame.to_native(), judged.rules)

    def _held(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """A frame that is computed and written down."""
        target = self._folder("held")
        self._engine.write(frame.to_native(), target)
        held: nw.LazyFrame[Any] = nw.from_native(self._engine.scan(target)).lazy()
        return held

    def _filled(self, frame: Any, names: Sequence[str]) -> list[str]:
        """Those of some columns that hold anything."""
        if not names:
            return []
        counts = nw.from_native(frame).lazy().select(*(nw.col(name).count() for name in names))
        told = self._collected(counts).row(0, named=True)
        return [name for name in names if told[name]]

    def _write(self, one: _Cleaned, parts: Sequence[Any]) -> Path:
        """Write a result where nobody takes it for one that is whole."""
        if one.found.kind == vocabulary.MIXED:
            strangers = nw.from_native(one.frame).lazy().filter(nw.col(KIND).is_null())
            parts = [
                *parts,
                words.of_nobody(strangers, marks.ROLE_UNCLEAR, Verdict.UNKNOWN),
            ]
        made = self._folder("result")
        self._engine.result(one.export, nw.concat(parts).to_native(), made)
        return made

    def _collected(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        return self._engine.collect(frame.to_native())

    def _folder(self, name: str) -> Path:
        """A new name in the folder for the work."""
        return Path(tempfile.mkdtemp(dir=self._work, prefix=f"{name}-")) / "rows"


def _recognise(
    exports: Sequence[Export],
    profile: Profile,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None,
    sheets: Collection[str],
) -> list[Found | None]:
    """Each export's table; None for one that is nothing that Reveal knows."""
    grids = [export.grid() for export in exports]
    tables = flow.understood(grids, profile, mapping, standing, sheets)
    return [_only([one for one in tables if one.grid is grid]) for grid in grids]


def _only(tables: Sequence[Found]) -> Found | None:
    """The one table of an export."""
    known = [one for one in tables if one.kind != vocabulary.OTHER]
    if not known:
        return None
    where = known[0].grid.book
    if known[0].told is not None or oneroster.file(known[0].grid) is not None:
        raise NotUnderstood(
            "This is a file of a OneRoster set, which is not put together by --engine.",
            hint="Check the folder of the set without --engine.",
            where=where,
        )
    if len(known) > 1 or known[0].header_row != 1:
        raise NotUnderstood(
            "An export must be one table with its headings in the first row, and one person, or "
            "one student with one contact, in each further row.",
            hint="Export it in that form, or check it as a workbook.",
            where=where,
        )
    return known[0]


def _put(made: Path, result: Path) -> None:
    """Put a result that is whole into its place."""
    try:
        made.rename(result)
    except OSError as error:
        raise CannotWrite(
            "The result cannot be put there.",
            hint="Choose another folder with --out.",
            where=str(result),
        ) from error


def _require_apart(paths: Sequence[Path], out: Path) -> None:
    """Refuse results that would replace each other, an export, or anything else."""
    results: dict[str, Path] = {}
    for path in paths:
        result = source.result(path, out)
        other = results.setdefault(result.name.casefold(), path)
        if other != path:
            raise WrongUsage(
                f"The results of {other.name} and {path.name} would both be {result.name}.",
                hint="Check one of them at a time.",
            )
        if result.exists():
            raise CannotWrite(
                "A result of this name is there already.",
                hint="Choose another folder with --out, or move it away.",
                where=str(result),
            )

"""OneRoster CSV sets in one zip file: each CSV file in it is a sheet, named like it.

What changes is written into its own file in a copy of the zip; all others keep their packed bytes.
Nothing is ever unpacked to the disk. Any zip of CSV files is read, be it of OneRoster or not.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sheets.books import beside, delimited, saving
from sheets.books.ooxml.package import Package
from sheets.books.records import Dialect, Member
from sheets.books.refusals import own_sheet_taken
from sheets.books.sniffing import TEXTS
from sheets.errors import CannotRead, SheetNotFound
from sheets.grid import OWN_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.grid import Grid, OwnSheet, Patch

_LIMIT = 1 << 30
_UNPACK = "Export it again, or unpack it and check the folder."


class OneRosterBook:
    """A zip of CSV files.

    Args:
        path: The file.
        out: The file that is written; the file itself if not given.
    """

    def __init__(self, path: Path, out: Path | None = None) -> None:
        self._path = path
        self._out = out or path
        self._source: saving.Source | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    def read(self) -> Sequence[Grid]:
        """Read the first rows of each file; the others are read by `Grid.load`.

        Raises:
            Encrypted: It opens only with a password.
            CannotRead: It is damaged or not to be trusted, two files in it have the same name, or
                none holds anything.
        """
        self._source = saving.Source.of(self._path)
        with self._opened() as package:
            members = self._members(package)
            grids = [self._grid(package, title, name) for title, name in members.items()]
        there = [grid for grid in grids if grid.head]
        if not there:
            raise CannotRead(
                "No CSV file in it holds anything.",
                hint="Export it again.",
                where=self.name,
            )
        return there

    def write(self, patches: Sequence[Patch], own: Sequence[OwnSheet] | None = None) -> None:
        """Write all patches and own sheets, or none.

        Raises:
            SheetNotFound: A patch is for a file that is not in it.
            PlaceTaken: A cell that is needed is not empty, or a file of somebody else has the name
                of an own sheet.
            CannotWrite: It cannot be saved, or a file in it holds letters that its encoding does
                not have.
        """
        source = self._source or saving.Source.of(self._path)
        with self._opened() as package:
            members = self._members(package)
            parts: dict[str, bytes | None] = {}
            for title in dict.fromkeys(patch.sheet for patch in patches):
                if title not in members:
                    raise SheetNotFound(
                        f'There is no sheet "{title}".',
                        hint=f"There are: {', '.join(members)}.",
                        where=self.name,
                    )
                mine = [patch for patch in patches if patch.sheet == title]
                parts[members[title]] = self._edited(package, members[title], mine)
            if own is not None:
                parts |= self._own_parts(package, members, own)
            with saving.replacing(self._out, source) as stream:
                package.replace(stream, parts)

    def _members(self, package: Package) -> Mapping[str, str]:
        """Title -> the file's name in the zip, in its order."""
        members: dict[str, str] = {}
        for name in package.names:
            path = PurePosixPath(name)
            if path.suffix.lower() not in TEXTS or _is_shadow(path):
                continue
            if path.stem in members:
                raise CannotRead(
                    f"There are two files named {path.name} in it.",
                    hint="Unpack it, and check the folder of one of the two.",
                    where=self.name,
                )
            members[path.stem] = name
        return members

    def _grid(self, package: Package, title: str, name: str) -> Grid:
        def again() -> Member:
            with self._opened() as opened:
                return self._member(opened, name)

        return delimited.grid(self._member(package, name), title, again)

    def _edited(self, package: Package, name: str, patches: Sequence[Patch]) -> bytes:
        """A file as it is to be."""
        member = self._member(package, name)
        pieces = delimited.edited(member, Dialect.of(member), patches, member.name)
        return b"".join(pieces)

    def _own_parts(
        self, package: Package, members: Mapping[str, str], own: Sequence[OwnSheet]
    ) -> Mapping[str, bytes | None]:
        """The own sheets that the zip shall have, and those of earlier runs taken away."""
        alike = [title for title in members if title.casefold() == OWN_SHEET.casefold()]
        parts: dict[str, bytes | None] = {}
        for title in alike:
            if self._grid(package, title, members[title]).is_own:
                parts[members[title]] = None
            elif own:
                raise own_sheet_taken(title, self.name)
        for sheet in own:
            parts[members.get(sheet.title, f"{sheet.title}.csv")] = beside.written(sheet, b",")
        return parts

    def _member(self, package: Package, name: str) -> Member:
        return Member(f"{self.name}, {name}", package.read(name, _LIMIT))

    @contextmanager
    def _opened(self) -> Iterator[Package]:
        """Open the zip; what is wrong with it is said as of a zip, not of a workbook."""
        try:
            package = Package.open(self._path)
        except CannotRead as error:
            error.hint = _UNPACK
            raise
        with package:
            yield package


def _is_shadow(path: PurePosixPath) -> bool:
    """Whether it is a file that a Mac puts beside each of a person's."""
    return path.parts[0] == "__MACOSX" or path.name.startswith(".")

"""`reveal doctor`: what Reveal needs on this computer, each line with how it is, and its fix."""

from __future__ import annotations

import json
import os
import re
import stat
import struct
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from addin import install
from addin.backend import serving
from addin.desktop import WINDOWS
from addin.install import State
from addin.ribbon import meeting
from sheets import __version__
from sheets.errors import RevealError
from sheets.settings import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from addin.desktop import Desktop

_PACKAGE = "reveal-sheets"
_OLDEST = (3, 11)
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""", re.ASCII)
_INSTALL = "reveal addin install"
_WORDS = {True: "fine", False: "to fix", None: "-"}
_AGAIN = "Sign out of this computer and in again."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Attributes:
        what: What it is.
        found: How it is.
        ok: Whether that is well; none if it is neither, such as a part that nobody asked for.
        fix: What to do; empty if there is nothing to do.
    """

    what: str
    found: str
    ok: bool | None = True
    fix: str = ""


def examine(desktop: Desktop) -> list[Line]:
    """Look at everything, and return a line for each.

    Args:
        desktop: The computer.
    """
    return [
        _python(desktop),
        *_packages(desktop),
        *_settings(),
        _excel(desktop),
        *_addin(desktop),
        _helper(desktop),
    ]


def is_well(lines: Sequence[Line]) -> bool:
    """Whether there is nothing to fix."""
    return all(line.ok is not False for line in lines)


def report(lines: Sequence[Line], *, as_json: bool) -> Iterator[str]:
    """Yield the lines for people, or as JSON."""
    if as_json:
        found = {"reveal": 1, "ok": is_well(lines), "lines": [asdict(line) for line in lines]}
        yield json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        return
    for line in lines:
        yield f"{_WORDS[line.ok]:<8}{line.what}: {line.found}\n"
        if line.fix:
            yield f"{'':<8}  {line.fix}\n"
    count = sum(line.ok is False for line in lines)
    yield f"\n{count or 'Nothing'} to fix.\n"


def _python(desktop: Desktop) -> Line:
    bits = struct.calcsize("P") * 8
    found = f"{'.'.join(map(str, sys.version_info[:3]))}, {bits} bit, {desktop.python}"
    if desktop.is_store:
        fix = "Install Python from python.org: Excel does not see what the Store's one writes."
        return Line("Python", found, ok=False, fix=fix)
    if sys.version_info < _OLDEST:
        fix = f"Install Python {'.'.join(map(str, _OLDEST))} or later."
        return Line("Python", found, ok=False, fix=fix)
    return Line("Python", found)


def _packages(desktop: Desktop) -> Iterator[Line]:
    try:
        wanted = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        yield Line("Reveal", "not installed", ok=False, fix=f"pip install {_PACKAGE}")
        return
    by_part: dict[str, list[str]] = {"": []}
    for requirement in wanted:
        name, extra = _NAME.match(requirement), _EXTRA.search(requirement)
        if name:
            by_part.setdefault(extra[1] if extra else "", []).append(name[0])
    found, missing = _versions(by_part.pop(""))
    fix = f"pip install --upgrade {_PACKAGE}" if missing else ""
    yield Line("Reveal", f"{__version__} with {found}", not missing, fix)
    by_part.pop("dev", None)
    for part, names in sorted(by_part.items()):
        found, missing = _versions(names)
        needed = part == "excel" and desktop.has_excel
        fix = f'pip install "{_PACKAGE}[{part}]"' if missing else ""
        yield Line(f"part {part}", found, (not needed and None) if missing else True, fix)


def _versions(names: Sequence[str]) -> tuple[str, bool]:
    """The versions in words, and whether one is missing."""
    words, missing = [], False
    for name in sorted(names):
        try:
            words.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            words.append(f"{name} not installed")
            missing = True
    return ", ".join(words), missing


def _settings() -> Iterator[Line]:
    folder, file = places.home(), meeting.path()
    if not folder.is_dir():
        yield Line("settings folder", f"{folder} is made when it is needed")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        fix = f"Make it yours: {folder}"
        yield Line("settings folder", "you may not read and write it", ok=False, fix=fix)
    elif _open_to_others(folder, stat.S_IWGRP | stat.S_IWOTH):
        fix = f'chmod go-w "{folder}"'
        yield Line("settings folder", "others may write into it", ok=False, fix=fix)
    else:
        yield Line("settings folder", f"{folder}, and nobody else writes there")
    if _open_to_others(file, stat.S_IRWXG | stat.S_IRWXO):
        fix = f'chmod go-rwx "{file}"'
        yield Line("file of the helper", "others may read it", ok=False, fix=fix)


def _open_to_others(path: Path, rights: int) -> bool:
    """Whether others have one of these rights; Windows keeps the user's own folders by itself."""
    if sys.platform == WINDOWS:
        return False
    try:
        return bool(path.stat().st_mode & rights)
    except OSError:
        return False


def _excel(desktop: Desktop) -> Line:
    if not desktop.has_excel:
        return Line("Excel", "is for Windows and macOS only", ok=None)
    where = desktop.excel()
    if where is None:
        fix = "Install Excel; without it: reveal check contacts.xlsx"
        return Line("Excel", "not found", ok=False, fix=fix)
    return Line("Excel", where)


def _addin(desktop: Desktop) -> Iterator[Line]:
    if not desktop.has_excel:
        return
    for piece in install.pieces(desktop):
        try:
            state = piece.state()
        except RevealError as error:
            yield Line(piece.what, f"cannot be looked at: {piece.where}", ok=False, fix=error.hint)
            continue
        found = f"{state.value}: {piece.where}"
        fix = "" if state is State.RIGHT else _INSTALL
        if state is State.FOREIGN:
            fix = f"Move it elsewhere, then: {_INSTALL}"
        yield Line(piece.what, found, state is State.RIGHT, fix)


def _helper(desktop: Desktop) -> Line:
    helper = meeting.read()
    version = serving.running_version(helper)
    if version is None:
        fix = f"{_AGAIN} If that does not help: {_INSTALL}" if desktop.has_excel else ""
        return Line("helper", "not running", False if desktop.has_excel else None, fix)
    if version != __version__:
        return Line("helper", f"runs version {version} still", ok=False, fix=_AGAIN)
    return Line("helper", f"version {version} answers")

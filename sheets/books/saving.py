"""Saving without loss: whatever happens, the old file or the new one is there, whole.

A result is written to a temporary file in the target's own folder, brought to the disk, and put in
the target's place in one step. Before that step the source must be what was read, and nobody may
have the target open: only Windows refuses to replace a file that is open in a spreadsheet program,
elsewhere that program would later save over the result.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import socket
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sheets.books import locks
from sheets.books.refusals import cannot_read, cannot_write
from sheets.errors import CannotWrite, RevealError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = ".~reveal-"
"""How the names of all temporary files begin; folders are searched for sheets without them."""

_DIGEST_LIMIT = 64 << 20
_BLOCK = 1 << 20
_STALE_AFTER = 3600.0
_WINDOWS_BUSY = (5, 32)
_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6)
_LEFTOVER = re.compile(re.escape(TEMPORARY) + r"([0-9a-f]{8})-(\d+)-")
_OLDER_FORMATS = (".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read.

    Attributes:
        path: The file, links resolved.
        size: In bytes.
        mtime_ns: When it was last changed.
        inode: Which file of the disk it is.
        digest: Of its bytes; empty for a large file, where it would cost too much.
        mode: Its rights.
    """

    path: Path
    size: int
    mtime_ns: int
    inode: int
    digest: bytes
    mode: int

    @classmethod
    def of(cls, path: Path) -> Source:
        """Remember a file; call it before the file is read.

        Raises:
            CannotRead: It is missing or cannot be opened.
        """
        real = Path(os.path.realpath(path))
        try:
            found = real.stat()
            digest = _digest(real) if found.st_size <= _DIGEST_LIMIT else b""
        except OSError as error:
            raise cannot_read(error, path) from error
        return cls(real, found.st_size, found.st_mtime_ns, found.st_ino, digest, found.st_mode)

    def require_unchanged(self) -> None:
        """Raise CannotWrite if the file is no longer what was read."""
        try:
            found = self.path.stat()
            same = found.st_size == self.size
            if same and self.digest:
                # The time alone says too little: sync programs touch files that stay the same,
                # and the clock of a memory stick ticks every two seconds.
                same = _digest(self.path) == self.digest
            elif same:
                same = (found.st_mtime_ns, found.st_ino) == (self.mtime_ns, self.inode)
        except OSError:
            same = False
        if not same:
            raise CannotWrite(
                "The file was changed while Reveal worked, so nothing was written.",
                hint="Run it again.",
                where=self.path.name,
            )


@contextmanager
def replacing(target: Path, source: Source) -> Iterator[BinaryIO]:
    """Give a stream to write the new `target` to, and put it in place when the block ends well.

    If the block raises, or what it wrote is what the target holds already, the target is not
    touched. The target keeps its rights; a new one gets those of the source.

    Args:
        target: The file to make or replace; a link stands for the file that it names.
        source: What the result was made from; it must not have changed meanwhile.

    Raises:
        CannotWrite: It is open elsewhere, was changed meanwhile, or the disk or folder refuses.
            Nothing was changed.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name, "a.csv")
        >>> _ = path.write_bytes(b"old")
        >>> with replacing(path, Source.of(path)) as stream:
        ...     _ = stream.write(b"new")
        >>> path.read_bytes()
        b'new'
        >>> folder.cleanup()
    """
    require_writable(target)
    real = Path(os.path.realpath(target))
    before = Source.of(real) if real.exists() else None
    sweep(real.parent)
    temporary = temporary_beside(real)
    try:
        with _create(temporary) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if before is None or not same(temporary, real):
            source.require_unchanged()
            _put_in_place(temporary, real, before, mode=(before or source).mode)
    except RevealError:
        raise
    except OSError as error:
        raise cannot_write(error, target) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _put_in_place(temporary: Path, real: Path, before: Source | None, *, mode: int) -> None:
    """Replace the target by the finished file, if the target is still what it was."""
    locks.require_free(real)
    if before is not None:
        before.require_unchanged()
        _keep_owner(temporary, real)
    elif real.exists():
        raise CannotWrite(
            "A file of this name came up while Reveal worked, so nothing was written.",
            hint="Run it again.",
            where=real.name,
        )
    # A new result of a read-only original is there to be corrected, so it may be written to.
    temporary.chmod(stat.S_IMODE(mode) | stat.S_IWUSR)
    for wait in (*_WAITS, None):
        try:
            temporary.replace(real)
            break
        except PermissionError as error:
            # Windows: a virus scanner or a sync program holds a file for a moment only.
            if wait is None or getattr(error, "winerror", None) not in _WINDOWS_BUSY:
                raise
            time.sleep(wait)
    _sync_folder(real.parent)


def _keep_owner(temporary: Path, real: Path) -> None:
    """Give the new file to whom the old one belongs, where the system lets us."""
    if os.name == "posix":
        old = real.stat()
        with suppress(PermissionError):
            os.chown(temporary, old.st_uid, old.st_gid)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk; some file systems cannot, and then the file is there."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def require_writable(target: Path) -> None:
    """Raise CannotWrite if it can be told beforehand that `target` cannot be replaced.

    To be called before the work is done, so that nobody waits in vain.
    """
    locks.require_free(target)
    real = Path(os.path.realpath(target))
    try:
        if real != target:
            locks.require_free(real)
        if not real.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "")
        found = None
        with suppress(FileNotFoundError):
            found = real.stat()
        if found and stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, "")
        # Nobody has a right to write: even an administrator, for whom every door is open, is told.
        if found and not (found.st_mode & 0o222 and os.access(real, os.W_OK)):
            raise CannotWrite(
                "The file is read-only.",
                hint="Allow changes in its properties, or save the result elsewhere with --out.",
                where=target.name,
            )
        if not os.access(real.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "")
    except RevealError:
        raise
    except OSError as error:
        raise cannot_write(error, target) from error


def temporary_beside(target: Path, suffix: str = ".tmp") -> Path:
    """Return a name in the target's folder for a temporary file; it tells who made it."""
    name = f"{TEMPORARY}{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{suffix}"
    return target.parent / name


def sweep(folder: Path) -> None:
    """Take away the temporary files and folders that a killed run left in a folder."""
    with suppress(OSError):
        for item in folder.glob(f"{TEMPORARY}*"):
            if not _is_leftover(item):
                continue
            if item.is_dir():
                shutil.rmtree(item, ignore_errors=True)
            else:
                item.unlink(missing_ok=True)


def _is_leftover(item: Path) -> bool:
    """Whether nobody writes this file any more."""
    match = _LEFTOVER.match(item.name)
    if match is None:
        return False
    machine, process = match[1], int(match[2])
    if machine == _machine():
        if process == os.getpid():
            return False
        if os.name == "posix" and not _is_alive(process):
            return True
    return time.time() - item.stat().st_mtime > _STALE_AFTER


def _is_alive(process: int) -> bool:
    """Whether a process of this machine runs (not for Windows, where this would end it)."""
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _machine() -> str:
    """A short name of this machine that gives nothing away."""
    return hashlib.blake2b(socket.gethostname().encode(), digest_size=4).hexdigest()


def backup(path: Path) -> Path:
    """Keep a copy of a file as ``NAME.backup-YYYYMMDD-HHMMSS.EXT`` beside it and return its path.

    The copy is read back and compared; it has the rights and the date of the file.

    Raises:
        CannotWrite: It cannot be copied. No part of a copy is left.
    """
    real = Path(os.path.realpath(path))
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    for again in count(1):
        more = "" if again == 1 else f"-{again}"
        copy = real.with_name(f"{real.stem}.backup-{stamp}{more}{real.suffix}")
        try:
            # The first one to make the name owns it; a copy is never written over another.
            with _create(copy) as stream:
                _copy(real, copy, stream)
        except FileExistsError:
            continue
        except OSError as error:
            raise cannot_write(error, copy) from error
        return copy
    raise AssertionError  # pragma: no cover - count never ends


def _copy(real: Path, copy: Path, stream: BinaryIO) -> None:
    """Fill a new file with another's bytes, verify it, and take it away again if that fails."""
    try:
        with real.open("rb") as old:
            while block := old.read(_BLOCK):
                stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
        _verify(real, copy)
        found = real.stat()
        _keep_owner(copy, real)
        copy.chmod(stat.S_IMODE(found.st_mode))
        os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))
    except BaseException:
        with suppress(OSError):
            stream.close()
        with suppress(OSError):
            copy.unlink()
        raise


def _verify(real: Path, copy: Path) -> None:
    if not same(real, copy):
        raise OSError(errno.EIO, "the copy differs from the file")


def checked_path(path: Path) -> Path:
    """Return where the result goes: ``NAME.checked.EXT`` beside the file.

    Older formats are read only and come back as ``.xlsx``.

    Example:
        >>> checked_path(Path("contacts.xlsm")).name, checked_path(Path("Old list.XLS")).name
        ('contacts.checked.xlsm', 'Old list.checked.xlsx')
    """
    if not path.name:
        raise WrongUsage("This names no file.", where=str(path))
    suffix = ".xlsx" if path.suffix.lower() in _OLDER_FORMATS else path.suffix
    return path.with_name(f"{path.stem}.checked{suffix}")


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while block := left.read(_BLOCK):
            if block != right.read(_BLOCK):
                return False
    return True


def _create(path: Path) -> BinaryIO:
    """Make a new file that nobody else can read while it is not finished."""

    def private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    return open(path, "xb", buffering=_BLOCK, opener=private)


def _digest(path: Path) -> bytes:
    """Return the digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()

"""Whatever happens while saving, the old file or the new one is there, whole."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sheets.books import locks, saving
from sheets.books.saving import Source, backup, checked_path, replacing
from sheets.errors import CannotRead, CannotWrite

OLD, NEW = b"old content", b"new content"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "contacts.xlsx"
    path.write_bytes(OLD)
    return path


def save(target, source=None, content=NEW, meanwhile=lambda: None):
    with replacing(target, source or Source.of(target)) as stream:
        stream.write(content)
        meanwhile()


def names(folder):
    return sorted(item.name for item in folder.iterdir())


def refused(target, words, source=None):
    """Saving is refused in one sentence; nothing is lost and nothing is left lying about."""
    before = {item: item.read_bytes() for item in target.parent.iterdir() if item.is_file()}
    with pytest.raises(CannotWrite, match=words) as caught:
        save(target, source)
    assert {item: item.read_bytes() for item in before} == before
    assert set(before) == {item for item in target.parent.iterdir() if item.is_file()}
    assert caught.value.hint
    assert caught.value.where
    return caught.value


def test_the_new_content_takes_the_place_of_the_old(path):
    save(path)

    assert path.read_bytes() == NEW
    assert names(path.parent) == ["contacts.xlsx"]


def test_a_new_file_is_made_beside_its_source(path):
    out = path.with_name("contacts.checked.xlsx")

    save(out, Source.of(path))

    assert (path.read_bytes(), out.read_bytes()) == (OLD, NEW)


def test_a_file_that_would_not_change_is_not_touched(path):
    before = path.stat()

    save(path, content=OLD)

    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert names(path.parent) == ["contacts.xlsx"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_the_rights_are_kept_and_a_result_has_those_of_its_source(path):
    path.chmod(0o640)
    out = path.with_name("out.xlsx")

    save(out, Source.of(path))
    save(path)

    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(out.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_nobody_else_can_read_a_file_while_it_is_written(path):
    with replacing(path, Source.of(path)) as stream:
        stream.write(NEW)
        [temporary] = [item for item in path.parent.iterdir() if item != path]
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        assert temporary.name.startswith(saving.TEMPORARY)


def test_the_result_of_a_read_only_file_may_be_corrected(path):
    path.chmod(0o444)
    out = path.with_name("out.xlsx")

    save(out, Source.of(path))

    assert out.stat().st_mode & stat.S_IWUSR


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_stays_a_link_and_its_file_is_replaced(path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.xlsx"
    link.symlink_to(path)

    save(link)

    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert names(link.parent) == ["link.xlsx"]


# When something goes wrong


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_nothing_is_changed_or_left_when_the_work_breaks_off(path, error):
    def break_off():
        raise error

    with pytest.raises(error):
        save(path, meanwhile=break_off)

    assert path.read_bytes() == OLD
    assert names(path.parent) == ["contacts.xlsx"]


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(path):
    source = Source.of(path)
    path.write_bytes(b"somebody's work")

    refused(path, "changed while Reveal worked", source)


def test_a_change_of_the_same_length_and_time_is_noticed(path):
    source = Source.of(path)
    path.write_bytes(OLD[::-1])
    os.utime(path, ns=(source.mtime_ns, source.mtime_ns))

    refused(path, "changed while Reveal worked", source)


def test_a_file_that_was_only_touched_is_unchanged(path):
    source = Source.of(path)
    os.utime(path, (1, 1))

    save(path, source)

    assert path.read_bytes() == NEW


def test_a_large_file_is_compared_by_size_and_time(path, monkeypatch):
    monkeypatch.setattr(saving, "_DIGEST_LIMIT", 3)
    source = Source.of(path)
    assert source.digest == b""
    source.require_unchanged()
    os.utime(path, (1, 1))

    refused(path, "changed while Reveal worked", source)


def test_a_source_that_is_gone_is_a_change(path):
    source = Source.of(path)
    path.unlink()

    with pytest.raises(CannotWrite, match="changed while"):
        source.require_unchanged()


def test_a_target_that_comes_up_or_changes_meanwhile_is_not_overwritten(path):
    out = path.with_name("out.xlsx")
    source = Source.of(path)

    with pytest.raises(CannotWrite, match="came up"):
        save(out, source, meanwhile=lambda: out.write_bytes(b"somebody's work"))
    assert out.read_bytes() == b"somebody's work"

    with pytest.raises(CannotWrite, match="changed"):
        save(out, source, meanwhile=lambda: out.write_bytes(b"somebody's newer work"))
    assert out.read_bytes() == b"somebody's newer work"


class FullDisk:
    """A file that can take so many bytes and then fails, as a full disk does."""

    def __init__(self, stream, room, code):
        self.stream, self.room, self.code = stream, room, code

    def write(self, data):
        if len(data) > self.room:
            self.stream.write(data[: self.room])
            raise OSError(self.code, os.strerror(self.code))
        self.room -= len(data)
        return self.stream.write(data)

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()


@pytest.mark.parametrize("room", [0, 1, 5, 9, len(NEW) - 1])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_loses_nothing(path, monkeypatch, room, code):
    create = saving._create
    monkeypatch.setattr(saving, "_create", lambda new: FullDisk(create(new), room, code))

    refused(path, "disk is full")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_is_found_full_at_the_last_moment_loses_nothing(path, monkeypatch, call):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(saving.os if call == "fsync" else Path, call, fail)

    refused(path, "disk is full")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit behaves like this on Linux")
def test_a_real_limit_of_the_file_size_loses_nothing(path):
    # A process of its own: the limit holds for everything that a process writes.
    program = f"""
import resource, signal
from pathlib import Path
from sheets.books.saving import Source, replacing
from sheets.errors import CannotWrite
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
path = Path({str(path)!r})
try:
    with replacing(path, Source.of(path)) as stream:
        for _ in range(40):
            stream.write(b"x" * 100_000)
except CannotWrite as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "too large" in done.stdout
    assert path.read_bytes() == OLD
    assert names(path.parent) == ["contacts.xlsx"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, "cannot be written in this folder"),
        (errno.EROFS, "cannot be written in this folder"),
        (errno.EPERM, "cannot be written in this folder"),
        (errno.EIO, "cannot be saved"),
    ],
)
def test_a_folder_that_takes_no_files_is_said(path, monkeypatch, code, words):
    # Rights do not bind an administrator, so the refusal of the system is played.
    def fail(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(saving, "_create", fail)

    refused(path, words)


def test_a_folder_without_the_right_to_write_is_said_before_the_work(path, monkeypatch):
    monkeypatch.setattr(saving.os, "access", lambda at, _: Path(at).is_file())

    refused(path, "cannot be written in this folder")


def test_a_read_only_file_is_not_replaced(path):
    source = Source.of(path)
    path.chmod(0o444)

    refused(path, "read-only", source)


def test_a_folder_that_is_missing_or_a_folder_as_target_is_said(path):
    source = Source.of(path)

    for target, words in (
        (path.parent / "gone" / "a.xlsx", "no such folder"),
        (path / "a.xlsx", "no such folder"),
        (path.parent, "is a folder"),
        (path.with_name("n" * 300 + ".xlsx"), "name is too long"),
    ):
        with pytest.raises(CannotWrite, match=words) as caught:
            save(target, source)
        assert caught.value.hint
    assert names(path.parent) == ["contacts.xlsx"]


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_that_leads_nowhere_is_said(path, tmp_path):
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)

    with pytest.raises(CannotWrite):
        save(loop, Source.of(path))


@pytest.mark.parametrize("code", [5, 32])
def test_a_file_that_windows_holds_for_a_moment_is_tried_again(path, monkeypatch, code):
    waits = []
    replace = Path.replace

    def busy(one, other):
        if len(waits) < 3:
            error = PermissionError(errno.EACCES, "busy")
            error.winerror = code
            raise error
        return replace(one, other)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(saving.time, "sleep", waits.append)

    save(path)

    assert waits == [0.1, 0.2, 0.4]
    assert path.read_bytes() == NEW


def test_a_file_that_windows_holds_for_long_is_said(path, monkeypatch):
    waits = []

    def busy(*_):
        error = PermissionError(errno.EACCES, "busy")
        error.winerror = 32
        raise error

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(saving.time, "sleep", waits.append)

    refused(path, "cannot be written")
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6]


# Who has it open


def excel_lock(name):
    """An owner file as Excel writes it."""
    narrow = name.encode("ascii", "replace")
    wide = name.encode("utf-16-le")
    return (
        bytes([len(narrow)])
        + narrow.ljust(54)
        + len(name).to_bytes(2, "little")
        + wide.ljust(108, b" \0"[:1])
    )


def test_a_file_that_is_open_in_excel_is_not_replaced_and_one_hears_who_has_it(path):
    path.with_name("~$contacts.xlsx").write_bytes(excel_lock("Ann Núñez"))

    error = refused(path, "open in Excel by Ann Núñez")

    assert "~$contacts.xlsx" in error.hint


def test_a_file_that_is_open_in_libreoffice_is_not_replaced(path):
    lock = path.with_name(".~lock.contacts.xlsx#")
    lock.write_bytes(b"Ann Byrne,ann,office-pc,23.11.2026 08:00,file:///home/ann;")
    refused(path, "open in LibreOffice by Ann Byrne")

    lock.write_bytes(b",ann,office-pc,23.11.2026 08:00,file:///home/ann;")
    refused(path, "open in LibreOffice by ann")


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x05", bytes(range(256)), b"\xff" * 165])
def test_a_strange_lock_file_is_a_lock_all_the_same(path, content):
    path.with_name("~$contacts.xlsx").write_bytes(content)
    refused(path, "open in Excel")

    path.with_name("~$contacts.xlsx").unlink()
    path.with_name(".~lock.contacts.xlsx#").write_bytes(content)
    refused(path, "open in LibreOffice")


def test_a_lock_file_that_may_not_be_read_is_a_lock(path, monkeypatch):
    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "open", forbidden)

    with pytest.raises(CannotWrite, match="open in Excel"):
        locks.require_free(path)


def test_a_file_that_is_opened_while_it_is_checked_is_not_replaced(path):
    lock = path.with_name("~$contacts.xlsx")

    with pytest.raises(CannotWrite, match="open in Excel by Ann"):
        save(path, meanwhile=lambda: lock.write_bytes(excel_lock("Ann")))

    assert path.read_bytes() == OLD


def test_a_file_that_is_open_can_be_read_and_its_result_saved_elsewhere(path):
    path.with_name("~$contacts.xlsx").write_bytes(excel_lock("Ann"))
    out = path.with_name("contacts.checked.xlsx")

    save(out, Source.of(path))

    assert out.read_bytes() == NEW


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_lock_beside_the_file_that_a_link_names_counts(path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.xlsx"
    link.symlink_to(path)
    path.with_name("~$contacts.xlsx").write_bytes(excel_lock("Ann"))

    with pytest.raises(CannotWrite, match="open in Excel by Ann"):
        save(link)


# What a killed run left


def gone_process():
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_what_a_killed_run_left_is_taken_away(path):
    mine = f"{saving.TEMPORARY}{saving._machine()}"
    old = time.time() - 7200
    left = {
        f"{mine}-{gone_process()}-0badcafe.tmp": (None, False),
        f"{mine}-{os.getppid()}-0badcafe.tmp": (None, True),
        f"{mine}-{os.getppid()}-0badcaff.tmp": (old, False),
        f"{mine}-{os.getpid()}-0badcafe.tmp": (old, True),
        f"{saving.TEMPORARY}00000000-1-0badcafe.tmp": (None, True),
        f"{saving.TEMPORARY}00000000-1-0badcaff.tmp": (old, False),
        f"{saving.TEMPORARY}mine.xlsx": (old, True),
        ".~other": (old, True),
    }
    for name, (when, _) in left.items():
        item = path.with_name(name)
        item.write_bytes(b"x")
        if when:
            os.utime(item, (when, when))
    folder = path.with_name(f"{mine}-{gone_process()}-0badcafe")
    folder.mkdir()
    (folder / "contacts.xlsx").write_bytes(b"x")

    save(path)

    kept = [name for name, (_, stays) in left.items() if stays]
    assert names(path.parent) == sorted([*kept, "contacts.xlsx"])


def test_a_leftover_that_cannot_be_taken_away_is_no_reason_to_fail(path, monkeypatch):
    left = path.with_name(f"{saving.TEMPORARY}{saving._machine()}-{gone_process()}-0badcafe.tmp")
    left.write_bytes(b"x")
    unlink = Path.unlink

    def stubborn(one, **how):
        if one == left:
            raise PermissionError
        unlink(one, **how)

    monkeypatch.setattr(Path, "unlink", stubborn)

    save(path)

    assert path.read_bytes() == NEW


# Backups and names


def test_a_backup_is_a_copy_with_the_rights_and_the_date_of_the_file(path):
    path.chmod(0o640)
    os.utime(path, (1_000_000_000, 1_000_000_000))

    copy = backup(path)

    assert copy.read_bytes() == OLD
    assert copy.name.startswith("contacts.backup-20")
    assert copy.suffix == ".xlsx"
    assert copy.stat().st_mtime == 1_000_000_000
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE(path.stat().st_mode)


def test_two_backups_in_one_second_are_two_files(path):
    copies = {backup(path) for _ in range(3)}

    assert len(copies) == 3
    assert {copy.read_bytes() for copy in copies} == {OLD}


def test_a_backup_that_differs_is_no_backup(path, monkeypatch):
    monkeypatch.setattr(saving, "same", lambda *_: False)

    with pytest.raises(CannotWrite, match="differs"):
        backup(path)

    assert names(path.parent) == ["contacts.xlsx"]


def test_a_backup_for_which_there_is_no_room_leaves_nothing(path, monkeypatch):
    create = saving._create
    monkeypatch.setattr(saving, "_create", lambda new: FullDisk(create(new), 3, errno.ENOSPC))

    with pytest.raises(CannotWrite, match="disk is full"):
        backup(path)

    assert names(path.parent) == ["contacts.xlsx"]


def test_a_backup_of_nothing_is_refused(tmp_path):
    with pytest.raises(CannotWrite):
        backup(tmp_path / "gone.xlsx")

    assert names(tmp_path) == []


def test_the_result_has_the_name_of_the_file(path):
    assert checked_path(path) == path.with_name("contacts.checked.xlsx")
    assert checked_path(Path("a.b.csv")) == Path("a.b.checked.csv")
    assert checked_path(Path("old.ods")) == Path("old.checked.xlsx")


def test_a_source_that_cannot_be_read_is_said(tmp_path):
    for path in (tmp_path / "gone.xlsx", tmp_path):
        with pytest.raises(CannotRead):
            Source.of(path)


def test_no_digest_is_needed_to_know_that_files_differ(path):
    other = path.with_name("other.xlsx")
    other.write_bytes(OLD + b"x")
    assert not saving.same(path, other)
    other.write_bytes(NEW)
    assert not saving.same(path, other)
    other.write_bytes(OLD)
    assert saving.same(path, other)


@pytest.fixture(autouse=True)
def _rights_back(tmp_path):
    """Let pytest take its folder away again."""
    yield
    for item in tmp_path.rglob("*"):
        with suppress(OSError):
            item.chmod(0o700)

"""A zip of CSV files: what is a sheet in it, and what is refused."""

from __future__ import annotations

import zipfile

import pytest

from sheets.books import open_book
from sheets.books.oneroster import OneRosterBook
from sheets.errors import CannotRead, Encrypted, WrongUsage

USERS = b"\xef\xbb\xbfsourcedId,givenName\r\ns1,Ann\r\n"


def packed(folder, *files, name="set.zip"):
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in files:
            archive.writestr(inside, data)
    return path


def test_it_is_known_by_what_is_in_it(tmp_path):
    path = packed(tmp_path, ("users.csv", USERS), name="export.dat")

    assert isinstance(open_book(path), OneRosterBook)


def test_files_in_folders_are_sheets_named_like_them(tmp_path):
    path = packed(tmp_path, ("a/b/users.csv", USERS), ("a/ORGS.CSV", "name\nLake\n"))

    assert [grid.title for grid in open_book(path).read()] == ["users", "ORGS"]


def test_the_mark_and_the_line_ends_are_no_text(tmp_path):
    [grid] = open_book(packed(tmp_path, ("users.csv", USERS))).read()

    assert grid.head == {1: {1: "sourcedId", 2: "givenName"}, 2: {1: "s1", 2: "Ann"}}


def test_shadows_notes_and_empty_files_are_passed_over(tmp_path):
    path = packed(
        tmp_path,
        ("users.csv", USERS),
        ("__MACOSX/._users.csv", b"\0\0"),
        (".hidden.csv", b"\0\0"),
        ("readme.txt", "Read me."),
        ("results.csv", b""),
    )

    assert [grid.title for grid in open_book(path).read()] == ["users"]


def test_two_sets_in_one_zip_are_refused(tmp_path):
    path = packed(tmp_path, ("a/users.csv", USERS), ("b/users.csv", USERS))

    with pytest.raises(CannotRead, match=r"two files named users\.csv"):
        open_book(path).read()


def test_a_name_that_points_outside_is_refused(tmp_path):
    path = packed(tmp_path, ("../users.csv", USERS))

    with pytest.raises(CannotRead, match="points outside") as refused:
        open_book(path).read()
    assert "Excel" not in refused.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = packed(tmp_path, ("users.csv", b"0" * (80 << 20)))

    with pytest.raises(CannotRead, match="larger than can be believed"):
        open_book(path).read()


def test_a_damaged_file_is_refused(tmp_path):
    path = packed(tmp_path, ("users.csv", USERS * 50))
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(CannotRead):
        open_book(path).read()


def test_a_password_is_named(tmp_path):
    path = packed(tmp_path, ("users.csv", USERS))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)

    with pytest.raises(Encrypted):
        open_book(path).read()


def test_nothing_in_it_is_said(tmp_path):
    with pytest.raises(CannotRead, match="No CSV file in it holds anything"):
        open_book(packed(tmp_path, ("users.csv", b""))).read()


def test_its_result_is_a_zip(tmp_path):
    path = packed(tmp_path, ("users.csv", USERS))

    with pytest.raises(WrongUsage, match="zip of CSV files"):
        open_book(path, tmp_path / "result.xlsx")


def test_an_archive_of_other_things_is_not_read(tmp_path):
    with pytest.raises(CannotRead, match="not a workbook"):
        open_book(packed(tmp_path, ("photo.jpg", b"\xff\xd8\xff")))

"""The package: what is refused, and what a rewrite leaves as it was."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from sheets.books.ooxml import entries, packing
from sheets.books.ooxml.package import Package
from sheets.errors import CannotRead, CannotWrite, Encrypted

if TYPE_CHECKING:
    from pathlib import Path


def made(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2020, 5, 17, 8, 30, 2)), data, method)
    return path


def refused(path: Path) -> str:
    with pytest.raises(CannotRead) as caught:
        Package.open(path)
    assert caught.value.where == path.name
    return caught.value.message


class TestWhatIsRefused:
    def test_a_file_that_is_not_there(self, tmp_path):
        assert refused(tmp_path / "none.xlsx") == "There is no such file."

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "is empty"),
            (b"Last Name,First Name\r\n", "plain text"),
            (b"\xef\xbb\xbf<html><table>", "web page"),
            (b"PK\x03\x04 and no more", "not saved to its end"),
            (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", "no Excel workbook"),
            (entries._OLE + bytes(600), "old Excel file"),
        ],
    )
    def test_what_is_no_zip_is_named(self, tmp_path, data, words):
        path = tmp_path / "a.xlsx"
        path.write_bytes(data)
        assert words in refused(path)

    def test_a_password(self, tmp_path):
        header = bytearray(512)
        header[:8] = entries._OLE
        header[0x1E] = 9
        header[0x30:0x34] = (0).to_bytes(4, "little")
        path = tmp_path / "a.xlsx"
        path.write_bytes(bytes(header) + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0"))
        with pytest.raises(Encrypted, match="password"):
            Package.open(path)

    def test_slashes_of_windows_are_read_and_kept(self, tmp_path):
        path, out = made(tmp_path / "a.xlsx", {"xl!a.xml": b"1", "b.xml": b"2"}), tmp_path / "o"
        path.write_bytes(path.read_bytes().replace(b"xl!a.xml", b"xl\\a.xml"))
        with Package.open(path) as package, out.open("w+b") as stream:
            assert package.read("xl/a.xml") == b"1"
            package.rewrite(stream, {"xl/a.xml": b"new"})
        with Package.open(out) as package:
            assert package.read("xl/a.xml") == b"new"
        assert b"xl\\a.xml" in out.read_bytes()
        assert b"xl/a.xml" not in out.read_bytes()

    @pytest.mark.parametrize("name", ["../a.xml", "/a.xml", "xl\\..\\..\\a.xml", "\\a.xml", "C:/a"])
    def test_a_name_that_points_outside(self, tmp_path, name):
        path = made(tmp_path / "a.xlsx", {"x" * len(name): b"1"})
        path.write_bytes(path.read_bytes().replace(b"x" * len(name), name.encode()))
        assert "points outside" in refused(path)

    def test_two_parts_that_differ_only_in_their_slashes(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"xl/a.xml": b"1", "xl!a.xml": b"2"})
        path.write_bytes(path.read_bytes().replace(b"xl!a.xml", b"xl\\a.xml"))
        assert "same name" in refused(path)

    def test_two_parts_that_differ_only_in_case(self, tmp_path):
        assert "same name" in refused(
            made(tmp_path / "a.xlsx", {"xl/A.xml": b"1", "xl/a.xml": b""})
        )

    def test_the_same_name_twice(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"xl/a.xml": b"1", "xl/b.xml": b"2"})
        path.write_bytes(path.read_bytes().replace(b"xl/b.xml", b"xl/a.xml"))
        assert "same name" in refused(path)

    def test_a_name_in_front_of_the_part_that_the_table_does_not_give(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"xl/a.xml": b"1"})
        path.write_bytes(path.read_bytes().replace(b"xl/a.xml", b"xl/b.xml", 1))
        with Package.open(path) as package, pytest.raises(CannotRead, match="two names"):
            package.read("xl/a.xml")

    def test_encrypted_parts(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1"})
        data = bytearray(path.read_bytes())
        data[data.index(entries.CENTRAL_MARK) + 8] |= 1
        path.write_bytes(bytes(data))
        assert "password" in refused(path)

    def test_an_odd_method(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 99}, zipfile.ZIP_BZIP2)
        assert "does not use" in refused(path)

    def test_too_many_parts(self, tmp_path, monkeypatch):
        monkeypatch.setattr(entries, "MAX_ENTRIES", 2)
        path = made(tmp_path / "a.xlsx", {"a": b"", "b": b"", "c": b""})
        assert "more than 2 parts" in refused(path)

    def test_a_part_larger_than_can_be_believed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(entries, "RATIO_FROM", 1 << 20)
        path = made(tmp_path / "a.xlsx", {"a.xml": b" " * (1 << 20) + b"<a/>"})
        assert "can be believed" in refused(path)

    def test_parts_over_each_other(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1", "b.xml": b"2"})
        data = bytearray(path.read_bytes())
        second = data.rindex(entries.CENTRAL_MARK)
        data[second + 42 : second + 46] = bytes(4)
        path.write_bytes(bytes(data))
        assert "over each other" in refused(path)

    def test_a_part_that_is_longer_than_it_says(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 5000})
        data = bytearray(path.read_bytes())
        at = data.index(entries.CENTRAL_MARK) + 24
        data[at : at + 4] = struct.pack("<I", 10)
        path.write_bytes(bytes(data))
        with Package.open(path) as package, pytest.raises(CannotRead, match="damaged"):
            package.read("a.xml")

    def test_a_part_whose_bytes_are_damaged(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": bytes(range(256)) * 20})
        data = bytearray(path.read_bytes())
        data[60] ^= 0xFF
        path.write_bytes(bytes(data))
        with Package.open(path) as package, pytest.raises(CannotRead, match="damaged"):
            package.read("a.xml")

    def test_a_file_cut_anywhere(self, tmp_path):
        whole = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 50, "b.xml": b"2"}).read_bytes()
        path = tmp_path / "cut.xlsx"
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            refused(path)

    def test_a_part_too_large_to_be_read_at_once(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 100})
        with Package.open(path) as package, pytest.raises(CannotRead, match="larger than"):
            package.read("a.xml", limit=99)

    def test_a_part_that_is_not_there(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1"})
        with Package.open(path) as package, pytest.raises(CannotRead, match="lacks a part"):
            package.read("b.xml")


def rewritten(path: Path, parts) -> bytes:
    out = io.BytesIO()
    with Package.open(path) as package:
        package.rewrite(out, parts)
    return out.getvalue()


def packed(data: bytes, name: str) -> bytes:
    """The bytes of a part as they are in a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entry = file.getinfo(name)
        at = entry.header_offset
        names, extra = struct.unpack_from("<2H", data, at + 26)
        return data[at + 30 + names + extra :][: entry.compress_size]


class TestRewriting:
    def test_names_are_found_in_any_case_and_with_a_slash(self, tmp_path):
        with Package.open(made(tmp_path / "a.xlsx", {"xl/A.xml": b"1"})) as package:
            assert package.find("/XL/a.XML") == "xl/A.xml"
            assert package.find("xl/b.xml") is None

    def test_nothing_replaced_is_the_same_file(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 99, "b.bin": b"2"})
        assert rewritten(path, {}) == path.read_bytes()

    @pytest.mark.parametrize("content", [b"new", [b"ne", b"w"]])
    def test_a_replaced_part_keeps_its_place_and_date(self, tmp_path, content):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 99, "b.xml": b"2", "c.xml": b"3" * 50})
        data = rewritten(path, {"b.xml": content})
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            assert file.namelist() == ["a.xml", "b.xml", "c.xml"]
            assert file.read("b.xml") == b"new"
            assert file.getinfo("b.xml").date_time == (2020, 5, 17, 8, 30, 2)
        for name in ("a.xml", "c.xml"):
            assert packed(data, name) == packed(path.read_bytes(), name)

    def test_a_part_can_be_added_and_left_out(self, tmp_path):
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1", "b.xml": b"2"})
        data = rewritten(path, {"a.xml": None, "é.xml": b"3"})
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            assert file.namelist() == ["b.xml", "é.xml"]

    def test_sizes_that_stood_behind_a_part_come_in_front(self, tmp_path):
        class Pipe(io.BytesIO):
            def seekable(self):
                return False

            def seek(self, *_):
                raise io.UnsupportedOperation

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a.xml", b"1" * 99)
        path = tmp_path / "a.xlsx"
        path.write_bytes(pipe.getvalue())
        data = rewritten(path, {})
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            assert not file.getinfo("a.xml").flag_bits & entries.DESCRIPTOR_FLAG
        assert packed(data, "a.xml") == packed(path.read_bytes(), "a.xml")

    def test_large_parts_get_64_bit_sizes(self, tmp_path, monkeypatch):
        monkeypatch.setattr(packing, "_WIDE_FROM", 10)
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1" * 99, "b.xml": b"2"})
        data = rewritten(path, {"a.xml": [b"3" * 200]})
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.read("a.xml") == b"3" * 200
        twice = tmp_path / "b.xlsx"
        twice.write_bytes(data)
        assert rewritten(twice, {}) == data

    def test_a_large_file_gets_a_64_bit_table(self, tmp_path, monkeypatch):
        monkeypatch.setattr(packing, "FULL32", 40)
        monkeypatch.setattr(packing, "_WIDE_FROM", 0)
        path = made(tmp_path / "a.xlsx", {"a.xml": bytes(range(99)), "b.xml": b"2" * 70})
        data = rewritten(path, {"b.xml": bytes(range(80))})
        assert b"PK\x06\x06" in data
        assert b"PK\x06\x07" in data

    def test_a_part_that_outgrows_its_header_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(packing, "FULL32", 40)
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1"})
        with pytest.raises(CannotWrite, match="larger than 4 GB"):
            rewritten(path, {"a.xml": [b"3" * 41]})

    def test_an_error_of_the_target_comes_through(self, tmp_path):
        class Full(io.BytesIO):
            def write(self, data):
                if self.tell() > 100:
                    raise OSError(28, "No space left on device")
                return super().write(data)

        path = made(tmp_path / "a.xlsx", {"a.xml": b"1"})
        pieces = (bytes(range(256)) * 1000 for _ in range(50))
        with Package.open(path) as package, pytest.raises(OSError, match="No space"):
            package.rewrite(Full(), {"a.xml": pieces})

    @pytest.mark.slow
    def test_more_than_4_gb_can_be_read_by_others(self, tmp_path, monkeypatch):
        monkeypatch.setattr(packing, "_WIDE_FROM", 1)
        path = made(tmp_path / "a.xlsx", {"a.xml": b"1", "b.xml": b"2"})
        piece = bytes(1 << 24)
        with Package.open(path) as package, (tmp_path / "b.xlsx").open("wb+") as out:
            package.rewrite(out, {"a.xml": (piece for _ in range(260))})
            out.seek(0)
            with zipfile.ZipFile(out) as file:
                assert file.getinfo("a.xml").file_size == 260 << 24
                assert file.read("b.xml") == b"2"

"""No cell's value in what is said of exports, nor in what is said of broken ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.canaries import CANARY, exports, guarded, heard, silent

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

DAY = ("--as-of", "2026-11-23")


@pytest.fixture(scope="module")
def reveal(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess]:
    return guarded(tmp_path_factory.mktemp("guard"))


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "an open quote": lambda data: data + b'"canary,Canary\n' * 3,
    "too many cells": lambda data: data + b"Canary," * 40 + b"\n",
    "not UTF-8": lambda data: data + b"Canary\xff\xfe,canary\n",
    "zeros": lambda data: data + b"\x00Canary\x00\n",
    "a cell without end": lambda data: data + b'"' + b"Canary" * 100_000,
    "no headings that are known": lambda data: data.partition(b"\n")[2],
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
class TestExports:
    @pytest.fixture(autouse=True)
    def _installed(self, engine: str) -> None:
        pytest.importorskip("pyarrow")
        pytest.importorskip(engine)

    @pytest.mark.parametrize("suffix", [".csv", ".parquet"])
    def test_neither_words_nor_data_show_a_cell(
        self, reveal, tmp_path: Path, engine: str, suffix: str
    ) -> None:
        paths = exports(tmp_path, suffix=suffix)
        for more in ((), ("--json",)):
            out = tmp_path / f"results{len(more)}"
            done = reveal("check", *paths, "--engine", engine, "--out", out, *more, *DAY)
            assert done.returncode == 1, done.stderr
            silent(done)
        told = pl.read_parquet(out / "contacts.parquet")
        assert told["Revealed?"].n_unique() > 1

    @pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
    def test_a_broken_export_shows_no_cell(
        self, tmp_path: Path, engine: str, change: Callable[[bytes], bytes]
    ) -> None:
        [path] = exports(tmp_path, "Contacts")
        path.write_bytes(change(path.read_bytes()))
        said = heard("check", path, "--engine", engine, "--out", tmp_path / "out", *DAY)
        assert not CANARY.search(said.encode())

    def test_broken_parquet_shows_no_cell(self, tmp_path: Path, engine: str) -> None:
        [path] = exports(tmp_path, "Contacts", suffix=".parquet")
        content = path.read_bytes()
        for broken in (content[:-30], b"PAR1" + b"Canary" * 20 + b"PAR1", b"Canary"):
            path.write_bytes(broken)
            said = heard("check", path, "--engine", engine, "--out", tmp_path / "out", *DAY)
            assert "contacts.parquet" in said
            assert not CANARY.search(said.encode())

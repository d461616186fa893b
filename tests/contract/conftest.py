"""The engines that judge exports, each with a mark where it is slow or needs a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS = "local-cluster[2,1,1024]"
"""A master of PySpark with two workers, each a process of its own, as on two computers."""

_MODULES = {"polars": (), "duckdb": ("duckdb", "pyarrow"), "spark": ("pyspark", "pyarrow")}
_SPARK = pytest.param(
    "spark", marks=[pytest.mark.slow, pytest.mark.needs_program("java")], id="spark"
)


@pytest.fixture(params=["polars", "duckdb", _SPARK], scope="module")
def engine_name(request: pytest.FixtureRequest) -> str:
    for module in _MODULES[request.param]:
        pytest.importorskip(module)
    return str(request.param)


@pytest.fixture(scope="module")
def master(engine_name: str) -> Iterator[str | None]:
    """Where it runs; Java is told to start fast, since a test ends before it would be warm."""
    with pytest.MonkeyPatch.context() as patch:
        if engine_name == "spark":
            patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield WORKERS if engine_name == "spark" else None

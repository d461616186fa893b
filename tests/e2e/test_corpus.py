"""Workbooks written by many programs: each is checked without loss, or refused with a reason."""

from __future__ import annotations

import collections
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.corpus import PACKAGES, Tried, check_and_clear, read_everything, round_trip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.slow

PROCESSES = 2
MOST_REFUSED = 0.02  # of those that calamine opens


def everywhere(work: Callable[[Path], Tried], paths: Sequence[Path]) -> Iterator[Tried]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        yield from pool.map(work, paths, chunksize=4)


def told(results: Sequence[Tried]) -> str:
    """All problems, and how many files came to what."""
    counts = collections.Counter(one.state for one in results)
    lines = [f"{one.name}: {problem}" for one in results for problem in one.problems]
    reasons = collections.Counter(one.reason for one in results if one.state == "refused")
    return "\n".join([str(dict(counts)), *lines, *(f"{n} x {why}" for why, n in reasons.items())])


def tried(work: Callable[..., Tried], paths: Sequence[Path], folder: Path) -> Sequence[Tried]:
    """What came of all files, none of them with a problem."""
    results = list(everywhere(partial(work, folder=folder), paths))
    print(told(results))  # noqa: T201 - shown when it fails, and with -rP
    assert not [one for one in results if one.problems], told(results)
    return results


def packages(corpus: Sequence[Path]) -> Sequence[Path]:
    return [path for path in corpus if path.suffix.lower() in PACKAGES]


def test_every_file_is_read_or_refused_with_a_reason(corpus: list[Path], tmp_path: Path) -> None:
    few_refused(tried(read_everything, corpus, tmp_path))


def test_every_workbook_is_written_without_loss_and_cleared_to_the_byte(
    corpus: list[Path], tmp_path: Path
) -> None:
    results = tried(round_trip, packages(corpus), tmp_path)
    few_refused(results)
    assert any(one.state == "written" for one in results)


def test_the_whole_flow_writes_and_clears_or_says_what_is_not_clear(
    corpus: list[Path], tmp_path: Path
) -> None:
    results = tried(check_and_clear, packages(corpus), tmp_path)
    assert sum(one.state == "written" for one in results) > len(results) / 3


def few_refused(results: Sequence[Tried]) -> None:
    """Of the files that calamine opens, nearly none may be refused."""
    opened = [one for one in results if one.opens]
    refused = [one for one in opened if one.state == "refused"]
    assert len(refused) <= MOST_REFUSED * len(opened), told(refused)

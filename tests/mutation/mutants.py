"""Mutants of the rules: is there a test that notices each small change?

    python tests/mutation/mutants.py [--workers 2] [--module sheets/rules/people.py]... [--every 1]

Makes the mutants with cosmic-ray's operators and one of its own (other text in a string), leaves
out those that are the same program (annotations, docstrings), and runs in a copy of the project the
tests that come by its line until one fails, those first that have noticed the most so far. What no
quick test notices is shown more districts of the oracle at the end, unless --quick. Prints what
survives, with its line.

Each run is a fork of a process that has loaded the libraries, which takes longer than the tests.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import coverage
import parso
import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.queues import Queue

ROOT = Path(__file__).parents[2]
ORACLE = "tests/property/test_rules_oracle.py"
QUICK = (
    *("tests/unit/test_rules_accounts.py", "tests/unit/test_rules_catalog.py"),
    *("tests/unit/test_rules_edutech.py", "tests/unit/test_rules_guardians.py"),
    *("tests/unit/test_rules_published.py", "tests/unit/test_settings_own_rules.py"),
    *("tests/unit/test_explain_pages.py", "tests/golden", ORACLE, "sheets/rules"),
    *("-m", "not slow"),
)
SLOW = (f"{ORACLE}::test_many_districts_are_judged_as_the_oracle_does[polars]",)
HOW = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")
COPIED = ("addin", "sheets", "templates", "tests", "pyproject.toml", "README.md", "LICENSE")
TIMEOUT = 600

# An `or` of conditions that becomes a shift is no mistake that anybody makes: it only crashes.
_CRASHES = ("Shift", "Pow", "FloorDiv", "Mod", "_Div", "Div_", "Is", "Mul_", "_Mul")


class StringReplacer(Operator):
    """Another text in a string."""

    def mutation_positions(self, node: object) -> Iterator[tuple[object, object]]:
        if isinstance(node, parso.python.tree.String) and len(node.value) > len('""'):
            yield node.start_pos, node.end_pos

    def mutate(self, node: object, index: int) -> object:
        assert isinstance(node, parso.python.tree.String), index
        quote = node.value[-1]
        at = node.value.index(quote) + 1
        return parso.python.tree.String(
            node.value[:at] + "mutant " + node.value[at:], node.start_pos, node.prefix
        )

    @classmethod
    def examples(cls) -> tuple[object, ...]:
        return ()


@dataclass(frozen=True)
class Mutant:
    module: Path
    operator: str
    line: int
    code: str


def mutants(modules: list[Path]) -> Iterator[Mutant]:
    """All mutants that are another program."""
    chosen = [(StringReplacer.__name__, StringReplacer())] + [
        (name, get_operator(name)())
        for name in operator_names()
        if not any(part in name for part in _CRASHES) and not get_operator(name).arguments()
    ]
    for module in modules:
        source = module.read_text(encoding="utf-8")
        seen = {meaning(source)}
        for name, operator in chosen:
            for occurrence in itertools.count():
                code = mutate_code(source, operator, occurrence)
                if code is None:
                    break
                says = meaning(code)
                if says is not None and says not in seen:
                    seen.add(says)
                    yield Mutant(module, name, changed_line(source, code), code)


def meaning(code: str) -> str | None:
    """The program without what has no effect; None if it is none."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg):
            node.annotation = ast.Name("object")
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not is_idle(one)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.dump(tree)


def is_idle(node: ast.stmt) -> bool:
    """A docstring, or what only a type checker and `import *` read."""
    only_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    public = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    return only_types or text or public


def changed_line(source: str, code: str) -> int:
    pairs = enumerate(zip(source.splitlines(), code.splitlines(), strict=False), start=1)
    return next((number for number, (old, new) in pairs if old != new), 0)


class Runner:
    """Runs the tests in a copy of the project, which it may change."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        self._noticed: dict[Path, Counter[str]] = defaultdict(Counter)
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        os.environ["CI"] = "1"
        os.environ["PYTHONPATH"] = str(copy)

    def prepare(self) -> bool:
        """Run the quick tests once, to know which of them comes by which line."""
        contexts = Contexts(self._copy / "contexts")
        passed = self._run(QUICK, [contexts], compiled=True) == 0
        self._contexts = contexts.read()
        return passed

    def survives(self, mutant: Mutant, *, quick: bool) -> bool:
        """Whether no test notices: no quick one, or no slow one."""
        module = mutant.module.relative_to(ROOT)
        path = self._copy / module
        whole, times = path.read_bytes(), path.stat()
        path.write_text(mutant.code, encoding="utf-8")
        try:
            if not quick:
                return not self._notices(module, SLOW, None)
            come_by = self._come_by(module, whole.decode(), mutant.line)
            return not self._notices(module, QUICK, come_by)
        finally:
            path.write_bytes(whole)
            # What was compiled of it is good again.
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _come_by(self, module: Path, source: str, line: int) -> frozenset[str] | None:
        """The tests that come by a line; None: all, since it is run when it is loaded."""
        spans = [
            range(node.lineno, (node.end_lineno or node.lineno) + 1)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        around = min((one for one in spans if line in one), key=len, default=range(line, line + 1))
        known = self._contexts.get(str(module), {})
        tests = {test for one in around for test in known.get(str(one), ())}
        return None if not tests or "" in tests else frozenset(tests)

    def _notices(self, module: Path, tests: Sequence[str], chosen: frozenset[str] | None) -> bool:
        noticed = self._copy / "noticed"
        noticed.unlink(missing_ok=True)
        order = [name for name, _ in self._noticed[module].most_common()]
        # Only their files: to look into all of them takes longer than most tests.
        files = sorted({name.partition("::")[0] for name in chosen or ()})
        only = (*files, "-m", "not slow") if files else tests
        status = self._run(only, [Order(order, chosen, noticed)])
        if noticed.exists():
            self._noticed[module][noticed.read_text(encoding="utf-8")] += 1
        return status != 0

    def _run(
        self, tests: Sequence[str], plugins: Sequence[object], *, compiled: bool = False
    ) -> int:
        """Run some tests in a process of their own; `compiled` keeps what they compile."""
        child = os.fork()
        if not child:
            sys.dont_write_bytecode = not compiled
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            os._exit(pytest.main([*tests, *HOW], plugins=plugins))
        return _waited(child)


class Order:
    """A plugin of pytest: only some tests, and first those that have noticed most."""

    def __init__(self, order: Sequence[str], chosen: frozenset[str] | None, noticed: Path) -> None:
        self._rank = {name: rank for rank, name in enumerate(order)}
        self._chosen = chosen
        self._noticed = noticed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._chosen is not None:
            items[:] = [item for item in items if item.nodeid in self._chosen]
        items.sort(key=lambda item: self._rank.get(item.nodeid, len(self._rank)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._noticed.write_text(report.nodeid, encoding="utf-8")


class Contexts:
    """A plugin of pytest: which test comes by which line of the rules."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, source=[str(Path("sheets", "rules"))]
        )

    def pytest_configure(self) -> None:
        self._coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._coverage.switch_context(nodeid)

    def pytest_unconfigure(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        told = {
            str(Path(name).relative_to(Path.cwd())): data.contexts_by_lineno(name)
            for name in data.measured_files()
        }
        self._target.write_text(json.dumps(told), encoding="utf-8")

    def read(self) -> dict[str, dict[str, list[str]]]:
        """Module -> line -> tests; the empty text where it is run when it is loaded."""
        told: dict[str, dict[str, list[str]]] = json.loads(self._target.read_text("utf-8"))
        return told


def _waited(child: int) -> int:
    """How a process ended; one that does not end is ended."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def work(
    made: Sequence[Mutant], results: Queue[tuple[int, bool]], numbers: range, *, quick: bool
) -> None:
    """Try some of the mutants."""
    import duckdb  # noqa: F401 - loaded once, for all forks
    import narwhals.stable.v2  # noqa: F401
    import polars as pl  # noqa: F401
    import pydantic  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        runner = Runner(copy.resolve())
        if quick and not runner.prepare():
            results.put((-1, False))
            return
        for at in numbers:
            if multiprocessing.parent_process() is None or os.getppid() == 1:
                return  # nobody waits for the results any more
            results.put((at, runner.survives(made[at], quick=quick)))
        os.chdir(ROOT)


def told(mutant: Mutant) -> str:
    lines = mutant.code.splitlines()
    line = lines[mutant.line - 1].strip() if mutant.line else ""
    return f"{mutant.module.relative_to(ROOT)}:{mutant.line} {mutant.operator}: {line}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--module", type=Path, action="append", default=[])
    parser.add_argument("--every", type=int, default=1, help="only each n-th mutant")
    parser.add_argument("--quick", action="store_true", help="without the slow tests")
    parser.add_argument("--list", action="store_true", help="only say how many there are")
    options = parser.parse_args()
    modules = [one.resolve() for one in options.module] or sorted(
        (ROOT / "sheets" / "rules").glob("*.py")
    )
    made = list(mutants(modules))[:: options.every]
    print(f"{len(made)} mutants", flush=True)
    if options.list:
        return
    start = time.monotonic()
    left = trial(made, options.workers, quick=True)
    if not options.quick:
        print(f"{len(left)} not noticed by a quick test", flush=True)
        left = trial(left, options.workers, quick=False)
    for mutant in left:
        print(f"survived: {told(mutant)}")
    killed = len(made) - len(left)
    print(f"{killed} of {len(made)} killed ({killed / max(len(made), 1):.1%})", end="")
    print(f" in {time.monotonic() - start:.0f} s")


def trial(made: Sequence[Mutant], workers: int, *, quick: bool) -> list[Mutant]:
    """Try some mutants, and return those that survive."""
    start = time.monotonic()
    fresh = multiprocessing.get_context("spawn")
    results: Queue[tuple[int, bool]] = fresh.Queue()
    for first in range(workers):
        numbers = range(first, len(made), workers)
        fresh.Process(
            target=work, args=(made, results, numbers), kwargs={"quick": quick}, daemon=True
        ).start()
    survivors = []
    for done in range(1, len(made) + 1):
        at, survived = results.get()
        if at < 0:
            sys.exit("The tests fail without any mutant.")
        if survived:
            survivors.append(made[at])
            print(f"not noticed: {told(made[at])}", flush=True)
        if not done % 50:
            print(f"{done} tried, {time.monotonic() - start:.0f} s", flush=True)
    return survivors


if __name__ == "__main__":
    main()

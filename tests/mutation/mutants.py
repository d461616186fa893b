"""Mutants of the rules: is there a test that notices each small change?

    python tests/mutation/mutants.py [--workers 2] [--module sheets/rules/people.py]... [--every 1]

Makes the mutants with cosmic-ray's operators and one of its own (other text in a string), leaves
out those that are the same program (annotations, docstrings), and runs the tests of the rules on
each in a copy of the project, until one fails. Prints what survives, with its line.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TESTS = (
    *("tests/unit", "-k", "rules", "tests/property/test_rules_oracle.py", "sheets/rules"),
    *("-m", "not slow", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
)
COPIED = ("addin", "sheets", "templates", "tests", "pyproject.toml", "README.md", "LICENSE")
TIMEOUT = 300

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
    """A docstring, or what only a type checker reads."""
    only_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return only_types or text


def changed_line(source: str, code: str) -> int:
    pairs = enumerate(zip(source.splitlines(), code.splitlines(), strict=False), start=1)
    return next((number for number, (old, new) in pairs if old != new), 0)


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether no test notices."""
    path = copy / mutant.module.relative_to(ROOT)
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.code, encoding="utf-8")
    try:
        return passes(copy)
    finally:
        path.write_text(whole, encoding="utf-8")


def passes(copy: Path) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
    command = [sys.executable, "-m", "pytest", *TESTS]
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def work(waiting: queue.Queue[Mutant], survivors: list[Mutant], done: list[Mutant]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        if not passes(copy):
            sys.exit("The tests fail without any mutant.")
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            if survives(mutant, copy):
                survivors.append(mutant)
                print(f"survived: {told(mutant)}", flush=True)
            done.append(mutant)


def told(mutant: Mutant) -> str:
    lines = mutant.code.splitlines()
    line = lines[mutant.line - 1].strip() if mutant.line else ""
    return f"{mutant.module.relative_to(ROOT)}:{mutant.line} {mutant.operator}: {line}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--module", type=Path, action="append", default=[])
    parser.add_argument("--every", type=int, default=1, help="only each n-th mutant")
    parser.add_argument("--list", action="store_true", help="only say how many there are")
    options = parser.parse_args()
    modules = [one.resolve() for one in options.module] or sorted(
        (ROOT / "sheets" / "rules").glob("*.py")
    )
    made = list(mutants(modules))[:: options.every]
    print(f"{len(made)} mutants", flush=True)
    if options.list:
        return
    waiting: queue.Queue[Mutant] = queue.Queue()
    for mutant in made:
        waiting.put(mutant)
    survivors: list[Mutant] = []
    done: list[Mutant] = []
    start = time.monotonic()
    threads = [
        threading.Thread(target=work, args=(waiting, survivors, done))
        for _ in range(options.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    killed = len(done) - len(survivors)
    print(f"{killed} of {len(done)} killed ({killed / max(len(done), 1):.1%})", end="")
    print(f" in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()

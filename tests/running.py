"""Runs the command in this process: starting a program for each test would take a minute."""

from __future__ import annotations

import io
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin import cli

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    """What came of it, named as `subprocess` names it."""

    returncode: int
    stdout: str
    stderr: str


def reveal(*arguments: object, cwd: str | Path = ".") -> Done:
    """Run `reveal` with some arguments in a folder."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        code = cli.main([str(argument) for argument in arguments])
    return Done(code, out.getvalue(), err.getvalue())

"""The commands for Excel on this computer: `reveal addin ...` and `reveal doctor`."""

from __future__ import annotations

import click


@click.group()
def addin() -> None:
    """Put the Reveal tab into Excel, take it away, or see how it is.

    It is for you alone, needs no administrator, and does not start Excel.
    """


@addin.command()
def install() -> int:
    """Put the tab into Excel, and have its helper start whenever you sign in."""
    from addin import desktop, install

    for line in install.install(desktop.this()):
        click.echo(line, nl=False)
    return 0


@addin.command()
def remove() -> int:
    """Take away exactly what install has put there."""
    from addin import desktop, install

    for line in install.remove(desktop.this()):
        click.echo(line, nl=False)
    return 0


@addin.command()
def status() -> int:
    """Say what is in place; exit code 1 if something is not."""
    from addin import desktop, install

    found = list(install.status(desktop.this()))
    for piece, state in found:
        click.echo(f"{piece.what}: {state.value} ({piece.where})")
    return 0 if all(state is install.State.RIGHT for _, state in found) else 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(*, as_json: bool) -> int:
    """Look at what Reveal needs on this computer, and say how to fix what is not well.

    Exit code 1 if there is something to fix.
    """
    from addin import desktop, doctor

    lines = doctor.examine(desktop.this())
    for piece in doctor.report(lines, as_json=as_json):
        click.echo(piece, nl=False)
    return 0 if doctor.is_well(lines) else 1

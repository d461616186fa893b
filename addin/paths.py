"""Where the files that ship with Reveal lie, from a checkout and from an installed package."""

from __future__ import annotations

from pathlib import Path


def templates() -> Path:
    """Return the folder of the templates.

    Example:
        >>> (templates() / "samples").is_dir()
        True
    """
    here = Path(__file__).parent
    installed = here / "_templates"
    return installed if installed.is_dir() else here.parent / "templates"

"""What the menu of the ribbon shows in windows of its own: the rules, the guide, the settings file.

Pages are written into Reveal's own folder, in which nobody else can read, and opened from there.
None of them holds anything of a workbook.
"""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from addin import paths
from addin.ribbon import meeting
from sheets.errors import CannotWrite, MissingExtra
from sheets.rules import handbook
from sheets.settings import places

if TYPE_CHECKING:
    from pathlib import Path

    from sheets.rules.model import Profile

_TEMPLATE = "page.html.jinja"
_GUIDE = "guide.md"


def rules(profile: Profile) -> Path:
    """Write all rules and settings as a page.

    Raises:
        MissingExtra: What makes pages is not installed.
        CannotWrite: Reveal's own folder cannot be written to.
    """
    return _page("rules.html", handbook.book(profile))


def guide() -> Path:
    """Write how Reveal works in Excel, and what its marks mean, as a page.

    Raises:
        MissingExtra: What makes pages is not installed.
        CannotWrite: Reveal's own folder cannot be written to.
    """
    return _page("help.html", (paths.templates() / "ribbon" / _GUIDE).read_text(encoding="utf-8"))


def settings() -> Path:
    """Return the user's own settings file; where there is none, make one that changes nothing.

    Raises:
        CannotWrite: The folder of the settings cannot be written to.
    """
    path = places.home() / places.NAME
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(paths.templates() / "blank" / places.NAME, path)
        except OSError as error:
            raise _unwritable(path) from error
    return path


def _page(name: str, text: str) -> Path:
    """Write Markdown as a page."""
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise MissingExtra(
            "What makes the pages is not installed.",
            hint='Install it: pip install "reveal-sheets[excel]"',
        ) from error
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", handbook.anchor(_plain(inside.content)))
    folder = jinja2.FileSystemLoader(paths.templates() / "ribbon")
    template = jinja2.Environment(loader=folder, autoescape=True).get_template(_TEMPLATE)
    title = next(_plain(one.content) for one in tokens if one.type == "inline")
    body = reader.renderer.render(tokens, reader.options, {})
    path = meeting.path().with_name(name)
    try:
        # The renderer has escaped whatever is not its own markup.
        places.keep(path, template.render(title=title, body=Markup(body)))  # noqa: S704
    except OSError as error:
        raise _unwritable(path) from error
    return path


def _plain(markdown: str) -> str:
    r"""A heading without its escapes.

    Example:
        >>> _plain(r"CON\-FLD\-03")
        'CON-FLD-03'
    """
    return re.sub(r"\\(\W)", r"\1", markdown)


def _unwritable(path: Path) -> CannotWrite:
    return CannotWrite(
        "Reveal's own folder cannot be written to.",
        hint="See whether the disk is full, and give the command: reveal doctor",
        where=str(path.parent),
    )

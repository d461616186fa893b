"""What a district has written down in its `reveal.toml`: its settings and its own rules.

::

    find(folder)             the file that counts, if there is one
    load(path)               what it says, or one error that names everything wrong with its line
    profile(district, ...)   the rules as the file and the command line want them

The file is data alone: nothing that it says is opened, imported or run, so that one that came with
a stranger's workbook can do no more than change the rules, which every result shows. Only
`reveal sync` takes the addresses of spreadsheets from it, if it is given none.
"""

from __future__ import annotations

from sheets.settings.district import District, load, profile, setting
from sheets.settings.places import NAME, find

__all__ = ["NAME", "District", "find", "load", "profile", "setting"]

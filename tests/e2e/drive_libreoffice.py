"""Does in LibreOffice what a person would: ``python3 drive_libreoffice.py PROFILE``.

Runs under the Python that LibreOffice's bridge (the Debian package python3-uno) belongs to, and
talks to a LibreOffice of its own, with a profile of its own. Reads a list of steps as JSON from
standard input and prints what came of each, as a JSON list:

- ``{"do": "open", "path": ...}`` opens a file and closes the one before; true if it opened;
- ``{"do": "html", "path": ...}`` saves all sheets as HTML: the one export in which each cell has
  the colour it is shown in, with conditional formats worked out;
- ``{"do": "sort", "sheet": ..., "range": "A1:N99", "column": 0, "descending": true}`` sorts rows;
- ``{"do": "type", "sheet": ..., "cell": "H5", "text": ...}`` types into a cell;
- ``{"do": "shown", "sheet": ..., "cell": "B4"}`` gives what a cell shows;
- ``{"do": "pdf", "path": ...}`` prints all sheets; ``{"do": "xlsx", "path": ...}`` saves a copy;
- ``{"do": "unprotect", "sheet": ...}`` lifts the protection of a sheet that has no password;
- ``{"do": "macros", "library": ...}`` gives the source of each module of VBA.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

STARTS_WITHIN = 90  # seconds; a first start makes the profile


def main() -> None:
    steps = json.load(sys.stdin)
    profile = Path(sys.argv[1]).resolve()
    pipe = f"reveal{os.getpid()}"
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--invisible", "--norestore", "--nologo", "--nodefault"),
        f"--accept=pipe,name={pipe};urp;",
    ]
    office = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        hands = Hands(connect(pipe, office))
        json.dump([getattr(hands, step.pop("do"))(**step) for step in steps], sys.stdout)
        hands.leave()
        office.wait(30)
    finally:
        office.kill()


def connect(pipe, office):
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until or office.poll() is not None:
                raise
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )


def properties(**values):
    from com.sun.star.beans import PropertyValue

    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


class Hands:
    """One person's hands in LibreOffice, with at most one file open."""

    def __init__(self, desktop):
        self.desktop = desktop
        self.document = None

    def open(self, path):
        self.close()
        try:
            self.document = self.desktop.loadComponentFromURL(
                Path(path).resolve().as_uri(), "_blank", 0, properties(Hidden=True)
            )
        except Exception:  # noqa: BLE001 - whatever it is: the file did not open
            return False
        return self.document is not None

    def html(self, path):
        return self.store(path, "HTML (StarCalc)")

    def sort(self, sheet, range, column, descending):  # noqa: A002 - named as in the steps
        import uno
        from com.sun.star.table import TableSortField

        field = TableSortField()
        field.Field, field.IsAscending = column, not descending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        cells = self.document.Sheets.getByName(sheet).getCellRangeByName(range)
        cells.sort(properties(ContainsHeader=True, SortFields=fields))
        return True

    def unprotect(self, sheet):
        self.document.Sheets.getByName(sheet).unprotect("")
        return True

    def type(self, sheet, cell, text):
        self.document.Sheets.getByName(sheet).getCellRangeByName(cell).String = text
        return True

    def shown(self, sheet, cell):
        return self.document.Sheets.getByName(sheet).getCellRangeByName(cell).String

    def pdf(self, path):
        return self.store(path, "calc_pdf_Export")

    def xlsx(self, path):
        return self.store(path, "Calc MS Excel 2007 XML")

    def store(self, path, name):
        where = Path(path).resolve().as_uri()
        self.document.storeToURL(where, properties(FilterName=name))
        return True

    def macros(self, library):
        modules = self.document.BasicLibraries.getByName(library)
        return {name: modules.getByName(name) for name in modules.ElementNames}

    def close(self):
        if self.document is not None:
            self.document.close(True)
            self.document = None

    def leave(self):
        self.close()
        with contextlib.suppress(Exception):  # it ends by breaking the connection
            self.desktop.terminate()


if __name__ == "__main__":
    main()

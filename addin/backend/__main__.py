"""``python -m addin.backend``: be the helper that the Reveal tab in Excel talks to."""

from __future__ import annotations

import sys

from addin import desktop
from addin.backend import serving
from addin.ribbon import meeting
from addin.ribbon.actions import Ribbon
from addin.ribbon.journal import Journal
from addin.ribbon.windows import DesktopWindows
from sheets.errors import RevealError


def main() -> int:
    """Run until this process is told to end.

    Returns:
        0, also if another one is up already; 4 if it cannot start, which is told in a window.
    """
    windows = DesktopWindows(desktop.this())
    ribbon = Ribbon(windows, Journal(meeting.path().with_name("helper.log")))
    try:
        serving.run(ribbon.do, ribbon.rest)
    except RevealError as error:
        windows.warn(str(error), 0)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())

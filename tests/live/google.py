"""Is Google Sheets as Reveal takes it to be? For somebody who has an account.

From the top of the checkout, once `reveal google login` is done::

    python -m tests.live.google URL [--record FILE.json] [--quota]

URL is an empty spreadsheet to throw away, shared as Editor with whoever is signed in. Reveal makes
a tab there, asks, prints a line for each question, and deletes the tab. The exit code is 1 if
something is not as Reveal expects it to be, and 2 if not all could be asked.

``--record`` keeps what was asked and answered, so that the emulator can be checked with it:
``python -m tests.emulators.google.replay FOLDER``. It holds the names of the spreadsheet and of its
tabs, and neither the token nor the project. ``--quota`` asks as well what can only be found by
asking too much; it uses up what some minutes allow, and takes about six.

To ask about protected ranges, too, protect a cell of the first tab from whoever is signed in.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from google.auth.exceptions import GoogleAuthError

from sheets.books.google import signin
from sheets.books.google.address import spreadsheet_id
from sheets.books.google.wire import Lost, Refused, Wire
from sheets.errors import RevealError
from sheets.settings import places
from tests.live.questions import COSTLY, QUESTIONS, Asking, Found
from tests.live.trial import Recording, own_tab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.live.trial import Trial


def main(arguments: Sequence[str], sleep: Callable[[float], None] = time.sleep) -> int:
    """Ask, print what was found, and give the exit code."""
    asked = _arguments(arguments)
    url = os.environ.get("REVEAL_GOOGLE_URL", "")
    questions = QUESTIONS | (COSTLY if asked.quota else {})
    recording: Recording | None = None
    try:
        who = signin.Store(places.home(), keyring=not url).load()
        recording = Recording(signin.carrier(who, url))
        robot = who.address if who else ""
        wire = Wire(recording, spreadsheet_id(asked.url), robot, sleep=sleep)
        with own_tab(wire) as trial:
            wrong = sum([_asked(trial, words, questions[words]) for words in questions])
    except (RevealError, Refused, Lost, GoogleAuthError, requests.RequestException) as error:
        sys.stderr.write(f"Stopped: {error or type(error).__name__}\n")
        return 2
    finally:
        if asked.record and recording:
            recording.save(asked.record)
    sys.stdout.write(f"{len(questions) - wrong} of {len(questions)} are as Reveal expects.\n")
    return 1 if wrong else 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.live.google",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", metavar="URL", help="an empty spreadsheet, to throw away")
    parser.add_argument("--record", type=Path, metavar="FILE.json", help="keep all answers")
    parser.add_argument("--quota", action="store_true", help="ask too much as well")
    return parser.parse_args(arguments)


def _asked(trial: Trial, words: str, asking: Asking) -> bool:
    """Ask one question and print its line; whether the answer is not as Reveal expects."""
    try:
        found = asking(trial)
    except Exception as error:  # noqa: BLE001 - what the service answers is not known beforehand
        found = Found(f"{type(error).__name__} {error}", "this can be asked")
    verdict = f"NOT as Reveal expects: {found.wrong}" if found.wrong else "as Reveal expects"
    sys.stdout.write(f"{words} {found.told} - {verdict}\n")
    sys.stdout.flush()
    return bool(found.wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

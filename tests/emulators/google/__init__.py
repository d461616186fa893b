"""Google Sheets on this machine, for tests: a web server that answers as the real API does.

    with Emulator() as google:
        document = google.spreadsheet({"Contacts": [["First Name", "Other Phone"], ["Ann", None]]})
        ...  # let the program talk to google.url with google.token() or google.service_account()
        assert google.values(document, "Contacts") == ...
        assert len(google.calls("write")) == 1

What the service's addresses have is below ``google.url``: ``/v4/spreadsheets...``,
``/drive/v3/files...``, ``/token``, ``/revoke`` and ``/o/oauth2/auth``.

- ``google.before("batchUpdate", lambda: google.person(document, {...}))``: a person edits just
  before a request is carried out. ``google.fault("batchUpdate", status=503, after_commit=True)``,
  ``drop=True``, ``delay=2.0``: something goes wrong. A match is ``"read"``, ``"write"``, ``"*"``,
  the end of a method's name (``"values.get"``, ``"oauth.token"``) or a function.
- Time stands still until ``google.clock.advance(seconds)``; 60 reads and 60 writes a minute and
  user are allowed (``Emulator(quotas=False)`` allows any number).
- ``google.owner`` owns what ``google.spreadsheet`` makes and ``google.robot`` may write in it.
- Readers: ``values``, ``cells``, ``rules``, ``fills``, ``metadata``, ``titles``, ``told``,
  ``state``; ``google.log`` has all requests.

It is checked against recordings of the service (``replay.py``). What no recording shows, and is
assumed here:

- a sort moves all that is in cells, and leaves what is tied to rows or to ranges;
- developer metadata with an id that is there already is refused;
- ranges of rules stay with their cells, even in several pieces; new rows and columns take their
  look and their rules from the neighbour that they inherit from;
- a rule may cover cells that are protected from the one who makes it;
- data validation does not stop a program;
- a column of a table always has a name: where its heading is blank it gets one, such as
  ``Column 7``; a table that is made wider or narrower leaves the cells as they are.

A valid request that is not emulated is answered with 501.
"""

from tests.emulators.google.emulator import Emulator, Logged
from tests.emulators.google.errors import ApiError

__all__ = ["ApiError", "Emulator", "Logged"]

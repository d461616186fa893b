"""What each button of the Reveal tab does in the workbook that is open in Excel.

No configuration is read from the workbook or its folder: a roster may come from anybody. What
worked is said in the status bar, and goes from there after a while. A window opens only where
something went wrong, or where there is something to read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from addin import choosing
from addin.ribbon import meeting, pages
from sheets import flow, marks, rules, telling
from sheets.books.excel.screen import Screen, Spot
from sheets.errors import NotUnderstood, RevealError
from sheets.rules.model import BARS
from sheets.settings import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.choosing import Choice
    from addin.ribbon.journal import Journal
    from addin.ribbon.windows import Windows
    from sheets.books.excel.book import ExcelBook, Undo
    from sheets.flow import Judged
    from sheets.rules.model import Profile

CHECKING = "Reveal is checking ..."
UNDO_TEXT = "Undo Reveal check"
_UNEXPECTED = (
    "Something went wrong in Reveal. Your cells are as they were, or Clear marks makes them so. "
    "What went wrong, without any cell, is in {path}."
)
_LATER = (
    "Handing back does not work from the open workbook yet. Save it, and give the command: "
    "reveal handback split FILE --by school"
)
_UNCLEAR = (
    "In Excel, say so under More > Settings: below [map] write a line such as "
    '"Home Phone" = "Other Phone", save, and check again.'
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not revealed.

    Attributes:
        spot: Where to begin to fix it.
        words: What to fix.
    """

    spot: Spot
    words: str


@dataclass(slots=True)
class Ribbon:
    """Does what clicks ask for. One for the life of a helper, used in one thread.

    Attributes:
        windows: Shows what is to be read.
        journal: Keeps what went wrong, without any cell.
        undos: Name of a workbook -> what takes back the last check of it.
    """

    windows: Windows
    journal: Journal
    undos: dict[str, Undo] = field(default_factory=dict)
    _said: tuple[int, str] | None = None

    def do(self, control: str, window: int) -> None:
        """Do what a button asks for. Whatever goes wrong is told in a window, and not raised.

        Args:
            control: Which one; see `addin.ribbon.meeting.CONTROLS`.
            window: The window of Excel.
        """
        try:
            self._act(control, window)
        except NotUnderstood as error:
            self.windows.warn(f"{error}\n\n{_UNCLEAR}", window)
        except RevealError as error:
            self.windows.warn(str(error), window)
        except Exception as error:  # noqa: BLE001 - the helper must outlive whatever goes wrong
            path = self.journal.keep(error)
            self.windows.warn(_UNEXPECTED.format(path=path), window)

    def rest(self) -> None:
        """Give the status bar back to Excel, some time after the last click."""
        said, self._said = self._said, None
        if said is not None:
            window, text = said
            try:
                Screen(window).hush(text)
            except RevealError:
                return  # Excel is busy or gone: it will show something else by itself

    def _act(self, control: str, window: int) -> None:
        match control:
            case "check":
                self._check(window)
            case "next":
                self._next(window)
            case "clear":
                self._clear(window)
            case "undo":
                self._undo(window)
            case "handback":
                self.windows.tell(_LATER, window)
            case "rules":
                self.windows.open(pages.rules(settings().profile))
            case "settings":
                self.windows.open(pages.settings())
            case "help":
                self.windows.open(pages.guide())

    def _check(self, window: int) -> None:
        screen = Screen(window)
        book = screen.book()
        choice = settings()
        screen.say(CHECKING)
        try:
            outcome = flow.check([book], choice.profile, standing=choice.standing)
        except BaseException:
            screen.hush(CHECKING)
            raise
        self._keep_undo(screen, book)
        notes = [note for one in outcome.judged for note in one.found.notes]
        self._say(screen, window, " ".join([telling.headline(outcome.summary.total), *notes]))

    def _next(self, window: int) -> None:
        screen = Screen(window)
        book = screen.book()
        found, skipped = problems(book, settings())
        if not found:
            self._say(screen, window, _none(skipped))
            return
        at = following(found, screen.spot())
        spot, words = found[at].spot, found[at].words
        screen.go(spot)
        self._say(screen, window, f"{at + 1:,} of {len(found):,}: {words}{_hidden(skipped)}")

    def _clear(self, window: int) -> None:
        screen = Screen(window)
        book = screen.book()
        [clearing] = flow.clear([book])
        self._keep_undo(screen, book)
        done = (
            "Reveal's columns and marks are gone." if clearing else "Nothing of Reveal's is here."
        )
        self._say(screen, window, done)

    def _undo(self, window: int) -> None:
        screen = Screen(window)
        book = screen.book()
        last = self.undos.get(book.name)
        if last is None:
            self._say(screen, window, "There is no check of this workbook to undo.")
            return
        book.undo(last)
        del self.undos[book.name]
        self._say(screen, window, "The last check is undone.")

    def _keep_undo(self, screen: Screen, book: ExcelBook) -> None:
        if book.last is not None:
            self.undos[book.name] = book.last
            screen.offer_undo(UNDO_TEXT, meeting.UNDO_MACRO)

    def _say(self, screen: Screen, window: int, text: str) -> None:
        screen.say(text)
        self._said = (window, text)


def settings() -> Choice:
    """The rules by the user's own settings file; never by one that lies beside a workbook."""
    return choosing.choose(choosing.Asked(), [places.home() / places.NAME])


def problems(book: ExcelBook, choice: Choice) -> tuple[list[Problem], int]:
    """Judge a workbook as it is now, and write nothing.

    Returns:
        The rows that are not revealed, from the first sheet's top to the last one's bottom; and
        how many more there are that cannot be shown, since they are hidden or filtered away.
    """
    outcome = flow.check([book], choice.profile, standing=choice.standing, write=False)
    every = list(chain.from_iterable(_problems(one, choice.profile) for one in outcome.judged))
    out_of_sight = {
        one.found.grid.title: None
        if one.found.grid.state != "visible"
        else book.hidden(one.found.grid.title)
        for one in outcome.judged
    }
    shown = []
    for one in every:
        hidden = out_of_sight[one.spot.sheet]
        if hidden is not None and one.spot.row not in hidden:
            shown.append(one)
    order = {title: at for at, title in enumerate(out_of_sight)}
    shown.sort(key=lambda one: (order[one.spot.sheet], one.spot.row))
    return shown, len(every) - len(shown)


def following(found: list[Problem], here: Spot | None) -> int:
    """Which problem comes next from where somebody is: below, on a later sheet, or the first."""
    if here is None:
        return 0
    sheets = list(dict.fromkeys(one.spot.sheet for one in found))
    if here.sheet not in sheets:
        return 0
    mine = sheets.index(here.sheet), here.row
    places_of = ((sheets.index(one.spot.sheet), one.spot.row) for one in found)
    return next((at for at, place in enumerate(places_of) if place > mine), 0)


def _problems(one: Judged, profile: Profile) -> Iterator[Problem]:
    """The rows of a table that are not revealed, each with the cell to begin with."""
    for row, _, told in one.not_revealed(profile):
        bars = {
            name: detail
            for name, detail in told.items()
            if rules.severity(profile, name, marks.split(detail)[0]) in BARS
        }
        words = "; ".join(
            marks.sentence(one.found, profile.rules[name], detail) for name, detail in bars.items()
        )
        fields = [profile.rules[name].field or "" for name in bars]
        columns = [one.found.fields[name].column for name in fields if name in one.found.fields]
        first = min(place.column for place in one.found.fields.values())
        yield Problem(Spot(one.found.grid.title, row, (*columns, first)[0]), words)


def _none(skipped: int) -> str:
    return (
        f"No problem is in sight{_hidden(skipped)}"
        if skipped
        else "Everybody is revealed. Well done."
    )


def _hidden(skipped: int) -> str:
    if not skipped:
        return ""
    rows = "1 more row is" if skipped == 1 else f"{skipped:,} more rows are"
    return f" ({rows} hidden or filtered away)"

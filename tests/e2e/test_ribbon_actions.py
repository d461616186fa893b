"""What each button of the Reveal tab does in an open workbook.

The workbook is emulated COM beneath the Windows code of xlwings as it is shipped.
"""

from __future__ import annotations

import copy

import pytest

from addin.ribbon import meeting
from addin.ribbon.actions import Ribbon
from addin.ribbon.journal import Journal
from sheets.grid import Area
from sheets.settings import places
from tests.emulators.excel import Excel

pytest.importorskip("xlwings")

NAME = "School.xlsx"
STAFF = [
    ["Staff Number", "Last Name", "First Name", "Enabled"],
    ["11", "Byrne", "Ana", "yes"],
    ["12", "Abara", "Bo", "no"],
    ["13", "Ünal", "Cy", "yes"],
    ["14", "Diaz", "Di", None],
]
CONTACTS = [
    ["Contact Person ID", "Last Name", "First Name", "Other Phone", "Email", "Relationship"],
    ["9001", "Byrne", "Ana", "555-0101", "ana@example.org", "Guardian"],
    ["9002", "Abara", "Bo", None, "bo@example.org", "Guardian"],
]
CANARY = "Kanarienvogel"


class Seen:
    """Notes which windows were opened."""

    def __init__(self):
        self.warnings, self.told, self.opened = [], [], []

    def warn(self, text, _window):
        self.warnings.append(text)

    def tell(self, text, _window):
        self.told.append(text)

    def open(self, path):
        self.opened.append(path)


class Desk:
    """Excel with one workbook, and a ribbon in it."""

    def __init__(self, folder, sheets):
        self.excel = Excel()
        self.workbook = self.excel.open(NAME, sheets)
        self.seen = Seen()
        self.log = folder / "helper.log"
        self.ribbon = Ribbon(self.seen, Journal(self.log))

    def click(self, control):
        self.ribbon.do(control, self.excel.hwnd)
        return self.status

    @property
    def status(self):
        return self.excel.settings["StatusBar"]

    @property
    def spot(self):
        return self.workbook.active.title, Area.cell(*self.excel.cell)

    def state(self):
        return copy.deepcopy(self.workbook.sheets)

    def values(self, title, column):
        [sheet] = [one for one in self.workbook.sheets if one.title == title]
        return [sheet.told((row, column)) for row in range(1, 6)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def desk(home):
    return Desk(home, {"Staff": STAFF, "Contacts": CONTACTS})


def test_check_writes_the_columns_and_says_the_numbers_at_the_bottom(desk):
    status = desk.click("check")

    assert desk.values("Staff", 5) == ["Revealed?", "Yes", "No", "Yes", "No"]
    assert status.startswith("2 of 6 are revealed; 3 are hidden; 1 cannot be told.")
    assert (desk.seen.warnings, desk.seen.told) == ([], [])
    assert desk.excel.undo == ("Undo Reveal check", "reveal.xlam!RevealUndo")
    assert desk.spot == ("Staff", "A1")


def test_the_status_bar_is_given_back_after_a_while_unless_it_says_something_else(desk):
    desk.click("check")
    desk.ribbon.rest()
    assert desk.status is False

    desk.click("check")
    desk.excel.settings["StatusBar"] = "Another program's"
    desk.ribbon.rest()
    assert desk.status == "Another program's"


def test_next_problem_leads_through_all_of_them_and_begins_again(desk):
    spots, words = [], []
    for _ in range(5):
        words.append(desk.click("next"))
        spots.append(desk.spot)

    assert spots == [
        ("Staff", "A3"),
        ("Staff", "A5"),
        ("Contacts", "A2"),
        ("Contacts", "D3"),
        ("Staff", "A3"),
    ]
    assert words[3].startswith('4 of 4: "Other Phone" is blank')


def test_next_problem_judges_what_is_there_now_and_changes_nothing(desk):
    before = desk.state()
    desk.workbook.sheets[0].enter((3, 4), "'yes")
    fixed = desk.state()

    desk.click("next")

    assert desk.spot == ("Staff", "A5")
    assert desk.state() == fixed != before


def test_next_problem_leaves_out_what_is_out_of_sight_and_says_how_much(desk):
    desk.workbook.sheets[0].hidden.add(3)
    desk.workbook.sheets[1].visible = 0

    status = desk.click("next")

    assert desk.spot == ("Staff", "A5")
    assert status.endswith("(3 more rows are hidden or filtered away)")


def test_with_nothing_to_fix_there_is_praise(home):
    desk = Desk(home, {"Staff": STAFF[:2]})

    assert desk.click("next") == "Everybody is revealed. Well done."


def test_clear_takes_away_what_check_wrote(desk):
    before = desk.state()
    desk.click("check")

    assert desk.click("clear") == "Reveal's columns and marks are gone."
    assert desk.state() == before
    assert desk.click("clear") == "Nothing of Reveal's is here."


def test_undo_takes_back_the_last_check_and_only_once(desk):
    before = desk.state()
    desk.click("check")

    assert desk.click("undo") == "The last check is undone."
    assert desk.state() == before
    assert desk.click("undo") == "There is no check of this workbook to undo."


def test_undo_brings_back_what_the_check_before_had_written(desk):
    desk.click("check")
    first = desk.state()
    desk.workbook.sheets[0].enter((3, 4), "'yes")
    desk.click("check")
    assert desk.values("Staff", 5)[2] == "Yes"

    desk.click("undo")

    assert desk.values("Staff", 5)[2] == "No"
    assert [sheet.rules for sheet in desk.workbook.sheets] == [sheet.rules for sheet in first]


def test_undo_of_a_check_that_somebody_has_written_over_is_refused(desk):
    desk.click("check")
    desk.workbook.sheets[0].enter((2, 5), "'mine")
    before = desk.state()

    desk.click("undo")

    assert desk.state() == before
    [warning] = desk.seen.warnings
    assert "cannot be undone" in warning


def test_hand_back_says_how_to_go_on(desk):
    before = desk.state()

    desk.click("handback")

    [told] = desk.seen.told
    assert "reveal handback split" in told
    assert desk.state() == before


@pytest.mark.parametrize(("control", "says"), [("rules", "STU-ACCT-01"), ("help", "Next problem")])
def test_rules_and_help_are_pages_that_ask_for_nothing(desk, control, says):
    desk.click(control)

    [page] = desk.seen.opened
    text = page.read_text(encoding="utf-8")
    assert page.suffix == ".html"
    assert says in text
    assert "content=\"default-src 'none';" in text
    assert page.stat().st_mode & 0o777 == 0o600


def test_links_between_rules_lead_somewhere(desk):
    from lxml import html

    desk.click("rules")

    page = html.parse(desk.seen.opened[0])
    targets = {one[1:] for one in page.xpath("//a/@href") if one.startswith("#")}
    assert targets
    assert targets <= set(page.xpath("//@id"))


def test_settings_is_a_file_that_is_made_once_and_changes_nothing(desk):
    before = desk.click("check")
    desk.click("settings")
    [path] = desk.seen.opened
    assert path == places.home() / "reveal.toml"
    assert desk.click("check") == before

    path.write_text('[settings]\naccount_required = "none"\n', encoding="utf-8")
    desk.click("settings")

    assert "none" in path.read_text(encoding="utf-8")
    assert desk.click("check") != before


def test_a_settings_file_beside_the_workbook_is_never_read(desk, home):
    before = desk.click("check")
    (home / "reveal.toml").write_text('[settings]\naccount_required = "none"\n', encoding="utf-8")

    assert desk.click("check") == before
    assert desk.seen.warnings == []


def test_what_cannot_be_done_is_one_sentence_in_a_window(desk):
    desk.workbook.sheets[0].protected = True
    before = desk.state()

    desk.click("check")

    [warning] = desk.seen.warnings
    assert "protected" in warning
    assert desk.state() == before
    assert desk.status is False


def test_what_is_not_clear_says_where_to_make_it_clear(home):
    rows = [[*CONTACTS[0][:3], "Home Phone", *CONTACTS[0][4:]], *CONTACTS[1:]]
    rows[0].append("Primary Email")
    desk = Desk(home, {"Contacts": rows})

    desk.click("check")

    [warning] = desk.seen.warnings
    assert "[map]" in warning


def test_no_workbook_and_no_window_are_said(desk):
    desk.excel.workbooks.clear()
    desk.click("check")
    desk.ribbon.do("check", 1)

    assert ["No workbook is open" in desk.seen.warnings[0], len(desk.seen.warnings)] == [True, 2]


def test_an_error_that_nobody_expects_ends_nothing_and_tells_no_cell(desk, monkeypatch):
    def fails(*_, **__):
        raise ValueError(CANARY)

    with monkeypatch.context() as patch:
        patch.setattr("sheets.flow.check", fails)
        desk.click("check")

    [warning] = desk.seen.warnings
    noted = desk.log.read_text(encoding="utf-8")
    assert str(desk.log) in warning
    assert "ValueError" in noted
    assert CANARY not in noted + warning
    assert desk.click("check").startswith("2 of 6")


def test_every_button_does_something(desk):
    for control in meeting.CONTROLS:
        desk.click(control)

    assert desk.seen.warnings == []
    assert (len(desk.seen.told), len(desk.seen.opened)) == (1, 3)

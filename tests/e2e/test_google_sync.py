"""`reveal sync` as an office sees it, and how many requests it costs."""

from __future__ import annotations

import json
import re
from functools import partial

import keyring
import pytest
from keyring.backends import fail

from addin import syncing
from sheets.books.google import signin
from tests.emulators.google import Emulator
from tests.running import reveal

DAY = ("--as-of", "2026-11-23", "--no-settings")
CONTACTS = (
    ("Contact Person ID", "Last Name", "First Name", "Relationship", "Other Phone", "Email"),
    ("000901", "Abara", "Amara", "Guardian", "+1 585 555 0100", "amara@example.org"),
    ("000902", "Byrne", "Bo", "Guardian", None, "bo@example.org"),
)
ACCOUNTS = (("Person ID", "Username", "Enabled"), ("000901", "amara", "Y"), ("000902", "bo", "Y"))


def texts(rows):
    return [
        [None if one is None else {"userEnteredValue": {"stringValue": one}} for one in row]
        for row in rows
    ]


@pytest.fixture
def google():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def office(google, tmp_path, monkeypatch):
    """Somebody whose settings are in a folder of their own, and who has downloaded a key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("REVEAL_GOOGLE_URL", google.url)
    key = tmp_path / "key.json"
    key.write_text(json.dumps(google.service_account()))
    return key


@pytest.fixture
def signed_in(office):
    done = reveal("google", "login", "--robot", office)
    assert done.returncode == 0, done.stderr
    return office


def address(document):
    return f"https://docs.google.com/spreadsheets/d/{document}/edit#gid=0"


def test_a_sync_writes_the_verdicts_beside_the_people(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})

    done = reveal("sync", address(document), *DAY)

    assert (done.returncode, done.stderr) == (1, "")
    assert "Synced: Roster, " in done.stdout
    assert google.values(document, "Contacts") == [
        [*CONTACTS[0], "Revealed?", "What to fix"],
        [*CONTACTS[1], "Yes"],
        [*(one or "" for one in CONTACTS[2]), "No", '"Other Phone" is blank'],
    ]
    assert google.fills(document, "Contacts") == {(2, 4): "#F4B183"}


@pytest.mark.parametrize("tabs", [1, 6, 40])
def test_a_sync_costs_one_read_and_one_write_whatever_the_number_of_tabs(google, signed_in, tabs):
    contacts = {f"School {at}": texts(CONTACTS) for at in range(tabs)}
    document = google.spreadsheet({**contacts, "Accounts": texts(ACCOUNTS)})

    for wanted in (1, 0):
        before = len(google.calls("read")), len(google.calls("write"))
        assert reveal("sync", address(document), *DAY).returncode == 1
        reads, writes = len(google.calls("read")), len(google.calls("write"))
        # The second time there is nothing to be changed.
        assert (reads - before[0], writes - before[1]) == (1, wanted)


def test_a_large_sync_is_divided_by_tabs(google, signed_in, monkeypatch):
    monkeypatch.setattr("sheets.books.google.book.LIMIT", 4000)
    contacts = {f"School {at}": texts(CONTACTS) for at in range(6)}
    document = google.spreadsheet({**contacts, "Accounts": texts(ACCOUNTS)})

    assert reveal("sync", address(document), *DAY).returncode == 1

    assert len(google.calls("read")) == 1
    assert len(google.calls("write")) > 1
    for title in contacts:
        assert google.values(document, title)[1][-1] == "Yes"
    assert (
        len([one for one in google.metadata(document) if one["metadataKey"] == "reveal.run"]) == 1
    )


def test_accounts_may_come_from_a_file_which_is_not_written(google, signed_in, tmp_path):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)})
    file = tmp_path / "accounts.csv"
    file.write_text("\n".join(",".join(row) for row in ACCOUNTS))
    before = file.read_bytes()

    done = reveal("sync", address(document), file, *DAY)

    assert done.returncode == 1
    assert google.values(document, "Contacts")[1][-1] == "Yes"
    assert file.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"accounts.csv", "config", "key.json"}


def test_accounts_may_come_from_another_spreadsheet(google, signed_in):
    contacts = google.spreadsheet({"Contacts": texts(CONTACTS)}, title="Parents")
    accounts = google.spreadsheet({"Accounts": texts(ACCOUNTS)}, title="Logins")
    before = google.state(accounts)

    assert reveal("sync", address(contacts), address(accounts), *DAY).returncode == 1

    assert google.values(contacts, "Contacts")[1][-1] == "Yes"
    assert google.state(accounts) == before


def test_the_settings_file_lists_what_is_synced(google, signed_in, tmp_path):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    folder = tmp_path / "config" / "reveal"
    (folder / "reveal.toml").write_text(f'[google]\nsheets = ["{address(document)}"]\n')

    assert reveal("sync", "--as-of", "2026-11-23", cwd=tmp_path).returncode == 1

    assert google.values(document, "Contacts")[1][-1] == "Yes"


def test_a_dry_run_writes_nothing(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    before = google.state(document)

    done = reveal("sync", address(document), "--dry-run", *DAY)

    assert done.returncode == 1
    assert "Nothing was written (dry run)." in done.stdout
    assert google.state(document) == before
    assert not google.calls("write")


def test_more_changes_than_allowed_are_held_back(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    assert reveal("sync", address(document), "--hold", "20", *DAY).returncode == 1
    before = google.values(document, "Contacts")
    tab = google.state(document).find("Accounts").id
    rows = {"sheetId": tab, "startRowIndex": 1, "endRowIndex": 3}
    google.person(document, {"updateCells": {"range": rows, "fields": "userEnteredValue"}})

    held = reveal("sync", address(document), "--hold", "20", *DAY)

    assert held.returncode == 4
    assert "1 of 2 verdicts would change" in held.stderr
    assert google.values(document, "Contacts") == before
    assert reveal("sync", address(document), *DAY).returncode == 1
    assert google.values(document, "Contacts") != before


def test_the_record_holds_numbers_and_rule_ids_only(google, signed_in, tmp_path):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})

    reveal("sync", address(document), *DAY)

    [line] = (tmp_path / "config" / "reveal" / "sync.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["yes"], told["no"], told["requests"]) == (1, 1, 2)
    assert set(told["rules"]) == {"CON-FLD-03"}
    assert "example.org" not in line
    assert "Abara" not in line


def test_what_the_office_has_is_left_alone(google, signed_in):
    """Zeros, signs, formulas, notes, long texts, merged cells, filters, formats of their own."""
    odd = [
        ("000901", "Abara", "Amara", "Guardian", "+1 585 555 0100", "amara@example.org"),
        ("000902", "=IMPORTXML(1)", "👩‍👩‍👧", "Guardian", "x" * 50_000, "bo@example.org"),
    ]
    rows = texts([CONTACTS[0], *odd])
    rows[1][1] = {**rows[1][1], "note": "calls in the evening"}
    rows[2].append("=1+1")
    rows[0].append({"userEnteredValue": {"stringValue": "Sum"}})
    document = google.spreadsheet({"Contacts": rows, "Accounts": texts(ACCOUNTS)}, size=(20, 12))
    rule = {
        "ranges": [{"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3}],
        "booleanRule": {
            "condition": {"type": "BLANK"},
            "format": {"backgroundColorStyle": {"rgbColor": {"green": 1}}},
        },
    }
    area = {"sheetId": 0, "startRowIndex": 10, "endRowIndex": 12, "endColumnIndex": 2}
    google.person(
        document,
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"mergeCells": {"range": {**area, "startColumnIndex": 0}, "mergeType": "MERGE_ALL"}},
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": 0,
                    "dimension": "ROWS",
                    "startIndex": 2,
                    "endIndex": 3,
                },
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        {
            "setBasicFilter": {
                "filter": {
                    "range": {
                        "sheetId": 0,
                        "startRowIndex": 0,
                        "endRowIndex": 3,
                        "startColumnIndex": 0,
                        "endColumnIndex": 7,
                    }
                }
            }
        },
    )
    before = google.cells(document, "Contacts")
    sheet = google.told(document)["sheets"][0]

    assert reveal("sync", address(document), *DAY).returncode == 0

    after = google.cells(document, "Contacts")
    for row, cells in enumerate(before):
        assert {at: after[row][at] for at in cells} == cells
    now = google.told(document)["sheets"][0]
    assert now["merges"] == sheet["merges"]
    assert now["conditionalFormats"][0] == sheet["conditionalFormats"][0]
    # The own columns are sorted with their people.
    assert now["basicFilter"]["range"]["endColumnIndex"] == 9
    assert now["data"][0]["rowMetadata"][2]["hiddenByUser"]


def test_a_heading_that_was_renamed_is_still_known(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    reveal("sync", address(document), *DAY)
    google.person_types(document, "Contacts!G1", "Seen by vendors?")

    reveal("sync", address(document), *DAY)

    assert google.values(document, "Contacts")[0] == [*CONTACTS[0], "Revealed?", "What to fix"]


def test_a_column_that_the_office_uses_for_something_else_now_is_left_alone(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    reveal("sync", address(document), *DAY)
    for cell, text in {"G1": "Bus", "G2": "12", "G3": "7"}.items():
        google.person_types(document, f"Contacts!{cell}", text)

    reveal("sync", address(document), *DAY)

    rows = google.values(document, "Contacts")
    assert [row[6] for row in rows] == ["Bus", "12", "7"]
    assert rows[0][7:] == ["What to fix", "Revealed?"]
    tags = [one for one in google.metadata(document) if one["metadataKey"] == "reveal.column"]
    assert [one["location"]["dimensionRange"]["startIndex"] for one in tags] == [7, 8]


# What goes wrong before anything is written


def test_nobody_signed_in(google, office):
    done = reveal("sync", address("abc"), *DAY)

    assert done.returncode == 3
    assert done.stderr.startswith(
        "Error: Nobody is signed in to Google.\n  Run `reveal google login`"
    )


def test_a_spreadsheet_that_is_not_shared_names_the_robot(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)}, writers=())

    done = reveal("sync", address(document), *DAY)

    assert done.returncode == 3
    assert "not shared with Reveal" in done.stderr
    assert google.robot in done.stderr


def test_a_spreadsheet_that_may_only_be_read_is_not_written(google, signed_in):
    document = google.spreadsheet(
        {"Contacts": texts(CONTACTS)}, writers=(), readers=(google.robot,)
    )
    before = google.state(document)

    done = reveal("sync", address(document), *DAY)

    assert done.returncode == 4
    assert google.robot in done.stderr
    assert google.state(document) == before


def test_protected_own_columns_are_told_before_anything_is_written(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    reveal("sync", address(document), *DAY)
    edges = {"sheetId": 0, "startColumnIndex": 6, "endColumnIndex": 7}
    closed = {"range": edges, "editors": {"users": [google.owner]}}
    google.person(document, {"addProtectedRange": {"protectedRange": closed}})
    google.person_types(document, "Contacts!E3", "'(585) 555-0142")
    before, writes = google.state(document), len(google.calls("write"))

    done = reveal("sync", address(document), *DAY)

    assert done.returncode == 4
    assert 'sheet "Contacts": The range G1:G3 is protected.' in done.stderr
    assert (google.state(document), len(google.calls("write"))) == (before, writes)


def test_columns_of_the_office_that_are_protected_from_the_robot_are_never_hit(google, signed_in):
    """Google itself refuses then what would hit them, and Reveal reads again."""
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    edges = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 6}
    closed = {"range": edges, "editors": {"users": [google.owner]}}
    google.person(document, {"addProtectedRange": {"protectedRange": closed}})
    line = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    insert = {"insertDimension": {"range": line, "inheritFromBefore": True}}
    hit = []

    def watch():
        hit.append(google.values(document, "Contacts"))
        if len(hit) == 1:
            google.person(document, insert)

    google.before("write", watch, times=None)

    assert reveal("sync", address(document), *DAY).returncode == 1

    phones = [row[5] for row in hit[1]]
    assert phones == ["Other Phone", "+1 585 555 0100", ""]
    assert google.values(document, "Contacts")[0][7:] == ["Revealed?", "What to fix"]


def test_no_such_spreadsheet(google, signed_in):
    done = reveal("sync", address("1nothing"), *DAY)

    assert done.returncode == 3
    assert "There is no such spreadsheet." in done.stderr


def test_another_address_is_refused(google, signed_in):
    done = reveal("sync", "https://example.org/sheet", *DAY)

    assert done.returncode == 2
    assert "not the address of a Google spreadsheet" in done.stderr


def test_the_interface_is_not_switched_on(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)})
    google.disable("sheets.googleapis.com")

    done = reveal("sync", address(document), *DAY)

    assert done.returncode == 3
    assert "not switched on" in done.stderr


def test_a_sign_in_that_google_has_ended(google, signed_in):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)})
    google.oauth.robots.clear()

    done = reveal("sync", address(document), *DAY)

    assert done.returncode == 3
    assert "reveal google login" in done.stderr


def test_who_is_signed_in_is_kept_where_nobody_else_reads_it(google, office, tmp_path):
    assert "Nobody is signed in" in reveal("google", "status").stdout

    done = reveal("google", "login", "--robot", office)

    kept = tmp_path / "config" / "reveal" / "google.json"
    assert google.robot in done.stdout
    assert kept.stat().st_mode & 0o777 == 0o600
    assert google.robot in reveal("google", "status").stdout
    kept.chmod(0o644)
    assert reveal("google", "status").returncode == 3
    kept.chmod(0o600)
    assert reveal("google", "logout").stdout == "Signed out.\n"
    assert not kept.exists()
    assert reveal("google", "logout").stdout == "Nobody was signed in.\n"


def test_a_scheduled_task_finds_what_no_keyring_holds(office, tmp_path, monkeypatch):
    ring = Ring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    monkeypatch.delenv("REVEAL_GOOGLE_URL")
    kept = tmp_path / "config" / "reveal" / "google.json"
    assert "the keyring" in reveal("google", "login", "--robot", office).stdout
    assert not kept.exists()

    done = reveal("google", "login", "--robot", office, "--no-keyring")

    assert f"Kept in {kept}." in done.stdout
    assert kept.stat().st_mode & 0o777 == 0o600
    assert ring.kept == {}
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    assert reveal("google", "status").stdout.startswith("Signed in as ")


class Ring:
    """A keyring that holds what it is given."""

    def __init__(self):
        self.kept = {}

    def set_password(self, service, name, text):
        self.kept[service, name] = text

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def delete_password(self, service, name):
        del self.kept[service, name]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"type": "authorized_user"}'])
def test_another_file_is_no_key(google, office, tmp_path, content):
    other = tmp_path / "other.json"
    other.write_text(content)

    done = reveal("google", "login", "--robot", other)

    assert done.returncode == 3
    assert "not a key file" in done.stderr


def test_a_server_elsewhere_never_gets_the_key(google, signed_in, monkeypatch):
    document = google.spreadsheet({"Contacts": texts(CONTACTS)})
    for url in ("http://evil.example.org", "https://127.0.0.1.example.org", "http://10.0.0.1:80"):
        monkeypatch.setenv("REVEAL_GOOGLE_URL", url)

        done = reveal("sync", address(document), *DAY)

        assert done.returncode == 2
        assert "must be on this computer" in done.stderr


@pytest.mark.parametrize("text", ["", "0m", "5", "10s", "fast"])
def test_a_time_that_cannot_be_meant(google, signed_in, text):
    done = reveal("sync", address("abc"), "--every", text or " ", *DAY)

    assert done.returncode == 2


def test_again_and_again_tells_and_writes_only_what_is_new(google, signed_in, monkeypatch):
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            google.fault("read", status=404)
        if len(waits) == 3:
            google.person_types(document, "Contacts!E3", "(585) 555-0142")
        if len(waits) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(syncing, "again_and_again", partial(syncing.again_and_again, sleep=sleep))

    done = reveal("sync", address(document), "--every", "30m", *DAY)

    assert (done.returncode, waits) == (130, [1800] * 4)
    assert re.findall(r"^Synced: Roster, (.*) \(", done.stdout, re.MULTILINE) == [
        "5 cells written",
        "2 cells written",
    ]
    times = re.findall(r"^[\d-]+ [\d:]+: (.*)", done.stderr, re.MULTILINE)
    assert times[0] == times[1] == "1 of 2 are revealed."
    assert "There is no such spreadsheet." in times[2]
    assert times[3] == "2 of 2 are revealed."
    assert len(google.calls("write")) == 2


def test_a_person_signs_in_with_the_browser(google, office, tmp_path, monkeypatch):
    """The answer of the browser comes to a port that is open for it alone."""
    # The emulator speaks no https, which oauthlib insists on otherwise.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = google.client()
    client = client if "installed" in client else {"installed": client}
    key = signin_with(google, client)
    document = google.spreadsheet({"Contacts": texts(CONTACTS), "Accounts": texts(ACCOUNTS)})
    store = signin.Store(tmp_path / "config" / "reveal", keyring=False)
    store.save(key)

    assert "yourself" in reveal("google", "status").stdout
    assert reveal("sync", address(document), *DAY).returncode == 1
    assert google.values(document, "Contacts")[1][-1] == "Yes"


def signin_with(google, client):
    import threading
    import urllib.request
    import webbrowser

    class Browser(webbrowser.BaseBrowser):
        def open(self, url, new=0, autoraise=True):  # noqa: FBT002 - as `webbrowser` has it
            threading.Thread(target=lambda: urllib.request.urlopen(url).read()).start()
            return True

    webbrowser.register("test", None, Browser(), preferred=True)
    return signin.ask(client, url=google.url)

"""Who is signed in, and where that is kept: the keyring, else a file that only its owner reads."""

from __future__ import annotations

import json
import sys

import keyring
import pytest
from keyring.backends import fail

from sheets.books.google import signin
from sheets.books.google.address import spreadsheet_id
from sheets.errors import CannotRead, CannotWrite, WrongUsage

ROBOT = {"type": "service_account", "client_email": "robot@example.org", "private_key": "k"}
OTHER = {"type": "authorized_user", "refresh_token": "r", "client_id": "c"}


class Ring:
    """A keyring that holds what it is given, unless it is too small, or locked."""

    def __init__(self, *, small=False, locked=False):
        self.kept = {}
        self.small, self.locked = small, locked

    def set_password(self, service, name, text):
        if self.small or self.locked:
            raise RuntimeError("too long")
        self.kept[service, name] = text

    def get_password(self, service, name):
        if self.locked:
            raise RuntimeError("locked")
        return self.kept.get((service, name))

    def delete_password(self, service, name):
        del self.kept[service, name]


@pytest.fixture
def store(tmp_path):
    return signin.Store(tmp_path / "reveal")


@pytest.fixture
def use(monkeypatch):
    def used(ring):
        monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
        return ring

    return used


def test_the_keyring_keeps_it_where_there_is_one(store, use):
    ring = use(Ring())

    where = store.save(ROBOT)

    assert "keyring" in where
    assert json.loads(ring.kept["reveal", "google"]) == ROBOT
    assert not store.folder.exists()
    assert store.load() == signin.SignedIn(ROBOT)
    assert store.forget()
    assert ring.kept == {}
    assert store.load() is None
    assert not store.forget()


@pytest.mark.parametrize("ring", [fail.Keyring(), Ring(small=True), Ring(locked=True)])
def test_a_file_keeps_it_where_the_keyring_does_not(store, use, ring):
    use(ring)

    where = store.save(ROBOT)

    assert where == str(store.file)
    if sys.platform != "win32":
        assert store.file.stat().st_mode & 0o777 == 0o600
    assert store.load() == signin.SignedIn(ROBOT)
    assert store.forget()
    assert not store.file.exists()


def test_a_key_that_is_too_long_for_the_keyring_replaces_the_one_that_is_there(store, use):
    ring = use(Ring())
    store.save(OTHER)
    ring.small = True

    store.save(ROBOT)

    assert store.load() == signin.SignedIn(ROBOT)


def test_a_key_that_goes_to_the_keyring_leaves_no_file(store, use):
    ring = use(Ring(small=True))
    store.save(OTHER)
    ring.small = False

    store.save(ROBOT)

    assert not store.file.exists()
    assert store.load() == signin.SignedIn(ROBOT)


def test_a_second_sign_in_replaces_the_file(tmp_path):
    store = signin.Store(tmp_path, keyring=False)

    store.save(ROBOT)
    store.save(OTHER)

    assert store.load() == signin.SignedIn(OTHER)
    assert [one.name for one in tmp_path.iterdir()] == ["google.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept otherwise there")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    store = signin.Store(tmp_path, keyring=False)
    store.save(ROBOT)
    store.file.chmod(mode)

    with pytest.raises(CannotRead, match="Others on this computer"):
        store.load()


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_what_is_damaged_is_said_to_be(tmp_path, held):
    store = signin.Store(tmp_path, keyring=False)
    store.save(ROBOT)
    store.file.write_bytes(held)

    with pytest.raises(CannotRead, match="damaged"):
        store.load()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    store = signin.Store(tmp_path, keyring=False)
    store.file.mkdir()

    with pytest.raises(CannotRead, match="cannot be read"):
        store.load()


def test_where_nothing_can_be_written_that_is_said(tmp_path):
    (tmp_path / "reveal").write_text("a file in the place of the folder")
    store = signin.Store(tmp_path / "reveal", keyring=False)

    with pytest.raises(CannotWrite, match="cannot be kept"):
        store.save(ROBOT)


@pytest.mark.parametrize(
    ("key", "robot", "address"),
    [(ROBOT, True, "robot@example.org"), (OTHER, False, ""), ({}, False, "")],
)
def test_a_robot_has_an_address_and_a_person_none(key, robot, address):
    who = signin.SignedIn(key)

    assert (who.is_robot, who.address) == (robot, address)


@pytest.mark.parametrize(
    "key", [ROBOT, {"type": "service_account"}, {"type": "authorized_user"}, {}]
)
def test_a_key_that_opens_nothing_is_damaged(key):
    with pytest.raises(CannotRead, match="damaged"):
        signin.carrier(signin.SignedIn(key))


def test_nobody_carries_nothing():
    with pytest.raises(CannotRead, match="Nobody is signed in"):
        signin.carrier(None)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://127.0.0.1.example.org:80",
        "http://localhost.example.org:80",
        "http://10.0.0.1:80",
        "https://127.0.0.1:80",
        "http://127.0.0.1@example.org",
        "http://127.0.0.1:80@example.org",
        "http://127.0.0.1",
    ],
)
def test_no_other_server_than_one_on_this_computer_gets_the_key(url):
    with pytest.raises(WrongUsage, match="must be on this computer"):
        signin.carrier(signin.SignedIn(OTHER), url)
    with pytest.raises(WrongUsage, match="must be on this computer"):
        signin.ask({"installed": {}}, url=url)


def test_a_client_that_lacks_something_ends_the_sign_in():
    with pytest.raises(CannotRead, match="not finished"):
        signin.ask({"installed": {"client_id": "c"}})


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/spreadsheets/d/1AbC_-d",
        "docs.google.com/spreadsheets/d/1AbC_-d/edit?usp=sharing",
        "https://docs.google.com/spreadsheets/d/1AbC_-d/edit?gid=0#gid=0",
        "https://docs.google.com/spreadsheets/u/1/d/1AbC_-d/edit",
        "https://docs.google.com/a/school.example.org/spreadsheets/d/1AbC_-d/edit",
        "  https://docs.google.com/spreadsheets/d/1AbC_-d/copy \n",
    ],
)
def test_the_id_is_in_the_address(address):
    assert spreadsheet_id(address) == "1AbC_-d"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://docs.google.com/document/d/1AbC/edit", "not the address"),
        ("https://docs.google.com.example.org/spreadsheets/d/1AbC", "not the address"),
        ("http://docs.google.com/spreadsheets/d/1AbC", "not the address"),
        ("https://docs.google.com/spreadsheets/u/0/", "not the address"),
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1v/pubhtml", "published copy"),
    ],
)
def test_another_address_is_refused(address, said):
    with pytest.raises(WrongUsage, match=said):
        spreadsheet_id(address)

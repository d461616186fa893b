"""Answers of the OneRoster API as files: every way in which people save them."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest

from sheets import compare
from sheets.errors import CannotRead, NotUnderstood

STUDENT = {"sourcedId": "s12", "role": "student", "givenName": "Ana", "familyName": "Abara"}
PARENT = {"sourcedId": "p90", "role": "guardian", "givenName": "Bo", "familyName": "Abara"}
BOTH = {"users": [STUDENT, PARENT]}


def saved(tmp_path, content, name="users.json"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def names(answer):
    return sorted(user.sourced_id for user in answer.users)


LINES = "\n".join(json.dumps(one) for one in (STUDENT, PARENT))
CSV = "sourcedId,status,role,username\ns12,active,student,ana\np90,active,guardian,bo\n"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(BOTH),
        json.dumps({"users": [STUDENT]}) + json.dumps({"user": PARENT}),
        json.dumps([{"users": [STUDENT]}, {"users": [PARENT]}, {"users": []}]),
        json.dumps([STUDENT, PARENT]),
        json.dumps({"pages": [{"body": BOTH}]}),
        json.dumps({"students": [STUDENT], "teachers": [], "guardians": [PARENT]}),
        LINES,
        CSV,
        CSV.replace(",", ";"),
        "s12\np90\n",
        "Sourced ID\ns12\np90",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gzip"])
def test_everybody_is_found_however_the_answer_is_saved(tmp_path, content, encoding):
    packed = encoding == "gzip"
    data = gzip.compress(content.encode(), mtime=0) if packed else content.encode(encoding)

    answer = compare.read([saved(tmp_path, data)])

    assert len(answer.users) == 2
    assert {text for user in answer.users for _, text in user.ids} >= {"s12", "p90", "12", "90"}


def test_pages_may_be_files_a_folder_or_an_archive(tmp_path):
    one, two = saved(tmp_path, {"users": [STUDENT]}, "1.json"), saved(tmp_path, BOTH, "2.json")
    packed = tmp_path.parent / f"{tmp_path.name}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(one, "pages/1.json")
        archive.write(two, "pages/2.json")

    for paths in ([one, two], [tmp_path], [packed]):
        assert names(compare.read(paths)) == ["p90", "s12"]


def test_a_oneroster_set_of_1_2_has_its_roles_in_a_file_of_their_own(tmp_path):
    saved(tmp_path, b"sourcedId,username\n12,ana\n90,bo\n", "users.csv")
    saved(tmp_path, b"sourcedId,userSourcedId,role\n1,12,student\n2,90,guardian\n", "roles.csv")
    saved(tmp_path, b"sourcedId,name\n1,Lake 1\n", "orgs.csv")

    answer = compare.read([tmp_path])

    assert [sorted(user.kinds) for user in answer.users] == [["student"], ["contact"]]


def test_version_1_2_has_several_roles_usernames_and_the_earlier_id(tmp_path):
    person = {
        "sourcedId": "45",
        "userMasterIdentifier": "A-1",
        "roles": [{"role": "teacher"}, {"role": "guardian"}],
        "userProfiles": [{"credentials": [{"username": "Cy"}]}],
        "userIds": [{"type": "Fed", "identifier": "F9"}],
        "metadata": {"legacy": "t45"},
        "agents": [{"sourcedId": "12", "type": "user"}],
        "enabledUser": False,
    }

    [user] = compare.read([saved(tmp_path, {"user": person})]).users

    assert user.kinds == {"staff", "contact"}
    assert user.usernames == ["cy"]
    assert user.agents == ["12"]
    assert set(user.ids) >= {
        ("userMasterIdentifier", "a-1"),
        ("userIds Fed", "f9"),
        ("metadata legacy without its letter", "45"),
    }


def test_whoever_is_marked_as_deleted_is_not_revealed(tmp_path):
    gone = {**PARENT, "status": "tobedeleted"}
    answer = compare.read([saved(tmp_path, {"users": [STUDENT, gone]})])
    assert names(answer) == ["s12"]
    assert "marked as deleted" in " ".join(answer.notes)


def test_a_full_page_alone_is_pointed_out(tmp_path):
    page = {"users": [{**STUDENT, "sourcedId": f"s{at}"} for at in range(100)]}
    assert "all pages" in " ".join(compare.read([saved(tmp_path, page)]).notes)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", NotUnderstood, "empty"),
        (b'{"users": []}', NotUnderstood, "Nobody"),
        (b'{"users": [{"sourcedId": "s1"}, {"sour', CannotRead, "damaged"),
        (b'{"users": [' + b"[" * 100_000, CannotRead, "damaged"),
        (b'{"orgs": [{"sourcedId": "1"}]}', NotUnderstood, "schools"),
        (b'{"enrollments": [{"user": {"sourcedId": "1"}}]}', NotUnderstood, "enrollments"),
        (b'{"imsx_codeMajor": "failure"}', NotUnderstood, "failure"),
        (b'{"a": 1}', NotUnderstood, "not an answer"),
        (b"<html><body>Sign in 1</body></html>", CannotRead, "page of the web"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", CannotRead, "no text"),
        (gzip.compress(b'{"users": []}' * 99, mtime=0)[:40], CannotRead, "damaged"),
        (b"PK\x03\x04 no archive", CannotRead, "damaged"),
        (b"Unauthorized", NotUnderstood, "no ids"),
    ],
)
def test_what_is_no_answer_about_people_is_refused_in_one_sentence(tmp_path, content, error, words):
    with pytest.raises(error) as caught:
        compare.read([saved(tmp_path, content)])
    assert words in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CannotRead):
        compare.read([tmp_path / "nothing.json"])


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (b"username,Campus ID\nana,12\n", {"Campus ID"}),
        (b"Somebody,Else\nana1,12\nbo2,90\n", {"column 1", "column 2"}),
        (b"ana1,12\nbo2,90\n", {"column 1", "column 2"}),
    ],
    ids=["a title is known", "titles or somebody", "no titles"],
)
def test_words_that_may_be_somebodys_are_no_titles(tmp_path, content, places):
    answer = compare.read([saved(tmp_path, content, "ids.csv")])

    assert {where for user in answer.users for where, _ in user.ids} == places

"""`reveal compare` on the command line: exit codes, words, JSON, and no cell's value."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from sheets import open_book, rules
from tests import running, simulated_api

SCHOOL = Path(__file__).parents[2] / "templates" / "samples" / "small-school.xlsx"
DAY = dt.date(2026, 11, 23)


def reveal(*arguments):
    return running.reveal(*arguments, "--as-of", DAY)


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """Saves what an API with some settings returns of the sample."""
    folder = tmp_path_factory.mktemp("api")

    def save(name, version="1.1", **settings):
        truth = rules.profile(as_of=DAY, settings=settings)
        of = simulated_api.tables([open_book(SCHOOL)], truth)
        path = folder / f"{name}-{version}.json"
        path.write_text(json.dumps({"users": simulated_api.users(of, truth, version=version)}))
        return path

    return save


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_answer_that_agrees_ends_with_0_or_says_what_is_not_counted(api, version):
    done = reveal("compare", SCHOOL, "--api", api("as-published", version), "--json")

    result = json.loads(done.stdout)
    assert result["reveal_compare"] == 1
    assert result["answer"]["version"] == version
    assert result["agreement"]["disagree"] == 0
    assert result["settings"]["best"]["reveal_toml"] == []


def test_an_answer_that_disagrees_ends_with_1_and_names_the_settings(api):
    hidden = api("hidden", home_page_reading="A", expired_is_inactive=False)

    done = reveal("compare", SCHOOL, "--api", hidden, "--details", "2")

    assert done.returncode == 1
    assert done.stderr == ""
    assert " agree with the answer of the API" in done.stdout.splitlines()[0]
    assert "    expired_is_inactive = false\n" in done.stdout
    assert '    home_page_reading = "A"\n' in done.stdout
    assert "CON-ACCT-01 hides 3 that the API reveals" in done.stdout
    assert 'sheet "Contacts", rows 22, 24 and 1 more' in done.stdout


def test_no_cell_is_shown(api):
    hidden = api("hidden", home_page_reading="A", expired_is_inactive=False)
    people = json.loads(hidden.read_text())["users"]
    values = {
        one[key] for one in people for key in ("familyName", "email", "sourcedId") if one[key]
    }

    for more in ((), ("--json",)):
        said = reveal("compare", SCHOOL, "--api", hidden, *more).stdout
        words = set(said.replace('"', " ").replace(",", " ").split())
        assert not words & values


def test_a_damaged_answer_ends_with_3_and_one_sentence(tmp_path):
    path = tmp_path / "users.json"
    path.write_text('{"users": [{"sourcedId": "s1", "familyName": "Canary')

    done = reveal("compare", SCHOOL, "--api", path)

    assert done.returncode == 3
    assert done.stdout == ""
    assert "users.json: The answer is damaged" in done.stderr
    assert "Canary" not in done.stderr


def test_an_answer_of_another_district_ends_with_3(tmp_path):
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"users": [{"sourcedId": "s99999999", "role": "student"}]}))
    assert reveal("compare", SCHOOL, "--api", path).returncode == 3


def test_without_an_answer_the_usage_is_wrong():
    assert reveal("compare", SCHOOL).returncode == 2


def test_nothing_is_written(api, tmp_path):
    before = SCHOOL.read_bytes()
    reveal("compare", SCHOOL, "--api", api("as-published"))
    assert SCHOOL.read_bytes() == before
    assert not list(tmp_path.iterdir())

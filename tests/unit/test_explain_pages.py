"""The pages of rules and settings, and the whole book as Markdown."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib

import pytest

from sheets import rules, settings
from sheets.rules import choices, handbook, pages
from sheets.rules.model import Settings

CATALOG = rules.catalog()
EDUTECH = rules.profile(as_of=dt.date(2026, 11, 23))
NAMES = [field.name for field in dataclasses.fields(Settings)]
OWN_RULE = """
[[rule]]
id = "DST-01"
who = "student"
column = "Bus *stop* [x] <b>_1_</b> #"
required = true
why = "- A & B, `C` | 1."
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "reveal.toml"
    path.write_text(OWN_RULE + '[severities]\nEML-01 = "off"\n', encoding="utf-8")
    return settings.profile(settings.load(path), as_of=dt.date(2026, 11, 23))


def on_one_line(page):
    return " ".join(page.split())


# ---- Settings -----------------------------------------------------------------------------------


def test_every_setting_has_a_text_and_nothing_else_has():
    assert list(choices.texts()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_text_says_what_people_need(name):
    told = choices.texts()[name]

    assert told["title"]
    assert told["text"]
    assert ("values" in told) != ("takes" in told)


@pytest.mark.parametrize("name", rules.published.CHOICES)
def test_every_word_that_a_setting_can_be_is_told(name):
    assert tuple(choices.texts()[name]["values"]) == rules.published.CHOICES[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_setting_is_taken_and_is_the_default_where_there_is_one(name, tmp_path):
    path = tmp_path / "reveal.toml"
    path.write_text(f"[settings]\n{name} = {choices.texts()[name]['example']}\n", encoding="utf-8")

    given = settings.load(path).settings[name]

    default = getattr(EDUTECH.settings, name)
    assert not default or default == (tuple(given) if isinstance(given, list) else given)


def test_every_condition_of_the_profiles_can_be_said():
    for data in (*rules.profiles().values(), *rules.packs().values()):
        for rule_id, given in data["severities"].items():
            said = choices.meaning(given)
            assert said == given or " if " in said, rule_id


def test_a_condition_is_said_by_the_values_of_its_setting():
    severities = rules.profiles()["oneroster-1.1"]["severities"]

    assert choices.meaning(severities["CON-REL-03"]) == (
        "check if guardian_by is guardian; hides if guardian_by is portal; "
        "off if guardian_by is either"
    )
    assert choices.meaning(severities["SCOPE-01"]) == (
        "hides if schools are given; off if no schools are given"
    )
    assert choices.meaning(severities["STU-ACCT-01"]) == (
        "hides if account_required is enabled or any; off if account_required is none"
    )


@pytest.mark.parametrize(
    "value", [True, False, "a", 'a "b"', r"\s", (), ("a", "b"), dt.date(2026, 7, 1)]
)
def test_a_value_is_written_as_a_settings_file_has_it(value):
    read = tomllib.loads(f"x = {choices.written(value)}")["x"]

    assert (tuple(read) if isinstance(read, list) else read) == value


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_page_in_lines_that_fit(name):
    page = pages.explain_setting(name, EDUTECH)

    assert page.startswith(f"{name}\n\nWhat it decides\n")
    assert choices.texts()[name]["title"] in on_one_line(page)
    assert max(map(len, page.splitlines())) <= 88


def test_the_page_of_a_setting_tells_its_values_now_and_in_every_profile():
    changed = rules.profile(settings={"guardian_source": "either"})

    page = pages.explain_setting("guardian_source", changed)

    assert '  now            "either"\n  edutech        "type"\n  oneroster-1.1  "box"\n' in page
    assert "CON-REL-01" in page


# ---- Rules --------------------------------------------------------------------------------------


def test_the_page_of_a_rule_tells_what_it_means_now_in_every_profile_and_in_packs():
    page = pages.explain(CATALOG["CON-FLD-03"], rules.profile("oneroster-1.1", packs=["vendor"]))

    assert (
        "  now            hides (pack vendor)\n"
        "  edutech        hides\n"
        "  oneroster-1.1  check\n"
        "  oneroster-1.2  check\n"
        "  pack vendor    hides\n"
    ) in page
    assert '  phones = ["other_phone"]\n' in page


@pytest.mark.parametrize("rule", CATALOG.values(), ids=list(CATALOG))
def test_the_page_of_a_rule_has_lines_that_fit_and_all_that_people_read(rule):
    page = pages.explain(rule, EDUTECH)

    assert max(map(len, page.splitlines())) <= 88
    assert page.count("\n  - ") == len(rule.sentences)


def test_where_a_severity_comes_from_is_told(own):
    vendor = rules.profile(packs=["vendor"])

    assert pages.origin(CATALOG["EML-02"], vendor) == "pack vendor"
    assert pages.origin(CATALOG["CON-FLD-01"], vendor) == ""
    assert pages.origin(CATALOG["EML-01"], own) == "changed"
    assert pages.origin(own.rules["DST-01"], own) == "own rule"


def test_what_is_used_is_told_in_a_few_words(own):
    assert choices.used(EDUTECH) == "edutech 2"
    assert choices.used(rules.profile(packs=["vendor", "schooltool"])) == (
        "edutech 2 + vendor + schooltool"
    )
    assert choices.used(own) == "edutech 2, own settings"
    assert choices.used(rules.profile(settings={"schools": ["A"]})) == "edutech 2, own settings"


# ---- The book -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*rules.profiles()])
def test_the_book_has_every_rule_and_every_setting(name):
    book = handbook.book(rules.profile(name, as_of=dt.date(2026, 11, 23)))

    headings = re.findall(r"(?m)^### (.*)$", book.replace("\\_", "_"))
    assert sorted(headings) == sorted([*CATALOG, *NAMES])


def test_the_book_is_the_same_whenever_it_is_printed():
    assert handbook.book(EDUTECH) == handbook.book(rules.profile(as_of=dt.date(2020, 1, 1)))


def test_every_link_of_the_book_leads_to_a_heading():
    book = handbook.book(EDUTECH)

    headings = re.findall(r"(?m)^##+ (.*)$", book.replace("\\_", "_"))
    anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    assert len(anchors) == len(headings)
    assert set(re.findall(r"\]\(#([^)]*)\)", book)) <= anchors


def test_no_text_of_a_rule_is_taken_for_markup(own):
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    tokens = parser.parse(handbook.book(own))

    kinds = {token.type for token in tokens}
    inside = [child for token in tokens for child in token.children or ()]
    assert not kinds & {"html_block", "code_block", "fence", "hr", "blockquote_open"}
    assert not {child.type for child in inside} & {"html_inline", "em_open", "image", "hardbreak"}
    said = "".join(child.content for child in inside if child.type == "text")
    assert "Bus *stop* [x] <b>_1_</b> # holds data." in said
    assert "- A & B, `C` | 1." in said
    codes = {child.content for child in inside if child.type == "code_inline"}
    assert codes == {"Revealed?", "What to fix", "reveal.toml", "[settings]", "--set NAME=VALUE"}
    nested = [token.level for token in tokens if token.type == "bullet_list_open"]
    assert set(nested) == {0, 2}

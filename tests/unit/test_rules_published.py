"""The catalogue and the profiles as published, and the words that people read."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

import pytest

from sheets import rules
from sheets.errors import WrongUsage
from sheets.rules import Settings, judge
from sheets.rules.model import Severity

CATALOG = rules.catalog()
EVERY = [(rule, variant) for rule in CATALOG.values() for variant in rule.sentences]
IDS = [f"{rule.id} {variant}" for rule, variant in EVERY]


def test_the_catalogue_holds_the_published_rules_in_the_order_of_telling() -> None:
    assert list(CATALOG) == [
        *("STU-ACCT-01", "STF-ACCT-01"),
        *("CON-FLD-01", "CON-FLD-02", "CON-FLD-03", "CON-FLD-04"),
        *("CON-REL-01", "CON-ACCT-01", "CON-ACCT-02", "EML-01", "PHN-01"),
    ]


def test_every_rule_is_judged_and_nothing_else_is() -> None:
    assert set(judge._FINDINGS) == set(CATALOG)
    assert set(rules.profile().severities) == set(CATALOG)


@pytest.mark.parametrize("rule", CATALOG.values(), ids=list(CATALOG))
def test_a_rule_says_everything_that_people_need(rule: rules.model.Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}(-[A-Z]+)?-\d\d", rule.id)
    assert rule.who in {"student", "staff", "contact", "pair", "all"}
    assert rule.who_fixes in {"office", "Campus administrator"}
    assert rule.confidence in {"high", "medium", "low"}
    assert all((rule.title, rule.why, rule.fix, rule.where, rule.source, rule.sentences))
    assert {*rule.unknown, *rule.softer} <= rule.sentences.keys()
    assert not rule.unknown & rule.softer.keys()


@pytest.mark.parametrize(("rule", "variant"), EVERY, ids=IDS)
def test_a_sentence_can_be_joined_with_others_and_told_from_them(
    rule: rules.model.Rule, variant: str
) -> None:
    text = rule.sentences[variant]

    assert ";" not in text
    assert "\n" not in text
    assert not text.endswith(".")
    assert len(text) < 160
    assert set(re.findall(r"\{(.*?)\}", text)) <= {"header", "seen"}
    assert "{header}" not in text or rule.field


def test_what_is_missing_is_said_in_the_words_that_highlights_look_for() -> None:
    for rule in CATALOG.values():
        if rule.id.startswith(("CON-FLD", "CON-REL")):
            assert rules.sentence(rule, "blank", header="H") == '"H" is blank'
            assert rules.sentence(rule, "placeholder", header="H", seen="-") == '"H" holds only "-"'
            assert rules.sentence(rule, "error", header="H", seen="#N/A") == (
                '"H" shows the error #N/A'
            )


def test_a_heading_may_hold_anything() -> None:
    rule = CATALOG["CON-FLD-03"]

    said = rules.sentence(rule, "placeholder", header="{seen} \\1 {0} %s", seen="{header}")

    assert said == '"{seen} \\1 {0} %s" holds only "{header}"'


def test_what_hides_what_is_lacking_and_what_is_to_check_are_told_apart() -> None:
    edutech = rules.profile()

    assert rules.severity(edutech, "CON-ACCT-01", "none") is Severity.HIDES
    assert rules.severity(edutech, "CON-ACCT-01", "by_name") is Severity.CHECK
    assert rules.severity(edutech, "CON-ACCT-01", "no_key") is Severity.UNKNOWN
    assert rules.severity(edutech, "EML-01", "malformed") is Severity.CHECK


@pytest.mark.parametrize(
    ("reading", "severity"),
    [("A", Severity.HIDES), ("B", Severity.HIDES), ("C", Severity.CHECK)],
)
def test_the_reading_says_whether_the_home_page_can_hide(reading: str, severity: Severity) -> None:
    chosen = rules.profile(settings={"home_page_reading": reading})

    assert chosen.severities["CON-ACCT-02"] is severity


def test_edutech_has_the_settings_and_severities_that_were_published() -> None:
    edutech = rules.profile(as_of=dt.date(2026, 11, 23))

    assert (edutech.id, edutech.version, edutech.as_of) == ("edutech", "1", dt.date(2026, 11, 23))
    assert edutech.settings == Settings("C", True, ["Guardian"])
    warns = {id_ for id_, severity in edutech.severities.items() if severity is Severity.CHECK}
    assert warns == {"CON-ACCT-02", "EML-01", "PHN-01"}
    assert set(edutech.severities.values()) == {Severity.HIDES, Severity.CHECK}


def test_a_profile_is_as_of_today_unless_told_otherwise() -> None:
    def today() -> dt.date:
        return dt.datetime.now().astimezone().date()

    before = today()
    assert before <= rules.profile().as_of <= today()


def test_a_profile_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(WrongUsage, match="There is no profile edutec") as caught:
        rules.profile("edutec")

    assert caught.value.hint == "There is edutech."


@pytest.mark.parametrize("reading", ["D", "c", ""])
def test_a_reading_that_is_not_there_is_refused(reading: str) -> None:
    with pytest.raises(WrongUsage, match="no reading") as caught:
        rules.profile(settings={"home_page_reading": reading})

    assert caught.value.hint == "There is A, B, C."


def test_a_page_tells_all_about_a_rule_in_lines_that_fit() -> None:
    rule = CATALOG["CON-REL-01"]
    page = rules.explain(rule)
    on_one_line = " ".join(page.split())

    for text in (rule.id, rule.title, rule.why, rule.fix, rule.where, rule.source):
        assert text in on_one_line
    assert "Who can fix it Campus administrator" in on_one_line
    assert "(confidence: medium)" in page
    assert '  - relationship "..." is not set as Guardian' in page.splitlines()
    assert '  - "Relationship" is blank' in page.splitlines()
    assert max(map(len, page.splitlines())) <= 88
    assert page.endswith("clear\n")


@pytest.mark.parametrize("rule", CATALOG.values(), ids=list(CATALOG))
def test_every_rule_has_a_page(rule: rules.model.Rule) -> None:
    page = rules.explain(rule)

    assert page.startswith(f"{rule.id}\n\nWhat must hold\n  ")
    assert page.count("\n  - ") == len(rule.sentences)


def test_reading_the_rules_loads_no_dataframes() -> None:
    script = (
        "import sys; from sheets import rules;"
        "rules.profile(); rules.explain(rules.catalog()['EML-01']);"
        "print([name for name in ('polars', 'narwhals') if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"

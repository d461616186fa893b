"""The catalogue and the profiles as published, and the words that people read."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from typing import Any

import pytest

from sheets import rules
from sheets.errors import WrongUsage
from sheets.rules import Settings, conditions
from sheets.rules.model import Severity

CATALOG = rules.catalog()
EVERY = [(rule, variant) for rule in CATALOG.values() for variant in rule.sentences]
IDS = [f"{rule.id} {variant}" for rule, variant in EVERY]


# The table of rules as it was drawn up from the published pages: rule, then what it means in the
# profiles edutech, oneroster-1.1 and oneroster-1.2, then in the packs vendor and schooltool.
# B hides, W warns, I informs, - is off.
TABLE = """
STU-ACCT-01 B B B - -
STU-HOME-01 - W W - -
STU-ENR-01  - B B - -
STU-ENR-02  - B B - -
STU-ENR-03  - W W B -
STU-SVC-01  - I I - -
STF-ACCT-01 B B B - -
STF-HOME-01 - W W - -
STF-ASN-01  - B B - -
STF-ROLE-01 - B B - -
STF-EMP-01  - W W B -
CON-FLD-01  B B B B -
CON-FLD-02  B B B B -
CON-FLD-03  B W W B -
CON-FLD-04  B W W B -
CON-REL-01  B - - - -
CON-REL-02  - B B - -
CON-REL-03  - W W - W
CON-REL-04  W W W - -
CON-REL-05  - B B - -
CON-REL-06  - - - - -
CON-ACCT-01 B B B - -
CON-ACCT-02 W B B - -
CON-STU-01  - B B - -
CON-STU-02  W W W - -
SCOPE-01    - - - - -
SCOPE-02    - - - - -
USR-NAME-01 - B W - -
USR-NAME-02 - W W W -
USR-EXP-01  - - - - -
EML-01      W W W W -
PHN-01      W W W W -
EML-02      W W W B -
EML-03      I I I - -
PHN-02      - - - B -
DUP-01      W W W - -
DUP-02      W W W - -
NAME-01     W W W - -
PRIV-01     I I I - -
VND-RMD-01  - - - W -
VND-RMD-02  - - - W -
ST-MAIL-01  - - - - B
ST-CUST-01  - - - - B
ST-RESTR-01 - - - - B
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
LETTERS = {"B": "hides", "W": "check", "I": "info", "-": "off"}
STRENGTH = ["off", "info", "check", "hides"]


def means(rule: str, profile: str, packs: tuple[str, ...] = ()) -> str:
    severities = rules.profile(profile, packs=packs).severities
    return str(severities[rule]) if rule in severities else "off"


def test_the_catalogue_holds_the_rules_of_the_table_in_the_order_of_telling() -> None:
    assert list(CATALOG) == list(ROWS)


def test_every_rule_is_judged_and_nothing_else_is() -> None:
    assert set(conditions._CONDITIONS) == set(CATALOG)


@pytest.mark.parametrize("rule", ROWS)
def test_a_rule_means_in_each_profile_and_pack_what_the_table_says(rule: str) -> None:
    edutech, first, second, vendor, schooltool = (LETTERS[letter] for letter in ROWS[rule])

    for profile, own in {
        "edutech": edutech,
        "oneroster-1.1": first,
        "oneroster-1.2": second,
    }.items():
        assert means(rule, profile) == own
        for pack, added in {"vendor": vendor, "schooltool": schooltool}.items():
            assert means(rule, profile, (pack,)) == max(own, added, key=STRENGTH.index)


@pytest.mark.parametrize(
    ("setting", "rule", "severity"),
    [
        ({"account_required": "none"}, "STU-ACCT-01", "off"),
        ({"account_required": "any"}, "CON-ACCT-01", "hides"),
        ({"home_page_reading": "C"}, "CON-ACCT-02", "check"),
        ({"guardian_source": "type"}, "CON-REL-01", "hides"),
        ({"guardian_source": "type"}, "CON-REL-02", "off"),
        ({"guardian_source": "either"}, "CON-REL-01", "hides"),
        ({"guardian_by": "portal"}, "CON-REL-02", "off"),
        ({"guardian_by": "portal"}, "CON-REL-03", "hides"),
        ({"guardian_by": "either"}, "CON-REL-02", "hides"),
        ({"grade_book_sync": True}, "CON-REL-05", "info"),
        ({"grade_book_sync_for_guardians": True}, "CON-REL-06", "hides"),
        ({"schools": ["North"]}, "SCOPE-01", "hides"),
        ({"expired_is_inactive": False}, "USR-EXP-01", "check"),
    ],
)
def test_a_setting_settles_what_a_rule_means(
    setting: dict[str, object], rule: str, severity: str
) -> None:
    severities = rules.profile("oneroster-1.2", settings=setting).severities

    assert str(severities.get(rule, "off")) == severity


def test_a_district_may_change_what_a_rule_means() -> None:
    changed = rules.profile(changed={"PHN-01": "off", "CON-FLD-03": "info", "SCOPE-02": "hides"})

    assert "PHN-01" not in changed.severities
    assert changed.severities["CON-FLD-03"] is Severity.INFO
    assert changed.severities["SCOPE-02"] is Severity.HIDES


@pytest.mark.parametrize(
    "wrong",
    [
        {"packs": ("vendors",)},
        {"settings": {"schols": []}},
        {"settings": {"guardian_by": "box"}},
        {"changed": {"PHN-99": "off"}},
        {"changed": {"PHN-01": "red"}},
    ],
)
def test_what_there_is_not_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongUsage, match=r"There is no|cannot be") as caught:
        rules.profile(**wrong)

    assert caught.value.hint


@pytest.mark.parametrize("rule", CATALOG.values(), ids=list(CATALOG))
def test_a_rule_says_everything_that_people_need(rule: rules.model.Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2,5}(-[A-Z]+)?-\d\d", rule.id)
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
    assert len(text) < 200
    assert set(re.findall(r"\{(.*?)\}", text)) <= {"header", "seen"}
    assert "{header}" not in text or rule.field


def test_what_is_missing_is_said_in_the_words_that_highlights_look_for() -> None:
    for rule in CATALOG.values():
        if rule.id.startswith("CON-FLD") or rule.id == "CON-REL-01":
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

    assert (edutech.id, edutech.version, edutech.as_of) == ("edutech", "2", dt.date(2026, 11, 23))
    assert edutech.settings == Settings()
    hides = {id_ for id_, severity in edutech.severities.items() if severity is Severity.HIDES}
    assert hides == {
        *("STU-ACCT-01", "STF-ACCT-01", "CON-ACCT-01", "CON-REL-01"),
        *("CON-FLD-01", "CON-FLD-02", "CON-FLD-03", "CON-FLD-04"),
    }


def test_a_profile_is_as_of_today_unless_told_otherwise() -> None:
    def today() -> dt.date:
        return dt.datetime.now().astimezone().date()

    before = today()
    assert before <= rules.profile().as_of <= today()


def test_a_profile_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(WrongUsage, match="There is no profile edutec") as caught:
        rules.profile("edutec")

    assert caught.value.hint == "There is edutech, oneroster-1.1, oneroster-1.2."


@pytest.mark.parametrize("reading", ["D", "c", ""])
def test_a_reading_that_is_not_there_is_refused(reading: str) -> None:
    with pytest.raises(WrongUsage, match="home_page_reading cannot be") as caught:
        rules.profile(settings={"home_page_reading": reading})

    assert caught.value.hint == "It is one of A, B, C."


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

"""The rules in plain Python, as rules.md has them: what the engine is measured by.

It judges one row at a time, as a person would, and knows no dataframes. `expected` is the way in;
the conditions of the rules are in the other modules.

    oracle_accounts     STU-ACCT-01 STF-ACCT-01 CON-ACCT-01 CON-ACCT-02 *-HOME-01 USR-*
    oracle_enrollment   STU-ENR-* STU-SVC-01 STF-ASN-01 STF-EMP-01
    oracle_fields       CON-FLD-* EML-01 EML-03 PHN-01 NAME-01 PRIV-01 SCOPE-02 STF-ROLE-01
                        VND-RMD-02 ST-*, and the district's own rules
    oracle_guardians    CON-REL-*
    oracle_people       EML-02 PHN-02 DUP-01 DUP-02
    oracle_students     CON-STU-* SCOPE-01 VND-RMD-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets import rules
from tests.property import (
    oracle_accounts,
    oracle_enrollment,
    oracle_fields,
    oracle_guardians,
    oracle_people,
    oracle_students,
)

if TYPE_CHECKING:
    from sheets.rules.model import Profile
    from tests.rule_tables import District, Row, Sheet

    Answers = dict[str, str | None]
    Judgement = tuple[str, dict[str, str]]

VERDICTS = ("Yes", "Unknown", "No")


def expected(district: District, profile: Profile) -> list[list[Judgement]]:
    """Verdict and findings (rule -> text) of each row of each sheet of people."""
    return [judge_sheet(sheet, district, profile) for sheet in district.people]


def judge_sheet(sheet: Sheet, district: District, profile: Profile) -> list[Judgement]:
    """All rows of one sheet; a pair that is listed twice is judged once."""
    judged = [judge(row, sheet, district, profile) for row in sheet.rows]
    if sheet.kind != "contact" or "DUP-01" not in profile.severities:
        return judged
    listed: dict[object, list[int]] = {}
    for place, row in enumerate(sheet.rows):
        pair = oracle_people.pair(row)
        if pair:
            listed.setdefault(pair, []).append(place)
    for places in listed.values():
        best = min(places, key=lambda at: (VERDICTS.index(judged[at][0]), sheet.rows_at[at]))
        told = {"DUP-01": f"listed:{sheet.rows_at[best]}"}
        for place in places:
            if place != best:
                judged[place] = judged[best][0], told
    return judged


def judge(row: Row, sheet: Sheet, district: District, profile: Profile) -> Judgement:
    """Verdict and findings of one row, whatever other rows say."""
    answers = {**everybody(row, sheet, district, profile), **own(row, sheet, profile)}
    found = {rule: text for rule, text in answers.items() if text and rule in profile.severities}
    effects = {effect(rule, text, profile) for rule, text in found.items()}
    verdict = "No" if "hides" in effects else "Unknown" if "unknown" in effects else "Yes"
    return verdict, {
        rule: text for rule, text in found.items() if effect(rule, text, profile) != "silent"
    }


def effect(rule_id: str, text: str, profile: Profile) -> str:
    """What a finding does: a rule that cannot hide is silent where its input is lacking."""
    rule, severity = profile.rules[rule_id], profile.severities[rule_id]
    variant = text.partition(":")[0]
    if variant in rule.unknown:
        return "unknown" if severity == "hides" else "silent"
    return rule.softer.get(variant, severity)


def everybody(row: Row, sheet: Sheet, district: District, profile: Profile) -> Answers:
    """What all rules of the catalogue say of a row."""
    account = oracle_accounts.accounts_of(row, sheet, district.of("account"), profile)
    state = oracle_accounts.account(account)
    page = oracle_accounts.home_page(account, profile)
    answers = {
        "SCOPE-01": oracle_students.school(row, sheet, district, profile),
        "SCOPE-02": oracle_fields.excluded(row),
        "USR-NAME-01": oracle_accounts.username(account, profile),
        "USR-NAME-02": oracle_accounts.username_space(account),
        "USR-EXP-01": oracle_accounts.expiry(account, profile),
        "EML-01": oracle_fields.address(row),
    }
    if sheet.kind == "student":
        enrollments = district.of("enrollment")
        return {
            "STU-ACCT-01": state,
            "STU-HOME-01": page,
            **oracle_enrollment.of_student(row, sheet, enrollments, profile),
            "VND-RMD-01": oracle_students.guardians(row, district, profile),
            **answers,
        }
    if sheet.kind == "staff":
        return {
            "STF-ACCT-01": state,
            "STF-HOME-01": page,
            "STF-ASN-01": oracle_enrollment.assignment(row, sheet, profile),
            "STF-ROLE-01": oracle_fields.role(row, sheet),
            "STF-EMP-01": oracle_enrollment.employment(row, sheet, profile),
            **answers,
        }
    types = district.of("relationship_type")
    return {
        "CON-ACCT-01": state,
        "CON-ACCT-02": page,
        **oracle_fields.of_contact(row, sheet, profile),
        **oracle_guardians.of_pair(row, sheet, types, account, profile),
        **oracle_students.of_pair(row, sheet, district, profile),
        "EML-02": "shared" if oracle_people.shared(row, district) else None,
        "PHN-02": oracle_people.reach(row, district),
        "DUP-02": oracle_people.same_name(row, district),
        **answers,
    }


def own(row: Row, sheet: Sheet, profile: Profile) -> Answers:
    """What the district's own rules say of a row."""
    return {
        rule.id: oracle_fields.own(row, sheet, rule)
        for rule in profile.rules.values()
        if rule.id not in rules.catalog() and rule.who == sheet.kind
    }

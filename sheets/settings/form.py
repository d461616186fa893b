"""The form of a `reveal.toml`: which keys there are, and what each of them takes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from sheets import rules
from sheets.columns import vocabulary, wishes
from sheets.errors import WrongUsage
from sheets.rules.published import CHOICES, OFF
from sheets.settings import own, words
from sheets.settings.words import Wrong

TABLES = {
    "settings": "[settings]",
    "severities": "[severities]",
    "map": "[map]",
    "google": "[google]",
    "rule": "[[rule]]",
}
"""The parts of the file, as they are written."""


def _profile(value: object) -> str:
    return str(words.one_of(rules.profiles().keys())(value))


def _pack(value: object) -> str:
    return str(words.one_of(rules.packs().keys())(value))


def _known_rule(value: str) -> str:
    word = value.strip().upper()
    if word not in rules.catalog():
        hint = words.did_you_mean(word, rules.catalog())
        raise Wrong(
            f"There is no rule {words.shown(value)}.", hint or "`reveal explain` lists them."
        )
    return word


def _target(value: object, info: ValidationInfo) -> str:
    """A field to which a heading is mapped: a known one, or a column of an own rule."""
    word = words.text(value)
    if vocabulary.key(word) in (info.context or {})["columns"]:
        return word
    try:
        wishes.read({"": word})
    except WrongUsage as error:
        raise Wrong(error.message, error.hint) from None
    return word


def _single(value: str, info: ValidationInfo) -> str:
    """An id that no other rule of the file has."""
    if (info.context or {})["ids"].count(value) > 1:
        raise Wrong(f"Two rules have the id {words.shown(value)}.", "Give each an id of its own.")
    return value


def _on_list(value: str, info: ValidationInfo) -> str:
    """A field or heading that the lists of the rule may have."""
    if "who" in info.data:
        named = {"field": "", "column": "", str(info.field_name): value}
        own.resolved(info.data["who"], named["field"], named["column"])
    return value


def _fitting(values: list[str], info: ValidationInfo) -> list[str]:
    """Values that the field of the rule can hold."""
    said = info.data
    if {"who", "field", "column"} <= said.keys() and (said["field"] or said["column"]):
        own.allowed(values, own.resolved(said["who"], said["field"], said["column"]))
    return values


def _tables(value: object) -> object:
    if isinstance(value, dict):
        raise Wrong("A rule stands below [[rule]].", "Write two brackets on each side.")
    return value


def _choice(name: str) -> BeforeValidator:
    return BeforeValidator(words.one_of(CHOICES[name]))


Text = Annotated[str, BeforeValidator(words.text)]
Sentence = Annotated[str, BeforeValidator(words.sentence)]
Flag = Annotated[bool, BeforeValidator(words.yes_or_no)]
Texts = Annotated[list[Text], BeforeValidator(words.several)]
HomePage = Annotated[str, BeforeValidator(words.home_page)]
HomePages = Annotated[list[HomePage], BeforeValidator(words.several)]
Phones = Annotated[
    list[Annotated[str, BeforeValidator(words.phone)]], BeforeValidator(words.several)
]
Domains = Annotated[
    list[Annotated[str, BeforeValidator(words.domain)]], BeforeValidator(words.several)
]
Spreadsheets = Annotated[
    list[Annotated[str, BeforeValidator(words.spreadsheet)]], BeforeValidator(words.several)
]
Year = Annotated[tuple[dt.date, dt.date], BeforeValidator(words.year)]


class _Form(BaseModel):
    """Keys that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsForm(_Form):
    """``[settings]``: the fields of `sheets.rules.Settings`; what is not set is the profile's."""

    account_required: Annotated[str, _choice("account_required")] = ""
    home_page_reading: Annotated[str, _choice("home_page_reading")] = ""
    student_home_pages: HomePages = []
    staff_home_pages: HomePages = []
    contact_home_pages: HomePages = []
    expired_is_inactive: Flag = True
    guardian_types: Texts = []
    guardian_source: Annotated[str, _choice("guardian_source")] = ""
    guardian_by: Annotated[str, _choice("guardian_by")] = ""
    grade_book_sync: Flag = False
    grade_book_sync_for_guardians: Flag = False
    active_year: Year | None = None
    schools: Texts = []
    staff_domains: Domains = []
    phones: Phones = []
    two_people: Annotated[str, BeforeValidator(words.pattern)] = ""


class GoogleForm(_Form):
    """``[google]``: what `reveal sync` takes."""

    sheets: Spreadsheets = []


class OwnRule(_Form):
    """``[[rule]]``: one of the district's own rules."""

    id: Annotated[str, BeforeValidator(own.rule_id), AfterValidator(_single)]
    who: Annotated[str, BeforeValidator(words.one_of(own.PEOPLE))]
    field: Annotated[str, BeforeValidator(own.field), AfterValidator(_on_list)] = ""
    column: Annotated[str, BeforeValidator(own.column), AfterValidator(_on_list)] = ""
    required: Flag = False
    allowed: Annotated[Texts, AfterValidator(_fitting)] = []
    severity: Annotated[str, BeforeValidator(words.one_of(own.SEVERITIES))] = "check"
    message: Sentence = ""
    why: Text = ""
    fix: Text = ""
    where: Text = ""
    who_fixes: Annotated[str, BeforeValidator(words.one_of(("office", "Campus administrator")))] = (
        "office"
    )

    @model_validator(mode="after")
    def _fits(self) -> OwnRule:
        own.check(self)
        return self


class File(_Form):
    """The whole file."""

    profile: Annotated[str, BeforeValidator(_profile)] = ""
    packs: Annotated[
        list[Annotated[str, BeforeValidator(_pack)]], BeforeValidator(words.several)
    ] = []
    settings: SettingsForm = SettingsForm()
    severities: dict[
        Annotated[str, AfterValidator(_known_rule)],
        Annotated[str, BeforeValidator(words.one_of((*own.SEVERITIES, OFF)))],
    ] = {}
    mapping: dict[str, Annotated[str, BeforeValidator(_target)]] = Field(default={}, alias="map")
    google: GoogleForm = GoogleForm()
    rule: Annotated[list[OwnRule], BeforeValidator(_tables)] = []


def read(data: dict[str, Any]) -> File:
    """Hold what a file says against its form.

    Raises:
        pydantic.ValidationError: Everything that is wrong.
    """
    written = data.get("rule", [])
    found = [one for one in written if isinstance(one, dict)] if isinstance(written, list) else []
    context = {
        "ids": [str(one.get("id", "")).strip().upper() for one in found],
        "columns": {vocabulary.key(str(one["column"])) for one in found if "column" in one},
    }
    return File.model_validate(data, context=context)

"""The words of fields.toml fit together."""

from __future__ import annotations

import pytest

from sheets.columns import headers, values, vocabulary
from sheets.columns.region import Heading

KINDS = list(vocabulary.kinds())


def words_of(entry, *, skip=()):
    if isinstance(entry, dict):
        for name, part in entry.items():
            if name not in skip:
                yield from words_of(part)
    elif isinstance(entry, list):
        for part in entry:
            yield from words_of(part)
    elif isinstance(entry, str):
        yield entry


def test_words_are_written_as_they_are_compared():
    data = vocabulary.data()
    fields = [
        words_of(entry, skip=("label", "type", "kinds", "student_of"))
        for entry in data["fields"].values()
    ]
    groups = [
        *fields,
        *(words_of(entry["words"]) for entry in data["ambiguous"]),
        *(words_of(entry["headings"]) for entry in data["kinds"].values()),
        *(words_of(data[name]) for name in ("subjects", "others", "everyone", "known", "ignore")),
        *(words_of(data[name]) for name in ("roles", "relations", "enrollment", "honorifics")),
    ]

    for group in groups:
        for word in group:
            assert vocabulary.key(word) == headers.squeeze(word), word


def test_a_heading_is_one_field_at_most_on_each_kind_of_list():
    for word in vocabulary._meanings():
        meaning = vocabulary._meanings()[word]
        for kind in KINDS:
            said = {vocabulary.resolve(sense, kind) for sense in meaning.senses} - {None}
            assert len(said) <= 1, (word, kind, said)
            assert not (said and meaning.options and kind in meaning.options), (word, kind)


def test_fields_are_known_wherever_they_are_named():
    known = vocabulary.fields().keys()
    for kind in vocabulary.kinds().values():
        named = {*kind.needs, *kind.matters, *kind.identity}
        assert named <= known
        assert {name.rpartition(":")[2] for name in kind.weights} <= known
    for field in vocabulary.fields().values():
        assert field.kinds <= set(KINDS)
        assert not field.student_of or field.student_of in known


def test_a_field_is_only_named_for_kinds_that_may_have_it():
    for name, kind in vocabulary.kinds().items():
        for field in {*kind.needs, *kind.matters, *kind.identity}:
            assert name in vocabulary.fields()[field].kinds, (name, field)


def test_unclear_headings_name_known_fields_and_tests():
    for entry in vocabulary.data()["ambiguous"]:
        for kind in KINDS:
            for field, test in entry.get(kind, ()):
                assert kind in vocabulary.fields()[field].kinds
                assert isinstance(values.fits(test, ["x"]), bool)


@pytest.mark.parametrize("field", list(vocabulary.fields().values()), ids=lambda one: one.id)
def test_a_field_is_found_again_by_its_plain_name_and_by_its_id(field):
    for text in (field.label, field.id):
        sense = vocabulary.named()[vocabulary.key(text)]
        assert any(vocabulary.resolve(sense, kind) == field.id for kind in field.kinds)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("student.studentNumber", "student number"),
        ("ident::lastName", "last name"),
        ("Student #", "student number"),
        ("Phone No.", "phone number"),
        ("Guardian (Yes/No)", "guardian yes no"),
        ("No Show", "no show"),
        ("E-Mail Address*", "e mail address"),
        ("Other Phone (required)", "other phone"),
        ("PERSON_ID", "person id"),
        ("personGUID", "person guid"),
        ("\ufeffLast\u00a0Name", "last name"),
        ("Guardian1Email", "guardian 1 email"),
    ],
)
def test_headings_are_compared_without_their_dress(text, words):
    assert headers.words(text) == words


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("frist name", "first name"),
        ("othr phone", "other phone"),
        ("emial", "email"),
        ("middle name", None),
        ("phone 2", None),
        ("home", None),
    ],
)
def test_a_misspelt_heading_is_near_the_right_one(text, near):
    assert headers.near(text, ["first name", "last name", "other phone", "email"]) == near


def test_a_heading_of_another_person_is_no_field_of_the_row():
    for text in ("Parent Email", "Guardian First Name", "Contact Other Phone", "Teacher Email"):
        heading = Heading(1, text, vocabulary.meaning(text))
        said = {vocabulary.resolve(sense, "student") for sense in heading.meaning.senses}
        assert said == {None}

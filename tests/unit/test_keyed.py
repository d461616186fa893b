"""By which columns of ids a row is known."""

from __future__ import annotations

import pytest

from sheets import flow, rules
from sheets.books.memory import MemoryBook
from sheets.errors import ColumnsNotFound
from sheets.flow import Extras
from tests.rule_tables import AS_OF

PROFILE = rules.profile(as_of=AS_OF)
PERSON = ("Last Name", "First Name", "Other Phone", "Email", "Username", "Enabled")


class Shared(MemoryBook):
    """A book that others may edit, though nobody does."""

    settled = True

    def mend(self):
        pass


def judged(headers, book=MemoryBook, **extras):
    values = [str(at) for at, _ in enumerate(headers)]
    found = book({"People": [list(headers), values]})
    return flow.check([found], PROFILE, extras=Extras(**extras), write=False), found


def keys(headers, **extras):
    outcome, book = judged(headers, strict=True, **extras)
    [patch] = outcome.patches(book)
    return {own.header: [headers[at - 1] for at in own.keys] for own in patch.columns}


@pytest.mark.parametrize(
    ("ids", "known_by"),
    [
        (["Student Number"], ["Student Number"]),
        (["Student Number", "Student Person ID"], ["Student Person ID"]),
        (["Staff Number"], ["Staff Number"]),
        (["Staff ID", "Person GUID"], ["Person GUID"]),
        (["Student Number", "Contact Person ID", "Relationship"], None),
        (["Contact Person ID", "Relationship"], ["Contact Person ID"]),
        (["Student Number", "Contact ID", "Relationship"], ["Student Number", "Contact ID"]),
        (["Student Number", "Relationship"], []),
        (["Job Title"], []),
    ],
)
def test_a_row_is_known_by_the_best_ids_there_are(ids, known_by):
    wanted = ids[:2] if known_by is None else known_by

    assert keys([*ids, *PERSON]) == {"Revealed?": wanted, "What to fix": wanted}


def test_contacts_beside_a_student_are_known_by_the_student_at_least():
    headers = ["Student Number", "Last Name", "First Name", "Username", "Enabled"]
    headers += ["Guardian 1 Last Name", "Guardian 1 Person ID", "Guardian 1 Email"]
    headers += ["Guardian 2 Last Name", "Guardian 2 First Name", "Guardian 2 Email"]

    found = keys(headers, roll_up=True)

    assert found["Revealed?"] == found["Revealed? (Guardian 2)"] == ["Student Number"]
    assert found["What to fix (Guardian 1)"] == ["Student Number", "Guardian 1 Person ID"]
    assert found["Revealed guardians"] == ["Student Number"]


def test_without_strict_nothing_is_looked_up():
    outcome, book = judged(["Student Number", *PERSON])

    assert not any(own.keys for patch in outcome.patches(book) for own in patch.columns)


def test_a_shared_list_without_ids_is_refused():
    with pytest.raises(ColumnsNotFound, match="no column of ids") as refusal:
        judged(("Job Title", *PERSON), Shared, strict=True)

    assert refusal.value.where == 'memory, sheet "People"'
    # A file that is only looked up needs none.
    judged(("Job Title", *PERSON), strict=True)

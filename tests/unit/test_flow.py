"""The flow: read once, judge, write once; over one book and over several."""

from __future__ import annotations

import datetime as dt

import pytest

import sheets
from sheets import MemoryBook, rules
from sheets.errors import CannotWrite, ColumnsNotFound, PlaceTaken, SheetNotFound
from sheets.grid import TAG, Shade

CONTACTS = [
    ["Student Number", "Person ID", "First Name", "Last Name", "Other Phone", "Email", "Relation"],
    ["0012", "101", "Tom", "Byrne", "(585)555-0100", "tom@example.org", "Guardian"],
    ["0012", "102", "Eve", "Byrne", None, "eve@example.org", "Guardian"],
    ["0013", "103", "Ada", "Na", "N/A", "ada@example.org", "Guardian"],
]
ACCOUNTS = [
    ["Person ID", "Username", "Home Page", "Disabled"],
    ["101", "tbyrne", "Campus Parent Portal", "no"],
    ["102", "ebyrne", "Campus Parent Portal", "no"],
]
PROFILE = rules.profile(as_of=dt.date(2026, 11, 23))


def contacts(**more):
    return MemoryBook({"Contacts": CONTACTS, **more}, name="contacts")


def test_verdicts_and_what_to_fix_are_written_beside_the_table():
    book = contacts(Accounts=ACCOUNTS)

    sheets.check([book], PROFILE)

    assert [row[7:] for row in book.rows("Contacts")] == [
        ["Revealed?", "What to fix"],
        ["Yes", None],
        ["No", '"Other Phone" is blank'],
        ["No", '"Other Phone" holds only "N/A"; no active Campus account'],
    ]
    assert book.rows("Accounts") == ACCOUNTS


def test_a_book_is_read_once_and_written_once():
    book = contacts(Accounts=ACCOUNTS)

    sheets.check([book], PROFILE)

    assert (book.reads, book.writes) == (1, 1)


def test_what_is_lacking_is_unknown_and_not_no():
    book = contacts()

    sheets.check([book], PROFILE)

    assert book.rows("Contacts")[1][7] == "Unknown"


def test_several_books_are_judged_together_and_each_is_written_back():
    staff = MemoryBook(
        {"Staff": [["Staff Number", "Person ID", "Last Name"], ["7", "103", "Na"]]}, name="staff"
    )
    accounts = MemoryBook({"Accounts": ACCOUNTS}, name="accounts")
    book = contacts()

    outcome = sheets.check([book, staff, accounts], PROFILE)

    assert outcome.summary.counts["contact"].yes == 1
    assert staff.rows("Staff")[1][3:] == ["No", "no active Campus account"]
    assert accounts.writes == 0


def test_a_second_check_changes_nothing():
    book = contacts(Accounts=ACCOUNTS)
    sheets.check([book], PROFILE)
    once, marks = book.rows("Contacts"), dict(book.marks)

    sheets.check([book], PROFILE)

    assert book.rows("Contacts") == once
    assert book.marks == marks
    assert book.writes == 1


def test_clear_gives_back_what_was():
    book = contacts(Accounts=ACCOUNTS)
    sheets.check([book], PROFILE)

    sheets.clear([book])

    assert book.rows("Contacts") == CONTACTS
    assert book.marks == {}


def test_clear_needs_no_column_to_be_understood():
    book = MemoryBook({"Notes": [["Frist Name", "Revealed?", "What to fix"], ["x", "No", "y"]]})

    sheets.clear([book])

    assert book.rows("Notes") == [["Frist Name"], ["x"]]


def test_without_writing_nothing_is_written():
    book = contacts()

    outcome = sheets.check([book], PROFILE, write=False)

    assert book.writes == 0
    assert len(outcome.patches(book)) == 1


def test_people_of_several_kinds_on_one_sheet_are_judged_each_by_their_own_rules():
    book = MemoryBook(
        {
            "People": [
                ["Role", "Person ID", "First Name", "Last Name", "Enabled"],
                ["student", "1", "Ann", "Byrne", "yes"],
                ["teacher", "2", None, "Okoye", "no"],
                ["janitor of the moon", "3", "Al", "Ito", "yes"],
            ]
        }
    )

    outcome = sheets.check([book], PROFILE)

    verdicts = [row[5] for row in book.rows("People")]
    assert verdicts == ["Revealed?", "Yes", "No", "Unknown"]
    assert outcome.summary.counts["student"].yes == 1
    assert outcome.summary.counts["staff"].no == 1


def test_each_missing_field_gets_one_mark_of_its_column():
    book = contacts(Accounts=ACCOUNTS)

    sheets.check([book], PROFILE)

    [mark] = book.marks["Contacts", 1]
    assert (mark.column, mark.shade) == (5, Shade.MISSING)
    assert f'N("{TAG}")=0' in mark.formula
    assert '"""Other Phone"" is blank"' in mark.formula
    assert "$I:$I" in mark.formula


def test_the_note_fits_an_input_message_and_names_profile_and_day():
    book = contacts()

    sheets.check([book], PROFILE)

    note = book.notes["Contacts", 1]
    assert len(note) <= 255
    assert "edutech" in note
    assert "2026-11-23" in note


def test_a_formula_in_our_place_is_never_overwritten():
    rows = [[*CONTACTS[0], "Revealed?"], *([*row, "Yes"] for row in CONTACTS[1:])]
    book = MemoryBook({"Contacts": rows}, formulas={"Contacts": ["H2"]})

    with pytest.raises(PlaceTaken):
        sheets.check([book], PROFILE)

    assert book.rows("Contacts") == rows


def test_a_book_without_people_is_said_with_the_closest_headings():
    book = MemoryBook({"Lunch": [["Day", "Othr Phone"], ["Monday", "Soup"]]})

    with pytest.raises(ColumnsNotFound) as caught:
        sheets.check([book], PROFILE)

    assert "Othr Phone" in caught.value.hint
    assert "Soup" not in str(caught.value)


def test_a_sheet_that_is_not_there_is_named():
    with pytest.raises(SheetNotFound, match="Nowhere"):
        sheets.check([contacts()], PROFILE, sheets=["Nowhere"])
    with pytest.raises(SheetNotFound, match="Nowhere"):
        sheets.clear([contacts()], sheets=["Nowhere"])


def test_causes_are_ranked_by_what_each_alone_would_free():
    outcome = sheets.check([contacts(Accounts=ACCOUNTS)], PROFILE)

    first, second = outcome.summary.causes[:2]
    assert (first.rule, first.rows, first.alone) == ("CON-FLD-03", 2, 1)
    assert (second.rule, second.rows, second.alone) == ("CON-ACCT-01", 1, 0)
    assert first.message == '"Other Phone" is blank (or the like)'
    assert second.message == "no active Campus account"
    assert outcome.summary.total.total == 3


def test_two_lists_side_by_side_cannot_share_a_place():
    left, right = CONTACTS, [["Staff Number", "Last Name", "Enabled"], ["7", "Na", "yes"]]
    rows = [
        [*one, None, None, *other]
        for one, other in zip(left, [*right, [None], [None]], strict=True)
    ]
    book = MemoryBook({"Both": rows})

    with pytest.raises(PlaceTaken, match="side by side"):
        sheets.check([book], PROFILE)

    assert book.writes == 0


WIDE = [
    [
        *("Student Number", "Last Name", "First Name", "Guardian 1 First Name"),
        *("Guardian 1 Last Name", "Guardian 1 Email", "Guardian 1 Other Phone"),
        *("Mother First", "Mother Last", "Mother Email", "Mother Other Phone"),
    ],
    [
        *("1", "Byrne", "Ann", "Tom", "Byrne", "tom@example.org", "(585)555-0100"),
        *(None, "Byrne", "eve@example.org", "(585)555-0101"),
    ],
    ["2", "Cruz", "Bob", *[None] * 4, "Ida", "Cruz", "ida@example.org", "N/A"],
]
WIDE_ACCOUNTS = [
    ["Username", "Last Name", "Email", "Student Number", "Home Page", "Disabled"],
    ["tbyrne", "Byrne", "tom@example.org", None, "Campus Parent Portal", "no"],
    ["ebyrne", "Byrne", "eve@example.org", None, "Campus Parent Portal", "no"],
    ["icruz", "Cruz", "ida@example.org", None, "Campus Parent Portal", "no"],
    ["abyrne", "Byrne", None, "1", "Campus Student Portal", "no"],
    ["bcruz", "Cruz", None, "2", "Campus Student Portal", "yes"],
]
TYPES = [["Relationship Type", "Guardian"], ["Guardian", "yes"], ["Mother", "yes"]]


def wide():
    return MemoryBook({"Students": WIDE, "Accounts": WIDE_ACCOUNTS, "Relationship Types": TYPES})


def test_each_contact_beside_a_student_has_a_pair_of_columns_of_its_own():
    book = wide()

    sheets.check([book], PROFILE)

    assert [row[11:] for row in book.rows("Students")] == [
        [
            *("Revealed?", "What to fix", "Revealed? (Guardian 1)", "What to fix (Guardian 1)"),
            *("Revealed? (Mother)", "What to fix (Mother)"),
        ],
        ["Yes", None, "Yes", None, "No", '"Mother First" is blank'],
        [
            *("No", "no active Campus account: it is disabled", None, None),
            *("No", '"Mother Other Phone" holds only "N/A"'),
        ],
    ]


def test_a_mark_of_a_contact_looks_into_what_is_to_fix_of_that_contact():
    book = wide()

    sheets.check([book], PROFILE)

    name, phone = book.marks["Students", 1]
    assert (name.column, phone.column) == (8, 11)
    for mark in (name, phone):
        assert "$Q:$Q" in mark.formula
        assert not {"$M:$M", "$O:$O"} & set(mark.formula.replace("(", ",").split(","))


def test_students_and_contacts_of_a_wide_sheet_are_counted_apart():
    outcome = sheets.check([wide()], PROFILE)

    assert (outcome.summary.counts["student"].yes, outcome.summary.counts["student"].no) == (1, 1)
    assert (outcome.summary.counts["contact"].yes, outcome.summary.counts["contact"].no) == (1, 2)


def test_a_second_check_of_a_wide_sheet_changes_nothing_and_clear_gives_it_back():
    book = wide()
    sheets.check([book], PROFILE)
    once, highlights = book.rows("Students"), dict(book.marks)

    sheets.check([book], PROFILE)

    assert (book.rows("Students"), book.marks, book.writes) == (once, highlights, 1)
    sheets.clear([book])
    assert book.rows("Students") == WIDE
    assert book.marks == {}


def test_a_contact_that_is_no_longer_on_the_sheet_takes_its_columns_along():
    book = wide()
    sheets.check([book], PROFILE)
    rows = [[*row[:3], *row[7:]] for row in book.rows("Students")]
    book = MemoryBook({"Students": rows, "Accounts": WIDE_ACCOUNTS, "Relationship Types": TYPES})

    sheets.check([book], PROFILE)

    assert book.rows("Students")[0][7:] == [
        *("Revealed?", "What to fix", "Revealed? (Mother)", "What to fix (Mother)"),
    ]


def test_a_field_that_a_group_has_no_column_for_is_named_with_the_group():
    book = MemoryBook({"Students": [[*WIDE[0][:6]], [*WIDE[1][:6]]]})

    sheets.check([book], PROFILE)

    assert 'no "Guardian 1 Other Phone" column: bring one' in book.rows("Students")[1][-1]


# Shared books, which others edit meanwhile


class Shared(MemoryBook):
    """A book that somebody edits just before each of the next writes."""

    def __init__(self, edits=0, sheets=None, name="shared"):
        super().__init__({"Contacts": CONTACTS} if sheets is None else sheets, name=name)
        self.edits = edits
        self.settled = True
        self.mends = 0

    def write(self, patches, own=None):
        super().write(patches, own)
        self.settled = self.edits < 1
        self.edits -= 1

    def mend(self):
        self.mends += 1
        self.settled = True


def test_people_are_judged_again_until_what_was_written_has_met_what_was_read():
    book = Shared(edits=2)

    sheets.check([book], PROFILE)

    assert (book.reads, book.mends) == (3, 0)
    assert book.settled


def test_only_a_book_that_was_edited_is_read_again():
    edited, quiet = Shared(edits=1), Shared(name="quiet")

    sheets.check([edited, quiet], PROFILE)

    assert (edited.reads, quiet.reads) == (2, 1)


def test_a_book_that_is_edited_again_and_again_is_mended_and_named():
    book = Shared(edits=99)

    with pytest.raises(CannotWrite, match="again and again") as caught:
        sheets.check([book], PROFILE)

    assert (caught.value.where, book.mends, book.reads) == ("shared", 1, 3)


def test_a_book_whose_people_cannot_be_judged_any_more_is_mended():
    class Emptied(Shared):
        def read(self):
            grids = super().read()
            return grids if self.reads == 1 else []

    book = Emptied(edits=1)

    with pytest.raises(ColumnsNotFound):
        sheets.check([book], PROFILE)

    assert book.mends == 1


def test_a_book_with_nothing_to_write_any_more_is_mended():
    class Left(Shared):
        def read(self):
            grids = super().read()
            return grids if self.reads == 1 else []

    book, other = Left(edits=1), Shared(name="other")

    sheets.check([book, other], PROFILE)

    assert book.mends == 1


def test_clearing_repeats_and_tells_what_the_first_round_has_taken_away():
    sheets.check([book := Shared()], PROFILE)
    book.edits = 1

    [cleared] = sheets.clear([book])

    assert cleared
    assert book.settled
    assert book.rows("Contacts") == CONTACTS

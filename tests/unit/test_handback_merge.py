"""What came back and what becomes of it, one case at a time."""

from __future__ import annotations

import datetime as dt

import pytest

from sheets import MemoryBook, flow
from sheets.errors import CannotRead, HeldBack
from sheets.handback import identity, returned, split, taking
from sheets.handback.answers import Kind, Why
from sheets.handback.marking import SENT
from sheets.handback.merge import Policy
from tests import handing

PHONE, MAIL = "Other Phone", "Email"
PEOPLE = [
    ["0012", "101", "Tom", "Byrne", None, "tom@example.org", "keep"],
    ["0012", "102", "Eve", "Byrne", "(585) 555-0102", None, None],
    ["0013", "103", "Ada", "Núñez", "N/A", "ada@example.org", None],
]


@pytest.fixture
def book():
    return handing.master(PEOPLE)


def sheet(book, **more):
    """The one sheet that is handed out, as a workbook has it."""
    [packet] = handing.packets(book, **more)
    [made] = packet.sheets
    return handing.rows(made)


def cell(rows, person, header):
    """Where a cell stands in a sheet that is handed out."""
    head = rows[0]
    key = head.index("Contact Person ID")
    at = next(nth for nth, row in enumerate(rows) if row[key] == person)
    return at, head.index(header)


def typed(rows, person, header, text):
    """The same sheet with something typed in."""
    rows = [list(row) for row in rows]
    at, column = cell(rows, person, header)
    rows[at][column] = text
    return rows


def came(rows, file="Adams.xlsx", title="Contacts", **more):
    return handing.returned_as(file, {title: rows}, **more)


def what(taken, *but):
    """Kind and reason of all lines."""
    return [(line.kind, line.why) for line in taken.lines if line.kind not in but]


def test_an_answer_goes_to_its_person_and_nowhere_else(book):
    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))

    taken = handing.take([back], book)
    handing.apply(taken, book)

    assert book.rows("Contacts")[1][4] == "585-555-0101"
    assert [row[:4] + row[5:] for row in book.rows("Contacts")[1:]] == [
        row[:4] + row[5:] for row in PEOPLE
    ]
    assert what(taken) == [(Kind.FILLED, Why.ANSWERED)]


def test_a_dry_run_writes_nothing(book):
    handing.take([came(typed(sheet(book), "101", PHONE, "585-555-0101"))], book)

    assert book.writes == 0


def test_rows_are_found_though_the_master_was_sorted_and_grew(book):
    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))
    new = ["0001", "099", "New", "Person", "585-555-0199", "new@example.org", None]
    later = handing.master([new, *reversed(PEOPLE)])

    taken = handing.take([back], later)
    handing.apply(taken, later)

    assert {row[1]: row[4] for row in later.rows("Contacts")[1:]}["101"] == "585-555-0101"


@pytest.mark.parametrize(
    ("prefer", "holds", "kind"),
    [
        ("", "585-555-0111", Kind.CONFLICT),
        ("master", "585-555-0111", Kind.NOTE),
        ("office", "585-555-0101", Kind.FILLED),
    ],
)
def test_what_both_have_changed_is_told_and_not_written_unless_asked(book, prefer, holds, kind):
    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))
    rows = [list(row) for row in PEOPLE]
    rows[0][4] = "585-555-0111"
    later = handing.master(rows)

    taken = handing.take([back], later, policy=Policy(prefer))
    handing.apply(taken, later)

    assert later.rows("Contacts")[1][4] == holds
    [line] = taken.lines
    assert line.why is Why.BOTH_CHANGED
    assert line.kind is (Kind.CHANGED if kind is Kind.FILLED else kind)


def test_a_blank_never_empties_a_cell_unless_asked(book):
    back = came(typed(sheet(book), "102", PHONE, None))

    kept = handing.take([back], book)
    emptied = handing.take([back], book, policy=Policy(allow_blank=True))

    assert what(kept) == [(Kind.REFUSED, Why.BLANKED)]
    assert what(emptied) == [(Kind.EMPTIED, Why.ANSWERED)]


@pytest.mark.parametrize(
    ("header", "text", "why"),
    [
        (PHONE, "none", Why.INVALID),
        (PHONE, "555-0101", Why.INVALID),
        (PHONE, "=B2", Why.FORMULA),
        (PHONE, "5.85556E+09", Why.CUT_NUMBER),
        (MAIL, "eve at home", Why.INVALID),
        (MAIL, "@SUM(A1)", Why.FORMULA),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(book, header, text, why):
    person = "101" if header == PHONE else "102"
    taken = handing.take([came(typed(sheet(book), person, header, text))], book)

    assert what(taken) == [(Kind.REFUSED, why)]
    assert taken.lines[0].came == text
    assert text not in taken.lines[0].message or text == "none"  # a word for nothing is no value


def test_doubtful_answers_are_taken_if_asked_but_never_those_that_hide(book):
    rows = typed(typed(sheet(book), "101", PHONE, "555-0101"), "102", MAIL, "N/A")

    taken = handing.take([came(rows)], book, doubtful=True)

    assert what(taken) == [(Kind.FILLED, Why.ANSWERED), (Kind.REFUSED, Why.INVALID)]


@pytest.mark.parametrize("result", ["585-555-0101", ""])
def test_a_formula_is_no_answer_whatever_its_result(book, result):
    """One without a result is not the blank that was sent."""
    rows = typed(sheet(book), "101", PHONE, result)
    at, column = cell(rows, "101", PHONE)
    where = f"{chr(65 + column)}{at + 1}"

    taken = handing.take([came(rows, formulas={"Contacts": {where}})], book)

    assert what(taken) == [(Kind.REFUSED, Why.FORMULA)]


def test_a_formula_of_the_master_is_not_overwritten(book):
    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))
    later = MemoryBook(
        {"Contacts": [handing.HEADERS, *PEOPLE]}, name="master", formulas={"Contacts": {"E2"}}
    )

    assert what(handing.take([back], later)) == [(Kind.REFUSED, Why.FORMULA_IN_MASTER)]


def test_zeros_that_a_program_took_from_the_front_are_no_answer():
    people = [["0012", "101", "Tom", "Byrne", "005855550101", None, None]]
    people.append(["0012", "102", "Eve", "Byrne", None, "eve@example.org", None])
    book = handing.master(people)
    back = came(typed(sheet(book), "101", PHONE, "5855550101"))

    assert what(handing.take([back], book)) == [(Kind.NOTE, Why.ZEROS_LOST)]


def test_ids_may_lose_their_zeros_on_the_way(book):
    rows = typed(sheet(book), "101", PHONE, "585-555-0101")
    number = rows[0].index("Student Number")
    rows = [
        rows[0],
        *([*row[:number], row[number].lstrip("0"), *row[number + 1 :]] for row in rows[1:]),
    ]

    assert what(handing.take([came(rows)], book)) == [(Kind.FILLED, Why.ANSWERED)]


def test_a_row_that_was_torn_from_its_key_is_nobodys(book):
    rows = typed(sheet(book), "101", PHONE, "585-555-0101")
    keys = [row[-1] for row in rows[1:]]
    torn = [
        rows[0],
        *([*row[:-1], key] for row, key in zip(rows[1:], keys[1:] + keys[:1], strict=True)),
    ]

    taken = handing.take([came(torn)], book)

    assert not taken.merged.takes
    assert (Kind.REFUSED, Why.NOT_ITS_ROW) in what(taken)
    assert {line.why for line in taken.lines if line.kind is Kind.NOTE} == {Why.LOCKED_CHANGED}


def test_what_is_changed_in_a_locked_cell_is_told_and_not_taken(book):
    rows = typed(sheet(book), "101", "What to fix", "she has moved away")

    taken = handing.take([came(rows)], book)

    assert what(taken) == [(Kind.NOTE, Why.LOCKED_CHANGED)]
    assert taken.lines[0].came == "she has moved away"


def test_a_row_without_a_key_is_told(book):
    rows = sheet(book)
    rows.append(["0014", "104", *rows[1][2:-1], None])

    assert what(handing.take([came(rows)], book)) == [(Kind.REFUSED, Why.NO_KEY)]


def test_a_column_that_was_not_sent_is_told_and_that_of_reveal_is_not(book):
    rows = [[*row, "a note"] for row in sheet(book)]
    assert SENT in rows[0]

    assert what(handing.take([came(rows)], book)) == [(Kind.NOTE, Why.COLUMN_ADDED)]


def test_a_column_that_is_gone_empties_nothing(book):
    rows = sheet(book)
    _, column = cell(rows, "102", PHONE)
    rows = [row[:column] + row[column + 1 :] for row in rows]

    taken = handing.take([came(rows)], book, policy=Policy(allow_blank=True))

    assert what(taken) == [(Kind.NOTE, Why.COLUMN_GONE)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_answer_twice_is_taken_once_and_different_ones_are_a_conflict(book, order):
    rows = typed(sheet(book), "101", PHONE, "585-555-0101")
    other = typed(rows, "101", PHONE, "585-555-0111")

    same = handing.take([came(rows), came(rows, file="copy.xlsx")][::order], book)
    different = handing.take([came(rows), came(other, file="copy.xlsx")][::order], book)

    assert what(same) == [(Kind.FILLED, Why.ANSWERED), (Kind.NOTE, Why.CAME_TWICE)]
    assert what(different, Kind.NOTE) == [(Kind.CONFLICT, Why.SEVERAL_ANSWERS)] * 2


def test_an_answer_for_somebody_who_is_gone_or_there_twice_is_told(book):
    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))

    gone = handing.take([back], handing.master(PEOPLE[1:]))
    twice = handing.take([back], handing.master([*PEOPLE, PEOPLE[0]]))

    assert what(gone) == [(Kind.REFUSED, Why.NOT_IN_MASTER)]
    assert what(twice) == [(Kind.REFUSED, Why.DOUBLED_IN_MASTER)]


def test_of_two_batches_the_newest_counts_unless_another_is_asked_for(book):
    first = sheet(book, made=dt.date(2026, 11, 20))
    old = came(typed(first, "101", PHONE, "585-555-0101"), file="old.xlsx")
    new = came(typed(sheet(book), "102", MAIL, "eve@example.org"), file="new.xlsx")

    newest = handing.take([old, new], book)
    asked = handing.take([old, new], book, batch=old.batch)

    assert what(newest) == [(Kind.FILLED, Why.ANSWERED), (Kind.REFUSED, Why.OTHER_BATCH)]
    assert newest.lines[1].at.file == "old.xlsx"
    assert asked.lines[1].at.file == "new.xlsx"


def test_a_file_that_was_not_handed_out_is_refused(book):
    assert what(handing.take([came([["a", "b"], ["1", "2"]])], book)) == [
        (Kind.REFUSED, Why.NOT_HANDED_OUT)
    ]


def test_a_file_that_cannot_be_read_spoils_no_other(book):
    def broken():
        raise CannotRead("It is damaged.", hint="Save it again.")

    back = came(typed(sheet(book), "101", PHONE, "585-555-0101"))

    taken = handing.take([returned.read("bad.xlsx", broken), back], book)

    assert what(taken) == [(Kind.FILLED, Why.ANSWERED), (Kind.REFUSED, Why.UNREADABLE)]


def test_rows_that_lost_their_headings_are_refused(book):
    rows = sheet(book)

    taken = handing.take([came(rows, title="A"), came(rows[1:], file="cut.xlsx")], book)

    assert what(taken) == [(Kind.REFUSED, Why.NO_HEADINGS)]


def test_a_sheet_that_lost_its_keys_is_refused_beside_one_that_has_them(book):
    rows = sheet(book)
    bare = [row[:-2] for row in rows]

    taken = handing.take([handing.returned_as("a.xlsx", {"Contacts": rows, "Copy": bare})], book)

    assert [(line.why, line.at.sheet) for line in taken.lines] == [(Why.NOT_HANDED_OUT, "Copy")]


def test_a_header_of_a_later_version_is_refused(book):
    rows = sheet(book)
    rows[0][-1] = rows[0][-1].replace(" v1;", " v2;")

    taken = handing.take([came(rows)], book)

    assert what(taken) == [(Kind.REFUSED, Why.HEAD_DAMAGED)]
    assert "later version" in taken.lines[0].message


def test_the_hold_counts_values_that_are_replaced_not_those_that_are_filled_in(book):
    rows = typed(typed(sheet(book), "101", PHONE, "585-555-0101"), "102", PHONE, "585-555-0122")
    taken = handing.take([came(rows)], book)

    taking.require(taken, 50)
    with pytest.raises(HeldBack, match="1 of 2 values"):
        taking.require(taken, 49)


def test_it_says_who_becomes_revealed_and_who_is_done(book):
    rows = typed(sheet(book), "101", PHONE, "585-555-0101")
    accounts = [["Person ID", "Username", "Disabled"], ["101", "tbyrne", "no"]]
    types = [["Relationship Type", "Guardian"], ["Mother", "yes"]]
    people = [[*row, "Mother"] for row in PEOPLE]
    lists = {"Contacts": [[*handing.HEADERS, "Relationship"], *people]}
    whole = MemoryBook({**lists, "Accounts": accounts, "Relationship Types": types})

    taken = handing.take([came(rows)], whole)

    assert dict(taken.revealed) == {"contact": 1}
    [done] = taken.done
    assert taken.merged.rows[done].row == 2


# What is handed out


def test_a_row_that_cannot_be_found_again_is_not_handed_out_and_told():
    book = handing.master([*PEOPLE, PEOPLE[0]])

    made = split.packets(handing.judge([book]), identity.new_batch(handing.TODAY))

    # What is listed once more is judged by its first row alone.
    assert {out.why: list(out.rows) for out in made.left_out} == {
        split.NOT_UNIQUE: [2],
        split.NO_CELL: [5],
    }
    assert sum(packet.rows for packet in made.packets) == 2


def test_a_cell_with_a_formula_takes_no_answer():
    people = [list(row) for row in PEOPLE]
    people[0][5] = "nobody"
    formulas = {"Contacts": {"E2", "F2", "E4"}}
    book = MemoryBook({"Contacts": [handing.HEADERS, *people]}, name="master", formulas=formulas)

    made = split.packets(handing.judge([book]), identity.new_batch(handing.TODAY))

    [[row]] = [one.rows for packet in made.packets for one in packet.sheets]
    assert row.row == 3
    assert [(list(out.rows), out.why) for out in made.left_out] == [([2, 4], split.NO_CELL)]


def test_a_row_is_not_known_by_what_is_to_be_fixed_in_it():
    headers = ["Student Number", "First Name", "Last Name", PHONE, MAIL]
    people = [["0012", "Ann & Tom", "Byrne", "585-555-0101", "ann@example.org"]]
    book = handing.master(people, headers)
    back = came(sheet_of(book, "First Name", "Ann"))

    taken = handing.take([back], book)
    handing.apply(taken, book)

    assert book.rows("Contacts")[1][1] == "Ann"
    assert not handing.take([back], book).lines


def sheet_of(book, header, text):
    rows = sheet(book)
    rows[1][rows[0].index(header)] = text
    return rows


def test_contacts_beside_a_student_are_known_by_the_student_and_their_place():
    headers = ["Student Number", "Last Name", "School"]
    headers += [
        f"Guardian {n} {name}" for n in (1, 2) for name in ("First Name", "Last Name", PHONE)
    ]
    book = MemoryBook(
        {
            "Students": [
                headers,
                ["0012", "Byrne", "Adams", "Tom", "Byrne", None, "Eve", "Byrne", None],
            ]
        }
    )
    [packet] = handing.packets(book)
    first, second = (handing.rows(one) for one in packet.sheets)
    first[1][first[0].index(f"Guardian 1 {PHONE}")] = "585-555-0101"
    second[1][second[0].index(f"Guardian 2 {PHONE}")] = "585-555-0102"

    taken = handing.take([handing.returned_as("a.xlsx", {"1": first, "2": second})], book)
    handing.apply(taken, book)

    assert packet.to == "Adams"
    assert [book.rows("Students")[1][at] for at in (5, 8)] == ["585-555-0101", "585-555-0102"]


def test_the_worst_come_first():
    people = [
        ["0012", "101", "Tom", "Byrne", "555-0101", "tom@example.org", None],
        ["0012", "102", None, "Byrne", None, None, None],
        ["0012", "103", "Ada", "Byrne", None, "ada@example.org", None],
    ]
    rows = sheet(handing.master(people))

    assert [row[rows[0].index("Contact Person ID")] for row in rows[1:]] == ["102", "103", "101"]


def test_a_header_says_the_same_again():
    [packet] = handing.packets(handing.master(PEOPLE))
    said = packet.sheets[0].head

    assert identity.head(said).text == said
    assert identity.head(said[:60]) is None


def test_the_flow_reads_each_book_once_however_often_it_is_judged(book):
    back = came(typed(sheet(book), "101", PHONE, "none"))
    before = book.reads

    handing.take([back], book)

    assert book.reads == before + 1
    assert flow.judge([book], handing.PROFILE, mapping={}).summary.total.total == 3

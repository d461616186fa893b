"""Formulas: our own rules, and lookups on another sheet."""

from __future__ import annotations

import datetime as dt

import pytest

import sheets
from sheets import MemoryBook, rules
from tests.emulators.google import functions

HEADER = [
    "Student Number",
    "Contact Person ID",
    "First Name",
    "Last Name",
    "Other Phone",
    "Email",
    "Type",
]


def result(google, text, rows=(), other=()):
    """What a formula shows in the first cell, beside some rows and another sheet."""
    first, *rest = [list(row) for row in rows] or [[]]
    tables = {"Contacts": [[text, *first], *([None, *row] for row in rest)], "Verdicts": other}
    return google.values(google.spreadsheet(tables, size=(9, 5)), "Contacts")[0][0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+2*3^2", "19"),
        ("=-(1+1)%", "-0.02"),
        ('="a"&1&TRUE', "a1TRUE"),
        ('="Ann"="ann"', "TRUE"),
        ('=1="1"', "FALSE"),
        ('=IF(ISNA(MATCH("x",B1:B3,0)),"none","some")', "none"),
        ('=IFERROR(1/0,"no")', "no"),
        ('=LEN(TRIM("  a  b "))', "3"),
        ('=FIND("""x""","say ""x""")', "5"),
        ('=FIND("z","abc")', "#VALUE!"),
        ('=N("reveal:v1")', "0"),
        ("=ROW()+COLUMN()", "2"),
        ("=INDEX(B:B,2)", "two"),
        ('=COUNTIF(B1:B3,"TWO")', "1"),
        ("=ISBLANK(C9)", "TRUE"),
        ('=C9=""', "TRUE"),
        ('=LET(a,B1&"!",b,a&a,b)', "one!one!"),
        ("=LET(x,2,LET(x,x+1,x)&x)", "32"),
        ('=LET(x,1/0,IFERROR(x,"none"))', "none"),
        ("=INT(-1.5)", "-2"),
        ('=TEXT(1234567,"0")&TEXT(B3,"000")', "1234567003"),
        ('=HYPERLINK("https://example.org","page")', "page"),
        ("=A1", "#REF!"),
        ("=Nothing!A1", "#REF!"),
        ("=IMPORTXML(1)", "#NAME?"),
        ("=1+", "#ERROR!"),
        ('="a"+1', "#VALUE!"),
    ],
)
def test_what_a_formula_shows(google, text, shown):
    assert result(google, text, [["one"], ["two"], [3]]) == shown


@pytest.mark.parametrize("key", ["s2", "S2"])
@pytest.mark.parametrize(
    "lookup",
    [
        "=XLOOKUP(B1,Verdicts!$A:$A,Verdicts!$B:$B)",
        '=XLOOKUP(B1,Verdicts!A:A,Verdicts!B:B,"Unknown")',
        "=VLOOKUP(B1,Verdicts!A:B,2,FALSE)",
        "=LET(at,XMATCH(B1,Verdicts!$A:$A),INDEX(Verdicts!$B:$B,at))",
        "=INDEX(Verdicts!$B$1:$B,MATCH(B1,Verdicts!$A$1:$A,0))",
        '=IF(ISNA(MATCH(B1,Verdicts!A:A,0)),"Unknown",INDEX(Verdicts!B:B,MATCH(B1,Verdicts!A:A,0)))',
    ],
)
def test_lookups_on_another_sheet(google, lookup, key):
    verdicts = [["s1", "Yes"], ["s2", "No"]]

    assert result(google, lookup, [[key]], verdicts) == "No"
    assert result(google, lookup, [["s9"]], verdicts) in ("Unknown", "#N/A")


def test_a_lookup_still_finds_its_key_after_a_sort(google):
    rows = [[name, f"=XLOOKUP($A{at},V!$A:$A,V!$B:$B)"] for at, name in enumerate("cab", 1)]
    document = google.spreadsheet({"C": rows, "V": [["a", "1"], ["b", "2"], ["c", "3"]]})
    specs = [{"dimensionIndex": 0}]
    google.person(document, {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": specs}})

    assert google.values(document, "C") == [["a", "1"], ["b", "2"], ["c", "3"]]


def test_a_test_can_say_what_a_formula_shows(google):
    document = google.spreadsheet({"Contacts": [["=QUERY(A2:A9)"]]})
    google.set_result(document, "Contacts!A1", {"stringValue": "Ann"})

    assert google.values(document, "Contacts") == [["Ann"]]
    google.person_types(document, "Contacts!A1", "=1+1")
    assert google.values(document, "Contacts") == [["2"]]


def test_the_marks_of_reveal_are_understood(google):
    """The formula of a mark, as it is written, colours the blank cell and goes out when filled."""
    rows = [HEADER, ["1", "5", "Ann", "Byrne", None, "a@example.org", "Guardian"]]
    book = MemoryBook({"Contacts": rows})
    profile = rules.profile(as_of=dt.date(2026, 11, 23))
    sheets.check([book], profile, mapping={"Type": "relationship"})
    [mark] = [mark for (_, _), marks in book.marks.items() for mark in marks if mark.column == 5]
    what = '"Other Phone" is blank'
    document = google.spreadsheet(
        {"Contacts": [[*HEADER, "Revealed?", "What to fix"], [*rows[1], "No", what]]}
    )
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": mark.formula}]}
    look = {"backgroundColor": {"red": 0xF4 / 255, "green": 0xB1 / 255, "blue": 0x83 / 255}}
    column = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 4, "endColumnIndex": 5}
    boolean = {"condition": condition, "format": look}
    asked = {"rule": {"ranges": [column], "booleanRule": boolean}}
    google.person(document, {"addConditionalFormatRule": asked})

    assert google.fills(document, "Contacts") == {(1, 4): "#F4B183"}
    google.person_types(document, "Contacts!E2", "(585)555-0100")
    assert google.fills(document, "Contacts") == {}


def test_every_function_is_entered_once():
    assert not functions.LAZY.keys() & functions.PLAIN.keys()

"""Highlights among the office's own conditional formats of a tab."""

from __future__ import annotations

import pytest

from sheets.books.google import formats
from sheets.grid import TAG, Mark, OwnColumn, Patch, Shade
from tests.unit.google_tabs import tab


def theirs(kind="BLANK", **span):
    return {
        "ranges": [{"sheetId": 7, **span}],
        "booleanRule": {"condition": {"type": kind}, "format": {"textFormat": {"bold": True}}},
    }


def patch(*columns, last=9):
    own = (OwnColumn("Revealed?", 5, ()),)
    marks = [Mark(at, Shade.MISSING, f'=AND(N("{TAG}")=0,$A{at})') for at in columns]
    return Patch("Contacts", 1, last, columns=own, marks=marks)


def ours(*columns, last=9):
    return formats.wanted(tab([]), [patch(*columns, last=last)])


def asked(there, wanted):
    return list(formats.requests(tab([], conditionalFormats=there), wanted))


def after(there, requests):
    """What the requests make of the rules of a tab."""
    rules = list(there)
    for request in requests:
        [(kind, told)] = request.items()
        if kind == "updateConditionalFormatRule":
            rules[told["index"]] = told["rule"]
        elif kind == "deleteConditionalFormatRule":
            del rules[told["index"]]
        else:
            rules.insert(told["index"], told["rule"])
    return rules


def test_a_highlight_covers_its_column_below_the_header_in_its_fill():
    [rule] = ours(3)

    assert rule["ranges"] == [
        {
            "sheetId": 7,
            "startRowIndex": 1,
            "endRowIndex": 9,
            "startColumnIndex": 2,
            "endColumnIndex": 3,
        }
    ]
    fill = rule["booleanRule"]["format"]["backgroundColorStyle"]["rgbColor"]
    assert [round(255 * fill[name]) for name in ("red", "green", "blue")] == [0xF4, 0xB1, 0x83]
    assert formats.is_own(rule)
    assert not formats.is_own(theirs())


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        ([], ours(1, 2)),
        (ours(1, 2), []),
        (ours(1, 2, 3), ours(2)),
        (ours(2), ours(1, 2, 3)),
        (ours(1, last=9), ours(1, last=12)),
        ([theirs(), *ours(1, 2), theirs("NOT_BLANK")], ours(3)),
        ([*ours(1), theirs(), *ours(2), theirs("NOT_BLANK"), *ours(3)], ours(4, 5)),
        ([theirs(), theirs("NOT_BLANK")], ours(1)),
    ],
)
def test_the_requests_leave_just_what_is_wanted_and_the_offices_own_in_its_order(there, wanted):
    made = after(there, asked(there, wanted))

    assert [rule for rule in made if formats.is_own(rule)] == wanted
    assert [rule for rule in made if not formats.is_own(rule)] == [
        rule for rule in there if not formats.is_own(rule)
    ]


def test_what_is_there_already_is_not_asked_for():
    told = ours(1)
    # As Google tells it: a colour in 8 bits, and a start of 0 left out.
    fill = told[0]["booleanRule"]["format"]["backgroundColorStyle"]["rgbColor"]
    rounded = {name: round(value, 7) for name, value in fill.items()}
    told[0]["booleanRule"]["format"] = {"backgroundColorStyle": {"rgbColor": rounded}}
    del told[0]["ranges"][0]["startColumnIndex"]

    assert asked(told, ours(1)) == []


def test_a_rule_of_the_offices_that_is_gone_is_found_with_its_place():
    before = tab([], conditionalFormats=[theirs(), *ours(1), theirs("NOT_BLANK")])
    after_it = tab([], conditionalFormats=[theirs(), *ours(1, 2)])

    assert formats.lost(before, after_it) == [(2, theirs("NOT_BLANK"))]


def test_a_rule_that_has_moved_with_its_cells_is_not_lost_and_one_of_two_alike_is():
    before = tab([], conditionalFormats=[theirs(endRowIndex=5), theirs(endRowIndex=9)])

    assert formats.lost(before, tab([], conditionalFormats=before.formats[::-1])) == []
    assert formats.lost(before, tab([], conditionalFormats=[theirs(endRowIndex=6)])) == [
        (1, theirs(endRowIndex=9))
    ]


def test_a_scale_of_colours_is_no_highlight_and_can_be_lost_like_all_others():
    scale = {"ranges": [{"sheetId": 7}], "gradientRule": {"minpoint": {"type": "MIN"}}}
    before = tab([], conditionalFormats=[scale])

    assert formats.formula(scale) == ""
    assert formats.lost(before, before) == []
    assert formats.lost(before, tab([])) == [(0, scale)]

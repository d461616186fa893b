"""Tables and the filter beside own columns: as wide as they must be, and no wider afterwards."""

from __future__ import annotations

import pytest

from sheets import flow
from sheets.errors import NotUnderstood, PlaceTaken
from tests.e2e.test_google_races import PROFILE, google, open_book
from tests.e2e.test_google_sync import CONTACTS, texts

__all__ = ["google"]

WIDTH = len(CONTACTS[0])
OWN = ["Revealed?", "What to fix"]


def area(left=0, right=WIDTH, bottom=3):
    edges = {"startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": 0, "startRowIndex": 0, "endRowIndex": bottom} | edges


def contacts(google, *requests, rows=CONTACTS, size=(8, 12)):
    document = google.spreadsheet({"Contacts": texts(rows)}, size=size)
    if requests:
        google.person(document, *requests)
    return document


def table(**more):
    return {"addTable": {"table": {"name": "People", "tableId": "t1", "range": area()} | more}}


def basic(**more):
    return {"setBasicFilter": {"filter": {"range": area()} | more}}


def sheet(google, document):
    return google.told(document)["sheets"][0]


def names(google, document):
    [told] = sheet(google, document)["tables"]
    return [each["columnName"] for each in told["columnProperties"]]


def sync(google, document):
    flow.check([open_book(google, document)], PROFILE)


def clear(google, document):
    flow.clear([open_book(google, document)])


def edge(google, document):
    return sheet(google, document)["basicFilter"]["range"]["endColumnIndex"]


def insert_column(at):
    line = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    return {"insertDimension": {"range": line, "inheritFromBefore": True}}


def test_a_table_is_a_list_object_of_the_grid(google):
    footer = {"rowsProperties": {"footerColorStyle": {"rgbColor": {"red": 1}}}}
    document = contacts(google, table(), table(tableId="t2", name="", range=area(8, 10)) | {})
    google.person(document, {"deleteTable": {"tableId": "t2"}})
    other = contacts(google, table(**footer))

    [grid] = open_book(google, document).read()
    [item] = grid.list_objects
    assert (item.name, item.area.ref, item.totals_rows) == ("People", "A1:F3", 0)
    [grid] = open_book(google, other).read()
    assert grid.list_objects[0].totals_rows == 1


def test_own_columns_become_part_of_the_table_beside_them(google):
    document = contacts(google, table())

    sync(google, document)

    assert names(google, document) == [*CONTACTS[0], *OWN]
    writes = len(google.calls("write"))
    sync(google, document)
    assert len(google.calls("write")) == writes


def test_clearing_gives_the_table_its_width_back(google):
    document = contacts(google, table())
    before = sheet(google, document)["tables"]
    sync(google, document)

    clear(google, document)

    assert sheet(google, document)["tables"] == before
    assert google.values(document, "Contacts")[0] == list(CONTACTS[0])


def test_a_table_that_goes_on_behind_own_columns_is_left_as_it_is(google):
    document = contacts(google, table())
    sync(google, document)
    google.person(
        document,
        {"updateTable": {"table": {"tableId": "t1", "range": area(0, 9)}, "fields": "range"}},
    )

    clear(google, document)

    # A column of a table always has a name.
    assert names(google, document) == [*CONTACTS[0], "Column 7", "Column 8", "Column 9"]
    assert [row[WIDTH:] for row in google.values(document, "Contacts")[1:]] == [[], []]


def test_a_table_that_ends_elsewhere_is_left_as_it_is(google):
    document = contacts(google, table(range=area(0, 3)))

    with pytest.raises(PlaceTaken, match="The table A1:C3 ends at column C"):
        sync(google, document)

    assert names(google, document) == list(CONTACTS[0][:3])


def insert_row(at):
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
    return {"insertDimension": {"range": line, "inheritFromBefore": True}}


@pytest.mark.parametrize("made", [table, basic])
def test_what_somebody_inserts_meanwhile_is_in_the_table_and_in_the_filter(google, made):
    def span(document):
        told = sheet(google, document)
        found = told["tables"][0] if made is table else told["basicFilter"]
        return found["range"]["endRowIndex"], found["range"]["endColumnIndex"]

    for edit in (insert_column(2), insert_row(2)):
        document, quiet = contacts(google, made()), contacts(google, made())
        google.person(quiet, edit)
        google.before("write", lambda document=document, edit=edit: google.person(document, edit))

        sync(google, document)
        sync(google, quiet)

        assert span(document) == span(quiet)
        assert google.values(document, "Contacts") == google.values(quiet, "Contacts")


def test_a_filter_hides_by_the_same_columns_when_one_is_inserted_meanwhile(google):
    hidden = {"hiddenValues": ["Byrne"]}
    specs = [{"columnIndex": 3, "filterCriteria": hidden}]
    document = contacts(google, basic(criteria={"3": hidden}, filterSpecs=specs))
    google.before("write", lambda: google.person(document, insert_column(2)))

    sync(google, document)

    told = sheet(google, document)["basicFilter"]
    assert told["criteria"] == {"4": hidden}
    assert [each["columnIndex"] for each in told["filterSpecs"]] == [4]


def test_where_people_cannot_be_judged_again_the_table_is_as_it_was(google):
    document, quiet = contacts(google, table()), contacts(google, table())
    empty = {"updateCells": {"range": area() | {"endRowIndex": 1}, "fields": "userEnteredValue"}}
    google.person(quiet, empty)
    google.before("write", lambda: google.person(document, empty))

    with pytest.raises(NotUnderstood):
        sync(google, document)

    assert sheet(google, document)["tables"] == sheet(google, quiet)["tables"]
    assert google.values(document, "Contacts") == google.values(quiet, "Contacts")


def test_clearing_gives_the_filter_its_width_back(google):
    document = contacts(google, basic())
    before = sheet(google, document)["basicFilter"]
    sync(google, document)
    assert edge(google, document) == WIDTH + 2

    clear(google, document)

    assert sheet(google, document)["basicFilter"] == before


def test_what_the_filter_hides_stays_hidden_and_how_it_was_sorted_is_not_done_again(google):
    hidden = {"1": {"hiddenValues": ["Byrne"]}}
    down = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    document = contacts(google, basic(criteria=hidden, sortSpecs=down))
    # Somebody has sorted otherwise since then.
    order = [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]
    google.person(
        document, {"sortRange": {"range": area() | {"startRowIndex": 1}, "sortSpecs": order}}
    )
    rows = [row[1] for row in google.values(document, "Contacts")]

    sync(google, document)

    told = sheet(google, document)["basicFilter"]
    assert (told["criteria"], told["range"]["endColumnIndex"]) == (hidden, WIDTH + 2)
    assert [row[1] for row in google.values(document, "Contacts")] == rows


def test_a_filter_by_the_verdict_goes_with_the_verdicts(google):
    document = contacts(google, basic(criteria={"1": {"hiddenValues": ["x"]}}))
    sync(google, document)
    by_verdict = {
        "range": area(0, WIDTH + 2),
        "filterSpecs": [
            {"columnIndex": 1, "filterCriteria": {"hiddenValues": ["x"]}},
            {"columnIndex": WIDTH, "filterCriteria": {"hiddenValues": ["Unknown"]}},
        ],
    }
    google.person(document, {"setBasicFilter": {"filter": by_verdict}})

    clear(google, document)

    told = sheet(google, document)
    assert [each["columnIndex"] for each in told["basicFilter"]["filterSpecs"]] == [1]
    assert edge(google, document) == WIDTH
    assert not any("hiddenByFilter" in row for row in told["data"][0]["rowMetadata"])


def test_the_filter_of_a_table_goes_with_its_table(google):
    document = contacts(google, table())
    state = google.state(document).sheets[0]
    state.basic_filter = {"range": area(), "tableId": "t1"}

    sync(google, document)

    assert names(google, document) == [*CONTACTS[0], *OWN]
    assert state.basic_filter == {"range": area(), "tableId": "t1"}

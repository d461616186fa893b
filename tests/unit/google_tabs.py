"""Tabs of Google Sheets made by hand, for tests."""

from __future__ import annotations

from sheets.books.google import cells, owned, snapshot


def cell(value):
    """A cell of a text, a number or a truth value; a dict is told as it is."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    kinds = {bool: "boolValue", int: "numberValue", float: "numberValue"}
    if type(value) in kinds:
        told = {kinds[type(value)]: value}
        return {"userEnteredValue": told, "effectiveValue": told}
    return cells.of_text(value)


def tab(rows, **more):
    """The first tab of a spreadsheet with these rows."""
    return spreadsheet(rows, **more).tabs[0]


def spreadsheet(rows, *, columns=None, size=None, metadata=None, hidden=(), **more):
    """What is read of a spreadsheet with one tab.

    Args:
        rows: The cells; see `cell`.
        columns: Column -> the header that its metadata tells.
        size: Height and width of the grid.
        metadata: The id of the last write.
        hidden: The rows that are hidden.
        more: All else that is told of the tab.
    """
    told = [list(map(cell, row)) for row in rows]
    height, width = size or (len(rows), max(map(len, rows), default=0))
    data = {
        "rowData": [{"values": row} for row in told],
        "rowMetadata": [{"hiddenByUser": True} if at in hidden else {} for at in range(1, 99)],
        "columnMetadata": [
            _line(at, (columns or {}).get(at), [row[at - 1] for row in told if at <= len(row)])
            for at in range(1, width + 1)
        ],
    }
    size_told = {"rowCount": height, "columnCount": width}
    properties = {"sheetId": 7, "title": "Contacts", "gridProperties": size_told}
    told = {
        "properties": {"title": "Roster"},
        "sheets": [{"properties": properties, "data": [data], **more}],
    }
    if metadata:
        told["developerMetadata"] = [{"metadataId": metadata, "metadataKey": snapshot.RUN}]
    return snapshot.of(told)


def _line(at, header, column):
    """What is told of a column; with a header, that Reveal has written what it holds."""
    if not header:
        return {}
    value = owned.Owned(at, header, owned.mark(column)).value
    tag = {"metadataId": at, "metadataKey": owned.COLUMN, "metadataValue": value}
    return {"developerMetadata": [tag]}

"""Recognition: which sheet is this, where is its header row, which column is which field.

::

    recognise(grids)   the tables of some sheets: kind, header row, fields, rows
    tables(found)      their cells, cleaned, as the rules want them
    label(field)       the plain name of a field
    require(sheets, grids)   refuses names of sheets that are not there
    closest(grids)     what headings that are not known may be meant to say
"""

from __future__ import annotations

from sheets.columns.clean import tables
from sheets.columns.recognise import closest, recognise, require
from sheets.columns.vocabulary import label

__all__ = ["closest", "label", "recognise", "require", "tables"]

"""Hand back, correct, take back: the rows to fix go to who can fix them, and their answers return.

::

    split.packets(outcome, batch)       what is handed out: one packet for each school
    returned.read(books)                what came back, whatever was done to the files
    merge.merge(answers, master)        three ways for each cell: what was sent, what came back,
                                        what the master holds now

The first and the last are pure. Rows are found by their keys, never by position.
"""

from __future__ import annotations

"""Hand back, correct, take back: the rows to fix go to who can fix them, and their answers return.

::

    split.packets(outcome, batch)          what is handed out: one packet for each school
    workbook.write(packet, batch, words)   a packet as a workbook
    returned.read(name, open_it)           what came back, whatever was done to the file
    taking.take(came, judge, asked)        three ways for each cell: what was sent, what came back,
                                           what the master holds now; and who is revealed by it

Rows are found by their keys, never by position. Nothing here writes into the master: what is taken
is a patch like any other.
"""

from __future__ import annotations

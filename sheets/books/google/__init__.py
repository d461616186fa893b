"""Google Sheets: all tabs in one read and one write, beside people who edit them meanwhile.

::

    wire.py        requests and answers: time-outs, tries, what is said when one fails
    compact.py     answers that take little memory
    snapshot.py    what a spreadsheet held at one moment
    cells.py       one cell: what people see in it
    owned.py       which columns are Reveal's
    grids.py       a tab as a `Grid`
    batch.py       patches as requests
    widths.py      how wide tables and the filter are
    formats.py     the highlights among the office's own conditional formats
    lookups.py     the formula by which a row shows its own verdict, whatever is moved
    verdicts.py    the tab where that is looked up
    mending.py     what our write has hit that was not meant, since somebody edited meanwhile
    book.py        the two verbs
    address.py     the id in the address of a spreadsheet
    signin.py      who is signed in, and where that is kept

The Sheets API cannot write on the condition that nothing has changed. So the answer of a write
tells what the tabs hold now; if that is not what was read, people are judged again from it, and
what was hit by mistake is put back, all in the next write.

gspread signs in and carries requests; its worksheets are not used, since each of their methods is
a call of its own.
"""

"""What finds a row again in a later run, although rows move.

The JSON of a run says of each row where it stands, and rows are sorted, added and deleted. So it
also gives each row a key: a digest of the person's id, and for a contact of the student's, too.
Where there is no id it gives two: one of the name, one of the email address, since one of them
may be what was missing and is filled in later.

A key is salted with a random word that is made for the first run, stands in its JSON, and is taken
over by each later run that is compared with it. What that gives: the file tells no id and no name
to who reads it, and the files of two districts cannot be joined. What it does not give: who has the
file and guesses a student number can test the guess, and no digest can prevent that, since there
are few numbers. The JSON is to be kept like the sheets themselves. A secret kept elsewhere on the
computer would be safer, but then a colleague could not compare.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sheets.rules import keys
from sheets.rules.keys import NAME, STOP
from sheets.rules.model import ROW
from sheets.rules.students import OF_STUDENT, STRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from sheets.rules.keys import Level
    from sheets.rules.model import Table

_SURE: Sequence[Level] = (*STRONG, ("sourced_id",), ("contact_id",))
_SALT_BYTES, _KEY_BYTES = 16, 8


def new_salt() -> str:
    """A random word, as hexadecimal digits."""
    return secrets.token_hex(_SALT_BYTES)


def of_table(table: Table, salt: str) -> list[tuple[str, ...]]:
    """The keys of each row of a table, in ascending order of the rows.

    Args:
        table: A table of students, staff or contacts.
        salt: What `new_salt` gave for the first of the runs that are compared.

    Returns:
        For each row one key if it has an id, else up to two; none if nothing tells who it is.

    Example:
        >>> import polars as pl
        >>> staff = pl.DataFrame({"_row": [2, 3], "number": ["71", None], "email": [None, "a@b.c"]})
        >>> from sheets.rules.model import Table
        >>> [len(found) for found in of_table(Table("staff", staff, {}), "00")]
        [1, 1]
    """
    [frame] = keys.frames([table])
    has = keys.columns(frame)
    student = keys.key((*STRONG, NAME) if table.kind == "contact" else (), has, OF_STUDENT)
    told: pl.DataFrame = (
        frame.select(
            ROW,
            student.alias("student"),
            keys.key(_SURE, has).alias("id"),
            keys.key([NAME], has).alias("name"),
            keys.key([("email",)], has).alias("email"),
        )
        .collect(backend="polars")
        .to_native()
    )
    secret = bytes.fromhex(salt)
    return [
        tuple(
            _digest(STOP.join((table.kind, what, student or "", value)), secret)
            for what, value in (("id", sure), ("name", name), ("email", email))
            if value and (what == "id" or not sure)
        )
        for _, student, sure, name, email in told.sort(ROW).iter_rows()
    ]


def _digest(text: str, secret: bytes) -> str:
    return hashlib.blake2b(text.encode(), key=secret, digest_size=_KEY_BYTES).hexdigest()

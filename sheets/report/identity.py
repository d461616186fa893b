"""What finds a row again in a later run, although rows move.

The JSON of a run says of each row where it stands, and rows are sorted, added and deleted. So it
also gives each row its keys: a digest of every id that it has, for a contact together with every
id of the student. Where there is no id, the name and the email address give one each, since one
of them may be what was missing and is filled in later.

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
    from collections.abc import Iterator, Sequence

    import polars as pl

    from sheets.rules.keys import Level
    from sheets.rules.model import Table

    Rank = tuple[str, str]

SALT_BYTES = 16
_KEY_BYTES = 8
_OF = "student "
_ALONE = ""

_IDS: Sequence[Level] = (*STRONG, ("sourced_id",), ("contact_id",))
_WORDS: Sequence[Level] = (NAME, ("email",))
_OWN = [[name for (name,) in levels] for levels in (_IDS, _WORDS)]
_STUDENTS = [[_OF + name for (name,) in levels] for levels in (STRONG, [NAME])]

RANKS: Sequence[Rank] = tuple(
    (own, student)
    for names in _OWN
    for own in names
    for student in (*_STUDENTS[0], *_STUDENTS[1], _ALONE)
)
"""All that a row may be found by, the surest first: what of its own, and what of its student."""


def new_salt() -> str:
    """A random word, as hexadecimal digits."""
    return secrets.token_hex(SALT_BYTES)


def values(table: Table) -> pl.DataFrame:
    """All that tells who the rows of a table are, in ascending order of the rows.

    Returns:
        ``_row``, and one column for each name that is in `RANKS`, as far as the table has it.
    """
    [frame] = keys.frames([table])
    has = keys.columns(frame)
    own = [
        keys.value(level, has).alias(level[0])
        for level in (*_IDS, *_WORDS)
        if keys.has_level(level, has)
    ]
    students = [
        keys.value(level, has, OF_STUDENT).alias(_OF + level[0])
        for level in (*STRONG, NAME)
        if table.kind == "contact" and keys.has_level(level, has, OF_STUDENT)
    ]
    told: pl.DataFrame = (
        frame.select(ROW, *own, *students).collect(backend="polars").to_native().sort(ROW)
    )
    return told


def digest(kind: str, rank: Rank, told: Sequence[str], secret: bytes) -> str:
    """The key of a row of one kind of people, from what is told for the names of a rank."""
    text = STOP.join((kind, *rank, *told)).encode()
    return hashlib.blake2b(text, key=secret, digest_size=_KEY_BYTES).hexdigest()


class Known:
    """What is known of the rows of a table, in ascending order of the rows.

    Args:
        table: A table of students, staff or contacts.
        salt: What `new_salt` gave for the first of the runs that are compared.

    Example:
        >>> import polars as pl
        >>> staff = pl.DataFrame({"_row": [2, 3], "number": ["71", None], "email": [None, "a@b.c"]})
        >>> from sheets.rules.model import Table
        >>> [len(found) for found in Known(Table("staff", staff, {}), "00" * 16).kept()]
        [1, 1]
    """

    def __init__(self, table: Table, salt: str) -> None:
        told = values(table)
        self._kind = table.kind
        self._rows = told.height
        self._values = {name: told[name].to_list() for name in told.columns if name != ROW}
        self._secret = bytes.fromhex(salt)

    def kept(self) -> Iterator[list[str]]:
        """The keys of each row that go into the JSON; none if nothing tells who it is."""
        for at in range(self._rows):
            own = self._filled(at, _OWN[0]) or self._filled(at, _OWN[1])
            students = self._filled(at, _STUDENTS[0]) or self._filled(at, _STUDENTS[1]) or [_ALONE]
            yield [self._digest((name, student), at) for name in own for student in students]

    def key(self, rank: Rank, at: int) -> str | None:
        """What a row would be kept as, if it were known by this and nothing surer."""
        there = (not name or self._value(name, at) for name in rank)
        return self._digest(rank, at) if all(there) else None

    def tells(self, at: int) -> bool:
        """Whether anything tells who a row is."""
        return any(self._filled(at, names) for names in _OWN)

    def _filled(self, at: int, names: Sequence[str]) -> list[str]:
        return [name for name in names if self._value(name, at)]

    def _value(self, name: str, at: int) -> str | None:
        column = self._values.get(name)
        return None if column is None else column[at]

    def _digest(self, rank: Rank, at: int) -> str:
        told = [self._value(name, at) or "" for name in rank]
        return digest(self._kind, rank, told, self._secret)

"""What came back: each row an answer, and a line for all that needs a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets.handback.identity import Head


class Kind(StrEnum):
    """What became of an answer."""

    FILLED = "filled"
    CHANGED = "changed"
    EMPTIED = "emptied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    NOTE = "note"


class Why(StrEnum):
    """The reason of a line; the names are kept for good."""

    ANSWERED = "answered"
    BOTH_CHANGED = "both_changed"
    SEVERAL_ANSWERS = "several_answers"
    INVALID = "invalid"
    FORMULA = "formula"
    ERROR = "error"
    CUT_NUMBER = "cut_number"
    BLANKED = "blanked"
    NOT_IN_MASTER = "not_in_master"
    DOUBLED_IN_MASTER = "doubled_in_master"
    FORMULA_IN_MASTER = "formula_in_master"
    NO_COLUMN_IN_MASTER = "no_column_in_master"
    NOT_ITS_ROW = "not_its_row"
    NO_KEY = "no_key"
    OTHER_LIST = "other_list"
    OTHER_BATCH = "other_batch"
    UNREADABLE = "unreadable"
    NOT_HANDED_OUT = "not_handed_out"
    HEAD_DAMAGED = "head_damaged"
    NO_HEADINGS = "no_headings"
    COLUMN_GONE = "column_gone"
    COLUMN_TWICE = "column_twice"
    COLUMN_ADDED = "column_added"
    LOCKED_CHANGED = "locked_changed"
    ZEROS_LOST = "zeros_lost"
    CAME_TWICE = "came_twice"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in what came back.

    Attributes:
        file: The file's name.
        sheet: The sheet's name; empty if the whole file is meant.
        row: The row; 0 if the whole sheet is meant.
        header: The column; empty if the whole row is meant.
    """

    file: str
    sheet: str = ""
    row: int = 0
    header: str = ""

    @property
    def text(self) -> str:
        """The place to name in a message."""
        parts = (
            self.file,
            self.sheet and f'sheet "{self.sheet}"',
            self.row and f"row {self.row}",
            self.header and f'"{self.header}"',
        )
        return ", ".join(str(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of something that came back.

    Attributes:
        kind: What became of it.
        why: The reason.
        at: Where it stands in what came back.
        message: A sentence without any cell's value.
        master: Where it goes in the master; empty if that is not known.
        came: What came back; empty where it is not about one cell.
        holds: What the master holds.
    """

    kind: Kind
    why: Why
    at: Spot
    message: str
    master: str = ""
    came: str = ""
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One input cell that came back other than it was sent.

    Attributes:
        text: What it holds, as it would be written.
        compared: The same in the form in which cells are compared.
        sent: The fingerprint of what was sent.
        header: What its column is called.
    """

    text: str
    compared: str
    sent: str
    header: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One row that came back.

    Attributes:
        at: Where it stands.
        head: What the header of its hidden column says.
        key: By what its row is found in the master.
        cells: Field -> the input cells that are not as they were sent.
    """

    at: Spot
    head: Head
    key: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Came:
    """All that came back in one file.

    Attributes:
        file: Its name.
        answers: Its rows, in their order.
        lines: What was not understood, or not taken.
    """

    file: str
    answers: Sequence[Answer] = ()
    lines: Sequence[Line] = ()

    @property
    def batch(self) -> str:
        """The batch of its rows; of several the one with the most; empty if there are none."""
        counted = Counter(answer.head.batch.id for answer in self.answers)
        return counted.most_common(1)[0][0] if counted else ""

    @property
    def to(self) -> str:
        """To whom it went."""
        counted = Counter(answer.head.to for answer in self.answers)
        return counted.most_common(1)[0][0] if counted else ""

"""What must be remembered so that clearing gives back every byte: one line in the sheet itself.

It stands in the ``error`` attribute of the input message on the first own header, which Excel
shows to nobody, because the message does not check what is typed. Most changes can be told from
the bytes alone; here is what cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheets.grid import TAG

_FLAGS = {
    "dimension": "d",
    "cols_element": "c",
    "cols_left": "l",
    "cols_right": "r",
    "filter": "f",
    "filter_name": "n",
    "validations_empty": "e",
    "validations_open": "o",
    "adopted": "a",
}
_RECORD = re.compile(re.escape(TAG) + r" ([a-z]*|-) ([\d.]+|-) ([\w.]+|-)")


@dataclass(slots=True)
class Undo:
    """What one patch changed in its sheet and workbook.

    Attributes:
        dimension: The used range was widened.
        cols_element: ``<cols>`` was put in.
        cols_left: The widths were cut out of a setting, of which something is left of them.
        cols_right: Something of it is right of them.
        filter: The sheet's AutoFilter was widened.
        filter_name: So was its hidden name in the workbook.
        validations_empty: It was there, as ``<dataValidations/>``.
        validations_open: It was there, as ``<dataValidations></dataValidations>``.
        adopted: Own cells stand in the place of cells with a style only.
        cols: The columns whose width was put in.
        styles: What was changed in the styles (see `styles`); empty if nothing was.
    """

    dimension: bool = False
    cols_element: bool = False
    cols_left: bool = False
    cols_right: bool = False
    filter: bool = False
    filter_name: bool = False
    validations_empty: bool = False
    validations_open: bool = False
    adopted: bool = False
    cols: tuple[int, ...] = ()
    styles: str = ""

    def written(self) -> str:
        """The record as text, at most 255 characters.

        Example:
            >>> Undo(filter=True, cols=(7, 8)).written()
            'reveal:v1 f 7.8 -'
        """
        flags = "".join(letter for name, letter in _FLAGS.items() if getattr(self, name))
        cols = ".".join(map(str, self.cols))
        return f"{TAG} {flags or '-'} {cols or '-'} {self.styles or '-'}"

    @classmethod
    def read(cls, text: str) -> Undo | None:
        """Read a record; None if it is none.

        Example:
            >>> Undo.read("reveal:v1 f 7.8 -").cols
            (7, 8)
        """
        match = _RECORD.fullmatch(text.strip())
        if match is None:
            return None
        return cls(
            **{name: letter in match[1] for name, letter in _FLAGS.items()},
            cols=tuple(int(column) for column in match[2].split(".")) if match[2] != "-" else (),
            styles="" if match[3] == "-" else match[3],
        )

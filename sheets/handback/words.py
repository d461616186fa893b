"""The words of the packets and letters, in the language that is asked for."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheets.handback.names import UNNAMED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sheets.handback.model import Packet

NAME = "words.toml"
LANGUAGES = ("en", "es")
_CONTROL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_KINDS = ("student", "staff", "contact")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes:
        language: ``en`` or ``es``.
        texts: Name -> text, as in words.toml.
    """

    language: str
    texts: Mapping[str, Any]

    def say(self, name: str, **filled: object) -> str:
        """One text with its gaps filled."""
        return str(self.texts[name]).format_map(filled)

    def day(self, day: dt.date) -> str:
        """A day with its weekday, as people of this language write it."""
        return self.say(
            "date",
            weekday=self.texts["weekdays"][day.weekday()],
            month=self.texts["months"][day.month - 1],
            day=day.day,
            year=day.year,
        )

    def rows(self, packet: Packet) -> str:
        """How many of which people are to be fixed: ``2 students and 3 contacts``."""
        counted = {
            kind: sum(len(sheet.rows) for sheet in packet.sheets if sheet.kind == kind)
            for kind in _KINDS
        }
        return self.listed([self.people(kind, n) for kind, n in counted.items() if n])

    def people(self, kind: str, number: int) -> str:
        """So many people of a kind."""
        one, many = self.texts["people"][kind]
        return str(one if number == 1 else many).format(n=f"{number:,}")

    def listed(self, parts: Sequence[str]) -> str:
        """An enumeration."""
        *first, last = parts
        return self.say("joined", first=", ".join(first), last=last) if first else last

    def title(self, packet: Packet) -> str:
        """The sentence on top: whose it is and how much."""
        return self.say("title", school=called(packet.to), rows=self.rows(packet))

    def steps(self, packet: Packet, due: dt.date | None, ask: str) -> list[str]:
        """The four lines that say how it is done."""
        titles = [f'"{sheet.title}"' for sheet in packet.sheets]
        opens = self.texts["open"][len(titles) > 1].format(sheets=self.listed(titles))
        by = self.say("by", day=self.day(due)) if due else ""
        named = "steps" if has_inputs(packet) else "steps_in_campus"
        whom = ask or self.texts["sender"]
        return [opens, *(step.format(whom=whom, by=by) for step in self.texts[named])]

    def due(self, due: dt.date | None) -> str:
        """By when it is to come back."""
        return self.say("due", day=self.day(due)) if due else self.say("no_due")


def load(folder: Path, language: str) -> Words:
    """Read the words of a language from the templates.

    Args:
        folder: Where the templates for handing back lie.
        language: One of `LANGUAGES`.
    """
    texts = tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    return Words(language, texts[language])


def called(label: str) -> str:
    """What a group is called in a sentence: on one line, whatever stands in the cell.

    Example:
        >>> called(" Adams  High "), called("")
        ('Adams High', 'School not known')
    """
    seen = (" " if unicodedata.category(sign) in _CONTROL else sign for sign in label)
    return " ".join("".join(seen).split()) or UNNAMED


def has_inputs(packet: Packet) -> bool:
    """Whether anything is to be typed into it."""
    return any(row.todo for sheet in packet.sheets for row in sheet.rows)

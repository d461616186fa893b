"""Random districts, random answers, random changes of the master: a merge is what it should be.

The referee below is the whole merge in plain Python. It knows what was sent, which the merge does
not: that has fingerprints only.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.handback.answers import Kind
from sheets.handback.merge import MASTER, OFFICE, Policy
from tests import handing

FIELDS = ("First Name", "Last Name", "Other Phone", "Email")
GOOD = {
    "First Name": ("Ann", "Zoë", "Tom "),
    "Last Name": ("Byrne", "Núñez", "O'Dell"),
    "Other Phone": ("585-555-0101", "(585) 555-0102", "5855550103"),
    "Email": ("{}a@example.org", "{}b@example.org"),
}
BAD = {
    "First Name": ("N/A", "Ann & Tom"),
    "Last Name": ("n/a",),
    "Other Phone": ("555-0101", "none", "000-000-0000"),
    "Email": ("nobody", "a b@example.org", "N/A"),
}
FORMULAS = ("=A1", '=HYPERLINK("x")', "@SUM(A1)", "+cmd")
KEY = 1  # the column of the ids of contacts


@dataclass
class Came:
    """What came back of one person: the texts by column, and where each stands."""

    texts: dict[str, list[tuple[str, tuple]]] = field(default_factory=lambda: defaultdict(list))
    torn: list[tuple] = field(default_factory=list)


def referee(sent, answers, holds, *, header, prefer="", blanks=False):
    """What one cell of the master holds in the end, and which answers are reported.

    Args:
        sent: What was sent.
        answers: The texts that came back, each with where it stands.
        holds: What the master holds now; None if it has no such row, or several.
        header: The column.
        prefer: Whose value counts where both have changed it.
        blanks: Whether blanks are taken.
    """
    changed = [(text.strip(), at) for text, at in answers if text.strip() != sent]
    formulas = {at for text, at in changed if text in FORMULAS}
    changed = [(text, at) for text, at in changed if text not in FORMULAS]
    all_of_them = formulas | {at for _, at in changed}
    if holds is None:
        return None, all_of_them
    if len({text for text, _ in changed}) > 1:
        return holds, all_of_them
    if not changed or changed[0][0] == holds:
        return holds, formulas
    [came] = {text for text, _ in changed}
    if holds != sent and prefer == MASTER:
        return holds, formulas
    if (holds != sent and prefer != OFFICE) or (not came and not blanks) or bad(header, came):
        return holds, all_of_them
    return came, formulas


def bad(header, text):
    """Whether a rule finds something in a text."""
    if header == "Other Phone":
        digits = re.sub(r"\D", "", text)
        return bool(text) and (len(digits) < 10 or len(set(digits)) == 1)
    if header == "Email":
        return bool(text) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", text)
    return text.lower() == "n/a" or "&" in text


class District:
    """A random district, whose packets are changed at random, and its master as well."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rows = [self.person(at) for at in range(chance.randint(1, 7))]
        self.sent = {row[KEY]: self.cells(row) for row in self.rows}
        self.book = handing.master(self.rows)
        self.packets = handing.packets(self.book)
        self.came: dict[str, Came] = defaultdict(Came)
        self.unknown: set[tuple] = set()

    def person(self, at):
        cells = [self.text(header, at, of="own") for header in FIELDS]
        return [f"00{at // 2}", str(100 + at), *cells, self.chance.choice([None, "keep"])]

    def text(self, header, at, *, of):
        """A random text for a cell."""
        kinds = ["good", "good", "bad", "blank"] if of == "own" else ["good"] * 4 + ["bad", "blank"]
        kind = self.chance.choice([*kinds, *(["formula"] if of == "office" else [])])
        pools = {"good": GOOD[header], "bad": BAD[header], "blank": ("",), "formula": FORMULAS}
        return self.chance.choice(pools[kind]).format(f"p{at}")

    @staticmethod
    def cells(row):
        return {header: (row[2 + nth] or "").strip() for nth, header in enumerate(FIELDS)}

    def change_master(self):
        """The data steward goes on working meanwhile."""
        chance, rows = self.chance, [list(row) for row in self.rows]
        for at, row in enumerate(rows):
            for nth, header in enumerate(FIELDS):
                if chance.random() < 0.2:
                    row[2 + nth] = self.text(header, at, of="own")
        if chance.random() < 0.3:
            del rows[chance.randrange(len(rows))]
        if rows and chance.random() < 0.3:
            rows.append(list(chance.choice(rows)))
        chance.shuffle(rows)
        rows.insert(0, ["009", "999", "New", "Person", "585-555-0199", "new@example.org", None])
        self.rows = rows
        self.book = handing.master(rows)

    def answer(self):
        """The office types, sorts, copies and splits."""
        chance, files = self.chance, []
        for packet in self.packets:
            [sheet] = packet.sheets
            inputs = [column.header for column in sheet.columns if not column.locked]
            head, *rows = handing.rows(sheet)
            order = list(range(len(head)))
            if chance.random() < 0.5:
                chance.shuffle(order)
            rows = [row for row in rows if chance.random() < 0.9]
            rows += [list(row) for row in rows if chance.random() < 0.2]
            chance.shuffle(rows)
            cut = chance.randint(0, len(rows))
            for nth, part in enumerate((rows[:cut], rows[cut:])):
                file, title = f"part {nth}.xlsx", chance.choice(["Contacts", "Sheet1"])
                done = [
                    self.typed(row, head, inputs, (file, title, number))
                    for number, row in enumerate(part, 3)
                ]
                shown = [[row[at] for at in order] for row in (head, *done)]
                files.append(handing.returned_as(file, {title: [["3 of 12 left"], *shown]}))
        return files

    def typed(self, row, head, inputs, at):
        """One row, with something typed into it."""
        row, chance = list(row), self.chance
        person = row[head.index("Contact Person ID")]
        came = self.came[person]
        torn = chance.random() < 0.1
        unknown = not torn and chance.random() < 0.1
        for header in inputs:
            place = head.index(header)
            if chance.random() < 0.5:
                row[place] = self.text(header, int(person) - 100, of="office")
            text = row[place] or ""
            if not torn and not unknown:
                came.texts[header].append((text, (*at, header)))
            elif text.strip() != self.sent[person][header]:
                self.unknown.add((*at, header))
        if torn:
            row[head.index("Contact Person ID")] = "777"
        if unknown:
            row[-1] = None
            self.unknown.add((*at, ""))
            self.unknown = {one for one in self.unknown if one[:3] != at or not one[3]}
        return row

    def expected(self, **asked):
        """What the master holds in the end, and what is reported."""
        of_person = defaultdict(list)
        for row in self.rows:
            of_person[row[KEY]].append(row)
        reported = set(self.unknown)
        end = {key: self.cells(rows[0]) for key, rows in of_person.items()}
        for person, came in self.came.items():
            alone = len(of_person[person]) == 1
            for header, answers in came.texts.items():
                holds = end[person][header] if alone else None
                holds, told = referee(
                    self.sent[person][header], answers, holds, header=header, **asked
                )
                reported |= told
                if alone:
                    end[person][header] = holds
        return end, reported


def spots(taken, *kinds):
    """Where the lines of some kinds stand."""
    return {
        (line.at.file, line.at.sheet, line.at.row, line.at.header)
        for line in taken.lines
        if line.kind in kinds
    }


@pytest.mark.parametrize("asked", [{}, {"prefer": MASTER}, {"prefer": OFFICE}, {"blanks": True}])
@settings(max_examples=12)
@given(seed=st.integers(0, 1 << 32))
def test_a_merge_is_what_plain_python_says(asked, seed):
    district = District(random.Random(seed))
    came = district.answer()
    district.change_master()
    end, reported = district.expected(**asked)
    policy = Policy(asked.get("prefer", ""), allow_blank=asked.get("blanks", False))
    before = district.book.rows("Contacts")

    taken = handing.take(came, district.book, policy=policy)
    handing.apply(taken, district.book)

    after = district.book.rows("Contacts")
    assert spots(taken, Kind.CONFLICT, Kind.REFUSED) == reported
    for was, row in zip(before[1:], after[1:], strict=True):
        told = dict(zip(FIELDS, (text or "" for text in row[2:6]), strict=True))
        assert {header: text.strip() for header, text in told.items()} == end[row[KEY]]
        assert row[:2] + row[6:] == was[:2] + was[6:]
    changed = {
        (row[KEY], header)
        for was, row in zip(before, after, strict=True)
        for header, one, other in zip(FIELDS, was[2:6], row[2:6], strict=True)
        if (one or "") != (other or "")
    }
    assert len(changed) == len(taken.merged.takes)

    again = handing.take(came, district.book, policy=policy)
    assert not again.merged.takes

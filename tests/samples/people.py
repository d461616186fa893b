"""Invented families: names, numbers at 555-01xx, addresses at example.org, always the same ones."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
FIRST_NAMES: list[str] = NAMES["first"]
LAST_NAMES: list[str] = NAMES["last"]

PARENT = "Campus Parent Portal"
STUDENT = "Campus Student Portal"
TEACHER = "Campus Instruction"
OFFICE = "Campus Application"

TYPES = (
    ("Mother", True),
    ("Father", True),
    ("Guardian", True),
    ("Stepparent", True),
    ("Foster Parent", True),
    ("Grandparent", False),
    ("Aunt/Uncle", False),
    ("Emergency Contact", False),
    ("Sibling", False),
)
"""The district's list: which relationship types are configured as Guardian."""


class Dice(random.Random):
    """Chance that falls the same way on every Python: it uses `random()` alone."""

    def pick(self, things: Sequence[T]) -> T:
        return things[int(self.random() * len(things))]

    def one_in(self, count: float) -> bool:
        return self.random() * count < 1

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=int(self.random() * (last - first).days))


@dataclass
class Person:
    person_id: int
    first: str
    last: str
    email: str = ""
    other_phone: str = ""
    cell_phone: str = ""
    work_phone: str = ""


@dataclass
class Student(Person):
    number: str = ""
    grade: str = ""
    school: str = ""
    homeroom: str = ""
    entry: dt.date = dt.date(2026, 9, 8)


@dataclass
class Staff(Person):
    number: str = ""
    title: str = ""
    school: str = ""


@dataclass
class Pair:
    student: Student
    contact: Person
    relationship: str
    seq: int


@dataclass
class Account:
    person: Person
    username: str
    home_page: str
    enabled: bool
    created: dt.date
    expires: dt.date | None = None


@dataclass
class School:
    """Everybody, and who belongs to whom."""

    students: list[Student] = field(default_factory=list)
    staff: list[Staff] = field(default_factory=list)
    contacts: list[Person] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)


def ascii_name(text: str) -> str:
    """A name as it stands in an address: no accents, no marks."""
    plain = text.replace("ø", "o").replace("Ø", "O").replace("ł", "l")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "".join(sign for sign in plain.lower() if sign.isalnum())


class Maker:
    """Makes a school, family by family.

    Most people are in order, since most are in a real office too; what is missing is missing for
    single reasons and for several at once.
    """

    def __init__(self, seed: int, schools: Sequence[str], first_id: int) -> None:
        self.dice = Dice(seed)
        self.schools = schools
        self.next_id = first_id
        self.next_number = 40_001
        self.next_line = 0
        self.addresses: set[str] = set()
        self.school = School()

    def phone(self) -> str:
        """The next of the numbers that are kept free for fiction, in four area codes."""
        area = (585, 315, 716, 607)[self.next_line // 100 % 4]
        line = self.next_line % 100
        self.next_line += 1
        return f"({area}) 555-01{line:02}"

    def identity(self) -> int:
        self.next_id += 1 + int(self.dice.random() * 9)
        return self.next_id

    def address(self, first: str, last: str, domain: str = "example.org") -> str:
        name = f"{ascii_name(first)}.{ascii_name(last)}"
        address, count = f"{name}@{domain}", 2
        while address in self.addresses:
            address, count = f"{name}{count}@{domain}", count + 1
        self.addresses.add(address)
        return address

    def account(self, person: Person, home_page: str, *, missing: float, off: float) -> None:
        if self.dice.one_in(missing):
            return
        name = person.email.split("@")[0] or f"{ascii_name(person.first)}{person.person_id}"
        created = self.dice.day(dt.date(2016, 8, 1), dt.date(2026, 9, 1))
        enabled = not self.dice.one_in(off)
        expires = dt.date(2025, 6, 30) if self.dice.one_in(40) else None
        self.school.accounts.append(Account(person, name, home_page, enabled, created, expires))

    def add_staff(self, count: int) -> None:
        titles = ("Teacher", "Teacher", "Teacher", "Aide", "Counselor", "Nurse", "Secretary")
        for _ in range(count):
            first, last = self.dice.pick(FIRST_NAMES), self.dice.pick(LAST_NAMES)
            member = Staff(
                self.identity(),
                first,
                last,
                self.address(first, last, "school.example.org"),
                number=f"{7000 + len(self.school.staff)}",
                title=self.dice.pick(titles),
                school=self.dice.pick(self.schools),
            )
            self.school.staff.append(member)
            home = TEACHER if member.title == "Teacher" else OFFICE
            self.account(member, home, missing=14, off=20)

    def add_families(self, students: int) -> None:
        while len(self.school.students) < students:
            last = self.dice.pick(LAST_NAMES)
            children = [self._student(last) for _ in range(self.dice.pick((1, 1, 1, 2, 2, 3)))]
            adults = self._adults(last)
            for child in children:
                for seq, (adult, relationship) in enumerate(adults, start=1):
                    self.school.pairs.append(Pair(child, adult, relationship, seq))
        self.school.students.sort(key=lambda one: (ascii_name(one.last), one.number))
        self.school.pairs.sort(key=lambda one: (ascii_name(one.student.last), one.student.number))

    def _student(self, last: str) -> Student:
        first = self.dice.pick(FIRST_NAMES)
        grade = self.dice.pick(("KG", "01", "02", "03", "04", "05", "06", "07", "08"))
        number = f"{self.next_number:07}"
        self.next_number += 1 + int(self.dice.random() * 40)
        student = Student(
            self.identity(),
            first,
            last,
            self.address(first, last, "students.example.org"),
            number=number,
            grade=grade,
            school=self.schools[min(len(self.schools) - 1, int(grade >= "05" and grade != "KG"))],
            homeroom=f"{grade}-{self.dice.pick('ABC')}",
            entry=self.dice.day(dt.date(2026, 9, 8), dt.date(2026, 11, 2)),
        )
        self.school.students.append(student)
        self.account(student, STUDENT, missing=20, off=40)
        return student

    def _adults(self, last: str) -> list[tuple[Person, str]]:
        kinds = self.dice.pick(
            (
                ("Mother", "Father"),
                ("Mother", "Father"),
                ("Mother", "Stepparent"),
                ("Mother",),
                ("Father", "Grandparent"),
                ("Guardian",),
                ("Mother", "Emergency Contact"),
                ("Mother", "Father", "Aunt/Uncle"),
            )
        )
        adults = []
        for kind in kinds:
            own = self.dice.one_in(3) or kind in {"Grandparent", "Aunt/Uncle", "Emergency Contact"}
            adults.append((self._contact(self.dice.pick(LAST_NAMES) if own else last), kind))
        return adults

    def _contact(self, last: str) -> Person:
        first = self.dice.pick(FIRST_NAMES)
        contact = Person(self.identity(), first, last)
        if not self.dice.one_in(13):
            contact.email = self.address(first, last)
        if not self.dice.one_in(9):
            contact.other_phone = self.phone()
        contact.cell_phone = self.phone() if self.dice.one_in(1.5) else ""
        contact.work_phone = self.phone() if self.dice.one_in(4) else ""
        self.school.contacts.append(contact)
        if self.dice.one_in(15):  # a parent who works for the district, and had that account first
            hired = self.dice.day(dt.date(2010, 8, 1), dt.date(2016, 7, 31))
            self.school.accounts.append(
                Account(contact, f"staff{contact.person_id}", OFFICE, True, hired)
            )
        self.account(contact, PARENT, missing=8, off=25)
        return contact


def make_school(
    seed: int, students: int, staff: int, schools: Sequence[str], first_id: int = 20_000
) -> School:
    """A school of this size; the same for the same numbers."""
    maker = Maker(seed, schools, first_id)
    maker.add_staff(staff)
    maker.add_families(students)
    return maker.school

"""Random tables with every field that any rule reads, few different values, and random settings.

For comparing engines with each other, where no oracle is needed. What a value means is of no
account here: that rows meet, and that every branch of every rule is taken, is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from sheets import rules
from sheets.columns import vocabulary
from sheets.rules.model import ODD, ROW, Profile, Table
from tests.rule_tables import AS_OF

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

FEW, MANY = 8, 60
MANY_VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("person_id", "person_guid", "sourced_id"), tuple(str(one) for one in range(30))
    ),
    **dict.fromkeys(("student_person_id", "student_guid", "student_number"), ("1", "2")),
}
"""Where there are many contacts: many people, and few students."""

KINDS = ("contact", "contact", "student", "staff", "account", "relationship_type")
FLAGS = {"flag", "enabled", "disabled", "enrolled"}
DATES = ("2017-01-02", "2026-11-22", "2026-11-23", "2026-11-24T08:00:00", "2030-01-01")
OF_TYPE = {
    "date": DATES,
    "name": ("Ana", "ANA", "Bo and Cy", "Zoë", "ünal", "O'Brien", "Ünal"),
    "phone": ("(585) 555-0100", "555-0100", "1-585-555-0101 ext. 12", "none"),
    "email": ("ana@example.org", "ANA@example.org", "bo@x", "cy@staff.example.org", "bo at home"),
    "home_page": ("campus_parent", "campus_parent", "campus_student", "campus_application"),
    "label": ("Mother", "MOTHER", "Guardian", "Aunt"),
    "id": ("1", "2", "3", "01", "a-1", "A-1"),
    **dict.fromkeys(FLAGS, ("true", "true", "false")),
}
OF_FIELD = {
    "school": ("Lake", "lake", "Hill, Lake", "Hill"),
    "contact_type": ("Emergency", "secondary", "Household"),
    "custody_type": ("No rights", "Joint"),
    "service_type": ("P", "primary", "S"),
    "username": ("ana", "a na", "bo"),
    "rel_type_name": OF_TYPE["label"],
    "rel_type_guardian": ("true", "false"),
    "name_key": ("ana o'brien", "zoë ünal"),
    "student_name_key": ("ana o'brien", "zoë ünal"),
}
EXTRA = {
    "contact": ("sourced_id", "student_sourced_id", "name_key", "student_name_key"),
    "student": ("sourced_id", "name_key"),
    "account": ("staff_number",),
    "relationship_type": ("rel_type_name", "rel_type_guardian"),
    "enrollment": (
        *("sourced_id", "person_id", "person_guid", "number", "enrollment_start"),
        *("enrollment_end", "no_show", "service_type"),
    ),
    "link": ("student_sourced_id", "sourced_id"),
}
SETTINGS: dict[str, Sequence[Any]] = {
    "account_required": ("enabled", "any", "none"),
    "home_page_reading": ("A", "B", "C"),
    "expired_is_inactive": (True, False),
    "guardian_types": (("Guardian",), ("mother",), ()),
    "guardian_source": ("type", "box", "either"),
    "guardian_by": ("guardian", "portal", "either"),
    "grade_book_sync": (True, False),
    "grade_book_sync_for_guardians": (True, False),
    "schools": ((), ("Lake",)),
    "staff_domains": ((), ("staff.example.org",)),
    "phones": (("other_phone",), ("other_phone", "cell_phone")),
}


def tables(dice: random.Random, most: int = 5) -> list[Table]:
    """Some tables that belong together; one of them at least is judged.

    Now and then there are so many contacts that a student has many of them.
    """
    kinds = ["contact", *(dice.choice([*KINDS, "enrollment", "link"]) for _ in range(4))]
    rows = dice.choice((FEW, FEW, MANY))
    return [_table(kind, dice, rows) for kind in kinds[: dice.randint(1, most)]]


def profile(dice: random.Random) -> Profile:
    """A published profile, often with packs, every rule on now and then, and random settings."""
    chosen = {name: dice.choice(values) for name, values in SETTINGS.items()}
    changed = {rule: "hides" for rule in rules.catalog() if dice.random() < 0.3}
    return rules.profile(
        dice.choice(list(rules.profiles())),
        as_of=AS_OF,
        settings=chosen,
        packs=[name for name in rules.packs() if dice.random() < 0.5],
        changed=changed,
    )


def _table(kind: str, dice: random.Random, most: int) -> Table:
    """A table of a kind with most of its fields, or with few of them."""
    share = dice.choice((0.9, 0.5, 0.2))
    names = [name for name in _fields(kind) if dice.random() < share or kind == "link"]
    rows = dice.randint(most // 2 if most == MANY else 0, most)
    columns = [pl.Series(ROW, [2 + 3 * at for at in range(rows)], dtype=pl.UInt32)]
    for name in names:
        cells = [_cell(name, dice, most) for _ in range(rows)]
        columns.append(pl.Series(name, [value for value, _ in cells], dtype=pl.String))
        odd = pl.Series(name + ODD, [why for _, why in cells], dtype=pl.String)
        if odd.null_count() < rows:
            columns.append(odd)
    return Table(kind, pl.DataFrame(columns), {name: name.upper() for name in names})


def _fields(kind: str) -> list[str]:
    read = {name for rule in rules.catalog().values() for name in (rule.field, *rule.reads)}
    known = [
        name for name, field in vocabulary.fields().items() if kind in field.kinds and name in read
    ]
    return list(dict.fromkeys([*known, *EXTRA.get(kind, ())]))


def _cell(name: str, dice: random.Random, most: int) -> tuple[str | None, str | None]:
    """A value, a blank, or a reason why the cell is null although it is not empty."""
    of_type = vocabulary.fields()[name].type if name in vocabulary.fields() else "id"
    values = OF_FIELD.get(name) or OF_TYPE.get(of_type, ("x", "y"))
    if most == MANY:
        values = MANY_VALUES.get(name, values)
    dice_says = dice.random()
    if dice_says < 0.7:
        return dice.choice(values), None
    if dice_says < 0.85:
        return None, None
    reasons = ["placeholder:N/A", "error:#N/A", "no_result:"]
    if of_type in FLAGS | {"date", "home_page"}:
        reasons.append("unclear:")
    return None, dice.choice(reasons)

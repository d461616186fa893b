"""The verdicts beside the answer: how far they agree, and which rules the answer contradicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from sheets import marks, rules
from sheets.compare.matching import AMBIGUOUS, BY_NAME, IN, LEFT_OUT, NO_STUDENT, OUT, STATE
from sheets.compare.people import KIND, LINE, PERSON, TABLE
from sheets.rules.model import REVEALED, Severity, Verdict
from sheets.summary import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets.compare.people import People
    from sheets.rules.model import Findings, Profile

UNIT, VERDICT = "unit", "verdict"
NO, UNKNOWN, YES = range(3)
RANK = {Verdict.NO: NO, Verdict.UNKNOWN: UNKNOWN, Verdict.YES: YES}
"""The verdicts as numbers: of several the larger one is the better one."""

_STATES = (AMBIGUOUS, IN, BY_NAME, OUT, NO_STUDENT, LEFT_OUT)
"""Of the states of a person's rows the first one counts."""

_RULE, _SAID, _SEVERITY = "rule", "said", "severity"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people (or pairs) of one kind have which verdict, in the answer and not in it."""

    yes_in: int = 0
    yes_out: int = 0
    no_in: int = 0
    no_out: int = 0
    unknown_in: int = 0
    unknown_out: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def compared(self) -> int:
        """All of them."""
        return sum(getattr(self, name) for name in self.__slots__)

    @property
    def agree(self) -> int:
        """Those of whom both say the same."""
        return self.yes_in + self.no_out

    @property
    def disagree(self) -> int:
        """Those of whom one says the contrary of the other."""
        return self.yes_out + self.no_in

    @property
    def unknown(self) -> int:
        """Those whose verdict is Unknown, so that the answer settles them."""
        return self.unknown_in + self.unknown_out


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the answer says of those about whom a rule says one thing.

    Attributes:
        rule: Its id.
        said: What the office reads, without any cell's value.
        severity: ``hides`` or ``unknown``.
        revealed: How many of them are in the answer.
        absent: How many are not.
        absent_alone: How many of these nothing else hides, so that they speak for the rule.
        lines: The rows of those who are in the answer.
    """

    rule: str
    said: str
    severity: Severity
    revealed: int
    absent: int
    absent_alone: int
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Trait:
    """What people have in common who count as revealed and are not in the answer.

    Attributes:
        kind: Of whom it is said.
        rule: The rule that says it, which does not hide in this profile.
        said: What the office reads.
        severity: What the rule is in this profile; None if it is off.
        absent: How many of those who are lacking it says it about.
        lacking: How many of this kind are lacking at all.
        revealed: How many of those it says it about who are in the answer.
        there: How many of this kind are in the answer at all.
        lines: The rows of those who are lacking.
    """

    kind: str
    rule: str
    said: str
    severity: Severity | None
    absent: int
    lacking: int
    revealed: int
    there: int
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Verdicts beside the answer.

    Attributes:
        kinds: Kind -> how far they agree.
        left_out: State -> how many are left out of this for that reason.
        hidden: What rules say that hide or cannot tell; those that the answer contradicts first.
        unexpected: Rows of people who are in the answer although the verdict is No.
        lacking: Rows of people who are not in the answer although the verdict is Yes.
        traits: What the lacking ones have in common, the best explanation first.
    """

    kinds: Mapping[str, Tally]
    left_out: Mapping[str, int] = field(default_factory=dict)
    hidden: Sequence[Hidden] = ()
    unexpected: Sequence[int] = ()
    lacking: Sequence[int] = ()
    traits: Sequence[Trait] = ()

    @property
    def total(self) -> Tally:
        """All kinds together."""
        return sum(self.kinds.values(), Tally())


def units(people: People, states: pl.DataFrame, as_pairs: pl.DataFrame) -> pl.DataFrame:
    """Settle what is compared: each pair where the answer tells of pairs, else each person.

    Returns:
        ``line``, ``kind``, ``unit`` (a number that the rows of one person share) and ``state``.
    """
    pair = as_pairs.rename({STATE: "pair"})
    lines = people.lines.join(states, on=LINE, how="left").join(pair, on=LINE, how="left")
    alone = pl.concat_str([pl.lit("pair\n"), pl.col(LINE).cast(pl.String)])
    name = pl.when(pl.col("pair").is_null()).then(pl.col(PERSON)).otherwise(alone)
    best = pl.col(STATE).replace_strict({state: at for at, state in enumerate(_STATES)})
    return (
        lines.with_columns(
            pl.coalesce("pair", STATE).alias(STATE),
            pl.struct(KIND, name.alias("name")).rank("dense").cast(pl.UInt32).alias(UNIT),
        )
        .with_columns(best.min().over(UNIT).replace_strict(dict(enumerate(_STATES))).alias(STATE))
        .select(LINE, KIND, UNIT, STATE)
        .sort(LINE)
    )


def ranks(findings: Sequence[Findings]) -> pl.Series:
    """The verdict of each line as a number."""
    told = pl.concat([each.frame[REVEALED] for each in findings])
    return told.replace_strict(RANK, return_dtype=pl.UInt8)


def best(of: pl.DataFrame, verdict: pl.Series) -> pl.DataFrame:
    """The best verdict of each unit that is compared, and the first row that has it.

    Args:
        of: The units.
        verdict: The verdict of each line as a number.
    """
    return (
        of.with_columns(verdict.alias(VERDICT))
        .filter(pl.col(STATE).is_in([IN, OUT]))
        .group_by(UNIT, KIND, STATE)
        .agg(
            pl.col(VERDICT).max(),
            pl.col(LINE).get(pl.col(VERDICT).arg_max()).alias(LINE),
        )
    )


def tally(of: pl.DataFrame) -> dict[str, Tally]:
    """Count the verdicts of units by kind."""
    counts = {
        (kind, verdict, state): rows
        for kind, verdict, state, rows in of.group_by(KIND, VERDICT, STATE).len().iter_rows()
    }
    order = (Verdict.YES, Verdict.NO, Verdict.UNKNOWN)
    slots = [(RANK[verdict], state) for verdict in order for state in (IN, OUT)]
    return {
        kind: Tally(*(counts.get((kind, verdict, state), 0) for verdict, state in slots))
        for kind in KINDS
        if any(key[0] == kind for key in counts)
    }


def agreement(
    people: People,
    of: pl.DataFrame,
    findings: Sequence[Findings],
    informed: Sequence[Findings],
    profile: Profile,
) -> Agreement:
    """Lay the verdicts of a profile beside the answer.

    Args:
        people: The people of the sheets.
        of: The units.
        findings: What the profile finds.
        informed: What it finds when every other rule informs.
        profile: The profile.
    """
    judged = best(of, ranks(findings))
    left = of.filter(~pl.col(STATE).is_in([IN, OUT]))
    said = pl.concat(list(_said(people, findings, profile)) or [_NOTHING])
    more = pl.concat(list(_said(people, informed, profile)) or [_NOTHING])
    return Agreement(
        tally(judged),
        dict(left.group_by(STATE).agg(pl.col(UNIT).n_unique()).iter_rows()),
        _hidden(judged, said),
        _lines(judged, Verdict.NO, IN),
        _lines(judged, Verdict.YES, OUT),
        _traits(judged, more, profile),
    )


def _lines(judged: pl.DataFrame, verdict: Verdict, state: str) -> list[int]:
    here = (pl.col(VERDICT) == RANK[verdict]) & (pl.col(STATE) == state)
    return judged.filter(here)[LINE].sort().to_list()


_NOTHING = pl.DataFrame(
    schema={LINE: pl.UInt32, _RULE: pl.String, _SAID: pl.String, _SEVERITY: pl.String}
)


def _said(people: People, findings: Sequence[Findings], profile: Profile) -> Iterator[pl.DataFrame]:
    """What each rule says of each row: the sentence and what it means for the verdict."""
    every = people.lines.partition_by(TABLE, maintain_order=True)
    for lines, found, one in zip(every, people.found, findings, strict=True):
        for name in (each for each in one.frame.columns if each in profile.rules):
            texts = one.frame[name]
            known = texts.drop_nulls().unique().to_list()
            rule = profile.rules[name]
            words = {text: marks.sentence(found, rule, text, masked=True) for text in known}
            weights = {text: str(_severity(profile, name, text)) for text in known}
            yield pl.DataFrame(
                {
                    LINE: lines[LINE],
                    _RULE: pl.repeat(name, len(texts), eager=True),
                    _SAID: texts.replace_strict(words, default=None, return_dtype=pl.String),
                    _SEVERITY: texts.replace_strict(weights, default=None, return_dtype=pl.String),
                }
            ).drop_nulls(_SAID)


def _severity(profile: Profile, rule_id: str, text: str) -> Severity:
    variant, _ = marks.split(text)
    if rule_id in profile.severities:
        return rules.severity(profile, rule_id, variant)
    return Severity.UNKNOWN if variant in profile.rules[rule_id].unknown else Severity.INFO


def _hidden(judged: pl.DataFrame, said: pl.DataFrame) -> list[Hidden]:
    """What the rules say of those who are not revealed for certain, by rule and sentence."""
    result = []
    for verdict, severity in (
        (Verdict.NO, Severity.HIDES),
        (Verdict.UNKNOWN, Severity.UNKNOWN),
    ):
        bars = said.filter(pl.col(_SEVERITY) == severity).join(
            judged.filter(pl.col(VERDICT) == RANK[verdict]), on=LINE
        )
        counted = (
            bars.with_columns((pl.len().over(LINE) == 1).alias("alone"))
            .group_by(_RULE, _SAID)
            .agg(
                pl.col(LINE).filter(pl.col(STATE) == IN).sort().alias("rows"),
                (pl.col(STATE) == OUT).sum().alias("absent"),
                ((pl.col(STATE) == OUT) & pl.col("alone")).sum().alias("absent_alone"),
            )
        )
        result += [
            Hidden(rule, text, severity, len(rows), absent, alone, rows)
            for rule, text, rows, absent, alone in counted.iter_rows()
        ]
    return sorted(
        result, key=lambda one: (one.severity, -one.revealed, -one.absent, one.rule, one.said)
    )


def _traits(judged: pl.DataFrame, said: pl.DataFrame, profile: Profile) -> list[Trait]:
    """What other rules say of the lacking ones more often than of those who are there."""
    yes = judged.filter(pl.col(VERDICT) == YES)
    sizes = {
        kind: (lacking, there)
        for kind, lacking, there in yes.group_by(KIND)
        .agg((pl.col(STATE) == OUT).sum(), (pl.col(STATE) == IN).sum().alias("there"))
        .iter_rows()
    }
    counted = (
        said.filter(pl.col(_SEVERITY).is_in([Severity.CHECK.value, Severity.INFO.value]))
        .join(yes, on=LINE)
        .group_by(KIND, _RULE, _SAID)
        .agg(
            pl.col(LINE).filter(pl.col(STATE) == OUT).sort().alias("rows"),
            (pl.col(STATE) == IN).sum().alias("there"),
        )
    )
    traits = []
    for kind, rule, text, rows, present in counted.iter_rows():
        lacking, there = sizes[kind]
        # It explains something only if it is more frequent among those who are lacking.
        if rows and (len(rows) * there > present * lacking or not there):
            severity = profile.severities.get(rule)
            traits.append(
                Trait(kind, rule, text, severity, len(rows), lacking, present, there, rows)
            )
    return sorted(traits, key=lambda one: (one.revealed - one.absent, one.kind, one.rule, one.said))

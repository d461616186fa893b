"""`reveal compare`: the real answer of the API beside the verdicts, in words and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from addin import compared
from addin.progress import stage
from sheets import columns, compare, flow, telling
from sheets.books import open_book
from sheets.compare.matching import AMBIGUOUS, BY_NAME, LEFT_OUT, NO_STUDENT
from sheets.compare.people import PUPIL
from sheets.rules.model import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sheets.compare import Comparison
    from sheets.compare.agreement import Hidden, Tally, Trait
    from sheets.compare.search import Evidence, Ranking
    from sheets.rules.model import Profile

_LEFT_OUT = {
    AMBIGUOUS: "could be several people of the answer, or several of them could be one",
    BY_NAME: "could be somebody of the answer by the name alone",
    NO_STUDENT: "list a contact whom the answer has for another student, while it lacks this one",
}
_FEW = 8
"""So many rules, and so many traits, are told."""


def run(
    files: Sequence[Path],
    api: Sequence[Path],
    profile: Profile,
    *,
    mapping: Mapping[str, str],
    standing: Mapping[str, str] | None,
    sheets: Collection[str],
    everybody: bool,
) -> Comparison:
    """Read the files and the answer, and lay them beside each other. Nothing is written.

    Raises:
        RevealError: A file or the answer cannot be read or understood, or they have nobody in
            common.
    """
    with stage("Reading the answer"):
        answer = compare.read(api)
    with stage("Comparing"):
        books = [open_book(file) for file in files]
        found = flow.recognise(books, compare.widened(profile), mapping, standing, sheets)
        tables = [(one, table) for _, one in found for table in columns.tables(one)]
        return compare.compare(tables, profile, answer, everybody=everybody)


def agrees(one: Comparison) -> bool:
    """Whether everybody was compared and everybody agrees."""
    total = one.agreement.total
    return total.agree == total.compared and not any(
        state != LEFT_OUT for state in one.agreement.left_out
    )


def report(one: Comparison, *, as_json: bool, details: int) -> Iterator[str]:
    """Yield what is printed.

    Args:
        one: What came of it.
        as_json: Everything, for another program.
        details: So many rows are named for each finding.
    """
    if as_json:
        yield json.dumps(compared.everything(one), ensure_ascii=False, indent=1) + "\n"
        return
    for line in _words(one, details):
        yield line + "\n"


def _words(one: Comparison, details: int) -> Iterator[str]:
    """What people read: one number first, then the answer, the rules, the settings."""
    total = one.agreement.total
    yield _headline(total)
    yield ""
    yield from _table(one)
    yield ""
    yield from _matching(one)
    yield from _contradicted(one, details)
    yield from _lacking(one, details)
    yield from _unknown(one)
    yield from _borne_out(one)
    if one.ranking:
        yield from _settings(one.ranking)


def _headline(total: Tally) -> str:
    if total.agree == total.compared:
        return f"All {total.compared:,} agree with the answer of the API."
    parts = [f"{total.agree:,} of {total.compared:,} agree with the answer of the API"]
    if total.disagree:
        parts.append(f"{total.disagree:,} {'does' if total.disagree == 1 else 'do'} not")
    if total.unknown:
        parts.append(f"{total.unknown:,} could not be told")
    return "; ".join(parts) + "."


def _table(one: Comparison) -> Iterator[str]:
    yield f"  {'':<10}{'in the answer':>27}{'not in the answer':>27}"
    yield f"  {'verdict':<10}{'Yes':>9}{'No':>9}{'Unknown':>9}{'Yes':>9}{'No':>9}{'Unknown':>9}"
    for kind, tally in one.agreement.kinds.items():
        there = (tally.yes_in, tally.no_in, tally.unknown_in)
        numbers = (*there, tally.yes_out, tally.no_out, tally.unknown_out)
        yield f"  {telling.PEOPLE[kind]:<10}" + "".join(f"{number:>9,}" for number in numbers)


def _matching(one: Comparison) -> Iterator[str]:
    """How people were found, and who was left out."""
    version = f"OneRoster {one.answer.version}" if one.answer.version else "a list of ids"
    yield f"The answer ({version}): {len(one.answer.users):,} people"
    for kind, matched in one.matched.items():
        if kind != PUPIL:
            yield f"  {_found(kind, matched)}"
    yield from (f"  {note}" for note in _notes(one))


def _found(kind: str, matched: Any) -> str:
    people = telling.PEOPLE[kind]
    if not matched.total:
        return f"{people}: the answer has none, so they are not compared (--everybody does)"
    ways = ", ".join(f"{key.found:,} by {key.ours} ({key.theirs})" for key in matched.keys)
    said = f"{people}: {matched.found:,} of {matched.total:,} are on the sheets"
    return f"{said}: {ways}" if ways else said


def _notes(one: Comparison) -> Iterator[str]:
    yield from one.answer.notes
    if one.as_pairs:
        yield f"{one.as_pairs:,} rows of contacts are compared as pairs with their student"
    elif "contact" in one.agreement.kinds:
        yield "contacts are compared as persons: the answer does not tell of which student"
    if one.dangling:
        yield (
            f"{one.dangling:,} contacts are named for a student, but the answer does not have "
            "them: they are not revealed"
        )
    for state, words in _LEFT_OUT.items():
        if count := one.agreement.left_out.get(state):
            yield f"{count:,} {words}: not counted"
    if renamed := sum(len(matched.renamed) for matched in one.matched.values()):
        yield f"{renamed:,} rows were found by id and have another last name in the answer"
    if one.elsewhere:
        yield f"{len(one.elsewhere):,} rows are of people who are in the answer in another role"
    if one.schools.absent:
        absent, known = len(one.schools.absent), len(one.schools.absent) + len(one.schools.present)
        yield (
            f"nobody of {absent:,} of {known:,} schools is in the answer "
            f"({len(one.schools.lines):,} rows): the connection may be limited to schools "
            "(SCOPE-01)"
        )


def _contradicted(one: Comparison, details: int) -> Iterator[str]:
    """The rules that hide whom the API reveals."""
    wrong = [each for each in one.agreement.hidden if _is_wrong(each)]
    if not wrong:
        return
    yield ""
    yield f"Revealed by the API, hidden by the rules: {len(one.agreement.unexpected):,}"
    for each in wrong[:_FEW]:
        yield f"  {each.rule} hides {each.revealed:,} that the API reveals: {each.said}"
        yield f"    {_judgement(each)}"
        yield from _rows(one, each.lines, details)


def _is_wrong(each: Hidden) -> bool:
    return each.severity is Severity.HIDES and bool(each.revealed)


def _judgement(each: Hidden) -> str:
    if each.absent_alone:
        return (
            f"but {each.absent_alone:,} are not in the answer for this alone: both happen here, "
            "look at the rows"
        )
    if each.absent:
        return (
            f"{each.absent:,} others are not in the answer, all for other reasons, too: this seems "
            "not to hide anybody here"
        )
    return "everybody it hides is in the answer: this seems not to hide anybody here"


def _lacking(one: Comparison, details: int) -> Iterator[str]:
    """What those have in common whom the API lacks against the rules."""
    if not one.agreement.lacking:
        return
    yield ""
    yield f"Revealed by the rules, not in the answer: {len(one.agreement.lacking):,}"
    for trait in one.agreement.traits[:_FEW]:
        yield (
            f"  {trait.absent:,} of {trait.lacking:,} {telling.PEOPLE[trait.kind]}: {trait.said} "
            f"({trait.rule}, {_in_profile(trait)})"
        )
        yield f"    true as well of {trait.revealed:,} of {trait.there:,} who are in the answer"
        yield from _rows(one, trait.lines, details)
    explained = {line for trait in one.agreement.traits for line in trait.lines}
    rest = [line for line in one.agreement.lacking if line not in explained]
    if rest:
        yield f"  {len(rest):,} have nothing in common that a rule knows"
        yield from _rows(one, rest, details)


def _in_profile(trait: Trait) -> str:
    return "off in this profile" if trait.severity is None else f"only {trait.severity} here"


def _unknown(one: Comparison) -> Iterator[str]:
    """What the answer settles that the sheets leave open."""
    told = [each for each in one.agreement.hidden if each.severity is Severity.UNKNOWN]
    if told:
        yield ""
        yield f"Unknown by the rules, settled by the answer: {one.agreement.total.unknown:,}"
    for each in told[:_FEW]:
        yield (
            f"  {each.rule}: {each.revealed:,} are revealed, {each.absent:,} are not: {each.said}"
        )


def _borne_out(one: Comparison) -> Iterator[str]:
    """The rules for which the answer speaks."""
    told = [
        each
        for each in one.agreement.hidden
        if each.severity is Severity.HIDES and not each.revealed and each.absent_alone
    ]
    if told:
        yield ""
        yield "Borne out: hidden by this alone, and none of them in the answer"
    for each in sorted(told, key=lambda each: -each.absent_alone)[:_FEW]:
        yield f"  {each.absent_alone:>8,}  {each.rule:<13}{each.said}"


def _rows(one: Comparison, lines: Sequence[int], details: int) -> Iterator[str]:
    """Where to look: the first rows, without what is in them."""
    left = details
    for found, rows in one.places(lines):
        if left <= 0:
            return
        shown, left = rows[:left], left - len(rows)
        more = f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else ""
        words = "row" if len(rows) == 1 else "rows"
        yield f"    {found.grid.where}, {words} {', '.join(map(str, shown))}{more}"


def _settings(ranking: Ranking) -> Iterator[str]:
    """Which settings agree best, what is settled by that, and what is not."""
    given, best = ranking.given, ranking.best
    yield ""
    yield f"Settings ({ranking.tried:,} sets were tried)"
    yield f"  as now: {_score(given.tally)}"
    lines = _masked(best.choice.lines(given.choice))
    if not lines:
        yield "  No other profile or setting agrees better."
    else:
        yield f"  best:   {_score(best.tally)}, with this in reveal.toml:"
        yield from (f"    {line}" for line in lines)
    for runner in ranking.runners:
        if runner.choice.profile not in {given.choice.profile, best.choice.profile}:
            yield f"  {runner.choice.profile}, best of those tried: {_score(runner.tally)}"
    settled = [one for one in ranking.evidence if one.is_settled]
    if settled:
        yield "  Settled by this answer:"
        yield from (f"    {_settled(one)}" for one in settled)
    open_ones = list(_open(ranking))
    if open_ones:
        yield "  Cannot be told apart by this answer:"
        yield from (f"    {line}" for line in open_ones)


def _score(tally: Tally) -> str:
    return f"{tally.disagree:,} disagree, {tally.unknown:,} cannot be told"


def _settled(one: Evidence) -> str:
    others = ", ".join(f"{_shown(value)}: {tally.disagree:,}" for value, tally in one.others)
    return f"{one.name} = {_shown(one.best)} (disagree with {others})"


def _open(ranking: Ranking) -> Iterator[str]:
    """The settings of which another value may be the true one as well."""
    for one in ranking.evidence:
        if one.is_settled:
            continue
        alike = [_shown(value) for value, _ in one.alike]
        blind = [f"{_shown(value)} leaves {tally.unknown:,} untold" for value, tally in one.blind]
        yield f"{one.name}: {'; '.join([', '.join([_shown(one.best), *alike]), *blind])}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return " + ".join(map(str, value)) or "none"


def _masked(lines: Sequence[str]) -> list[str]:
    """The names of schools are values of cells: --json has them."""
    return [
        'schools = ["..."]  # those of which somebody is in the answer: --json names them'
        if line.startswith("schools = ")
        else line
        for line in lines
    ]

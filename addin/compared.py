"""The result of a comparison as JSON, schema 1. Keys are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin import payload
from sheets.compare.matching import AMBIGUOUS, BY_NAME
from sheets.compare.people import PUPIL
from sheets.compare.search import PACKS, PROFILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets.compare import Comparison
    from sheets.compare.agreement import Tally
    from sheets.compare.search import Ranking

SCHEMA = 1


def everything(one: Comparison) -> dict[str, Any]:
    """Everything, for another program; keys are only ever added."""
    total = one.agreement.total
    return {
        "reveal_compare": SCHEMA,
        "profile": payload.profile(one.profile),
        "answer": {
            "version": one.answer.version or None,
            "users": len(one.answer.users),
            "notes": list(one.answer.notes),
            "agents": one.answer.has_agents,
            "contacts_named_in_vain": one.dangling,
        },
        "matching": {
            kind: {
                "users": matched.total,
                "found": matched.found,
                "keys": [
                    {"api": key.theirs, "field": key.ours, "found": key.found}
                    for key in matched.keys
                ],
                "other_last_name": _where(one, matched.renamed),
            }
            for kind, matched in one.matched.items()
            if kind != PUPIL
        },
        "agreement": {
            "compared": total.compared,
            "agree": total.agree,
            "disagree": total.disagree,
            "unknown": total.unknown,
            "pairs": one.as_pairs,
            "kinds": {kind: _tally(tally) for kind, tally in one.agreement.kinds.items()},
        },
        "left_out": {
            state.replace(" ", "_"): {
                "count": one.agreement.left_out.get(state, 0),
                "rows": _where(one, one.state_lines(state)),
            }
            for state in (AMBIGUOUS, BY_NAME)
        },
        "rules": [
            {
                "rule": each.rule,
                "severity": each.severity,
                "message": each.said,
                "revealed": each.revealed,
                "not_revealed": each.absent,
                "not_revealed_for_this_alone": each.absent_alone,
                "rows": _where(one, each.lines),
            }
            for each in one.agreement.hidden
        ],
        "unexpected": _where(one, one.agreement.unexpected),
        "lacking": _where(one, one.agreement.lacking),
        "traits": [
            {
                "kind": each.kind,
                "rule": each.rule,
                "severity": each.severity,
                "message": each.said,
                "lacking": each.lacking,
                "not_revealed": each.absent,
                "revealed": each.revealed,
                "rows": _where(one, each.lines),
            }
            for each in one.agreement.traits
        ],
        "another_role": _where(one, one.elsewhere),
        "schools": {
            "present": list(one.schools.present),
            "absent": list(one.schools.absent),
            "rows": len(one.schools.lines),
        },
        "settings": _ranking(one.ranking) if one.ranking else None,
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in tally.__slots__}


def _where(one: Comparison, lines: Sequence[int]) -> list[dict[str, Any]]:
    """Files, sheets and rows."""
    return [
        {"file": found.grid.book, "sheet": found.grid.title, "rows": rows}
        for found, rows in one.places(lines)
    ]


def _ranking(ranking: Ranking) -> dict[str, Any]:
    def scored(each: Any) -> dict[str, Any]:
        return {
            "profile": each.choice.profile,
            "reveal_toml": each.choice.lines(ranking.given.choice),
            **_tally(each.tally),
        }

    return {
        "tried": ranking.tried,
        "given": scored(ranking.given),
        "best": scored(ranking.best),
        "others": [scored(each) for each in ranking.runners],
        "evidence": [
            {
                "setting": each.name,
                "is_one_of_settings": each.name not in {PROFILE, PACKS},
                "best": each.best,
                "settled": each.is_settled,
                "others": [{"value": value, **_tally(tally)} for value, tally in each.others],
            }
            for each in ranking.evidence
        ],
    }

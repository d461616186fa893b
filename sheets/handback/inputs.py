"""What an input cell says when it is chosen, and what it asks when its content looks wrong.

A rule warns and never blocks: the office knows its people better than any rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheets.handback.model import Column
    from sheets.handback.words import Words

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""What Excel takes at most in the title and the text of an input message."""

_NO_DIGITS = (" ", "-", "(", ")", ".", "+")


def rule(column: Column, first: str, choices: str, words: Words) -> dict[str, Any]:
    """The rule for the cells of a column, as XlsxWriter takes it.

    Args:
        column: A column that takes answers.
        first: The reference of its first cell.
        choices: The range of its choices; empty if there are none.
        words: The words of the language.
    """
    if choices:
        kind, made = "list", {"validate": "list", "source": f"={choices}"}
    elif column.type == "email":
        kind, made = "email", {"validate": "custom", "value": f"={_email(first)}"}
    elif column.type == "phone":
        kind, made = "phone", {"validate": "custom", "value": f"={_phone(first)}"}
    else:
        kind, made = "text", {"validate": "any"}
    told = {
        "input_title": column.header[:TITLE_LIMIT],
        "input_message": words.say(f"input_{kind}")[:MESSAGE_LIMIT],
    }
    if kind != "text":
        told |= {
            "error_type": "warning",
            "error_title": words.say("warn_title")[:TITLE_LIMIT],
            "error_message": words.say(f"warn_{kind}")[:MESSAGE_LIMIT],
        }
    return {**made, **told}


def _email(cell: str) -> str:
    """Whether there is an ``@``, later a dot, and no blank between."""
    return (
        f'AND(ISNUMBER(FIND(".",{cell},FIND("@",{cell})+2)),'
        f'ISERROR(FIND(" ",TRIM({cell}))),RIGHT(TRIM({cell}),1)<>".")'
    )


def _phone(cell: str) -> str:
    """Whether it begins with ten digits, however they are set apart; an extension may follow."""
    digits = cell
    for sign in _NO_DIGITS:
        digits = f'SUBSTITUTE({digits},"{sign}","")'
    return f"IFERROR(--LEFT({digits},10)>=10^9,FALSE)"

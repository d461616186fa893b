"""The letter to a school: a draft for the mail program, with the workbook attached, and a page.

Nothing is sent from here, and to whom a letter goes is left to who sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING

import jinja2

from sheets.handback.words import called

if TYPE_CHECKING:
    from pathlib import Path

    from sheets.handback.model import Batch, Packet
    from sheets.handback.words import Words

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    Attributes:
        draft: What a mail program opens as a letter that is not sent yet (``.eml``).
        page: The same to read and to copy from (``.html``).
    """

    draft: bytes
    page: str


def write(
    packet: Packet,
    batch: Batch,
    words: Words,
    templates: Path,
    *,
    file: str,
    workbook: bytes,
    ask: str = "",
) -> Letter:
    """Write the letter that goes with a packet.

    Args:
        packet: What is handed out.
        batch: The handing out that it is of.
        words: The words of the language.
        templates: The folder of the templates for handing back.
        file: What the workbook's file is called.
        workbook: The workbook.
        ask: Whom to ask.
    """
    told = {
        "school": called(packet.to),
        "rows": words.rows(packet),
        "day": words.day(batch.due) if batch.due else "",
    }
    subject = words.say("subject" if batch.due else "subject_no_due", **told)
    filled = {
        "words": words,
        "subject": subject,
        "why": _sentence(words.say("why", **told)),
        "steps": words.steps(packet, batch.due, ask),
        "due": words.due(batch.due),
        "ask": words.say("ask", whom=ask) if ask else "",
    }

    def text(template: str, beside: str) -> str:
        attached = words.say(beside, file=file)
        return _environment(templates).get_template(template).render(attached=attached, **filled)

    draft = EmailMessage(SMTP)
    draft["Subject"] = subject
    draft["X-Unsent"] = "1"
    draft.set_content(text("letter.txt.jinja", "attached"))
    draft.add_alternative(text("letter.html.jinja", "attached"), subtype="html")
    draft.add_attachment(workbook, maintype="application", subtype=_XLSX, filename=file)
    for at, part in enumerate(one for one in draft.walk() if one.is_multipart()):
        part.set_boundary(f"reveal-{batch.id}-{at}")
    return Letter(draft.as_bytes(), text("letter.html.jinja", "beside"))


def _sentence(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


@cache
def _environment(templates: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=jinja2.select_autoescape(["html.jinja"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )

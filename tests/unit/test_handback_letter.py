"""The letter: a draft that nobody has sent, and a page; whatever a school is called."""

from __future__ import annotations

import email
from email import policy

import pytest

from sheets.handback import identity, letter, words
from sheets.handback.model import Batch, Packet
from tests import packets

FILE = "Adams Elementary School_fix-by-2026-12-04.xlsx"
HOSTILE = '<script>alert(1)</script> & "Hijos"\r\nBcc: all@example.org {{ 7 * 7 }} {school}'


def written(to=packets.SCHOOL, language="en", batch=packets.BATCH, ask=packets.ASK, file=FILE):
    packet = Packet(to, identity.property_of(batch, to), [packets.contacts(), packets.students()])
    told = words.load(packets.TEMPLATES, language)
    return letter.write(
        packet, batch, told, packets.TEMPLATES, file=file, workbook=b"PK the workbook", ask=ask
    )


def read(made):
    return email.message_from_bytes(made.draft, policy=policy.default)


def test_it_is_a_draft_to_nobody():
    message = read(written())

    assert message["X-Unsent"] == "1"
    assert not {"to", "cc", "bcc", "from", "date"} & {name.lower() for name in message}
    assert message["Subject"] == (
        "Adams Elementary School: please fix 3 students and 12 contacts by Friday, December 4, 2026"
    )


def test_the_workbook_is_attached():
    [attached] = read(written()).iter_attachments()

    assert attached.get_filename() == FILE
    assert attached.get_content() == b"PK the workbook"


def test_a_name_with_other_letters_is_attached_as_it_is():
    [attached] = read(written(file="Señora_to-fix.xlsx")).iter_attachments()

    assert attached.get_filename() == "Señora_to-fix.xlsx"


def test_text_and_page_say_the_same():
    message = read(written())
    plain = message.get_body(["plain"]).get_content()
    page = message.get_body(["html"]).get_content()

    for said in (
        "Friday, December 4, 2026",
        "Send the file back to Pat Quill, 555-0123, pat.quill@example.org by Friday",
        "Questions? Ask Pat Quill, 555-0123, pat.quill@example.org.",
        "3 students and 12 contacts of Adams Elementary School cannot be seen",
    ):
        assert said in plain
        assert said in page
    assert [line[:2] for line in plain.splitlines() if line[1:2] == "."] == ["1.", "2.", "3.", "4."]


def test_it_is_written_in_spanish():
    made = written(language="es")
    message = read(made)

    assert "viernes 4 de diciembre de 2026" in message["Subject"]
    assert "Buenos días:" in message.get_body(["plain"]).get_content()
    assert '<html lang="es">' in made.page


def test_without_a_day_none_is_said():
    batch = Batch("1a2b3c4d", "00" * 16, packets.BATCH.made)
    message = read(written(batch=batch, ask=""))
    plain = message.get_body(["plain"]).get_content()

    assert message["Subject"] == ("Adams Elementary School: please fix 3 students and 12 contacts")
    assert "as soon as you can" in plain
    assert "Send the file back to whoever sent it to you." in plain
    assert "Questions?" not in plain


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_whatever_a_school_is_called_it_is_text(language):
    made = written(HOSTILE, language)
    message = read(made)

    assert not {"bcc", "to"} & {name.lower() for name in message}
    assert "<script" not in made.page
    assert "&lt;script&gt;" in made.page
    assert "{{ 7 * 7 }} {school}" in made.page
    assert "<script>" in message.get_body(["plain"]).get_content()
    assert "<script" not in message.get_body(["html"]).get_content()


def test_the_page_asks_nobody_for_anything():
    page = written().page

    assert "http" not in page
    assert "src=" not in page


def test_the_same_letter_is_the_same_bytes():
    assert written().draft == written().draft

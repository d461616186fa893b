"""`reveal handback split` and `status`: what is written, what is said, and what is nowhere."""

from __future__ import annotations

import email
import io
import json
import os
import re
import sqlite3
import stat
import zipfile
from email import policy

import openpyxl
import pytest
import xlsxwriter

from addin import splitting
from sheets.handback import identity, store, workbook
from tests import running
from tests.packets import TEMPLATES

DAY = ("--as-of", "2026-11-23")
DUE = ("--due", "2026-12-04")
HEADER = (
    *("Student Number", "Contact Person ID", "Last Name", "First Name", "Relationship"),
    *("Other Phone", "Email", "Enabled", "School", "Comments", "Home Phone", "Birth Date"),
)
SECRET = re.compile(rb"secret|7390001|1907")
PERSON = re.compile(rb"Byrne|900[0-9]|@example|00[1-9]1", re.IGNORECASE)


def pair(at, school, phone="", **told):
    row = {
        "Student Number": f"00{at}1",
        "Contact Person ID": f"900{at}",
        "Last Name": f"Byrne{chr(96 + at)}",
        "First Name": "Ann",
        "Relationship": "Guardian",
        "Other Phone": phone,
        "Email": f"ann{at}@example.org",
        "Enabled": "yes",
        "School": school,
        "Comments": f"secret {at}",
        "Home Phone": f"739000100{at}",
        "Birth Date": "1907-03-04",
        **told,
    }
    return [row[name] for name in HEADER]


PAIRS = [
    pair(1, "Adams"),
    pair(2, "Adams", "585-555-0102"),
    pair(3, "Boone"),
    pair(4, "Boone", Email=""),
    pair(5, ""),
    pair(6, "Boone", "585-555-0106", Enabled="no"),
]


def master(path, rows=PAIRS, header=HEADER):
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Contacts")
        for at, row in enumerate([header, *rows]):
            sheet.write_row(at, 0, row)
    return path


@pytest.fixture
def sheet(tmp_path):
    return master(tmp_path / "contacts.xlsx")


def split(path, *arguments):
    return running.reveal("handback", "split", path, *DAY, *arguments)


def packets(folder):
    return sorted(path.name for path in folder.glob("*.xlsx"))


def column(path, header, title="Contacts"):
    rows = list(openpyxl.load_workbook(path)[title].iter_rows(values_only=True))
    return [row[rows[0].index(header)] for row in rows[1:]]


def everything(folder):
    """All bytes of all files, whatever they are packed in."""
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path.name.encode()
            if path.suffix == ".eml":
                message = email.message_from_bytes(data, policy=policy.default)
                yield str(message["subject"]).encode()
                for part in message.walk():
                    if not part.is_multipart():
                        yield from _unpacked(part.get_payload(decode=True))
            else:
                yield from _unpacked(data)


def _unpacked(data):
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield from (package.read(name) for name in package.namelist())
    else:
        yield data


def test_each_school_gets_its_rows_the_worst_first(sheet, tmp_path):
    done = split(sheet, *DUE)

    folder = tmp_path / "handback"
    assert done.returncode == 1
    assert packets(folder) == [
        "Adams_fix-by-2026-12-04.xlsx",
        "Boone_fix-by-2026-12-04.xlsx",
        "School not known_fix-by-2026-12-04.xlsx",
    ]
    assert column(folder / "Adams_fix-by-2026-12-04.xlsx", "Student Number") == ["0011"]
    assert column(folder / "Boone_fix-by-2026-12-04.xlsx", "Student Number") == ["0041", "0031"]
    assert "Handed out: 4 rows in 3 packets." in done.stdout
    assert f"Letters: {folder / 'letters'} (nothing was sent)" in done.stdout


def test_what_could_not_be_found_again_is_not_handed_out_and_that_is_told(tmp_path):
    same = {"Student Number": "", "Contact Person ID": "", "Last Name": "Ng", "Email": ""}
    path = master(
        tmp_path / "contacts.xlsx", [*PAIRS, *(pair(at, "Adams", **same) for at in (7, 8))]
    )

    told = json.loads(split(path, "--dry-run", "--json").stdout)["handback"]

    [left] = told["left_out"]
    assert (left["file"], left["sheet"], left["rows"]) == ("contacts.xlsx", "Contacts", [8, 9])
    assert "not handed out: 2 rows. " in split(path, "--dry-run").stdout


def test_what_the_office_cannot_fix_is_told(sheet):
    said = split(sheet, "--dry-run").stdout

    assert "A Campus administrator is needed for 1 row: --by who-can-fix hands it out too." in said


def test_by_a_column_and_by_who_can_fix(sheet, tmp_path):
    split(sheet, "--by", "relationship", "--out", tmp_path / "a")
    split(sheet, "--by", "who-can-fix", "--out", tmp_path / "b")

    assert packets(tmp_path / "a") == ["Guardian_to-fix.xlsx"]
    assert packets(tmp_path / "b") == ["Campus administrator_to-fix.xlsx", "office_to-fix.xlsx"]


def test_each_packet_has_a_letter_with_it_attached(sheet, tmp_path):
    split(sheet, *DUE, "--language", "es", "--ask", " Pat  Quill,\n555-0123 ")

    folder = tmp_path / "handback"
    names = sorted(path.stem for path in folder.glob("*.xlsx"))
    assert sorted(path.name for path in (folder / "letters").iterdir()) == sorted(
        f"{name}.{ending}" for name in names for ending in ("eml", "html")
    )
    for name in names:
        message = email.message_from_bytes(
            (folder / "letters" / f"{name}.eml").read_bytes(), policy=policy.default
        )
        [attached] = message.iter_attachments()
        assert attached.get_content() == (folder / f"{name}.xlsx").read_bytes()
        assert "Pat Quill, 555-0123" in message.get_body(["plain"]).get_content()
        assert message.get_body(["plain"]).get_content().startswith("Buenos días")


def test_no_value_of_a_column_that_is_not_needed_is_anywhere(sheet, tmp_path):
    split(sheet, *DUE)

    told = list(everything(tmp_path / "handback"))
    assert len(told) > 30
    assert not [one for one in told if SECRET.search(one)]


def test_names_and_ids_are_in_the_packets_alone(sheet, tmp_path):
    done = split(sheet, *DUE)
    folder = tmp_path / "handback"

    assert not PERSON.search((done.stdout + done.stderr).encode())
    assert not PERSON.search((folder / store.NAME).read_bytes())
    for page in (folder / "letters").glob("*.html"):
        assert not PERSON.search(page.read_bytes())
    adams = b"".join(_unpacked((folder / "Adams_fix-by-2026-12-04.xlsx").read_bytes()))
    assert PERSON.search(adams)
    assert b"Byrnec" not in adams


def test_a_dry_run_writes_nothing(sheet, tmp_path):
    done = split(sheet, "--dry-run")

    assert "To be handed out (dry run): 4 rows in 3 packets." in done.stdout
    assert list(tmp_path.iterdir()) == [sheet]


def test_the_result_as_json(sheet, tmp_path):
    told = json.loads(split(sheet, *DUE, "--json").stdout)["handback"]

    assert (told["due"], told["rows"], told["written"]) == ("2026-12-04", 4, True)
    assert told["packets"][0] == {"to": "Boone", "rows": 2, "file": "Boone_fix-by-2026-12-04.xlsx"}
    assert told["left_out"] == []


def test_where_all_is_well_there_is_praise_and_nothing_is_written(tmp_path):
    path = master(tmp_path / "contacts.xlsx", [pair(1, "Adams", "585-555-0101")])

    done = split(path)

    assert done.returncode == 0
    assert done.stdout == (
        "All 1 are revealed. Well done.\nNo packet is needed. Nothing is to be fixed.\n"
    )
    assert list(tmp_path.iterdir()) == [path]


def refused(path, *arguments):
    """Code and sentence; nothing may have been written."""
    before = sorted(path.parent.rglob("*"))
    done = split(path, *arguments)
    assert sorted(path.parent.rglob("*")) == before
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_without_a_column_of_schools_it_says_what_else_there_is(tmp_path):
    header = [name for name in HEADER if name != "School"]
    rows = [
        [value for name, value in zip(HEADER, row, strict=True) if name in header] for row in PAIRS
    ]
    path = master(tmp_path / "contacts.xlsx", rows, header)

    code, said = refused(path)

    assert code == 3
    assert "No sheet has a column with the school." in said
    assert split(path, "--by", "Relationship").returncode == 1


def test_a_day_that_is_over_is_refused(sheet):
    code, said = refused(sheet, "--due", "2026-11-22")

    assert (code, "--due 2026-11-22 is over already." in said) == (2, True)


def test_a_column_that_is_not_there_is_refused(sheet):
    code, said = refused(sheet, "--by", "Homeroom")

    assert (code, 'No list of people has a column "Homeroom".' in said) == (3, True)


def test_a_file_is_no_folder(sheet):
    code, said = refused(sheet, "--out", sheet)

    assert (code, "This is a file and no folder." in said) == (4, True)


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_a_folder_that_cannot_be_written_is_refused_at_once(sheet, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)

    code, said = refused(sheet, "--out", folder / "inside")

    assert (code, "The folder cannot be written." in said) == (4, True)


def test_a_packet_is_never_written_over(sheet, tmp_path):
    split(sheet, *DUE)
    folder = tmp_path / "handback"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    code, said = refused(sheet, *DUE)

    assert code == 4
    assert "There is a packet of this name, which may hold answers." in said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_fails_half_way_leaves_nothing(sheet, tmp_path, monkeypatch):
    written = []

    def full(*args):
        written.append(args)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        return workbook.write(*args)

    monkeypatch.setattr(splitting.workbook, "write", full)

    done = split(sheet)

    assert done.returncode == 4
    assert len(written) == 2
    assert list(tmp_path.iterdir()) == [sheet]


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_packets_are_as_private_as_the_master(sheet, tmp_path):
    sheet.chmod(0o640)

    split(sheet)

    files = [path for path in (tmp_path / "handback").rglob("*") if path.is_file()]
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert rights.pop(store.NAME) == 0o600
    assert set(rights.values()) == {0o640}


def test_two_handings_out_in_one_folder(sheet, tmp_path):
    split(sheet, *DUE)
    split(sheet, "--due", "2026-12-11")

    assert len(packets(tmp_path / "handback")) == 6
    assert len({one.batch for one in store.status(tmp_path / "handback")}) == 2


def test_status_says_what_is_left_and_what_is_overdue(sheet, tmp_path):
    split(sheet, *DUE)

    def status(day, *arguments):
        return running.reveal("handback", "status", *arguments, "--as-of", day, cwd=tmp_path)

    early, late = status("2026-12-04"), status("2026-12-05", "handback")
    assert early.returncode == late.returncode == 1
    assert early.stdout.startswith("4 of 4 rows are left; 0 of 3 packets have come back.\n")
    assert "overdue" not in early.stdout
    assert "3 are overdue." in late.stdout.splitlines()[0]
    assert re.search(r"(?m)^ +2 +2  2026-12-04 +overdue +Boone$", late.stdout)
    told = json.loads(status("2026-12-05", "--json").stdout)["status"]
    assert [(one["to"], one["left"], one["overdue"]) for one in told] == [
        ("Boone", 2, True),
        ("Adams", 1, True),
        ("", 1, True),
    ]


def test_status_where_nothing_was_handed_out(tmp_path):
    done = running.reveal("handback", "status", cwd=tmp_path)

    assert done.returncode == 3
    assert "Nothing was handed out from here." in done.stderr


def reported(sheet, *arguments):
    page = sheet.with_name("report.html")
    running.reveal("check", sheet, "--out", sheet.with_name("a.xlsx"), *arguments, "--report", page)
    return page.read_text(encoding="utf-8")


def test_the_report_says_how_things_stand_with_each_school(sheet, tmp_path):
    split(sheet, *DUE)

    page = reported(sheet, "--as-of", "2026-12-05")

    assert "4 of 4 rows are left; 0 of 3 packets have come back; 3 are overdue." in page
    assert "<bdi>Boone</bdi>" in page.split('id="handback"')[1].split("</section>")[0]


def test_the_report_names_nobody_that_packets_were_made_by(sheet, tmp_path):
    split(sheet, "--by", "Last Name")

    assert next(iter(store.status(tmp_path / "handback"))).label.startswith("Byrne")
    assert 'id="handback"' not in reported(sheet, *DAY)


def test_a_damaged_record_does_not_stop_a_report(sheet, tmp_path):
    (tmp_path / store.NAME).write_bytes(b"no record" * 100)

    assert 'id="handback"' not in reported(sheet, *DAY)


def test_what_nothing_can_be_typed_into_is_not_waited_for(sheet, tmp_path):
    split(sheet, "--by", "who-can-fix")

    assert [one.label for one in store.status(tmp_path / "handback")] == ["office"]


def test_the_record_holds_digests_and_counts(sheet, tmp_path):
    split(sheet)
    with sqlite3.connect(tmp_path / "handback" / store.NAME) as record:
        keys = [key for (key,) in record.execute("SELECT key FROM rows")]
    record.close()

    assert len(keys) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", key) for key in keys)


def test_an_answer_comes_back_into_the_record(sheet, tmp_path):
    split(sheet, *DUE)
    path = tmp_path / "handback" / "Adams_fix-by-2026-12-04.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["Contacts"]
    place = [cell.value for cell in page[1]].index("Other Phone") + 1
    page.cell(2, place).value = "585-555-0111"
    book.save(path)

    done = running.reveal("handback", "merge", sheet, "--from", path, *DAY, "--apply")

    assert "COLUMN_ADDED" not in done.stdout
    assert "was not sent" not in done.stdout
    [adams] = [one for one in store.status(tmp_path / "handback") if one.label == "Adams"]
    assert (adams.sent, adams.left, adams.returned is not None) == (1, 0, True)
    assert "585-555-0111" in column(sheet, "Other Phone")


def test_properties_say_to_whom_it_went(sheet, tmp_path):
    split(sheet)

    book = openpyxl.load_workbook(tmp_path / "handback" / "Adams_to-fix.xlsx")
    [told] = book.custom_doc_props.props
    assert told.name == identity.PROPERTY
    assert told.value.endswith("to=Adams")


def test_the_templates_are_all_there():
    assert {path.name for path in TEMPLATES.iterdir()} == {
        "words.toml",
        "letter.txt.jinja",
        "letter.html.jinja",
    }

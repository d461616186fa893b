"""Which files are meant, and where the results go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin import outputs
from sheets.errors import CannotRead, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "contacts.xlsx",
        "accounts.csv",
        "contacts.checked.xlsx",
        "contacts.backup-20261123-080000.xlsx",
        "~$contacts.xlsx",
        ".~lock.contacts.xlsx#",
        "letter.docx",
    ):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_a_folder_stands_for_the_sheets_in_it_without_results_backups_and_locks(folder):
    names = [path.name for path in outputs.inputs([folder])]

    assert names == ["accounts.csv", "contacts.xlsx"]


def test_a_file_named_twice_is_checked_once(folder):
    file = folder / "contacts.xlsx"

    assert outputs.inputs([file, file, folder]) == [file, folder / "accounts.csv"]


def test_a_missing_file_and_an_empty_folder_are_said(folder, tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(CannotRead, match="no such file"):
        outputs.inputs([folder / "gone.xlsx"])
    with pytest.raises(CannotRead, match="no workbook or CSV file"):
        outputs.inputs([tmp_path / "empty"])


def test_the_result_lies_beside_the_file(folder):
    [target] = outputs.targets([folder / "contacts.xlsx"], None, in_place=False)

    assert target.out == folder / "contacts.checked.xlsx"
    assert not target.in_place


def test_a_result_that_was_corrected_is_checked_again_in_place(folder):
    file = folder / "contacts.checked.xlsx"

    [target] = outputs.targets([file], None, in_place=False)

    assert target.in_place


def test_in_place_writes_to_the_file_itself(folder):
    [target] = outputs.targets([folder / "contacts.xlsx"], None, in_place=True)

    assert target.in_place


def test_out_may_be_a_file_for_one_and_a_folder_for_several(folder):
    files = [folder / "contacts.xlsx", folder / "accounts.csv"]

    [one] = outputs.targets(files[:1], folder / "result.xlsx", in_place=False)
    several = outputs.targets(files, folder / "results", in_place=False)

    assert one.out == folder / "result.xlsx"
    assert [target.out for target in several] == [
        folder / "results" / "contacts.checked.xlsx",
        folder / "results" / "accounts.checked.csv",
    ]
    assert (folder / "results").is_dir()


def test_out_never_is_one_of_the_inputs(folder):
    file = folder / "contacts.xlsx"

    with pytest.raises(WrongUsage, match="one of the files to check"):
        outputs.targets([file], file, in_place=False)


def test_out_and_in_place_together_are_refused(folder):
    with pytest.raises(WrongUsage, match="cannot both be meant"):
        outputs.targets([folder / "contacts.xlsx"], folder / "a.xlsx", in_place=True)


def test_several_files_do_not_fit_into_one(folder):
    files = [folder / "contacts.xlsx", folder / "accounts.csv"]

    with pytest.raises(WrongUsage, match="Several files"):
        outputs.targets(files, folder / "letter.docx", in_place=False)


def test_two_results_of_the_same_name_are_refused(folder):
    both = [folder / "contacts.xlsx", folder / "contacts.checked.xlsx"]

    with pytest.raises(WrongUsage, match=r"would both be contacts\.checked\.xlsx"):
        outputs.targets(both, None, in_place=False)

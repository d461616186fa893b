"""The add-in for Excel as it is built: its sources, its tab, its bytes."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pyopenvba
import pytest

from addin.ribbon import build, meeting
from tests.vba_reading import VBA_Parser, sources

ROOT = Path(__file__).parents[2]
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
# What of the schema of 2009 the tab uses: element -> its attributes, and what may stand in it.
TIPS = {"screentip", "supertip"}
ALLOWED = {
    "customUI": (set(), {"ribbon"}),
    "ribbon": (set(), {"tabs"}),
    "tabs": (set(), {"tab"}),
    "tab": ({"id", "label", "keytip"}, {"group"}),
    "group": ({"id", "label"}, {"button", "menu"}),
    "button": ({"id", "label", "keytip", "onAction", "size", "image"} | TIPS, set()),
    "menu": ({"id", "label", "keytip", "size", "image"} | TIPS, {"button"}),
}
LONGEST = {"id": 1024, "label": 1024, "screentip": 1024, "supertip": 1024, "keytip": 3}


def package(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def named(element: ET.Element) -> str:
    return element.tag.removeprefix(UI)


@pytest.fixture(scope="module")
def tab() -> ET.Element:
    return ET.fromstring(package(build.xlam()).read("customUI/customUI14.xml"))


@pytest.fixture(scope="module")
def elements(tab) -> list[ET.Element]:
    return list(tab.iter())


# The sources


@pytest.mark.parametrize("made", [build.xlam, build.xlsm])
def test_oletools_read_the_very_text_of_the_templates(made):
    folder = ROOT / "templates" / "ribbon"
    texts = {path.stem: path.read_text() for path in folder.glob("*.[bc][al]s")}

    assert sources(made()) == texts
    assert set(texts) == set(build.MODULES)


def test_another_reader_finds_nothing_wrong(tmp_path):
    path = tmp_path / build.NAME
    path.write_bytes(build.xlam())

    assert pyopenvba.check_file(path).issues == ()
    project = pyopenvba.ExcelFile(path).vba_project()
    assert project.validate() == []
    assert project.module_names() == list(build.MODULES)
    assert {reference.guid for reference in project.references} == {
        "{00020430-0000-0000-C000-000000000046}",  # stdole
        "{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}",  # Office: IRibbonControl
    }


def test_the_modules_start_no_program_and_call_no_library():
    found = {
        word.lower()
        for kind, word, _ in VBA_Parser(build.NAME, data=build.xlam()).analyze_macros()
        if kind in {"Suspicious", "AutoExec"}
    }

    assert found <= {
        "environ",  # where the user's own folder is
        "open",  # the file of the helper
        "createobject",  # WinHttp
        "applescript",  # the name of a file
        "hex strings",  # the ids of classes
        "base64 strings",  # long words
    }


def test_the_modules_are_short_and_declare_everything():
    for module in build.modules():
        assert "Option Explicit\n" in module.source
        assert not re.search(r"\b(Declare|Shell|cmd|ActiveWorkbook|CallByName)\b", module.source)
        assert max(map(len, module.source.splitlines())) <= 100
    assert sum(len(module.source.splitlines()) for module in build.modules()) < 150


def test_only_the_winhttp_object_is_made():
    text = "".join(module.source for module in build.modules())

    assert re.findall(r"CreateObject\((.*?)\)", text) == ['"WinHttp.WinHttpRequest.5.1"']


# What the VBA and Python both know


def test_the_vba_looks_where_the_helper_writes(monkeypatch):
    monkeypatch.setenv("LOCALAPPDATA", "local")
    [below] = re.findall(r'Environ\$\("LOCALAPPDATA"\) & "\\(.*?)"', vba("RevealMeeting"))

    assert meeting.path("win32") == Path("local", *below.split("\\"))


def test_the_applescript_looks_where_the_helper_writes(monkeypatch):
    monkeypatch.setenv("HOME", "/Users/office")
    script = (build.folder() / "reveal.applescript").read_text()
    [below] = re.findall(r'< \\"\$HOME/(.*?)\\"', script)

    assert meeting.path("darwin") == Path("/Users/office", below)


def test_the_header_of_the_token_is_the_same_everywhere():
    script = (build.folder() / "reveal.applescript").read_text()

    assert f'"{meeting.TOKEN_HEADER}"' in vba("RevealHttp")
    assert f"{meeting.TOKEN_HEADER}: " in script


def test_the_macro_for_undo_is_there():
    book, macro = meeting.UNDO_MACRO.split("!")

    assert book == build.NAME
    assert f"Public Sub {macro}()" in vba("RevealRibbon")


def vba(name: str) -> str:
    [module] = [each for each in build.modules() if each.name == name]
    return module.source


# The tab


def test_the_tab_uses_only_what_the_schema_has(elements):
    for element in elements:
        attributes, below = ALLOWED[named(element)]
        assert set(element.attrib) <= attributes, element.attrib
        assert {named(each) for each in element} <= below
        assert not (element.text or "").strip()
        for name, value in element.attrib.items():
            assert 0 < len(value) <= LONGEST.get(name, 100)


def test_every_id_is_there_once(elements):
    ids = Counter(element.attrib["id"] for element in elements if "id" in element.attrib)

    assert set(ids.values()) == {1}
    assert all(re.fullmatch(r"reveal_[a-z]+", each) for each in ids)


def test_the_buttons_are_the_ones_that_the_helper_knows(elements):
    buttons = [element.attrib["id"] for element in elements if named(element) == "button"]

    assert tuple(each.removeprefix("reveal_") for each in buttons) == meeting.CONTROLS


def test_every_button_calls_a_macro_that_is_there(elements):
    for element in elements:
        if named(element) == "button":
            module, macro = element.attrib["onAction"].split(".")
            assert f"Public Sub {macro}(control As IRibbonControl)" in vba(module)


def test_every_button_has_its_words(elements):
    for element in elements:
        if named(element) in {"button", "menu"}:
            label = element.attrib["label"]
            assert element.attrib["screentip"] == label
            assert label[1:] == label[1:].lower(), "sentence case"
            assert element.attrib["supertip"].endswith(".")


def test_what_changes_a_sheet_says_how_to_undo_it(elements):
    tips = {element.attrib.get("id"): element.attrib.get("supertip", "") for element in elements}

    for each in ("reveal_check", "reveal_clear"):
        assert "To undo:" in tips[each]


def test_keytips_differ_and_none_begins_another(elements):
    for parent in elements:
        tips = [child.attrib["keytip"] for child in parent if "keytip" in child.attrib]
        assert len(tips) == len(set(tips))
        for one in tips:
            assert re.fullmatch("[A-Z]{1,3}", one)
            assert not any(other != one and other.startswith(one) for other in tips)
        buttons = [child for child in parent if named(child) in {"button", "menu"}]
        assert all("keytip" in child.attrib for child in buttons)


def test_the_letter_of_the_tab_is_none_of_excels_own(tab):
    # File, Home, Insert, Page Layout, Formulas, Data, Review, View, Developer, Help, Automate,
    # Acrobat, Add-ins, Draw (JI), Tell me, and the letters that begin Share and Comments.
    taken = set("FHNPMARWLYUBXJQZ")

    assert tab.find(f".//{UI}tab").attrib["keytip"] not in taken


def test_the_first_button_alone_is_large(elements):
    sizes = [element.attrib["size"] for element in elements if "size" in element.attrib]

    assert sizes == ["large", "normal", "normal", "normal", "normal"]


def test_every_icon_is_a_small_picture_in_the_package(elements):
    images = {element.attrib["image"] for element in elements if "image" in element.attrib}
    with package(build.xlam()) as parts:
        rels = ET.fromstring(parts.read("customUI/_rels/customUI14.xml.rels"))
        targets = {each.attrib["Id"]: each.attrib["Target"] for each in rels}
        assert set(targets) == images
        for target in targets.values():
            content = parts.read(f"customUI/{target}")
            assert content.startswith(b"\x89PNG")
            assert struct.unpack(">II", content[16:24]) == (64, 64)
            assert len(content) < 4000
    drawn = {path.stem for path in (build.folder() / "icons").glob("*.svg")}
    assert drawn == images


# The package


def test_every_part_has_a_type_and_every_relationship_a_part():
    with package(build.xlam()) as parts:
        names = set(parts.namelist())
        types = ET.fromstring(parts.read("[Content_Types].xml"))
        defaults = {each.attrib["Extension"] for each in types if "Extension" in each.attrib}
        overrides = {each.attrib["PartName"][1:] for each in types if "PartName" in each.attrib}
        assert overrides <= names
        for name in names - {"[Content_Types].xml"}:
            assert (
                name in overrides
                or name.rpartition(".")[2] in defaults - {"xml"}
                or (name == "customUI/customUI14.xml")
            )
        for name in names:
            if name.endswith(".rels"):
                folder = Path(name).parent.parent
                for each in ET.fromstring(parts.read(name)):
                    assert (folder / each.attrib["Target"]).as_posix() in names


def test_an_ordinary_reader_opens_the_twin(tmp_path):
    (tmp_path / "twin.xlsm").write_bytes(build.xlsm())

    assert openpyxl.load_workbook(tmp_path / "twin.xlsm").sheetnames == ["Reveal"]


def test_the_twin_differs_in_its_type_alone():
    with package(build.xlam()) as one, package(build.xlsm()) as other:
        assert one.namelist() == other.namelist()
        differing = [name for name in one.namelist() if one.read(name) != other.read(name)]
    assert differing == ["[Content_Types].xml"]


def test_the_same_text_gives_the_same_bytes_elsewhere_and_later():
    environment = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    environment["SOURCE_DATE_EPOCH"] = "1"
    program = (
        "import time; time.time = lambda: 2e9\n"
        "import sys; from addin.ribbon import build; sys.stdout.buffer.write(build.xlam())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    assert elsewhere.stdout == build.xlam()


def test_nothing_in_it_is_compressed_so_that_no_zlib_can_differ():
    with package(build.xlam()) as parts:
        assert {each.compress_type for each in parts.infolist()} == {zipfile.ZIP_STORED}
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(each.create_system, each.external_attr) for each in parts.infolist()} == {
            (0, 0o600 << 16)
        }


def test_an_addin_of_ours_is_known_again_and_others_are_not():
    other = io.BytesIO()
    openpyxl.Workbook().save(other)

    assert build.is_ours(build.xlam())
    assert not build.is_ours(other.getvalue())
    assert not build.is_ours(b"")
    assert not build.is_ours(build.xlam()[:-30])

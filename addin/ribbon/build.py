"""Builds the add-in `reveal.xlam` from the text in `templates/ribbon`, on any machine.

The same text gives the same bytes: nothing of the day, the machine or its libraries is in them. For
that the package is stored and not compressed, since each zlib compresses in its own way. The icons
were drawn once, from the SVG files beside them.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from addin import paths
from addin.ribbon import ovba
from sheets import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "reveal.xlam"
MODULES = ("ThisWorkbook", "Sheet1", "RevealRibbon", "RevealHttp", "RevealMeeting")

_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TITLE = "<dc:title>Reveal</dc:title>"
_UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_THE_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def folder() -> Path:
    """Return the folder of the text that the add-in is built from."""
    return paths.templates() / "ribbon"


def xlam() -> bytes:
    """Return the add-in, a workbook without a window that Excel opens at its start."""
    return _package(_ADDIN)


def xlsm() -> bytes:
    """Return the same as an ordinary workbook with macros, for programs that open no add-in."""
    return _package(_WORKBOOK)


def is_ours(content: bytes) -> bool:
    """Whether a file is an add-in that some version of Reveal has built."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _TITLE.encode() in package.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError):
        return False


def modules() -> list[ovba.Module]:
    """Return the VBA modules as they stand in the text."""
    found = []
    for name in MODULES:
        document = folder() / f"{name}.cls"
        path = document if document.is_file() else folder() / f"{name}.bas"
        found.append(ovba.Module(name, path.read_text(encoding="ascii"), path == document))
    return found


def ribbon() -> str:
    """Return the XML of the tab, as text."""
    return (folder() / "customUI14.xml").read_text(encoding="utf-8")


def icons() -> list[str]:
    """Return the names of the icons that the tab shows, in their order there."""
    return [
        element.attrib["image"]
        for element in ET.fromstring(ribbon()).iter()  # noqa: S314 - our own file
        if element.tag.startswith(_UI) and "image" in element.attrib
    ]


def _package(content_type: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in _parts(content_type).items():
            entry = zipfile.ZipInfo(name, _THE_FIRST_DAY)
            entry.create_system = 0  # else it would tell the system that it was built on
            package.writestr(entry, content)
    return packed.getvalue()


def _parts(content_type: str) -> dict[str, str | bytes]:
    pictures = icons()
    return {
        "[Content_Types].xml": _content_types(content_type),
        "_rels/.rels": _relationships(
            [
                ("book", f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
                (
                    "core",
                    f"{_PACKAGE}/relationships/metadata/core-properties",
                    "docProps/core.xml",
                ),
                (
                    "ribbon",
                    "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
                    "customUI/customUI14.xml",
                ),
            ]
        ),
        "docProps/core.xml": _about(),
        "xl/workbook.xml": _HEAD + f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<workbookPr codeName="ThisWorkbook"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="16000" '
        'windowHeight="9000"/></bookViews>'
        '<sheets><sheet name="Reveal" sheetId="1" r:id="sheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            [
                ("sheet", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
                ("styles", f"{_OFFICE}/styles", "styles.xml"),
                (
                    "vba",
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vbaProject.bin",
                ),
            ]
        ),
        "xl/worksheets/sheet1.xml": _HEAD + f'<worksheet xmlns="{_MAIN}">'
        '<sheetPr codeName="Sheet1"/><sheetData/></worksheet>',
        "xl/styles.xml": _styles(),
        "xl/vbaProject.bin": ovba.project("Reveal", modules()),
        "customUI/customUI14.xml": ribbon(),
        "customUI/_rels/customUI14.xml.rels": _relationships(
            [(name, f"{_OFFICE}/image", f"images/{name}.png") for name in pictures]
        ),
        **{
            f"customUI/images/{name}.png": (folder() / "icons" / f"{name}.png").read_bytes()
            for name in pictures
        },
    }


def _content_types(book: str) -> str:
    kinds = {
        "xl/workbook.xml": book,
        "xl/worksheets/sheet1.xml": f"{_SML}.worksheet+xml",
        "xl/styles.xml": f"{_SML}.styles+xml",
        "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    return (
        _HEAD
        + f'<Types xmlns="{_PACKAGE}/content-types">'
        + f'<Default Extension="rels" ContentType="{_RELS_TYPE}"/>'
        + '<Default Extension="xml" ContentType="application/xml"/>'
        + '<Default Extension="png" ContentType="image/png"/>'
        + "".join(
            f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
        )
        + "</Types>"
    )


def _relationships(listed: Iterable[tuple[str, str, str]]) -> str:
    return (
        _HEAD
        + f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
            for name, kind, target in listed
        )
        + "</Relationships>"
    )


def _about() -> str:
    """What Excel's list of add-ins says; by the title an add-in of ours is known again."""
    return (
        _HEAD
        + f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        + 'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        + _TITLE
        + f"<dc:description>Reveal {escape(__version__)}: shows who the Campus API hides, and why."
        + "</dc:description></cp:coreProperties>"
    )


def _styles() -> str:
    """The least that a workbook must have."""
    return (
        _HEAD
        + f'<styleSheet xmlns="{_MAIN}">'
        + '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        + '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        + '<fill><patternFill patternType="gray125"/></fill></fills>'
        + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        + '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
        + 'xfId="0"/></cellXfs><cellStyles count="1">'
        + '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )

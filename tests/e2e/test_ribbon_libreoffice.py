"""The add-in's twin in LibreOffice, which reads VBA projects by itself: the same source."""

from __future__ import annotations

import pytest

from addin.ribbon import build

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("soffice", "/usr/bin/python3")]


@pytest.fixture(scope="module")
def macros(hands, tmp_path_factory):
    """The source of each module as LibreOffice shows it."""
    folder = tmp_path_factory.mktemp("twin")
    (folder / "twin.xlsm").write_bytes(build.xlsm())
    steps = [
        {"do": "open", "path": str(folder / "twin.xlsm")},
        {"do": "macros", "library": "Reveal"},
    ]
    opened, found = hands(steps)
    assert opened
    return found


def test_it_has_our_modules(macros):
    assert set(macros) == set(build.MODULES)


@pytest.mark.parametrize("name", build.MODULES)
def test_each_module_has_our_source(macros, name):
    [module] = [each for each in build.modules() if each.name == name]
    ours = [line for line in module.source.splitlines() if not line.startswith("Attribute")]

    # LibreOffice puts the attributes away and says in lines of its own that this is VBA.
    shown = [line.rstrip() for line in macros[name].splitlines()]
    kept = [line for line in shown if not line.startswith(("Rem Attribute", "Option VBASupport"))]
    assert [line for line in kept if line] == [line for line in ours if line]

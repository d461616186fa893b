"""What the README says is true: its example runs, and its commands exist."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import click

from addin import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_of_the_library_runs(tmp_path, monkeypatch, capsys):
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    shutil.copy(ROOT / "templates" / "samples" / "small-school.xlsx", tmp_path / "contacts.xlsx")
    monkeypatch.chdir(tmp_path)

    exec(compile(example, "README.md", "exec"), {})

    assert "Counts(yes=" in capsys.readouterr().out
    assert (tmp_path / "contacts.checked.xlsx").exists()


def test_every_command_and_option_that_it_names_exists():
    for line in re.findall(r"`(reveal [^`]*)`", README):
        words = line.split()
        command = cli.reveal.commands[words[1]]
        if isinstance(command, click.Group) and len(words) > 2:
            command = command.commands[words[2]]
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_every_command_is_in_it():
    named = set(re.findall(r"`reveal (\w+)", README))

    assert set(cli.reveal.commands) <= named


def test_every_rule_id_that_it_names_exists():
    from sheets import rules

    assert set(re.findall(r"\b[A-Z]{3}-[A-Z]+-\d\d\b", README)) <= set(rules.catalog())


def test_the_tab_in_excel_is_as_it_is_shown():
    from addin.ribbon import build

    [shown] = re.findall(r"```xml\n(.*?)```", README, re.DOTALL)
    real = [each.attrib for each in ET.fromstring(build.ribbon()).iter() if "id" in each.attrib]

    assert [each.attrib for each in ET.fromstring(shown).iter()] == [
        {name: value for name, value in each.items() if name in {"id", "label", "size", "keytip"}}
        for each in real
    ]

"""Reports of all sorts, and a browser to look at them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from contextlib import chdir, redirect_stdout
from pathlib import Path

import openpyxl
import pytest

from addin import cli
from sheets.handback import store
from sheets.handback.store import Sent

SAMPLES = Path(__file__).parents[2] / "templates" / "samples"
DAY = ("--as-of", "2026-11-23")
HEADER = (
    *("Student Number", "Contact Person ID", "Last Name", "First Name", "Relationship"),
    *("Other Phone", "Email", "Enabled", "School"),
)
MANY = 5000
HOSTILE = (
    "<script>window.broken = 1</script>",
    '"><img src=x onerror="window.broken = 1">',
    "</script><!-- &lt;b&gt; -->",
    "'`${window.broken = 1}` {{ 7 * 7 }} {% raw %}",
    "\N{RIGHT-TO-LEFT OVERRIDE}مدرسة الأمل",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 12,
)


def reveal(*arguments, cwd):
    out = io.StringIO()
    with chdir(cwd), redirect_stdout(out):
        code = cli.main([*map(str, arguments)])
    assert code in {0, 1}
    return out.getvalue()


def contacts(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *rows])


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """Name -> a report."""
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(SAMPLES, folder, dirs_exist_ok=True)
    (folder / "clean.csv").write_text(
        "Staff Number,Last Name,First Name,Enabled\n12,Byrne,Ann,yes\n13,Castro,Bo,yes\n"
    )
    contacts(
        folder / "many.csv",
        [
            (at // 2, 9000 + at, "Byrne", f"A{at}", "Mother", "", "", "yes", f"School {at % 40}")
            for at in range(MANY)
        ],
    )
    contacts(
        folder / "hostile.csv",
        [
            (at, 900 + at, "Byrne", "Ann", text, "", "", "yes", text)
            for at, text in enumerate(HOSTILE)
        ],
    )
    (folder / "hostile.csv").rename(folder / "<b>&'\".csv")
    (folder / "before.json").write_text(
        reveal("check", "small-school.xlsx", "--json", "--dry-run", *DAY, cwd=folder)
    )
    shutil.copy(folder / "small-school.xlsx", folder / "corrected.xlsx")
    book = openpyxl.load_workbook(folder / "corrected.xlsx")
    book["Contacts"].delete_rows(2, 30)
    book.save(folder / "corrected.xlsx")
    (folder / "district" / "handback").mkdir()
    schools = ["Lakeview Elementary School", *HOSTILE, ""]
    store.record_sent(
        folder / "district" / "handback",
        "1a2b3c4d",
        [Sent(name, f"{at}.xlsx", [f"{at}"]) for at, name in enumerate(schools)],
        made=dt.date(2026, 11, 2),
        due=dt.date(2026, 11, 20),
    )
    sources = {
        "dirty": ["small-school.xlsx"],
        "clean": ["clean.csv"],
        "since": ["corrected.xlsx", "--since", "before.json", "--set", "guardian_by=portal"],
        "many": ["many.csv"],
        "hostile": ["<b>&'\".csv"],
        "several": ["district"],
        "wide": ["wide-roster.xlsx"],
    }
    made = {}
    for name, source in sources.items():
        made[name] = folder / f"{name}.html"
        reveal("check", *source, *DAY, "--report", made[name], cwd=folder)
    return made


@pytest.fixture(scope="session")
def hostile_words():
    """What stands in the cells of the hostile report, row by row."""
    return HOSTILE


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@pytest.fixture
def shown(browser, reports):
    """Shows a report; whatever goes wrong in the page ends the test."""
    contexts = []

    def show(name, address="", *, width=1280, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.wrong, page.asked = [], []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda message: page.wrong.append(message.text))
        page.on("dialog", lambda dialog: page.wrong.append(dialog.message))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(reports[name].as_uri() + address)
        contexts.append((context, page))
        return page

    yield show
    for context, page in contexts:
        wrong = page.wrong
        context.close()
        assert not wrong

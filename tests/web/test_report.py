"""The report in a browser: it asks nobody for anything, everybody can read it, and it prints."""

from __future__ import annotations

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]

NAMES = ["dirty", "clean", "since", "many", "hostile", "several", "wide"]

OVERFLOWING = """() => {
  const wrong = [];
  const say = (what, node) => wrong.push(`${what}: ${node.textContent.trim().slice(0, 60)}`);
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} wide`);
  for (const box of document.querySelectorAll("table, ul, div")) {
    if (box.scrollWidth > box.clientWidth) say("needs scrolling", box);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest(".sr, .skip, script, select, thead")) continue;
    const box = parent.closest("td, th, li > span, dd, dt, p, summary, figcaption, h1, h2, h3, a");
    const limit = (box || document.body).getBoundingClientRect();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      if (rect.right > limit.right + 1 || rect.left < limit.left - 1) say("out of its box", parent);
      if (rect.right > innerWidth || rect.left < 0) say("out of sight", parent);
    }
  }
  return wrong;
}"""


def rows(page):
    """The rows that are shown: number, and all their words."""
    return page.eval_on_selector_all(
        "#body tr", "rows => rows.map(row => [row.cells[0].innerText, row.innerText])"
    )


def to(page, identity):
    """Go to a part of the page with the Tab key alone."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == identity:
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) == "solid"
            return
    pytest.fail(f"the Tab key does not lead to {identity}")


def opened(page):
    """Open the settings and what the first rows need."""
    page.eval_on_selector_all(
        "#body tr:nth-child(-n+3) details, .settings", "all => all.forEach(it => it.open = true)"
    )


def status(page):
    return page.inner_text("#status")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_nothing(shown, reports, name):
    page = shown(name)
    page.mouse.wheel(0, 100_000)
    page.wait_for_load_state("networkidle")

    assert page.asked == [reports[name].as_uri()]


@pytest.mark.parametrize("name", NAMES)
def test_everybody_can_read_it(shown, name):
    page = shown(name)
    opened(page)
    for scheme in ("light", "dark"):
        for width in (1280, 360):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})

            found = Axe().run(page)

            assert not found.response["violations"], (scheme, width, found.generate_report())


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off(shown, name):
    page = shown(name)
    opened(page)
    for width in (1280, 737, 736, 360):
        page.set_viewport_size({"width": width, "height": 900})

        assert page.evaluate(OVERFLOWING) == [], width


def test_the_dark_one_is_dark(shown):
    page = shown("dirty", scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 26, 28)"


def test_rows_are_filtered_with_the_keyboard_alone(shown):
    page = shown("dirty")
    every = rows(page)
    to(page, "kind")
    page.keyboard.type("Staff")
    staff = rows(page)
    assert 0 < len(staff) < len(every)
    assert all("Staff" in words for _, words in staff)
    assert status(page) == f"Rows 1 to {len(staff)} of {len(staff)}"
    assert page.evaluate("document.activeElement.id") == "kind"

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    assert rows(page) == every

    to(page, "search")
    page.keyboard.type("email blank")
    blank = rows(page)
    assert 0 < len(blank) < len(every)
    assert all('"Email" is blank' in words for _, words in blank)

    to(page, "only")
    page.keyboard.press("Space")
    assert page.is_checked("#only")
    assert all("No" in words for _, words in rows(page))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert rows(page) == every
    assert page.input_value("#search") == ""
    assert not page.is_checked("#only")


def test_what_a_row_needs_opens_with_the_keyboard(shown):
    page = shown("dirty")
    page.focus("#body tr:first-child summary")

    page.keyboard.press("Enter")

    assert "In Campus:" in page.inner_text("#body tr:first-child details")


def test_pages_are_turned_with_the_keyboard(shown):
    page = shown("many")
    first = rows(page)
    assert status(page) == "Rows 1 to 200 of 5,000"
    page.focus("#next")

    page.keyboard.press("Enter")

    assert status(page) == "Rows 201 to 400 of 5,000"
    assert not {number for number, _ in rows(page)} & {number for number, _ in first}
    page.focus("#previous")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert rows(page) == first


def test_the_first_tab_leads_past_the_head(shown):
    page = shown("dirty")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_fits_and_back(shown):
    page = shown("dirty")
    page.fill("#search", "no such word")
    assert page.is_visible("#nothing")
    assert status(page) == "No row fits"

    page.click("#again")

    assert page.is_hidden("#nothing")
    assert page.evaluate("document.activeElement.id") == "rows"


def test_a_number_leads_to_its_rows_and_the_address_keeps_them(shown):
    page = shown("several")
    link = page.locator("a.goto[data-cause='CON-FLD-03']")
    wanted = link.inner_text().split()[0]

    link.click()

    assert status(page) == f"Rows 1 to {wanted} of {wanted}"
    again = shown("several", "#" + page.url.partition("#")[2])
    assert rows(again) == rows(page)
    assert all('"Other Phone"' in words for _, words in rows(again))


def test_praise_and_nothing_to_filter_where_all_is_well(shown):
    page = shown("clean")

    assert page.inner_text("h1") == "All 2 are revealed. Well done."
    assert "nothing to fix" in page.inner_text(".praise")
    assert page.locator("#rows, #filters, script").count() == 0


def test_what_has_changed_stands_first(shown):
    page = shown("since")

    page.click("a[href='#since']")

    part = page.inner_text("section:first-of-type")
    assert "still hidden since 2026-11-23, but the rules are not the same." in part
    assert "A change of rules is no fix." in part
    assert "not in the sheets any more" in part
    assert page.locator("section:first-of-type tbody tr").count() > 1


def test_what_was_handed_out_is_shown_school_by_school(shown, hostile_words):
    page = shown("several")

    page.click("a[href='#handback']")

    part = page.locator("section:has(#handback)")
    assert (
        "8 of 8 rows are left; 0 of 8 packets have come back; 8 are overdue." in part.inner_text()
    )
    schools = part.locator("tbody bdi").all_text_contents()
    assert schools == ["Lakeview Elementary School", *hostile_words, "School not known"]
    assert part.locator("tbody tr").first.inner_text().split()[-3:] == ["not", "yet", "overdue"]


def test_without_javascript_the_numbers_and_the_first_rows_are_there(shown):
    page = shown("many", script=False)

    assert page.inner_text("h1") == "5,000 of 5,000 contacts are hidden"
    assert page.locator("#body tr").count() == 200
    assert page.locator("#filters").is_hidden()
    assert "the first 200 rows" in page.inner_text("section:has(#body) .note")


def test_what_a_cell_holds_is_shown_as_text(shown, hostile_words):
    page = shown("hostile")

    assert page.locator("img, iframe, object, embed, link, b").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("window.broken") is None
    schools = page.eval_on_selector_all(
        "#schools ~ * tbody bdi", "all => all.map(it => it.textContent)"
    )
    assert sorted(schools) == sorted(hostile_words)
    told = dict(rows(page))
    for row, text in enumerate(hostile_words, start=2):
        said = re.sub(r"\s+", "", told[f"{row}"])
        assert said.count(re.sub(r"\s+", "", text)) == 2
    assert "<b>&'\"" in told["2"]


def test_rows_are_filtered_by_a_school_of_any_name(shown, hostile_words):
    page = shown("hostile")
    for row, text in enumerate(hostile_words, start=2):
        page.select_option("#school", text)

        assert [number for number, _ in rows(page)] == [f"{row}"]
        chosen = page.eval_on_selector("#school", "it => it.selectedOptions[0].textContent")
        assert chosen == f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE} (1)"
        again = shown("hostile", "#" + page.url.partition("#")[2])
        assert rows(again) == rows(page)


def printed(page, path, paper="Letter"):
    page.pdf(path=path, format=paper)
    return path


def read(path, *options):
    done = subprocess.run(
        ["pdftotext", *options, path, "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def printed_rows(text, sheet):
    return [int(row) for row in re.findall(rf"(?m)^ *(\d+) +{sheet}", text)]


@pytest.mark.needs_program("pdftotext")
def test_all_rows_are_printed_below_their_heads(shown, tmp_path):
    page = shown("many")

    text = read(printed(page, tmp_path / "many.pdf"), "-layout")

    assert printed_rows(text, "many") == list(range(2, 5002))
    assert "Rows 1 to 5,000 of 5,000" in text
    for sheet in text.split("\f"):
        assert "What to fix, and how" in sheet or not printed_rows(sheet, "many")
    assert status(page) == "Rows 1 to 200 of 5,000"


@pytest.mark.needs_program("pdftotext")
def test_filtered_rows_are_printed_alone(shown, tmp_path):
    page = shown("many")
    page.select_option("#school", "School 7")

    text = read(printed(page, tmp_path / "some.pdf"), "-layout")

    assert printed_rows(text, "many") == list(range(9, 5002, 40))
    assert "as they were filtered" in text


@pytest.mark.needs_program("pdftotext")
@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("name", ["dirty", "clean", "since", "hostile", "several", "wide"])
def test_nothing_is_cut_off_on_paper(shown, tmp_path, name, paper):
    path = printed(shown(name), tmp_path / "page.pdf", paper)

    margin = 13 / 25.4 * 72
    sheets = read(path, "-bbox").split("<page ")[1:]
    assert sheets
    for sheet in sheets:
        width, height = (
            float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', sheet)[:2]
        )
        for box in re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', sheet):
            left, top, right, bottom = map(float, box)
            assert margin - 1 <= left <= right <= width - margin + 1
            assert 0 < top <= bottom < height


@pytest.mark.needs_program("pdftotext")
@pytest.mark.parametrize("name", ["since", "several", "hostile"])
def test_no_head_of_a_table_stands_alone_at_the_end_of_a_sheet(shown, tmp_path, name):
    path = printed(shown(name), tmp_path / "page.pdf")

    for sheet in read(path, "-layout").split("\f"):
        last = sheet.rstrip().rpartition("\n")[2]
        assert not re.search(r"Who can fix it +Rule$|All$|What to fix, and how$|Hidden rows$", last)

"""The report as a reader uses it: opened from disk, in Chromium, on a phone and on a desk."""

import re
from html import unescape
from pathlib import Path

import pytest
from site_pages import check_every_page, load_pictures, pages
from small_site import small_site
from sparsevae.report.build import build_site

WIDTHS = (390, 1024, 1600)


@pytest.fixture(scope="module")
def site(smoke) -> Path:
    return smoke.root / "results/smoke/report"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    build_site(small_site(folder), folder / "report", latex=False, report=print)
    return folder / "report"


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_whole_and_does_not_scroll_sideways(site, open_page, width, mode):
    """`open_page` fails where the console, a missing file or another host does."""
    assert {"index.html", "reproduction.html", "experiments-digits.html"} <= set(pages(site))
    page = open_page(
        site, "index.html", viewport={"width": width, "height": 900}, color_scheme=mode
    )
    check_every_page(page, site)


def test_dark_pages_are_dark_and_figures_stay_on_white(site, open_page):
    page = open_page(site, "experiments-digits.html", color_scheme="dark")
    colour = "e => getComputedStyle(e).backgroundColor"
    levels = re.findall(r"\d+", page.locator("body").evaluate(colour))
    assert max(map(int, levels[:3])) < 80
    assert page.locator(".figure-box").first.evaluate(colour) == "rgb(255, 255, 255)"


def test_every_link_within_the_site_leads_somewhere(site, open_page):
    page = open_page(site, "index.html")
    ids: dict[Path, set[str]] = {}
    for name in pages(site):
        page.goto((site / name).as_uri())
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        for link in {link for link in links if link.startswith("file:")}:
            file, _, fragment = link.removeprefix("file://").partition("#")
            target = Path(file.partition("?")[0])
            assert target.is_relative_to(site.resolve()), (name, link)
            assert target.exists(), (name, link)
            if fragment and target.suffix == ".html":
                if target not in ids:
                    ids[target] = set(
                        re.findall(r'\bid="([^"]+)"', unescape(target.read_text(encoding="utf-8")))
                    )
                assert fragment in ids[target], (name, link)


def test_a_reader_goes_from_the_first_page_to_the_last(site, open_page):
    page = open_page(site, "index.html", viewport={"width": 1024, "height": 900})
    titles = []
    while page.locator("a.next-page").count():
        load_pictures(page)
        page.goto(page.evaluate("document.querySelector('a.next-page').href"))
        titles.append(page.locator("h1").first.inner_text().rstrip("¶"))
    assert titles[:4] == [
        "Introduction",
        "The autoencoder",
        "The variational autoencoder",
        "Variational Sparse Coding",
    ]
    assert titles[-1] == "How to reproduce"


def test_a_search_finds_a_page(site, open_page):
    page = open_page(site, "index.html")
    page.goto(f"{(site / 'search.html').as_uri()}?q=warm-up")
    page.wait_for_selector("#search-results li")
    assert "Variational Sparse Coding" in page.locator("#search-results").inner_text()


def cells(page, column: str) -> list[str]:
    """What the rows that are shown have in a column of the scorecard."""
    table = page.locator("table[data-table=scorecard]")
    names = table.locator("th").evaluate_all("heads => heads.map(h => h.dataset.column)")
    rows = table.locator("tbody tr:visible")
    return rows.locator(f"td:nth-child({names.index(column) + 1})").all_inner_texts()


def head(page, column: str):
    return page.locator(f"table[data-table=scorecard] th[data-column={column}]")


def test_the_scorecard_is_sorted_by_value_with_empty_cells_last(small, open_page):
    page = open_page(small, "reproduction.html")
    button = head(page, "ours").locator("button")
    button.click()
    assert head(page, "ours").get_attribute("aria-sort") == "ascending"
    assert cells(page, "ours") == ["101.25", "120.75", ""]
    button.press("Enter")
    assert head(page, "ours").get_attribute("aria-sort") == "descending"
    assert cells(page, "ours") == ["120.75", "101.25", ""]
    head(page, "latent_dim").locator("button").click()
    assert cells(page, "latent_dim") == ["8", "9", "16"]
    assert head(page, "ours").get_attribute("aria-sort") == "none"


def test_the_scorecard_is_filtered_by_words_and_by_choice(small, open_page):
    page = open_page(small, "reproduction.html")
    table = page.locator(".data-table[data-name=scorecard]")
    assert table.locator("output").inner_text() == "3 of 3 rows"
    table.get_by_label("contains").fill("mnist")
    assert cells(page, "verdict") == ["better", "worse"]
    assert table.locator("output").inner_text() == "2 of 3 rows"
    table.get_by_label("verdict").select_option(label="worse")
    assert cells(page, "verdict") == ["worse"]
    table.get_by_label("contains").fill("celeba")
    assert cells(page, "verdict") == []
    table.get_by_label("verdict").select_option(label="all")
    assert cells(page, "verdict") == ["missing"]


def test_the_real_scorecard_is_filtered_by_dataset(site, smoke, open_page):
    page = open_page(site, "reproduction.html")
    table = page.locator(".data-table[data-name=scorecard]")
    table.get_by_label("dataset").select_option(label="uci_har")
    shown = cells(page, "dataset")
    lines = (smoke.root / "results/smoke/tables/scorecard.csv").read_text().splitlines()
    assert set(shown) == {"uci_har"}
    assert len(shown) == sum(",uci_har," in line for line in lines)


def test_a_long_note_opens(small, open_page):
    page = open_page(small, "reproduction.html")
    note = page.locator("td.long details").first
    assert not note.locator("p").is_visible()
    note.locator("summary").click()
    assert note.locator("p").is_visible()


def test_a_formula_unfolds_into_its_function(small, open_page):
    page = open_page(small, "vsc.html")
    computed = page.locator("details.computed", has_text="SpikeSlab.kl_per_latent")
    code = computed.locator("pre", has_text="def kl_per_latent")
    assert not code.is_visible()
    computed.locator("summary").click()
    assert code.is_visible()


def test_names_of_a_config_run_no_script(tmp_path, open_page):
    names = ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>')
    inputs = small_site(tmp_path, models=names)
    build_site(inputs, tmp_path / "report", latex=False, report=print)
    page = open_page(tmp_path / "report", "index.html")
    page.on("dialog", lambda dialog: pytest.fail(f"{page.url} ran a script: {dialog.message}"))
    for name in pages(tmp_path / "report"):
        page.goto((tmp_path / "report" / name).as_uri())
        assert page.locator("article script").count() == 0, name
        assert page.locator("img[src=x]").count() == 0, name
    page.goto((tmp_path / "report/experiments.html").as_uri())
    assert names[0] in page.locator("article").inner_text()

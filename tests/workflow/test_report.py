"""The report that the smoke study's rule built, and Snakemake's own."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY, SMOKE
from site_numbers import read_site, shown_value, value_of


@pytest.fixture(scope="module")
def results(smoke) -> Path:
    return smoke.root / "results/smoke"


def test_the_numbers_of_the_site_are_those_of_the_tables(results):
    stated, tables = read_site(results / "report")
    assert len(stated) > 200
    for number in stated:
        value = value_of(number, results / "tables")
        shown, error = shown_value(number.shown)
        assert abs(shown - value) <= error * 1.0001, number
    for page, name, _, rows in tables:
        lines = (results / f"tables/{name}.csv").read_text().count("\n") - 1
        assert len(rows) == min(lines, 600), (page, name)


def test_the_site_has_every_table_and_figure_of_the_study(results):
    site = results / "report"
    for part in ("tables", "figures"):
        ours = {f.relative_to(results): f.read_bytes() for f in (results / part).rglob("*.*")}
        theirs = {f.relative_to(site): f.read_bytes() for f in (site / part).rglob("*.*")}
        assert ours == theirs
    pages = "".join(page.read_text() for page in site.glob("*.html"))
    for figure in (results / "figures").rglob("*.png"):
        assert f'src="{figure.relative_to(results).as_posix()}"' in pages.replace("&#95;", "_")


def test_every_number_in_a_caption_is_marked_as_the_tables(results):
    """Numbers with decimals are results: none is typed into a page of Experiments."""
    page = (results / "report/experiments-digits.html").read_text()
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    assert len(captions) == len(list((results / "figures/digits").glob("*.png")))
    for caption in captions:
        plain = re.sub(r"<data .*?</data>|<[^>]*>", "", caption)
        numbers = re.findall(r"\d+\.\d+%?", plain)
        # Thresholds of a definition, and the number that presence alone is worth.
        assert set(numbers) <= {"0.07", "0.68", "0.667", "0.5"}, plain


def test_a_changed_page_builds_the_report_alone(smoke):
    file = smoke.root / "workflow/pages/vae.md"
    content, stat = file.read_bytes(), file.stat()
    file.write_bytes(content + b"\nOne more line.\n")
    try:
        assert smoke.planned(*SMOKE) == {"report": 1}
    finally:
        file.write_bytes(content)
        import os

        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert smoke.planned(*SMOKE) == {}


def test_snakemakes_own_report_has_every_table_and_figure(smoke, results, tmp_path):
    """With captions, categories and labels."""
    done = smoke.snakemake(*SMOKE, "--report", str(tmp_path / "report.html"))
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "report.html").read_text()
    found = json.loads(re.search(r"var results = (\{.*?\});?\n", page, re.DOTALL).group(1))
    by_name = {Path(entry["name"]).name: entry for entry in found.values()}
    for file in [*results.glob("tables/*.csv"), *results.glob("figures/**/*.png")]:
        assert by_name[file.name]["caption"].strip(), file
        assert by_name[file.name]["labels"], file
    caption = by_name["class_activations.png"]["caption"]
    assert 'each class of <tt class="docutils literal">digits</tt> (test set, 4' in caption


def test_the_picture_of_the_rules_is_that_of_the_quick_study():
    """`make pictures` draws it; a rule that is new, renamed or gone is missed here."""
    arguments = ["--rulegraph", "--configfile", "config/config.yaml"]
    command = [str(REPOSITORY / ".venv/bin/snakemake"), "--cores", "1", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    wanted = sorted(set(re.findall(r'label *= *"(\w+)"', done.stdout)))
    svg = (REPOSITORY / "workflow/pages/static/rulegraph.svg").read_text()
    drawn = sorted(set(re.findall(r"<text[^>]*>(\w+)</text>", svg)))
    assert drawn == wanted


def test_the_config_on_the_page_is_the_study(results):
    page = (results / "report/how_to_reproduce.html").read_text()
    [block] = re.findall(r'<div class="highlight-yaml.*?<pre[^>]*>(.*?)</pre>', page, re.DOTALL)
    shown = yaml.safe_load(re.sub("<[^>]+>", "", block))
    assert shown["study"] == "smoke"
    assert set(shown["models"]) == {"ae", "vae", "vsc", "vsc-wu"}
    assert "smiley" not in shown["datasets"]

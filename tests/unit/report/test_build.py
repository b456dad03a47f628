"""The site, built from a few numbers."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from site_numbers import read_csv, read_site, shown_value, value_of
from small_site import small_site
from sparsevae.jobs.errors import SiteError
from sparsevae.report import build
from sparsevae.report.pages import Inputs, Pages
from sparsevae.report.sphinx_run import run_sphinx

HOSTILE = ("<script>alert(1)</script>", "*x*|y`z`")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Inputs:
    return small_site(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def site(inputs, tmp_path_factory) -> Path:
    return built(inputs, tmp_path_factory.mktemp("site"))


def built(inputs: Inputs, folder: Path) -> Path:
    build.build_site(inputs, folder / "report", latex=False, report=print)
    return folder / "report"


def test_every_stated_number_is_the_tables(site):
    stated, _ = read_site(site)
    assert len(stated) > 50
    for number in stated:
        value = value_of(number, site / "tables")
        shown, error = shown_value(number.shown)
        assert abs(shown - value) <= error * 1.0001, number


def test_every_table_on_a_page_has_its_csvs_cells(site):
    _, tables = read_site(site)
    assert {name for _, name, _, _ in tables} == {
        *("summary", "metrics", "probes", "class_cosines", "scorecard", "claims"),
        *("selection", "references"),
    }
    for page, name, columns, rows in tables:
        expected = read_csv(site / "tables" / f"{name}.csv")
        seen = [tuple(cell["value"] or cell["text"] for cell in row) for row in rows]
        wanted = [tuple(row[column] for column in columns) for row in expected]
        assert len(seen) == len(wanted), (page, name)
        for row in wanted:
            assert any(all(map(same, row, other)) for other in seen), (page, name, row)


def test_the_first_table_of_the_experiments_has_few_columns(site):
    _, tables = read_site(site)
    columns = {page: columns for page, name, columns, _ in tables if name == "summary"}
    assert columns["experiments.html"][:5] == [
        "dataset",
        "model",
        "latent_dim",
        "seeds",
        "elbo_mean",
    ]
    assert "reconstruction_mean" not in columns["experiments.html"]
    assert "reconstruction_mean" in columns["tables.html"]


def same(cell: str, shown: str) -> bool:
    try:
        return float(cell) == float(shown)
    except ValueError:
        # A long note has its beginning before it, which is shown while it is closed.
        return cell.strip() == shown or (len(cell) > 60 and shown.endswith(cell.strip()))


def test_the_importance_weighted_bound_stands_beside_the_elbo_of_the_same_images(site):
    text = re.sub("<[^>]+>", "", (site / "vae.html").read_text(encoding="utf-8"))
    sentences = re.split(r"(?<=\.)\s", " ".join(text.split()))
    after = [s.startswith("The importance-weighted bound with") for s in sentences].index(True) + 1
    assert sentences[after].startswith("The ELBO of the same images: ")


def test_a_keyboard_reaches_what_scrolls_and_headings_of_the_menu_have_a_level(site):
    pages = [page.read_text(encoding="utf-8") for page in sorted(site.glob("*.html"))]
    boxes = [
        tag for page in pages for tag in re.findall(r"<pre[^>]*>|<div[^>]*table-wrapper", page)
    ]
    headings = [tag for page in pages for tag in re.findall(r'<p[^>]*role="heading"[^>]*>', page)]
    assert len(boxes) > 10
    assert [tag for tag in boxes if 'tabindex="0"' not in tag] == []
    assert len(headings) > len(pages)
    assert [tag for tag in headings if 'aria-level="2"' not in tag] == []


def test_formulas_have_the_functions_that_compute_them_below(site):
    found = computed_below(site / "vsc.html")
    assert len(found) > 10
    for names, blocks in found:
        assert len(names) == len(blocks)
        for name, block in zip(names, blocks, strict=True):
            assert re.search(rf"(def|class) {name.split('.')[-1]}\b", block), name


def computed_below(page: Path) -> list[tuple[list[str], list[str]]]:
    """For each formula the names of its functions, and the code of each as text."""
    parts = re.findall(
        r'<details class="computed">\s*<summary>(.*?)</summary>(.*?)</details>',
        page.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    code = [re.findall(r"<pre[^>]*>(.*?)</pre>", blocks, re.DOTALL) for _, blocks in parts]
    return [
        (
            re.findall(r"<code>([^<]+)</code>", unescape(summary))[:-1],
            [re.sub("<[^>]+>", "", block) for block in blocks],
        )
        for (summary, _), blocks in zip(parts, code, strict=True)
    ]


def test_the_search_does_not_look_into_code(site):
    """A reader who searches for a word wants sentences."""
    assert "uniform_lik" not in (site / "searchindex.js").read_text(encoding="utf-8")


def test_formulas_are_mathml_and_no_page_loads_an_engine(site):
    assert "<math" in (site / "vae.html").read_text(encoding="utf-8")
    for page in site.rglob("*.html"):
        scripts = re.findall(r"<script[^>]*src=\"([^\"]*)\"", page.read_text(encoding="utf-8"))
        assert all(not re.match("https?:|//", script) for script in scripts), page


def test_two_builds_are_the_same_bytes(inputs, site, tmp_path):
    other = built(inputs, tmp_path)
    files = {file.relative_to(site) for file in site.rglob("*") if file.is_file()}
    assert files == {file.relative_to(other) for file in other.rglob("*") if file.is_file()}
    assert [f for f in files if (site / f).read_bytes() != (other / f).read_bytes()] == []


def test_pages_of_the_pdf_have_no_html_and_are_without_warnings(inputs, tmp_path):
    """Sphinx's LaTeX; whether TeX sets it is up to the machine."""
    pages = tmp_path / "pages"
    pages.mkdir()
    Pages(inputs, pages, "latex").write()
    for page in pages.glob("*.md"):
        content = page.read_text(encoding="utf-8")
        assert not re.search(r"<(data|details|figure|ul|div|a)\b", content), page.name
    assert "\N{EN DASH}1.06" in (pages / "experiments.md").read_text(encoding="utf-8")
    run_sphinx("latex", inputs.title, inputs.templates, pages, tmp_path / "out")
    tex = (tmp_path / "out/report.tex").read_text(encoding="utf-8")
    assert "Computed by" in tex
    assert "bound_vs_latent_dim" in tex


def test_times_are_on_one_page_only(inputs, site, tmp_path):
    """So that all others are the same bytes from run to run."""
    (tmp_path / "benchmarks/figures").mkdir(parents=True)
    (tmp_path / "benchmarks/figures/x.tsv").write_text(
        "s\tmax_rss\tcpu_time\n12345\t1\t1\n", encoding="utf-8"
    )
    other = built(replace(inputs, benchmarks=tmp_path / "benchmarks"), tmp_path)
    files = [file.relative_to(site) for file in site.rglob("*") if file.is_file()]
    differ = [str(f) for f in files if (site / f).read_bytes() != (other / f).read_bytes()]
    assert differ == ["how_to_reproduce.html"]


def test_names_are_text_whatever_is_in_them(tmp_path):
    inputs = small_site(tmp_path, models=HOSTILE, dataset="<img src=x onerror=alert(2)>")
    site = built(inputs, tmp_path / "out")
    for page in site.glob("*.html"):
        content = page.read_text(encoding="utf-8")
        assert "<script>alert" not in content, page
        assert "<img src=x" not in content, page
    experiments = (site / "experiments.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in experiments.replace("&#40;", "(")
    assert "<em>x</em>" not in experiments


def test_what_a_study_lacks_is_said(tmp_path):
    inputs = small_site(tmp_path, figures=())
    site = built(inputs, tmp_path / "out")
    assert "makes no figure of digits" in (site / "experiments-digits.html").read_text(
        encoding="utf-8"
    )
    assert "makes no figure of the scorecard" in (site / "reproduction.html").read_text(
        encoding="utf-8"
    )
    of_digits = (site / "experiments-digits.html").read_text(encoding="utf-8")
    assert "pseudo inputs: a model with pseudo-inputs" in of_digits
    assert "has no explorer" in (site / "explorer.html").read_text(encoding="utf-8")
    assert "No model of this study has warm-up" in (site / "vsc.html").read_text(encoding="utf-8")
    assert "no PDF: LaTeX (latexmk) was not found" in (site / "how_to_reproduce.html").read_text(
        encoding="utf-8"
    )


def test_a_warning_of_sphinx_ends_the_build_and_leaves_the_old_site(inputs, tmp_path):
    site = built(inputs, tmp_path)
    templates = tmp_path / "templates"
    shutil.copytree(inputs.templates, templates)
    (templates / "vae.md").write_text("# VAE\n\n[a page](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"^Sphinx \(html\): .*nowhere"):
        built(replace(inputs, templates=templates), tmp_path)
    assert "The bound" in (site / "vae.html").read_text(encoding="utf-8")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".report")] == []


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# x\n\n<< no_such_name >>\n", r"^workflow/pages/vae\.md: 'no_such_name' is undefined$"),
        ("# x\n\n<% if %>\n", r"^workflow/pages/vae\.md: "),
        (
            '# x\n\n<% call formula("models/vae.py", "Vae") %>\nx\n<% endcall %>\n',
            r"^Sphinx \(html\): .*'Vae' not found in include file.*code/models/vae\.py",
        ),
    ],
)
def test_a_page_that_names_what_is_not_there_is_one_line(inputs, tmp_path, page, message):
    templates = tmp_path / "templates"
    shutil.copytree(inputs.templates, templates)
    (templates / "vae.md").write_text(page, encoding="utf-8")
    with pytest.raises(SiteError, match=message):
        built(replace(inputs, templates=templates), tmp_path)


@pytest.mark.parametrize("names", [("nan", "1"), ("null", "inf")])
def test_names_that_pandas_takes_for_something_else_are_on_every_page(tmp_path, names):
    """The models of the tables, of the sentences and of the figures' captions."""
    site = built(small_site(tmp_path, models=names), tmp_path / "out")
    stated, tables = read_site(site)
    for number in stated:
        assert number.shown
        value_of(number, site / "tables")
    of = {json.loads(number.attributes["data-where"]).get("model") for number in stated}
    assert of - {None} == set(names)
    for page, name, columns, rows in tables:
        if "model" in columns and name not in ("scorecard", "class_cosines"):
            shown = {row[columns.index("model")]["text"] for row in rows}
            assert shown == set(names), (page, name)


UNDER_ANOTHER_LOCALE = """
import locale, sys
from pathlib import Path
from small_site import small_site
from sparsevae.report import build
assert locale.getencoding() != "UTF-8"
folder = Path(sys.argv[1])
build.build_site(small_site(folder), folder / "report", latex=False, report=print)
"""


def test_the_locale_does_not_matter(site, tmp_path):
    """The pages have dashes, quotation marks and Greek letters; this locale has only ASCII."""
    environment = os.environ | {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", UNDER_ANOTHER_LOCALE, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    for page in site.glob("*.html"):
        other = tmp_path / "report" / page.name
        assert other.read_bytes() == page.read_bytes(), page.name

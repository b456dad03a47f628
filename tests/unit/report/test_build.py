"""The site, built from a few numbers."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from site_numbers import read_csv, read_site, shown_value, value_of
from small_site import small_site
from sparsevae.jobs.errors import SiteError
from sparsevae.report import build
from sparsevae.report.pages import Inputs

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
        *("summary", "metrics", "probes", "class_cosines", "scorecard", "claims")
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


def test_formulas_lead_to_their_functions(site):
    links = re.findall(
        r'href="source/([\w.]+\.html)#line-(\d+)">([\w.]+)<', (site / "vsc.html").read_text()
    )
    assert len(links) > 15
    for page, line, name in links:
        source = (site / "source" / page).read_text()
        [row] = re.findall(rf'<span id="line-{line}">.*', source)
        assert name.split(".")[-1] in re.sub("<[^>]+>", "", row)


def test_formulas_are_mathml_and_no_page_loads_an_engine(site):
    assert "<math" in (site / "vae.html").read_text()
    for page in site.rglob("*.html"):
        scripts = re.findall(r"<script[^>]*src=\"([^\"]*)\"", page.read_text())
        assert all(not re.match("https?:|//", script) for script in scripts), page


def test_two_builds_are_the_same_bytes(inputs, site, tmp_path):
    other = built(inputs, tmp_path)
    files = {file.relative_to(site) for file in site.rglob("*") if file.is_file()}
    assert files == {file.relative_to(other) for file in other.rglob("*") if file.is_file()}
    assert [f for f in files if (site / f).read_bytes() != (other / f).read_bytes()] == []


def test_times_are_on_one_page_only(inputs, site, tmp_path):
    """So that all others are the same bytes from run to run."""
    (tmp_path / "benchmarks/figures").mkdir(parents=True)
    (tmp_path / "benchmarks/figures/x.tsv").write_text("s\tmax_rss\tcpu_time\n12345\t1\t1\n")
    other = built(replace(inputs, benchmarks=tmp_path / "benchmarks"), tmp_path)
    files = [file.relative_to(site) for file in site.rglob("*") if file.is_file()]
    differ = [str(f) for f in files if (site / f).read_bytes() != (other / f).read_bytes()]
    assert differ == ["how_to_reproduce.html"]


def test_names_are_text_whatever_is_in_them(tmp_path):
    inputs = small_site(tmp_path, models=HOSTILE, dataset="<img src=x onerror=alert(2)>")
    site = built(inputs, tmp_path / "out")
    for page in site.glob("*.html"):
        content = page.read_text()
        assert "<script>alert" not in content, page
        assert "<img src=x" not in content, page
    experiments = (site / "experiments.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in experiments.replace("&#40;", "(")
    assert "<em>x</em>" not in experiments


def test_what_a_study_lacks_is_said(tmp_path):
    inputs = small_site(tmp_path, figures=())
    site = built(inputs, tmp_path / "out")
    assert "makes no figure of digits" in (site / "experiments-digits.html").read_text()
    assert "makes no figure of the scorecard" in (site / "reproduction.html").read_text()
    of_digits = (site / "experiments-digits.html").read_text(encoding="utf-8")
    assert "needs a model with pseudo-inputs" in of_digits
    assert "has no explorer" in (site / "explorer.html").read_text()
    assert "No model of this study has warm-up" in (site / "vsc.html").read_text()
    assert "no PDF: LaTeX (latexmk) was not found" in (site / "how_to_reproduce.html").read_text()


def test_a_warning_of_sphinx_ends_the_build_and_leaves_the_old_site(inputs, tmp_path):
    site = built(inputs, tmp_path)
    templates = tmp_path / "templates"
    shutil.copytree(inputs.templates, templates)
    (templates / "vae.md").write_text("# VAE\n\n[a page](nowhere.md)\n")
    with pytest.raises(SiteError, match=r"^Sphinx \(html\): .*nowhere"):
        built(replace(inputs, templates=templates), tmp_path)
    assert "The bound" in (site / "vae.html").read_text()
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".report")] == []


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# x\n\n<< no_such_name >>\n", r"^workflow/pages/vae\.md: 'no_such_name' is undefined$"),
        ("# x\n\n<% if %>\n", r"^workflow/pages/vae\.md: "),
        (
            '# x\n\n<% call formula("models/vae.py", "Vae") %>\nx\n<% endcall %>\n',
            r"^models/vae\.py: ",
        ),
    ],
)
def test_a_page_that_names_what_is_not_there_is_one_line(inputs, tmp_path, page, message):
    templates = tmp_path / "templates"
    shutil.copytree(inputs.templates, templates)
    (templates / "vae.md").write_text(page)
    with pytest.raises(SiteError, match=message):
        built(replace(inputs, templates=templates), tmp_path)

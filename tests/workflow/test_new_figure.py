"""One new file and its name in a config: a figure with its rule, its captions and its place."""

import json
import os
import re
from pathlib import Path

import figure_reference
import pytest
from checkout import SMOKE, Checkout
from sparsevae.figures.catalogue import read_declarations

FOLDER = "workflow/scripts/sparsevae/figures"
MODULE = '''
"""Kullback-Leibler divergences, as a bar for each run."""

import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Table

FIGURE = Declaration(
    title="What codes cost",
    caption="KL of every run of ``{dataset}``, with {latent_dim} latents and fewer.",
    part="Sparsity",
    reads={"metrics": Table("metrics")},
    needs=(Need.PRIOR, Need.LATENT_SIZES),
    literature="nowhere",
    config_keys=("latent_dims",),
    numbers=(Numbers("kl", "nats", "Nats per sample"),),
)


def draw(metrics: pd.DataFrame) -> Figure:
    figure = Figure()
    figure.subplots().bar(range(len(metrics)), metrics["kl"].fillna(0))
    return figure
'''
STUDY = (*SMOKE, "mine.yaml")
RESULTS = "results/smoke"


@pytest.fixture(scope="module")
def study(smoke) -> Checkout:
    """The finished smoke study, with a figure more in its code and in its config."""
    (smoke.root / FOLDER / "cost_of_codes.py").write_text(MODULE, encoding="utf-8")
    config = "figures: [examples, cost_of_codes, scorecard, factor_correlations]\n"
    (smoke.root / "mine.yaml").write_text(config, encoding="utf-8")
    return smoke


@pytest.fixture(scope="module")
def results(study) -> Path:
    """Its results, with the figure in them."""
    assert study.planned(*STUDY) == {"plot_cost_of_codes": 1, "report": 1}
    done = study.snakemake(*STUDY)
    assert done.returncode == 0, done.stdout + done.stderr
    return study.root / RESULTS


def test_it_is_made_by_a_rule_of_its_own(results):
    assert (results / "figures/digits/cost_of_codes.png").read_bytes().startswith(b"\x89PNG")
    assert (results / "figures/digits/cost_of_codes.pdf").read_bytes().startswith(b"%PDF")
    assert (results / "logs/figures/digits/cost_of_codes.log").exists()


def test_the_report_has_it_with_its_title_its_caption_and_its_numbers(results):
    page = (results / "report/experiments-digits.html").read_text(encoding="utf-8")
    page = page.replace("&#95;", "_")
    assert 'src="figures/digits/cost_of_codes.png"' in page
    [caption] = [c for c in re.findall("(?s)<figcaption>.*?</figcaption>", page) if "cost" in c]
    plain = " ".join(re.sub("<[^>]+>", "", caption).split())
    assert "What codes cost. KL of every run of digits, with 4 latents and fewer." in plain
    assert re.search(r"Nats per sample with 4 latents: VAE \d", plain)
    assert "<li><p>factor correlations: known factors</p></li>" in page  # what the digits lack


def test_snakemakes_report_has_its_caption(study, results, tmp_path):
    done = study.snakemake(*STUDY, "--report", str(tmp_path / "report.html"))
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    found = json.loads(re.search(r"var results = (\{.*?\});?\n", page, re.DOTALL).group(1))
    [entry] = [e for e in found.values() if e["name"].endswith("cost_of_codes.png")]
    assert "with 4 latents and fewer" in entry["caption"]
    assert entry["labels"] == {"figure": "cost of codes"}


def test_the_page_of_all_figures_has_it(study):
    page = figure_reference.page(read_declarations(study.root / FOLDER))
    needs = "a model with a prior, more than one latent size"
    assert f"| `cost_of_codes` | {needs} | `latent_dims` | nowhere |" in page
    assert "`cost_of_codes`: KL of every run of `dataset`, with K latents and fewer." in page


def test_an_edit_of_it_redraws_it_alone(study, results):
    study.edit(f"{FOLDER}/cost_of_codes.py", "Figure()", "Figure(figsize=(3, 2))")
    try:
        assert study.planned(*STUDY) == {"plot_cost_of_codes": 1, "report": 1}
    finally:
        study.edit(f"{FOLDER}/cost_of_codes.py", "Figure(figsize=(3, 2))", "Figure()")
    assert study.planned(*STUDY) == {}


def test_one_that_is_declared_wrong_stops_the_study_in_one_line(study):
    file = study.root / FOLDER / "cost_of_codes.py"
    stat = file.stat()
    study.edit(f"{FOLDER}/cost_of_codes.py", '"Sparsity"', '"Costs"')
    try:
        result = study.parsed("--dry-run", *STUDY)
    finally:
        study.edit(f"{FOLDER}/cost_of_codes.py", '"Costs"', '"Sparsity"')
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert result.returncode == 1
    lines = [line for line in (result.stdout + result.stderr).splitlines() if "Error" in line]
    assert len(lines) == 1
    assert lines[0].startswith(
        "FigureError: figures/cost_of_codes.py: FIGURE: part: 'Costs' is not"
    )

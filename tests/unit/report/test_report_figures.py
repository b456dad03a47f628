"""What is said below a figure follows from its declaration."""

from dataclasses import replace

import pytest
from small_site import filled, small_site
from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import Declaration, Numbers
from sparsevae.figures.reads import Table
from sparsevae.report import build, figures
from sparsevae.report.figures import NO_NUMBERS, Figures, statement
from sparsevae.report.pages import Inputs
from sparsevae.report.statements import Results
from sparsevae.report.study_page import GridPage
from sparsevae.report.tables import Tables

MINE = Declaration(
    title="Mine",
    caption="Of ``{dataset}`` with {latent_dim} latents.",
    part="Sparsity",
    reads={"metrics": Table("metrics")},
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Inputs:
    return small_site(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def results(inputs) -> Results:
    return Results(inputs.study, Tables(inputs.tables))


def caption(inputs: Inputs, results: Results, name: str, grid: GridPage | None) -> str:
    numbered = replace(results.study, figures=("scorecard", name))
    of_grid = [replace(of, figures=(*of.figures, name)) for of in results.study.grids]
    study = replace(numbered, grids=tuple(of_grid))
    made = Figures(Results(study, results.tables), inputs.figures, inputs.captions)
    return filled(made.get(name, grid).caption)


def test_a_caption_is_the_declared_one_then_the_numbers_of_the_tables(inputs, results, monkeypatch):
    grid, mine = results.study.grids[0], dict(declarations())
    monkeypatch.setattr(figures, "declarations", lambda: mine)
    mine["mine"] = MINE
    assert caption(inputs, results, "mine", grid) == f"Of `digits` with 4 latents.\n\n{NO_NUMBERS}"
    # tests/small_site.py: ELBOs of -n - 0.0625 with deviations of 0.5 + n + 0.0625.
    declared = replace(MINE, numbers=(Numbers("elbo", "nats", "ELBO in nats"),))
    mine["mine"] = declared
    assert caption(inputs, results, "mine", grid).endswith(
        "ELBO in nats with 4 latents: VAE −2.06 ± 2.56 and VSC −4.06 ± 4.56."
    )


def test_a_dataset_is_named_as_code_whatever_its_name(inputs, results, monkeypatch):
    monkeypatch.setattr(figures, "declarations", lambda: declarations() | {"mine": MINE})
    study = replace(results.study, figures=())
    grid = replace(study.grids[0], dataset="fashion_`mnist", figures=("mine",))
    made = Figures(
        Results(replace(study, grids=(grid,)), results.tables), inputs.figures, inputs.captions
    )
    said = filled(made.get("mine", grid).caption)
    assert said.startswith("Of ``fashion_`mnist`` with 4 latents.")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("two_latents", "KL with 2 latents: VAE −1.19 ± 1.69 and VSC −3.19 ± 3.69."),
        (
            "smallest_and_largest",
            "KL: with 2 latents VAE −1.19 ± 1.69 and VSC −3.19 ± 3.69; "
            "with 4 latents VAE −2.19 ± 2.69 and VSC −4.19 ± 4.69.",
        ),
        ("best_size", "KL, each at its best latent size: VAE −1.19 at 2 and VSC −3.19 at 2."),
    ],
)
def test_numbers_are_of_the_latent_sizes_that_they_name(at, sentence, results):
    stated = statement(Numbers("kl", "nats", "KL", at))(results, results.study.grids[0])
    assert filled(stated) == sentence


@pytest.mark.parametrize("name", sorted(declarations()))
def test_every_figure_has_a_text(name, inputs, results):
    of_dataset = declarations()[name].per == "dataset"
    assert caption(inputs, results, name, results.study.grids[0] if of_dataset else None)


def test_a_figure_of_the_study_has_its_place_whatever_its_part(inputs, tmp_path, monkeypatch):
    every = declarations() | {"mine": replace(MINE, per="study", caption="Of all of it.")}
    monkeypatch.setattr(figures, "declarations", lambda: every)
    for suffix in (".png", ".pdf"):
        card = (inputs.figures / "scorecard").with_suffix(suffix)
        card.with_stem("mine").write_bytes(card.read_bytes())
    with_mine = replace(inputs, study=replace(inputs.study, figures=("scorecard", "mine")))
    build.build_site(with_mine, tmp_path / "report", latex=False, report=print)
    page = (tmp_path / "report/experiments.html").read_text(encoding="utf-8")
    assert 'src="figures/mine.png"' in page
    assert "Of all of it." in page
    assert "scorecard.png" in (tmp_path / "report/reproduction.html").read_text(encoding="utf-8")

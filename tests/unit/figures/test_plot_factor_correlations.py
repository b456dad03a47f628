"""Matrices: their cells are the table's, permuted as stated, and the paper's stand beside them."""

import numpy as np
import pandas as pd
from sparsevae.evaluation.disentanglement import summarise
from sparsevae.figures.factor_correlations import LARGEST, draw, matrix_of, permutation


def matrix(latents: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 0.6, (18, latents))


def table_of(values: np.ndarray) -> pd.DataFrame:
    """The same as factor_correlations.csv has it."""
    factor, latent = np.indices(values.shape).reshape(2, -1)
    return pd.DataFrame({"factor": factor, "latent": latent, "correlation": values.ravel()})


def test_used_latents_come_first_by_attribute_then_strength():
    values = np.zeros((18, 6))
    values[13:18, 0] = 0.5  # mouth
    values[0:4, 1] = 0.05  # bow tie, unused
    values[4:10, 2] = 0.2  # hat
    values[0:4, 3] = 0.3  # bow tie
    values[4:10, 4] = 0.4  # hat, stronger
    values[10:13, 5] = 0.06  # eyes, unused
    assert permutation(values).tolist() == [3, 4, 2, 0, 1, 5]


def test_cells_are_the_tables_values_in_that_order():
    values = matrix(20)
    table = table_of(values).sample(frac=1, random_state=0)
    np.testing.assert_array_equal(matrix_of(table), values)
    axes = draw({("vsc", 20): table}, {"vsc": "vsc"}, {}).axes[0]
    cells = axes.images[0].get_array()
    np.testing.assert_array_equal(cells, values[:, permutation(values)])
    assert axes.images[0].get_clim() == (0, LARGEST)


def test_titles_have_the_measures_of_the_table():
    values = matrix(20)
    measures = summarise(values)
    title = draw({("vsc", 20): table_of(values)}, {"vsc": "vsc"}, {}).axes[0].get_title()
    assert title == (
        f"20 latents, {measures['correlation_used']} used\n"
        f"own {measures['correlation_own']:.2f}, other {measures['correlation_other']:.2f}"
    )
    nothing = draw({("vsc", 2): table_of(np.zeros((18, 2)))}, {"vsc": "vsc"}, {})
    assert nothing.axes[0].get_title() == "2 latents, 0 used\nno latent used"


def test_models_go_down_sizes_across_and_the_papers_below_their_family():
    families = {"vae": "vae", "vsc": "vsc", "vsc-wu": "vsc"}
    runs = {(model, size): table_of(matrix(size)) for model in families for size in (60, 2)}
    published = {("vsc", 60): matrix(60, seed=1)}
    figure = draw(runs, families, published)
    panels = figure.axes[:-1]  # the last is the colour bar
    assert [axes.get_ylabel() for axes in panels[::2]] == [
        *("VAE", "VSC", "VSC-WU", "VSC,\npublished")
    ]
    assert [axes.get_title().split(" ")[0] for axes in panels[:2]] == ["2", "60"]
    assert panels[6].texts[0].get_text() == "not published"
    theirs = published["vsc", 60]
    np.testing.assert_array_equal(panels[7].images[0].get_array(), theirs[:, permutation(theirs)])
    names = [label.get_text() for label in panels[0].get_yticklabels()]
    assert names == ["bowtie", "hat", "eyes", "mouth"]

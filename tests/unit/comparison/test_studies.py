"""Two studies cell by cell."""

import numpy as np
import pandas as pd
import pytest
from sparsevae.comparison.studies import (
    COLUMNS,
    compare_studies,
    share_agreeing,
    shared_measures,
)


def study(seeds, value, sizes=(8, 16), models=("vae", "vsc")) -> pd.DataFrame:
    """metrics.csv; `value(model, size, seed)` is the ELBO of a run."""
    keys = [(model, size, seed) for model in models for size in sizes for seed in seeds]
    return pd.DataFrame(
        [
            {"dataset": "digits", "model": model, "latent_dim": size, "seed": seed}
            | {"elbo": value(model, size, seed), "elbo_standard_error": 0.1}
            for model, size, seed in keys
        ]
    )


def noisy(number):
    random = np.random.default_rng(number)
    return lambda *_: -100 + random.normal()


def test_a_study_agrees_with_itself():
    metrics = study((1, 2), noisy(1))
    table = compare_studies(metrics, metrics)
    assert list(table.columns) == COLUMNS
    assert table["verdict"].tolist() == ["agrees"] * 4
    assert (table["difference"] == 0).all()
    assert table["measure"].unique().tolist() == ["elbo"]


def test_equal_studies_agree_in_95_percent_of_cells():
    sizes = range(1, 301)
    ours, reference = (study((1, 2, 3), noisy(n), sizes, ["vae"]) for n in (1, 2))
    table = compare_studies(ours, reference)
    assert share_agreeing(table) == pytest.approx(0.95, abs=0.03)
    single = compare_studies(ours[ours["seed"] == 1], reference)
    assert share_agreeing(single) == pytest.approx(0.95, abs=0.03)


def test_a_difference_beyond_the_spread_differs_in_its_cells_alone():
    ours, other = study((1, 2, 3), noisy(1)), noisy(2)
    reference = study((1, 2, 3), lambda m, size, s: other() - 20 * (m == "vsc" and size == 16))
    table = compare_studies(ours, reference).set_index(["model", "latent_dim"])
    assert table["verdict"]["vsc", 16] == "differs"
    assert table["difference"]["vsc", 16] == pytest.approx(20, abs=4)
    assert (table["verdict"].drop(("vsc", 16)) == "agrees").all()


def test_the_spread_is_that_of_both_sides():
    ours = study((1, 2), lambda m, size, s: 10.0 + 2 * s, [8], ["vae"])
    reference = study((1, 2, 3), lambda m, size, s: float(s), [8], ["vae"])
    row = compare_studies(ours, reference).iloc[0]
    assert row["ours_sd"] == pytest.approx(2**0.5)
    assert row["reference_sd"] == 1
    assert row["difference_standard_error"] == pytest.approx((2 / 2 + 1 / 3) ** 0.5)
    assert (row["ours_seeds"], row["reference_seeds"]) == (2, 3)


def test_single_seeds_that_differ_are_undecided():
    ours, reference = study([1], noisy(1)), study([1], noisy(2))
    assert set(compare_studies(ours, reference)["verdict"]) == {"undecided"}


def test_cells_of_one_study_are_listed():
    ours = study((1, 2), noisy(1), models=["vae", "own"], sizes=[8])
    reference = study((1, 2), noisy(2), models=["vae"], sizes=[8, 40])
    table = compare_studies(ours, reference)
    found = table.set_index(["model", "latent_dim"])["verdict"].to_dict()
    assert found.pop(("vae", 8)) in ("agrees", "differs")
    assert found == {("own", 8): "only ours", ("vae", 40): "only reference"}


def test_measures_are_what_both_tables_have_but_standard_errors():
    ours = study([1], noisy(1)).assign(kl=1.0, machine="a")
    reference = study([1], noisy(1)).assign(iwae=2.0, machine="b")
    assert shared_measures(ours, reference) == ["elbo"]
